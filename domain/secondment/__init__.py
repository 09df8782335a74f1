"""The life of one secondment: its states, what moves it, and when it moves by itself."""

from domain.secondment.alarms import (
    Alarm,
    answer_by,
    arrive_by,
    condition_by,
    heard_by,
    next_alarm,
    release_by,
)
from domain.secondment.amending import moved_on
from domain.secondment.asking import TRIGGER_OF, ask_of
from domain.secondment.life import Amendment, Clock, Condition, Life, Post
from domain.secondment.machine import OTHER_SITE, Moved, Refused, decide
from domain.secondment.said import NOTHING, Ask
from domain.secondment.states import (
    ABSENT,
    DEPLOYED,
    ENDS,
    FILLED,
    HOMEWARD,
    NEWS,
    NOT_YET_OUT,
    ON_SITE,
    OUT,
    VACATED,
    Hearing,
    Item,
    Leaving,
    Party,
    State,
    Trigger,
)
from domain.secondment.table import DIRECTED, TRANSITIONS, target_of

__all__ = [
    "ABSENT",
    "DEPLOYED",
    "DIRECTED",
    "ENDS",
    "FILLED",
    "HOMEWARD",
    "NEWS",
    "NOTHING",
    "NOT_YET_OUT",
    "ON_SITE",
    "OTHER_SITE",
    "OUT",
    "TRANSITIONS",
    "TRIGGER_OF",
    "VACATED",
    "Alarm",
    "Amendment",
    "Ask",
    "Clock",
    "Condition",
    "Hearing",
    "Item",
    "Leaving",
    "Life",
    "Moved",
    "Party",
    "Post",
    "Refused",
    "State",
    "Trigger",
    "answer_by",
    "arrive_by",
    "ask_of",
    "condition_by",
    "decide",
    "heard_by",
    "moved_on",
    "next_alarm",
    "release_by",
    "target_of",
]
