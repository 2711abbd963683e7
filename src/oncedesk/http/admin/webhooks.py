"""Those who run the system manage all endpoints of webhooks."""

from oncedesk.http.webhooks import WebhookRoutes


class AdminWebhooks(WebhookRoutes):
    """For admins, and keys with the scope `admin`."""


ROUTES = (AdminWebhooks,)
