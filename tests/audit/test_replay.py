"""Strict replay gives no false alarm, tells how far a case has come, and never passes a stuck case in silence."""

import asyncio
from pathlib import Path
from types import ModuleType

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, WorkflowRunner

from audit.replay import ReplayReport, replay_strictly
from runtime.sandbox import fast_runner, strict_runner
from tests import golden_kit
from tests.audit import toy_cases
from tests.audit.toy_mutants import PATCHED, changed

pytestmark = pytest.mark.long

CLOSED = ("errand-1", "errand-2", "refusal", "corners-1", "corners-2", "sleeper")


def replay(
    history: WorkflowHistory, toys: ModuleType = toy_cases, runner: WorkflowRunner | None = None
) -> ReplayReport:
    """Replay strictly on the toys as they are, or on other ones."""
    return asyncio.run(
        replay_strictly(
            history,
            workflows=toys.WORKFLOWS,
            runner=runner or strict_runner(),
            data_converter=DataConverter.default,
        )
    )


def stock_failure(history: WorkflowHistory) -> Exception | None:
    """Return what the stock Replayer has against a history."""
    result = Replayer(workflows=toy_cases.WORKFLOWS).replay_workflow(history, raise_on_replay_failure=False)
    return asyncio.run(_awaited(result)).replay_failure


async def _awaited(what):
    return await what


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder on sys.path, for changed toys."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("name", CLOSED)
@pytest.mark.parametrize(
    "runner",
    [fast_runner(DataConverter.default), strict_runner(), UnsandboxedWorkflowRunner()],
    ids=["fast", "strict", "bare"],
)
def test_unchanged_code_does_again_all_that_is_recorded(
    name: str, runner: WorkflowRunner, goldens: Path
) -> None:
    history = golden_kit.load(goldens / f"{name}.json")
    report = replay(history, runner=runner)
    assert report.ok, "\n".join(report.lines())
    assert report.completed
    assert report.events == len(history.events)
    made_by_code = {
        "ACTIVITY_TASK_SCHEDULED",
        "TIMER_STARTED",
        "MARKER_RECORDED",
        "CHILD_WORKFLOW_EXECUTION_INITIATED",
    }
    counted = sum(
        EventType.Name(event.event_type).removeprefix("EVENT_TYPE_").removeprefix("START_") in made_by_code
        for event in history.events
    )
    assert report.commands > counted > 0


def test_a_history_from_the_servers_own_json_replays_as_the_scrubbed_one_does(goldens: Path) -> None:
    golden = golden_kit.load(goldens / "errand-2.json")
    again = WorkflowHistory.from_json(golden.workflow_id, golden.to_json())
    assert replay(again) == replay(golden)


def test_a_half_open_case_is_compared_as_far_as_it_is_recorded(goldens: Path) -> None:
    report = replay(golden_kit.load(goldens / "half.json"))
    assert report.ok, "\n".join(report.lines())
    assert not report.completed
    assert report.commands >= 12


def test_any_beginning_of_a_history_replays_without_a_false_alarm(goldens: Path) -> None:
    whole = golden_kit.load(goldens / "errand-1.json")
    ends = [end for end in range(3, len(whole.events)) if not _tears_a_task_from_its_commands(whole, end)]
    assert len(ends) > len(whole.events) / 2
    for end in ends:
        report = replay(WorkflowHistory(whole.workflow_id, whole.events[:end]))
        assert report.ok, f"{end} events: " + "\n".join(report.lines())


def _tears_a_task_from_its_commands(whole: WorkflowHistory, end: int) -> bool:
    # The server writes a completed task and its commands as one; no reader ever sees them apart.
    completed = [e for e in whole.events[:end] if e.HasField("workflow_task_completed_event_attributes")]
    which = str(whole.events[end].WhichOneof("attributes"))
    task = getattr(getattr(whole.events[end], which), "workflow_task_completed_event_id", None)
    return which.startswith("workflow_execution_update_") or bool(
        completed and task == completed[-1].event_id
    )


