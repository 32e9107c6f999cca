"""Section 1.3, timeouts, retries, connection overrides. Each test quotes the rule it pins."""

import ssl

import pytest
import urllib3

from phonesim.web.applications import failure
from phonesim.web.messages import ConnectFailure, ReadTimeout
from phonesim.web.overrides import read_overrides
from tests.simulator.stage import BASE, OURS, START, Page, Seen, Stage, heard


def seconds(seen: list[Seen]) -> list[float]:
    """When requests arrived."""
    return [(one.at - START).total_seconds() for one in seen]


def test_a_refused_connection_is_tried_twice_with_the_same_idempotency_token(stage: Stage) -> None:
    """1.3: "a refused connection is tried twice"; "the same value marks retry attempts of one webhook"."""
    tokens = stage.refuse(times=2)
    stage.page("/fallback", "<Hangup/>")
    line = stage.net.phone("+13125550199").dial(OURS)
    stage.net.run_due()
    assert len(tokens) == 2
    assert len(set(tokens)) == 1
    assert stage.one("/fallback")["ErrorUrl"] == f"{BASE}/voice"
    assert line.state == "completed"


def test_a_second_try_that_connects_needs_no_fallback(stage: Stage) -> None:
    """1.3: rc, "retry count", default 1; rp, "what to retry", default ct."""
    tokens = stage.refuse(times=1)
    line = stage.call("<Say>welcome to the line</Say>")
    assert len(tokens) == 1
    assert heard(line) == ["welcome to the line"]
    assert stage.codes() == []


def test_every_request_has_an_idempotency_token_of_its_own(stage: Stage) -> None:
    """1.3: "I-Twilio-Idempotency-Token header: unique string"; "send it always"."""
    stage.page("/next", "<Hangup/>")
    stage.call("<Redirect>/next</Redirect>")
    tokens = [seen.headers["I-Twilio-Idempotency-Token"] for seen in stage.office.seen]
    assert len(set(tokens)) == len(tokens) == 3


@pytest.mark.parametrize(
    ("fragment", "status", "requests"),
    [
        ("", 500, 1),
        ("", 404, 1),
        ("#rc=3&rp=5xx", 503, 4),
        ("#rc=3&rp=5xx", 404, 1),
        ("#rc=2&rp=4xx,5xx", 404, 3),
        ("#rp=all", 429, 2),
        ("#rc=0&rp=all", 500, 1),
        ("#rc=2&rp=ct,rt", 500, 1),
    ],
)
def test_an_error_status_is_repeated_only_when_the_policy_says_so(
    stage: Stage, fragment: str, status: int, requests: int
) -> None:
    """1.3: "by default a slow or 5xx handler is not retried but falls to the fallback URL"."""
    stage.net.add_number(OURS, f"{BASE}/voice{fragment}", voice_fallback_url=f"{BASE}/fallback")
    stage.incoming(Page(status=status))
    assert [len(stage.at("/voice")), len(stage.at("/fallback"))] == [requests, 1]


def test_a_retry_may_succeed(stage: Stage) -> None:
    """1.3: "Works in API properties and TwiML attributes"."""
    stage.page("/next", Page(status=503), Page(status=503), "<Say>there at last</Say>")
    line = stage.call("<Redirect>/next#rc=3&amp;rp=5xx</Redirect>")
    assert heard(line) == ["there at last"]
    assert all("#" not in seen.url for seen in stage.office.seen)


@pytest.mark.parametrize(
    ("fragment", "arrivals", "given_up"),
    [
        ("", [0], 15),
        ("#rt=3000", [0], 3),
        ("#rt=3000&rp=rt", [0, 3], 6),
        ("#rt=3000&rc=2&rp=rt", [0, 3, 6], 9),
        ("#rt=3000&rc=5&rp=rt&tt=5000", [0, 3], 5),
        ("#rt=6000&rc=5&rp=all", [0, 6, 12], 15),
        ("#rc=5&rp=all", [0], 15),
        ("#tt=2000", [0], 2),
        ("#rt=60000", [0], 15),
    ],
)
def test_waiting_is_bounded_per_attempt_and_in_all(fragment: str, arrivals: list[float], given_up: float) -> None:
    """1.3: rt, "wait for first response packet"; tt, "total budget for all attempts"; "Hard ceiling: 15 s total"."""
    stage = Stage(faults=["webhooks-slow=20"])
    stage.net.add_number(OURS, f"{BASE}/voice{fragment}", voice_fallback_url=f"{BASE}/fallback")
    stage.call("<Say>too late</Say>")
    stage.net.advance(given_up)
    assert seconds(stage.at("/voice")) == arrivals
    assert seconds(stage.at("/fallback")) == [given_up]
    assert stage.one("/fallback")["ErrorCode"] == "11205"


