"""What the terminal says to whoever must decide: what is asked, by whose clock, where people are due, and why not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.app.cli.typing_in import Terminal
from tests.app.kit import LiveHouse, request_form
from tests.patience import until

pytestmark = pytest.mark.long

WITA = timedelta(hours=8)


def local(instant: str) -> str:
    """An instant as the city's clocks show it, in words of the test's own."""
    return f"{datetime.fromisoformat(instant).astimezone(UTC) + WITA:%d %b %H:%M}"


@pytest.fixture(scope="module")
async def operation(house: LiveHouse) -> str:
    return await house.operation()


async def task(terminal: Terminal, who: str, kind: str, case_id: str) -> dict[str, Any]:
    """The open task of a kind of a case, as somebody's inbox tells it."""

    async def asked() -> list[dict[str, Any]]:
        found = (await terminal.ask("inbox", who=who))["items"]
        return [row for row in found if (row["kind"], row["case_id"]) == (kind, case_id)]

    (found,) = await until(asked, f"{kind} of {case_id} for {who}", every=0.2)
    return found


async def test_a_request_that_came_back_says_why_wherever_it_is_met(
    house: LiveHouse, terminal: Terminal, operation: str
) -> None:
    surge = await house.surge(operation)
    words = ("--reason", "TOO_MANY", "--note", "cukup satu orang")
    await terminal.do("surge", "return", surge, *words, who="sekda")
    asked = await task(terminal, "koordinator", "RESUBMIT_SURGE", f"surge:{surge}")
    told = asked["asks"]["back"]
    assert (told["type"], told["code"], told["note"], told["by"]) == (
        *("RequestReturned", "TOO_MANY", "cukup satu orang"),
        "SEKDA",
    )
    line = f"sent back by SEKDA at {local(told['at'])} WITA, TOO_MANY"
    for shown in (
        await terminal.do("inbox", who="koordinator"),
        await terminal.do("task", "list", who="koordinator"),
        await terminal.do("task", "show", asked["task_id"][-8:], who="koordinator"),
        await terminal.do("surge", "show", surge, who="koordinator"),
    ):
        flat = " ".join(shown.split())
        assert (line in flat, "“cukup satu orang”" in flat) == (True, True), shown
    await house.done("koordinator", f"/v1/surges/{surge}/cancellation", {"code": "NO_LONGER_NEEDED"})


async def test_the_log_says_which_decision_was_refused_and_why_and_a_refusal_where_the_case_stands(
    house: LiveHouse, terminal: Terminal, operation: str
) -> None:
    surge = await house.surge(operation)
    await terminal.do("surge", "return", surge, "--reason", "TOO_MANY", who="sekda")
    early = await terminal.call("surge", "close", surge, who="koordinator")
    assert early.err.splitlines() == [
        "siaga: the case does not stand where this can be decided; it stands at RETURNED (not_now)"
    ]
    rows = (await terminal.do("audit", "log", surge, who="auditor")).splitlines()
    (returned,) = [row for row in rows if "RequestReturned" in row]
    (refused,) = [row for row in rows if "CommandRefused" in row]
    assert "TOO_MANY" in returned
    assert "CLOSE_SURGE: not_now" in refused
    told = (await terminal.ask("audit", "log", surge, who="auditor"))["items"]
    assert [row["command"] for row in told] == ["REQUEST_SURGE", "RETURN_SURGE", "CLOSE_SURGE"]


async def test_a_line_that_is_too_long_is_named_with_the_limit_and_the_surge_says_why_it_is_rejected(
    house: LiveHouse, terminal: Terminal, operation: str
) -> None:
    form = request_form(operation, 1)
    (line,) = form["lines"]
    late = datetime.fromisoformat(line["report_at"]) + timedelta(days=16)
    form["lines"] = [line, line | {"due_back": late.isoformat()}]
    answer = await house.post("koordinator", "/v1/surges", form)
    wanted = "a line lasts longer than one duty may: 14 d at most, line 02 lasts 16 d"
    assert answer.json()["detail"] == wanted
    (newest, *_) = (await terminal.ask("surge", "list", who="koordinator"))["items"]
    assert (newest["state"], newest["back"]["code"]) == ("REJECTED", "longer_than_one_duty")
    assert "longer_than_one_duty" in await terminal.do("surge", "list", who="koordinator")
    runs = await house.surge(operation, 1)
    await house.done("sekda", f"/v1/surges/{runs}/approval")
    added = await house.post("sekda", f"/v1/surges/{runs}/lines", form["lines"][1])
    assert added.json()["detail"] == wanted, "the line that was to be added is the second one"
    shown = await terminal.do("surge", "show", newest["surge_id"], who="koordinator")
    assert "longer_than_one_duty: a line lasts longer than one duty may" in shown


