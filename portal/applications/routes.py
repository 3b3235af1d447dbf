"""An applicant's work: task list, one thing a page, check, submit, receipt."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, abort, g, request, url_for

from portal import clock, web
from portal.accounts import queries as accounts
from portal.applications import access, actions, forms, labels, queries, rules
from portal.applications.lifecycle import LIFECYCLE, Status
from portal.applications.models import Application
from portal.calls import queries as calls
from portal.calls.rules import Phase
from portal.documents import serve
from portal.documents.labels import sentence as document_sentence
from portal.documents.letters import write
from portal.documents.pdf_form import filled_form
from portal.documents.storage import Stored, TooLarge
from portal.gate import requires
from portal.i18n import _, moment, size, words
from portal.journal.models import Audience
from portal.journal.queries import timeline as journal_timeline
from portal.lifecycle import Done, Refusal, Refused

bp = Blueprint("applications", __name__)


def _load(reference: str) -> Application:
    found = queries.one_visible_to(g.session, g.person, reference)
    if found is None:
        abort(404)
    return found


def _schemas() -> dict[str, dict]:
    return web.parts().definitions.schemas


def _context(application: Application) -> dict[str, Any]:
    facts = queries.facts(g.session, application, _schemas(), g.now)
    seats = {p.seat: p.number for p in application.partners}
    return {
        "application": application,
        "definition": facts.definition,
        "facts": facts,
        "lead": access.is_lead(g.person, application.organisation_id),
        "my_seats": access.seats_of(g.person, seats),
        "partners": {p.seat: p for p in application.partners},
        "status": status_words(application, facts),
        "closed": rules.round_is_open(facts) is not None,
        "sentence": lambda r: web.sentence(labels._worded(r, facts.definition)),
    }


def status_words(application: Application, facts: rules.Facts) -> tuple[str, str]:
    """Tag and word of an application; a draft whose round closed reads 'niet ingediend'."""
    if application.status is Status.DRAFT and facts.at >= facts.closes_at:
        return "warn", str(labels.NOT_SUBMITTED)
    return labels.STATUS_TAG[application.status], str(labels.STATUS[application.status])


def _again(form: Any, refused: Refused, reference: str, **more: Any) -> Any:
    application = _load(reference)
    context = _context(application)
    web.refused(form, labels.worded(refused, context["definition"]))
    return web.page(**{**context, "form": form, **more}), 422


def _told(refused: Refused, application: Application) -> None:
    """Refusals of a page of one button: said on the page one returns to."""
    definition = calls.definition(application.round)
    for refusal in labels.worded(refused, definition).refusals:
        web.flash(web.sentence(refusal), "problem")


@bp.get("/aanvragen")
@requires("applications.read")
def applications():
    """Own applications, newest first."""
    rows = []
    for application in g.session.scalars(queries.visible_to(g.person)):
        closes_at = calls.closing(application.round, application.organisation_id)
        late = application.status is Status.DRAFT and g.now >= closes_at
        status = (
            ("warn", labels.NOT_SUBMITTED)
            if late
            else (labels.STATUS_TAG[application.status], labels.STATUS[application.status])
        )
        rows.append({"application": application, "closes_at": closes_at, "status": status})
    rounds = calls.open_rounds(calls.published(g.session), g.now)
    return web.page(rows=rows, rounds=rounds)


@bp.route("/aanvragen/nieuw", methods=["GET", "POST"])
@requires("applications.write")
def start():
    """Start an application: region, organisation, seat."""
    known = [c for c in calls.published(g.session) if c.rounds]
    slug = request.args.get("oproep") or (known[-1].slug if known else "")
    call = next((c for c in known if c.slug == slug), None)
    if call is None:
        abort(404)
    running = [r for r in call.rounds if calls.phase_of(r, g.now) is Phase.OPEN]
    round = running[-1] if running else call.rounds[-1]
    definition = calls.definition(round)
    form = forms.StartForm()
    form.region.choices = [(p.region.key, p.region.name) for p in round.regions]
    mine = accounts.organisations_of(g.session, g.person)
    form.organisation.choices = [(o.id, o.name) for o in mine]
    form.seat_kind.choices = [
        (f"{s.key}:{k.key}", f"{words(k.label)} ({words(s.label)})")
        for s in definition.seats
        if s.can_lead
        for k in s.kinds
    ]
    if request.method == "GET" and (wanted := request.args.get("regio")):
        form.region.data = wanted
    if form.validate_on_submit():
        seat, _sep, kind = form.seat_kind.data.partition(":")
        organisation = next(o for o in mine if o.id == form.organisation.data)
        outcome = actions.start(
            round, region=form.region.data, seat=seat, kind=kind, organisation=organisation,
            email=g.person.email, by=g.person, now=g.now,
        )  # fmt: skip
        if isinstance(outcome, Done):
            return web.see_other("applications.application", reference=outcome.value.reference)
        web.refused(form, labels.worded(outcome, definition))
    elif request.method == "GET" and not running:
        web.refused(form, labels.worded(_closed(round), definition))
    status = 422 if request.method == "POST" else 200
    return web.page(call=call, round=round, form=form, closes_at=calls.closing(round)), status


def _closed(round: Any) -> Refused:
    closes_at = calls.closing(round)
    if g.now < round.opens_at:
        return Refused((Refusal("round_not_open", {"opens_at": round.opens_at.isoformat()}),))
    return Refused((Refusal("round_closed", {"closes_at": closes_at.isoformat(), "at": g.now.isoformat()}),))


@bp.get("/aanvragen/<reference>")
@requires("applications.read")
def application(reference: str):
    """The task list."""
    found = _load(reference)
    context = _context(found)
    tasks = _tasks(found, context["facts"])
    return web.page(**context, tasks=tasks, done=sum(t["tag"] == "ok" for t in tasks))


def _tasks(found: Application, facts: rules.Facts) -> list[dict[str, Any]]:
    at = {"reference": found.reference}
    confirmed = sum(p.confirmed for p in facts.partners)
    seats = len(facts.definition.seats)
    full = not list(rules.seats_are_filled(facts))
    tasks = [
        {
            "name": _("Het samenwerkingsverband"),
            "hint": _("%(confirmed)s van %(seats)s partners bevestigd", confirmed=confirmed, seats=seats),
            "tag": "ok" if full else "todo",
            "url": url_for("applications.consortium", **at),
        }
    ]
    incomplete = {r.facts["section"] for r in rules.answers_are_complete(facts)}
    for section in facts.definition.sections:
        begun = any(facts.answers.get(section.key, {}).values())
        tag = "ok" if section.key not in incomplete else "warn" if begun else "todo"
        by = next((p.name for p in facts.partners if p.seat == section.seat), None) if section.seat else None
        hint = _("In te vullen door %(name)s", name=by) if by else words(section.intro)
        url = url_for("applications.section", section=section.key, **at)
        tasks.append({"name": words(section.label), "hint": hint, "tag": tag, "url": url})
    wrong = list(rules.documents_are_in_order(facts)) + list(rules.answers_match_the_form(facts))
    hint = ", ".join(f.name for f in facts.files) or _("Nog geen bestanden")
    url = url_for("applications.documents", **at)
    tasks.append({"name": _("Documenten"), "hint": hint, "tag": "todo" if wrong else "ok", "url": url})
    states = [rules.sign_off_state(facts, p) for p in facts.partners]
    signed = states.count("valid")
    hint = _("%(signed)s van %(seats)s partners tekenden", signed=signed, seats=seats)
    if again := states.count("void"):
        hint += "; " + _("%(again)s opnieuw nodig na een wijziging", again=again)
    url = url_for("applications.sign_off", **at)
    tag = "ok" if signed == seats else "todo"
    tasks.append({"name": _("Ondertekening"), "hint": hint, "tag": tag, "url": url})
    ready = not LIFECYCLE.refusals("submit", found.status, facts)
    submitted = found.status is not Status.DRAFT
    hint = _("Alles is klaar om in te dienen") if ready else _("Kan zodra alles klaar is")
    if submitted:
        hint = _("Ingediend op %(moment)s", moment=moment(found.submitted_at))
    url = url_for("applications.check", **at)
    tag = "ok" if submitted else "todo" if ready else ""
    tasks.append({"name": _("Controleren en indienen"), "hint": hint, "tag": tag, "url": url})
    return tasks


@bp.get("/aanvragen/<reference>/consortium")
@requires("applications.read")
def consortium(reference: str):
    """The seats, and who takes them."""
    return web.page(**_context(_load(reference)))


@bp.route("/aanvragen/<reference>/consortium/<seat>", methods=["GET", "POST"])
@requires("applications.write")
def partner(reference: str, seat: str):
    """Name who takes a seat."""
    found = _load(reference)
    context = _context(found)
    chosen = next((s for s in context["definition"].seats if s.key == seat), None)
    if chosen is None or not context["lead"]:
        abort(404)
    form = forms.PartnerForm(obj=context["partners"].get(seat))
    form.kind.choices = [(k.key, words(k.label)) for k in chosen.kinds]
    if form.validate_on_submit():
        outcome = actions.name_partner(
            found, seat=seat, number=form.number.data, name=form.name.data, kind=form.kind.data,
            email=form.email.data, schemas=_schemas(), by=g.person, now=g.now,
        )  # fmt: skip
        if isinstance(outcome, Done):
            return web.see_other("applications.consortium", reference=reference)
        return _again(form, outcome, reference, seat=chosen)
    return web.page(**context, form=form, seat=chosen), (422 if request.method == "POST" else 200)


@bp.route("/aanvragen/<reference>/consortium/<seat>/bevestigen", methods=["GET", "POST"])
@requires("applications.write")
def confirm_seat(reference: str, seat: str):
    """A partner confirms its own seat."""
    found = _load(reference)
    context = _context(found)
    if seat not in context["my_seats"]:
        abort(404)
    form = forms.EmptyForm()
    if form.validate_on_submit():
        outcome = actions.confirm_seat(found, seat=seat, schemas=_schemas(), by=g.person, now=g.now)
        if isinstance(outcome, Done):
            web.flash(_("Uw plaats is bevestigd."))
            return web.see_other("applications.application", reference=reference)
        return _again(form, outcome, reference, seat=context["definition"].seat(seat))
    return web.page(**context, form=form, seat=context["definition"].seat(seat))


@bp.route("/aanvragen/<reference>/formulier/<section>", methods=["GET", "POST"])
@requires("applications.write")
def section(reference: str, section: str):
    """One section of the form."""
    found = _load(reference)
    context = _context(found)
    chosen = next((s for s in context["definition"].sections if s.key == section), None)
    if chosen is None:
        abort(404)
    seats = {p.seat: p.number for p in found.partners}
    editable = access.may_edit_section(g.person, found.organisation_id, chosen.seat, seats)
    answers = next((a for a in found.answers if a.section == section), None)
    body = answers.body if answers else {}
    data = {f.key.replace("-", "_"): forms.shown(f, body.get(f.key)) for f in chosen.fields}
    form = forms.section_form(context["definition"], chosen)(
        data={**data, "revision": answers.revision if answers else 0}
    )
    context.update(section=chosen, editable=editable, form=form)
    if request.method == "POST":
        unfinished = (
            request.form.get("later") is not None
        )  # 'bewaren en later verder' keeps what is not yet right
        if form.validate_on_submit() or (unfinished and "csrf_token" not in form.errors and _storable(form)):
            values = {f.key: forms.typed(f, form[f.key.replace("-", "_")].data) for f in chosen.fields}
            values = {k: v for k, v in values.items() if v is not None}
            outcome = actions.save_section(
                found, section=section, values=values, revision=form.revision.data or 0, schemas=_schemas(),
                by=g.person, now=g.now,
            )  # fmt: skip
            if isinstance(outcome, Done):
                web.flash(_("Uw antwoorden zijn bewaard."))
                return web.see_other("applications.application", reference=reference)
            return _again(form, outcome, reference, section=chosen, editable=editable)
        return web.page(**context), 422
    return web.page(**context)


def _storable(form: Any) -> bool:
    return all(web.storable(f.data) for f in form if isinstance(f.data, str))


@bp.route("/aanvragen/<reference>/documenten", methods=["GET", "POST"])
@requires("applications.write")
def documents(reference: str):
    """The files, and adding one: streamed to storage first, then attached in one small act."""
    found = _load(reference)
    form = forms.UploadForm()
    if form.validate_on_submit():
        outcome = _upload(found, form)
        if isinstance(outcome, Done):
            web.flash(_("Het bestand is toegevoegd. Het wordt nagekeken."))
            return web.see_other("applications.documents", reference=reference)
        return _again(form, outcome, reference, **_files(_load(reference)))
    return web.page(**_context(found), form=form, **_files(found)), (422 if request.method == "POST" else 200)


def _files(found: Application) -> dict[str, Any]:
    rows = []
    for attachment in queries.attached(found):
        problems = (attachment.document.result or {}).get("problems", [])
        rows.append(
            {
                "attachment": attachment,
                "document": attachment.document,
                "state": str(labels.INSPECTED[attachment.document.inspected.value]),
                "problems": [document_sentence(p) for p in problems],
            }
        )
    limit = web.parts().settings.upload_limit
    return {"rows": rows, "limit": limit, "detach_form": forms.DetachForm(formdata=None)}


def _upload(found: Application, form: Any) -> Done | Refused:
    settings = web.parts().settings
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return Refused((Refusal("file_missing", {}, "file"),))
    head = upload.stream.read(1024)
    upload.stream.seek(0)
    if not head:
        return Refused((Refusal("file_empty", {}, "file"),))
    if b"%PDF-" not in head:
        return Refused((Refusal("file_not_pdf", {}, "file"),))
    try:
        stored = web.parts().storage.put(upload.stream, limit=settings.upload_limit)
    except TooLarge:
        return Refused((Refusal("file_too_large", {"limit": size(settings.upload_limit)}, "file"),))
    return _attach(found, stored, upload.filename, form.type.data or "", made_here=False)


def _attach(found: Application, stored: Stored, name: str, type: str, *, made_here: bool) -> Done | Refused:
    outcome = actions.attach(
        found, stored=stored, name=name, type=type, media_type="application/pdf", made_here=made_here,
        schemas=_schemas(), limit=web.parts().settings.files_per_application, by=g.person, now=g.now,
    )  # fmt: skip
    if isinstance(outcome, Refused):
        web.parts().storage.delete(stored.key)
    return outcome


def _form_pdf(found: Application) -> bytes:
    context = _context(found)
    flat = {f"{s}.{k}": str(v) for s, body in context["facts"].answers.items() for k, v in body.items()}
    return filled_form(
        context["definition"], flat, queries.consortium(found),
        call_title=words(found.round.call.content["title"]), call_slug=found.round.call.slug,
        round_number=found.round.number, region_key=found.region.key, region_name=found.region.name,
    )  # fmt: skip


@bp.post("/aanvragen/<reference>/documenten/maken")
@requires("applications.write")
def make_form(reference: str):
    """Make the aanmeldingsformulier from the answers and attach it."""
    found = _load(reference)
    pdf = _form_pdf(found)
    stored = web.parts().storage.put(io.BytesIO(pdf), limit=web.parts().settings.upload_limit)
    name = f"aanmeldingsformulier-{reference}.pdf"
    outcome = _attach(found, stored, name, "aanmeldingsformulier", made_here=True)
    if isinstance(outcome, Refused):
        _told(outcome, _load(reference))
    else:
        web.flash(_("Het aanmeldingsformulier is uit uw antwoorden gemaakt en toegevoegd."))
    return web.see_other("applications.documents", reference=reference)


@bp.get("/aanvragen/<reference>/documenten/formulier")
@requires("applications.read")
def form_pdf(reference: str):
    """The fillable form with what is answered so far, to work on outside the portal."""
    return serve.made(_form_pdf(_load(reference)), f"aanmeldingsformulier-{reference}.pdf")


@bp.post("/aanvragen/<reference>/documenten/<int:document_id>/overnemen")
@requires("applications.write")
def fill_from(reference: str, document_id: int):
    """Fill the answers from an uploaded form that was read."""
    found = _load(reference)
    facts = queries.facts(g.session, found, _schemas(), g.now)
    file = next((f for f in facts.files if f.id == document_id), None)
    if file is None:
        abort(404)
    plan: dict[str, dict[str, Any]] = {}
    for path, text in file.values.items():
        section_key, _sep, field_key = path.partition(".")
        section = facts.definition.section(section_key)
        field = next(f for f in section.fields if f.key == field_key)
        if (value := forms.typed(field, web.clean(text))) is not None:
            plan.setdefault(section_key, {})[field_key] = value
    if not plan:
        _told(Refused((Refusal("nothing_to_fill"),)), found)
        return web.see_other("applications.documents", reference=reference)
    revisions = {a.section: a.revision for a in found.answers}
    for section_key, values in plan.items():
        merged = {**facts.answers.get(section_key, {}), **values}
        outcome = actions.save_section(
            found, section=section_key, values=merged, revision=revisions.get(section_key, 0),
            schemas=_schemas(), by=g.person, now=g.now,
        )  # fmt: skip
        if isinstance(outcome, Refused) and outcome.refusals[0].code != "not_your_section":
            _told(outcome, _load(reference))
            return web.see_other("applications.documents", reference=reference)
    web.flash(_("De antwoorden zijn overgenomen uit het formulier. Kijk ze na."))
    return web.see_other("applications.application", reference=reference)


@bp.post("/aanvragen/<reference>/documenten/<int:document_id>/verwijderen")
@requires("applications.write")
def detach(reference: str, document_id: int):
    """Take a file out."""
    found = _load(reference)
    outcome = actions.detach(found, document_id=document_id, schemas=_schemas(), by=g.person, now=g.now)
    if isinstance(outcome, Refused):
        _told(outcome, _load(reference))
    return web.see_other("applications.documents", reference=reference)


@bp.get("/aanvragen/<reference>/documenten/<int:document_id>")
@requires("applications.read")
def document(reference: str, document_id: int):
    """One's own file, as a download."""
    attachment = queries.one_attachment(_load(reference), document_id)
    if attachment is None:
        abort(404)
    return serve.serve(attachment.document, subject=None, by=g.person, now=g.now)


