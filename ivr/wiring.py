"""Imports everything that registers itself: facts, effects, views, actions, timers and outbox handlers.

To add one, write it where it belongs and, where its module is new, name the module here.
"""

from __future__ import annotations

import ivr.calls.dialling
import ivr.calls.effects
import ivr.calls.endings
import ivr.calls.facts
import ivr.effects.failing
import ivr.interpreting.effects
import ivr.interpreting.ringing
import ivr.oncall.effects
import ivr.oncall.escalations
import ivr.oncall.pages
import ivr.promises.keeping
import ivr.promises.opening
import ivr.recordings.asking
import ivr.recordings.keeping
import ivr.recordings.upkeep
import ivr.waiting.agents
import ivr.waiting.estimates
import ivr.waiting.matching
import ivr.waiting.offers
import ivr.waiting.presence
import ivr.waiting.returning
import ivr.waiting.room
