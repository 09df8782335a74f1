"""A decree that undoes or corrects a signed one, on a real server: numbered, signed, served, and told apart from the first."""

import io
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.invariants import invariants
from adapters.postgres.rebuild import boards_hold
from app.actions import NotAllowed
from audit.replay import replay_case
from domain.authority import Capacity
from domain.commands import CommandKind
from domain.mutation.decree_record import DecreeRecord
from domain.mutation.decree_words import Cited
from domain.mutation.states import GroupKind
from domain.paper_codes import sha256
from runtime.sandbox import strict_runner
from runtime.temporal import data_converter
from tests.workflows.group_kit import approved, together
from tests.workflows.mutation_kit import LEFT, Road, road
from workflows import ALL

pytestmark = pytest.mark.long(60)

_K = CommandKind
FAR = timedelta(days=30)
RULING: dict[str, str | int | float] = {"number": "17/G/2026/PTUN.KPG"}


async def signed(case: Road) -> None:
    """Proposed, approved and signed, to take effect in a month."""
    await case.propose()
    await case.screened()
    await case.heard()
    await case.approved()
    await case.signed(after=FAR)


async def objected(case: Road) -> None:
    await case.must(Capacity.PERSONNEL_AGENCY, _K.SERVE_DECREE)
    await case.must(case.person, _K.FILE_OBJECTION)
    await case.must(Capacity.LEGAL_BUREAU, _K.REVIEW_OBJECTION)


async def second(case: Road, paper: str = "DECREE") -> tuple[str, DecreeRecord | None]:
    """The words of a paper of the second decree without the spaces between them, and its record."""
    kept = await case.live.books.mutations.second_paper(case.mutation_id, paper)
    assert kept is not None
    pages = (page.extract_text() for page in PdfReader(io.BytesIO(kept[0])).pages)
    return packed(" ".join(pages)), DecreeRecord(**kept[1]) if kept[1] else None


def packed(text: str) -> str:
    """The text without the spaces between its words: a number may go on in the next line."""
    return "".join(text.split())


async def issued(case: Road) -> list[tuple[int, str | None]]:
    """The sequence of each decree that is issued, and which one it amends."""
    async with case.live.books.database.reading() as connection:
        rows = await connection.fetch(
            "SELECT d.sequence, f.number FROM decrees d LEFT JOIN decrees f ON f.decree_id = d.amends"
            " WHERE d.state = 'ISSUED' ORDER BY d.sequence"
        )
    return [(row["sequence"], row["number"]) for row in rows]


async def replays(case: Road) -> None:
    """The history replays strictly, and says nothing of anybody."""
    reports = await replay_case(
        case.live.client, case.case_id, workflows=ALL, runner=strict_runner(), data_converter=data_converter()
    )
    assert all(report.ok for report in reports), [line for report in reports for line in report.lines()]
    history = (await case.live.handle(case.case_id).fetch_history()).to_json()
    roster = case.live.town.roster.people
    assert [word for word in (*roster.name, *roster.nip) if word in history] == []


