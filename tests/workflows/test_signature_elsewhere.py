"""A key that a service holds: the case waits for the answer, days if it must, and everything else goes on meanwhile."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.decrees import DecreeBook, issue
from adapters.postgres.invariants import invariants
from adapters.postgres.mutation_moves import Forbidden
from adapters.postgres.rebuild import boards_hold
from audit.replay import replay_case
from domain.authority import Capacity
from domain.commands import CommandKind, CommandState
from domain.log import Attribution
from domain.moves import NOT_BY_THE_BOOKS
from domain.mutation.machine import Moved, decide
from domain.mutation.moving import Issued, MutationMove, told
from domain.mutation.said import Ask
from domain.mutation.states import GroupKind, Trigger
from runtime.sandbox import strict_runner
from runtime.temporal import data_converter
from tests.patience import until
from tests.workflows.group_kit import approved, together
from tests.workflows.mutation_kit import Road, road
from tests.workflows.service_kit import Elsewhere, service_at
from workflows import ALL

pytestmark = pytest.mark.long(40)
_K, _C = CommandKind, Capacity
NOBODY = "0" * 64


@pytest.fixture
async def elsewhere(tmp_path: Path) -> AsyncIterator[Elsewhere]:
    async with service_at(tmp_path) as elsewhere:
        yield elsewhere


async def asked(case: Road, elsewhere: Elsewhere) -> str:
    """Bring a case to where the service is asked; return which paper it is asked to sign."""
    await case.propose()
    await approved(case)
    await case.signed(after=timedelta(days=2))
    return await the_paper(elsewhere)


async def the_paper(elsewhere: Elsewhere) -> str:
    """Wait until the service is asked for one; return which."""
    await until(lambda: _waiting(elsewhere))
    (paper,) = elsewhere.waiting
    return paper


async def numbers(case: Road) -> list[tuple[int, str, str | None]]:
    async with case.live.books.database.reading() as connection:
        rows = await connection.fetch("SELECT sequence, state, void_reason FROM decrees ORDER BY sequence")
    return [tuple(row) for row in rows]


async def told_service(case: Road) -> list[tuple[str, bool]]:
    """What the log and the books say of each time that a service was told to wait for nobody, the oldest first."""
    async with case.live.books.database.reading() as connection:
        rows = await connection.fetch(
            "SELECT e.data ->> 'told', a.told FROM events e JOIN signature_asks a ON e.case_id = 'decree:' || a.decree_id"
            " WHERE e.type = 'SignatureCancelled' ORDER BY e.seq"
        )
    return [tuple(row) for row in rows]


async def tasks(case: Road) -> list[str]:
    """What is asked of anybody about the case now."""
    async with case.live.books.database.reading() as connection:
        rows = await connection.fetch(
            "SELECT kind FROM tasks WHERE case_id = $1 AND closed_at IS NULL ORDER BY kind", case.case_id
        )
    return [row["kind"] for row in rows]


async def in_good_order(case: Road) -> None:
    await by_the_books(case)
    runs = await replay_case(
        case.live.client, case.case_id, workflows=ALL, runner=strict_runner(), data_converter=data_converter()
    )
    assert [run for run in runs if not run.ok] == []


async def by_the_books(case: Road) -> None:
    books, town = case.live.books, case.live.town
    held = await boards_hold(books.database, town.government_id, case.live.stage.clock.now())
    assert (held.rows > 0, held.violations) == (True, 0)
    assert [one for one in await invariants(books.database, town.government_id) if one.violations] == []


async def test_a_case_waits_for_the_signature_and_is_decreed_once_it_comes(
    temporal_env: WorkflowEnvironment, fresh_database: str, elsewhere: Elsewhere
) -> None:
    async with road(temporal_env.client, fresh_database, signers=elsewhere.signers) as case:
        paper = await asked(case, elsewhere)
        assert await case.state() == "DECREE_PREPARED"
        assert await numbers(case) == [(1, "RESERVED", None)]
        assert await tasks(case) == [], "whoever signs has decided; nobody is asked twice"
        again = await case.decide(_C.SIGNATORY, _K.SIGN_DECREE)
        assert again.refusal == "signature_asked_already"
        wanted = elsewhere.service.asks[paper]
        assert len(bytes.fromhex(wanted.digest)) == 32
        assert case.person not in str(wanted)

        # The worker is gone for a while, and the holder answers meanwhile.
        await case.live.stop_worker()
        elsewhere.service.sign(paper)
        case.live.start_worker()
        await until(lambda: _is(case, "DECREE_SIGNED"))
        assert await case.checked(elsewhere.trust) == set()
        assert await numbers(case) == [(1, "ISSUED", None)]
        entries = (
            "SELECT array_agg(type || ' ' || authority ORDER BY seq) FROM events WHERE case_id = $1"
            " AND type IN ('SignatureAsked', 'DecreeSigned')"
        )
        entries_of = await case.live.value(entries, case.case_id)
        assert entries_of == ["SignatureAsked SIGNATORY", "DecreeSigned SYSTEM"]
        await in_good_order(case)


async def test_a_second_decree_waits_for_its_signature_as_the_first_did_and_may_be_given_up_meanwhile(
    temporal_env: WorkflowEnvironment, fresh_database: str, elsewhere: Elsewhere
) -> None:
    async with road(temporal_env.client, fresh_database, signers=elsewhere.signers) as case:
        elsewhere.service.sign(await asked(case, elsewhere))
        await until(lambda: _is(case, "DECREE_SIGNED"))
        # How long the service may take over a second decree says the rule pack.
        packs = case.live.books.rules
        for name, pack in packs.items():
            terms = replace(pack.mutation, second_signature=timedelta(days=3))
            packs[name] = replace(pack, mutation=terms)
        await case.must(_C.APPOINTING_AUTHORITY, _K.CANCEL_MUTATION, choice="MISTAKE")
        await case.second_signed()
        given_up = await the_paper(elsewhere)
        within = "SELECT until - asked_at FROM signature_asks WHERE decree_id = $1"
        assert await case.live.value(within, given_up) == timedelta(days=3)
        assert await tasks(case) == [], "whoever signs has decided"
        await case.must(_C.APPOINTING_AUTHORITY, _K.LET_DECREE_STAND)
        await until(lambda: _ended(case, (2, "VOID", "LET_STAND")))

        await case.must(_C.APPOINTING_AUTHORITY, _K.CANCEL_MUTATION, choice="MISTAKE")
        await case.second_signed()

        async def asked_anew() -> bool:
            return bool(set(elsewhere.waiting) - {given_up})

        await until(asked_anew)
        (paper,) = set(elsewhere.waiting) - {given_up}
        elsewhere.service.sign(given_up)
        elsewhere.service.sign(paper)
        await until(lambda: _asks(case, "SERVE_DECREE"))
        assert (await numbers(case))[1:] == [(2, "VOID", "LET_STAND"), (3, "ISSUED", None)]
        assert await case.checked(elsewhere.trust, second=True) == set()
        await case.second_final()
        assert await case.live.handle(case.case_id).result() == "CANCELLED_BEFORE_EFFECT"
        await in_good_order(case)


async def test_an_objection_that_is_taken_back_is_granted_by_no_signature_that_comes_after(
    temporal_env: WorkflowEnvironment, fresh_database: str, elsewhere: Elsewhere
) -> None:
    async with road(temporal_env.client, fresh_database, signers=elsewhere.signers) as case:
        elsewhere.service.sign(await asked(case, elsewhere))
        await until(lambda: _is(case, "DECREE_SIGNED"))
        await case.must(_C.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        await case.must(case.person, _K.FILE_OBJECTION)
        await case.must(_C.LEGAL_BUREAU, _K.REVIEW_OBJECTION)
        await case.must(_C.APPOINTING_AUTHORITY, _K.REVOKE_DECREE)
        await case.second_signed()
        granting = await the_paper(elsewhere)
        await case.must(case.person, _K.WITHDRAW_OBJECTION)
        await until(lambda: _ended(case, (2, "VOID", "WITHDRAW_OBJECTION")))
        elsewhere.service.sign(granting)
        assert "PREPARE_DECREE" in await tasks(case), "it is drafted anew, and says otherwise"
        await case.second_signed()

        async def asked_anew() -> bool:
            return bool(set(elsewhere.waiting) - {granting})

        await until(asked_anew)
        (paper,) = set(elsewhere.waiting) - {granting}
        elsewhere.service.sign(paper)
        await until(lambda: _asks(case, "SERVE_DECREE"))
        assert await case.checked(elsewhere.trust, second=True) == set()
        await case.second_final()
        assert await case.live.handle(case.case_id).result() == "CANCELLED_BEFORE_EFFECT"
        await in_good_order(case)


async def test_what_does_not_come_or_does_not_fit_gives_the_number_up_and_asks_whoever_signs_anew(
    temporal_env: WorkflowEnvironment, fresh_database: str, elsewhere: Elsewhere
) -> None:
    async with road(temporal_env.client, fresh_database, signers=elsewhere.signers) as case:
        elsewhere.service.refuse(await asked(case, elsewhere))
        await until(lambda: _asks(case, "SIGN_DECREE"))
        await until(lambda: _ended(case, (1, "VOID", "REFUSED")))
        await case.must(_C.SIGNATORY, _K.SIGN_DECREE)
        assert await tasks(case) == []
        paper = await the_paper(elsewhere)
        elsewhere.service.sign(paper, NOBODY)
        await until(lambda: _asks(case, "SIGN_DECREE"))
        await until(lambda: _ended(case, (2, "VOID", "UNFIT")))
        assert await told_service(case) == [], "who has answered waits for nobody"
        await case.must(_C.SIGNATORY, _K.SIGN_DECREE)
        paper = await the_paper(elsewhere)
        elsewhere.service.sign(paper)
        await until(lambda: _is(case, "DECREE_SIGNED"))
        assert (await numbers(case))[2] == (3, "ISSUED", None)
        assert await case.checked(elsewhere.trust) == set()
        await in_good_order(case)


async def test_what_comes_up_meanwhile_is_not_held_up_and_a_signature_that_comes_after_it_signs_nothing(
    temporal_env: WorkflowEnvironment, fresh_database: str, elsewhere: Elsewhere
) -> None:
    async with road(temporal_env.client, fresh_database, signers=elsewhere.signers) as case:
        paper = await asked(case, elsewhere)
        await case.must(_C.LEGAL_BUREAU, _K.RETURN_DECREE, choice="INCOMPLETE")
        assert await case.state() == "APPROVED"
        await until(lambda: _void(case))
        await until(lambda: _told(case, 1))
        assert (elsewhere.service.cancelled, elsewhere.waiting) == ({paper}, [])
        # Whoever was at it meanwhile asks no more.
        books = case.live.books
        assert (await DecreeBook(books.database, books.rules).asked(paper)).refusal == "GIVEN_UP"
        # Its holder may have signed it all the same.
        elsewhere.service.sign(paper)
        await case.signed(after=timedelta(days=2))
        second = await the_paper(elsewhere)
        # A service that cannot be told keeps nobody from taking it back.
        token, elsewhere.service.token = elsewhere.service.token, "another one"
        await case.must(_C.APPOINTING_AUTHORITY, _K.CANCEL_MUTATION, choice="MISTAKE")
        assert await case.live.handle(case.case_id).result() == "CANCELLED_BEFORE_EFFECT"
        elsewhere.service.token = token
        assert [state for _, state, _ in await numbers(case)] == ["VOID", "VOID"]
        assert await told_service(case) == [("TAKEN", True), ("AWAY", False)]
        assert elsewhere.waiting == [second]
        papers = "SELECT count(*) FROM decree_papers"
        assert await case.live.value(papers) == 0
        await in_good_order(case)


async def test_a_service_that_is_away_is_waited_for_and_one_that_answers_too_late_signs_nothing(
    temporal_env: WorkflowEnvironment,
    fresh_database: str,
    elsewhere: Elsewhere,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("workflows.policies.RUN_EVENTS", 60)  # a run or two end while it is waited for
    async with road(temporal_env.client, fresh_database, signers=elsewhere.signers) as case:
        await case.propose()
        await approved(case)
        # A decree may still be signed on the day on which it takes effect, and that day ends soon.
        token, elsewhere.service.token = elsewhere.service.token, "another one"
        await case.signed(after=timedelta(days=-1, seconds=25))
        assert await case.state() == "DECREE_PREPARED"
        assert (await numbers(case), elsewhere.of_people) == ([(1, "RESERVED", None)], [])
        elsewhere.service.token = token
        await the_paper(elsewhere)
        elsewhere.service.asks.clear()  # it has lost what it was asked, and is asked again
        await the_paper(elsewhere)
        await until(lambda: _asks(case, "SIGN_DECREE"), within=90)
        await until(lambda: _ended(case, (1, "VOID", "EXPIRED")))
        await until(lambda: _told(case, 1))
        assert (await told_service(case), elsewhere.waiting) == ([("TAKEN", True)], [])
        late = await case.decide(_C.SIGNATORY, _K.SIGN_DECREE)
        assert late.refusal == "effective_date_passed"
        await by_the_books(case)


async def test_nobody_can_say_that_it_is_signed_or_will_not_be_before_the_answer_is_in_the_books(
    temporal_env: WorkflowEnvironment, fresh_database: str, elsewhere: Elsewhere
) -> None:
    """What a foreign worker would write in the case's place."""
    async with road(temporal_env.client, fresh_database, signers=elsewhere.signers) as case:
        paper = await asked(case, elsewhere)
        book, now = case.live.books.mutations, case.live.stage.clock.now()
        matter, life = await book.matter(case.mutation_id), await book.stands(case.mutation_id)
        assert life is not None
        by = Attribution("system:mutation", "SYSTEM", matter.basis)
        ask = Ask(decree_id=paper, number="821.2/1", sha256=NOBODY, code="INCOMPLETE")

        def forged(trigger: Trigger, issues: Issued | None = None) -> MutationMove:
            verdict = decide(life, trigger, ask, decided_at=now, now=now)
            assert isinstance(verdict, Moved)
            return replace(told(matter, verdict.life, trigger, by=by, at=now, said={}), issues=issues)

        issued = Issued(paper, NOBODY, NOBODY, "code")
        for move in (
            forged(Trigger.SIGN_DECREE),
            forged(Trigger.SIGN_DECREE, issued),
            forged(Trigger.SIGN_DECREE, replace(issued, decree_id=str(uuid.uuid4()))),
            forged(Trigger.REFUSE_SIGNATURE),
            forged(Trigger.RETURN_DECREE, issued),
        ):
            assert (await book.write(move)).refused == NOT_BY_THE_BOOKS
        # Nor once the answer is there, for any file but the one that is kept.
        kept = "INSERT INTO decree_papers (decree_id, paper, sha256, file) VALUES ($1, 'DECREE', $2, 'x')"
        async with case.live.books.database.writing() as connection:
            await connection.execute(kept, paper, "1" * 64)
        assert (await book.write(forged(Trigger.SIGN_DECREE, issued))).refused == NOT_BY_THE_BOOKS
        here, whom, kept_file = case.case_id, (case.mutation_id,), replace(issued, file_sha256="1" * 64)
        for made, case_id, whose in (
            (issued, here, whom),
            (kept_file, "mutation:MU-FFFFFFFFFF", whom),
            (kept_file, here, (case.mutation_id, "MU-FFFFFFFFFF")),
        ):
            async with case.live.books.database.writing() as connection:
                with pytest.raises(Forbidden, match="decree_void"):
                    await issue(connection, made, case_id, whose)
        assert await case.state() == "DECREE_PREPARED"
        assert await numbers(case) == [(1, "RESERVED", None)]


