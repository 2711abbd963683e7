"""The keys of the marketplace's machines, and those by which it signs; an admin's in person."""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from litestar import Response
from litestar.params import JSONBody, PathParameter
from msgspec import Meta

from oncedesk.domain.shared.bounds import Moment, one_line
from oncedesk.domain.shared.ids import derived_id
from oncedesk.http.auth.api_keys import make_key
from oncedesk.http.auth.consumer_tokens import KeyUnusable, fingerprint, signing_key
from oncedesk.http.auth.principals import Scope
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.openapi import MadeOnce, Plain, Question
from oncedesk.http.parameters import LIMIT, Cursor, Limit
from oncedesk.http.problems import Refused, problem
from oncedesk.http.routes import get, post, put
from oncedesk.storage.access.keys import ApiKey, KeyPosition, SigningKey

KeyId = Annotated[str, PathParameter(pattern=r"^[A-Za-z0-9._-]{1,64}$(?!\n)", max_length=64)]


class NewKey(Body, frozen=True, kw_only=True):
    """For which machine, what it is good for, and until when; without an end until revoked."""

    name: Annotated[str, one_line(64)]
    scopes: Annotated[tuple[Scope, ...], Meta(min_length=1, max_length=len(Scope))]
    expires_at: Moment | None = None


class NewSigningKey(Body, frozen=True, kw_only=True):
    """The public key as PEM or JWK, or for HS256 the shared secret."""

    issuer: Annotated[str, one_line(200)]
    algorithm: Literal["Ed25519", "EdDSA", "HS256"] = "Ed25519"
    key: Annotated[str, Meta(min_length=1, max_length=4_096)]


class KeyShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A key; its secret is kept nowhere. `used_at` is right to some minutes."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created_at: Moment
    created_by: str
    expires_at: Moment | None = None
    revoked_at: Moment | None = None
    revoked_by: str | None = None
    used_at: Moment | None = None
    token: str | None = None


class SigningKeyShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A signing key, without what it is. `fingerprint` is SHA-256 of a public key's
    SubjectPublicKeyInfo; a shared secret has none."""

    id: str
    issuer: str
    algorithm: str
    created_at: Moment
    created_by: str
    fingerprint: str = ""
    revoked_at: Moment | None = None
    revoked_by: str | None = None


@get("/keys", Question, "listKeys", "All API keys")
async def list_keys(request: Call, cursor: Cursor = None, limit: Limit = LIMIT) -> Page[KeyShape]:
    """Also those that no longer count; the newest first."""
    request.needs_admin()
    found = await request.service.parts.access.keys.all(
        after=request.position(KeyPosition, cursor), limit=limit
    )
    return request.page([_shape(one) for one in found], limit, _last(found))


@post("/keys", MadeOnce, "createKey", "Make an API key", status=201)
async def create(request: Call, data: JSONBody[NewKey]) -> Response[KeyShape]:
    """Its `token` is shown this once. Keys of one name are the same client. With an
    `Idempotency-Key`, sent again it makes no second one."""
    request.needs_admin()
    if data.expires_at is not None and data.expires_at <= request.now:
        raise Refused(problem("time_in_past", "a time that is yet to come", field="expires_at"))
    made = make_key(
        name=data.name,
        scopes=data.scopes,
        by=request.principal.name,
        now=request.now,
        expires_at=data.expires_at,
        asked_as=derived_id("api key", request.principal.name, request.key),
    )
    if not await request.service.parts.access.keys.add(made.key):
        detail = f"{made.key.id} was made by this key; revoke it, and make another by another"
        raise Refused(problem("key_made_before", detail))
    content = msgspec.structs.replace(_shape(made.key), token=made.token)
    return Response(content, status_code=201, headers={"Cache-Control": "no-store"})


@post(
    "/keys/{key:str}/revocation", Plain, "revokeKey", "Let an API key no longer count", status=204
)
async def revoke(request: Call, key: KeyId) -> None:
    """Every process follows within five seconds."""
    request.needs_admin()
    keys = request.service.parts.access.keys
    if not await keys.revoke(key, by=request.principal.name, at=request.now):
        raise Refused(problem("not_found"))


@get("/signing-keys", Question, "listSigningKeys", "All signing keys")
async def list_signing(
    request: Call, cursor: Cursor = None, limit: Limit = LIMIT
) -> Page[SigningKeyShape]:
    """Also those that no longer count; the newest first."""
    request.needs_admin()
    found = await request.service.parts.access.keys.all_signing(
        after=request.position(KeyPosition, cursor), limit=limit
    )
    return request.page([_signing_shape(one) for one in found], limit, _last(found))


@put(
    "/signing-keys/{key:str}",
    Plain,
    "registerSigningKey",
    "Register a key by which the marketplace signs",
    status=201,
)
async def register_signing(
    request: Call, key: KeyId, data: JSONBody[NewSigningKey]
) -> Response[SigningKeyShape]:
    """Tokens name it in `kid`."""
    request.needs_admin()
    try:
        made = signing_key(
            id_=key,
            issuer=data.issuer,
            algorithm=data.algorithm,
            key=data.key.encode(),
            by=request.principal.name,
            now=request.now,
        )
    except KeyUnusable as error:
        raise Refused(problem("body_invalid", str(error), field="key")) from None
    if not await request.service.parts.access.keys.add_signing(made):
        raise Refused(problem("key_exists", "a name that no key has had"))
    return Response(_signing_shape(made), status_code=201)


@post(
    "/signing-keys/{key:str}/revocation",
    Plain,
    "revokeSigningKey",
    "Let a signing key no longer count",
    status=204,
)
async def revoke_signing(request: Call, key: KeyId) -> None:
    """Every process follows within five seconds; sessions that were begun with it go on."""
    request.needs_admin()
    keys = request.service.parts.access.keys
    if not await keys.revoke_signing(key, by=request.principal.name, at=request.now):
        raise Refused(problem("not_found"))


ROUTES = (list_keys, create, revoke, list_signing, register_signing, revoke_signing)


def _last(found: Sequence[ApiKey] | Sequence[SigningKey]) -> KeyPosition | None:
    return KeyPosition(found[-1].created_at, found[-1].id) if found else None


def _shape(key: ApiKey) -> KeyShape:
    return KeyShape(
        id=key.id,
        name=key.name,
        scopes=key.scopes,
        created_at=key.created_at,
        created_by=key.created_by,
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
        revoked_by=key.revoked_by,
        used_at=key.used_at,
    )


def _signing_shape(key: SigningKey) -> SigningKeyShape:
    return SigningKeyShape(
        id=key.id,
        issuer=key.issuer,
        algorithm=key.algorithm,
        fingerprint=fingerprint(key),
        created_at=key.created_at,
        created_by=key.created_by,
        revoked_at=key.revoked_at,
        revoked_by=key.revoked_by,
    )
