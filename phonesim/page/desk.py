"""The phones on the desk, and everything beside them, kept on a board while the network runs."""

from typing import Any

from phonesim.errors import PhonesimError
from phonesim.faults import listed
from phonesim.network import Network
from phonesim.page.board import Board
from phonesim.page.transcript import Transcript
from phonesim.page.views import alert_shown, phone_shown, queues_shown
from phonesim.values import Trace

Place = dict[str, Any]
FIRST = (
    {"address": "+12025550111", "name": "Patient", "role": "patient"},
    {"address": "client:agent", "name": "Agent", "role": "agent"},
    {"address": "+12025550122", "name": "Clinician", "role": "clinician"},
)
MOST_PHONES = 12
MOST_NOTES = 300
MOST_ALERTS = 300


class Desk:
    """Changed and refreshed under the network's lock; streams read its board."""

    def __init__(self, net: Network) -> None:
        self.net = net
        self.board = Board()
        self.transcript = Transcript(net, self.board)
        self._places: dict[str, Place] = {}
        self._people: dict[str, Place] = {}
        self._notes = self._alerts = self._leaps = 0
        self._rate = 0.0
        net.listeners.append(self._noticed)
        self.tell_world({"sites": [], "people": [], "waiting": []})
        self.arrange([*FIRST])

    # What the page and whoever runs the network ask for

    def arrange(self, phones: list[Place]) -> None:
        """Put these phones on the desk and no others."""
        for address in self._places:
            self.board.take("phone", address)
        self._places = {}
        for phone in phones:
            self.add(phone)
        self._show_places()

    def add(self, phone: Place) -> None:
        """Put one more phone on the desk. A phone that is there already takes the name and role."""
        if len(self._places) >= MOST_PHONES and phone["address"] not in self._places:
            raise PhonesimError(f"the desk has room for {MOST_PHONES} phones; remove one first")
        self._places[phone["address"]] = self._named(phone)
        self._show_places()

    def remove(self, address: str) -> None:
        """Take a phone off the desk. The phone itself does not change."""
        if self._places.pop(address, None) is None:
            raise PhonesimError(f"{address} is not on the desk")
        self.board.take("phone", address)
        self._show_places()

    def tell_world(self, world: dict[str, Any]) -> None:
        """Show the sites, people and waiting callers that were told."""
        self._people = {person["address"]: person for person in world["people"]}
        self._places = {address: self._named(phone) for address, phone in self._places.items()}
        self.board.put("world", world)
        self._show_places()

    def note(self, notes: list[dict[str, Any]]) -> None:
        """Show what was decided, and why."""
        for note in notes:
            self._notes += 1
            self.board.put("note", {"n": self._notes, **note}, self._notes)
            self.board.take("note", self._notes - MOST_NOTES)

    def show_clock(self, rate: float, leapt: bool = False) -> None:
        """Let everybody set their clock."""
        self._rate, self._leaps = rate, self._leaps + leapt
        self.show_time()

    def show_time(self) -> None:
        """Show the clock again for a new reader, because the clock on the board is as old as its last change."""
        self.board.put("clock", {"now": self.net.now.isoformat(), "rate": self._rate, "leaps": self._leaps})

    def refresh(self) -> None:
        """Look at the network, and show what has changed."""
        for address in self._places:
            self.board.put("phone", phone_shown(self.net.phone(address)), address)
        self.transcript.refresh()
        self.board.put("numbers", [*self.net.numbers])
        self.board.put("faults", listed(self.net))
        self.board.put("queues", queues_shown(self.net.queues.values()))
        for alert in self.net.alerts[self._alerts :]:
            self._alerts += 1
            self.board.put("alert", {"n": self._alerts, **alert_shown(alert)}, self._alerts)
            self.board.take("alert", self._alerts - MOST_ALERTS)

    # A phone that rings comes to the desk by itself

    def _noticed(self, trace: Trace) -> None:
        if trace.kind == "ring" and trace.who not in self._places and self._needs_a_hand(trace.who):
            self._bring(self._named({"address": trace.who, "name": "", "role": ""}))

    def _needs_a_hand(self, address: str) -> bool:
        return self.net.phone(address).behaviour == "manual"

    def _bring(self, phone: Place) -> None:
        """Put a phone in the place of an unused one of the same role, else beside the others while there is room."""
        idle = [old for old in self._places.values() if old["role"] == phone["role"] and self._idle(old["address"])]
        if idle and phone["role"]:
            self.board.take("phone", idle[-1]["address"])
            self._places = {
                new["address"]: new for new in (phone if old is idle[-1] else old for old in self._places.values())
            }
        elif len(self._places) < MOST_PHONES:
            self._places[phone["address"]] = phone
        self._show_places()

    def _idle(self, address: str) -> bool:
        phone = self.net.phone(address)
        return phone.line is None and not phone.ringing

    def _named(self, phone: Place) -> Place:
        known = self._people.get(phone["address"], {})
        return {
            "address": phone["address"],
            "name": known.get("name") or phone["name"] or phone["address"],
            "role": known.get("role") or phone["role"],
        }

    def _show_places(self) -> None:
        self.board.put("desk", [*self._places.values()])
