"""A real browser, and one running demo for all tests of a module."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from typing import Literal, NoReturn

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from phonesim.client import SimClient
from rehearsals.demo.command import NIGHT, connect
from rehearsals.demo.director import Director, directing
from rehearsals.demo.installation import ROOT, Demo, installed
from rehearsals.demo.processes import running
from rehearsals.demo.scenes import PATIENTS
from routing.zones import to_utc

CHROMIUM = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PICTURES = ROOT / "docs" / "pictures"
PATIENCE = 120_000
"""Milliseconds after which something on a page never comes, so that slow machines may be slow."""
expect.set_options(timeout=PATIENCE)
LAPTOP, PHONE = (1440, 900), (390, 844)

Scheme = Literal["light", "dark"]
Opener = Callable[..., Page]


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def missing(what: str) -> NoReturn:
    """Skip what cannot be tested here; in a build (CI=true), where nobody reads what was skipped, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        missing("no browser: install Chromium (on Debian: apt-get install chromium) to test pages")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opener]:
    """Opens the desk of a network; a page on which anything goes wrong fails its test."""
    complaints: list[str] = []
    pages: list[Page] = []

    def open_desk(url: str, scheme: Scheme = "light", size: tuple[int, int] = LAPTOP) -> Page:
        page = browser.new_page(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce"
        )
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if is_trouble(said) else None)
        page.goto(f"{url}/desk")
        pages.append(page)
        return page

    yield open_desk
    for page in pages:
        page.close()
    assert complaints == []


@pytest.fixture(scope="module")
def sunline(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Demo, SimClient, Director]]:
    """Sunline and its phones, as ``sunline demo`` runs them, at 01:00 in Chicago; never started without a browser."""
    start, folder = to_utc(NIGHT, "America/Chicago"), tmp_path_factory.mktemp("demo")
    with (
        installed(free_port(), free_port(), start, ROOT / "config", folder) as demo,
        running(demo, start, 1.0) as sim,
        directing(demo, sim, PATIENTS) as director,
    ):
        connect(demo, sim)
        yield demo, sim, director


def is_trouble(said: ConsoleMessage) -> bool:
    """Whether the browser complains of something; a request that we refuse is told on the page itself."""
    return said.type == "error" and "status of 400" not in said.text


def picture(page: Page, name: str) -> None:
    """A picture for the documents, where ``PICTURES=1`` asks for it."""
    if os.environ.get("PICTURES") == "1":
        page.screenshot(path=PICTURES / f"phones-{name}.png")
