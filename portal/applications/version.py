"""A version: what an application said when it was submitted, and what was changed since and does not count.

The exact bytes of a submission are its source, with the addresses for mail that were frozen beside them. From
the closing on the version that counts is all there is: ties, who sees and is told, what is judged and what the
mandate says (rule 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from portal.applications.content import read_back, said, shown, what_to_sign
from portal.applications.facts import Answers, Facts, File, Seated, Signed
from portal.definitions import CallType, Field


@dataclass(frozen=True)
class Kept:
    """A file of a version; `document` is the id of the document that holds its bytes."""

    document: int
    type: str
    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Version:
    """Everything an application said at one moment; `number` 0 is the working copy.

    `sign_offs` holds by seat `missing`, `void` or `valid`; `differences` counts answers that the attached form
    says otherwise.
    """

    number: int
    at: datetime
    sha256: str
    partners: tuple[Seated, ...]
    answers: Answers
    files: tuple[Kept, ...]
    sign_offs: Mapping[str, str]
    differences: int

    @property
    def numbers(self) -> frozenset[str]:
        """Enterprise numbers of the partners."""
        return frozenset(p.number for p in self.partners)

    def file(self, document_id: int) -> Kept | None:
        """Its file in this document, if that is one of its own."""
        return next((f for f in self.files if f.document == document_id), None)


def read(body: bytes, *, number: int, at: datetime, sha256: str, emails: Mapping[str, str]) -> Version:
    """The version that these exact bytes are; `emails` is where the partner in each seat gets mail."""
    return _version(read_back(body), number, at, sha256, emails)


def working(facts: Facts) -> Version:
    """The working copy, as it would be submitted now."""
    return _version(said(facts), 0, facts.at, "", {p.seat: p.email for p in facts.partners})


def _version(
    told: Mapping[str, Any], number: int, at: datetime, sha256: str, emails: Mapping[str, str]
) -> Version:
    return Version(
        number=number,
        at=at,
        sha256=sha256,
        partners=tuple(
            Seated(p["seat"], p["number"], p["name"], p["kind"], emails[p["seat"]], confirmed=True)
            for p in told["partners"]
        ),
        answers=told["answers"],
        files=tuple(Kept(f["document"], f["type"], f["name"], f["size"], f["sha256"]) for f in told["files"]),
        sign_offs={s["seat"]: s["state"] for s in told["sign_offs"]},
        differences=len(told["differences"]),
    )


def facts_of(version: Version, facts: Facts, documents: Mapping[int, File]) -> Facts:
    """The same facts with what a version says in the place of the working copy.

    `documents` are all files the application ever had, as they are now: a file may have been looked at since.
    """
    frozen = replace(
        facts,
        partners=version.partners,
        answers=version.answers,
        files=tuple(documents[f.document] for f in version.files),
        signed=(),
    )
    signed = []
    for partner in version.partners:
        state = version.sign_offs.get(partner.seat, "missing")
        if state != "missing":  # void: something else was signed then, so that no digest of now is
            digests = what_to_sign(frozen, partner.seat) if state == "valid" else {}
            signed.append(Signed(partner.seat, partner.number, digests))
    return replace(frozen, signed=tuple(signed))


@dataclass(frozen=True)
class Change:
    """One thing that a later version says otherwise: an answer (`field`), a file, a seat, where it gets mail, a
    signature.

    `was` and `now` are as people see them, empty for nothing; `key` is the section, kind of document or seat.
    """

    kind: str
    key: str
    was: str
    now: str
    field: Field | None = None


def changes(definition: CallType, before: Version, after: Version) -> tuple[Change, ...]:
    """What `after` says otherwise than `before`, in the order of the form."""
    return (
        *_seats(definition, before, after),
        *_answers(definition, before, after),
        *_files(definition, before, after),
        *_signatures(definition, before, after),
    )


def unsent(sent: Version, facts: Facts) -> tuple[Change, ...]:
    """What the working copy of these facts says otherwise than the version that counts."""
    return changes(facts.definition, sent, working(facts))


def _seats(definition: CallType, before: Version, after: Version) -> Iterator[Change]:
    was, now = ({p.seat: p for p in version.partners} for version in (before, after))
    for seat in definition.seats:
        one, other = was.get(seat.key), now.get(seat.key)
        if _taken(one) != _taken(other):
            yield Change("seat", seat.key, one.name if one else "", other.name if other else "")
        elif one and other and one.email != other.email:
            yield Change("address", seat.key, one.email, other.email)


def _taken(partner: Seated | None) -> tuple[str, ...]:
    return (partner.number, partner.name, partner.kind) if partner else ()


def _answers(definition: CallType, before: Version, after: Version) -> Iterator[Change]:
    for section in definition.sections:
        was, now = (version.answers.get(section.key, {}) for version in (before, after))
        for field in section.fields:
            one, other = was.get(field.key), now.get(field.key)
            if one != other:
                yield Change("answer", section.key, shown(field, one), shown(field, other), field)


def _files(definition: CallType, before: Version, after: Version) -> Iterator[Change]:
    for wanted in definition.documents:
        was, now = (_of_type(version.files, wanted.key) for version in (before, after))
        gone = [name for sha256, name in was.items() if sha256 not in now]
        new = [name for sha256, name in now.items() if sha256 not in was]
        if gone or new:
            yield Change("file", wanted.key, ", ".join(gone), ", ".join(new))


def _of_type(files: Iterable[Kept], kind: str) -> dict[str, str]:
    return {f.sha256: f.name for f in files if f.type == kind}


def _signatures(definition: CallType, before: Version, after: Version) -> Iterator[Change]:
    for seat in definition.seats:
        was, now = (version.sign_offs.get(seat.key, "missing") for version in (before, after))
        if was != now:
            yield Change("signature", seat.key, was, now)
