# SPDX-License-Identifier: MIT
"""The system calls that Python 3.11 has no name for (unshare(2), mount(2), prctl(2))."""
import ctypes
import os
import signal

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_BIND = 4096
MS_REC = 16384
MS_PRIVATE = 1 << 18

_PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)
_libc.mount.argtypes = (
    ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p)


def _check(result, what):
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")


def unshare(flags):
    _check(_libc.unshare(flags), "unshare")


def mount(source, target, kind="", flags=0, options=""):
    result = _libc.mount(str(source).encode(), str(target).encode(), kind.encode(), flags,
                         options.encode())
    _check(result, f"mount {kind or source} on {target}")


def bind(source, target):
    """Shows `source`, with all that is mounted below it, at `target`."""
    mount(source, target, flags=MS_BIND | MS_REC)


def die_with_parent():
    _check(_libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")
