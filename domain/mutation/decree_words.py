"""The standing words of a decree, from the rule pack: considerations, laws and dictums for these many people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.long_days import day
from domain.mutation.decree_parts import Dictum, DictumKind
from domain.mutation.legal_bases import read_basis
from domain.rule_finder import Finder, RulePackInvalid

OPEN = "……………"
"""What stands on a draft where nobody knows yet what will stand there."""


@dataclass(frozen=True)
class DecreeWords:
    """What every decree of mutation says in the same words."""

    subject: str
    considerations: tuple[str, ...]
    legal_bases: tuple[str, ...]
    posting_one: str
    posting_many: str
    pay: str
    duties: str
    effect: str
    error: str
    copies_to: tuple[str, ...]
    verification_base: str


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
        considerations=find.texts(f"{at}.considerations"),
        legal_bases=laws,
        posting_one=find.text(f"{at}.posting_one"),
        posting_many=find.text(f"{at}.posting_many"),
        pay=find.text(f"{at}.pay"),
        duties=find.text(f"{at}.duties"),
        effect=effect,
        error=find.text(f"{at}.error"),
        copies_to=find.texts(f"{at}.copies_to"),
        verification_base=find.text(f"{at}.verification_base"),
    )


def standing_dictums(words: DecreeWords, people: int, effective_on: date | None) -> tuple[Dictum, ...]:
    """Give the five dictums of a decree that moves so many people from this day on; a draft may not know which."""
    on = OPEN if effective_on is None else day(effective_on)
    return (
        Dictum(DictumKind.POSTING, words.posting_one if people == 1 else words.posting_many),
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


def standing_subject(words: DecreeWords, government: str) -> str:
    """Give the subject (TENTANG) with its government named."""
    return _filled(words.subject, {"{government}": government})


def _filled(line: str, named: dict[str, str]) -> str:
    for mark, text in named.items():
        line = line.replace(mark, text)
    return line
