"""The files of an application: uploaded, made from the answers, taken over, taken out, read back."""

from __future__ import annotations

import io
from typing import Any, BinaryIO

from flask import abort, current_app, g, request
from werkzeug.wrappers import Response

from portal import web
from portal.applications import actions, forms, pages, queries
from portal.applications.content import typed
from portal.applications.models import Application
from portal.applications.routes.common import bp, frame, load, tell, tell_later
from portal.applications.routes.consortium import Answer
from portal.documents import serve
from portal.documents.inspection import Inspection, Later, examine_quickly
from portal.documents.pdf_form import FormFor, filled
from portal.documents.storage import Stored, TooLarge, Unavailable
from portal.documents.sweeping import forget
from portal.gate import requires, uploading
from portal.i18n import _, size, words
from portal.lifecycle import Done, Refusal, Refused

FORM = "aanmeldingsformulier"


def _schema(found: Application, type: str) -> dict[str, Any] | None:
    wanted = frame(found).definition.document(type)
    return web.parts().definitions.schemas[wanted.schema_name] if wanted else None


@bp.route("/aanvragen/<reference>/documenten", methods=["GET", "POST"])
@requires("applications.write", body=uploading)
def documents(reference: str) -> Answer:
    """The files, and adding one: streamed to storage and inspected first, then attached in one small act."""
    found = load(reference)
    form = forms.UploadForm()
    if form.validate_on_submit():
        outcome = _upload(found, form.type.data or "")
        if isinstance(outcome, Done):
            if outcome.value.open:
                web.flash(_("Het bestand is toegevoegd."))
            else:
                web.flash(
                    _(
                        "Het bestand is toegevoegd en wordt nog nagekeken. U kunt gewoon verder werken en "
                        "indienen."
                    )
                )
            return web.see_other("applications.documents", reference=reference)
        found = load(reference)
        tell(form, outcome, found)
    page = frame(found)
    status = 422 if request.method == "POST" else 200
    limits = {d.key: _limit(schema) for d in page.definition.documents if (schema := _schema(found, d.key))}
    return web.page(
        page=page, form=form, files=pages.files(page), differing=pages.differing(page), limits=limits
    ), status


def _limit(schema: dict[str, Any]) -> int:
    """The largest file of a type (bytes): the smaller of what the portal and the type allow."""
    most: int = min(web.parts().settings.upload_limit, schema["x-limits"]["bytes"])
    return most


def _upload(found: Application, type: str) -> Done | Refused:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return Refused((Refusal("file_missing", {}, "file"),))
    return _keep(found, upload.stream, upload.filename, type, made_here=False)


def _keep(found: Application, stream: Any, name: str, type: str, *, made_here: bool) -> Done | Refused:
    """Store, inspect, attach; what was refused leaves nothing behind.

    Bytes go only after an outcome that is known: where the answer to a commit was lost, the row may stand.
    """
    parts, schema = web.parts(), _schema(found, type)
    if schema is None:
        return Refused((Refusal("gone"),))
    limit = _limit(schema)
    try:
        stored: Stored = parts.storage.put(stream, limit=limit)
    except TooLarge:
        return Refused((Refusal("file_is_too_large", {"limit": size(limit)}, "file"),))
    except Unavailable as problem:
        current_app.logger.error("the store: %s", problem)
        return Refused((Refusal("file_not_kept", {}, "file"),))
    with parts.storage.open(stored.key) as kept:
        inspection = _examined(kept, schema)
    outcome = actions.attach(
        found,
        stored=stored,
        inspection=inspection,
        name=name,
        type=type,
        media_type="application/pdf",
        made_here=made_here,
        limit=parts.settings.files_per_application,
        by=g.person,
        now=g.now,
    )
    if isinstance(outcome, Refused):
        forget(parts.storage, stored.key)
    return outcome


def _examined(kept: BinaryIO, schema: dict[str, Any]) -> Inspection | None:
    try:
        return examine_quickly(kept, schema, web.parts().scanner, g.person.account_id)
    except Later as problem:
        current_app.logger.warning("looked at later: %s", problem)
        return None


