"""Section 1.1, request shape. Each test quotes the rule it pins."""

import re
from collections.abc import Callable
from datetime import datetime
from hashlib import md5, sha256
from typing import Any

import pytest

from phonesim import Options
from phonesim.web.applications import environ
from phonesim.web.cookies import CookieJar
from phonesim.web.credentials import digest
from phonesim.web.messages import Request
from tests.simulator.stage import BASE, OURS, Page, Seen, Stage, heard

CALLER = "+13125550199"
NEXT = "<Response><Redirect>/next</Redirect></Response>"


def test_post_puts_the_parameters_into_a_form(stage: Stage) -> None:
    """1.1: "POST body is application/x-www-form-urlencoded"; "User-Agent: TwilioProxy/1.1"."""
    stage.call("<Hangup/>")
    seen = stage.one("/voice")
    assert seen.headers["Content-Type"] == "application/x-www-form-urlencoded; charset=UTF-8"
    assert seen.headers["User-Agent"] == "TwilioProxy/1.1"
    assert seen.headers["Accept"] == "*/*"
    assert "?" not in seen.url


def test_get_appends_the_parameters_to_whatever_query_the_url_had(stage: Stage) -> None:
    """1.1: "GET puts the same parameters into the query string, appended to whatever query the URL already had"."""
    stage.page("/next", "<Hangup/>")
    line = stage.call('<Redirect method="GET">/next?step=2</Redirect>')
    seen = stage.one("/next")
    assert seen.url.startswith(f"{BASE}/next?step=2&")
    assert f"&CallSid={line.call_sid}&" in seen.url
    assert "Content-Type" not in seen.headers


def test_cookies_of_a_call_are_sent_back_and_never_shared_with_another_call(stage: Stage) -> None:
    """1.1: "it keeps and resends cookies"."""
    stage.page("/next", "<Hangup/>")
    stage.page("/voice", Page(NEXT, headers={"Set-Cookie": "step=one; Path=/"}))
    for who in ("+13125550198", CALLER):
        stage.net.phone(who).dial(OURS)
    stage.net.run_due()
    assert [seen.headers.get("Cookie") for seen in stage.at("/next")] == ["step=one", "step=one"]
    assert all("Cookie" not in seen.headers for seen in stage.at("/voice"))


@pytest.mark.parametrize(
    ("cookie", "url", "sent"),
    [
        ("a=1", "https://h.example/app/other", "a=1"),
        ("a=1", "https://h.example/elsewhere", None),
        ("a=1; Path=/", "https://h.example/elsewhere", "a=1"),
        ("a=1; Path=/elsewhere", "https://h.example/elsewhere/x", "a=1"),
        ("a=1; Path=/elsewhere", "https://h.example/elsewhere2", None),
        ("a=1; Path=/; Secure", "http://h.example/app", None),
        ("a=1; Path=/; Max-Age=0", "https://h.example/app", None),
        ("a=1; Path=/", "https://other.example/app", None),
        ("nonsense[]=;==", "https://h.example/app", None),
    ],
)
def test_a_cookie_goes_where_a_browser_would_send_it(cookie: str, url: str, sent: str | None) -> None:
    """1.1: "Twilio acts like a browser"."""
    jar = CookieJar()
    jar.keep("https://h.example/app/voice", [("set-cookie", cookie)])
    assert jar.header(url) == sent


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_turns_the_post_into_a_get_and_the_form_is_lost(stage: Stage, status: int) -> None:
    """1.1: "A 301/302 turns the POST into a GET and the form parameters are lost"; 307/308 unconfirmed: so too."""
    stage.page("/moved", "<Hangup/>")
    stage.incoming(Page(status=status, headers={"Location": "/moved?x=1"}))
    seen = stage.one("/moved")
    assert (seen.method, seen.params) == ("GET", {"x": "1"})


