"""A whole surge through the task desk, at the command line: whatever is asked is found, claimed and decided there."""

from pathlib import Path
from typing import Any

import pytest

from tests.app.cli.typing_in import Terminal
from tests.app.kit import LiveHouse
from tests.patience import until

pytestmark = pytest.mark.long

LATE = "terlalu jauh dari lokasi"


async def task_of(terminal: Terminal, who: str, kind: str, case_id: str) -> str:
    """The one task of a kind that somebody is asked in a case; a surge looks some seconds after its people."""

    async def asked() -> list[str]:
        found = (await terminal.ask("task", "list", "--kind", kind, who=who))["items"]
        return [str(row["task_id"]) for row in found if row["case_id"] == case_id]

    (task_id,) = await until(asked, f"{kind} of {case_id} for {who}", every=0.5)
    return task_id


async def decide(terminal: Terminal, who: str, kind: str, case_id: str, *words: object) -> Any:
    """Say yes, or what the words say, to what somebody is asked in a case."""
    task_id = await task_of(terminal, who, kind, case_id)
    return await terminal.ask("task", "decide", task_id, *(words or ("approve",)), who=who)


async def told_what_is_asked(terminal: Terminal, who: str, case_id: str) -> None:
    """An offer says as what, where, from when until when, and whether one may decline; other tasks have no terms."""
    task_id = await task_of(terminal, who, "ANSWER_OFFER", case_id)
    shown = await terminal.ask("task", "show", task_id, who=who)
    terms = shown["terms"]
    assert (terms["role"], terms["site"], terms["directed"], terms["shift_on"]) == (
        "field_kitchen",
        "Airmata",
        False,
        None,
    )
    assert (terms["report_at"], terms["due_back"]) == (shown["task"]["report_at"], shown["task"]["due_back"])
    printed = await terminal.do("task", "show", task_id, who=who)
    assert "Dapur umum: menyiapkan" in printed
    assert "it may be declined" in printed
    assert "at Airmata (-10.1655, 123.5840)" in printed


async def refused(terminal: Terminal, code: int, line: str, *words: object, who: str) -> None:
    said = await terminal.call("task", *words, who=who)
    assert (said.code, said.out) == (code, "")
    assert said.err.splitlines()[0] == f"siaga: {line}"


async def work_on(terminal: Terminal, task_id: str, folder: Path) -> None:
    """The Sekda claims, asks, and gets a file; by the end of the task's id."""
    short = task_id[-12:]
    printed = await terminal.do("task", "list", who="sekda")
    assert task_id[-8:] in printed
    assert "claimed by nobody; verdicts: APPROVE, RETURN, REJECT" in await terminal.do(
        "task", "show", short, who="sekda"
    )
    assert "claimed by" in await terminal.do("task", "claim", short, who="sekda")
    assert "claimed by nobody" in await terminal.do("task", "unclaim", short, who="sekda")
    await refused(terminal, 3, "nobody has claimed it (not_claimed)", "unclaim", short, who="sekda")
    await refused(
        terminal,
        3,
        "nobody has claimed it (not_claimed)",
        "take-over",
        short,
        "--to",
        "sekda",
        who="kepala-daerah",
    )
    told = await terminal.do("task", "comment", short, "berapa portonya?", who="sekda")
    assert "(SEKDA): berapa portonya?" in told
    (folder / "rencana.csv").write_text("dapur,porsi\nAirmata,450\n")
    await terminal.do("task", "attach", short, folder / "rencana.csv", who="koordinator")
    (folder / "x.bin").write_bytes(b"MZ\x90\0")
    kinds = "PDF, PNG, JPEG, CSV, TXT, ODS, XLSX"
    await refused(
        terminal,
        2,
        f"file: its content is none of {kinds}",
        "attach",
        short,
        folder / "x.bin",
        who="koordinator",
    )
    kept = (await terminal.ask("task", "show", short, who="sekda"))["evidence"]
    assert [(row["name"], row["media"]) for row in kept] == [("rencana.csv", "text/csv")]
    evidence_id = kept[0]["evidence_id"][:8]
    await terminal.do("task", "evidence", short, evidence_id, "-o", folder / "back.csv", who="sekda")
    assert (folder / "back.csv").read_bytes() == (folder / "rencana.csv").read_bytes()
    erased = await terminal.do(
        "task", "evidence", short, evidence_id, "--erase", "WRONG_FILE", who="operator"
    )
    assert "WRONG_FILE" in erased
    gone = await terminal.call("task", "evidence", short, evidence_id, "-o", folder / "y.csv", who="sekda")
    assert (gone.code, (folder / "y.csv").exists()) == (5, False)


