"""Telephone calls with the consumer, noted in the case by whoever spoke."""

from functools import partial
from typing import Annotated, Literal
from urllib.parse import urlsplit

from litestar import Response
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.conversations.messages import (
    Audience,
    CallDirection,
    NoteCall,
    PhoneCall,
)
from oncedesk.domain.shared.masking import mask_phone
from oncedesk.http.answers import Accepted
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.desk.giving import This, about_cases, given
from oncedesk.http.openapi import Command
from oncedesk.http.problems import Refused, problem
from oncedesk.http.routes import post
from oncedesk.http.shapes.words import Text

RECORDING_LENGTH_MAX = 500


class CallNoted(Body, frozen=True, kw_only=True):
    """Who called whom, at which number, for how long (0: nobody was reached), what was said, and
    where the recording is."""

    direction: CallDirection
    number: Annotated[str, Meta(pattern=r"^\+?[0-9][0-9 ()-]{4,30}$(?!\n)", max_length=32)]
    seconds: Annotated[int, Meta(ge=0, le=86_400)] = 0
    text: Text
    audience: Literal["internal", "desks"] = "desks"
    recording: Annotated[str, Meta(max_length=RECORDING_LENGTH_MAX)] | None = None


@post("/calls", Command, "noteCall", "I spoke with the consumer by telephone")
async def note(request: Call, this: This, data: JSONBody[CallNoted]) -> Response[Accepted]:
    """Of the number only what everybody may see is kept. A call of theirs is a contact past our
    help; whoever was reached has the answer that was owed."""
    # Beside the text in its own row, which is overwritten with it.
    text = f"{data.text}\n{mask_phone(data.number)}"
    if data.recording is not None:
        _refuse_other_links(data.recording)
        text = f"{text}\n{data.recording}"
    seal = request.seal(text)
    said = partial(
        NoteCall,
        call=PhoneCall(
            direction=data.direction,
            seconds=data.seconds,
            recorded=data.recording is not None,
            numbered=True,
        ),
        audience=Audience(data.audience),
        digest=seal.digest,
        length=seal.length,
    )
    return await given(request, this, said, text=text)


def _refuse_other_links(link: str) -> None:
    """Raises `Refused` for what a page could not simply link to."""
    try:
        parts = urlsplit(link)
        whole = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
        parts = urlsplit("")
    plain = link.isascii() and link.isprintable() and not any(one in link for one in ' <>"\\`')
    if not whole or not plain or parts.username is not None or parts.password is not None:
        raise Refused(
            problem("recording_invalid", "an https link without a password", field="recording")
        )


ROUTES = (about_cases(note),)
