"""The marketplace's machines manage all endpoints of webhooks, with a scope of its own."""

from oncedesk.connectors.webhooks.managing import Webhooks
from oncedesk.http.auth.principals import Scope
from oncedesk.http.call import Call
from oncedesk.http.webhooks import WebhookRoutes


class MarketplaceWebhooks(WebhookRoutes):
    """For keys that are good for it: whoever adds an endpoint can be told everything."""

    def enter(self, request: Call) -> Webhooks:
        request.needs(Scope.WEBHOOKS_WRITE)
        return super().enter(request)


ROUTES = (MarketplaceWebhooks,)
