"""The lifecycles themselves, each readable in one screen. Actions are named for what they bring about."""

from __future__ import annotations

from callflows.lifecycles.table import Lifecycle, Move

LEG = Lifecycle(
    "leg",
    ("planned", "dialling", "ringing", "in-progress", "ended"),
    ends=("ended",),
    moves=(
        Move(("planned",), "dialled", "dialling"),
        # A "ringing" after "in-progress" is late news and is not listed: a leg never moves backwards.
        Move(("planned", "dialling"), "ringing", "ringing", ("leg_rings",)),
        Move(("planned", "dialling", "ringing"), "answered", "in-progress"),
        # Whatever was missed in between, an end is an end. It never reopens.
        Move(("planned", "dialling", "ringing", "in-progress"), "ended", "ended", ("leg_ended",)),
    ),
)

OFFER = Lifecycle(
    "offer",
    ("open", "accepted", "declined", "lapsed", "cancelled"),
    ends=("accepted", "declined", "lapsed", "cancelled"),
    moves=(
        Move(("open",), "accept", "accepted", ("connect_agent",)),
        Move(("open",), "decline", "declined", ("free_agent", "search_again")),
        # No answer, busy, a voicemail that pressed nothing, or a leg that failed: the agent rests, the next is tried.
        Move(("open",), "lapse", "lapsed", ("rest_agent", "hang_up_agent", "search_again")),
        # The caller hung up or was helped otherwise: stop ringing at once.
        Move(("open",), "cancel", "cancelled", ("free_agent", "hang_up_agent")),
        # An accept after a cancel is not listed: the agent hears that the call is taken care of.
    ),
)

WAITING = Lifecycle(
    "waiting",
    ("searching", "offered", "connected", "left", "abandoned", "cut-short", "resumed"),
    ends=(),  # a call may wait again after any of them: cut off from its agent, or called back
    moves=(
        Move(
            ("searching", "offered", "connected", "left", "abandoned", "cut-short", "resumed"), "enqueue", "searching"
        ),
        # A phone that rings already does not keep another from ringing. The first to accept wins.
        Move(("searching", "offered"), "offer", "offered"),
        # A decline or a miss of a call that has gone meanwhile is not listed: nobody is searched for any more.
        Move(("offered",), "search-again", "searching"),
        Move(("searching", "offered"), "connect", "connected"),
        # The flow goes on without an agent: a promise, a clinician, the end of the call, a call-back taken over.
        Move(("searching", "offered"), "leave", "left"),
        # The line dropped. The place is kept for a while, for a new call of whoever may have left it, once.
        Move(("searching", "offered"), "abandon", "abandoned"),
        # The caller's line was over before caller and agent had talked. That call was answered, and not abandoned.
        Move(("connected",), "lose", "cut-short"),
        Move(("abandoned", "cut-short"), "resume", "resumed"),
    ),
)

AGENT = Lifecycle(
    "agent_state",
    ("idle", "offered", "busy", "wrap-up", "resting"),
    ends=(),
    moves=(
        # Every move of an offer, from here to "finish", counts only while the offer is still the agent's own.
        Move(("idle",), "reserve", "offered"),
        Move(("offered",), "accept", "busy"),
        # Declined, or cancelled because the caller was helped otherwise.
        Move(("offered",), "release", "idle"),
        Move(("offered",), "miss", "resting"),
        Move(("busy",), "write-up", "wrap-up"),
        Move(("busy",), "finish", "idle"),
        # The end of a rest that was cut short is not listed where the agent is idle, rung or at a call by then.
        Move(("resting",), "rested", "idle"),
        Move(("wrap-up",), "written-up", "idle"),
        Move(("resting", "wrap-up"), "ready", "idle"),
        # Signing out is no move: an agent who is away finishes the call they are at. ivr/queue/presence.py has it.
    ),
)

PAGE = Lifecycle(
    "page",
    ("open", "accepted", "declined", "lapsed", "cancelled"),
    ends=("accepted", "declined", "lapsed", "cancelled"),
    moves=(
        Move(("open",), "accept", "accepted", ("escalation_accepted",)),
        Move(("open",), "decline", "declined", ("page_next_person",)),
        # The step's time is over without an explicit accept. Delivered, answered by a machine, read: none is an accept.
        Move(("open",), "lapse", "lapsed", ("hang_up_page", "page_next_person")),
        Move(("open",), "cancel", "cancelled", ("hang_up_page",)),
    ),
)

