"""What consumers do: `/v1/help`, with a token that the marketplace has signed."""
