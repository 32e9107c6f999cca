"""Imports everything that registers itself: facts, effects, views, actions, timers and outbox handlers.

To add one, write it where it belongs and, where its module is new, name the module here.
"""

from __future__ import annotations

import ivr.callbacks.attempts
import ivr.callbacks.opening
import ivr.calls.dialling
import ivr.calls.effects
import ivr.calls.endings
import ivr.calls.facts
import ivr.calls.failed_effects
import ivr.interpreters.attempts
import ivr.interpreters.effects
import ivr.oncall.effects
import ivr.oncall.escalations
import ivr.oncall.pages
import ivr.queue.agent_states
import ivr.queue.entries
import ivr.queue.estimates
import ivr.queue.matching
import ivr.queue.offers
import ivr.queue.presence
import ivr.queue.returning_callers
import ivr.recordings.lost_news
import ivr.recordings.pipeline
import ivr.recordings.vault_upkeep
