"""A service that translates, as an installation may have one: it says into which language."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@contextmanager
def translator() -> Iterator[str]:
    """Where it is, for as long as it is wanted."""

    class Translates(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps({"text": f"[{asked['into']}] {asked['text']}"}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Translates) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/translate"
        finally:
            server.shutdown()
            thread.join()
