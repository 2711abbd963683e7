"""Bodies: bytes straight into the struct that a handler names, strictly, with one clear problem."""

import re
from collections.abc import Generator
from typing import Any, ClassVar

import msgspec
from litestar.dto import AbstractDTO, DTOConfig
from litestar.dto.data_structures import DTOFieldDefinition
from litestar.openapi.spec import Reference, Schema
from litestar.typing import FieldDefinition

from oncedesk.http.problems import Problem, Refused, problem

_PLACE = re.compile(r"^(?P<said>.*?)(?: - at `(?P<place>[^`]*)`)?$", re.DOTALL)
_MISSING = re.compile(r"(?:missing required|unknown) field `(?P<name>[^`]*)`")


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every body is: checked field by field; a misspelt one is an error, not ignored."""


def private_text(person: Body | None) -> str | None:
    """How private data is kept: as JSON, so that each of its fields is found again."""
    text = "" if person is None else msgspec.json.encode(person).decode()
    return None if text in ("", "{}") else text


class StrictBody(AbstractDTO[Any]):
    """The framework's place for reading bodies; it reads with the struct's own decoder."""

    config: ClassVar[DTOConfig] = DTOConfig()
    decoders: ClassVar[dict[str, msgspec.json.Decoder[Any]]] = {}

    def decode_bytes(self, value: bytes) -> Any:
        decoder = self.decoders[self.asgi_connection.route_handler.handler_id]
        return decoded(value, decoder)

    @classmethod
    def create_for_field_definition(
        cls, field_definition: FieldDefinition, handler_id: str, backend_cls: Any = None
    ) -> None:
        del backend_cls
        cls.decoders[handler_id] = msgspec.json.Decoder(field_definition.annotation)

    @classmethod
    def create_openapi_schema(
        cls, field_definition: FieldDefinition, handler_id: str, schema_creator: Any
    ) -> Reference | Schema:
        del handler_id
        made: Reference | Schema = schema_creator.for_field_definition(field_definition)
        return made

    @classmethod
    def generate_field_definitions(
        cls, model_type: type[Any]
    ) -> Generator[DTOFieldDefinition, None, None]:
        raise NotImplementedError("bodies are structs")

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        raise NotImplementedError("bodies are structs")


def decoded(value: bytes, decoder: msgspec.json.Decoder[Any]) -> Any:
    """What it says. Raises `Refused` naming the field and what was expected there."""
    try:
        return decoder.decode(value)
    except msgspec.ValidationError as error:
        raise Refused(invalid(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(problem("body_invalid", "JSON in UTF-8")) from None


def invalid(said: str, *, code: str = "body_invalid") -> Problem:
    """The problem that a decoder's message means."""
    parts = _PLACE.match(said)
    assert parts is not None
    field = (parts["place"] or "$").removeprefix("$").removeprefix(".")
    missing = _MISSING.search(parts["said"])
    if missing is not None:
        field = f"{field}.{missing['name']}" if field else missing["name"]
    return problem(code, parts["said"], field=field[:200])
