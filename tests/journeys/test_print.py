"""On paper: what stands in a form is printed whole, with and without scripts."""

import pytest

from portal.applications.lifecycle import Status
from tests import make
from tests.conftest import ON_SQLITE
from tests.journeys.conftest import Visitor, signed_in

pytestmark = ON_SQLITE
LONG = "\n".join(f"- actie {i:02d}: wij doen dit samen in de regio" for i in range(1, 86))


def on_paper(one, text):
    """Whether the last line of a text stands on the printed page, uncut."""
    one.page.emulate_media(media="print")
    found = one.page.get_by_text(text.split("\n")[-1], exact=False).locator("visible=true")
    whole = found.count() == 1 and found.evaluate(
        "e => e.scrollHeight <= e.clientHeight + 1 && e.clientHeight > 0"
    )
    buttons = one.page.locator("main button").locator("visible=true").count()
    one.page.emulate_media(media="screen")
    assert buttons == 0
    return whole


@pytest.mark.parametrize("script", [True, False])
def test_answers_of_a_section_stand_on_paper(browser, world, base, script):
    found = make.draft(world)
    made = {**make.ANSWERS["contact"], "contact-functie": "stafmedewerker Oost", "inbedding": LONG}
    make.done(
        make.actions.save_section(
            found, section="contact", values=made, revision=0, by=world.person("aanvrager"), now=world.now
        )
    )
    one = signed_in(browser, base, "aanvrager", script=script)
    one.go(f"/aanvragen/{found.reference}/formulier/contact")
    assert on_paper(one, LONG)
    assert on_paper(one, "stafmedewerker Oost")


def test_what_was_typed_since_stands_on_paper_too(browser, world, base):
    found = make.draft(world)
    one = signed_in(browser, base, "aanvrager")
    one.go(f"/aanvragen/{found.reference}/formulier/contact")
    one.page.fill("textarea", LONG)
    one.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert on_paper(one, LONG)


def test_an_appraisal_stands_on_paper_before_and_after_handing_in(browser, world, base):
    Visitor.checked.clear()
    found = make.application(world, Status.SUBMITTED)
    make.closed(world)
    make.admit(world, make.again(world, found))
    first, _second = make.assigned(world, make.again(world, found))
    by = world.person(first.reviewer.label)
    make.done(make.reviews.declare_free(first, by=by, now=world.now))
    one = signed_in(browser, base, first.reviewer.label)
    one.go(f"/beoordeling/{found.reference}")
    one.page.locator("textarea").first.fill(LONG)
    one.page.get_by_role("button", name="Bewaren").click()
    one.go(f"/beoordeling/{found.reference}")
    assert on_paper(one, LONG)
    world.session.rollback()
    review = world.session.get(type(first), first.id, populate_existing=True)
    given = dict.fromkeys(make.CRITERIA, (4, make.REASON + "\n" + LONG))
    given["herstel"] = (4, "Alleen hier staat dit ene zinnetje als reden.")
    make.done(make.reviews.hand_in(review, given=given, revision=review.revision, by=by, now=world.now))
    one.go(f"/beoordeling/{found.reference}")
    assert on_paper(one, given["herstel"][1])
