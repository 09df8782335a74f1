"""One person's extract (petikan) of a decree, who may certify it, and the facts that its seal holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from domain.mutation.decree import Decree
from domain.mutation.decree_parts import Fault, Found, Move, Refused
from domain.order_parts import Signatory, utc
from domain.paper_codes import keyed, sha256, spelled
from domain.sealing import SealAsk

EXTRACT_KIND = "mutation_extract"
_FACTS_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Extract:
    """The decree as it concerns one person, certified by the head of the legal office.

    Nobody else's line is in it.
    """

    decree: Decree
    move: Move
    certifier: Signatory
    certified_at: datetime

    @cached_property
    def facts_sha256(self) -> str:
        """The hash of what the extract says: hex SHA-256 of its canonical JSON."""
        return sha256(extract_facts(self))


def make_extract(
    decree: Decree, case_id: str, certifier: Signatory | None, certified_at: datetime
) -> Extract | Refused:
    """Make the extract, or say what keeps it from being made."""
    place = decree.place_of(case_id)
    if place is None:
        return Refused((Found(Fault.NOT_ON_DECREE, f"moves[{case_id}]"),))
    move = decree.moves[place - 1]
    if certifier is None:
        return Refused((Found(Fault.MISSING, "certifier"),))
    found = []
    if not certifier.has_authority() or not certifier.name.strip():
        found.append(Found(Fault.DELEGATION_MISSING, "certifier"))
    if certifier.person_id == move.person.person_id:
        found.append(Found(Fault.OWN_CASE, "certifier"))
    if certified_at.tzinfo is None:
        found.append(Found(Fault.NAIVE_TIME, "certified_at"))
    elif certified_at < decree.signed_at:
        found.append(Found(Fault.BEFORE_DECREE, "certified_at"))
    if found:
        return Refused(tuple(found))
    return Extract(decree=decree, move=move, certifier=certifier, certified_at=certified_at)


def certified_on(decree: Decree, at: datetime) -> datetime:
    """Return as of when an extract is certified that is asked for at an instant: the paper says the day, and no hour.

    So whoever asks again that day, because the seal was away, asks for the same paper.
    """
    local = at.astimezone(ZoneInfo(decree.zone))
    return max(decree.signed_at, local.replace(hour=0, minute=0, second=0, microsecond=0))


def extract_facts(paper: Extract) -> dict[str, Any]:
    """Tell what an extract says, as JSON-able values without personal data: of which decree, by its facts, and whose line.

    Nobody else of the decree is in it. What the line and the certifier are called is bound by its salted hash.
    """
    decree, move, by = paper.decree, paper.move, paper.certifier
    posts = [[one.position, one.unit, one.job_class] for one in (move.origin, move.receiving)]
    words = [move.person.name, move.person.nip, move.person.rank, posts, by.name, by.nip, by.position]
    return {
        "kind": EXTRACT_KIND,
        "version": _FACTS_VERSION,
        "decree_id": decree.decree_id,
        "decree_facts_sha256": decree.facts_sha256,
        "government_id": decree.government_id,
        "number": decree.number,
        "effective_at": utc(decree.effective_at),
        "case_id": move.case_id,
        "person_id": move.person.person_id,
        "from": move.origin.position_id,
        "to": move.receiving.position_id,
        "certifier": {"person_id": by.person_id, "capacity": by.capacity.value},
        "certified_at": utc(paper.certified_at),
        "words_hmac_sha256": keyed(decree.salt, spelled(words)).hex(),
        "synthetic": decree.synthetic,
    }


def seal_for(paper: Extract) -> SealAsk:
    """Return the seal that an extract asks for."""
    return SealAsk(
        government_id=paper.decree.government_id,
        reason="Pengesahan Petikan Keputusan",
        place=paper.decree.signed_place,
        at=paper.certified_at,
    )
