"""One line of the table of measurements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured (``value`` in ``unit``), against what in the same run, and the target it is held to.

    ``ratio`` is value over baseline; None where only an absolute limit makes sense. ``met`` is None where there is
    no target and the row is only reported.
    """

    what: str
    value: float
    unit: str
    target: str = "reported"
    met: bool | None = None
    compared: str = ""
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a figure is compared with: a ceiling or a peer, measured in the same run and the same unit."""

    name: str
    value: float


def at_least(what: str, value: float, unit: str, baseline: Baseline, target: float) -> Row:
    """A figure that should reach ``target`` times its baseline."""
    ratio = value / baseline.value
    return Row(what, value, unit, f"at least {target:g} x", ratio >= target, _compared(baseline, unit), ratio)


def at_most(what: str, value: float, unit: str, baseline: Baseline, target: float) -> Row:
    """A figure that should stay below ``target`` times its baseline."""
    ratio = value / baseline.value
    return Row(what, value, unit, f"at most {target:g} x", ratio <= target, _compared(baseline, unit), ratio)


def surely_at_most(what: str, value: float, half: float, unit: str, baseline: Baseline, target: float) -> Row:
    """The same where chance has a part: the value may be off by ``half`` either way, and is held to the upper end."""
    low, high = ((value + off) / baseline.value for off in (-half, half))
    told = Baseline(f"{baseline.name}, ratio {low:.3f} to {high:.3f} with 95 %", baseline.value)
    return replace(at_most(what, value, unit, told, target), met=high <= target)


def within(what: str, value: float, unit: str, limit: float) -> Row:
    """A figure with an absolute limit that it should not pass."""
    return Row(what, value, unit, f"at most {limit:g} {unit}", value <= limit)


def reported(what: str, value: float, unit: str, baseline: Baseline | None = None) -> Row:
    """A figure without a target."""
    if baseline is None:
        return Row(what, value, unit)
    return Row(what, value, unit, compared=_compared(baseline, unit), ratio=value / baseline.value)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` (0 to 1) of ``values`` do not pass: the nearest rank, no interpolation."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def middle(rounds: Sequence[float]) -> float:
    """The median of a figure's rounds."""
    return median(rounds)


def _compared(baseline: Baseline, unit: str) -> str:
    return f"{baseline.name}: {readable(baseline.value)} {unit}"


def readable(value: float) -> str:
    """Three digits that mean something, without an exponent."""
    if value and abs(value) < 0.1:
        return f"{value:.3g}"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}".replace(",", " ")
