"""The papers that a case makes of its own moves: minutes of hearings, the handover record, the duty-start statement."""

import hashlib
import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader
from temporalio.testing import WorkflowEnvironment

from adapters.documents.mutation_papers import MutationPapers
from adapters.postgres.rebuild import boards_hold
from app import paperwork
from app.actions import NoSuchCase, NoSuchPaper, NotAllowed
from app.api.decree_said import IssueErratum
from app.paperwork import Paperwork
from app.tasks import Conflict
from app.wiring import in_force
from domain.authority import Actor, Capacity
from domain.commands import CommandKind, CommandState
from domain.documents import Unprintable
from domain.long_days import day
from domain.mutation.case_papers import CasePaper
from domain.mutation.records import HandoverItem, HandoverKind, Record
from domain.rules import RulePack
from domain.terms import Term, Unit
from lab.mutation_cases import agreed
from tests.patience import until
from tests.workflows.kit import rules
from tests.workflows.mutation_kit import JOINED, LEFT, Road, road

pytestmark = pytest.mark.long

_K, _P = CommandKind, CasePaper
ITEMS = (
    HandoverItem(HandoverKind.WORK, "Jadwal imunisasi, 12 posyandu", "9 selesai"),
    HandoverItem(HandoverKind.ASSET, "Lemari pendingin vaksin", "baik"),
)
MINUTES = (_P.MINUTES_PERSON, _P.MINUTES_RECEIVING, _P.MINUTES_RELEASING)


async def papers(case: Road) -> dict[CasePaper, dict[str, Any]]:
    told = await case.live.books.paperwork.book.papers(case.mutation_id)
    return {CasePaper(row["paper"]): row for row in told}


async def actor(case: Road, who: str | Capacity) -> Actor:
    stage, town = case.live.stage, case.live.town
    person = town.officers[who] if isinstance(who, Capacity) else who
    return await stage.house.desk.actor(person, town.government_id, stage.clock.now())


async def fetched(
    case: Road,
    who: str | Capacity,
    paper: CasePaper,
    made_by: Paperwork | None = None,
    number: str | None = None,
) -> bytes:
    row = (await case.live.books.mutations.board(case.live.town.government_id, None, case.mutation_id))[0]
    work, now = made_by or case.live.books.paperwork, case.live.stage.clock.now()
    return await paperwork.fetch(work, row, await actor(case, who), paper, now, number=number)


async def rendered(case: Road) -> dict[CasePaper, str]:
    """The hash of what was typeset of each paper that is made, by its record."""
    book = case.live.books.paperwork.book
    found = {paper: await book.record(case.mutation_id, paper) for paper in CasePaper}
    return {paper: record.rendered_sha256 for paper, record in found.items() if record}


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


async def list_handover(case: Road, who: str | Capacity, **change: Any) -> None:
    said = {"taking_over": case.live.town.staff[LEFT][1], "items": ITEMS} | change
    house, work = case.live.stage.house, case.live.books.paperwork
    await paperwork.list_handover(house, work, await actor(case, who), case.mutation_id, **said)


async def drafted(case: Road, who: str | Capacity) -> bytes:
    row = (await case.live.books.mutations.board(case.live.town.government_id, None, case.mutation_id))[0]
    initials = in_force(case.live.books.rules).mutation.decree.initials
    work, now = case.live.books.paperwork, case.live.stage.clock.now()
    return await paperwork.draft(work, row, await actor(case, who), initials, now)


async def told(case: Road, event: str) -> list[dict[str, Any]]:
    entries = await case.live.stage.boards.case_log(case.live.town.government_id, case.case_id)
    return [entry["data"] for entry in entries if entry["type"] == event]


