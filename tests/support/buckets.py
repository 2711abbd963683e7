"""A server that speaks S3, on a free port, and buckets in it."""

import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest


@contextmanager
def s3_serving() -> Iterator[str]:
    """Its address meanwhile."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def new_bucket(endpoint: str, environment: pytest.MonkeyPatch) -> str:
    """The `s3://` address of a place in a bucket of its own; the environment leads there."""
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": "us-east-1",
    }.items():
        environment.setenv(name, value)
    bucket = f"files-{uuid4().hex}"
    made = urllib.request.Request(f"{endpoint}/{bucket}", method="PUT")  # noqa: S310 - our own
    with urllib.request.urlopen(made) as answer:  # noqa: S310 - our own
        assert answer.status == 200
    return f"s3://{bucket}/attachments"
