"""Where the example city works: the units of Kota Kupang.

Names of kecamatan, kelurahan, puskesmas and agencies are public geography and public offices. The points are rounded
and set by hand, good enough for a distance across town and for nothing finer. School groups are invented bundles,
since the city has more schools than an example needs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.roster import UnitKind, UnitRow

SECRETARIAT = "SETDA"
CITY_HALL = (-10.163, 123.607)

# name, latitude, longitude of the office of the camat; then each kelurahan with its point.
KECAMATAN: tuple[tuple[str, float, float, tuple[tuple[str, float, float], ...]], ...] = (
    ("Alak", -10.184, 123.547, (
        ("Alak", -10.199, 123.532), ("Batuplat", -10.203, 123.577), ("Fatufeto", -10.166, 123.574),
        ("Mantasi", -10.168, 123.579), ("Manutapen", -10.175, 123.576), ("Manulai II", -10.213, 123.566),
        ("Naioni", -10.217, 123.553), ("Namosain", -10.172, 123.559), ("Nunbaun Delha", -10.171, 123.565),
        ("Nunbaun Sabu", -10.170, 123.570), ("Nunhila", -10.167, 123.571), ("Penkase Oeleta", -10.190, 123.550),
    )),
    ("Maulafa", -10.187, 123.622, (
        ("Belo", -10.219, 123.621), ("Fatukoa", -10.218, 123.606), ("Kolhua", -10.206, 123.632),
        ("Maulafa", -10.188, 123.625), ("Naikolan", -10.181, 123.611), ("Naimata", -10.182, 123.647),
        ("Oepura", -10.188, 123.604), ("Penfui", -10.172, 123.666), ("Sikumana", -10.199, 123.609),
    )),
    ("Oebobo", -10.164, 123.618, (
        ("Fatululi", -10.158, 123.616), ("Kayu Putih", -10.161, 123.628), ("Liliba", -10.170, 123.643),
        ("Oebobo", -10.165, 123.609), ("Oebufu", -10.168, 123.624), ("Oetete", -10.163, 123.595),
        ("Tuak Daun Merah", -10.166, 123.634),
    )),
    ("Kota Raja", -10.176, 123.592, (
        ("Air Nona", -10.178, 123.586), ("Bakunase", -10.187, 123.590), ("Bakunase II", -10.193, 123.593),
        ("Fontein", -10.169, 123.583), ("Kuanino", -10.170, 123.592), ("Naikoten I", -10.175, 123.599),
        ("Naikoten II", -10.173, 123.605), ("Nunleu", -10.174, 123.587),
    )),
    ("Kelapa Lima", -10.150, 123.626, (
        ("Kelapa Lima", -10.151, 123.617), ("Lasiana", -10.150, 123.668), ("Oesapa", -10.150, 123.646),
        ("Oesapa Barat", -10.152, 123.635), ("Oesapa Selatan", -10.158, 123.649),
    )),
    ("Kota Lama", -10.160, 123.588, (
        ("Airmata", -10.165, 123.581), ("Bonipoi", -10.163, 123.584), ("Fatubesi", -10.158, 123.592),
        ("Lai Lai Bisi Kopan", -10.162, 123.578), ("Merdeka", -10.160, 123.594), ("Nefonaek", -10.157, 123.600),
        ("Oeba", -10.156, 123.596), ("Pasir Panjang", -10.153, 123.606), ("Solor", -10.161, 123.582),
        ("Tode Kisar", -10.158, 123.586),
    )),
)  # fmt: skip

# code, name, latitude, longitude, critical
AGENCIES: tuple[tuple[str, str, float, float, bool], ...] = (
    ("SETWAN", "Sekretariat Dewan Perwakilan Rakyat Daerah", -10.164, 123.612, False),
    ("ITDA", "Inspektorat Daerah", -10.160, 123.609, False),
    ("DIKBUD", "Dinas Pendidikan dan Kebudayaan", -10.167, 123.611, False),
    ("DINKES", "Dinas Kesehatan", -10.171, 123.602, False),
    ("PUPR", "Dinas Pekerjaan Umum dan Penataan Ruang", -10.176, 123.615, False),
    ("PERKIM", "Dinas Perumahan Rakyat dan Kawasan Permukiman", -10.174, 123.621, False),
    ("SATPOLPP", "Satuan Polisi Pamong Praja", -10.162, 123.605, False),
    ("DAMKAR", "Dinas Pemadam Kebakaran dan Penyelamatan", -10.157, 123.610, True),
    ("BPBD", "Badan Penanggulangan Bencana Daerah", -10.169, 123.617, True),
    ("DINSOS", "Dinas Sosial", -10.173, 123.597, False),
    ("NAKERTRANS", "Dinas Tenaga Kerja dan Transmigrasi", -10.155, 123.621, False),
    ("P3AP2KB", "Dinas Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana",
     -10.179, 123.608, False),
    ("PERTANIAN", "Dinas Pertanian dan Ketahanan Pangan", -10.192, 123.616, False),
    ("DLH", "Dinas Lingkungan Hidup dan Kebersihan", -10.183, 123.600, False),
    ("DUKCAPIL", "Dinas Kependudukan dan Pencatatan Sipil", -10.161, 123.614, False),
    ("PERHUBUNGAN", "Dinas Perhubungan", -10.168, 123.640, False),
    ("KOMINFO", "Dinas Komunikasi dan Informatika", -10.164, 123.608, False),
    ("KOPUKM", "Dinas Koperasi, Usaha Kecil dan Menengah", -10.170, 123.613, False),
    ("DPMPTSP", "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", -10.159, 123.606, False),
    ("DISPORA", "Dinas Kepemudaan dan Olahraga", -10.166, 123.627, False),
    ("ARPUS", "Dinas Kearsipan dan Perpustakaan", -10.172, 123.609, False),
    ("PERIKANAN", "Dinas Perikanan", -10.154, 123.599, False),
    ("PARIWISATA", "Dinas Pariwisata dan Ekonomi Kreatif", -10.156, 123.603, False),
    ("PERINDAG", "Dinas Perindustrian dan Perdagangan", -10.165, 123.600, False),
    ("BAPPEDA", "Badan Perencanaan Pembangunan Daerah", -10.162, 123.610, False),
    ("BKPPD", "Badan Kepegawaian, Pendidikan dan Pelatihan Daerah", -10.163, 123.606, False),
    ("BKAD", "Badan Keuangan dan Aset Daerah", -10.161, 123.608, False),
    ("BAPENDA", "Badan Pendapatan Daerah", -10.164, 123.603, False),
    ("KESBANGPOL", "Badan Kesatuan Bangsa dan Politik", -10.160, 123.612, False),
)  # fmt: skip

# name, latitude, longitude
PUSKESMAS: tuple[tuple[str, float, float], ...] = (
    ("Alak", -10.191, 123.546), ("Bakunase", -10.186, 123.592), ("Kupang Kota", -10.163, 123.582),
    ("Manutapen", -10.174, 123.577), ("Naioni", -10.216, 123.555), ("Oebobo", -10.166, 123.610),
    ("Oepoi", -10.163, 123.630), ("Oesapa", -10.151, 123.645), ("Pasir Panjang", -10.154, 123.604),
    ("Penfui", -10.174, 123.661), ("Sikumana", -10.198, 123.608),
)  # fmt: skip

ROMAN = ("I", "II")

Point = tuple[float, float]
Kecamatan = tuple[str, float, float, tuple[tuple[str, float, float], ...]]


@dataclass(frozen=True)
class Places:
    """Where a city works; its agencies stand about the city hall as those of Kota Kupang do."""

    hall: Point = CITY_HALL
    kecamatan: tuple[Kecamatan, ...] = KECAMATAN
    puskesmas: tuple[tuple[str, float, float], ...] = PUSKESMAS

    def moved(self, y: float, x: float) -> Point:
        """Return where a point of Kota Kupang would stand in this city."""
        if self.hall == CITY_HALL:
            return y, x
        return round(y - CITY_HALL[0] + self.hall[0], 3), round(x - CITY_HALL[1] + self.hall[1], 3)


KUPANG = Places()


def units(places: Places = KUPANG) -> list[UnitRow]:
    """All units without their heads, parents before children."""
    found = [_unit(SECRETARIAT, "Sekretariat Daerah", UnitKind.SECRETARIAT, None, places.hall)]
    for code, name, y, x, critical in AGENCIES:
        agency = _unit(code, name, UnitKind.AGENCY, SECRETARIAT, places.moved(y, x))
        found.append(replace(agency, critical=critical))
    for number, (name, y, x, villages) in enumerate(places.kecamatan, start=1):
        code = f"KEC{number}"
        found.append(_unit(code, f"Kecamatan {name}", UnitKind.KECAMATAN, SECRETARIAT, (y, x)))
        for order, (village, vy, vx) in enumerate(villages, start=1):
            place = f"{code}-KEL{order:02}"
            found.append(_unit(place, f"Kelurahan {village}", UnitKind.KELURAHAN, code, (vy, vx)))
    at = places.moved(-10.168, 123.597)
    hospital = _unit("RSUD", "UPTD Rumah Sakit Umum Daerah", UnitKind.UPTD, "DINKES", at)
    found.append(replace(hospital, critical=True))
    at = places.moved(-10.172, 123.603)
    found.append(_unit("FARMASI", "UPTD Gudang Farmasi", UnitKind.UPTD, "DINKES", at))
    for order, (name, y, x) in enumerate(places.puskesmas, start=1):
        found.append(_unit(f"PKM{order:02}", f"Puskesmas {name}", UnitKind.PUSKESMAS, "DINKES", (y, x)))
    return found + _schools(places)


def _schools(places: Places) -> list[UnitRow]:
    at = places.moved(-10.170, 123.606)
    groups = [_unit("TK01", "Gugus TK Negeri", UnitKind.SCHOOL, "DIKBUD", at)]
    for number, (name, y, x, _) in enumerate(places.kecamatan, start=1):
        for half in range(2):
            shift = 0.004 if half else -0.004
            for level in ("SD", "SMP"):
                label = f"Gugus {level} Negeri {name} {ROMAN[half]}"
                point = (round(y + shift, 3), round(x + (shift if level == "SD" else -shift), 3))
                groups.append(_unit(f"{level}{number}{half + 1}", label, UnitKind.SCHOOL, "DIKBUD", point))
    return groups


def _unit(code: str, name: str, kind: UnitKind, parent: str | None, point: tuple[float, float]) -> UnitRow:
    return UnitRow(code, name, kind, parent, *point, critical=False, head_nip=None)
