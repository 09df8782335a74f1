"""What a second decree says: of the first one, and of the decision that this one is to be undone or corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.commands import CommandKind
from domain.long_days import day
from domain.mutation.decree import DecreeDraft
from domain.mutation.decree_parts import Amended, DictumKind
from domain.mutation.decree_words import Cited, DecreeWords, filled
from domain.mutation.second_words import Second, second_considerations, second_dictums, second_subject
from domain.mutation.states import Does
from domain.rules import RulePack

DOES = {
    CommandKind.CANCEL_MUTATION: Does.CANCELS,
    CommandKind.REVOKE_DECREE: Does.REVOKES,
    CommandKind.CORRECT_DECREE: Does.CORRECTS,
}
"""Which decision orders a second decree -> what that does to the one before it."""


def worded(
    first: DecreeDraft,
    case_id: str,
    amended: Any,
    pack: RulePack,
    *,
    signed: DecreeDraft | None,
    between: bool = False,
) -> DecreeDraft:
    """Return the second decree about one person of the first: the same head, laws, place and copies, and words of its own.

    `first` is the first one as it would be said now, with the instants and the hand of the second; `amended` its row with
    the decision's; `signed` what it said when it was signed, by whose order its dictums are called; `between` where it appoints
    whoever comes from another government.
    """
    zone = ZoneInfo(first.zone)
    does = DOES[CommandKind(amended["kind"])]
    told = amended["details"]
    second = Second(
        does=does,
        former=Cited(amended["number"], amended["signed_at"].astimezone(zone).date()),
        authority=first.authority,
        ground=amended["choice"] if does == Does.CANCELS else None,
        forced_by=_forced_by(told),
        again=_again(amended, zone),
        corrections=tuple(
            Cited(number, at.astimezone(zone).date())
            for number, at in zip(amended["numbers"], amended["days"], strict=True)
        ),
        unasked=amended["unasked"],
        between=between,
        reads=_reads(signed or first, amended, pack.decree.where(between=between), zone),
    )
    signed_on = first.effective_at.astimezone(zone).date() if first.effective_at else None
    return replace(
        first,
        amends=Amended(
            does=does,
            decree_id=str(amended["decree_id"]),
            number=amended["number"],
            facts_sha256=amended["facts_sha256"],
        ),
        subject=second_subject(pack.second, second),
        considerations=second_considerations(pack.second, second),
        notes=(),
        dictums=second_dictums(pack.second, second, signed_on, pack.decree.error),
        moves=tuple(move for move in first.moves if move.case_id == case_id),
        objection=first.objection if _contested(second, amended) else None,
    )


def _contested(second: Second, amended: Any) -> bool:
    """Say whether the person may object: not to what their own objection asked for, and to a correction of a correction no more.

    Where the first decree stands again unasked, they may object to that one, if they were served it.
    """
    if second.does == Does.CORRECTS:
        return second.unasked or not second.corrections
    unasked = second.unasked or second.does == Does.CANCELS
    return unasked and (second.again is None or bool(amended["served"]))


def _again(amended: Any, zone: ZoneInfo) -> Cited | None:
    """The decree that stands again, where the one that is undone had undone it."""
    if amended["again_number"] is None:
        return None
    return Cited(amended["again_number"], amended["again_at"].astimezone(zone).date())


def _forced_by(told: dict[str, Any]) -> Cited | None:
    if "number" not in told:
        return None
    return Cited(str(told["number"]), date.fromisoformat(told["dated"]) if "dated" in told else None)


def _reads(first: DecreeDraft, amended: Any, words: DecreeWords, zone: ZoneInfo) -> tuple[int, str] | None:
    """Which dictum reads how: the date of the effect in the standing words, any other one as the decision has it."""
    told = amended["details"]
    if "effective_at" in told:
        on = datetime.fromisoformat(told["effective_at"]).astimezone(zone).date()
        return _place(first, DictumKind.EFFECT), filled(words.effect, {"{effective_date}": day(on)})
    if "dictum" not in told or amended["meant"] is None:
        return None
    return _place(first, DictumKind(told["dictum"])), amended["meant"]


def _place(first: DecreeDraft, kind: DictumKind) -> int:
    return [one.kind for one in first.dictums].index(kind) + 1
