"""The standing words of a decree, from the rule pack: considerations, laws, notes and dictums of these cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from domain.long_days import day
from domain.mutation.decree_parts import Dictum, DictumKind
from domain.mutation.legal_bases import read_basis
from domain.mutation.rules import ClearanceKind, DecreeOffice
from domain.rule_finder import Finder, RulePackInvalid

_ELSEWHERE = tuple(one for one in DecreeOffice if one != DecreeOffice.APPOINTING_AUTHORITY)
OPEN = "……………"
"""What stands on a draft where nobody knows yet what will stand there."""


@dataclass(frozen=True)
class Cited:
    """A paper that a decree names: its number, and its day where that is known."""

    number: str
    dated: date | None

    def __str__(self) -> str:
        return f"Nomor {self.number}" + (f" tanggal {day(self.dated)}" if self.dated else "")


class Asked(Enum):
    """Who of those on a decree has asked for the move."""

    NOBODY = 0
    SOME = 1
    ALL = 2

    @classmethod
    def of(cls, asked: Sequence[bool]) -> Asked:
        """Return it of who has asked, one by one."""
        return (cls.ALL if all(asked) else cls.SOME) if any(asked) else cls.NOBODY


@dataclass(frozen=True)
class DecreeWords:
    """What every decree of mutation says in the same words, and what is added where a case is of such a kind."""

    subject: str
    subject_between: str
    considerations: tuple[str, ...]
    considerations_between: tuple[str, ...]
    own_request: str
    own_request_of_some: str
    reversal: str
    reversal_between: str
    revocation: str
    clearances: dict[ClearanceKind, str]
    offices: dict[DecreeOffice, str]
    panel: str
    counsel: str
    minutes: str
    legal_bases: tuple[str, ...]
    posting_one: str
    posting_many: str
    posting_between: str
    posting_between_many: str
    pay: str
    duties: str
    effect: str
    effect_between: str
    error: str
    copies_to: tuple[str, ...]
    copies_to_between: tuple[str, ...]
    verification_base: str

    def where(self, *, between: bool) -> DecreeWords:
        """Return the words of a decree that moves within one government, or appoints whoever comes from another one."""
        if not between:
            return self
        return replace(
            self,
            subject=self.subject_between,
            considerations=self.considerations_between,
            posting_one=self.posting_between,
            posting_many=self.posting_between_many,
            effect=self.effect_between,
            copies_to=self.copies_to_between,
        )


def read_decree_words(find: Finder) -> DecreeWords:
    """Return the words under `documents.decree`; raises RulePackInvalid naming the key that is wrong."""
    at = "documents.decree"
    laws = find.texts(f"{at}.legal_bases")
    if unread := [law for law in laws if read_basis(law) is None]:
        raise RulePackInvalid(
            f"rule pack: {at}.legal_bases: {unread[0]!r} names no rank, number, year and subject"
        )
    for key in (f"{at}.effect", f"{at}.effect_between"):
        if "{effective_date}" not in find.text(key):
            raise RulePackInvalid(f"rule pack: {key} must say {{effective_date}}")
    for key in (f"{at}.considerations", f"{at}.considerations_between"):
        if "{letters}" not in find.texts(key)[-1]:
            raise RulePackInvalid(f"rule pack: {key}: the last one must say {{letters}}")
    return DecreeWords(
        subject=find.text(f"{at}.subject"),
        subject_between=find.text(f"{at}.subject_between"),
        considerations=find.texts(f"{at}.considerations"),
        considerations_between=find.texts(f"{at}.considerations_between"),
        own_request=find.text(f"{at}.own_request"),
        own_request_of_some=find.text(f"{at}.own_request_of_some"),
        reversal=find.text(f"{at}.reversal"),
        reversal_between=find.text(f"{at}.reversal_between"),
        revocation=find.text(f"{at}.revocation"),
        clearances={one: find.text(f"{at}.clearances.{one}") for one in ClearanceKind},
        offices={one: find.text(f"{at}.offices.{one}") for one in _ELSEWHERE},
        panel=find.text(f"{at}.panel"),
        counsel=find.text(f"{at}.counsel"),
        minutes=find.text(f"{at}.minutes"),
        legal_bases=laws,
        posting_one=find.text(f"{at}.posting_one"),
        posting_many=find.text(f"{at}.posting_many"),
        posting_between=find.text(f"{at}.posting_between"),
        posting_between_many=find.text(f"{at}.posting_between_many"),
        pay=find.text(f"{at}.pay"),
        duties=find.text(f"{at}.duties"),
        effect=find.text(f"{at}.effect"),
        effect_between=find.text(f"{at}.effect_between"),
        error=find.text(f"{at}.error"),
        copies_to=find.texts(f"{at}.copies_to"),
        copies_to_between=find.texts(f"{at}.copies_to_between"),
        verification_base=find.text(f"{at}.verification_base"),
    )


def standing_dictums(
    words: DecreeWords,
    people: int,
    effective_on: date | None,
    *,
    authority: str = "",
    undone: tuple[Cited, ...] = (),
) -> tuple[Dictum, ...]:
    """Give the dictums of a decree that moves so many people from this day on, and revokes what it undoes.

    A draft may not know which day.
    """
    on = OPEN if effective_on is None else day(effective_on)
    return (
        Dictum(DictumKind.POSTING, words.posting_one if people == 1 else words.posting_many),
        *(Dictum(DictumKind.REVOCATION, as_former(words.revocation, authority, one)) for one in undone),
        Dictum(DictumKind.PAY, words.pay),
        Dictum(DictumKind.DUTIES, words.duties),
        Dictum(DictumKind.EFFECT, words.effect.replace("{effective_date}", on)),
        Dictum(DictumKind.ERROR, words.error),
    )


def standing_considerations(
    words: DecreeWords,
    *,
    government: str,
    authority: str,
    subject: str,
    asked: Asked = Asked.NOBODY,
    undone: tuple[Cited, ...] = (),
    come_back_from: tuple[tuple[str, Cited], ...] = (),
) -> tuple[str, ...]:
    """Give the considerations with their offices named: the standing ones, and before the last what these cases add.

    `come_back_from` are decrees by which another government had appointed, whose office each is of.
    """
    own = {Asked.SOME: words.own_request_of_some, Asked.ALL: words.own_request}
    *first, last = words.considerations
    why = [
        *first,
        *([own[asked]] if asked in own else []),
        *(as_former(words.reversal, authority, one) for one in undone),
        *(as_former(words.reversal_between, by, one) for by, one in come_back_from),
    ]
    named = {
        "{government}": government,
        "{authority}": authority,
        "{subject}": subject,
        "{letters}": letters(len(why)),
    }
    return tuple(filled(line, named) for line in (*why, last))


def taken_note_of(
    words: DecreeWords,
    granted: Iterable[tuple[ClearanceKind, Cited]],
    minutes: Sequence[Cited],
    *,
    panel: Iterable[Cited] = (),
    counsel: Iterable[Cited] = (),
    decreed_by: Mapping[Cited, DecreeOffice] | None = None,
) -> tuple[str, ...]:
    """Give what is taken note of: each clearance that has a paper, in the order of the procedure, the panel's minutes and the PyB's
    counsel where they have one, then the minutes of the hearings. `decreed_by` says of a decree that moves somebody between
    governments whose it is.
    """
    by = decreed_by or {}
    order = list(ClearanceKind)
    papers = sorted(set(granted), key=lambda one: (order.index(one[0]), one[1].number, str(one[1].dated)))
    return (
        *(
            f"{words.clearances[kind].replace('{office}', words.offices[by[paper]] if paper in by else OPEN)} {paper}"
            for kind, paper in papers
        ),
        *(f"{words.panel} {one}" for one in _each(panel)),
        *(f"{words.counsel} {one}" for one in _each(counsel)),
        *(f"{words.minutes} {one}" for one in minutes),
    )


def _each(papers: Iterable[Cited]) -> list[Cited]:
    """Return each paper once: one may be about many cases."""
    return sorted(set(papers), key=lambda one: (one.number, str(one.dated)))


def as_former(line: str, authority: str, former: Cited) -> str:
    """Return a line with the decree named that it is about, and whose it is."""
    dated = day(former.dated) if former.dated else OPEN
    return filled(line, {"{authority}": authority, "{number}": former.number, "{date}": dated})


def letters(count: int) -> str:
    """Name so many considerations: `huruf a`, `huruf a dan huruf b`, `huruf a, huruf b, dan huruf c`."""
    parts = [f"huruf {chr(ord('a') + at)}" for at in range(count)]
    if len(parts) < 3:
        return " dan ".join(parts)
    return f"{', '.join(parts[:-1])}, dan {parts[-1]}"


def standing_subject(words: DecreeWords, government: str) -> str:
    """Give the subject (TENTANG) with its government named."""
    return filled(words.subject, {"{government}": government})


def filled(line: str, named: dict[str, str]) -> str:
    """Return a line with each mark replaced by its text."""
    for mark, text in named.items():
        line = line.replace(mark, text)
    return line
