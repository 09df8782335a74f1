"""The findings, said as sentences with their number: zero, one and many each in natural words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from domain.report.needs import ASKED, NEVER_FILLED, SEARCHING
from domain.report.rows import Cause, Donor, LaneKind
from domain.report.view import Figures, ReportView
from domain.report.words import MINUS, STATUSES, Calendar, elapsed, number, percent

_BECAUSE = {
    "NO_SKILL": "karena tidak ada yang kompeten",
    "NONE_AVAILABLE": "karena yang kompeten sedang cuti atau bertugas",
    "DECLINED": "karena calon menolak atau tidak menjawab",
    "TOO_FAR": "karena calon terlalu jauh",
    "TEAM_INCOMPLETE": "karena regunya tidak dapat dilengkapi",
    "DONORS_AT_REDLINE": "karena unit asal sudah di batas",
    "COMPETING_LINE": "karena calon dipakai kebutuhan lebih mendesak",
    "ENDS_SOON": "karena sisa masa tugasnya terlalu singkat",
    ASKED: "menunggu jawaban tawaran",
    SEARCHING: "sedang dicarikan",
    NEVER_FILLED: "tidak sempat terisi",
}


@dataclass(frozen=True)
class KeyFigure:
    """One of the five figures at the head."""

    label: str
    value: str
    note: str
    alarm: bool = False


def lead(view: ReportView) -> tuple[str, str, str]:
    """The sentence under the title, in three parts; the middle one is the date that matters."""
    calendar = Calendar(view.zone)
    name = STATUSES.get(view.status, view.status)
    if view.status_until is None:
        return _without_status(name, view)
    day = -calendar.days_until(view.status_since, view.as_of) if view.status_since else 0
    left = calendar.days_until(view.status_until, view.as_of)
    when = {0: "hari ini", 1: "besok"}.get(left, f"{left} hari lagi")
    past = view.orders_past_status
    covered = f"{past} orang ditugaskan melewatinya" if past else "tidak ada surat tugas yang melewatinya"
    return (
        f"{name}, hari ke-{max(1, day + 1)}. Status berlaku s.d. ",
        calendar.last_weekday(view.status_until),
        f", {when}; {covered}.",
    )


def _without_status(name: str, view: ReportView) -> tuple[str, str, str]:
    figures = view.figures
    if figures.out:
        return f"{name}; ", f"{figures.out} orang masih di luar unitnya", "."
    if figures.waiting:
        return f"{name}; {figures.waiting} orang belum berangkat.", "", ""
    if figures.returned:
        return f"{name}; semua orang sudah pulang.", "", ""
    none = "belum ada status yang ditetapkan" if view.status == "MONITORING" else "tidak ada yang bertugas"
    return f"{name}; {none}.", "", ""


def key_figures(view: ReportView) -> tuple[KeyFigure, ...]:
    """The five figures and the small line under each."""
    figures = view.figures
    return (
        KeyFigure("Dibutuhkan", number(figures.needed), _asked(figures)),
        KeyFigure("Terisi", number(figures.filled), _filled(figures)),
        KeyFigure("Di lokasi", number(figures.on_site), _elsewhere(figures)),
        KeyFigure(f"Pulang ≤{chr(160)}7 hari", number(figures.due_soon), _due_soon(view)),
        KeyFigure(
            "Lewat tanggal pulang",
            number(figures.late),
            _late_note(figures),
            alarm=figures.late > 0,
        ),
    )


def _late_note(figures: Figures) -> str:
    if figures.latest:
        return f"terlama {elapsed(figures.latest)}"
    if figures.came_latest:
        return f"{figures.came_late} pernah terlambat, terlama {elapsed(figures.came_latest)}"
    return "tidak ada"


def _asked(figures: Figures) -> str:
    if not figures.needed:
        return "belum ada permintaan"
    waves = f", {figures.waves} gelombang" if figures.waves > 1 else ""
    return f"{figures.roles} peran, {figures.sites} lokasi{waves}"


def _filled(figures: Figures) -> str:
    if not figures.needed:
        return "belum ada permintaan"
    if not figures.empty:
        return "semua terisi"
    return f"{percent(figures.filled, figures.needed)}; kurang {number(figures.empty)}"


def _elsewhere(figures: Figures) -> str:
    """Where the others are: with those on site they add up to the filled seats."""
    parts = (
        (figures.going, "dalam perjalanan"),
        (figures.waiting, "belum berangkat"),
        (figures.homeward, "menuju pulang"),
        (figures.returned, "sudah pulang"),
    )
    said = [f"{number(count)} {words}" for count, words in parts if count]
    return "; ".join(said) or ("semua yang terisi" if figures.on_site else "belum ada yang berangkat")


def _due_soon(view: ReportView) -> str:
    figures = view.figures
    if figures.due_soon:
        parts = (
            (figures.relieved, "ada pengganti"),
            (figures.unrelieved, "belum"),
            (figures.done, "tugas tuntas"),
        )
        return "; ".join(f"{number(count)} {words}" for count, words in parts if count)
    out = [team.next_due for team in view.teams if not team.late_by and _is_out(team.lanes[0].kind)]
    return f"terdekat {Calendar(view.zone).last_day(min(out))}" if out else "tidak ada yang di luar"


def _is_out(kind: LaneKind) -> bool:
    return kind in (LaneKind.DUTY, LaneKind.GOING, LaneKind.HOMEWARD)


def actions_title(view: ReportView) -> str:
    """The title of the to-do list."""
    return "Perlu tindakan sekarang" if view.actions else "Tidak ada yang perlu ditindak sekarang"


def nothing_to_do(view: ReportView) -> str:
    """The calm line in place of an empty list: what comes next."""
    figures = view.figures
    if figures.out:
        return f"{figures.out} orang di luar unitnya sesuai jadwal; tidak ada yang ditunggu dari siapa pun."
    return "Semua orang sudah di unitnya." if figures.returned else "Belum ada permintaan yang menunggu."


def need_title(view: ReportView) -> str:
    """The finding about need and filled seats."""
    figures = view.figures
    if not figures.needed:
        return "Belum ada permintaan orang"
    if not figures.empty:
        return (
            "Kebutuhan 1 orang terisi"
            if figures.needed == 1
            else f"Semua {number(figures.needed)} kebutuhan terisi"
        )
    if not figures.empty_open:
        return f"{number(figures.filled)} dari {number(figures.needed)} kebutuhan terisi; {number(figures.empty)} kosong sampai akhir"
    totals: dict[str, int] = {}
    for cause in (cause for role in view.roles for cause in role.causes):
        totals[cause.code] = totals.get(cause.code, 0) + cause.seats
    code, seats = max(totals.items(), key=lambda item: item[1])
    if figures.empty == 1:
        return f"Kurang 1 orang, {_BECAUSE.get(code, '')}"
    return f"Kurang {number(figures.empty)} orang; {_share(seats, figures.empty)} {_BECAUSE.get(code, '')}"


def _share(part: int, whole: int) -> str:
    if part == whole:
        return "semuanya"
    if 2 * part == whole:
        return "separuhnya"
    return "sebagian besar" if 2 * part > whole else "terbanyak"


def cause(found: Cause) -> str:
    """Why seats of a role are empty: `3 karena 2 unit asal sudah di batas`."""
    words = _BECAUSE.get(found.code, found.code.lower())
    if found.donors and found.code == "DONORS_AT_REDLINE":
        words = f"karena {found.donors} unit asal sudah di batas"
    return f"{found.seats} {words}"


def map_title(view: ReportView) -> str:
    """The finding of the map."""
    figures, units = view.figures, len(view.map.origins)
    sites = len({flow.site for flow in view.map.flows})
    if not figures.filled:
        return "Belum ada orang yang bertugas"
    people = f"{number(figures.filled)} orang dari {units} unit"
    if figures.returned == figures.filled:
        return f"{people} telah bekerja di {sites} lokasi"
    return f"{people} {'bekerja di' if figures.on_site == figures.filled else 'untuk'} {sites} lokasi"


def teams_title(view: ReportView) -> str:
    """The finding of the Gantt."""
    figures = view.figures
    if figures.late:
        late = f"{number(figures.late)} orang lewat tanggal pulang"
        if not figures.due_soon:
            return late
        return f"{number(figures.due_soon)} orang pulang dalam 7 hari; {number(figures.late)} sudah lewat tanggal"
    if figures.due_soon:
        return f"{number(figures.due_soon)} orang pulang dalam 7 hari; tidak ada yang lewat tanggal"
    if figures.out:
        return f"{number(figures.out)} orang di luar unitnya; tidak ada yang lewat tanggal"
    if figures.waiting:
        back = f"; {number(figures.returned)} sudah pulang" if figures.returned else ""
        return f"{number(figures.waiting)} orang bersiap berangkat{back}"
    if figures.returned:
        everyone = "1 orang" if figures.returned == 1 else f"Semua {number(figures.returned)} orang"
        if figures.came_latest:
            return f"{everyone} sudah pulang; {figures.came_late} terlambat, terlama {elapsed(figures.came_latest)}"
        return f"{everyone} sudah pulang tepat waktu"
    return "Belum ada yang di luar unitnya"


def donors_title(view: ReportView) -> str:
    """The finding about the home units."""
    below = sum(permitted(donor) for donor in view.donors)
    at = sum(donor.tightest == 0 and donor.lent > 0 for donor in view.donors)
    if not view.donors:
        return "Belum ada unit yang melepas orang"
    if below:
        permit = f"{below} di bawahnya dengan izin tertulis"
        return (
            f"{at} unit tepat di batas, {permit}"
            if at
            else f"{below} unit di bawah batas dengan izin tertulis"
        )
    if at:
        return f"{at} unit tepat di batas, tidak ada di bawahnya"
    if not any(donor.lent for donor in view.donors):
        return (
            "1 unit sudah utuh kembali"
            if len(view.donors) == 1
            else f"Semua {len(view.donors)} unit sudah utuh kembali"
        )
    return f"{len(view.donors)} unit melepas orang; tidak ada yang sampai ke batas"


def permitted(donor: Donor) -> bool:
    """Whether the unit lends below its redline: only an override allows that."""
    return any(role.slack < 0 and role.present < role.headcount for role in donor.roles)


def slack(donor: Donor) -> str:
    """What stands at the end of a donor's row: `+3`, `di batas`, `−1 izin`."""
    if permitted(donor):
        return f"{MINUS}{-min(role.slack for role in donor.roles)} izin"
    if donor.tightest == 0 and donor.lent:
        return "di batas"
    return f"+{donor.slack}" if donor.slack > 0 else number(donor.slack)


def late(span: timedelta) -> str:
    """`lewat 2 hari`."""
    return f"lewat {elapsed(span)}"
