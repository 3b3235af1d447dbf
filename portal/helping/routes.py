"""Help without acting as somebody: an applicant shares one page by a code, the desk reads it for an hour."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, g, request, session
from werkzeug.routing import MapAdapter
from werkzeug.wrappers import Response

from portal import web
from portal.accounts.routes.common import Answer, own_account
from portal.gate import permission_of, requires
from portal.helping import actions, codes, queries, shown
from portal.helping.forms import SharePageForm
from portal.helping.rules import may_open
from portal.i18n import _
from portal.journal.actions import record_reading
from portal.lifecycle import Done, Refusal
from portal.second_step import factors
from portal.second_step.forms import CodeForm

bp = Blueprint("helping", __name__)
SHARED = frozenset({"applications.read", "applications.write", "mandates.own"})  # whose pages can be shared
OPENED = "gedeeld"  # the cookie's place for the code of the page that is read


def _sharable(path: str) -> bool:
    """Whether this is a page of one's work, rather than of one's account or of nobody."""
    adapter: MapAdapter = current_app.url_map.bind("")
    if not path.startswith("/") or len(path) > 300 or not path.isprintable():
        return False
    try:
        endpoint, _values = adapter.match(path, "GET")
    except Exception:
        return False
    return permission_of(current_app, endpoint) in SHARED


def _seen(path: str) -> tuple[str, str] | None:
    """The page as it is for who asks, made by the whole gate; None where it is none for them."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    cookie = request.headers.get("Cookie", "")
    asked = app.test_request_context(path, base_url=request.host_url, headers={"Cookie": cookie})
    with app.app_context(), asked:
        answer: Response = app.full_dispatch_request()
        if answer.status_code != 200 or answer.mimetype != "text/html":
            return None
        return shown.read(answer.get_data(as_text=True))


@bp.route("/hulp", methods=["GET", "POST"])
@requires("support.share")
def help() -> Answer:
    """Share a page with the desk, by a code."""
    form = SharePageForm()
    if request.method == "GET":
        form.path.data = request.args.get("pagina", "")
    path = form.path.data or ""
    sharable, real = _sharable(path), web.parts().real.now()
    if form.validate_on_submit():
        page = _seen(path) if sharable else None
        if page is None:
            web.problem(
                _("Deze pagina kunt u niet delen. Open de pagina van uw aanvraag, en kies daar ‘Hulp’.")
            )
        else:
            code = factors.new_code()
            body = shown.sealed(factors.plain(code), *page)
            outcome = actions.share_page(
                own_account(),
                path=path,
                digest=codes.digest_of_shared(code),
                body=body,
                real=real,
                by=g.person,
                now=g.now,
            )
            if isinstance(outcome, Done):
                flash(
                    _(
                        "Uw code: %(code)s. Zeg ze aan de helpdesk. Ze toont een uur lang alleen deze pagina.",
                        code=code,
                    )
                )
                return web.see_other("helping.help")
            web.refused(form, outcome)
    pages = queries.shared_pages_of(g.session, g.person, real)
    return web.page(form=form, sharable=sharable, pages=pages), (422 if form.is_submitted() else 200)


@bp.post("/hulp/<int:page_id>/intrekken")
@requires("support.share")
def end_shared(page_id: int) -> Response:
    """Share a page no longer."""
    found = queries.one_shared_page(g.session, page_id)
    if found is None or found.account_id != g.person.account_id:
        abort(404)
    outcome = actions.end_shared(found, by=g.person, now=g.now)
    web.said_later(outcome, _("De pagina is niet meer te zien."))
    return web.see_other("helping.help")


@bp.route("/beheer/hulp", methods=["GET", "POST"])
@requires("support.open")
def open_shared() -> Answer:
    """Say the code that an applicant gave."""
    form, real = CodeForm(), web.parts().real.now()
    if form.validate_on_submit():
        code = factors.plain(form.code.data or "")
        found = queries.shared_page_with(g.session, codes.digest_of_shared(code))
        outcome = actions.open_shared(found, real=real, by=g.person, now=g.now) if found is not None else None
        if found is not None and isinstance(outcome, Done):
            session[OPENED] = {str(found.id): code}
            return web.see_other("helping.shared_page", page_id=found.id)
        form.code.errors = [web.sentence(Refusal("wrong_shared_code"))]
    return web.page(form=form), (422 if form.is_submitted() else 200)


@bp.get("/beheer/hulp/<int:page_id>")
@requires("support.open")
def shared_page(page_id: int) -> str:
    """A page as an applicant saw it: to read, and on record."""
    found = queries.one_shared_page(g.session, page_id)
    code = session.get(OPENED, {}).get(str(page_id), "")
    if found is None or found.opened_by != g.person.account_id or not code:
        abort(404)
    page = shown.opened(code, found.body)
    if page is None or may_open(queries.shared_facts(found, g.person, web.parts().real.now())) is not None:
        abort(404)
    record_reading(
        web.parts().database, "account.shared_page_read", found, {"path": found.path}, by=g.person, now=g.now
    )
    return web.page(shared=found, title=page[0], body=page[1])
