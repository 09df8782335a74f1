"""What an entry of somebody's history of positions (SIASN riwayat jabatan) says, as far as it follows from the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.mutation.dossier import Dossier
from domain.mutation.kinds import Kind
from domain.mutation.rules import SiasnRules


@dataclass(frozen=True)
class Decreed:
    """What the registry knows of a decree: its number and days, the code of the unit that is joined, the inauguration.

    `same_name`: the position that is joined is called as the one that is left.
    """

    number: str
    signed_on: date
    effective_on: date
    unit_code: str
    same_name: bool
    inaugurated_on: date | None = None


def position_entry(decreed: Decreed, dossier: Dossier, rules: SiasnRules) -> dict[str, str | None]:
    """Return the fields by SIASN's own names, days in ISO 8601; None where the case has no such thing.

    `unorId` is the unit's code in the roster; what only SIASN knows (`subJabatanId`: the branch of a doctor or a teacher)
    is not among them.
    """
    effect = decreed.effective_on.isoformat()
    return {
        "jenisJabatan": rules.positions[dossier.receiving.post.kind],
        "unorId": decreed.unit_code,
        "nomorSk": decreed.number,
        "tanggalSk": decreed.signed_on.isoformat(),
        "tmtJabatan": effect,
        "tmtMutasi": effect,
        "tmtPelantikan": decreed.inaugurated_on.isoformat() if decreed.inaugurated_on else None,
        "jenisMutasiId": rules.unit_alone if _unit_alone(decreed, dossier) else rules.kinds[dossier.kind],
        "jenisPenugasanId": rules.definitive,
    }


def _unit_alone(decreed: Decreed, dossier: Dossier) -> bool:
    """Whether the position stays what it was, in another unit of the agency."""
    same_kind = dossier.origin.post.kind == dossier.receiving.post.kind
    return dossier.kind == Kind.WITHIN_AGENCY and decreed.same_name and same_kind
