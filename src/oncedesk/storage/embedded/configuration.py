"""The configuration that the embedded server runs under, fitted to the machine."""

from pathlib import Path

import msgspec
import psutil

from oncedesk.storage.embedded.layout import Layout

CONNECTIONS_MAX = 200

_MB = 1024 * 1024
_GB = 1024 * _MB
_CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)

# Only whoever can open the socket gets this far, and its folder is closed to everybody else.
_ACCESS_RULES = "local all all trust\nlocal replication all trust\n"


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    memory_bytes: int
    disk_free_bytes: int


def this_machine(folder: Path) -> Machine:
    """The memory that we may use (a container's limit counts) and the room where the data lies."""
    memory = psutil.virtual_memory().total
    for limit in _CGROUP_LIMITS:
        try:
            memory = min(memory, int(limit.read_text()))
        except (OSError, ValueError):
            # No such limit here, or the word "max".
            continue
    return Machine(memory_bytes=memory, disk_free_bytes=psutil.disk_usage(str(folder)).free)


def write_configuration(*, layout: Layout, socket_folder: Path) -> None:
    """Write both files anew, so that a new version's or a bigger machine's values take effect."""
    configuration = server_configuration(
        machine=this_machine(layout.folder), layout=layout, socket_folder=socket_folder
    )
    for path, text in ((layout.configuration, configuration), (layout.access_rules, _ACCESS_RULES)):
        path.write_text(text, encoding="utf-8")
        # The server's user may be another than ours. There are no secrets in them.
        path.chmod(0o644)


def server_configuration(*, machine: Machine, layout: Layout, socket_folder: Path) -> str:
    """The text of ``postgresql.conf``. ``ALTER SYSTEM`` overrides single values."""
    # A quarter, as PostgreSQL's documentation advises. What is not used is not taken.
    shared_buffers = _between(machine.memory_bytes // 4, 128 * _MB, 8 * _GB)
    maintenance = _between(machine.memory_bytes // 16, 64 * _MB, 512 * _MB)
    # A full disk stops the server, so the log of changes gets at most a quarter of what is free.
    wal_max = _between(machine.disk_free_bytes // 4, _GB, 8 * _GB)
    lines = (
        "# Written by Oncedesk at every start. To change a value for good: ALTER SYSTEM SET ...",
        "",
        "# Reached through a socket in a closed folder, and not from the network.",
        "listen_addresses = ''",
        f"unix_socket_directories = {_quoted(socket_folder)}",
        "unix_socket_permissions = 0700",
        f"hba_file = {_quoted(layout.access_rules)}",
        f"max_connections = {CONNECTIONS_MAX}",
        "max_logical_replication_workers = 0",
        "",
        "# An acknowledged command is on the disk.",
        "fsync = on",
        "synchronous_commit = on",
        "full_page_writes = on",
        "",
        "# Rare checkpoints: each makes the next change of every page cost a whole page.",
        f"max_wal_size = {wal_max // _MB}MB",
        "min_wal_size = 512MB",
        "checkpoint_timeout = 30min",
        "checkpoint_completion_target = 0.9",
        "wal_compression = pglz",
        "wal_buffers = 16MB",
        "",
        f"shared_buffers = {shared_buffers // _MB}MB",
        f"effective_cache_size = {machine.memory_bytes // 2 // _MB}MB",
        "work_mem = 16MB",
        f"maintenance_work_mem = {maintenance // _MB}MB",
        "",
        "# Many short statements on few rows. Parallel workers also want more /dev/shm than a",
        "# container usually has.",
        "jit = off",
        "random_page_cost = 1.1",
        "max_parallel_workers_per_gather = 0",
        "max_parallel_maintenance_workers = 0",
        "track_io_timing = off",
        "",
        "# States are updated again and again: clean early, often and without braking.",
        "autovacuum_naptime = 10s",
        "autovacuum_vacuum_scale_factor = 0.05",
        "autovacuum_vacuum_insert_scale_factor = 0.2",
        "autovacuum_analyze_scale_factor = 0.05",
        "autovacuum_vacuum_cost_limit = 5000",
        "autovacuum_vacuum_cost_delay = 1ms",
        "",
        "timezone = 'UTC'",
        "log_timezone = 'UTC'",
        "lc_messages = 'C'",
        "# The details of an error quote the rows concerned: people's data, kept out of the log.",
        "log_error_verbosity = terse",
        "logging_collector = off",
        "log_line_prefix = '%m [%p] %q%d '",
    )
    return "\n".join(lines) + "\n"


def _between(value: int, least: int, most: int) -> int:
    return max(least, min(value, most))


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("\\", "\\\\").replace("'", "''") + "'"
