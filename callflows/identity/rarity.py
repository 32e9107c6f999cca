"""How rare a name is: the frequent ones by tables from general knowledge, all others as rare.

The bands are rough shares of the people of the United States, the United Kingdom and Spanish-speaking families among
them. A name says less the more people have it, so that only the order of magnitude counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

TYPICAL = 0.003
"""The share of people with one name among those whose dialogues the evidence was fitted on."""
RARE = 0.0008
"""What a name in no band is taken for: a table cannot know how rare a name is among the patients of one practice."""

_FAMILY_BANDS = {
    0.008: "smith johnson williams brown jones garcia rodriguez martinez hernandez lopez gonzalez",
    0.004: """davis miller wilson anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez
        clark ramirez lewis robinson walker evans roberts patel khan ali nguyen torres flores rivera gomez diaz""",
    0.002: """young allen king wright scott hill green adams nelson baker hall campbell mitchell carter phillips
        parker edwards collins stewart morris murphy cook rogers morgan cooper reed bailey kelly howard ward cox
        richardson watson brooks wood james bennett gray hughes price reyes cruz ortiz morales gutierrez ramos ruiz
        alvarez mendoza castillo jimenez vasquez romero herrera medina aguilar vargas castro singh ahmed hussain begum
        shah kim tran chen wang li harrison jenkins turner bell shaw simpson marshall robertson davies""",
}
_GIVEN_BANDS = {
    0.015: "james john robert michael william david mary maria jose mohammed muhammad",
    0.008: """richard joseph thomas charles christopher daniel matthew patricia jennifer linda elizabeth barbara
        susan jessica sarah karen juan luis carlos ana""",
    0.004: """anthony mark donald steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason
        jeffrey ryan jacob nicholas gary eric jonathan stephen larry justin scott brandon frank benjamin gregory
        samuel raymond patrick alexander jack nancy lisa betty margaret sandra ashley kimberly emily donna michelle
        carol amanda dorothy melissa deborah stephanie rebecca laura sharon cynthia kathleen amy angela shirley anna
        emma olivia helen samantha catherine christine rachel francisco jesus antonio miguel angel pedro manuel
        guadalupe rosa carmen jorge alejandro""",
}


def _shares(bands: Mapping[float, str]) -> Mapping[str, float]:
    return {name: share for share, names in bands.items() for name in names.split()}


_FAMILY, _GIVEN = _shares(_FAMILY_BANDS), _shares(_GIVEN_BANDS)


def is_frequent(word: str) -> bool:
    """Whether a folded word is a given or family name of many."""
    return word in _FAMILY or word in _GIVEN


def rarity_of_given(name: str) -> float:
    """What agreement on a folded given name says more than on a typical one, as a logarithm; less is negative."""
    return math.log(TYPICAL / _GIVEN.get(name, RARE))


def rarity_of_family(name: str) -> float:
    """The same of a family name."""
    return math.log(TYPICAL / _FAMILY.get(name, RARE))
