"""What a case writes when it moves: the new life, the fact for the log, the duty that follows.

Workflows build these values, activities hand them to a book, a book writes each in one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain import operation, secondment, surge
from domain.authority import Capacity
from domain.commands import CommandState
from domain.facts import PAPERWORK
from domain.lines import LineChange
from domain.log import Attribution, Fact
from domain.relief import stays_or_leaves
from domain.requests import RequestKind
from domain.standings import EndMoved, Standing

NOT_BY_THE_BOOKS = "not_by_the_books"
"""The books hold nothing from which a move would follow, whoever sends it."""
OF_THE_SURGE = "system:surge"
"""Who moves somebody by a signal of their surge."""
OF_THE_CLOCK = "system:clock"
"""Who moves a case when a deadline has passed."""


class TaskKind(StrEnum):
    """What somebody is asked to do."""

    APPROVE_SURGE = "APPROVE_SURGE"
    CONFIRM_PLAN = "CONFIRM_PLAN"
    ANSWER_OFFER = "ANSWER_OFFER"
    DECIDE_RELEASE = "DECIDE_RELEASE"
    SIGN_ORDER = "SIGN_ORDER"
    CHECK_IN = "CHECK_IN"
    COMPLETE_CHECK_IN = "COMPLETE_CHECK_IN"
    SIGN_DEMOB = "SIGN_DEMOB"
    CONFIRM_RETURN = "CONFIRM_RETURN"
    EXTEND_OR_END = "EXTEND_OR_END"
    ANSWER_CONDITION = "ANSWER_CONDITION"
    FIND_PERSON = "FIND_PERSON"
    FILE_ACCIDENT_REPORT = "FILE_ACCIDENT_REPORT"
    COVER_DUTY = "COVER_DUTY"
    ANSWER_EXTENSION = "ANSWER_EXTENSION"
    ANSWER_REASSIGNMENT = "ANSWER_REASSIGNMENT"
    FILE_AFTER_ACTION = "FILE_AFTER_ACTION"
    ARCHIVE_OPERATION = "ARCHIVE_OPERATION"
    RESUBMIT_SURGE = "RESUBMIT_SURGE"
    RATIFY_ORAL_ORDER = "RATIFY_ORAL_ORDER"
    CHASE_PLAN = "CHASE_PLAN"
    CHASE_ORDER = "CHASE_ORDER"
    CLOSE_SURGE = "CLOSE_SURGE"
    EXPECT_RETURN = "EXPECT_RETURN"
    KNOW_NEW_POST = "KNOW_NEW_POST"
    LETTER_ENDING = "LETTER_ENDING"
    NAME_ACTING_HEAD = "NAME_ACTING_HEAD"
    CHASE_ACTING_HEAD = "CHASE_ACTING_HEAD"
    CHASE_ACCIDENT_REPORT = "CHASE_ACCIDENT_REPORT"
    GRANT_REST = "GRANT_REST"
    RELIEVE_OR_END = "RELIEVE_OR_END"
    FILL_OR_REDUCE = "FILL_OR_REDUCE"
    ADD_OR_STAND_DOWN = "ADD_OR_STAND_DOWN"
    BACKFILL_OR_DECLINE = "BACKFILL_OR_DECLINE"
    KNOW_THIN_UNIT = "KNOW_THIN_UNIT"
    FILE_REPORT = "FILE_REPORT"
    EVALUATE_PERSON = "EVALUATE_PERSON"
    SETTLE_CLAIM = "SETTLE_CLAIM"
    CHASE_SETTLEMENT = "CHASE_SETTLEMENT"
    DECIDE_SETTLEMENT = "DECIDE_SETTLEMENT"
    RECEIVE_MUTATION = "RECEIVE_MUTATION"
    SCREEN_MUTATION = "SCREEN_MUTATION"
    MEND_MUTATION = "MEND_MUTATION"
    ANSWER_HEARING = "ANSWER_HEARING"
    ASSESS_MUTATION = "ASSESS_MUTATION"
    OBTAIN_CLEARANCE = "OBTAIN_CLEARANCE"
    COMPLETE_FILE = "COMPLETE_FILE"
    COUNSEL_MUTATION = "COUNSEL_MUTATION"
    DECIDE_MUTATION = "DECIDE_MUTATION"
    PREPARE_DECREE = "PREPARE_DECREE"
    INITIAL_DECREE = "INITIAL_DECREE"
    SIGN_DECREE = "SIGN_DECREE"
    SERVE_DECREE = "SERVE_DECREE"
    INAUGURATE = "INAUGURATE"
    BEGIN_HANDOVER = "BEGIN_HANDOVER"
    FILE_HANDOVER_RECORD = "FILE_HANDOVER_RECORD"
    FILE_DUTY_START = "FILE_DUTY_START"
    SETTLE_NO_SHOW = "SETTLE_NO_SHOW"
    SETTLE_ABSENCE = "SETTLE_ABSENCE"
    SETTLE_EFFECT = "SETTLE_EFFECT"
    REPORT_MUTATION = "REPORT_MUTATION"
    RETRACT_ENTRY = "RETRACT_ENTRY"
    ANSWER_BKN = "ANSWER_BKN"
    SETTLE_IMPEDIMENT = "SETTLE_IMPEDIMENT"
    REVIEW_OBJECTION = "REVIEW_OBJECTION"
    ANSWER_OBJECTION = "ANSWER_OBJECTION"
    PROPOSE_REVERSAL = "PROPOSE_REVERSAL"
    CHASE_MUTATION = "CHASE_MUTATION"


@dataclass(frozen=True)
class Duty:
    """A task to open: for one person, or for whoever holds a capacity (in a unit).

    `government_id` is in whose inbox it lies, where that is another government than the case's.
    """

    kind: TaskKind
    due_at: datetime | None = None
    assignee_id: str | None = None
    capacity: Capacity | None = None
    unit_id: str | None = None
    government_id: str | None = None


@dataclass(frozen=True)
class Seat:
    """What a person is asked to fill, and from where: constant for the whole secondment."""

    placement_id: str
    government_id: str
    surge_id: str
    line_id: str
    person_id: str
    unit_id: str
    home_role: str
    role: str
    site: str
    kind: RequestKind = RequestKind.DISASTER


@dataclass(frozen=True)
class SecondmentMove:
    """One move of one person; `duties` replace the open ones of the case.

    `successor` is the same person's life on another post, which begins in the transaction in which this one ends.
    """

    seat: Seat
    life: secondment.Life
    fact: Fact
    duties: tuple[Duty, ...] = ()
    successor: Successor | None = None

    @property
    def news(self) -> bool:
        """Whether the surge must look: the seat, the order or the end of the duty is no more what it was.

        What becomes of somebody's papers is the surge's affair no more.
        """
        amended = self.life.amendment is not None
        looks = self.life.news or stays_or_leaves(self.fact.type, amended=amended)
        return looks and self.fact.type not in PAPERWORK


@dataclass(frozen=True)
class Successor:
    """A person's life on the post that they were moved to, and the placement that it is the life of."""

    placement_id: str
    line_id: str
    life: secondment.Life


