"""Settings say what is wrong in one line; clocks are aware and never go back."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from runtime.clock import SteppedClock, SystemClock
from runtime.settings import ROOT, Settings, SettingsError, under_ci

EVERY_VARIABLE = sorted(field.alias for field in Settings.model_fields.values() if field.alias)


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in EVERY_VARIABLE:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        (
            "TEMPORAL_ADDRESS",
            "7233",
            "TEMPORAL_ADDRESS: expected HOST:PORT, for example 127.0.0.1:7233, got '7233'",
        ),
        ("TEMPORAL_ADDRESS", "host:99999", "TEMPORAL_ADDRESS: expected HOST:PORT"),
        (
            "SIAGA_SUBSCRIBER_NETWORKS",
            "10.0.0.1/8",
            "SIAGA_SUBSCRIBER_NETWORKS: expected networks, for example 127.0.0.0/8,10.20.0.0/16, got '10.0.0.1/8'",
        ),
        ("SIAGA_API_PORT", "eighty", "SIAGA_API_PORT: Input should be a valid integer"),
        ("SIAGA_API_PORT", "0", "SIAGA_API_PORT: Input should be greater than or equal to 1"),
        ("SIAGA_LOG_LEVEL", "loud", "SIAGA_LOG_LEVEL: Input should be 'debug', 'info', 'warning' or 'error'"),
        ("SIAGA_TASK_QUEUE", "two words", "SIAGA_TASK_QUEUE: expected a name of letters"),
    ],
)
def test_a_bad_value_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    assert str(caught.value).startswith(expected)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["mysql://u:s3cret@h/d", "postgresql://u:s3cret@h:port/d", "postgresql://u:s3cret@h:5432", "s3cret"],
)
def test_a_bad_database_url_is_refused_without_showing_its_password(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    assert str(caught.value) == "DATABASE_URL: expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
    assert "s3cret" not in repr(caught.value.__cause__) + repr(caught.value.__context__)


def test_a_good_database_url_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:s3cret@h/d")
    settings = Settings.load()
    assert settings.need_database_url() == "postgresql://u:s3cret@h/d"
    assert "s3cret" not in repr(settings)


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "")
    with pytest.raises(SettingsError, match="TEMPORAL_ADDRESS is not set"):
        Settings.load().need_temporal_address()


def test_a_child_process_reads_the_same_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = Settings.load(
        data=tmp_path,
        database_url="postgresql://u:p@127.0.0.1:5433/d",
        temporal_address="127.0.0.1:7234",
        temporal_namespace="drill",
        task_queue="other",
        api_host="::1",
        api_port=8123,
        deliveries_days=30,
        postgres_account="daemon",
        subscriber_networks="127.0.0.0/8, fd00::/8",
        signing_url="https://tte.example.go.id/v1",
        signing_token="s3cret",
        signing_trust=tmp_path / "trust.pem",
        stamps_url="http://tsa.example.go.id/",
        token_library=tmp_path / "module.so",
        token_name="siaga",
        token_pin="4711",
        token_certificates=tmp_path,
        log_level="debug",
    )
    assert [str(network) for network in given.near_networks] == ["127.0.0.0/8", "fd00::/8"]
    # Every field is given another value than its default, so that one left out of the environment shows.
    assert not [
        name for name, field in Settings.model_fields.items() if getattr(given, name) == field.default
    ]
    for name, value in given.environment().items():
        monkeypatch.setenv(name, value)
    assert Settings.load() == given
    assert given.api_url == "http://[::1]:8123"


SERVICE = "expected https://HOST/PATH, and no password in it; http:// only on this machine"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SIAGA_SIGNING_URL", "http://tte.example.go.id", SERVICE),
        ("SIAGA_SIGNING_URL", "tte", SERVICE),
        ("SIAGA_SIGNING_URL", "https://us:s3cret@tte.example.go.id", SERVICE),
        ("SIAGA_SIGNING_URL", "https://tte.example.go.id/?key=s3cret", SERVICE),
        ("SIAGA_STAMPS_URL", "tsa", "expected http://HOST/PATH or https://HOST/PATH, and no password in it"),
        ("SIAGA_SIGNING_TOKEN", "sëcret", "expected letters, digits and signs of ASCII"),
    ],
)
def test_where_others_are_is_an_address(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    assert str(caught.value) == f"{name}: {said}"  # and nothing of what it holds


def test_a_secret_is_shown_nowhere() -> None:
    settings = Settings.load(signing_token="s3cret", token_pin="4711")
    assert not {"s3cret", "4711"} & set(str(settings).replace("'", " ").split())


def test_a_relative_data_directory_means_the_one_where_the_user_stands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings.load(data=Path("here")).data == tmp_path / "here"


@pytest.mark.parametrize(
    ("value", "is_ci"), [("true", True), ("1", True), ("TRUE", True), ("false", False), ("", False)]
)
def test_ci_is_recognised(value: str, *, is_ci: bool) -> None:
    assert under_ci({"CI": value}) is is_ci
    assert under_ci({}) is False


def test_reading_settings_does_not_load_the_engine() -> None:
    """The command line starts in the time of its own imports: Temporal's would add most of a second."""
    code = "import sys, runtime.settings, runtime.stack; print('temporalio' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == "False"


def test_the_system_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_a_stepped_clock_stands_until_it_is_moved() -> None:
    clock = SteppedClock(datetime(2026, 11, 22, 8, tzinfo=timezone(timedelta(hours=8))))
    assert clock.now() == clock.now() == datetime(2026, 11, 22, tzinfo=UTC)
    clock.step(timedelta(hours=4))
    assert clock.now() == datetime(2026, 11, 22, 4, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_a_stepped_clock_never_goes_back() -> None:
    clock = SteppedClock(datetime(2026, 11, 22, tzinfo=UTC))
    with pytest.raises(ValueError, match="cannot go back"):
        clock.set(datetime(2026, 11, 21, tzinfo=UTC))
    assert clock.now() == datetime(2026, 11, 22, tzinfo=UTC)


def test_a_clock_refuses_an_instant_without_a_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        SteppedClock(datetime(2026, 11, 22))  # noqa: DTZ001  the mistake itself
