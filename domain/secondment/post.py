"""The post of somebody who heads a unit: nobody leaves one without an acting head (Plh) who covers the duty (S09)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from domain.secondment.life import Life
from domain.secondment.states import NOT_YET_OUT, OUT, State, Trigger

_BEFORE_THE_ORDER = NOT_YET_OUT - {State.OFFERED, State.CONDITION_PENDING}
"""Who has not said yes yet leaves no post."""

_LEAVING = frozenset({Trigger.ORDER_ISSUED, Trigger.MOBILISE, Trigger.MOVE_ON})
"""What needs somebody who acts to the end of the duty: the order, the departure on it, and the move to another post."""

OF_THE_POST = frozenset({Trigger.GAIN_ACTING_HEAD, Trigger.LOSE_ACTING_HEAD, Trigger.URGE_ACTING_HEAD})
"""What moves the post, and leaves the person where they stand."""


def post_fault(life: Life, trigger: Trigger) -> str | None:
    """Say what the post has against a trigger."""
    if trigger in _LEAVING and not life.post_filled:
        return "acting_head_missing"
    return "heads_no_unit" if trigger in OF_THE_POST and life.post is None else None


def post_after(life: Life, trigger: Trigger, mandate_id: str | None, until: datetime | None) -> Life:
    """Return the life in which somebody acts by this mandate until then, nobody acts, or that was urged again."""
    assert life.post is not None
    if trigger == Trigger.URGE_ACTING_HEAD:
        post = replace(life.post, urged=life.post.urged + 1)
    else:
        post = replace(life.post, mandate_id=mandate_id, filled_until=until)
    return replace(life, post=post, revision=life.revision + 1)


def with_post_asked(life: Life, now: datetime) -> Life:
    """Return the life in which an acting head is asked for since it was first needed, and not once it is not."""
    if life.post is None:
        return life
    if not _is_wanted(life):
        return replace(life, post=replace(life.post, asked_at=None, urged=0))
    return replace(life, post=replace(life.post, asked_at=life.post.asked_at or now))


def _is_wanted(life: Life) -> bool:
    assert life.post is not None
    if life.state in _BEFORE_THE_ORDER:
        return not life.post_filled
    if life.state not in OUT:
        return False
    # Whoever is out and late stays covered by a mandate that still runs; one for a longer duty is asked for in time.
    prolonged = life.amendment is not None and life.amendment.complete
    return life.post.filled_until is None or (prolonged and not life.post_filled)


def urged_at(life: Life, term: timedelta) -> Iterator[datetime]:
    """Yield when an acting head should have been named, at the level that the asking has reached."""
    if life.post and life.post.asked_at:
        yield life.post.asked_at + term * (life.post.urged + 1)


def run_out_at(life: Life) -> Iterator[datetime]:
    """Yield when the acting head's mandate runs out under somebody who is out."""
    if life.post and life.post.filled_until and life.state in OUT:
        yield life.post.filled_until
