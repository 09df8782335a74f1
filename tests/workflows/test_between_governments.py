"""A move between two governments of one registry, on the real engine: from the proposal to the decree in force."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.decrees import DecreeBook
from adapters.postgres.invariants import invariants
from adapters.postgres.rebuild import boards_hold, rebuild
from app import proposing
from app.actions import Decision, Faulty, NoSuchCase, NotAllowed
from domain.authority import Capacity
from domain.commands import Command, CommandKind, CommandState
from domain.mutation.authority import RULINGS
from domain.mutation.decree_parts import DictumKind
from domain.mutation.documents import Document
from domain.mutation.kinds import Initiative
from domain.mutation.proposing import Proposal
from domain.mutation.states import GroupKind
from lab import small_town
from lab.small_town import SmallTown, build
from tests.patience import until
from tests.workflows.group_kit import ROOM, Together
from tests.workflows.mutation_kit import JOINED, LEFT, Road, at_the_door, get, road

pytestmark = pytest.mark.long

_K, _C = CommandKind, Capacity
ORIGIN = "kota-besar"
OLD_UNIT = f"{ORIGIN}.PKM-1"
OTHER_NUMBERS = (
    "UPDATE person_identities SET nip = overlay(nip PLACING '2' FROM 1) WHERE government_id = 'kota-besar'"
)
"""Small towns are built with the same numbers."""
FILE = frozenset(
    {
        Document.WORKLOAD_ANALYSIS,
        Document.APPLICATION,
        Document.RECEIVING_PROPOSAL,
        Document.NO_PROCESS_STATEMENT,
        Document.LAST_DECREE,
        Document.PERFORMANCE_RECORDS,
        Document.NO_STUDY_STATEMENT,
        Document.INSPECTORATE_CLEARANCE,
    }
)


@dataclass
class Across:
    """The road of a nurse of the neighbouring town to the second clinic of this one."""

    case: Road
    neighbour: SmallTown

    @property
    def person(self) -> str:
        return self.case.person

    @property
    def head(self) -> str:
        """Who heads the clinic that lets go."""
        return self.neighbour.heads[self.case.left]

    async def propose(
        self, who: str, government_id: str, *, documents: frozenset[Document] = FILE, **how: Any
    ) -> Command:
        stage = self.case.live.stage
        actor = await stage.actor(who, government_id)
        proposal = Proposal(self.person, self.case.position, documents=documents, **how)
        command = await small_town.answered(stage, await proposing.propose(stage.house, actor, proposal))
        self.case.case_id = command.case_id
        return command

    async def proposed(self) -> None:
        """By the head of the clinic that receives."""
        town = self.case.live.town
        command = await self.propose(town.heads[JOINED], town.government_id)
        assert (command.state, command.government_id) == (CommandState.APPLIED, "kota-kecil")

    async def there(self, who: str, kind: CommandKind, **said: Any) -> Command:
        """Let somebody of the government that lets go decide."""
        stage = self.case.live.stage
        told = Decision(kind, self.case.case_id, **said)
        return await small_town.answered(stage, await small_town.decide(stage, who, told, ORIGIN))

    async def must_there(self, who: str, kind: CommandKind, **said: Any) -> None:
        command = await self.there(who, kind, **said)
        assert command.state == CommandState.APPLIED, (kind, command.refusal)

    async def heard(self) -> None:
        """All three, each in the own government; the head who has proposed does not speak for the unit."""
        await self.must_there(self.person, _K.HEAR_PERSON, choice="CONSENT")
        await self.must_there(self.head, _K.HEAR_RELEASING_HEAD, choice="CONSENT")
        await self.case.must(_C.SEKDA, _K.HEAR_RECEIVING_HEAD, choice="CONSENT")

    async def granted(self, clearance: str, **paper: str) -> None:
        today = self.case.live.stage.clock.now().date().isoformat()
        details = {"clearance": clearance, "reference": f"{clearance}/1", "dated": today, **paper}
        await self.case.must(_C.PERSONNEL_AGENCY, _K.GRANT_CLEARANCE, details=details)

    async def cleared(self) -> None:
        """Everybody outside has agreed, and the governor has decreed."""
        await self.case.must(_C.PERFORMANCE_REVIEW_TEAM, _K.RECOMMEND_MUTATION)
        for one in ("ORIGIN_CONSENT", "TECHNICAL_CLEARANCE", "MUTATION_DECREE", "I_MUT"):
            await self.granted(one)
        await self.case.must(_C.SEKDA, _K.COUNSEL_FOR_MUTATION)

    async def value(self, statement: str, *arguments: Any) -> Any:
        return await self.case.live.value(statement, *arguments)

    async def career(self, column: str, day: date) -> None:
        """Let the books know another day of the person."""
        async with self.case.live.books.database.writing() as connection:
            await connection.execute(
                f"UPDATE careers SET {column} = $2 WHERE person_id = $1", self.person, day
            )

    async def books_hold(self) -> None:
        """Neither government's log and boards say anything else, and every promise holds."""
        books, now = self.case.live.books, self.case.live.stage.clock.now()
        for government_id in (self.case.live.town.government_id, ORIGIN):
            held = await boards_hold(books.database, government_id, now)
            assert (held.violations, held.sample) == (0, ())
            for one in await invariants(books.database, government_id):
                assert not one.violations, (government_id, one)


