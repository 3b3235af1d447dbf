"""One section of the form a page."""

from __future__ import annotations

from flask import abort, g, request

from portal import web
from portal.applications import actions, forms, pages, queries
from portal.applications.content import shown
from portal.applications.routes.common import bp, frame, load, tell
from portal.applications.routes.consortium import Answer
from portal.gate import requires
from portal.i18n import _
from portal.lifecycle import Done


@bp.route("/aanvragen/<reference>/formulier/<section>", methods=["GET", "POST"])
@requires("applications.write")
def section(reference: str, section: str) -> Answer:
    """One section: what is missing never blocks saving, what is malformed does."""
    found = load(reference)
    page = frame(found)
    chosen = next((s for s in page.definition.sections if s.key == section), None)
    if chosen is None:
        abort(404)
    editable = queries.may_edit(found, chosen.seat, g.person)
    answers = next((a for a in found.answers if a.section == section), None)
    body = answers.body if answers else {}
    data = {forms.box(f): body.get(f.key) if f.by_label else shown(f, body.get(f.key)) for f in chosen.fields}
    form = forms.section_form(chosen)(data={**data, "revision": answers.revision if answers else 0})
    part = pages.section_page(page, chosen, editable)
    if form.validate_on_submit():
        values = {f.key: forms.value(form, f) for f in chosen.fields}
        outcome = actions.save_section(
            found,
            section=section,
            values={k: v for k, v in values.items() if v is not None},
            revision=form.revision.data or 0,
            by=g.person,
            now=g.now,
        )
        if isinstance(outcome, Done):
            web.flash(_("Uw antwoorden zijn bewaard."))
            for line in forms.read_otherwise(form, chosen):
                web.flash(line)
            return web.see_other("applications.application", reference=reference)
        found = load(reference)
        page = frame(found)
        tell(form, outcome, found)
        if any(r.code == "stale" for r in outcome.refusals):
            part = pages.stale_section(page, chosen, form)
            form.revision.data = next((a.revision for a in found.answers if a.section == section), 0)
    return web.page(page=page, form=form, part=part), (422 if request.method == "POST" else 200)
