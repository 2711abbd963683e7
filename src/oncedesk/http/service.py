"""What handlers work with: the process's parts and the doors of this service."""

from dataclasses import dataclass

from oncedesk.backtesting.trials import Trials
from oncedesk.http.auth.consumer_tokens import ConsumerTokens
from oncedesk.http.auth.identity_provider import IdentityProvider
from oncedesk.http.auth.passwords import Passwords
from oncedesk.http.cursors import Cursors
from oncedesk.http.doors import Doors
from oncedesk.http.limits.attempts import Attempts, Places
from oncedesk.http.limits.overload import Overload
from oncedesk.http.limits.rates import Rates
from oncedesk.http.limits.streams import Streams
from oncedesk.http.sandbox import Sandbox
from oncedesk.settings import Settings
from oncedesk.wiring import Parts


@dataclass(frozen=True, slots=True)
class Service:
    """One process's service."""

    parts: Parts
    settings: Settings
    doors: Doors
    cursors: Cursors
    passwords: Passwords
    tokens: ConsumerTokens
    attempts: Attempts
    places: Places
    streams: Streams
    copies: Rates
    uploads: Streams
    overload: Overload
    provider: IdentityProvider
    trials: Trials
    sandbox: Sandbox | None
