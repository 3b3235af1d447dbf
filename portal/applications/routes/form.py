"""One section of the form a page."""

from __future__ import annotations

from flask import abort, g, request

from portal import web
from portal.applications import actions, forms, pages, queries
from portal.applications.routes.common import bp, frame, load, tell
from portal.applications.routes.consortium import Answer
from portal.gate import requires
from portal.i18n import _
from portal.lifecycle import Done
from portal.merging import marks


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
    stands = pages.boxes(page, chosen)
    form = forms.section_form(chosen)(data={**stands, "revision": page.revisions.get(section, 0)})
    part = pages.section_page(page, chosen, editable)
    if request.method == "GET":
        form.seen.data = marks(stands)
    elif form.revision.data != page.revisions.get(section, 0):
        part = pages.merged_section(page, chosen, form, part)
    if not part.others and form.validate_on_submit():
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
            for label in part.taken:
                web.flash(_("“%(label)s” wijzigde iemand anders intussen: dat blijft staan.", label=label))
            return web.see_other("applications.application", reference=reference)
        found = load(reference)
        page = frame(found)
        tell(form, outcome, found)
        if any(r.code == "stale" for r in outcome.refusals):
            part = pages.merged_section(page, chosen, form, part)
    return web.page(page=page, form=form, part=part), (422 if request.method == "POST" else 200)