async def test_a_task_that_is_decided_says_when_and_how(
    house: LiveHouse, terminal: Terminal, operation: str
) -> None:
    surge = await house.surge(operation)
    asked = await task(terminal, "sekda", "APPROVE_SURGE", f"surge:{surge}")
    await terminal.do("surge", "approve", surge, who="sekda")
    said = await terminal.call("task", "decide", asked["task_id"][-10:], "approve", who="sekda")
    closed = (await terminal.ask("task", "show", asked["task_id"], who="sekda"))["task"]["closed_at"]
    how = f"it was closed {local(closed)} WITA, by APPROVE_SURGE as SEKDA"
    assert said.err == f"siaga: nobody is asked for this any more: {how} (task_closed)\n"
    unseen = await terminal.call("task", "decide", asked["task_id"][-10:], "approve", who="kepala:DINKES")
    assert unseen.code == 5, "whoever may not see it is told nothing of it"


async def test_what_is_wrong_with_a_call_is_said_in_the_words_of_the_terminal(terminal: Terminal) -> None:
    ends = f"{datetime.now(UTC) + timedelta(days=900):%Y-%m-%d}T00:00+08:00"
    words = ("COORDINATOR", "penandatangan", "--until", ends, "--letter", "1")
    said = await terminal.call("substitute", "write", *words, who="koordinator")
    assert said.err == "siaga: --until: later than the rule pack lets such a mandate last\n"
    words = ("SEKDA", "penandatangan", "--acting", "PLH", "--until", ends, "--letter", "1")
    said = await terminal.call("substitute", "write", *words, who="kepala-daerah")
    assert said.err.startswith("siaga: --holder: does not hold this office by appointment")
    said = await terminal.call("surge", "show", "SU-SU", who="koordinator")
    assert said.err == "siaga: SU-SU: there is no such surge, or it is not yours to see\n"
    said = await terminal.call("surge", "show", "XY", who="koordinator")
    assert said.err == "siaga: XY: there is no such surge, or it is not yours to see\n"


async def test_a_hazard_that_nobody_knows_is_refused_with_those_that_are_known(
    house: LiveHouse, terminal: Terminal
) -> None:
    said = await terminal.call("operation", "open", "--title", "X", "--hazard", "flod", who="koordinator")
    assert (said.code, "'flod' is not one of 'flood'" in said.err) == (2, True)
    answer = await house.post("koordinator", "/v1/operations", {"title": "X", "hazard": "flod"})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("hazard: input should be 'flood', 'flash_flood'")


async def test_a_body_that_is_no_json_says_from_where_on(house: LiveHouse) -> None:
    async with house.http("koordinator") as http:
        typed = {"Content-Type": "application/json"}
        answer = await http.post("/v1/operations", content=b'{"a": x}', headers=typed)
    assert answer.json()["detail"] == "body: not JSON, from character 6 on (Expecting value)"


async def test_the_inbox_names_each_task_by_what_the_other_commands_take(
    house: LiveHouse, terminal: Terminal, operation: str
) -> None:
    surge = await house.surge(operation)
    asked = await task(terminal, "sekda", "APPROVE_SURGE", f"surge:{surge}")
    short = asked["task_id"][-8:]
    (row,) = [line for line in (await terminal.do("inbox", who="sekda")).splitlines() if surge in line]
    assert short in row
    assert (await terminal.ask("task", "show", short, who="sekda"))["task"]["case_id"] == f"surge:{surge}"


