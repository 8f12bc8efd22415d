# SPDX-License-Identifier: MIT
"""Servers of the private host: how they are started, and how one waits until they serve."""
import os
import select
import socket
import subprocess

READY_WITHIN = 60.0  # seconds; a sanitized daemon on a busy machine takes a few


class NotReady(Exception):
    """A server ended, or said nothing for READY_WITHIN; the text says which and why."""


def start(command, log, **options):
    """Starts a server in a session of its own, so that Ctrl-C at the terminal isn't for it."""
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log,
                            stderr=subprocess.STDOUT, start_new_session=True, **options)


class ReadinessSocket:
    """The socket that a server tells "READY=1", as systemd would offer it (sd_notify(3))."""

    def __init__(self, path):
        self.path = str(path)
        if os.path.exists(self.path):
            os.unlink(self.path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.path)
        os.chmod(self.path, 0o666)

    def wait_for(self, process, name):
        """Returns once `process` is ready; raises NotReady when it ends first."""
        ended = os.pidfd_open(process.pid)
        try:
            while True:
                ready, _, _ = select.select([self._socket, ended], [], [], READY_WITHIN)
                if self._socket in ready and b"READY=1" in self._socket.recv(4096).split(b"\n"):
                    return
                if ended in ready:
                    raise NotReady(f"{name} ended with status {process.wait()}")
                if not ready:
                    raise NotReady(f"{name} wasn't ready within {READY_WITHIN:.0f} s")
        finally:
            os.close(ended)
            self._socket.close()
