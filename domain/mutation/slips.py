"""What an erratum may mend: a slip of writing. What was approved is wrong in substance, and needs a correction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from domain.long_days import day
from domain.mutation.codes import RANKS, Grade
from domain.mutation.decree import DecreeDraft
from domain.mutation.decree_parts import Move

_AT_AN_EDGE = 2
"""So many words that a text shares with the edge of a fact are about that fact; one alone may be anybody's."""

_WORD = re.compile(r"\w+(?:/\w+)*")


def approved_facts(draft: DecreeDraft) -> frozenset[str]:
    """Return what a decree says that was approved, as it words it: from when on, and each one's posts, units and rank."""
    told = {fact for move in draft.moves for fact in _of_move(move)}
    if draft.effective_at:
        on = day(draft.effective_at.astimezone(ZoneInfo(draft.zone)).date())
        told |= {on, f"tanggal {on}"}
    return frozenset(told - {""})


def mends_a_fact(written: str, meant: str, facts: Iterable[str]) -> bool:
    """Say whether what is written is, or is part of, an approved fact that what is meant does not leave as it is."""
    was, to_be = _words(written), _words(meant)
    return any(
        not _stands_in(shared, to_be) for fact in facts for shared in _shared(was, _words(fact)) if shared
    )


def _of_move(move: Move) -> Iterator[str]:
    for post in (move.origin, move.receiving):
        yield from (post.position, post.unit)
    rank = move.person.rank
    yield rank
    if rank in tuple(Grade):
        yield RANKS[Grade(rank)]


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def _shared(text: tuple[str, ...], fact: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Each run of words by which the text stands in the fact, the fact in the text, or one at the other's edge."""
    for shift in range(1 - len(text), len(fact)):
        begins, ends = max(0, -shift), min(len(text), len(fact) - shift)
        run = text[begins:ends]
        enough = len(run) in (len(text), len(fact)) or len(run) >= _AT_AN_EDGE
        if enough and run == fact[begins + shift : ends + shift]:
            yield run


def _stands_in(run: tuple[str, ...], text: tuple[str, ...]) -> bool:
    return any(text[at : at + len(run)] == run for at in range(len(text) - len(run) + 1))
