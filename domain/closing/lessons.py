"""Lessons of a surge: free text of the coordinator, kept apart from the log, which holds that there is one and about what."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from domain import cases
from domain.authority import Capacity
from domain.log import Attribution, Fact

LESSON = "LessonNoted"
TEACHERS = (Capacity.COORDINATOR, Capacity.COMMAND_POST)
"""Offices that may note one."""


class Topic(StrEnum):
    """What a lesson is about."""

    PREPARATION = "PREPARATION"
    STAFFING = "STAFFING"
    SITE = "SITE"
    RETURN = "RETURN"
    OTHER = "OTHER"


def lesson_noted(surge_id: str, lesson_id: str, topic: Topic, by: Attribution, at: datetime) -> Fact:
    """Return the fact for the log."""
    return Fact(
        "LessonNoted", cases.surge(surge_id), at, by, None, {"lesson_id": lesson_id, "topic": topic.value}
    )
