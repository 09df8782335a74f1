"""A verdict on a task is the command that the specific action records, or is refused with everything that is wrong."""

from typing import Any

import pytest

from app.actions import Decision, Faulty
from app.tasks import Said, decision_of
from domain.authority import Capacity
from domain.commands import CommandKind
from domain.moves import TaskKind
from domain.tasks import CODED, DECIDES, Task, Verdict

PLAN = "7C1F6F0E-2B7A-5D0E-9A53-0C7F2B8F2F11"
DECREE: dict[str, str | int | float] = {
    "decree": "360/16",
    "decree_date": "2027-02-03",
    "until": "2027-03-01",
}


def task(kind: TaskKind) -> Task:
    return Task("t", "kota", "surge:SU-1", kind, None, Capacity.SEKDA, None, open=True)


def said(verdict: Verdict, command: CommandKind) -> Said:
    """A verdict with all that it needs and nothing else."""
    reason = next(iter(CODED[command])).value if command in CODED else None
    note = "alasan" if verdict != Verdict.APPROVE else None
    return Said(
        verdict,
        reason,
        note,
        PLAN if command == CommandKind.CONFIRM_PLAN else None,
        DECREE if command == CommandKind.EXTEND_STATUS else {},
    )


@pytest.mark.parametrize(("kind", "verdict"), DECIDES)
def test_each_verdict_is_its_command_with_what_belongs_to_it(kind: TaskKind, verdict: Verdict) -> None:
    command = DECIDES[kind, verdict]
    what = said(verdict, command)
    choice = what.reason or (PLAN.lower() if what.plan_id else None)
    assert decision_of(task(kind), what) == Decision(command, "surge:SU-1", choice, what.extension, what.note)


@pytest.mark.parametrize("kind", TaskKind)
@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_that_a_kind_does_not_have_is_refused_with_those_it_has(
    kind: TaskKind, verdict: Verdict
) -> None:
    if (kind, verdict) in DECIDES:
        return
    with pytest.raises(Faulty) as fault:
        decision_of(task(kind), Said(verdict, note="x"))
    known = " or ".join(one for asked, one in DECIDES if asked == kind)
    assert fault.value.faults == (f"verdict: {kind} has no {verdict}, expected {known}",)


@pytest.mark.parametrize(
    ("kind", "what", "faults"),
    [
        (
            TaskKind.APPROVE_SURGE,
            {"verdict": Verdict.REJECT},
            ["reason: nothing, expected one of NOT_NEEDED, NO_FUNDS, INCOMPLETE, OTHER"],
        ),
        (
            TaskKind.DECIDE_RELEASE,
            {"verdict": Verdict.REJECT, "reason": "NO_FUNDS"},
            ["reason: NO_FUNDS, expected one of MINIMUM_SERVICE, ESSENTIAL_SERVICE, OTHER"],
        ),
        (TaskKind.CONFIRM_PLAN, {"verdict": Verdict.RETURN}, ["note: a reason is needed, in words"]),
        (
            TaskKind.EXTEND_OR_END,
            {"verdict": Verdict.REJECT, "extension": DECREE},
            ["note: a reason is needed, in words", "extension: not expected with this verdict"],
        ),
        (TaskKind.EXTEND_OR_END, {"verdict": Verdict.APPROVE}, ["extension: expected with this verdict"]),
        (TaskKind.CONFIRM_PLAN, {"verdict": Verdict.APPROVE}, ["plan_id: expected with this verdict"]),
        (
            TaskKind.CHECK_IN,
            {"verdict": Verdict.APPROVE, "reason": "OTHER", "note": "x", "plan_id": PLAN},
            [
                "reason: this verdict takes no code; say it in a note",
                "note: this verdict takes none; write a comment",
                "plan_id: not expected with this verdict",
            ],
        ),
    ],
)
def test_every_part_that_is_missing_or_too_much_is_named(
    kind: TaskKind, what: dict[str, Any], faults: list[str]
) -> None:
    with pytest.raises(Faulty) as fault:
        decision_of(task(kind), Said(**what))
    assert list(fault.value.faults) == faults
