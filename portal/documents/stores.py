"""Which store of files an installation has."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from portal.documents.storage import FolderStorage, Storage
from portal.settings import Settings


def from_settings(settings: Settings) -> Storage:
    """The store the settings name: `file:///folder` or `s3://bucket`."""
    parts = urlsplit(settings.storage_url)
    if parts.scheme == "s3":
        from portal.documents.s3 import S3Storage  # boto3 is slow to load, and only wanted here

        return S3Storage(parts.netloc, endpoint_url=settings.s3_endpoint_url or None)
    return FolderStorage(Path(unquote(parts.path)))