@dataclass(frozen=True)
class SurgeMove:
    """One move of a surge; `duties` replace the open ones of the case when given."""

    surge_id: str
    government_id: str
    life: surge.Life
    fact: Fact
    duties: tuple[Duty, ...] | None = None
    override: Override | None = None
    line: LineChange | None = None


@dataclass(frozen=True)
class Override:
    """A named person lets a unit lend `extra` people of a role beyond what its workload allows."""

    unit_id: str
    role: str
    extra: int
    reason_code: str


@dataclass(frozen=True)
class OperationMove:
    """One move of an operation: the standing that it declared, if any, and the ends that it moved, by which decree."""

    operation_id: str
    government_id: str
    life: operation.Life
    fact: Fact
    duties: tuple[Duty, ...] = ()
    decree: Decree | None = None
    declared: Standing | None = None
    ends: tuple[EndMoved, ...] = ()


@dataclass(frozen=True)
class Decree:
    """The paper that a decision about statuses stands on, and when that was decided; `area` only with a declaration.

    `statement` is the number of the statement of inability by which a lower level asks a higher one to lead.
    """

    decided_at: datetime
    number: str = ""
    date: str | None = None
    area: str = ""
    statement: str | None = None


@dataclass(frozen=True)
class CoverLost:
    """What telling an operation's people about its cover came to: how many lost it, how many have it again.

    `more` when there are people left to tell; once there are none, `surges` names every open one of the operation.
    """

    lost: int
    regained: int
    surges: tuple[str, ...]
    more: bool


@dataclass(frozen=True)
class Refusal:
    """A decision that does not stand: told to the person and to the log."""

    command_id: str
    government_id: str
    case_id: str
    code: str
    at: datetime
    by: Attribution


@dataclass(frozen=True)
class Written:
    """The move is in the books; `again` when it had been written before.

    `news` when the surge must be told to look: of many moves between two of its looks, only the
    first is news (and one that is written again, since nobody knows whether it was told).
    `refused` when a guard of the books does not let the move be: nothing was written, and the code says why.
    `elsewhere` is another surge that must look, since somebody moves there; `begun` is the person's life on the other post.
    """

    again: bool = False
    news: bool = False
    refused: str | None = None
    elsewhere: str | None = None
    begun: Begun | None = None


@dataclass(frozen=True)
class Begun:
    """A secondment that a move of another one has begun, and the rule pack that it lives by."""

    seat: Seat
    life: secondment.Life
    rule_pack: str


@dataclass(frozen=True)
class Answered:
    """A command's final state, as found in the books."""

    state: CommandState
    refusal: str | None = None


@dataclass(frozen=True)
class LineShort:
    """What a plan leaves empty of one line, and the code of the reason."""

    line_id: str
    missing: int
    reason: str


@dataclass(frozen=True)
class KeptPlan:
    """A plan as one surge sees it: people picked for it, and what stays empty."""

    picks: int
    short: tuple[LineShort, ...]
