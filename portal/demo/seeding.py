"""Synthetic data for measuring: one call that closed and is being judged, one that is open, by the real verbs.

Times are given to the verbs, so that weeks pass in a moment; nothing here stands still or sleeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.access import SYSTEM
from portal.accounts import passwords
from portal.calls import actions as call_actions
from portal.clock import brussels_day
from portal.db import Database
from portal.definitions import Definitions
from portal.demo import cast
from portal.demo.applying import begin, complete, send
from portal.demo.calling import close, member, staff
from portal.demo.judging import appraise, assign, find
from portal.demo.stage import CALL, Stage
from portal.organisations import queries as organisations

CLOSED, OPEN = "proef-gesloten", "proef-open"
FIRST_SERIAL = 10_000  # enterprise numbers 00xx.xxx.xxx, which are assigned to nobody
PARTNERS = 40  # organisations that take the other seats, in turn
Tell = Callable[[str], None]


class NotEmpty(Exception):
    """The database holds accounts already: synthetic data never comes among real."""


def seed(
    database: Database,
    storage: Any,
    definitions: Definitions,
    *,
    applications: int,
    drafts: int,
    regions: list[str],
    password: str,
    now: datetime,
    tell: Tell,
) -> list[str]:
    """Fill an empty database with `applications` that are being judged and `drafts` that could be submitted.

    They are spread over `regions` in turn; each has a lead of its own. What was skipped comes back: nothing,
    where the definitions are those of the story.

    Raises:
        NotEmpty: when there is any account.
    """
    with database.session() as session:
        if organisations.users(session, "", 0, 1)[1]:
            raise NotEmpty
        stage = Stage(
            session, database, storage, definitions, _no_letter, now, call=CLOSED, answers=_alike, forms={}
        )
        hashed = passwords.hash_of(password)
        stage.now = now - timedelta(days=60)
        staff(stage, hashed)
        judged = list(_consortia("g", FIRST_SERIAL, applications, regions))
        sent = list(_consortia("o", FIRST_SERIAL + applications, drafts, regions))
        for one in [*judged, *sent]:
            member(stage, one.welzijn, hashed)
        for one in max(judged, sent, key=len)[:PARTNERS]:
            member(stage, one.ggz, hashed)
            member(stage, one.vaph, hashed)
        tell(f"{len(judged) + len(sent)} organisations that lead")
        _judge(stage, judged, now, tell)
        stage.call = OPEN
        stage.forms = {}
        stage.now = now - timedelta(days=3)
        _publish(stage, OPEN, stage.now, now + timedelta(days=30))
        for one in _with_progress(sent, "drafts", tell):
            stage.now = now - timedelta(days=1)
            begin(one, 1)(stage)
            complete(one, 1)(stage)
        session.rollback()
        return stage.skipped


def _judge(stage: Stage, judged: list[cast.Consortium], now: datetime, tell: Tell) -> None:
    stage.now = now - timedelta(days=59)
    _publish(stage, CLOSED, stage.now, now - timedelta(days=20))
    for one in _with_progress(judged, "applications", tell):
        stage.now = now - timedelta(days=40)
        begin(one, 1)(stage)
        complete(one, 1)(stage)
        send(one, 1)(stage)
    stage.now = now - timedelta(days=19)
    close(stage)
    for name, scene in (
        ("admissible", find(1)),
        ("assigned", assign(1)),
        ("scored by the first", appraise(1, ["beoordelaar1"])),
        ("scored by the second, all but one", appraise(1, ["beoordelaar2"], most=max(0, len(judged) - 1))),
    ):
        stage.now = now - timedelta(days=15)
        scene(stage)
        stage.session.rollback()
        tell(name)


def _publish(stage: Stage, slug: str, at: datetime, until: datetime) -> None:
    source = stage.definitions.calls[CALL].model_copy(update={"slug": slug})
    call = stage.did(call_actions.draft(stage.session, source, by=SYSTEM, now=at), slug)
    outcome = call_actions.publish(
        call,
        call_type=stage.definitions.call_types[source.call_type],
        regions=list(source.first_round.regions),
        opens_on=brussels_day(at + timedelta(days=1)),
        last_day=brussels_day(until),
        mandates_start_on=brussels_day(until + timedelta(days=90)),
        unconfirmed_allowed=True,
        by=SYSTEM,
        now=at,
    )
    stage.did(outcome, slug)


def _alike(one: cast.Consortium) -> dict[str, dict[str, object]]:
    """The same answers everywhere, so that each region's form is made and read once."""
    return cast.answers(replace(one, welzijn=cast.LEAD))


def _consortia(mark: str, first: int, count: int, regions: list[str]) -> Iterator[cast.Consortium]:
    """Each with a lead of its own and partners in turn."""
    for index in range(count):
        other = index % PARTNERS
        yield cast.Consortium(
            regions[index % len(regions)],
            cast.Organisation(f"lead-{mark}{index}", f"OCMW Proef {mark}{index}", first + index, "ocmw"),
            cast.Organisation(f"ggz-{other}", f"CGG Proef {other}", 900_000 + other, "cgg"),
            cast.Organisation(f"vaph-{other}", f"vzw Proef {other}", 910_000 + other, "vaph-voorziening"),
            2 + index % 4,
        )


def _with_progress(found: list[cast.Consortium], what: str, tell: Tell) -> Iterator[cast.Consortium]:
    for index, one in enumerate(found, start=1):
        yield one
        if index % 100 == 0 or index == len(found):
            tell(f"{index} of {len(found)} {what}")


def _no_letter(_decision: Any, _session: Session, _now: datetime) -> tuple[Any, str]:
    raise NotImplementedError("synthetic data ends before a decision")
