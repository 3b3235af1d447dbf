"""Saving the answers of a section."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.access import Person
from portal.applications import queries
from portal.applications.actions.common import refused, touch
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
