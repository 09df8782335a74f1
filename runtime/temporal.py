"""The one way to reach Temporal: the same converter for client, worker, replayer and drills.

A payload codec has its slot here from the first golden on: a history that was written through a codec can only be
replayed through it.
"""

import dataclasses
import logging
from functools import cache

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes, PayloadCodec
from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from runtime.settings import Settings

CORE_LOG = "temporalio.core"


class EngineUnavailable(Exception):
    """Temporal does not answer at its address; the message is one line for the user."""


def data_converter(codec: PayloadCodec | None = None) -> DataConverter:
    """Turn messages into payloads: pydantic JSON, and `codec` over it where one is given.

    With a codec the texts and stacks of failures are encoded too: they would otherwise lie beside it in the clear.
    """
    if codec is None:
        return pydantic_data_converter
    return dataclasses.replace(
        pydantic_data_converter,
        payload_codec=codec,
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


async def connect(settings: Settings, *, codec: PayloadCodec | None = None) -> Client:
    """Connect to the engine that the settings name. Raises EngineUnavailable, or SettingsError without an address."""
    address = settings.need_temporal_address()
    try:
        return await Client.connect(
            address,
            namespace=settings.temporal_namespace,
            data_converter=data_converter(codec),
            runtime=quiet_runtime(),
        )
    except RuntimeError as error:  # what the SDK raises for a refused connection
        msg = f"Temporal does not answer at {address}"
        raise EngineUnavailable(msg) from error


@cache
def quiet_runtime() -> Runtime:
    """The SDK's native part, made once a process: its warnings go to our log, never to stdout."""
    log = logging.getLogger(CORE_LOG)
    # The case is in the record's own fields (runtime/logs.py); in the text as well it would stand there twice.
    workflow.logger.workflow_info_on_message = False
    activity.logger.activity_info_on_message = False
    return Runtime(
        telemetry=TelemetryConfig(
            logging=LoggingConfig(
                filter=TelemetryFilter(core_level="WARN", other_level="ERROR"),
                forwarding=LogForwardingConfig(logger=log),
            )
        )
    )
