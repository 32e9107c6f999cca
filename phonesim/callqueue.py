"""Queues: callers waiting, agents asking for the front one (Twilio: Enqueue, Queue)."""

import math
from datetime import datetime

from phonesim.interpreter import ApplicationError, Goto, Interpreter
from phonesim.leg import Leg
from phonesim.process import Script, Signal
from phonesim.services import Services


class Entry:
    """One caller in a queue: waiting, then being whispered to, then bridged; ``result`` ends it.

    ``settled`` once the first wait document is there, or somebody took the caller: from then on fully enqueued.
    """

    def __init__(self, queue: "Queue", leg: Leg) -> None:
        self.queue, self.leg = queue, leg
        self.since = queue.net.now
        self.result: str | None = None
        self.claim: Claim | None = None
        self.bridged = self.settled = False
        self.goto: Goto | None = None
        self.waited: int | None = None

    @property
    def seconds(self) -> int:
        """QueueTime: from joining until taken out."""
        if self.waited is not None:
            return self.waited
        return math.floor((self.queue.net.now - self.since).total_seconds())

    def context(self) -> dict[str, str]:
        """What a wait document's request carries."""
        queue = self.queue
        position = queue.waiting.index(self) + 1 if self in queue.waiting else 0
        return {
            "QueueSid": queue.sid, "QueuePosition": str(position), "QueueTime": str(self.seconds),
            "AvgQueueTime": str(queue.average), "CurrentQueueSize": str(len(queue.waiting)),
            "MaxQueueSize": str(queue.max_size),
        }  # fmt: skip

    def end(self, result: str, goto: Goto | None = None) -> None:
        """Leave for good; only the first reason counts."""
        if self.result is None:
            self.result, self.goto = result, goto
            self.queue.remove(self)
            self.leg.signal(Signal("queue"))
            if self.claim:
                self.claim.lost()


class Claim:
    """An agent's leg that wants the front caller."""

    def __init__(self, queue: "Queue", leg: Leg, whisper: Goto | None) -> None:
        self.queue, self.leg, self.whisper = queue, leg, whisper
        self.entry: Entry | None = None
        self.over = False

    def take(self, entry: Entry) -> None:
        """Pair with a caller; the whisper document runs on the caller first."""
        self.entry, entry.claim = entry, self
        entry.settled = True
        entry.leg.signal(Signal("queue"))
        if self.whisper:
            entry.leg.push(self._whisper(entry, self.whisper))
        else:
            self._connect(entry)

    def lost(self) -> None:
        """Note that the caller is gone. The claim is over if they had talked, else it waits for the next caller."""
        self.over = self.entry is not None and self.entry.bridged
        self.entry = None
        if not self.over:
            self.queue.ask(self)
        self.leg.signal(Signal("queue"))

    def release(self) -> None:
        """Note that the agent is gone, which ends the stay of the caller in the queue too."""
        self.queue.forget(self)
        if self.entry:
            entry, self.entry = self.entry, None
            entry.claim = None
            entry.end("bridged" if entry.bridged else "bridging-in-process")

    def _whisper(self, entry: Entry, goto: Goto) -> Script[None]:
        params = {"QueueSid": entry.queue.sid, "QueueTime": str(entry.seconds), "DequeingCallSid": self.leg.sid}
        try:
            yield from Interpreter(entry.leg, "whisper", lambda: params).play(goto)
        except ApplicationError:
            return entry.end("error")
        self._connect(entry)
        return None

    def _connect(self, entry: Entry) -> None:
        if entry.result is None and self.entry is entry:
            entry.bridged = True
            for leg in (entry.leg, self.leg):
                leg.signal(Signal("queue"))


class Queue:
    """First come, first served."""

    def __init__(self, net: Services, name: str, max_size: int) -> None:
        self.net, self.name, self.max_size = net, name, max_size
        self.sid = net.sids.new("QU")
        self.created: datetime = net.now
        self.updated: datetime = net.now
        self.waiting: list[Entry] = []
        self.claims: list[Claim] = []

    @property
    def average(self) -> int:
        """AvgQueueTime: the mean of those who wait now (Twilio: Queue, average_wait_time)."""
        times = [entry.seconds for entry in self.waiting]
        return round(sum(times) / len(times)) if times else 0

    @property
    def full(self) -> bool:
        """True at MaxSize."""
        return len(self.waiting) >= self.max_size

    def add(self, leg: Leg) -> Entry:
        """Put a caller at the end."""
        entry = Entry(self, leg)
        self.waiting.append(entry)
        self.net.record("join", leg.address, queue=self.sid)
        self._match()
        return entry

    def ask(self, claim: Claim) -> None:
        """An agent waits for a caller."""
        self.claims.append(claim)
        self._match()

    def forget(self, claim: Claim) -> None:
        """The agent gave up."""
        if claim in self.claims:
            self.claims.remove(claim)

    def remove(self, entry: Entry) -> None:
        """Take a caller out of the line."""
        if entry in self.waiting:
            entry.waited = entry.seconds
            self.waiting.remove(entry)
            self.net.record("leave", entry.leg.address, queue=self.sid)

    def member(self, call_sid: str) -> Entry | None:
        """The waiting caller with this CallSid, or the first for ``Front``."""
        if call_sid == "Front":
            return self.waiting[0] if self.waiting else None
        return next((entry for entry in self.waiting if entry.leg.sid == call_sid), None)

    def _match(self) -> None:
        while self.waiting and self.claims:
            entry, claim = self.waiting[0], self.claims.pop(0)
            self.remove(entry)
            claim.take(entry)


def find_queue(net: Services, name: str) -> Queue | None:
    """The queue of this name, if there is one."""
    return next(net.shelf(Queue).newest(name=name), None)


def queue_named(net: Services, name: str, max_size: int | None = None) -> Queue:
    """The queue of this name, created on demand."""
    queue = find_queue(net, name)
    if queue is None:
        queue = Queue(net, name, max_size or net.options.queue_capacity)
        net.shelf(Queue)[queue.sid] = queue
    return queue
