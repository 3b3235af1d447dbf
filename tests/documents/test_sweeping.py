"""Bytes go only where it is known that nothing will point to them; what was left is swept by age."""

import io
import os
from datetime import timedelta

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.applications import queries
from portal.applications.models import Attachment
from portal.clock import SystemClock
from portal.documents.models import Document
from portal.documents.storage import Unavailable
from portal.documents.sweeping import ORPHAN_AFTER, forget, sweep
from tests import make
from tests.conftest import ON_SQLITE

LATER = ORPHAN_AFTER + timedelta(hours=1)


@ON_SQLITE
def test_f36_a_file_stands_when_only_the_answer_to_its_commit_was_lost(world, monkeypatch):
    found, real = make.ready(world), Session.commit
    before = {f.document_id for f in queries.attached(found)}
    client = world.client("aanvrager")
    path = f"/aanvragen/{found.reference}/documenten/maken"
    page = client.get(f"/aanvragen/{found.reference}/documenten")

    def lost(session):
        attaching = any(isinstance(one, Attachment) for one in session.new) or session.info.get("acting")
        real(session)
        if attaching:
            raise OperationalError("COMMIT", {}, Exception("server closed the connection unexpectedly"))

    monkeypatch.setattr(Session, "commit", lost)
    with client.client.post(path, data={"csrf_token": page.form(path)["data"]["csrf_token"]}) as answer:
        assert answer.status_code == 503
    monkeypatch.setattr(Session, "commit", real)
    (attachment,) = queries.attached(make.again(world, found))
    assert attachment.document_id not in before
    with world.storage.open(attachment.document.storage_key) as stream:
        assert stream.read(5) == b"%PDF-"


def age(world, key, days):
    path = world.storage._path(key)
    moment = (SystemClock().now() - timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))


def test_orphans_are_swept_by_age_and_nothing_else(world):
    found = make.ready(world)
    standing = [d.storage_key for d in world.session.query(Document)]
    old, young = (world.storage.put(io.BytesIO(b"x"), limit=1).key for _each in range(2))
    for key in (*standing, old):
        age(world, key, 3)
    assert sweep(world.database, world.storage, SystemClock().now()) == 1
    assert found.files
    left = {p.name for p in world.storage.root.rglob("*") if p.is_file()}
    assert left == {*standing, young}


def test_more_orphans_than_a_batch_go(world, monkeypatch):
    monkeypatch.setattr("portal.documents.sweeping.BATCH", 2)
    keys = [world.storage.put(io.BytesIO(b"x"), limit=1).key for _each in range(5)]
    assert sweep(world.database, world.storage, SystemClock().now()) == 0
    assert sweep(world.database, world.storage, SystemClock().now() + LATER) == len(keys)


class Away:
    def delete(self, _key):
        raise Unavailable("down")

    def kept_before(self, _moment):
        raise Unavailable("down")
        yield


def test_a_store_in_trouble_keeps_for_the_sweep(world):
    forget(Away(), "0" * 40)
    assert sweep(world.database, Away(), SystemClock().now()) == 0
