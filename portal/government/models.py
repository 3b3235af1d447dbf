"""People as the government's provider knows them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account
from portal.db import Base


class Identity(Base):
    """Somebody as the government's provider knows them: its address and their number there, never their mail
    address.

    Without an account somebody came once, and has not proved an address yet.
    """

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    JOURNAL_FILE = "identity"
    id: Mapped[int] = mapped_column(primary_key=True)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    met_at: Mapped[datetime]
    account: Mapped[Account | None] = relationship()
