"""Sets assignment orders, extracts and travel orders as PDF; the same facts give the same bytes, in any process."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from adapters.documents import paper, travel_paper
from adapters.documents.press import Press
from domain.documents import AssignmentOrder
from domain.travel_order import TravelOrder


class Typesetter:
    """Typesets papers; one instance may serve any number of threads."""

    def __init__(self) -> None:
        self._press = Press("order.typ")
        self._travel = Press("travel.typ")

    def assignment_order(self, order: AssignmentOrder, issued_at: datetime) -> bytes:
        """Set the collective order: the letter, and beyond three people a landscape annex. Returns PDF/A-2b."""
        return self._set(order, paper.collective(order), issued_at)

    def extract(self, order: AssignmentOrder, placement_id: str, issued_at: datetime) -> bytes:
        """Set one person's extract (petikan); nobody else of the order appears in it. Returns PDF/A-2b.

        Raises LookupError when the order does not carry this placement.
        """
        person = order.person(placement_id)
        if person is None:
            raise LookupError(f"order {order.order_id} carries no placement {placement_id}")
        return self._set(order, paper.extract(order, person, issued_at), issued_at)

    def travel_order(self, paper: TravelOrder) -> bytes:
        """Set one person's travel order (SPD), both sides. Returns PDF/A-2b."""
        said, emblem = travel_paper.said_of(paper), paper.letterhead.emblem_svg
        return self._travel.set(f"travel order {paper.number}", said, emblem, paper.signed_at)

    def _set(self, order: AssignmentOrder, said: dict[str, Any], issued_at: datetime) -> bytes:
        return self._press.set(f"order {order.order_id}", said, order.letterhead.emblem_svg, issued_at)
