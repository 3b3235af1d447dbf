"""Whoever changes the database or a file beside every act is named: the table of `docs/reliability.md`, played.

The role that owns the tables does it, with every trigger dropped. A change that the portal's own key could hide
to the last is named by a head that somebody kept.
"""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import JSON, text
from sqlalchemy.exc import DBAPIError

from portal.accounts.models import Account
from portal.calls import actions as calls
from portal.calls import queries as call_queries
from portal.cli import verify as program
from portal.db import GUARDS, Base
from portal.journal import log, merkle, notes
from portal.journal import queries as journal
from portal.journal.models import Chain, Entry, Payload
from portal.journal.proving import Unrecorded, proved_tables, row_digest
from portal.journal.proving import rows as as_they_are
from portal.journal.rules import entry_digest, rows_digest
from portal.journal.verifying import of_table
from portal.mandates import actions as mandates
from portal.reviews import actions as reviews
from tests import make
from tests.conftest import CALL

PROJECT = Path(__file__).resolve().parent.parent.parent
KEPT = "only by a kept head"


@pytest.fixture
def played(world):
    """A mandate by the real verbs, and around it one of everything; the log is taken in, and its head kept."""
    make.draft(world, "kempen")
    mandate = make.mandate(world)
    by = world.person("beheerder")
    make.done(
        reviews.declare_tie(
            world.session,
            number="0000400470",
            kind="bestuur",
            by=world.person("medeondertekenaar"),
            now=world.now,
        )
    )
    call = call_queries.one_visible_to(world.session, by, CALL)
    day = world.now.date()
    make.done(
        mandates.propose_reopening(
            call,
            regions=["kempen"],
            opens_on=day + timedelta(days=20),
            last_day=day + timedelta(days=60),
            mandates_start_on=day + timedelta(days=120),
            reason="Geen mandaat.",
            by=by,
            now=world.now,
        )
    )
    round_one = call_queries.one_round(world.session, CALL, 1)
    make.done(
        calls.extend(
            round_one, closes_at=world.now + timedelta(days=9), reason="Overmacht.", by=by, now=world.now
        )
    )
    make.taken_in(world)
    world.session.rollback()
    with world.owning() as owner:
        for one in {(g.table, f"{g.name}_{g.when.lower()}") for g in GUARDS}:
            on = f" ON {one[0]}" if owner.get_bind().dialect.name == "postgresql" else ""
            owner.execute(text(f"DROP TRIGGER IF EXISTS {one[1]}{on}"))
    with world.database.session() as session:
        (world.kept,) = [h.note for h in log.heads(session, 1)]
    assert mandate.number
    return world


def everything(session, world):
    """What `portal verify` says."""
    return [*program._files(session, world.storage), *program._submissions(session), *journal.verify(session)]


def sql(*statements):
    """A change made by these statements, each of which changes something."""

    def change(session, _world):
        for statement in statements:
            assert session.execute(text(statement)).rowcount > 0, statement

    return change


def rows(session, table, where=""):
    return session.execute(text(f"SELECT * FROM {table} {where}")).mappings().all()


def content_with_its_digest(session, _world):
    (content,) = session.execute(text("SELECT content FROM submission")).scalars()
    body = bytes(content).replace(b"Proefstad", b"Anderstad")
    assert body != bytes(content)
    session.execute(
        text("UPDATE submission SET content = :c, sha256 = :d"),
        {"c": body, "d": hashlib.sha256(body).hexdigest()},
    )


def a_byte_of_a_file(session, world):
    (key,) = session.execute(
        text("SELECT storage_key FROM document WHERE schema = 'aanmeldingsformulier' LIMIT 1")
    ).scalars()
    with world.storage.open(key) as stream:
        body = stream.read()
    world.after.append(lambda: _put(world, key, body))
    _put(world, key, body[:-1] + b"x")


def _put(world, key, body):
    folder = Path(world.app.extensions["portal"].settings.storage_url.removeprefix("file://"))
    (path,) = folder.rglob(key)
    path.chmod(0o600)
    path.write_bytes(body)


def a_chain(session, which="application"):
    query = session.query(Chain).filter(Chain.file_kind == which).order_by(Chain.length.desc())
    return query.first()


