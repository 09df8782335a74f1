"""docs/events.md: its tables are the code's, its example is an event of ours, its verification verifies."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.webhooks.poster import ANSWER_WITHIN
from app.courier import AT_ONCE, LEASE, SPARE
from domain.deliveries import LARGEST_EVENT, PATIENCE
from domain.events import DETAILS, EVENTS, SENSITIVE, envelope, event_type
from domain.log import Attribution, Fact
from domain.subscribers import headers, shown
from tests.house.source import ROOT

PAGE = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")


def between(mark: str) -> str:
    found = re.search(rf"<!-- {mark} -->\n(.*?)\n?<!-- /{mark} -->", PAGE, re.DOTALL)
    assert found, mark
    return found[1].strip()


def table(head: str, rows: dict[str, str]) -> str:
    return "\n".join([head, "|---|---|", *(f"| `{name}` | {said} |" for name, said in rows.items())])


def test_the_table_of_types_is_the_codes() -> None:
    rows = {
        event_type(name): said + (" (by name only)" if name in SENSITIVE else "")
        for name, said in EVENTS.items()
    }
    wanted = table("| type | what it says |", rows)
    assert between("events") == wanted, f"docs/events.md must hold, between its markers:\n{wanted}"


def test_the_table_of_details_is_the_codes() -> None:
    wanted = table("| key | what it holds |", DETAILS)
    assert between("details") == wanted, f"docs/events.md must hold, between its markers:\n{wanted}"


def test_the_example_is_an_event_of_ours() -> None:
    shown_: dict[str, Any] = json.loads(between("example").removeprefix("```json").removesuffix("```"))
    data = shown_["data"]
    by = Attribution(
        data["actor"], data["authority"], data["basis"], data["command_id"], data["on_behalf_of"]
    )
    at = datetime.fromisoformat(shown_["time"])
    name = shown_["type"].split(".")[1]
    fact = Fact(name, data["case_id"], at, by, data["person_id"], data["details"])
    government = shown_["source"].rpartition(":")[2]
    assert shown_ == envelope(government, int(shown_["sequence"]), fact, bytes.fromhex(data["entry_sha256"]))


def test_the_verification_on_the_page_verifies_and_notices_a_change() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # as a subscriber would copy it
    now, secret = datetime(2027, 2, 11, tzinfo=UTC), bytes(range(32))
    body = '{"a":"süß"}'.encode()
    signed = headers((b"another secret", secret), "kota-1", body, now)

    def verified(**change: Any) -> bool:
        given = {"secret": shown(secret), "headers": signed, "body": body, "now": now.timestamp()}
        return bool(names["verified"](**given | change))

    assert verified()
    assert not verified(body=body + b" ")
    assert not verified(secret=shown(bytes(32)))
    assert not verified(headers=signed | {"webhook-id": "kota-2"})
    assert not verified(now=now.timestamp() + 301)


def test_a_post_ends_well_within_its_lease() -> None:
    """Else another courier could send the same event while the first one still waits for an answer."""
    assert timedelta(seconds=ANSWER_WITHIN) < SPARE < LEASE


def test_the_promises_in_figures_are_the_codes() -> None:
    rests = [PATIENCE.rest(n, 0) for n in (1, 2, 3)]
    seconds = ", ".join(f"{rest.total_seconds():.0f} s" for rest in rests if rest)
    hours = PATIENCE.longest.total_seconds() / 3600
    assert f"after {seconds} … and then each {hours:.0f} hours, {PATIENCE.attempts} times" in " ".join(
        PAGE.split()
    )
    assert f"{LARGEST_EVENT // 1024} KiB" in PAGE
    assert f"waits for up to {LEASE.total_seconds():.0f} seconds" in PAGE
    assert f"within {ANSWER_WITHIN:.0f} seconds" in PAGE
    assert f"at most {AT_ONCE} events at a time" in PAGE
