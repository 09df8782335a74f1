"""The envelope is CloudEvents 1.0, says the same each time, and lets nothing out that its tables do not name."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from domain import lines, surge_telling, thin, urging
from domain.events import (
    DETAILS,
    EVENTS,
    OWN,
    PRIVATE_STATES,
    SENSITIVE,
    body_of,
    envelope,
    event_type,
    lane_of,
)
from domain.facts import EVENT_OF, EXTENDED, MOVED_IN
from domain.log import Attribution, Fact
from domain.mutation.facts import EVENT_OF as EVENT_OF_MUTATION
from domain.mutation.facts import OF_SECOND
from domain.mutation.group_facts import EVENT_OF as EVENT_OF_GROUP
from domain.operation_duties import EVENT_OF as EVENT_OF_OPERATION
from domain.operation_telling import DECREED_AHEAD, ENDED_BESIDE, OPENED
from domain.secondment import State
from tests.house.source import modules

AT = datetime(2027, 2, 11, 10, 42, 0, 12000, tzinfo=timezone(timedelta(hours=8)))
BY = Attribution("8f02c44f-df3a-449a-a8ed-0705d8e6356d", "UNIT_HEAD", "2026-1#surge", "c-1")
PERSON = "3286ed6a-9fd8-46b8-9a53-0c7f2b8f2f11"
HASH = bytes(range(32))

# After the attributes of CloudEvents 1.0.2, sections "REQUIRED Attributes", "OPTIONAL Attributes" and "Naming
# Conventions", and its extensions Sequence and Partitioning.
SCHEMA = {
    "type": "object",
    "required": ["specversion", "id", "source", "type"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "minLength": 1},
        "source": {"type": "string", "minLength": 1, "pattern": r"^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]+$"},
        "type": {"type": "string", "minLength": 1},
        "subject": {"type": "string", "minLength": 1},
        "time": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"},
        "datacontenttype": {"const": "application/json"},
        "partitionkey": {"type": "string", "minLength": 1},
        "sequence": {"type": "string", "pattern": r"^\d{20}$"},
        "data": {"type": "object"},
    },
    "patternProperties": {"^[a-z0-9]{1,20}$": {}},
    "additionalProperties": False,
}


def fact(type_: str = "CheckedIn", person: str | None = PERSON, **data: object) -> Fact:
    return Fact(type_, "secondment:p-1" if person else "surge:SU-1", AT, BY, person, data)


def faults(event: object) -> list[str]:
    return [
        error.message
        for error in Draft202012Validator(SCHEMA, format_checker=FormatChecker()).iter_errors(event)
    ]


@pytest.mark.parametrize("type_", EVENTS)
@pytest.mark.parametrize("person", [PERSON, None])
def test_every_event_keeps_to_cloudevents(type_: str, person: str | None) -> None:
    assert faults(envelope("kota-kupang", 42, fact(type_, person, state="X"), HASH)) == []


@pytest.mark.parametrize(
    "harm",
    [{"specversion": "0.3"}, {"id": ""}, {"time": "2027-02-11 10:42"}, {"entryHash": "x"}, {"data": "text"}],
)
def test_the_shape_notices_a_slip(harm: dict[str, object]) -> None:
    assert faults(envelope("kota-kupang", 42, fact(), HASH) | harm) != []


def test_an_event_says_the_same_in_the_same_bytes_each_time() -> None:
    event = envelope("kota-kupang", 42, fact(state="CHECKED_IN", site="Airmata"), HASH)
    assert event["id"] == "kota-kupang-00000000000000000042"
    assert (event["source"], event["type"]) == ("urn:siaga:government:kota-kupang", "siaga.CheckedIn.v1")
    assert (event["time"], event["sequence"]) == ("2027-02-11T02:42:00.012000Z", "00000000000000000042")
    assert event["data"]["entry_sha256"] == HASH.hex()
    assert event["data"]["details"] == {"state": "CHECKED_IN", "site": "Airmata"}
    assert body_of("kota-kupang", 42, fact(a=1, state=2), HASH) == body_of(
        "kota-kupang", 42, fact(state=2, a=1), HASH
    )


def test_events_of_a_person_share_a_lane_whatever_the_case_and_others_their_case() -> None:
    assert lane_of(fact()) == PERSON
    assert lane_of(fact(person=None)) == "surge:SU-1"
    assert envelope("k", 1, fact(), HASH)["partitionkey"] == PERSON


@pytest.mark.parametrize(
    "key", ["name", "nip", "note", "km", "cost", "without", "home_lat", "leaving", "reference"]
)
def test_what_no_table_names_does_not_go_out(key: str) -> None:
    assert envelope("k", 1, fact(**{key: "secret"}), HASH)["data"]["details"] == {}


def test_a_type_that_no_table_names_goes_out_without_content() -> None:
    assert envelope("k", 1, fact("Promoted", state="X"), HASH)["data"]["details"] == {}


def test_a_persons_own_reason_stays_here_and_an_offices_code_goes_out() -> None:
    declined = envelope("k", 1, fact("OfferAnswered", state="DECLINED", choice="CARER"), HASH)
    assert declined["data"]["details"] == {"state": "DECLINED"}
    rejected = envelope("k", 1, fact("RequestRejected", None, choice="NO_FUNDS"), HASH)
    assert rejected["data"]["details"] == {"choice": "NO_FUNDS"}


def test_a_state_of_health_is_told_by_its_own_events_alone() -> None:
    assert envelope("k", 1, fact("EndingSoon", state="INJURED"), HASH)["data"]["details"] == {}
    assert envelope("k", 1, fact("InjuryReported", state="INJURED"), HASH)["data"]["details"] == {
        "state": "INJURED"
    }
    assert set(SENSITIVE) < set(EVENTS)
    assert set(PRIVATE_STATES) < {state.value for state in State}


# ── generated from the code, held against the code ────────────────────────────────────────────────────────────────

PAST = re.compile(
    r'"((?:[A-Z][a-z]+)+(?:ed|In|Up|Sent|Made|Due|Down|Soon|Overdue|Written|Overridden|Resent|Died|Unfit|Lost|OfLife|Taken|Early|Unit|Given|Back|Duty))"'
)
WRITERS = (
    "workflows/",
    "domain/duties.py",
    "domain/surge_telling.py",
    "domain/urging.py",
    "domain/closing/",
    "domain/muster.py",
    "domain/rebuild/said.py",
    "adapters/postgres/",
    "app/",
)
NO_EVENTS = {"KeyReused", "PeopleWanted", "TasksWanted"}


def written() -> set[str]:
    """Every type that the code puts into the log, read from its text."""
    tables = (
        EVENT_OF,
        EVENT_OF_MUTATION,
        OF_SECOND,
        EVENT_OF_GROUP,
        EVENT_OF_OPERATION,
        surge_telling.EVENT_OF,
        urging.EVENT_OF,
        lines.EVENT_OF,
        thin.EVENT_OF,
        thin.EVENT_OF_RING,
    )
    found = {
        EXTENDED,
        MOVED_IN,
        thin.BEGUN,
        thin.OVER,
        OPENED,
        DECREED_AHEAD,
        ENDED_BESIDE,
        *(name for table in tables for name in table.values()),
    }
    for module in modules():
        if str(module.path).startswith(WRITERS):
            found |= set(PAST.findall(module.text))
    return found - NO_EVENTS


def test_every_type_that_the_code_writes_has_its_row_and_no_other_has() -> None:
    ours = {name for name in written() if name.startswith(("Subscriber", "Secret", "Delivery"))}
    assert OWN == "subscriber:"
    assert written() - ours - set(EVENTS) == set(), "give these a row in domain/events.py"
    assert set(EVENTS) - written() == set(), "nothing writes these any more"


def test_the_search_for_types_finds_them() -> None:
    assert {
        "OperationOpened",
        "OfferSent",
        "CheckedIn",
        "EndingSoon",
        "MandateRevoked",
        "DeliveryDied",
    } <= written()


def test_the_keys_of_a_table_are_texts_of_one_line() -> None:
    assert all(re.fullmatch(r"[a-z0-9_]+", key) and "\n" not in text for key, text in DETAILS.items())
    assert all(re.fullmatch(r"siaga\.[A-Za-z]+\.v1", event_type(name)) for name in EVENTS)
    assert AT.astimezone(UTC).utcoffset() == timedelta(0)
