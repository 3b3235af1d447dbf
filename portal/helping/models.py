"""Pages that applicants share with the desk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account
from portal.db import Base


class SharedPage(Base):
    """A page as an applicant saw it, shared with the department's help for an hour of real time, by a code said
    to them.

    `body` is sealed with the code, of which only a digest stands here; it is emptied when its time is over.
    Whoever opened it first is the only one who can again.
    """

    __tablename__ = "shared_page"
    PROVED = False
    JOURNAL_FILE = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    path: Mapped[str] = mapped_column(String(300))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    body: Mapped[str] = mapped_column(Text)
    shared_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime | None]
    account: Mapped[Account] = relationship(lazy="joined", foreign_keys="SharedPage.account_id")

    @property
    def reference(self) -> str:
        """Acts on it stand in the file of its account."""
        return str(self.account_id)