def last_act_gone(session, _world):
    chain = a_chain(session)
    last = session.query(Entry).filter_by(chain_id=chain.id, number=chain.length).one()
    for table in ("written", "payload", "log_leaf"):
        session.execute(text(f"DELETE FROM {table} WHERE entry_id = {last.id}"))
    session.execute(text(f"DELETE FROM entry WHERE id = {last.id}"))
    session.execute(
        text(f"UPDATE chain SET length = length - 1, digest = '{last.previous}' WHERE id = {chain.id}")
    )


def whole_chain_gone(session, _world):
    chain = a_chain(session)
    ids = f"(SELECT id FROM entry WHERE chain_id = {chain.id})"
    for table in ("written", "payload", "log_leaf"):
        session.execute(text(f"DELETE FROM {table} WHERE entry_id IN {ids}"))
    session.execute(text(f"DELETE FROM delivery WHERE chain_id = {chain.id}"))
    session.execute(text(f"DELETE FROM entry WHERE chain_id = {chain.id}"))
    session.execute(text(f"DELETE FROM chain WHERE id = {chain.id}"))


def whole_application_gone(session, _world, *, log_too=False):
    """A draft with all that was said of it, as if it had never been."""
    (found,) = rows(session, "application", "WHERE status = 'draft'")
    chain = session.query(Chain).filter_by(file_kind="application", file_key=found["reference"]).one()
    ids = f"(SELECT id FROM entry WHERE chain_id = {chain.id})"
    for table in ("written", "payload", *(("log_leaf",) if log_too else ())):
        session.execute(text(f"DELETE FROM {table} WHERE entry_id IN {ids}"))
    for table in ("partner", "answers", "attachment", "sign_off"):
        session.execute(text(f"DELETE FROM {table} WHERE application_id = {found['id']}"))
    session.execute(text(f"DELETE FROM application WHERE id = {found['id']}"))
    if log_too:
        session.execute(text(f"DELETE FROM entry WHERE chain_id = {chain.id}"))
        session.execute(text(f"DELETE FROM chain WHERE id = {chain.id}"))


def gone_and_logged_anew(session, world):
    whole_application_gone(session, world, log_too=True)
    _log_anew(session, world)


def chain_rewritten(session, _world):
    """Another reason for a decision: its row, the digest of the row, and every entry from there to the head of
    the chain.
    """
    (decision,) = session.execute(text("SELECT id FROM decision")).scalars()
    session.execute(text("UPDATE decision SET reason = 'Een heel andere motivering van deze beslissing.'"))
    (row,) = [r for k, r in as_they_are(session, "decision", [str(decision)]) if k == str(decision)]
    chain = a_chain(session)
    previous = "0" * 64
    for entry in session.query(Entry).filter_by(chain_id=chain.id).order_by(Entry.number):
        salt = session.get(Payload, entry.id).salt
        written = session.execute(
            text(
                f"SELECT id, table_name, row_key, digest FROM written WHERE entry_id = {entry.id} ORDER BY "
                f"table_name, row_key"
            )
        ).all()
        told = []
        for number, table, key, digest in written:
            if (table, key) == ("decision", str(decision)):
                digest = row_digest(salt, table, row)
                session.execute(text(f"UPDATE written SET digest = '{digest}' WHERE id = {number}"))
            told.append((table, key, digest))
        columns = {**entry.columns, "rows": rows_digest(sorted(told))}
        digest = entry_digest(previous, columns)
        session.execute(
            text(
                f"UPDATE entry SET rows = '{columns['rows']}', previous = '{previous}', digest = '{digest}' "
                f"WHERE id = {entry.id}"
            )
        )
        previous = digest
    session.execute(text(f"UPDATE chain SET digest = '{previous}' WHERE id = {chain.id}"))
    session.expire_all()


def _log_anew(session, world):
    """A log over what is left, and heads over it, signed with the portal's own key."""
    for table in ("log_leaf", "log_node", "log_head"):
        session.execute(text(f"DELETE FROM {table}"))
    known = {}
    for size, (entry_id, digest) in enumerate(
        session.execute(text("SELECT id, digest FROM entry ORDER BY id")).all()
    ):
        session.execute(text(f"INSERT INTO log_leaf (number, entry_id) VALUES ({size}, {entry_id})"))
        for level, number, node in merkle.appended(
            size, merkle.leaf_hash(bytes.fromhex(digest)), lambda *at: known[at]
        ):
            known[level, number] = node
            session.execute(
                text("INSERT INTO log_node (level, number, digest) VALUES (:l, :n, :d)"),
                {"l": level, "n": number, "d": node},
            )
    session.expire_all()


