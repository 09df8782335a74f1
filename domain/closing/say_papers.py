"""How the after-action report says what became of the papers after the return, or a conversion."""

from __future__ import annotations

from collections.abc import Iterable

from domain.closing.papers import Papers
from domain.closing.say_rows import Row
from domain.report.words import number, reasons, rupiah
from domain.secondment import Paper

NAMES = {Paper.REPORT: "laporan", Paper.EVALUATION: "penilaian", Paper.CLAIM: "klaim"}


def title(found: Papers) -> str:
    """Say how many of those who are home, or were transferred, are done with their papers."""
    if not found.home:
        return "Belum ada yang pulang"
    who = f"{number(found.home)} orang yang pulang{' atau dialihkan' if found.transferred else ''}"
    if not found.outstanding:
        return f"Tidak ada berkas yang belum tuntas dari {who}"
    return f"Berkas {number(found.outstanding)} dari {who} belum tuntas"


def rows(found: Papers) -> Iterable[Row]:
    """Say which papers came in, what the claims paid, what is owed still and what was waived."""
    paid = f"{rupiah(found.claimed)} menurut dokumen pembayaran" if found.reimbursed else ""
    yield Row("Laporan penugasan masuk", number(found.reported))
    yield Row("Penilaian pos komando masuk", number(found.evaluated))
    yield Row("Klaim perjalanan dibayar", number(found.reimbursed), paid)
    if found.above:
        yield Row("Klaim di atas hitungan hari", number(found.above), reasons(found.above_why))
    yield Row("Berkas belum tuntas", number(found.outstanding), _counted(found.owed))
    yield Row("Dibebaskan dari kewajiban", number(found.waived), reasons(found.reasons))


def _counted(owed: Iterable[tuple[Paper, int]]) -> str:
    return ", ".join(f"{NAMES[paper]} {number(count)}" for paper, count in owed)
