"""Extracts and papers of a case bear the government's seal: what they say, and what becomes of them while its key is away."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.rebuild import boards_hold
from adapters.signing.desk import SigningDesk
from adapters.signing.trust import Trust
from app import paperwork, sealing
from app.mutation_sentences import MUTATION_SENTENCES
from app.signing import check_decree
from app.tasks import Conflict
from domain.authority import Capacity
from domain.commands import CommandKind
from domain.mutation.case_papers import CasePaper
from domain.mutation.decree_record import DecreeRecord
from domain.mutation.states import GroupKind
from domain.ports import RemoteSigner
from domain.signing import Unsignable, sound
from runtime.clock import SystemClock
from tests.patience import until
from tests.workflows.group_kit import approved, together
from tests.workflows.mutation_kit import Road, road
from tests.workflows.service_kit import Elsewhere, service_at

pytestmark = pytest.mark.long(60)
_K, _C = CommandKind, Capacity
FAR = timedelta(days=30)


@pytest.fixture
async def elsewhere(tmp_path: Path) -> AsyncIterator[Elsewhere]:
    async with service_at(tmp_path) as elsewhere:
        yield elsewhere


async def signed(case: Road) -> None:
    await case.propose()
    await approved(case)
    await case.signed(after=FAR)


async def extract_of(case: Road) -> tuple[bytes, DecreeRecord] | None:
    kept = await case.live.books.mutations.paper(case.mutation_id, "EXTRACT", whole=False)
    return (kept[0], DecreeRecord(**kept[1])) if kept and kept[1] else None


async def wrong(pdf: bytes, record: DecreeRecord | None, trust: Trust) -> set[str]:
    """What a reader finds wrong, or could not ask."""
    checks = await check_decree(pdf, SystemClock().now(), trust, record)
    return {f"{one.name}: {one.said}" for one in checks if not one.holds}


def trusted(case: Road) -> Trust:
    desk = case.live.books.signers
    assert isinstance(desk, SigningDesk)
    return desk.authority.trust()


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


async def execute(case: Road, *statements: str) -> None:
    async with case.live.books.database.writing() as connection:
        for statement in statements:
            await connection.execute(statement)


@asynccontextmanager
async def watching(case: Road) -> AsyncIterator[None]:
    """The worker's look for papers that wait."""
    task = asyncio.create_task(sealing.watch(case.live.books.paperwork))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_the_extract_that_is_served_is_sealed_and_says_what_was_signed_whatever_has_changed_since(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await signed(case)
        called = await case.live.value("SELECT name FROM person_identities WHERE person_id = $1", case.person)
        await execute(
            case,
            f"UPDATE person_identities SET name = 'Nama Baru' WHERE person_id = '{case.person}'",
            f"UPDATE people SET grade = 'IV/e' WHERE person_id = '{case.person}'",
            "UPDATE positions SET name = 'Jabatan yang berganti nama'",
        )
        await case.must(_C.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        made = await extract_of(case)
        assert made is not None
        pdf, record = made
        text = words(pdf)
        assert called in text
        for later in ("Nama Baru", "IV/e", "berganti nama"):
            assert later not in text, "what it was called at the signature stands"
        assert await wrong(pdf, record, trusted(case)) == set()
        decree = await case.live.books.mutations.paper(case.mutation_id, "DECREE", whole=True)
        assert decree is not None
        assert decree[1] is not None
        of_decree = DecreeRecord(**decree[1])
        assert sound(await check_decree(pdf, SystemClock().now(), trusted(case), of_decree))
        assert sound(await check_decree(pdf, SystemClock().now(), trusted(case), None))

        # By the books: who certifies it, and which file it is; and the log says the same.
        legal = case.live.town.officers[_C.LEGAL_BUREAU]
        assert record.facts["certifier"]["person_id"] == legal
        assert record.facts["decree_facts_sha256"] == of_decree.facts_sha256
        said = await case.live.value("SELECT data FROM events WHERE type = 'ExtractSealed'")
        assert (said["file_sha256"], said["certifier"]) == (record.file_sha256, legal)
        kept = await case.live.value(
            "SELECT encode(sha256(file), 'hex') FROM decree_papers WHERE paper = 'EXTRACT'"
        )
        assert kept == record.file_sha256
        books, town = case.live.books, case.live.town
        held = await boards_hold(books.database, town.government_id, case.live.stage.clock.now())
        assert (held.rows > 0, held.violations) == (True, 0)


async def test_what_is_not_what_was_signed_is_neither_sealed_nor_served(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await signed(case)
        other = "jsonb_set(words, '{moves,0,receiving,position_id}', '\"another post\"')"
        await execute(case, f"UPDATE decree_papers SET words = {other}")
        refused = await case.decide(_C.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        assert refused.refusal == "extract_incomplete"
        assert await extract_of(case) is None
        assert await case.state() == "DECREE_SIGNED"


async def test_a_seal_that_is_away_holds_no_case_up_and_what_waits_for_it_is_made_once_it_is_back(
    temporal_env: WorkflowEnvironment,
    fresh_database: str,
    elsewhere: Elsewhere,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealing, "REST", 0.5)
    async with road(temporal_env.client, fresh_database, signers=elsewhere.signers) as case:
        known, elsewhere.service.token = elsewhere.service.token, "another one"
        await case.propose()
        await case.screened()
        await case.heard()
        assert await case.state() == "ASSESSMENT"

        async def unsealed() -> bool:
            made = await case.live.books.paperwork.book.papers(case.mutation_id)
            return [row["missing"] for row in made] == [["seal"]] * 3

        await until(unsealed)
        row = (await case.live.books.mutations.board(case.live.town.government_id, None, case.mutation_id))[0]
        stage = case.live.stage
        who = await stage.house.desk.actor(case.person, case.live.town.government_id, stage.clock.now())
        asked = (case.live.books.paperwork, row, who, CasePaper.MINUTES_PERSON, stage.clock.now())
        with pytest.raises(Conflict, match="paper_unsealed"):
            await paperwork.fetch(*asked)

        elsewhere.service.token = known
        async with watching(case):
            await until(lambda: _all_made(case))
        file = await paperwork.fetch(*asked)
        record = await paperwork.fetch_record(*asked[:4])
        assert await wrong(file, record, elsewhere.trust) == set()


async def test_a_service_that_is_to_seal_is_asked_once_and_its_answer_taken_however_late(
    temporal_env: WorkflowEnvironment,
    fresh_database: str,
    elsewhere: Elsewhere,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with road(temporal_env.client, fresh_database, signers=elsewhere.signers) as case:
        await signed(case)
        await until(lambda: _waiting(elsewhere))
        (paper,) = elsewhere.waiting
        elsewhere.service.sign(paper)
        await until(lambda: _is(case, "DECREE_SIGNED"))
        monkeypatch.setattr(sealing, "WITHIN", 1.0)
        elsewhere.service.seals = False
        for _ in range(2):
            away = await case.decide(_C.PERSONNEL_AGENCY, _K.SERVE_DECREE)
            assert away.refusal == "seal_away"
        assert await case.state() == "DECREE_SIGNED"
        (first,) = elsewhere.waiting
        wanted = elsewhere.service.asks[first]
        assert (wanted.office, case.person in str(wanted)) == ("Segel Elektronik Kota Kecil", False)

        monkeypatch.undo()
        elsewhere.service.refuse(first)
        assert (await case.decide(_C.PERSONNEL_AGENCY, _K.SERVE_DECREE)).refusal == "seal_away"
        monkeypatch.setattr(sealing, "WITHIN", 1.0)
        assert (await case.decide(_C.PERSONNEL_AGENCY, _K.SERVE_DECREE)).refusal == "seal_away"
        (second,) = elsewhere.waiting
        assert second != first, "what was refused is asked as something new"
        monkeypatch.undo()
        elsewhere.service.sign(second)
        await case.must(_C.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        made = await extract_of(case)
        assert made is not None
        assert await wrong(*made, elsewhere.trust) == set()
        assert await case.live.value("SELECT count(*) FROM seal_asks") == 0


async def test_a_key_that_will_not_seal_is_tried_once_a_move_and_when_somebody_asks_and_never_by_itself(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    """As a token with a wrong PIN: tried again and again it would lock itself."""
    tried = 0

    class Locked:
        def signer(self, office: str) -> RemoteSigner:
            nonlocal tried
            tried += 1
            raise Unsignable(f"{office}: the PIN is wrong, or locked")

    async with road(temporal_env.client, fresh_database, signers=Locked()) as case:
        await case.propose()
        await case.screened()
        await case.must(case.person, _K.HEAR_PERSON, choice="CONSENT")

        async def noted() -> bool:
            made = await case.live.books.paperwork.book.papers(case.mutation_id)
            return [row["missing"] for row in made] == [["unsealable"]]

        await until(noted)
        assert tried == 1
        now = case.live.stage.clock.now()
        for _ in range(3):
            assert await case.live.books.paperwork.make_waiting(now + timedelta(days=1))
        assert tried == 1
        await case.live.books.paperwork.book.want(case.mutation_id)
        assert not await case.live.books.paperwork.make_waiting(now)
        assert tried == 2


async def test_whoever_signs_is_told_that_the_key_will_not_sign_and_not_that_the_decree_lacks_a_part(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    class Locked:
        def signer(self, office: str) -> RemoteSigner:
            raise Unsignable(f"{office}: the PIN is wrong, or locked")

    async with road(temporal_env.client, fresh_database, signers=Locked()) as case:
        await case.propose()
        await approved(case)
        await case.initialled(after=FAR)
        tried = await case.decide(_C.SIGNATORY, _K.SIGN_DECREE)
        assert tried.refusal == "decree_unsigned"
        assert tried.refusal in MUTATION_SENTENCES
        void = await case.live.value("SELECT state || ' ' || void_reason FROM decrees")
        assert void == "VOID incomplete: unsignable"
        await case.must(_C.LEGAL_BUREAU, _K.RETURN_DECREE, choice="OTHER")


async def test_the_extracts_of_a_batch_ask_no_person_for_anything(
    temporal_env: WorkflowEnvironment, fresh_database: str, elsewhere: Elsewhere
) -> None:
    async with together(temporal_env.client, fresh_database, 3, signers=elsewhere.signers) as batch:
        await batch.form(GroupKind.BATCH)
        for one in batch.roads:
            await approved(one)
        await batch.prepared(FAR)
        await batch.initialled()
        await batch.must(_C.SIGNATORY, _K.SIGN_DECREE)
        await until(lambda: _waiting(elsewhere))
        (paper,) = elsewhere.waiting
        elsewhere.service.sign(paper)
        await batch.until("SIGNED")
        await asyncio.gather(*(one.must(_C.PERSONNEL_AGENCY, _K.SERVE_DECREE) for one in batch.roads))
        assert elsewhere.of_people == [paper]
        made = [await extract_of(one) for one in batch.roads]
        for one in made:
            assert one is not None
            assert await wrong(*one, elsewhere.trust) == set()
        people = {one[1].facts["person_id"] for one in made if one}
        assert people == {one.person for one in batch.roads}


async def test_a_door_holds_no_keys_and_has_a_paper_made_by_asking_for_it(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await case.propose()
        await case.screened()
        await case.heard()
        await until(lambda: _all_made(case))
        await execute(
            case,
            "DELETE FROM case_paper_files",
            "UPDATE case_papers SET sha256 = NULL, code = NULL, number = NULL, record = NULL",
        )
        stage, town = case.live.stage, case.live.town
        row = (await case.live.books.mutations.board(town.government_id, None, case.mutation_id))[0]
        who = await stage.house.desk.actor(case.person, town.government_id, stage.clock.now())
        door = replace(case.live.books, signers=None).paperwork
        assert door.seals is None
        async with watching(case):
            file = await paperwork.fetch(door, row, who, CasePaper.MINUTES_PERSON, stage.clock.now())
            await until(lambda: _all_made(case))
        record = await paperwork.fetch_record(door, row, who, CasePaper.MINUTES_PERSON)
        assert await wrong(file, record, trusted(case)) == set()
        assert await case.live.value("SELECT max(wanted) FROM case_papers") == 0


async def _all_made(case: Road) -> bool:
    return all(row["sha256"] for row in await case.live.books.paperwork.book.papers(case.mutation_id))


async def _is(case: Road, state: str) -> bool:
    return await case.state() == state


async def _waiting(elsewhere: Elsewhere) -> bool:
    return bool(elsewhere.waiting)