async def test_a_batch_waits_as_one_and_whoever_falls_out_meanwhile_is_not_signed_for(
    temporal_env: WorkflowEnvironment, fresh_database: str, elsewhere: Elsewhere
) -> None:
    async with together(temporal_env.client, fresh_database, 3, signers=elsewhere.signers) as batch:
        await batch.form(GroupKind.BATCH)
        for one in batch.roads:
            await approved(one)
        await batch.prepared(timedelta(days=2))
        await batch.initialled()
        signed = await batch.decide(_C.SIGNATORY, _K.SIGN_DECREE)
        assert (signed.state, signed.refusal) == (CommandState.APPLIED, None)
        assert await batch.states() == ["DECREE_PREPARED"] * 3
        again = await batch.decide(_C.SIGNATORY, _K.SIGN_DECREE)
        assert again.refusal == "signature_asked_already"
        first = await the_paper(elsewhere)
        await batch.roads[2].must(_C.APPOINTING_AUTHORITY, _K.CANCEL_MUTATION, choice="MISTAKE")
        await until(lambda: _void(batch.roads[0]))
        elsewhere.service.sign(first)
        await batch.must(_C.SIGNATORY, _K.SIGN_DECREE)
        second = await the_paper(elsewhere)
        elsewhere.service.sign(second)
        await batch.until("SIGNED")
        assert await batch.states() == ["DECREE_SIGNED", "DECREE_SIGNED", "CANCELLED_BEFORE_EFFECT"]
        assert [state for _, state, _ in await numbers(batch.roads[0])] == ["VOID", "ISSUED"]
        assert await batch.roads[0].checked(elsewhere.trust) == set()
        await batch.in_good_order()


async def _is(case: Road, state: str) -> bool:
    return await case.state() == state


async def _asks(case: Road, kind: str) -> bool:
    return await tasks(case) == [kind]


async def _ended(case: Road, number: tuple[int, str, str | None]) -> bool:
    return number in await numbers(case)


async def _told(case: Road, times: int) -> bool:
    return len(await told_service(case)) == times


async def _void(case: Road) -> bool:
    return (await numbers(case))[0][1] == "VOID"


async def _waiting(elsewhere: Elsewhere) -> bool:
    return bool(elsewhere.waiting)
