"""What a request took is given back with its answer, without the garbage collector."""

import gc
from uuid import uuid4

import uvloop

from oncedesk.http.passage import Passage
from tests.http.test_bad_input import CONTACTS
from tests.http.test_contacts import contact
from tests.support.served import served


def test_nothing_of_an_answered_request_stays(url: str) -> None:
    """On the loop that serves: the other keeps what was cancelled until its time has come."""
    gc.collect()
    gc.disable()
    before = _standing()
    try:
        standing = uvloop.run(_left_standing(url)) - before
    finally:
        gc.enable()
    # The last request of each way may be the one of whose context something was begun.
    assert standing <= 3


async def _left_standing(url: str) -> int:
    """How many are left of those that go directly, by the framework, and are refused."""
    async with served(url) as service:
        machine = await service.machine()
        for number in range(20):
            machine.headers["Idempotency-Key"] = str(number)
            brought = await machine.post(CONTACTS, json=contact(uuid4()))
            assert brought.status_code == 200, brought.text
            assert (await machine.get("/health/live")).status_code == 200
            assert (await machine.post(CONTACTS, json={})).status_code == 422
        return _standing()


def _standing() -> int:
    return sum(type(one) is Passage for one in gc.get_objects())
