"""How the after-action report says what days came to, and what claims paid."""

from __future__ import annotations

from collections.abc import Iterable

from domain import burden
from domain.closing.costs import DonorCost
from domain.closing.review_view import Review
from domain.closing.say_rows import CostRow
from domain.report.words import listed, number, rupiah


def title(review: Review) -> str:
    """Say how many days were served, and what they come to."""
    total = review.costs.total
    if not total.people:
        return "Belum ada hari tugas"
    return f"{number(total.duty)} hari-orang bertugas; uang harian {rupiah(total.per_diem)}"


def row(unit: str, one: DonorCost) -> CostRow:
    """Say what a donor's people come to."""
    return CostRow(
        unit,
        number(one.people),
        number(one.away),
        number(one.duty),
        number(one.late),
        number(one.rest),
        rupiah(one.per_diem),
        _claims(one),
        rupiah(one.reckoned) if one.paid else "",
        rupiah(one.claimed) if one.paid else "",
        difference(one.difference) if one.paid else "",
    )


def claims_title(total: DonorCost) -> str:
    """Say how the claims that were paid compare with the days."""
    if not total.paid:
        return "Belum ada klaim perjalanan yang dibayar"
    if not total.difference:
        return f"{number(total.paid)} klaim dibayar, sama dengan hitungan hari"
    return f"{number(total.paid)} klaim dibayar, selisih {difference(total.difference)} dari hitungan hari"


def difference(amount: int) -> str:
    """`+Rp50.000`, `−Rp50.000`, `Rp0`."""
    sign = {True: "+", False: "\N{MINUS SIGN}"}[amount > 0] if amount else ""
    return f"{sign}{rupiah(abs(amount))}"


def _claims(one: DonorCost) -> str:
    """`3 dibayar, 1 dibebaskan dan 2 belum`."""
    told = [(one.paid, "dibayar"), (one.waived, "dibebaskan"), (one.owed, "belum")]
    return listed([f"{number(count)} {what}" for count, what in told if count])


def notes(review: Review) -> Iterable[str]:
    """Say how the days are counted, and what is left to say of them."""
    terms, total = review.terms, review.costs.total
    yield (
        f"Uang harian {rupiah(terms.per_diem)} untuk tiap hari surat tugas dan perjalanannya; pada hari bertugas "
        f"{terms.meals_percent} % dipotong karena makan disediakan{_but_for(review)}. Hari itu dihitung hadir di unit asal."
    )
    if told := review.expected.estimate:
        yield (
            f"Perkiraan menurut permintaan: {rupiah(told.rupiah)} untuk {number(told.person_days)} hari-orang, "
            f"dengan tarif {rupiah(told.rate)} sehari, tanpa hari perjalanan, penginapan, dan angkutan."
        )
    yield (
        f"Sesudah kembali: {number(total.rest)} hari istirahat, {terms.rest_days} hari untuk tiap "
        f"{terms.rest_per_duty_days} hari bertugas."
    )
    if len(review.costs.donors) > 1:
        yield _spread_note(burden.spread([one.away for one in review.costs.donors]))
    if total.late:
        yield f"{number(total.late)} hari lewat batas pulang tidak dibayar dengan sendirinya."
    if review.costs.open:
        yield f"{number(review.costs.open)} orang belum pulang; harinya dihitung sampai saat laporan ini."


def _but_for(review: Review) -> str:
    """Say where nobody provided meals: there they are paid."""
    return (
        ", kecuali pada baris yang makannya dari uang harian" if review.expected.own_meals else " di lokasi"
    )


def _spread_note(found: burden.Spread) -> str:
    mean, gini = (
        f"{value:.{places}f}".replace(".", ",") for value, places in ((found.mean, 1), (found.gini, 2))
    )
    return (
        f"Beban ditanggung {number(found.carriers)} unit: rata-rata {mean} hari-orang pergi, "
        f"terbanyak {number(int(found.most))} (indeks Gini {gini}; 0 berarti sama rata)."
    )
