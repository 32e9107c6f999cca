"""The worker of the Procfile with a door that sends nobody away for being slow.

Where a slow client holds something, it holds it for ever: whether a call is answered all the same does not depend on
how soon the machine comes to it.
"""

from __future__ import annotations

from math import inf

from ivr.ops.front_door import visitors, worker

visitors.REQUEST_SECONDS = visitors.FAREWELL_SECONDS = worker.ANSWER_SECONDS = inf
PatientWorker = worker.LaneWorker
