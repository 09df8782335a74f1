"""What a proposal says, who speaks for a side whose head cannot, and where a decree that undoes another one may lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.mutation.codes import PositionKind
from domain.mutation.documents import Document
from domain.mutation.kinds import Initiative
from domain.mutation.states import Party


@dataclass(frozen=True)
class Proposal:
    """Who is to go to which position, on whose wish, with which documents handed in.

    `reverses` is the mutation whose decree this one undoes.
    """

    person_id: str
    position_id: str
    initiative: Initiative = Initiative.ORGANISATION
    documents: frozenset[Document] = frozenset()
    reverses: str | None = None

    def told(self) -> list[str | None]:
        """Return what the request says, for its idempotency key."""
        return [self.person_id, self.position_id, self.initiative, *sorted(self.documents), self.reverses]


def sides_of_the_secretary(heads: Mapping[Party, Sequence[str]], involved: set[str]) -> frozenset[Party]:
    """Return for which sides the Sekda speaks: where nobody heads the unit, or its head is the person or proposes."""
    return frozenset(party for party, who in heads.items() if not set(who) - involved)


def left_unspoken(secretaries: Iterable[Iterable[str | None]], proposers: set[str]) -> bool:
    """Say whether a proposal leaves nobody to speak for a side of the Sekda's, by the hands of each who holds that office.

    Then silence would count, though nobody could have spoken. Where nobody holds the office, somebody may be named in time.
    """
    hands = [set(one) for one in secretaries]
    return bool(hands) and all(one & proposers for one in hands)


@dataclass(frozen=True)
class FormerPost:
    """The post that a decree took from somebody; `lost` where it is gone from the map, filled, or promised to another case."""

    position_id: str
    kind: PositionKind
    job_class: int
    lost: bool


def restoring_fault(
    former: FormerPost, position_id: str, kind: PositionKind | None, job_class: int | None
) -> str | None:
    """Return why a post does not restore the former one, or None: it is that one, or its equal where that one is lost."""
    if position_id == former.position_id:
        return None
    if not former.lost:
        return "former_post_free"
    return None if (kind, job_class) == (former.kind, former.job_class) else "not_an_equal_post"