def rewritten_and_logged_anew(session, world):
    chain_rewritten(session, world)
    _log_anew(session, world)


def back_dated(session, _world):
    """A second submission, of the minute before the closing."""
    (found,) = rows(session, "submission")
    columns = [c for c in found if c not in ("id", "number", "idempotency_key")]
    session.execute(
        text(
            f"INSERT INTO submission (number, idempotency_key, {', '.join(columns)}) "
            f"SELECT 2, 'x', {', '.join(columns)} FROM submission"
        )
    )


def payload_changed(session, _world):
    (entry,) = session.execute(text("SELECT id FROM entry WHERE verb = 'application.submitted'")).scalars()
    found = session.get(Payload, entry)
    body = json.dumps({**json.loads(found.body), "number": 9}).encode()
    session.execute(text("UPDATE payload SET body = :b WHERE entry_id = :id"), {"b": body, "id": entry})


def head_signed_over_something_else(session, world):
    (found,) = rows(session, "log_head")
    note = make.signer(world).sign(notes.Head(make.signer(world).name, found["size"], bytes(32)).text)
    session.execute(text("UPDATE log_head SET note = :n"), {"n": note})


CHANGES = (
    ("a score", sql("UPDATE score SET score = 1"), "score"),
    ("the reason of a score", sql("UPDATE score SET reason = 'x'"), "score"),
    ("a review handed in earlier", sql("UPDATE review SET handed_in_at = '2023-02-11 00:00:00+00'"), "review"),
    ("a finding", sql("UPDATE finding SET admissible = false, reason = 'x'"), "finding"),
    ("the text of a decision", sql("UPDATE decision SET reason = 'een andere reden'"), "decision"),
    ("the outcome of a decision", sql("UPDATE decision SET outcome = 'rejected'"), "decision"),
    ("grounds, remedies or authority of a decision", sql("UPDATE decision SET body = '{}'"), "decision"),
    ("who confirmed a decision", sql("UPDATE decision SET confirmed_by = 1"), "decision"),
    (
        "when a decision was notified",
        sql("UPDATE decision SET notified_at = '2023-02-11 00:00:00+00'"),
        "decision",
    ),
    ("the start of a mandate", sql("UPDATE mandate SET starts_on = '2024-01-01'"), "mandate"),
    ("the end of a mandate", sql("UPDATE mandate SET ends_on = '2099-12-31'"), "mandate"),
    ("a mandate ended early", sql("UPDATE mandate SET ended_early_on = '2024-12-31'"), "mandate"),
    ("a holder of a mandate", sql("UPDATE holder SET name = 'Iemand anders', number = '0000400470'"), "holder"),
    ("a tie gone", sql("DELETE FROM tie"), "tie"),
    ("a tie to another organisation", sql("UPDATE tie SET number = '0000000097'"), "tie"),
    ("a role for all regions", sql("UPDATE role_grant SET regions = '[]'"), "role_grant"),
    ("a role given by another", sql("UPDATE role_grant SET given_by = 2"), "role_grant"),
    ("who is a member of an organisation", sql("UPDATE membership SET manager = NOT manager"), "membership"),
    ("an address", sql("UPDATE account SET email = 'ander@proef.example' WHERE id = 1"), "account"),
    ("a password", sql("UPDATE account SET password = 'x' WHERE id = 1"), "account"),
    (
        "the number of an organisation",
        sql("UPDATE organisation SET number = '0000000097' WHERE id = 1"),
        "organisation",
    ),
    ("who proposed", sql("UPDATE proposal SET proposed_by = 1"), "proposal"),
    ("what was proposed", sql("UPDATE proposal SET arguments = '{}'"), "proposal"),
    ("the definition of a round", sql("UPDATE round SET definition_digest = 'x'"), "round"),
    ("the closing of a round", sql("UPDATE round SET closes_at = '2030-01-01 00:00:00+00'"), "round"),
    (
        "when a closing was recorded",
        sql("UPDATE round_region SET closed_at = '2023-02-10 00:00:00+00'"),
        "round_region",
    ),
    ("an extension gone", sql("DELETE FROM extension"), "extension"),
    (
        "an extension recorded earlier",
        sql("UPDATE extension SET recorded_at = '2023-01-01 00:00:00+00'"),
        "extension",
    ),
    ("the text of a call", sql("UPDATE call SET content = '{}'"), "call"),
    ("a region's name", sql("UPDATE region SET name = 'x' WHERE id = 1"), "region"),
    ("the address of a letter", sql("UPDATE delivery SET address = 'ander@proef.example'"), "delivery"),
    ("a letter that was owed gone", sql("DELETE FROM delivery WHERE kind = 'receipt'"), "delivery"),
    ("a submission with its digest", content_with_its_digest, "submission"),
    (
        "the moment of a submission",
        sql("UPDATE submission SET submitted_at = '2023-01-01 00:00:00+00'"),
        "submission",
    ),
    (
        "a partner of a submission",
        sql("UPDATE submitted_partner SET number = '0000000097'"),
        "submitted_partner",
    ),
    ("a submission inserted, dated back", back_dated, "submission 2: stands there without an entry"),
    (
        "the status of an application",
        sql("UPDATE application SET status = 'rejected' WHERE status = 'approved'"),
        "application",
    ),
    ("an answer of a draft", sql("UPDATE answers SET body = '{}'"), "answers"),
    ("a signature", sql("UPDATE sign_off SET digests = '{}'"), "sign_off"),
    ("the name or digest of a document", sql("UPDATE document SET name = 'x.pdf'"), "document"),
    ("what was found in a document", sql("UPDATE document SET found = '{}'"), "document"),
    ("a byte of a file", a_byte_of_a_file, "file "),
    (
        "an entry",
        sql("UPDATE entry SET verb = 'application.withdrawn' WHERE verb = 'application.submitted'"),
        "was changed",
    ),
    (
        "who did it",
        sql("UPDATE entry SET actor = 'account 9' WHERE verb = 'application.submitted'"),
        "was changed",
    ),
    (
        "when it was done",
        sql("UPDATE entry SET at = '2023-01-01 00:00:00+00' WHERE verb = 'application.submitted'"),
        "was changed",
    ),
    ("what an entry says", payload_changed, "payload of entry"),
    ("what was said emptied, under no list", sql("UPDATE payload SET body = NULL"), "under no list"),
    (
        "what was said destroyed with its salt, under no list",
        sql("UPDATE payload SET body = NULL, salt = NULL"),
        "under no list",
    ),
    (
        "the digest of a row",
        sql("UPDATE written SET digest = NULL WHERE table_name = 'score'"),
        "rows of entry",
    ),
    ("the last act of a file gone", last_act_gone, "log: "),
    ("a whole chain gone", whole_chain_gone, "without an entry"),
    ("a whole application gone, its entries left", whole_application_gone, "payload of entry"),
    ("a chain rewritten from a decision on", chain_rewritten, "log: "),
    ("a place in the log", sql("UPDATE log_leaf SET number = 100000 WHERE number = 3"), "log: "),
    ("a hash of the log", sql("UPDATE log_node SET digest = '' WHERE level = 1 AND number = 0"), "log: "),
    ("a head signed over something else", head_signed_over_something_else, "log: the head"),
    ("a chain rewritten, and the log with it", rewritten_and_logged_anew, KEPT),
    ("a whole application gone, from the log too", gone_and_logged_anew, KEPT),
)


