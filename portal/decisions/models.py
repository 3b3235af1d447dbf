"""A decision on an application: prepared, confirmed by a second person, released with its letter, notified."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.applications.models import Application
from portal.db import Base, status_column
from portal.decisions.lifecycle import Status
from portal.decisions.rules import Outcome
from portal.documents.models import Document


class Decision(Base):
    """Outcome and reason; `body` holds reasons per criterion, grounds, authority and remedies as they stood
    then, `basis` what it rests on (`decisions.basis`).
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> prepared_by", name="second_person_is_another"),
        CheckConstraint(
            "status NOT IN ('released','notified') OR (confirmed_by IS NOT NULL AND letter_id IS NOT NULL "
            "AND released_at IS NOT NULL)",
            name="released_was_confirmed_with_letter",
        ),
        Index(
            "one_standing_decision_per_application",
            "application_id",
            unique=True,
            sqlite_where=text("status <> 'withdrawn'"),
            postgresql_where=text("status <> 'withdrawn'"),
        ),
    )
    JOURNAL_FILE = "decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(status_column(Outcome, "decision_outcome"))
    status: Mapped[Status] = mapped_column(status_column(Status, "decision_status"))
    revision: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(Text)
    body: Mapped[dict]
    basis: Mapped[dict]
    basis_digest: Mapped[str] = mapped_column(String(64))
    prepared_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    prepared_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    notified_at: Mapped[datetime | None]
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    application: Mapped[Application] = relationship(lazy="joined")
    letter: Mapped[Document | None] = relationship(lazy="joined")

    @property
    def journal_subject(self) -> Application:
        """What happens to it stands in the file of its application."""
        return self.application
