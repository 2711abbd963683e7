"""Become another program: give up root, tie the life to the parent's, then execute it.

Run as a script, ``python -I -S launch.py PARENT SIGNAL UID GID FOLDER PROGRAM ARGUMENT...``, and
not as a function between fork and exec: other threads of the parent may hold locks at the moment
of the fork. It imports nothing of Oncedesk, so it also starts where only root can read Oncedesk.

PARENT is the process id whose death sends SIGNAL to the program (Linux only; elsewhere the
program outlives a killed parent). UID and GID of -1 keep the user.
"""

import ctypes
import os
import signal
import sys

EXIT_NOT_BECOME = 122
EXIT_PARENT_GONE = 123
EXIT_NOT_TIED = 124
EXIT_FOLDER_CLOSED = 125
EXIT_NOT_EXECUTABLE = 126

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> int:
    parent, death_signal, uid, gid = (int(argument) for argument in arguments[:4])
    folder, *command = arguments[4:]
    # An ignored SIGINT (a shell's background job) would outlive the exec, and the parent's death
    # in the moments before PostgreSQL sets its own handler would go unnoticed.
    signal.signal(death_signal, signal.SIG_DFL)
    if uid != -1:
        try:
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
        except OSError as error:
            return _failed(EXIT_NOT_BECOME, f"cannot become user {uid}: {error.strerror}")
    if sys.platform == "linux":
        # After setuid, because a change of the user clears it.
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0) != 0:
            return _failed(EXIT_NOT_TIED, f"prctl: {os.strerror(ctypes.get_errno())}")
        # The parent may have died before the kernel knew whom to tell.
        if os.getppid() != parent:
            return EXIT_PARENT_GONE
    try:
        os.chdir(folder)
    except OSError as error:
        return _failed(EXIT_FOLDER_CLOSED, f"cannot enter {folder}: {error.strerror}")
    try:
        os.execv(command[0], command)  # noqa: S606  # to become it is what this script is for
    except OSError as error:
        return _failed(EXIT_NOT_EXECUTABLE, f"cannot execute {command[0]}: {error.strerror}")


def _failed(exit_code: int, message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
