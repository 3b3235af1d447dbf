"""Signing in by the government's provider: away, back, and on as whom and for which organisation it said."""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Blueprint, abort, g, redirect, request, session, url_for
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from portal import web
from portal.accounts import passwords
from portal.accounts.forms import AddressForm, FunctionForm, KeptForm
from portal.accounts.labels import ROLES
from portal.accounts.routes.common import Answer, own_account
from portal.accounts.routes.own import mailed, spent
from portal.accounts.routes.signing_in import let_in, onward_of
from portal.accounts.rules.links import Purpose
from portal.gate import requires
from portal.government import actions, queries
from portal.government.models import Identity
from portal.government.provider import GovernmentSignIn, NotProved, Unreachable, under_way
from portal.government.rules import PROOF_LASTS, Claims, Rights, rights_of
from portal.i18n import _
from portal.lifecycle import Done
from portal.second_step import queries as second_steps

log = logging.getLogger("portal.government")
bp = Blueprint("government", __name__)
GOING, PROOF, MET = "overheid", "overheid-bewijs", "overheid-wie"  # what a cookie holds between the steps


def _provider() -> GovernmentSignIn:
    found: GovernmentSignIn | None = web.parts().government
    if found is None:
        abort(404)
    return found


@bp.get("/aanmelden/overheid")
@requires("accounts.sign_in")
def leave_for_government() -> Answer:
    """To the provider; `opnieuw` lets one choose another organisation or prove again who one is."""
    try:
        url, going = _provider().begin(web.parts().real.now(), again=bool(request.args.get("opnieuw")))
    except Unreachable as problem:
        return _away(problem)
    session[GOING] = {**going.kept(), "onward": onward_of(request.args.get("verder", ""))}
    return redirect(url, 303)


def _away(problem: Exception) -> Answer:
    log.error("the government's provider is away", extra={"facts": {"why": str(problem)}})
    return web.render("government/away.html", proved=True), 503


def _not_proved(problem: Exception) -> Answer:
    log.warning("the government's provider proved nothing", extra={"facts": {"why": str(problem)}})
    return web.render("government/away.html", proved=False), 400


def _signer() -> URLSafeSerializer:
    how = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    return URLSafeSerializer(web.parts().settings.secret_key, salt="government", signer_kwargs=how)


@bp.get("/aanmelden/overheid/terug")
@requires("accounts.sign_in")
def back_from_government() -> Answer:
    """Back from the provider: who one is there and for whom one acts, to be gone on with. Nothing is written
    yet.
    """
    provider, kept, real = _provider(), session.pop(GOING, None), web.parts().real.now()
    try:
        claims = provider.finish(under_way(kept), request.args.to_dict(), real)
    except NotProved as problem:
        return _not_proved(problem)
    except Unreachable as problem:
        return _away(problem)
    session[PROOF] = secrets.token_urlsafe(16)
    proof = {
        **claims.__dict__,
        "proved_at": claims.proved_at.timestamp(),
        "until": real.timestamp() + PROOF_LASTS,
        "once": session[PROOF],
        "onward": kept["onward"],
    }
    identity = queries.identity(g.session, provider.government.issuer, claims.subject)
    rights, form = rights_of(claims, provider.government), KeptForm(formdata=None)
    form.kept.data = _signer().dumps(proof)
    return web.page(
        form=form,
        claims=claims,
        rights=rights,
        held=[ROLES[role] for role in rights.roles],
        account=identity.account if identity else None,
    )


def _proof(text: str) -> tuple[Claims, str]:
    """What the form before carried, once and in this browser alone.

    Raises:
        NotProved: when it is not ours, too old, or used.
    """
    try:
        proof: dict[str, Any] = _signer().loads(text)
    except BadData as problem:
        raise NotProved("proof") from problem
    once = session.pop(PROOF, None)
    if not once or once != proof.pop("once") or web.parts().real.now().timestamp() >= proof.pop("until"):
        raise NotProved("proof is spent")
    onward = proof.pop("onward")
    proof["proved_at"] = datetime.fromtimestamp(proof["proved_at"], UTC)
    return Claims(**{**proof, "roles": tuple(proof["roles"])}), onward


