"""A real browser on the real demo. Without Chromium these are skipped, with what to install; in CI that
fails.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from werkzeug.serving import make_server

from tests.browser import Browser as Http
from tests.conftest import PASSWORD, World
from tests.parts import free_port

CHROMIUM = shutil.which("chromium")
SHOTS = os.environ.get("PORTAL_SCREENSHOTS")
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {
    "runOnly": RULES,
    "resultTypes": ["violations"],
    "preload": False,
}  # what passed is not told: half the time


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    if CHROMIUM is None:
        message = "needs chromium: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.fixture(scope="session")
def running(tmp_path_factory: Any) -> Iterator[str]:
    """The demo as `make run` starts it, in a folder of its own, for all journeys of this process; its
    address.
    """
    folder = tmp_path_factory.mktemp("demo")
    program = Path(sys.executable).parent / "portal"
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    port = str(5600 + 50 * worker)  # so that two at once never meet
    log = (folder / "log").open("w+")
    process = subprocess.Popen(
        [program, "demo", "--port", port, "--dir", folder / "demo"], stdout=log, stderr=subprocess.STDOUT
    )
    try:
        yield _address(process, log)
    finally:
        process.terminate()
        process.wait(20)
        log.close()


@pytest.fixture
def demo(running: str) -> str:
    """The demo begun anew, by its own button; its address."""
    visitor = Http(running)
    action = "/demo/opnieuw"
    assert visitor.post(action, visitor.form("/", action)).status == 303
    Visitor.checked.clear()
    return running


def _address(process: Any, log: Any) -> str:
    for _try in range(300):
        log.seek(0)
        if found := re.search(r"runs on (http://\S+)", log.read()):
            try:
                with urllib.request.urlopen(f"{found.group(1)}/gezond") as answer:
                    assert answer.status == 200
                return found.group(1)
            except OSError:
                pass
        assert process.poll() is None, log.read()
        time.sleep(0.2)
    raise AssertionError("the demo did not start")


@pytest.fixture
def base(world: World) -> Iterator[str]:
    """The portal of this world, on a port."""
    port = free_port()
    server = make_server("127.0.0.1", port, world.app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{port}"
    server.shutdown()


class Visitor:
    """Somebody at a browser of their own. Every page they see is checked for accessibility, and for silence.

    A page is asked of axe once per journey, size of screen and role.
    """

    checked: ClassVar[set[tuple[str, bool, str, str]]] = set()

    def __init__(self, browser: Browser, base: str, *, phone: bool = False, script: bool = True) -> None:
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        self.base, self.phone, self.script, self.role = base, phone, script, ""
        context = browser.new_context(viewport=size, locale="nl-BE", java_script_enabled=script)
        self.page: Page = context.new_page()
        self.noise: list[str] = []
        self.page.on("console", lambda message: self.noise.append(message.text))
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        self.page.set_default_timeout(10_000)
        self.go("/")

    def go(self, path: str) -> None:
        """Open a page of the portal."""
        answer = self.page.goto(self.base + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        self.check()

    def check(self) -> None:
        """axe finds nothing, the console is silent, the page is no wider than the screen."""
        path = self.page.url.removeprefix(self.base)
        page = (self.base, self.phone, self.role, path)
        if self.script and page not in self.checked:
            self.checked.add(page)
            found = Axe().run(self.page, options=AXE).response["violations"]
            told = [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found]
            assert told == [], f"{path}: {told}"
            wide = self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, f"{path}: {wide} px wider than the screen"
        told = (
            "422",
            "Clear-Site-Data header",
        )  # Chromium tells each refused form, and that it forgot a site's pages
        noise = [n for n in self.noise if not any(t in n for t in told)]
        assert noise == [], noise

    def click(self, name: str, *, exact: bool = False) -> None:
        """Press the button or link with this name, and wait for what comes."""
        with self.page.expect_navigation():
            self.find(name, exact=exact).first.click()
        self.check()

    def find(self, name: str, *, exact: bool = False) -> Locator:
        """The button or link with this name, in the page rather than in the bar."""
        inside = self.page.locator("body > :not(.demo-bar)")
        button = inside.get_by_role("button", name=name, exact=exact)
        return button.or_(inside.get_by_role("link", name=name, exact=exact))

    def bar(self, name: str) -> None:
        """Press a button of the demo's bar: a role's signs in."""
        self.role = name
        with self.page.expect_navigation():
            self.page.locator(".demo-bar").get_by_role("button", name=name, exact=True).click()
        self.check()

    def clock(self, moment: str) -> None:
        """Put the demo's clock forward."""
        self.page.get_by_label("Zet de klok op").fill(moment)
        self.bar("zet de klok")

    def fill(self, **fields: str) -> None:
        """Fill in fields by id."""
        for name, value in fields.items():
            self.page.locator(f"#{name}").fill(value)

    def choose(self, label: str) -> None:
        """Choose a radio or checkbox by its label."""
        self.page.get_by_label(label, exact=True).check()

    @property
    def said(self) -> str:
        """What the page reads."""
        return re.sub(r"\s+", " ", self.page.locator("main").inner_text())

    def shot(self, name: str) -> None:
        """A picture for the documentation, when asked for."""
        if SHOTS:
            kind = "phone" if self.phone else "wide"
            self.page.screenshot(path=Path(SHOTS) / f"{name}-{kind}.png", full_page=True)


def signed_in(browser: Browser, base: str, name: str, *, phone: bool = False, script: bool = True) -> Visitor:
    """Somebody of the tests' world, signed in."""
    one = Visitor(browser, base, phone=phone, script=script)
    one.go("/aanmelden")
    one.fill(email=f"{name}@proef.example", password=PASSWORD)
    one.click("Meld aan")
    one.role = name
    return one
