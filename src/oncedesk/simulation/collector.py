"""The garbage collector during a run: it need not walk over everything again and again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from oncedesk.engine.memory import GC_THRESHOLDS


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Collect more seldom within; what `set_aside` is told to keep is not walked over at all."""
    before = gc.get_threshold()
    gc.set_threshold(*GC_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def set_aside() -> None:
    """What there is now stays to the end of the run: no look of the collector at it pays."""
    gc.collect()
    gc.freeze()
