"""The after-action report: what it counts, says, places on a page and on paper; it names no person."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from adapters.documents.after_action import after_action
from app.web.report import render
from app.wiring import in_force, rule_packs
from domain import cases
from domain.closing import say_costs
from domain.closing.evaluation import CRITERIA, Side
from domain.closing.papers import Papers
from domain.closing.review import of_surge, review
from domain.closing.review_view import DeathReports, Review, ThinUnits
from domain.closing.say import duration, tell
from domain.closing.say_rows import Told
from domain.report import ReportView, build
from domain.report.source import Entry
from domain.report.words import rupiah
from domain.secondment import Paper
from tests.app.web.scenes import SURGE, Scene, flood, nothing_yet, wita
from tests.app.web.test_report_browser import LAUNCH, opened
from tests.app.web.test_report_page import Page

TERMS = in_force(rule_packs()).closing
AT = wita(28)
DAY = timedelta(days=1)
ABOVE = {"amount": "1000000", "reckoned": 900_000, "choice": "LODGING"}
LESSON = "Perbarui daftar STR tiap bulan & <cek> ulang"


def closed(scene: Scene, at: datetime = AT) -> tuple[ReportView, Review]:
    source = of_surge(scene.source(at), "S-1")
    units = {unit.unit_id: unit.name for unit in scene.units}
    found = review(source, "S-1", "Tenaga banjir", TERMS, texts={"lesson-1": LESSON}, units=units)
    return build(source), found


def talked_about() -> Scene:
    """The flood, after which both sides have spoken, with an override and a lesson."""
    scene = flood()
    home = [entry.case_id for entry in scene.entries if entry.type == "Returned"]
    for number, case_id in enumerate(home[:5]):
        for side in Side:
            scores = dict.fromkeys((one.value for one in CRITERIA[side]), 1 + number)
            scene.log(wita(27), "Evaluated", case_id, "COMMAND_POST", side=side.value, scores=scores)
    unit = scene.units[0].unit_id
    said = {"unit_id": unit, "role": "nurse", "extra": 2, "choice": "LIFE_SAVING"}
    scene.log(wita(4), "RedlineOverridden", SURGE, "SEKDA", **said)
    waived = {"unit_id": unit, "home_role": "nurse", "days": 10, "choice": "NO_OTHER_SOURCE"}
    scene.log(wita(5), "YearlyCapWaived", SURGE, "SEKDA/PLH", **waived)
    scene.log(wita(27), "LessonNoted", SURGE, "COORDINATOR", lesson_id="lesson-1", topic="STAFFING")
    scene.entries.sort(key=lambda entry: entry.at)
    return scene


@pytest.fixture(scope="module")
def found() -> tuple[ReportView, Review]:
    return closed(talked_about())


@pytest.fixture(scope="module")
def page(found: tuple[ReportView, Review]) -> Page:
    return Page(render(*found))


def test_the_figures_agree_with_each_other_and_with_the_report(found: tuple[ReportView, Review]) -> None:
    view, seen = found
    assert seen.asked == view.figures.needed
    assert seen.incidents.arrived == view.figures.returned + view.figures.out
    assert seen.incidents.late == view.figures.came_late + view.figures.late
    assert seen.costs.total.people == seen.incidents.arrived
    for need in seen.needs:
        assert need.empty == sum(seats for _, seats in need.causes)
    answers = seen.answers
    declined = sum(count for _, count in answers.declined)
    assert answers.asked == answers.accepted + answers.silent + declined + answers.waiting + answers.dropped
    assert [one.people for one in seen.times][:2] == [answers.asked, answers.accepted]
    assert sum(one.people for one in seen.times[2:]) == seen.incidents.arrived


def test_the_same_source_gives_the_same_review_and_a_later_fact_changes_only_what_it_is_about() -> None:
    scene = talked_about()
    _, first = closed(scene)
    _, again = closed(scene)
    assert first == again
    scene.log(wita(28, 8), "LessonNoted", SURGE, "COORDINATOR", lesson_id="lesson-2", topic="SITE")
    assert closed(scene)[1] == first  # not yet, as of the 28th
    _, later = closed(scene, wita(28, 12))
    assert len(later.lessons) == 2
    assert replace(later, lessons=first.lessons) == first


def test_everybody_who_was_asked_is_accounted_for_also_who_has_not_answered_yet() -> None:
    _, seen = closed(flood(), wita(3, 8))
    answers = seen.answers
    told = {row.label: row.value for row in tell(seen, "Asia/Makassar").answers}
    assert answers.waiting > 0
    assert told["Masih ditunggu jawabannya"] == str(answers.waiting)
    assert answers.asked == sum(
        int(value) for label, value in told.items() if label != "Tidak dilepas unitnya"
    )


def test_who_moved_on_who_stays_for_good_and_who_was_struck_is_told() -> None:
    scene = flood()
    gone = [entry for entry in scene.entries if entry.type == "DutyStarted"][:3]
    for entry, event, state in zip(
        gone,
        ("Reassigned", "Converted", "AffectedConfirmed"),
        ("REASSIGNED", "CONVERTED", "DEMOBILISING"),
        strict=True,
    ):
        scene.log(entry.at + timedelta(hours=1), event, entry.case_id, **entry.data | {"state": state})
    scene.entries.sort(key=lambda entry: entry.at)
    told = {row.label: row.value for row in tell(closed(scene)[1], "Asia/Makassar").incidents}
    named = ("Pindah ke pos lain", "Menjadi mutasi tetap", "Terdampak bencana sendiri")
    assert [told[one] for one in named] == ["1", "1", "1"]


def test_the_claims_name_no_unit_of_which_nobody_has_one(found: tuple[ReportView, Review]) -> None:
    view, seen = found
    costs = seen.costs
    one, *others = costs.donors
    assert others
    donors = (
        replace(one, paid=1, claimed=90, reckoned=90),
        *(replace(o, paid=0, owed=0, waived=0) for o in others),
    )
    told = tell(replace(seen, costs=replace(costs, donors=donors)), view.zone)
    assert len(told.costs) == len(costs.donors)
    assert [row.unit for row in told.claims] == [seen.units[one.unit_id]]


def test_a_death_is_told_with_how_long_its_report_took() -> None:
    scene = flood()
    gone = next(entry for entry in scene.entries if entry.type == "FellDue")
    scene.entries = [e for e in scene.entries if e.case_id != gone.case_id or e.at < gone.at]
    scene.log(gone.at, "DeathReported", gone.case_id, **gone.data | {"state": "ACCIDENT_REPORT_OWED"})
    _, owed = closed(scene)
    assert (owed.incidents.deaths, owed.incidents.reports) == (1, DeathReports(owed=1))
    for hours, event, state in (
        (48, "AccidentReportOverdue", "ACCIDENT_REPORT_OWED"),
        (50, "AccidentReportFiled", "DECEASED"),
    ):
        scene.log(gone.at + timedelta(hours=hours), event, gone.case_id, **gone.data | {"state": state})
    later = gone.at + timedelta(hours=51)
    view, filed = closed(scene, later)
    assert filed.incidents.reports == DeathReports(filed=1, slowest=timedelta(hours=50))
    _, before = closed(scene, gone.at + timedelta(hours=49))
    mine = cases.parse(gone.case_id).key
    days = [
        [one.days for one in seen.costs.people if one.placement_id == mine] for seen in (owed, before, filed)
    ]
    assert days[0] == days[1] == days[2] != []  # they end with the death
    row = next(row for row in tell(filed, view.zone).incidents if row.label == "Meninggal")
    assert row.note.startswith("laporan JKK: 1 masuk (paling lama 2 hari")


def test_units_that_were_thin_for_the_surge_are_counted_with_what_was_said() -> None:
    scene = flood()
    _, none = closed(scene)
    said = {"state": "THIN", "unit_id": scene.units[0].unit_id, "home_role": "nurse", "escalation": 0}
    for number, surges in enumerate((["S-1"], ["S-1", "S-2"], ["S-1"], ["S-2"])):
        scene.log(wita(5), "UnitThinned", f"thin:{number}", "SYSTEM", **said, surges=surges)
    scene.log(wita(6), "BackfillDeclined", "thin:0", "UNIT_HEAD", **said | {"state": "DECLINED"})
    scene.log(wita(7), "BackfillDrafted", "thin:0", "UNIT_HEAD", **said | {"state": "DRAFTED"})
    scene.log(wita(7), "UnitRecovered", "thin:0", "SYSTEM", **said | {"state": "RECOVERED"})
    scene.log(wita(8), "BackfillDeclined", "thin:1", "UNIT_HEAD", **said | {"state": "DECLINED"})
    scene.entries.sort(key=lambda entry: entry.at)
    view, told = closed(scene)
    assert (none.thin, told.thin) == (ThinUnits(), ThinUnits(began=3, drafted=1, declined=1, open=2))
    row = next(row for row in tell(told, view.zone).incidents if row.label.startswith("Unit asal"))
    assert (row.value, row.note) == ("3", "1 dengan usul bantuan, 1 tanpa bantuan, 2 belum pulih")
    assert replace(told, thin=none.thin) == none


def settling(scene: Scene) -> Scene:
    """Of four who are home one is done, one owes the claim, one the host's evaluation, and one was let off everything."""
    done, unpaid, let_off, unrated = [entry for entry in scene.entries if entry.type == "Returned"][:4]
    told: tuple[tuple[Entry, timedelta, str, str, dict[str, object]], ...] = (
        (done, DAY, "ReportReceived", "REPORTED", {"owed": ["EVALUATION", "CLAIM"]}),
        (done, 2 * DAY, "ClaimSettled", "REIMBURSED", {"owed": ["EVALUATION"], "amount": "340000"}),
        (done, 3 * DAY, "EvaluationReceived", "CLOSED", {}),
        (unpaid, -DAY / 1440, "ReportReceived", "TRAVELLING_HOME", {}),
        (unpaid, DAY, "EvaluationReceived", "REPORTED", {"owed": ["CLAIM"]}),
        (let_off, DAY, "SettlementOverdue", "RETURNED", {"owed": ["REPORT", "EVALUATION", "CLAIM"]}),
        (let_off, 2 * DAY, "SettlementWaived", "CLOSED", {"choice": "PERSON_UNABLE"}),
        (unrated, DAY, "ReportReceived", "REPORTED", {"owed": ["EVALUATION", "CLAIM"]}),
        (unrated, 2 * DAY, "ClaimSettled", "REIMBURSED", ABOVE | {"owed": ["EVALUATION"]}),
    )
    for entry, later, event, state, data in told:
        scene.log(entry.at + later, event, entry.case_id, state=state, **data)
    scene.entries.sort(key=lambda entry: entry.at)
    return scene


