"""Files that go with messages: taken in as they come, handed out whole or in part."""

import re
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar.params import QueryParameter
from litestar.response import Stream
from msgspec import Meta

from oncedesk.domain.conversations.subjects import Subject, SubjectKind, conversation_id
from oncedesk.domain.shared.rulepack import AttachmentRule, PackUnknown
from oncedesk.http.auth.principals import Kind
from oncedesk.http.call import Call
from oncedesk.http.problems import Refused, problem
from oncedesk.storage.attachments.serving import Served, Span, serve
from oncedesk.storage.attachments.uploading import Upload

FileName = Annotated[
    str, QueryParameter(max_length=200, description="What the file is called where it comes from")
]
SubjectKindQuery = Annotated[
    SubjectKind, QueryParameter(description="What the conversation is about")
]
SubjectQuery = Annotated[UUID | None, QueryParameter(description="Its id, if it has one")]
PartQuery = Annotated[int, QueryParameter(ge=0, le=1000, description="Of an order; 0: all of it")]
_RANGE = re.compile(r"bytes=([0-9]{1,15})-([0-9]{0,15})")
_NO_END = 1 << 62


class AttachmentShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that is kept. A message of whoever brought it has to name it within 23 hours.

    `type` is what it is by its content, `name` what it will be called. Pixels of a picture.
    """

    id: UUID
    name: str
    type: str
    size: Annotated[int, Meta(ge=1)]
    width: Annotated[int, Meta(ge=0)] = 0
    height: Annotated[int, Meta(ge=0)] = 0


class UploadLimits(msgspec.Struct, frozen=True):
    """How large a file may be, by what it is, and how many go with one message; told beforehand,
    so that nobody uploads in vain."""

    image_bytes_max: int
    video_bytes_max: int
    document_bytes_max: int
    per_message: int


def upload_limits(request: Call, market: str) -> UploadLimits:
    """Those of a market. Raises `Refused` for one without rules."""
    rule = _rule(request, market)
    return UploadLimits(
        image_bytes_max=rule.image_bytes_max,
        video_bytes_max=rule.video_bytes_max,
        document_bytes_max=rule.document_bytes_max,
        per_message=rule.per_message,
    )


def conversation_about(consumer: UUID, kind: SubjectKind, id_: UUID | None, part: int) -> UUID:
    """The conversation of this consumer about this. Raises `Refused` where something is missing."""
    subject = Subject(kind, id_, part)
    if not subject.complete:
        raise Refused(
            problem("subject_incomplete", "a subject's id, and only an order's part", field="kind")
        )
    return conversation_id(consumer=consumer, subject=subject)


async def taken(
    request: Call, *, consumer: UUID, conversation: UUID, market: str, name: str
) -> AttachmentShape:
    """Keep the request's body as a file for this conversation. Raises what `Uploads.take` does."""
    rule = _rule(request, market)
    declared = request.sent.get(b"content-length")
    most = max(rule.image_bytes_max, rule.video_bytes_max, rule.document_bytes_max)
    if declared and int(declared) > most:
        raise Refused(problem("attachment_too_large", f"at most {most} bytes"))
    principal = request.principal
    upload = Upload(
        actor=principal.actor,
        consumer=consumer,
        conversation=conversation,
        name=name,
        declared=request.sent.get(b"content-type"),
    )
    # A machine brings the files of many.
    who = f"{principal.name}/{consumer if principal.kind is Kind.MARKETPLACE else ''}"
    with request.service.uploads.opened(who):
        async with aclosing(request.incoming.pieces()) as content:
            kept = await request.service.parts.uploads.take(upload, content, rule=rule)
    return AttachmentShape(
        id=kept.id,
        name=kept.name,
        type=kept.media,
        size=kept.size,
        width=kept.width,
        height=kept.height,
    )


async def handed_out(request: Call, *, consumer: UUID, attachment: UUID) -> Stream:
    """The file, or the part of it that `Range` asks for. Raises `AttachmentUnknown`."""
    parts = request.service.parts
    span = _span(request.sent.get(b"range"))
    served = await serve(
        parts.pool,
        parts.codec,
        parts.files,
        request.views.cases,
        actor=request.principal.actor,
        consumer=consumer,
        attachment=attachment,
        now=request.now,
        span=span,
    )
    if span is not None and served.span.first >= served.size:
        raise Refused(problem("range_unsatisfiable", f"of {served.size} bytes", field="Range"))
    headers = _headers(served, partial=span is not None)
    content = aiter(served.content)
    # A file that is not there is found out while there is still another answer to be given.
    first = await anext(content, b"")
    return Stream(
        _after(first, content),
        status_code=200 if span is None else 206,
        media_type=headers.pop("Content-Type"),
        headers=headers,
    )


def _rule(request: Call, market: str) -> AttachmentRule:
    packs = request.packs
    try:
        return packs.current(market).attachment
    except PackUnknown:
        raise Refused(problem("market_unknown", "a market with rules", field="market")) from None


def _span(said: str) -> Span | None:
    """The one part that is asked for; whatever else a `Range` may say is answered with all."""
    found = _RANGE.fullmatch(said)
    if found is None:
        return None
    first, end = int(found[1]), int(found[2]) + 1 if found[2] else _NO_END
    return Span(first, end) if first < end else None


def _headers(served: Served, *, partial: bool) -> dict[str, str]:
    # This one the border sets on everything.
    headers = {k: v for k, v in served.headers if k != "X-Content-Type-Options"}
    headers["Accept-Ranges"] = "bytes"
    if partial:
        first, end = served.span.first, served.span.end
        headers["Content-Range"] = f"bytes {first}-{end - 1}/{served.size}"
    return headers


async def _after(first: bytes, content: Any) -> AsyncIterator[bytes]:
    async with aclosing(content):
        yield first
        async for piece in content:
            yield piece
