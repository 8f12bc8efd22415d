# SPDX-License-Identifier: MIT
"""Writes what programs send to /dev/log into a file, one message a line."""
import os
import re
import socket

from . import foreground

_PRIORITY = re.compile(rb"^<\d+>")


def start(path):
    """Listens on /dev/log from now on; every program of the private host may write there."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind("/dev/log")
    os.chmod("/dev/log", 0o666)
    log = open(path, "wb", buffering=0)  # noqa: SIM115: open as long as the process lives
    foreground.start_thread("syslog", _copy, listener, log)


def _copy(listener, log):
    while True:
        message = _PRIORITY.sub(b"", listener.recv(65536)).rstrip(b"\0\n")
        log.write(message.replace(b"\n", b"\\n") + b"\n")
