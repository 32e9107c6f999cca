"""Who is responsible for each call with a symptom or an urgent promise."""

from __future__ import annotations

from callflows.vocabulary import AcceptHouse
from ivr.core.feature import Feature, Metric, NavigationItem, Role, Round, Shift
from ivr.responsibility import house, open_care, pages, returning, settling, tables
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
    timers={
        returning.TIMER: returning.continue_stories,
        open_care.TIMER: open_care.alert_no_contact,
        settling.LATER: settling.look_again,
    },
    rounds={"open_care": Round(open_care.look_again, open_care.EVERY)},
    pages=(pages.blueprint,),
    navigation=(NavigationItem("Open care", "open_care.list_open", permission="open-care", order=15),),
    permissions={
        "open-care": frozenset({"supervisor", "compliance"}),
        "close-care": frozenset({"supervisor"}),
    },
    talked=house.note_talked,
    settle_call=settling.settle_call,
    memory=tables.MEMORY,
    tables=(tables.responsibility,),
    shifts=(Shift(tables.responsibility, tables.responsibility.c.state.in_(tables.OPEN), ("held_until",)),),
    metrics=(Metric("responsibility", tables.responsibility),),
)
