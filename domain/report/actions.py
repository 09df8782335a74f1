"""What somebody must do now: what is late, what ends without relief, and whose answer is awaited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from domain import cases
from domain.moves import TaskKind
from domain.report.fold import Person, Standing
from domain.report.needs import given_up
from domain.report.rows import Team
from domain.report.source import Source, Task
from domain.report.teams import Relief
from domain.report.view import Action, Urgency
from domain.report.words import (
    Calendar,
    elapsed,
    first_upper,
    listed,
    lower,
    office,
    office_inside,
    offices,
    role_name,
    shortened,
)
from domain.secondment import State

STATUS_WARNING = timedelta(days=3)
_ORDER = {Urgency.LATE: 0, Urgency.SOON: 1, Urgency.WAITING: 2}


def actions(
    source: Source, standing: Standing, rows: Sequence[Team], relief: Sequence[Relief]
) -> tuple[Action, ...]:
    """The list, most urgent first; empty when nothing waits for anybody."""
    desk = _Desk(source, standing)
    found = [
        *_late(rows),
        *desk.uncovered(),
        *desk.without_relief(relief),
        *desk.without_anyone(),
        *desk.not_arrived(),
        *desk.beyond_status(),
        *desk.status_ending(),
        *(action for kind in _TASKS for action in desk.tasks(kind)),
    ]
    return tuple(sorted(found, key=lambda action: _ORDER[action.urgency]))


def _late(rows: Sequence[Team]) -> Iterable[Action]:
    late = [row for row in rows if row.late_by]
    if not late:
        return
    people = sum(row.people for row in late)
    longest = max(row.late_by for row in late if row.late_by)
    where = shortened([f"{lower(row.name)} di {row.site} {row.people}" for row in late])
    yield Action(
        Urgency.LATE,
        f"{people} orang lewat tanggal pulang.",
        first_upper(f"{where}. Terlama {elapsed(longest)}."),
        offices(late[0].handlers),
    )


_TASKS: dict[TaskKind, tuple[str, Callable[[Person], bool] | None]] = {
    TaskKind.APPROVE_SURGE: ("{n} permintaan menunggu persetujuan.", None),
    TaskKind.CONFIRM_PLAN: ("{n} permintaan menunggu rencana disahkan.", None),
    TaskKind.DECIDE_RELEASE: ("{n} pelepasan menunggu {who}.", lambda p: p.state == State.RELEASE_PENDING),
    TaskKind.SIGN_ORDER: ("Surat tugas {n} orang menunggu tanda tangan.", None),
    TaskKind.ANSWER_OFFER: ("{n} tawaran menunggu jawaban.", lambda p: p.state == State.OFFERED),
    TaskKind.SIGN_DEMOB: ("{n} orang menunggu tanda selesai tugas.", lambda p: p.state == State.DEMOBILISING),
    TaskKind.CONFIRM_RETURN: ("{n} orang di jalan pulang.", lambda p: p.state == State.TRAVELLING_HOME),
}
"""Task kind -> the finding, and for tasks about a person, the state that the person is still in."""

_SILENCE = {
    TaskKind.APPROVE_SURGE: "Diam bukan persetujuan.",
    TaskKind.DECIDE_RELEASE: "Tanpa putusan sampai tenggat, putusan naik ke Sekda.",
    TaskKind.ANSWER_OFFER: "Tanpa jawaban sampai tenggat, calon berikutnya yang ditawari.",
    TaskKind.CONFIRM_RETURN: "Kepala unit mengonfirmasi kedatangan; tanpa itu, mereka tetap dicari.",
}
"""What happens when nobody does anything."""


class _Desk:
    """Finds the actions that need the calendar and the log."""

    def __init__(self, source: Source, standing: Standing) -> None:
        self._source = source
        self._standing = standing
        self._now = source.at
        self._calendar = Calendar(source.operation.zone)
        self._units = {unit.unit_id: unit.name for unit in source.units}
        self._people = {cases.secondment(person.placement_id): person for person in standing.people}

    def uncovered(self) -> Iterable[Action]:
        """Whoever is out while no status is in force has no ground to be there."""
        out = sum(person.out for person in self._standing.people)
        if out and self._standing.until is None:
            yield Action(
                Urgency.LATE,
                f"{out} orang masih di luar tanpa status darurat.",
                "Perpanjang status, atau pulangkan mereka.",
                office("COORDINATOR"),
            )

    def beyond_status(self) -> Iterable[Action]:
        """No order may reach past the status; a status that was cut short can leave some behind."""
        until = self._standing.until
        beyond = [
            person
            for person in self._standing.people
            if until and (person.out or person.waiting) and person.due_back > until
        ]
        if until and beyond:
            yield Action(
                Urgency.SOON,
                f"{len(beyond)} orang ditugaskan melewati akhir status.",
                f"Status berakhir {self._calendar.last_weekday(until)}: perpanjang, atau pulangkan lebih awal.",
                office("COORDINATOR"),
                self._due(until),
            )

    def without_relief(self, relief: Sequence[Relief]) -> Iterable[Action]:
        alone = [row for row in relief if row.unrelieved]
        if alone:
            where = shortened(
                [f"{self._team(row.line.role, row.line.site)} {row.unrelieved}" for row in alone]
            )
            yield Action(
                Urgency.SOON,
                f"{sum(row.unrelieved for row in alone)} orang pulang dalam 7 hari tanpa pengganti.",
                first_upper(f"{where}."),
                office("COORDINATOR"),
                self._due(min(row.line.due_back for row in alone)),
            )

    def without_anyone(self) -> Iterable[Action]:
        """Seats that no plan can fill stay empty until somebody decides more than a plan may."""
        seats = given_up(self._standing)
        if not seats:
            return
        roles: Counter[str] = Counter()
        for (role, _), count in seats.items():
            roles[lower(role_name(role, self._source.role_names))] += count
        where = shortened([f"{role} {count}" for role, count in roles.most_common()])
        redline = sum(count for (_, reason), count in seats.items() if reason == "DONORS_AT_REDLINE")
        remedy = (
            f"{redline} di antaranya terisi bila Sekda mengizinkan unit di bawah batas." if redline else ""
        )
        if redline == seats.total():
            remedy = "Hanya terisi bila Sekda mengizinkan unit di bawah batas, atau oleh tenaga dari luar."
        yield Action(
            Urgency.SOON,
            f"{seats.total()} kursi kosong tanpa calon.",
            first_upper(f"{where}. {remedy}".strip()),
            office("SEKDA" if redline else "COORDINATOR"),
        )

    def not_arrived(self) -> Iterable[Action]:
        missing = [person for person in self._standing.people if person.going and person.escalation]
        if missing:
            teams = Counter(self._team(person.line.role, person.line.site) for person in missing)
            yield Action(
                Urgency.SOON,
                f"{len(missing)} orang belum melapor di lokasi.",
                first_upper(f"{shortened([f'{team} {count}' for team, count in teams.items()])}."),
                office("COMMAND_POST"),
            )

    def status_ending(self) -> Iterable[Action]:
        until = self._standing.until
        if until and self._now < until <= self._now + STATUS_WARNING:
            yield Action(
                Urgency.SOON,
                f"Status darurat berakhir {self._calendar.last_weekday(until)}.",
                "Tanpa perpanjangan, status gugur dengan sendirinya.",
                office("SEKDA"),
                self._due(until),
            )

    def tasks(self, kind: TaskKind) -> Iterable[Action]:
        """The open tasks of a kind, one action for each office that must act, or for those that are asked together."""
        finding, still = _TASKS[kind]
        asked: dict[str, list[Task]] = {}
        for task in self._source.tasks:
            if task.kind == kind and self._stands(task, still):
                asked.setdefault(task.case_id, []).append(task)
        together: dict[tuple[str, ...], list[Task]] = {}
        for first, *others in asked.values():
            by = tuple(task.capacity for task in (first, *others) if task.capacity)
            together.setdefault(by, []).append(first)
        for by, tasks in together.items():
            count = self._ready_for_order() if kind == TaskKind.SIGN_ORDER else len(tasks)
            due = min((task.due_at for task in tasks if task.due_at), default=None)
            escalated = kind == TaskKind.DECIDE_RELEASE and "SEKDA" in by
            yield Action(
                Urgency.SOON if escalated or (due and due < self._now) else Urgency.WAITING,
                finding.format(n=count, who=listed([office_inside(code) for code in by])),
                self._where(kind, tasks) + ("" if escalated else _SILENCE.get(kind, "")),
                offices(by) if by else "Yang ditawari",
                self._due(due) if due else "",
            )

    def _stands(self, task: Task, still: Callable[[Person], bool] | None) -> bool:
        """Leave out tasks about people who are late: they stand at the head of the list already."""
        if still is None:
            return True
        person = self._people.get(task.case_id)
        return person is not None and still(person) and person.late_by(self._now) is None

    def _ready_for_order(self) -> int:
        return sum(person.state == State.RELEASED for person in self._standing.people)

    def _where(self, kind: TaskKind, tasks: Sequence[Task]) -> str:
        if kind != TaskKind.DECIDE_RELEASE:
            return ""
        counts = Counter(self._people[task.case_id].unit_id for task in tasks)
        names = [f"{self._units[unit]} {count}" for unit, count in counts.most_common()]
        return f"{shortened(names)}. "

    def _team(self, role: str, site: str) -> str:
        return f"{lower(role_name(role, self._source.role_names))} di {site}"

    def _due(self, due: datetime) -> str:
        words = self._calendar.by(due, self._now)
        return f"lewat sejak {words}" if due < self._now else f"tenggat {words}"
