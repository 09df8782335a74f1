"""How incidents are said in the after-action report: what happened to those who went, and to the units that they left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.closing.review_view import DeathReports, Incidents, ThinUnits
from domain.closing.say_rows import Row
from domain.conditions import Hazard
from domain.report.words import elapsed, first_upper, listed, number, part, reasons


def title(found: Incidents) -> str:
    """Say what went wrong, in one line."""
    told = [
        (found.late, "pulang terlambat"),
        (found.no_show, "tidak datang"),
        (found.unfit, "tidak laik tugas"),
        (found.deaths, "meninggal"),
    ]
    parts = [f"{number(count)} {what}" for count, what in told if count]
    if found.injuries:
        parts.insert(0, f"{number(found.injuries)} cedera")
    return first_upper(listed(parts)) if parts else "Tidak ada yang cedera, mangkir, atau pulang terlambat"


HAZARDS = {
    Hazard.WATER: "air",
    Hazard.LANDSLIDE: "longsor",
    Hazard.COLLAPSE: "bangunan runtuh",
    Hazard.FIRE: "api",
    Hazard.ELECTRICITY: "listrik",
    Hazard.CHEMICALS: "bahan kimia",
    Hazard.DISEASE: "penyakit",
    Hazard.ANIMALS: "hewan",
    Hazard.HEAT: "panas",
    Hazard.ROADS: "jalan",
    Hazard.UNREST: "kerusuhan",
    Hazard.OTHER: "lainnya",
}


def hazards(named: Sequence[str]) -> Iterable[Row]:
    """Tell against which dangers the request warned, beside what happened."""
    if named:
        words = ", ".join(HAZARDS[Hazard(one)] for one in named)
        yield Row("Bahaya yang disebut dalam permintaan", number(len(named)), words)


def rows(found: Incidents) -> Iterable[Row]:
    """Tell what happened to those who went, a row each."""
    yield Row("Tiba di lokasi", number(found.arrived))
    yield Row("Tidak laik tugas", number(found.unfit))
    yield Row("Tidak datang", number(found.no_show))
    yield Row("Surat tugas dibatalkan", number(found.cancelled))
    yield Row("Hilang kontak", number(found.out_of_contact))
    yield Row("Cedera", number(found.injuries), part(found.serious, "berat"))
    if found.deaths:
        yield Row("Meninggal", number(found.deaths), _reports(found.reports))
    yield Row("Terdampak bencana sendiri", number(found.affected))
    yield Row("Perpanjangan", number(found.extensions))
    yield Row("Pindah ke pos lain", number(found.reassigned))
    yield Row("Menjadi mutasi tetap", number(found.converted))
    recalled = sum(count for _, count in found.recalled_by_unit)
    yield Row("Ditarik unit asal", number(recalled), reasons(found.recalled_by_unit))
    early = sum(count for _, count in found.released_early)
    yield Row("Dilepas lebih awal", number(early), reasons(found.released_early))
    latest = f"paling lama {elapsed(found.latest)}" if found.latest else ""
    yield Row("Pulang terlambat", number(found.late), latest)
    yield Row("Tujuh hari tanpa hari istirahat tercatat", number(found.no_day_off))
    yield Row("Gilir tugas melewati batas menurut catatan", number(found.long_shifts))
    days = f"{number(found.uncovered_days)} hari-orang" if found.uncovered else ""
    yield Row("Bertugas tanpa status darurat", number(found.uncovered), days)


def thin(found: ThinUnits) -> Iterable[Row]:
    """`Unit asal di bawah batas layanan: 3, 1 dengan usul bantuan, 1 tanpa bantuan, 1 belum pulih`."""
    told = [
        part(found.drafted, "dengan usul bantuan"),
        part(found.declined, "tanpa bantuan"),
        part(found.open, "belum pulih"),
    ]
    if found.began:
        yield Row("Unit asal di bawah batas layanan", number(found.began), ", ".join(filter(None, told)))


def _reports(found: DeathReports) -> str:
    """`laporan JKK: 1 masuk (paling lama 1 hari 2 jam), 1 belum`."""
    told = [
        f"{number(found.filed)} masuk (paling lama {elapsed(found.slowest)})"
        if found.slowest is not None
        else "",
        part(found.waived, "tidak diminta lagi"),
        part(found.owed, "belum"),
    ]
    said = ", ".join(filter(None, told))
    return f"laporan JKK: {said}" if said else ""
