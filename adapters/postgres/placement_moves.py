"""A move of a secondment, put down in its placement's row."""

from __future__ import annotations

from datetime import date, datetime

from adapters.postgres.database import Connection, queries
from adapters.postgres.placements import rest_columns
from domain import secondment
from domain.facts import ARRIVALS
from domain.moves import SecondmentMove

_GONE = (secondment.LET_GO | secondment.ABSENT | secondment.HOMEWARD) - {secondment.State.DEMOBILISING}
"""Not at the site any more."""


class RevisionConflict(RuntimeError):
    """Two runs moved one case at the same time; retrying will not help, somebody must look."""


async def move_placement(connection: Connection, move: SecondmentMove) -> None:
    """Move the row to the next revision; raises RevisionConflict where that is not the next one."""
    life, state = move.life, secondment.State
    amendment, condition, post, death = life.amendment, life.condition, life.post, life.death
    proves = move.fact.type == "ArrivalProved"
    done = await queries.move_placement(
        connection,
        placement_id=move.seat.placement_id,
        state=life.state.value,
        revision=life.revision,
        since=life.since,
        home_by=life.home_by,
        notices=life.notices,
        escalation=life.escalation,
        report_at=life.report_at,
        due_back=life.due_back,
        held=life.held,
        out=life.out,
        fills=life.fills,
        leaving=life.leaving and life.leaving.value,
        seen_at=life.seen_at,
        uncovered_from=life.uncovered_from,
        condition_code=condition.code if condition else None,
        condition_report_at=condition.report_at if condition else None,
        extend_until=amendment.until if amendment else None,
        extend_agreed=[party.value for party in amendment.agreed] if amendment else [],
        extend_waiver=bool(amendment and amendment.waiver),
        extend_by=list(amendment.by) if amendment else [],
        extend_side=amendment.side if amendment else None,
        extensions=life.extensions,
        lapsed=life.lapsed,
        checklist=[item.value for item in life.checklist],
        accident=life.accident,
        accident_by=life.accident_by,
        death_was=death.was if death else None,
        death_by=list(death.by) if death else [],
        death_accident=death.accident if death else None,
        death_accident_by=death.accident_by if death else None,
        acting_mandate_id=post.mandate_id if post else None,
        acting_until=post.filled_until if post else None,
        acting_asked_at=post.asked_at if post else None,
        acting_urged=post.urged if post else 0,
        **rest_columns(life.rest),
        departs=life.state == state.MOBILISING and move.fact.type == "Mobilised",
        handed_over=life.handed_over,
        extend_line_id=amendment.line_id if amendment else None,
        extend_since=amendment.since if amendment else None,
        hearing=amendment.heard if amendment else None,
        line_id=move.seat.line_id,
        leaves=life.state in _GONE,
        served_until=life.served_until,
        left_at=life.served_until if proves and life.state not in secondment.DEPLOYED else None,
        # Somebody who is checked in may be told other things before the duty starts: they arrived once.
        checks_in=move.fact.type in ARRIVALS,
        arrived_at=_instant(move.fact.data.get("reported_at")),
        # What is told of somebody who is back moves no return.
        returns=move.fact.type == "Returned",
        settles=life.settles,
        received=[paper.value for paper in life.settling.received],
        waived=[paper.value for paper in life.settling.waived],
        owed=[paper.value for paper in life.settling.owed],
        report_by=life.settling.report_by,
        claim_by=life.settling.claim_by,
        urge_at=life.settling.urge_at,
        papers_urged=life.settling.urged,
        at=move.fact.at,
    )
    if done != "UPDATE 1":
        raise RevisionConflict(
            f"{move.fact.case_id}: revision {life.revision - 1} is not the one in the books"
        )
    if move.fact.type == "ClaimSettled":
        await _note_claim(connection, move)
    if move.fact.type == "AffectedConfirmed":
        until = _instant(move.fact.data.get("until")) or life.due_back
        await queries.mark_affected(connection, placement_id=move.seat.placement_id, until=until)


async def _note_claim(connection: Connection, move: SecondmentMove) -> None:
    """Keep by which document the claim was settled, and how much it says was paid."""
    said = move.fact.data
    await queries.settle_claim(
        connection,
        placement_id=move.seat.placement_id,
        reference=said["reference"],
        dated=date.fromisoformat(said["dated"]),
        amount=int(said["amount"]),
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
