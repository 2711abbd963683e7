"""How states, commands and events become bytes and come back. MessagePack, tagged, by kind."""

from collections.abc import Iterable, Sequence
from types import GenericAlias
from typing import Any

import msgspec

from oncedesk.domain.shared.decider import Command, Decider, Wake
from oncedesk.domain.shared.refs import Kind

STATE_BYTES_MAX = 8_000


class StateTooLarge(Exception):
    """A state outgrew its bound; its decider must refuse before that."""


class Codec:
    """Encodes and decodes for a fixed set of deciders. Not shared between threads."""

    def __init__(self, deciders: Iterable[Decider]) -> None:
        self.deciders = {decider.kind: decider for decider in deciders}
        self._encoder = msgspec.msgpack.Encoder(uuid_format="bytes")
        self._states: dict[Kind, msgspec.msgpack.Decoder[Any]] = {
            kind: msgspec.msgpack.Decoder(decider.state) for kind, decider in self.deciders.items()
        }
        self._events: dict[Kind, msgspec.msgpack.Decoder[Any]] = {
            kind: msgspec.msgpack.Decoder(GenericAlias(tuple, (decider.events, ...)))
            for kind, decider in self.deciders.items()
        }
        self._commands: dict[Kind, msgspec.msgpack.Decoder[Any]] = {
            kind: msgspec.msgpack.Decoder(decider.commands | Wake)
            for kind, decider in self.deciders.items()
        }
        self.encode = self._encoder.encode

    def tag(self, event: type[msgspec.Struct]) -> bytes:
        """The bytes that stand in every encoded list with such an event in it."""
        return self.encode(event.__struct_config__.tag)

    def field(self, name: str, value: str) -> bytes:
        """The bytes that stand in every encoded state with this text in a field of this name.

        And in no other: a text's first byte never follows an ASCII letter within UTF-8.
        """
        return self.encode(name) + self.encode(value)

    def state_to_bytes(self, state: object) -> bytes:
        body = self.encode(state)
        if len(body) > STATE_BYTES_MAX:
            raise StateTooLarge(
                f"{type(state).__name__}: {len(body)} bytes, at most {STATE_BYTES_MAX}"
            )
        return body

    def state(self, kind: Kind, body: bytes) -> Any:
        return self._states[kind].decode(body)

    def events_to_bytes(self, events: Sequence[Any]) -> bytes:
        return self.encode(events)

    def events(self, kind: Kind, body: bytes) -> tuple[Any, ...]:
        events: tuple[Any, ...] = self._events[kind].decode(body)
        return events

    def command(self, kind: Kind, body: bytes) -> Command:
        command: Command = self._commands[kind].decode(body)
        return command
