"""Saving the answers of a section, typed on its page or taken over from an uploaded form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.access import Person
from portal.applications import queries, rules
from portal.applications.actions.common import refused, touch
from portal.applications.content import Difference, as_seen, to_take_over, typed
from portal.applications.models import Answers, Application
from portal.calls import queries as calls
from portal.db import act, session_of
from portal.journal.actions import record
from portal.lifecycle import Done, Refusal, Refused


@act
def save_section(
    application: Application,
    *,
    section: str,
    values: Mapping[str, Any],
    revision: int,
    by: Person,
    now: datetime,
) -> Done | Refused:
    """Keep the answers to one section; someone else's newer answers are never overwritten."""
    if no := refused(application, "edit", now):
        return no
    if not queries.may_edit(application, calls.definition(application.round).section(section).seat, by):
        return Refused((Refusal("not_your_section"),))
    answers = next((a for a in application.answers if a.section == section), None)
    if (answers.revision if answers else 0) != revision:
        return Refused((Refusal("stale"),))
    if answers is None:
        answers = Answers(section=section, revision=0, body={})
        application.answers.append(answers)
    if answers.body != dict(values):
        changed = sorted(k for k in {*answers.body, *values} if answers.body.get(k) != values.get(k))
        answers.body, answers.revision = dict(values), answers.revision + 1
        touch(application)
        payload = {"section": section, "fields": changed, "revision": answers.revision}
        record(session_of(application), "application.section_saved", application, payload, by=by, now=now)
    return Done(answers)


@dataclass(frozen=True)
class TakenOver:
    """How many answers came from a form, and which did not: malformed, or of a section that others fill in."""

    taken: int
    malformed: tuple[Difference, ...]
    of_others: tuple[Difference, ...]


@act
def take_over(
    application: Application, *, document_id: int, seen: str, by: Person, now: datetime
) -> Done | Refused:
    """Fill the answers from an attached form that was read; only what somebody was shown is overwritten."""
    if no := refused(application, "edit", now):
        return no
    facts = queries.facts(application, now)
    file = next((f for f in facts.files if f.id == document_id), None)
    if file is None:
        return Refused((Refusal("gone"),))
    told = to_take_over(facts, file)
    if not told:
        return Refused((Refusal("nothing_to_fill"),))
    if as_seen(told) != seen:
        return Refused((Refusal("form_moved"),))
    wrong = tuple(d for d in told if rules.malformed(d.field, typed(d.field, d.read)))
    others: list[Difference] = []
    taken = 0
    for section in facts.definition.sections:
        mine = [d for d in told if d.section == section.key and d not in wrong]
        if not mine:
            continue
        outcome = save_section(
            application,
            section=section.key,
            values={
                **facts.answers.get(section.key, {}),
                **{d.field.key: typed(d.field, d.read) for d in mine},
            },
            revision=next((a.revision for a in application.answers if a.section == section.key), 0),
            by=by,
            now=now,
        )
        taken += len(mine) if isinstance(outcome, Done) else 0
        others += mine if isinstance(outcome, Refused) else []
    return Done(TakenOver(taken, wrong, tuple(others)))
