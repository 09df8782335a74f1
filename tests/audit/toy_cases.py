"""Toy workflows for the tests of strict replay: small, but using every kind of command that a case of ours uses.

The mutants in ``test_replay_mutants`` are made by replacing text in this very file, so each option stands on a
line of its own. Nothing here knows a person.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy, SearchAttributeKey, WorkflowIDReusePolicy
from temporalio.exceptions import ActivityError, ApplicationError

STAGE = SearchAttributeKey.for_keyword("ToyStage")


@dataclass
class Ask:
    """What the errand is about, and how many rounds it runs (each a run of its own)."""

    place: str
    rounds: int = 1
    note: str = ""


@dataclass
class Step:
    """One thing to be written by an activity."""

    place: str
    state: str


@activity.defn(name="toy.write")
async def write(step: Step, times: int) -> str:
    """Pretend to write a row; the answer depends on the input."""
    return f"{step.place}:{step.state}:{times}"


@activity.defn(name="toy.stamp")
async def stamp(place: str) -> str:
    """Put a stamp on a place."""
    return f"stamped {place}"


@activity.defn(name="toy.look")
async def look(place: str) -> int:
    """Return how many helpers stand at a place; runs as a local activity."""
    return len(place)


@activity.defn(name="toy.wait")
async def wait(place: str) -> None:
    """Beat until cancelled."""
    while True:
        activity.heartbeat(place)
        await asyncio.sleep(0.05)


@activity.defn(name="toy.nap")
async def nap(place: str, seconds: float) -> str:
    """Take longer than its caller wants to wait; runs as a local activity."""
    await asyncio.sleep(seconds)
    return f"slept at {place}"


@activity.defn(name="toy.fail")
async def fail(place: str) -> None:
    """Refuse for good."""
    raise ApplicationError(f"no road to {place}", {"place": place}, type="no_road", non_retryable=True)


@workflow.defn
class ToyHelper:
    """A helper who goes when told to and reports back."""

    def __init__(self) -> None:
        self._told: Step | None = None

    @workflow.run
    async def run(self, place: str, days: int) -> str:
        await workflow.wait_condition(lambda: self._told is not None)
        assert self._told is not None
        return f"{self._told.state} at {place} for {days}"

    @workflow.signal
    def go(self, step: Step) -> None:
        self._told = step


@workflow.defn
class ToyErrand:
    """An errand of several rounds; each round touches every kind of command."""

    def __init__(self) -> None:
        self._decisions: list[str] = []
        self._hurried = 0

    @workflow.run
    async def run(self, ask: Ask) -> str:
        workflow.upsert_search_attributes([STAGE.value_set("open")])
        workflow.upsert_memo({"place": ask.place})
        written = await workflow.execute_activity(
            write,
            args=[Step(ask.place, "OFFERED"), 2],
            activity_id="write-offer",
            start_to_close_timeout=timedelta(seconds=10),
            heartbeat_timeout=timedelta(seconds=5),
            retry_policy=RetryPolicy(maximum_attempts=4, non_retryable_error_types=["no_road"]),
            summary="write the offer",
        )
        await workflow.execute_activity(
            stamp,
            ask.place,
            task_queue="toys-stamps",
            schedule_to_close_timeout=timedelta(seconds=20),
        )
        seen = await workflow.execute_local_activity(
            look,
            ask.place,
            start_to_close_timeout=timedelta(seconds=5),
        )
        await workflow.sleep(timedelta(milliseconds=30))
        if workflow.patched("2026-11-toy-stage"):
            await self._short_wait()
        else:
            await workflow.sleep(timedelta(milliseconds=20))
        helped = await self._send_helper(ask)
        await workflow.wait_condition(
            lambda: len(self._decisions) == 2 and self._hurried > 0,
            timeout=timedelta(hours=2),
        )
        await self._change_of_mind(ask)
        await workflow.wait_condition(workflow.all_handlers_finished)
        if ask.rounds > 1:
            workflow.continue_as_new(
                Ask(ask.place, ask.rounds - 1, f"{written}/{seen}"),
                task_timeout=timedelta(seconds=12),
            )
        return f"{helped}; {ask.note}; {'+'.join(self._decisions)}"

    @workflow.update
    async def decide(self, choice: str) -> str:
        """Take a decision; the handler does an activity first."""
        answer = await workflow.execute_activity(
            write,
            args=[Step(choice, "DECIDED"), len(self._decisions)],
            start_to_close_timeout=timedelta(seconds=10),
        )
        self._decisions.append(choice)
        return f"heard {answer}"

    @decide.validator
    def _check_decide(self, choice: str) -> None:
        if len(choice) > 12:
            raise ValueError("too long a choice")

    @workflow.update
    async def object(self, reason: str) -> str:
        """Refuse every objection, by an error that its caller sees."""
        raise ApplicationError("objection refused", reason, type="refused", non_retryable=True)

    @workflow.signal
    def hurry(self, times: int) -> None:
        self._hurried += times

    @workflow.query
    def hurried(self) -> int:
        return self._hurried

    async def _short_wait(self) -> None:
        with suppress(TimeoutError):
            await workflow.wait_condition(lambda: self._hurried > 100, timeout=timedelta(milliseconds=25))

    async def _send_helper(self, ask: Ask) -> str:
        helper = await workflow.start_child_workflow(
            ToyHelper.run,
            args=[ask.place, 14],
            id=f"{workflow.info().workflow_id}:helper:{ask.rounds}",
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            run_timeout=timedelta(hours=3),
            memo={"days": 14},
            search_attributes=None,
        )
        outside = workflow.get_external_workflow_handle(helper.id)
        await outside.signal(ToyHelper.go, Step(ask.place, "SENT"))
        return await helper

    async def _change_of_mind(self, ask: Ask) -> None:
        """Start three things and call each off: an activity, a timer, a helper."""
        beating = workflow.start_activity(
            wait,
            ask.place,
            start_to_close_timeout=timedelta(minutes=5),
            heartbeat_timeout=timedelta(seconds=20),
            cancellation_type=workflow.ActivityCancellationType.TRY_CANCEL,
        )
        timer = asyncio.create_task(workflow.sleep(timedelta(days=3)))
        never_sent = asyncio.create_task(workflow.sleep(timedelta(days=9)))
        await asyncio.sleep(0)
        never_sent.cancel()
        helper = await workflow.start_child_workflow(
            ToyHelper.run,
            args=[ask.place, 1],
            id=f"{workflow.info().workflow_id}:spare:{ask.rounds}",
        )
        timer.cancel()
        helper.cancel()
        beating.cancel()
        await asyncio.gather(beating, timer, never_sent, helper, return_exceptions=True)


@workflow.defn
class ToyRefusal:
    """An errand that fails with a coded reason, after an activity failed."""

    @workflow.run
    async def run(self, place: str) -> None:
        try:
            await workflow.execute_activity(fail, place, start_to_close_timeout=timedelta(seconds=5))
        except ActivityError as err:
            raise ApplicationError("the errand is off", {"place": place}, type="off") from err


@workflow.defn
class ToyStuck:
    """An errand whose second workflow task fails for ever: a bug, not a decision."""

    @workflow.run
    async def run(self, place: str) -> str:
        await workflow.execute_activity(stamp, place, start_to_close_timeout=timedelta(seconds=5))
        raise KeyError("a bug")


@workflow.defn
class ToyCorners:
    """What seldom happens: unsaid timeouts, things called off at once or too early, work left when the run ends."""

    def __init__(self) -> None:
        self._told = ""

    @workflow.run
    async def run(self, place: str) -> str:
        await workflow.execute_activity(
            look,
            place,
            start_to_close_timeout=timedelta(hours=2),
            heartbeat_timeout=timedelta(hours=3),
        )
        await workflow.execute_activity(
            look,
            place,
            schedule_to_close_timeout=timedelta(seconds=9),
            schedule_to_start_timeout=timedelta(seconds=30),
        )
        at_once = workflow.start_activity(look, place, start_to_close_timeout=timedelta(seconds=1))
        await asyncio.sleep(0)
        at_once.cancel()
        early = asyncio.create_task(self._call_off_helper(place))
        local = workflow.start_local_activity(
            nap, args=[place, 0.2], start_to_close_timeout=timedelta(seconds=5)
        )
        await workflow.sleep(timedelta(milliseconds=10))
        local.cancel()
        early.cancel()
        await asyncio.gather(at_once, early, local, return_exceptions=True)
        # Met before its hour: the timer is started and cancelled.
        await workflow.wait_condition(lambda: self._told != "", timeout=timedelta(hours=1))
        left = [asyncio.create_task(self._leave(place, n)) for n in (1, 2)]
        if workflow.info().continued_run_id is None:
            workflow.continue_as_new(place)
        return f"{self._told} {len(left)} {workflow.random().random()} {workflow.uuid4()}"

    @workflow.signal
    def told(self, word: str) -> None:
        self._told = word

    async def _call_off_helper(self, place: str) -> None:
        await workflow.execute_child_workflow(
            ToyHelper.run,
            args=[place, 1],
            id=f"{workflow.info().workflow_id}:early",
            execution_timeout=timedelta(minutes=1),
            cancellation_type=workflow.ChildWorkflowCancellationType.TRY_CANCEL,
        )

    async def _leave(self, place: str, number: int) -> None:
        await workflow.sleep(timedelta(days=number))


@workflow.defn
class ToySleeper:
    """Sleeps in a local activity for longer than a workflow task lasts, so that the task is renewed meanwhile."""

    @workflow.run
    async def run(self, place: str) -> str:
        timer = asyncio.create_task(workflow.sleep(timedelta(milliseconds=300)))
        slept = await workflow.execute_local_activity(
            nap, args=[place, 2.5], start_to_close_timeout=timedelta(seconds=5)
        )
        await timer
        await workflow.execute_activity(stamp, place, start_to_close_timeout=timedelta(seconds=5))
        return slept


ACTIVITIES = [write, look, wait, fail, nap, stamp]
WORKFLOWS = [ToyErrand, ToyHelper, ToyRefusal, ToyStuck, ToyCorners, ToySleeper]
