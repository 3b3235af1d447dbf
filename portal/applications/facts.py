"""What the rules of an application ask about: values, loaded once, that stay true while transactions come and
go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.definitions import CallType

Answers = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Seated:
    """Who takes a seat, and where they get mail."""

    seat: str
    number: str
    name: str
    kind: str
    email: str
    confirmed: bool


@dataclass(frozen=True)
class File:
    """An attached file as the rules see it; `open`: whether anyone may open it; `stamp` is what its hidden
    fields say it was made for, `filled` whether anything stands in its boxes.
    """

    id: int
    type: str
    name: str
    size: int
    sha256: str
    state: str
    values: Mapping[str, str]
    stamp: Mapping[str, str]
    filled: bool
    open: bool


@dataclass(frozen=True)
class Signed:
    """A partner's sign-off: digests by section key or `file:<sha256>`."""

    seat: str
    number: str
    digests: Mapping[str, str]


@dataclass(frozen=True)
class Facts:
    """Everything submitting depends on. `at` is the moment of arrival for submit, else the request's now.

    `arrival_kept`: the request had arrived complete before, from the same person, whose sign-in had just ended.
    """

    definition: CallType
    call: str
    round: int
    region: str
    round_regions: frozenset[str]
    cancelled: bool
    opens_at: datetime
    closes_at: datetime
    closing_recorded: bool
    extended_for_us: bool
    at: datetime
    lead_seat: str
    partners: tuple[Seated, ...]
    answers: Answers
    files: tuple[File, ...]
    signed: tuple[Signed, ...]
    arrival_kept: bool = False
