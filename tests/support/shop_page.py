"""A shop's own site, as small as can be: one page, and where its consumer's tokens come from."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

TOKENS = "/help-token"


class Shop:
    """It is at `origin`, and under `alias` too, which to browsers is another site.

    Tests say what it shows and which token it gives.
    """

    def __init__(self, port: int) -> None:
        self.origin = f"http://127.0.0.1:{port}"
        self.alias = f"http://localhost:{port}"
        self.html = ""
        self.token: Callable[[], str] = str


@contextmanager
def shop() -> Iterator[Shop]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_token = self.path == TOKENS
            body = json.dumps({"token": found.token()}) if is_token else found.html
            self.send_response(200)
            self.send_header("Content-Type", "application/json" if is_token else "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        found = Shop(server.server_port)
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()
