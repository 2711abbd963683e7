"""`oncedesk openapi`: the description of the API, for whoever makes a client of it."""

import sys


def openapi() -> None:
    """Print the description of the API (OpenAPI 3.1, as JSON), from which clients are made."""
    from oncedesk.http.app import description

    sys.stdout.write(description().decode() + "\n")