async def test_a_signed_decree_is_cancelled_by_a_second_one_of_the_same_register(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await signed(case)
        told: dict[str, Any] = {"choice": "RULES_BROKEN", "details": RULING}
        await case.must(Capacity.APPOINTING_AUTHORITY, _K.CANCEL_MUTATION, **told)
        assert await case.state() == "DECREE_SIGNED", "it is undone once the second decree is signed"
        early = await case.decide(Capacity.SIGNATORY, _K.SIGN_DECREE)
        assert early.refusal == "not_now"
        again = await case.decide(Capacity.APPOINTING_AUTHORITY, _K.CANCEL_MUTATION, **told)
        assert again.refusal == "second_decree_open"
        await case.second_signed()

        first = await case.live.value("SELECT number FROM decrees WHERE amends IS NULL")
        assert await issued(case) == [(1, None), (2, first)]
        assert not await case.live.value("SELECT reserves FROM mutations")
        assert await case.checked(second=True) == set()
        assert await case.checked() == set(), "the first one stays what it was"
        words, record = await second(case)
        for part in (
            f"TENTANG PENCABUTAN KEPUTUSAN WALI KOTA KOTA KECIL NOMOR {first} TANGGAL",
            "tidak sesuai dengan norma, standar, prosedur, dan kriteria",
            "pejabat yang berwenang Nomor 17/G/2026/PTUN.KPG",
            f"Mencabut dan menyatakan tidak berlaku Keputusan Wali Kota Kota Kecil Nomor {first}",
            "tetap menduduki jabatan lama",
            "Keputusan ini mulai berlaku pada tanggal ditetapkan, yaitu tanggal",
        ):
            assert packed(part) in words, part
        assert record is not None
        kept = await case.live.books.mutations.paper(case.mutation_id, "DECREE", whole=True)
        assert kept is not None
        assert kept[1] is not None
        assert record.facts["amends"] == {
            "does": "CANCELS",
            "decree_id": kept[1]["facts"]["decree_id"],
            "number": first,
            "facts_sha256": sha256(kept[1]["facts"]),
        }

        await case.second_final()
        assert await case.live.handle(case.case_id).result() == "CANCELLED_BEFORE_EFFECT"
        extract, own = await second(case, "EXTRACT")
        assert own is not None
        assert own.facts["decree_facts_sha256"] == record.facts_sha256
        assert packed("PETIKAN KEPUTUSAN") in extract
        assert packed("Mencabut dan menyatakan tidak berlaku") in extract
        assert packed("dapat mengajukan keberatan secara tertulis kepada Wali Kota") in extract
        told_of = await case.live.value(
            "SELECT array_agg(type ORDER BY seq) FROM events WHERE case_id = $1 AND type LIKE 'Second%'",
            case.case_id,
        )
        assert told_of == [
            "SecondDecreeOrdered",
            "SecondDecreePrepared",
            *["SecondDecreeInitialled"] * 3,
            "SecondDecreeSigned",
            "SecondDecreeServed",
        ]
        await replays(case)


async def test_an_objection_that_is_granted_revokes_by_a_second_decree_and_the_person_may_be_proposed_anew(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await signed(case)
        await objected(case)
        await case.must(Capacity.APPOINTING_AUTHORITY, _K.REVOKE_DECREE)
        objection = "SELECT life #>> '{objection,state}' FROM mutations"
        assert await case.live.value(objection) == "IN_REVIEW"
        await case.second_signed()
        assert await case.live.value(objection) == "REVOKED"
        words, _ = await second(case)
        assert packed("keberatan yang diajukan") in words
        assert await case.checked(second=True) == set()
        await case.must(Capacity.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        assert await case.live.handle(case.case_id).result() == "CANCELLED_BEFORE_EFFECT"
        await replays(case)
        anew = replace(case)
        await anew.propose()
        assert await anew.state() == "PROPOSED"


async def test_an_objection_to_a_cancellation_is_granted_by_a_third_decree_by_which_the_first_one_stands_again(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await signed(case)
        await case.must(Capacity.APPOINTING_AUTHORITY, _K.CANCEL_MUTATION, choice="MISTAKE")
        await case.second_signed()
        await case.must(Capacity.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        assert await case.state() == "DECREE_SIGNED", "the person may object first"
        until_ = "SELECT data ->> 'until' FROM events WHERE type = 'SecondDecreeServed' AND data ? 'until'"
        assert await case.live.value(until_)
        # Meanwhile they may be proposed anew; but not for two posts at once.
        anew = replace(case)
        assert (await anew.propose()).refusal is None
        assert await anew.state() == "PROPOSED"

        await case.must(case.person, _K.FILE_OBJECTION)
        await case.must(Capacity.LEGAL_BUREAU, _K.REVIEW_OBJECTION)
        await case.must(Capacity.APPOINTING_AUTHORITY, _K.REVOKE_DECREE)
        await case.must(Capacity.LEGAL_BUREAU, _K.PREPARE_DECREE)
        draft, _ = await case.live.books.paperwork.book.draft(case.mutation_id, case.live.stage.clock.now())
        first, of_second = [number async for number in numbers(case)]
        assert draft.subject == f"Pencabutan Keputusan {draft.authority} {of_second}"
        for office in (Capacity.LEGAL_BUREAU, Capacity.PERSONNEL_AGENCY, Capacity.SEKDA):
            await case.must(office, _K.INITIAL_DECREE)
        twice = await case.decide(Capacity.SIGNATORY, _K.SIGN_DECREE)
        assert twice.refusal == "another_mutation_open"
        await anew.must(case.live.town.heads[LEFT], _K.WITHDRAW_MUTATION)
        await case.must(Capacity.SIGNATORY, _K.SIGN_DECREE)

        drawn = await case.live.value("SELECT array_agg(state ORDER BY sequence) FROM decrees")
        assert drawn == ["ISSUED", "ISSUED", "VOID", "ISSUED"]
        assert [one for _, one in await issued(case)] == [None, first.split()[1], of_second.split()[1]]
        words, record = await second(case)
        assert record is not None
        assert record.facts["amends"]["does"] == "REVOKES"
        assert packed(f"{first} dinyatakan berlaku kembali") in words
        assert packed("keberatan yang diajukan") in words
        assert await case.checked(second=True) == set()
        assert await case.live.value(
            "SELECT reserves AND NOT undone FROM mutations ORDER BY proposed_at LIMIT 1"
        )
        await case.must(Capacity.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        extract, _ = await second(case, "EXTRACT")
        assert packed("dapat mengajukan keberatan") not in extract
        await case.must(Capacity.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        assert await case.state() == "SERVED", "the first one is served, and its road goes on"
        books, now = case.live.books, case.live.stage.clock.now()
        held = await boards_hold(books.database, case.live.town.government_id, now)
        assert (held.violations, held.sample) == (0, ())
        broken = [
            one for one in await invariants(books.database, case.live.town.government_id) if one.violations
        ]
        assert broken == []
        await case.must(case.live.town.heads[case.left], _K.BEGIN_HANDOVER)
        await replays(case)


async def numbers(case: Road) -> AsyncIterator[str]:
    """What each decree that is issued is cited as, the oldest first."""
    async with case.live.books.database.reading() as connection:
        rows = await connection.fetch(
            "SELECT number, signed_at, zone FROM decrees JOIN governments USING (government_id) WHERE state = 'ISSUED'"
            " ORDER BY sequence"
        )
    for row in rows:
        yield str(Cited(row["number"], row["signed_at"].astimezone(ZoneInfo(row["zone"])).date()))


async def test_whoever_ordered_it_undone_does_not_sign_nor_does_somebody_acting_and_it_may_stand_after_all(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await signed(case)
        await case.must(Capacity.APPOINTING_AUTHORITY, _K.CANCEL_MUTATION, choice="MISTAKE")
        await case.must(Capacity.LEGAL_BUREAU, _K.PREPARE_DECREE)
        for office in (Capacity.LEGAL_BUREAU, Capacity.PERSONNEL_AGENCY, Capacity.SEKDA):
            await case.must(office, _K.INITIAL_DECREE)
        with pytest.raises(NotAllowed, match="two_parts"):
            await case.decide(Capacity.APPOINTING_AUTHORITY, _K.SIGN_DECREE)
        acting = case.live.town.staff[case.joined][0]
        async with case.live.books.database.writing() as connection:
            author = case.live.town.officers[Capacity.SEKDA]
            await connection.execute(PLT, acting, author, case.live.stage.clock.now())
        with pytest.raises(NotAllowed, match="not_by_acting"):
            await case.decide(acting, _K.SIGN_DECREE)
        assert await case.live.value("SELECT count(*) FROM decrees") == 1, (
            "what cannot be signed draws no number"
        )
        await case.must(Capacity.APPOINTING_AUTHORITY, _K.LET_DECREE_STAND)
        assert await case.live.value("SELECT life -> 'second' = 'null'::jsonb FROM mutations")
        await case.must(Capacity.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        assert await case.state() == "SERVED"


PLT = """
    INSERT INTO mandates (mandate_id, government_id, tenure, substitute_id, capacity, valid, written_by, letter, written_at)
    VALUES (gen_random_uuid(), 'kota-kecil', 'PLT', $1, 'SIGNATORY', tstzrange($3::timestamptz, $3 + interval '9 days'), $2, '1', $3)
"""
MOVED = FAR + timedelta(days=9)
CORRECTIONS: dict[str, tuple[Callable[[Road], dict[str, Any]], str]] = {
    "the date": (
        lambda case: {"details": {"effective_at": (case.live.stage.clock.now() + MOVED).isoformat()}},
        "Mengubah Diktum KEEMPAT",
    ),
    "a dictum": (
        lambda _: {
            "details": {"dictum": "PAY", "worded": 1},
            "mends": ("PAY", "Gaji dibayarkan oleh unit kerja baru."),
        },
        "Mengubah Diktum KEDUA",
    ),
}


@pytest.mark.parametrize("what", CORRECTIONS)
async def test_an_objection_that_is_granted_in_part_corrects_by_a_second_decree(
    temporal_env: WorkflowEnvironment, fresh_database: str, what: str
) -> None:
    said, part = CORRECTIONS[what]
    async with road(temporal_env.client, fresh_database) as case:
        await signed(case)
        await objected(case)
        await case.must(Capacity.APPOINTING_AUTHORITY, _K.CORRECT_DECREE, **said(case))
        await case.second_signed()
        words, record = await second(case)
        assert packed("PERUBAHAN ATAS KEPUTUSAN WALI KOTA KOTA KECIL") in words
        assert packed(part) in words
        if what == "a dictum":
            assert packed("berbunyi: “Gaji dibayarkan oleh unit kerja baru.”") in words
        assert record is not None
        assert record.facts["amends"]["does"] == "CORRECTS"
        assert await case.checked(second=True) == set()
        await case.must(Capacity.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        assert await case.state() == "SERVED"
        assert await case.live.value("SELECT life #>> '{objection,state}' FROM mutations") == "CORRECTED"
        moved = await case.live.value(
            "SELECT (life #>> '{decree,effective_at}')::timestamptz > d.effective_at FROM mutations, decrees d"
            " WHERE d.amends IS NULL"
        )
        assert moved == (what == "the date")
        await case.must(case.live.town.heads[case.left], _K.BEGIN_HANDOVER)
        await replays(case)


async def test_of_a_decree_of_several_one_is_taken_off_and_the_others_go_on_by_it(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with together(temporal_env.client, fresh_database, 2) as batch:
        await batch.form(GroupKind.BATCH)
        for road_ in batch.roads:
            await approved(road_)
        await batch.until("FORMED")
        await batch.prepared(FAR)
        await batch.initialled()
        await batch.must(Capacity.SIGNATORY, _K.SIGN_DECREE)
        case, other = batch.roads
        await case.must(Capacity.APPOINTING_AUTHORITY, _K.CANCEL_MUTATION, choice="NO_LONGER_NEEDED")
        await case.second_signed()
        words, record = await second(case)
        assert record is not None
        assert [one["case_id"] for one in record.facts["moves"]] == [case.case_id]
        assert packed("LAMPIRAN") not in words
        assert await case.checked(second=True) == set()
        await case.second_final()
        assert await case.live.handle(case.case_id).result() == "CANCELLED_BEFORE_EFFECT"
        await other.must(Capacity.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        assert await other.state() == "SERVED"
        await batch.in_good_order()


async def test_a_correction_calls_a_dictum_by_its_place_in_the_decree_that_was_signed(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    """However the standing words of today would count them."""
    async with road(temporal_env.client, fresh_database) as case:
        await signed(case)
        await case.must(Capacity.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        async with case.live.books.database.writing() as connection:
            await connection.execute(
                "UPDATE decree_papers SET words = jsonb_set(words, '{dictums}', (words -> 'dictums' -> 0) || (words -> 'dictums'))"
            )
        later = case.live.stage.clock.now() + FAR + timedelta(days=9)
        said: dict[str, Any] = {"details": {"effective_at": later.isoformat()}}
        await case.must(Capacity.APPOINTING_AUTHORITY, _K.CORRECT_DECREE, **said)
        draft, _ = await case.live.books.paperwork.book.draft(case.mutation_id, case.live.stage.clock.now())
        assert draft.dictums[0].text.startswith("Mengubah Diktum KELIMA")
        await case.second_signed()
        assert packed("Mengubah Diktum KELIMA") in (await second(case))[0]
