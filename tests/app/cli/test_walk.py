"""The whole main job by hand: every step by the right person, through the command line, on the real server."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from runtime.clock import SystemClock
from runtime.settings import ROOT
from tests.app.cli.typing_in import Terminal
from tests.app.kit import LiveHouse
from tests.patience import until

pytestmark = pytest.mark.long

REQUEST = ROOT / "examples" / "permintaan-kupang.toml"
PEOPLE = 5


def head_of(person: dict[str, Any]) -> str:
    return f"kepala:{person['unit_id'].partition('.')[2]}"


async def declare(terminal: Terminal) -> str:
    opened = await terminal.ask(
        "operation", "open", "--title", "Banjir", "--hazard", "flood", who="koordinator"
    )
    operation = opened["case_id"].removeprefix("operation:")
    until_day = (SystemClock().now() + timedelta(days=20)).isoformat()
    words = ("RESPONSE", "--area", "Kota Kupang", "--decree", "360/15/XI/2026", "--until", until_day)
    assert "applied" in await terminal.do("operation", "declare", operation, *words, who="sekda")
    longer = (SystemClock().now() + timedelta(days=30)).isoformat()
    await terminal.do("operation", "extend", operation, "--decree", "360/16", "--until", longer, who="sekda")
    return str(operation)


async def plan(terminal: Terminal, surge: str) -> None:
    printed = await terminal.do("surge", "plan", surge, "--all", who="koordinator")
    assert f"{PEOPLE} of {PEOPLE} places" in printed
    assert "proven optimal" in printed
    assert "distance" in printed
    seen = await terminal.ask("surge", "plan", surge, "--newest", who="koordinator")
    # Nobody confirms a plan that they have not seen: another id is refused.
    other = await terminal.call(
        "surge", "confirm", surge, "00000000-0000-4000-8000-000000000000", who="koordinator"
    )
    assert (other.code, "another_plan_stands" in other.err) == (3, True)
    await terminal.do("surge", "confirm", surge, seen["plan_id"][:8], who="koordinator")


async def staff(house: LiveHouse, terminal: Terminal, surge: str) -> None:
    """One declines and is replaced; everybody else accepts and is released."""
    asked = await house.until_people(surge, "OFFERED", PEOPLE)
    await terminal.do("offer", "decline", "--reason", "CARER", who=asked[0]["person_id"])
    again = await terminal.call("offer", "accept", asked[0]["placement_id"], who=asked[0]["person_id"])
    assert (again.code, again.err) == (3, "siaga: the case has ended (already_ended)\n")
    for person in asked[1:]:
        # By the beginning of the person's id, and without naming the one open offer.
        await terminal.do("offer", "accept", who=person["person_id"][:13])
    for person in await house.until_people(surge, "RELEASE_PENDING", PEOPLE - 1):
        stranger = await terminal.call("release", person["placement_id"], who="posko")
        assert (stranger.code, "no_authority" in stranger.err) == (4, True)
        await terminal.do("release", person["placement_id"], who=head_of(person))
    next_best = (await house.until_people(surge, "OFFERED", 1))[0]
    assert next_best["line_id"] == asked[0]["line_id"]
    assert next_best["person_id"] != asked[0]["person_id"]
    await terminal.do("offer", "accept", who=next_best["person_id"])
    await terminal.do("release", "--all", who=head_of(next_best))


async def order(house: LiveHouse, terminal: Terminal, surge: str, folder: Path) -> None:
    """Everybody's order is signed, served, and fetched: whole by the signatory, an extract by the person."""
    released = await house.until_people(surge, "RELEASED", PEOPLE)
    await terminal.do("order", "sign", surge, who="penandatangan")
    twice = await terminal.call("order", "sign", surge, who="penandatangan")
    assert (twice.code, "nobody_to_order" in twice.err) == (3, True)
    signed = (await terminal.ask("surge", "show", surge, who="penandatangan"))["orders"]
    assert [(one["state"], one["people"]) for one in signed] == [("ISSUED", PEOPLE)]
    number = signed[0]["number"]
    await terminal.do("order", "fetch", number, "-o", folder / "whole.pdf", who="penandatangan")
    await terminal.do("order", "fetch", number, "-o", folder / "own.pdf", who=released[0]["person_id"])
    whole, own = (folder / "whole.pdf").read_bytes(), (folder / "own.pdf").read_bytes()
    assert whole[:5] == own[:5] == b"%PDF-"
    assert whole != own
    listed = (await terminal.ask("order", "list", surge, who="penandatangan"))["items"]
    assert [(one["number"], one["people"], one["surge_id"]) for one in listed] == [(number, PEOPLE, surge)]
    assert number in await terminal.do("order", "list", who="penandatangan")
    for named in (released[0]["person_id"], released[0]["name"], released[0]["placement_id"][:8]):
        await terminal.do(
            *("order", "fetch", number, "-o", folder / "of.pdf", "--person", named), who="penandatangan"
        )
        assert (folder / "of.pdf").read_bytes() == own
    nobody = ("order", "fetch", number, "-o", folder / "of.pdf", "--person", "Bukan Siapa-siapa")
    assert "there is no such person" in (await terminal.call(*nobody, who="penandatangan")).err
    words = (
        "order",
        "fetch",
        signed[0]["order_id"],
        "-o",
        folder / "x.pdf",
        "--person",
        released[1]["placement_id"],
    )
    others = await terminal.call(*words, who=released[0]["person_id"])
    assert (others.code, (folder / "x.pdf").exists()) == (5, False)
    others = await terminal.call(*words, "--travel", who=released[0]["person_id"])
    assert (others.code, (folder / "x.pdf").exists()) == (5, False)
    # The travel order goes along: to the person, and to the head of the home unit.
    travel = ("order", "fetch", number, "--travel", "-o")
    await terminal.do(*travel, folder / "spd.pdf", who=released[0]["person_id"])
    theirs = (*travel, folder / "same.pdf", "--person", released[0]["placement_id"])
    await terminal.do(*theirs, who=head_of(released[0]))
    spd, same = (folder / "spd.pdf").read_bytes(), (folder / "same.pdf").read_bytes()
    assert spd[:5] == b"%PDF-"
    assert spd == same != own


