"""Requests, commands and batches as spans at a receiver, where asked for; nothing otherwise."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from structlog.testing import capture_logs

from oncedesk.domain.parties.messages import UpdateParty
from oncedesk.engine.running import utc_now
from oncedesk.http.auth.api_keys import make_key
from oncedesk.http.auth.principals import Scope
from oncedesk.operation.traces import Traces, traced
from oncedesk.settings import Settings
from oncedesk.wiring import build
from tests.support.engines import Rig, engine_on, party, register, within

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@asynccontextmanager
async def watched(url: str) -> AsyncIterator[tuple[Rig, Callable[[], Sequence[ReadableSpan]]]]:
    """An engine, and the spans that have ended."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    async with engine_on(url) as rig:
        rig.engine.writers.tracing = Traces(provider.get_tracer("tests"))
        yield rig, exporter.get_finished_spans
    provider.shutdown()


def named(spans: Sequence[ReadableSpan], name: str) -> list[ReadableSpan]:
    return [span for span in spans if span.name == name]


def ids(span: ReadableSpan) -> tuple[int, int]:
    context = span.get_span_context()
    assert context is not None
    return context.trace_id, context.span_id


def linked(span: ReadableSpan) -> set[tuple[int, int]]:
    return {(link.context.trace_id, link.context.span_id) for link in span.links}


async def test_a_batch_and_its_commands_are_linked_to_each_other(url: str) -> None:
    async with watched(url) as (rig, spans):
        await rig.all([register(number) for number in range(5)])
        found = spans()
    submits, batches = named(found, "submit"), named(found, "batch")
    assert len(submits) == 5
    assert sum(len(span.links) for span in batches) == 5
    assert set().union(*map(linked, batches)) == set(map(ids, submits))
    assert set().union(*map(linked, submits)) == set(map(ids, batches))
    for batch in batches:
        steps = [span for span in found if span.parent and span.parent.span_id == ids(batch)[1]]
        assert [step.name for step in steps] == ["load", "decide", "commit"]
        assert batch.parent is None
        ends = [batch.start_time, *(step.end_time for step in steps)]
        assert [step.start_time for step in steps] == ends[:-1]
        assert ends[-1] == batch.end_time


async def test_a_command_says_what_became_of_it_and_of_nobody(url: str) -> None:
    async with watched(url) as (rig, spans):
        await rig.submit(register(1), key="one")
        await rig.submit(register(1), key="one")
        answer = await rig.submit(UpdateParty(party=party(9), language="zh"))
        found = named(spans(), "submit")
    assert [span.attributes["oncedesk.outcome"] for span in found] == [  # type: ignore[index]
        "accepted",
        "accepted",
        "refused",
    ]
    assert found[2].attributes["oncedesk.code"] == answer.code  # type: ignore[index]
    allowed = {"command", "command_id", "kind", "origin", "outcome", "code"}
    for span in found:
        assert {name.removeprefix("oncedesk.") for name in span.attributes or ()} <= allowed
        assert str(party(1)) not in str(span.to_json())


async def test_without_the_variable_nothing_is_followed(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ENDPOINT, raising=False)
    async with engine_on(url) as rig, traced(rig.engine.writers) as tracer:
        assert tracer is None
        assert rig.engine.writers.tracing is None


def test_without_the_variable_nothing_is_imported() -> None:
    code = (
        "import sys, oncedesk.http.serving, oncedesk.cli.serve\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    environment = {name: one for name, one in os.environ.items() if not name.startswith("OTEL_")}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("missing", ["opentelemetry", "opentelemetry.exporter"])
async def test_without_the_packages_it_is_told_and_the_rest_goes_on(
    url: str, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setenv(ENDPOINT, "http://127.0.0.1:9")
    for name in [*sys.modules]:
        if name.startswith(f"{missing}."):
            monkeypatch.delitem(sys.modules, name)
    # So Python says of it what it says of a package that is not installed.
    monkeypatch.setitem(sys.modules, missing, None)
    with capture_logs() as logs:
        async with engine_on(url) as rig, traced(rig.engine.writers) as tracer:
            assert tracer is None
            await rig.all([register(1)])
    assert "install oncedesk[otel]" in {line.get("error") for line in logs}


class Receiver:
    """Takes what is sent by OTLP over HTTP."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    import gzip

                    body = gzip.decompress(body)
                for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                    for scope in resource.scope_spans:
                        receiver.spans += scope.spans
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.mark.slow
async def test_a_served_request_is_one_trace_at_the_receiver(url: str, receiver: Receiver) -> None:
    settings = Settings(home=Path("/nowhere"), database_url=url)
    async with build(url, settings=settings) as parts:
        made = make_key(name="shop", scopes=tuple(Scope), by="tests", now=utc_now())
        await parts.access.keys.add(made.key)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from oncedesk.cli.main import main; main()",
        *("serve", "--port", "0"),
        env={**os.environ, "ONCEDESK_DATABASE_URL": url, ENDPOINT: receiver.url},
        stdout=asyncio.subprocess.PIPE,
    )
    trace, parent = uuid4().hex, uuid4().hex[:16]
    words = "a purple elephant"
    try:
        assert process.stdout is not None
        ready = (await within(process.stdout.readline(), 60)).decode()
        async with httpx.AsyncClient(base_url=ready.split()[-1]) as client:
            answer = await client.post(
                "/v1/marketplace/contacts",
                json={
                    "consumer": str(uuid4()),
                    "subject": {"kind": "none"},
                    "text": words,
                    "market": "cn",
                    "channel": "app_chat",
                    "surface": "order",
                    "language": "en",
                    "issue": "refund",
                },
                headers={
                    "authorization": f"Bearer {made.token}",
                    "Idempotency-Key": "one",
                    "traceparent": f"00-{trace}-{parent}-01",
                },
            )
        assert answer.status_code == 200, answer.text
    finally:
        process.send_signal(signal.SIGTERM)
        assert await within(process.wait(), 60) == 0
    mine = {span.name: span for span in receiver.spans if span.trace_id.hex() == trace}
    assert set(mine) == {"POST /v1/marketplace/contacts", "submit"}
    request, submit = mine["POST /v1/marketplace/contacts"], mine["submit"]
    assert request.parent_span_id.hex() == parent
    assert submit.parent_span_id == request.span_id
    said = {one.key: one.value for one in (*request.attributes, *submit.attributes)}
    assert said["http.response.status_code"].int_value == 200
    assert said["oncedesk.request_id"].string_value == answer.headers["x-request-id"]
    assert said["oncedesk.outcome"].string_value == "accepted"
    batches = {span.span_id for span in receiver.spans if span.name == "batch"}
    assert submit.links
    assert {link.span_id for link in submit.links} <= batches
    everything = json.dumps([str(span) for span in receiver.spans])
    assert words not in everything
    assert made.token not in everything
