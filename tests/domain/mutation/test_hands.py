"""Who would approve and who would sign, by how the offices are held."""

from itertools import permutations

import pytest

from domain.authority import Appointment, Capacity, Tenure
from domain.mutation.dossier import Approver, Signer
from domain.mutation.hands import Holder, approver_of, signer_of

AUTHORITY, SIGNATORY = Capacity.APPOINTING_AUTHORITY, Capacity.SIGNATORY
NOBODY: frozenset[str] = frozenset()
MAYOR, OFFICER = Holder("mayor", Appointment(AUTHORITY)), Holder("officer", Appointment(SIGNATORY))


def by_mandate(
    person: str, capacity: Capacity, tenure: Tenure = Tenure.SUBSTITUTE, scope: frozenset[str] | None = None
) -> Holder:
    return Holder(
        person, Appointment(capacity, None, tenure, "mayor", "mayor", f"writ of {person}", scope=scope)
    )


ACTING, DELEGATE = by_mandate("acting", AUTHORITY, Tenure.PLH), by_mandate("delegate", AUTHORITY)


def test_the_authority_approves_and_the_signatory_signs_in_whatever_order_they_are_told() -> None:
    for told in permutations((MAYOR, OFFICER, ACTING, DELEGATE)):
        assert approver_of(told, NOBODY) == Approver("mayor", AUTHORITY)
        assert signer_of(told, frozenset({"mayor"})) == Signer("officer", Tenure.DEFINITIVE)


def test_nobody_decides_where_nobody_holds_the_office() -> None:
    assert approver_of((OFFICER,), NOBODY) is None
    assert signer_of((), NOBODY) is None


def test_a_delegate_comes_before_somebody_acting_and_is_named_with_the_writ() -> None:
    assert signer_of((ACTING, DELEGATE), NOBODY) == Signer("delegate", Tenure.SUBSTITUTE, "writ of delegate")
    approver = approver_of((ACTING, DELEGATE), NOBODY)
    assert approver == Approver("delegate", AUTHORITY, None, Tenure.SUBSTITUTE, "mayor", "mayor")


@pytest.mark.parametrize("involved", ["officer", "another"])
def test_somebody_involved_is_taken_only_where_there_is_nobody_else(involved: str) -> None:
    named = signer_of((MAYOR, OFFICER), frozenset({involved}))
    assert named
    assert named.person_id == ("mayor" if involved == "officer" else "officer")
    assert signer_of((OFFICER,), frozenset({involved})) == Signer("officer", Tenure.DEFINITIVE)


def test_whoever_is_involved_is_so_by_a_delegate_too() -> None:
    other = Holder("deputy", Appointment(AUTHORITY))
    assert approver_of((DELEGATE, other), frozenset({"mayor"})) == Approver("deputy", AUTHORITY)


def test_a_mandate_for_other_decisions_is_none_for_this_one() -> None:
    orders, decrees = frozenset({"SIGN_ORDER"}), frozenset({"SIGN_DECREE"})
    assert signer_of((by_mandate("a", SIGNATORY, scope=orders),), NOBODY) is None
    assert signer_of((by_mandate("a", SIGNATORY, scope=decrees),), NOBODY) is not None
