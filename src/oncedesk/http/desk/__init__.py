"""What agents do: `/v1/desk`, after a log-in."""
