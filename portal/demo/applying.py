"""Scenes of consortia: a draft begun, completed, submitted."""

from __future__ import annotations

import io
import tempfile
from typing import Any

from portal.access import Person
from portal.applications import actions as application_actions
from portal.applications import queries as applications
from portal.applications.content import what_to_sign
from portal.applications.lifecycle import Status
from portal.applications.models import Application
from portal.calls import queries as calls
from portal.canonical import digest
from portal.clock import StandingClock
from portal.demo import cast
from portal.demo.stage import Scene, Stage
from portal.documents.inspection import inspect
from portal.documents.pdf_form import FormFor, filled
from portal.organisations import queries as organisations


def _find(stage: Stage, one: cast.Consortium, number: int) -> Application | None:
    """The consortium's own application of the story, in the round with this number."""
    query = applications.visible_to(stage.person(one.welzijn.account))
    found = stage.session.scalars(query).all()
    return next(
        (
            a
            for a in found
            if (a.round.call.slug, a.round.number, a.region.key) == (stage.call, number, one.region)
            and a.status is Status.DRAFT
        ),
        None,
    )


def begin(one: cast.Consortium, number: int) -> Scene:
    """A draft is started, the partners named, the seats confirmed."""

    def scene(stage: Stage) -> None:
        round = calls.one_round(stage.session, stage.call, number)
        by = stage.person(one.welzijn.account)
        organisation = organisations.organisation(stage.session, one.welzijn.number)
        if round is None or organisation is None:
            stage.skipped.append(f"{one.welzijn.name}: geen ronde {number}")
            return
        outcome = application_actions.start(
            round,
            region=one.region,
            seat="welzijn",
            kind=one.welzijn.kind,
            organisation=organisation,
            email=one.welzijn.email,
            by=by,
            now=stage.now,
        )
        application = stage.did(outcome, one.welzijn.name)
        if application is None:
            return
        for seat in ("ggz", "vaph"):
            partner = one.seats()[seat]
            stage.later(2)
            outcome = application_actions.name_partner(
                application,
                seat=seat,
                number=partner.number,
                name=partner.name,
                kind=partner.kind,
                email=partner.email,
                by=by,
                now=stage.now,
            )
            stage.did(outcome, partner.name)
            outcome = application_actions.confirm_seat(
                application, seat=seat, by=stage.person(partner.account), now=stage.now
            )
            stage.did(outcome, partner.name)

    return scene


def complete(one: cast.Consortium, number: int) -> Scene:
    """Answers, the form made from them, and every partner's sign-off."""

    def scene(stage: Stage) -> None:
        application = _find(stage, one, number)
        if application is None:
            stage.skipped.append(f"{one.welzijn.name}: geen concept")
            return
        by = stage.person(one.welzijn.account)
        for section, values in stage.answers(one).items():
            stage.later(7)
            revision = next((a.revision for a in application.answers if a.section == section), 0)
            outcome = application_actions.save_section(
                application, section=section, values=values, revision=revision, by=by, now=stage.now
            )
            stage.did(outcome, one.welzijn.name)
        stage.did(_attach(stage, application, by), one.welzijn.name)
        for seat, partner in one.seats().items():
            stage.later(11)
            seen = digest(what_to_sign(applications.facts(application, stage.now), seat))
            outcome = application_actions.sign_off(
                application, seat=seat, seen=seen, by=stage.person(partner.account), now=stage.now
            )
            stage.did(outcome, partner.name)

    return scene


def _attach(stage: Stage, application: Application, by: Person) -> Any:
    pdf, found = _form(stage, application)
    return application_actions.attach(
        application,
        stored=stage.storage.put(io.BytesIO(pdf), limit=10_000_000),
        inspection=found,
        name=f"aanmeldingsformulier-{application.reference}.pdf",
        type="aanmeldingsformulier",
        media_type="application/pdf",
        made_here=True,
        limit=30,
        by=by,
        now=stage.now,
    )


def _form(stage: Stage, application: Application) -> tuple[bytes, Any]:
    """The form filled in with what the draft says, and what the portal reads in it."""
    if stage.forms and application.region.key in stage.forms:
        return stage.forms[application.region.key]  # type: ignore[no-any-return]
    facts = applications.facts(application, stage.now)
    subject = FormFor(
        call=facts.call,
        call_title=application.round.call.content["title"]["nl"],
        round=facts.round,
        region=facts.region,
        region_name=application.region.name,
        definition=facts.definition,
    )
    schema = stage.definitions.schemas["aanmeldingsformulier"]
    given = {f"{s}.{k}": v for s, body in facts.answers.items() for k, v in body.items()}
    pdf = filled(subject, given, {p.seat: f"{p.name}, {p.number}" for p in facts.partners}, schema)
    with tempfile.TemporaryFile() as stream:
        stream.write(pdf)
        stream.seek(0)
        made = pdf, inspect(stream, schema)
    if stage.forms is not None:
        stage.forms[application.region.key] = made
    return made


def send(one: cast.Consortium, number: int) -> Scene:
    """The lead submits."""

    def scene(stage: Stage) -> None:
        application = _find(stage, one, number)
        if application is None:
            stage.skipped.append(f"{one.welzijn.name}: niets om in te dienen")
            return
        outcome = application_actions.submit(
            application,
            revision=application.revision,
            clock=StandingClock(stage.now),
            waited=lambda: 0.0,
            by=stage.person(one.welzijn.account),
            now=stage.now,
        )
        stage.did(outcome, one.welzijn.name)

    return scene
