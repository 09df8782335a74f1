"""What the owner of the database changes by hand, triggers or not, the audit finds and names."""

from collections.abc import Iterator

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.authority import Capacity
from domain.commands import CommandKind
from domain.mutation.findings import Rule
from tests.audit.by_hand_kit import audited, changed, copied, let_alone
from tests.audit.changes_by_hand import BY_HAND
from tests.workflows.mutation_kit import LEFT, road
from tests.workflows.test_case_papers import list_handover

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
async def moved(temporal_env: WorkflowEnvironment, database: str, postgres_dsn: str) -> str:
    """The books of a town in which one was moved by a decree, and another's case was taken back after a rule was overridden."""
    async with road(temporal_env.client, database) as case:
        await case.whole_way()
        await list_handover(case, case.live.town.heads[LEFT])
        await case.reported()
        case.person = case.live.town.staff[LEFT][1]
        async with case.live.books.database.writing() as connection:
            new = "UPDATE people SET in_post_since = CURRENT_DATE - 30 WHERE person_id = $1"
            await connection.execute(new, case.person)
        await case.propose()
        await case.must(Capacity.PERSONNEL_AGENCY, CommandKind.RECEIVE_MUTATION)
        said = {"choice": "ORGANISATIONAL_NEED", "details": {"rule": Rule.M02.value}}
        await case.must(Capacity.APPOINTING_AUTHORITY, CommandKind.OVERRIDE_MUTATION_RULE, **said)
        await case.must(case.live.town.heads[LEFT], CommandKind.WITHDRAW_MUTATION)
    return let_alone(postgres_dsn, database)


@pytest.fixture
def copy(postgres_dsn: str, moved: str) -> Iterator[str]:
    """A copy of those books, to be spoilt."""
    with copied(postgres_dsn, moved) as passing:
        yield passing


async def test_books_that_nobody_touched_are_what_the_log_gives(copy: str) -> None:
    assert await audited(copy) == []


@pytest.mark.parametrize("what", BY_HAND)
async def test_what_is_changed_by_hand_is_found_and_named(copy: str, what: str) -> None:
    statement, named = BY_HAND[what]
    changed(copy, statement)
    found = await audited(copy)
    assert [one for one in found if named in one], found