@bp.route("/aanvragen/<reference>/ondertekening", methods=["GET", "POST"])
@requires("applications.write")
def sign_off(reference: str):
    """Sign off for one's own seat on exactly what is shown."""
    found = _load(reference)
    form = forms.SignForm()
    seat = request.args.get("plaats") or next(iter(sorted(_context(found)["my_seats"])), "")
    if form.validate_on_submit():
        outcome = actions.sign_off(
            found, seat=seat, seen=form.seen.data or "", schemas=_schemas(), by=g.person, now=g.now
        )
        if isinstance(outcome, Done):
            web.flash(_("Uw organisatie heeft ondertekend."))
            return web.see_other("applications.application", reference=reference)
        context = _context(_load(reference))
        form.seen.data = _seen(context["facts"], seat)
        web.refused(form, labels.worded(outcome, context["definition"]))
        return web.page(**context, form=form, **_signing(context["facts"], seat)), 422
    context = _context(found)
    form.seen.data = _seen(context["facts"], seat)
    page = web.page(**context, form=form, **_signing(context["facts"], seat))
    return page, (422 if request.method == "POST" else 200)


def _seen(facts: rules.Facts, seat: str) -> str:
    return rules.digest(rules.what_to_sign(facts, seat))


def _signing(facts: rules.Facts, seat: str) -> dict[str, Any]:
    states = {p.seat: rules.sign_off_state(facts, p) for p in facts.partners}
    sections = [s for s in facts.definition.sections if s.seat in (None, seat)]
    return {"seat": seat, "states": states, "sections": sections}