def test_the_papers_are_counted_and_the_claims_told_as_their_documents_say() -> None:
    scene = settling(flood())
    later = wita(28, month=3)
    view, seen = closed(scene, later)
    assert seen.papers == Papers(
        home=sum(entry.type == "Returned" for entry in scene.entries if entry.at <= later),
        reported=3,
        evaluated=2,
        reimbursed=2,
        claimed=1_340_000,
        outstanding=2,
        owed=((Paper.EVALUATION, 1), (Paper.CLAIM, 1)),
        waived=1,
        reasons=(("PERSON_UNABLE", 1),),
        above=1,
        above_why=(("LODGING", 1),),
    )
    costs = seen.costs
    total = costs.total
    assert (total.paid, total.waived, total.owed) == (2, 1, 1)
    assert (
        sum(donor.difference for donor in costs.donors) == total.difference == total.claimed - total.reckoned
    )
    (above,) = [one for one in costs.people if one.claimed == 1_000_000]
    assert above.difference == 100_000
    assert costs.total.claimed == sum(donor.claimed for donor in costs.donors) == seen.papers.claimed
    page = Page(render(view, seen))
    said = " ".join(page.under("#berkas"))
    assert f"Berkas 2 dari {seen.papers.home} orang yang pulang belum tuntas" in said
    assert "Klaim di atas hitungan hari" in said
    assert "penginapan 1" in said
    donors = page.under("#biaya")
    assert say_costs.row("", total).claims in " ".join(donors)
    assert {say_costs.difference(total.difference), rupiah(total.reckoned)} <= set(donors)
    assert "Rp1.340.000 menurut dokumen pembayaran" in said
    assert "penilaian 1, klaim 1" in said
    assert "orangnya tidak mampu 1" in said