ESCALATION = Lifecycle(
    "escalation",
    ("paging", "accepted", "exhausted", "stopped"),
    ends=("accepted", "exhausted", "stopped"),
    moves=(
        Move(("paging",), "accept", "accepted", ("cancel_other_pages", "connect_clinician", "bring_interpreter_again")),
        Move(("paging",), "exhaust", "exhausted", ("tell_no_clinician", "retry_urgent_promises")),
        # "caller-gone" is not listed: a hang-up never cancels care. Only a clinician who waits for
        # the caller already, and gets them, stops it.
        Move(("paging",), "stop", "stopped", ("cancel_other_pages",)),
    ),
)

REQUESTED, ACCEPTED = "asked", "joined"
"""A clinician is asked for, and rung from that instant; one has taken the call. Rows keep the older words."""

TRANSFER = Lifecycle(
    "transfer",
    (
        *(REQUESTED, "briefing", ACCEPTED, "bridged", "handed-over"),
        *("rejected", "failed", "cancelled", "completed"),
    ),
    # Older rows are "ended" in every case. What the version before this one does not know it moves nowhere.
    ends=("rejected", "failed", "cancelled", "completed"),
    moves=(
        # The caller is held, and agent and clinician speak alone.
        Move((REQUESTED,), "clinician-briefed", "briefing"),
        Move((REQUESTED,), "clinician-joined", ACCEPTED),
        Move(("briefing",), "introduced", ACCEPTED),
        Move((ACCEPTED,), "talked", "bridged"),
        Move(("handed-over",), "talked", "completed"),
        Move((REQUESTED,), "no-clinician", "rejected", ("tell_agent_no_clinician",)),
        # Whoever has joined already is not called off: the agent hears that they may have taken the call.
        Move((REQUESTED,), "call-off", "cancelled"),
        # An agent who leaves while the clinician is still rung is not listed: the caller is kept for the clinician.
        Move((REQUESTED, "briefing", ACCEPTED, "handed-over"), "caller-left", "failed"),
        Move((ACCEPTED,), "agent-left", "handed-over"),
        Move(("bridged",), "agent-left", "completed"),
        Move(("bridged",), "caller-left", "completed"),
        Move((ACCEPTED, "handed-over"), "clinician-left", "failed"),
        Move(("bridged",), "clinician-left", "completed"),
        # The line of a clinician who accepted broke before they had talked with the caller.
        Move(("briefing", ACCEPTED, "handed-over"), "clinician-lost", REQUESTED, ("page_clinician_again",)),
    ),
)

INTERPRETING = Lifecycle(
    "interpreting",
    ("ringing", "joined", "none", "over"),
    ends=("none", "over"),
    moves=(
        Move(("ringing",), "accept", "joined", ("interpreter_joined",)),
        # No answer, a no, busy, or a machine that pressed nothing: the next in turn is rung.
        Move(("ringing",), "miss", "ringing", ("hang_up_interpreter", "next_interpreter")),
        # Left while the talk goes on, by a hang-up or a broken line: the turns begin anew, once.
        Move(("joined",), "lose", "ringing", ("replace_interpreter",)),
        Move(("ringing",), "exhaust", "none", ("tell_no_interpreter",)),
        # There is nobody left to interpret between. An accept after it is not listed: the interpreter hears so.
        Move(("ringing", "joined"), "end", "over", ("let_interpreter_go",)),
    ),
)

DRILL = Lifecycle(
    "drill",
    ("due", "ringing", "reached", "over"),
    ends=("reached", "over"),
    moves=(
        Move(("due",), "ring", "ringing"),
        # No answer, busy, a voicemail, another key: rung again while there are tries, at risk when there are none.
        Move(("ringing",), "miss", "due"),
        # By the key, or by a page that was accepted in any way, also between two rings or after the last.
        Move(("due", "ringing"), "confirm", "reached"),
        # The shift is somebody else's by now, or over. A key that is pressed after it is not listed: they hear so.
        Move(("due", "ringing"), "call-off", "over"),
    ),
)

ONE_TIME_CODE = Lifecycle(
    "one_time_code",
    ("made", "sent", "used", "spent", "expired", "replaced", "failed"),
    ends=("used", "spent", "expired", "replaced", "failed"),
    moves=(
        Move(("made",), "send", "sent"),
        # The caller may read it before we have noted that it left.
        Move(("made", "sent"), "use", "used"),
        Move(("made", "sent"), "spend", "spent"),
        Move(("made", "sent"), "expire", "expired"),
        Move(("made", "sent"), "replace", "replaced"),
        # Refused, or told not to have arrived. Such news of a code that is over is not listed: it came late.
        Move(("made", "sent"), "fail", "failed"),
    ),
)

