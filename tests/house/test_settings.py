"""The environment is read strictly, all at once, and no secret is ever repeated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.core.settings import DEMO_SECRET, FOR_TESTS, SETTINGS, WITHOUT_EFFECT, SettingsError, read_settings

TOKEN = "0123456789abcdef0123456789abcdef"
GOOD = {
    "SUNLINE_DATA_DIR": "/srv/sunline",
    "SUNLINE_PUBLIC_URL": "https://Line.Example/",
    "SUNLINE_MASTER_KEY": "file:/srv/keys/master.key",
    "SUNLINE_SESSION_SECRET": "0123456789abcdef" * 3,
    "TWILIO_ACCOUNT_SID": "AC" + TOKEN,
    "TWILIO_AUTH_TOKEN": TOKEN,
}
WRONG = {
    "SUNLINE_MODE": "live",
    "SUNLINE_DATA_DIR": "",
    "SUNLINE_HEARING_SENTENCES": "",
    "SUNLINE_DATABASE_URL": "mysql://host/name",
    "SUNLINE_REDIS_URL": "http://127.0.0.1:6379",
    "SUNLINE_STORAGE_URL": "ftp://bucket",
    "SUNLINE_PUBLIC_URL": "https://line.example/voice",
    "SUNLINE_MASTER_KEY": "/srv/keys/master.key",
    "SUNLINE_SESSION_SECRET": "short",
    "SUNLINE_METRICS_TOKEN": "with a space and long enough besides",
    "SUNLINE_FALLBACK_NUMBER": "312 555 0190",
    "SUNLINE_FALLBACK_URL": "http://elsewhere.example",
    "SUNLINE_OUTBOUND_RATE": "0.000",
    "SUNLINE_TRUSTED_PROXIES": "-1",
    "SUNLINE_ANSWER_LOG": "by-heart",
    "SUNLINE_SEALS": "by-table",
    "SUNLINE_LOG_LEVEL": "loud",
    "SUNLINE_RETENTION_MESSAGES": "forever",
    "SUNLINE_RETENTION_CALL_LOGS": "-7y",
    "SUNLINE_TWILIO_API_URL": "127.0.0.1:9000",
    "TWILIO_ACCOUNT_SID": "AC123",
    "TWILIO_AUTH_TOKEN": "",
    "TWILIO_AUTH_TOKEN_SECONDARY": " ",
    "TWILIO_API_KEY": "SK123",
    "TWILIO_API_SECRET": "short",
}
NEEDED = sorted(
    {"SUNLINE_PUBLIC_URL", "SUNLINE_MASTER_KEY", "SUNLINE_SESSION_SECRET"} | {"TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"}
)
NAMES = sorted(setting.name for setting in SETTINGS.values())


def problems_of(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        read_settings(environ)
    return caught.value.problems


def problems_if_any(environ: dict[str, str]) -> tuple[str, ...]:
    try:
        read_settings(environ)
    except SettingsError as refused:
        return refused.problems
    return ()


def test_out_of_the_box_everything_is_in_the_data_folder() -> None:
    settings = read_settings(GOOD)
    assert settings.mode == "production"
    assert settings.database_url == "sqlite:////srv/sunline/sunline.db"
    assert settings.storage_url == "file:///srv/sunline/recordings"
    assert settings.redis_url is None
    assert settings.outbound_rate == 1.0


def test_the_public_address_loses_its_last_slash() -> None:
    assert read_settings(GOOD).public_url == "https://line.example"


def test_a_missing_data_folder_is_var_beside_us(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_settings({"SUNLINE_MODE": "demo"}).data_dir == tmp_path / "var"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_always_spoken_to_through_psycopg(scheme: str) -> None:
    settings = read_settings(GOOD | {"SUNLINE_DATABASE_URL": f"{scheme}://sunline@127.0.0.1/calls"})
    assert settings.database_url == "postgresql+psycopg://sunline@127.0.0.1/calls"


def test_every_setting_has_an_example_of_a_wrong_value() -> None:
    assert sorted(WRONG) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_value_that_cannot_be_read_is_named_with_its_mend_and_not_repeated(name: str) -> None:
    value = WRONG[name]
    found = [problem for problem in problems_of(GOOD | {name: value}) if problem.startswith(f"{name}: ")]
    assert len(found) == 1
    assert "give " in found[0]
    assert not value.strip() or value not in found[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[
            ("SUNLINE_DATABASE_URL", url)
            for url in ("sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite://host/x")
        ],
        *[("SUNLINE_DATABASE_URL", url) for url in ("postgresql://", "postgresql://user@host", "postgresql:///")],
        *[("SUNLINE_STORAGE_URL", url) for url in ("file://", "file:///", "file://host/x", "s3://", "s3:///prefix")],
        *[("SUNLINE_STORAGE_URL", url) for url in ("gs://", "az://account", "az:///container")],
        *[
            ("SUNLINE_PUBLIC_URL", f"https://{host}")
            for host in ("my_line.example", "a b", "a..b", "-a.example", "h:0")
        ],
        ("SUNLINE_FALLBACK_URL", "https://my_line.example/fallback.xml"),
        ("SUNLINE_FALLBACK_URL", "https://line.example/fallback.xml"),
        ("SUNLINE_DATA_DIR", "~nobody-of-this-name/line"),
        ("SUNLINE_RETENTION_MESSAGES", "1000y"),
        ("SUNLINE_RETENTION_CALL_LOGS", "99999y"),
        ("SUNLINE_RETENTION_CALL_LOGS", "\u0667y"),
        ("SUNLINE_OUTBOUND_RATE", "\u0661"),
        ("TWILIO_AUTH_TOKEN_SECONDARY", TOKEN),
    ],
)
def test_what_can_be_written_and_leads_nowhere_is_refused(name: str, value: str) -> None:
    (problem,) = problems_of(GOOD | {name: value})
    assert problem.startswith(f"{name}: ")
    assert "; give " in problem


@pytest.mark.parametrize("name", NEEDED)
def test_there_is_no_default_secret_or_address_outside_the_demo(name: str) -> None:
    environ = {key: value for key, value in GOOD.items() if key != name}
    (problem,) = problems_of(environ)
    assert problem.startswith(f"{name}: is not set; give ")


def test_the_demo_needs_no_setting_but_its_mode() -> None:
    settings = read_settings({"SUNLINE_MODE": "demo"})
    assert settings.demo
    assert settings.public_url.startswith("http://127.0.0.1")
    assert all(settings.twilio_auth_tokens)


def test_every_problem_is_told_at_once() -> None:
    problems = problems_of(
        GOOD
        | {
            "SUNLINE_OUTBOUND_RATE": "fast",
            "SUNLINE_PUBLIC_URL": "http://line.example",
            "TWILIO_API_KEY": "SK" + TOKEN,
            "SUNLINE_LOUD": "1",
        }
    )
    assert [problem.split(":")[0] for problem in problems] == [
        "SUNLINE_LOUD",
        "SUNLINE_OUTBOUND_RATE",
        "TWILIO_API_KEY, TWILIO_API_SECRET",
        "SUNLINE_PUBLIC_URL",
    ]


def test_a_misspelt_name_is_answered_with_the_nearest_one() -> None:
    (problem,) = problems_of(GOOD | {"SUNLINE_LOG_LEVL": "INFO"})
    assert "did you mean SUNLINE_LOG_LEVEL?" in problem


@pytest.mark.parametrize("name", sorted(WITHOUT_EFFECT))
def test_a_setting_that_changes_nothing_is_refused_with_the_reason(name: str) -> None:
    (problem,) = problems_of(GOOD | {name: "7y"})
    assert re.match(rf"{name}: has no effect, for .+; remove it", problem)


def test_the_place_of_the_test_data_is_no_unknown_name() -> None:
    read_settings(GOOD | dict.fromkeys(FOR_TESTS, "/data"))


def test_a_stand_in_for_the_phone_network_is_for_the_demo_only() -> None:
    stand_in = {"SUNLINE_TWILIO_API_URL": "http://127.0.0.1:9000"}
    (problem,) = problems_of(GOOD | stand_in)
    assert problem.startswith("SUNLINE_TWILIO_API_URL: ")
    assert read_settings({"SUNLINE_MODE": "demo"} | stand_in).twilio_api_url == "http://127.0.0.1:9000"


@pytest.mark.parametrize("name", ["SUNLINE_SESSION_SECRET", "SUNLINE_METRICS_TOKEN"])
@pytest.mark.parametrize("secret", [DEMO_SECRET, "a" * 40, "0101" * 10])
def test_a_secret_that_everybody_can_guess_is_refused_outside_the_demo(name: str, secret: str) -> None:
    (problem,) = problems_of(GOOD | {name: secret})
    assert problem == f"{name}: is easy to guess; give what this prints: openssl rand -hex 32"
    read_settings({"SUNLINE_MODE": "demo", name: secret})


def test_two_tokens_are_accepted_while_they_are_being_changed() -> None:
    second = TOKEN[::-1]
    assert read_settings(GOOD | {"TWILIO_AUTH_TOKEN_SECONDARY": second}).twilio_auth_tokens == (TOKEN, second)


def test_secrets_are_not_part_of_the_representation() -> None:
    hidden = {
        "SUNLINE_DATABASE_URL": "postgresql://user:canary-database@127.0.0.1/calls",
        "SUNLINE_REDIS_URL": "redis://:canary-redis@127.0.0.1",
        "SUNLINE_SESSION_SECRET": "canary-session-0123456789-0123456789",
        "SUNLINE_METRICS_TOKEN": "canary-metrics-0123456789-0123456789",
        "TWILIO_AUTH_TOKEN": "canary-token-0123456789-0123456789",
        "TWILIO_AUTH_TOKEN_SECONDARY": "canary-second-0123456789-0123456789",
        "TWILIO_API_KEY": "SK" + TOKEN,
        "TWILIO_API_SECRET": "canary-secret-0123456789",
    }
    assert "canary" not in repr(read_settings(GOOD | hidden))


@given(name=st.sampled_from(NAMES), value=st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_no_value_whatever_ends_in_anything_but_settings_or_a_settings_error(name: str, value: str) -> None:
    shape = r"(SUNLINE|TWILIO)_[A-Z_]+(, [A-Z_]+)?: .+; .+"
    assert all(re.match(shape, problem) for problem in problems_if_any(GOOD | {name: value}))


def test_every_setting_has_a_heading_in_the_documentation() -> None:
    text = (Path(__file__).parents[2] / "docs" / "settings.md").read_text("utf-8")
    assert sorted(re.findall(r"^### `([A-Z_]+)`$", text, re.MULTILINE)) == NAMES


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("redis://10.0.0.5", "is not encrypted and has no password"),
        ("redis://redis.internal:6379/0", "is not encrypted and has no password"),
        ("redis://:secret@10.0.0.5", "is not encrypted"),
        ("rediss://redis.internal", "has no password"),
        ("rediss://user:@redis.internal", "has no password"),
        ("rediss://:secret@redis.internal?ssl_cert_reqs=none", "is not encrypted"),
        ("rediss://:secret@redis.internal?ssl_check_hostname=False", "is not encrypted"),
        ("redis+sentinel://127.0.0.1/line", "is not encrypted and has no password"),
        ("redis+sentinel://:secret@one:26379,two:26379/line", "is not encrypted"),
        ("rediss+sentinel://one,two/line", "has no password"),
    ],
)
def test_a_redis_that_others_could_write_to_stops_every_start(url: str, told: str) -> None:
    (problem,) = problems_of(GOOD | {"SUNLINE_REDIS_URL": url})
    assert problem.startswith(f"SUNLINE_REDIS_URL: {told}; give redis")
    assert "secret" not in problem


@pytest.mark.parametrize(
    "url",
    [
        "redis://127.0.0.1",
        "redis://localhost:6380/1",
        "redis://[::1]:6379",
        "unix:///run/redis.sock",
        "rediss://:secret@redis.internal:6379/0",
        "rediss://user:secret@10.0.0.5",
        "rediss+sentinel://:secret@one:26379,two:26379/line",
    ],
)
def test_a_redis_on_this_machine_or_with_password_and_encryption_is_used(url: str) -> None:
    assert read_settings(GOOD | {"SUNLINE_REDIS_URL": url}).redis_url == url


def test_every_setting_is_asked_for_somewhere() -> None:
    """A setting that nobody reads is a promise to whoever sets it."""
    root = Path(__file__).parents[2]
    modules = [file for folder in ("ivr", "rehearsals") for file in (root / folder).rglob("*.py")]
    written = "".join(file.read_text("utf-8") for file in modules if file.name != "setting_values.py")
    own = (root / "ivr/core/settings.py").read_text("utf-8")
    properties = own[own.index("    @property") : own.index("SETTINGS: Mapping")]
    unread = {
        name
        for name in SETTINGS
        if not re.search(rf"(settings|settings\(os\.environ\)|self)\.{name}\b", written + properties)
    }
    assert unread == set()