def test_the_page_says_the_findings(page: Page, found: tuple[ReportView, Review]) -> None:
    text = " ".join(page.under("main"))
    told = tell(found[1], found[0].zone)
    for title in (
        told.need_title,
        told.times_title,
        told.answers_title,
        told.incidents_title,
        told.costs_title,
        told.papers_title,
    ):
        assert title in text, title
    assert f"{len(found[1].overrides)} izin di bawah batas layanan" in text
    assert page.under("#izin", ".act", "b.")[0] == "Sekda"
    assert told.waivers_title in text
    assert page.under("#batas", ".act", "b.") == ["Sekda (Plh)"]
    (waiver,) = told.waivers
    assert f"{waiver.person} dari {waiver.unit} boleh bertugas 10 hari lebih lama: {waiver.reason}" in text
    assert (waiver.person, waiver.reason) == ("1 orang nurse", "tidak ada sumber lain")
    assert LESSON in text
    assert "10 dari" in text  # evaluations of both sides
    assert "3,00" in text
    # The donors' table adds up to the total below it.
    cells = [int(re.sub(r"\D", "", cell)) for cell in page.under("#biaya", "td.r n") if cell.startswith("Rp")]
    assert sum(cells[:-1]) == cells[-1] == found[1].costs.total.per_diem


