"""From closing to ranking: sealed, admissible, assigned, blind, handed in."""

import pytest

from portal.accounts import queries as accounts
from portal.applications.lifecycle import Status as ApplicationStatus
from portal.calls import actions as calls
from portal.clock import brussels_day, parse_local
from portal.journal import queries as journal
from portal.reviews import actions, queries
from portal.reviews.lifecycle import LIFECYCLE, Status
from tests import make
from tests.conftest import ON_BOTH, ON_SQLITE

pytestmark = ON_SQLITE

REASON = "De aanvraag toont dit met duidelijke en controleerbare voorbeelden."


@pytest.fixture
def closed(world):
    """A submitted application for Midwest, with the round closed and on record."""
    found = make.application(world, ApplicationStatus.SUBMITTED)
    close(world)
    return make.again(world, found)


def close(world):
    world.clock.at = parse_local("2023-02-13T10:00")
    calls.record_closings(world.database, world.now)
    world.session.rollback()


def admit(world, found):
    checks = {c.key: True for c in world.defined.call_types["samenwerkingsverband-zorg"].admissibility}
    by = world.person("beheerder")
    return make.done(actions.find(found, checks=checks, admissible=True, reason="", by=by, now=world.now))


def reviewers(world, *names):
    known = accounts.reviewers(world.session, brussels_day(world.now))
    return [(a, p) for a, p in known if a.label in names]


def assign(world, found, *names):
    by = world.person("beheerder")
    return actions.assign(found, reviewers=reviewers(world, *names), by=by, now=world.now)


def given(level=4):
    keys = ("inbedding", "deskundigheid", "herstel", "continuiteit")
    return {key: (level, REASON) for key in keys}


def test_nothing_is_judged_before_the_region_is_open(world):
    found = make.application(world, ApplicationStatus.SUBMITTED)
    desk = world.client("beheerder")
    assert "blijft alles verzegeld" in desk.get("/beheer/ontvankelijkheid").said
    for path in (f"/beheer/ontvankelijkheid/{found.reference}", f"/beheer/aanvragen/{found.reference}"):
        desk.get(path, status=404)
    checks = {c.key: True for c in world.defined.call_types["samenwerkingsverband-zorg"].admissibility}
    outcome = actions.find(
        found, checks=checks, admissible=True, reason="", by=world.person("beheerder"), now=world.now
    )
    assert [r.code for r in outcome.refusals] == ["still_sealed"]


def test_the_checklist_shows_what_the_portal_established(world, closed):
    desk = world.client("beheerder")
    path = f"/beheer/ontvankelijkheid/{closed.reference}"
    page = desk.get(path)
    assert "Ontvangen op 16 januari 2023, 10:00:00.000000" in page.said
    assert "3 van 3 partners tekenden" in page.said
    wrong = desk.post(path, {})
    assert "Er zijn 5 dingen om na te kijken" in wrong.said
    data = {
        "check_op-tijd": "yes",
        "check_drie-partners": "yes",
        "check_formulier": "yes",
        "check_ondertekend": "yes",
    }
    assert desk.post(path, {**data, "admissible": "yes"}) == "/beheer/ontvankelijkheid"
    assert make.again(world, closed).status is ApplicationStatus.ADMISSIBLE


@ON_BOTH
def test_inadmissible_is_found_here_but_decided_later(world, closed):
    checks = {
        c.key: c.key != "ondertekend"
        for c in world.defined.call_types["samenwerkingsverband-zorg"].admissibility
    }
    by = world.person("beheerder")
    make.done(actions.find(closed, checks=checks, admissible=False, reason=REASON, by=by, now=world.now))
    assert make.again(world, closed).status is ApplicationStatus.SUBMITTED
    outcome = assign(world, closed, "beoordelaar1")
    assert [r.code for r in outcome.refusals] == ["not_admissible"]


def test_reading_an_application_is_on_record(world, closed):
    world.client("auditor").get(f"/beheer/aanvragen/{closed.reference}")
    world.session.rollback()
    lines = journal.timeline(world.session, "application", closed.reference)
    assert lines[-1].entry.verb == "application.opened"
    assert journal.verify(world.session) == []


def test_a_reviewer_declares_before_seeing_and_scores_blind(world, closed):
    admit(world, closed)
    desk = world.client("beheerder")
    path = "/beheer/toewijzing/midwest?ronde=1"
    ids = [str(a.id) for a, _p in reviewers(world, "beoordelaar1", "beoordelaar2")]
    page = desk.get(path)
    assert desk.post(path, {"reviewers": ids}, page=page) == "/beheer/toewijzing"
    one, two = world.client("beoordelaar1"), world.client("beoordelaar2")
    mine = f"/beoordeling/{closed.reference}"
    page = one.get(mine)
    assert "Hebt u een band met een van deze organisaties?" in page.said
    assert make.LONG.strip() not in page.said
    for reviewer in (one, two):
        assert reviewer.post(mine, action=f"{mine}/geen-band") == mine
    page = one.get(mine)
    assert make.LONG.strip() in page.said
    data = {f"score_{k}": "4" for k in given()} | {f"reason_{k}": REASON for k in given()}
    wrong = one.post(mine, {**data, "reason_herstel": "kort", "score_herstel": "", "klaar": "1"})
    assert "Kies een niveau bij “Herstelgerichte werking”" in wrong.said
    assert "nog minstens 26 tekens" in wrong.said
    assert one.post(mine, {**data, "klaar": "1"}) == "/beoordeling"
    waiting = two.get("/beoordeling/regio/midwest")
    assert "Rond eerst uw eigen beoordeling" in waiting.said
    assert REASON not in waiting.said
    other = {f"score_{k}": "3" for k in given()} | {f"reason_{k}": REASON for k in given()}
    assert two.post(mine, {**other, "klaar": "1"}) == "/beoordeling"
    both = two.get("/beoordeling/regio/midwest").said
    assert "70,0 %" in both
    assert "Beoordelaar 1" in both and "Beoordelaar 2" in both


