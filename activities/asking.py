"""Who asks an activity: whoever reaches the engine may ask anything, in any name but that of a case that they do not run."""

from datetime import datetime, timedelta

from temporalio import activity

_ROUNDED = timedelta(seconds=1)
"""What an instant may lose on its way."""


def asked_by(case_id: str) -> bool:
    """Say whether it is this case that asks; no case writes another one's moves."""
    asks = activity.info().workflow_id == case_id
    if not asks:
        activity.logger.error("asked by another than the case", extra={"case_id": case_id})
    return asks


def has_come(at: datetime) -> bool:
    """Say whether an instant has come by the engine's clock: nothing is due before its time because somebody says so."""
    return at <= activity.info().scheduled_time + _ROUNDED
