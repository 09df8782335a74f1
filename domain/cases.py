"""The ids of cases, built and parsed in this one place; a case's id is its workflow's id."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain import operation as operations
from domain import surge as surges
from domain.mutation import life as mutations
from domain.mutation.group_life import GroupLife
from domain.mutation.matter import Matter
from domain.mutation.states import GroupKind


class CaseKind(StrEnum):
    """The kinds of cases; the value is the prefix of the id."""

    OPERATION = "operation"
    SURGE = "surge"
    SECONDMENT = "secondment"
    MUTATION = "mutation"
    BATCH = "batch"
    SWAP = "swap"
    THIN = "thin"


GROUPS = frozenset({CaseKind.BATCH, CaseKind.SWAP})
"""Cases that hold several mutations together."""
CARRIED = frozenset(CaseKind) - {CaseKind.THIN}
"""Cases that a workflow carries; of a thin unit the books alone keep account."""


@dataclass(frozen=True)
class CaseName:
    """A parsed case id."""

    kind: CaseKind
    key: str


def operation(operation_id: str) -> str:
    """Return the case id of an operation."""
    return f"{CaseKind.OPERATION}:{operation_id}"


def surge(surge_id: str) -> str:
    """Return the case id of a surge."""
    return f"{CaseKind.SURGE}:{surge_id}"


def secondment(placement_id: str) -> str:
    """Return the case id of a secondment."""
    return f"{CaseKind.SECONDMENT}:{placement_id}"


def mutation(mutation_id: str) -> str:
    """Return the case id of a mutation."""
    return f"{CaseKind.MUTATION}:{mutation_id}"


def group(of: mutations.Group) -> str:
    """Return the case id of a batch or a swap."""
    return f"{CaseKind[of.kind]}:{of.group_id}"


_PREFIX = {GroupKind.BATCH: "BA-", GroupKind.SWAP: "SW-"}


def new_group(kind: GroupKind, key: str) -> mutations.Group:
    """Return a batch or a swap that is begun; its id says which of them it is."""
    return mutations.Group(kind, f"{_PREFIX[kind]}{key}")


def group_by_id(group_id: str) -> mutations.Group:
    """Return the batch or the swap of an id, or of its beginning; of one that says neither, a batch."""
    kind = GroupKind.SWAP if group_id.startswith(_PREFIX[GroupKind.SWAP]) else GroupKind.BATCH
    return mutations.Group(kind, group_id)


def group_of(case_id: str) -> mutations.Group:
    """Return the batch or the swap that a case id names; raises ValueError when it names none."""
    name = parse(case_id)
    if name.kind not in GROUPS:
        raise ValueError(f"not the case id of a batch or a swap: {case_id!r}")
    return mutations.Group(GroupKind[name.kind.name], name.key)


def thin(episode_id: str) -> str:
    """Return the case id of a unit that is thin, from the one time that it became so until it is so no more."""
    return f"{CaseKind.THIN}:{episode_id}"


def parse(case_id: str) -> CaseName:
    """Return the parts of a case id; raises ValueError when it is none."""
    prefix, _, key = case_id.partition(":")
    if not key or prefix not in [kind.value for kind in CaseKind]:
        msg = f"not a case id: {case_id!r} (expected one of {', '.join(CaseKind)} followed by ':' and a key)"
        raise ValueError(msg)
    return CaseName(CaseKind(prefix), key)


@dataclass(frozen=True)
class OpenMutation:
    """What a mutation is about as it begins: to which position, and the mutation whose decree it undoes, if any."""

    matter: Matter
    position_id: str
    reverses: str | None


@dataclass(frozen=True)
class OpenCase:
    """A case that the registry holds open; `life` is None before its first move, `mutation` says what a mutation is about.

    `members` are the mutations that a batch or a swap was put together of.
    """

    case_id: str
    government_id: str
    command_id: str
    rule_pack: str
    life: surges.Life | operations.Life | mutations.Life | GroupLife | None
    mutation: OpenMutation | None = None
    members: tuple[str, ...] = ()
