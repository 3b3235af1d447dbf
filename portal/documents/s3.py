"""The store of a department: a bucket of any S3 server. The same contract as the folder, see `storage`.

Every object is sent with its SHA-256, which the server checks before it answers; what comes back is checked
against it again. Network trouble is tried three times, then told as `Unavailable`.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any, BinaryIO, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from portal.documents.storage import CHUNK, Missing, Stored, TooLarge, Unavailable, is_key, well_formed

ATTEMPTS = 3
CONNECT_TIMEOUT, READ_TIMEOUT = 5, 10  # seconds
IN_MEMORY = 1 << 20


class S3Storage:
    """One object per key in a bucket. Credentials come from the usual AWS variables."""

    def __init__(self, bucket: str, *, endpoint_url: str | None = None, **session: Any) -> None:
        self.bucket = bucket
        self.client: Any = boto3.session.Session(**session).client(
            "s3",
            endpoint_url=endpoint_url,
            config=Config(
                connect_timeout=CONNECT_TIMEOUT,
                read_timeout=READ_TIMEOUT,
                retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
                s3={"addressing_style": "path"},
            ),
        )

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """Keep the stream: copied aside while it is hashed, then sent with its digest.

        Raises:
            TooLarge: after `limit` bytes; nothing is left behind.
            Unavailable: when the store did not take it.
        """
        digest, size, key = hashlib.sha256(), 0, secrets.token_hex(20)
        with _translated(), tempfile.SpooledTemporaryFile(IN_MEMORY) as aside:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise TooLarge(limit)
                digest.update(chunk)
                aside.write(chunk)
            aside.seek(0)
            self._send(key, aside, size, base64.b64encode(digest.digest()).decode())
        return Stored(key, size, digest.hexdigest())

    def open(self, key: str) -> BinaryIO:
        """The bytes under `key`, as a file of their own, whole and checked against the digest the store keeps.

        Raises:
            Missing: when there are none.
            Unavailable: when the store does not give them, or not all of them.
        """
        well_formed(key)
        aside = tempfile.TemporaryFile()  # noqa: SIM115 - it is what the caller gets
        try:
            with _translated(key):
                answer = self.client.get_object(Bucket=self.bucket, Key=key, ChecksumMode="ENABLED")
                with closing(answer["Body"]) as body:
                    for chunk in body.iter_chunks(CHUNK):
                        aside.write(chunk)
            aside.seek(0)
        except BaseException:
            aside.close()
            raise
        return cast(BinaryIO, aside)

    def delete(self, key: str) -> None:
        """Forget bytes; none there is fine.

        Raises:
            Unavailable: when the store does not answer.
        """
        with _translated(key):
            self.client.delete_object(Bucket=self.bucket, Key=key)

    def kept_before(self, moment: datetime) -> Iterator[str]:
        """Keys of what was kept before `moment`.

        Raises:
            Unavailable: when the store does not answer.
        """
        with _translated():
            for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket):
                for found in page.get("Contents", ()):
                    if is_key(found["Key"]) and found["LastModified"] < moment:
                        yield found["Key"]

    def check(self) -> None:
        """Ask whether the bucket is there and ours.

        Raises:
            Unavailable: with the reason.
        """
        with _translated():
            self.client.head_bucket(Bucket=self.bucket)

    def _send(self, key: str, aside: Any, size: int, checksum: str) -> None:
        try:
            self.client.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=aside,
                ContentLength=size,
                ChecksumSHA256=checksum,
                IfNoneMatch="*",
            )
        except ClientError as problem:
            if _code(problem) not in ("PreconditionFailed", "412"):
                raise
            # An answer was lost and the same bytes sent again: ours, if the digest is ours.
            found = self.client.head_object(Bucket=self.bucket, Key=key, ChecksumMode="ENABLED")
            if found.get("ChecksumSHA256") != checksum:
                raise


def _code(problem: ClientError) -> str:
    return str(problem.response.get("Error", {}).get("Code", ""))


@contextmanager
def _translated(key: str = "") -> Iterator[None]:
    """Put the client's errors into the words of the contract."""
    try:
        yield
    except ClientError as problem:
        if key and _code(problem) in ("NoSuchKey", "404"):
            raise Missing(key) from problem
        raise Unavailable(f"S3 answers {_code(problem)}") from problem
    except (BotoCoreError, OSError) as problem:
        raise Unavailable(f"S3: {type(problem).__name__}") from problem
