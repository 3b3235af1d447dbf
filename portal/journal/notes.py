"""What leaves the house about the journal, in formats that other people's tools read.

A head is a C2SP checkpoint: origin, size, root, signed as a C2SP note with Ed25519. A proof is a C2SP
`tlog-proof`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ED25519 = b"\x01"
PROOF = "c2sp.org/tlog-proof@v1"


class NoteError(ValueError):
    """A note, head or key that is not what it should be; `str()` says why."""


@dataclass(frozen=True)
class Verifier:
    """Whose signatures count: the name of a key, and its public half."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that stand before each signature."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        """As other tools take it: name, key id and key, joined by plus signs."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def read(cls, text: str) -> Verifier:
        """From its text.

        Raises:
            NoteError: when it is no such key.
        """
        name, key_id, key = _three(text)
        found = cls(name, key[1:])
        if key[:1] != ED25519 or len(key) != 33 or found.key_id.hex() != key_id:
            raise NoteError("this is no Ed25519 key of a note")
        return found


@dataclass(frozen=True)
class Signer:
    """A key that signs heads."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """Its public half."""
        return Verifier(self.name, self.private.public_key().public_bytes_raw())

    def __str__(self) -> str:
        """As other tools take it: to be kept secret."""
        key = base64.b64encode(ED25519 + self.private.private_bytes_raw()).decode()
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{key}"

    @classmethod
    def read(cls, text: str) -> Signer:
        """From its text.

        Raises:
            NoteError: when it is no such key.
        """
        name, key_id, key = _three(text.removeprefix("PRIVATE+KEY+"))
        if not text.startswith("PRIVATE+KEY+") or key[:1] != ED25519 or len(key) != 33:
            raise NoteError("this is no private Ed25519 key of a note")
        found = cls(name, Ed25519PrivateKey.from_private_bytes(key[1:]))
        if found.verifier.key_id.hex() != key_id:
            raise NoteError("name, key id and key do not belong together")
        return found

    @classmethod
    def derived(cls, name: str, secret: str) -> Signer:
        """A key made from the portal's secret, for an installation without one of its own."""
        seed = HKDF(hashes.SHA256(), 32, salt=None, info=b"portal journal head").derive(secret.encode())
        return cls(name, Ed25519PrivateKey.from_private_bytes(seed))

    def sign(self, text: str) -> str:
        """A signed note: `text`, which ends with a newline, and the signature under it."""
        signature = base64.b64encode(self.verifier.key_id + self.private.sign(text.encode())).decode()
        return f"{text}\n\N{EM DASH} {self.name} {signature}\n"


def _three(text: str) -> tuple[str, str, bytes]:
    name, _, rest = text.strip().partition("+")
    key_id, _, key = rest.partition("+")
    try:
        return name, key_id, base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise NoteError("this is no key of a note") from problem


@dataclass(frozen=True)
class Head:
    """How large the tree was, and its root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def read_head(note: str, verifier: Verifier) -> Head:
    """A head that this key signed.

    Raises:
        NoteError: when it is no head, or nothing this key signed.
    """
    text, parted, signatures = note.rpartition("\n\n")
    text += "\n"
    signed = False
    for line in signatures.splitlines():
        dash, _, rest = line.partition(" ")
        name, _, coded = rest.partition(" ")
        try:
            signature = base64.b64decode(coded, validate=True)
        except (binascii.Error, ValueError):
            raise NoteError("a signature line is not as it should be") from None
        if dash != "\N{EM DASH}" or (name, signature[:4]) != (verifier.name, verifier.key_id):
            continue
        try:
            Ed25519PublicKey.from_public_bytes(verifier.public).verify(signature[4:], text.encode())
        except InvalidSignature:
            raise NoteError("the signature does not hold") from None
        signed = True
    if not parted or not signed:
        raise NoteError("the key of this journal did not sign it")
    origin, size, root, *_more = [*text.splitlines(), "", "", ""]
    if not size.isdecimal() or size != str(int(size)):
        raise NoteError("it says no size")
    try:
        return Head(origin, int(size), base64.b64decode(root, validate=True))
    except (binascii.Error, ValueError):
        raise NoteError("it says no root") from None


def proof(number: int, path: Sequence[bytes], note: str, extra: bytes = b"") -> str:
    """A `tlog-proof`: the place of an entry, its audit path and the head it leads to; `extra` is what the entry
    says.
    """
    lines = [PROOF, *([f"extra {base64.b64encode(extra).decode()}"] if extra else []), f"index {number}"]
    return "\n".join([*lines, *(base64.b64encode(one).decode() for one in path), "", note])
