"""Messages of a mutation."""

from datetime import datetime
from typing import Self

from domain.authority import Capacity
from domain.cases import OpenCase
from domain.commands import Command
from domain.mutation.beside import Counsel
from domain.mutation.life import Life
from domain.mutation.matter import Matter
from domain.mutation.moving import Issued, MutationMove
from domain.mutation.states import Paper
from domain.rules import RulePack
from domain.terms import Term
from schemas.base import Message


class MutationStart(Message):
    """Begin a mutation by its proposal, or go on with it: `life` is None only at the very start.

    `initials` are the offices that initial its decree, in order; `objection` is how long the person may object.
    """

    matter: Matter
    position_id: str
    reverses: str | None
    command_id: str
    initials: tuple[Capacity, ...]
    objection: Term
    life: Life | None = None

    @classmethod
    def of(cls, case: OpenCase, pack: RulePack) -> Self:
        """Return how an open case begins or goes on, as the registry has it."""
        assert case.mutation is not None
        return cls(
            matter=case.mutation.matter,
            position_id=case.mutation.position_id,
            reverses=case.mutation.reverses,
            command_id=case.command_id,
            initials=pack.mutation.decree.initials,
            objection=pack.mutation.terms.objection,
            life=case.life if isinstance(case.life, Life) else None,
        )


class StandingFound(Message):
    """How the case that asks begins or goes on by the books; None where they hold no such case open."""

    start: MutationStart | None = None


class MutationRef(Message):
    """One mutation."""

    mutation_id: str


class MakePapers(Message):
    """Make the papers of a mutation that are owed, as of an instant."""

    mutation_id: str
    at: datetime


class WriteMutation(Message):
    """Write one move of a mutation."""

    move: MutationMove


class MutationWritten(Message):
    """Whether the books took the move; `refused` says which guard did not let it be."""

    refused: str | None = None


class MatterFound(Message):
    """What a mutation is about, as its file names it now."""

    matter: Matter


class MutationStands(Message):
    """Where a mutation stands by the books; None before its first move."""

    life: Life | None


class TellGroup(Message):
    """Tell a batch or a swap that one of its members is not where it was."""

    case_id: str


class ScreenAsk(Message):
    """Ask the rules about a mutation as of an instant, for the decision of this command."""

    mutation_id: str
    command_id: str
    at: datetime


class ScreeningFound(Message):
    """Whether the case may go on (an outcome's code), the first rule that is in the way, and what the route needs.

    Without `papers`, the life's own stay: what was screened before they were told. `circle`: the case and others wait for each
    other's full posts.
    """

    outcome: str
    rule: str | None
    clearances: tuple[str, ...]
    dossier_sha256: str
    papers: tuple[Paper, ...] | None = None
    panel: bool = False
    circle: bool = False
    counsel: Counsel | None = None


class OverrideAsk(Message):
    """May a rule's block not count in a mutation, as this command says?"""

    mutation_id: str
    command: Command
    at: datetime


class OverrideFound(Message):
    """The code of what stands against it, if anything."""

    fault: str | None = None


class CountTerms(Message):
    """Count every term of this life that is not counted yet."""

    government_id: str
    pack: str
    life: Life


class TermsCounted(Message):
    """The life with its terms."""

    life: Life


class ReserveDecree(Message):
    """Reserve the next number for the decree that this command signs: of one mutation, or of a group's.

    `amends` is the decree that it undoes or corrects, of a second one.
    """

    case_id: str
    mutation_ids: tuple[str, ...]
    command_id: str
    decree_id: str
    effective_at: datetime
    at: datetime
    amends: str | None = None


class DecreeReserved(Message):
    """The decree and its number."""

    decree_id: str
    number: str


class DecreeRef(Message):
    """One decree, to be made."""

    decree_id: str


class ExtractAsk(Message):
    """Make the extract of a decree for one mutation; `at` is when it is certified."""

    decree_id: str
    mutation_id: str
    at: datetime


class DecreeMade(Message):
    """The decree is typeset, signed and kept; or a service is asked to sign it; or `missing` names the parts it lacks."""

    issued: Issued | None = None
    asked: bool = False
    missing: tuple[str, ...] = ()


class SignatureCame(Message):
    """What a service that was asked to sign has answered: the decree, or the code of why there is none."""

    issued: Issued | None = None
    refused: str | None = None


class ExtractMade(Message):
    """The extract is sealed and kept; or it cannot be made and `missing` names the parts; or the seal is out of reach."""

    missing: tuple[str, ...] = ()
    away: bool = False


class VoidDecree(Message):
    """Give a reserved number up, with the reason that the register keeps."""

    decree_id: str
    reason: str
    at: datetime


class Undone(Message):
    """Signal: the decree of another mutation has undone this one."""

    case_id: str


class TellUndone(Message):
    """Tell a mutation that the decree of another one has undone it."""

    mutation_id: str
    case_id: str


class MutationView(Message):
    """Query: where the mutation stands."""

    matter: Matter
    life: Life | None
