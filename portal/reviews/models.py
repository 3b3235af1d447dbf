"""Findings on admissibility, ties that bind, and assignments with their scores."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account
from portal.applications.models import Application
from portal.db import Base, status_column
from portal.reviews.lifecycle import Status


class Finding(Base):
    """What the desk found on admissibility: each check with its outcome, and why.

    The last one counts; another is made where whoever made it turns out to be tied. Those before stay.
    """

    __tablename__ = "finding"
    JOURNAL_FILE = "application"
    __table_args__ = (UniqueConstraint("application_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    number: Mapped[int] = mapped_column(default=1)
    checks: Mapped[dict]
    admissible: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime]
    found_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    application: Mapped[Application] = relationship(lazy="joined")

    @property
    def reference(self) -> str:
        """Its application's: what happens to it stands in that file."""
        return self.application.reference


class Tie(Base):
    """A tie of an account to an organisation, by enterprise number: it binds wherever that takes part.

    One that ended binds on in rounds that had opened by then.
    """

    __tablename__ = "tie"
    JOURNAL_FILE = "account"
    __table_args__ = (
        Index(
            "one_standing_tie_per_organisation",
            "account_id",
            "number",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    number: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(40))
    declared_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def reference(self) -> str:
        """Acts on it stand in the file of its account."""
        return str(self.account_id)


class Review(Base):
    """One reviewer's appraisal of one application."""

    __tablename__ = "review"
    JOURNAL_FILE = "application"
    __table_args__ = (UniqueConstraint("application_id", "reviewer_id", "cycle"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    cycle: Mapped[int] = mapped_column(default=1)
    status: Mapped[Status] = mapped_column(status_column(Status, "review_status"))
    revision: Mapped[int] = mapped_column(default=1)
    assigned_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]
    application: Mapped[Application] = relationship(lazy="joined")
    reviewer: Mapped[Account] = relationship(lazy="joined")
    scores: Mapped[list[Score]] = relationship(lazy="selectin", order_by="Score.id")

    @property
    def reference(self) -> str:
        """Its application's: what happens to it stands in that file."""
        return self.application.reference


class Score(Base):
    """A level on one criterion, justified in writing."""

    __tablename__ = "score"
    __table_args__ = (UniqueConstraint("review_id", "criterion"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"))
    criterion: Mapped[str] = mapped_column(String(60))
    score: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
