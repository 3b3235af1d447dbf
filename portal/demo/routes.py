"""The bar of the demo: bookmarks, the clock, one-click sign-in, starting over. Not there in production."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response
from wtforms import StringField

from portal import web
from portal.accounts import queries as accounts
from portal.accounts.routes import let_in
from portal.calls.actions import record_closings
from portal.clock import BRUSSELS, parse_local
from portal.compose import composer
from portal.demo import prepare
from portal.demo.clock import DemoClock
from portal.gate import requires
from portal.i18n import _, weekday
from portal.journal import queries as journal
from portal.journal.labels import LETTERS

MOST_MAILS = 200
bp = Blueprint("demo", __name__, url_prefix="/demo")


@dataclass(frozen=True)
class Bookmark:
    """A place in the story."""

    key: str
    label: str
    at: datetime


BOOKMARKS = tuple(
    Bookmark(key, label, parse_local(at))
    for key, label, at in (
        ("open", "oproep open", "2023-05-10T09:00"),
        ("laatste-minuut", "laatste minuut", "2023-05-15T23:58"),
        ("gesloten", "gesloten", "2023-05-16T09:00"),
        ("beoordeling", "beoordeling", "2023-05-25T09:00"),
        ("beslissing", "beslissing", "2023-06-08T09:00"),
        ("mandaten", "mandaten", "2023-07-01T09:00"),
        ("vijf-jaar-later", "vijf jaar later", "2028-07-01T09:00"),
    )
)
ACTORS = {
    "aanvrager": ("aanvrager", "applications.applications"),
    "partner-ggz": ("partner GGZ", "applications.applications"),
    "partner-vaph": ("partner VAPH", "applications.applications"),
    "beoordelaar1": ("beoordelaar 1", "reviews.reviews"),
    "beoordelaar2": ("beoordelaar 2", "reviews.reviews"),
    "beheerder": ("beheerder", "home.desk"),
    "medeondertekenaar": ("medeondertekenaar", "home.desk"),
    "auditor": ("auditor", "reviews.judging"),
}


class ClockForm(FlaskForm):
    """Where the clock goes: a moment, or one of the buttons."""

    moment = StringField()
    by = StringField()


def _clock() -> DemoClock:
    found = web.parts().clock
    if not isinstance(found, DemoClock):
        abort(404)
    return found


def bar() -> dict[str, Any]:
    """What the bar on every page shows."""
    clock = web.parts().clock
    if not isinstance(clock, DemoClock) or "now" not in g:
        return {"demo": None}
    local = g.now.astimezone(BRUSSELS)
    passed = [b.key for b in BOOKMARKS if b.at <= g.now]
    return {
        "demo": {
            "when": f"{weekday(g.now)}, {local:%H:%M:%S}" + (f".{local:%f}" if local.microsecond else ""),
            "value": local.replace(tzinfo=None).isoformat(
                timespec="microseconds" if local.microsecond else "seconds"
            ),
            "stands_still": clock.stands_still(),
            "bookmarks": BOOKMARKS,
            "current": passed[-1] if passed else "",
            "actors": [(key, label) for key, (label, _home) in ACTORS.items()],
            "token": generate_csrf(),
        }
    }


def _back() -> Response:
    """To the page one came from, if it is of this site."""
    referrer = request.referrer or ""
    inside = referrer.startswith(request.host_url) and "/demo/" not in referrer
    return redirect(referrer if inside else url_for("home.home"), 303)


@bp.post("/naar/<key>")
@requires("demo.play")
def go(key: str) -> Response:
    """Play the story up to a bookmark and let the clock stand there."""
    mark = next((b for b in BOOKMARKS if b.key == key), None)
    if mark is None:
        abort(404)
    clock, parts = _clock(), web.parts()
    g.session.rollback()
    if mark.at < g.now:
        flash(_("De klok van de demonstratie gaat alleen vooruit. Begin opnieuw om terug te gaan."), "problem")
        return _back()
    skipped = prepare.play(parts.settings, parts.database, parts.definitions, clock.story_at(), mark.at)
    clock.put(mark.at, story_at=mark.at)
    record_closings(parts.database, mark.at)
    if skipped:
        flash(_("Door wat u zelf deed, ging dit van het verhaal niet door: %(what)s.", what="; ".join(skipped)))
    return redirect(url_for("home.home"), 303)


@bp.post("/klok")
@requires("demo.play")
def move() -> Response:
    """Move the clock forward, stop it or let it run: that plays nothing of the story."""
    clock, form = _clock(), ClockForm()
    g.session.rollback()
    if not form.validate_on_submit():
        flash(str(web.EXPIRED), "problem")
        return _back()
    now = clock.now()
    steps = {"uur": timedelta(hours=1), "dag": timedelta(days=1)}
    if form.by.data == "stop":
        clock.stop()
    elif form.by.data == "loop":
        clock.run()
    elif form.by.data in steps:
        clock.put(now + steps[form.by.data], still=clock.stands_still())
    else:
        _put(clock, form.moment.data or "")
    record_closings(web.parts().database, clock.now())
    return _back()


def _put(clock: DemoClock, text: str) -> None:
    try:
        moment = parse_local(text.strip())
    except (ValueError, OverflowError):
        flash(_("Schrijf het moment zoals 2023-05-15T23:59:59.999999."), "problem")
        return
    if not clock.put(moment):
        flash(_("De klok van de demonstratie gaat alleen vooruit. Begin opnieuw om terug te gaan."), "problem")


@bp.post("/aanmelden/<name>")
@requires("demo.play")
def sign_in(name: str) -> Response:
    """Sign in as one of the roles, without a second factor: it is the demo."""
    if name not in ACTORS:
        abort(404)
    account = accounts.by_email(g.session, f"{name}@demo.example")
    if account is None:
        abort(404)
    return let_in(account, url_for(ACTORS[name][1]))


@bp.get("/mails")
@requires("demo.play")
def mails() -> str:
    """What the portal sent, newest first: in the demo mails go to this page alone."""
    return web.page(
        mails=[(m, LETTERS[m.kind]) for m in journal.newest(g.session, MOST_MAILS)], most=MOST_MAILS
    )


@bp.get("/mails/<int:delivery_id>")
@requires("demo.play")
def mail(delivery_id: int) -> str:
    """One mail, as it is read."""
    found = journal.one_delivery(g.session, delivery_id)
    if found is None:
        abort(404)
    message = composer(web.parts().settings).message(g.session, found)
    body = message.get_body(("plain",))
    files = [str(part.get_filename()) for part in message.iter_attachments()]
    return web.page(
        mail=found, subject=message["Subject"], text=body.get_content() if body else "", files=files
    )


@bp.post("/opnieuw")
@requires("demo.play")
def start_over() -> Response:
    """Put the database back as it was when the demo started."""
    _clock()
    g.session.rollback()
    file = prepare.database_file(web.parts().settings)
    prepare.copy(file.with_suffix(".start"), file)
    flash(_("De demonstratie is opnieuw begonnen."))
    return redirect(url_for("home.home"), 303)
