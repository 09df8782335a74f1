"""The death of a mutation's person that was told by mistake: the case stays ended, and says why no more."""

import pytest

from domain.authority import Actor, Appointment, Capacity, Denied, Granted
from domain.commands import REOPENS, CommandKind
from domain.mutation.authority import MAY, Facts, authority
from domain.mutation.duties import duties_of
from domain.mutation.machine import Moved, Refused, decide
from domain.mutation.matter import Concerned
from domain.mutation.reasons import REASONS
from domain.mutation.retracting import alive
from domain.mutation.said import Ask
from domain.mutation.states import DECIDED, SIGNED, UNDECIDED, State, Trigger
from lab.mutation_samples import MUTATION_STATES, NOW, said

_T = Trigger
SAYS = Ask(code="WRONG_LIST")
ENDED_BY_DEATH = sorted(UNDECIDED | DECIDED | SIGNED)


def dead(state: State) -> Moved:
    verdict = decide(
        MUTATION_STATES[state.value], _T.REPORT_DEATH, said(_T.REPORT_DEATH), decided_at=NOW, now=NOW
    )
    assert isinstance(verdict, Moved)
    return verdict


@pytest.mark.parametrize("state", ENDED_BY_DEATH)
def test_the_case_stays_ended_wherever_the_death_has_found_it(state: State) -> None:
    before = dead(state).life
    verdict = decide(before, _T.RETRACT_DEATH, SAYS, decided_at=NOW, now=NOW)
    assert verdict == Moved(alive(before))
    assert isinstance(verdict, Moved)
    after = verdict.life
    assert (after.state, after.ended, after.reserves, after.because) == (
        before.state,
        True,
        False,
        "DEATH_RETRACTED",
    )
    assert after.revision == before.revision + 1
    assert duties_of(after, Concerned("person", "proposer", "kota.A", "kota.B")) == ()
    again = decide(after, _T.RETRACT_DEATH, SAYS, decided_at=NOW, now=NOW)
    assert again == Refused("no_death_reported")


@pytest.mark.parametrize("code", [None, "", "BECAUSE"])
def test_it_takes_a_reason(code: str | None) -> None:
    verdict = decide(dead(State.SCREENING).life, _T.RETRACT_DEATH, Ask(code=code), decided_at=NOW, now=NOW)
    assert verdict == Refused("reason_missing")
    assert _T.RETRACT_DEATH in REASONS


@pytest.mark.parametrize("ends", [_T.REPORT_RETIREMENT, _T.WITHDRAW])
def test_what_ended_otherwise_was_no_death(ends: Trigger) -> None:
    ended = decide(MUTATION_STATES["SCREENING"], ends, said(ends), decided_at=NOW, now=NOW)
    assert isinstance(ended, Moved)
    for life in (ended.life, *MUTATION_STATES.values()):
        assert decide(life, _T.RETRACT_DEATH, SAYS, decided_at=NOW, now=NOW) == Refused("no_death_reported")


@pytest.mark.parametrize("capacity", MAY["RETRACT_SUBJECT_DEATH"])
def test_nobody_takes_back_their_own_death(capacity: Capacity) -> None:
    case = Facts("kota", "one", "kota.A", "kota.B")
    own, other = (Actor(name, "kota", (Appointment(capacity),)) for name in ("one", "two"))
    assert authority("RETRACT_SUBJECT_DEATH", own, case) == Denied("own_case")
    assert isinstance(authority("RETRACT_SUBJECT_DEATH", other, case), Granted)
    assert CommandKind.RETRACT_SUBJECT_DEATH in REOPENS
