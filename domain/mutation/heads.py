"""Who heads a government, and so decrees its mutations: Wali Kota Kupang, Bupati Ende, Gubernur Nusa Tenggara Timur."""

from __future__ import annotations

_CALLED = {
    "regency": ("Pemerintah Kabupaten ", "Bupati "),
    "province": ("Pemerintah Provinsi ", "Gubernur "),
    "national": ("Kementerian ", "Menteri "),
}


def head_of(level: str, name: str, place: str) -> str:
    """Return how the head of a government is called: of a city by its place, of any other by its own name."""
    if level == "city":
        return f"Wali Kota {place}"
    before, head = _CALLED[level]
    if name.startswith(before):
        return head + name.removeprefix(before)
    return f"Kepala {name}" if level == "national" else head + place


def office_of(authority: str, *, level: str, name: str, place: str) -> str:
    """Return the office that decrees in a government, in the words of its rule pack."""
    return authority.replace("{head}", head_of(level, name, place)).replace("{place}", place)
