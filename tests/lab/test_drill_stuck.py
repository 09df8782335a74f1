"""A drill whose cases do not act says who it is; one in which something moves is given time."""

from datetime import UTC, datetime

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.commands import CommandKind, CommandState
from domain.secondment import Alarm, Trigger
from lab import small_town
from lab.drill import Drill, DrillStuck
from lab.stranded import free_stranded
from runtime.clock import SteppedClock
from tests.workflows.kit import case_of, live_town

NOW = datetime(2027, 1, 9, tzinfo=UTC)


class Log:
    """A log that stands where it is told to."""

    position = 7

    async def read_position(self) -> int:
        return self.position


async def test_who_does_not_act_is_named_once_nothing_has_moved_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lab.drill.QUIET_WITHIN", -1.0)
    drill = Drill.__new__(Drill)
    log = Log()
    drill._books, drill._clock, drill._still_at = log, SteppedClock(NOW), (-1, 0.0)  # type: ignore[assignment]
    late = [("secondment:of-somebody", Alarm(NOW, Trigger.FALL_DUE))]
    await drill._still_moving(0, late)
    log.position += 1
    await drill._still_moving(0, late)
    with pytest.raises(
        DrillStuck, match=r"1 deadlines not acted upon at .*; FALL_DUE of secondment:of-somebody"
    ):
        await drill._still_moving(0, late)


async def test_whose_run_is_stranded_is_taken_up_anew_and_answers(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with live_town(temporal_env.client, fresh_database) as live:
        _, (seat,) = await live.offered(1)
        await live.stop_worker()
        accepted = await live.decide(seat.person_id, CommandKind.ACCEPT_OFFER, case_of(seat))
        assert accepted.state == CommandState.RECORDED
        assert case_of(seat) in await free_stranded(live.stage, ())
        live.start_worker()
        answered = await small_town.answered(live.stage, accepted)
        assert answered.state == CommandState.APPLIED
