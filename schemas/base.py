"""What every message shares."""

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """A message of workflows and activities.

    Frozen, and deaf to fields it does not know: a newer sender must not stop an older reader.
    A field that is added later has a default; none is renamed, retyped or used again. The same
    holds for the domain dataclasses that messages carry (lives, seats, moves).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
