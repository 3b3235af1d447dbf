"""The first schema: every table of the river, its constraints, and the guards of what never changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

EXTRAS = {
    "sqlite": [
        "CREATE TRIGGER round_is_frozen_update BEFORE UPDATE ON round WHEN (NEW.closes_at <> OLD.closes_at OR NEW.opens_at <> OLD.opens_at OR NEW.definition <> OLD.definition) BEGIN SELECT RAISE(ABORT, 'round_is_frozen'); END",
        "CREATE TRIGGER extension_is_append_only_update BEFORE UPDATE ON extension BEGIN SELECT RAISE(ABORT, 'extension_is_append_only'); END",
        "CREATE TRIGGER extension_is_append_only_delete BEFORE DELETE ON extension BEGIN SELECT RAISE(ABORT, 'extension_is_append_only'); END",
        "CREATE TRIGGER past_membership_is_append_only_update BEFORE UPDATE ON past_membership BEGIN SELECT RAISE(ABORT, 'past_membership_is_append_only'); END",
        "CREATE TRIGGER past_membership_is_append_only_delete BEFORE DELETE ON past_membership BEGIN SELECT RAISE(ABORT, 'past_membership_is_append_only'); END",
        "CREATE TRIGGER submission_is_frozen_update BEFORE UPDATE ON submission BEGIN SELECT RAISE(ABORT, 'submission_is_frozen'); END",
        "CREATE TRIGGER submission_is_frozen_delete BEFORE DELETE ON submission BEGIN SELECT RAISE(ABORT, 'submission_is_frozen'); END",
        "CREATE TRIGGER submitted_partner_is_frozen_update BEFORE UPDATE ON submitted_partner BEGIN SELECT RAISE(ABORT, 'submitted_partner_is_frozen'); END",
        "CREATE TRIGGER submitted_partner_is_frozen_delete BEFORE DELETE ON submitted_partner BEGIN SELECT RAISE(ABORT, 'submitted_partner_is_frozen'); END",
        "CREATE TRIGGER kept_arrival_is_frozen_update BEFORE UPDATE ON kept_arrival BEGIN SELECT RAISE(ABORT, 'kept_arrival_is_frozen'); END",
        "CREATE TRIGGER kept_arrival_is_frozen_delete BEFORE DELETE ON kept_arrival BEGIN SELECT RAISE(ABORT, 'kept_arrival_is_frozen'); END",
        "CREATE TRIGGER entry_is_append_only_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entry_is_append_only'); END",
        "CREATE TRIGGER written_is_append_only_update BEFORE UPDATE ON written BEGIN SELECT RAISE(ABORT, 'written_is_append_only'); END",
        "CREATE TRIGGER log_leaf_is_append_only_update BEFORE UPDATE ON log_leaf BEGIN SELECT RAISE(ABORT, 'log_leaf_is_append_only'); END",
        "CREATE TRIGGER log_node_is_append_only_update BEFORE UPDATE ON log_node BEGIN SELECT RAISE(ABORT, 'log_node_is_append_only'); END",
        "CREATE TRIGGER log_head_is_append_only_update BEFORE UPDATE ON log_head BEGIN SELECT RAISE(ABORT, 'log_head_is_append_only'); END",
        "CREATE TRIGGER entry_is_append_only_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entry_is_append_only'); END",
        "CREATE TRIGGER written_is_append_only_delete BEFORE DELETE ON written BEGIN SELECT RAISE(ABORT, 'written_is_append_only'); END",
        "CREATE TRIGGER log_leaf_is_append_only_delete BEFORE DELETE ON log_leaf BEGIN SELECT RAISE(ABORT, 'log_leaf_is_append_only'); END",
        "CREATE TRIGGER log_node_is_append_only_delete BEFORE DELETE ON log_node BEGIN SELECT RAISE(ABORT, 'log_node_is_append_only'); END",
        "CREATE TRIGGER log_head_is_append_only_delete BEFORE DELETE ON log_head BEGIN SELECT RAISE(ABORT, 'log_head_is_append_only'); END",
        "CREATE TRIGGER payload_is_never_deleted_delete BEFORE DELETE ON payload BEGIN SELECT RAISE(ABORT, 'payload_is_never_deleted'); END",
        "CREATE TRIGGER payload_is_kept_or_destroyed_update BEFORE UPDATE ON payload WHEN (NEW.body IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.entry_id <> OLD.entry_id) BEGIN SELECT RAISE(ABORT, 'payload_is_kept_or_destroyed'); END",
        "CREATE TRIGGER one_mandate_per_region_insert BEFORE INSERT ON mandate WHEN (NOT NEW.is_test AND EXISTS (SELECT 1 FROM mandate m WHERE NOT m.is_test AND m.id <> coalesce(NEW.id, 0) AND m.region_id = NEW.region_id AND m.call_type_id = NEW.call_type_id AND m.slot = NEW.slot AND m.starts_on < coalesce(NEW.ended_early_on, date(NEW.ends_on, '+1 day')) AND NEW.starts_on < coalesce(m.ended_early_on, date(m.ends_on, '+1 day')))) BEGIN SELECT RAISE(ABORT, 'one_mandate_per_region'); END",
        "CREATE TRIGGER one_mandate_per_region_update BEFORE UPDATE ON mandate WHEN (NOT NEW.is_test AND EXISTS (SELECT 1 FROM mandate m WHERE NOT m.is_test AND m.id <> coalesce(NEW.id, 0) AND m.region_id = NEW.region_id AND m.call_type_id = NEW.call_type_id AND m.slot = NEW.slot AND m.starts_on < coalesce(NEW.ended_early_on, date(NEW.ends_on, '+1 day')) AND NEW.starts_on < coalesce(m.ended_early_on, date(m.ends_on, '+1 day')))) BEGIN SELECT RAISE(ABORT, 'one_mandate_per_region'); END",
        "CREATE TRIGGER mandate_is_never_deleted_delete BEFORE DELETE ON mandate BEGIN SELECT RAISE(ABORT, 'mandate_is_never_deleted'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER round_is_frozen_update BEFORE UPDATE ON round FOR EACH ROW WHEN (NEW.closes_at <> OLD.closes_at OR NEW.opens_at <> OLD.opens_at OR NEW.definition <> OLD.definition) EXECUTE FUNCTION refuse_change('round_is_frozen')",
        "CREATE TRIGGER extension_is_append_only_update BEFORE UPDATE ON extension FOR EACH ROW EXECUTE FUNCTION refuse_change('extension_is_append_only')",
        "CREATE TRIGGER extension_is_append_only_delete BEFORE DELETE ON extension FOR EACH ROW EXECUTE FUNCTION refuse_change('extension_is_append_only')",
        "CREATE TRIGGER extension_is_append_only_truncate BEFORE TRUNCATE ON extension FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('extension_is_append_only')",
        "CREATE TRIGGER past_membership_is_append_only_update BEFORE UPDATE ON past_membership FOR EACH ROW EXECUTE FUNCTION refuse_change('past_membership_is_append_only')",
        "CREATE TRIGGER past_membership_is_append_only_delete BEFORE DELETE ON past_membership FOR EACH ROW EXECUTE FUNCTION refuse_change('past_membership_is_append_only')",
        "CREATE TRIGGER past_membership_is_append_only_truncate BEFORE TRUNCATE ON past_membership FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('past_membership_is_append_only')",
        "CREATE TRIGGER submission_is_frozen_update BEFORE UPDATE ON submission FOR EACH ROW EXECUTE FUNCTION refuse_change('submission_is_frozen')",
        "CREATE TRIGGER submission_is_frozen_delete BEFORE DELETE ON submission FOR EACH ROW EXECUTE FUNCTION refuse_change('submission_is_frozen')",
        "CREATE TRIGGER submission_is_frozen_truncate BEFORE TRUNCATE ON submission FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('submission_is_frozen')",
        "CREATE TRIGGER submitted_partner_is_frozen_update BEFORE UPDATE ON submitted_partner FOR EACH ROW EXECUTE FUNCTION refuse_change('submitted_partner_is_frozen')",
        "CREATE TRIGGER submitted_partner_is_frozen_delete BEFORE DELETE ON submitted_partner FOR EACH ROW EXECUTE FUNCTION refuse_change('submitted_partner_is_frozen')",
        "CREATE TRIGGER submitted_partner_is_frozen_truncate BEFORE TRUNCATE ON submitted_partner FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('submitted_partner_is_frozen')",
        "CREATE TRIGGER kept_arrival_is_frozen_update BEFORE UPDATE ON kept_arrival FOR EACH ROW EXECUTE FUNCTION refuse_change('kept_arrival_is_frozen')",
        "CREATE TRIGGER kept_arrival_is_frozen_delete BEFORE DELETE ON kept_arrival FOR EACH ROW EXECUTE FUNCTION refuse_change('kept_arrival_is_frozen')",
        "CREATE TRIGGER kept_arrival_is_frozen_truncate BEFORE TRUNCATE ON kept_arrival FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('kept_arrival_is_frozen')",
        "CREATE TRIGGER entry_is_append_only_update BEFORE UPDATE ON entry FOR EACH ROW EXECUTE FUNCTION refuse_change('entry_is_append_only')",
        "CREATE TRIGGER written_is_append_only_update BEFORE UPDATE ON written FOR EACH ROW EXECUTE FUNCTION refuse_change('written_is_append_only')",
        "CREATE TRIGGER log_leaf_is_append_only_update BEFORE UPDATE ON log_leaf FOR EACH ROW EXECUTE FUNCTION refuse_change('log_leaf_is_append_only')",
        "CREATE TRIGGER log_node_is_append_only_update BEFORE UPDATE ON log_node FOR EACH ROW EXECUTE FUNCTION refuse_change('log_node_is_append_only')",
        "CREATE TRIGGER log_head_is_append_only_update BEFORE UPDATE ON log_head FOR EACH ROW EXECUTE FUNCTION refuse_change('log_head_is_append_only')",
        "CREATE TRIGGER entry_is_append_only_delete BEFORE DELETE ON entry FOR EACH ROW EXECUTE FUNCTION refuse_change('entry_is_append_only')",
        "CREATE TRIGGER entry_is_append_only_truncate BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('entry_is_append_only')",
        "CREATE TRIGGER written_is_append_only_delete BEFORE DELETE ON written FOR EACH ROW EXECUTE FUNCTION refuse_change('written_is_append_only')",
        "CREATE TRIGGER written_is_append_only_truncate BEFORE TRUNCATE ON written FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('written_is_append_only')",
        "CREATE TRIGGER log_leaf_is_append_only_delete BEFORE DELETE ON log_leaf FOR EACH ROW EXECUTE FUNCTION refuse_change('log_leaf_is_append_only')",
        "CREATE TRIGGER log_leaf_is_append_only_truncate BEFORE TRUNCATE ON log_leaf FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('log_leaf_is_append_only')",
        "CREATE TRIGGER log_node_is_append_only_delete BEFORE DELETE ON log_node FOR EACH ROW EXECUTE FUNCTION refuse_change('log_node_is_append_only')",
        "CREATE TRIGGER log_node_is_append_only_truncate BEFORE TRUNCATE ON log_node FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('log_node_is_append_only')",
        "CREATE TRIGGER log_head_is_append_only_delete BEFORE DELETE ON log_head FOR EACH ROW EXECUTE FUNCTION refuse_change('log_head_is_append_only')",
        "CREATE TRIGGER log_head_is_append_only_truncate BEFORE TRUNCATE ON log_head FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('log_head_is_append_only')",
        "CREATE TRIGGER payload_is_never_deleted_delete BEFORE DELETE ON payload FOR EACH ROW EXECUTE FUNCTION refuse_change('payload_is_never_deleted')",
        "CREATE TRIGGER payload_is_never_deleted_truncate BEFORE TRUNCATE ON payload FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('payload_is_never_deleted')",
        "CREATE TRIGGER payload_is_kept_or_destroyed_update BEFORE UPDATE ON payload FOR EACH ROW WHEN (NEW.body IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.entry_id <> OLD.entry_id) EXECUTE FUNCTION refuse_change('payload_is_kept_or_destroyed')",
        "ALTER TABLE mandate ADD CONSTRAINT one_mandate_per_region EXCLUDE USING gist (int4range(region_id, region_id, '[]') WITH &&, int4range(call_type_id, call_type_id, '[]') WITH &&, int4range(slot, slot, '[]') WITH &&, daterange(starts_on, greatest(starts_on, coalesce(ended_early_on, ends_on + 1))) WITH &&) WHERE (NOT is_test)",
        "CREATE TRIGGER mandate_is_never_deleted_delete BEFORE DELETE ON mandate FOR EACH ROW EXECUTE FUNCTION refuse_change('mandate_is_never_deleted')",
        "CREATE TRIGGER mandate_is_never_deleted_truncate BEFORE TRUNCATE ON mandate FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('mandate_is_never_deleted')",
    ],
}


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "call_type",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_type")),
        sa.UniqueConstraint("key", name=op.f("uq_call_type_key")),
    )
    op.create_table(
        "chain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_kind", sa.String(length=20), nullable=False),
        sa.Column("file_key", sa.String(length=120), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain")),
        sa.UniqueConstraint("file_kind", "file_key", name=op.f("uq_chain_file_kind_file_key")),
    )
    op.create_table(
        "demo_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offset_us", sa.BigInteger(), nullable=False),
        sa.Column("standing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("story_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("there_is_one_clock")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_clock")),
    )
    op.create_table(
        "failures",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_failures")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "owed",
                "leased",
                "done",
                "failed",
                name="job_state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_state"), "job", ["state"], unique=False)
    op.create_table(
        "log_head",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_head")),
    )
    op.create_table(
        "log_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("pk_log_node")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("merged_on", sa.Date(), nullable=True),
        sa.CheckConstraint("length(number) = 10", name=op.f("number_has_ten_digits")),
        sa.CheckConstraint("merged_into_id <> id", name=op.f("merged_into_another")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["organisation.id"], name=op.f("fk_organisation_merged_into_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("number", name=op.f("uq_organisation_number")),
    )
    op.create_index(op.f("ix_organisation_merged_into_id"), "organisation", ["merged_into_id"], unique=False)
    op.create_table(
        "region",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("key", name=op.f("uq_region_key")),
    )
    op.create_table(
        "authenticator",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.String(length=300), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_authenticator_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_authenticator")),
    )
    op.create_table(
        "call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("call_type_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "published",
                "cancelled",
                name="call_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["call_type_id"], ["call_type.id"], name=op.f("fk_call_call_type_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("slug", name=op.f("uq_call_slug")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain_id", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("owed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "owed",
                "leased",
                "done",
                "failed",
                name="delivery_state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["chain_id"], ["chain.id"], name=op.f("fk_delivery_chain_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("key", name=op.f("uq_delivery_key")),
    )
    op.create_index(op.f("ix_delivery_address"), "delivery", ["address"], unique=False)
    op.create_index(op.f("ix_delivery_chain_id"), "delivery", ["chain_id"], unique=False)
    op.create_index(op.f("ix_delivery_state"), "delivery", ["state"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("schema", sa.String(length=80), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "inspected",
            sa.Enum(
                "received",
                "readable",
                "unread",
                "refused",
                name="document_inspected",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "place",
            sa.Enum(
                "attached",
                "replaced",
                "withdrawn",
                "archived",
                name="document_place",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_from", sa.Integer(), nullable=True),
        sa.CheckConstraint("size >= 0", name=op.f("size_is_not_negative")),
        sa.ForeignKeyConstraint(["received_from"], ["account.id"], name=op.f("fk_document_received_from")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_document_storage_key")),
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.String(length=32), nullable=False),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("payload_digest", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["chain_id"], ["chain.id"], name=op.f("fk_entry_chain_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("chain_id", "number", name=op.f("uq_entry_chain_id_number")),
    )
    op.create_index(op.f("ix_entry_act_id"), "entry", ["act_id"], unique=False)
    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_identity_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identity_issuer_subject")),
    )
    op.create_index(op.f("ix_identity_account_id"), "identity", ["account_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("manager", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_membership_account_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "account_id", "organisation_id", name=op.f("uq_membership_account_id_organisation_id")
        ),
    )
    op.create_index(op.f("ix_membership_organisation_id"), "membership", ["organisation_id"], unique=False)
    op.create_table(
        "membership_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "asked",
                "admitted",
                "refused",
                "withdrawn",
                name="membership_request_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_membership_request_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_request")),
    )
    op.create_index(op.f("ix_membership_request_number"), "membership_request", ["number"], unique=False)
    op.create_index(
        "one_open_request_per_organisation",
        "membership_request",
        ["account_id", "number"],
        unique=True,
        sqlite_where=sa.text("status = 'asked'"),
        postgresql_where=sa.text("status = 'asked'"),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_passkey_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
    )
    op.create_index(op.f("ix_passkey_account_id"), "passkey", ["account_id"], unique=False)
    op.create_table(
        "past_membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_past_membership_account_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_past_membership_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_membership")),
    )
    op.create_index(op.f("ix_past_membership_account_id"), "past_membership", ["account_id"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "confirmed",
                "withdrawn",
                name="proposal_state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["confirmed_by"], ["account.id"], name=op.f("fk_proposal_confirmed_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["account.id"], name=op.f("fk_proposal_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("account_id", "digest", name=op.f("uq_recovery_code_account_id_digest")),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "visitor",
                "member",
                "applicant",
                "reviewer",
                "administrator",
                "cosigner",
                "auditor",
                "system",
                name="grant_role",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("regions", sa.JSON(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id")),
        sa.ForeignKeyConstraint(["given_by"], ["account.id"], name=op.f("fk_role_grant_given_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint("account_id", "role", name=op.f("uq_role_grant_account_id_role")),
    )
    op.create_table(
        "shared_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_shared_page_account_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["account.id"], name=op.f("fk_shared_page_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_page")),
        sa.UniqueConstraint("digest", name=op.f("uq_shared_page_digest")),
    )
    op.create_index(op.f("ix_shared_page_account_id"), "shared_page", ["account_id"], unique=False)
    op.create_table(
        "tie",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_tie_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tie")),
    )
    op.create_index(
        "one_standing_tie_per_organisation",
        "tie",
        ["account_id", "number"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "log_leaf",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_log_leaf_entry_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_leaf")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_log_leaf_entry_id")),
    )
    op.create_table(
        "mailed_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "enrol",
                "reset",
                "address",
                "invite",
                "identity",
                name="link_purpose",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("nonce", sa.String(length=43), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("inviter_id", sa.Integer(), nullable=True),
        sa.Column("identity_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_mailed_link_account_id")),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name=op.f("fk_mailed_link_identity_id")),
        sa.ForeignKeyConstraint(["inviter_id"], ["account.id"], name=op.f("fk_mailed_link_inviter_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_mailed_link_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailed_link")),
    )
    op.create_index("ix_mailed_link_email", "mailed_link", ["email", "made_at"], unique=False)
    op.create_index(op.f("ix_mailed_link_organisation_id"), "mailed_link", ["organisation_id"], unique=False)
    op.create_table(
        "payload",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_payload_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_payload")),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mandates_start_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=True),
        sa.Column("definition", sa.LargeBinary(), nullable=False),
        sa.Column("definition_digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("opens_before_it_closes")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_round_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_round_call_id_number")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fresh_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("half", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("claimed", sa.JSON(), nullable=False),
        sa.Column("strong", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id")),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name=op.f("fk_sign_in_identity_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_sign_in_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("digest", name=op.f("uq_sign_in_digest")),
    )
    op.create_index("ix_sign_in_account", "sign_in", ["account_id"], unique=False)
    op.create_table(
        "written",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("row_key", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_written_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_written")),
    )
    op.create_index(op.f("ix_written_entry_id"), "written", ["entry_id"], unique=False)
    op.create_index("ix_written_row", "written", ["table_name", "row_key"], unique=False)
    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("lead_organisation_id", sa.Integer(), nullable=False),
        sa.Column("lead_seat", sa.String(length=40), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "admissible",
                "inadmissible",
                "approved",
                "rejected",
                "withdrawn",
                name="application_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_hours", sa.Integer(), nullable=True),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "status NOT IN ('submitted','admissible','approved','rejected','inadmissible') OR submitted_at IS NOT NULL",
            name=op.f("submitted_has_a_moment"),
        ),
        sa.ForeignKeyConstraint(
            ["lead_organisation_id"], ["organisation.id"], name=op.f("fk_application_lead_organisation_id")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_application_region_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_application_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("reference", name=op.f("uq_application_reference")),
    )
    op.create_index(
        op.f("ix_application_lead_organisation_id"), "application", ["lead_organisation_id"], unique=False
    )
    op.create_index(op.f("ix_application_region_id"), "application", ["region_id"], unique=False)
    op.create_index(op.f("ix_application_round_id"), "application", ["round_id"], unique=False)
    op.create_index(
        "one_submitted_per_lead_round_region",
        "application",
        ["lead_organisation_id", "round_id", "region_id"],
        unique=True,
        sqlite_where=sa.text("status NOT IN ('draft','withdrawn')"),
        postgresql_where=sa.text("status NOT IN ('draft','withdrawn')"),
    )
    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("after_closing", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_extension_organisation_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_extension_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    op.create_table(
        "round_region",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unsealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_round_region_region_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_region_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_region")),
        sa.UniqueConstraint("round_id", "region_id", name=op.f("uq_round_region_round_id_region_id")),
    )
    op.create_table(
        "answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_answers_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint("application_id", "section", name=op.f("uq_answers_application_id_section")),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("made_here", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_attachment_application_id")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_attachment_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("document_id", name=op.f("uq_attachment_document_id")),
    )
    op.create_index(op.f("ix_attachment_application_id"), "attachment", ["application_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "approved",
                "rejected",
                "inadmissible",
                name="decision_outcome",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "prepared",
                "confirmed",
                "released",
                "notified",
                "withdrawn",
                name="decision_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("basis_digest", sa.String(length=64), nullable=False),
        sa.Column("prepared_by", sa.Integer(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status NOT IN ('released','notified') OR (confirmed_by IS NOT NULL AND letter_id IS NOT NULL AND released_at IS NOT NULL)",
            name=op.f("released_was_confirmed_with_letter"),
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> prepared_by", name=op.f("second_person_is_another")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_decision_application_id")
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["account.id"], name=op.f("fk_decision_confirmed_by")),
        sa.ForeignKeyConstraint(["letter_id"], ["document.id"], name=op.f("fk_decision_letter_id")),
        sa.ForeignKeyConstraint(["prepared_by"], ["account.id"], name=op.f("fk_decision_prepared_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("reference", name=op.f("uq_decision_reference")),
    )
    op.create_index(op.f("ix_decision_application_id"), "decision", ["application_id"], unique=False)
    op.create_index(
        "one_standing_decision_per_application",
        "decision",
        ["application_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'withdrawn'"),
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("admissible", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_finding_application_id")),
        sa.ForeignKeyConstraint(["found_by"], ["account.id"], name=op.f("fk_finding_found_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_finding_application_id_number")),
    )
    op.create_table(
        "kept_arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_kept_arrival_account_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_kept_arrival_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_arrival")),
        sa.UniqueConstraint(
            "application_id",
            "account_id",
            "revision",
            name=op.f("uq_kept_arrival_application_id_account_id_revision"),
        ),
    )
    op.create_index(op.f("ix_kept_arrival_application_id"), "kept_arrival", ["application_id"], unique=False)
    op.create_table(
        "partner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_partner_application_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["account.id"], name=op.f("fk_partner_confirmed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("application_id", "seat", name=op.f("uq_partner_application_id_seat")),
    )
    op.create_index(op.f("ix_partner_number"), "partner", ["number"], unique=False)
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "assigned",
                "conflict",
                "draft",
                "handed_in",
                "set_aside",
                "taken_back",
                name="review_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_review_application_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["account.id"], name=op.f("fk_review_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint(
            "application_id", "reviewer_id", "cycle", name=op.f("uq_review_application_id_reviewer_id_cycle")
        ),
    )
    op.create_index(op.f("ix_review_application_id"), "review", ["application_id"], unique=False)
    op.create_index(op.f("ix_review_reviewer_id"), "review", ["reviewer_id"], unique=False)
    op.create_table(
        "sign_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=10), nullable=False),
        sa.Column("digests", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_off_account_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_sign_off_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off")),
    )
    op.create_index(op.f("ix_sign_off_application_id"), "sign_off", ["application_id"], unique=False)
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("manifest", sa.JSON(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_submission_application_id")
        ),
        sa.ForeignKeyConstraint(["submitted_by"], ["account.id"], name=op.f("fk_submission_submitted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint(
            "application_id", "idempotency_key", name=op.f("uq_submission_application_id_idempotency_key")
        ),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_submission_application_id_number")),
    )
    op.create_index(op.f("ix_submission_sha256"), "submission", ["sha256"], unique=False)
    op.create_table(
        "mandate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("call_type_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ended_early_on", sa.Date(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("term_has_a_day")),
        sa.ForeignKeyConstraint(["call_type_id"], ["call_type.id"], name=op.f("fk_mandate_call_type_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_mandate_decision_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_mandate_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_mandate_decision_id")),
        sa.UniqueConstraint("number", name=op.f("uq_mandate_number")),
    )
    op.create_index(op.f("ix_mandate_region_id"), "mandate", ["region_id"], unique=False)
    op.create_table(
        "score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_score_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
        sa.UniqueConstraint("review_id", "criterion", name=op.f("uq_score_review_id_criterion")),
    )
    op.create_table(
        "submitted_partner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_submitted_partner_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submitted_partner")),
        sa.UniqueConstraint("submission_id", "seat", name=op.f("uq_submitted_partner_submission_id_seat")),
    )
    op.create_index(op.f("ix_submitted_partner_number"), "submitted_partner", ["number"], unique=False)
    op.create_index(
        op.f("ix_submitted_partner_submission_id"), "submitted_partner", ["submission_id"], unique=False
    )
    op.create_table(
        "holder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_holder_mandate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holder")),
        sa.UniqueConstraint("mandate_id", "seat", name=op.f("uq_holder_mandate_id_seat")),
    )
    op.create_index(op.f("ix_holder_number"), "holder", ["number"], unique=False)
    for statement in EXTRAS[op.get_bind().dialect.name]:
        op.execute(statement)
