"""An operation by hand: statuses of two levels, an extension that comes too late, whom nothing covers, the archive."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from runtime.clock import SystemClock
from tests.app.cli.typing_in import Terminal
from tests.app.kit import LiveHouse
from tests.patience import until

pytestmark = pytest.mark.long

DAY = timedelta(days=1)
LATE = "siaga: the status had ended when the extension was decided; it takes a new declaration (extension_too_late)\n"


def then(days: float) -> str:
    return (SystemClock().now() + days * DAY).isoformat()


async def opened(terminal: Terminal) -> str:
    said = await terminal.ask(
        "operation", "open", "--title", "Banjir", "--hazard", "flood", who="koordinator"
    )
    return str(said["case_id"].partition(":")[2])


async def declare(
    terminal: Terminal, operation: str, status: str, *more: object, decree: str = "360/1"
) -> None:
    words = ("operation", "declare", operation, status, "--area", "Kota Kupang", "--decree", decree, *more)
    await terminal.do(*words, who="sekda")


async def uncovered(terminal: Terminal, people: int) -> list[dict[str, Any]]:
    """Wait until so many people are shown to have a duty that nothing covers."""

    items: list[dict[str, Any]] = []

    async def shown() -> bool:
        nonlocal items
        items = (await terminal.ask("who-is-out", "--uncovered", who="auditor"))["items"]
        return len(items) == people

    await until(shown, f"{people} people shown as not covered", every=0.1)
    return items


async def test_statuses_are_declared_in_the_words_of_the_law_and_shown_as_they_were_known(
    terminal: Terminal,
) -> None:
    operation = await opened(terminal)
    await declare(terminal, operation, "siaga", "--level", "kota", "--until", then(6))
    first_known = SystemClock().now().isoformat()
    up = ("operation", "escalate", operation, "tanggap", "--to", "provinsi", "--statement", "360/9")
    await terminal.do(*up, "--area", "NTT", "--decree", "256/1", "--until", then(10), who="sekda")
    missing = ("operation", "extend", operation, "--decree", "360/2", "--until", then(20))
    told = await terminal.call(*missing, who="sekda")
    assert (told.code, "say which one (level_missing)" in told.err) == (3, True)
    await terminal.do(*missing, "--level", "kota", who="sekda")
    shown = await terminal.ask("operation", "show", operation, who="auditor")
    assert shown["operation"]["state"] == "RESPONSE"
    city, province = shown["standings"]
    assert (city["level"], city["status"]) == ("REGENCY_CITY", "ALERT")
    assert (province["level"], province["statement"], province["ends"]) == ("PROVINCE", "360/9", [])
    assert [end["kind"] for end in city["ends"]] == ["EXTENDED"]
    before = await terminal.ask("operation", "show", operation, "--known-at", first_known, who="auditor")
    assert [(one["ends_at"], one["ends"]) for one in before["standings"]] == [(city["declared_end"], [])]
    back = ("operation", "hand-back", operation, "--decree", "256/2")
    await terminal.do(*back, who="sekda")
    again = await terminal.call("operation", "hand-back", operation, "--decree", "256/3", who="sekda")
    assert (again.code, "nothing_below" in again.err) == (3, True)
    lines = (await terminal.call("operation", "show", operation, who="koordinator")).out
    assert "RESPONSE (PROVINCE, NTT)" in lines
    assert "HANDED_BACK" in lines
    assert "by 360/2" in lines


async def test_an_extension_that_comes_after_the_end_is_told_what_it_takes(terminal: Terminal) -> None:
    operation = await opened(terminal)
    ends = SystemClock().now() + timedelta(seconds=20)
    await declare(terminal, operation, "RESPONSE", "--until", ends.isoformat())
    await asyncio.sleep((ends - SystemClock().now()).total_seconds() + 0.5)
    late = await terminal.call(
        "operation", "extend", operation, "--decree", "360/2", "--until", then(7), who="sekda"
    )
    assert (late.code, late.err) == (3, LATE)
    shown = await terminal.ask("operation", "show", operation, who="koordinator")
    assert shown["operation"]["state"] == "LAPSED"
    await declare(terminal, operation, "RESPONSE", "--until", then(7), decree="360/3")


async def test_whoever_is_left_without_cover_is_shown_until_a_status_covers_them_again(
    house: LiveHouse, terminal: Terminal
) -> None:
    operation = await opened(terminal)
    await declare(terminal, operation, "RESPONSE", "--until", then(30))
    surge, people = await house.offered(operation, 2)
    await declare(terminal, operation, "TRANSITION", "--until", then(3), decree="360/2")
    shown = await uncovered(terminal, 2)
    assert {row["placement_id"] for row in shown} == {row["placement_id"] for row in people}
    ends = {datetime.fromisoformat(row["uncovered_from"]) for row in shown}
    detail = await terminal.ask("operation", "show", operation, who="koordinator")
    assert ends == {datetime.fromisoformat(detail["standings"][-1]["ends_at"])}
    assert (detail["operation"]["uncovered"], len(detail["uncovered"])) == (2, 2)
    table = (await terminal.call("operation", "show", operation, who="koordinator")).out
    assert "UNCOVERED DUTY" in table
    extension = ("--decree", "360/3", "--until", then(12))
    await terminal.do("operation", "extend", operation, *extension, who="sekda")
    assert await uncovered(terminal, 0) == []
    seen = [
        row["state"] for row in (await terminal.ask("surge", "people", surge, who="koordinator"))["items"]
    ]
    assert seen == ["OFFERED", "OFFERED"]


async def test_an_operation_is_ended_reported_on_and_archived_and_then_only_read(terminal: Terminal) -> None:
    operation = await opened(terminal)
    await declare(terminal, operation, "RESPONSE", "--until", then(6))
    early = await terminal.call("operation", "archive", operation, who="sekda")
    assert (early.code, "not_ended_yet" in early.err) == (3, True)
    await terminal.do("operation", "end", operation, who="sekda")
    await terminal.do("operation", "report", operation, "360/LAP/1", who="koordinator")
    await terminal.do("operation", "archive", operation, who="sekda")
    late = await terminal.call("operation", "end", operation, who="sekda")
    assert (late.code, late.err) == (3, "siaga: the case has ended (already_ended)\n")
    shown = await terminal.ask("operation", "show", operation, who="auditor")
    assert (shown["operation"]["state"], shown["operation"]["after_action_report"]) == (
        "ARCHIVED",
        "360/LAP/1",
    )
    log = (await terminal.ask("audit", "log", f"operation:{operation}", who="auditor"))["items"]
    assert [entry["type"] for entry in log][-3:] == [
        "AfterActionFiled",
        "OperationArchived",
        "CommandRefused",
    ]


async def test_a_level_that_does_not_exist_is_refused_at_the_door(terminal: Terminal) -> None:
    operation = await opened(terminal)
    words = ("--area", "X", "--decree", "1", "--level", "kecamatan", "--until", then(3))
    told = await terminal.call("operation", "declare", operation, "siaga", *words, who="sekda")
    assert told.code == 2
    assert "level" in told.err
