"""How figures are printed."""

import json as json_
import sys

import msgspec
from rich.console import Console
from rich.table import Table

console = Console()
_LINE_MAX = 10_000


def listing(*columns: str) -> Table:
    """A table in which nothing is cut, as people copy out of it: what is too long for a terminal
    goes on in the next line, but an `id` stands in one. For `print_listing`."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, no_wrap=name == "id", overflow="fold")
    return table


def print_listing(table: Table) -> None:
    """For programs, where there is no terminal, a row is a line, however long."""
    shown = console if console.is_terminal else Console(width=_LINE_MAX)
    shown.print(table)


def print_figures(figures: msgspec.Struct, *, json: bool) -> None:
    """As JSON, or one figure a line."""
    values = msgspec.to_builtins(figures)
    if json:
        sys.stdout.write(json_.dumps(values) + "\n")
        return
    width = max(len(name) for name in values)
    for name, value in values.items():
        shown = f"{value:,}" if isinstance(value, (int, float)) else str(value)
        console.print(f"{name:<{width}}  {shown}", markup=False)
    if values.get("steal_percent", 0) > 5:
        console.print("More than 5% of the time was stolen by other machines: run it again.")
