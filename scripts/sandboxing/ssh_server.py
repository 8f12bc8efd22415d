# SPDX-License-Identifier: MIT
"""A real sshd on a loopback port, set up as the shipped example for /etc/pam.d/sshd wants it."""
import pathlib
import select
import shutil
import socket
import subprocess

from . import foreground, processes

_SSHD = "/usr/sbin/sshd"  # by absolute path: it runs itself again for each connection

_SETTINGS = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {directory}/host_key
PidFile none
UsePAM yes
PasswordAuthentication no
KbdInteractiveAuthentication yes
AuthenticationMethods publickey,keyboard-interactive keyboard-interactive
PermitRootLogin no
UseDNS no
PrintMotd no
PrintLastLog no
AcceptEnv LANG LC_*
Subsystem sftp internal-sftp
MaxStartups 100
LogLevel VERBOSE
"""

# OpenSSH 9.8 and later refuse an address for a while after failed logins; older ones refuse the word.
_NO_PENALTIES = "PerSourcePenalties no\n"


class SshServer:
    """Its host key, a key of the account, and the port it serves on.

    `first_settings` come before those below: of several lines with one keyword sshd takes the first.
    """

    def __init__(self, runtime, first_settings=""):
        runtime.mkdir(mode=0o755, exist_ok=True)
        self._directory = runtime / "sshd"
        self._directory.mkdir(mode=0o755)
        self._settings = first_settings + _SETTINGS
        self.log = runtime / "sshd.log"
        self.key = runtime / "client" / "id_ed25519"
        self.known_hosts = runtime / "client" / "known_hosts"
        self.port = None
        self.key.parent.mkdir(mode=0o700)
        for key in (self._directory / "host_key", self.key):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "sandbox",
                            "-f", key], check=True)

    def allow_key(self, account):
        """Puts the key into the account's authorized_keys."""
        directory = pathlib.Path(account.home, ".ssh")
        directory.mkdir(mode=0o700)
        authorized = directory / "authorized_keys"
        shutil.copy(f"{self.key}.pub", authorized)
        for path in (directory, authorized):
            shutil.chown(path, account.name, account.name)

    def start(self):
        """Serves on a free port; returns once it listens."""
        for _ in range(20):  # another program may take the port between our look and sshd's bind
            self.port = _free_port()
            if self._listens():
                host_key = (self._directory / "host_key.pub").read_text(encoding="ascii")
                self.known_hosts.write_text(f"[127.0.0.1]:{self.port} {host_key}", encoding="ascii")
                return
        raise processes.NotReady("sshd found no free port")

    def _listens(self):
        settings = self._write_settings()
        server = processes.start([_SSHD, "-D", "-e", "-f", settings], subprocess.PIPE, bufsize=0)
        with open(self.log, "ab", buffering=0) as log:
            while line := _line_of(server.stdout):
                log.write(line)
                if b"Server listening on" in line:
                    foreground.start_thread("sshd-log", _copy, server.stdout, self.log)
                    return True
                if b"Address already in use" in line:
                    server.kill()
                    server.wait()
                    return False
        raise processes.NotReady(f"sshd ended: {self.log.read_text(encoding='utf-8')}")

    def _write_settings(self):
        settings = self._directory / "sshd_config"
        text = self._settings.format(port=self.port, directory=self._directory)
        settings.write_text(text + _NO_PENALTIES, encoding="utf-8")
        check = subprocess.run([_SSHD, "-t", "-f", settings], capture_output=True, check=False)
        if check.returncode != 0:
            settings.write_text(text, encoding="utf-8")
        return settings


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _line_of(stream):
    ready, _, _ = select.select([stream], [], [], processes.READY_WITHIN)
    return stream.readline() if ready else b""


def _copy(stream, path):
    with open(path, "ab", buffering=0) as log:
        for line in stream:
            log.write(line)
