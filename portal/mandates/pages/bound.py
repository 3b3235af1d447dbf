"""Who had a hand in a region and turns out to be tied: what they did there, and what they had read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal.accounts import queries as accounts
from portal.i18n import _, day, moment
from portal.mandates.labels import READ_PAGES
from portal.mandates.pages.todo import Here
from portal.reviews import queries as reviews
from portal.reviews.labels import STATUS as REVIEW_STATUS
from portal.reviews.labels import TIES


@dataclass(frozen=True)
class BoundRow:
    """Somebody with a tie who had a hand in the region: which ties, what they did, and what they had read."""

    who: str
    ties: tuple[str, ...]
    did: tuple[str, ...]
    read: tuple[str, ...]


def bound_rows(session: Session, here: Here, names: Mapping[int, str]) -> tuple[BoundRow, ...]:
    """Who had a hand in the region and turns out to be tied, with what they did and had read."""
    if not here.applications:
        return ()
    files = {one.reference: one.lead.name for one in here.applications}
    hands = {*names, *reviews.readers(session, files)}
    bound = sorted(one for one in reviews.tied_among(session, hands, here.applications[0]) if one is not None)
    if not bound:
        return ()
    told, ties = accounts.functions(session, bound), reviews.bonds(session, bound, here.applications[0])
    read = reviews.readings(session, bound, files)
    last = reviews.last_findings(session, [one.id for one in here.applications])
    finders = {application_id: finding.found_by for application_id, finding in last.items()}
    rows = []
    for who in bound:
        kinds = tuple(
            f"{one.name}: {TIES[one.kind] if one.kind else _('lid van die organisatie')}"
            + (f" ({_('tot %(day)s', day=day(one.until))})" if one.until else "")
            for one in ties.get(who, ())
        )
        lines = tuple(
            f"{moment(line.entry.at)}: {files[line.entry.chain.file_key]}, {_what(line.facts)}"
            for line in read.get(who, ())
        )
        rows.append(BoundRow(told[who], kinds, _did(who, here, finders), lines))
    return tuple(rows)


def _what(facts: Mapping[str, Any]) -> str:
    """What was read, from what the entry of the reading says."""
    return facts.get("document") or str(READ_PAGES.get(facts.get("page", ""), READ_PAGES[""]))


def _did(who: int, here: Here, finders: Mapping[int, int]) -> tuple[str, ...]:
    """What somebody did here that falls, or fell, by their tie."""
    done = []
    for one in here.applications:
        name = one.lead.name
        if finders.get(one.id) == who:
            done.append(_("ontvankelijkheid van %(name)s", name=name))
        for review in here.reviews:
            if review.application_id == one.id and review.reviewer_id == who:
                state = str(REVIEW_STATUS[here.states[review.id]]).lower()
                done.append(_("beoordeling van %(name)s: %(state)s", name=name, state=state))
        decision = here.decisions.get(one.id)
        if decision is not None and who in (decision.prepared_by, decision.confirmed_by):
            done.append(_("beslissing over %(name)s", name=name))
    return tuple(done)
