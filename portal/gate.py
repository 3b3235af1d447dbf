"""The gate: every request passes it, in this order.

A host that is ours, no request of another site that may change something, session opened, `now` taken, person
known, permission of the route asked (no mark means 403), whether the person proved who they are not long ago
where the route wants that, the route's body limit set and its body read, the form token checked. Only then does
a view run.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_wtf.csrf import validate_csrf
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge, SecurityError
from werkzeug.wrappers import Response
from wtforms.validators import ValidationError

from portal import clock, given, web
from portal.access import PERMISSIONS, VISITOR, Person, Role, may, scoped
from portal.db import Database
from portal.given import SAFE, Kept
from portal.i18n import LANGUAGES, _, size, speak
from portal.settings import Settings

log = logging.getLogger("portal.gate")
View = TypeVar("View", bound=Callable[..., Any])
SMALL_BODY = 256 * 1024
AGES = 10 * 365 * 24 * 3600  # seconds
FORM = 1024 * 1024  # bytes: all fields of a form together; a kept form is written into another
DRAINED = 200 * 1024 * 1024
TONGUE = "taal"  # in the cookie and in an address
PersonLoader = Callable[[Session], Person]
EndedView = Callable[..., None]
Limit = int | Callable[[Settings], int]


def uploading(settings: Settings) -> int:
    """The largest body of a form with a file: the largest file, and room for the form around it (bytes)."""
    return settings.upload_limit + 2 * SMALL_BODY


class Ask(StrEnum):
    """What somebody is asked before they may go on."""

    WHO = "who"
    STILL = "still"  # whether it is still them
    SECOND_STEP = "second step"  # to add one to their account
    ORGANISATION = "organisation"  # for which one they act


SignInPage = Callable[[Ask, Kept | None], Response]


def requires(
    permission: str, *, body: Limit = SMALL_BODY, fresh: bool = False, ended: EndedView | None = None
) -> Callable[[View], View]:
    """Mark a route with the permission it needs and the largest body it takes (bytes; or what settings say).

    A `fresh` one wants a person who proved who they are not long ago: what cannot be undone. `ended` is told
    when a complete request met a sign-in that had ended: whose it was, and what the route's address names.
    """
    if permission not in PERMISSIONS:
        raise ValueError(f"there is no permission {permission}")

    def mark(view: View) -> View:
        view.__dict__["permission"] = permission
        view.__dict__["body_limit"] = body
        view.__dict__["fresh"] = fresh
        view.__dict__["ended"] = ended
        return view

    return mark


def permission_of(app: Flask, endpoint: str) -> str | None:
    """What a route asks; None where it carries no mark."""
    found: str | None = getattr(app.view_functions[endpoint], "permission", None)
    return found


def install(
    app: Flask,
    person_of: PersonLoader,
    person_before: PersonLoader,
    before_unsafe: Callable[[Database, datetime], Any],
    sign_in_page: SignInPage,
) -> None:
    """Put the gate before every request of `app`.

    `person_before` says whose sign-in it was that ended, `before_unsafe` records what time has closed
    meanwhile; `sign_in_page` answers who must first say who they are, and keeps what they sent.
    """

    app.extensions["who asks"] = person_of

    @app.before_request
    def gate() -> Response | None:
        if isinstance(
            request.routing_exception, SecurityError
        ):  # no page: it could not even name our addresses
            return Response("400: dit adres is niet van dit portaal.", 400, mimetype="text/plain")
        if request.endpoint == "static":
            return None
        _speak()
        if "\0" in request.path:
            abort(404)  # no address of ours, and no text of PostgreSQL's, holds one
        if request.method not in SAFE and given.came_from_here() is False:
            log.warning("from another site", extra={"facts": {"endpoint": request.endpoint}})
            abort(403)
        parts = web.parts()
        g.now = parts.clock.now()
        g.session = parts.database.session()
        g.person = VISITOR
        if request.url_rule is None:
            abort(404)
        ask_again()
        permission = permission_of(app, request.endpoint or "")
        if permission is None:
            abort(403)
        if not may(g.person, permission):
            if not g.person.signed_in:
                return _ask(app, sign_in_page, Ask.WHO, person_before)
            if request.method not in SAFE:
                abort(403)
            if not PERMISSIONS[permission].isdisjoint(g.person.dormant):
                return _ask(app, sign_in_page, Ask.SECOND_STEP)
            if g.person.roles <= {Role.MEMBER} and Role.APPLICANT in PERMISSIONS[permission]:
                return _ask(app, sign_in_page, Ask.ORGANISATION)
            abort(403)
        if app.view_functions[request.endpoint or ""].__dict__["fresh"] and not g.person.fresh:
            return _ask(app, sign_in_page, Ask.STILL)
        g.person = scoped(g.person, permission)
        if request.method in SAFE:
            return None
        # What may change something is judged by the database's clock.
        g.now = parts.clock.arrival(g.session, 0.0)
        g.session.rollback()
        before_unsafe(parts.database, g.now)
        return _body(app)

    @app.teardown_request
    def close(_problem: BaseException | None) -> None:
        request.close()
        session = g.pop("session", None)
        if session is not None:
            session.close()


def _speak() -> None:
    """The language that this browser chose, by `?taal=` at any address; the signed cookie remembers it."""
    asked = request.args.get("taal", "")
    if asked in LANGUAGES and session.get(TONGUE, "nl") != asked:
        session[TONGUE] = asked
    g.language = session.get(TONGUE, "nl")
    speak(g.language)


def ask_again() -> None:
    """Ask anew who asks: at every request, and once more where somebody signed in within it."""
    g.person = current_app.extensions["who asks"](g.session)


def _ask(
    app: Flask, sign_in_page: SignInPage, what: Ask, person_before: PersonLoader | None = None
) -> Response:
    """To the page where one signs in; a form that was sent from a page of ours goes along, so that nothing is
    lost.
    """
    if request.method in SAFE:
        return sign_in_page(what, None)
    if too_large := _read(app):
        return too_large
    g.body_read_at = _complete_at()
    if not (given.came_from_here() or _has_our_token()):
        abort(403)
    ended = app.view_functions[request.endpoint or ""].__dict__["ended"]
    if ended and person_before and (who := person_before(g.session)).signed_in:
        ended(who, **(request.view_args or {}))
    return sign_in_page(what, Kept(request.path, given.fields(), bool(request.files)))


def _has_our_token() -> bool:
    """Whether the form's token was made for this browser, however long ago."""
    try:
        validate_csrf(request.form.get("csrf_token"), time_limit=AGES)
    except ValidationError:
        return False
    return True