@asynccontextmanager
async def across(client: Client, dsn: str) -> AsyncIterator[Across]:
    neighbour = build(government_id=ORIGIN)
    async with road(client, dsn, beside=neighbour) as case:
        async with case.live.books.database.writing() as connection:
            await connection.execute(OTHER_NUMBERS)
        yield Across(replace(case, person=neighbour.staff[OLD_UNIT][0], left=OLD_UNIT), neighbour)


@asynccontextmanager
async def door(way: Across) -> AsyncIterator[httpx.AsyncClient]:
    """The API over the same books, for both governments' people."""
    live = way.case.live
    async with at_the_door(live, live.town, way.neighbour) as http:
        yield http


async def asked(http: httpx.AsyncClient, who: str, case_id: str, *, mine: bool = True) -> list[str]:
    """What a case asks of somebody, by their inbox."""
    page = (await get(http, who, "/v1/tasks", mine=mine)).json()["items"]
    return sorted(one["kind"] for one in page if one["case_id"] == case_id)


async def test_somebody_moves_to_another_government_and_serves_there(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with across(temporal_env.client, fresh_database) as way, door(way) as http:
        case, neighbour = way.case, way.neighbour
        await way.proposed()
        await case.screened()
        agency = case.live.town.officers[_C.PERSONNEL_AGENCY]

        # The person and the head are asked where they serve; nobody else there hears of it.
        path = f"/v1/mutations/{case.mutation_id}"
        for who in (way.person, way.head):
            assert await asked(http, who, case.case_id) == ["ANSWER_HEARING"]
            assert (await get(http, who, path)).status_code == 200
        for office in neighbour.officers.values():
            assert await asked(http, office, case.case_id, mine=False) == []
            assert (await get(http, office, path)).status_code == 404
            assert (await get(http, office, "/v1/mutations")).json()["items"] == []
        assert (await get(http, way.person, "/v1/log", case_id=case.case_id)).status_code == 200
        assert (await get(http, way.head, "/v1/log", case_id=case.case_id)).status_code == 404
        assert (await get(http, way.head, path)).json()["because"] is None
        told = (await get(http, way.head, path)).json()["rules"]
        assert {one["rule"] for one in told} == {"M09", "M10"}
        await way.heard()
        await case.must(_C.PERFORMANCE_REVIEW_TEAM, _K.RECOMMEND_MUTATION)

        await way.granted("ORIGIN_CONSENT", reference="800/1/BKD")
        held = {"details": {"clearance": "TECHNICAL_CLEARANCE"}}
        await case.must(_C.PERSONNEL_AGENCY, _K.HOLD_CLEARANCE, **held)
        assert await asked(http, agency, case.case_id) == ["COMPLETE_FILE"]
        await case.must(_C.PERSONNEL_AGENCY, _K.COMPLETE_CLEARANCE_FILE, **held)
        await way.granted("TECHNICAL_CLEARANCE", reference="PT/77")
        assert await case.state() == "CLEARANCE", "the governor has not decreed yet"
        await way.granted("MUTATION_DECREE", reference="824/9/2026")
        await way.granted("I_MUT")
        await case.must(_C.SEKDA, _K.COUNSEL_FOR_MUTATION)
        assert await case.state() == "AWAITING_DECISION"
        await case.must(_C.APPOINTING_AUTHORITY, _K.APPROVE_MUTATION)
        draft, _ = await case.live.books.paperwork.book.draft(case.mutation_id, case.live.stage.clock.now())
        assert draft.subject.startswith("Pengangkatan Pegawai Negeri Sipil dalam Jabatan")
        noted = [note.partition(" Nomor ")[2].partition(" ")[0] for note in draft.notes]
        assert noted[:4] == ["800/1/BKD", "PT/77", "824/9/2026", "I_MUT/1"]  # and the minutes
        assert draft.notes[2].startswith("Keputusan Gubernur tentang mutasi antarinstansi Nomor 824/9/2026")
        assert draft.moves[0].origin.unit.endswith(", Pemerintah Kota Kecil (contoh)")
        await case.signed(after=timedelta(seconds=3))
        assert await case.checked() == set()
        await way.books_hold()

        await case.must(_C.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        extract = await get(http, way.person, f"{path}/extract.pdf")
        assert extract.status_code == 200
        assert await asked(http, way.head, case.case_id) == ["BEGIN_HANDOVER"]
        (task,) = (await get(http, way.head, "/v1/tasks", kind="BEGIN_HANDOVER")).json()["items"]
        by_head: dict[str, Any] = {"headers": {"Authorization": f"Bearer t-{way.head}"}}
        at_desk = f"/v1/tasks/{task['task_id']}"
        assert (await get(http, neighbour.officers[_C.SEKDA], at_desk)).status_code == 404
        assert (await http.post(f"{at_desk}/claim", **by_head)).status_code == 200
        begun = await http.post(f"{at_desk}/decision", json={"verdict": "APPROVE"}, **by_head)
        assert begun.json()["state"] == "APPLIED"
        heir, other = neighbour.staff[OLD_UNIT][1:3]
        listed = {"taking_over": heir, "items": [{"kind": "WORK", "what": "Laporan", "state": "selesai"}]}
        await http.post(f"{path}/handover-list", json=listed, **by_head)
        await way.must_there(way.head, _K.FILE_HANDOVER_RECORD)
        fetched = [
            (await get(http, who, f"{path}/handover.pdf")).status_code for who in (way.head, heir, other)
        ]
        assert fetched == [200, 200, 404]
        await way.books_hold()
        await case.must(case.live.town.heads[JOINED], _K.FILE_DUTY_START)
        await case.in_effect()

        served = "SELECT (government_id, unit_id) = ('kota-kecil', $2) FROM people WHERE person_id = $1"
        assert await way.value(served, way.person, JOINED)
        heads = "SELECT headcount FROM unit_roles WHERE unit_id = $1 AND role = 'nurse'"
        assert [await way.value(heads, one) for one in (OLD_UNIT, LEFT, JOINED)] == [7, 8, 9]
        careers = "SELECT array_agg(DISTINCT government_id) FROM ratings WHERE person_id = $1"
        assert await way.value(careers, way.person) == ["kota-kecil"]
        await way.books_hold()
        assert (await get(http, way.person, path)).status_code == 200
        assert (await get(http, way.head, f"{path}/minutes-releasing.pdf")).status_code == 200
        log = (await get(http, neighbour.officers[_C.AUDITOR], "/v1/log", case_id=case.case_id)).status_code
        assert log == 404
        left = "SELECT array_agg(type) FROM events WHERE government_id = $1 AND case_id = $2"
        assert await way.value(left, ORIGIN, case.case_id) == ["GovernmentChanged"]
        told = await rebuild(case.live.books.database, ORIGIN, case.live.stage.clock.now())
        assert (told.entries, told.compared, told.holds) == (1, 0, True)
        await case.must(way.person, _K.FILE_OBJECTION)
        await case.reported()
        await says_whose_decree_is_undone(way)


async def says_whose_decree_is_undone(way: Across) -> None:
    """The move back is the origin's; its decree names that of the other government as theirs, and revokes nothing of it."""
    home = await way.value("SELECT position_id FROM positions WHERE unit_id = $1 LIMIT 1", OLD_UNIT)
    back = Across(replace(way.case, position=home), way.neighbour)
    await back.propose(way.head, ORIGIN, reverses=way.case.mutation_id)
    now = way.case.live.stage.clock.now()
    draft, _ = await way.case.live.books.paperwork.book.draft(back.case.mutation_id, now)
    number = await way.value("SELECT number FROM decrees")
    (named,) = (one for one in draft.considerations if number in one)
    assert f"diangkat dengan Keputusan Wali Kota Kota Kecil Nomor {number}" in named
    assert named.endswith("dikembalikan ke instansi asalnya")
    assert not [one for one in draft.dictums if one.kind == DictumKind.REVOCATION or number in one.text]


async def test_nobody_uninvolved_of_the_other_government_learns_of_it_or_decides(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with across(temporal_env.client, fresh_database) as way:
        case, neighbour, here = way.case, way.neighbour, way.case.live.town
        for who in (way.head, neighbour.officers[_C.PERSONNEL_AGENCY]):
            with pytest.raises(
                Faulty, match="no position of this government; for a post of another one somebody is"
            ):
                await way.propose(who, ORIGIN)
            with pytest.raises(NoSuchCase):
                await way.propose(who, ORIGIN, initiative=Initiative.OWN_REQUEST)
        with pytest.raises(NotAllowed, match="no_authority"):
            await way.propose(here.heads[LEFT], here.government_id)
        own = await way.propose(way.person, ORIGIN, initiative=Initiative.OWN_REQUEST, documents=frozenset())
        assert (own.state, own.government_id) == (CommandState.APPLIED, here.government_id)
        await case.must(_C.PERSONNEL_AGENCY, _K.RECEIVE_MUTATION)
        screened = await case.decide(_C.PERSONNEL_AGENCY, _K.PASS_SCREENING)
        assert screened.refusal == "file_incomplete"
        await case.must(_C.PERSONNEL_AGENCY, _K.RETURN_MUTATION, choice="INCOMPLETE")
        inbox = "SELECT government_id FROM tasks WHERE kind = 'MEND_MUTATION' AND closed_at IS NULL"
        assert await way.value(inbox) == ORIGIN
        handed_in = {"documents": " ".join(FILE)}
        await way.must_there(way.person, _K.RESUBMIT_MUTATION, details=handed_in)
        # M07 and M08: to leave the agency takes its inspectorate, and ten years for an own request.
        a_year_ago = case.live.stage.clock.now().date() - timedelta(days=365)
        for column in ("inspectorate_cleared_on", "pns_since"):
            kept = await way.value(f"SELECT {column} FROM careers WHERE person_id = $1", way.person)
            await way.career(column, a_year_ago)
            forbidden = await case.decide(_C.PERSONNEL_AGENCY, _K.PASS_SCREENING)
            assert forbidden.refusal == "rules_forbid", column
            await way.career(column, kept)
        await case.must(_C.PERSONNEL_AGENCY, _K.PASS_SCREENING)

        uninvolved = {*neighbour.officers.values(), neighbour.heads[f"{ORIGIN}.PKM-2"]}
        said = {"choice": "CONSENT", "details": {"clearance": "I_MUT"}}
        for kind in RULINGS.keys() - {"PROPOSE_MUTATION"}:
            for who in uninvolved:
                with pytest.raises(NoSuchCase):
                    await way.there(who, CommandKind(kind), **said)
            if kind not in ("HEAR_RELEASING_HEAD", "BEGIN_HANDOVER", "FILE_HANDOVER_RECORD"):
                with pytest.raises(NoSuchCase):
                    await way.there(way.head, CommandKind(kind), **said)
        for office in (_C.SEKDA, _C.APPOINTING_AUTHORITY):
            with pytest.raises(NotAllowed, match="no_authority"):
                await case.decide(office, _K.HEAR_RELEASING_HEAD, choice="CONSENT")
        with pytest.raises(NotAllowed, match="no_authority"):
            await way.there(way.person, _K.APPROVE_MUTATION)
        await way.must_there(way.person, _K.WITHDRAW_MUTATION)
        assert await case.state() == "WITHDRAWN"
        await way.books_hold()


async def test_the_head_who_proposes_for_the_unit_that_is_joined_mends_it_and_takes_it_back(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with across(temporal_env.client, fresh_database) as way, door(way) as http:
        case, head = way.case, way.case.live.town.heads[JOINED]
        town = case.live.town
        await way.propose(head, town.government_id, documents=frozenset())
        await case.must(_C.PERSONNEL_AGENCY, _K.RECEIVE_MUTATION)
        await case.must(_C.PERSONNEL_AGENCY, _K.RETURN_MUTATION, choice="INCOMPLETE")
        assert await asked(http, head, case.case_id) == ["MEND_MUTATION"]
        handed_in = {"details": {"documents": " ".join(FILE)}}
        with pytest.raises(NoSuchCase):
            await way.there(way.head, _K.RESUBMIT_MUTATION, **handed_in)
        with pytest.raises(NotAllowed, match="no_authority"):
            await case.decide(town.heads[LEFT], _K.RESUBMIT_MUTATION, **handed_in)
        await case.must(head, _K.RESUBMIT_MUTATION, **handed_in)
        await case.must(_C.PERSONNEL_AGENCY, _K.PASS_SCREENING)
        await case.must(head, _K.WITHDRAW_MUTATION)
        assert await case.state() == "WITHDRAWN"
        await way.books_hold()


async def test_several_who_come_are_appointed_by_one_decree_and_the_clearances_of_each_are_their_own(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with across(temporal_env.client, fresh_database) as first:
        live, neighbour = first.case.live, first.neighbour
        async with live.books.database.writing() as connection:
            await connection.execute(ROOM)
        staff = neighbour.staff[OLD_UNIT]
        ways = [first, *(Across(replace(first.case, person=one), neighbour) for one in staff[1:3])]
        for way in ways:
            await way.proposed()
        batch = Together([way.case for way in ways])
        with pytest.raises(Faulty, match="which that one fills by a decree of its own: no swap"):
            await batch.form(GroupKind.SWAP)
        here = replace(first.case, person=live.town.staff[LEFT][0], left=LEFT)
        await here.propose()
        with pytest.raises(Faulty, match="one decree does not say both"):
            await batch.form(GroupKind.BATCH, [first.case, here])
        await here.must(live.town.heads[LEFT], _K.WITHDRAW_MUTATION)

        formed = await batch.form(GroupKind.BATCH)
        assert (formed.state, formed.refusal) == (CommandState.APPLIED, None)
        for way in ways:
            await way.case.screened()
            await way.heard()
            await way.case.must(_C.PERFORMANCE_REVIEW_TEAM, _K.RECOMMEND_MUTATION)
        # The origin lets two of them go; whoever is refused holds up nobody.
        refused = {"clearance": "ORIGIN_CONSENT"}
        await ways[2].case.must(_C.PERSONNEL_AGENCY, _K.REFUSE_CLEARANCE, choice="REFUSED", details=refused)
        for number, way in enumerate(ways[:2]):
            for one in ("ORIGIN_CONSENT", "TECHNICAL_CLEARANCE"):
                await way.granted(one, reference=f"{one}/{number}")
            for one in ("MUTATION_DECREE", "I_MUT"):
                await way.granted(one)
            await way.case.must(_C.SEKDA, _K.COUNSEL_FOR_MUTATION)
            await way.case.must(_C.APPOINTING_AUTHORITY, _K.APPROVE_MUTATION)
        await batch.until("FORMED")
        await batch.prepared()
        await batch.initialled()
        await batch.must(_C.SIGNATORY, _K.SIGN_DECREE)
        assert await batch.states() == ["DECREE_SIGNED", "DECREE_SIGNED", "CLEARANCE_REFUSED"]
        assert await first.case.checked() == set()
        draft = await DecreeBook(live.books.database, live.books.rules).draft(
            await first.value("SELECT decree_id FROM decrees WHERE state = 'ISSUED'")
        )
        assert draft.subject.startswith("Pengangkatan Pegawai Negeri Sipil dalam Jabatan")
        assert (
            "telah dimutasikan dari instansi asalnya, dari jabatan lama dalam lajur 4"
            in draft.dictums[0].text
        )
        assert sum("ORIGIN_CONSENT/" in note for note in draft.notes) == 2
        assert sum("MUTATION_DECREE/1" in note for note in draft.notes) == 1, "the governor's is one for both"
        for way in ways[:2]:
            await way.case.must(_C.PERSONNEL_AGENCY, _K.SERVE_DECREE)
            for kind in (_K.BEGIN_HANDOVER, _K.FILE_HANDOVER_RECORD):
                await way.must_there(way.head, kind)
            await way.case.must(live.town.heads[JOINED], _K.FILE_DUTY_START)
            await way.case.in_effect()
        serve = (
            "SELECT count(*) FROM people WHERE person_id = ANY($1::uuid[]) AND government_id = 'kota-kecil'"
        )
        assert await first.value(serve, list(staff[:3])) == 2
        left = "SELECT count(*) FROM events WHERE government_id = $1 AND type = 'GovernmentChanged'"
        assert await first.value(left, ORIGIN) == 2
        await batch.until("CLOSED")
        await first.books_hold()
        await batch.in_good_order()


async def test_where_nobody_heads_the_unit_the_secretary_of_its_own_government_speaks_for_it(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with across(temporal_env.client, fresh_database) as way, door(way) as http:
        async with way.case.live.books.database.writing() as connection:
            await connection.execute("DELETE FROM appointments WHERE unit_id = $1", OLD_UNIT)
        await way.proposed()
        await way.case.screened()
        there, here = (town.officers[_C.SEKDA] for town in (way.neighbour, way.case.live.town))
        for who in (there, here):
            assert await asked(http, who, way.case.case_id) == ["ANSWER_HEARING"]
        assert (await get(http, there, f"/v1/mutations/{way.case.mutation_id}")).status_code == 200
        await way.must_there(there, _K.HEAR_RELEASING_HEAD, choice="CONSENT")
        assert await asked(http, there, way.case.case_id) == []
        assert await asked(http, here, way.case.case_id) == ["ANSWER_HEARING"]
        await way.case.must(here, _K.HEAR_RECEIVING_HEAD, choice="CONSENT")
        await way.books_hold()


async def test_whoever_is_held_for_a_secondment_of_their_government_stays_until_it_is_over(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with across(temporal_env.client, fresh_database) as way:
        case, stage = way.case, way.case.live.stage
        _, (seat,) = await small_town.offered(stage, way.neighbour, small_town.nurses(stage, 1))
        case.person, case.left = seat.person_id, seat.unit_id
        await way.proposed()
        await case.screened()
        await way.heard()
        await way.cleared()
        await case.must(_C.APPOINTING_AUTHORITY, _K.APPROVE_MUTATION)
        await case.signed()
        await case.must(_C.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        for kind in (_K.BEGIN_HANDOVER, _K.FILE_HANDOVER_RECORD):
            await way.must_there(way.head, kind)
        await case.must(case.live.town.heads[JOINED], _K.FILE_DUTY_START)
        why = "SELECT life ->> 'held_up' FROM mutations WHERE mutation_id = $1"

        async def held_up() -> bool:
            return bool(await way.value(why, case.mutation_id) == "on_secondment")

        await until(held_up)
        await small_town.must(
            stage,
            way.person,
            Decision(_K.DECLINE_OFFER, f"secondment:{seat.placement_id}", choice="CARER"),
            ORIGIN,
        )
        assert not await way.value(
            "SELECT count(*) FROM people WHERE person_id = $1 AND unit_id = $2", way.person, JOINED
        )
        await way.must_there(way.person, _K.FILE_OBJECTION)  # after any other move it is tried at once
        await case.in_effect()
        served = "SELECT government_id FROM people WHERE person_id = $1"
        assert await way.value(served, case.person) == way.case.live.town.government_id
        await way.books_hold()
