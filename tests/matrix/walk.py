"""Every page and every act as everybody, at every stage: who gets where, and what canaries are in the
answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from portal.access import SYSTEM
from portal.accounts import actions as account_actions
from portal.accounts import queries as accounts
from portal.compose import composer
from portal.db import Base
from portal.journal import log
from portal.journal.models import Delivery
from portal.mandates import queries as mandates
from tests.conftest import CALL, PASSWORD
from tests.matrix.scene import CAST, NOBODY, ORGANISATIONS, REGION, Scene, address
from tests.pages import PageClient

CANARY = re.compile(rb"kanarie-(?:[a-z]+-)+[a-z]+")
WHOSE = ("eigen", "ander")
DECISIONS = {
    "decisions.decision",
    "decisions.draft_letter",
    "decisions.confirm",
    "decisions.letter",
    "decisions.release",
}
ORGANISATION = {
    f"organisations.{view}"
    for view in (
        "organisation",
        "leave",
        "make_manager",
        "end_manager",
        "invite",
        "withdraw_invitation",
        "merge",
        "switch",
        "organisation_desk",
    )
}
MANDATES = {"mandates.mandate", "mandates.my_mandate"}
NAMES = {
    *(f"organisations.{view}" for view in ("users", "requests", "organisation_desk", "merge", "switch")),
    *(f"accounts.{view}" for view in ("user", "give_role", "account", "prove", "password", "address")),
    "second_step.second_step",
    "second_step.take_second_step",
}  # where names and addresses belong
LOG = {"entry", "payload", "chain"}  # what a refused attempt may add to


@dataclass(frozen=True)
class Place:
    """An address of the portal; `key` is the route and whose thing stands there, as the table names it."""

    key: str
    path: str


@dataclass
class Seen:
    """What everybody got, by place or canary and by stage; how many answers; what is wrong whoever asks."""

    pages: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    canaries: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    answers: int = 0

    def note(self, kind: str, key: str, stage: str, name: str = "") -> None:
        """Put down that somebody got something; without a name, that it was asked for."""
        got = getattr(self, kind).setdefault(key, {}).setdefault(stage, set())
        if name:
            got.add(name)


@dataclass(frozen=True)
class There:
    """What stands in the world now, looked up once for all routes: by whose it is."""

    reference: dict[str, str]
    document: dict[str, int]
    decision: dict[str, str]
    account: dict[str, int]
    mandate: dict[str, str]
    reviewer: int


def there(scene: Scene) -> There:
    """The objects that routes may name."""
    found = {whose: scene.one(whose) for whose in WHOSE}
    decided = {whose: scene.decision(whose) for whose in WHOSE}
    known = {who: _account(scene, who) for who in (*WHOSE, "vrij")}
    held = [m.number for m in mandates.register(scene.world.session)]
    return There(
        reference={whose: one.reference for whose, one in found.items()},
        document={whose: one.files[0].document_id for whose, one in found.items()},
        decision={whose: one.reference if one else "BES-00000000" for whose, one in decided.items()},
        account=known,
        mandate={"eigen": held[0] if held else "M-00000000", "ander": "M-00000000"},
        reviewer=known["vrij"],
    )


def _account(scene: Scene, who: str) -> int:
    found = accounts.by_email(scene.world.session, address(who))
    return found.id if found else 1  # another scene than ours knows nobody by this name


def places(scene: Scene, method: str) -> Iterator[Place]:
    """Every route with this method, with every object."""
    objects = there(scene)
    for rule in scene.world.app.url_map.iter_rules():
        if rule.endpoint == "static" or method not in (rule.methods or ()):
            continue
        for label, values in _values(scene, objects, rule):
            built = rule.build(values, append_unknown=False)
            assert built is not None, rule
            yield Place(f"{rule.endpoint} {label}".strip(), built[1])


def _values(scene: Scene, objects: There, rule: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the arguments of a route can be, and how the table calls that."""
    plain = {
        "region": REGION, "seat": "ggz", "section": "aanpak", "page": "elektronisch-indienen", "number": 1,
        "delivery_id": 1, "sign_in_id": 1, "token": "x", "passkey_id": 1, "proposal_id": scene.proposal,
        "account_id": objects.reviewer, "role": "reviewer", "review_id": 1, "identity_id": 1, "page_id": 1,
        "size": log.size_of(scene.world.session), "entry_id": 1, "tie_id": 1,
    }  # fmt: skip
    if "slug" in rule.arguments:
        yield from (("bekend", {**plain, "slug": CALL}), ("ontwerp", {**plain, "slug": "ontwerp"}))
    elif "request_id" in rule.arguments:
        yield from ((whose, {**plain, "request_id": number}) for whose, number in scene.requests.items())
    elif rule.endpoint in ORGANISATION:
        for whose in WHOSE:
            number = ORGANISATIONS[whose][0]
            yield (
                whose,
                {**plain, "number": number, "account_id": objects.account[whose], "link_id": scene.invitation},
            )
    elif rule.arguments & {"reference", "number"}:
        for whose in WHOSE:
            yield from _objects(objects, rule, whose, plain)
    else:
        yield "", plain


