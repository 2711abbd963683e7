"""Brings a Chromium for the browser tests where it may (Debian, as root); else says what is
missing. The tests find it by its name on the PATH, and say that they were left out without one.
"""

import os
import shutil
import subprocess

PACKAGES = ("chromium", "fonts-noto-cjk")


def main() -> None:
    if shutil.which("chromium"):
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print("oncedesk: no chromium here, so the browser tests are left out (Debian: chromium)")
        return
    for command in (
        ("apt-get", "update", "-q"),
        ("apt-get", "install", "-qy", "--no-install-recommends", *PACKAGES),
    ):
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
        if done.returncode != 0:
            print(f"oncedesk: `{' '.join(command)}` failed: the browser tests are left out")
            return


if __name__ == "__main__":
    main()