def test_a_case_stuck_in_a_failing_task_does_not_pass_in_silence(goldens: Path) -> None:
    history = golden_kit.load(goldens / "stuck.json")
    report = replay(history)
    assert stock_failure(history) is None
    assert not report.ok
    assert not report.differences
    assert report.parked is not None
    assert "the last workflow task failed (workflow_worker_unhandled_failure): 'a bug'" in report.parked
    assert report.parked.endswith("today's code fails too: KeyError: 'a bug'")


def test_a_fix_for_a_stuck_case_is_seen_to_get_past_it(goldens: Path, folder: Path) -> None:
    fixed = changed("toy_fixed", 'raise KeyError("a bug")', "return place", folder)
    report = replay(golden_kit.load(goldens / "stuck.json"), fixed)
    assert report.parked is not None
    assert report.parked.endswith("today's code gets past it")
    assert not report.differences


def test_code_that_will_fail_at_the_next_task_of_an_open_case_is_told(goldens: Path, folder: Path) -> None:
    broken = changed("toy_broken", "await self._change_of_mind(ask)", "raise KeyError(ask.place)", folder)
    history = golden_kit.load(goldens / "half-answered.json")
    assert replay(history).ok
    report = replay(history, broken)
    assert report.parked == "today's code fails at its next workflow task: KeyError: 'posko'"
    assert not report.ok


def test_a_case_from_before_a_patch_replays_on_the_old_branch(goldens: Path, folder: Path) -> None:
    history = golden_kit.load(goldens / "before.json")
    assert not any(
        event.HasField("marker_recorded_event_attributes") and "patch" in str(event)
        for event in history.events
    )
    report = replay(history)
    assert report.ok, "\n".join(report.lines())
    slower = changed("toy_old_branch", "timedelta(milliseconds=20)", "timedelta(milliseconds=21)", folder)
    lines = "\n".join(replay(history, slower).lines())
    assert "timer duration: recorded '0.020s', replayed '0.021s'" in lines


def test_a_case_from_before_a_patch_shows_when_the_patch_was_forgotten(goldens: Path, folder: Path) -> None:
    ungated = changed("toy_ungated", PATCHED, "if True:", folder)
    lines = "\n".join(replay(golden_kit.load(goldens / "before.json"), ungated).lines())
    assert "timer duration: recorded '0.020s', replayed '0.025s'" in lines


def test_deprecating_a_patch_is_no_change_of_meaning(goldens: Path, folder: Path) -> None:
    deprecated = changed(
        "toy_deprecated",
        PATCHED,
        'workflow.deprecate_patch("2026-11-toy-stage")\n        if True:',
        folder,
    )
    report = replay(golden_kit.load(goldens / "errand-2.json"), deprecated)
    assert report.ok, "\n".join(report.lines())


def test_a_difference_names_the_event_that_recorded_the_command(goldens: Path, folder: Path) -> None:
    other = changed("toy_other_state", '"DECIDED"', '"HEARD"', folder)
    history = golden_kit.load(goldens / "errand-2.json")
    report = replay(history, other)
    assert [(each.what, each.path, each.recorded, each.replayed) for each in report.differences] == [
        ("activity toy.write", "input[0] $.state", "DECIDED", "HEARD")
    ] * 2
    for difference in report.differences:
        event = history.events[difference.event_id - 1]
        assert event.event_id == difference.event_id
        assert event.activity_task_scheduled_event_attributes.activity_type.name == "toy.write"
    assert str(report.differences[0]).startswith(
        f"event {report.differences[0].event_id}: activity toy.write input"
    )


def test_a_workflow_that_is_no_longer_there_is_told(goldens: Path) -> None:
    report = asyncio.run(
        replay_strictly(
            golden_kit.load(goldens / "refusal.json"),
            workflows=[toy_cases.ToyHelper],
            runner=strict_runner(),
            data_converter=DataConverter.default,
        )
    )
    assert not report.ok
    assert report.nondeterminism is not None
    assert "ToyRefusal is not registered" in report.nondeterminism


def test_a_history_without_its_beginning_is_refused(goldens: Path) -> None:
    whole = golden_kit.load(goldens / "refusal.json")
    with pytest.raises(ValueError, match="history of toy:refusal: its first event does not start a workflow"):
        replay(WorkflowHistory(whole.workflow_id, whole.events[1:]))
    with pytest.raises(ValueError, match="does not start a workflow"):
        replay(WorkflowHistory("toy:none", []))
