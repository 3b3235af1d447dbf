"""The closing, by the vectors of a deadline (D-01 to D-17 and D-21): half-open, by one clock, once closed for
good.

D-03 is the storm of `tools/storm.py`; D-05 stands with the journeys in a browser; D-15 with the mandates.
"""

import threading
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import make_url, select

from portal import compose, create_app, i18n
from portal.access import SYSTEM
from portal.applications import actions, queries
from portal.applications.actions.reminding import remind
from portal.applications.lifecycle import Status
from portal.applications.models import Answers, Application, Attachment, Partner, SignOff, Submission
from portal.calls import actions as call_actions
from portal.calls import queries as calls
from portal.cli.deliver import round_of_work
from portal.clock import StandingClock, SystemClock, end_of_day, parse_local
from portal.journal import queries as journal
from portal.journal.models import Delivery
from portal.lifecycle import Done, Refused
from tests import make
from tests.conftest import CALL, ON_BOTH, ON_POSTGRESQL, ON_SQLITE, PASSWORD
from tests.pages import PageClient

T = parse_local("2023-02-11T00:00")
MICROSECOND = timedelta(microseconds=1)


def codes(outcome):
    return [r.code for r in outcome.refusals] if isinstance(outcome, Refused) else []


def round_one(world):
    world.session.rollback()
    return calls.one_round(world.session, CALL, 1)


def extend(world, closes_at, now=None, organisation_id=None):
    return make.done(
        call_actions.extend(
            round_one(world),
            closes_at=closes_at,
            reason="Storing bij de toegang.",
            organisation_id=organisation_id,
            by=world.person("beheerder"),
            now=now or world.now,
        )
    )


def submits(found):
    """The page with the button, and where it sends."""
    home = f"/aanvragen/{found.reference}"
    return f"{home}/controle", f"{home}/indienen"


@pytest.mark.parametrize(
    ("day", "instant", "local"),
    [
        (date(2023, 5, 15), datetime(2023, 5, 15, 22, tzinfo=UTC), "maandag 15 mei 2023"),
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, tzinfo=UTC), "zaterdag 28 maart 2026"),
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC), "zondag 29 maart 2026"),
        (date(2026, 10, 24), datetime(2026, 10, 24, 22, tzinfo=UTC), "zaterdag 24 oktober 2026"),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC), "zondag 25 oktober 2026"),
        (date(2026, 12, 31), datetime(2026, 12, 31, 23, tzinfo=UTC), "donderdag 31 december 2026"),
    ],
)
def test_d01_the_instant_and_its_words(day, instant, local):
    assert end_of_day(day) == instant
    assert i18n.until(instant) == f"tot en met {local}, 24.00 uur Belgische tijd"


@pytest.mark.parametrize(("offset", "accepted"), [(-1, True), (0, False), (1, False)])
def test_d02_the_microsecond_before_on_and_after(world, offset, accepted):
    found = make.ready(world)
    world.clock.at = T + offset * MICROSECOND
    outcome = make.submit(world, found)
    assert isinstance(outcome, Done) is accepted
    assert codes(outcome) == ([] if accepted else ["round_closed"])


@ON_SQLITE
def test_d04_the_last_hour_is_told_by_the_portals_clock(world):
    found = make.ready(world)
    lead = world.client("aanvrager")
    world.clock.at = T - timedelta(hours=1, microseconds=1)
    assert "om in te dienen:" not in lead.get(f"/aanvragen/{found.reference}").said
    for before, said in (
        (timedelta(hours=1), "Nog 1 uur en 0 minuten om in te dienen"),
        (timedelta(minutes=2), "Nog 2 minuten om in te dienen: tot en met vrijdag 10 februari 2023, 24.00 uur"),
        (timedelta(seconds=58), "Nog 58 seconden om in te dienen"),
    ):
        world.clock.at = T - before
        for path in ("", "/controle", "/documenten", "/formulier/contact", "/consortium", "/ondertekening"):
            assert said in lead.get(f"/aanvragen/{found.reference}{path}").said


