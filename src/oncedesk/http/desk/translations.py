"""A message in another language, beside the original."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.shared.bounds import bounded
from oncedesk.engine.translating import LENGTH_MAX
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.openapi import Plain
from oncedesk.http.parameters import Id
from oncedesk.http.problems import Refused, problem
from oncedesk.http.routes import post
from oncedesk.http.shapes.cases import Number
from oncedesk.storage.translations import LANGUAGES_MAX
from oncedesk.storage.views.readers import NotSeen


class Wanted(Body, frozen=True, kw_only=True):
    """Into which language, and the message's own `version`."""

    language: Annotated[str, bounded("[a-z]{2}(?:-[A-Za-z]{2,4})?", max_length=7)]
    version: Annotated[int, Meta(ge=1, le=2_147_483_647)]


class TranslationShape(msgspec.Struct, frozen=True, kw_only=True):
    """What the message says in that language, as far as a machine knows."""

    message: UUID
    version: Number
    language: str
    text: str


@post(
    "/cases/{consumer:uuid}/{conversation:uuid}/messages/{message:uuid}/translation",
    Plain,
    "translateMessage",
    "A message in another language",
)
async def translate(
    request: Call, consumer: Id, conversation: Id, message: Id, data: JSONBody[Wanted]
) -> TranslationShape:
    """What the agent reads is sent to the service that the installation has for it, once; then it
    is kept with the message, and erased with it."""
    parts, reader = request.service.parts, request.reader
    seen = await request.views.cases.conversation(
        reader=reader, consumer=consumer, conversation=conversation
    )
    found = await request.views.thread.page(
        reader=reader, seen=seen, after=data.version - 1, limit=1
    )
    if not found or found[0].id != message:
        raise NotSeen
    original = found[0]
    if not original.text:
        raise Refused(problem("message_erased", "a message that says something"))
    kept = await parts.translations.find(seen=seen, message=message, language=data.language)
    text = kept.text
    if text is None:
        if parts.translating is None:
            raise Refused(problem("translation_off", "a service that translates"))
        if len(original.text) > LENGTH_MAX:
            raise Refused(problem("message_too_long", f"at most {LENGTH_MAX} characters"))
        if kept.languages >= LANGUAGES_MAX:
            said = f"at most {LANGUAGES_MAX} for a message"
            raise Refused(problem("languages_too_many", said, field="language"))
        text = await parts.translating.translate(original.text, into=data.language)
        if not await parts.translations.keep(
            seen=seen, message=original, language=data.language, text=text, now=request.now
        ):
            raise Refused(problem("message_erased", "erased in the meantime"))
    return TranslationShape(
        message=message, version=original.version, language=data.language, text=text
    )


ROUTES = (translate,)
