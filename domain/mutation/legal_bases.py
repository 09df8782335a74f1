"""The laws that a decree cites (Mengingat): read as they are written, and put in the order of their rank.

None is known here: each is given, by the rule pack or by whoever drafts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum


class Rank(IntEnum):
    """The rank of a law, the highest first (UU 12/2011 Arts. 7 and 8)."""

    CONSTITUTION = 1
    ASSEMBLY = 2
    ACT = 3  # undang-undang, and the government regulation in its place
    GOVERNMENT = 4
    PRESIDENT = 5
    MINISTER = 6
    AGENCY = 7  # of the centre, as BKN
    PROVINCE = 8
    GOVERNOR = 9
    REGENCY_CITY = 10
    HEAD_OF_REGENCY_CITY = 11


_RANKS = (
    ("Undang-Undang Dasar", Rank.CONSTITUTION),
    ("Ketetapan Majelis Permusyawaratan Rakyat", Rank.ASSEMBLY),
    ("Undang-Undang", Rank.ACT),
    ("Peraturan Pemerintah Pengganti Undang-Undang", Rank.ACT),
    ("Peraturan Pemerintah", Rank.GOVERNMENT),
    ("Peraturan Presiden", Rank.PRESIDENT),
    ("Peraturan Menteri", Rank.MINISTER),
    ("Peraturan Daerah Provinsi", Rank.PROVINCE),
    ("Peraturan Gubernur", Rank.GOVERNOR),
    ("Peraturan Daerah K", Rank.REGENCY_CITY),  # Kota, Kabupaten
    ("Peraturan Wali Kota", Rank.HEAD_OF_REGENCY_CITY),
    ("Peraturan Bupati", Rank.HEAD_OF_REGENCY_CITY),
    ("Peraturan Badan", Rank.AGENCY),
    ("Peraturan Kepala Badan", Rank.AGENCY),
    ("Peraturan Lembaga", Rank.AGENCY),
)
_ARTICLE = re.compile(r"^Pasal \d+\w*(?: ayat \(\d+\))? (?=Undang-Undang Dasar)")
_CITED = re.compile(r"(?:.*? Nomor (?P<number>\d+)\S* )?.*?Tahun (?P<year>\d{4})\b.*")


@dataclass(frozen=True, order=True)
class LegalBasis:
    """One law, ordered as a decree lists them: by rank, then year, then number."""

    rank: Rank
    year: int
    number: int
    text: str


def read_basis(text: str) -> LegalBasis | None:
    """Read `Undang-Undang Nomor 20 Tahun 2023 tentang …`; None where no rank, year or (below the constitution) number is named."""
    words = " ".join(text.split()).rstrip(".; ")
    law = _ARTICLE.sub("", words)
    rank = next((rank for opening, rank in _RANKS if law.startswith(opening)), None)
    cited = _CITED.fullmatch(words)
    if rank is None or cited is None:
        return None
    number = cited["number"]
    if rank != Rank.CONSTITUTION and (number is None or " tentang " not in words):
        return None
    return LegalBasis(rank, int(cited["year"]), int(number or 0), words)


def by_rank(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Give the laws in the order in which a decree lists them, each once; raises ValueError where one cannot be read."""
    bases = {read_basis(text) for text in texts}
    if None in bases:
        raise ValueError("a legal basis names no rank, number and year")
    return tuple(basis.text for basis in sorted(basis for basis in bases if basis))
