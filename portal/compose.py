"""Joining the rooms into one application: hooks, words, blueprints, headers, error pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, g, redirect, render_template, request
from flask_login import LoginManager, current_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter
from werkzeug.wrappers import Response

from portal import db, definitions, gate, given, i18n, logs, migrations, web
from portal.access import VISITOR, Person, may
from portal.accounts import actions as account_actions
from portal.accounts import labels as account_labels
from portal.accounts import links
from portal.accounts import queries as accounts
from portal.accounts import routes as account_routes
from portal.accounts.rules.sign_ins import to_be_touched
from portal.applications import labels as application_labels
from portal.applications import letters as application_letters
from portal.applications import pages as application_pages
from portal.applications import queries as applications
from portal.applications import routes as application_routes
from portal.calls import actions as call_actions
from portal.calls import labels as call_labels
from portal.calls import routes as call_routes
from portal.clock import Clock, SystemClock, brussels_day
from portal.decisions import labels as decision_labels
from portal.decisions import routes as decision_routes
from portal.documents import labels as document_labels
from portal.documents import routes as document_routes
from portal.documents.scanning import Clamd, NoScanner, Scanner
from portal.documents.storage import Changed, Missing, Storage, Unavailable
from portal.documents.stores import from_settings
from portal.government import labels as government_labels
from portal.government import routes as government_routes
from portal.government.provider import GovernmentSignIn
from portal.helping import labels as helping_labels
from portal.helping import routes as helping_routes
from portal.home import labels as home_labels
from portal.home import pages as home_pages
from portal.home import routes as home_routes
from portal.hooks import Hooks
from portal.journal import actions as journal
from portal.journal import destroying
from portal.journal import labels as journal_labels
from portal.journal import routes as journal_routes
from portal.journal.letters import Composer
from portal.journal.log import signer_of
from portal.mail import FolderMailer, Mailer
from portal.mail import from_url as smtp_from_url
from portal.mandates import actions as mandate_actions
from portal.mandates import labels as mandate_labels
from portal.mandates import pages as mandate_pages
from portal.mandates import routes as mandate_routes
from portal.organisations import actions as organisation_actions
from portal.organisations import labels as organisation_labels
from portal.organisations import pages as organisation_pages
from portal.organisations import queries as organisations
from portal.organisations import routes as organisation_routes
from portal.reviews import labels as review_labels
from portal.reviews import routes as review_routes
from portal.second_step import actions as second_step_actions
from portal.second_step import labels as second_step_labels
from portal.second_step import queries as second_steps
from portal.second_step import routes as second_step_routes
from portal.settings import Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; form-action "
    "'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
LABELS = (
    journal_labels,
    document_labels,
    account_labels,
    second_step_labels,
    organisation_labels,
    government_labels,
    helping_labels,
    call_labels,
    application_labels,
    review_labels,
    decision_labels,
    mandate_labels,
    home_labels,
)
BLUEPRINTS = (
    journal_routes.bp,
    document_routes.bp,
    account_routes.bp,
    second_step_routes.bp,
    organisation_routes.bp,
    government_routes.bp,
    helping_routes.bp,
    call_routes.bp,
    application_routes.bp,
    review_routes.bp,
    decision_routes.bp,
    mandate_routes.bp,
    home_routes.bp,
)


ATTACHMENTS = {**application_letters.ATTACHMENTS}


def compose(
    settings: Settings,
    *,
    clock: Clock | None,
    storage: Storage | None,
    mailer: Mailer | None,
    scanner: Scanner | None,
) -> Flask:
    """The application of `settings`; see `portal.create_app`."""
    defined = definitions.load(settings.project_dir)
    app = Flask("portal", template_folder=str(settings.project_dir / "templates"))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-sid" if settings.secure else "sid",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        WTF_CSRF_TIME_LIMIT=4 * 3600,
        TEMPLATES_AUTO_RELOAD=False,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        TRUSTED_HOSTS=settings.hosts,
    )
    app.url_map.converters["int"] = RowNumber
    if settings.trusted_proxies:  # without it what a sender says in X-Forwarded-For is nothing
        behind = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies)
        app.wsgi_app = behind  # type: ignore[method-assign]
    entries = {verb: said for room in LABELS for verb, said in room.ENTRIES.items()}
    attempts = {verb: words for room in LABELS for verb, words in room.ATTEMPTS.items()}
    signer_of(settings)
    database = db.Database(settings.database_url, hooks(settings, defined))
    try:
        migrations.require(database)
    except migrations.SchemaError:
        database.dispose()
        raise
    app.extensions["portal"] = web.Parts(
        settings=settings,
        clock=clock or SystemClock(),
        database=database,
        storage=storage or from_settings(settings),
        mailer=mailer or mailer_of(settings),
        scanner=scanner or (Clamd(settings.clamd) if settings.clamd else NoScanner()),
        definitions=defined,
        sentences=sentences(),
        entries=entries,
        attempts=attempts,
        government=government_of(settings),
    )
    logs.install(app)
    _sign_in(app)
    gate.install(app, _person, _person_before, call_actions.record_closings, account_routes.sign_in_first)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    _templates(app)
    _answers(app)
    return app


class RowNumber(IntegerConverter):
    """A number in an address: what is larger than any row's is no address at all, rather than an error of the
    database.
    """

    regex = "[0-9]+"

    def __init__(self, map: Any) -> None:
        super().__init__(map, max=2**31 - 1)


def hooks(settings: Settings, defined: definitions.Definitions) -> Hooks:
    """What earlier rooms and the ground floor need of later ones."""
    return Hooks(
        stands=accounts.still_stands,
        refused=journal.record_refusal,
        withdrawn=journal.record_withdrawal,
        confirms={
            **destroying.CONFIRMS,
            **account_actions.CONFIRMS,
            **second_step_actions.CONFIRMS,
            **organisation_actions.CONFIRMS,
            **call_actions.confirming(defined, unconfirmed_allowed=settings.demo),
            **mandate_actions.CONFIRMS,
        },
        owner_of=applications.owner_of,
        person_of=organisations.person_of,
        has_second_step=second_steps.has_second_step,
        second_step_page=second_step_routes.code_page,
        account_panels=(organisation_pages.account_panel,),
        organisation_panels=(application_pages.panel, mandate_pages.panel),
    )


def sentences() -> dict[str, Any]:
    """Every room's words for a refusal, by code."""
    return {**web.GENERAL, **{code: words for room in LABELS for code, words in room.REFUSALS.items()}}


