"""Brings a Chromium for the browser tests where it may (Debian, as root); else says what is
missing. The tests find it by its name on the PATH, and say that they were left out without one.

The one without windows is preferred: a whole one draws its own bars and buttons beside each page
that a test opens, unseen, which takes longer than the page.
"""

import os
import shutil
import subprocess

SHELL, WHOLE = "chromium-headless-shell", "chromium"
FONTS = "fonts-noto-cjk"


def main() -> None:
    if shutil.which(SHELL):
        return
    whole = shutil.which(WHOLE) is not None
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        if not whole:
            print(f"oncedesk: no chromium here, so browser tests are left out (Debian: {SHELL})")
        return
    if apt_get("update", "-q") and (installed(SHELL) or whole or installed(WHOLE)):
        return
    if not whole:
        print("oncedesk: no chromium to be had, so the browser tests are left out")


def installed(package: str) -> bool:
    return apt_get("install", "-qy", "--no-install-recommends", package, FONTS)


def apt_get(*arguments: str) -> bool:
    """Whether that worked; what did not is said."""
    done = subprocess.run(
        ("apt-get", *arguments),
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )
    if done.returncode != 0:
        print(f"oncedesk: `apt-get {' '.join(arguments)}` failed")
    return done.returncode == 0


if __name__ == "__main__":
    main()
