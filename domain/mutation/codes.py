"""Coded facts of a civil servant and a position, each in its order."""

from __future__ import annotations

from enum import StrEnum


class PositionKind(StrEnum):
    """The kinds of position (jenis jabatan): JPT, administrator, pengawas, fungsional, pelaksana."""

    JPT = "JPT"
    ADMINISTRATOR = "ADMINISTRATOR"
    SUPERVISOR = "SUPERVISOR"
    FUNCTIONAL = "FUNCTIONAL"
    GENERAL = "GENERAL"


LADDER = (PositionKind.GENERAL, PositionKind.SUPERVISOR, PositionKind.ADMINISTRATOR, PositionKind.JPT)
"""The career pattern of those who lead, from below; a functional position stands beside it, on no step."""


class Rating(StrEnum):
    """The five predicates of performance (PermenPANRB 6/2022), the best first."""

    EXCELLENT = "EXCELLENT"  # sangat baik
    GOOD = "GOOD"  # baik
    NEEDS_IMPROVEMENT = "NEEDS_IMPROVEMENT"  # butuh perbaikan
    POOR = "POOR"  # kurang
    VERY_POOR = "VERY_POOR"  # sangat kurang

    @property
    def place(self) -> int:
        """Return 0 for the best, and more for each one below it."""
        return tuple(Rating).index(self)


class Education(StrEnum):
    """The last education (tingkat pendidikan terakhir), the lowest first; D4 and S1 count as the same."""

    SD = "SD"
    SMP = "SMP"
    SMA = "SMA"
    D1 = "D1"
    D2 = "D2"
    D3 = "D3"
    D4 = "D4"
    S1 = "S1"
    S2 = "S2"
    S3 = "S3"

    @property
    def level(self) -> int:
        """Return how high it is."""
        return tuple(Education).index(Education.S1 if self == Education.D4 else self)


class Grade(StrEnum):
    """The grades (golongan ruang) of a PNS, the lowest first."""

    I_A = "I/a"
    I_B = "I/b"
    I_C = "I/c"
    I_D = "I/d"
    II_A = "II/a"
    II_B = "II/b"
    II_C = "II/c"
    II_D = "II/d"
    III_A = "III/a"
    III_B = "III/b"
    III_C = "III/c"
    III_D = "III/d"
    IV_A = "IV/a"
    IV_B = "IV/b"
    IV_C = "IV/c"
    IV_D = "IV/d"
    IV_E = "IV/e"

    @property
    def step(self) -> int:
        """Return how high it is."""
        return tuple(Grade).index(self)


RANKS = dict(
    zip(
        Grade,
        (
            "Juru Muda", "Juru Muda Tk. I", "Juru", "Juru Tk. I",
            "Pengatur Muda", "Pengatur Muda Tk. I", "Pengatur", "Pengatur Tk. I",
            "Penata Muda", "Penata Muda Tk. I", "Penata", "Penata Tk. I",
            "Pembina", "Pembina Tk. I", "Pembina Utama Muda", "Pembina Utama Madya", "Pembina Utama",
        ),
        strict=True,
    )
)  # fmt: skip
"""The rank (pangkat) of each grade, by PP 99/2000."""


class Charge(StrEnum):
    """What may stand against somebody."""

    DISCIPLINARY_PROCESS = "DISCIPLINARY_PROCESS"
    DISCIPLINARY_SANCTION = "DISCIPLINARY_SANCTION"
    COURT_PROCESS = "COURT_PROCESS"


class Tie(StrEnum):
    """What study binds somebody by: leave for it (tugas belajar), or service owed after it (ikatan dinas)."""

    STUDY_LEAVE = "STUDY_LEAVE"
    SERVICE_BOND = "SERVICE_BOND"


class Kinship(StrEnum):
    """How two are related."""

    SPOUSE = "SPOUSE"
    RELATIVE = "RELATIVE"
