"""What the page of a mutation tells of its life, its rules and what was said, as far as the actor may know it."""

from __future__ import annotations

from typing import Any

from domain.mutation.findings import Finding, Measure, Rule
from domain.mutation.screening import Judged
from domain.mutation.states import ENDS, Does, State
from domain.mutation.workloads import Change

OF_THE_POST = frozenset({Rule.M09, Rule.M10})
"""What the rules say of the post and of both units' workload: all that a head must know of them."""

_VERDICTS = {"RECOMMEND_MUTATION": "RECOMMENDED", "ADVISE_AGAINST_MUTATION": "ADVISED_AGAINST"}
_UNSAID: dict[str, Any] = {"overrides": [], "assessment": None, "errata": [], "words": []}


def told(life: dict[str, Any] | None, judged: Judged, said: dict[str, Any] | None) -> dict[str, Any]:
    """Return what the page says besides the case's own row; a head sees of the person what the post is about.

    `said` is what people said of the case, and None for whoever does not see the whole of it.
    """
    known, found, whole = life or {}, judged.weighed, said is not None
    filed = known.get("filed", [])
    return {
        **(_said(said, known) if said is not None else _UNSAID),
        "outcome": found.outcome.value,
        "screened_at": judged.screened_at,
        "in_post_since": judged.dossier.person.post_since if whole else None,
        "rules": [
            _rule(one, whole=whole) for one in found.screening.findings if whole or one.rule in OF_THE_POST
        ],
        "missing": [one.value for one in found.screening.missing],
        "loads": [
            _load(one) for one in (found.screening.changes.releasing, found.screening.changes.receiving)
        ],
        "heard": [
            {**one, "reason": one.get("reason") if whole else None, "counter_date": one.get("counter_date")}
            for one in known.get("heard", [])
        ],
        "clearances": known.get("clearances", []),
        "because": known.get("because") if whole else None,
        "draft": _draft(known),
        "signature_asked": (_going_round(known) or {}).get("asked"),
        "second": _second(known.get("second")),
        "impediments": known.get("impediments", []),
        "held_up": known.get("held_up"),
        "objection": _objection(known.get("objection")),
        "objection_until": known.get("objection_until"),
        "papers_owed": [] if ended(known) else [one for one in known.get("papers", []) if one not in filed],
    }


def ended(known: dict[str, Any]) -> bool:
    """Whether nothing is waited for any more."""
    return known.get("state") in ENDS


def _draft(known: dict[str, Any]) -> dict[str, Any] | None:
    """What stands on the draft; a second decree that undoes has no day of its own."""
    draft = _going_round(known)
    told: dict[str, Any] = {"effective_at": None, "initials": [], "initialled": 0}
    return draft and {name: draft.get(name, unsaid) for name, unsaid in told.items()}


def _going_round(known: dict[str, Any]) -> dict[str, Any] | None:
    """Of the decree that is prepared, of the second one about it, or of the one that undoes that."""
    stands = known.get("blocked_in") or known.get("state")
    second = known.get("second") or {}
    third = second.get("second") or {}
    for one, state in ((known, stands), (second, second.get("state")), (third, third.get("state"))):
        if state == State.DECREE_PREPARED:
            draft: dict[str, Any] | None = one.get("decree")
            return draft
    return None


def _second(second: dict[str, Any] | None) -> dict[str, Any] | None:
    return second and second | {
        "number": (second["decree"] or {}).get("number"),
        "objection": (second.get("objection") or {}).get("state"),
        "undone_by": _third(second.get("second")),
        "objection_until": second.get("objection_until") if _contested(second) else None,
        "corrections": _corrections(second.get("before")),
    }


def _third(third: dict[str, Any] | None) -> dict[str, Any] | None:
    """By it the first decree stands again, and it is that one which is objected to from then on."""
    return third and (_second(third) or {}) | {"objection_until": None}


def _objection(objection: dict[str, Any] | None) -> str | None:
    """To the decree as it reads now: what was said of it as it read before counts no more."""
    return objection["state"] if objection and not objection.get("anew") else None


def _contested(second: dict[str, Any]) -> bool:
    """To a correction, or where it stands again, the person objects as to the first decree, which reads so from then on."""
    unasked = second["does"] == Does.CANCELS or bool(second.get("unasked"))
    undone = (second.get("second") or {}).get("state") == State.SERVED
    return unasked and second["does"] != Does.CORRECTS and not undone


def _corrections(before: dict[str, Any] | None) -> list[str]:
    """The numbers of what has corrected the first decree before, the oldest first."""
    if before is None:
        return []
    own = [before["decree"]["number"]] if before["does"] == Does.CORRECTS else []
    return [*_corrections(before.get("before")), *own]


def _said(said: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """What came back is heard and assessed anew: the former assessment counts no more."""
    assessed = said["assessment"] if known.get("heard") else None
    verdict = assessed and {**assessed, "verdict": _VERDICTS[assessed["kind"]]}
    return {**said, "assessment": verdict}


def _rule(one: Finding, *, whole: bool) -> dict[str, Any]:
    """What a rule measured of the post, it measured of the person too: a head is told the codes alone."""
    return {
        "measures": [_measured(measure) for measure in one.measures] if whole else [],
        "rule": one.rule.value,
        "effect": one.effect.value,
        "codes": sorted({measure.code for measure in one.faults}),
        "source": one.source,
    }


def _measured(one: Measure) -> dict[str, Any]:
    return {
        "code": one.code,
        "met": one.met,
        "found": one.have,
        "needed": one.needed,
        "unit": one.unit,
        "about": one.about,
    }


def _load(change: Change) -> dict[str, Any]:
    before, after = change.before, change.after
    return {
        "unit_id": before.unit,
        "role": before.role,
        "need": None if before.need is None else float(before.need),
        "headcount_before": before.headcount,
        "headcount_after": after.headcount,
    }
