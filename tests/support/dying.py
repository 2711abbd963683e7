"""`python -m tests.support.dying URL HOME POINT`: takes a file, erases it, sweeps; dies at POINT.

It ends as if it were killed: nothing is tidied up.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from oncedesk.domain.shared.rulepack import ATTACHMENT_DEFAULT
from oncedesk.engine import privacy
from oncedesk.engine.instants import SimulatedClock
from oncedesk.settings import Settings
from oncedesk.storage.attachments.uploading import Upload
from oncedesk.wiring import build
from tests.support.engines import consumer, contact, party
from tests.support.pictures import picture

NOW = datetime(2025, 3, 3, 9, tzinfo=UTC)
EXIT_CODE = 9


async def _content() -> AsyncIterator[bytes]:
    yield picture("JPEG")


async def main(url: str, home: Path, point: str) -> None:
    def die(name: str) -> None:
        if name == point:
            os._exit(EXIT_CODE)

    settings, clock = Settings(home=home), SimulatedClock(NOW)
    async with build(url, settings=settings, clock=clock, named_point=die) as parts:
        upload = Upload(
            actor=consumer(1),
            consumer=party(1),
            conversation=contact(1).target().id,
            name="x.jpg",
        )
        await parts.uploads.take(upload, _content(), rule=ATTACHMENT_DEFAULT)
        assert (await privacy.erase(parts.engine, party(1), market="cn", key="x")).accepted
        await parts.file_sweep.run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
