"""The memory of a process that runs an engine: what the interpreter and the kernel are told of it.

States are many small objects all over the heap, and each decision visits some of them. In pages of
4 KiB the processor has to look up again and again where they are. Linux gives pages of 2 MiB: to
everybody where `transparent_hugepage` is `always`, and where it is `madvise`, as many distributions
have it, to those who ask.
"""

import ctypes
import gc
import threading
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import psutil

GC_THRESHOLDS = (200_000, 50, 1_000)
"""For `gc.set_threshold` where an engine runs: hardly anything here makes cycles."""
LARGE_PAGE = 2 << 20
LOOK_SECONDS = 5.0
"""The heap grows as states are kept, and what is new has to be asked for anew."""
FILLED = 0.9
"""Less filled regions, as stacks are, would take memory that nobody uses."""

_ENABLED = Path("/sys/kernel/mm/transparent_hugepage/enabled")
_HEAP = ("[anon]", "[heap]")
# Linux: asm-generic/mman-common.h
_MADV_HUGEPAGE = 14
_MADV_COLLAPSE = 25


def prepare_memory() -> None:
    """Collect garbage seldom, and lay the heap into large pages as it grows."""
    gc.set_threshold(*GC_THRESHOLDS)
    if _may_ask():
        _begin_asking()


def lay_into_large_pages() -> int:
    """Ask for large pages wherever the heap is filled; of how many bytes the kernel agreed.

    0 where there are none to be had. Other threads go on meanwhile.
    """
    if not _may_ask():
        return 0
    libc = ctypes.CDLL(None)
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    agreed = 0
    for start, size in _filled_regions():
        if libc.madvise(start, size, _MADV_HUGEPAGE) == 0:
            # At once; else the kernel comes round to it in minutes. Not every kernel can.
            libc.madvise(start, size, _MADV_COLLAPSE)
            agreed += size
    return agreed


@cache
def _begin_asking() -> None:
    """Once a process, however many commands run in it."""
    threading.Thread(target=_keep_asking, name="large-pages", daemon=True).start()


def _keep_asking() -> None:
    while True:
        time.sleep(LOOK_SECONDS)
        try:
            lay_into_large_pages()
        except (psutil.Error, OSError):
            # Where a process may not look at itself it keeps the pages that it has.
            return


def _may_ask() -> bool:
    """Where everybody has them nobody needs to ask, and where nobody shall have them none does."""
    try:
        return "[madvise]" in _ENABLED.read_text()
    except OSError:
        return False


def _filled_regions() -> Iterator[tuple[int, int]]:
    """Address and size of what of the heap is filled, in whole large pages."""
    for one in psutil.Process().memory_maps(grouped=False):
        if one.path in _HEAP and one.perms == "rw-p" and one.rss >= FILLED * one.size:
            first, last = (int(address, 16) for address in one.addr.split("-"))
            start = -(-first // LARGE_PAGE) * LARGE_PAGE
            end = last // LARGE_PAGE * LARGE_PAGE
            if end > start:
                yield start, end - start
