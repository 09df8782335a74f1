"""A small roster that is right, to be made wrong one cell at a time."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

BUDI, SITI = "198503122010011901", "199001022022212902"

GOVERNMENT = """
id = "kota-contoh"
name = "Pemerintah Kota Contoh"
level = "city"
zone = "Asia/Makassar"
place = "Contoh"
number_class = "800.1.11.1"
letterhead = ["PEMERINTAH KOTA CONTOH"]
synthetic = true
"""

TABLES: dict[str, list[list[str]]] = {
    "units": [
        ["kode unit", "nama unit", "jenis unit", "kode induk", "lintang", "bujur", "kritis", "nip kepala"],
        ["SETDA", "Sekretariat Daerah", "secretariat", "", "-10.16", "123.60", "tidak", BUDI],
        ["PKM", "Puskesmas Contoh", "puskesmas", "SETDA", "-10.17", "123.61", "ya", ""],
    ],
    "people": [
        [
            "nip", "nama", "tgl lahir", "jenis kelamin", "jenis pegawai", "golongan", "jabatan nama", "kode unit",
            "rumpun jabatan", "sukarela", "kode pengecualian", "pengecualian sampai", "no hp", "tmt cpns",
        ],
        [BUDI, "Budi Contoh", "1985-03-12", "L", "PNS", "III/b", "Analis", "SETDA", "administrator", "ya", "", "",
         "+62 800 0000 0001", "2010-01-01"],
        [SITI, "Siti Contoh", "1990-01-02", "P", "PPPK", "IX", "Perawat", "PKM", "nurse", "tidak", "HEALTH",
         "2027-01-31", "", ""],
    ],
    "skills": [["nip", "keahlian", "tingkat", "berlaku sampai"], [SITI, "nursing_str", "2", "2028-06-30"]],
    "leave": [["nip", "jenis cuti", "mulai", "selesai"], [SITI, "annual", "2026-12-01", "2026-12-05"]],
    "workload": [
        ["kode unit", "rumpun jabatan", "uraian tugas", "volume per tahun", "menit per kegiatan"],
        ["PKM", "nurse", "Asuhan", "2000", "35,5"],
    ],
    "redline": [
        ["kode unit", "rumpun jabatan", "layanan minimum", "kritis"],
        ["PKM", "nurse", "1", ""],
        ["SETDA", "administrator", "0", "ya"],
    ],
    "appointments": [["nip", "kapasitas", "kode unit", "mulai", "selesai"], [BUDI, "UNIT_HEAD", "SETDA", "2026-01-01", ""]],
    "careers": [
        ["NIP Baru", "TMT PNS", "Tingkat Pendidikan Nama", "Tgl Bebas Temuan"],
        [BUDI, "01-03-2011", "S-1/Sarjana", "2026-10-01"],
    ],
    "ratings": [["nip", "tahun", "predikat kinerja"], [BUDI, "2025", "Sangat Baik"]],
    "processes": [["nip", "jenis proses", "selesai"], [SITI, "hukuman disiplin", "2026-12-31"]],
    "study_ties": [["nip", "jenis ikatan", "selesai"], [SITI, "ikatan dinas", ""]],
    "relations": [["nip", "nip keluarga", "hubungan"], [BUDI, SITI, "suami/istri"]],
    "position_map": [
        ["kode unit", "nama jabatan", "rumpun jabatan", "jenis jabatan", "kelas jabatan", "memimpin unit", "kebutuhan",
         "syarat pendidikan", "syarat kompetensi", "golongan terendah", "golongan tertinggi"],
        ["PKM", "Perawat", "perawat", "fungsional", "8", "", "3", "D-III", "str perawat; p3k", "II/c", "III/d"],
    ],
}  # fmt: skip

Change = tuple[str, int, str, str]
"""Table, row as a spreadsheet counts it, header, new text of the cell."""


@pytest.fixture
def roster_with(tmp_path: Path) -> Callable[..., Path]:
    """Write the small roster with these cells changed; the directory."""

    def write(*changes: Change, extra: dict[str, list[list[str]]] | None = None) -> Path:
        (tmp_path / "government.toml").write_text(GOVERNMENT, encoding="utf-8")
        tables = {
            name: [list(row) for row in rows + (extra or {}).get(name, [])] for name, rows in TABLES.items()
        }
        for table, row, header, cell in changes:
            tables[table][row - 1][TABLES[table][0].index(header)] = cell
        for name, rows in tables.items():
            with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
        return tmp_path

    return write
