"""The standing words of a decree, from the rule pack: considerations, laws and dictums for these many people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from domain.long_days import day
from domain.mutation.decree_parts import Dictum, DictumKind
from domain.mutation.legal_bases import read_basis
from domain.mutation.rules import ClearanceKind
from domain.rule_finder import Finder, RulePackInvalid

OPEN = "……………"
"""What stands on a draft where nobody knows yet what will stand there."""


@dataclass(frozen=True)
class DecreeWords:
    """What every decree of mutation says in the same words."""

    subject: str
    subject_between: str
    considerations: tuple[str, ...]
    legal_bases: tuple[str, ...]
    posting_one: str
    posting_many: str
    posting_between: str
    pay: str
    duties: str
    effect: str
    error: str
    copies_to: tuple[str, ...]
    verification_base: str
    notes: Mapping[ClearanceKind, str]


def read_decree_words(find: Finder) -> DecreeWords:
    """Return the words under `documents.decree`; raises RulePackInvalid naming the key that is wrong."""
    at = "documents.decree"
    laws = find.texts(f"{at}.legal_bases")
    if unread := [law for law in laws if read_basis(law) is None]:
        raise RulePackInvalid(
            f"rule pack: {at}.legal_bases: {unread[0]!r} names no rank, number, year and subject"
        )
    effect = find.text(f"{at}.effect")
    if "{effective_date}" not in effect:
        raise RulePackInvalid(f"rule pack: {at}.effect must say {{effective_date}}")
    return DecreeWords(
        subject=find.text(f"{at}.subject"),
        subject_between=find.text(f"{at}.subject_between"),
        considerations=find.texts(f"{at}.considerations"),
        legal_bases=laws,
        posting_one=find.text(f"{at}.posting_one"),
        posting_many=find.text(f"{at}.posting_many"),
        posting_between=find.text(f"{at}.posting_between"),
        pay=find.text(f"{at}.pay"),
        duties=find.text(f"{at}.duties"),
        effect=effect,
        error=find.text(f"{at}.error"),
        copies_to=find.texts(f"{at}.copies_to"),
        verification_base=find.text(f"{at}.verification_base"),
        notes={one: find.text(f"{at}.notes.{one}") for one in ClearanceKind},
    )


def standing_dictums(
    words: DecreeWords, people: int, effective_on: date | None, *, between: bool = False
) -> tuple[Dictum, ...]:
    """Give the five dictums of a decree that moves so many people from this day on; a draft may not know which.

    `between` governments another office has moved the one person, who is appointed by this paper.
    """
    on = OPEN if effective_on is None else day(effective_on)
    posting = words.posting_between if between else words.posting_one
    return (
        Dictum(DictumKind.POSTING, posting if people == 1 else words.posting_many),
        Dictum(DictumKind.PAY, words.pay),
        Dictum(DictumKind.DUTIES, words.duties),
        Dictum(DictumKind.EFFECT, words.effect.replace("{effective_date}", on)),
        Dictum(DictumKind.ERROR, words.error),
    )


def standing_considerations(
    words: DecreeWords, *, government: str, authority: str, subject: str
) -> tuple[str, ...]:
    """Give the considerations with their offices named."""
    named = {"{government}": government, "{authority}": authority, "{subject}": subject}
    return tuple(_filled(line, named) for line in words.considerations)


def standing_subject(words: DecreeWords, government: str, *, between: bool = False) -> str:
    """Give the subject (TENTANG) with its government named; `between` two of them it is an appointment."""
    return _filled(words.subject_between if between else words.subject, {"{government}": government})


def noted(words: DecreeWords, papers: Iterable[tuple[str, str, date | None]]) -> tuple[str, ...]:
    """Give what the decree takes note of: the papers of others, as (clearance, number, date), in the order of the route."""
    known = {clearance: (number, dated) for clearance, number, dated in papers}
    return tuple(_note(words.notes[one], *known[one]) for one in ClearanceKind if one in known)


def _note(paper: str, number: str, dated: date | None) -> str:
    return f"{paper} Nomor {number}" + (f" tanggal {day(dated)}" if dated else "")


def _filled(line: str, named: dict[str, str]) -> str:
    for mark, text in named.items():
        line = line.replace(mark, text)
    return line
