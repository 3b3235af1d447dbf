"""People, the organisations they are members of, and the roles they hold."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access import Role
from portal.db import Base, words


class Organisation(Base):
    """A legal person, known by its enterprise number (KBO, ten digits without dots)."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("length(number) = 10", name="number_has_ten_digits"),)
    JOURNAL_FILE = "organisation"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(10), unique=True)

    @property
    def reference(self) -> str:
        """Its enterprise number."""
        return self.number


class Account(Base):
    """Somebody who can sign in. `label` is a function, never needed to be a person's name.

    `password` is an argon2id hash; `fs_uniquifier` stands in the cookie, so that changing it ends all sessions.
    `epoch` counts every change of password, status, role or membership.
    """

    __tablename__ = "account"
    JOURNAL_FILE = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    label: Mapped[str] = mapped_column(String(120))
    password: Mapped[str] = mapped_column(String(200))
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    memberships: Mapped[list[Membership]] = relationship(lazy="selectin")
    grants: Mapped[list[Grant]] = relationship(lazy="selectin", foreign_keys="Grant.account_id")


class Membership(Base):
    """An account acts for an organisation."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("account_id", "organisation_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    organisation: Mapped[Organisation] = relationship(lazy="joined")


class Grant(Base):
    """A role of the department, for some regions or for all (null), and to the end of a day if one is named."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("account_id", "role"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role] = mapped_column(words(Role, "grant_role"))
    regions: Mapped[list | None]
    until: Mapped[date | None]
