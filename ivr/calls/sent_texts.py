"""Whether a text was sent before by an outbox item whose answer from Twilio was lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from ivr.core.services import Services
from ivr.core.telephone_numbers import Ringable

CLOCK_SLACK = timedelta(minutes=1)
"""How far Twilio's clock may be behind ours."""


def was_sent(services: Services, item: Row[Any], to: Ringable, body: str, link: str = "") -> bool:
    """Whether an earlier attempt of ``item`` sent this text. Twilio is asked only where there was one.

    An equal text that went to the same number since then counts as this one; where a ``link`` is given that no other
    text has, one with that. Raises what Twilio's answer means.
    """
    if item.attempts <= 1:
        return False
    sent = services.twilio.list_messages(to=to, since=item.created_at - CLOCK_SLACK)
    return any(link in (one.body or "").split() if link else one.body == body for one in sent)
