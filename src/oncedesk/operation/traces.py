"""OpenTelemetry traces of requests, commands and batches, where they were asked for.

They are asked for by OpenTelemetry's own variable OTEL_EXPORTER_OTLP_ENDPOINT, and need the extra
`oncedesk[otel]`. Otherwise nothing of it is imported and nothing is done for it. Sampling, headers
and names are set by OpenTelemetry's other variables.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from importlib.util import find_spec
from threading import Thread
from typing import TYPE_CHECKING, Any

import structlog

from oncedesk.engine.submission import Answer, Submission
from oncedesk.engine.submitting import Writers
from oncedesk.engine.tracing import Moments

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

log = structlog.get_logger(__name__)

LAST_SECONDS_MAX = 3.0
ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


@asynccontextmanager
async def traced(writers: Writers) -> "AsyncIterator[Tracer | None]":
    """Follow commands and batches meanwhile, if asked for. The tracer is for those who serve."""
    if not any(os.environ.get(name) for name in ENDPOINTS):
        yield None
        return
    if not _installed():
        log.error("traces_not_sent", error="install oncedesk[otel]")
        yield None
        return
    provider = _provider()
    tracer: Tracer = provider.get_tracer("oncedesk", version("oncedesk"))
    writers.tracing = Traces(tracer)
    try:
        yield tracer
    finally:
        writers.tracing = None
        # Sends what is left. A stop does not wait long for a receiver that is away.
        sending = Thread(target=provider.shutdown, name="traces", daemon=True)
        sending.start()
        await asyncio.to_thread(sending.join, LAST_SECONDS_MAX)


def _installed() -> bool:
    """Whether the extra is there; the exporter brings the rest."""
    try:
        return find_spec("opentelemetry.exporter.otlp.proto.http") is not None
    except ModuleNotFoundError:
        # Said of a package within one that is not there either.
        return False


def _provider() -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create({"service.name": "oncedesk", "process.pid": os.getpid()})
    if name := os.environ.get("OTEL_SERVICE_NAME"):
        resource = resource.merge(Resource({"service.name": name}))
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


class Traces:
    """Implements `engine.tracing.Tracing`: a span a command, within whoever asked for it, and one
    a batch with its steps; each command and the batches it was in are linked to each other."""

    def __init__(self, tracer: "Tracer") -> None:
        self._tracer = tracer
        self._open: dict[int, Span] = {}

    def submitted(self, submission: Submission) -> None:
        self._open[id(submission)] = self._tracer.start_span(
            "submit",
            attributes={
                "oncedesk.command": type(submission.command).__name__,
                "oncedesk.command_id": str(submission.id),
                "oncedesk.kind": submission.target.kind.value,
                "oncedesk.origin": submission.origin.value,
            },
        )

    def committed(self, batch: Sequence[Submission], moments: Moments) -> None:
        from opentelemetry.context import Context
        from opentelemetry.trace import Link, set_span_in_context

        wall, now = time.time_ns(), time.perf_counter()

        def at(moment: float) -> int:
            return wall - int((now - moment) * 1e9)

        spans = [span for one in batch if (span := self._open.get(id(one))) is not None]
        span = self._tracer.start_span(
            "batch",
            context=Context(),
            links=[Link(one.get_span_context()) for one in spans],
            attributes={"oncedesk.commands": len(batch)},
            start_time=at(moments.began),
        )
        within = set_span_in_context(span)
        for name, start, end in (
            ("load", moments.began, moments.loaded),
            ("decide", moments.loaded, moments.decided),
            ("commit", moments.decided, moments.committed),
        ):
            step = self._tracer.start_span(name, context=within, start_time=at(start))
            step.end(at(end))
        span.end(at(moments.committed))
        for one in spans:
            one.add_link(span.get_span_context())

    def answered(self, submission: Submission, answer: Answer) -> None:
        span = self._open.pop(id(submission), None)
        if span is not None:
            span.set_attribute("oncedesk.outcome", answer.status.value)
            if answer.code:
                span.set_attribute("oncedesk.code", answer.code)
            span.end()