@bp.get("/aanvragen/<reference>/controle")
@requires("applications.read")
def check(reference: str):
    """Check your answers: everything as it would be sent, what is still missing, and the button."""
    found = _load(reference)
    context = _context(found)
    facts = context["facts"]
    refusals = LIFECYCLE.refusals("submit", found.status, facts)
    last = found.submissions[-1] if found.submissions else None
    form = forms.SubmitForm(formdata=None, revision=found.revision)
    unsigned = [p for p in facts.partners if rules.sign_off_state(facts, p) != "valid"]
    unread = [f for f in facts.files if f.state in ("received", "unread")]
    changed = last is None or last.idempotency_key != f"revision-{found.revision}"
    return web.page(
        **context, refusals=refusals, form=form, last=last, unsigned=unsigned, unread=unread, changed=changed
    )


@bp.post("/aanvragen/<reference>/indienen")
@requires("applications.write")
def submit(reference: str):
    """The small request that counts."""
    found = _load(reference)
    form = forms.SubmitForm()
    received = g.body_read_at - getattr(g, "proxy_waited", 0.0)
    if form.validate_on_submit():
        outcome = actions.submit(
            found, revision=form.revision.data or 0, clock=web.parts().clock,
            waited=lambda: clock.monotonic() - received, schemas=_schemas(), by=g.person, now=g.now,
        )  # fmt: skip
        if isinstance(outcome, Done):
            return web.see_other("applications.receipt", reference=reference)
        return _again(form, outcome, reference)
    return web.page(**_context(found), form=form), 422


