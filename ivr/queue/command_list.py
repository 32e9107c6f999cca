"""The commands of this folder. Listing them imports none of them."""

from __future__ import annotations

from ivr.core.command import CALLS, PEOPLE, Command

COMMANDS = (
    Command(
        "explain", "ivr.queue.explain_command:explain", "Why did a call wait, and why was this agent asked?", CALLS
    ),
    Command("waits", "ivr.queue.waits_command:waits", "How true were the waits that callers were told?", CALLS),
    Command(
        "agents", "ivr.queue.agents_command:agents_command", "Who is set aside or away, and who is ready again?", PEOPLE
    ),
)
