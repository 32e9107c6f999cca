"""What a clinician on call does in a browser: the card, open items, shifts, swaps and covers."""

from __future__ import annotations

from ivr.clinicians import card_page, handing_over, home_page, items, notes
from ivr.core.cipher import SealedColumn
from ivr.core.feature import Feature, Metric, OutboxHandler, Round, Shift
from ivr.oncall.tables import care_item, care_note

FEATURE = Feature(
    name="clinicians",
    settle_call=items.settle_call,
    timers={items.TIMER: items.look_at_item},
    rounds={"open_items": Round(items.look_again, items.EVERY)},
    outbox={handing_over.KIND: OutboxHandler(handing_over.send_text, handing_over.alert_not_texted)},
    pages=(card_page.blueprint, home_page.blueprint),
    sealed=(SealedColumn(care_note.c.words_sealed, notes.FIELD, (care_note.c.id,), care_note.c.practice_id),),
    memory=notes.MEMORY,
    tables=(care_item, care_note),
    shifts=(Shift(care_item, care_item.c.state != items.DONE, ("opened_at", "offered_at", "begun_again_at")),),
    metrics=(Metric("open_items", care_item),),
)
