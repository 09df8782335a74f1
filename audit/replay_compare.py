"""Holds what today's code would do against what is recorded, command by command, and says where they part."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from audit.replay_commands import Command
from audit.replay_recorded import Recorded
from audit.replay_today import Today


class _Nothing:
    def __repr__(self) -> str:
        return "nothing"


NOTHING = _Nothing()
"""Stands on the side of a difference where there is no value at all (None is a value)."""

_LONGEST = 200
_LISTS = frozenset({"input", "result", "details"})


@dataclass(frozen=True)
class Difference:
    """One place where today's code says something else than what is recorded.

    ``event_id`` is the event that recorded the command; for a command that is recorded nowhere, the event that
    started the workflow task in which today's code makes it. Values are plain JSON values, or ``NOTHING``.
    """

    event_id: int
    what: str
    path: str
    recorded: object
    replayed: object

    def __str__(self) -> str:
        """Return the difference in words."""
        place = " ".join(part for part in (self.what, self.path) if part)
        return f"event {self.event_id}: {place}: recorded {_words(self.recorded)}, replayed {_words(self.replayed)}"


def _words(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"


def compare(recorded: Recorded, today: Today, *, open_task: int | None) -> tuple[Difference, ...]:
    """Return every difference, in the order of events.

    ``open_task`` is the last workflow task of a run that is still open (its started event): a local activity
    scheduled there may not have ended yet, and so is recorded nowhere.
    """
    ended = {one.facts["number"] for one in recorded.local_activities}
    local = [one for one in today.local_activities if one.facts["number"] in ended or one.at != open_task]
    found = [
        *_sequences(*_without_retired_patches(recorded.commands, today.commands)),
        *_sequences(recorded.local_activities, local),
    ]
    return tuple(sorted(found, key=lambda difference: difference.event_id))


def _without_retired_patches(
    recorded: Sequence[Command], today: Sequence[Command]
) -> tuple[list[Command], list[Command]]:
    """Leave out patch markers that may come and go: those that one side marks as deprecated and the other lacks."""

    def keep(commands: Sequence[Command], others: Sequence[Command]) -> list[Command]:
        there = {one.name for one in others if one.kind == "patch"}
        kept = [
            one for one in commands if one.kind != "patch" or one.name in there or not one.facts["deprecated"]
        ]
        # Deprecating a patch is the second half of its life, not a change of meaning.
        return [replace(one, facts={}) if one.kind == "patch" else one for one in kept]

    return keep(recorded, today), keep(today, recorded)


def _sequences(recorded: Sequence[Command], today: Sequence[Command]) -> Iterator[Difference]:
    ours, theirs = ([(one.kind, one.name) for one in side] for side in (recorded, today))
    if ours == theirs:
        for was, now in zip(recorded, today, strict=True):
            yield from _facts(was, now)
        return
    for tag, i, i_end, j, j_end in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        both = min(i_end - i, j_end - j) if tag in {"equal", "replace"} else 0
        for was, now in zip(recorded[i : i + both], today[j : j + both], strict=True):
            yield from _pair(was, now)
        for was in recorded[i + both : i_end]:
            yield Difference(was.at, was.label, "", _summary(was), NOTHING)
        for now in today[j + both : j_end]:
            yield Difference(now.at, now.label, "", NOTHING, _summary(now))


def _pair(was: Command, now: Command) -> Iterator[Difference]:
    if was.kind != now.kind:
        yield Difference(was.at, was.label, "", was.label, now.label)
        return
    if was.name != now.name:
        yield Difference(was.at, was.label, "name", was.name, now.name)
    yield from _facts(was, now)


def _summary(command: Command) -> dict[str, object]:
    return {"command": command.label, **command.facts}


def _facts(was: Command, now: Command) -> Iterator[Difference]:
    for fact in sorted({*was.facts, *now.facts}):
        old, new = was.facts.get(fact, NOTHING), now.facts.get(fact, NOTHING)
        for path, recorded, replayed in _values(fact, old, new):
            yield Difference(was.at, was.label, path, recorded, replayed)


def _values(fact: str, old: object, new: object) -> Iterator[tuple[str, object, object]]:
    if fact not in _LISTS:
        yield from _walk(fact, old, new)
        return
    olds, news = ([] if side is NOTHING else side for side in (old, new))
    assert isinstance(olds, list)
    assert isinstance(news, list)
    if len(olds) == len(news) == 1:
        yield from _walk(f"{fact} $", olds[0], news[0])
        return
    for index in range(max(len(olds), len(news))):
        yield from _walk(f"{fact}[{index}] $", _item(olds, index), _item(news, index))


def _item(values: list[object], index: int) -> object:
    return values[index] if index < len(values) else NOTHING


def _walk(path: str, old: object, new: object) -> Iterator[tuple[str, object, object]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}, key=str):
            yield from _walk(f"{path}.{key}", old.get(key, NOTHING), new.get(key, NOTHING))
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            yield from _walk(f"{path}[{index}]", _item(old, index), _item(new, index))
    elif _canonical(old) != _canonical(new):
        yield path, old, new


def _canonical(value: object) -> str:
    # As JSON, so that 1, 1.0 and true stay three things; repr for what is no JSON (NOTHING).
    return repr(value) if value is NOTHING else json.dumps(value, sort_keys=True)
