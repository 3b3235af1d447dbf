"""An upload on a real S3 server, and what a person sees when the store is in trouble: a sentence, nothing half
done.
"""

import hashlib
import io

import pytest

from portal.applications.lifecycle import Status
from portal.documents.models import Document
from tests import make
from tests.conftest import ON_SQLITE
from tests.parts import Faulty

pytestmark = ON_SQLITE


@pytest.fixture
def on_s3(world, s3):
    """The same portal with its files in a bucket."""
    world.use(storage=s3.storage())
    return world


def upload(world, found):
    client = world.client("aanvrager")
    path = f"/aanvragen/{found.reference}/documenten"
    pdf = make.form_pdf(world, found)
    return (
        pdf,
        client,
        client.post(path, {"type": "aanmeldingsformulier", "file": (io.BytesIO(pdf), "form.pdf")}),
    )


def test_from_upload_to_download_in_a_bucket(on_s3):
    found = make.ready(on_s3)
    assert make.done(make.submit(on_s3, found))
    document = make.again(on_s3, found).files[0].document
    assert found.status is Status.SUBMITTED
    body = on_s3.client("aanvrager").bytes(f"/aanvragen/{found.reference}/documenten/{found.files[0].id}")
    assert hashlib.sha256(body).hexdigest() == document.sha256
    manifest = found.submissions[0].manifest
    assert [m["sha256"] for m in manifest] == [document.sha256]


@pytest.mark.parametrize("fault", ["busy", "cut"])
def test_an_upload_to_a_store_in_trouble_is_told_and_can_be_done_again(on_s3, s3, fault):
    found = make.draft(on_s3)
    with Faulty(int(s3.endpoint.rpartition(":")[2]), [fault] * 3) as between:
        on_s3.use(storage=s3.storage(endpoint_url=between.endpoint))
        _pdf, _client, page = upload(on_s3, found)
        assert "Wij konden dit bestand nu niet bewaren" in page.said
        assert make.again(on_s3, found).files == []
        _pdf, _client, answer = upload(on_s3, found)
        assert answer == f"/aanvragen/{found.reference}/documenten"
    assert len(make.again(on_s3, found).files) == 1


@pytest.mark.parametrize("fault", ["busy", "cut"])
def test_a_download_from_a_store_in_trouble_is_told_and_can_be_done_again(on_s3, s3, fault):
    found = make.ready(on_s3)
    client, path = on_s3.client("aanvrager"), f"/aanvragen/{found.reference}/documenten/{found.files[0].id}"
    with Faulty(int(s3.endpoint.rpartition(":")[2]), [fault] * 3) as between:
        on_s3.use(storage=s3.storage(endpoint_url=between.endpoint))
        assert "even niet bereikbaar" in client.get(path, status=503).said
        assert client.bytes(path).startswith(b"%PDF")


def test_submitting_needs_no_store(on_s3, s3):
    found = make.ready(on_s3)
    on_s3.use(storage=s3.storage(endpoint_url="http://127.0.0.1:9"))
    client = on_s3.client("aanvrager")
    home = f"/aanvragen/{found.reference}"
    answer = client.post(f"{home}/controle", action=f"{home}/indienen")
    assert answer == f"{home}/ontvangstbewijs"
    assert make.again(on_s3, found).status is Status.SUBMITTED
    with client.client.get(f"{home}/documenten/{found.files[0].id}") as away:
        assert away.status_code == 503
        assert "even niet bereikbaar" in away.text


def test_a_changed_file_goes_to_nobody(world):
    found = make.ready(world)
    document = world.session.get(Document, found.files[0].document_id)
    path = world.storage._path(document.storage_key)
    path.write_bytes(path.read_bytes().replace(b"PDF", b"PDX", 1))
    client = world.client("aanvrager")
    with client.client.get(f"/aanvragen/{found.reference}/documenten/{found.files[0].id}") as answer:
        assert answer.status_code == 500
        assert "Er ging iets mis bij ons" in answer.text
    path.unlink()
    with client.client.get(f"/aanvragen/{found.reference}/documenten/{found.files[0].id}") as answer:
        assert answer.status_code == 500
