"""Large pages for a heap that is filled, where the machine has them, and for nothing else."""

import mmap
import threading
from pathlib import Path

import psutil
import pytest

from oncedesk.engine import memory

MIB = 1 << 20


def _in_large_pages() -> int:
    """Of how many bytes the kernel says that they lie in large pages."""
    told = Path("/proc/self/smaps_rollup").read_text()
    (line,) = [one for one in told.splitlines() if one.startswith("AnonHugePages")]
    return int(line.split()[1]) << 10


def _given_to_those_who_ask() -> bool:
    kernel = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    return kernel.exists() and "[madvise]" in kernel.read_text()


def test_a_filled_heap_lies_in_large_pages_wherever_one_may_ask_for_them() -> None:
    heap = [str(number) for number in range(1_000_000)]
    agreed = memory.lay_into_large_pages()
    if _given_to_those_who_ask():
        assert agreed >= 32 * MIB
        assert _in_large_pages() >= 32 * MIB
    else:
        assert agreed == 0
    assert heap[-1] == "999999"


def test_what_is_reserved_and_not_used_takes_no_memory() -> None:
    reserved = mmap.mmap(-1, 64 * MIB, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    reserved[: 8 * MIB] = bytes(8 * MIB)
    before = psutil.Process().memory_info().rss
    memory.lay_into_large_pages()
    assert psutil.Process().memory_info().rss - before < 32 * MIB
    reserved.close()


def test_however_many_commands_run_in_a_process_it_asks_once() -> None:
    for _ in range(3):
        memory.prepare_memory()
    asking = [one for one in threading.enumerate() if one.name == "large-pages"]
    assert len(asking) == (1 if _given_to_those_who_ask() else 0)


def test_a_kernel_that_knows_none_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for said in (None, "[always] madvise never", "always madvise [never]"):
        where = tmp_path / "enabled"
        if said is not None:
            where.write_text(said)
        monkeypatch.setattr(memory, "_ENABLED", where)
        assert memory.lay_into_large_pages() == 0


def test_whoever_may_not_look_at_their_own_memory_keeps_the_pages_that_they_have(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    enabled = tmp_path / "enabled"
    enabled.write_text("always [madvise] never")
    monkeypatch.setattr(memory, "_ENABLED", enabled)
    monkeypatch.setattr(memory, "LOOK_SECONDS", 0.0)

    def denied(*_about: object, **_named: object) -> None:
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil.Process, "memory_maps", denied)
    asking = threading.Thread(target=memory._keep_asking, daemon=True)
    asking.start()
    asking.join(timeout=30)
    assert not asking.is_alive()
