"""Listings, as they are told and read."""

from uuid import UUID

from oncedesk.http.bodies import Body
from oncedesk.http.shapes.orders import Minor


class VariantShape(Body, frozen=True, kw_only=True):
    """One form in which it is sold: its price in minor units, and whether it is there."""

    variant: UUID
    price_minor: Minor
    available: bool = True
