"""A desk's supervisors manage the endpoints of that desk, and know of no other."""

from oncedesk.http.webhooks import WebhookRoutes


class DeskWebhooks(WebhookRoutes):
    """For agents who are a supervisor there now."""


ROUTES = (DeskWebhooks,)
