"""How a page writes days, hours, numbers and names in Indonesian."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

GLUE = "\u00a0"
"""A day is never parted from its month."""
MINUS = "\u2212"

_WEEKDAYS = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}

ROLES = {
    "shelter_manager": "Pengelola pengungsian",
    "field_kitchen": "Dapur umum",
    "health_post_nurse": "Perawat pos kesehatan",
    "data_officer": "Pendataan warga",
    "logistics": "Logistik dan gudang",
    "rapid_assessment": "Kaji cepat (TRC)",
    "wash": "Air bersih dan sanitasi",
    "psychosocial": "Psikososial",
}
STATUSES = {
    "MONITORING": "Pemantauan",
    "ALERT": "Siaga darurat",
    "RESPONSE": "Tanggap darurat",
    "TRANSITION": "Transisi darurat",
    "LAPSED": "Status darurat sudah berakhir",
    "ENDED": "Operasi selesai",
    "AFTER_ACTION": "Operasi selesai, laporan akhir disusun",
    "ARCHIVED": "Operasi diarsipkan",
}
LEVELS = {"REGENCY_CITY": "kabupaten/kota", "PROVINCE": "provinsi", "NATIONAL": "nasional"}
OFFICES = {
    "COORDINATOR": "Koordinator",
    "SEKDA": "Sekda",
    "UNIT_HEAD": "Kepala unit",
    "COMMAND_POST": "Pos komando",
    "SIGNATORY": "Penanda tangan",
    "APPOINTING_AUTHORITY": "Kepala daerah",
    "FINANCE_OFFICER": "Bendahara",
    "SYSTEM": "Siaga",
}
_REASONS = {
    "LODGING": "penginapan",
    "TRANSPORT": "angkutan",
    "LATE_DAYS": "hari lewat batas pulang",
    "HEALTH": "kesehatan",
    "CARER": "merawat keluarga",
    "AFFECTED": "ikut terdampak",
    "DUTY_ELSEWHERE": "bertugas di tempat lain",
    "MINIMUM_SERVICE": "unit di batas layanan",
    "ESSENTIAL_SERVICE": "layanan yang tidak boleh berhenti",
    "LIFE_SAVING": "menyelamatkan jiwa",
    "NO_OTHER_SOURCE": "tidak ada sumber lain",
    "SERVICE_COVERED": "layanan di unit tetap terjaga",
    "NOT_NEEDED": "tidak diperlukan",
    "NO_FUNDS": "tidak ada dana",
    "INCOMPLETE": "berkas tidak lengkap",
    "NO_LONGER_NEEDED": "tidak diperlukan lagi",
    "REPLACED": "sudah diganti",
    "MISTAKE": "keliru",
    "FAMILY": "keluarga",
    "CONDUCT": "perilaku",
    "EMERGENCY_AT_HOME": "keadaan darurat di unit asal",
    "PERSON_UNABLE": "orangnya tidak mampu",
    "HOST_DISSOLVED": "pos komando sudah bubar",
    "NOTHING_DUE": "tidak ada yang harus dibayar",
    "PAID_ELSEWHERE": "sudah dibayar pihak lain",
    "OTHER": "lainnya",
}


def month(at: datetime) -> str:
    """`Feb`."""
    return _MONTHS[at.month - 1]


class Calendar:
    """Tells instants as days and hours of one zone."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._name = _ZONES.get(zone, "")

    def local(self, at: datetime) -> datetime:
        """The instant on this zone's clocks."""
        return at.astimezone(self._zone)

    def midnight(self, at: datetime) -> datetime:
        """The beginning of the instant's local day."""
        return self.local(at).replace(hour=0, minute=0, second=0, microsecond=0)

    def day(self, at: datetime) -> str:
        """`12 Feb`."""
        local = self.local(at)
        return f"{local.day}{GLUE}{month(local)}"

    def weekday(self, at: datetime) -> str:
        """`Jum 12 Feb`."""
        return f"{_WEEKDAYS[self.local(at).weekday()]}{GLUE}{self.day(at)}"

    def last_day(self, end: datetime) -> str:
        """`12 Feb`: an end at midnight belongs to the day that it closes."""
        return self.day(end - timedelta(microseconds=1))

    def last_weekday(self, end: datetime) -> str:
        """`Jum 12 Feb`, of an end."""
        return self.weekday(end - timedelta(microseconds=1))

    def clock(self, at: datetime) -> str:
        """`14.20`."""
        return f"{self.local(at):%H.%M}"

    def full(self, at: datetime) -> str:
        """`Jum 12 Feb 2027, 14.20 WITA`."""
        local = self.local(at)
        zone = self._name or f"UTC{local:%z}"
        return f"{self.weekday(at)}{GLUE}{local.year}, {self.clock(at)}{GLUE}{zone}"

    def by(self, deadline: datetime, now: datetime) -> str:
        """`hari ini 16.20`, `besok 08.00`, `Jum 12 Feb 08.00`: a deadline as seen from now."""
        at_midnight = self.local(deadline) == self.midnight(deadline)
        # A deadline at midnight is the end of the day before, and is called so.
        day = deadline - timedelta(microseconds=1) if at_midnight else deadline
        days = (self.local(day).date() - self.local(now).date()).days
        near = {-1: "kemarin", 0: "hari ini", 1: "besok"}
        return f"{near.get(days, self.weekday(day))} {'24.00' if at_midnight else self.clock(deadline)}"

    def days_until(self, end: datetime, now: datetime) -> int:
        """Whole days from today to the last day of an end."""
        return (self.local(end - timedelta(microseconds=1)).date() - self.local(now).date()).days


