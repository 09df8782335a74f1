"""The head of a paper and the block under it: who speaks, who signs, and by what right."""

from __future__ import annotations

from typing import Any

from adapters.documents import indonesian as id_
from domain.order_parts import Capacity, Letterhead, Signatory


def signing(signatory: Signatory) -> dict[str, Any]:
    """Give the office, name, rank and number under a paper."""
    return {
        "office": office_lines(signatory),
        "name": id_.plain(signatory.name),
        "rank": id_.ranked(signatory.rank),
        "nip": id_.grouped_nip(id_.plain(signatory.nip)),
    }


def office_lines(signatory: Signatory) -> list[str]:
    """Give the lines above the name: `a.n. WALI KOTA KUPANG / SEKRETARIS DAERAH,`."""
    own = id_.plain(signatory.position).upper()
    above = [id_.plain(office).upper() for office in signatory.principals]
    if signatory.capacity is Capacity.SUB_DELEGATED:
        lines = [f"a.n. {above[0]}", above[1], "u.b.", own]
    elif signatory.capacity is Capacity.ON_BEHALF:
        lines = [f"a.n. {above[0]}", own]
    elif signatory.capacity is Capacity.DEFINITIVE:
        lines = [own]
    else:
        lines = [f"{signatory.capacity.value}. {own}"]
    return [*lines[:-1], lines[-1] + ","]


def letterhead(head: Letterhead) -> dict[str, Any]:
    """Give the head of a paper, in capitals."""
    return {
        "government": id_.plain(head.government).upper(),
        "office": id_.plain(head.office).upper(),
        "contact": [id_.plain(line) for line in head.contact_lines],
    }
