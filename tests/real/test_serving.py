"""`portal serve` as it runs in production: two processes, the state of each part, logs that can be followed."""

import json
import signal
import urllib.request

from portal.applications.lifecycle import Status
from portal.home import health
from tests import make, parts
from tests.browser import Browser
from tests.cli.test_program import run
from tests.conftest import ON_SQLITE


def test_health_tells_each_part_and_logs_tell_each_request(served):
    base, _process, log = served
    with urllib.request.urlopen(f"{base}/gezond") as answer:
        said, request_id = json.load(answer), answer.headers["X-Request-ID"]
    assert said["parts"] == dict.fromkeys(("database", "clock", "storage", "scanner", "letters"), "ok")
    assert said["status"] == "ok"
    assert Browser(base).get("/nergens?wachtwoord=geheim").status == 404
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    mine = [line for line in lines if line.get("request") == request_id]
    assert [(m["method"], m["path"], m["status"], m["account"]) for m in mine] == [
        ("GET", "/gezond", 200, None)
    ]
    assert "geheim" not in log.read_text()


@ON_SQLITE
def test_a_part_in_trouble_is_told_in_a_word(world, monkeypatch):
    from portal.documents.scanning import Clamd

    health._known.clear()
    world.session.rollback()
    world.use(scanner=Clamd("127.0.0.1:9"))
    world.storage.root.rename(world.storage.root.with_name("weg"))
    world.storage.root.write_text("a file stands in the way")
    with world.app.test_client().get("/gezond") as answer:
        assert answer.status_code == 200
        assert answer.json["status"] == "degraded"
        assert answer.json["parts"]["scanner"] == answer.json["parts"]["storage"] == "down"
    health._known.clear()


@ON_SQLITE
def test_letters_that_wait_too_long_are_told(world):
    from datetime import timedelta

    make.name_partners(world, make.draft(world))
    world.clock.at += timedelta(minutes=16)
    with world.app.test_client().get("/gezond") as answer:
        assert answer.json["parts"]["letters"] == "late"


def test_a_stop_ends_it_and_what_was_acknowledged_stands(world, served):
    base, process, _log = served
    found = make.application(world, Status.SUBMITTED)
    assert Browser(base).get("/oproepen").status == 200
    process.send_signal(signal.SIGTERM)
    process.wait(20)
    assert make.again(world, found).status is Status.SUBMITTED


def test_check_asks_every_part(environ, tmp_path):
    with parts.smtp(tmp_path) as smtp, parts.clamd() as clamd:
        whole = {**environ, "PORTAL_SMTP_URL": smtp.url(), "PORTAL_CLAMD": clamd}
        done = run("check", **whole)
        assert done.returncode == 0, done.stderr
        assert "ok  database: schema " in done.stdout
        assert f"ok  scanner: {clamd}" in done.stdout
        for name, value in (
            ("PORTAL_CLAMD", "127.0.0.1:9"),
            ("PORTAL_SMTP_URL", smtp.url(password="verkeerd")),
            ("PORTAL_STORAGE_URL", f"file://{tmp_path}/log"),
        ):
            (tmp_path / "log").write_text("a file, no folder")
            wrong = run("check", **{**whole, name: value})
            assert (wrong.returncode, "Traceback" in wrong.stderr) == (1, False), wrong.stderr
            assert name in wrong.stderr
