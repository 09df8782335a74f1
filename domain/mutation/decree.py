"""What a decree of mutation (Keputusan) says, and when it may be made at all.

A person's position, pay and place change by this paper. So a decree without effective date, laws, people or dictums, or
under a signature without the office for it, is never made: `make_decree` answers with what is wrong and where instead.
How it looks is the typesetter's.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from domain.long_days import day
from domain.mutation.decree_parts import (
    Amended,
    CannotBeMade,
    Dictum,
    DictumKind,
    Fault,
    Found,
    Move,
    Refused,
    blank,
    first_dictum,
    person_faults,
    post_faults,
    unfilled,
)
from domain.mutation.legal_bases import by_rank, read_basis
from domain.order_parts import Capacity, Letterhead, Signatory, utc
from domain.paper_codes import keyed, sha256, spelled, verification_code
from domain.terms import Term

_FACTS_VERSION = 1
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class DecreeDraft:
    """Everything a decree could say, any part of it still open.

    `authority` is the office that decrees, `notes` what is taken note of (Memperhatikan: clearance, minutes), `amends` the
    decree that it undoes or corrects, of a second one. `zone` is
    the IANA name of the government's zone: instants are told as its days. `objection` is how long whoever is served may
    object, as each extract tells. `salt` keeps codes and hashes from being
    guessed, and is erased with the personal data.
    """

    decree_id: str
    government_id: str
    zone: str
    letterhead: Letterhead
    authority: str
    number: str
    subject: str
    considerations: tuple[str, ...] = ()
    legal_bases: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    amends: Amended | None = None
    dictums: tuple[Dictum, ...] = ()
    moves: tuple[Move, ...] = ()
    effective_at: datetime | None = None
    signed_place: str = ""
    signed_at: datetime | None = None
    signatory: Signatory | None = None
    objection: Term | None = None
    copies_to: tuple[str, ...] = ()
    verification_base: str = ""
    salt: str = field(default="", repr=False)
    synthetic: bool = False


@dataclass(frozen=True, kw_only=True)
class Decree(DecreeDraft):
    """A complete decree. It cannot exist incomplete: `make_decree` answers, this constructor raises CannotBeMade.

    Its laws stand by rank, its people by new unit, position and name, in whatever order they were given.
    """

    effective_at: datetime
    signed_at: datetime
    signatory: Signatory

    def __post_init__(self) -> None:
        if found := decree_faults(self):
            raise CannotBeMade(self.decree_id, found)
        object.__setattr__(self, "legal_bases", by_rank(self.legal_bases))
        object.__setattr__(self, "moves", tuple(sorted(self.moves, key=_listed)))

    @property
    def code(self) -> str:
        """The code printed on the whole decree."""
        return verification_code(self.facts_sha256, self.salt)

    def code_of(self, case_id: str) -> str:
        """The code of one person's extract: its own, so that showing it never opens the whole list."""
        return verification_code(f"{self.facts_sha256}:{case_id}", self.salt)

    def place_of(self, case_id: str) -> int | None:
        """Where somebody stands in the list, counted from 1."""
        return self._places.get(case_id)

    # Asked once for each extract, and a decree may have hundreds.

    @cached_property
    def _places(self) -> dict[str, int]:
        return {move.case_id: at for at, move in enumerate(self.moves, start=1)}

    @cached_property
    def facts_sha256(self) -> str:
        """The hash of what was decreed: hex SHA-256 of its canonical JSON."""
        return sha256(decree_facts(self))


def make_decree(draft: DecreeDraft) -> Decree | Refused:
    """Make the decree, or say all that keeps it from being made; nobody can sign what was not made."""
    if found := decree_faults(draft):
        return Refused(found)
    return Decree(**{part.name: getattr(draft, part.name) for part in fields(draft)})


def decree_faults(draft: DecreeDraft) -> tuple[Found, ...]:
    """Find, in the order of the paper, whatever keeps it from being made."""
    return (
        *blank({"authority": draft.authority, "number": draft.number, "subject": draft.subject}),
        *unfilled("considerations", draft.considerations),
        *_law_faults(draft),
        *unfilled("notes", draft.notes, needed=False),
        *_dictum_faults(draft),
        *_move_faults(draft),
        *_time_faults(draft),
        *blank({"signed_place": draft.signed_place}),
        *_signatory_faults(draft),
        *blank({"verification_base": draft.verification_base, "salt": draft.salt}),
    )