@bp.get("/aanvragen/<reference>/ontvangstbewijs")
@requires("applications.read")
def receipt(reference: str):
    """Proof of the version that counts."""
    found = _load(reference)
    if not found.submissions:
        abort(404)
    return web.page(**_context(found), submission=found.submissions[-1], earlier=found.submissions[:-1])


@bp.get("/aanvragen/<reference>/ontvangstbewijs/pdf")
@requires("applications.read")
def receipt_pdf(reference: str):
    """The receipt as PDF."""
    found = _load(reference)
    if not found.submissions:
        abort(404)
    body = receipt_letter(found)
    return serve.made(body, f"ontvangstbewijs-{reference}.pdf")


def receipt_letter(found: Application) -> bytes:
    """The receipt's PDF: the same bytes every time, since its moment is the submission's."""
    submission = found.submissions[-1]
    said = rules.content(submission.content)
    definition = calls.definition(found.round)
    settings = web.parts().settings
    data = {
        "demo": settings.demo, "portal": settings.portal_name, "service": settings.service,
        "reference": found.reference, "number": submission.number, "call": found.round.call.content["title"]["nl"],
        "round": found.round.number, "region": found.region.name,
        "moment": moment(submission.submitted_at, precise=True), "sha256": submission.sha256,
        "partners": [
            {"seat": definition.seat(p["seat"]).label.nl, "name": p["name"], "number": web.kbo(p["number"])}
            for p in said["partners"]
        ],
        "files": [
            {"name": f["name"], "size": size(f["size"]), "sha256": f["sha256"]} for f in submission.manifest
        ],
        "check": f"{settings.base_url}/controleer",
    }  # fmt: skip
    template = settings.project_dir / "templates" / "letters" / "ontvangstbewijs.typ"
    return write(template, data, at=submission.submitted_at)


