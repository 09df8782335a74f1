"""Objections to what a second decree makes of the first one, on a real server: which papers follow, and where it ends."""

import hashlib
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.invariants import invariants
from adapters.postgres.rebuild import boards_hold
from app.actions import NotAllowed
from domain.authority import Capacity
from domain.commands import CommandKind
from tests.workflows.mutation_kit import Road, at_the_door, get, road
from tests.workflows.test_case_papers import drafted
from tests.workflows.test_case_papers import words as words_of
from tests.workflows.test_second_decree import FAR, issued, objected, packed, replays, second, signed

pytestmark = pytest.mark.long(60)

_K, _C = CommandKind, Capacity
OBJECTING = packed("dapat mengajukan keberatan secara tertulis kepada Wali Kota")


def another_day(case: Road, days: int) -> dict[str, Any]:
    at = case.live.stage.clock.now() + FAR + timedelta(days=days)
    return {"details": {"effective_at": at.isoformat()}}


async def corrected(case: Road) -> None:
    """A decree is signed and objected to, and a correction of it is ordered."""
    await signed(case)
    await objected(case)
    await case.must(_C.APPOINTING_AUTHORITY, _K.CORRECT_DECREE, **another_day(case, 9))


async def served_second(case: Road) -> str:
    """The second decree that is ordered goes its road and is served; return what the extract says."""
    await case.second_signed()
    await case.must(_C.PERSONNEL_AGENCY, _K.SERVE_DECREE)
    return (await second(case, "EXTRACT"))[0]


async def reviewed(case: Road) -> None:
    await case.must(case.person, _K.FILE_OBJECTION)
    await case.must(_C.LEGAL_BUREAU, _K.REVIEW_OBJECTION)


async def in_good_order(case: Road) -> None:
    books, town = case.live.books, case.live.town
    held = await boards_hold(books.database, town.government_id, case.live.stage.clock.now())
    assert (held.violations, held.sample) == (0, ())
    broken = [one for one in await invariants(books.database, town.government_id) if one.violations]
    assert broken == []
    await replays(case)


async def told(case: Road) -> list[tuple[str, int, bool]]:
    """What the page tells of each second decree: what it does to which one, and whether its extract is there.

    Each is fetched by its number, with its record and its extract; the newest also without one.
    """
    agency = case.live.town.officers[_C.PERSONNEL_AGENCY]
    path = f"/v1/mutations/{case.mutation_id}"
    async with at_the_door(case.live, case.live.town) as http:
        rows = (await get(http, agency, path)).json()["second_decrees"]
        for row in rows:
            numbers = [{"number": row["number"]}] + ([{}] if row == rows[-1] else [])
            for asked in numbers:
                file = await get(http, agency, f"{path}/second.pdf", **asked)
                record = (await get(http, agency, f"{path}/second-record", **asked)).json()
                assert record["number"] == row["number"]
                assert hashlib.sha256(file.content).hexdigest() == record["file_sha256"]
                assert (await get(http, agency, f"{path}/second.json", **asked)).json() == record
            extract = await get(http, agency, f"{path}/second-extract.json", number=row["number"])
            assert extract.status_code == (HTTPStatus.OK if row["served"] else HTTPStatus.NOT_FOUND)
            assert not row["served"] or extract.json()["number"] == row["number"]
        unknown = await get(http, agency, f"{path}/second.pdf", number=await number_of(case, 1))
        assert unknown.status_code == HTTPStatus.NOT_FOUND, "the first decree is no second one"
    numbers_of = {await number_of(case, one): one for one in range(1, len(rows) + 2)}
    return [(row["does"], numbers_of[row["amends"]], row["served"]) for row in rows]


async def number_of(case: Road, sequence: int) -> str:
    return str(await case.live.value("SELECT number FROM decrees WHERE sequence = $1", sequence))


