"""The desk's one page for a region of a round: the one thing to do, chosen for who looks, and what that rests
on.
"""

import html
import re

import pytest

from portal.access import SYSTEM, Role
from portal.accounts import actions as account_actions
from portal.accounts import queries as accounts
from portal.applications.lifecycle import Status
from portal.clock import brussels_day
from portal.decisions import queries as decisions
from portal.decisions.models import Decision
from portal.journal import queries as journal
from portal.reviews import actions as reviews
from portal.reviews import queries as review_queries
from portal.reviews.models import Review
from tests import make
from tests.conftest import ON_SQLITE, ORGANISATIONS

pytestmark = ON_SQLITE
PATH = "/beheer/regios/midwest?ronde=1"
LEAD = ORGANISATIONS["aanvrager"][1]


@pytest.fixture
def sent(world):
    """A submitted application of a region that is open to the desk."""
    found = make.application(world, Status.SUBMITTED)
    make.closed(world)
    return make.again(world, found)


def button(page):
    """The one button of 'Nu te doen'; empty where there is none."""
    found = re.findall(r'<a class="govuk-button" href="[^"]+">([^<]+)</a>', page.html)
    assert len(found) < 2
    return html.unescape(found[0]) if found else ""


def assign(world, found):
    known = list(accounts.reviewers(world.session, brussels_day(world.now)))
    by = world.person("beheerder")
    return make.done(reviews.assign(make.again(world, found), reviewers=known, by=by, now=world.now))


def test_each_step_has_one_button_for_who_can_do_it(world, sent):
    desk, second, auditor = (world.client(name) for name in ("beheerder", "medeondertekenaar", "auditor"))
    assert button(desk.get(PATH)) == f"Kijk de ontvankelijkheid van {LEAD} na"
    assert button(second.get(PATH)) == button(auditor.get(PATH)) == ""
    assert "Van 1 aanvraag moet de ontvankelijkheid nog nagekeken worden." in second.get(PATH).said
    make.admit(world, sent)
    assert button(desk.get(PATH)) == "Wijs toe aan beoordelaars"
    given = assign(world, sent)
    assert "Er wordt gewacht op 2 beoordelingen." in desk.get(PATH).said
    gone = accounts.one(world.session, given[0].reviewer_id)
    make.done(account_actions.disable(gone, by=SYSTEM, now=world.now))
    assert button(desk.get(PATH)) == f"Neem de toewijzing van {LEAD} terug"
    assert "Een beoordeling is terug te nemen" in desk.get("/beheer/regios").said
    told = "de beoordelaar heeft een band, of is er niet meer"
    assert re.search(f"{told} 1|1 [^0-9]*{told}", desk.get("/beheer").said)
    make.done(account_actions.enable(accounts.one(world.session, gone.id), by=SYSTEM, now=world.now))
    for review in given:
        make.hand_in(world, world.session.get(Review, review.id))
    assert button(desk.get(PATH)) == f"Bereid de beslissing over {LEAD} voor"
    decision = make.done(make.prepare(world, make.again(world, sent)))
    assert button(desk.get(PATH)) == ""
    assert "1 beslissing wacht op een tweede persoon." in desk.get(PATH).said
    assert button(second.get(PATH)) == f"Lees en bevestig de beslissing over {LEAD}"
    make.done(make.confirm(world, world.session.get(Decision, decision.id)))
    page = desk.get(PATH)
    assert "Geef de beslissingen van deze regio vrij" in page.said
    assert "Bij de vrijgave krijgen 3 organisaties een mail" in page.said
    assert "Geef de beslissingen van deze regio vrij" not in second.get(PATH).said


def test_the_ranking_adds_up_on_the_page(world, sent):
    make.admit(world, sent)
    make.appraise(world, make.again(world, sent))
    said = world.client("beheerder").get(PATH).said
    basis = decisions.basis(world.session, make.again(world, sent)).of(sent.reference)
    assert f"{' + '.join(basis.points.values())} = {basis.total}" in said
    assert "voorlopig" not in said


