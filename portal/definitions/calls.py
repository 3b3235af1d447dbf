"""A call as first published: its texts and its first round. A reopening is an act, so it never stands here."""

from __future__ import annotations

from datetime import date

from pydantic import Field, model_validator

from portal.definitions.base import Key, Slug, Strict, Text


class Step(Strict):
    """A day on which a part of the decree comes into force."""

    day: date
    label: Text


class FirstRound(Strict):
    """The round a call opens with; `last_day` is *tot en met*."""

    regions: list[Key] = Field(min_length=1)
    opens_on: date
    last_day: date
    mandates_start_on: date

    @model_validator(mode="after")
    def _in_order(self) -> FirstRound:
        if not self.opens_on <= self.last_day < self.mandates_start_on:
            raise ValueError("opens_on, last_day and mandates_start_on are not in order")
        return self


class CallDefinition(Strict):
    """A mandaatoproep as it is drafted from `config/calls`."""

    slug: Slug
    call_type: Key
    title: Text
    summary: Text
    body: Text
    confirmed_note: Text
    steps: list[Step]
    first_round: FirstRound
