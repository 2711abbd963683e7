"""Puts the pictures of the README where it shows them, from those that the browser tests took."""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TAKEN = ROOT / "screenshots"
SHOWN = ROOT / "docs" / "screenshots"
PICTURES = {
    "desk": "desk-remedies-en-light-desk",
    "help": "help-order-zh-light-phone",
}


def main() -> None:
    SHOWN.mkdir(exist_ok=True)
    for name, taken in PICTURES.items():
        shutil.copyfile(TAKEN / f"{taken}.png", SHOWN / f"{name}.png")


if __name__ == "__main__":
    main()
