"""The port that the processes of one service share."""

import errno
import socket


class PortTaken(Exception):
    """The service cannot listen there; the message says why."""


class ReservedPort:
    """A port that nobody else can take while we start, stop or restart who listens at it.

    Processes of ours share it. Port 0 becomes one that is free, a name the address that it stands
    for. Raises PortTaken.
    """

    def __init__(self, host: str, port: int) -> None:
        self._socket = _reserved(host, port)
        self.host: str
        self.port: int
        self.host, self.port = self._socket.getsockname()[:2]

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def close(self) -> None:
        self._socket.close()


def _reserved(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        if port:
            # Shared ports are joined without a word: ask first whether anybody is there.
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
        held = socket.socket(family, socket.SOCK_STREAM)
        try:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            held.bind(address)
        except OSError:
            held.close()
            raise
    except UnicodeError as error:
        # A label of it is longer than names have, or empty.
        raise PortTaken(f"cannot listen at {host}:{port}: no name of a host") from error
    except OSError as error:
        why = "somebody listens there" if error.errno == errno.EADDRINUSE else error.strerror
        raise PortTaken(f"cannot listen at {host}:{port}: {why}") from error
    return held