def test_a_reviewer_sees_only_what_is_assigned(world, closed):
    admit(world, closed)
    make.done(assign(world, closed, "beoordelaar1"))
    other = world.client("beoordelaar2")
    other.get(f"/beoordeling/{closed.reference}", status=404)
    other.get("/beoordeling/regio/midwest", status=404)
    other.get(f"/beheer/aanvragen/{closed.reference}", status=403)


def test_a_tie_hides_the_region_from_reviewers_and_desk(world, closed):
    admit(world, closed)
    make.done(assign(world, closed, "beoordelaar1"))
    one = world.client("beoordelaar1")
    data = {"number": "0000.200.235", "kind": "werk"}
    assert one.post("/beoordeling/belangen", data) == "/beoordeling/belangen"
    one.get(f"/beoordeling/{closed.reference}", status=404)
    (review,) = queries.of_applications(world.session, [make.again(world, closed).id])
    assert review.status is Status.CONFLICT
    outcome = assign(world, closed, "beoordelaar1")
    assert [r.code for r in outcome.refusals] == ["reviewer_is_tied"]
    desk = world.client("medeondertekenaar")
    desk.get(f"/beheer/aanvragen/{closed.reference}")
    desk.post("/beoordeling/belangen", data)
    desk.get(f"/beheer/aanvragen/{closed.reference}", status=404)
    for path in ("/beheer/ontvankelijkheid", "/beheer/toewijzing", "/beheer/beslissingen"):
        said = desk.get(path).said
        assert closed.reference not in said
        assert "OCMW Proefstad" not in said
    desk.get("/beheer/regios/midwest", status=404)
    desk.get("/beoordeling/regio/midwest", status=404)


@ON_BOTH
def test_somebody_tied_judges_nothing(world, closed):
    by = world.person("beheerder")
    make.done(actions.declare_tie(world.session, number="0000100166", kind="bestuur", by=by, now=world.now))
    checks = {c.key: True for c in world.defined.call_types["samenwerkingsverband-zorg"].admissibility}
    outcome = actions.find(closed, checks=checks, admissible=True, reason="", by=by, now=world.now)
    assert [r.code for r in outcome.refusals] == ["tied"]


@ON_BOTH
def test_a_reviewer_limited_to_other_regions_is_not_assigned(world, closed):
    from portal.access import SYSTEM, Role
    from portal.accounts import actions as account_actions

    admit(world, closed)
    account = accounts.by_email(world.session, "beoordelaar1@proef.example")
    make.done(
        account_actions.grant(
            account,
            role=Role.REVIEWER,
            regions=("kempen",),
            known=frozenset({"kempen"}),
            by=SYSTEM,
            now=world.now,
        )
    )
    outcome = assign(world, closed, "beoordelaar1")
    assert [r.code for r in outcome.refusals] == ["not_a_reviewer_here"]


@ON_BOTH
def test_handed_in_scores_no_longer_change(world, closed):
    admit(world, closed)
    (review,) = make.done(assign(world, closed, "beoordelaar1"))
    by = world.person("beoordelaar1")
    make.done(actions.declare_free(review, by=by, now=world.now))
    make.done(actions.hand_in(review, given=given(), revision=review.revision, by=by, now=world.now))
    outcome = actions.score(review, given=given(1), revision=review.revision, by=by, now=world.now)
    assert [r.code for r in outcome.refusals] == ["wrong_status"]


@ON_BOTH
def test_a_stale_score_is_told(world, closed):
    admit(world, closed)
    (review,) = make.done(assign(world, closed, "beoordelaar1"))
    by = world.person("beoordelaar1")
    make.done(actions.declare_free(review, by=by, now=world.now))
    make.done(actions.score(review, given=given(), revision=1, by=by, now=world.now))
    outcome = actions.score(review, given=given(2), revision=1, by=by, now=world.now)
    assert [r.code for r in outcome.refusals] == ["stale"]


@pytest.mark.parametrize("status", list(Status))
def test_every_status_and_verb_of_the_table(status):
    verbs = LIFECYCLE.verbs(status)
    for transition in LIFECYCLE.transitions:
        assert (transition.verb in verbs) == (status in transition.sources)


def test_a_second_tab_is_told_and_can_choose(world, closed):
    admit(world, closed)
    (review,) = make.done(assign(world, closed, "beoordelaar1"))
    make.done(actions.declare_free(review, by=world.person("beoordelaar1"), now=world.now))
    one, two = world.client("beoordelaar1"), world.client("beoordelaar1")
    path = f"/beoordeling/{closed.reference}"
    seen = two.get(path)
    assert one.post(path, {"reason_herstel": "eerste"}) == path
    told = two.post(path, {"reason_herstel": "tweede"}, page=seen)
    assert "Iemand anders wijzigde dit intussen" in told.said
    assert told.form()["data"]["reason_herstel"] == "tweede"
    assert two.post(path, page=told) == path
    assert "tweede" in two.get(path).html


def test_an_auditor_reads_everything_and_is_offered_nothing_to_do(world, closed):
    auditor = world.client("auditor")
    for path in (
        "/beheer",
        "/beheer/ontvankelijkheid",
        "/beheer/toewijzing",
        "/beheer/beslissingen",
        "/beheer/dekking",
    ):
        page = auditor.get(path)
        assert not any(f["method"] == "post" and f["action"] != "/afmelden" for f in page.forms), path
        for link in page.links:
            if link.startswith("/"):
                with auditor.client.get(link) as answer:
                    assert answer.status_code in (200, 303), (path, link)
