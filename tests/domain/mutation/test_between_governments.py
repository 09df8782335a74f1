"""A move between two governments: who of the other one may decide and see, in whose inbox it is asked, and until when it is done."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.authority import Actor, Appointment, Capacity, Denied, Granted, Tenure
from domain.mutation.authority import MAY, RULINGS, Facts, authority
from domain.mutation.decree_words import Cited, standing_dictums, standing_subject
from domain.mutation.duties import duties_of
from domain.mutation.group_life import GroupLife, GroupState
from domain.mutation.group_moving import arrivals_fault
from domain.mutation.group_moving import counted as counted_together
from domain.mutation.heads import office_of
from domain.mutation.life import Clearance, Group, Life
from domain.mutation.machine import Moved, decide
from domain.mutation.matter import Concerned
from domain.mutation.said import Ask
from domain.mutation.second_words import Second, second_considerations
from domain.mutation.states import Does, GroupKind, Party, State, Trigger, Verdict
from domain.mutation.terms import counted
from domain.rebuild import Entry, Projection
from domain.rules import read
from domain.sight import abroad, sees_mutation
from domain.terms import Term
from tests.domain.mutation.dossiers import PACK, RULES

HERE, THERE = "kota.B", "asal.A"
CASE = Facts("kota", "subject", THERE, HERE, proposer_id="proposer", origin_id="asal")
BY_THE_ORIGIN = {"HEAR_RELEASING_HEAD", "BEGIN_HANDOVER", "FILE_HANDOVER_RECORD"}
NOW = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
_C = Capacity
EVERY_OFFICE = tuple(Appointment(one) for one in Capacity if one not in (_C.SUBJECT, _C.SYSTEM, _C.UNIT_HEAD))


def of_the_origin(person: str, *offices: Appointment) -> Actor:
    return Actor(person, "asal", offices)


@pytest.mark.parametrize("kind", MAY)
def test_of_the_other_government_only_the_head_who_is_heard_and_the_person_decide(kind: str) -> None:
    head = of_the_origin("head", Appointment(_C.UNIT_HEAD, THERE))
    others = of_the_origin("other", *EVERY_OFFICE, Appointment(_C.UNIT_HEAD, "asal.Z"))
    may = Granted(_C.UNIT_HEAD) if kind in BY_THE_ORIGIN else Denied("no_such_case")
    assert authority(kind, head, CASE) == may
    assert authority(kind, others, CASE) == Denied("no_such_case")
    third = replace(head, government_id="kota-lain")
    assert authority(kind, third, CASE) == Denied("no_such_case")
    person = of_the_origin("subject", *EVERY_OFFICE, Appointment(_C.UNIT_HEAD, THERE))
    own = authority(kind, person, replace(CASE, proposer_id="subject"))
    if _C.SUBJECT in MAY[kind]:
        assert own == Granted(_C.SUBJECT)
    else:
        assert own in (Denied("own_case"), Denied("no_authority"))


@pytest.mark.parametrize("kind", sorted(BY_THE_ORIGIN))
def test_a_secretary_speaks_for_the_side_of_their_own_government_alone(kind: str) -> None:
    there, here = (Actor("sekda", one, (Appointment(_C.SEKDA),)) for one in ("asal", "kota"))
    assert authority(kind, there, CASE) == Denied("no_such_case"), "its head can"
    speaks = replace(CASE, secretary_releases=True)
    assert authority(kind, there, speaks) == Granted(_C.SEKDA)
    assert authority(kind, here, speaks) == Denied("no_authority")


def test_a_head_proposes_for_the_unit_that_is_joined_and_no_other_one() -> None:
    before = replace(CASE, proposer_id=None)
    for unit, may in ((HERE, Granted(_C.UNIT_HEAD)), ("kota.C", Denied("no_authority"))):
        who = Actor("head", "kota", (Appointment(_C.UNIT_HEAD, unit),))
        assert authority("PROPOSE_MUTATION", who, before) == may
    assert RULINGS["PROPOSE_MUTATION"].side == Party.RELEASING, "as ever within one government"


def test_what_a_head_of_the_origin_has_played_in_counts_there_as_well() -> None:
    acting = Appointment(_C.UNIT_HEAD, THERE, Tenure.PLH, "subject", "writer")
    assert authority("HEAR_RELEASING_HEAD", of_the_origin("acting", acting), CASE) == Denied("own_case")
    proposes = of_the_origin("proposer", Appointment(_C.UNIT_HEAD, THERE))
    assert authority("HEAR_RELEASING_HEAD", proposes, CASE) == Denied("own_proposal")


def test_an_office_of_the_origin_sees_nothing_but_the_head_what_a_head_sees() -> None:
    of = {"subject_id": "subject", "proposer_id": "proposer", "units": frozenset({HERE, THERE})}
    case = {"releasing_unit": THERE, "secretary_releases": False}
    offices = abroad(of_the_origin("other", *EVERY_OFFICE), **case)  # type: ignore[arg-type]
    assert not sees_mutation(offices, **of)  # type: ignore[arg-type]
    head = of_the_origin("head", Appointment(_C.UNIT_HEAD, THERE), *EVERY_OFFICE)
    assert abroad(head, **case).appointments == (Appointment(_C.UNIT_HEAD, THERE),)  # type: ignore[arg-type]
    speaks = abroad(
        of_the_origin("sekda", Appointment(_C.SEKDA)), releasing_unit=THERE, secretary_releases=True
    )
    assert sees_mutation(speaks, **of)  # type: ignore[arg-type]


def test_each_is_asked_in_the_inbox_of_their_own_government() -> None:
    life = Life(State.CONSULTATION, 4, NOW, "position")
    concerned = Concerned("subject", "proposer", THERE, HERE, origin_id="asal")
    where = {duty.assignee_id or duty.unit_id: duty.government_id for duty in duties_of(life, concerned)}
    assert where == {"subject": "asal", THERE: "asal", HERE: None}
    returned = replace(life, state=State.RETURNED)
    assert [one.government_id for one in duties_of(returned, concerned)] == [None]
    (own,) = duties_of(returned, replace(concerned, proposer_id="subject"))
    assert (own.assignee_id, own.government_id) == ("subject", "asal")
    speaking = replace(concerned, by_secretary=frozenset({Party.RELEASING, Party.RECEIVING}))
    asked = [one.government_id for one in duties_of(life, speaking) if one.capacity == _C.SEKDA]
    assert asked == ["asal", None]


def _due(at: datetime, term: Term) -> datetime:
    return at + term.amount * DAY


def test_after_the_decree_of_another_office_the_appointment_has_a_term_of_its_own() -> None:
    cleared = Life(
        State.CLEARANCE,
        7,
        NOW - 40 * DAY,
        "position",
        clearances=(Clearance("TECHNICAL_CLEARANCE", Verdict.GRANTED), Clearance("MUTATION_DECREE")),
    )
    word = Ask(clearance="MUTATION_DECREE")
    decreed = decide(cleared, Trigger.GRANT_CLEARANCE, word, decided_at=NOW, now=NOW)
    assert isinstance(decreed, Moved)
    assert decreed.life.state == State.AWAITING_DECISION
    appointed = NOW + RULES.terms.appointment.amount * DAY
    for later, due in ((0, NOW + RULES.terms.decision.amount * DAY), (28, appointed), (35, NOW + 35 * DAY)):
        waits = replace(decreed.life, since=NOW + later * DAY)
        life = counted(waits, RULES, _due)
        assert life.wait is not None
        assert life.wait.due[0] == due, later
    alone = replace(decreed.life, since=NOW + 28 * DAY, clearances=())
    within = counted(alone, RULES, _due)
    assert within.wait is not None
    assert within.wait.due[0] == NOW + (28 + RULES.terms.decision.amount) * DAY


def test_the_decree_says_that_it_appoints_and_takes_note_of_the_papers_of_others() -> None:
    words = read(PACK).decree
    coming = words.where(between=True)
    assert words.where(between=False) == words
    assert standing_subject(coming, "Kota").startswith("Pengangkatan ")
    assert standing_subject(words, "Kota").startswith("Pemindahan ")
    assert standing_dictums(coming, 1, None)[0].text.startswith("Mengangkat ")
    several = standing_dictums(coming, 2, None)[0].text
    assert several.startswith("Mengangkat ")
    assert "Lampiran" in several
    moves = ("memindahkan", "pemindahan")
    said = [*coming.considerations, *(one.text for one in standing_dictums(coming, 1, None))]
    assert not [line for line in said for word in moves if word in line]
    assert "Pejabat Pembina Kepegawaian instansi asal" in coming.copies_to


def test_a_second_decree_calls_what_it_undoes_an_appointment_or_a_move() -> None:
    second = Second(
        does=Does.CANCELS, former=Cited("800/1", None), authority="Wali Kota", ground="NO_LONGER_NEEDED"
    )
    words = read(PACK).second
    for between, called in ((False, "pemindahan"), (True, "pengangkatan")):
        former, why, _ = second_considerations(words, replace(second, between=between))
        assert f"telah ditetapkan {called} Pegawai" in former
        assert why.startswith(f"bahwa {called} tersebut")


@pytest.mark.parametrize(
    ("level", "name", "head"),
    [
        ("city", "Pemerintah Kota Kupang", "Wali Kota Kupang"),
        ("regency", "Pemerintah Kabupaten Luwu", "Bupati Luwu"),
        ("regency", "Luwu", "Bupati Kupang"),
        ("province", "Pemerintah Provinsi Nusa Tenggara Timur", "Gubernur Nusa Tenggara Timur"),
        ("national", "Kementerian Contoh", "Menteri Contoh"),
        ("national", "Badan Contoh", "Kepala Badan Contoh"),
    ],
)
def test_a_decree_is_of_whoever_heads_such_a_government(level: str, name: str, head: str) -> None:
    rules = read(PACK).mutation.decree
    assert office_of(rules.authority, level=level, name=name, place="Kupang") == head
    assert office_of("Wali Kota {place}", level=level, name=name, place="Kupang") == "Wali Kota Kupang"


def test_one_decree_appoints_who_comes_and_moves_who_is_here_but_not_both_and_a_swap_is_within_one_government() -> (
    None
):
    batch, swap = GroupKind.BATCH, GroupKind.SWAP
    assert arrivals_fault(batch, {"MU-1", "MU-2"}, ("MU-1", "MU-2")) is None
    assert arrivals_fault(batch, (), ("MU-1", "MU-2")) is None
    assert arrivals_fault(swap, (), ("MU-1", "MU-2")) is None
    mixed = str(arrivals_fault(batch, {"MU-2"}, ("MU-1", "MU-2")))
    assert mixed.startswith("MU-2 comes from another government")
    assert "MU-1 is moved" in mixed
    assert str(arrivals_fault(swap, {"MU-2"}, ("MU-1", "MU-2"))).startswith("MU-2 leaves a post of another")


def test_who_goes_with_others_is_appointed_no_later_than_alone() -> None:
    group = Group(GroupKind.BATCH, "BA-1")
    word = Clearance("MUTATION_DECREE", Verdict.GRANTED, granted_at=NOW)
    ready = Life(State.APPROVED, 9, NOW, "position", group=group, clearances=(word,))
    late = NOW + (RULES.terms.appointment.amount - 1) * DAY
    paper = GroupLife(group, GroupState.FORMED, 1, late, ("MU-1", "MU-2"), ready=True)
    due = {}
    for one, lives in (
        ("appointed", {"MU-1": ready, "MU-2": replace(ready, clearances=())}),
        (
            "not decided yet",
            {"MU-1": replace(ready, clearances=()), "MU-2": replace(ready, state=State.COUNSEL)},
        ),
    ):
        wait = counted_together(paper, lives, RULES, _due).wait
        assert wait is not None
        due[one] = wait.until
    assert due["appointed"] == NOW + RULES.terms.appointment.amount * DAY
    assert due["not decided yet"] == late + RULES.terms.preparation.amount * DAY


def test_who_has_moved_away_holds_nothing_by_the_log_of_the_former_government() -> None:
    stands = {"position_id": "post", "reserves": False, "open": True, "life_sha256": "0" * 64}
    stands |= {"in_post_since": "2027-01-04"}
    log = Projection()
    log.take(
        Entry(
            1, "MutationEffective", NOW, "mutation:MU-1", "p", None, {"state": "EFFECTIVE", "stands": stands}
        )
    )
    assert log.tables(NOW)["position"] == {"p": {"position_id": "post", "in_post_since": "2027-01-04"}}
    log.take(Entry(2, "GovernmentChanged", NOW, "mutation:MU-2", "p", None, {"position_id": "post"}))
    assert log.tables(NOW)["position"] == {}