def number(value: int) -> str:
    """`4.812`; a real minus for what is below zero."""
    return f"{value:,}".replace(",", ".").replace("-", MINUS)


def part(count: int, what: str) -> str:
    """`3 berat`; nothing where there are none."""
    return f"{number(count)} {what}" if count else ""


def rupiah(amount: int) -> str:
    """`Rp1.234.000`."""
    return f"Rp{number(amount)}"


def percent(part: int, whole: int) -> str:
    """`86 %`, rounded down: what is not complete is never called 100 %."""
    return f"{100 * part // whole if whole else 0}{GLUE}%"


def elapsed(span: timedelta) -> str:
    """`2 hari`; below one day `5 jam`."""
    hours = max(1, int(span.total_seconds() // 3600))
    return f"{hours // 24} hari" if hours >= 24 else f"{hours} jam"


def listed(parts: Sequence[str]) -> str:
    """`a`, `a dan b`, `a, b, dan c`."""
    if len(parts) < 3:
        return " dan ".join(parts)
    return f"{', '.join(parts[:-1])}, dan {parts[-1]}"


def shortened(parts: Sequence[str], most: int = 3) -> str:
    """`a, b, c, dan 4 lainnya`: a list that a person still reads."""
    if len(parts) <= most + 1:
        return ", ".join(parts)
    return f"{', '.join(parts[:most])}, dan {len(parts) - most} lainnya"


def lower(name: str) -> str:
    """A name inside a sentence: `kaji cepat (TRC)`."""
    return name[:1].lower() + name[1:]


def first_upper(sentence: str) -> str:
    """A sentence begins with a capital."""
    return sentence[:1].upper() + sentence[1:]


def role_name(code: str, names: dict[str, str] | None = None) -> str:
    """What a surge role is called; a role nobody named is told by its code."""
    return (names or {}).get(code) or ROLES.get(code) or first_upper(code.replace("_", " "))


def office(code: str | None) -> str:
    """What an office is called; `Sekda (Plh)` where it was held for somebody."""
    held, _, tenure = (code or "Siaga").partition("/")
    name = OFFICES.get(held, first_upper(held.lower().replace("_", " ")))
    return f"{name} ({first_upper(tenure.lower())})" if tenure else name


def offices(codes: Sequence[str]) -> str:
    """What several offices are called together: `Pos komando, koordinator, dan Sekda`."""
    first, *others = codes
    return listed([office(first), *(office_inside(code) for code in others)])


def office_inside(code: str) -> str:
    """What an office is called inside a sentence; `Sekda` is short for a title."""
    return office(code) if code == "SEKDA" else lower(office(code))


def reason(code: object) -> str:
    """A coded reason in words."""
    text = str(code)
    return _REASONS.get(text, text.lower().replace("_", " "))


def reasons(codes: Iterable[tuple[str, int]]) -> str:
    """`kesehatan 3, merawat keluarga 1`."""
    return ", ".join(f"{reason(code)} {number(count)}" for code, count in codes)


def is_uuid(text: str) -> bool:
    """Whether a text is an opaque id, which no page shows."""
    return len(text) == 36 and text.count("-") == 4


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """The values in order, each once."""
    return tuple(dict.fromkeys(values))
