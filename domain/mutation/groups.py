"""How the cases of a batch or a swap go together, as what the batch or swap may tell its members.

A batch is one decree for all who are ready: who falls out, or lags behind, holds nobody up. A swap is all or none up to
the signature, and takes effect in one breath, for each one's position is another one's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from domain.mutation.life import Group, Life
from domain.mutation.states import DECIDED, GroupKind, State


def members(group: Group, lives: Mapping[str, Life]) -> dict[str, Life]:
    """Return, by case, who belongs to it still: whoever ended or left goes with it no more."""
    return {
        case: life for case, life in lives.items() if life.group == group and not (life.ended or life.undone)
    }


def to_prepare(group: Group, lives: Mapping[str, Life]) -> tuple[str, ...]:
    """Return whose decree can be prepared now, on one paper."""
    approved = tuple(case for case, life in lives.items() if life.state == State.APPROVED)
    return _together(group, lives, approved)


def to_sign(group: Group, decree_id: str, lives: Mapping[str, Life]) -> tuple[str, ...]:
    """Return who stands on this decree and can be signed with it; one number holds for all of them."""
    ready = tuple(
        case
        for case, life in lives.items()
        if life.state == State.DECREE_PREPARED
        and life.decree is not None
        and life.decree.decree_id == decree_id
        and life.decree.next_initial is None
    )
    return _together(group, lives, ready)


def effect_at(group: Group, lives: Mapping[str, Life]) -> datetime | None:
    """Return when the swap takes effect for all at once; None while one is not ready, and of a batch, where each goes alone."""
    at = {case: life.takes_effect_at for case, life in members(group, lives).items()}
    instants = [instant for instant in at.values() if instant is not None]
    if group.kind == GroupKind.BATCH or len(instants) < len(at):
        return None
    return max(instants, default=None)


def is_news(before: Life, after: Life) -> bool:
    """Say whether a group must look: a member has come or gone, or is where the group does something with it."""
    return _matters(before) != _matters(after)


def _matters(life: Life) -> tuple[object, ...]:
    decreed = life.state if life.state in DECIDED else None
    return (life.group, life.ended or life.undone, decreed, life.takes_effect_at, life.in_effect)


def _together(group: Group, lives: Mapping[str, Life], ready: tuple[str, ...]) -> tuple[str, ...]:
    ours = members(group, lives)
    those = tuple(case for case in ready if case in ours)
    return those if group.kind == GroupKind.BATCH or len(those) == len(ours) else ()


def to_tell_of_loss(group: Group, lives: Mapping[str, Life]) -> tuple[str, ...]:
    """Return which members of a swap must be told that one has fallen out; a batch goes on without it."""
    ours = members(group, lives)
    if group.kind == GroupKind.BATCH or len(ours) == len(lives):
        return ()
    return tuple(case for case, life in ours.items() if not life.in_effect)
