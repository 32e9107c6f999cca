"""Somebody at a browser who is signed in, in the middle of a call."""

from __future__ import annotations

import html
import re

from ivr.accounts import accounts_store, sessions
from ivr.accounts.tables import account
from ivr.calls.tables import call
from phonesim import Line
from rehearsals.world import World
from tests.calls.office import CALLER, Office
from tests.calls.scenes import LONG_ENOUGH, agent_accepts, dial, goes_on, joined, run
from tests.web.line import HOST, PASSWORD, Browser

ANA = "client:ana"
KNOWN = ("1", "2", "1", "02291988", "60699")
"""Ana Example, matched with her record, wants an appointment."""
ALL = ("asked-openly", "not-coached", "present-value", "nothing-changed", "own-wish", "no-warning")
SENT = "A code is on its way to the number on file"
TO_L3 = "Proved: identity level L3 for this call."
_MARK = re.compile(r'name="mark" value="([0-9a-f]{64})"')
_NOTICE = re.compile(r'<p class="notice" role="status">([^<]+)</p>')


def talk(world: World, answers: tuple[str, ...] = KNOWN, from_: str = CALLER) -> tuple[Line, Line]:
    """A caller and the agent Ana, who have talked and are still in the talk; their lines."""
    caller = goes_on(world, dial(world, from_=from_), answers)
    agent = agent_accepts(world, ANA)
    joined(world, agent, from_)
    run(world, LONG_ENOUGH)
    return caller, agent


def leave(world: World, *lines: Line) -> None:
    """Everybody hangs up, and Ana may be rung again."""
    for line in lines:
        line.hang_up()
    run(world, 120)


class Desk:
    """The page of one call in a browser. ``mark`` is what the page had when it was looked at last."""

    def __init__(self, office: Office, name: str = "ana", role: str = "agent") -> None:
        self.office, self.name = office, name
        self.browser = Browser(office.world.app.test_client())
        self._sign_in(role)
        self.call_id = newest_call(office)
        self.path = f"/calls/{self.call_id}/identity"
        self.look()

    def look(self) -> str:
        """The words of the page, as it is now."""
        answer = self.browser.get(self.path)
        self.status, self.text = answer.status_code, html.unescape(answer.get_data(as_text=True))
        found = _MARK.search(self.text)
        self.mark = found[1] if found else ""
        return self.text

    def sends(self, act: str, *, mark: str | None = None, **fields: str | tuple[str, ...]) -> str:
        """Press a button on the page as it was looked at last; the notice that follows."""
        token = self.browser.token("/time-zone")
        listed = {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()}
        form = {"csrf_token": token, "mark": self.mark if mark is None else mark, **listed}
        answer = self.browser.client.post(f"{self.path}/{act}", base_url=HOST, data=form)
        self.status = answer.status_code
        found = _NOTICE.search(self.browser.get(answer.location or self.path).get_data(as_text=True))
        return html.unescape(found[1]) if found else ""

    def texts(self, to: str = CALLER) -> str:
        """Have a code texted; the code that came to the number on file."""
        before = len(texts_to(self.office, to))
        assert self.sends("code").startswith(SENT)
        run(self.office.world, 3)
        new = texts_to(self.office, to)[before:]
        self.look()
        return re.findall(r"\b\d{6}\b", new[0])[0]

    def gives(self, digits: str) -> str:
        """Type a code; the notice that follows."""
        told = self.sends("code/given", code=digits)
        self.look()
        return told

    def proves(self, ticked: tuple[str, ...] = ALL) -> str:
        """Tick items and say that all is so."""
        told = self.sends("check", result="proved", ticked=ticked)
        self.look()
        return told

    def disproves(self, reason: str, ticked: tuple[str, ...] = ()) -> str:
        """Say that the caller is not proved."""
        told = self.sends("check", result="not-proved", ticked=ticked, reason=reason)
        self.look()
        return told

    def to_l2(self) -> None:
        """Bring the caller to L2."""
        assert "L2" in self.gives(self.texts())

    @property
    def level(self) -> str:
        """The level of the call."""
        return str(self.office.one(call, call.c.id == self.call_id).identity_level)

    def _sign_in(self, role: str) -> None:
        services, at = self.office.services, self.office.world.now
        with services.database.write() as connection:
            if not self.office.rows(account, account.c.name == self.name):
                accounts_store.add_account(connection, services.cipher, self.name, role, PASSWORD, at)
            user_id = accounts_store.find_account_id(connection, self.name)
            token = sessions.begin_session(connection, user_id, at)
        with self.browser.client.session_transaction(base_url=HOST) as session:
            session["_user_id"] = token


def newest_call(office: Office) -> str:
    return str(max(office.rows(call), key=lambda row: row.created_at).id)


def texts_to(office: Office, number: str = CALLER) -> list[str]:
    return [text.body for text in office.world.net.phone(number).messages]
