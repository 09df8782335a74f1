"""Synthetic operations for the report's tests: lines, lives and the log that they leave, as of an instant."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from domain.report import Source
from domain.report.source import Entry, Floor, Line, Operation, Placement, Task, Unit, Warned

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OPERATION = "operation:OP-2027-004"
SURGE = "surge:S-1"

Step = tuple[datetime, str, str, dict[str, object]]


@dataclass
class Scene:
    """A stage on which lives are lived; `source(at)` is what the books would say at that instant."""

    zone: str = "Asia/Makassar"
    planned: datetime | None = None
    title: str = "Banjir Kota Kupang"
    units: list[Unit] = field(default_factory=list)
    floors: list[Floor] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    tasks: list[tuple[datetime, datetime, Task]] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)

    def log(self, at: datetime, type_: str, case_id: str, authority: str = "SYSTEM", **data: object) -> None:
        self.entries.append(Entry(0, type_, at, case_id, authority, dict(data)))

    def unit(self, name: str, lat: float, lon: float, kind: str = "agency", parent: str | None = None) -> str:
        unit_id = f"u{len(self.units):03d}"
        self.units.append(Unit(unit_id, name, kind, parent, lat, lon))
        return unit_id

    def floor(self, unit_id: str, headcount: int, redline: int, role: str = "staff") -> None:
        self.floors.append(Floor(unit_id, role, headcount, redline))

    def line(
        self,
        role: str,
        site: tuple[str, float, float],
        quantity: int,
        start: datetime,
        end: datetime,
        wave: int = 1,
    ) -> Line:
        made = Line(f"l{len(self.lines):03d}", "S-1", wave, role, quantity, *site, start, end)
        self.lines.append(made)
        return made

    def person(self, line: Line, unit_id: str, steps: Sequence[Step], *, overridden: bool = False) -> str:
        """Somebody with a life of one's own; returns the case's id."""
        key = hashlib.sha256(f"{line.line_id}/{len(self.placements)}".encode()).hexdigest()[:12]
        placement_id = f"00000000-0000-4000-8000-{key}"
        away = next((at for at, type_, _, _ in steps if type_ in ("FellDue", "Recalled")), None)
        self.placements.append(
            Placement(
                placement_id, line.line_id, unit_id, "staff", overridden, line.due_back, away and away + DAY
            )
        )
        for at, type_, state, extra in steps:
            self.log(
                at,
                type_,
                f"secondment:{placement_id}",
                state=state,
                role=line.role,
                site=line.site,
                unit_id=unit_id,
                line_id=line.line_id,
                surge_id=line.surge_id,
                due_back=line.due_back.isoformat(),
                **({"home_by": (away + DAY).isoformat()} if away and at >= away else {}),
                **extra,
            )
        return f"secondment:{placement_id}"

    def serve(self, line: Line, unit_id: str, *, stuck: str = "", overridden: bool = False) -> None:
        """Somebody who says yes, goes and comes home; `stuck` names the step that never comes."""
        steps: list[Step] = []
        for step in life(line, self.planned):
            if step[1] == stuck:
                break
            steps.append(step)
        self.person(line, unit_id, steps, overridden=overridden)

    def fetch_back(self, line: Line, unit_id: str, at: datetime) -> None:
        """Somebody who does not come home in time: day after day the wait goes one level up, until `at`."""
        ordinary = life(line, self.planned)
        steps = [step for step in ordinary if step[1] not in ("DemobSignedOff", "Returned")]
        for n in range(1, 9):
            if line.due_back + DAY * n < at:
                step = (line.due_back + DAY * n, "ReturnOverdue", "DEMOBILISING", {"escalation": n})
                steps.append(step)
        steps += [(at, "DemobSignedOff", "TRAVELLING_HOME", {}), (at + 2 * HOUR, "Returned", "RETURNED", {})]
        self.person(line, unit_id, steps)

    def requested(self, short: Sequence[dict[str, object]] = ()) -> None:
        """The request of all lines, approved and planned at once."""
        asked = sum(line.quantity for line in self.lines)
        self.log(wita(3, 6), "RequestSubmitted", SURGE, "COORDINATOR", state="SUBMITTED", people=asked)
        self.log(wita(3, 6, 30), "RequestApproved", SURGE, "SEKDA", state="APPROVED")
        self.tasks.append((wita(3, 6), wita(3, 6, 30), Task("APPROVE_SURGE", SURGE, wita(3, 8), "SEKDA")))
        picks = asked - sum(int(str(row["missing"])) for row in short)
        self.log(
            wita(3, 7),
            "PlanMade",
            SURGE,
            "COORDINATOR",
            state="APPROVED",
            plan_id="p",
            picks=picks,
            short=short,
        )
        self.log(wita(3, 7, 20), "PlanConfirmed", SURGE, "COORDINATOR", state="SOURCING")

    def source(self, at: datetime) -> Source:
        entries = sorted((entry for entry in self.entries if entry.at <= at), key=lambda entry: entry.at)
        numbered = tuple(
            Entry(seq, e.type, e.at, e.case_id, e.authority, e.data) for seq, e in enumerate(entries, 4001)
        )
        offered = {entry.case_id for entry in numbered}
        return Source(
            at=at,
            operation=Operation(
                "OP-2027-004", self.title, "Pemerintah Kota Kupang", self.zone, synthetic=True
            ),
            lines=tuple(self.lines),
            placements=tuple(p for p in self.placements if f"secondment:{p.placement_id}" in offered),
            entries=numbered,
            units=tuple(self.units),
            floors=tuple(self.floors),
            tasks=tuple(task for opened, closed, task in self.tasks if opened <= at < closed),
            warnings=tuple(warned for warned in self.warnings if warned.received_at <= at),
            last_entry=numbered[-1].seq if numbered else 0,
            last_hash=hashlib.sha256(str(len(numbered)).encode()).hexdigest(),
        )


def life(line: Line, planned: datetime | None = None) -> list[Step]:
    """The ordinary life of somebody who goes and comes home; offered when planned, or a day before."""
    start, due = line.report_at, line.due_back
    asked = min(planned or start, start - 30 * HOUR)
    return [
        (asked, "OfferSent", "OFFERED", {}),
        (asked + HOUR, "OfferAnswered", "RELEASE_PENDING", {}),
        (asked + 2 * HOUR, "ReleaseDecided", "RELEASED", {}),
        (asked + 4 * HOUR, "OrderServed", "ORDER_SIGNED", {}),
        (start - 10 * HOUR, "Mobilised", "MOBILISING", {}),
        (start, "CheckedIn", "CHECKED_IN", {}),
        (start + HOUR, "DutyStarted", "ON_DUTY", {}),
        (due - 3 * DAY, "EndingSoon", "ENDING_SOON", {}),
        (due, "FellDue", "DEMOBILISING", {}),
        (due + 3 * HOUR, "DemobSignedOff", "TRAVELLING_HOME", {}),
        (due + 9 * HOUR, "Returned", "RETURNED", {}),
    ]


def wita(day: int, hour: int = 6, minute: int = 0, month: int = 2) -> datetime:
    """An instant of February 2027 on Kupang's clocks."""
    return datetime(2027, month, day, hour, minute, tzinfo=UTC) - 8 * HOUR


