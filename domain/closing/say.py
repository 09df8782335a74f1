"""How the after-action review is said in Indonesian: one telling, which page and paper both place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from domain.closing import say_costs, say_incidents, say_papers, say_waivers
from domain.closing.evaluation import Criterion, Side
from domain.closing.lessons import Topic
from domain.closing.review_view import FEWEST, Answers, Need, Rating, Review
from domain.closing.say_rows import (
    LessonRow,
    NeedRow,
    OverrideRow,
    RatingRow,
    Row,
    TimeRow,
    Told,
)
from domain.closing.times import Spread
from domain.report import say
from domain.report.rows import Cause
from domain.report.words import (
    Calendar,
    lower,
    number,
    office,
    part,
    reason,
    reasons,
    role_name,
)

CRITERIA = {
    Criterion.WORK: "hasil kerja",
    Criterion.DISCIPLINE: "kedisiplinan",
    Criterion.TEAMWORK: "kerja sama",
    Criterion.INITIATIVE: "inisiatif",
    Criterion.BRIEFING: "pengarahan",
    Criterion.WORKLOAD: "beban kerja",
    Criterion.SAFETY: "keselamatan",
    Criterion.LODGING: "penginapan dan makan",
}
SIDES = {Side.HOST: "Pos komando menilai orang", Side.PERSON: "Orang menilai penugasan"}
TOPICS = {
    Topic.PREPARATION: "persiapan",
    Topic.STAFFING: "pengisian",
    Topic.SITE: "di lokasi",
    Topic.RETURN: "kepulangan",
    Topic.OTHER: "lainnya",
}
STEPS = {"OFFER": "Ditawari", "ACCEPT": "Menerima"}


def tell(review: Review, zone: str, role_names: Mapping[str, str] | None = None) -> Told:
    """Say a review, with the days of a zone."""
    calendar = Calendar(zone)
    overrides = tuple(
        OverrideRow(
            calendar.weekday(one.at),
            review.units.get(one.unit_id, "Unit"),
            f"{one.extra} orang {lower(role_name(one.home_role, dict(role_names or {})))}",
            office(one.office),
            reason(one.reason) if one.reason else "tanpa alasan",
        )
        for one in review.overrides
    )
    lessons = tuple(
        LessonRow(
            calendar.day(one.at),
            office(one.office),
            TOPICS.get(Topic(one.topic), one.topic),
            one.text or "(catatan telah dihapus)",
        )
        for one in review.lessons
    )
    costs = tuple(say_costs.row(review.units.get(one.unit_id, "Unit"), one) for one in review.costs.donors)
    waves = sum(one.code.startswith("ARRIVE") for one in review.times) > 1
    extra = sum(one.extra for one in review.overrides)
    return Told(
        need_title=_need_title(review),
        needs=tuple(NeedRow(need, _why(need)) for need in review.needs),
        times_title=_times_title(review.times),
        times_from=_times_from(review, calendar),
        times=tuple(_time_row(one, waves=waves) for one in review.times),
        answers_title=_answers_title(review.answers),
        answers=tuple(_answers(review.answers)),
        incidents_title=say_incidents.title(review.incidents),
        incidents=(
            *say_incidents.hazards(review.expected.hazards),
            *say_incidents.rows(review.incidents),
            *say_incidents.thin(review.thin),
        ),
        overrides_title=f"{len(overrides)} izin di bawah batas layanan, untuk {extra} orang"
        if overrides
        else "Tidak ada unit yang diizinkan di bawah batas layanan",
        overrides=overrides,
        waivers_title=say_waivers.title(review.waivers),
        waivers=tuple(say_waivers.rows(review.waivers, review.units, role_names or {}, calendar)),
        costs_title=say_costs.title(review),
        costs=costs,
        costs_total=say_costs.row("Jumlah", review.costs.total),
        costs_notes=tuple(say_costs.notes(review)),
        claims=tuple(row for row in costs if row.claims),
        claims_title=say_costs.claims_title(review.costs.total),
        papers_title=say_papers.title(review.papers),
        papers=tuple(say_papers.rows(review.papers)),
        ratings_title=_ratings_title(review.ratings),
        ratings=tuple(_rating_row(one) for one in review.ratings),
        lessons_title=f"{len(lessons)} pelajaran dicatat" if lessons else "Belum ada pelajaran yang dicatat",
        lessons=lessons,
    )


def duration(span: timedelta) -> str:
    """`40 menit`, `5 jam 20 menit`, `2 hari 3 jam`: two units, the smaller one left out where it is nothing."""
    minutes = round(span.total_seconds() / 60)
    if minutes < 60:
        return f"{minutes} menit"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} jam {minutes} menit" if minutes else f"{hours} jam"
    days, hours = divmod(hours, 24)
    return f"{days} hari {hours} jam" if hours else f"{days} hari"


def _need_title(review: Review) -> str:
    empty = review.asked - review.filled
    if not review.asked:
        return "Tidak ada kursi yang diminta"
    if not empty:
        return f"Semua {number(review.asked)} kursi pernah ditempati di lokasi"
    return f"{number(review.filled)} dari {number(review.asked)} kursi pernah ditempati; {number(empty)} tetap kosong"


def _why(need: Need) -> str:
    return "; ".join(say.cause(Cause(code, seats)) for code, seats in need.causes)


def _times_title(times: Iterable[Spread]) -> str:
    found = {one.code: one for one in times}
    arrived = sorted(code for code in found if code.startswith("ARRIVE"))
    if arrived:
        whom = "gelombang pertama" if len(arrived) > 1 else "yang berangkat"
        return f"Separuh dari {whom} tiba dalam {duration(found[arrived[0]].median)}"
    if "ACCEPT" in found:
        return f"Separuh jawaban “ya” datang dalam {duration(found['ACCEPT'].median)}"
    return "Belum ada yang tiba"


def _step(code: str, *, waves: bool) -> str:
    name, _, wave = code.partition(":")
    return STEPS.get(name) or ("Tiba, gelombang " + wave if waves else "Tiba di lokasi")


def _times_from(review: Review, calendar: Calendar) -> str:
    if review.alerted_at is not None:
        return f"Dihitung sejak peringatan dini diterima, {calendar.full(review.alerted_at)}"
    if review.requested_at is not None:
        return f"Dihitung sejak permintaan diajukan, {calendar.full(review.requested_at)}"
    return ""


def _time_row(one: Spread, *, waves: bool) -> TimeRow:
    return TimeRow(
        _step(one.code, waves=waves),
        number(one.people),
        duration(one.median),
        duration(one.ninetieth),
        duration(one.longest),
        one,
    )


def _answers_title(answers: Answers) -> str:
    if not answers.asked:
        return "Belum ada yang ditawari"
    return f"{number(answers.accepted)} dari {number(answers.asked)} orang yang ditawari menerima"


def _answers(answers: Answers) -> Iterable[Row]:
    yield Row("Menerima", number(answers.accepted), part(answers.on_condition, "dengan syarat"))
    declined = sum(count for _, count in answers.declined)
    yield Row("Menolak", number(declined), reasons(answers.declined))
    yield Row("Tidak menjawab", number(answers.silent))
    if answers.waiting:
        yield Row("Masih ditunggu jawabannya", number(answers.waiting))
    if answers.dropped:
        yield Row("Gugur sebelum menjawab", number(answers.dropped))
    refused = sum(count for _, count in answers.refused)
    yield Row("Tidak dilepas unitnya", number(refused), reasons(answers.refused))


def _ratings_title(ratings: Iterable[Rating]) -> str:
    given, owed = sum(one.given for one in ratings), sum(one.owed for one in ratings)
    if not given:
        return "Belum ada penilaian"
    return f"{number(given)} dari {number(owed)} penilaian dua arah masuk"


def _rating_row(one: Rating) -> RatingRow:
    means = tuple(Row(CRITERIA[code], f"{mean // 100},{mean % 100:02}") for code, mean in one.means or ())
    few = f"rata-rata tampil mulai {FEWEST} penilaian" if one.means is None else "rata-rata, 1 sampai 5"
    return RatingRow(SIDES[one.side], f"{number(one.given)} dari {number(one.owed)}", means, few)