def by_kept_head(session, world, tmp_path):
    """What `portal verify --head` says of the head that was kept."""
    file = tmp_path / "head.txt"
    file.write_text(world.kept, "utf-8")
    return program._head(session, file, world.app.extensions["portal"].settings, None)


def test_every_change_is_named(played, tmp_path, capsys):
    found, lines = {}, []
    with played.owning() as session:
        assert everything(session, played) == []
        assert by_kept_head(session, played, tmp_path) == []
        for name, change, expected in CHANGES:
            played.after = []
            there = session.begin_nested()
            change(session, played)
            session.expire_all()
            said = everything(session, played)
            if expected == KEPT:
                found[name] = said == [] and bool(by_kept_head(session, played, tmp_path))
            else:
                found[name] = any(line.startswith(f"{expected} ") or expected in line for line in said)
            there.rollback()
            session.expire_all()
            for undo in played.after:
                undo()
            lines.append(f"| {name} | {KEPT if expected == KEPT else said[0] if said else 'nothing'} |")
        assert everything(session, played) == []
        session.rollback()
    with capsys.disabled():
        print("", *lines, sep="\n")
    assert [name for name, named in found.items() if not named] == []


def test_the_document_says_what_is_tried():
    told = (PROJECT / "docs/reliability.md").read_text("utf-8")
    assert [name for name, _change, _expected in CHANGES if f"| {name} |" not in told] == []


