"""By what right somebody signs a decree."""

from __future__ import annotations

from typing import Any

from adapters.postgres.order_words import BY_TENURE
from domain.authority import Capacity as Office
from domain.authority import Tenure
from domain.mutation.rules import DecreeRules
from domain.order_parts import Capacity, Signatory


def signatory_of(head: Any, rules: DecreeRules, authority: str) -> Signatory:
    """Say by what right the signatory signs: in the office that decrees, or for it by its written delegation."""
    own = Office(head["capacity"]) == Office.APPOINTING_AUTHORITY
    by_mandate = head["tenure"] != Tenure.DEFINITIVE
    capacity = BY_TENURE[Tenure(head["tenure"])] if own or by_mandate else Capacity.ON_BEHALF
    delegated = capacity is Capacity.ON_BEHALF
    return Signatory(
        person_id=head["signatory_id"],
        name=head["signatory"],
        nip=head["signatory_nip"],
        rank=head["signatory_grade"],
        position=authority if own and not by_mandate else head["signatory_position"] or "",
        capacity=capacity,
        delegation_ref=(head["mandate_letter"] or rules.delegation.replace("{authority}", authority))
        if delegated
        else "",
        principals=(authority,) if delegated else (),
    )