async def test_a_condition_and_its_date_stand_in_the_task(
    house: LiveHouse, terminal: Terminal, operation: str
) -> None:
    _, (person,) = await house.offered(operation, 1)
    later = datetime.fromisoformat(person["report_at"]) + timedelta(days=1)
    words = ("--if", "LATER_DATE", "--report-at", later.strftime("%Y-%m-%dT%H:%M%z"))
    await terminal.do("offer", "accept", person["placement_id"], *words, who=person["person_id"])
    asked = await task(terminal, "koordinator", "ANSWER_CONDITION", person["case_id"])
    shown = await terminal.do("task", "show", asked["task_id"][-8:], who="koordinator")
    assert f"accepts only if LATER_DATE: from {local(later.isoformat())} WITA" in shown
    # As `condition refuse` does, the verdict takes words and needs none.
    assert "refuse condition: applied" in await terminal.do(
        "task", "decide", asked["task_id"][-8:], "reject", who="koordinator"
    )


async def test_every_time_is_the_governments_and_says_so(
    terminal: Terminal, operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    told = await terminal.ask("operation", "show", operation, who="koordinator")
    assert told["as_of"]["zone"] == "Asia/Makassar"
    ends = local(told["standings"][0]["ends_at"])
    shown = await terminal.call_anew("operation", "show", operation, who="koordinator")
    assert f"– {ends} WITA" in shown.out
    listed = await terminal.call_anew("operation", "list", who="koordinator")
    assert f"as of {local(told['as_of']['at'])[:6]}" in listed.out
    assert "WITA, log entry" in listed.out
    (row,) = [line for line in listed.out.splitlines() if line.startswith(operation)]
    assert ends in row
    # What is no board says it by itself: a mandate that was written.
    ends = f"{datetime.now(UTC) + timedelta(days=5):%Y-%m-%d}T00:00+08:00"
    writ = ("--until", ends, "--letter", "821/14/II/2027")
    written = await terminal.call_anew(
        "substitute", "write", "COORDINATOR", "penandatangan", *writ, who="koordinator"
    )
    assert f"until {local(ends)} WITA" in written.out, written
    mandate = written.out.split("mandate:")[1].strip()
    await terminal.do("substitute", "revoke", mandate, who="koordinator")


async def test_a_decree_without_a_date_has_the_governments_day_whatever_day_the_machine_has(
    house: LiveHouse, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = datetime.now(UTC) + WITA
    # Twenty hours behind the city it is another day until 20:00 there, six hours ahead from 18:00 on.
    monkeypatch.setenv("TZ", "Etc/GMT+12" if here.hour < 19 else "Etc/GMT-14")
    opened = await terminal.ask(
        *("operation", "open", "--title", "Banjir", "--hazard", "FLOOD"), who="koordinator"
    )
    operation = opened["case_id"].removeprefix("operation:")
    words = (
        "RESPONSE",
        "--area",
        "Kota Kupang",
        "--decree",
        "1",
        "--until",
        (here + timedelta(days=9)).isoformat(),
    )
    declared = await terminal.call_anew("operation", "declare", operation, *words, who="sekda")
    assert declared.code == 0, declared
    (standing,) = (await terminal.ask("operation", "show", operation, who="sekda"))["standings"]
    days = {(here + timedelta(seconds=late)).date().isoformat() for late in (0, 60)}
    assert standing["decree_date"] in days


async def on_site(house: LiveHouse, operation: str, *sites: str) -> list[dict[str, Any]]:
    """One person on the way to each of these sites, each for a week."""
    form = request_form(operation, 1)
    form["lines"] = [form["lines"][0] | {"site": site} for site in sites]
    surge = (await house.done("koordinator", "/v1/surges", form))["case_id"].partition(":")[2]
    path = f"/v1/surges/{surge}"
    await house.done("sekda", f"{path}/approval")
    await house.done("koordinator", f"{path}/plan")
    plan = (await house.get("koordinator", f"{path}/plan")).json()
    await house.done("koordinator", f"{path}/confirmation", {"plan_id": plan["plan_id"]})
    for person in await house.until_people(surge, "OFFERED", len(sites)):
        await house.done(person["person_id"], f"/v1/secondments/{person['placement_id']}/acceptance")
    for person in await house.until_people(surge, "RELEASE_PENDING", len(sites)):
        head = f"kepala:{person['unit_id'].partition('.')[2]}"
        await house.done(head, f"/v1/secondments/{person['placement_id']}/release")
    await house.until_people(surge, "RELEASED", len(sites))
    await house.done("penandatangan", f"{path}/orders")
    people = await house.until_people(surge, "MOBILISING", len(sites))
    return sorted(people, key=lambda row: sites.index(row["site"]))


@pytest.mark.timeout(300)
async def test_whoever_is_named_of_another_site_is_not_checked_in_and_an_early_end_counts_as_the_end(
    house: LiveHouse, terminal: Terminal, operation: str
) -> None:
    here, there = await on_site(house, operation, "Airmata", "Lasiana")
    both = (here["placement_id"][:13], there["placement_id"][:13])
    said = await terminal.call("check-in", *both, "--site", "Airmata", who="posko")
    assert said.code == 2
    assert said.err.splitlines()[0] == "siaga: 1 of 2 named are not of --site Airmata; nobody was checked in"
    assert there["placement_id"][:8] in said.err
    assert "for Lasiana" in said.err
    said = await terminal.call(
        "check-in", here["placement_id"][:13], "--unit", "kota-kupang.NOWHERE", who="posko"
    )
    assert (said.code, "of --unit kota-kupang.NOWHERE" in said.err) == (2, True)
    surge = here["surge_id"]
    assert len(await house.until_people(surge, "MOBILISING", 2)) == 2, "nobody was checked in"
    await terminal.do("check-in", both[0], "--site", "Airmata", "--ready", who="posko")
    await terminal.do("check-in", both[1], "--site", "Lasiana", "--ready", who="posko")
    await extended(house, terminal, here)
    # Whoever is let go early is due home by tomorrow, and no more in a week.
    await terminal.do("release-early", both[1], "--reason", "NO_LONGER_NEEDED", who="posko")
    due = (await terminal.ask("who-is-out", "--due-within", 3, who="koordinator"))["items"]
    (home,) = [row for row in due if row["surge_id"] == surge]
    assert home["placement_id"] == there["placement_id"]
    (row,) = [
        line
        for line in (await terminal.do("who-is-out", who="koordinator")).splitlines()
        if line.startswith(there["placement_id"][:8])
    ]
    assert local(home["home_by"]) in row
    assert local(home["due_back"]) not in row


async def extended(house: LiveHouse, terminal: Terminal, person: dict[str, Any]) -> None:
    """A longer duty is proposed: everybody who is asked is told until when."""
    await house.until_people(person["surge_id"], "CHECKED_IN", 1)
    longer = datetime.fromisoformat(person["due_back"]) + timedelta(days=2)
    words = ("--until", longer.strftime("%Y-%m-%dT%H:%M%z"))
    too_long = datetime.fromisoformat(person["due_back"]) + timedelta(days=40)
    said = await terminal.call(
        *("extension", "propose", person["placement_id"], "--until", f"{too_long:%Y-%m-%dT%H:%M%z}"),
        who="posko",
    )
    assert ": 21 d in all, 30 d with the regional secretary's waiver (longer_than_allowed)" in said.err
    await terminal.do("extension", "propose", person["placement_id"], *words, who="posko")
    again = await terminal.call("extension", "propose", person["placement_id"], *words, who="posko")
    assert (again.code, "(proposed_already)" in again.err) == (3, True)
    line = f"until {local(longer.isoformat())} WITA instead of {local(person['due_back'])} WITA"
    head = f"kepala:{person['unit_id'].partition('.')[2]}"
    for who in (head, person["person_id"]):
        asked = await task(terminal, who, "ANSWER_EXTENSION", person["case_id"])
        assert datetime.fromisoformat(asked["asks"]["until"]) == longer.replace(second=0, microsecond=0)
        assert line in await terminal.do("task", "show", asked["task_id"][-12:], who=who)
        assert line in " ".join((await terminal.do("inbox", who=who)).split())
