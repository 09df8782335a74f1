"""The words of a second decree, from the rule pack: which decree it undoes or corrects, why, and how that one reads now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from string import Formatter

from domain.long_days import day
from domain.long_numbers import ordinal
from domain.mutation.decree_parts import Dictum, DictumKind
from domain.mutation.decree_words import OPEN, Cited, as_former, filled, letters
from domain.mutation.reasons import Cancellation
from domain.mutation.states import Does
from domain.rule_finder import Finder, RulePackInvalid

_UNASKED = {Does.REVOKES: "REVOKES_UNASKED", Does.CORRECTS: "CORRECTS_UNASKED"}
_CODES = (*Cancellation, Does.REVOKES, Does.CORRECTS, *_UNASKED.values())
_MUST_SAY = {
    **dict.fromkeys(
        ("revoking_subject", "correcting_subject", "again", "corrected", "corrected_often"), "{number}"
    ),
    "correcting_again": "{time}",
    "former_second": "{again}",
    "effect": "{effective_date}",
}


@dataclass(frozen=True)
class SecondWords:
    """What every second decree says in the same words; `grounds` by the code of why, or by what it does of an objection, or
    without one.
    """

    revoking_subject: str
    correcting_subject: str
    correcting_again: str
    corrected: str
    corrected_often: str
    former: str
    move: str
    move_between: str
    former_second: str
    grounds: dict[str, str]
    forced: str
    last: str
    revoking: str
    back: str
    again: str
    correcting: str
    effect: str


def read_second_words(find: Finder) -> SecondWords:
    """Return the words under `documents.second_decree`; raises RulePackInvalid naming the key that is wrong."""
    at = "documents.second_decree"
    for key, mark in {**_MUST_SAY, "correcting": "{reads}", "last": "{letters}"}.items():
        if mark not in [f"{{{name}}}" for _, name, _, _ in Formatter().parse(find.text(f"{at}.{key}"))]:
            raise RulePackInvalid(f"rule pack: {at}.{key} must say {mark}")
    return SecondWords(
        revoking_subject=find.text(f"{at}.revoking_subject"),
        correcting_subject=find.text(f"{at}.correcting_subject"),
        correcting_again=find.text(f"{at}.correcting_again"),
        corrected=find.text(f"{at}.corrected"),
        corrected_often=find.text(f"{at}.corrected_often"),
        former=find.text(f"{at}.former"),
        move=find.text(f"{at}.move"),
        move_between=find.text(f"{at}.move_between"),
        former_second=find.text(f"{at}.former_second"),
        grounds={str(code): find.text(f"{at}.grounds.{code}") for code in _CODES},
        forced=find.text(f"{at}.forced"),
        last=find.text(f"{at}.last"),
        revoking=find.text(f"{at}.revoking"),
        back=find.text(f"{at}.back"),
        again=find.text(f"{at}.again"),
        correcting=find.text(f"{at}.correcting"),
        effect=find.text(f"{at}.effect"),
    )


@dataclass(frozen=True, kw_only=True)
class Second:
    """What a second decree is about: what it does to which decree, of whose office, and on which ground.

    `ground` is the code of a cancellation, and None of an objection's answer; `forced_by` the paper of another authority
    that forces it; `reads` which dictum of the first decree, counted from 1, reads how; `again` is the decree that stands
    again, where the former had undone it. `corrections` are those by which the first decree reads otherwise already, the oldest
    first; `unasked`: no objection of the person is granted by it. `between`: the first decree appoints somebody who comes from
    another government.
    """

    does: Does
    former: Cited
    authority: str
    ground: str | None = None
    forced_by: Cited | None = None
    reads: tuple[int, str] | None = None
    again: Cited | None = None
    corrections: tuple[Cited, ...] = ()
    unasked: bool = False
    between: bool = False


def second_subject(words: SecondWords, second: Second) -> str:
    """Give the subject (TENTANG): revocation of, or amendment to, which decree; and which amendment, after the first."""
    if second.does != Does.CORRECTS:
        subject = words.revoking_subject
    elif second.corrections:
        time = ordinal(len(second.corrections) + 1).capitalize()
        subject = filled(words.correcting_again, {"{time}": time})
    else:
        subject = words.correcting_subject
    return as_former(subject, second.authority, second.former)


def second_considerations(words: SecondWords, second: Second) -> tuple[str, ...]:
    """Give the considerations: which decree, why it is undone or corrected, and by whose paper where another forces it."""
    answers = _UNASKED.get(second.does, second.does.value) if second.unasked else second.does.value
    ground = answers if second.ground is None else second.ground
    why = [
        _what_it_did(words, second),
        words.grounds[ground],
        *([filled(words.forced, {"{paper}": str(second.forced_by)})] if second.forced_by else []),
    ]
    named = {
        "{authority}": second.authority,
        "{subject}": second_subject(words, second),
        "{letters}": letters(len(why)),
    }
    move = {"{move}": words.move_between if second.between else words.move}
    return (*(filled(line, move) for line in why), filled(words.last, named))


def _what_it_did(words: SecondWords, second: Second) -> str:
    """Give what the former decree did: it moved somebody, or undid the one that stands again."""
    if second.again is None:
        return _as_it_reads(words, words.former, second, second.former)
    return filled(
        as_former(words.former_second, second.authority, second.former), {"{again}": str(second.again)}
    )


def second_dictums(
    words: SecondWords, second: Second, signed_on: date | None, error: str
) -> tuple[Dictum, ...]:
    """Give the dictums: what is undone, or which dictum reads how (blank where its words are gone); and from when, which is
    the day of the signature.
    """
    effect = Dictum(
        DictumKind.EFFECT,
        filled(words.effect, {"{effective_date}": OPEN if signed_on is None else day(signed_on)}),
    )
    if second.does == Does.CORRECTS:
        what = _corrected(words, second, *second.reads) if second.reads else ""
        return Dictum(DictumKind.AMENDMENT, what), effect, Dictum(DictumKind.ERROR, error)
    return (
        _revoking(words, second),
        Dictum(
            DictumKind.OTHER,
            _as_it_reads(words, words.again, second, second.again) if second.again else words.back,
        ),
        effect,
        Dictum(DictumKind.ERROR, error),
    )


def _corrected(words: SecondWords, second: Second, dictum: int, reads: str) -> str:
    named = {"{dictum}": ordinal(dictum), "{reads}": reads.rstrip(".; ")}
    return filled(_as_it_reads(words, words.correcting, second, second.former), named)


def _revoking(words: SecondWords, second: Second) -> Dictum:
    """Revoke the first decree as it reads; what had undone it reads as it did."""
    if second.again:
        return Dictum(DictumKind.REVOCATION, as_former(words.revoking, second.authority, second.former))
    return Dictum(DictumKind.REVOCATION, _as_it_reads(words, words.revoking, second, second.former))


def _as_it_reads(words: SecondWords, line: str, second: Second, decree: Cited) -> str:
    """Return a line with the first decree named, and what has corrected it last."""
    if not second.corrections:
        return as_former(line, second.authority, decree)
    since = words.corrected_often if len(second.corrections) > 1 else words.corrected
    corrected = as_former(since, second.authority, second.corrections[-1])
    # The day ends what a decree is cited by, wherever that stands in the line.
    return as_former(line.replace("{date}", f"{{date}} {corrected}"), second.authority, decree)
