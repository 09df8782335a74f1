"""The figures and the sentences of the report, on synthetic operations."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.report import build, say
from domain.report.rows import LaneKind
from domain.report.source import Floor
from domain.report.view import ReportView, Urgency
from tests.app.web.scenes import DAY, HOUR, Scene, flood, many_people, nothing_yet, one_person, wita

INSTANTS = [
    wita(3, 5),
    wita(3, 8),
    wita(5),
    wita(10),
    wita(13, 20),
    wita(15, 14, 20),
    wita(18),
    wita(23),
    wita(28),
]


@pytest.fixture(scope="module")
def scene() -> Scene:
    return flood()


@pytest.mark.parametrize("at", INSTANTS, ids=lambda at: f"{at:%d-%H%M}")
def test_all_figures_of_one_instant_agree(scene: Scene, at) -> None:
    view = build(scene.source(at))
    figures = view.figures
    assert figures.filled == figures.waiting + figures.out + figures.returned
    assert figures.out == figures.going + figures.on_site + figures.homeward
    assert figures.due_soon == figures.relieved + figures.unrelieved + figures.done
    assert figures.due_soon + figures.late <= figures.out
    assert figures.empty == figures.needed - figures.filled
    for whole, parts in (
        (figures.needed, [role.needed for role in view.roles]),
        (figures.filled, [role.filled for role in view.roles]),
        (figures.empty, [role.empty for role in view.roles]),
        (figures.needed, [site.needed for site in view.map.sites]),
        (figures.filled, [site.filled for site in view.map.sites]),
        (figures.filled, [origin.people for origin in view.map.origins]),
        (figures.filled, [flow.people for flow in view.map.flows]),
        (figures.late, [team.people for team in view.teams if team.late_by]),
        (figures.unrelieved, [people_in(a) for a in view.actions if "tanpa pengganti" in a.finding]),
    ):
        assert whole == sum(parts)
    for role in view.roles:
        assert role.empty == sum(cause.seats for cause in role.causes)
    held = figures.filled - figures.returned + figures.offered
    assert held == sum(donor.lent for donor in view.donors)


def people_in(action) -> int:
    return int(action.finding.split()[0])


def test_a_flood_in_its_second_week_reads_as_it_was_lived(scene: Scene) -> None:
    view = build(scene.source(wita(15, 14, 20)))
    assert (view.figures.needed, view.figures.filled, view.figures.late) == (209, 187, 2)
    assert say.need_title(view) == "Kurang 22 orang; sebagian besar karena unit asal sudah di batas"
    assert say.teams_title(view) == "72 orang pulang dalam 7 hari; 2 sudah lewat tanggal"
    assert say.map_title(view) == "187 orang dari 18 unit untuk 7 lokasi"
    lead = "".join(say.lead(view)).replace("\u00a0", " ")
    assert lead == (
        "Tanggap darurat, hari ke-13. Status berlaku s.d. Sel 23 Feb, 8 hari lagi; "
        "tidak ada surat tugas yang melewatinya."
    )
    late = view.teams[0]
    assert (late.site, late.people, late.late_by) == (
        "Pengungsian Fontein",
        2,
        timedelta(days=2, hours=20, minutes=20),
    )
    assert late.handlers == ("COMMAND_POST", "COORDINATOR", "SEKDA")
    assert view.actions[0].who == "Pos komando, koordinator, dan Sekda"


def test_what_is_most_urgent_stands_first(scene: Scene) -> None:
    view = build(scene.source(wita(15, 14, 20)))
    assert [action.urgency for action in view.actions] == [
        Urgency.LATE,
        Urgency.SOON,
        Urgency.SOON,
        Urgency.WAITING,
        Urgency.WAITING,
    ]
    empty = view.actions[2]
    assert empty.finding == "21 kursi kosong tanpa calon."
    assert empty.detail == (
        "Perawat pos kesehatan 8, pengelola pengungsian 6, kaji cepat (TRC) 6, air bersih dan sanitasi 1. "
        "15 di antaranya terisi bila Sekda mengizinkan unit di bawah batas."
    )
    release = next(action for action in view.actions if "pelepasan" in action.finding)
    assert release.finding == "2 pelepasan menunggu kepala unit."
    assert (release.who, release.due) == ("Kepala unit", "tenggat hari ini 16.20")


def test_a_release_that_is_late_waits_once_for_both_who_are_asked() -> None:
    scene = flood()
    (_, _, first), (_, _, second) = [row for row in scene.tasks if row[2].kind == "DECIDE_RELEASE"]
    due = wita(15, 20)
    late = [replace(first, due_at=due), replace(first, due_at=due, capacity="SEKDA", unit_id=None)]
    scene.tasks = [row for row in scene.tasks if row[2] != first]
    scene.tasks += [(wita(15, 13), wita(15, 16), task) for task in late]
    found = [
        action for action in build(scene.source(wita(15, 14, 20))).actions if "pelepasan" in action.finding
    ]
    assert [(action.urgency, action.finding, action.who, action.due) for action in found] == [
        (Urgency.SOON, "1 pelepasan menunggu kepala unit dan Sekda.", "Kepala unit dan Sekda", "tenggat hari ini 20.00"),
        (Urgency.WAITING, "1 pelepasan menunggu kepala unit.", "Kepala unit", "tenggat hari ini 16.20"),
    ]  # fmt: skip
    assert second.case_id != first.case_id


def test_a_request_waits_for_its_approval_and_says_that_silence_is_none() -> None:
    view = build(one_person().source(wita(3, 6, 10)))
    assert [(a.finding, a.detail, a.who, a.due) for a in view.actions] == [
        ("1 permintaan menunggu persetujuan.", "Diam bukan persetujuan.", "Sekda", "tenggat hari ini 08.00")
    ]
    assert build(one_person().source(wita(3, 6, 40))).actions == ()


def test_an_instant_knows_nothing_of_what_came_later(scene: Scene) -> None:
    at = wita(10)
    now, later = scene.source(at), scene.source(wita(28))
    told = build(now)
    assert told == build(now)
    assert told.figures.returned == 0
    assert all(happening.at <= at for happening in told.story)
    assert build(later).figures.returned == build(later).figures.filled


def test_a_team_on_duty_its_relief_and_the_gap_are_three_lanes(scene: Scene) -> None:
    view = build(scene.source(wita(15, 14, 20)))
    rows = {(team.name, team.site): team for team in view.teams if not team.late_by}
    relieved = rows["Logistik dan gudang", "Gudang Tenau, Alak"]
    assert [(lane.kind, lane.people) for lane in relieved.lanes] == [(LaneKind.DUTY, 8), (LaneKind.AHEAD, 8)]
    alone = rows["Perawat pos kesehatan", "Pengungsian SD Oesapa"]
    assert [(lane.kind, lane.people) for lane in alone.lanes] == [(LaneKind.DUTY, 4), (LaneKind.EMPTY, 4)]
    assert alone.shortage == "kurang 2"


def test_late_people_stand_above_everyone_and_come_off_when_they_are_home(scene: Scene) -> None:
    during, after = build(scene.source(wita(15))), build(scene.source(wita(17)))
    assert during.teams[0].late_by
    assert during.figures.late == 2
    assert after.figures.late == 0
    assert after.figures.came_late == 2
    assert not [team for team in after.teams if team.late_by]


def test_the_end_of_an_operation_says_that_everyone_is_home_and_who_was_late(scene: Scene) -> None:
    view = build(scene.source(wita(28)))
    assert "".join(say.lead(view)) == "Status darurat sudah berakhir; semua orang sudah pulang."
    assert say.teams_title(view) == "Semua 185 orang sudah pulang; 2 terlambat, terlama 3 hari"
    assert say.donors_title(view) == "Semua 18 unit sudah utuh kembali"
    assert say.need_title(view) == "185 dari 209 kebutuhan terisi; 24 kosong sampai akhir"
    assert view.actions == ()
    assert {lane.kind for team in view.teams for lane in team.lanes} == {LaneKind.HOME}


def test_the_end_of_the_operation_ends_its_status_too() -> None:
    scene = one_person()
    scene.log(wita(21, 9), "OperationEnded", "operation:OP-2027-004", "SEKDA", state="ENDED", until=None)
    before, after = build(scene.source(wita(21, 8))), build(scene.source(wita(21, 10)))
    assert before.decrees[-1].end == wita(24, 0)
    assert after.decrees[-1].end == wita(21, 9)
    assert "".join(say.lead(after)) == "Operasi selesai; semua orang sudah pulang."


def test_who_is_out_after_the_status_has_ended_is_the_first_thing_to_act_on() -> None:
    scene = one_person()
    scene.lines[0] = line = scene.lines[0]
    view = build(scene.source(wita(20, 17)))
    assert view.actions == ()
    scene.entries = [entry for entry in scene.entries if entry.type != "StatusExtended"]
    view = build(scene.source(wita(18)))
    assert line.due_back > wita(18)
    assert view.actions[0].urgency == Urgency.LATE
    assert view.actions[0].finding == "1 orang masih di luar tanpa status darurat."


def test_an_order_that_outlives_its_status_is_named_before_the_status_ends() -> None:
    scene = one_person()
    scene.entries = [entry for entry in scene.entries if entry.type != "StatusExtended"]
    view = build(scene.source(wita(10)))
    assert view.orders_past_status == 1
    assert "1 orang ditugaskan melewatinya" in say.lead(view)[2]
    assert view.actions[0].finding == "1 orang ditugaskan melewati akhir status."


def test_nobody_who_travels_home_in_time_is_called_late() -> None:
    scene = one_person()
    due = wita(20, 18)
    assert build(scene.source(due + HOUR)).figures.late == 0
    assert build(scene.source(due + HOUR)).figures.homeward == 1
    scene.entries = [entry for entry in scene.entries if entry.type not in ("DemobSignedOff", "Returned")]
    assert build(scene.source(due + DAY)).figures.late == 0
    assert build(scene.source(due + DAY + HOUR)).figures.late == 1


def test_silence_of_the_books_at_the_due_date_is_late_at_once() -> None:
    """Nobody recorded that the duty ended: the person still counts as there, and as late."""
    scene = one_person()
    scene.entries = [e for e in scene.entries if e.type not in ("FellDue", "DemobSignedOff", "Returned")]
    assert build(scene.source(wita(20, 19))).figures.late == 1


@pytest.mark.parametrize(
    ("view", "sentences"),
    [
        (
            build(nothing_yet().source(wita(3, 5))),
            ["Belum ada permintaan orang", "Belum ada orang yang bertugas", "Belum ada yang di luar unitnya",
             "Belum ada unit yang melepas orang", "Tidak ada yang perlu ditindak sekarang"],
        ),
        (
            build(one_person().source(wita(10))),
            ["Kebutuhan 1 orang terisi", "1 orang dari 1 unit bekerja di 1 lokasi",
             "1 orang di luar unitnya; tidak ada yang lewat tanggal", "1 unit tepat di batas, tidak ada di bawahnya",
             "Tidak ada yang perlu ditindak sekarang"],
        ),
        (
            build(one_person().source(wita(28))),
            ["Kebutuhan 1 orang terisi", "1 orang dari 1 unit telah bekerja di 1 lokasi",
             "1 orang sudah pulang tepat waktu", "1 unit sudah utuh kembali", "Tidak ada yang perlu ditindak sekarang"],
        ),
        (
            build(many_people().source(wita(12))),
            ["Kurang 10 orang; semuanya sedang dicarikan", "500 orang dari 60 unit untuk 14 lokasi",
             "200 orang pulang dalam 7 hari; tidak ada yang lewat tanggal",
             "60 unit melepas orang; tidak ada yang sampai ke batas", "Tidak ada yang perlu ditindak sekarang"],
        ),
    ],
    ids=["zero", "one", "one home", "five hundred"],
)  # fmt: skip
def test_titles_are_natural_for_zero_one_and_many(view: ReportView, sentences: list[str]) -> None:
    titles = (say.need_title, say.map_title, say.teams_title, say.donors_title, say.actions_title)
    assert [title(view) for title in titles] == sentences


def test_the_tightest_role_decides_whether_a_unit_is_at_its_redline() -> None:
    scene = one_person()
    scene.floors.append(Floor(scene.units[0].unit_id, "nurse", 9, 5))
    second = one_person_more(scene)
    view = build(scene.source(wita(10)))
    donor = view.donors[0]
    assert {role.role: role.slack for role in donor.roles} == {"staff": 0, "nurse": 3}
    assert (donor.headcount, donor.present, donor.redline) == (12, 10, 7)
    assert say.slack(donor) == "di batas"
    assert second


def one_person_more(scene: Scene) -> str:
    from dataclasses import replace

    scene.serve(scene.lines[0], scene.units[0].unit_id)
    scene.placements[-1] = replace(scene.placements[-1], home_role="nurse")
    return scene.placements[-1].placement_id


def test_a_unit_below_its_redline_says_so_with_the_permission(scene: Scene) -> None:
    view = build(scene.source(wita(3, 12)))
    below = view.donors[0]
    assert below.name == "Dinas Sosial"
    assert say.slack(below) == "\u22121 izin"
    assert say.donors_title(view).endswith("1 di bawahnya dengan izin tertulis")


def test_a_plan_made_after_a_line_was_filled_clears_its_reason() -> None:
    scene = one_person()
    scene.placements.clear()
    scene.entries = [entry for entry in scene.entries if entry.case_id.partition(":")[0] != "secondment"]
    short = [{"line_id": "l000", "missing": 1, "reason": "NO_SKILL"}]
    scene.log(wita(4), "PlanMade", "surge:S-1", plan_id="q", picks=0, short=short, state="SOURCING")
    assert say.need_title(build(scene.source(wita(5)))) == "Kurang 1 orang, karena tidak ada yang kompeten"
    scene.log(wita(5), "PlanMade", "surge:S-1", plan_id="r", picks=1, short=[], state="SOURCING")
    assert say.need_title(build(scene.source(wita(6)))) == "Kurang 1 orang, sedang dicarikan"


def test_a_rejected_request_asks_for_nobody() -> None:
    scene = one_person()
    scene.entries = [entry for entry in scene.entries if entry.case_id.startswith("operation:")]
    scene.log(wita(3, 6), "RequestRejected", "surge:S-1", state="REJECTED", reason="no_status_in_force")
    view = build(scene.source(wita(4)))
    assert view.figures.needed == 0
    assert view.story[0].text == "Permintaan ditolak."
