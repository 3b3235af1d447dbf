"""The one program: a line for what is right, a sentence for what is wrong, never a traceback."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from portal import settings as portal_settings
from portal.cli.serving import free_port
from portal.settings import DEMO_SECRET, SettingsError, read

PROGRAM = Path(sys.executable).parent / "portal"
PROJECT = Path(__file__).resolve().parents[2]
RIGHT = {
    "PORTAL_DATABASE_URL": "sqlite:////tmp/x.sqlite",
    "PORTAL_STORAGE_URL": "file:///tmp/x",
    "PORTAL_SECRET_KEY": "x" * 32,
    "PORTAL_BASE_URL": "https://portaal.example",
    "PORTAL_CONTACT_EMAIL": "mandaten@zorg.example",
    "PORTAL_CONTACT_PHONE": "02 000 00 00",
    "PORTAL_CONTACT_ADDRESS": "Voorbeeldstraat 1, 1000 Brussel",
    "PORTAL_SMTP_URL": "smtp://mail.example",
    "PORTAL_MAIL_FROM": "portaal@zorg.example",
}


def run(*arguments, **environ):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
    return subprocess.run(
        [PROGRAM, *arguments], capture_output=True, text=True, env={**clean, **environ}, timeout=60, check=False
    )


def test_check_prints_a_line_each_and_ends_with_0():
    done = run("check")
    assert done.returncode == 0, done.stderr
    assert all(line.startswith("ok  ") for line in done.stdout.splitlines())
    assert len(done.stdout.splitlines()) == 5


def test_a_typo_in_a_definition_ends_it_with_file_and_key(tmp_path):
    for folder in ("config", "uploads_schema", "templates"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    path = tmp_path / "config/call_types/samenwerkingsverband-zorg.toml"
    path.write_text(path.read_text("utf-8").replace("weight = 20", "wieght = 20", 1), "utf-8")
    done = run("check", PORTAL_PROJECT_DIR=str(tmp_path))
    assert done.returncode == 2
    assert "config/call_types/samenwerkingsverband-zorg.toml: appraisal.criteria.0.wieght: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_stops_the_start_with_its_name():
    done = run("serve", **{**RIGHT, "PORTAL_SECRET_KEY": "kort", "PORTAL_COLOUR": "blauw"})
    assert done.returncode == 2
    assert "PORTAL_SECRET_KEY: must be at least 32 random characters" in done.stderr
    assert "PORTAL_COLOUR: there is no such setting." in done.stderr
    assert "Traceback" not in done.stderr


def test_right_settings_are_read():
    found = read(RIGHT)
    assert (found.base_url, found.secure, found.demo) == ("https://portaal.example", True, False)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"PORTAL_DATABASE_URL": ""}, "PORTAL_DATABASE_URL: is missing."),
        ({"PORTAL_DATABASE_URL": "mysql://x"}, "must be sqlite:///file or postgresql://"),
        ({"PORTAL_OWNER_DATABASE_URL": "postgresql://x"}, "PORTAL_OWNER_DATABASE_URL: only with PostgreSQL"),
        ({"PORTAL_STORAGE_URL": "ftp://x"}, "must be file:///folder or s3://bucket"),
        ({"PORTAL_S3_ENDPOINT_URL": "https://s3.example"}, "only with s3://bucket"),
        ({"PORTAL_SECRET_KEY": DEMO_SECRET}, "not the demo's"),
        ({"PORTAL_BASE_URL": "portaal"}, "PORTAL_BASE_URL: must be an address"),
        ({"PORTAL_SMTP_URL": "mail.example"}, "PORTAL_SMTP_URL: must be smtp://"),
        ({"PORTAL_MAIL_FROM": "een, twee"}, "PORTAL_MAIL_FROM: must be one mail address"),
        ({"PORTAL_CLAMD": "localhost"}, "PORTAL_CLAMD: must be host:port"),
        ({"PORTAL_TRUSTED_PROXIES": "9"}, "PORTAL_TRUSTED_PROXIES: must be how many proxies"),
        ({"PORTAL_TRUSTED_PROXIES": "1.0"}, "PORTAL_TRUSTED_PROXIES: must be how many proxies"),
        ({"PORTAL_DATABASE_URL": "postgresql+psycopg://x"}, "must be sqlite:///file or postgresql://"),
        ({"PORTAL_OIDC": "x"}, "PORTAL_OIDC: there is no such setting."),
        ({"PORTAL_CONTACT_EMAIL": "bel ons"}, "PORTAL_CONTACT_EMAIL: must be one mail address"),
        ({"PORTAL_TEST_INSTALL": "1"}, "PORTAL_TEST_INSTALL: there is no such setting."),
        ({"PORTAL_DEMO": "true"}, "PORTAL_DEMO: there is no such setting."),
        ({"PORTAL_SERVICE": "Iets"}, "PORTAL_SERVICE: there is no such setting."),
        ({"PORTAL_TIMESTAMP_URL": "x"}, "PORTAL_TIMESTAMP_URL: is not supported yet"),
    ],
)
def test_each_wrong_setting_has_its_sentence(change, told):
    with pytest.raises(SettingsError) as caught:
        read({**RIGHT, **change})
    assert told in str(caught.value)


def test_everything_missing_is_told_at_once():
    with pytest.raises(SettingsError) as caught:
        read({})
    assert len(str(caught.value).splitlines()) == 9


def test_no_project_folder_is_told(tmp_path):
    with pytest.raises(SettingsError, match="PORTAL_PROJECT_DIR"):
        portal_settings.project_dir({"PORTAL_PROJECT_DIR": str(tmp_path)})


@pytest.mark.parametrize(
    "text",
    [
        "wat = 1",
        "service = 1",
        "service = ",
        '[oidc]\nscope = "openid rrn"',
        '[oidc]\nroles = { A = "koning" }',
        "[oidc]\nwat = 1",
        '[oidc]\nclient_secret = "geheim"',
        "upload_limit = 0",
    ],
)
def test_public_defaults_are_checked_too(tmp_path, text):
    (tmp_path / "config").mkdir()
    (tmp_path / "config/portal.toml").write_text(text)
    with pytest.raises(SettingsError, match=r"config/portal\.toml"):
        portal_settings.defaults(tmp_path)


def test_a_busy_port_gives_the_next_one():
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        assert free_port("127.0.0.1", port) > port


def test_a_moment_that_is_none_is_told():
    done = run("demo", "--at", "straks")
    assert done.returncode == 2
    assert "2023-05-10T09:00" in done.stderr


@pytest.fixture
def settings(kind, request, tmp_path):
    """Settings of an installation whose database is still empty."""
    found = {**RIGHT, "PORTAL_STORAGE_URL": f"file://{tmp_path}/f"}
    if kind == "sqlite":
        return {**found, "PORTAL_DATABASE_URL": f"sqlite:///{tmp_path}/p.sqlite"}
    server = request.getfixturevalue("postgres")
    server.run("DROP DATABASE IF EXISTS program", "CREATE DATABASE program OWNER portal_owner")
    url, owner = (server.url("program", role).render_as_string(False) for role in ("portal", "portal_owner"))
    return {**found, "PORTAL_DATABASE_URL": url, "PORTAL_OWNER_DATABASE_URL": owner}


def test_a_start_before_migrating_says_what_to_do(settings):
    done = run("serve", **settings)
    assert (done.returncode, "run `portal migrate`" in done.stderr) == (2, True)


def test_a_first_administrator(settings):
    assert run("migrate", **settings).returncode == 0
    add = ("user", "add", "eerste@zorg.example", "--role", "administrator", "--password", "een lang wachtwoord")
    assert run(*add, **settings).returncode == 0
    done = run("verify", **settings)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "everything holds")
    for command in (("password", "--password", "een ander wachtwoord"), ("disable",)):
        done = run("user", command[0], "eerste@zorg.example", *command[1:], **settings)
        assert (done.returncode, done.stdout.startswith("eerste@zorg.example: ")) == (0, True)
    unknown = run("user", "disable", "niemand@zorg.example", **settings)
    assert (unknown.returncode, "there is no account" in unknown.stderr) == (1, True)
    wrong = run(
        "user", "add", "geen-adres", "--role", "auditor", "--password", "een lang wachtwoord", **settings
    )
    assert wrong.returncode == 1
    assert "not_an_address" in wrong.stderr
    weak = run("user", "add", "ander@zorg.example", "--role", "auditor", "--password", "zomer2026", **settings)
    assert (weak.returncode, "password_too_short" in weak.stderr) == (1, True)


def test_a_folder_in_use_is_never_wiped(tmp_path):
    import fcntl

    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (tmp_path / "portal.sqlite").write_text("van een ander")
        done = run("demo", "--dir", str(tmp_path))
    assert done.returncode == 1
    assert "another demo runs in" in done.stderr
    assert (tmp_path / "portal.sqlite").read_text() == "van een ander"


@pytest.fixture
def empty(tmp_path):
    """Settings of a migrated database without a row of anybody."""
    places = {
        "PORTAL_DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite",
        "PORTAL_STORAGE_URL": f"file://{tmp_path}/files",
    }
    assert run("migrate", **{**RIGHT, **places}).returncode == 0
    return {**RIGHT, **places}


def test_seed_fills_an_empty_database_once(empty):
    done = run("seed", "--applications", "3", "--drafts", "2", "--region", "kempen", **empty)
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(empty["PORTAL_DATABASE_URL"].removeprefix("sqlite:///"))) as rows:
        count = dict(rows.execute("SELECT status, count(*) FROM application GROUP BY status").fetchall())
        scored = dict(rows.execute("SELECT status, count(*) FROM review GROUP BY status").fetchall())
        numbers = [n for (n,) in rows.execute("SELECT number FROM organisation")]
    assert count == {"admissible": 3, "draft": 2}
    assert scored == {"handed_in": 5, "assigned": 1}
    assert all(n.startswith("00") and int(n[:8]) % 97 + int(n[8:]) == 97 for n in numbers)
    assert run("verify", **empty).stdout.endswith("everything holds\n")
    again = run("seed", "--applications", "1", **empty)
    assert again.returncode == 1
    assert "this database holds accounts already" in again.stderr


def test_seed_names_the_regions_there_are(empty):
    done = run("seed", "--applications", "1", "--region", "kempenland", **empty)
    assert done.returncode == 1
    assert "there is no region kempenland; there are: " in done.stderr


OIDC = {
    "PORTAL_OIDC_ISSUER": "https://aanmelden.example/op",
    "PORTAL_OIDC_CLIENT_ID": "portaal",
    "PORTAL_OIDC_CLIENT_SECRET": "geheim",
}


def test_the_governments_sign_in_is_off_until_it_is_set_whole():
    assert read(RIGHT).government is None
    found = read({**RIGHT, **OIDC, "PORTAL_OIDC_DEPARTMENT": "OVO999999"}).government
    assert found.issuer == "https://aanmelden.example/op"
    assert "geheim" not in repr(found)
    assert ("MandaatportaalBeheerder", "administrator") in found.roles


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"PORTAL_OIDC_CLIENT_SECRET": ""}, "PORTAL_OIDC_CLIENT_SECRET: is missing"),
        ({"PORTAL_OIDC_ISSUER": ""}, "PORTAL_OIDC_ISSUER: is missing"),
        ({"PORTAL_OIDC_ISSUER": "http://aanmelden.example"}, "PORTAL_OIDC_ISSUER: must be"),
        ({"PORTAL_OIDC_ISSUER": "https://x.example/?a=b"}, "PORTAL_OIDC_ISSUER: must be"),
        ({"PORTAL_OIDC_ISSUER": "file:///etc"}, "PORTAL_OIDC_ISSUER: must be"),
    ],
)
def test_a_half_set_sign_in_by_the_government_stops_the_start(changed, named):
    with pytest.raises(SettingsError, match=named):
        read({**RIGHT, **OIDC, **changed})