def decree_facts(decree: Decree) -> dict[str, Any]:
    """Tell what was decreed, as JSON-able values without personal data.

    People appear by opaque ids. The wording is bound by its salted hash. Letterhead and copies are looks, and how
    long one may object is the law's to say: neither is part of it.
    """
    dictums = [[one.kind.value, one.text] for one in decree.dictums]
    wording = [decree.subject, decree.considerations, decree.legal_bases, decree.notes, dictums]
    return {
        "kind": "mutation_decree",
        "version": _FACTS_VERSION,
        "decree_id": decree.decree_id,
        "government_id": decree.government_id,
        "authority": decree.authority,
        "number": decree.number,
        "effective_at": utc(decree.effective_at),
        "signed_at": utc(decree.signed_at),
        "signatory": {
            "person_id": decree.signatory.person_id,
            "capacity": decree.signatory.capacity.value,
            "principals": list(decree.signatory.principals),
            "delegation_ref": decree.signatory.delegation_ref,
        },
        "moves": [_move_facts(one) for one in sorted(decree.moves, key=lambda one: one.case_id)],
        "wording_hmac_sha256": keyed(decree.salt, spelled(wording)).hex(),
        "synthetic": decree.synthetic,
        **({"amends": asdict(decree.amends)} if decree.amends else {}),
    }


def _move_facts(move: Move) -> dict[str, str]:
    facts = {
        "case_id": move.case_id,
        "person_id": move.person.person_id,
        "from": move.origin.position_id,
        "to": move.receiving.position_id,
    }
    return facts | ({"dossier_sha256": move.dossier_sha256} if move.dossier_sha256 else {})


def _listed(move: Move) -> tuple[str, str, str, str]:
    return (move.receiving.unit, move.receiving.position, move.person.name, move.case_id)


def _law_faults(draft: DecreeDraft) -> list[Found]:
    unread = [
        at for at, text in enumerate(draft.legal_bases, start=1) if text.strip() and not read_basis(text)
    ]
    return [
        *unfilled("legal_bases", draft.legal_bases),
        *(Found(Fault.NO_LAW, f"legal_bases[{at}]") for at in unread),
    ]


def _dictum_faults(draft: DecreeDraft) -> list[Found]:
    found = unfilled("dictums", tuple(one.text for one in draft.dictums))
    if not draft.dictums:
        return found
    first, needed = draft.dictums[0].kind, first_dictum(draft.amends)
    kinds = {one.kind for one in draft.dictums}
    if first != needed:
        found.append(Found(Fault.DICTUM_MISSING, f"dictums[1]:{needed}"))
    if DictumKind.EFFECT not in kinds:
        found.append(Found(Fault.DICTUM_MISSING, "dictums:EFFECT"))
    elif draft.effective_at and draft.effective_at.tzinfo:
        on = " ".join(day(draft.effective_at.astimezone(ZoneInfo(draft.zone)).date()).split())
        said = " ".join(one.text for one in draft.dictums if one.kind == DictumKind.EFFECT)
        # The first of a month is not said by its eleventh.
        if not re.search(rf"(?<!\d){on}(?!\d)", " ".join(said.split())):
            found.append(Found(Fault.EFFECT_NOT_SAID, "dictums:EFFECT"))
    return found


def _move_faults(draft: DecreeDraft) -> list[Found]:
    found = [] if draft.moves else [Found(Fault.MISSING, "moves")]
    for at, move in enumerate(draft.moves, start=1):
        where = f"moves[{move.case_id or at}]"
        found += blank({f"{where}.case_id": move.case_id})
        found += person_faults(f"{where}.person", move.person)
        found += post_faults(f"{where}.origin", move.origin) + post_faults(
            f"{where}.receiving", move.receiving
        )
        if draft.signatory and move.person.person_id == draft.signatory.person_id:
            found.append(Found(Fault.OWN_CASE, where))
    ids = [one.case_id for one in draft.moves] + [one.person.person_id for one in draft.moves]
    return found + [
        Found(Fault.TWICE, f"moves[{one}]")
        for one, times in sorted(Counter(ids).items())
        if one and times > 1
    ]


def _time_faults(draft: DecreeDraft) -> list[Found]:
    named = {"effective_at": draft.effective_at, "signed_at": draft.signed_at}
    found = [Found(Fault.MISSING, where) for where, at in named.items() if at is None]
    found += [Found(Fault.NAIVE_TIME, where) for where, at in named.items() if at and at.tzinfo is None]
    if not found and draft.signed_at and draft.effective_at and draft.signed_at >= draft.effective_at + _DAY:
        found.append(Found(Fault.EFFECT_PASSED, "effective_at"))
    return found


def _signatory_faults(draft: DecreeDraft) -> list[Found]:
    by, where = draft.signatory, "signatory"
    if by is None:
        return [Found(Fault.MISSING, where)]
    if by.capacity in (Capacity.ACTING, Capacity.DAILY_ACTING):
        return [Found(Fault.NOT_BY_ACTING, where)]
    if by.capacity is Capacity.SUB_DELEGATED:
        return [Found(Fault.NOT_BY_SUB_DELEGATION, where)]
    found = blank(
        {f"{where}.person_id": by.person_id, f"{where}.name": by.name, f"{where}.position": by.position}
    )
    if by.capacity is Capacity.ON_BEHALF and not by.delegation_ref.strip():
        found.append(Found(Fault.DELEGATION_MISSING, where))
    offices = by.principals if by.capacity is Capacity.ON_BEHALF else (by.position, *by.principals)
    if offices != (draft.authority,):
        found.append(Found(Fault.ANOTHER_OFFICE, where))
    return found
