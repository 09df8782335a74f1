"""The dossier: one spelling for the same facts, read back the same, and no person's number in it."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from domain.mutation.canonical import DossierUnreadable, dossier_as_json, dossier_sha256, read_dossier
from domain.mutation.dossier import Dossier
from tests.domain.mutation.dossiers import CLEAN, person
from tests.domain.mutation.drawn import DOSSIERS


@settings(max_examples=30, deadline=None, derandomize=True)
@given(DOSSIERS)
def test_what_was_spelt_is_read_back_the_same(dossier: Dossier) -> None:
    text = dossier_as_json(dossier)
    again = read_dossier(text)
    assert again == dossier
    assert dossier_as_json(again) == text


def test_the_order_of_facts_and_of_fields_does_not_matter() -> None:
    document = json.loads(dossier_as_json(CLEAN))
    for facts in (document["dossier"]["approvers"], document["dossier"]["person"]["ratings"]):
        assert len(facts) > 1
        facts.reverse()
    turned = json.dumps(dict(reversed(document.items()))).encode()
    assert read_dossier(turned) == CLEAN
    assert dossier_sha256(read_dossier(turned)) == dossier_sha256(CLEAN)


def test_the_spelling_is_that_of_the_cases_that_hold_one() -> None:
    """A hash that changes here changes what every stored screening says that it was about."""
    assert dossier_sha256(CLEAN) == "301795b3494be1e9684472e3c6ea7b0c120d86253500efb184edeab867b01ad2"


def test_what_came_later_is_spelt_only_where_it_says_something() -> None:
    undoing = replace(CLEAN, restores="mutation:MU-1")
    assert (b"restores" in dossier_as_json(CLEAN), b"restores" in dossier_as_json(undoing)) == (False, True)
    assert read_dossier(dossier_as_json(undoing)) == undoing


def test_another_fact_is_another_dossier() -> None:
    assert dossier_sha256(person(retires_on=None)(CLEAN)) != dossier_sha256(CLEAN)


def test_a_field_that_came_later_takes_its_default_in_an_old_dossier() -> None:
    document = json.loads(dossier_as_json(CLEAN))
    del document["dossier"]["receiving"]["post"]["vacated_by"]
    assert read_dossier(json.dumps(document).encode()) == CLEAN


@pytest.mark.parametrize("number", ["198201302007031901", "5371012501800001"])
def test_the_number_of_a_person_is_no_opaque_id(number: str) -> None:
    with pytest.raises(ValueError, match="holds opaque ids") as raised:
        dossier_as_json(replace(CLEAN, proposer_id=number))
    assert number not in str(raised.value)


def without(*path: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for part in path[:-1]:
            document = document[part]
        del document[path[-1]]

    return change


def with_(value: Any, *path: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for part in path[:-1]:
            document = document[part]
        document[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (with_(2, "format"), "expected a dossier of format 1"),
        (without("dossier", "person"), r"dossier: expected every field, found 'none of person'"),
        (with_("x", "dossier", "person", "name"), r"dossier\.person: expected no other fields than"),
        (with_("2026-13-01", "dossier", "asked_on"), r"dossier\.asked_on: '2026-13-01' is no date"),
        (with_("WISH", "dossier", "initiative"), r"dossier\.initiative: 'WISH' is no Initiative"),
        (with_("7", "dossier", "origin", "post", "job_class"), r"post\.job_class: expected int, found '7'"),
        (with_(True, "dossier", "origin", "post", "need"), r"post\.need: expected int, found True"),
        (with_("1/0", "dossier", "origin", "work", "minutes"), r"work\.minutes: '1/0' is no Fraction"),
        (with_({}, "dossier", "approvers"), r"dossier\.approvers: expected a list"),
        (with_([["S2"]], "dossier", "documents"), r"dossier\.documents\[0\]: expected str"),
        (with_([], "dossier", "person"), r"dossier\.person: expected an object"),
        (with_(None, "dossier", "origin", "agency", "province"), r"origin\.agency: .* names no province"),
    ],
)
def test_what_is_no_dossier_is_refused_with_its_place(change: Callable[[Any], None], said: str) -> None:
    document = json.loads(dossier_as_json(CLEAN))
    change(document)
    with pytest.raises(DossierUnreadable, match=said):
        read_dossier(json.dumps(document).encode())


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b"\xff", b'"dossier"'])
def test_what_is_no_json_object_is_refused(text: bytes) -> None:
    with pytest.raises(DossierUnreadable):
        read_dossier(text)
