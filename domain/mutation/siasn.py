"""What an entry of somebody's history of positions (SIASN riwayat jabatan) says, as far as it follows from the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.mutation.dossier import Dossier
from domain.mutation.rules import SiasnRules


@dataclass(frozen=True)
class Decreed:
    """What the registry knows of a decree: its number and days, the code of the unit that is joined, the inauguration."""

    number: str
    signed_on: date
    effective_on: date
    unit_code: str
    inaugurated_on: date | None = None


def position_entry(decreed: Decreed, dossier: Dossier, rules: SiasnRules) -> dict[str, str | None]:
    """Return the fields by SIASN's own names, days in ISO 8601; None where the case has no such thing.

    `unorId` is the unit's code in the roster; what only SIASN knows (`subJabatanId`, `jenisPenugasanId`) is not among them.
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
        "jenisMutasiId": rules.kinds[dossier.kind],
    }
