"""The storage contract, on a folder."""

import hashlib
import io

import pytest

from portal.documents.storage import FolderStorage, Missing, TooLarge, from_url


@pytest.fixture
def store(tmp_path):
    return FolderStorage(tmp_path / "files")


def test_bytes_come_back_with_their_size_and_digest(store):
    body = b"x" * 200_000
    kept = store.put(io.BytesIO(body), limit=200_000)
    assert (kept.size, kept.sha256) == (len(body), hashlib.sha256(body).hexdigest())
    with store.open(kept.key) as stream:
        assert stream.read() == body


def test_one_byte_over_the_limit_leaves_nothing(store):
    with pytest.raises(TooLarge):
        store.put(io.BytesIO(b"x" * 101), limit=100)
    assert [p for p in store.root.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("key", ["0" * 40, "../../etc/passwd", "", "A" * 40])
def test_what_is_not_there_is_missing(store, key):
    with pytest.raises(Missing):
        store.open(key)


def test_deleting_twice_is_fine(store):
    kept = store.put(io.BytesIO(b"x"), limit=10)
    store.delete(kept.key)
    store.delete(kept.key)
    with pytest.raises(Missing):
        store.open(kept.key)


def test_only_folders_yet(tmp_path):
    assert from_url(f"file://{tmp_path}/met%20spatie").root == tmp_path / "met spatie"
    with pytest.raises(ValueError, match="s3"):
        from_url("s3://bucket")
