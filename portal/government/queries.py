"""Named selects of identities of the government's provider."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.government.models import Identity


def identity(session: Session, issuer: str, subject: str) -> Identity | None:
    """Somebody as the government's provider knows them."""
    return session.scalars(select(Identity).filter_by(issuer=issuer, subject=subject)).one_or_none()


def one_identity(session: Session, identity_id: int) -> Identity | None:
    """The identity with this id."""
    return session.get(Identity, identity_id)


def identities(session: Session, account_id: int | None) -> list[Identity]:
    """By which identities somebody signs in to an account."""
    return list(session.scalars(select(Identity).filter_by(account_id=account_id).order_by(Identity.id)))
