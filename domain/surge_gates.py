"""When a surge may end: nobody is out, and nothing is owed."""

from __future__ import annotations

from datetime import datetime

from domain.surge import Life, Refused, State, Tally, advance


def cancel_gate(tally: Tally) -> Refused | None:
    """Say why the surge cannot be cancelled: somebody is out, or a report of an accident is owed: it must be stood down."""
    if tally.out:
        return Refused("somebody_is_out")
    return Refused("accident_report_owed") if tally.reports_owed else None


def cancelled(life: Life, tally: Tally, now: datetime) -> Life:
    """Return the life once everybody whom a cancelled surge had asked is let go.

    Somebody who left by word in the very moment is home again, and is still owed the paper; or died, and a report is owed.
    """
    owed = tally.awaiting_order or tally.reports_owed
    return advance(life, State.STOOD_DOWN if owed else State.CANCELLED, now)


def close_gate(life: Life, tally: Tally) -> Refused | None:
    """Say why the surge cannot close: somebody is not yet home, or an accident not yet reported, or a paper still owed."""
    if tally.open:
        return Refused("secondments_open")
    if tally.reports_owed:
        return Refused("accident_report_owed")
    return Refused("order_owed") if life.oral and tally.awaiting_order else None
