"""Section 11.1, timeline F: REST about a caller who has already gone."""

from tests.simulator.contract.rooms import refused
from tests.simulator.stage import BASE, Stage

CALLER, AGENT = "+13125550199", "+13125550171"


def test_a_redirect_that_comes_too_late_is_21220_and_the_participant_is_404(stage: Stage) -> None:
    """11.1 F: "R> Calls/{caller} Url=... -> 400 code 21220; R> Participants/{caller} -> 404 code 20404"."""
    caller, _ = stage.member(CALLER), stage.member(AGENT)
    participant = stage.conference().participants(caller.call_sid)
    caller.hang_up()
    stage.net.run_due()
    assert refused(lambda: stage.twilio.calls(caller.call_sid).update(url=f"{BASE}/new")) == (400, 21220)
    for act in (lambda: participant.update(hold=False), participant.fetch, participant.delete):
        assert refused(act) == (404, 20404)
    assert stage.at("/new") == []


def test_a_caller_who_left_the_queue_is_404(stage: Stage) -> None:
    """11.1 F for a queue: 6.3 "Member gone -> 404 / 20404"."""
    caller = stage.call('<Enqueue waitUrl="">triage</Enqueue>', CALLER)
    queue = stage.twilio.queues.list()[0]
    caller.hang_up()
    stage.net.run_due()
    member = stage.twilio.queues(queue.sid).members(caller.call_sid)
    assert refused(lambda: member.update(url=f"{BASE}/new")) == (404, 20404)
