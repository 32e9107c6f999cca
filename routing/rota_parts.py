"""What a rota is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from routing.errors import RoutingError
from routing.rotation import Group, Rotation, RotationError, Unit
from routing.windows import WeeklyHours
from routing.zones import ZoneError, as_utc, known_zone, nearest_zone, to_utc


class RotaError(RoutingError):
    """A rota that cannot say who is on call; the text names the rota and the mend."""


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody else from ``start`` to ``end``: naive wall times of the rota's zone, or aware instants.

    They take the place of whoever is responsible; of ``instead_of`` alone, wherever that person is on call, where it is
    given; of nobody, on call at once with the others, where they are ``beside`` them.
    """

    start: datetime
    end: datetime
    person: str
    instead_of: str | None = None
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Shift:
    """A stretch that is written down by itself. Times are as those of :class:`Override`."""

    start: datetime
    end: datetime
    people: Group


@dataclass(frozen=True, slots=True)
class Temporary:
    """A schedule that replaces the rota from ``start`` to ``end``; where its shifts leave a gap, the rota goes on."""

    start: datetime
    end: datetime
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """People who take turns over those under them: ``when`` given in its windows alone, until ``ends`` in wall time.

    It says nothing before the time of the hand-over on the first day of its rotation. ``beside``: they are on call at
    once with those under them.
    """

    rotation: Rotation
    when: WeeklyHours | None = None
    ends: datetime | None = None
    beside: bool = False


@dataclass(frozen=True, slots=True)
class DrillRule:
    """Whoever goes on call is rung ``before`` their shift, ``tries`` times at most, ``every`` so often, and once more
    when it begins. ``backup`` is rung with every page beside whoever was not reached; None: whoever is next in line.
    """

    before: timedelta
    tries: int
    every: timedelta
    backup: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One person's responsibility from ``start`` up to, not including, ``end``; both UTC. ``beside``: who is next."""

    start: datetime
    end: datetime
    person: str
    beside: Group = ()


@dataclass(frozen=True)
class Rota:
    """People taking turns in order, and what lies over them.

    An entry of ``people`` is a person, or a group that is on call at once. The first turn holds the date ``starts`` and
    everything before it: a rota always has an answer. ``rotation``, ``hand_over`` and ``every`` are those of
    :class:`routing.rotation.Rotation`. Of ``layers``, ``temporary`` and ``overrides`` the later go before the earlier.
    ``drill`` tells how it is tested that whoever goes on call can be reached; None: it is not.
    """

    id: str
    zone: str
    rotation: Unit
    hand_over: tuple[str, str]
    starts: date
    people: tuple[str | Group, ...]
    overrides: tuple[Override, ...] = ()
    every: int = 1
    layers: tuple[Layer, ...] = ()
    shifts: tuple[Shift, ...] = ()
    temporary: tuple[Temporary, ...] = ()
    drill: DrillRule | None = None

    def __post_init__(self) -> None:
        if not self.people or not all(self.people):
            raise RotaError(f"rota {self.id} has nobody in it; name at least one person")
        if not known_zone(self.zone):
            hint = nearest_zone(self.zone)
            raise ZoneError(f"rota {self.id}: {self.zone!r} is not a time zone; use a name such as {hint}")
        try:
            _ = self.base
        except RotationError as error:
            raise RotaError(f"rota {self.id}: {error}") from error
        _refuse_backwards(self)

    @cached_property
    def base(self) -> Layer:
        """The turns at the bottom."""
        groups = tuple((one,) if isinstance(one, str) else one for one in self.people)
        return Layer(Rotation(self.zone, self.rotation, self.hand_over, self.starts, groups, self.every))


def everybody(rota: Rota) -> Group:
    """Whoever can be on call by the rota, each once, in the order in which they are written."""
    groups = [group for layer in (rota.base, *rota.layers) for group in layer.rotation.groups]
    groups += [one.people for one in (*rota.shifts, *(one for each in rota.temporary for one in each.shifts))]
    groups += [(one.person,) for one in rota.overrides]
    return tuple(dict.fromkeys(person for group in groups for person in group))


def _refuse_backwards(rota: Rota) -> None:
    for one in rota.overrides:
        _refuse_span(rota, one.start, one.end, f"the override by {one.person}")
    for schedule in rota.temporary:
        _refuse_span(rota, schedule.start, schedule.end, "the temporary schedule")
    for shift in (*rota.shifts, *(one for each in rota.temporary for one in each.shifts)):
        if not shift.people:
            raise RotaError(f"rota {rota.id} has a shift with nobody in it; name somebody, or remove it")
        _refuse_span(rota, shift.start, shift.end, f"the shift of {shift.people[0]}")


def _refuse_span(rota: Rota, start: datetime, end: datetime, what: str) -> None:
    first, last = (as_utc(one) if one.tzinfo else to_utc(one, rota.zone) for one in (start, end))
    if first >= last:
        raise RotaError(f"rota {rota.id}: {what} ends before it begins; swap its times")
