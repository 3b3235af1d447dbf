"""Named selects of shared pages."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Delete, delete, select
from sqlalchemy.orm import Session

from portal.access import Person
from portal.helping.models import SharedPage
from portal.helping.rules import SHARED_FOR, SharedFacts


def shared_page_with(session: Session, digest: str) -> SharedPage | None:
    """The shared page whose code has this digest."""
    return session.scalars(select(SharedPage).filter_by(digest=digest)).one_or_none()


def one_shared_page(session: Session, page_id: int) -> SharedPage | None:
    """The shared page with this id."""
    return session.get(SharedPage, page_id)


def shared_pages_of(session: Session, person: Person, real: datetime) -> list[SharedPage]:
    """What the person shares at this moment, newest first."""
    query = select(SharedPage).where(SharedPage.account_id == person.account_id, SharedPage.body != "")
    query = query.where(SharedPage.shared_at > real - SHARED_FOR)
    return list(session.scalars(query.order_by(SharedPage.id.desc())))


def shared_pages_over(session: Session, real: datetime) -> list[SharedPage]:
    """Shared pages whose hour is over, and that still hold something."""
    query = select(SharedPage).where(SharedPage.body != "", SharedPage.shared_at <= real - SHARED_FOR)
    return list(session.scalars(query.with_for_update(of=SharedPage)))


def shared_facts(page: SharedPage, by: Person, real: datetime) -> SharedFacts:
    """A shared page as the rules see it."""
    return SharedFacts(
        shared_at=page.shared_at,
        emptied=not page.body,
        opened_by=page.opened_by,
        by=by.account_id,
        own=page.account_id == by.account_id,
        now=real,
    )


def outdated(real: datetime) -> Delete:
    """The statement that takes away shared pages of more than a week."""
    return delete(SharedPage).where(SharedPage.shared_at <= real - timedelta(days=7))
