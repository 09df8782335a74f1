"""What a coordinator asks for: an operation to be opened, people to be found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from domain.allocation import MOST_TEAMS
from domain.authority import Capacity
from domain.conditions import Conditions

if TYPE_CHECKING:
    from domain.rules import RulePack  # which stands on this module

MOST_KM = 20_100
"""Half the way round the earth: no two places lie further apart."""
DEAREST = 10_000
"""The dearest substitute, in km-equivalents: dearer than any way within the country."""
HOUR = timedelta(hours=1)


class HazardKind(StrEnum):
    """What an operation is opened for by hand; one that a warning opens is called as the warning calls it."""

    FLOOD = "flood"
    FLASH_FLOOD = "flash_flood"
    TIDAL_FLOOD = "tidal_flood"
    LANDSLIDE = "landslide"
    EARTHQUAKE = "earthquake"
    TSUNAMI = "tsunami"
    ERUPTION = "eruption"
    STORM = "storm"
    CYCLONE = "cyclone"
    DROUGHT = "drought"
    WILDFIRE = "wildfire"
    FIRE = "fire"
    EPIDEMIC = "epidemic"
    ACCIDENT = "accident"
    UNREST = "unrest"
    OTHER = "other"


@dataclass(frozen=True)
class OperationRequest:
    """Open an operation for a hazard; `alert` is (sender, identifier) of the warning behind it, if any."""

    title: str
    hazard: str
    alert: tuple[str, str] | None = None

    def told(self) -> list[Any]:
        """Return the request as plain JSON values, to compare it with itself."""
        return [self.title, self.hazard, list(self.alert or ())]


class WarningTaken(RuntimeError):
    """Another operation has been opened for this warning meanwhile."""


class Mode(StrEnum):
    """How people of a line are called: asked, or sent by order (penugasan)."""

    VOLUNTARY = "VOLUNTARY"
    DIRECTED = "DIRECTED"


@dataclass(frozen=True)
class Shift:
    """Hours on duty and hours off, by turns."""

    on: int
    off: int

    def faults(self, rules: RulePack) -> Iterator[str]:
        """Say what the rules of rest have against it."""
        longest, rest = rules.rest.longest_shift // HOUR, rules.rest.shortest_rest // HOUR
        if not 1 <= self.on <= longest:
            yield f"{self.on} h on duty, expected 1 to {longest} (surge.limits.longest_shift)"
        elif self.off < rest:
            yield f"{self.off} h of rest, expected {rest} or more (surge.limits.shortest_rest)"
        elif 24 * self.on > longest * (self.on + self.off):
            yield f"{self.on} h on and {self.off} h off are more than {longest} h of duty in 24 h"


@dataclass(frozen=True)
class Substitute:
    """Whom a line takes where it must, for `penalty` km-equivalents: another surge role, or a skill or home role."""

    penalty: int
    role: str | None = None
    skill: str | None = None
    level: int = 1
    home_role: str | None = None

    def faults(self, asked: str, rules: RulePack) -> Iterator[tuple[str, str]]:
        """Say what is wrong as (key, what)."""
        if not 0 <= self.penalty <= DEAREST:
            yield "penalty", f"{self.penalty}, expected 0 to {DEAREST} km"
        if self.role is None and self.skill is None and self.home_role is None:
            yield "role", "missing, expected role, skill or home_role"
        elif self.role is not None and self.skill is not None:
            yield "skill", f"{self.skill!r} beside a role, which has its own: expected one of them"
        elif self.role is not None and self.role not in rules.roles:
            yield "role", f"{self.role!r} is not one of {', '.join(sorted(rules.roles))}"
        elif self.role == asked and self.home_role is None:
            yield "role", f"{self.role!r} is what the line asks for; expected another one"
        if not 1 <= self.level <= 3:
            yield "level", f"{self.level}, expected 1 to 3"

    def needs(self, rules: RulePack) -> tuple[str, int] | None:
        """Return the skill and level that it takes; None where the home role is enough."""
        if self.role is not None:
            return rules.roles[self.role].skill, rules.roles[self.role].level
        return (self.skill, self.level) if self.skill else None

    def label(self, rules: RulePack) -> str:
        """Return how a pick is called that came by it."""
        what = rules.roles[self.role].label if self.role else self.skill
        return ", ".join(filter(None, (what, self.home_role)))


@dataclass(frozen=True)
class LineRequest:
    """So many people of one role, at one site, from when until when.

    Lines of one team are filled together or not at all; `max_km` is how far people may come from. Where the post is needed
    for longer than one duty, `needed_until` says so: then it goes on in turns until then. `conditions` are those of the site.
    """

    role: str
    quantity: int
    priority: int
    site: str
    lat: float
    lon: float
    report_at: datetime
    due_back: datetime
    wave: int = 1
    substitutes: tuple[Substitute, ...] = ()
    max_km: int | None = None
    shift: Shift | None = None
    mode: Mode = Mode.VOLUNTARY
    team: str = ""
    needed_until: datetime | None = None
    conditions: Conditions = field(default_factory=Conditions)

    def told(self) -> dict[str, Any]:
        """Return the line as plain JSON values."""
        times = {"report_at": self.report_at.isoformat(), "due_back": self.due_back.isoformat()}
        return asdict(self) | times | {"needed_until": self.needed_until and self.needed_until.isoformat()}

    def faults(self, at: str, rules: RulePack) -> Iterator[str]:
        """Say what is wrong with the line, each as `where: what`."""
        if self.role not in rules.roles:
            yield f"{at}.role: {self.role!r} is not one of {', '.join(sorted(rules.roles))}"
        if self.quantity < 1:
            yield f"{at}.quantity: {self.quantity}, expected 1 or more"
        if not 1 <= self.priority <= 5:
            yield f"{at}.priority: {self.priority}, expected 1 (most urgent) to 5"
        yield from self._times_faults(at)
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            yield f"{at}: lat {self.lat}, lon {self.lon} is not a place on earth"
        if self.max_km is not None and not 0 <= self.max_km <= MOST_KM:
            yield f"{at}.max_km: {self.max_km}, expected 0 to {MOST_KM}"
        for key, what in self.conditions.faults():
            yield f"{at}.conditions.{key}: {what}"
        for what in self.shift.faults(rules) if self.shift else ():
            yield f"{at}.shift: {what}"
        for number, substitute in enumerate(self.substitutes, 1):
            for key, what in substitute.faults(self.role, rules):
                yield f"{at}.substitutes[{number}].{key}: {what}"

    def _times_faults(self, at: str) -> Iterator[str]:
        if self.due_back <= self.report_at:
            yield f"{at}.due_back: not after report_at"
        if self.needed_until and self.needed_until < self.due_back:
            yield f"{at}.needed_until: before due_back"


class RequestKind(StrEnum):
    """Why people are asked for: an emergency, or one unit that has more to do than it can."""

    DISASTER = "disaster"
    SERVICE_DEMAND = "service_demand"


@dataclass(frozen=True)
class Letter:
    """The letter that a demand for service stands on: for which unit, and until when it may have help."""

    number: str
    dated: date
    office: str
    unit_id: str
    until: datetime


@dataclass(frozen=True)
class OralOrder:
    """An order by word of mouth, as whoever asks for people heard it; in which office it was given is looked up."""

    by: str
    given_at: datetime
    capacity: Capacity | None = None


@dataclass(frozen=True)
class SurgeRequest:
    """A request for people, and the fund that pays them: under an operation, or by a letter without one."""

    operation_id: str | None
    title: str
    funding: str
    lines: tuple[LineRequest, ...]
    letter: Letter | None = None
    oral: OralOrder | None = None

    @property
    def kind(self) -> RequestKind:
        """Say why people are asked for."""
        return RequestKind.SERVICE_DEMAND if self.letter else RequestKind.DISASTER

    def told(self) -> list[Any]:
        """Return the request as plain JSON values, to compare it with itself."""
        lines = [line.told() for line in self.lines]
        told: list[Any] = [self.operation_id, self.title, self.funding, lines]
        if self.letter:
            letter = self.letter
            told.append([letter.number, letter.dated.isoformat(), letter.office, letter.unit_id])
            told.append(letter.until.isoformat())
        if self.oral:
            told.append([self.oral.by, self.oral.given_at.isoformat()])
        return told

    def faults(self, rules: RulePack) -> tuple[str, ...]:
        """Say what is wrong with the request, each as `where: what`; empty when it can be asked."""
        found = [] if self.lines else ["lines: at least one is needed"]
        if (self.operation_id is None) != (self.letter is not None):
            found.append("operation_id: expected for a disaster, and not for a demand for service")
        if self.letter and self.oral:
            found.append("oral_order: only a disaster is answered by word of mouth")
        found += ["funding: a source is needed (S10)"] if not self.funding.strip() else []
        for number, line in enumerate(self.lines, 1):
            found += line.faults(f"lines[{number}]", rules)
        found += _wave_faults(self.lines)
        teams = {line.team for line in self.lines if line.team}
        if len(teams) > MOST_TEAMS:
            found.append(f"lines: {len(teams)} teams, expected {MOST_TEAMS} at most")
        return tuple(found)


def _wave_faults(lines: tuple[LineRequest, ...]) -> Iterator[str]:
    """Each wave comes after the one before it."""
    first: dict[int, datetime] = {}
    for line in lines:
        first[line.wave] = min(first.get(line.wave, line.report_at), line.report_at)
    for number, line in enumerate(lines, 1):
        earlier = [wave for wave, at in first.items() if wave < line.wave and at > line.report_at]
        if earlier:
            yield f"lines[{number}].wave: {line.wave} reports before wave {earlier[0]} does"