@ON_SQLITE
def test_d06_no_time_of_the_sender_counts(world):
    found = make.ready(world)
    lead = world.client("aanvrager")
    page = lead.get(submits(found)[0])
    world.clock.at = T
    early = (T - timedelta(days=1)).isoformat()
    data = {**page.form(submits(found)[1])["data"], "submitted_at": early, "now": early, "at": early}
    with lead.client.post(
        submits(found)[1],
        data=data,
        headers={"Date": "Fri, 10 Feb 2023 10:00:00 GMT", "X-Request-Start": "t=1"},
    ) as answer:
        assert answer.status_code == 422
    assert make.again(world, found).status is Status.DRAFT


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo", ""])
def test_d07_the_servers_zone_changes_nothing(world, zone, monkeypatch, request):
    if zone and world.owner_url.startswith("postgresql"):
        name = make_url(world.owner_url).database
        request.getfixturevalue("postgres").run(f"ALTER DATABASE {name} SET timezone = '{zone}'")
        world.session.close()
        world.database.dispose()
    monkeypatch.setenv("TZ", zone) if zone else monkeypatch.delenv("TZ", raising=False)
    time.tzset()
    try:
        early, late = make.ready(world), make.ready(world, region="kempen")
        world.clock.at = T - MICROSECOND
        assert make.done(make.submit(world, early)).submitted_at == T - MICROSECOND
        world.clock.at = T
        assert codes(make.submit(world, late)) == ["round_closed"]
        assert (
            i18n.until(calls.closing(round_one(world)))
            == "tot en met vrijdag 10 februari 2023, 24.00 uur Belgische tijd"
        )
    finally:
        monkeypatch.undo()
        time.tzset()


@ON_BOTH
def test_d08_an_extension_counts_at_once_on_every_server(world):
    found = make.ready(world)
    other = create_app(world.app.extensions["portal"].settings, clock=StandingClock(T + timedelta(minutes=1)))
    client = PageClient(other.test_client())
    client.post("/aanmelden", {"email": "aanvrager@proef.example", "password": PASSWORD})
    assert "Dien in" not in client.get(submits(found)[0]).said
    world.clock.at = T + timedelta(minutes=1)
    extend(world, T + timedelta(hours=1))
    page, action = submits(found)
    assert client.post(page, action=action) == f"/aanvragen/{found.reference}/ontvangstbewijs"
    other.extensions["portal"].database.dispose()
    public = [line.entry.verb for line in journal.timeline(world.session, "call", CALL)]
    assert "call.extended" in public


@pytest.mark.parametrize("back", [timedelta(0), timedelta(seconds=1), timedelta(days=100)])
def test_d08_no_closing_is_moved_into_the_past(world, back):
    outcome = call_actions.extend(
        round_one(world), closes_at=T - back, reason="Fout.", by=world.person("beheerder"), now=world.now
    )
    assert codes(outcome) == ["extension_is_not_later"]


def test_d09_a_reopening_is_for_the_regions_it_names(world):
    make.closed(world)
    by = world.person("beheerder")
    call = round_one(world).call
    make.done(
        call_actions.reopen(
            call,
            regions=["midwest"],
            opens_on=date(2023, 4, 3),
            last_day=date(2023, 5, 15),
            reason={"nl": "Leeg."},
            mandates_start_on=date(2023, 7, 1),
            by=by,
            now=parse_local("2023-03-20T09:00"),
        )
    )
    world.clock.at = parse_local("2023-04-05T09:00")
    assert make.draft(world, "midwest", round=2).round.number == 2
    with pytest.raises(AssertionError, match="region_not_in_round"):
        make.draft(world, "kempen", round=2)


