"""Who a request comes from, as far as the service needs to know."""

from enum import StrEnum

from oncedesk.domain.shared.decider import Actor
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk


class Kind(StrEnum):
    """In what capacity somebody comes."""

    MARKETPLACE = "marketplace"
    AGENT = "agent"
    ADMIN = "admin"
    CONSUMER = "consumer"


class Scope(StrEnum):
    """What an API key is good for. `admin` is all of `/v1/admin` that takes no person."""

    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    CASES_READ = "cases:read"
    CONTACTS_WRITE = "contacts:write"
    PARTIES_WRITE = "parties:write"
    PRIVACY_READ = "privacy:read"
    PRIVACY_WRITE = "privacy:write"
    WEBHOOKS_WRITE = "webhooks:write"
    REFUNDS_READ = "refunds:read"
    REFUNDS_WRITE = "refunds:write"
    ADMIN = "admin"


class Principal(Record, frozen=True, kw_only=True):
    """Somebody who was let in.

    `name` names them in idempotency keys and limits: keys of one machine share it. `desks` are
    those to which an agent belongs now, `supervised` those of them that they supervise.
    `session` is the hash of the session, if there is one.
    """

    kind: Kind
    name: str
    actor: Actor
    scopes: tuple[str, ...] = ()
    desks: tuple[Desk, ...] = ()
    supervised: tuple[Desk, ...] = ()
    market: str = ""
    language: str = ""
    session: bytes = b""
