"""An application: its consortium, answers, documents, sign-offs, and its submitted versions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.applications.lifecycle import Status
from portal.calls.models import RegionRow, Round
from portal.db import Base, guard, status_column
from portal.documents.models import Document
from portal.organisations.models import Organisation


class Application(Base):
    """One application for one region in one round; the lead is the organisation that started it, in its
    seat.
    """

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint(
            "status NOT IN ('submitted','admissible','approved','rejected','inadmissible') "
            "OR submitted_at IS NOT NULL",
            name="submitted_has_a_moment",
        ),
        Index(
            "one_submitted_per_lead_round_region",
            "lead_organisation_id",
            "round_id",
            "region_id",
            unique=True,
            sqlite_where=text("status NOT IN ('draft','withdrawn')"),
            postgresql_where=text("status NOT IN ('draft','withdrawn')"),
        ),
    )
    JOURNAL_FILE = "application"
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    lead_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    lead_seat: Mapped[str] = mapped_column(String(40))
    status: Mapped[Status] = mapped_column(status_column(Status, "application_status"))
    revision: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    reminded_hours: Mapped[int | None]
    is_test: Mapped[bool] = mapped_column(default=False)
    round: Mapped[Round] = relationship(lazy="joined")
    region: Mapped[RegionRow] = relationship(lazy="joined")
    lead: Mapped[Organisation] = relationship(lazy="joined")
    partners: Mapped[list[Partner]] = relationship(lazy="selectin", order_by="Partner.id")
    answers: Mapped[list[Answers]] = relationship(lazy="select", order_by="Answers.id")
    files: Mapped[list[Attachment]] = relationship(lazy="select", order_by="Attachment.id")
    sign_offs: Mapped[list[SignOff]] = relationship(lazy="select", order_by="SignOff.id")
    submissions: Mapped[list[Submission]] = relationship(
        lazy="select", order_by="Submission.number", back_populates="application"
    )


class Partner(Base):
    """Who takes a seat: named by the lead by enterprise number, confirmed by itself."""

    __tablename__ = "partner"
    __table_args__ = (UniqueConstraint("application_id", "seat"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    seat: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(10), index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(60))
    email: Mapped[str] = mapped_column(String(254))
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime | None]


class Answers(Base):
    """The answers to one section; compare-and-swapped on `revision`."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("application_id", "section"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    section: Mapped[str] = mapped_column(String(40))
    revision: Mapped[int] = mapped_column(default=1)
    body: Mapped[dict]


class Attachment(Base):
    """A document of an application, as which type."""

    __tablename__ = "attachment"
    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    type: Mapped[str] = mapped_column(String(40))
    made_here: Mapped[bool] = mapped_column(default=False)
    document: Mapped[Document] = relationship(lazy="joined")


class SignOff(Base):
    """A partner agreed with exactly this: digests per common or own section and per file."""

    __tablename__ = "sign_off"
    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    seat: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(10))
    digests: Mapped[dict]
    at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class Submission(Base):
    """A frozen version: the exact canonical bytes, their SHA-256, and the manifest of files."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("application_id", "number"),
        UniqueConstraint("application_id", "idempotency_key"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    number: Mapped[int]
    idempotency_key: Mapped[str] = mapped_column(String(40))
    content: Mapped[bytes]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    manifest: Mapped[list]
    submitted_at: Mapped[datetime]
    submitted_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    application: Mapped[Application] = relationship(back_populates="submissions", lazy="select")
    partners: Mapped[list[SubmittedPartner]] = relationship(lazy="select", order_by="SubmittedPartner.id")


class SubmittedPartner(Base):
    """Who took a seat in a frozen version: what its exact bytes say, for queries to ask."""

    __tablename__ = "submitted_partner"
    __table_args__ = (UniqueConstraint("submission_id", "seat"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    seat: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(10), index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(60))
    email: Mapped[str] = mapped_column(String(254))


class KeptArrival(Base):
    """A complete request to submit that met an ended sign-in: it was not submitted, and its arrival is kept for
    the same person, who may send it again for half an hour (rule 3). `sha256` is of what it would have been.
    """

    __tablename__ = "kept_arrival"
    __table_args__ = (UniqueConstraint("application_id", "account_id", "revision"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    revision: Mapped[int]
    arrived_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(String(64))
    application: Mapped[Application] = relationship(lazy="joined")


for _table in (Submission, SubmittedPartner, KeptArrival):
    for _when in ("UPDATE", "DELETE"):
        guard(_table.__table__, f"{_table.__tablename__}_is_frozen", _when)