class SlowBody:
    """A request body whose last byte comes when the clock has gone on."""

    def __init__(self, body, world, at):
        self.body, self.world, self.at, self.end = body, world, at, 0

    def read(self, size=-1):
        size = len(self.body) // 2 or 1
        found, self.body = self.body[:size], self.body[size:]
        if not self.body:
            self.world.clock.at = self.at
        return found

    def readline(self, size=-1):
        return self.read(size)

    def seek(self, _offset, whence=0):
        self.end = len(self.body) if whence == 2 else 0

    def tell(self):
        return self.end

    def close(self):
        pass


@ON_BOTH
@pytest.mark.parametrize(("ends", "accepted"), [(T - MICROSECOND, True), (T, False)])
def test_d10_what_counts_is_when_the_body_ended(world, ends, accepted):
    found = make.ready(world)
    lead = world.client("aanvrager")
    page, action = submits(found)
    form = lead.get(page).form(action)["data"]
    body = "&".join(f"{k}={v}" for k, v in form.items()).encode()
    world.clock.at = T - timedelta(seconds=30)
    with lead.client.post(
        action,
        input_stream=SlowBody(body, world, ends),
        content_type="application/x-www-form-urlencoded",
    ) as answer:
        said = answer.text
        assert answer.status_code == (303 if accepted else 422)
    again = make.again(world, found)
    assert again.status is (Status.SUBMITTED if accepted else Status.DRAFT)
    assert len(queries.attached(again)) == 1
    if not accepted:
        assert "tot en met vrijdag 10 februari 2023, 24.00 uur" in said
        assert "11 februari 2023, 00:00:00.000000 (UTC+01:00)" in said


@pytest.fixture
def real_time(world):
    """The same portal by real time; its first round runs for two more seconds. Its client, and the closing."""
    found = make.ready(world)
    app = create_app(world.app.extensions["portal"].settings, clock=SystemClock())
    client = PageClient(app.test_client())
    client.post("/aanmelden", {"email": "aanvrager@proef.example", "password": PASSWORD})
    now = SystemClock().now()
    closes_at = now + timedelta(seconds=2)
    extend(world, closes_at, now=now)
    yield found, app, client, closes_at
    app.extensions["portal"].database.dispose()


def sleep_until(moment):
    time.sleep(max(0, (moment - SystemClock().now()).total_seconds()))


@ON_BOTH
def test_d11_waiting_for_us_hurts_nobody(world, real_time):
    found, _app, client, closes_at = real_time
    page, action = submits(found)
    form = client.get(page)
    answers = []
    world.session.rollback()
    with world.database.writing() as holder:
        holder.execute(select(Application.id).filter_by(id=found.id).with_for_update())
        sender = threading.Thread(target=lambda: answers.append(client.post(page, page=form, action=action)))
        sender.start()
        sleep_until(closes_at + timedelta(seconds=0.5))
        assert answers == []
    sender.join(20)
    assert answers == [f"/aanvragen/{found.reference}/ontvangstbewijs"]
    again = make.again(world, found)
    assert again.submissions[0].submitted_at < closes_at
    late = client.post(
        page, page=form, action=action
    )  # the same click again, after the closing: the same receipt
    assert late == answers[0]


@ON_BOTH
def test_d11_who_comes_after_the_closing_waited_for_nothing(world, real_time):
    found, _app, client, closes_at = real_time
    page, action = submits(found)
    form = client.get(page)
    sleep_until(closes_at)
    assert "Deze ronde is gesloten" in client.post(page, page=form, action=action).said
    assert make.again(world, found).status is Status.DRAFT


class Skewed(SystemClock):
    """A server whose own clock is wrong."""

    def __init__(self, wrong):
        self.wrong = timedelta(seconds=wrong)

    def now(self):
        return super().now() + self.wrong


