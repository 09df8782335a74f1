"""What an entry of the log says besides, so that every board can be rebuilt from the log alone.

A case says what happened. When the entry is written, what boards show of the case is added to it from the very move
that is written to the tables: where the case stands, and what it asks of whom. Ids, codes, numbers and instants only;
none of these keys leaves the house (`domain.events.DETAILS`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from domain.log import Attribution, Fact
from domain.moves import Duty, OperationMove, SecondmentMove
from domain.mutation.group_moving import GroupMove
from domain.mutation.moving import MutationMove
from domain.secondment import Life

STANDS, ASKS, LINES, OVERRIDE = "stands", "asks", "lines", "override_id"
"""Keys of an entry's data: what a board shows of the case, its open tasks, a surge's lines, what a hold draws on."""
ISSUED = "issued"
"""Key of what stands of a case whose paper is issued with its move: what it says, its file, its code."""
DRAFTED, OWES, IN_POST_SINCE, WORDS = "drafted", "owes", "in_post_since", "words_sha256"
"""Keys of what stands of a mutation: what was proposed, the papers that a move owes, since when a position is held, the
words of the decree that it issues."""


def of_secondment(move: SecondmentMove) -> Fact:
    """Return the move's fact with where the person stands."""
    return _with(move.fact, stands_of(move.life), move.duties)


def of_offer(fact: Fact, life: Life, duties: Sequence[Duty], override_id: str | None) -> Fact:
    """Return the fact of an offer, and which override its hold draws on, if any."""
    told = _with(fact, stands_of(life), duties)
    return replace(told, data=told.data | {OVERRIDE: override_id}) if override_id else told


def of_surge(
    fact: Fact, duties: Sequence[Duty], request: dict[str, Any] | None, beside: dict[str, Any] | None = None
) -> Fact:
    """Return a surge's fact; `request` holds its lines, and what it is about, where the move has changed them.

    `beside` is the order that is issued with the move.
    """
    told = _with(fact, beside or {}, duties)
    return replace(told, data=told.data | request) if request else told


def of_asking(fact: Fact, duties: Sequence[Duty]) -> Fact:
    """Return the fact of a case that no board shows beside its tasks, with what it asks of whom: a thin unit."""
    return _with(fact, {}, duties)


def of_mutation(move: MutationMove, life_sha256: str, beside: dict[str, Any]) -> Fact:
    """Return a mutation's fact with where the case stands; all of its life is told by its hash.

    `beside` is what was written with the move and is not in its life: what was proposed, the papers that it owes,
    since when the person holds the position, the words of its decree.
    """
    life = move.life
    stands: dict[str, Any] = {
        "position_id": life.position_id,
        "reserves": life.reserves,
        "open": not life.ended,
        "life_sha256": life_sha256,
    }
    issued = {ISSUED: asdict(move.issues)} if move.issues else {}
    return _with(move.fact, stands | issued | beside, move.duties)


def of_group(move: GroupMove, life_sha256: str, beside: dict[str, Any]) -> Fact:
    """Return the fact of a batch or a swap with where it stands; `beside` as of a mutation."""
    stands: dict[str, Any] = {"open": not move.life.ended, "life_sha256": life_sha256} | beside
    issued = {ISSUED: asdict(move.issues)} if move.issues else {}
    return _with(move.fact, stands | issued, move.duties)


def of_plan(
    surge_id: str, plan_id: str, short: Iterable[dict[str, Any]], by: Attribution, at: datetime
) -> Fact:
    """Return the fact of what the newest plan of a surge leaves empty, line by line."""
    told = [{key: row[key] for key in ("line_id", "missing", "reason")} for row in short]
    return Fact("PlacesUnfilled", f"plan:{plan_id}", at, by, None, {"surge_id": surge_id, "short": told})


def of_operation(move: OperationMove) -> Fact:
    """Return an operation's fact with its statuses: the newest of each level, begun and to come, and ends that moved."""
    life = move.life
    standings = [
        {
            "number": one.number,
            "level": one.level.value,
            "status": one.status.value,
            "start": one.start.isoformat(),
            "end": one.end.isoformat(),
            "ended": one.ended and one.ended.value,
            "begun": one in life.standings,
        }
        for one in (*life.standings, *life.decreed)
    ]
    ends = [
        {"number": moved.number, "end": moved.after.isoformat(), "ended": moved.kind.value}
        for moved in move.ends
    ]
    return _with(move.fact, {"standings": standings, "ends": ends}, move.duties)


def stands_of(life: Life) -> dict[str, Any]:
    """Return what boards show of somebody besides state and dates of the duty; what is empty is not said."""
    condition, longer, post = life.condition, life.amendment, life.post
    shown = {
        "report_at": life.report_at,
        "fills": life.fills or None,
        "directed": life.directed or None,
        "seen_at": life.seen_at,
        "condition_code": condition and condition.code,
        "condition_report_at": condition and condition.report_at,
        "extend_until": longer and longer.until,
        "extend_agreed": [party.value for party in longer.agreed] if longer else None,
        "extend_line_id": longer and longer.line_id,
        "hearing": longer and longer.heard,
        "handed_over": life.handed_over or None,
        "extensions": life.extensions or None,
        "checklist": [item.value for item in life.checklist] or None,
        "accident": life.accident,
        "received": [paper.value for paper in life.settling.received] or None,
        "waived": [paper.value for paper in life.settling.waived] or None,
        "owed": [paper.value for paper in life.settling.owed] or None,
        "report_by": life.settling.report_by,
        "claim_by": life.settling.claim_by,
        "rest_lacking": life.rest and life.rest.lacking and life.rest.lacking.value,
        "post_unit_id": post and post.unit_id,
        "acting_mandate_id": post and post.mandate_id,
        "acting_until": post and post.filled_until,
        "acting_wanted": (post is not None and life.held and post.asked_at is not None) or None,
    }
    return {key: _plain(value) for key, value in shown.items() if value is not None}


def _with(fact: Fact, stands: dict[str, Any], duties: Iterable[Duty]) -> Fact:
    asks = [_ask(duty) for duty in duties]
    return replace(fact, data=fact.data | {STANDS: stands, ASKS: asks})


def _ask(duty: Duty) -> dict[str, Any]:
    asked = {
        "kind": duty.kind.value,
        "assignee_id": duty.assignee_id,
        "capacity": duty.capacity and duty.capacity.value,
        "unit_id": duty.unit_id,
        "government_id": duty.government_id,
        "due_at": duty.due_at and duty.due_at.isoformat(),
    }
    return {key: value for key, value in asked.items() if value is not None}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
