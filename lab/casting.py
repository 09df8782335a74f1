"""Who plays which part in a drill, drawn by the seed among those who are asked first."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from lab.scenario import Behaviour


class Answer(StrEnum):
    """What somebody says to an offer, where it is not a plain yes."""

    DECLINES = "declines"
    SILENT = "silent"
    CONDITION_GRANTED = "condition_granted"
    CONDITION_REFUSED = "condition_refused"


class Fate(StrEnum):
    """What becomes of somebody who goes; the value is its key in a scenario."""

    OVERDUE = "overdue"
    UNFIT = "unfit"
    NO_SHOW = "no_shows"
    INJURED = "injured"
    OUT_OF_CONTACT = "out_of_contact"
    AFFECTED = "affected"
    RECALLED = "recalled"
    RELEASED_EARLY = "released_early"
    EXTENDED = "extended"


GOING = frozenset({None, Answer.CONDITION_GRANTED})
"""Answers after which somebody goes."""
FROM_THE_START = frozenset({Fate.UNFIT, Fate.NO_SHOW})
"""Fates that may meet also somebody who is asked later, for a seat that fell empty."""
_WHOLE = 1 << 64


class Dice:
    """Draws by the seed and by what it is about: the same in every run, in whatever order they are thrown."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def throw(self, *what: str) -> int:
        """Return a whole number below 2**64."""
        text = "/".join((str(self._seed), *what))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")

    def chance(self, rate: float, *what: str) -> bool:
        """Return whether something of this probability happens."""
        return self.throw(*what) < rate * _WHOLE


@dataclass(frozen=True)
class Cast:
    """The parts by person; `later` are the rates at which those behave who are asked for a seat that fell empty."""

    dice: Dice
    known: frozenset[str] = frozenset()
    answers: dict[str, Answer] = field(default_factory=dict)
    fates: dict[str, Fate] = field(default_factory=dict)
    later: dict[str, float] = field(default_factory=dict)

    def answer_of(self, person: str) -> Answer | None:
        """Return what somebody says to an offer; None is a plain yes."""
        if person in self.known:
            return self.answers.get(person)
        drawn = (one for one in (Answer.DECLINES, Answer.SILENT) if self._meets(person, one))
        return next(drawn, None)

    def fate_of(self, person: str) -> Fate | None:
        """Return what becomes of somebody who goes; None is an ordinary duty."""
        if person in self.known:
            return self.fates.get(person)
        return next((one for one in sorted(FROM_THE_START) if self._meets(person, one)), None)

    def _meets(self, person: str, part: str) -> bool:
        return self.dice.chance(self.later.get(part, 0.0), person, "later", part)


def cast(
    behaviour: Behaviour, asked: Sequence[str], returning: Sequence[str], dice: Dice, *, vary: bool = False
) -> Cast:
    """Give out the parts. Nobody has two fates; who comes home late is one of `returning`.

    A count is met exactly, and a share is rounded; with `vary` each is a probability that holds for everybody alone,
    so that their number differs from seed to seed.
    """
    draw = _Draw(behaviour, dice, len(asked), vary=vary)
    drawn = sorted(asked, key=lambda person: dice.throw(person, "cast"))
    answers: dict[str, Answer] = {}
    for name, answer in (
        ("declines", Answer.DECLINES),
        ("silent", Answer.SILENT),
        ("conditions", Answer.CONDITION_GRANTED),
    ):
        answers |= dict.fromkeys(draw.some(name, [one for one in drawn if one not in answers], asked), answer)
    asking = [person for person, answer in answers.items() if answer == Answer.CONDITION_GRANTED]
    answers |= dict.fromkeys(draw.some("conditions_refused", asking, asking), Answer.CONDITION_REFUSED)
    fates = _fates(draw, asked, returning, answers, dice)
    return Cast(dice, frozenset(asked), answers, fates, draw.later())


def _fates(
    draw: _Draw, asked: Sequence[str], returning: Sequence[str], answers: dict[str, Answer], dice: Dice
) -> dict[str, Fate]:
    staying = [person for person in returning if answers.get(person) in GOING]
    late = sorted(staying, key=lambda person: dice.throw(person, "late"))
    fates = dict.fromkeys(draw.some(Fate.OVERDUE, late, returning), Fate.OVERDUE)
    going = [person for person in asked if answers.get(person) in GOING]
    drawn = sorted(going, key=lambda person: dice.throw(person, "fate"))
    for fate in Fate:
        if fate != Fate.OVERDUE:
            free = [person for person in drawn if person not in fates]
            fates |= dict.fromkeys(draw.some(fate, free, asked), fate)
    return fates


class _Draw:
    """How many of somebody play a part."""

    def __init__(self, behaviour: Behaviour, dice: Dice, asked: int, *, vary: bool) -> None:
        self._behaviour, self._dice, self._asked, self._vary = behaviour, dice, asked, vary

    def some(self, name: str, free: Sequence[str], whole: Sequence[str]) -> Sequence[str]:
        """Return the first of the free ones: as many of the whole as the behaviour says."""
        many = getattr(self._behaviour, name)
        if self._vary:
            rate = self._rate(many, len(whole))
            return free[: sum(self._dice.chance(rate, person, "so many", name) for person in whole)]
        return free[: many if isinstance(many, int) else round(many * len(whole))]

    def later(self) -> dict[str, float]:
        """Return the rates that hold also for those who are asked later: a count is about the first ones alone."""
        names = ("declines", "silent", *FROM_THE_START)
        rates = {str(name): getattr(self._behaviour, name) for name in names}
        return {
            name: self._rate(many, self._asked)
            for name, many in rates.items()
            if self._vary or isinstance(many, float)
        }

    @staticmethod
    def _rate(many: float, whole: int) -> float:
        return many if isinstance(many, float) else many / max(whole, 1)
