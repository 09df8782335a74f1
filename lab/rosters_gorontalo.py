"""Kota Gorontalo, as the example city is drawn: its nine kecamatan and fifty kelurahan are public geography.

The points of the kecamatan are rounded and set by hand; the kelurahan lie about them in a ring, good enough for a
distance across town and for nothing finer.
"""

from __future__ import annotations

from math import cos, pi, sin

from domain.roster import Government, Roster
from lab.city import City, build
from lab.city_places import Kecamatan, Places

SEED = 75
RING = 0.006  # degrees, about 700 m

_KECAMATAN: tuple[tuple[str, float, float, tuple[str, ...]], ...] = (
    ("Kota Barat", 0.545, 123.030, (
        "Buladu", "Buliide", "Dembe I", "Lekobalo", "Molosipat W", "Pilolodaa", "Tenilo",
    )),
    ("Dungingi", 0.565, 123.042, ("Huangobotu", "Libuo", "Tomulabutao", "Tomulabutao Selatan", "Tuladenggi")),
    ("Kota Selatan", 0.540, 123.062, ("Biawao", "Biawu", "Limba B", "Limba U I", "Limba U II")),
    ("Kota Timur", 0.545, 123.075, (
        "Heledulaa", "Heledulaa Selatan", "Ipilo", "Moodu", "Padebuolo", "Tamalate",
    )),
    ("Hulonthalangi", 0.522, 123.060, ("Donggala", "Pohe", "Siendeng", "Tanjung Kramat", "Tenda")),
    ("Dumbo Raya", 0.518, 123.080, ("Botu", "Bugis", "Leato Selatan", "Leato Utara", "Talumolo")),
    ("Kota Utara", 0.578, 123.075, (
        "Dembe II", "Dembe Jaya", "Dulomo Selatan", "Dulomo Utara", "Wongkaditi", "Wongkaditi Barat",
    )),
    ("Kota Tengah", 0.557, 123.060, (
        "Dulalowo", "Dulalowo Timur", "Liluwo", "Paguyaman", "Pulubala", "Wumialo",
    )),
    ("Sipatana", 0.577, 123.056, ("Bulotadaa", "Bulotadaa Timur", "Molosipat U", "Tanggikiki", "Tapa")),
)  # fmt: skip

_GOVERNMENT = Government(
    id="kota-gorontalo",
    name="Pemerintah Kota Gorontalo",
    level="city",
    zone="Asia/Makassar",
    place="Gorontalo",
    letterhead=(
        "PEMERINTAH KOTA GORONTALO",
        "SEKRETARIAT DAERAH",
        "Jalan Contoh Nomor 1, Gorontalo (data sintetis)",
    ),
    number_class="800.1.11.1",
    region_code="75.71",
    synthetic=True,
)


def kota_gorontalo() -> Roster:
    """Return the roster: the same in every call."""
    places = Places(
        hall=(0.541, 123.060),
        kecamatan=tuple(_around(*one) for one in _KECAMATAN),
        puskesmas=tuple((name, y, x) for name, y, x, _ in _KECAMATAN),
    )
    return build(SEED, City(_GOVERNMENT, places, "gorontalo", ((0.500, 0.600), (123.010, 123.100))))


def _around(name: str, y: float, x: float, villages: tuple[str, ...]) -> Kecamatan:
    turn = 2 * pi / len(villages)
    points = tuple(
        (village, round(y + RING * sin(n * turn), 3), round(x + RING * cos(n * turn), 3))
        for n, village in enumerate(villages)
    )
    return name, y, x, points
