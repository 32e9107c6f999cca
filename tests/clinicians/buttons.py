"""Each button of a clinician's card and home, pressed once, with the action that it leaves in the audit trail."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from ivr.calls import legs
from ivr.calls.events import record
from ivr.clinicians import items
from ivr.oncall.pins import set_pin
from ivr.oncall.tables import page
from tests.web.line import PIN, Browser, Line


def signed_in(line: Line) -> tuple[Browser, str]:
    """Dr Lee, paged and signed in on a telephone of their own, and the path of their card."""
    line.ill_caller()
    path, browser = f"/oncall/{line.one(page).token}", line.client()
    browser.post(path, pin=PIN, own="yes")
    return browser, path


def press(line: Line, button: str, before: tuple[str, ...] = (), **fields: str) -> None:
    browser, path = signed_in(line)
    for one in before:
        browser.post(f"{path}/{one}", form=path)
    if before:
        line.clock.advance(timedelta(minutes=1))
        end_talk(line)
    browser.post(f"{path}/{button}", form=path, **fields)


def end_talk(line: Line, *, talked: bool = False) -> None:
    """Both hang up; the call needs a call-back where they have not ``talked``."""
    call_id = line.rows(page)[0].call_id
    with line.work() as work:
        legs.lock_call(work, call_id)
        if talked:
            record(work, "talked", call_id, leg="x", role="clinician")
            work.touched.add(call_id)
        for row in legs.list_living(work, call_id, "caller", "clinician"):
            legs.note_status(work, row.id, "completed", None)


def sign_in_for_the_shift(line: Line) -> None:
    browser, _ = signed_in(line)
    browser.post("/oncall/leave", form="/oncall")
    browser.post("/oncall", form="/oncall", pin=PIN)


def sign_out(line: Line) -> None:
    browser, _ = signed_in(line)
    browser.post("/oncall/leave", form="/oncall")


def choices(browser: Browser, name: str) -> list[str]:
    """The values that a list of the home offers."""
    html = browser.get("/oncall").get_data(as_text=True)
    found = re.search(rf'<select id="\w+" name="{name}">(.*?)</select>', html, re.DOTALL)
    return re.findall(r'<option value="([^"]+)"', found[1]) if found else []


def ask_swap(line: Line) -> Browser:
    browser, _ = signed_in(line)
    gives = choices(browser, "gives")[-1]
    browser.post("/oncall/swaps", form="/oncall", gives=gives, **{"with": "dr-okafor"})
    return browser


def colleague(line: Line) -> Browser:
    """Dr Okafor, paged because Dr Lee hands a call on, and signed in on a telephone of their own."""
    with line.database.write() as connection:
        set_pin(connection, line.services.cipher, "dr-okafor", PIN, line.clock.now())
    path = f"/oncall/{line.rows(page, person_id='dr-okafor')[0].token}"
    browser = line.client()
    browser.post(path, pin=PIN, own="yes")
    return browser


def answer_swap(line: Line, answer: str) -> None:
    browser = ask_swap(line)
    path = f"/oncall/{line.rows(page)[0].token}"
    browser.post(f"{path}/pass", form="/oncall")
    other = colleague(line)
    name = re.findall(r"/oncall/swaps/(\w+)/confirm", other.get("/oncall").get_data(as_text=True))[0]
    other.post(f"/oncall/swaps/{name}/{answer}", form="/oncall")


def cover(line: Line) -> Browser:
    browser, _ = signed_in(line)
    rota = choices(browser, "rota")[0]
    browser.post("/oncall/covers", form="/oncall", rota=rota, person="dr-okafor", until="2")
    return browser


def end_cover(line: Line) -> None:
    browser = cover(line)
    name = re.findall(r"/oncall/covers/(\w+)/end", browser.get("/oncall").get_data(as_text=True))[0]
    browser.post(f"/oncall/covers/{name}/end", form="/oncall")


def take_item(line: Line) -> None:
    """Dr Lee talked and wrote nothing; in the next shift Dr Okafor, paged for another call, takes it."""
    browser, path = signed_in(line)
    browser.post(f"{path}/accept", form=path)
    end_talk(line, talked=True)
    line.clock.advance(timedelta(days=2))
    items.look_again(line.services, "")
    line.ill_caller("another chest")
    other = colleague(line)
    name = re.findall(r"/oncall/items/(\w+)/take", other.get("/oncall").get_data(as_text=True))[0]
    other.post(f"/oncall/items/{name}/take", form="/oncall")


BUTTONS: dict[str, tuple[str, Callable[[Line], object]]] = {
    "oncall.accept": ("oncall.accept", partial(press, button="accept")),
    "oncall.call_patient": ("oncall.call", partial(press, button="call", before=("accept",))),
    "oncall.pass_on": ("oncall.pass", partial(press, button="pass")),
    "oncall.write_note": ("oncall.note", partial(press, button="note", words="seen")),
    "oncall.ask_for_more": ("oncall.more", partial(press, button="more", missing="record")),
    "oncall.finish": (
        "oncall.done",
        partial(press, button="done", before=("accept",), outcome="advised", follow_up="none", reached="talked"),
    ),
    "on_call_home.sign_in": ("oncall.sign-in", sign_in_for_the_shift),
    "on_call_home.sign_out": ("oncall.sign-out", sign_out),
    "on_call_home.ask_swap": ("oncall.swap-ask", ask_swap),
    "on_call_home.confirm_swap": ("oncall.swap-confirm", partial(answer_swap, answer="confirm")),
    "on_call_home.withdraw_swap": ("oncall.swap-withdraw", partial(answer_swap, answer="withdraw")),
    "on_call_home.make_cover": ("oncall.cover", cover),
    "on_call_home.end_cover": ("oncall.cover-end", end_cover),
    "on_call_home.take_item": ("oncall.take", take_item),
}
