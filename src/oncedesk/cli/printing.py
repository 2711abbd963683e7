"""How figures are printed."""

import json as json_
import sys

import msgspec
from rich.console import Console

console = Console()


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