SITES = {
    "Posko utama, Oetete": (-10.163, 123.595),
    "Pengungsian GOR Oepoi": (-10.161, 123.626),
    "Pengungsian SD Oesapa": (-10.150, 123.646),
    "Pengungsian Sikumana": (-10.199, 123.609),
    "Pengungsian Fontein": (-10.169, 123.583),
    "Dapur umum Airmata": (-10.165, 123.581),
    "Gudang Tenau, Alak": (-10.199, 123.532),
}
DONORS = (
    ("Dinas Sosial", -10.167, 123.615, 42, 34),
    ("Dinas Kependudukan dan Pencatatan Sipil", -10.164, 123.601, 38, 30),
    ("Puskesmas Bakunase", -10.187, 123.590, 27, 25),
    ("Puskesmas Oepoi", -10.168, 123.628, 34, 31),
    ("Puskesmas Oesapa", -10.150, 123.648, 31, 29),
    ("Puskesmas Sikumana", -10.199, 123.611, 29, 26),
    ("Dinas Komunikasi dan Informatika", -10.160, 123.621, 29, 23),
    ("Kecamatan Oebobo", -10.164, 123.618, 21, 18),
    ("Dinas Koperasi, Usaha Kecil dan Menengah", -10.176, 123.624, 25, 18),
    ("Dinas Pemberdayaan Perempuan dan Perlindungan Anak", -10.158, 123.634, 33, 26),
    ("Dinas Pekerjaan Umum dan Penataan Ruang", -10.176, 123.615, 61, 52),
    ("Badan Pendapatan Daerah", -10.171, 123.632, 47, 37),
    ("Dinas Kearsipan", -10.172, 123.606, 22, 15),
    ("Dinas Kesehatan", -10.171, 123.602, 58, 50),
    ("Dinas Perhubungan", -10.170, 123.598, 54, 43),
    ("Dinas Lingkungan Hidup", -10.178, 123.612, 80, 60),
    ("Satuan Polisi Pamong Praja", -10.162, 123.605, 124, 96),
    ("Sekretariat Daerah", -10.163, 123.607, 142, 96),
)
KECAMATAN = {
    "Kecamatan Alak": ((-10.199, 123.532), (-10.203, 123.577), (-10.166, 123.574), (-10.172, 123.559), (-10.217, 123.553)),
    "Kecamatan Maulafa": ((-10.219, 123.621), (-10.206, 123.632), (-10.181, 123.611), (-10.182, 123.647), (-10.172, 123.666)),
    "Kecamatan Oebobo": ((-10.158, 123.616), (-10.161, 123.628), (-10.170, 123.643), (-10.165, 123.609), (-10.168, 123.624)),
    "Kecamatan Kota Raja": ((-10.178, 123.586), (-10.187, 123.590), (-10.193, 123.593), (-10.170, 123.592)),
    "Kecamatan Kelapa Lima": ((-10.151, 123.617), (-10.150, 123.668), (-10.150, 123.646), (-10.158, 123.649)),
    "Kecamatan Kota Lama": ((-10.165, 123.581), (-10.163, 123.584), (-10.158, 123.592), (-10.153, 123.606)),
}  # fmt: skip


