"""Organisations, and who acts for them or did."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account
from portal.db import Base, guard, status_column
from portal.organisations.lifecycle import Status


class Organisation(Base):
    """A legal person, known by its enterprise number (KBO, ten digits without dots).

    One that merged stays as it was: its members act for the one it went into, which acts for what the old one
    did. `merged_into_id` is always the last of a chain.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("length(number) = 10", name="number_has_ten_digits"),
        CheckConstraint("merged_into_id <> id", name="merged_into_another"),
    )
    JOURNAL_FILE = "organisation"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(10), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    merged_on: Mapped[date | None]
    memberships: Mapped[list[Membership]] = relationship(back_populates="organisation")
    merged_into: Mapped[Organisation | None] = relationship(remote_side=[id], back_populates="absorbed")
    absorbed: Mapped[list[Organisation]] = relationship(
        back_populates="merged_into", lazy="selectin", join_depth=1
    )

    @property
    def reference(self) -> str:
        """Its enterprise number."""
        return self.number

    @property
    def stands(self) -> bool:
        """Whether people can act for it."""
        return self.active and self.merged_into_id is None


class Membership(Base):
    """An account acts for an organisation. A `manager` decides who else does."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("account_id", "organisation_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    manager: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime]
    organisation: Mapped[Organisation] = relationship(lazy="joined", back_populates="memberships")
    account: Mapped[Account] = relationship()


class PastMembership(Base):
    """An account acted for an organisation until a moment: it left, or it came for it by the government's
    provider (then until no such sign-in can stand any more). Ties ask it: who acted for a party since a round
    opened is bound (rule 9).
    """

    __tablename__ = "past_membership"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    since: Mapped[datetime]
    until: Mapped[datetime]


for _when in ("UPDATE", "DELETE"):
    guard(PastMembership.__table__, "past_membership_is_append_only", _when)


class MembershipRequest(Base):
    """An account asks to act for an organisation, by its enterprise number.

    `name` is what the asker calls it.
    """

    __tablename__ = "membership_request"
    __table_args__ = (
        Index(
            "one_open_request_per_organisation",
            "account_id",
            "number",
            unique=True,
            sqlite_where=text("status = 'asked'"),
            postgresql_where=text("status = 'asked'"),
        ),
    )
    JOURNAL_FILE = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    number: Mapped[str] = mapped_column(String(10), index=True)
    name: Mapped[str] = mapped_column(String(200))
    status: Mapped[Status] = mapped_column(status_column(Status, "membership_request_status"))
    asked_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500), default="")
    account: Mapped[Account] = relationship(lazy="joined")

    @property
    def reference(self) -> str:
        """Acts on it stand in the file of its account."""
        return str(self.account_id)
