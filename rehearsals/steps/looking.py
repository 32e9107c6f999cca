"""What people see on the pages, signed in as they really sign in."""

from __future__ import annotations

import re

from ivr.accounts import accounts_store
from rehearsals import reading, speech_matching
from rehearsals.browsing import Browser
from rehearsals.errors import Unmet
from rehearsals.script import Step
from rehearsals.stage import Stage
from rehearsals.steps.kinds import step
from rehearsals.steps.speaking import code, find_keys, keys_or_code

ON_CALL = "/oncall"
EVERYTHING = "everything"
PASSWORD = "a rehearsal has a password of its own"
_LINK = re.compile(r"https://[^/\s]+(/oncall/\S+)")


@step("{reader} signs in", code, optional=True)
def signs_in(stage: Stage, asked: Step) -> None:
    """A clinician with a PIN behind the link in their text, staff with name and password."""
    browser = stage.browser(asked.reader)
    if asked.reader in stage.cast.clinicians:
        browser.open(_link(stage, asked.reader))
        browser.fill(pin=asked.value or code("PIN"))
    else:
        _make_account(stage, asked.reader)
        browser.open("/sign-in")
        browser.fill(name=asked.reader, password=PASSWORD)


@step("{reader} sees on {page}", reading.words, within=reading.duration)
def sees(stage: Stage, asked: Step) -> None:
    """The words are on that page, which is loaded until they are; ``/oncall`` is the link in a clinician's text."""
    browser = stage.browser(asked.reader)

    def there() -> bool:
        _open(stage, asked, browser)
        return speech_matching.plain(asked.value) in speech_matching.plain(browser.text)

    if not stage.until(there, asked.options.get("within")):
        raise Unmet(f"{asked.reader} to see {asked.value!r} on {asked.blanks['page']}", _shown(browser))


@step("{reader} does not see on {page}", reading.words)
def does_not_see(stage: Stage, asked: Step) -> None:
    """The words are not on that page now."""
    browser = stage.browser(asked.reader)
    _open(stage, asked, browser)
    if speech_matching.plain(asked.value) in speech_matching.plain(browser.text):
        raise Unmet(f"{asked.reader} not to see {asked.value!r} on {asked.blanks['page']}", _shown(browser))


@step("{reader} sees nothing of", reading.words)
def sees_nothing_of(stage: Stage, asked: Step) -> None:
    """The words are on no page that they can get to by links, as they are signed in now."""
    start = _link(stage, asked.reader) if asked.reader in stage.cast.clinicians else "/"
    for path, text in stage.browser(asked.reader).everything(start):
        if speech_matching.plain(asked.value) in speech_matching.plain(text):
            raise Unmet(f"{asked.reader} to see nothing of {asked.value!r}", f"it is on {path}")


@step("{reader} may not open {page}")
def may_not_open(stage: Stage, asked: Step) -> None:
    """That page is refused to them."""
    browser = stage.browser(asked.reader)
    browser.open(asked.blanks["page"])
    if browser.status != 403:
        raise Unmet(f"{asked.blanks['page']} to be refused to {asked.reader}", _shown(browser))


@step("{reader} clicks", reading.words)
def clicks(stage: Stage, asked: Step) -> None:
    """A button on the page that they look at."""
    browser = stage.browser(asked.reader)
    if not browser.click(asked.value):
        there = ", ".join(browser.buttons()) or "none"
        raise Unmet(f"a button {asked.value!r} for {asked.reader}", f"the buttons are {there}")
    stage.settle()


@step("{reader} ticks", reading.words)
def ticks(stage: Stage, asked: Step) -> None:
    """Boxes on the page that they look at: those whose sentence has these words, or "everything"."""
    if not stage.browser(asked.reader).tick("" if asked.value == EVERYTHING else asked.value):
        raise Unmet(f"a box with {asked.value!r} for {asked.reader}", _shown(stage.browser(asked.reader)))


@step("{reader} chooses", reading.words)
def chooses(stage: Stage, asked: Step) -> None:
    """An option of a list on the page that they look at."""
    if not stage.browser(asked.reader).choose(asked.value):
        raise Unmet(f"an option {asked.value!r} for {asked.reader}", _shown(stage.browser(asked.reader)))


@step("{reader} types the code", keys_or_code)
def types_code(stage: Stage, asked: Step) -> None:
    """Six digits into the field of the page for them, and sends them; "caller's code" is the one the caller got."""
    browser = stage.browser(asked.reader)
    if not browser.has_field("code"):
        raise Unmet(f"a field for a code for {asked.reader}", _shown(browser))
    browser.fill(code=find_keys(stage, asked.reader, str(asked.value)))
    stage.settle()


def _open(stage: Stage, asked: Step, browser: Browser) -> None:
    page = asked.blanks["page"]
    listed = reading.list_of_newest(page)
    browser.open(_link(stage, asked.reader) if page == ON_CALL else listed or page)
    if listed and not browser.follow_first(f"{listed}/"):
        raise Unmet(f"{page} for {asked.reader}", _shown(browser))


def _link(stage: Stage, reader: str) -> str:
    """Return the newest link that came by text. Raises Unmet where none came."""
    phone = stage.phone(reader) if reader in stage.cast.clinicians else None
    found = [match[1] for text in (phone.messages if phone else ()) if (match := _LINK.search(text.body))]
    if not found:
        raise Unmet(f"a link in a text to {reader}", "none came")
    return found[-1]


def _make_account(stage: Stage, name: str) -> None:
    role = "agent" if name in stage.cast.agents else name
    with stage.world.services.database.write() as connection:
        if accounts_store.find_account(connection, name) is None:
            accounts_store.add_account(connection, stage.world.services.cipher, name, role, PASSWORD, stage.world.now)


def _shown(browser: Browser) -> str:
    return f"{browser.path} ({browser.status}) shows {browser.text[:300]!r}"
