"""The schema: migrations and models are equal on both databases, every guard is there, and a start asks for
it.
"""

import subprocess
import sys
from itertools import accumulate

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal import compose, create_app, schema
from portal.db import GUARDS, Base, Database
from portal.migrations import SchemaError, head, known_revision
from tests.conftest import ON_POSTGRESQL

PRINT = "from portal import schema; from portal.db import Base; print(*sorted(Base.metadata.tables))"
CATALOG = {
    "sqlite": "SELECT type, name, sql FROM sqlite_master WHERE name <> 'alembic_version' AND sql IS NOT NULL",
    "postgresql": (
        "SELECT 'column', table_name || '.' || column_name, concat_ws(' ', data_type, "
        "character_maximum_length, "
        "is_nullable, column_default) FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name <> 'alembic_version' "
        "UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) "
        "FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> "
        "'alembic_version' "
        "UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes "
        "WHERE schemaname = 'public' AND tablename <> 'alembic_version' "
        "UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    ),
}
CONSTRAINTS = {
    "submitted_has_a_moment",
    "one_submitted_per_lead_round_region",
    "opens_before_it_closes",
    "second_person_is_another",
    "released_was_confirmed_with_letter",
    "one_standing_decision_per_application",
    "term_has_a_day",
    "number_has_ten_digits",
    "merged_into_another",
    "one_open_request_per_organisation",
    "size_is_not_negative",
    "there_is_one_clock",
}


def catalog(database):
    """What the database itself says its schema is, in comparable words."""
    with database.engine.begin() as connection:
        rows = connection.exec_driver_sql(CATALOG[database.engine.dialect.name])
        return sorted((kind, name, _ordered(kind, " ".join(sql.split()))) for kind, name, sql in rows)


def _ordered(kind, sql):
    """A table's columns and constraints in one order, however they were written down."""
    if kind != "table":
        return sql
    body = sql[sql.index("(") + 1 : sql.rindex(")")].replace('"', "")
    depth = accumulate(1 if sign == "(" else -1 if sign == ")" else 0 for sign in body)
    parts = "".join("\n" if sign == "," and not deep else sign for sign, deep in zip(body, depth, strict=True))
    return sorted(part.strip() for part in parts.splitlines())


@pytest.fixture
def empty(kind, request, tmp_path):
    """Makes empty databases of each kind: (url of the portal, url of the owner)."""

    def make(name):
        if kind == "sqlite":
            return f"sqlite:///{tmp_path}/{name}.sqlite", None
        server = request.getfixturevalue("postgres")
        server.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} OWNER portal_owner")
        return server.url(name), server.url(name, "portal_owner")

    return make


def test_the_schema_alone_knows_every_table():
    assert compose
    alone = subprocess.run([sys.executable, "-c", PRINT], capture_output=True, text=True, check=True).stdout
    assert alone.split() == sorted(Base.metadata.tables)


def test_models_and_migrations_are_equal(empty, defined):
    url, owner = empty("migrated")
    schema.migrate(url, defined, owner_url=owner)
    migrated = Database(owner or url)
    url, owner = empty("modelled")
    modelled = Database(owner or url)
    with modelled.engine.begin() as connection:
        Base.metadata.create_all(connection)
    found = catalog(migrated)
    assert found == catalog(modelled)
    assert {"application", "entry", "mandate"} <= {
        part for kind, name, _sql in found for part in name.split(".")
    }
    migrated.dispose()
    modelled.dispose()


def test_the_guards_and_constraints_of_the_house_are_there(world):
    found = catalog(world.database)
    triggers = {name for kind, name, _sql in found if kind == "trigger"}
    dialect = world.database.engine.dialect.name
    expected = {
        "entry_is_append_only_delete",
        "entry_is_append_only_update",
        "extension_is_append_only_delete",
        "extension_is_append_only_update",
        "kept_arrival_is_frozen_delete",
        "kept_arrival_is_frozen_update",
        *(
            f"log_{part}_is_append_only_{when}"
            for part in ("leaf", "node", "head")
            for when in ("update", "delete")
        ),
        "mandate_is_never_deleted_delete",
        "past_membership_is_append_only_delete",
        "past_membership_is_append_only_update",
        "payload_is_kept_or_destroyed_update",
        "payload_is_never_deleted_delete",
        "round_is_frozen_update",
        "submission_is_frozen_delete",
        "submission_is_frozen_update",
        "submitted_partner_is_frozen_delete",
        "submitted_partner_is_frozen_update",
        "written_is_append_only_delete",
        "written_is_append_only_update",
    }
    if dialect == "sqlite":
        expected |= {"one_mandate_per_region_insert", "one_mandate_per_region_update"}
    else:
        expected |= {f"{g.name}_truncate" for g in GUARDS if g.when == "DELETE"}
    assert triggers == expected
    everything = " ".join(f"{name} {sql}" for _kind, name, sql in found)
    wanted = CONSTRAINTS | ({"one_mandate_per_region"} if dialect == "postgresql" else set())
    assert {name for name in wanted if name not in everything} == set()


@pytest.mark.parametrize("change", ["UPDATE entry SET verb = 'x'", "DELETE FROM entry", "DELETE FROM payload"])
def test_whoever_writes_the_journal_stands(world, change):
    with pytest.raises(IntegrityError, match=r"append_only|never_deleted"), world.owning() as session:
        session.execute(text(change))


@ON_POSTGRESQL
def test_the_portals_own_role_may_not_even_try(world):
    for change in (
        "UPDATE entry SET verb = 'x'",
        "DELETE FROM entry",
        "TRUNCATE entry",
        "DROP TABLE entry",
        "DROP TRIGGER entry_is_append_only_update ON entry",
        "ALTER TABLE entry DISABLE TRIGGER ALL",
    ):
        with (
            pytest.raises(DBAPIError, match=r"permission denied|must be owner"),
            world.database.writing() as s,
        ):
            s.execute(text(change))


def test_a_start_on_another_schema_is_refused_with_what_to_do(empty, defined, world):
    settings = world.app.extensions["portal"].settings
    with pytest.raises(SchemaError, match="run `portal migrate`"):
        create_app(_at(settings, empty("none_yet")[0]))
    url, owner = empty("too_new")
    schema.migrate(url, defined, owner_url=owner)
    create_app(_at(settings, url)).extensions["portal"].database.dispose()
    other = Database(owner or url)
    with other.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaError, match="which this portal does not know"):
        create_app(_at(settings, url))
    with pytest.raises(SchemaError, match="which this portal does not know"):
        schema.migrate(url, defined, owner_url=owner)
    other.dispose()


def test_a_migration_that_fails_half_way_leaves_nothing(empty, defined):
    url, owner = empty("half")
    database = Database(owner or url)
    with database.engine.begin() as connection:  # in the way of one of the last tables
        connection.exec_driver_sql("CREATE TABLE holder (id INTEGER)")
    with pytest.raises(DBAPIError, match="holder"):
        schema.migrate(url, defined, owner_url=owner)
    assert inspect(database.engine).get_table_names() == ["holder"]
    database.dispose()


def test_migrating_again_changes_nothing(empty, defined):
    url, owner = empty("twice")
    for _each in range(2):
        schema.migrate(url, defined, owner_url=owner)
    database = Database(url)
    with database.session() as session:
        assert known_revision(session.connection()) == head()
        assert session.execute(text("SELECT count(*) FROM region")).scalar() == len(defined.regions)
    database.dispose()


def _at(settings, url):
    text = url if isinstance(url, str) else url.render_as_string(False)
    return settings.model_copy(update={"database_url": text})
