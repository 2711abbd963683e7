"""The command line: `oncedesk --help` lists what there is."""

import io
import os
import sys
from signal import SIGINT

INTERRUPTED = 128 + SIGINT
"""The exit code, as shells have it after Ctrl-C."""

try:
    from cyclopts import App
except KeyboardInterrupt:
    sys.exit(INTERRUPTED)

# Each is imported when it is called: one command, and whoever only keeps processes running, needs
# little of the whole.
_COMMANDS = {
    "serve": "serve:serve",
    "watch": "watch:watch",
    "openapi": "openapi:openapi",
    "keys": "access:keys_app",
    "agents": "access:agents_app",
    "demo": "demo:demo",
    "simulate": "simulate:simulate",
    "import": "import_:app",
    "replay-tasks": "tau:replay_app",
    "rules": "rules:app",
    "backtest": "backtest:backtest_command",
    "doctor": "doctor:doctor_command",
    "backup": "backup:backup",
    "restore": "backup:restore",
    "replay": "operate:replay",
    "ledger": "ledger:app",
    "privacy": "operate:privacy_app",
    "parked": "operate:parked_app",
    "db": "operate:db_app",
    "webhooks": "webhooks:app",
    "refunds": "refunds:refunds",
    "bench": "bench:app",
}

_LISTING: tuple[list[str], ...] = ([], ["--help"], ["-h"])

app = App(
    name="oncedesk",
    help="Service and experience governance for content-commerce marketplaces.",
    version_flags=["--version"],
)
for name, where in _COMMANDS.items():
    app.command(f"oncedesk.cli.{where}", name=name)


def main() -> None:
    """Run a command; its exit code is the process's."""
    _open_streams()
    if sys.argv[1:2] in _LISTING:
        # Each says by itself what it is for.
        for name in _COMMANDS:
            app[name]
    try:
        code = app()
    except KeyboardInterrupt:
        # The framework has those of a command that runs, not of one that is still imported.
        code = INTERRUPTED
    sys.exit(code if isinstance(code, int) else 0)


def _open_streams() -> None:
    """Whoever started us may have closed standard streams. Nobody then reads what is told there,
    and no file or connection may come into their place and be told it."""
    while (opened := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(opened, True)
    os.close(opened)
    sys.stdin = sys.stdin or os.fdopen(0, closefd=False)
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        # What is kept or read by a program, JSON above all, is UTF-8 whatever the locale.
        sys.stdout.reconfigure(encoding="utf-8")