def test_the_page_is_whole_and_reaches_for_nothing(page: Page, found: tuple[ReportView, Review]) -> None:
    html = render(*found)
    assert not re.search(r"https?:|//[a-z]|<script|javascript:|@import", html)
    assert not [tag for tag, attributes in page.elements if "style" in attributes]
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    # Opaque ids of people are nobody's business either.
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", html)


def test_the_report_of_every_day_has_no_review() -> None:
    html = render(build(flood().source(wita(15, 14, 20))))
    assert "Laporan akhir" not in html
    assert 'id="waktu"' not in html


def test_nothing_that_happened_is_said_calmly() -> None:
    view, seen = closed(nothing_yet(), wita(3, 5))
    told = tell(seen, view.zone)
    assert (told.answers_title, told.costs_title) == ("Belum ada yang ditawari", "Belum ada hari tugas")
    assert Page(render(view, seen)).elements
    assert after_action(view, seen).startswith(b"%PDF")


def test_the_paper_is_the_same_for_the_same_log(found: tuple[ReportView, Review]) -> None:
    paper = after_action(*found)
    assert paper == after_action(*found)
    assert paper.startswith(b"%PDF")
    view, seen = found
    assert after_action(view, replace(seen, title="Lain")) != paper


@pytest.mark.needs("pdftotext")
def test_the_paper_says_what_the_page_says(found: tuple[ReportView, Review], tmp_path: Path) -> None:
    file = tmp_path / "laporan.pdf"
    file.write_bytes(after_action(*found))
    done = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True)
    text = " ".join(done.stdout.split())
    told = tell(found[1], found[0].zone)
    for words in (
        told.need_title,
        told.times_title,
        told.answers_title,
        told.incidents_title,
        told.costs_title,
        told.papers_title,
        told.waivers_title,
        told.waivers[0].person + ", 10 hari lebih lama",
    ):
        assert words in text, words
    assert LESSON in text
    assert told.costs_total.money in text
    assert "DATASINTETIS" in text.replace(" ", "")


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(minutes=40), "40 menit"),
        (timedelta(hours=5), "5 jam"),
        (timedelta(hours=5, minutes=20), "5 jam 20 menit"),
        (timedelta(days=2, hours=3, minutes=50), "2 hari 3 jam"),
        (timedelta(days=1), "1 hari"),
        (timedelta(seconds=20), "0 menit"),
    ],
)
def test_spans_are_told_in_two_units(span: timedelta, said: str) -> None:
    assert duration(span) == said


