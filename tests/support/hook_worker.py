"""A process that only sends: `python -m tests.support.hook_worker URL`, until it is ended.

ONCEDESK_DIE_AT=POINT:COUNT kills it there, as in `oncedesk.simulation.crash`.
"""

import asyncio
import os
import sys
from pathlib import Path

from oncedesk.settings import Settings
from oncedesk.simulation.crash import DIE_AT, dying_at
from oncedesk.wiring import build


async def work(url: str) -> None:
    settings = Settings(home=Path("/nowhere"), webhook_allow="127.0.0.1/32")
    point = dying_at(os.environ.get(DIE_AT, ""))
    async with build(url, settings=settings, packs=(), named_point=point) as parts:
        await parts.engine.start()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
