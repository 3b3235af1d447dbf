"""The five steps of a region of a round, each with how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from portal.decisions import queries as decisions
from portal.decisions.lifecycle import Status as DecisionStatus
from portal.i18n import _, day, ngettext
from portal.mandates.pages.todo import Here
from portal.reviews.lifecycle import OVER
from portal.reviews.lifecycle import Status as ReviewStatus


@dataclass(frozen=True)
class Step:
    """A step of a region: `kind` is past, now or empty (later); `told` says how far it is, line by line."""

    kind: str
    title: str
    tag: str
    state: str
    told: tuple[str, ...]


def steps(here: Here) -> tuple[Step, ...]:
    """Past, now and later."""
    made = (
        _finding_step(here),
        _review_step(here),
        _decision_step(here),
        _letter_step(here),
        _release_step(here),
    )
    current = next((n for n, (done, _step) in enumerate(made) if not done), len(made))
    shown = [replace(step, kind="past") if n < current else step for n, (_done, step) in enumerate(made)]
    if current < len(shown):
        step = shown[current]
        state = step.state if step.tag else _("Aan de beurt")
        shown[current] = replace(step, kind="now", tag="gap", state=state)
    return tuple(shown)


def _last(moments: Iterable[datetime | None]) -> tuple[str, ...]:
    known = [at for at in moments if at is not None]
    return (day(max(known), "d MMMM"),) if known else ()


def _step(title: str, done: bool, told: tuple[str, ...], *, begun: bool) -> tuple[bool, Step]:
    tag, state = ("ok", _("Klaar")) if done else ("gap", _("Bezig")) if begun else ("", _("Nog niet"))
    return done, Step("", title, tag, state, told)


def _finding_step(here: Here) -> tuple[bool, Step]:
    count, found = len(here.applications), len(here.findings)
    told = (_("%(done)s van %(all)s vastgesteld", done=found, all=count),)
    when = _last(one.found_at for one in here.findings.values())
    return _step(_("Ontvankelijkheid"), found == count, told + when, begun=True)


def _review_step(here: Here) -> tuple[bool, Step]:
    counted = [one for one in here.reviews if here.states[one.id] not in OVER]
    handed = [one for one in counted if here.states[one.id] is ReviewStatus.HANDED_IN]
    told: tuple[str, ...] = (_("%(done)s van %(all)s afgerond", done=len(handed), all=len(counted)),)
    set_aside = len([one for one in counted if here.states[one.id] is ReviewStatus.SET_ASIDE])
    if set_aside:
        told += (ngettext("%(num)s telt niet mee", "%(num)s tellen niet mee", set_aside),)
    done = all(here.appraised(one) for one in here.admitted)
    when = _last(one.handed_in_at for one in handed)
    return _step(_("Beoordeling"), done, told + when, begun=bool(counted))


def _decision_step(here: Here) -> tuple[bool, Step]:
    states = [one.status for one in here.decisions.values()]
    missing, prepared = len(here.applications) - len(states), states.count(DecisionStatus.PREPARED)
    told = tuple(
        text
        for count, text in (
            (missing, ngettext("%(num)s voor te bereiden", "%(num)s voor te bereiden", missing)),
            (
                prepared,
                ngettext(
                    "%(num)s wacht op de tweede persoon", "%(num)s wachten op de tweede persoon", prepared
                ),
            ),
            (
                len(here.moved),
                ngettext(
                    "%(num)s opnieuw: de basis veranderde",
                    "%(num)s opnieuw: de basis veranderde",
                    len(here.moved),
                ),
            ),
        )
        if count
    )
    done = not missing and not prepared and not here.moved
    return _step(_("Beslissing"), done, told, begun=bool(states))


def _letter_step(here: Here) -> tuple[bool, Step]:
    """A letter is made when its decision is, to be read; it is written and sent when that leaves."""
    count, written = len(here.applications), sum(d.letter_id is not None for d in here.decisions.values())
    drafts = len(here.decisions) - written
    told = tuple(
        text
        for number, text in (
            (written, _("%(done)s van %(all)s verstuurd", done=written, all=count)),
            (drafts, ngettext("%(num)s ontwerp te lezen", "%(num)s ontwerpen te lezen", drafts)),
        )
        if number
    )
    done = len(here.decisions) == count and not here.moved
    return _step(_("Brieven"), done, told or (_("volgen uit de beslissingen"),), begun=bool(here.decisions))


def _release_step(here: Here) -> tuple[bool, Step]:
    out = [one for one in here.decisions.values() if one.status in decisions.OUT]
    done = len(out) == len(here.applications)
    waits = _("kan nu") if here.can_leave and not here.moved else _("wacht op alle beslissingen van de regio")
    told = _last(one.released_at for one in out) if done else (waits,)
    return _step(_("Vrijgave"), done, told, begun=bool(out))
