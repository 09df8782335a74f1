"""What the owner of the database changes by hand of a surge, its orders and its people, the audit finds and names."""

from collections.abc import Iterator

import pytest
from temporalio.testing import WorkflowEnvironment

from domain import cases
from domain.authority import Capacity
from domain.commands import CommandKind
from tests.audit.by_hand_kit import audited, changed, copied, let_alone
from tests.workflows.kit import case_of, live_town

pytestmark = pytest.mark.long

_OTHER = "(SELECT person_id FROM people WHERE role = 'administrator' ORDER BY person_id LIMIT 1)"
_DAY = "interval '1 day'"

BY_HAND = {
    "where somebody stands": ("UPDATE placements SET state = 'ON_DUTY' WHERE claim_reference IS NOT NULL", "state is ON_DUTY"),
    "who was sent": (f"UPDATE placements SET person_id = {_OTHER} WHERE claim_reference IS NULL", "person_id is"),
    "when somebody arrived": (f"UPDATE placements SET arrived_at = arrived_at - {_DAY} WHERE claim_reference IS NOT NULL", "arrived_at is"),
    "when somebody came home": (f"UPDATE placements SET returned_at = returned_at - {_DAY} WHERE claim_reference IS NOT NULL", "returned_at is"),
    "until when somebody serves": (f"UPDATE placements SET due_back = due_back + {_DAY} WHERE claim_reference IS NULL", "due_back is"),
    "how much was paid": ("UPDATE placements SET claim_amount = claim_amount * 2", "claim_amount is"),
    "by which document it was paid": ("UPDATE placements SET claim_reference = 'SP2D/9' WHERE claim_reference IS NOT NULL", "claim_reference is"),
    "on which order somebody went": ("UPDATE placements SET order_id = NULL WHERE claim_reference IS NOT NULL", "order_id is"),
    "the number of an order": ("UPDATE orders SET number = '800/9/BPBD/I/2026'", "number is 800/9"),
    "that an order was issued": ("UPDATE orders SET state = 'VOID', void_reason = 'by_hand'", "state is VOID"),
    "who signed an order": (f"UPDATE orders SET signatory_id = {_OTHER}", "signatory_id is"),
    "when an order was signed": (f"UPDATE orders SET signed_at = signed_at - {_DAY}", "signed_at is"),
    "by which decision an order was signed": ("UPDATE orders SET command_id = gen_random_uuid()", "command_id is"),
    "what keeps an order's codes from being guessed": ("UPDATE orders SET salt = repeat('0', 32)", "salt_sha256 is"),
    "what an order says": ("UPDATE orders SET facts_sha256 = repeat('0', 64)", "facts_sha256 is"),
    "which file an order is": ("UPDATE orders SET file_sha256 = repeat('0', 64)", "file_sha256 is"),
    "the code of an order": ("UPDATE orders SET verification_code = 'AAAA'", "code is AAAA"),
    "the file of an order": ("UPDATE documents SET file = 'x' WHERE placement_id IS NULL", "kept is"),
    "the file that one of an order was given": ("UPDATE documents SET file = 'x' WHERE placement_id IS NOT NULL", "papers is"),
    "the number of a travel order": ("UPDATE travel_orders SET number = '9' WHERE sequence = 1", "travel orders "),
    "where somebody travelled to": ("UPDATE travel_orders SET site = 'Tempat lain'", "travel orders "),
    "until when somebody travelled": (f"UPDATE travel_orders SET due_back = due_back + {_DAY}", "travel orders "),
    "who asked for people": (f"UPDATE surges SET requested_by = {_OTHER}", "requested_by is"),
    "when people were asked for": (f"UPDATE surges SET requested_at = requested_at - {_DAY}", "requested_at is"),
    "who approved a request": (f"UPDATE surges SET approved_by = {_OTHER}", "approved_by is"),
    "from which budget people are paid": ("UPDATE surges SET funding = 'DBH'", "words_sha256 is"),
    "by which rules a surge goes": ("UPDATE surges SET rule_pack = 'by-hand'", "rule_pack is"),
    "that a surge is closed": ("UPDATE surges SET closed_at = requested_at", "closed_at is"),
    "how many are asked for": ("UPDATE request_lines SET quantity = 9", "quantity is 9"),
    "where people are asked for": ("UPDATE request_lines SET lat = 0, lon = 0", "asked_sha256 is"),
    "what is served first": ("UPDATE request_lines SET priority = 5", "asked_sha256 is"),
    "who lowered a redline": (f"UPDATE redline_overrides SET granted_by = {_OTHER}", "granted_by is"),
    "why a redline was lowered": ("UPDATE redline_overrides SET reason_code = 'OTHER'", "reason_code is OTHER"),
    "when a redline was lowered": (f"UPDATE redline_overrides SET granted_at = granted_at - {_DAY}", "granted_at is"),
    "by how many a redline was lowered": ("UPDATE redline_overrides SET extra = 9", "extra is 9"),
    "who released somebody": (f"UPDATE commands SET actor_id = {_OTHER} WHERE kind = 'RELEASE'", ": sha256 is"),
    "when somebody was released": (f"UPDATE commands SET decided_at = decided_at - {_DAY} WHERE kind = 'RELEASE'", ": sha256 is"),
    "what a claim's decision says": (
        "UPDATE commands SET details = jsonb_set(details, '{amount}', '1') WHERE kind = 'SETTLE_CLAIM'",
        ": sha256 is",
    ),
    "how somebody answered an offer": ("UPDATE commands SET kind = 'DECLINE_OFFER' WHERE kind = 'ACCEPT_OFFER'", ": sha256 is"),
}  # fmt: skip


@pytest.fixture(scope="module")
async def served(temporal_env: WorkflowEnvironment, database: str, postgres_dsn: str) -> str:
    """The books of a town of which two were sent by one order; one is home and was paid, the other serves."""
    async with live_town(temporal_env.client, database) as live:
        surge_id, seats = await live.on_site(2)
        lower = {"unit_id": "kota-kecil.PKM-1", "role": "nurse", "extra": 1}
        grant = {"choice": "LIFE_SAVING", "details": lower}
        await live.must(Capacity.SEKDA, CommandKind.OVERRIDE_REDLINE, cases.surge(surge_id), **grant)
        early = {"choice": "NO_LONGER_NEEDED"}
        await live.must(Capacity.COMMAND_POST, CommandKind.RELEASE_EARLY, case_of(seats[0]), **early)
        await live.bring_home(seats[0])
        await live.settle(seats[0])
    return let_alone(postgres_dsn, database)


@pytest.fixture
def copy(postgres_dsn: str, served: str) -> Iterator[str]:
    """A copy of those books, to be spoilt."""
    with copied(postgres_dsn, served) as passing:
        yield passing


async def test_books_that_nobody_touched_are_what_the_log_gives(copy: str) -> None:
    assert await audited(copy) == []


@pytest.mark.parametrize("what", BY_HAND)
async def test_what_is_changed_by_hand_of_a_surge_is_found_and_named(copy: str, what: str) -> None:
    statement, named = BY_HAND[what]
    changed(copy, statement)
    found = await audited(copy)
    assert [one for one in found if named in one], found