@bp.get("/aanvragen/<reference>/tijdlijn")
@requires("applications.read")
def timeline(reference: str):
    """What happened, for those who take part."""
    found = _load(reference)
    context = _context(found)
    lines = journal_timeline(g.session, "application", found.reference, (Audience.PUBLIC, Audience.PARTIES))
    shown = [{"at": line.entry.at, "words": labels.entry(line, context["definition"])} for line in lines]
    return web.page(**context, lines=shown)


@bp.route("/aanvragen/<reference>/intrekken", methods=["GET", "POST"])
@requires("applications.write")
def withdraw(reference: str):
    """Take the application back."""
    found = _load(reference)
    form = forms.WithdrawForm()
    if form.validate_on_submit():
        outcome = actions.withdraw(found, reason=form.reason.data, by=g.person, now=g.now)
        if isinstance(outcome, Done):
            web.flash(_("De aanvraag is ingetrokken."))
            return web.see_other("applications.application", reference=reference)
        return _again(form, outcome, reference)
    return web.page(**_context(found), form=form), (422 if request.method == "POST" else 200)


@bp.post("/aanvragen/<reference>/kopieren")
@requires("applications.write")
def copy(reference: str):
    """Copy an application into the round that is open now, if its region is named there."""
    found = _load(reference)
    running = calls.open_rounds([found.round.call], g.now)
    region = request.form.get("region") or found.region.key
    outcome = (
        actions.copy(found, round=running[-1], region=region, by=g.person, now=g.now)
        if running
        else _closed(found.round.call.rounds[-1])
    )
    if isinstance(outcome, Refused):
        _told(outcome, _load(reference))
        return web.see_other("applications.application", reference=reference)
    return web.see_other("applications.application", reference=outcome.value.reference)


@bp.route("/controleer", methods=["GET", "POST"])
@requires("receipts.check")
def check_receipt():
    """Whether a receipt is true: its number and digest against what is kept."""
    form = forms.CheckForm()
    found, asked = None, False
    if form.validate_on_submit():
        digest = form.digest.data.lower().replace(" ", "")
        found, asked = queries.submission_by_digest(g.session, form.reference.data.upper(), digest), True
    return web.page(form=form, found=found, asked=asked), (
        422 if request.method == "POST" and not asked else 200
    )
