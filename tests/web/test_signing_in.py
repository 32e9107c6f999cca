"""Signing in: one account a person, nothing told to whoever guesses, sessions that really end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ivr.accounts import accounts_store, passwords
from ivr.accounts.passwords import UnfitPassword, check_password, generate_password, verify_password
from ivr.accounts.session_store import IDLE
from ivr.accounts.sessions import LONGEST
from ivr.accounts.tables import account, account_session, sign_in_failure
from ivr.accounts.throttle import ADDRESS, EVERYWHERE, SOURCE, Try, admit_try, find_network
from ivr.app import create_app
from ivr.audit.tables import audit_row
from ivr.core.settings import read_settings
from ivr.web.pages import cookie_settings
from tests.web.line import NIGHT, PASSWORD, Browser, Line


@pytest.fixture
def line(any_line: Line) -> Line:
    """On each backend: signing in locks rows and takes a turn."""
    return any_line


WRONG = "another six words in a row"


def reaches(browser: Browser, path: str = "/calls") -> bool:
    return browser.get(path).status_code == 200


def test_a_page_sends_whoever_is_not_signed_in_to_sign_in_and_back_again(line: Line) -> None:
    browser = line.client()
    answer = browser.get("/recordings")
    assert (answer.status_code, answer.location) == (302, "/sign-in")
    assert browser.sign_in("supervisor").location == "/recordings"


def test_the_way_back_never_leads_to_another_host(line: Line) -> None:
    browser = line.client()
    browser.get("//elsewhere.example/calls")
    with browser.client.session_transaction(base_url="https://sunline.example") as session:
        session["next"] = "//elsewhere.example/"
    assert browser.sign_in("supervisor").location == "/"


@pytest.mark.parametrize(("name", "password"), [("supervisor", WRONG), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_look_the_same(line: Line, name: str, password: str) -> None:
    answer = line.client().sign_in(name, password)
    assert answer.status_code == 403
    assert "That did not work." in answer.get_data(as_text=True)
    assert line.one(audit_row).outcome == "denied"


def test_what_was_typed_into_the_name_field_is_never_written_down(line: Line) -> None:
    line.client().sign_in("correct horse battery staple", "x")
    assert line.one(audit_row).actor == "unknown"
    assert {len(row.subject) for row in line.rows(sign_in_failure)} == {64}


def test_too_many_failures_of_a_source_shut_out_even_the_right_password_for_a_while(line: Line) -> None:
    for _ in range(SOURCE.free):
        line.client().sign_in("supervisor", WRONG)
    assert line.client().sign_in("supervisor").status_code == 403
    assert (line.rows(audit_row)[-1].actor, line.rows(audit_row)[-1].outcome) == ("supervisor", "too-early")
    line.clock.advance(timedelta(seconds=2))
    assert line.client().sign_in("supervisor").status_code == 303


def test_a_right_password_makes_the_account_start_anew(line: Line) -> None:
    for _ in range(SOURCE.free - 1):
        line.client().sign_in("supervisor", WRONG)
    line.client().sign_in("supervisor")
    # What is left is what the account shares with others of its network, and with other networks.
    assert [row.failures for row in line.rows(sign_in_failure)] == [SOURCE.free - 1] * 2


def elsewhere(line: Line, number: int) -> Browser:
    """A browser in a network of its own."""
    browser = line.client()
    browser.client.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
    return browser


def sign_in_again(browser: Browser, name: str, password: str = PASSWORD) -> int:
    """Sign in in a browser in which somebody is signed in."""
    return browser.post("/sign-in", form="/calls", name=name, password=password).status_code


def test_nobody_shuts_out_an_account_whose_name_they_know(line: Line) -> None:
    for _ in range(SOURCE.free + 1):
        elsewhere(line, 1).sign_in("supervisor", WRONG)
    assert elsewhere(line, 1).sign_in("supervisor").status_code == 403
    assert line.client().sign_in("supervisor").status_code == 303


def test_a_browser_that_is_known_is_not_held_up_by_failures_of_others(line: Line) -> None:
    mine = line.client()
    mine.sign_in("supervisor")
    for _ in range(SOURCE.free + 1):
        line.client().sign_in("supervisor", WRONG)
    guess_from_many_networks(line)
    assert elsewhere(line, 1).sign_in("supervisor").status_code == 403
    assert line.client().sign_in("supervisor").status_code == 403
    assert sign_in_again(mine, "supervisor") == 303


def test_a_browser_is_known_to_the_accounts_that_signed_in_there_and_no_others(line: Line) -> None:
    mine = line.client()
    mine.sign_in("supervisor")
    for _ in range(SOURCE.free + 1):
        line.client().sign_in("agent", WRONG)
    assert sign_in_again(mine, "agent") == 403


def test_a_known_browser_has_a_limit_of_its_own(line: Line) -> None:
    thief = line.client()
    thief.sign_in("supervisor")
    for _ in range(SOURCE.free):
        assert sign_in_again(thief, "supervisor", WRONG) == 403
    assert sign_in_again(thief, "supervisor") == 403
    assert line.client().sign_in("supervisor").status_code == 303


def test_a_forged_word_about_a_known_browser_is_ignored(line: Line) -> None:
    browser = line.client()
    browser.client.set_cookie("__Host-sunline-device", "WyJ4Il0.forged", domain="sunline.example", secure=True)
    assert browser.sign_in("supervisor").status_code == 303


def guess_from_many_networks(line: Line) -> None:
    for number in range(EVERYWHERE.free):
        attempt = Try.of(line.services.settings.session_secret, "supervisor", f"203.0.113.{number}")
        with line.database.write() as connection:
            admit_try(connection, attempt, line.clock.now())


def test_failures_of_an_account_count_over_all_networks(line: Line) -> None:
    guess_from_many_networks(line)
    assert line.client().sign_in("supervisor").status_code == 403


def test_all_that_one_household_may_have_of_ipv6_is_one_network() -> None:
    assert find_network("2001:db8:1:2:3::4") == find_network("2001:db8:1:2:ffff::9") != find_network("2001:db8:1:3::4")
    assert find_network("192.0.2.1") != find_network("192.0.2.2")


def guess_at_many_accounts(line: Line, address: str = "127.0.0.1") -> None:
    for number in range(ADDRESS.free):
        attempt = Try.of(line.services.settings.session_secret, f"guess{number}", address)
        with line.database.write() as connection:
            assert admit_try(connection, attempt, line.clock.now())


def test_failures_of_an_address_count_over_all_accounts(line: Line) -> None:
    guess_at_many_accounts(line)
    assert line.client().sign_in("supervisor").status_code == 403


def behind(line: Line, proxies: int, **seen: str) -> Browser:
    """A browser whose requests come through so many proxies that we trust, as the web process sees them."""
    line.services.settings = replace(line.services.settings, trusted_proxies=proxies)
    line.app = create_app(line.services.settings, line.services)
    browser = line.client()
    browser.client.environ_base |= seen
    return browser


def test_another_address_is_not_shut_out(line: Line) -> None:
    guess_at_many_accounts(line)
    browser = behind(line, 1, HTTP_X_FORWARDED_FOR="203.0.113.9")
    assert browser.sign_in("supervisor").status_code == 303
    assert line.rows(audit_row)[-1].address == "203.0.113.9"


PROXY, CLIENT, FORGED = "10.0.0.1", "203.0.113.9", "198.51.100.1"


@pytest.mark.sqlite_first
@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        pytest.param(0, None, PROXY, id="nobody in front"),
        pytest.param(0, FORGED, PROXY, id="forged, and nobody in front"),
        pytest.param(1, CLIENT, CLIENT, id="as the proxy saw it"),
        pytest.param(1, f"{FORGED}, {CLIENT}", CLIENT, id="forged before the proxy"),
        pytest.param(1, f"{FORGED}, {FORGED}, {CLIENT}", CLIENT, id="forged twice"),
        pytest.param(2, f"{CLIENT}, 10.0.0.2", CLIENT, id="two proxies"),
        pytest.param(2, f"{FORGED}, {CLIENT}, 10.0.0.2", CLIENT, id="forged before two proxies"),
        pytest.param(2, FORGED, PROXY, id="past the outer proxy"),
        pytest.param(1, None, PROXY, id="a proxy that says nothing"),
        pytest.param(1, f"{CLIENT}:4711", CLIENT, id="with a port"),
        pytest.param(1, "[2001:db8::1]:4711", "2001:db8::1", id="with a port, of IPv6"),
        pytest.param(1, "2001:db8::1", "2001:db8::1", id="of IPv6"),
        pytest.param(1, "somebody", "unknown", id="no address"),
        pytest.param(1, "[", "unknown", id="half an address"),
    ],
)
def test_only_what_trusted_proxies_wrote_counts_as_the_address(
    line: Line, proxies: int, forwarded: str | None, address: str
) -> None:
    told = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    behind(line, proxies, REMOTE_ADDR=PROXY, **told).sign_in("supervisor")
    assert line.one(audit_row).address == address


@pytest.mark.sqlite_first
@pytest.mark.parametrize("forged", ["HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PREFIX"])
def test_no_proxy_says_which_address_was_asked(line: Line, forged: str) -> None:
    browser = behind(line, 1, HTTP_X_FORWARDED_FOR=CLIENT, **{forged: "evil.example"})
    assert "evil.example" not in str(browser.sign_in("supervisor").headers)


def test_a_client_who_forges_its_address_is_shut_out_all_the_same(line: Line) -> None:
    guess_at_many_accounts(line, PROXY)
    browser = behind(line, 0, REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=FORGED)
    assert browser.sign_in("supervisor").status_code == 403


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 1), (6, 2), (10, 32), (15, 15 * 60), (500, 15 * 60)]
)
def test_the_wait_doubles_up_to_its_limit(failures: int, seconds: int) -> None:
    assert SOURCE.wait(failures) == timedelta(seconds=seconds)


def test_failures_are_forgotten_after_a_day(line: Line) -> None:
    line.client().sign_in("supervisor", WRONG)
    line.clock.advance(timedelta(days=1, seconds=1))
    line.client().sign_in("agent", WRONG)
    assert {row.last_at for row in line.rows(sign_in_failure)} == {line.clock.now()}


def test_ten_idle_minutes_sign_a_person_out(line: Line) -> None:
    browser = line.client("supervisor")
    line.clock.advance(IDLE)
    assert reaches(browser)
    line.clock.advance(IDLE)
    assert reaches(browser)
    line.clock.advance(IDLE + timedelta(seconds=1))
    assert not reaches(browser)


def test_a_session_ends_after_twelve_hours_of_work(line: Line) -> None:
    browser = line.client("supervisor")
    while line.clock.now() < NIGHT + LONGEST:
        assert reaches(browser)
        line.clock.advance(timedelta(minutes=9, seconds=30))
    assert not reaches(browser)


def test_signing_out_ends_the_session_also_for_a_copy_of_the_cookie(line: Line) -> None:
    browser = line.client("supervisor")
    cookie = browser.client.get_cookie("__Host-sunline", domain="sunline.example")
    assert cookie is not None
    browser.post("/sign-out", form="/calls")
    browser.client.set_cookie("__Host-sunline", cookie.value, domain="sunline.example", secure=True)
    assert not reaches(browser)


def test_signing_in_again_ends_the_session_that_the_browser_had(line: Line) -> None:
    browser = line.client()
    browser.sign_in("supervisor")
    assert sign_in_again(browser, "supervisor") == 303
    assert len(line.rows(account_session)) == 1
    assert reaches(browser)


@pytest.mark.parametrize("change", ["password", "disable"])
def test_an_account_that_is_changed_while_its_password_is_checked_opens_nothing(
    line: Line, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    def checked_slowly(hashed: str | None, password: str) -> bool:
        with line.database.write() as connection:
            if change == "password":
                accounts_store.set_password(connection, line.services.cipher, "supervisor", WRONG)
            else:
                accounts_store.disable_account(connection, "supervisor", NIGHT)
        return verify_password(hashed, password)

    monkeypatch.setattr(passwords, "verify_password", checked_slowly)
    assert line.client().sign_in("supervisor").status_code == 403
    assert line.rows(account_session) == []


def test_a_disabled_account_loses_its_sessions_at_once(line: Line) -> None:
    browser = line.client("supervisor")
    with line.database.write() as connection:
        accounts_store.disable_account(connection, "supervisor", NIGHT)
    assert not reaches(browser)
    assert line.client().sign_in("supervisor").status_code == 403


def test_a_new_password_signs_everybody_out_of_the_account(line: Line) -> None:
    browser = line.client("supervisor")
    with line.database.write() as connection:
        accounts_store.set_password(connection, line.services.cipher, "supervisor", WRONG)
    assert not reaches(browser)
    assert line.client().sign_in("supervisor", WRONG).status_code == 303


@pytest.mark.parametrize("any_line", ["sqlite"], indirect=True)
def test_the_database_holds_neither_password_nor_token(line: Line) -> None:
    browser = line.client("supervisor")
    with browser.client.session_transaction(base_url="https://sunline.example") as session:
        token = session["_user_id"]
    stored = line.path.read_bytes() + line.path.with_name("sunline.db-wal").read_bytes()
    assert line.one(account_session).id.encode() in stored
    assert token.encode() not in stored
    assert PASSWORD.encode() not in stored


def test_the_cookie_is_for_this_host_over_https_and_out_of_reach_of_scripts(line: Line) -> None:
    sent = line.client().get("/sign-in").headers["Set-Cookie"]
    assert sent.startswith("__Host-sunline=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(sent.split("; "))


def test_only_the_demo_does_without_https() -> None:
    demo = read_settings({"SUNLINE_MODE": "demo"})
    assert cookie_settings(demo)["SESSION_COOKIE_SECURE"] is False


def test_a_form_without_its_token_does_nothing(line: Line) -> None:
    answer = line.client().client.post(
        "/sign-in", base_url="https://sunline.example", data={"name": "supervisor", "password": PASSWORD}
    )
    assert answer.status_code == 400
    assert line.rows(account_session) == []


@pytest.mark.parametrize(
    "password",
    [
        "short", "x" * 129, "aaaaaaaaaaaaaaaa", "my name is Rosa you know", "passwordpassword", "pass word pass word",
        "qwertyuiopasdfgh", "password12345678", "iloveyouiloveyou", "1q2w3e4r5t6y7u8i", "administrator123",
        "abcdefghijklmnop", "letmein letmein letmein", "sunline sunline", "Supervisor Supervisor",
        "   passwordpassword", "correct horse battery staple", "December12/12/2026",
    ],
)  # fmt: skip
def test_a_password_that_is_easy_to_guess_is_refused(password: str) -> None:
    with pytest.raises(UnfitPassword) as refusal:
        check_password(password, "rosa")
    assert password not in str(refusal.value)


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        WRONG,
        pytest.param(generate_password(), id="generated"),
        "x" + " umlaut \u00fc und noch viel mehr " * 4,
    ],
)
def test_a_password_that_nobody_else_chose_may_be_anything(password: str) -> None:
    check_password(password[:128], "rosa")


def test_the_demo_s_supervisor_has_another_password_each_time(line: Line) -> None:
    with line.database.write() as connection:
        name, first = accounts_store.open_demo_account(connection, line.services.cipher, NIGHT)
        _, second = accounts_store.open_demo_account(connection, line.services.cipher, NIGHT)
    assert first != second
    assert line.client().sign_in(name, first).status_code == 403
    assert line.client().sign_in(name, second).status_code == 303


def test_a_name_is_never_given_twice(line: Line) -> None:
    with line.database.write() as connection:
        accounts_store.disable_account(connection, "agent", NIGHT)
        with pytest.raises(accounts_store.AccountError, match="there is an account 'agent' already"):
            accounts_store.add_account(connection, line.services.cipher, "agent", "agent", PASSWORD, NIGHT)
    assert len(line.rows(account)) == 4