@ON_POSTGRESQL
@pytest.mark.parametrize("wrong", [-3, 3])
def test_d17_a_server_whose_clock_is_wrong_decides_nothing(world, wrong):
    found = make.ready(world)
    app = create_app(world.app.extensions["portal"].settings, clock=Skewed(wrong))
    client = PageClient(app.test_client())
    client.post("/aanmelden", {"email": "aanvrager@proef.example", "password": PASSWORD})
    _page, action = submits(found)
    token = {"csrf_token": client.get("/account").forms[0]["data"]["csrf_token"], "revision": found.revision}
    now = SystemClock().now()
    closes_at = now + timedelta(seconds=2)
    extend(world, closes_at, now=now)
    if wrong < 0:
        sleep_until(closes_at)
    with client.client.post(action, data=token) as answer:
        assert answer.status_code == (422 if wrong < 0 else 303), answer.text
    again = make.again(world, found)
    assert again.status is (Status.DRAFT if wrong < 0 else Status.SUBMITTED)
    last = journal.timeline(world.session, "application", found.reference)[-1]
    if wrong < 0:
        assert closes_at <= datetime.fromisoformat(last.facts["arrived_at"]) < closes_at + timedelta(seconds=2)
    else:
        assert now < again.submissions[0].submitted_at < closes_at
    app.extensions["portal"].database.dispose()


def tables(world):
    world.session.rollback()
    return [
        [repr(tuple(row)) for row in world.session.execute(select(model.__table__).order_by(model.id))]
        for model in (Application, Partner, Answers, Attachment, SignOff, Submission)
    ]


@ON_BOTH
@pytest.mark.parametrize("submitted", [False, True])
def test_d12_nothing_of_the_applicant_writes_after_the_closing(world, submitted):
    found = make.application(world, Status.SUBMITTED) if submitted else make.ready(world)
    home, document = f"/aanvragen/{found.reference}", found.files[0].document_id
    clients = [world.client(name) for name in ("aanvrager", "ggz")]
    world.clock.at = T
    before, files = tables(world), sorted(p.name for p in world.storage.root.rglob("*") if p.is_file())
    seen = found.revision
    for client in clients:
        token = client.get("/account").forms[0]["data"]["csrf_token"]
        for path, data in (
            (
                "/consortium/vaph",
                {"number": "0000500561", "name": "X", "kind": "vaph-voorziening", "email": "x@y.be"},
            ),
            ("/consortium/ggz/bevestigen", {}),
            ("/formulier/contact", {"contact_functie": "te laat", "revision": 1}),
            ("/documenten/maken", {}),
            (f"/documenten/{document}/overnemen", {}),
            (f"/documenten/{document}/verwijderen", {}),
            ("/ondertekening", {"agree": "y", "seen": "x"}),
            ("/ondertekening/vragen", {}),
            ("/indienen", {"revision": seen if not submitted else seen + 1}),
        ):
            with client.client.post(home + path, data={"csrf_token": token, **data}) as answer:
                assert answer.status_code in (303, 404, 422), (path, answer.status_code)
        upload = {
            "csrf_token": token,
            "type": "aanmeldingsformulier",
            "file": (make.io.BytesIO(b"%PDF"), "x.pdf"),
        }
        with client.client.post(f"{home}/documenten", data=upload) as answer:
            answer.request.environ["wsgi.input"].close()
            assert answer.status_code == 422
    assert tables(world) == before
    assert sorted(p.name for p in world.storage.root.rglob("*") if p.is_file()) == files


def test_d13_a_draft_stays_a_draft_and_was_reminded_a_day_and_an_hour_before(world):
    found, done = make.ready(world), make.application(world, Status.SUBMITTED, region="kempen")
    for before, reminded in (
        (timedelta(hours=24, microseconds=1), 0),
        (timedelta(hours=24), 1),
        (timedelta(hours=23), 0),
        (timedelta(hours=1), 1),
        (timedelta(minutes=1), 0),
        (timedelta(0), 0),
    ):
        world.clock.at = T - before
        assert remind(world.database, world.now) == reminded
    world.session.rollback()
    owed = world.session.query(Delivery).filter_by(kind="closing_soon").all()
    assert len(owed) == 6
    assert {d.data["reference"] for d in owed} == {found.reference}
    make.closed(world)
    assert make.again(world, found).status is Status.DRAFT
    assert queries.one_unsealed_to(world.session, SYSTEM, found.reference) is None
    assert queries.one_unsealed_to(world.session, SYSTEM, done.reference) is not None


