"""The log over all entries: taken in by workers, signed, published, mailed; proofs that a stranger checks
offline.
"""

import base64
import hashlib
import json
import threading
from datetime import timedelta

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import text

from portal.accounts.actions import tell_auditors
from portal.applications import queries
from portal.applications.lifecycle import Status
from portal.cli import program
from portal.decisions import queries as decisions
from portal.journal import log, notes
from portal.journal import queries as journal
from portal.journal.models import Delivery, Entry, Head, Leaf
from portal.settings import Settings, SettingsError
from tests import make
from tests.conftest import ON_SQLITE


def stranger(proof, verifier):
    """What somebody learns from a `tlog-proof` with no more than the key, by the RFC's words alone.

    Returns what the entry says, and how many acts the head is over.
    """
    name, _key_id, key = verifier.split("+", 2)
    public = base64.b64decode(key)[1:]
    told, _, checkpoint = proof.partition("\n\n")
    first, extra, index, *path = told.splitlines()
    assert first == "c2sp.org/tlog-proof@v1"
    body, _, signature = checkpoint.rpartition("\n\n")
    assert signature.startswith(f"\N{EM DASH} {name} ")
    Ed25519PublicKey.from_public_bytes(public).verify(
        base64.b64decode(signature.split(" ")[2])[4:], f"{body}\n".encode()
    )
    _origin, size, root = body.split("\n")[:3]
    said = json.loads(base64.b64decode(extra.removeprefix("extra ")))
    payload = hashlib.sha256(bytes.fromhex(said["salt"]) + said["payload"].encode()).hexdigest()
    assert payload == said["columns"]["payload_digest"]
    columns = json.dumps(said["columns"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    entry = hashlib.sha256((said["previous"] + columns).encode()).digest()
    at, last, digest = int(index.removeprefix("index ")), int(size) - 1, hashlib.sha256(b"\0" + entry).digest()
    for line in path:  # RFC 9162, 2.1.3.2
        sibling = base64.b64decode(line)
        if at % 2 or at == last:
            digest = hashlib.sha256(b"\1" + sibling + digest).digest()
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            digest = hashlib.sha256(b"\1" + digest + sibling).digest()
        at, last = at >> 1, last >> 1
    assert (last, digest) == (0, base64.b64decode(root))
    return json.loads(said["payload"]), int(size)


def test_every_entry_is_taken_in_once_in_batches_each_with_its_head(world, monkeypatch):
    monkeypatch.setattr(log, "BATCH", 7)
    entries = world.session.query(Entry).count()
    assert make.taken_in(world) == entries
    assert make.taken_in(world) == 0
    assert world.session.query(Leaf).count() == entries
    assert world.session.query(Head).count() == -(-entries // 7)
    make.ready(world)
    assert make.taken_in(world) > 5
    assert journal.verify(world.session) == []


def test_two_workers_take_each_entry_in_once(world, monkeypatch):
    monkeypatch.setattr(log, "BATCH", 3)
    make.ready(world)
    entries = world.session.query(Entry).count()
    world.session.rollback()
    found = []
    workers = [
        threading.Thread(
            target=lambda: found.append(log.take_in(world.database, make.signer(world), world.now))
        )
        for _each in range(3)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(found) == entries
    assert journal.verify(world.session) == []


def test_an_entry_that_is_committed_late_is_taken_in_after_younger_ones(world):
    make.taken_in(world)
    with world.owning() as owner:  # as if the first was not committed yet when the others were taken in
        owner.execute(text("DROP TRIGGER log_leaf_is_append_only_delete" + _on(owner, "log_leaf")))
        for table in ("log_node", "log_head"):
            owner.execute(text(f"DROP TRIGGER {table}_is_append_only_delete" + _on(owner, table)))
            owner.execute(text(f"DELETE FROM {table}"))
        owner.execute(text("DELETE FROM log_leaf"))
        owner.execute(text("INSERT INTO log_leaf (number, entry_id) SELECT 0, max(id) FROM entry"))
        (digest,) = owner.execute(text("SELECT digest FROM entry ORDER BY id DESC LIMIT 1")).scalars()
        leaf = hashlib.sha256(b"\0" + bytes.fromhex(digest)).digest()
        owner.execute(text("INSERT INTO log_node (level, number, digest) VALUES (0, 0, :d)"), {"d": leaf})
    assert make.taken_in(world) == world.session.query(Entry).count() - 1
    assert journal.verify(world.session) == []


def _on(session, table):
    return f" ON {table}" if session.get_bind().dialect.name == "postgresql" else ""


def test_a_receipt_is_proved_to_a_stranger_as_soon_as_it_is_taken_in(world):
    found = make.application(world, Status.SUBMITTED)
    assert queries.proof(world.session, found, 1) is None
    make.taken_in(world)
    make.draft(world, "kempen")
    make.taken_in(world)
    found = make.again(world, found)
    said, size = stranger(queries.proof(world.session, found, 1), str(make.signer(world).verifier))
    assert said["sha256"] == found.submissions[0].sha256
    assert size == world.session.query(Entry).count()
    changed = queries.proof(world.session, found, 1).replace("index ", "index 1")
    with pytest.raises(AssertionError):
        stranger(changed, str(make.signer(world).verifier))


def test_a_decision_is_proved_with_its_letter(world):
    mandate = make.mandate(world)
    make.taken_in(world)
    decision = mandate.decision
    said, _size = stranger(decisions.proof(world.session, decision), str(make.signer(world).verifier))
    assert (said["decision"], said["letter"]) == (decision.reference, decision.letter.sha256)


@ON_SQLITE
def test_heads_and_proofs_are_on_the_pages(world):
    found = make.application(world, Status.SUBMITTED)
    home, check = (
        f"/aanvragen/{found.reference}",
        f"/controleer?reference={found.reference}&digest={found.submissions[0].sha256}",
    )
    lead, visitor = world.client("aanvrager"), world.client()
    assert "Er is nog geen stand." in visitor.get("/journaal/koppen").said
    assert "tlog-proof" not in lead.get(home).said
    assert "Binnen enkele minuten" in visitor.get(check).said
    lead.get(f"{home}/versies/1/bewijs", status=404)
    make.taken_in(world)
    size = log.size_of(world.session)
    assert "op plaats" in visitor.get(check).said
    assert str(make.signer(world).verifier) in visitor.get("/journaal/koppen").said
    note = visitor.bytes(f"/journaal/koppen/{size}").decode()
    assert notes.read_head(note, make.signer(world).verifier).size == size
    visitor.get("/journaal/koppen/1", status=404)
    assert "Bewijs uit het journaal (tlog-proof)" in lead.get(home).said
    proof = lead.bytes(f"{home}/versies/1/bewijs").decode()
    assert stranger(proof, str(make.signer(world).verifier))[1] == size
    with world.owning() as owner:
        owner.execute(text("DROP TRIGGER submission_is_frozen_update"))
        owner.execute(text("UPDATE submission SET content = x'78'"))
    assert "klopt er niet meer mee" in visitor.get(check).said
    assert "Wij kennen dit ontvangstbewijs niet" in visitor.get(check[:-1] + "x").said


def test_the_newest_head_is_mailed_to_auditors_once_a_day(world):
    def mails():
        world.session.rollback()
        return world.session.query(Delivery).filter_by(kind="journal_head").all()

    assert tell_auditors(world.database, world.now) == 0  # there is none yet
    make.taken_in(world)
    assert tell_auditors(world.database, world.now) == 1
    assert tell_auditors(world.database, world.now) == 0
    (mail,) = mails()
    assert mail.address == "auditor@proef.example"
    assert notes.read_head(mail.data["note"], make.signer(world).verifier).size == mail.data["size"]
    assert tell_auditors(world.database, world.now + timedelta(days=1)) == 1


def test_two_workers_mail_it_once(world):
    make.taken_in(world)
    found = []
    workers = [
        threading.Thread(target=lambda: found.append(tell_auditors(world.database, world.now)))
        for _each in "ab"
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(found) == [0, 1]


def test_a_key_of_ones_own_signs_and_a_wrong_one_stops_the_start(world):
    made = CliRunner().invoke(program, ["journal", "key", "portaal.example/journaal"])
    line = made.stdout.strip().splitlines()[0]
    settings = world.app.extensions["portal"].settings
    own = Settings(**{**vars(settings), "journal_key": line})
    assert log.signer_of(own).name == "portaal.example/journaal"
    assert str(log.signer_of(own).verifier) in made.output
    with pytest.raises(SettingsError, match="PORTAL_JOURNAL_KEY"):
        log.signer_of(Settings(**{**vars(settings), "journal_key": line[:-3]}))
    assert CliRunner().invoke(program, ["journal", "key", "met spatie"]).exit_code == 2
