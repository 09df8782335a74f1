"""A drill whose cases do not act says who it is; one in which something moves is given time."""

from datetime import UTC, datetime

import pytest

from domain.secondment import Alarm, Trigger
from lab.drill import Drill, DrillStuck
from runtime.clock import SteppedClock

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