PROMISE = Lifecycle(
    "promise",
    ("open", "working", "kept", "missed", "replaced"),
    ends=("kept", "missed", "replaced"),
    moves=(
        Move(("open",), "due", "working", ("work_on_promise",)),
        Move(("open", "working"), "keep", "kept"),
        # Not reached: try again later, a bounded number of times.
        Move(("working",), "retry", "open", ("schedule_retry",)),
        Move(("working", "open"), "give-up", "missed", ("alert_missed_promise",)),
        # The same person asked again, for the same service and on the same number: one call-back, in the older place.
        Move(("open", "working"), "replace", "replaced", ("stop_working_on_promise",)),
    ),
)

RESPONSIBILITY = Lifecycle(
    "responsibility",
    ("unassigned", "escalating", "assigned", "contacted", "closed", "reopened"),
    ends=(),  # whoever calls again with a symptom, or is promised something anew, reopens what was closed
    moves=(
        # The ladder has it: from the first symptom on, and again whenever what somebody had begun ends without contact.
        Move(("unassigned", "escalating", "assigned", "reopened"), "escalate", "escalating"),
        # One named person has it: on the line with the patient, or holding a call whose line has dropped.
        Move(("unassigned", "escalating", "assigned", "reopened"), "assign", "assigned"),
        # Two people heard each other, or somebody says so with an outcome. An accept, a joined leg or a key is not it.
        Move(("unassigned", "escalating", "assigned", "reopened"), "contact", "contacted"),
        # The talk is over.
        Move(("contacted",), "close", "closed"),
        # Over without contact in this call: it goes on in a later call of the same person, or the agent who asked for a
        # clinician has heard that none comes, and has the patient.
        Move(("unassigned", "escalating", "assigned", "contacted", "reopened"), "end", "closed"),
        Move(("contacted", "closed"), "reopen", "reopened"),
    ),
)

CARE_ITEM = Lifecycle(
    "care_item",
    ("open", "offered", "done"),
    ends=(),  # whoever accepts the call anew, because its patient called again, has it open once more
    moves=(
        # The clinician's shift is over: whoever follows sees it, and has it once they take it.
        Move(("open", "offered"), "offer", "offered"),
        Move(("open", "offered"), "take", "open"),
        # Contact, and an outcome. An accept, a joined leg or an outcome alone is not it.
        Move(("open", "offered"), "close", "done"),
        Move(("done",), "reopen", "open"),
    ),
)

PROVIDER_DELETED = "released"
"""Twilio's copy of a recording is deleted. Rows keep the older word, which the version before this one reads too."""

RECORDING = Lifecycle(
    "recording",
    ("wanted", "running", "announced", "stored", PROVIDER_DELETED, "absent"),
    ends=(PROVIDER_DELETED, "absent"),
    moves=(
        Move(("wanted",), "started", "running"),
        # The callback may come before our own note that the recording started.
        Move(("wanted", "running"), "completed", "announced", ("fetch_recording",)),
        Move(("wanted", "running", "announced"), "absent", "absent"),
        Move(("announced",), "stored", "stored", ("delete_at_twilio",)),
        Move(("stored",), "deleted", PROVIDER_DELETED),
    ),
)

OUTBOX = Lifecycle(
    "outbox",
    ("ready", "leased", "done", "failed"),
    ends=("done", "failed"),
    moves=(
        Move(("ready",), "lease", "leased"),
        # What it was to bring about has come about in another way. One that is leased is being carried out already.
        Move(("ready",), "recall", "done"),
        # A lease that runs out makes the item eligible again; nothing is ever run directly to recover.
        Move(("leased",), "expire", "ready"),
        Move(("leased",), "retry", "ready"),
        Move(("leased",), "succeed", "done"),
        Move(("leased",), "fail", "failed", ("alert_failed_item",)),
    ),
)

TIMER = Lifecycle(
    "timer",
    ("waiting", "fired", "cancelled"),
    ends=("fired", "cancelled"),
    moves=(
        # A timer that is set again is a new one, which takes the place of the old one in its row.
        Move(("waiting",), "fire", "fired"),
        Move(("waiting",), "cancel", "cancelled"),
    ),
)

DECIDES_RESPONSIBILITY = (LEG, OFFER, PAGE, ESCALATION, TRANSFER, PROMISE)
"""Whatever moves one of these may change who is responsible for its call."""

ALL = (
    *(LEG, OFFER, WAITING, AGENT, PAGE, ESCALATION, TRANSFER, INTERPRETING),
    *(DRILL, ONE_TIME_CODE, PROMISE, RESPONSIBILITY, CARE_ITEM, RECORDING, OUTBOX, TIMER),
)
