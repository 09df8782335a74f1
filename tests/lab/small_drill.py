"""A small scenario in which everything befalls somebody, on a roster of two clinics."""

from pathlib import Path

from domain.roster import Role, Skill
from lab.city_files import write
from lab.small_town import Donor, build

CLINICS = (
    Donor("PKM-1", 30, 24),
    Donor("PKM-2", 30, 24),
    Donor("GUDANG", 12, 8, Role.LOGISTICS_OFFICER, Skill.WAREHOUSE),
)


def _clinics(title: str, lasts: str) -> str:
    """How both scenarios begin: a flood in the city, and people asked for by its clinics."""
    return f"""\
title = "{title}"
seed = 5
starts = 2027-02-03T03:12:00+08:00
roster = "roster"
funding = "Belanja Tidak Terduga"

[[incident]]
key = "city"
title = "Banjir kota"
hazard = "flood"
status = "RESPONSE"
level = "REGENCY_CITY"
area = "Kota Kecil"
decree = "360/15/II/2027"
declared_after = "90 min"
lasts = "{lasts}"

[[surge]]
key = "clinics"
title = "Pos kesehatan"
incident = "city"
"""


EVERYTHING = f"""{_clinics("Banjir kecil", "9 d")}
[[incident]]
key = "province"
title = "Banjir provinsi"
hazard = "flood"
status = "RESPONSE"
level = "PROVINCE"
area = "Provinsi"
decree = "360/16/II/2027"
begins_after = "20 h"
declared_after = "2 h"
lasts = "5 d"

[[extension]]
incident = "city"
after = "2 d"
decree = "360/19/II/2027"
by = "3 d"

[[surge]]
key = "stores"
title = "Gudang"
incident = "province"
asked_after = "21 h"
paper = "360/18/II/2027"
paper_after = "30 h"

[[raised]]
surge = "stores"
need = 1
by = 1
after = "26 h"

[[surge]]
key = "onward"
title = "Gudang lanjutan"
incident = "city"
asked_after = "50 h"

[[onward]]
surge = "stores"
to = "onward"
people = 1
after = "60 h"

[blackout]
begins_after = "22 h"
ends_after = "30 h"

[[people]]
surge = "clinics"
declines = 2
silent = 1
overdue = 1
conditions = 3
conditions_refused = 1
unfit = 1
no_shows = 1
injured = 2
out_of_contact = 1
affected = 1
recalled = 1
released_early = 1
extended = 2
extended_by = "2 d"

[[need]]
surge = "clinics"
role = "health_post_nurse"
quantity = 18
priority = 1
site = "Pos Kesehatan"
lat = -10.17
lon = 123.60
wave = 1
report_after = "24 h"
duty = "7 d"

[[need]]
surge = "stores"
role = "logistics"
quantity = 3
priority = 2
site = "Gudang"
lat = -10.17
lon = 123.60
wave = 1
report_after = "20 h"
duty = "2 d"

[[need]]
surge = "onward"
role = "logistics"
quantity = 6
priority = 2
site = "Gudang Lanjutan"
lat = -10.18
lon = 123.61
wave = 1
report_after = "24 h"
duty = "2 d"
"""


LITTLE = f"""{_clinics("Banjir sebentar", "4 d")}
[[people]]
surge = "clinics"
declines = 2
silent = 1
overdue = 1

[[need]]
surge = "clinics"
role = "health_post_nurse"
quantity = 8
priority = 1
site = "Pos Kesehatan"
lat = -10.17
lon = 123.60
wave = 1
report_after = "24 h"
duty = "2 d"
"""
"""Enough to tell one run from another, and soon over."""


def write_scenario(place: Path, text: str = EVERYTHING) -> Path:
    """Write the scenario and its roster, and return the scenario's file."""
    write(build(CLINICS).roster, place / "roster")
    file = place / "kecil.toml"
    file.write_text(text, encoding="utf-8")
    return file
