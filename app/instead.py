"""Tasks that no verdict settles: what does, in one line."""

from __future__ import annotations

from domain import cases
from domain.moves import TaskKind

_T = TaskKind
INSTEAD: dict[TaskKind, str] = {
    _T.RESUBMIT_SURGE: "change the request and send it again whole: ./siaga surge resubmit {key} FILE.toml",
    _T.CHASE_PLAN: "see that the coordinator confirms the plan (./siaga surge confirm {key} PLAN); it is theirs to decide",
    _T.CHASE_ORDER: "see that the signatory signs the order (./siaga order sign {key}); it is theirs to decide",
    _T.EXPECT_RETURN: "be there; the home head then confirms the return: ./siaga return {key}",
    _T.KNOW_NEW_POST: "nothing is asked: where the person is by now says ./siaga who-is-out",
    _T.KNOW_THIN_UNIT: "nothing is asked: what its head has said, and until when, says ./siaga thin list",
    _T.FILL_OR_REDUCE: "nobody is found for some seats (./siaga surge show {key}): ask for fewer (./siaga surge line cut --help) or let more people go (./siaga redline override --help)",
    _T.ADD_OR_STAND_DOWN: "the surge asks for nobody any more: stand it down (./siaga surge stand-down {key}) or add a line (./siaga surge line add --help)",
    _T.LETTER_ENDING: "whoever still needs the people asks for a new letter: ./siaga surge prolong {key} --help",
    _T.NAME_ACTING_HEAD: "name who acts in the post: ./siaga substitute plh --help",
    _T.CHASE_ACTING_HEAD: "see that somebody is named to act in the post: ./siaga substitute plh --help",
    _T.FILE_REPORT: "rate the posting: ./siaga evaluate {key} --help",
    _T.EVALUATE_PERSON: "rate the person: ./siaga evaluate {key} --help",
    _T.CHASE_SETTLEMENT: "see that what is owed comes in (./siaga settle due says what); others file and settle it",
    _T.MEND_MUTATION: "mend the file and send it again: ./siaga mutation resubmit {key} --help",
    _T.ANSWER_HEARING: "say whether you agree, or why not: ./siaga mutation hear {key} --help",
    _T.PROPOSE_REVERSAL: "propose the move that undoes it: ./siaga mutation propose --help",
    _T.SETTLE_EFFECT: "mend what the registry has against it (./siaga mutation show {key} says what); it is tried again each hour",
    _T.CHASE_MUTATION: "see that whoever is asked does it (./siaga mutation show {key} says who); it is theirs to decide",
}
"""What settles a task of this kind; `{key}` is its case's."""


def instead(kind: TaskKind, case_id: str) -> str | None:
    """Say what settles a task that has no verdict; None where verdicts do."""
    said = INSTEAD.get(kind)
    return said.format(key=cases.parse(case_id).key) if said else None
