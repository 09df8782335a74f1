"""The position map of an example city: what each post that its people hold is worth, and where one stands empty.

Classes and requirements follow the names of the posts, as maps of this kind do, and are invented; nobody's office works so.
"""

from __future__ import annotations

from collections import Counter
from math import ceil

from domain.authority import Capacity
from domain.mutation.codes import Education, Grade, PositionKind
from domain.personnel import PositionRow
from domain.roster import Role, Roster, Skill, UnitKind
from domain.workload import role_loads

_K, _E, _G = PositionKind, Education, Grade
_Asked = tuple[PositionKind, int, Education, Grade]
_GRADED: tuple[tuple[str, _Asked], ...] = (
    ("Ahli Madya", (_K.FUNCTIONAL, 11, _E.S1, _G.III_A)),
    ("Ahli Muda", (_K.FUNCTIONAL, 9, _E.S1, _G.III_A)),
    ("Ahli Pertama", (_K.FUNCTIONAL, 8, _E.S1, _G.III_A)),
    ("Terampil", (_K.FUNCTIONAL, 7, _E.D3, _G.II_C)),
    ("Pemula", (_K.FUNCTIONAL, 6, _E.SMA, _G.II_A)),
    ("Analis", (_K.GENERAL, 7, _E.S1, _G.II_A)),
    ("Pengelola", (_K.GENERAL, 6, _E.D3, _G.II_A)),
)
"""What stands in a post's name -> its kind, class, education and lowest grade; the first that fits."""
_PLAIN = (_K.GENERAL, 5, _E.SMA, _G.II_A)
_LICENCES = {
    Role.NURSE.value: (Skill.NURSING_STR.value,),
    Role.MIDWIFE.value: (Skill.MIDWIFERY_STR.value,),
    Role.DOCTOR.value: (Skill.MEDICINE_STR.value,),
}
_HEADS = {
    UnitKind.SECRETARIAT: (_K.JPT, 15),
    UnitKind.AGENCY: (_K.JPT, 14),
    UnitKind.KECAMATAN: (_K.ADMINISTRATOR, 12),
    UnitKind.KELURAHAN: (_K.SUPERVISOR, 9),
    UnitKind.PUSKESMAS: (_K.FUNCTIONAL, 10),
    UnitKind.SCHOOL: (_K.FUNCTIONAL, 10),
    UnitKind.UPTD: (_K.ADMINISTRATOR, 11),
}
_OFFICES = {
    "Penjabat Wali Kota": (_K.JPT, 17),
    "Asisten": (_K.JPT, 14),
    "Kepala Bagian": (_K.ADMINISTRATOR, 12),
    "Kepala Bidang": (_K.ADMINISTRATOR, 11),
}
Key = tuple[str, str, str]
"""Unit, name of the position, role."""


def position_map(roster: Roster) -> tuple[PositionRow, ...]:
    """Map every post that somebody holds; a role that is short of people has empty places in its commonest post."""
    people = roster.people
    held = Counter[Key](
        (unit, position, role)
        for unit, position, role in zip(people.unit, people.position, people.role, strict=True)
        if position
    )
    heads = _heads(roster)
    empty = _empty_places(roster, held, heads)
    kinds = {unit.code: unit.kind for unit in roster.units}
    return tuple(_row(key, held[key] + empty[key], kinds[key[0]], heads=key in heads) for key in sorted(held))


def _heads(roster: Roster) -> frozenset[Key]:
    posts = _posts(roster)
    heads = {office.nip for office in roster.appointments if office.capacity == Capacity.UNIT_HEAD}
    return frozenset(posts[nip] for nip in heads)


def _posts(roster: Roster) -> dict[str, Key]:
    people = roster.people
    columns = (people.nip, people.unit, people.position, people.role)
    return {nip: (unit, post or "", role) for nip, unit, post, role in zip(*columns, strict=True)}


def _empty_places(roster: Roster, held: Counter[Key], heads: frozenset[Key]) -> Counter[Key]:
    led = heads | {key for key in held if _office(key[1])}
    empty: Counter[Key] = Counter()
    for (unit, role), load in role_loads(roster.headcounts(), roster.workload, roster.redlines).items():
        short = ceil(load.need or 0) - load.headcount
        common = [key for key in held if (key[0], key[2]) == (unit, role) and key not in led]
        if short > 0 and common:
            empty[max(common, key=lambda key: (held[key], key))] = short
    return empty


def _row(key: Key, need: int, unit_kind: UnitKind, *, heads: bool) -> PositionRow:
    unit, position, role = key
    led = _HEADS[unit_kind] if heads else _office(position)
    if led:
        kind, job_class = led
        return PositionRow(unit, position, role, kind, job_class, heads, need, _E.S1, (), _G.III_B)
    kind, job_class, education, lowest = next((asked for name, asked in _GRADED if name in position), _PLAIN)
    licences = _LICENCES.get(role, ())
    return PositionRow(unit, position, role, kind, job_class, heads, need, education, licences, lowest)


def _office(position: str) -> tuple[PositionKind, int] | None:
    return next((found for name, found in _OFFICES.items() if position.startswith(name)), None)
