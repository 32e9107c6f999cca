"""The page in a browser, and two pairs of hands: one with a mouse, one with a keyboard and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from playwright.sync_api import Page, TimeoutError

from phonesim.client import SimClient
from tests.browser.conftest import PATIENCE

LOOK = 50
"""Milliseconds between two looks at what no page tells of."""
MOST_STOPS = 300
FAST = 8.0
HEARD = """([role, words, after]) => [...document.querySelectorAll(`[data-role=${role}] .log li`)]
    .some((line) => line.number > after && line.textContent.toLowerCase().includes(words.toLowerCase()))"""
NEWEST = "() => Math.max(0, ...[...document.querySelectorAll('.log li')].map((line) => line.number))"
FOCUSED = "(selector) => Boolean(document.activeElement?.matches(selector))"
RING = "() => getComputedStyle(document.activeElement).outlineStyle"


class Desk:
    """What somebody sees on the page. Only what is heard after ``begin`` counts.

    With ``sim``, time runs fast while somebody listens and as usual while hands are at work, however slow the machine.
    """

    def __init__(self, page: Page, sim: SimClient | None = None) -> None:
        self.page, self._sim = page, sim
        page.wait_for_selector(".phone")
        page.wait_for_function("() => !document.getElementById('link').checkVisibility()")
        self.begin()

    def begin(self) -> None:
        """From here on."""
        self._after = self.page.evaluate(NEWEST)

    def hears(self, role: str, words: str) -> None:
        """Wait until words are on somebody's transcript."""
        try:
            with self._fast():
                self.page.wait_for_function(HEARD, arg=[role, words, self._after], timeout=PATIENCE)
        except TimeoutError as late:
            raise AssertionError(f"{role} never heard {words!r}; what the phone shows:\n{self._phone(role)}") from late

    def shows(self, role: str, words: str) -> None:
        """Wait until somebody's phone says how things stand."""
        state = self.page.locator(f"[data-role={role}] .state-text", has_text=words)
        try:
            with self._fast():
                state.first.wait_for(timeout=PATIENCE)
        except TimeoutError as late:
            raise AssertionError(f"{role}'s phone never showed {words!r}; it shows:\n{self._phone(role)}") from late

    def until(self, condition: Callable[[], bool]) -> None:
        """Something outside the page comes to hold."""
        for _ in range(PATIENCE // LOOK):
            if condition():
                return
            self.page.wait_for_timeout(LOOK)
        raise AssertionError("it never came to hold")

    @contextmanager
    def _fast(self) -> Iterator[None]:
        if self._sim is None:
            yield
            return
        self._sim.set_rate(FAST)
        try:
            yield
        finally:
            self._sim.set_rate(1.0)

    def _phone(self, role: str) -> str:
        return "\n".join(self.page.locator(f"[data-role={role}]").all_inner_texts())


class Hands(Protocol):
    """Whoever uses the phones."""

    def use(self, role: str, button: str) -> None:
        """Call, answer, decline or hang-up."""

    def press(self, role: str, keys: str) -> None:
        """Press keys of the phone."""

    def say(self, role: str, text: str) -> None:
        """Type what is said."""


class Mouse:
    """Points and clicks; only what is said is typed."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def use(self, role: str, button: str) -> None:
        self.page.click(f"[data-role={role}] button.{button}", timeout=PATIENCE)

    def press(self, role: str, keys: str) -> None:
        for key in keys:
            self.page.click(f'[data-role={role}] .keypad [data-key="{key}"]')

    def say(self, role: str, text: str) -> None:
        self.page.fill(f"[data-role={role}] [name=text]", text)
        self.page.click(f"[data-role={role}] .talk [type=submit]")


class Keyboard:
    """Goes from stop to stop with the Tab key, and sees at each where it is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def use(self, role: str, button: str) -> None:
        selector = f"[data-role={role}] button.{button}"
        self.page.wait_for_selector(selector, timeout=PATIENCE)
        self.reach(selector)
        self.page.keyboard.press("Enter")

    def press(self, role: str, keys: str) -> None:
        self.reach(f"[data-role={role}] .keypad button")
        for key in keys:
            self.page.keyboard.press(key)

    def say(self, role: str, text: str) -> None:
        self.reach(f"[data-role={role}] [name=text]")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def reach(self, selector: str) -> None:
        """Tab until something that fits has the focus."""
        for _ in range(MOST_STOPS):
            if self.page.evaluate(FOCUSED, selector):
                assert self.page.evaluate(RING) != "none", f"nobody sees that {selector} has the focus"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key never comes to {selector}")