def town(scene: Scene) -> list[str]:
    """Donors and districts; returns the donors' ids."""
    donors = []
    for name, lat, lon, headcount, redline in DONORS:
        unit_id = scene.unit(name, lat, lon)
        scene.floor(unit_id, headcount, redline)
        donors.append(unit_id)
    for name, villages in KECAMATAN.items():
        parent = scene.unit(name, *villages[0], kind="kecamatan")
        for n, (lat, lon) in enumerate(villages, 1):
            scene.unit(f"Kelurahan {name} {n}", lat, lon, kind="kelurahan", parent=parent)
    return donors


def declared(scene: Scene, until: datetime) -> None:
    scene.log(wita(3, 4), "OperationOpened", OPERATION, "COORDINATOR", state="MONITORING", until=None)
    scene.log(
        wita(3, 5, 40),
        "StatusDeclared",
        OPERATION,
        "SEKDA",
        state="RESPONSE",
        until=wita(17, 0).isoformat(),
        decree="360/15/II/2027",
    )
    scene.log(
        wita(5, 16),
        "StatusExtended",
        OPERATION,
        "SEKDA",
        state="RESPONSE",
        until=until.isoformat(),
        decree="360/21/II/2027",
    )
    scene.warnings.append(Warned("Hujan lebat", wita(3, 3, 12)))


