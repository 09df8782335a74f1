"""Whether the books have what a move of a mutation follows from, whoever sends it: a decision, a deadline, or a decree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeGuard

from domain import cases
from domain.commands import Command, CommandKind, CommandState
from domain.log import Attribution
from domain.moves import NOT_BY_THE_BOOKS
from domain.mutation.alarms import next_alarm
from domain.mutation.decisions import TRIGGER_OF
from domain.mutation.decrees import SignatureAsked
from domain.mutation.group_authority import TRIGGER_OF_KIND
from domain.mutation.group_life import GroupLife, GroupState, GroupTrigger
from domain.mutation.life import Life
from domain.mutation.matter import Matter
from domain.mutation.moving import Issued, MutationMove
from domain.mutation.states import State, Trigger

_OF_THE_EFFECT = frozenset({Trigger.TAKE_EFFECT, Trigger.HOLD_UP})
_LATER = timedelta(days=1)


_FAR = {CommandKind.SIGN_DECREE: Trigger.ASK_SIGNATURE}
_FAR_OF_GROUP = {CommandKind.SIGN_DECREE: GroupTrigger.ASK_SIGNATURE}
"""What a decision moves first, where somebody else must do their part before it is done."""


@dataclass(frozen=True)
class Answer:
    """What became of a signature that was asked for: the hash of the signed file, or None where none came of it."""

    decree_id: str
    file_sha256: str | None


@dataclass(frozen=True)
class Books:
    """What the books say of a case before the move: `life` is None before the first one.

    `command` is the decision that the move names, if it names one; `undone` says whether the decree of another case,
    which is in effect, undoes this one; `answer` is what became of the signature that was asked for.
    """

    matter: Matter
    life: Life | None
    command: Command | None
    undone: bool
    answer: Answer | None = None

    @property
    def asked(self) -> SignatureAsked | None:
        """The signature that is waited for."""
        return self.life.asked if self.life else None


@dataclass(frozen=True)
class GroupBooks:
    """What the books say of a batch or a swap before the move, as `Books` of a case."""

    life: GroupLife
    command: Command | None
    answer: Answer | None


_BY_THE_GROUP_ITSELF = frozenset(
    {GroupTrigger.LOOK, GroupTrigger.TAKE_EFFECT, GroupTrigger.HOLD_UP, GroupTrigger.URGE}
)
"""What a group does without a decision: its machine lets it be by what the books hold, and when its time has come."""


def disbelieved_of_group(
    books: GroupBooks, trigger: GroupTrigger, by: Attribution, issues: Issued | None
) -> str | None:
    """Return the code of why a move of a batch or a swap is not believed, or None."""
    life, command = books.life, books.command
    if by.command_id is not None:
        follows = _decided(command, cases.group(life.group), by) and trigger in (
            TRIGGER_OF_KIND.get(command.kind),
            _FAR_OF_GROUP.get(command.kind),
        )
    elif trigger == GroupTrigger.SIGN_DECREE:
        follows = _signed(books.answer, life.asked, issues)
    elif trigger == GroupTrigger.REFUSE_SIGNATURE:
        follows = _answered(books.answer, life.asked)
    else:
        put_away = trigger == GroupTrigger.DISSOLVE and life.state == GroupState.DRAFT
        follows = put_away or trigger in _BY_THE_GROUP_ITSELF
    return None if follows else NOT_BY_THE_BOOKS


def disbelieved(move: MutationMove, books: Books) -> str | None:
    """Return the code of why a move is not believed, or None."""
    return None if move.matter == books.matter and _follows(move, books) else NOT_BY_THE_BOOKS


def _follows(move: MutationMove, books: Books) -> bool:
    if (move.issues is not None) != (move.trigger == Trigger.SIGN_DECREE):
        return False  # a decree comes with its signature, and with nothing else
    if move.fact.by.command_id is not None:
        command = books.command
        return _decided(command, move.fact.case_id, move.fact.by) and move.trigger in (
            TRIGGER_OF.get(command.kind),
            _FAR.get(command.kind),
        )
    match move.trigger:
        case Trigger.SIGN_DECREE:
            return _signed(books.answer, books.asked, move.issues)
        case Trigger.REFUSE_SIGNATURE:
            return _answered(books.answer, books.asked)
        case Trigger.REVERSE:
            return books.undone
        case Trigger.WITHDRAW:  # a draft whose proposal did not stand is put away
            return books.life is None or books.life.state == State.DRAFT
        case _:
            return _due(move, books.life)


def _decided(command: Command | None, case_id: str, by: Attribution) -> TypeGuard[Command]:
    """Whether it is a decision of this case that waits for its answer, by whom the move says."""
    return (
        command is not None
        and command.state == CommandState.RECORDED
        and command.case_id == case_id
        and command.actor_id == by.actor
    )


def _answered(answer: Answer | None, asked: SignatureAsked | None) -> TypeGuard[Answer]:
    """Whether the books hold the answer of whoever was asked to sign."""
    return answer is not None and asked is not None and answer.decree_id == asked.decree_id


def _signed(answer: Answer | None, asked: SignatureAsked | None, issues: Issued | None) -> bool:
    """Whether that answer is the very file that is issued."""
    return (
        _answered(answer, asked)
        and issues is not None
        and (issues.decree_id, issues.file_sha256) == (answer.decree_id, answer.file_sha256)
    )


def _due(move: MutationMove, life: Life | None) -> bool:
    if life is None:
        return False
    if move.trigger in _OF_THE_EFFECT:  # of a swap all take effect at once, by no alarm of their own
        return life.takes_effect_at is not None and life.takes_effect_at <= move.fact.at
    # While the books refuse the effect it is tried later, and what else is due goes first.
    for alarm in (next_alarm(life), next_alarm(life, move.fact.at + _LATER)):
        if alarm is not None and alarm.trigger == move.trigger and alarm.at <= move.fact.at:
            return True
    return False
