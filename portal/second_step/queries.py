"""Named selects of second steps."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.second_step.models import Authenticator, Passkey, RecoveryCode


def authenticator(session: Session, account_id: int | None) -> Authenticator | None:
    """The app of an account, confirmed or not."""
    return session.get(Authenticator, account_id or 0)


def has_second_step(session: Session, account_id: int | None) -> bool:
    """Whether signing in asks for more than a password."""
    return has_authenticator(session, account_id) or bool(passkeys(session, account_id))


def has_authenticator(session: Session, account_id: int | None) -> bool:
    """Whether an app was confirmed."""
    found = authenticator(session, account_id)
    return found is not None and found.confirmed_at is not None


def passkeys(session: Session, account_id: int | None) -> list[Passkey]:
    """The passkeys of an account, oldest first."""
    return list(session.scalars(select(Passkey).filter_by(account_id=account_id).order_by(Passkey.id)))


def passkey_with(session: Session, credential: str) -> Passkey | None:
    """The passkey with this id, whoever's."""
    return session.scalars(select(Passkey).filter_by(credential=credential)).one_or_none()


def codes_left(session: Session, account_id: int | None) -> int:
    """How many recovery codes were not used."""
    query = select(func.count()).select_from(RecoveryCode)
    return session.scalar(query.filter_by(account_id=account_id, used_at=None)) or 0


def recovery_code(session: Session, account_id: int, digest: str) -> RecoveryCode | None:
    """A recovery code of the account that was not used."""
    query = select(RecoveryCode).filter_by(account_id=account_id, digest=digest, used_at=None)
    return session.scalars(query.with_for_update()).one_or_none()


def all_recovery_codes(session: Session, account_id: int) -> list[RecoveryCode]:
    """Every recovery code of the account."""
    return list(session.scalars(select(RecoveryCode).filter_by(account_id=account_id)))
