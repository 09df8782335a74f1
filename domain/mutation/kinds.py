"""The six kinds of mutation (PerBKN 5/2019), told from whom somebody leaves and whom somebody joins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """Between whom somebody moves, as the regulation numbers it."""

    WITHIN_AGENCY = "WITHIN_AGENCY"
    WITHIN_PROVINCE = "WITHIN_PROVINCE"
    BETWEEN_PROVINCES = "BETWEEN_PROVINCES"
    REGION_CENTRAL = "REGION_CENTRAL"
    BETWEEN_CENTRAL = "BETWEEN_CENTRAL"
    MISSION_ABROAD = "MISSION_ABROAD"


class Initiative(StrEnum):
    """Whose wish it is: the organisation's, or the person's own request (atas permintaan sendiri)."""

    ORGANISATION = "ORGANISATION"
    OWN_REQUEST = "OWN_REQUEST"


class AgencyLevel(StrEnum):
    """What an agency (instansi) is: a government of the regions, one of the centre, or a mission abroad."""

    REGENCY_CITY = "REGENCY_CITY"
    PROVINCE = "PROVINCE"
    CENTRAL = "CENTRAL"
    MISSION = "MISSION"


_REGIONAL = frozenset({AgencyLevel.REGENCY_CITY, AgencyLevel.PROVINCE})


@dataclass(frozen=True, slots=True)
class Election:
    """A local election: when its candidates are determined, and when the head's term that it fills again ends."""

    candidates_on: date
    term_ends: date


@dataclass(frozen=True, slots=True)
class Agency:
    """One side of a mutation; `province` is the Kemendagri code of a region's province, `head_since` its head's oath."""

    agency_id: str
    level: AgencyLevel
    province: str | None = None
    head_since: date | None = None
    elections: frozenset[Election] = frozenset()

    def __post_init__(self) -> None:
        if self.regional and not self.province:
            raise ValueError(f"agency {self.agency_id!r} is of a region and names no province")

    @property
    def regional(self) -> bool:
        """Whether an elected head is its appointing authority."""
        return self.level in _REGIONAL


def kind_of(origin: Agency, receiving: Agency) -> Kind:
    """Return which of the six it is.

    Between a province and a regency or city in it the regulation is silent: it is taken as a move within the
    province. Whoever comes back from a mission comes from the centre.
    """
    if origin.agency_id == receiving.agency_id:
        return Kind.WITHIN_AGENCY
    if receiving.level == AgencyLevel.MISSION:
        return Kind.MISSION_ABROAD
    if origin.regional and receiving.regional:
        return Kind.WITHIN_PROVINCE if origin.province == receiving.province else Kind.BETWEEN_PROVINCES
    return Kind.REGION_CENTRAL if origin.regional or receiving.regional else Kind.BETWEEN_CENTRAL