def test_d14_after_the_closing_one_withdraws_for_good(world):
    found = make.application(world, Status.SUBMITTED)
    make.closed(world)
    by = world.person("aanvrager")
    make.done(actions.withdraw(found, reason="Wij stoppen.", by=by, now=world.now))
    assert codes(make.submit(world, found))[0] == "wrong_status"
    world.clock.at = T - timedelta(days=1)
    assert "wrong_status" in codes(make.submit(world, found))


def test_d16_a_clock_that_steps_back_opens_nothing(world):
    found = make.ready(world)
    make.closed(world)
    world.clock.at = T - timedelta(seconds=10)
    assert "round_closed" in codes(make.submit(world, found))
    assert make.again(world, found).status is Status.DRAFT


def test_d16_an_extension_for_another_opens_nothing_for_us(world):
    """Once on record, closed stays closed, but for whom a later extension names; and all is sealed until it
    ends.
    """
    ours, theirs = make.ready(world), make.ready(world, region="kempen", lead="rivaal")
    done = make.application(world, Status.SUBMITTED, region="denderregio")
    make.closed(world)
    assert queries.one_unsealed_to(world.session, SYSTEM, done.reference) is not None
    extend(world, world.now + timedelta(days=1), organisation_id=theirs.lead_organisation_id)
    assert queries.one_unsealed_to(world.session, SYSTEM, done.reference) is None
    world.clock.at = T - timedelta(seconds=10)
    assert "round_closed" in codes(make.submit(world, make.again(world, ours)))
    world.clock.at = parse_local("2023-02-13T12:00")
    make.done(make.submit(world, make.again(world, theirs), lead="rivaal"))
    make.closed(world, "2023-02-14T10:01")
    assert (
        queries.one_unsealed_to(world.session, SYSTEM, done.reference) is None
    )  # it ended a minute ago: 120 s first
    make.closed(world, "2023-02-14T10:02")
    assert queries.one_unsealed_to(world.session, SYSTEM, done.reference) is not None


@ON_SQLITE
def test_d21_before_opening_there_is_nothing_to_write_to(world):
    world.clock.at = parse_local("2022-12-11T23:59:59.999999")
    lead = world.client("aanvrager")
    assert "nog niet open" in lead.get(f"/aanvragen/nieuw?oproep={CALL}").said
    data = {"region": "midwest", "organisation": "1", "seat_kind": "welzijn:ocmw"}
    assert "nog niet open" in lead.post(f"/aanvragen/nieuw?oproep={CALL}", data).said
    assert tables(world)[0] == []
    for path in ("", "/controle", "/indienen"):
        with lead.client.get(f"/aanvragen/SVZ-00000000{path}") as answer:
            assert answer.status_code in (404, 405)
    world.clock.at += MICROSECOND
    assert make.draft(world).status is Status.DRAFT


@ON_BOTH
def test_a_refused_attempt_is_on_record_with_what_it_would_have_been(world):
    found = make.ready(world)
    lead = world.client("aanvrager")
    page, action = submits(found)
    form = lead.get(page)
    world.clock.at = T
    lead.post(page, page=form, action=action)
    world.session.rollback()
    last = journal.timeline(world.session, "application", found.reference)[-1]
    assert last.entry.verb == "application.submit.refused"
    assert last.facts["arrived_at"] == "2023-02-10T23:00:00.000000+00:00"
    assert len(last.facts["sha256"]) == 64
    told = [d for d in world.session.query(Delivery).filter_by(kind="too_late")]
    assert sorted(d.address for d in told) == [f"{n}@proef.example" for n in ("aanvrager", "ggz", "vaph")]
    assert told[0].data["sha256"] == last.facts["sha256"]


