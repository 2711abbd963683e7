"""What the marketplace's back end does: `/v1/marketplace`, by API key."""
