"""Addresses, signatures, patience: what may be told, how it is proven, and for how long it is tried."""

import base64
import hashlib
import hmac
import ipaddress
import random
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from domain.authority import Actor, Appointment, Capacity, Tenure
from domain.deliveries import PATIENCE, TOO_LARGE, DeliveryState, Letter, Patience, Posted, answered
from domain.log import Attribution, Fact
from domain.subscribers import (
    Subscriber,
    address_fault,
    administrates,
    headers,
    shown,
    types_fault,
    url_fault,
)
from lab.loopback import signature_fault

NOW = datetime(2027, 2, 11, 2, 42, tzinfo=UTC)
SECRET = bytes(range(32))
NEAR = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("10.20.0.0/16"))


# ── signatures ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_signature_is_that_of_the_published_example() -> None:
    """The example of Standard Webhooks' own test suites."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    signed = headers((secret,), "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', at)
    assert signed == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.needs("openssl")
def test_another_program_computes_the_same_signature() -> None:
    body = b'{"specversion":"1.0"}'
    signed = headers((SECRET,), "kota-1", body, NOW)
    content = f"kota-1.{signed['webhook-timestamp']}.".encode() + body
    made = subprocess.run(
        ["openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{SECRET.hex()}", "-binary"],
        input=content,
        capture_output=True,
        check=True,
    ).stdout
    assert signed["webhook-signature"] == f"v1,{base64.b64encode(made).decode()}"


@pytest.mark.parametrize("harm", ["body", "id", "timestamp", "secret", "none"])
def test_whoever_changes_anything_is_found_out(harm: str) -> None:
    signed, body, secret = headers((SECRET,), "kota-1", b"{}", NOW), b"{}", SECRET
    if harm == "body":
        body = b"{ }"
    elif harm == "secret":
        secret = bytes(32)
    elif harm != "none":
        signed[f"webhook-{harm}"] = "1614265330"
    assert (signature_fault(shown(secret), signed, body) is None) is (harm == "none")


def test_who_sends_it_again_much_later_is_found_out() -> None:
    signed = headers((SECRET,), "kota-1", b"{}", NOW)
    assert signature_fault(shown(SECRET), signed, b"{}", lambda: NOW.timestamp() + 299) is None
    assert signature_fault(shown(SECRET), signed, b"{}", lambda: NOW.timestamp() + 301) is not None


def test_two_secrets_sign_until_the_older_ones_time_is_over() -> None:
    until = NOW + timedelta(hours=24)
    told = Subscriber("s", "k", "https://x.example/", None, b"new", 0, b"old", until)
    assert told.secrets(until - timedelta(seconds=1)) == (b"new", b"old")
    assert told.secrets(until) == (b"new",)
    both = headers(told.secrets(NOW), "a", b"", NOW)["webhook-signature"].split()
    stamp = int(NOW.timestamp())
    assert both == [
        "v1," + base64.b64encode(hmac.new(key, f"a.{stamp}.".encode(), hashlib.sha256).digest()).decode()
        for key in (b"new", b"old")
    ]


# ── patience ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_rests_grow_threefold_from_five_seconds_to_six_hours_for_about_a_day() -> None:
    rests = [PATIENCE.rest(attempt, 0) for attempt in range(1, PATIENCE.attempts)]
    assert all(rests)
    seconds = [rest.total_seconds() for rest in rests if rest]
    assert seconds[:4] == [5, 15, 45, 135]
    assert seconds[-1] == 6 * 3600
    assert 20 * 3600 < sum(seconds) < 24 * 3600
    assert PATIENCE.rest(PATIENCE.attempts, 0) is None


def test_jitter_shortens_a_rest_by_up_to_a_half_and_spreads_those_who_failed_together() -> None:
    dice = random.Random(7)
    rests = {PATIENCE.rest(3, dice.random()) for _ in range(200)}
    assert len(rests) > 190
    assert min(rest for rest in rests if rest) >= timedelta(seconds=22.5)
    assert max(rest for rest in rests if rest) <= timedelta(seconds=45)


def test_what_a_subscriber_asks_for_is_granted_within_bounds() -> None:
    assert PATIENCE.rest(1, 0, timedelta(seconds=60)) == timedelta(seconds=60)
    assert PATIENCE.rest(1, 0, timedelta(seconds=1)) == timedelta(seconds=5)
    assert PATIENCE.rest(1, 0, timedelta(days=9)) == PATIENCE.longest


@pytest.mark.parametrize(
    ("outcome", "attempts", "state"),
    [
        (Posted("http_204", taken=True), 0, DeliveryState.DELIVERED),
        (Posted("http_500"), 0, DeliveryState.WAITING),
        (Posted("http_400"), 1, DeliveryState.WAITING),
        (Posted("http_500"), 2, DeliveryState.DEAD),
        (Posted(TOO_LARGE), 0, DeliveryState.DEAD),
    ],
)
def test_a_letter_is_taken_tried_again_or_given_up(
    outcome: Posted, attempts: int, state: DeliveryState
) -> None:
    told = Subscriber("s", "k", "https://x.example/", None, SECRET, 0)
    fact = Fact("CheckedIn", "secondment:p", NOW, Attribution("a", "SYSTEM", "b"), "p")
    letter = Letter(told, "p", "l", 1, fact, b"", attempts)
    made = answered(letter, outcome, Patience(attempts=3), 0.0, NOW)
    assert (made.state, made.outcome) == (state, outcome.outcome)
    assert (made.due_at > NOW) is (state == DeliveryState.WAITING)


# ── addresses ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "url",
    [
        "https://subscriber.example",
        "https://subscriber.example:8443/a?b=c",
        "https://93.184.215.14/",
        "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
        "https://10.20.3.4/",
        "http://127.0.0.1:9000/",
        "http://localhost:9000/",
    ],
)
def test_an_address_that_may_be_told(url: str) -> None:
    assert url_fault(url, NEAR) is None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://subscriber.example/", "expected https"),
        ("http://10.20.3.4/", "expected https"),
        ("https://10.21.3.4/", "SIAGA_SUBSCRIBER_NETWORKS"),
        ("ftp://subscriber.example/", "expected https://HOST"),
        ("gopher://subscriber.example/", "expected https://HOST"),
        ("https:///x", "expected https://HOST"),
        ("subscriber.example", "expected https://HOST"),
        ("https://u@subscriber.example/", "no user"),
        ("https://:p@subscriber.example/", "no user"),
        ("https://subscriber.example/#x", "no fragment"),
        ("https://subscriber.example:0/", "no port 0"),
        ("https://subscriber.example:99999/", "not a URL"),
        ("https://[::1/", "not a URL"),
        ("https://subscriber.example/ x", "without spaces"),
        ("https://subscriber.example/\r\nHost: x", "printable"),
        ("https://süd.example/", "ASCII"),
        ("https://subscriber.example/" + "a" * 2000, "at most 2000"),
    ],
)
def test_an_address_that_may_not_be_told_and_why(url: str, said: str) -> None:
    assert said in (url_fault(url, NEAR) or "")


def test_a_carried_address_is_judged_by_what_it_carries() -> None:
    mapped = ipaddress.ip_address("::ffff:127.0.0.1")
    assert address_fault(mapped, ()) is not None
    assert address_fault(mapped, NEAR) is None
    assert address_fault(ipaddress.ip_address("64:ff9b::a14:304"), NEAR) is None  # 10.20.3.4
    assert address_fault(ipaddress.ip_address("93.184.215.14"), ()) is None


def test_only_types_of_the_table_can_be_asked_for() -> None:
    assert types_fault(("CheckedIn", "Returned")) is None
    assert "'CheckedOut'" in (types_fault(("CheckedIn", "CheckedOut")) or "")
    assert types_fault(("SubscriberAdded",)) is not None


# ── who administrates ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("capacity", [c for c in Capacity if c != Capacity.OPERATOR])
def test_no_other_office_administrates(capacity: Capacity) -> None:
    assert administrates(Actor("p", "k", (Appointment(capacity),))) is None


def test_an_own_office_comes_before_one_held_for_somebody_and_a_limited_one_is_none() -> None:
    own = Appointment(Capacity.OPERATOR)
    acting = Appointment(Capacity.OPERATOR, None, Tenure.PLH, "holder", "author", "m-1")
    some = Appointment(
        Capacity.OPERATOR, None, Tenure.SUBSTITUTE, "holder", "author", "m-2", frozenset({"RELEASE"})
    )
    assert administrates(Actor("p", "k", (acting, own))) == ("OPERATOR", None)
    assert administrates(Actor("p", "k", (acting,))) == ("OPERATOR/PLH", "holder")
    assert administrates(Actor("p", "k", (some,))) is None
    assert administrates(Actor("p", "k")) is None