def test_values_out_of_range_keep_their_defaults() -> None:
    """1.3: the table of ranges and defaults."""
    url, overrides = read_overrides("https://h.example/p?q=1#rc=9&rt=99999&ct=200&rp=ct,rt")
    assert url == "https://h.example/p?q=1"
    assert (overrides.retries, overrides.read, overrides.connect, overrides.total) == (1, 15.0, 0.2, 15.0)
    assert overrides.retry_on("rt")
    assert not overrides.retry_on("5xx")
    assert read_overrides("https://h.example/p")[1].connect == 5.0


def test_edges_and_sni_are_accepted(stage: Stage) -> None:
    """1.3: e, "egress edge(s), rotated on retries ... (+ -ix ones)"; sni, "y / n"."""
    stage.page("/next", "<Say>from wherever</Say>")
    line = stage.call("<Redirect>/next#e=dublin,ashburn-ix&amp;sni=n</Redirect>")
    assert heard(line) == ["from wherever"]
    assert not read_overrides("https://h.example/#sni=n")[1].sni


@pytest.mark.parametrize(("fragment", "code"), [("e=atlantis", 11240), ("rp=never", 11243)])
def test_an_edge_or_policy_that_does_not_exist_fails(stage: Stage, fragment: str, code: int) -> None:
    """1.3 with the error dictionary: 11240 and 11243."""
    stage.call(f"<Redirect>/next#{fragment}</Redirect>")
    assert stage.codes() == [code]
    assert stage.one("/fallback")["ErrorCode"] == str(code)


def test_a_slow_application_that_answers_in_time_is_waited_for() -> None:
    """1.3: default rt 15000."""
    stage = Stage(faults=["webhooks-slow=14"])
    line = stage.call("<Say>patience</Say>")
    stage.net.advance(15)
    assert heard(line) == ["patience"]
    assert stage.codes() == []


def test_the_budget_is_one_for_all_redirects() -> None:
    """1.3: "15 s total for any call-related HTTP request"."""
    stage = Stage(faults=["webhooks-slow=8"])
    stage.page("/moved", "<Say>too late</Say>")
    stage.incoming(Page(status=302, headers={"Location": "/moved"}))
    stage.net.advance(15)
    assert seconds(stage.at("/moved")) == [8]
    assert seconds(stage.at("/fallback")) == [15]


def distrust(code: int) -> urllib3.exceptions.SSLError:
    problem = ssl.SSLCertVerificationError("untrusted")
    problem.verify_code = code
    return urllib3.exceptions.SSLError(problem)


@pytest.mark.parametrize(
    ("problem", "code", "kind"),
    [
        (urllib3.exceptions.NameResolutionError("h", None, OSError()), 11210, ConnectFailure),  # type: ignore[arg-type]
        (urllib3.exceptions.NewConnectionError(None, "refused"), 11205, ConnectFailure),  # type: ignore[arg-type]
        (urllib3.exceptions.SSLError("handshake"), 11220, ConnectFailure),
        (distrust(62), 11235, ConnectFailure),
        (distrust(10), 11236, ConnectFailure),
        (distrust(18), 11237, ConnectFailure),
        (urllib3.exceptions.ReadTimeoutError(None, "", ""), 11205, ReadTimeout),  # type: ignore[arg-type]
    ],
)
def test_each_transport_error_has_its_code(problem: Exception, code: int, kind: type[Exception]) -> None:
    """6.6: "11220 TLS handshake, 11235 name mismatch, 11236 expired, 11237 no path"; 1.3: TLS is retried as ct."""
    found = failure(problem)
    assert (found.code, type(found)) == (code, kind)
