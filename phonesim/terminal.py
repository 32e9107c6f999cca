"""What ``python -m phonesim phone`` and ``watch`` do and show: a running stand-in, from a terminal. Files it writes."""

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

import click

from phonesim.client import SimClient
from phonesim.errors import PhonesimError
from phonesim.faults import FAULTS

LONGEST_RUN = 7 * 86400


class FileToWrite(click.Path):
    """A file for results. Its folder must exist before the work begins."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, writable=True, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; one that cannot be written is refused."""
        path = Path(value)
        if not path.parent.is_dir():
            self.fail(f"{str(path)!r}: there is no folder {str(path.parent)!r}; make it, or choose another", param, ctx)
        return super().convert(value, param, ctx)


class Seconds(click.FloatRange):
    """A length of time, more than nothing and at most a week. No bound refuses ``nan``, so that it is asked for."""

    def __init__(self) -> None:
        super().__init__(0, LONGEST_RUN, min_open=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The seconds; what is no number to wait for is refused."""
        if not isfinite(click.FLOAT.convert(value, param, ctx)):
            self.fail(f"{value!r} is no number of seconds", param, ctx)
        number: float = super().convert(value, param, ctx)
        return number


Act = Callable[[SimClient, str, Sequence[str]], dict[str, Any]]
ACTS: Mapping[str, tuple[str, Act]] = {
    "dial": ("+1...", lambda sim, phone, words: sim.dial(phone, " ".join(words))),
    "press": ("KEYS", lambda sim, phone, words: sim.press(phone, " ".join(words))),
    "say": ("WORDS", lambda sim, phone, words: sim.say(phone, " ".join(words))),
    "text": ("+1... WORDS", lambda sim, phone, words: sim.text(phone, *_addressed(words))),
    "answer": ("", lambda sim, phone, _: sim.answer(phone)),
    "decline": ("", lambda sim, phone, _: sim.decline(phone)),
    "hang-up": ("", lambda sim, phone, _: sim.hang_up(phone)),
    "lose-line": ("", lambda sim, phone, _: sim.lose(phone)),
    "behave": ("BEHAVIOUR", lambda sim, phone, words: sim.behave(phone, " ".join(words))),
}

DONE = {
    "decline": "has declined", "hang-up": "has hung up", "behave": "is set to", "text": "texts",
    "lose-line": "has lost the line",
}  # fmt: skip


def act(sim: SimClient, phone: str, action: str, words: Sequence[str]) -> str:
    """Let the person with this phone do something, and say what came of it. Raises PhonesimError."""
    needs, do = ACTS[action]
    if bool(needs) != bool(words):
        raise PhonesimError(f"write: phone {phone} {action} {needs}".rstrip())
    done = do(sim, phone, words)
    if "state" not in done:
        return f"{phone} {DONE[action]} {' '.join(words)}".rstrip()
    with_whom = f", with {' and '.join(done['connected_to'])}" if done["connected_to"] else ""
    return f"{phone} is {done['state']} ({done['call_sid']}){with_whom}"


def _addressed(words: Sequence[str]) -> tuple[str, str]:
    to, body = words[0], " ".join(words[1:])
    if not body.strip():
        raise PhonesimError(f"write the text after the number: phone ... text {to} WORDS")
    return to, body.strip()


def catalogue() -> list[str]:
    """The kinds of faults as a table."""
    rows = [("fault", "default", "what goes wrong")]
    for kind in FAULTS.values():
        default = "" if kind.default is None else f"{kind.default:g}"
        rows.append((f"{kind.name}={kind.takes}" if kind.takes else kind.name, default, kind.help))
    return [f"{name:<29}{default:<9}{text}" for name, default, text in rows]


TOLD: Mapping[str, str] = {
    "dial": "{who} dials {to}", "ring": "{who} rings, shown {from_}", "answer": "{who} answers",
    "decline": "{who} declines", "press": "{who} presses {key}", "speak": '{who} says "{text}"',
    "hang-up": "{who} is off the line ({status})", "sms": '{who} is texted "{body}"',
    "lost": "{who} loses the line",
    "text": '{who} texts {to} "{body}"',
    "join": "{who} joins", "leave": "{who} leaves", "hold": "{who} is held", "unhold": "{who} is back from hold",
    "recording": "recording {recording_sid} of {who}: {status}", "refer": "{who} is referred to {to}",
    "webhook": "  {method} {path} -> {status}", "webhook-lost": "  callback to {path} lost",
    "rest": "  REST {method} {path} -> {status}", "alert": "! {level} {code} {message} ({who})",
}  # fmt: skip
HEARD = {"music": "{who} hears music", "beep": "{who} hears a beep", "ring": "{who} hears ringing"}


def told(entry: dict[str, Any]) -> str | None:
    """Write an entry of the trace as a line. Return None for an entry that is not worth one."""
    kind, values = entry["kind"], {**entry["detail"], "who": entry["who"]}
    pattern = _heard(values) if kind == "hear" else _struck(values) if kind == "fault" else TOLD.get(kind)
    return f"{entry['at'][11:19]}  {pattern.format_map(values)}" if pattern else None


def _heard(detail: dict[str, Any]) -> str | None:
    return HEARD.get(detail["kind"]) or ('{who} hears "{text}"' if detail.get("text") else None)


def _struck(detail: dict[str, Any]) -> str:
    if "struck" in detail:
        return "! {who} strikes {struck}"
    return "! {who} is switched on" if detail["on"] else "! {who} is mended"
