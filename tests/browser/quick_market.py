"""A market in which a shop that has begun to answer must go on within seconds."""

import re
from pathlib import Path

import oncedesk
from tests.support.site import Site

MARKET = "quick"
ANSWER_SECONDS = 3
_CN = Path(oncedesk.__file__).parent / "rules" / "packs" / "cn"


def publish(site: Site) -> None:
    """The rules of `cn`, but for that. Nothing holds there yet, so nobody has to be told before."""
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted(_CN.glob("*.toml"))}
    files["pack.toml"] = files["pack.toml"].replace('market = "cn"', f'market = "{MARKET}"')
    files["clocks.toml"] = "[[clock]]".join(
        _hurried(block) for block in files["clocks.toml"].split("[[clock]]")
    )
    site.command(
        "POST", f"/v1/admin/markets/{MARKET}/packs", {"files": files, "reason": "a test in a hurry"}
    )


def _hurried(block: str) -> str:
    if 'desk = "merchant"' not in block or 'clock = "next_response"' not in block:
        return block
    block = re.sub(r"(?m)^seconds = .*$", f"seconds = {ANSWER_SECONDS}", block)
    block = re.sub(r"(?m)^warn_seconds = .*$", "warn_seconds = 1", block)
    return re.sub(r"(?m)^calendar = .*$", 'calendar = "always"', block)
