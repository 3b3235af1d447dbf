"""Making things for tests by the real verbs, as far as wanted."""

from __future__ import annotations

import io
from typing import Any

from portal.accounts import queries as accounts
from portal.applications import actions, queries
from portal.applications.content import digest, what_to_sign
from portal.applications.lifecycle import Status
from portal.applications.models import Application
from portal.calls import queries as calls
from portal.documents.inspection import inspect
from portal.documents.pdf_form import FormFor, filled
from portal.lifecycle import Done
from tests.conftest import CALL, ORGANISATIONS, World

LONG = "Wij werken al jaren samen met de partners in de regio en bereiken mensen via de lokale besturen. "
ANSWERS: dict[str, dict[str, Any]] = {
    "contact": {
        "contact-functie": "coördinator",
        "contact-mail": "zorgenwerk@proef.example",
        "standplaatsen": 4,
        "inbedding": LONG,
    },
    "aanpak": {
        "casemanagers": 6,
        "trajecten": 90,
        "deskundigheid": LONG,
        "herstel": LONG,
        "tandem": "getekend",
    },
    "continuiteit": {"vervanging": LONG, "start": "yes", "akkoord-opdrachten": "yes"},
}
KINDS = {"welzijn": "ocmw", "ggz": "cgg", "vaph": "vaph-voorziening"}


def done(outcome: Any) -> Any:
    """The value of an act that must succeed."""
    assert isinstance(outcome, Done), outcome
    return outcome.value


def again(world: World, application: Application) -> Application:
    """The application as it stands now."""
    world.session.rollback()
    return world.session.get(Application, application.id, populate_existing=True)


def draft(world: World, region: str = "midwest", lead: str = "aanvrager", round: int = 1) -> Application:
    """A draft with one partner: the lead."""
    by = world.person(lead)
    found = calls.one_round(world.session, CALL, round)
    organisation = accounts.organisation(world.session, ORGANISATIONS[lead][0])
    kind = "caw" if lead == "rivaal" else "ocmw"
    return done(
        actions.start(
            found,
            region=region,
            seat="welzijn",
            kind=kind,
            organisation=organisation,
            email=by.email,
            by=by,
            now=world.now,
        )
    )


def name_partners(world: World, application: Application, lead: str = "aanvrager") -> None:
    """The GGZ and VAPH partners named and confirmed by themselves."""
    for seat in ("ggz", "vaph"):
        number, name = ORGANISATIONS[seat]
        done(
            actions.name_partner(
                application,
                seat=seat,
                number=number,
                name=name,
                kind=KINDS[seat],
                email=f"{seat}@proef.example",
                by=world.person(lead),
                now=world.now,
            )
        )
        done(actions.confirm_seat(application, seat=seat, by=world.person(seat), now=world.now))


def answer(world: World, application: Application, lead: str = "aanvrager") -> None:
    """Every section filled in."""
    for section, values in ANSWERS.items():
        revision = next((a.revision for a in application.answers if a.section == section), 0)
        done(
            actions.save_section(
                application,
                section=section,
                values=values,
                revision=revision,
                by=world.person(lead),
                now=world.now,
            )
        )


def form_pdf(world: World, application: Application, **changes: Any) -> bytes:
    """The aanmeldingsformulier of this application, from its answers."""
    facts = queries.facts(application, world.now)
    subject = {
        "call": facts.call, "call_title": "Oproep", "round": facts.round, "region": facts.region,
        "region_name": facts.region, "definition": facts.definition, **changes,
    }  # fmt: skip
    answers = {f"{s}.{k}": v for s, body in facts.answers.items() for k, v in body.items()}
    return filled(FormFor(**subject), answers, {}, world.defined.schemas["aanmeldingsformulier"])


def attach(
    world: World, application: Application, pdf: bytes, lead: str = "aanvrager", name: str = "form.pdf"
) -> Any:
    """Attach a PDF as the aanmeldingsformulier; the outcome of the act."""
    stored = world.storage.put(io.BytesIO(pdf), limit=10_000_000)
    with world.storage.open(stored.key) as stream:
        found = inspect(stream, world.defined.schemas["aanmeldingsformulier"])
    return actions.attach(
        application,
        stored=stored,
        inspection=found,
        name=name,
        type="aanmeldingsformulier",
        media_type="application/pdf",
        made_here=False,
        limit=30,
        by=world.person(lead),
        now=world.now,
    )


def sign(
    world: World, application: Application, seats: Any = ("welzijn", "ggz", "vaph"), lead: str = "aanvrager"
) -> None:
    """Sign off for these seats on what stands there."""
    for seat in seats:
        seen = digest(what_to_sign(queries.facts(application, world.now), seat))
        by = world.person(lead if seat == "welzijn" else seat)
        done(actions.sign_off(application, seat=seat, seen=seen, by=by, now=world.now))


def ready(world: World, region: str = "midwest", lead: str = "aanvrager", round: int = 1) -> Application:
    """A draft that could be submitted now."""
    application = draft(world, region, lead, round)
    name_partners(world, application, lead)
    answer(world, application, lead)
    done(attach(world, application, form_pdf(world, application), lead))
    sign(world, application, lead=lead)
    return application


def submit(world: World, application: Application, lead: str = "aanvrager", revision: int | None = None) -> Any:
    """The outcome of submitting it as it stands."""
    return actions.submit(
        application,
        revision=application.revision if revision is None else revision,
        clock=world.clock,
        waited=lambda: 0.0,
        by=world.person(lead),
        now=world.now,
    )


def application(
    world: World, at: Status = Status.DRAFT, region: str = "midwest", lead: str = "aanvrager", round: int = 1
) -> Application:
    """An application as far as `at`, by the real verbs."""
    if at is Status.DRAFT:
        return draft(world, region, lead, round)
    found = ready(world, region, lead, round)
    done(submit(world, found, lead))
    return found
