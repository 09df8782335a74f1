"""The travel order (SPD), read back from the PDF: the form, and the journey that is stamped on its back."""

from dataclasses import replace

import pytest

from adapters.documents.typesetter import Typesetter
from domain.travel_order import TravelOrder, travel_code
from lab.sample_orders import sample_travel_order
from tests.adapters.documents.test_typesetter import HOSTILE, flat, pages


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter()


def said(typesetter: Typesetter, paper: TravelOrder) -> tuple[str, str]:
    front, back = pages(typesetter.travel_order(paper))
    return flat(front), flat(back)


def test_it_says_who_goes_where_and_by_which_order(typesetter: Typesetter) -> None:
    paper = sample_travel_order()
    front, back = said(typesetter, paper)
    person = paper.person
    expected = [
        f"NOMOR {paper.number}",
        "a.n. WALI KOTA KUPANG SEKRETARIS DAERAH",
        person.name,
        person.rank,
        person.position,
        paper.purpose,
        person.site,
        "14 (empat belas) hari",
        "23 November 2026",
        "6 Desember 2026",
        paper.funding_source,
        f"Surat Tugas Nomor {paper.order_number} tanggal 22 November 2026",
        travel_code(paper),
    ]
    for words in expected:
        assert flat(words) in front, words
    assert back.count("Berangkatdari") == 5
    assert back.count("Tibadi") == 5
    assert flat(f"Berangkat dari: {person.home_unit}") in back
    assert flat(f"Tiba di: {person.site}") in back
    assert flat(f"Tiba di: {person.home_unit}") in back
    assert "Menggantikan" not in front


def test_one_that_takes_the_place_of_another_says_of_which(typesetter: Typesetter) -> None:
    front, _ = said(typesetter, replace(sample_travel_order(), amends="094/7/SPD/XI/2026"))
    assert flat("Menggantikan SPD Nomor 094/7/SPD/XI/2026") in front


def test_who_is_moved_leaves_from_the_former_site(typesetter: Typesetter) -> None:
    front, back = said(typesetter, replace(sample_travel_order(), leaves_from="Pos Kesehatan 3"))
    assert flat("Pos Kesehatan 3") in front
    assert flat("Berangkat dari: Pos Kesehatan 3") in back


def test_a_name_is_printed_and_never_obeyed(typesetter: Typesetter) -> None:
    paper = sample_travel_order()
    hostile = replace(paper, person=replace(paper.person, name=HOSTILE))
    assert flat(HOSTILE) in said(typesetter, hostile)[0]


def test_the_same_facts_give_the_same_bytes_and_each_paper_its_own_code(typesetter: Typesetter) -> None:
    paper = sample_travel_order()
    assert typesetter.travel_order(paper) == Typesetter().travel_order(paper)
    other = replace(paper, person=replace(paper.person, placement_id="another"))
    assert travel_code(other) != travel_code(paper)
    assert paper.person.name not in repr(paper)
