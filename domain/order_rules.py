"""What the rule pack says of an assignment order: its standing words, and its register."""

from __future__ import annotations

from dataclasses import dataclass

from domain.rule_finder import Finder


@dataclass(frozen=True)
class OrderRules:
    """The standing words of an assignment order, and the register that numbers it."""

    register: str
    unit_code: str
    subject: str
    considerations: tuple[str, ...]
    override_consideration: str
    oral_consideration: str
    service_consideration: str
    acting_head: str
    legal_bases: tuple[str, ...]
    service_legal_bases: tuple[str, ...]
    duties: tuple[str, ...]
    copies_to: tuple[str, ...]
    verification_base: str


def read_order(find: Finder) -> OrderRules:
    """Return the words under `documents.assignment_order`; raises RulePackInvalid naming the key that is wrong."""
    at = "documents.assignment_order"
    return OrderRules(
        register=find.text(f"{at}.register"),
        unit_code=find.text(f"{at}.unit_code"),
        subject=find.text(f"{at}.subject"),
        considerations=find.texts(f"{at}.considerations"),
        override_consideration=find.text(f"{at}.override_consideration"),
        oral_consideration=find.text(f"{at}.oral_consideration"),
        service_consideration=find.text(f"{at}.service_consideration"),
        acting_head=find.text(f"{at}.acting_head"),
        legal_bases=find.texts(f"{at}.legal_bases"),
        service_legal_bases=find.texts(f"{at}.service_legal_bases"),
        duties=find.texts(f"{at}.duties"),
        copies_to=find.texts(f"{at}.copies_to"),
        verification_base=find.text(f"{at}.verification_base"),
    )
