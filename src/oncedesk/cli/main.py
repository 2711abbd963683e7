"""The command line: `oncedesk --help` lists what there is."""

import sys

from cyclopts import App

from oncedesk.cli import (
    access,
    backup,
    bench,
    demo,
    import_,
    ledger,
    operate,
    refunds,
    rules,
    simulate,
    tau,
    webhooks,
)
from oncedesk.cli.backtest import backtest_command
from oncedesk.cli.doctor import doctor_command
from oncedesk.cli.openapi import openapi
from oncedesk.cli.serve import serve
from oncedesk.cli.watch import watch

app = App(
    name="oncedesk",
    help="Service and experience governance for content-commerce marketplaces.",
    version_flags=["--version"],
)
app.command(serve)
app.command(watch)
app.command(openapi)
app.command(access.keys_app)
app.command(access.agents_app)
app.command(demo.demo)
app.command(simulate.simulate)
app.command(import_.app)
app.command(tau.replay_app)
app.command(rules.app)
app.command(backtest_command, name="backtest")
app.command(doctor_command, name="doctor")
app.command(backup.backup)
app.command(backup.restore)
app.command(operate.replay)
app.command(ledger.app)
app.command(operate.privacy_app)
app.command(operate.parked_app)
app.command(operate.db_app)
app.command(webhooks.app)
app.command(refunds.refunds)
app.command(bench.app)


def main() -> None:
    """Run a command; its exit code is the process's."""
    code = app()
    sys.exit(code if isinstance(code, int) else 0)
