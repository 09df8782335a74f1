"""The rules about those who decide: M11 to M14. What the table of authority says is asked of it, and not said again."""

from __future__ import annotations

from collections.abc import Callable

from domain.authority import ACTING, Capacity, CaseFacts, Tenure, parted
from domain.mutation.dossier import Approver, Dossier
from domain.mutation.findings import Measure, told
from domain.mutation.freezes import freezes
from domain.mutation.rules import MutationRules
from domain.separation import Apart


def m11(dossier: Dossier, _rules: MutationRules) -> tuple[Measure, ...]:
    """No relative would be above or below the person, and none decides; the own decision is M14's."""
    relatives = dossier.person.relations
    hands = {hand for one in _deciding(dossier) for hand in (one.person_id, one.principal_id) if hand}
    in_line = len({one.person_id for one in relatives if one.in_line})
    deciding = len({one.person_id for one in relatives} & hands)
    return (
        Measure("relative_in_line", in_line, 0, met=not in_line),
        Measure("relative_decides", deciding, 0, met=not deciding),
    )


def m12(dossier: Dossier, rules: MutationRules) -> tuple[Measure, ...]:
    """No freeze holds either post; `needed` is the last day of one, after which nobody need be asked."""
    return tuple(
        Measure(
            one.code,
            told(dossier.asked_on),
            told(one.last),
            met=not one.holds(dossier.asked_on),
            about=one.agency_id,
        )
        for one in freezes(dossier, rules.freeze)
    )


def m13(dossier: Dossier, _rules: MutationRules) -> tuple[Measure, ...]:
    """Whoever signs holds the office of the appointing authority by appointment, or by its written delegation."""
    signer = dossier.signer
    if signer is None:
        return (Measure("nobody_signs", 0, 1, met=False),)
    acting = signer.tenure in ACTING
    measures = [Measure("not_by_acting", signer.tenure.value, Tenure.DEFINITIVE.value, met=not acting)]
    if signer.tenure == Tenure.SUBSTITUTE:
        shown = bool(signer.delegation)
        measures.append(Measure("delegation_missing", int(shown) or None, 1, met=shown))
    return tuple(measures)


def m14(dossier: Dossier, _rules: MutationRules) -> tuple[Measure, ...]:
    """Nobody decides in their own case or on their own proposal, and no two verdicts are one person's."""
    deciding = _deciding(dossier)
    facts = CaseFacts(dossier.receiving.agency.agency_id, dossier.person.person_id, None, dossier.proposer_id)

    def at_fault(apart: Apart) -> Callable[[Approver], bool]:
        return lambda one: parted(apart, one.person_id, one.office, facts) is not None

    own = sum(map(at_fault(Apart(subject=True)), deciding))
    proposed = sum(map(at_fault(Apart(proposer=True)), deciding))
    twice = sum(any(_twice(one, other) for other in deciding) for one in deciding)
    return (
        Measure("own_case", own, 0, met=not own),
        Measure("own_proposal", proposed, 0, met=not proposed),
        Measure("two_hats", twice, 0, met=not twice),
    )


def _deciding(dossier: Dossier) -> frozenset[Approver]:
    """All who give a verdict; whoever signs does too."""
    if dossier.signer is None:
        return dossier.approvers
    signs = Approver(dossier.signer.person_id, Capacity.APPOINTING_AUTHORITY, tenure=dossier.signer.tenure)
    return dossier.approvers | {signs}


def _twice(one: Approver, other: Approver) -> bool:
    """Whether one person stands behind both, in two offices: two units' heads are two offices."""
    apart = (one.capacity, one.unit_id) != (other.capacity, other.unit_id)
    return apart and bool(_hands(one) & _hands(other))


def _hands(approver: Approver) -> set[str]:
    return {hand for hand in (approver.person_id, approver.principal_id) if hand}
