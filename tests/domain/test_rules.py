"""The rule pack: read whole, or refused with the name of the key that is wrong."""

import copy
import tomllib
from datetime import time, timedelta
from typing import Any

import pytest

from domain.rules import RulePack, RulePackInvalid, read
from domain.terms import Term, Unit
from runtime.settings import ROOT

PACKS = sorted((ROOT / "rules").glob("*.toml"))
PACK = tomllib.loads(PACKS[-1].read_text())


def leaves(node: dict[str, Any], at: str = "") -> list[str]:
    """The dotted keys of all values that carry their source."""
    found = []
    for key, value in node.items():
        if isinstance(value, dict):
            here = f"{at}{key}"
            found += [here] if "value" in value else leaves(value, here + ".")
    return found


def changed(key: str, **values: Any) -> dict[str, Any]:
    """The pack with one value changed; None drops the part."""
    pack = copy.deepcopy(PACK)
    *path, last = key.split(".")
    node = pack
    for part in path:
        node = node[part]
    for name, value in values.items():
        if value is None:
            del node[last][name]
        else:
            node[last][name] = value
    return pack


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_a_pack_of_the_house_reads_and_is_called_like_its_file(path: Any) -> None:
    pack = read(tomllib.loads(path.read_text()))
    assert isinstance(pack, RulePack)
    assert pack.id == path.stem
    assert pack.basis("surge.deadlines.offer") == f"{path.stem}#surge.deadlines.offer"


@pytest.mark.parametrize("key", leaves(PACK))
def test_every_value_says_where_it_comes_from(key: str) -> None:
    with pytest.raises(RulePackInvalid, match=rf"{key} has no source"):
        read(changed(key, source=None))
    with pytest.raises(RulePackInvalid, match=rf"{key} has no source"):
        read(changed(key, source="  "))


@pytest.mark.parametrize("key", leaves(PACK))
def test_a_value_of_the_wrong_kind_is_named(key: str) -> None:
    with pytest.raises(RulePackInvalid, match=key):
        read(changed(key, value=["no", "such", "thing"]))


@pytest.mark.parametrize(
    "key", ["id", "effective_from", "surge", "planning", "documents", "workload", "mutation"]
)
def test_a_part_that_is_missing_is_named(key: str) -> None:
    pack = copy.deepcopy(PACK)
    del pack[key]
    with pytest.raises(RulePackInvalid, match=key):
        read(pack)


@pytest.mark.parametrize("text", ["4", "4h", "4 wd", "four h", "-4 h", "4.5 h", "", 4])
def test_a_deadline_is_hours_or_days(text: object) -> None:
    with pytest.raises(RulePackInvalid, match=r'surge.deadlines.offer must be like "4 h" or "15 d"'):
        read(changed("surge.deadlines.offer", value=text))


def test_a_deadline_is_read_in_its_unit() -> None:
    assert read(changed("surge.deadlines.offer", value="4 h")).clock.offer == timedelta(hours=4)
    assert read(changed("surge.limits.longest_duty", value="15 d")).limits.longest_duty == timedelta(days=15)


def test_the_term_of_a_report_may_count_working_days() -> None:
    key = "surge.deadlines.report"
    assert read(changed(key, value="3 wd")).report == Term(3, Unit.WORKING_DAYS)
    with pytest.raises(RulePackInvalid, match=rf'{key}: expected a term like "24 h", "14 d" or "5 wd"'):
        read(changed(key, value="3 weeks"))
    with pytest.raises(RulePackInvalid, match=f"{key}: expected one working day or more"):
        read(changed(key, value="0 wd"))


def test_a_day_at_the_office_ends_at_a_time_of_day() -> None:
    assert read(PACK).office.closes == time(16)
    with pytest.raises(
        RulePackInvalid, match=r"office\.closes must be a time of day like 16:00:00, found '16'"
    ):
        read(changed("office.closes", value="16"))


def test_a_truth_value_is_no_number() -> None:
    with pytest.raises(RulePackInvalid, match="must be a number, found True"):
        read(changed("workload.lending_reserve", value=True))


@pytest.mark.parametrize(
    ("key", "offices"),
    [
        ("surge.escalation.approval_offices", ["SEKDA", "COORDINATOR"]),
        ("surge.escalation.order_offices", ["SEKDA"]),
        ("surge.oral_order.given_by", ["SEKDA", "COMMAND_POST"]),
    ],
)
def test_an_office_that_may_not_decide_is_not_asked_first(key: str, offices: list[str]) -> None:
    with pytest.raises(RulePackInvalid, match=rf"{key}: '[A-Z_]+' is no office that may [A-Z_]+ \("):
        read(changed(key, value=offices))


def test_a_reminder_comes_before_its_deadline() -> None:
    with pytest.raises(
        RulePackInvalid, match=r"approval_reminder must be shorter than surge\.deadlines\.approval"
    ):
        read(changed("surge.escalation.approval_reminder", value="2 h"))