def _read(app: Flask) -> Response | None:
    """Read the body within the limits of the route; too large a one is answered, with its text where that is
    what was too large.
    """
    marked: Limit = app.view_functions[request.endpoint or ""].__dict__["body_limit"]
    limit = marked(web.parts().settings) if callable(marked) else marked
    announced = request.content_length is not None  # who says nothing of a length gets no more than the route's
    request.max_content_length = max(limit, given.LIMIT) if announced else limit
    request.max_form_memory_size = given.LIMIT
    most = min(limit, web.parts().settings.upload_limit)
    try:
        heavy = sum(len(name) + len(value) for name, value in request.form.items(multi=True)) > FORM
    except RequestEntityTooLarge:
        _drain()
        told = _("Wat u verstuurde, is te groot: hoogstens %(limit)s. Maak het kleiner.", limit=size(most))
        flash(told, "problem")
        return redirect(_page_again(), 303)
    if heavy or (request.content_length or 0) > limit:
        page = render_template("errors/error.html", code=413, limit=min(most, FORM), again=_page_again())
        return Response(page, 413, mimetype="text/html")
    return None


def _body(app: Flask) -> Response | None:
    if too_large := _read(app):
        return too_large
    g.body_read_at = _complete_at()
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        log.warning("form token refused", extra={"facts": {"endpoint": request.endpoint}})
        g.session.info["no_acts"] = True  # a view may show its page again, with what was typed; nothing more
        if "GET" not in (request.url_rule.methods or ()):  # type: ignore[union-attr]
            sent = given.fields()
            if sent and given.came_from_here():
                return send_again(Kept(request.path, sent, bool(request.files)))
            flash(str(web.EXPIRED), "problem")
            return redirect(_page_again(), 303)
    return None


def _complete_at() -> float:
    """When the request was here whole (monotonic): what waited for a thread had arrived."""
    told: float | None = request.environ.get("portal.complete_at")
    return told if told is not None else clock.monotonic()


def send_again(kept: Kept) -> Response:
    """A page that shows what was sent, to be sent once more with a token that counts."""
    page = render_template("errors/send_again.html", kept=kept, typed=given.typed(kept.fields))
    return Response(page, mimetype="text/html")


def _drain() -> None:
    """Read and forget what was sent: a browser that is still sending shows a broken connection, not our
    sentence.
    """
    left = min(request.content_length or 0, DRAINED)
    while left > 0 and (chunk := request.environ["wsgi.input"].read(min(left, 1 << 16))):
        left -= len(chunk)


def _page_again() -> str:
    """The page a form stood on: its own address, or where the browser says it came from on this site."""
    if "GET" in (request.url_rule.methods or ()):  # type: ignore[union-attr]
        return request.full_path.rstrip("?")
    referrer = request.referrer or ""
    return referrer if referrer.startswith(request.host_url) else url_for("home.home")
