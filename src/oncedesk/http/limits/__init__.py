"""How much, how deep, how fast and how long: what one request and one client may take."""
