"""What a request's scope holds of ours, by these names."""

COMMAND_ID = "oncedesk.command_id"
"""The id of the command that came of it, for the log."""
HEADERS = "oncedesk.headers"
"""The headers, as the border has read them."""