def _form_pdf(found: Application) -> bytes:
    page = frame(found)
    subject = FormFor(
        call=page.facts.call,
        call_title=found.round.call.content["title"]["nl"],
        round=page.facts.round,
        region=page.facts.region,
        region_name=found.region.name,
        definition=page.definition,
    )
    answers = {f"{s}.{k}": v for s, body in page.facts.answers.items() for k, v in body.items()}
    partners = {p.seat: f"{p.name}, {web.kbo(p.number)}" for p in page.facts.partners}
    schema = _schema(found, FORM)
    return filled(subject, answers, partners, schema) if schema else b""


@bp.post("/aanvragen/<reference>/documenten/maken")
@requires("applications.write")
def make_form(reference: str) -> Response:
    """Make the aanmeldingsformulier from the answers and attach it."""
    found = load(reference)
    name = f"aanmeldingsformulier-{reference}.pdf"
    outcome = _keep(found, io.BytesIO(_form_pdf(found)), name, FORM, made_here=True)
    if isinstance(outcome, Refused):
        tell_later(outcome, load(reference))
    else:
        web.flash(_("Het aanmeldingsformulier is uit uw antwoorden gemaakt en toegevoegd."))
    return web.see_other("applications.documents", reference=reference)


@bp.get("/aanvragen/<reference>/documenten/formulier")
@requires("applications.read")
def form_pdf(reference: str) -> Response:
    """The fillable form with what is answered so far, to work on outside the portal."""
    return serve.made(_form_pdf(load(reference)), f"aanmeldingsformulier-{reference}.pdf")


@bp.post("/aanvragen/<reference>/documenten/<int:document_id>/overnemen")
@requires("applications.write")
def fill_from(reference: str, document_id: int) -> Response:
    """Fill the answers from an uploaded form that was read."""
    found = load(reference)
    if all(f.id != document_id for f in frame(found).facts.files):
        abort(404)
    seen = request.form.get("seen", "")
    outcome = actions.take_over(found, document_id=document_id, seen=seen, by=g.person, now=g.now)
    if isinstance(outcome, Refused):
        tell_later(outcome, load(reference))
        return web.see_other("applications.documents", reference=reference)
    for each in outcome.value.malformed:
        why = forms.malformed(each.field, typed(each.field, each.read))
        web.flash(_("Niet overgenomen, “%(read)s”: %(why)s", read=each.read, why=why), "problem")
    for each in outcome.value.of_others:
        label = words(each.field.label)
        web.flash(
            _("Niet overgenomen, “%(label)s”: dit deel vult een andere partner in.", label=label), "problem"
        )
    if not outcome.value.taken:
        return web.see_other("applications.documents", reference=reference)
    web.flash(_("De antwoorden zijn overgenomen uit het formulier. Kijk ze na."))
    return web.see_other("applications.application", reference=reference)


@bp.post("/aanvragen/<reference>/documenten/<int:document_id>/verwijderen")
@requires("applications.write")
def detach(reference: str, document_id: int) -> Response:
    """Take a file out."""
    outcome = actions.detach(load(reference), document_id=document_id, by=g.person, now=g.now)
    if isinstance(outcome, Refused):
        tell_later(outcome, load(reference))
    return web.see_other("applications.documents", reference=reference)


@bp.get("/aanvragen/<reference>/documenten/<int:document_id>")
@requires("applications.read")
def document(reference: str, document_id: int) -> Response:
    """One's own file, as a download."""
    found = load(reference)
    page = frame(found)
    theirs = {f.id for f in page.facts.files}
    theirs |= {f.document for version in pages.readable(page).values() for f in version.files}
    attachment = queries.one_attachment(found, document_id)
    if attachment is None or not (page.lead or document_id in theirs):
        abort(404)
    return serve.serve(attachment.document, subject=None, by=g.person, now=g.now)
