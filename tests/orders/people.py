"""How people act for themselves: they react to what rings, and to what they have heard."""

from __future__ import annotations

import re
from contextlib import suppress

from phonesim import Line as PhoneLine
from phonesim.errors import PhonesimError
from rehearsals.provisioning import PIN, WRONG_PIN
from tests.orders.scene import Scene

HOUSE_TALKS = 30.0
COLLEAGUES_WAIT = 40.0
AGENT_GOES_ON = 40.0
"""Seconds for which an agent whom no clinician comes to help still talks with the caller."""
PRESS_ONE = re.compile(r"(?i)press 1\b|oprima 1\b")
HELD_MENU = "To bring in the clinician"
KEEPS_PLACE = re.compile(r"(?i)keep your place|sin perder su lugar")


class People:
    """Everybody of a scene, as they act for themselves. ``apart`` is since when colleagues are without any caller."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.apart: dict[frozenset[str], float] = {}

    def acts(self) -> None:
        """Everybody reacts to what rings and to what they have heard."""
        for at, act in [one for one in self.scene.due if one[0] <= self.scene.now + 1e-6]:
            self.scene.due.remove((at, act))
            act()
        for who in self.scene.who:
            phone = self.scene.phone(who)
            for leg in phone.waiting():
                if f"ring {leg.sid}" not in self.scene.lines_manner:
                    self.scene.lines_manner[f"ring {leg.sid}"] = manner = self.scene.once.pop(
                        who, self.scene.manner.get(who, "willing")
                    )
                    self._meets_ring(who, leg.sid, manner)
            for line in phone.lines:
                with suppress(PhonesimError):
                    self._reacts(who, line)
        self._house_has_enough()
        self._nobody_is_left_to_talk_to()

    def _house_has_enough(self) -> None:
        """Whoever picks up at the house talks for half a minute, and can do no more for a caller."""
        for talk in self.scene.observer.talks.values():
            for line in (self.scene.tape.lines.get(talk.one), self.scene.tape.lines.get(talk.other)):
                if line is not None and line.who == "house" and self.scene.now - talk.begin > HOUSE_TALKS:
                    self.scene.hang_up(self.scene.phone("house").lines)

    def _nobody_is_left_to_talk_to(self) -> None:
        """Colleagues who have been together without any caller for a while put down."""
        callers = {line.sid for line in self.scene.tape.lines_of(self.scene.tape.callers)}
        helped = {
            sid
            for talk in self.scene.observer.talks.values()
            for sid in (talk.one, talk.other)
            if callers & {talk.one, talk.other}
        }
        for pair in self.scene.observer.talks:
            if pair & helped:
                self.apart.pop(pair, None)
            elif self.scene.now - self.apart.setdefault(pair, self.scene.now) > COLLEAGUES_WAIT:
                for sid in pair:
                    self.scene.hang_up(self.scene.phone(self.scene.tape.lines[sid].who).lines)

    def _meets_ring(self, who: str, sid: str, manner: str) -> None:
        if manner == "ignores":
            return

        def meets() -> None:
            with suppress(PhonesimError):
                if manner == "declines":
                    self.scene.phone(who).decline()
                else:
                    line = self.scene.answers(who, machine=manner == "voicemail")
                    self.scene.lines_manner[line.call_sid] = manner

        self.scene.later(12 if manner == "voicemail" else 3, meets)

    def _reacts(self, who: str, line: PhoneLine) -> None:
        """Answer the newest question that was heard to its end."""
        manner = self.scene.lines_manner.get(line.call_sid, "willing")
        if manner in ("voicemail", "silent"):
            return
        begin = self.scene.handled.get(line.call_sid, -1) + 1
        for place in range(begin, len(line.heard)):
            sound = line.heard[place]
            if sound.until is None or sound.until > self.scene.world.now:
                return
            self.scene.handled[line.call_sid] = place
            if sound.kind == "say" and not sound.cut:
                self._answers_question(who, line, sound.text, manner)

    def _answers_question(self, who: str, line: PhoneLine, said: str, manner: str) -> None:
        if "Enter your PIN" in said or ("PIN" in said and "pound" in said):
            if manner == "puts down":
                self.scene.later(1, lambda: self.scene.hang_up([line]))
            else:
                self._presses(line, f"{WRONG_PIN if manner == 'wrong PIN' else PIN}#", 1)
        elif HELD_MENU in said:
            self._presses(line, "2", 20)
        elif "No clinician" in said and who in self.scene.tape.agents:
            self.scene.later(AGENT_GOES_ON, lambda: self.scene.hang_up([line]))
        elif who in self.scene.tape.callers:
            self._caller_answers(who, line, said, manner)
        elif PRESS_ONE.search(said):
            keys = {"passes on": "2", "twice": "11"}.get(manner, "1")
            self._presses(line, keys, 170 if manner == "slow" else 1)

    def _caller_answers(self, who: str, line: PhoneLine, said: str, manner: str) -> None:
        asked = said.casefold()
        if "for english" in asked:
            self._presses(line, "1", 1)
        elif "tell me what you need" in asked or "in a few words" in asked:
            self.scene.later(1, lambda: self._says_symptom(who, line))
        elif manner == "puts down":
            self.scene.later(1, lambda: self.scene.hang_up([line]))
        elif PRESS_ONE.search(said) and not KEEPS_PLACE.search(said):
            again = "communicate again" in asked or "again" in asked or "otra vez" in asked
            if not again or self.scene.order.seed & 4 == 0:
                self._presses(line, "1", 1)

    def _says_symptom(self, who: str, line: PhoneLine) -> None:
        with suppress(PhonesimError):
            line.say("my chest hurts since the wedding")
            self.scene.tape.told.setdefault(who, self.scene.now)

    def _presses(self, line: PhoneLine, keys: str, after: float) -> None:
        def presses() -> None:
            with suppress(PhonesimError):
                line.press(keys)

        self.scene.later(after, presses)
