"""The shape of a lifecycle."""

from __future__ import annotations

from dataclasses import dataclass


class BrokenTable(ValueError):
    """A lifecycle table contradicts itself."""


@dataclass(frozen=True, slots=True)
class Move:
    """In any of ``states``, ``event`` leads to ``to``, and then ``actions`` are carried out in order."""

    states: tuple[str, ...]
    event: str
    to: str
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """All states and events of one kind of thing. The first state is where it begins.

    Its ``name`` is that of the table of such things.
    """

    name: str
    states: tuple[str, ...]
    ends: tuple[str, ...]
    moves: tuple[Move, ...]

    def __post_init__(self) -> None:
        seen: set[tuple[str, str]] = set()
        for move in self.moves:
            for state in move.states:
                self._check(move, state, seen)

    def _check(self, move: Move, state: str, seen: set[tuple[str, str]]) -> None:
        if state not in self.states or move.to not in self.states:
            raise BrokenTable(f"{self.name}: {state} --{move.event}--> {move.to} names an unknown state")
        if (state, move.event) in seen:
            raise BrokenTable(f"{self.name}: {state} --{move.event} leads to two places")
        if state in self.ends:
            raise BrokenTable(f"{self.name}: {state} is an end and must not be left")
        seen.add((state, move.event))

    @property
    def begins(self) -> str:
        """The state a new one is in."""
        return self.states[0]

    def move(self, state: str, event: str) -> Move | None:
        """Where ``event`` leads from ``state``; None when it is late, repeated or meaningless there."""
        return next((move for move in self.moves if state in move.states and move.event == event), None)

    def move_of_many(self, event: str) -> Move:
        """The move that ``event`` makes wherever it means something, for many rows in one statement.

        Raises BrokenTable where it leads to several places, or to actions that are carried out for one row each.
        """
        moves = [move for move in self.moves if move.event == event]
        if len(moves) != 1 or moves[0].actions:
            raise BrokenTable(f"{self.name}: {event!r} is not one move without actions; let it happen row by row")
        return moves[0]

    @property
    def events(self) -> tuple[str, ...]:
        """Every event the table knows."""
        return tuple(dict.fromkeys(move.event for move in self.moves))
