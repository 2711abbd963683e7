"""Links that open the help page as one of the demo's consumers, as a marketplace would make them.

The key that signs it is the demo's own, made anew each time; only its public half is kept.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from joserfc import jwt
from joserfc.jwk import OKPKey

from oncedesk.http.auth.consumer_tokens import LIFETIME_MAX, signing_key
from oncedesk.wiring import Parts

ISSUER = "https://demo.invalid"
_ALGORITHM: Final = "Ed25519"


async def help_links(
    parts: Parts, *, consumer: UUID, market: str, language: str, audience: str, by: str
) -> Callable[[], str]:
    """Makes the page's path with a token in its fragment, a new one each time: good once, for as
    long as a token may be."""
    clock = parts.engine.clock
    pair = OKPKey.generate_key(_ALGORITHM)
    public = json.dumps(pair.as_dict(private=False)).encode()
    id_ = f"{by}-{uuid4()}"
    await parts.access.keys.add_signing(
        signing_key(id_=id_, issuer=ISSUER, algorithm=_ALGORITHM, key=public, by=by, now=clock())
    )
    about = {"aud": audience, "market": market, "language": language}

    def link() -> str:
        claims = _claims(consumer, clock()) | about
        header = {"alg": _ALGORITHM, "kid": id_}
        return f"/help/#token={jwt.encode(header, claims, pair, algorithms=[_ALGORITHM])}"

    return link


async def forget_links(parts: Parts, *, by: str) -> None:
    """No link that was made opens anything any more."""
    now = parts.engine.clock()
    for key in await parts.access.keys.all_signing():
        if key.issuer == ISSUER:
            await parts.access.keys.revoke_signing(key.id, by=by, at=now)


def _claims(consumer: UUID, now: datetime) -> dict[str, object]:
    begins = int(now.timestamp())
    return {
        "iss": ISSUER,
        "sub": str(consumer),
        "iat": begins,
        "exp": begins + int(LIFETIME_MAX.total_seconds()),
        "jti": str(uuid4()),
    }