def test_any_column_of_any_row_that_is_proved_is_named_when_it_changes(played):
    """Whatever tables come: each of their columns, one after the other."""
    tried, missed, alone = 0, [], []
    with played.owning() as session:
        for table, (source, columns) in proved_tables().items():
            if not session.execute(text(f"SELECT 1 FROM {table}")).first():
                alone.append(table)
                continue
            for column in columns:
                if column.primary_key:
                    continue
                there = session.begin_nested()
                try:
                    session.execute(source.update().values({column.name: _other(session, source, column)}))
                    tried += 1
                    if not list(of_table(session, table)):
                        missed.append(f"{table}.{column.name}")
                except DBAPIError:  # a constraint refuses it already
                    pass
                there.rollback()
        session.rollback()
    assert missed == []
    assert tried > 100
    # what this world has none of: reached by signing in, by the government, by asking to join, by leaving, and
    # by submitting when one's sign-in had ended
    ways_in = {"authenticator", "identity", "membership_request", "passkey", "recovery_code"}
    assert set(alone) <= ways_in | {"past_membership", "kept_arrival"}


def _other(session, source, column):
    """A value that differs from the one in the first row."""
    value = session.execute(source.select().with_only_columns(column)).scalars().first()
    if value is None and isinstance(column.type, JSON):
        return {"x": 1}
    if value is None or isinstance(value, int | bool):
        kind = column.type.python_type
        if kind is bool or isinstance(value, bool):
            return not value
        if kind is int:
            return (value or 0) + 1
        made = {str: "x", dict: {"x": 1}, list: ["x"], bytes: b"x", date: date(2031, 1, 1)}
        return made.get(kind, datetime(2031, 1, 1, tzinfo=UTC))
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, dict):
        return {**value, "x": 1}
    if isinstance(value, list):
        return [*value, "x"]
    if isinstance(value, bytes):
        return value + b"x"
    others = getattr(column.type, "enum_class", None)
    if others:
        return next(one for one in others if one is not value)
    return "x" if value != "x" else "y"


def test_what_is_proved_is_everything_but_what_is_named_here():
    """A table or a column that stands outside the proof is a decision, not a slip."""
    outside = {m.local_table.name for m in Base.registry.mappers if not m.class_.PROVED}
    assert outside == {
        "chain",
        "entry",
        "payload",
        "written",
        "log_leaf",
        "log_node",
        "log_head",  # the proof itself
        "job",
        "demo_clock",  # work and the demo
        "sign_in",
        "mailed_link",
        "shared_page",
        "failures",  # ways in, swept when they are over; the journal keeps what happened
    }
    columns = {
        f"{m.local_table.name}.{name}"
        for m in Base.registry.mappers
        if m.class_.PROVED
        for name in m.class_.UNPROVED
    }
    assert columns == {
        "authenticator.last_step",
        "passkey.sign_count",
        "delivery.state",
        "delivery.attempts",
        "delivery.due_at",
        "delivery.leased_until",
        "delivery.done_at",
        "delivery.error",
    }


def test_an_act_without_an_entry_fails(world):
    with pytest.raises(Unrecorded, match="account/1"), world.database.writing() as session:
        session.get(Account, 1).label = "veranderd"
    with pytest.raises(Unrecorded, match="account"), world.database.writing() as session:
        session.query(Account).update({"label": "veranderd"})
    world.session.rollback()
    assert world.session.get(Account, 1).label != "veranderd"
