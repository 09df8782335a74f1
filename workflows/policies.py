"""How often and how long: the only place that says so. Whether retrying makes sense is said at the raise.

An activity that fails for good would fail the workflow, and then nobody would bring the person home.
So every policy here retries without end; what is wrong with the data is a value, not an error.
"""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityConfig

_PATIENT = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=30))

LEDGER = ActivityConfig(start_to_close_timeout=timedelta(seconds=20), retry_policy=_PATIENT)
"""Short reads and writes of the books: a decision taken must be written."""

PLANNING = ActivityConfig(
    start_to_close_timeout=timedelta(minutes=5),
    heartbeat_timeout=timedelta(seconds=30),
    retry_policy=_PATIENT,
)
"""The optimiser works in a thread while the activity beats; five minutes is far beyond a province."""

BULK = ActivityConfig(
    start_to_close_timeout=timedelta(minutes=10),
    heartbeat_timeout=timedelta(seconds=30),
    retry_policy=_PATIENT,
)
"""Many small steps that beat: rendering extracts, telling hundreds of cases."""

PAPER = ActivityConfig(start_to_close_timeout=timedelta(seconds=30), retry_policy=_PATIENT)
"""One paper that is typeset and signed: a second of work, and as much again for whoever stamps it."""

ELSEWHERE = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=30),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=2)),
)
"""A service that answers in seconds or in days: the engine asks again, and no history grows by it."""

SETTLE = timedelta(seconds=5)
"""How long a deadline waits beyond itself, so that a decision made in time is also in the books."""

EFFECT_AGAIN = timedelta(hours=1)
"""How long an effect that the books refuse waits for somebody to see to it, before it is tried again."""

ORDER_IN_MAKING = timedelta(seconds=30)
"""How long a duty that ends waits for the order that is being made to prolong it, before it asks the books again."""

SHARD = 200
"""People offered by one activity: one batch write, short enough for others to get their turn in between."""

UNASKED = timedelta(days=1)
"""How long somebody's case lives on what it was begun with, where it neither moves nor is asked: by then it asks the books."""

GATHER_NEWS = timedelta(seconds=5)
"""How long a surge gathers what its people do before it looks."""

RUN_EVENTS = 2_000
"""A surge continues as new beyond this many events: far below the warning at 10,240."""


def long_enough() -> bool:
    """Say whether this run should hand over to a fresh one."""
    info = workflow.info()
    return info.is_continue_as_new_suggested() or info.get_current_history_length() > RUN_EVENTS
