"""An erratum mends a slip of writing; what was approved it leaves as it is."""

import pytest

from domain.mutation.slips import approved_facts, mends_a_fact
from lab.sample_decrees import sample_decree_draft

FACTS = frozenset(
    {
        "1\u00a0Januari 2027",
        "tanggal 1\u00a0Januari 2027",
        "Penelaah Teknis Kebijakan",
        "Puskesmas Oebobo",
        "III/b",
    }
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1 Januari", "1 Februari"),
        ("1 JANUARI 2027", "1 Januari 2028"),
        ("2027", "2028"),
        ("tanggal 1", "tanggal 2"),
        ("terhitung mulai tanggal 1 Januari", "terhitung mulai tanggal 2 Januari"),
        ("Januari 2027 dengan", "Februari 2027 dengan"),
        ("Penelaah Teknis Kebijakan", "Pengolah Data"),
        ("Teknis", "Umum"),
        ("sebagai Penelaah Teknis", "sebagai Pengolah Data"),
        ("pada Puskesmas Oebobo, Kota", "pada Puskesmas Oepoi, Kota"),
        ("Pangkat III/b", "Pangkat III/c"),
    ],
)
def test_what_was_approved_is_no_slip(written: str, meant: str) -> None:
    assert mends_a_fact(written, meant, FACTS)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("terhitung mulai tangal 1 Januari 2027", "terhitung mulai tanggal 1 Januari 2027"),
        ("Penelaah Teknis Kebijkan", "Penelaah Teknis Kebijakan"),
        ("di Puskesmas Oebobo", "pada Puskesmas Oebobo"),
        ("1 januari 2027", "1 Januari 2027"),
        ("Undang-Undang Nomor 20 Tahun 2032", "Undang-Undang Nomor 20 Tahun 2023"),
        ("Pasal 1", "Pasal 2"),
        ("Perawat Mahr", "Perawat Mahir"),
    ],
)
def test_a_slip_of_writing_is_mended(written: str, meant: str) -> None:
    assert not mends_a_fact(written, meant, FACTS)


def test_a_decree_tells_from_when_on_who_goes_where_and_in_which_rank() -> None:
    draft = sample_decree_draft()
    facts, move = approved_facts(draft), draft.moves[0]
    assert facts >= {move.origin.unit, move.origin.position, move.receiving.unit, move.receiving.position}
    assert move.person.rank in facts
    assert {fact.partition(" ")[0] for fact in facts} >= {"tanggal"}