async def bring_home(house: LiveHouse, terminal: Terminal, surge: str) -> None:
    """Everybody goes and comes home; before that nothing closes."""
    await house.until_people(surge, "MOBILISING", PEOPLE)
    assert (await terminal.do("check-in", "--all", who="posko")).count("applied") == PEOPLE
    out = (await terminal.ask("who-is-out", who="koordinator"))["items"]
    assert len(out) == PEOPLE
    assert (await terminal.ask("who-is-out", "--overdue", who="koordinator"))["items"] == []
    within = [
        len((await terminal.ask("who-is-out", "--due-within", days, who="koordinator"))["items"])
        for days in (0, 366)
    ]
    assert within == [0, len(out)]
    await terminal.do("surge", "stand-down", surge, who="koordinator")
    early = await terminal.call("surge", "close", surge, who="koordinator")
    assert (early.code, early.err) == (3, "siaga: somebody is not home yet (secondments_open)\n")
    await house.until_people(surge, "DEMOBILISING", PEOPLE)
    await terminal.do("demob", "sign", "--all", "--settle", who="posko")
    for person in await house.until_people(surge, "TRAVELLING_HOME", PEOPLE):
        await terminal.do("return", person["placement_id"], who=head_of(person))


async def settle(terminal: Terminal, person: dict[str, Any]) -> None:
    """Both sides say how it went and the claim is paid: the case of one person comes to its end."""
    placement = person["placement_id"][:13]
    own = ("BRIEFING=4", "WORKLOAD=3", "SAFETY=5", "LODGING=2")
    await terminal.do("evaluate", placement, *own, who=person["person_id"])
    host = ("WORK=4", "DISCIPLINE=5", "TEAMWORK=4", "INITIATIVE=3")
    await terminal.do("evaluate", placement, *host, who="posko")
    reckoned = (await terminal.ask("days", placement, who="bendahara"))["reckoned"]
    paid = ("--reference", "SP2D/0144/2027", "--dated", SystemClock().now().date(), "--amount", reckoned)
    assert "applied" in await terminal.do("settle", "claim", placement, *paid, who="bendahara")


async def replayed_to_its_end(terminal: Terminal, case: str) -> None:
    """The last decision is answered when it stands in the registry; the case's last step on the engine comes after."""

    async def ended() -> bool:
        replayed = await terminal.ask("audit", "replay", case, who="auditor")
        assert replayed["ok"], replayed
        return bool(replayed["runs"][-1]["completed"])

    await until(ended, f"the end of {case}", every=0.2)


@pytest.mark.timeout(420)
async def test_the_whole_road_by_hand_from_the_emergency_to_everyone_home(
    house: LiveHouse, terminal: Terminal, tmp_path: Path
) -> None:
    operation = await declare(terminal)
    asked = await terminal.ask("surge", "request", REQUEST, "--operation", operation, who="koordinator")
    surge = asked["case_id"].removeprefix("surge:")
    inbox = (await terminal.ask("inbox", who="sekda"))["items"]
    assert ("APPROVE_SURGE", asked["case_id"]) in {(task["kind"], task["case_id"]) for task in inbox}
    await terminal.do("surge", "approve", surge[:8], who="sekda")
    words = ("redline", "override", surge, "DINSOS", "social_worker", 1, "--reason", "LIFE_SAVING")
    await terminal.do(*words, who="sekda")
    await plan(terminal, surge)
    await staff(house, terminal, surge)
    await order(house, terminal, surge, tmp_path)
    await bring_home(house, terminal, surge)
    await terminal.do("surge", "close", surge, who="koordinator")
    await terminal.do("operation", "end", operation, who="sekda")
    await terminal.do("operation", "report", operation, "360/LAP/1/XII/2026", who="koordinator")
    await terminal.do("operation", "archive", operation, who="sekda")
    assert (await terminal.ask("who-is-out", who="koordinator"))["items"] == []
    shown = (await terminal.ask("surge", "show", surge, who="auditor"))["people"]
    assert shown == {"DECLINED": 1, "RETURNED": PEOPLE}
    home = await house.until_people(surge, "RETURNED", PEOPLE)
    await settle(terminal, home[0])
    for case in (f"operation:{operation}", f"surge:{surge}", f"secondment:{home[0]['placement_id']}"):
        await replayed_to_its_end(terminal, case)
    facts = (await terminal.ask("audit", "log", surge, who="auditor"))["items"]
    assert [facts[0]["type"], facts[-1]["type"]] == ["RequestSubmitted", "SurgeClosed"]