def test_a_late_tie_shows_with_what_was_read_and_the_decision_that_fell(world, sent):
    make.admit(world, sent)
    make.appraise(world, make.again(world, sent))
    make.done(make.prepare(world, make.again(world, sent)))
    desk = world.client("beheerder")
    said = desk.get(PATH).said
    assert "Wie een band heeft" not in said
    name = "beoordelaar1"
    world.client(name).get(f"/beoordeling/{sent.reference}")
    make.tie(world, name, "ggz")
    page = desk.get(PATH)
    assert "Wie een band heeft en hier iets deed" in page.said
    assert "Ik zetel of zetelde in het bestuur" in page.said
    assert f"beoordeling van {LEAD}: telt niet mee" in page.said
    assert "Las 1 keer iets van deze regio" in page.said
    assert "basis veranderd" in page.said
    assert button(page) == f"Neem de toewijzing van {LEAD} terug"
    assert "Wie een band heeft" not in world.client("medeondertekenaar").get(PATH).said
    assert "Wie een band heeft" in world.client("auditor").get(PATH).said
    assert "de basis is veranderd" in desk.get("/beheer/beslissingen").said


def test_what_somebody_tied_had_found_is_named_and_found_again(world, sent):
    make.newcomer(world, "beheerder2", Role.ADMINISTRATOR)
    world.client("beheerder").get(f"/beheer/ontvankelijkheid/{sent.reference}")
    make.admit(world, make.again(world, sent))
    make.tie(world, "beheerder", "vaph")
    page = world.client("beheerder2").get(PATH)
    assert f"Deed hier: ontvankelijkheid van {LEAD}." in page.said
    assert button(page) == f"Kijk de ontvankelijkheid van {LEAD} na"
    world.client("beheerder").get(PATH, status=404)


def test_opening_it_is_a_reading_of_every_file_of_the_region(world, sent):
    world.client("auditor").get(PATH)
    world.session.rollback()
    line = journal.timeline(world.session, "application", sent.reference)[-1]
    assert (line.entry.verb, line.facts) == ("application.opened", {"page": "region"})


def test_who_still_scores_sees_neither_ranking_nor_outcome(world, sent):
    made = make.newcomer(world, "beide", Role.ADMINISTRATOR)
    make.admit(world, sent)
    make.appraise(world, make.again(world, sent))
    make.done(make.prepare(world, make.again(world, sent)))
    client = world.client("beide")
    assert "80,00" in client.get(PATH).said
    made = accounts.one(world.session, made.id)
    make.done(account_actions.grant(made, role=Role.REVIEWER, by=SYSTEM, now=world.now))
    who = [(accounts.by_email(world.session, "beide@proef.example"), world.person("beide"))]
    by, client = world.person("beheerder"), world.client("beide")
    make.done(reviews.assign(make.again(world, sent), reviewers=who, by=by, now=world.now))
    said = client.get(PATH).said
    assert "Rond eerst uw eigen beoordelingen van deze regio af." in said
    assert "80,00" not in said
    assert "Goedgekeurd" not in said
    assert "Goedgekeurd" not in client.get("/beheer/beslissingen").said
    assert review_queries.scores_shown_to(world.session, world.person("beide"), [make.again(world, sent)]) == {}


def test_the_list_says_at_which_step_each_region_is(world, sent):
    desk = world.client("beheerder")
    assert "Ontvankelijkheid na te kijken" in desk.get("/beheer/regios").said
    make.admit(world, sent)
    assert "Toe te wijzen aan beoordelaars" in desk.get("/beheer/regios").said
    make.appraise(world, make.again(world, sent))
    assert "Beslissingen voor te bereiden" in desk.get("/beheer/regios").said
    make.done(make.prepare(world, make.again(world, sent)))
    assert "Wacht op een tweede persoon" in desk.get("/beheer/regios").said
    assert "Geen aanvragen" in desk.get("/beheer/regios").said
