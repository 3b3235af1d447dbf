"""What stands for a second step: an app, codes on paper, passkeys."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Authenticator(Base):
    """An app that shows codes of six digits (TOTP, RFC 6238). The secret is sealed with the portal's key.

    It counts once `confirmed_at` stands; `last_step` is the newest half-minute of which a code was used.
    """

    __tablename__ = "authenticator"
    UNPROVED = ("last_step",)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(String(300))
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    """A code on paper that stands once for a lost device. Only its digest is kept: the code has 80 random
    bits.
    """

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("account_id", "digest"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    digest: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A key that a device keeps and that answers for this site alone (WebAuthn). `credential` is its id,
    base64url.
    """

    __tablename__ = "passkey"
    UNPROVED = ("sign_count",)
    JOURNAL_FILE = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    credential: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    device: Mapped[str] = mapped_column(String(120))
    added_at: Mapped[datetime]

    @property
    def reference(self) -> str:
        """Acts on it stand in the file of its account."""
        return str(self.account_id)