# role, site, first wave (asked, filled, starts, ends), second wave (asked, filled) or None
PLAN = (
    ("shelter_manager", "Pengungsian Fontein", (6, 6, 3, 12), (6, 5)),
    ("health_post_nurse", "Pengungsian Sikumana", (4, 4, 4, 12), None),
    ("data_officer", "Posko utama, Oetete", (6, 6, 4, 14), None),
    ("field_kitchen", "Pengungsian GOR Oepoi", (12, 12, 4, 15), (12, 12)),
    ("rapid_assessment", "Posko utama, Oetete", (8, 4, 3, 15), (4, 2)),
    ("health_post_nurse", "Pengungsian GOR Oepoi", (8, 6, 4, 16), (6, 6)),
    ("shelter_manager", "Pengungsian GOR Oepoi", (10, 10, 4, 17), (10, 10)),
    ("logistics", "Gudang Tenau, Alak", (8, 8, 4, 17), (8, 8)),
    ("shelter_manager", "Pengungsian SD Oesapa", (8, 8, 6, 18), (8, 5)),
    ("field_kitchen", "Dapur umum Airmata", (20, 20, 6, 18), (20, 20)),
    ("health_post_nurse", "Pengungsian SD Oesapa", (6, 4, 6, 20), (4, 0)),
    ("shelter_manager", "Pengungsian Sikumana", (9, 7, 8, 22), None),
    ("data_officer", "Pengungsian SD Oesapa", (6, 6, 9, 23), None),
    ("data_officer", "Pengungsian Sikumana", (6, 6, 9, 23), None),
    ("logistics", "Posko utama, Oetete", (4, 4, 13, 23), None),
    ("wash", "Pengungsian SD Oesapa", (3, 2, 10, 23), None),
    ("wash", "Pengungsian Fontein", (3, 2, 13, 23), None),
    ("psychosocial", "Pengungsian GOR Oepoi", (4, 2, 13, 23), None),
)


LATE = (1, "shelter_manager", "Pengungsian Fontein")


def flood() -> Scene:
    """A flood of some 200 seats in 8 roles, seven sites and two waves: late people, empty seats, one override."""
    scene = Scene(planned=wita(3, 7, 20))
    donors = town(scene)
    declared(scene, wita(24, 0))
    # Each donor lends what it may, in turn; one lends one person more, with leave.
    may = {unit_id: head - redline for unit_id, (_, _, _, head, redline) in zip(donors, DONORS, strict=True)}
    spread = sorted(((n + 1) / may[unit_id], unit_id) for unit_id in donors for n in range(may[unit_id]))
    lenders = [donors[0], *(unit_id for _, unit_id in spread)]
    people = 0
    short = []
    for role, site, first, second in PLAN:
        where = (site, *SITES[site])
        for wave, plan in enumerate((first, second), 1):
            if plan is None:
                continue
            if wave == 1:
                asked, filled, begins, ends = plan
                line = scene.line(role, where, asked, wita(begins + 1), wita(ends, 18), wave)
            else:
                asked, filled = plan
                line = scene.line(role, where, asked, wita(first[3] - 1), wita(24, 0), wave)
            for n in range(filled):
                lender = lenders[people % len(lenders)]
                if (wave, role, site) == LATE and n < 2:
                    scene.fetch_back(line, lender, wita(16, 10))
                else:
                    scene.serve(line, lender, overridden=people == 0)
                people += 1
            if asked > filled:
                reason = "NO_SKILL" if role == "rapid_assessment" else "DONORS_AT_REDLINE"
                short.append({"line_id": line.line_id, "missing": asked - filled, "reason": reason})
    waits(scene, donors)
    scene.requested(short)
    scene.log(
        wita(11, 16, 10),
        "RedlineOverridden",
        SURGE,
        "SEKDA",
        state="ACTIVE",
        unit_id=donors[0],
        role="staff",
        extra=1,
        choice="LIFE_SAVING",
    )
    return scene


