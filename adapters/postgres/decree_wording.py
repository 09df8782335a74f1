"""What a decree says of the cases on it, in the standing words of the rule pack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from adapters.postgres.decree_notes import come_back_from, undone_by
from domain.mutation.decree import DecreeDraft
from domain.mutation.decree_parts import Move, PersonInWords, PostInWords
from domain.mutation.decree_words import Asked, standing_considerations, standing_dictums, standing_subject
from domain.mutation.heads import office_of
from domain.mutation.kinds import Initiative
from domain.order_parts import Letterhead
from domain.rules import RulePack


def worded(head: Any, people: Sequence[Any], pack: RulePack, notes: tuple[str, ...]) -> DecreeDraft:
    """Return what a decree says in any case, signed or not: why, by which papers, and who goes where from when on."""
    words = pack.decree.where(between=is_between(people))
    authority = authority_of(head, pack)
    subject = standing_subject(words, head["government"])
    effective_at = head["effective_at"]
    undone = undone_by(people, head["zone"])
    asked = [row["initiative"] == Initiative.OWN_REQUEST for row in people]
    return DecreeDraft(
        decree_id="",
        government_id=head["government_id"],
        zone=head["zone"],
        letterhead=Letterhead(
            government=head["letterhead"][0],
            office=authority,
            contact_lines=tuple(head["letterhead"][2:]),
        ),
        authority=authority,
        number="",
        subject=subject,
        considerations=standing_considerations(
            words,
            government=head["government"],
            authority=authority,
            subject=subject,
            asked=Asked.of(asked),
            undone=undone,
            come_back_from=come_back_from(people, head["zone"], pack),
        ),
        legal_bases=words.legal_bases,
        notes=notes,
        dictums=standing_dictums(
            words,
            len(people),
            effective_at and effective_at.astimezone(ZoneInfo(head["zone"])).date(),
            authority=authority,
            undone=undone,
        ),
        moves=tuple(_move(row) for row in people),
        effective_at=effective_at,
        signed_place=head["place"],
        objection=pack.mutation.terms.objection,
        copies_to=words.copies_to,
        verification_base=words.verification_base,
        synthetic=head["synthetic"],
    )


def authority_of(head: Any, pack: RulePack) -> str:
    """Return the office that decrees in the government of a row."""
    return office_of(
        pack.mutation.decree.authority, level=head["level"], name=head["government"], place=head["place"]
    )


def is_between(people: Sequence[Any]) -> bool:
    """Say whether these people come from another government: a decree moves or appoints, and never both."""
    return any(row["between_governments"] for row in people)


def _move(row: Any) -> Move:
    return Move(
        case_id=f"mutation:{row['mutation_id']}",
        person=PersonInWords(person_id=row["person_id"], name=row["name"], nip=row["nip"], rank=row["grade"]),
        origin=PostInWords(
            position_id=row["from_position"],
            position=row["from_name"],
            unit=row["from_unit"],
            job_class=row["from_class"],
        ),
        receiving=PostInWords(
            position_id=row["to_position"],
            position=row["to_name"],
            unit=row["to_unit"],
            job_class=row["to_class"],
        ),
        dossier_sha256=row["dossier_sha256"] or "",
    )