def test_money_is_told_with_dots() -> None:
    assert rupiah(1_234_000) == "Rp1.234.000"


# ── in a browser ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=LAUNCH)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def file(found: tuple[ReportView, Review], tmp_path_factory: pytest.TempPathFactory) -> Path:
    written: Path = tmp_path_factory.mktemp("page") / "laporan.html"
    written.write_text(render(*found), encoding="utf-8")
    return written


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_it_fits_every_screen_and_keeps_its_numbers_whole(browser: Browser, file: Path, width: int) -> None:
    page, said = opened(browser, file, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
    broken = page.evaluate(
        """[...document.querySelectorAll('.t td.r')].filter(cell => {
            const range = document.createRange(); range.selectNodeContents(cell);
            return new Set([...range.getClientRects()].map(r => Math.round(r.top))).size > 1 })
            .map(cell => cell.textContent)"""
    )
    assert broken == []
    page.close()


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_out(browser: Browser, file: Path, scheme: str) -> None:
    for width in (360, 1280):
        page, _ = opened(browser, file, width, scheme)
        seen = Axe().run(page)
        assert seen.violations_count == 0, seen.generate_report()
        page.close()


@pytest.mark.needs("chromium")
def test_a_bar_of_the_distribution_is_as_tall_as_its_people(
    browser: Browser, file: Path, found: tuple[ReportView, Review]
) -> None:
    page, _ = opened(browser, file, 1280)
    tall = page.evaluate(
        """[...document.querySelectorAll('#waktu .row')].map(row =>
            [...row.querySelectorAll('rect.fa')].map(bar => bar.getBoundingClientRect().height))"""
    )
    for heights, spread in zip(tall, found[1].times, strict=True):
        counts = [count for count in spread.bins if count]
        assert heights == pytest.approx([36 * count / max(counts) for count in counts], abs=0.2)
    page.close()


def test_the_report_sets_what_the_request_expected_beside_what_came() -> None:
    scene = flood()
    source = of_surge(scene.source(AT), "S-1")

    def told(**said: object) -> Told:
        lines = tuple(replace(line, **said) for line in source.lines)  # type: ignore[arg-type]
        return tell(review(replace(source, lines=lines), "S-1", "Tenaga", TERMS, texts={}, units={}), "UTC")

    plain, warned = told(), told(food="PER_DIEM", hazards=("WATER", "ELECTRICITY"))
    named = "Bahaya yang disebut dalam permintaan"
    assert named not in {row.label for row in plain.incidents}
    assert {row.label: row.note for row in warned.incidents}[named] == "listrik, air"

    def estimated(one: Told) -> int:
        (note,) = (note for note in one.costs_notes if note.startswith("Perkiraan menurut permintaan: Rp"))
        return int(note.split()[3].removeprefix("Rp").replace(".", ""))

    # The same days, with their meals paid.
    assert estimated(plain) * 100 == estimated(warned) * (100 - TERMS.meals_percent)
    assert "kecuali pada baris yang makannya dari uang harian" in warned.costs_notes[0]
    assert "makan disediakan di lokasi." in plain.costs_notes[0]