async def test_a_case_makes_its_papers_and_each_is_read_by_whom_it_concerns(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await case.propose()
        await case.screened()
        wished = "2027-12-31T16:00+00:00"
        await case.heard("OBJECTS", ground="DISTANCE", counter_date=wished)

        async def minuted() -> bool:
            made = await papers(case)
            return set(made) == set(MINUTES) and all(row["sha256"] for row in made.values())

        await until(minuted)
        town = case.live.town
        roster = dict(zip(map(str, town.roster.people.id), town.roster.people.name, strict=True))
        minutes = words(await fetched(case, case.person, _P.MINUTES_PERSON))
        assert "keberatan dipindahkan dengan pokok alasan jarak tempat tugas" in minutes
        assert "Yang bersangkutan mengusulkan agar" in minutes
        assert "1 Januari 2028" in minutes.replace("\u00a0", " ")
        assert roster[town.officers[Capacity.PERSONNEL_AGENCY]] in minutes, (
            "who passed the screening asked to be heard"
        )
        side = words(await fetched(case, town.heads[JOINED], _P.MINUTES_RECEIVING))
        assert "unit kerja penerima" in side
        assert "menyatakan tidak berkeberatan" in side
        assert roster[town.heads[JOINED]] in side
        for who, paper in ((town.heads[JOINED], _P.MINUTES_PERSON), (town.heads[LEFT], _P.MINUTES_RECEIVING)):
            with pytest.raises(NoSuchCase):
                await fetched(case, who, paper)

        with pytest.raises(NoSuchCase):
            await drafted(case, Capacity.APPOINTING_AUTHORITY)
        await case.must(Capacity.PERFORMANCE_REVIEW_TEAM, _K.RECOMMEND_MUTATION)
        await case.must(
            Capacity.PERSONNEL_AGENCY, _K.GRANT_CLEARANCE, details=agreed(case.live.stage.clock.now())
        )
        await case.must(Capacity.SEKDA, _K.COUNSEL_FOR_MUTATION)
        assert await case.state() == "AWAITING_DECISION"
        draft = words(await drafted(case, Capacity.APPOINTING_AUTHORITY))
        assert "KONSEP" in draft
        assert "terhitung mulai tanggal ……………" in draft
        for who in (case.person, town.heads[LEFT], Capacity.PERFORMANCE_REVIEW_TEAM, Capacity.AUDITOR):
            with pytest.raises(NoSuchCase):
                await drafted(case, who)
        await case.must(Capacity.APPOINTING_AUTHORITY, _K.APPROVE_MUTATION)
        at = case.live.stage.clock.now()
        await case.must(Capacity.LEGAL_BUREAU, _K.PREPARE_DECREE, details={"effective_at": at.isoformat()})
        for office in (Capacity.LEGAL_BUREAU, Capacity.PERSONNEL_AGENCY, Capacity.SEKDA):
            draft = words(await drafted(case, office))
            await case.must(office, _K.INITIAL_DECREE)
        await case.must(Capacity.SIGNATORY, _K.SIGN_DECREE)
        with pytest.raises(NoSuchCase):
            await drafted(case, Capacity.SIGNATORY)
        decree = await case.live.books.mutations.paper(case.mutation_id, "DECREE", whole=True)
        assert decree is not None
        for part in (r"Menimbang:.*MEMUTUSKAN:", r"terhitungmulaitanggal\d+[A-Z]\w+\d{4}"):
            final = re.search(part, words(decree[0]).replace(" ", ""))
            assert final is not None
            assert final[0] in draft.replace(" ", ""), "the decree says what the draft said"
        await case.handed_over()

        async def in_effect() -> bool:
            return await case.state() == "EFFECTIVE" and bool((await papers(case))[_P.DUTY_START]["sha256"])

        await until(in_effect)
        number = await case.live.value("SELECT number FROM decrees")
        begun = words(await fetched(case, town.heads[JOINED], _P.DUTY_START))
        assert f"Nomor {number}" in begun
        lacking = (await papers(case))[_P.HANDOVER]
        assert {part.split()[-1] for part in lacking["missing"]} >= {"items", "taking_over.name"}
        (said,) = await told(case, "CasePaperPostponed")
        assert (said["paper"], "MISSING at items" in said["missing"]) == ("HANDOVER", True)
        with pytest.raises(Conflict, match="paper_incomplete"):
            await fetched(case, town.heads[LEFT], _P.HANDOVER)
        assert len(await told(case, "CasePaperPostponed")) == 1, "asking again tells the log nothing new"

        with pytest.raises(NotAllowed):
            await list_handover(case, town.heads[JOINED])
        await list_handover(case, town.heads[LEFT])
        taker = town.staff[LEFT][1]
        record = words(await fetched(case, taker, _P.HANDOVER))
        assert all(
            part in record for part in (ITEMS[0].what, ITEMS[1].what, roster[taker], roster[case.person])
        )
        with pytest.raises(Conflict, match="paper_made"):
            await list_handover(case, town.heads[LEFT], items=ITEMS[:1])
        assert {row["paper"] for row in await told(case, "CasePaperMade")} == set(CasePaper) - {_P.ERRATUM}
        held = await boards_hold(case.live.books.database, town.government_id, case.live.stage.clock.now())
        assert (held.rows > 0, held.violations) == (True, 0)

        kept = await rendered(case)
        await _forget(case)
        again = with_typesetter(case, MutationPapers())
        for paper in kept:
            await fetched(case, Capacity.PERSONNEL_AGENCY, paper, again)
        assert await rendered(case) == kept, "the same facts give the same bytes, before the seal is set"


async def test_an_erratum_makes_its_paper_of_words_that_stand_in_no_log(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await case.propose()
        await case.screened()
        await case.heard()
        await case.approved()
        await case.signed(after=timedelta(days=30))
        elsewhere = {"number": "821.2/8/BKPSDM/XI/2026"}
        await case.must(Capacity.SIGNATORY, _K.ISSUE_ERRATUM, details=elsewhere)
        assert _P.ERRATUM not in await papers(case), "made on a paper of one's own"
        # Its day is told by itself, as midnight of the government's zone: a case once waited for ever for this paper.
        dated = case.live.stage.clock.now().astimezone(ZoneInfo("Asia/Makassar")).date()
        slip = IssueErratum(
            number="821.2/9/BKPSDM/XI/2026", dated=dated, written="Perawat Mahr", meant="Perawat Mahir"
        )
        await case.must(Capacity.SIGNATORY, _K.ISSUE_ERRATUM, details=slip.details, mends=slip.mends)
        paper = words(await fetched(case, case.person, _P.ERRATUM))
        number = await case.live.value("SELECT number FROM decrees")
        for said in (slip.number, number, "Tertulis : Perawat Mahr", "Seharusnya : Perawat Mahir"):
            assert said in paper, (said, paper)
        with pytest.raises(NoSuchCase):
            await fetched(case, case.live.town.heads[JOINED], _P.ERRATUM)
        logged = await case.live.value("SELECT string_agg(data::text, ' ') FROM events")
        assert "Perawat Mah" not in logged
        (made,) = [row for row in await told(case, "CasePaperMade") if row["paper"] == _P.ERRATUM]
        assert made["number"] == slip.number

        for number in (slip.number, "821.2/8/bkpsdm/ XI/2026"):
            again = IssueErratum(number=number, written="Mengigat", meant="Mengingat")
            assert await refused(case, again) == "erratum_known"
        other = IssueErratum(number="821.2/10/BKPSDM/XI/2026", written="Mengigat", meant="Mengingat")
        await case.must(Capacity.SIGNATORY, _K.ISSUE_ERRATUM, details=other.details, mends=other.mends)
        for one in (slip, other):
            paper = words(await fetched(case, case.person, _P.ERRATUM, number=one.number))
            assert (one.number in paper, f"Tertulis : {one.written}" in paper) == (True, True)
        with pytest.raises(NoSuchPaper):
            await fetched(case, case.person, _P.ERRATUM, number=elsewhere["number"])
        listed = await case.live.books.paperwork.book.papers(case.mutation_id)
        assert [row["number"] for row in listed if row["paper"] == _P.ERRATUM] == [slip.number, other.number]
        errata = (await case.live.books.mutations.words_of(case.mutation_id))["errata"]
        assert [(row["number"], row["made_here"]) for row in errata] == [
            (elsewhere["number"], False),
            (slip.number, True),
            (other.number, True),
        ]


async def test_an_erratum_corrects_nothing_that_was_approved(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await case.propose()
        await case.screened()
        await case.heard()
        await case.approved()
        await case.signed(after=timedelta(days=30))
        effective = await case.live.value(
            "SELECT (life #>> '{decree,effective_at}')::timestamptz FROM mutations"
        )
        on = day(effective.astimezone(ZoneInfo(case.live.town.roster.government.zone)).date()).replace(
            "\u00a0", " "
        )
        post = await case.live.value("SELECT name FROM positions WHERE position_id = $1", case.position)
        for written, meant in ((on, "1 Februari 2031"), (post, "Kepala Bagian Umum")):
            slip = IssueErratum(number="821.2/9/BKPSDM/XI/2026", written=written, meant=meant)
            assert await refused(case, slip) == "mends_what_was_approved"
        assert await case.live.value("SELECT (life #>> '{decree,errata}')::int FROM mutations") == 0


async def refused(case: Road, slip: IssueErratum) -> str | None:
    """Why an erratum does not stand."""
    told = await case.decide(Capacity.SIGNATORY, _K.ISSUE_ERRATUM, details=slip.details, mends=slip.mends)
    assert told.state == CommandState.REFUSED
    return told.refusal


@pytest.mark.parametrize("said", [{"written": "Perawat Mahr"}, {"meant": "Perawat Mahir"}])
def test_an_erratum_says_both_what_is_written_and_what_is_meant_or_neither(said: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="expected with written"):
        IssueErratum(number="821.2/9/BKPSDM/XI/2026", **said)


async def _forget(case: Road) -> None:
    async with case.live.books.database.writing() as connection:
        await connection.execute("DELETE FROM case_paper_files")
        await connection.execute(
            "UPDATE case_papers SET sha256 = NULL, code = NULL, number = NULL, record = NULL"
        )


class Broken:
    """A typesetter that dies as a worker does, or sets nothing."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def record(self, record: Record) -> bytes:
        raise self.error


def with_typesetter(case: Road, typesetter: Any) -> Paperwork:
    return replace(case.live.books.paperwork, typesetter=typesetter)


async def test_a_decision_stands_without_its_paper_which_a_crash_in_between_does_not_lose(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await case.live.stop_worker()
        real = case.live.books.paperwork
        case.live.books.__dict__["paperwork"] = with_typesetter(
            case, Broken(RuntimeError("the worker dies here"))
        )
        case.live.start_worker()
        await case.propose()
        await case.screened()
        await case.must(case.person, _K.HEAR_PERSON, choice="CONSENT")
        made = await papers(case)
        assert (set(made), made[_P.MINUTES_PERSON]["sha256"]) == ({_P.MINUTES_PERSON}, None)
        await case.live.handle(case.case_id).terminate("lost between the write and the paper")
        file = await fetched(case, case.person, _P.MINUTES_PERSON, real)
        assert "bersedia dipindahkan" in words(file)
        assert (await papers(case))[_P.MINUTES_PERSON]["sha256"] == hashlib.sha256(file).hexdigest()

        await case.live.stop_worker()
        case.live.books.__dict__["paperwork"] = with_typesetter(
            case, Broken(Unprintable("a mark that no font has"))
        )
        case.live.start_worker()
        starter = case.live.books.starter(case.live.client, case.live.queue)
        await starter.reconcile()
        await case.must(
            Capacity.SEKDA, _K.HEAR_RELEASING_HEAD, choice="OBJECTS", details={"ground": "NO_SUCCESSOR"}
        )
        await case.must(case.live.town.heads[JOINED], _K.HEAR_RECEIVING_HEAD, choice="CONSENT")
        assert await case.state() == "ASSESSMENT"

        async def noted() -> bool:
            return [row["missing"] for row in (await papers(case)).values()].count(["unprintable"]) == 2

        await until(noted)
        file = await fetched(case, Capacity.SEKDA, _P.MINUTES_RELEASING, real)
        assert "berkeberatan dengan pokok alasan belum tersedia pengganti" in words(file)
        assert (await papers(case))[_P.MINUTES_RECEIVING]["sha256"], "what was owed is made with it"


def hasty() -> dict[str, RulePack]:
    """The pack in force, with no time to answer a hearing."""
    pack = in_force(rules())
    terms = replace(pack.mutation.terms, consultation=Term(0, Unit.HOURS))
    return {pack.id: replace(pack, mutation=replace(pack.mutation, terms=terms))}


async def test_silence_is_noted_as_silence_and_nobody_signs_for_it(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database, packs=hasty()) as case:
        await case.propose()
        await case.screened()

        async def silent() -> bool:
            made = await papers(case)
            return set(made) == set(MINUTES) and all(row["sha256"] for row in made.values())

        await until(silent)
        assert await case.state() == "ASSESSMENT"
        own = words(await fetched(case, case.person, _P.MINUTES_PERSON))
        assert "dibuat tanpa tanda tangan yang bersangkutan" in own
        assert "Pegawai yang didengar" not in own
        side = words(await fetched(case, Capacity.SEKDA, _P.MINUTES_RELEASING))
        assert "pimpinan unit kerja asal tidak memberikan pendapat" in side
        assert "Pejabat yang didengar" not in side