@pytest.mark.timeout(600)
async def test_a_whole_surge_is_decided_task_by_task(
    house: LiveHouse, terminal: Terminal, tmp_path: Path
) -> None:
    operation = await house.operation()
    surge = await house.surge(operation, people=1)
    case = f"surge:{surge}"
    approving = await task_of(terminal, "sekda", "APPROVE_SURGE", case)
    await work_on(terminal, approving, tmp_path)
    await decide(terminal, "sekda", "APPROVE_SURGE", case)
    again = await terminal.call("task", "decide", approving, "approve", who="sekda")
    assert (again.code, ", by APPROVE_SURGE as SEKDA (task_closed)" in again.err) == (3, True)

    # A plan is made, sent back with a reason, and the next one is confirmed.
    await terminal.do("surge", "plan", surge, who="koordinator")
    first = (await terminal.ask("surge", "plan", surge, "--newest", who="koordinator"))["plan_id"]
    await refused(
        terminal, 2, "--note: a reason is needed, in words",
        "decide", await task_of(terminal, "koordinator", "CONFIRM_PLAN", case), "return", who="koordinator",
    )  # fmt: skip
    again = await decide(terminal, "koordinator", "CONFIRM_PLAN", case, "return", "--note", LATE)
    assert again["kind"] == "PLAN_SURGE"
    newest = (await terminal.ask("surge", "plan", surge, "--newest", who="koordinator"))["plan_id"]
    assert newest != first
    await decide(terminal, "koordinator", "CONFIRM_PLAN", case, "approve", "--with", f"plan_id={newest}")

    (person,) = await house.until_people(surge, "OFFERED", 1)
    one = person["case_id"]
    head = f"kepala:{person['unit_id'].partition('.')[2]}"
    await told_what_is_asked(terminal, person["person_id"], one)
    await decide(terminal, person["person_id"], "ANSWER_OFFER", one)
    await decide(terminal, head, "DECIDE_RELEASE", one)
    await house.until_people(surge, "RELEASED", 1)
    await decide(terminal, "penandatangan", "SIGN_ORDER", case)
    await house.until_people(surge, "MOBILISING", 1)
    await decide(terminal, "posko", "CHECK_IN", one)
    await terminal.do("surge", "stand-down", surge, who="koordinator")
    closing = await task_of(terminal, "koordinator", "CLOSE_SURGE", case)
    await refused(
        terminal, 3, "somebody is not home yet (secondments_open)",
        "decide", closing, "approve", who="koordinator",
    )  # fmt: skip
    await house.until_people(surge, "DEMOBILISING", 1)
    items = "items=ASSETS,DATA_HANDOVER,ACCOUNTS,HEALTH,TRAVEL"
    await decide(terminal, "posko", "SIGN_DEMOB", one, "approve", "--with", items)
    await house.until_people(surge, "TRAVELLING_HOME", 1)
    await decide(terminal, head, "CONFIRM_RETURN", one)
    (tmp_path / "laporan.pdf").write_bytes(b"%PDF-1.7 laporan")
    await terminal.do("task", "attach", closing, tmp_path / "laporan.pdf", who="koordinator")
    assert (await decide(terminal, "koordinator", "CLOSE_SURGE", case))["state"] == "APPLIED"

    shown = await terminal.ask("task", "show", closing, who="auditor")
    assert (shown["task"]["closed_at"] is None, shown["open_to_you"]) == (False, [])
    assert [row["name"] for row in shown["evidence"]] == ["laporan.pdf"]
    left = (await terminal.ask("task", "list", "--all", who="auditor"))["items"]
    assert {row["kind"] for row in left} == {"FILE_REPORT", "EVALUATE_PERSON"}, "papers outlive the surge"
    await terminal.do("operation", "end", operation, who="sekda")
    facts = (await terminal.ask("audit", "log", case, who="auditor"))["items"]
    said = [row["type"] for row in facts if row["type"].startswith(("Task", "Evidence"))]
    assert said == [
        "TaskClaimed", "TaskUnclaimed", "TaskCommented", "EvidenceAttached", "EvidenceErased", "EvidenceAttached",
    ]  # fmt: skip
    assert not [words for words in ("porto", LATE, "rencana.csv") if words in str(facts)]
    for told in (case, one, f"operation:{operation}"):
        assert (await terminal.ask("audit", "replay", told, who="auditor"))["ok"]


async def test_lists_are_read_page_by_page(house: LiveHouse, terminal: Terminal) -> None:
    operation = await house.operation()
    surges = [await house.surge(operation) for _ in range(3)]
    words = ("task", "list", "--kind", "APPROVE_SURGE", "--limit", 2)
    first = await terminal.ask(*words, who="sekda")
    rest = await terminal.ask(*words, "--after", first["next"], who="sekda")
    cases = [row["case_id"] for row in first["items"] + rest["items"]]
    assert sorted(cases) == sorted(f"surge:{surge}" for surge in surges)
    assert (len(first["items"]), rest["next"]) == (2, None)
    printed = await terminal.do(*words, who="sekda")
    assert f"there is more: --after {first['next']}" in printed
    assert (await terminal.ask("task", "list", "--overdue", who="sekda"))["items"] == []
    await refused(
        terminal,
        2,
        "--with x: expected NAME=VALUE, each name once",
        "decide",
        "0",
        "approve",
        "--with",
        "x",
        who="sekda",
    )