def _objects(
    objects: There, rule: Any, whose: str, plain: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    values = {**plain, "reference": objects.reference[whose], "document_id": objects.document[whose]}
    if rule.endpoint in DECISIONS:
        values["reference"] = objects.decision[whose]
    if rule.endpoint in MANDATES:
        values["number"] = objects.mandate[whose]
    yield whose, values
    if "document_id" in rule.arguments:
        (other,) = {*WHOSE} - {whose}
        yield f"{whose} met vreemd document", {**values, "document_id": objects.document[other]}


def everybody(scene: Scene) -> dict[str, Any]:
    """A browser for each of the cast, signed in; then one account is disabled."""
    clients = {name: scene.world.app.test_client() for name in CAST}
    for name in CAST:
        if name != NOBODY:
            data = {"email": address(name), "password": PASSWORD}
            assert PageClient(clients[name]).post("/aanmelden", data) == "/", name
    out = accounts.by_email(scene.world.session, address("uit"))
    account_actions.disable(out, by=SYSTEM, now=scene.world.now)
    return clients


def read(scene: Scene, clients: dict[str, Any], seen: Seen, names: Iterable[str] = CAST) -> None:
    """Ask for every page as everybody."""
    for place, name in product(list(places(scene, "GET")), names):
        seen.note("pages", place.key, scene.stage)
        with clients[name].get(place.path) as answer:
            seen.answers += 1
            if answer.status_code == 200:
                seen.note("pages", place.key, scene.stage, name)
            elif not refused(answer, name):
                seen.wrong.append(f"{scene.stage}: {name} {place.path}: {answer.status_code}")
            for found in set(CANARY.findall(answer.data)) if place.key.split()[0] not in NAMES else ():
                seen.note("canaries", found.decode().removeprefix("kanarie-"), scene.stage, name)


def refused(answer: Any, name: str) -> bool:
    """Whether an answer says no as it should: 404, 403, or for visitors the page where one signs in."""
    if answer.status_code == 303:
        return bool(answer.headers["Location"].startswith("/aanmelden")) == (name in (NOBODY, "uit"))
    return answer.status_code in (403, 404, 410)


def image(scene: Scene) -> dict[str, Any]:
    """Every row but those of the log."""
    with scene.world.database.session() as session:
        return {
            table.name: sorted(map(repr, session.execute(table.select())))
            for table in Base.metadata.sorted_tables
            if table.name not in LOG
        }


def act(
    scene: Scene,
    clients: dict[str, Any],
    seen: Seen,
    allowed: dict[str, dict[str, set[str]]],
    each: bool = False,
) -> None:
    """Send every form, with a right token, as everybody whom the table does not allow it: nothing may
    change.
    """
    found = list(places(scene, "POST"))
    for name in CAST:
        before = image(scene)
        page = PageClient(clients[name]).get("/aanmelden" if name in (NOBODY, "uit") else "/account")
        token = page.inputs[0]["value"]
        for place in found:
            if name in allowed.get(place.key, {}).get(scene.stage, set()):
                continue
            with clients[name].post(place.path, data={"csrf_token": token, "revision": "1"}) as answer:
                seen.answers += 1
                if answer.status_code not in (303, 403, 404, 410, 422):
                    seen.wrong.append(f"{scene.stage}: {name} POST {place.path}: {answer.status_code}")
            if each and (after := image(scene)) != before:
                seen.wrong.append(f"{scene.stage}: {name} changed something at {place.key}")
                before = after
        if image(scene) != before:
            seen.wrong.append(f"{scene.stage}: {name} changed something")


def mails(scene: Scene) -> Iterator[tuple[str, str, set[str]]]:
    """Every mail that is owed: its kind, to whom, and the canaries in it, its address left out."""
    write = composer(scene.world.app.extensions["portal"].settings)
    with scene.world.database.session() as session:
        for delivery in session.query(Delivery):
            message = write.message(session, delivery)
            whole = b"\n".join(p.get_payload(decode=True) for p in message.walk() if not p.is_multipart())
            whole += f"{message['Subject']} {message['From']}".encode()
            yield delivery.kind, delivery.address, {c.decode() for c in CANARY.findall(whole)}
