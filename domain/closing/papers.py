"""The papers that a return or a conversion leaves, counted over the people of a surge: what came in, what is owed, what was waived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from domain.closing.road import Road
from domain.secondment import Paper, State


@dataclass(frozen=True)
class Papers:
    """Of those who are home or taken over by a decree, how many have reported, were evaluated and reimbursed, owe a paper, or were let off one.

    `home` counts both, `transferred` those of them whom a decree has taken over.
    `owed` says which papers are owed by how many, `reasons` why papers were waived, as codes. `claimed` is whole rupiah,
    as the payment documents say; nothing is computed into it. `above` pay more than the days come to, for `above_why`.
    """

    home: int
    reported: int
    evaluated: int
    reimbursed: int
    claimed: int
    outstanding: int
    owed: tuple[tuple[Paper, int], ...]
    waived: int
    reasons: tuple[tuple[str, int], ...]
    above: int = 0
    above_why: tuple[tuple[str, int], ...] = ()
    transferred: int = 0


def papers_of(roads: Iterable[Road]) -> Papers:
    """Count the papers of everybody who is home or transferred; what came on the way home counts with the return."""
    home = [road for road in roads if road.returned_at is not None or road.state == State.CONVERTED]
    came = Counter(paper for road in home for paper in road.received)
    owed = Counter(paper for road in home for paper in road.owed or ())
    above = [
        road
        for road in home
        if (road.claimed or 0) > (road.reckoned if road.reckoned is not None else road.claimed or 0)
    ]
    reasons = Counter(code or "OTHER" for road in home for code in road.codes_of("SettlementWaived"))
    return Papers(
        home=len(home),
        reported=came[Paper.REPORT],
        evaluated=came[Paper.EVALUATION],
        reimbursed=came[Paper.CLAIM],
        claimed=sum(road.claimed or 0 for road in home),
        outstanding=sum(bool(road.owed) for road in home),
        owed=tuple((paper, owed[paper]) for paper in Paper if owed[paper]),
        waived=sum(bool(road.waived) for road in home),
        reasons=_ranked(reasons),
        transferred=sum(road.state == State.CONVERTED for road in home),
        above=len(above),
        above_why=_ranked(
            Counter(code or "OTHER" for road in above for code in road.codes_of("ClaimSettled"))
        ),
    )


def _ranked(codes: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(codes.items(), key=lambda item: (-item[1], item[0])))
