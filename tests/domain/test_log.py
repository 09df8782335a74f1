"""The chain of the log: each entry vouches for all before it, and every part of an entry counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.log import GENESIS, Attribution, Fact, canonical, entry_hash

NOW = datetime(2026, 11, 22, 1, 2, 3, 4, tzinfo=UTC)
BY = Attribution("person-1", "SEKDA", "2026-1#surge.request", "command-1", "person-2")
FACT = Fact("RequestApproved", "surge:SU-1", NOW, BY, "person-3", {"state": "APPROVED", "people": 3})


def test_the_same_entry_has_the_same_hash_for_ever() -> None:
    """Pinned: an archive of ten years must verify with the code of then."""
    assert GENESIS.hex() == "0e11140c460987eec3b8b95eef929d12fd1107c1a2ecd5d85d764cac897e2970"
    assert (
        entry_hash(GENESIS, 1, FACT).hex()
        == "f4a0338840510dca2bd364b22fb9a424196eca1d7ed9080c7330588fe98fa246"
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(FACT, type="RequestRejected"),
        replace(FACT, case_id="surge:SU-2"),
        replace(FACT, at=NOW + timedelta(microseconds=1)),
        replace(FACT, person_id=None),
        replace(FACT, data={"state": "APPROVED", "people": 4}),
        replace(FACT, by=replace(BY, actor="person-9")),
        replace(FACT, by=replace(BY, authority="COORDINATOR")),
        replace(FACT, by=replace(BY, basis="2027-1#surge.request")),
        replace(FACT, by=replace(BY, command_id=None)),
        replace(FACT, by=replace(BY, on_behalf_of=None)),
    ],
)
def test_every_part_of_an_entry_counts(other: Fact) -> None:
    assert entry_hash(GENESIS, 1, other) != entry_hash(GENESIS, 1, FACT)


def test_the_place_in_the_log_and_the_entry_before_count() -> None:
    assert entry_hash(GENESIS, 2, FACT) != entry_hash(GENESIS, 1, FACT)
    assert entry_hash(b"\0" * 32, 1, FACT) != entry_hash(GENESIS, 1, FACT)


def test_an_instant_is_the_same_in_every_zone_and_a_table_in_every_order() -> None:
    makassar = replace(FACT, at=NOW.astimezone(timezone(timedelta(hours=8))))
    turned = replace(FACT, data=dict(reversed(FACT.data.items())))
    assert entry_hash(GENESIS, 1, makassar) == entry_hash(GENESIS, 1, FACT)
    assert entry_hash(GENESIS, 1, turned) == entry_hash(GENESIS, 1, FACT)


def test_there_is_one_spelling_of_a_value() -> None:
    assert canonical({"b": [1, None], "a": "é"}) == '{"a":"é","b":[1,null]}'.encode()


def test_what_has_no_spelling_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical({"at": NOW})