@pytest.mark.parametrize(("status", "method"), [(301, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
def test_307_and_308_may_keep_the_form(status: int, method: str) -> None:
    """1.1: "Whether 307/308 keep the POST body: (unconfirmed)"."""
    stage = Stage(Options(keep_body_on_307=True))
    stage.page("/moved", "<Hangup/>")
    stage.incoming(Page(status=status, headers={"Location": "/moved"}))
    assert (stage.one("/moved").method, "CallSid" in stage.one("/moved").params) == (method, method == "POST")


def test_a_redirected_get_goes_exactly_where_it_was_sent(stage: Stage) -> None:
    """1.1: "follows redirects" like a browser: parameters are not added a second time."""
    stage.page("/next", Page(status=307, headers={"Location": "/moved?only=this"}))
    stage.page("/moved", "<Hangup/>")
    stage.call('<Redirect method="GET">/next</Redirect>')
    assert stage.one("/moved").params == {"only": "this"}


def test_ten_redirects_are_followed_and_the_eleventh_is_11215(stage: Stage) -> None:
    """1.1: "follows redirects (at most 10, then error 11215)"."""
    stage.incoming(Page(status=302, headers={"Location": "/voice"}))
    assert len(stage.at("/voice")) == 11
    assert 11215 in stage.codes()


def test_relative_urls_of_a_redirected_document_resolve_against_where_it_was_found(stage: Stage) -> None:
    """3: "Relative URLs resolve against the URL of the document that contains them"."""
    stage.page("/deep/er/doc", "<Redirect>next</Redirect>")
    stage.page("/deep/er/next", "<Hangup/>")
    stage.incoming(Page(status=302, headers={"Location": "/deep/er/doc"}))
    assert stage.one("/deep/er/next")


def guide(headers: dict[str, str], changed: bool = False) -> Callable[[Seen], Page]:
    """Static TwiML that answers 304 to whoever has it already."""

    def answer(seen: Seen) -> Page:
        if "If-None-Match" in seen.headers and not changed:
            return Page(status=304, content_type=None)
        return Page("<Response><Say>how to wait</Say></Response>", headers=headers)

    return answer


def twice(stage: Stage, method: str, answer: Callable[[Seen], Page]) -> list[list[str]]:
    """Two callers get the same page by this method; what they hear."""
    stage.page("/guide", answer)
    stage.page("/voice", f'<Play digits="1"/><Redirect method="{method}">{BASE}/static</Redirect>')
    stage.page("/static", Page(status=302, headers={"Location": "/guide"}) if method == "GET" else answer)
    lines = [stage.call(f'<Redirect method="{method}">/static</Redirect>', who) for who in (CALLER, "+13125550198")]
    return [heard(line) for line in lines]


def test_a_get_is_asked_again_with_the_etag_and_304_brings_the_copy(stage: Stage) -> None:
    """1.1: "caches GET results when ETag/Last-Modified allow"."""
    assert twice(stage, "GET", guide({"ETag": '"v1"'})) == [["how to wait"]] * 2
    assert [seen.headers.get("If-None-Match") for seen in stage.at("/guide")] == [None, '"v1"']


def test_a_changed_page_replaces_the_copy(stage: Stage) -> None:
    """1.1: "caches GET results when ETag/Last-Modified allow"."""
    assert twice(stage, "GET", guide({"ETag": '"v1"', "Last-Modified": "x"}, changed=True)) == [["how to wait"]] * 2
    assert [seen.headers.get("If-Modified-Since") for seen in stage.at("/guide")] == [None, "x"]


def test_a_fresh_copy_is_used_without_asking_and_an_old_one_is_not(stage: Stage) -> None:
    """1.1: "caches GET results"; how long is what Cache-Control says."""
    twice(stage, "GET", guide({"ETag": '"v1"', "Cache-Control": "public, max-age=60"}))
    assert len(stage.at("/guide")) == 1
    stage.net.advance(61)
    twice(stage, "GET", guide({"ETag": '"v1"', "Cache-Control": "public, max-age=60"}))
    assert len(stage.at("/guide")) == 2


@pytest.mark.parametrize("headers", [{}, {"ETag": '"v1"', "Cache-Control": "no-store"}])
def test_without_leave_nothing_is_kept(stage: Stage, headers: dict[str, str]) -> None:
    """1.1: "when ETag/Last-Modified allow"."""
    twice(stage, "GET", guide(headers))
    assert all("If-None-Match" not in seen.headers for seen in stage.at("/guide"))
    assert len(stage.at("/guide")) == 2


def test_a_post_is_never_cached(stage: Stage) -> None:
    """1.1: "POST is never cached"."""
    twice(stage, "POST", guide({"ETag": '"v1"', "Cache-Control": "max-age=60"}))
    assert len(stage.at("/static")) == 2


def test_basic_credentials_in_the_url_become_a_header(stage: Stage) -> None:
    """1.1: "HTTP Basic or Digest credentials may be put into the webhook URL"."""
    stage.page("/guarded", "<Hangup/>")
    stage.call("<Redirect>https://ann:s3cret@sunline.example/guarded</Redirect>")
    assert stage.one("/guarded").headers["Authorization"] == "Basic YW5uOnMzY3JldA=="


def guarded(challenge: str) -> Callable[[Seen], Any]:
    """Demands Digest."""

    def answer(seen: Seen) -> Any:
        given = seen.headers.get("Authorization", "")
        if not given.startswith("Digest "):
            return Page(status=401, headers={"WWW-Authenticate": challenge})
        return "<Say>let in</Say>" if right(given, seen.method) else Page(status=401)

    return answer


def right(given: str, method: str) -> bool:
    """What RFC 7616 lets a server compute for itself."""
    part = dict(re.findall(r'(\w+)="?([^",]+)"?', given))
    make = md5 if part.get("algorithm", "MD5") == "MD5" else sha256

    def hashed(text: str) -> str:
        return make(text.encode()).hexdigest()

    who, what = hashed(f"ann:{part['realm']}:s3cret"), hashed(f"{method}:/guarded")
    middle = f"{part['nc']}:{part['cnonce']}:auth:" if "qop" in part else ""
    return part["response"] == hashed(f"{who}:{part['nonce']}:{middle}{what}")


@pytest.mark.parametrize(
    "challenge",
    [
        'Digest realm="line", nonce="abc", qop="auth", opaque="xyz"',
        'Digest realm="line", nonce="abc", qop="auth", algorithm=SHA-256',
        'Digest realm="line", nonce="abc"',
    ],
)
def test_digest_credentials_answer_the_challenge(stage: Stage, challenge: str) -> None:
    """1.1: "HTTP Basic or Digest credentials may be put into the webhook URL"."""
    stage.page("/guarded", guarded(challenge))
    line = stage.call("<Redirect>https://ann:s3cret@sunline.example/guarded</Redirect>")
    assert heard(line) == ["let in"]
    assert len(stage.at("/guarded")) == 2


def test_wrong_digest_credentials_are_tried_once_and_then_a_failure(stage: Stage) -> None:
    """1.4: "any 4xx" is a failure."""
    stage.page("/guarded", guarded('Digest realm="line", nonce="abc", qop="auth"'))
    stage.call("<Redirect>https://ann:wrong@sunline.example/guarded</Redirect>")
    assert len(stage.at("/guarded")) == 2
    assert stage.codes()[0] == 11200


def test_a_challenge_nobody_can_answer_is_left_alone() -> None:
    """1.1: only Basic and Digest."""
    assert digest("Bearer", "ann:s3cret", "GET", f"{BASE}/x", "n") is None
    assert digest('Digest realm="x", nonce="y", algorithm=OWN', "ann:s3cret", "GET", f"{BASE}/x", "n") is None


@pytest.mark.parametrize("url", ["https://my_host.example/x", "ftp://h.example/x"])
def test_an_unusable_url_is_11100(stage: Stage, url: str) -> None:
    """1.1: "Hostnames with underscores are refused in callback URLs"; 1.4: "URL malformed (11100)"."""
    stage.call(f'<Dial action="{url}">nobody</Dial>')
    assert 11100 in stage.codes()


def test_the_query_string_and_path_reach_the_application_exactly_as_written() -> None:
    """1.2: "Values must not be trimmed or re-encoded"."""
    built = environ(Request("GET", "https://h.example/a%20b/c?x=%2B1&y=", {}))
    assert (built["RAW_URI"], built["QUERY_STRING"]) == ("/a%20b/c?x=%2B1&y=", "x=%2B1&y=")
    assert built["PATH_INFO"] == "/a b/c"


def test_dates_are_rfc_2822_in_gmt(stage: Stage) -> None:
    """0: "Dates in v2010 webhooks and JSON are RFC 2822 in GMT"."""
    stage.phone("+13125550181", "busy")
    stage.call_out("+13125550181", status_callback=f"{BASE}/progress")
    stage.net.advance(5)
    assert datetime.strptime(stage.one("/progress")["Timestamp"], "%a, %d %b %Y %H:%M:%S +0000")