async def test_an_objection_to_a_correction_is_answered_by_another_one_which_cites_it_and_is_the_last_word(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await corrected(case)
        await case.second_signed()
        early = await case.decide(case.person, _K.FILE_OBJECTION)
        assert early.refusal == "second_not_served"
        await case.must(_C.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        extract, _ = await second(case, "EXTRACT")
        assert OBJECTING in extract
        until_ = "SELECT data ->> 'until' FROM events WHERE type = 'SecondDecreeServed'"
        assert await case.live.value(until_)
        await case.must(case.live.town.heads[case.left], _K.BEGIN_HANDOVER)
        await reviewed(case)
        assert await case.live.value(
            "SELECT data ->> 'by_number' FROM events WHERE type = 'ObjectionFiled' ORDER BY seq DESC LIMIT 1"
        ) == await number_of(case, 2)

        await case.must(_C.APPOINTING_AUTHORITY, _K.CORRECT_DECREE, **another_day(case, 20))
        extract = await served_second(case)
        first, once = await number_of(case, 1), await number_of(case, 2)
        assert await issued(case) == [(1, None), (2, first), (3, first)]
        words, _ = await second(case)
        for part in (
            f"PERUBAHAN KEDUA ATAS KEPUTUSAN WALI KOTA KOTA KECIL NOMOR {first}",
            f"sebagaimana telah diubah dengan Keputusan Wali Kota Kota Kecil Nomor {once}",
            "Mengubah Diktum KEEMPAT",
            "dikabulkan sebagian",
        ):
            assert packed(part) in words, part
        assert OBJECTING not in extract
        assert await case.checked(second=True) == set()
        last = await case.decide(case.person, _K.FILE_OBJECTION)
        assert last.refusal == "no_further_objection"
        await in_good_order(case)


async def test_an_objection_to_a_correction_is_granted_and_revokes_the_decree_as_corrected(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await corrected(case)
        await served_second(case)
        await reviewed(case)
        await case.must(_C.APPOINTING_AUTHORITY, _K.REVOKE_DECREE)
        await case.second_signed()
        assert await told(case) == [("CORRECTS", 1, True), ("REVOKES", 1, False)]
        await case.must(_C.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        extract, _ = await second(case, "EXTRACT")
        assert await case.live.handle(case.case_id).result() == "CANCELLED_BEFORE_EFFECT"
        assert await told(case) == [("CORRECTS", 1, True), ("REVOKES", 1, True)]
        first, once = await number_of(case, 1), await number_of(case, 2)
        words, _ = await second(case)
        assert (
            packed(f"Mencabut dan menyatakan tidak berlaku Keputusan Wali Kota Kota Kecil Nomor {first}")
            in words
        )
        assert packed(f"sebagaimana telah diubah dengan Keputusan Wali Kota Kota Kecil Nomor {once}") in words
        assert OBJECTING not in extract
        # Whoever is given what they asked for is told so, also once the case has ended.
        after = await case.decide(case.person, _K.FILE_OBJECTION)
        assert after.refusal == "asked_for_yourself"
        assert (await case.decide(_C.PERSONNEL_AGENCY, _K.SERVE_DECREE)).refusal == "already_ended"
        await in_good_order(case)


async def test_upheld_the_correction_stands_and_whoever_signed_it_does_not_answer(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await corrected(case)
        await served_second(case)
        await reviewed(case)
        signatory = case.live.town.officers[_C.SIGNATORY]
        async with case.live.books.database.writing() as connection:
            await connection.execute(APPOINTED, signatory)
        for answer in (_K.UPHOLD_DECREE, _K.REVOKE_DECREE):
            with pytest.raises(NotAllowed, match="two_parts"):
                await case.decide(signatory, answer)
        with pytest.raises(NotAllowed, match="no_authority"):
            await case.decide(case.person, _K.UPHOLD_DECREE)
        await case.must(_C.APPOINTING_AUTHORITY, _K.UPHOLD_DECREE)
        assert await case.live.value("SELECT life #>> '{objection,state}' FROM mutations") == "UPHELD"
        assert (await case.decide(case.person, _K.FILE_OBJECTION)).refusal == "objected_already"
        await case.must(case.live.town.heads[case.left], _K.BEGIN_HANDOVER)
        await in_good_order(case)


APPOINTED = """
    INSERT INTO appointments (appointment_id, government_id, person_id, capacity, valid)
    VALUES (gen_random_uuid(), 'kota-kecil', $1, 'APPOINTING_AUTHORITY', daterange(CURRENT_DATE - 1, NULL))
"""


async def test_a_revocation_whose_objection_was_taken_back_is_drafted_anew_and_may_be_objected_to(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await signed(case)
        await objected(case)
        await case.must(_C.APPOINTING_AUTHORITY, _K.REVOKE_DECREE)
        await case.must(_C.LEGAL_BUREAU, _K.PREPARE_DECREE)
        await case.must(case.person, _K.WITHDRAW_OBJECTION)
        await case.must(_C.LEGAL_BUREAU, _K.PREPARE_DECREE)
        for office in (_C.LEGAL_BUREAU, _C.PERSONNEL_AGENCY, _C.SEKDA):
            await case.must(office, _K.INITIAL_DECREE)
        await case.must(_C.SIGNATORY, _K.SIGN_DECREE)
        words, _ = await second(case)
        assert packed("telah ditarik kembali") in words
        assert packed("dikabulkan") not in words
        await case.must(_C.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        assert OBJECTING in (await second(case, "EXTRACT"))[0]
        assert await case.state() == "SERVED", "the person may object first"
        await reviewed(case)
        await case.must(_C.APPOINTING_AUTHORITY, _K.REVOKE_DECREE)
        third = packed(words_of(await drafted(case, _C.LEGAL_BUREAU)))
        assert packed(f"{await number_of(case, 1)} tanggal") in third
        assert packed("dinyatakan berlaku kembali") in third
        extract = await served_second(case)
        assert OBJECTING not in extract
        assert await case.live.value("SELECT reserves AND NOT undone FROM mutations")
        await case.must(case.live.town.heads[case.left], _K.BEGIN_HANDOVER)
        await in_good_order(case)


async def test_whoever_is_cancelled_and_then_is_not_may_object_to_what_stands_again(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await signed(case)
        await objected(case)
        await case.must(_C.APPOINTING_AUTHORITY, _K.UPHOLD_DECREE)
        for reason in ("NO_LONGER_NEEDED", "MISTAKE"):
            await case.must(_C.APPOINTING_AUTHORITY, _K.CANCEL_MUTATION, choice=reason)
            assert OBJECTING in await served_second(case)
        await reviewed(case)
        await case.must(_C.APPOINTING_AUTHORITY, _K.REVOKE_DECREE)
        assert OBJECTING not in await served_second(case)
        assert await case.live.handle(case.case_id).result() == "CANCELLED_BEFORE_EFFECT"
        assert await told(case) == [("CANCELS", 1, True), ("CANCELS", 2, True), ("REVOKES", 1, True)]
        await in_good_order(case)


async def test_what_is_wrong_in_substance_is_corrected_without_an_objection_and_may_be_objected_to(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await signed(case)
        await case.must(_C.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        said = {
            "details": {"dictum": "PAY", "worded": 1},
            "mends": ("PAY", "Gaji dibayarkan oleh unit baru."),
        }
        await case.must(_C.APPOINTING_AUTHORITY, _K.CORRECT_DECREE, **said)
        assert OBJECTING in await served_second(case)
        words, _ = await second(case)
        assert packed("setelah diteliti kembali") in words
        assert packed("keberatan yang diajukan") not in words
        assert await case.live.value("SELECT life -> 'objection' = 'null'::jsonb FROM mutations")
        await reviewed(case)
        await case.must(_C.APPOINTING_AUTHORITY, _K.CORRECT_DECREE, **another_day(case, 9))
        assert OBJECTING not in await served_second(case)
        assert (await case.decide(case.person, _K.FILE_OBJECTION)).refusal == "no_further_objection"
        await in_good_order(case)