@bp.post("/aanmelden/overheid/verder")
@requires("accounts.sign_in")
def arrive() -> Answer:
    """Go on: into one's account, or to making one, or tied to the one where one is signed in."""
    provider, form = _provider(), KeptForm()
    if not form.validate_on_submit():
        return web.see_other("government.leave_for_government")
    try:
        claims, onward = _proof(form.kept.data or "")
    except NotProved as problem:
        return _not_proved(problem)
    met = actions.meet(
        g.session, issuer=provider.government.issuer, known_as=claims.subject, by=g.person, now=g.now
    )
    identity: Identity = met.value  # type: ignore[union-attr]
    if identity.account is not None:
        return _into(identity, claims, rights_of(claims, provider.government), onward)
    if not g.person.signed_in:
        session[MET] = identity.id
        asked = url_for("government.identity_address")
        return redirect(onward if onward.startswith(f"{asked}/") else asked, 303)
    if not g.person.fresh:
        return web.see_other(
            "accounts.prove", verder=url_for("government.leave_for_government", verder="/account")
        )
    outcome = actions.tie_identity(identity, by=g.person, now=g.now)
    web.said_later(outcome, _("Voortaan meldt u zich ook zo aan. U krijgt er een mail over."))
    return web.see_other("government.ways")


def _into(identity: Identity, claims: Claims, rights: Rights, onward: str) -> Response:
    account = identity.account
    if account is None or not account.active:
        web.flash(_("Dit account is uitgeschakeld. Neem contact op met ons."), "problem")
        return web.see_other("accounts.sign_in")
    begin = partial(actions.arrive, identity=identity, rights=rights, proved_at=claims.proved_at)
    if second_steps.has_second_step(g.session, account.id) and not rights.strong:
        return let_in(account, url_for("second_step.code", verder=onward), half=True, begin=begin)
    return let_in(account, onward, begin=begin)


def _met() -> Identity:
    """Whom this browser came back as, while they have no account yet."""
    found = queries.one_identity(g.session, session.get(MET, 0))
    if found is None or found.account_id is not None:
        abort(404)
    return found


@bp.route("/aanmelden/overheid/adres", methods=["GET", "POST"])
@requires("accounts.sign_in")
def identity_address() -> Answer:
    """The first time: an address, to be proved."""
    identity, form = _met(), AddressForm()
    if form.validate_on_submit():
        email, real = form.email.data or "", web.parts().real.now()
        outcome = actions.ask_for_identity_address(identity, email=email, real=real, by=g.person, now=g.now)
        if isinstance(outcome, Done):
            return web.see_other("accounts.look_in_mailbox")
        web.refused(form, outcome)
    return web.page(form=form), (422 if form.is_submitted() else 200)


@bp.route("/aanmelden/overheid/adres/<token>", methods=["GET", "POST"])
@requires("accounts.sign_in")
def new_identity_account(token: str) -> Answer:
    """The address is proved: the rest of the account, without a password that anybody knows."""
    link = mailed(Purpose.IDENTITY, token)
    if link is None:
        return spent(Purpose.IDENTITY)
    if link.identity_id != session.get(MET):  # who gave this address as theirs may be anybody
        return web.render("government/other_browser.html"), 403
    email, form = link.email, FunctionForm()
    if form.validate_on_submit():
        outcome = actions.enrol_by_identity(
            link,
            label=form.label.data or "",
            password_hash=passwords.hash_of(secrets.token_urlsafe(64)),
            real=web.parts().real.now(),
            by=g.person,
            now=g.now,
        )
        if isinstance(outcome, Done):
            web.flash(_("Uw account is gemaakt. Meld u nu aan."))
            return web.see_other("accounts.sign_in")
        web.refused(form, outcome)
    return web.page(form=form, email=email), (422 if form.is_submitted() else 200)


@bp.get("/account/overheid")
@requires("accounts.own")
def ways() -> str:
    """By which sign-ins of the government one comes into one's account."""
    _provider()
    return web.page(identities=queries.identities(g.session, own_account().id))


@bp.post("/account/overheid/<int:identity_id>/ontkoppelen")
@requires("accounts.own", fresh=True)
def untie_identity(identity_id: int) -> Response:
    """Sign in by the provider no more."""
    found = next((i for i in queries.identities(g.session, g.person.account_id) if i.id == identity_id), None)
    if found is None:
        abort(404)
    outcome = actions.untie_identity(found, by=g.person, now=g.now)
    if isinstance(outcome, Done):
        web.flash(_("Ontkoppeld. Meld u opnieuw aan."))
        return web.see_other("accounts.sign_in")
    web.said_later(outcome)
    return web.see_other("government.ways")
