"""People who sign in, how they do, and the roles they hold. Organisations are the next room's; columns name
their table.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access import Role
from portal.accounts.rules.links import Purpose
from portal.db import Base, status_column


class Account(Base):
    """Somebody who can sign in. `label` is a function, never needed to be a person's name.

    `password` is an argon2id hash. `epoch` counts every change of password, status, role or membership.
    """

    __tablename__ = "account"
    JOURNAL_FILE = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    label: Mapped[str] = mapped_column(String(120))
    password: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    grants: Mapped[list[Grant]] = relationship(lazy="selectin", foreign_keys="Grant.account_id")


class Grant(Base):
    """A role of the department, for some regions or for all (null), and to the end of a day if one is named.

    `giver` is null where the operator of the portal gave it.
    """

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("account_id", "role"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role] = mapped_column(status_column(Role, "grant_role"))
    regions: Mapped[list | None]
    until: Mapped[date | None]
    given_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    given_at: Mapped[datetime]
    giver: Mapped[Account | None] = relationship(foreign_keys="Grant.given_by")


class SignIn(Base):
    """Somebody signed in on one device, until it ends. The cookie holds a random token, the row only its
    digest.

    Moments are real time, never the demo's. `fresh_at` is when the person last proved who they are. A `half`
    one waits for the second step, which may be tried a few times. One by the government's provider gives what
    that said for as long as it lasts: to act for an organisation, the `claimed` roles; `strong` when proved by
    two steps.
    """

    __tablename__ = "sign_in"
    PROVED = False
    JOURNAL_FILE = "account"
    __table_args__ = (Index("ix_sign_in_account", "account_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(120))
    began_at: Mapped[datetime]
    fresh_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended: Mapped[bool] = mapped_column(default=False)
    half: Mapped[bool] = mapped_column(default=False)
    tries: Mapped[int] = mapped_column(default=0)
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    claimed: Mapped[list] = mapped_column(default=list)
    strong: Mapped[bool] = mapped_column(default=False)
    account: Mapped[Account] = relationship(lazy="joined")

    @property
    def reference(self) -> str:
        """Acts on it stand in the file of its account."""
        return str(self.account_id)


class MailedLink(Base):
    """A link that was mailed to an address and does one thing, once. The link itself stands nowhere: see
    `links`.

    `epoch` binds it to the account as it was: whatever changed since makes it worthless. An invitation is to
    act for an organisation, as long as `inviter` decides for it.
    """

    __tablename__ = "mailed_link"
    PROVED = False
    __table_args__ = (Index("ix_mailed_link_email", "email", "made_at"),)
    JOURNAL_FILE = "mailed_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(status_column(Purpose, "link_purpose"))
    nonce: Mapped[str] = mapped_column(String(43))
    email: Mapped[str] = mapped_column(String(254))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    epoch: Mapped[int | None]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    inviter_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id"))
    account: Mapped[Account | None] = relationship(lazy="joined", foreign_keys="MailedLink.account_id")


class Failures(Base):
    """How often in a row somebody failed to prove who they are: by account and source, by account, by source.

    `key` is a digest: neither address nor source stands here.
    """

    __tablename__ = "failures"
    PROVED = False
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime]
