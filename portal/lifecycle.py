"""One table per thing: which verb leads from which status to which, and what must be true.

The same table gives the refusals, the buttons, the tests and the diagram in `docs/lifecycles.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """Why something cannot be done: a code with its facts; `labels.py` makes it a sentence.

    `field` names the form field it is about, so that the error summary can link to it.
    """

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    field: str | None = None


@dataclass(frozen=True)
class Done:
    """An action did what it says; `value` is what came of it."""

    value: Any = None


@dataclass(frozen=True)
class Refused:
    """An action did nothing, for all these reasons.

    `evidence` goes on record with the attempt; `owed` are mails about it (kind, address, data).
    """

    refusals: tuple[Refusal, ...]
    evidence: Mapping[str, Any] = field(default_factory=dict)
    owed: tuple[tuple[str, str, Mapping[str, Any]], ...] = ()

    def __post_init__(self) -> None:
        if not self.refusals:
            raise ValueError("a refusal without a reason")


Rule = Callable[[Any], Refusal | Iterable[Refusal] | None]


def refusals_of(rules: Iterable[Rule], facts: Any) -> tuple[Refusal, ...]:
    """Every refusal of `rules` over `facts`, in order: all at once, never the first only."""
    found: list[Refusal] = []
    for rule in rules:
        answer = rule(facts)
        if isinstance(answer, Refusal):
            found.append(answer)
        elif answer:
            found.extend(answer)
    return tuple(found)


@dataclass(frozen=True)
class Transition:
    """`verb` leads from any of `sources` to `target`, when all rules of `when` are silent."""

    verb: str
    sources: frozenset[Any]
    target: Any
    when: tuple[Rule, ...] = ()

    def __init__(self, verb: str, sources: Iterable[Any], target: Any, when: Iterable[Rule] = ()) -> None:
        object.__setattr__(self, "verb", verb)
        object.__setattr__(self, "sources", frozenset(sources))
        object.__setattr__(self, "target", target)
        object.__setattr__(self, "when", tuple(when))


class Lifecycle:
    """The transitions of one thing."""

    def __init__(self, name: str, status: type[StrEnum], *transitions: Transition) -> None:
        self.name = name
        self.status = status
        self.transitions = transitions
        self._by_verb = {t.verb: t for t in transitions}
        if len(self._by_verb) != len(transitions):
            raise ValueError(f"{name}: a verb stands twice in the table")

    def __getitem__(self, verb: str) -> Transition:
        return self._by_verb[verb]

    def refusals(self, verb: str, status: Any, facts: Any = None) -> tuple[Refusal, ...]:
        """All reasons why `verb` cannot be done now; empty when it can."""
        transition = self._by_verb[verb]
        if status not in transition.sources:
            return (Refusal("wrong_status", {"thing": self.name, "verb": verb, "status": str(status)}),)
        return refusals_of(transition.when, facts)

    def verbs(self, status: Any) -> list[str]:
        """Verbs that leave from `status`, in the order of the table."""
        return [t.verb for t in self.transitions if status in t.sources]
