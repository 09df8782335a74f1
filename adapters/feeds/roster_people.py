"""`people.csv`: the one large table, read column by column."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from adapters.feeds import cells
from adapters.feeds.cross_checks import Keys, complain_of_repeats, known
from adapters.feeds.tables import Table
from domain.nip import PPPK_MONTH, mask_nip
from domain.roster import PeopleColumns


def read_people(table: Table, units: Keys) -> PeopleColumns:
    """The people of this table; `units` are the known unit codes, None if those could not be read.

    A NIP must be exact, be there once, and agree with birth date, sex and entry where the file gives them.
    """
    read = table.column
    nips = read("nip", cells.nip, blank=False)
    complain_of_repeats(table, "nip", nips, "each NIP")
    ids = read("id", cells.uuid)
    complain_of_repeats(table, "id", ids, "each id")
    exempt: list[str | None] = read("exempt_code", cells.word("exempt_code"))
    until = read("exempt_until", cells.day)
    _paired(table, exempt, until)
    lats, lons = read("home_lat", cells.latitude), read("home_lon", cells.longitude)
    _points(table, lats, lons)
    # Where a required cell is at fault the column holds None; the roster is refused then, so nobody sees it.
    people = PeopleColumns(
        id=ids,
        nip=nips,  # type: ignore[arg-type]
        name=read("name", cells.text, blank=False),  # type: ignore[arg-type]
        birth_date=read("birth_date", cells.day),
        sex=read("sex", cells.word("sex")),
        employment=read("employment", cells.word("employment"), blank=False),  # type: ignore[arg-type]
        grade=read("grade", cells.grade, blank=False),  # type: ignore[arg-type]
        position=read("position", cells.text),
        unit=read("unit", known(units, "unit code of units.csv"), blank=False),  # type: ignore[arg-type]
        role=read("role", cells.word("role"), blank=False),  # type: ignore[arg-type]
        position_since=read("position_since", cells.day),
        service_end=read("service_end", cells.day),
        phone=read("phone", cells.phone),
        email=read("email", cells.email),
        home_lat=lats,
        home_lon=lons,
        volunteer=[bool(value) for value in read("volunteer", cells.yes_no)],
        exempt_code=exempt,
        exempt_until=until,
    )
    _agree_with_nips(table, people)
    return people


def _agree_with_nips(table: Table, people: PeopleColumns) -> None:
    """Compare what each NIP says with what its row says, where the row says anything."""
    digit = {"M": "1", "F": "2", None: ""}
    births, sexes, employment = people.birth_date, people.sex, people.employment
    entries = table.column("entry", cells.day)
    said_birth = {birth: "" if birth is None else birth.strftime("%Y%m%d") for birth in set(births)}
    said_entry = {entry: "" if entry is None else entry.strftime("%Y%m") for entry in set(entries)}
    pppk = str(PPPK_MONTH)
    for index, nip in enumerate(people.nip):
        if not nip:
            continue
        if not nip.startswith(said_birth[births[index]]):
            table.complain(
                index, "birth_date", f"another date than NIP {mask_nip(nip)}", "the birth date in the NIP"
            )
        if not nip.startswith(digit[sexes[index]], 14):
            table.complain(
                index, "sex", f"another sex than NIP {mask_nip(nip)}", "the sex in the NIP (digit 15)"
            )
        if nip[12:14] == pppk:
            if employment[index] != "PPPK":
                table.complain(
                    index, "employment", str(employment[index]), "PPPK, as digits 13-14 of the NIP say"
                )
        elif not nip.startswith(said_entry[entries[index]], 8):
            table.complain(index, "entry", f"another month than NIP {mask_nip(nip)}", "the month in the NIP")


def _paired(table: Table, codes: Sequence[str | None], until: Sequence[date | None]) -> None:
    for index, day in enumerate(until):
        if day is not None and codes[index] is None:
            table.complain(index, "exempt_code", "a date without a code", "the code of the exemption")


def _points(table: Table, lats: Sequence[float | None], lons: Sequence[float | None]) -> None:
    for index, (lat, lon) in enumerate(zip(lats, lons, strict=True)):
        if (lat is None) != (lon is None):
            table.complain(index, "home_lat", "half a point", "latitude and longitude, or neither")
