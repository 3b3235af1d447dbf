"""The storage contract: on a folder, and on a real S3 server."""

import base64
import hashlib
import io
import os
import tracemalloc
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from portal.clock import SystemClock
from portal.documents.s3 import S3Storage
from portal.documents.storage import FolderStorage, Missing, TooLarge, Unavailable
from portal.documents.stores import from_settings
from portal.settings import read
from tests.cli.test_program import RIGHT
from tests.conftest import ON_SQLITE
from tests.parts import Faulty

MB = 1 << 20


class Slowly(io.RawIOBase):
    """A stream that cannot be rewound and gives a little at a time, as a network does."""

    def __init__(self, size):
        self.left = size

    def read(self, size=-1):
        size = min(self.left, size if size >= 0 else self.left, 10_000)
        self.left -= size
        return b"x" * size


@pytest.fixture(params=["folder", "s3"])
def store(request, tmp_path):
    if request.param == "folder":
        return FolderStorage(tmp_path / "files")
    return request.getfixturevalue("s3").storage()


def kept(store):
    """How many things lie in the store."""
    if isinstance(store, FolderStorage):
        return len([p for p in store.root.rglob("*") if p.is_file()])
    return store.client.list_objects_v2(Bucket=store.bucket)["KeyCount"]


@pytest.mark.parametrize("size", [0, 1, 200_000, 3 * MB])
def test_bytes_come_back_with_their_size_and_digest(store, size):
    body = os.urandom(size)
    stored = store.put(io.BytesIO(body), limit=size)
    assert (stored.size, stored.sha256) == (size, hashlib.sha256(body).hexdigest())
    with store.open(stored.key) as stream:
        assert stream.read() == body
        assert stream.fileno() > 0  # the fenced reader gets it as it is


def test_a_stream_is_never_in_memory_whole(store):
    store.put(Slowly(MB), limit=MB)
    tracemalloc.start()
    stored = store.put(Slowly(40 * MB), limit=40 * MB)
    with store.open(stored.key) as stream:
        while stream.read(1 << 16):
            pass
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 12 * MB
    store.delete(stored.key)


@ON_SQLITE
def test_one_byte_over_the_limit_leaves_nothing(store):
    before = kept(store)
    with pytest.raises(TooLarge):
        store.put(io.BytesIO(b"x" * 101), limit=100)
    assert kept(store) == before


@pytest.mark.parametrize("key", ["0" * 40, "../../etc/passwd", "", "A" * 40])
def test_what_is_not_there_is_missing(store, key):
    with pytest.raises(Missing):
        store.open(key)


def test_deleting_twice_is_fine(store):
    stored = store.put(io.BytesIO(b"x"), limit=10)
    store.delete(stored.key)
    store.delete(stored.key)
    with pytest.raises(Missing):
        store.open(stored.key)


def test_a_store_that_works_says_nothing(store):
    store.check()


# Trouble with a folder


def test_a_folder_that_is_away_is_told(tmp_path):
    store = FolderStorage(tmp_path / "files")
    (tmp_path / "files").rmdir()
    (tmp_path / "files").write_text("a file stands in the way")
    for ask in (store.check, lambda: store.put(io.BytesIO(b"x"), limit=1)):
        with pytest.raises(Unavailable, match="the folder: "):
            ask()


def test_a_full_disk_leaves_nothing_half(tmp_path, monkeypatch):
    store = FolderStorage(tmp_path / "files")

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Unavailable, match="No space left"):
        store.put(io.BytesIO(b"x"), limit=1)
    assert kept(store) == 0


# Trouble with S3


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"aws_secret_access_key": "verkeerd"}, "SignatureDoesNotMatch|403"),
        ({"aws_access_key_id": "onbekend"}, "InvalidAccessKeyId|403"),
        ({"endpoint_url": "http://127.0.0.1:9"}, "EndpointConnectionError"),
    ],
)
def test_a_wrong_key_or_address_is_told(s3, changes, told):
    store = s3.storage(**changes)
    for ask in (store.check, lambda: store.put(io.BytesIO(b"x"), limit=1), lambda: store.open("0" * 40)):
        with pytest.raises(Unavailable, match=told):
            ask()


def test_a_missing_bucket_is_told(s3):
    with pytest.raises(Unavailable, match="404"):
        s3.storage("nergens").check()  # SeaweedFS makes a bucket when something is put into it; others refuse


def test_the_store_itself_checks_the_digest(s3):
    store = s3.storage()
    wrong = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    with pytest.raises(ClientError, match="BadDigest"):
        store.client.put_object(Bucket=store.bucket, Key="x", Body=b"these", ChecksumSHA256=wrong)


@pytest.mark.parametrize("plan", [["busy"], ["busy", "cut"], ["cut", "cut"], ["deaf"]])
def test_trouble_that_passes_costs_nothing_and_doubles_nothing(s3, plan):
    before = kept(s3.storage())
    with Faulty(int(s3.endpoint.rpartition(":")[2]), list(plan)) as before_it:
        stored = s3.storage(endpoint_url=before_it.endpoint).put(io.BytesIO(b"y" * MB), limit=MB)
        assert before_it.seen > len(plan)
    assert kept(s3.storage()) == before + 1
    with s3.storage().open(stored.key) as stream:
        assert hashlib.sha256(stream.read()).hexdigest() == stored.sha256


@pytest.mark.parametrize("fault", ["busy", "cut"])
def test_trouble_that_stays_is_told_after_three_tries(s3, fault):
    before = kept(s3.storage())
    with Faulty(int(s3.endpoint.rpartition(":")[2]), [fault] * 9) as before_it:
        with pytest.raises(Unavailable):
            s3.storage(endpoint_url=before_it.endpoint).put(io.BytesIO(b"z" * MB), limit=MB)
        assert before_it.seen == 3
    assert kept(s3.storage()) == before


def test_settings_name_the_store(tmp_path, monkeypatch):
    found = from_settings(read({**RIGHT, "PORTAL_STORAGE_URL": f"file://{tmp_path}/met%20spatie"}))
    assert isinstance(found, FolderStorage)
    assert found.root == tmp_path / "met spatie"
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    found = from_settings(
        read({**RIGHT, "PORTAL_STORAGE_URL": "s3://mandaat", "PORTAL_S3_ENDPOINT_URL": "https://s3.example"})
    )
    assert isinstance(found, S3Storage)
    assert (found.bucket, found.client.meta.endpoint_url) == ("mandaat", "https://s3.example")


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(days=1)])
def test_the_store_tells_what_is_old(store, ago):
    key = store.put(io.BytesIO(b"x"), limit=1).key
    assert (key in set(store.kept_before(SystemClock().now() - ago + timedelta(seconds=2)))) == (not ago)
