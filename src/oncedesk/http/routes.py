"""How a route is written: its path, what kind of operation it is, how it is called, what it does.

`@post(CASE + "/pick", Command, "pickCase", "Take this very case")`: the name is the operation's in
the description of the API and in what is generated from that, what it does is its title there.
"""

from collections.abc import Callable, Mapping
from typing import Any

import litestar
from litestar.openapi.spec import Operation

Name = str | Callable[..., str]
"""Of an operation, or what makes it of where its handler is mounted."""


def get(
    path: str,
    kind: type[Operation],
    name: Name,
    summary: str,
    *,
    status: int = 200,
    tells: Mapping[str, type[Any]] | None = None,
) -> litestar.get:
    """It only reads. What goes on telling says what each of its events is."""
    return litestar.get(
        path,
        status_code=status,
        operation_id=name,
        operation_class=kind,
        summary=summary,
        opt=None if tells is None else {"tells": tells},
    )


def post(
    path: str, kind: type[Operation], name: Name, summary: str, *, status: int = 200
) -> litestar.post:
    """It does something, or asks what does not fit into a path."""
    return litestar.post(
        path, status_code=status, operation_id=name, operation_class=kind, summary=summary
    )


def put(
    path: str, kind: type[Operation], name: Name, summary: str, *, status: int = 200
) -> litestar.put:
    """It says how something is from now on."""
    return litestar.put(
        path, status_code=status, operation_id=name, operation_class=kind, summary=summary
    )


def patch(path: str, kind: type[Operation], name: Name, summary: str) -> litestar.patch:
    """It says what is otherwise from now on."""
    return litestar.patch(path, operation_id=name, operation_class=kind, summary=summary)


def delete(path: str, kind: type[Operation], name: Name, summary: str) -> litestar.delete:
    """It makes something be no more."""
    return litestar.delete(path, operation_id=name, operation_class=kind, summary=summary)
