"""The conditions of a request as people send and see them: hazards, who provides, and what it is likely to cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from domain import conditions
from domain.closing.estimate import Planned, estimate
from domain.conditions import MOST_NOTE, Hazard, Provider
from domain.rules import RulePack

# One line; control characters would let a note write more than that on a terminal.
HazardNote = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=MOST_NOTE, pattern="^[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*$"
    ),
]


class Conditions(BaseModel):
    """The hazards of a line's site, and who provides bed, food and the way there; null where nobody has said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hazards: tuple[Hazard, ...] = Field((), max_length=len(Hazard), examples=[["WATER", "ELECTRICITY"]])
    hazard_note: HazardNote = Field("", description="What the codes do not say; no person is named.")
    lodging: Provider | None = Field(None, examples=["SITE"])
    food: Provider | None = Field(
        None, description="PER_DIEM: paid for meals; else they are withheld, so that nobody is paid twice."
    )
    transport: Provider | None = None

    def to_domain(self) -> conditions.Conditions:
        return conditions.Conditions(**dict(self))


class LineEstimate(BaseModel):
    """What the places of a line come to; `days` are the calendar days of each."""

    line_id: str
    people: int
    days: int
    meals_withheld: bool
    rupiah: int


class Estimate(BaseModel):
    """What a request is likely to cost: people × days × the per diem of its rule pack.

    Beds, ways and days of travel have no rate, and are not in it.
    """

    rupiah: int
    person_days: int
    rate: int = Field(description="Per diem of one day, whole rupiah.")
    meals_percent: int = Field(description="Of it, withheld where somebody else provides the meals.")
    basis: str = Field(examples=["2026-1#closing.per_diem"])
    source: str = Field(description="Where the rule pack has the rate from.")
    lines: list[LineEstimate]


def estimated(lines: Iterable[dict[str, Any]], pack: RulePack, zone: str) -> Estimate | None:
    """Return what the lines of a surge, as boards show them, are likely to cost; None where the pack has no rate."""
    found = estimate((_planned(line) for line in lines), pack.closing, zone)
    return Estimate(**asdict(found), basis=pack.basis("closing.per_diem")) if found else None


def _planned(line: dict[str, Any]) -> Planned:
    # Where its next turn is a line already, that one is reckoned by itself.
    needed = None if line["continued"] else line["needed_until"]
    until = max(line["due_back"], needed or line["due_back"])
    return Planned(
        line["line_id"], line["quantity"], line["report_at"], until, line["conditions"].get("food")
    )