@ON_BOTH
def test_a_server_ahead_of_the_database_closes_nothing(world, made):
    """Ten minutes: more than the time that a closing settles. By anybody's request there, and by its worker."""
    world.clock.at = T - timedelta(minutes=5)
    early, sent = make.ready(world), make.application(world, Status.SUBMITTED, region="kempen")
    ahead = made()
    object.__setattr__(ahead.extensions["portal"], "clock", StandingClock(world.now + timedelta(minutes=10)))
    ahead.test_client().post("/aanmelden", data={"email": "x", "password": "x"})
    assert round_of_work(ahead)["closed"] == 0
    world.session.rollback()
    assert queries.one_unsealed_to(world.session, SYSTEM, sent.reference) is None
    make.done(make.submit(world, make.again(world, early)))
    world.clock.at = T + timedelta(minutes=3)
    object.__setattr__(ahead.extensions["portal"], "clock", StandingClock(T - timedelta(minutes=10)))
    assert round_of_work(ahead)["closed"] > 0  # nor does one that is behind keep anything open
    world.session.rollback()
    assert queries.one_unsealed_to(world.session, SYSTEM, sent.reference) is not None


@ON_POSTGRESQL
def test_a_real_server_whose_clock_is_wrong_closes_nothing(world):
    sent = make.application(world, Status.SUBMITTED)
    now = SystemClock().now()
    extend(world, now + timedelta(minutes=5), now=now)
    app = create_app(world.app.extensions["portal"].settings, clock=Skewed(600))
    app.test_client().post("/aanmelden", data={"email": "x", "password": "x"})
    world.session.rollback()
    assert queries.one_unsealed_to(world.session, SYSTEM, sent.reference) is None
    app.extensions["portal"].database.dispose()


@ON_SQLITE
def test_looking_at_the_check_after_the_closing_is_no_attempt(world):
    draft, sent = make.ready(world), make.application(world, Status.SUBMITTED, region="kempen")
    make.closed(world)
    lead = world.client("aanvrager")
    said = lead.get(f"/aanvragen/{draft.reference}/controle").said
    assert (
        "Deze ronde is gesloten: indienen kon tot en met vrijdag 10 februari 2023, 24.00 uur Belgische tijd."
        in said
    )
    assert "poging" not in said
    said = lead.get(f"/aanvragen/{sent.reference}/controle").said
    assert "Wat nog nodig is" not in said
    assert "Deze versie is ingediend op" in said
    verbs = {line.entry.verb for line in journal.timeline(world.session, "application", draft.reference)}
    assert "application.submit.refused" not in verbs


@ON_SQLITE
def test_a_closing_is_said_one_way_wherever_it_is_read(world):
    found = make.ready(world)
    make.application(world, Status.SUBMITTED, region="kempen")
    world.clock.at = T
    assert isinstance(make.submit(world, found), Refused)
    make.closed(world, "2023-02-13T10:07")
    told = "tot en met vrijdag 10 februari 2023, 24.00 uur Belgische tijd"
    call = world.client().get(f"/oproepen/{CALL}").said
    assert (
        f"Ronde 1 is gesloten voor 15 regio's. Indienen kon {told}. Geregistreerd op 13 februari 2023, 10.07 "
        f"uur" in call
    )
    mail = world.session.query(Delivery).filter_by(kind="too_late").first()
    write = compose.composer(world.app.extensions["portal"].settings)
    _subject, text = write.worded(mail.kind, mail.data)
    assert f"Indienen kon {told}." in text
    assert "00:00:00" not in text.replace("11 februari 2023, 00:00:00.000000", "")  # when the attempt came in
