"""Who is responsible for each call with a symptom or an urgent promise."""

from __future__ import annotations

from callflows.vocabulary import AcceptHouse
from ivr.core.feature import Feature, Metric, Role
from ivr.responsibility import house, returning, settling, tables
from ivr.responsibility.facts import HOUSE

FEATURE = Feature(
    name="responsibility",
    roles={
        HOUSE: Role(
            view=house.house_view,
            ended=house.note_house_gone,
            number_given_by="configuration",
            shows="operator",
            talks_as="staff",
        ),
    },
    effects={AcceptHouse: house.accept_house},
    timers={returning.TIMER: returning.continue_stories},
    settle_call=settling.settle_call,
    tables=(tables.responsibility,),
    metrics=(Metric("responsibility", tables.responsibility),),
)