def waits(scene: Scene, donors: list[str]) -> None:
    """On the 15th two releases and one answer are awaited, and somebody has not arrived."""
    asked, answered = wita(15, 9), wita(15, 12, 20)
    lines = {(line.role, line.site): line for line in scene.lines if line.wave == 1}
    for role, site in (("wash", "Pengungsian Fontein"), ("psychosocial", "Pengungsian GOR Oepoi")):
        steps: list[Step] = [
            (asked, "OfferSent", "OFFERED", {}),
            (answered, "OfferAnswered", "RELEASE_PENDING", {}),
            (wita(15, 16), "ReleaseDecided", "REFUSED", {"choice": "MINIMUM_SERVICE"}),
        ]
        case_id = scene.person(lines[role, site], donors[16], steps)
        release = Task("DECIDE_RELEASE", case_id, wita(15, 16, 20), "UNIT_HEAD", donors[16])
        scene.tasks.append((answered, wita(15, 16), release))
    offered: list[Step] = [
        (wita(15, 13), "OfferSent", "OFFERED", {}),
        (wita(15, 17), "OfferLapsed", "NO_RESPONSE", {}),
    ]
    case_id = scene.person(lines["psychosocial", "Pengungsian GOR Oepoi"], donors[16], offered)
    scene.tasks.append((wita(15, 13), wita(15, 17), Task("ANSWER_OFFER", case_id, wita(15, 17))))


def nothing_yet() -> Scene:
    """An operation that was opened a moment ago: no status, no request, nobody."""
    scene = Scene(title="Pantauan hujan lebat")
    town(scene)
    scene.log(wita(3, 4), "OperationOpened", OPERATION, "COORDINATOR", state="MONITORING", until=None)
    return scene


def one_person() -> Scene:
    """One unit lends one person to one site."""
    scene = Scene(title="Angin kencang Oesapa", planned=wita(4, 7))
    unit = scene.unit("Puskesmas Oesapa", -10.150, 123.648)
    scene.floor(unit, 3, 2)
    declared(scene, wita(24, 0))
    line = scene.line(
        "health_post_nurse", ("Pengungsian SD Oesapa", -10.150, 123.646), 1, wita(6), wita(20, 18)
    )
    scene.requested()
    scene.serve(line, unit)
    return scene


LONG_UNIT = "Dinas Pengendalian Penduduk, Keluarga Berencana, Pemberdayaan Perempuan, dan Pelindungan Anak"
LONG_SITE = "Tempat pengungsian terpadu Gedung Serbaguna Sekolah Menengah Pertama Negeri 5 Kelurahan Oebobo"


def many_people() -> Scene:
    """Five hundred people of sixty units at fourteen sites, some with very long names."""
    scene = Scene(title="Banjir bandang dan tanah longsor di enam kecamatan dan lima puluh satu kelurahan")
    scene.planned = wita(3, 8)
    declared(scene, wita(24, 0))
    units = [
        scene.unit(
            f"{LONG_UNIT} {n}" if n % 9 == 0 else f"Puskesmas {n}",
            -10.21 + n / 900,
            123.53 + (n * 37 % 60) / 450,
        )
        for n in range(60)
    ]
    for unit in units:
        scene.floor(unit, 40, 28)
    roles = (
        "shelter_manager",
        "field_kitchen",
        "health_post_nurse",
        "data_officer",
        "logistics",
        "wash",
        "psychosocial",
    )
    for n in range(50):
        site = f"{LONG_SITE} {n % 14}" if n % 14 == 3 else f"Pengungsian {n % 14}"
        where = (site, -10.20 + (n % 14) / 250, 123.54 + (n * 3 % 14) / 110)
        line = scene.line(
            roles[n % 7], where, 11 if n % 5 == 0 else 10, wita(4 + n % 8), wita(16 + n % 8, 18)
        )
        for person in range(10):
            scene.serve(
                line, units[(n * 10 + person) % 60], stuck="CheckedIn" if n % 13 == 0 and person < 2 else ""
            )
    scene.requested()
    return scene