@cache
def composer(settings: Settings) -> Composer:
    """Who puts into words what is owed, with what each room attaches."""
    return Composer(settings, ATTACHMENTS, sentences(), links.address_of)


def government_of(settings: Settings) -> GovernmentSignIn | None:
    """The government's sign-in, where the settings name one."""
    if settings.government is None:
        return None
    return GovernmentSignIn(settings.government, f"{settings.base_url}/aanmelden/overheid/terug")


def mailer_of(settings: Settings) -> Mailer:
    """A mail server where the settings name one; a folder beside the demo's files otherwise."""
    if settings.smtp_url:
        return smtp_from_url(settings.smtp_url)
    return FolderMailer(Path(settings.storage_url.removeprefix("file://")).parent / "mails")


def _sign_in(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(account_routes.SignedIn)


def _person(session: Session) -> Person:
    """Who asks, by the token in the cookie; now and then it is put down that they are still here."""
    if not current_user.is_authenticated:
        return VISITOR
    parts = web.parts()
    real = parts.real.now()
    person, sign_in = organisations.person_with(
        session, current_user.get_id(), brussels_day(g.now), real, second_step=not parts.settings.demo
    )
    if sign_in is not None and person.sign_in_id is not None and to_be_touched(sign_in):
        account_actions.touch(parts.database, person.sign_in_id, real)
    return person


def _person_before(session: Session) -> Person:
    """Whose sign-in it was that the token in the cookie stood for, and that ended."""
    if not current_user.is_authenticated:
        return VISITOR
    return organisations.person_whose_ended(session, current_user.get_id(), brussels_day(g.now))


def _templates(app: Flask) -> None:
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(
        url_for=web.addresses(),
        _=i18n._,
        ngettext=i18n.ngettext,
        language=i18n.language,
        languages=i18n.LANGUAGES,
        translated=i18n.translated,
        words=i18n.words,
        day=i18n.day,
        weekday=i18n.weekday,
        moment=i18n.moment,
        until=i18n.until,
        left=i18n.left,
        number=i18n.number,
        size=i18n.size,
        kbo=web.kbo,
        summary=web.summary,
        answer_words=application_labels.answer,
        unsent_of=application_pages.unsent,
        csrf_token=generate_csrf,
        typed_back=given.back,
        typed_in=web.typed_in,
        can=lambda permission: may(g.get("person", VISITOR), permission),
    )
    env.filters.update(markdown=web.markdown, words=i18n.words, as_sentence=i18n.as_sentence)

    @app.context_processor
    def everywhere() -> dict[str, Any]:
        person = g.get("person", VISITOR)
        return {
            "person": person,
            "now": g.get("now"),
            "settings": web.parts().settings,
            "menu": home_pages.menu(person),
        }


def _answers(app: Flask) -> None:
    @app.after_request
    def headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        if web.parts().settings.secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response

    @app.errorhandler(HTTPException)
    def told(problem: HTTPException) -> tuple[str, int] | Response:
        code = problem.code or 500
        if 300 <= code < 400:
            return redirect(problem.get_response().headers["Location"], code)
        return render_template("errors/error.html", code=code), code

    @app.errorhandler(DataError)
    def unreadable(problem: DataError) -> tuple[str, int]:
        """A value that no column can hold: a sender's mistake, whatever form let it pass."""
        app.logger.warning("no value of the database's: %s", type(problem.orig).__name__)
        return render_template("errors/error.html", code=400), 400

    @app.errorhandler(Missing)
    @app.errorhandler(Changed)
    def broken(problem: Exception) -> tuple[str, int]:
        app.logger.critical("a stored file is %s: %s", type(problem).__name__.lower(), problem)
        return render_template("errors/error.html", code=500), 500

    @app.errorhandler(Unavailable)
    @app.errorhandler(OperationalError)
    @app.errorhandler(PoolTimeout)
    def away(problem: Exception) -> tuple[str, int, dict[str, str]]:
        app.logger.error("not available: %s", problem)
        return render_template("errors/error.html", code=503), 503, {"Retry-After": "60"}
