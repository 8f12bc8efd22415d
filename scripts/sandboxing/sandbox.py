# SPDX-License-Identifier: MIT
"""Builds the whole set-up inside a private host: accounts, PAM, bus, daemon, policy, sshd."""
import json
import os
import pathlib
import socket
import subprocess

from . import (accounts, api_client, enrollment, kernel, pam_stacks, private_ca, ssh_server,
               syslog_reader, system_bus, twinlock_daemon)

RUNTIME = pathlib.Path("/run/twinlock-sandbox")

_ROOT = pathlib.Path(__file__).resolve().parents[2]


class Sandbox:
    """What runs in the private host. All of it ends with the process that made it.

    With `http` a second process of twinlockd serves the management API; with TWINLOCK_ONE_PROCESS=1 in the
    environment the first does, too.
    """

    def __init__(self, build, more_settings="", http=False, more_http_settings=""):
        self.programs = RUNTIME / "bin"
        self.module = RUNTIME / "pam_twinlock.so"
        self.outbox = RUNTIME / "outbox"
        self.syslog = RUNTIME / "syslog"
        self.ssh = None
        self.http = None
        self.ca = None
        self.url = None
        self._client = {}
        self._bus = None
        self.authenticator = None
        RUNTIME.mkdir(mode=0o755)
        self._show_programs(pathlib.Path(build).resolve())
        self._start_host()
        self.account = self.add_account()
        if http:
            more_settings += self._http_settings() + more_http_settings
        is_one = http and os.environ.get("TWINLOCK_ONE_PROCESS") == "1"
        self.daemon = twinlock_daemon.TwinlockDaemon(
            self.programs / "twinlockd", RUNTIME, more_settings,
            interfaces=("bus", "http") if is_one else ("bus",))
        pam_stacks.install(_ROOT / "config" / "pam", self.module)
        self.daemon.start()
        self._demand_second_factor()
        if http:
            self._start_http(is_one)

    def _show_programs(self, build):
        """Mounts them where every account may run them: the checkout may lie in a closed home."""
        self.programs.mkdir(mode=0o755)
        for built, shown in ((build / "client" / "twinlock", self.programs / "twinlock"),
                             (build / "daemon" / "twinlockd", self.programs / "twinlockd"),
                             (build / "pam_module" / "plain" / "pam_twinlock.so", self.module)):
            if not built.exists():
                raise RuntimeError(f"{built} is not built")
            shown.touch()
            kernel.bind(built, shown)
        os.environ["PATH"] = f"{self.programs}:{os.environ['PATH']}"
        pathlib.Path("/etc/profile.d/twinlock-sandbox.sh").write_text(
            f"PATH={self.programs}:$PATH\n", encoding="ascii")
        os.environ.pop("DBUS_SYSTEM_BUS_ADDRESS", None)

    def _start_host(self):
        syslog_reader.start(self.syslog)
        accounts.add_daemon_user()
        self.start_bus()
        self.outbox.touch(mode=0o600)
        pathlib.Path("/etc/twinlock").mkdir(mode=0o755)

    def start_bus(self):
        policy = _ROOT / "config" / "dbus" / "org.twinlock.Twinlock1.conf"
        with open(RUNTIME / "dbus.log", "ab") as log:
            self._bus = system_bus.start(policy, log)

    def stop_bus(self):
        self._bus.kill()
        self._bus.wait()

    def signal_bus(self, number):
        """For tests of a bus that hangs."""
        self._bus.send_signal(number)

    def add_account(self):
        """A further throw-away account that may use sudo."""
        account = accounts.add(accounts.unused_name())
        accounts.allow_sudo(account)
        return account

    def _demand_second_factor(self):
        for setting in (["factor", "enable", "otp"], ["factor", "enable", "recovery-code"],
                        ["policy", "set", "all-applications"]):
            subprocess.run(["twinlock", "admin", *setting], check=True, stdout=subprocess.DEVNULL)

    def _http_settings(self):
        """[http] of twinlock.toml, on a port that is free now."""
        self.ca = private_ca.PrivateCa(RUNTIME / "tls")
        with socket.socket() as end:
            end.bind(("127.0.0.1", 0))
            port = end.getsockname()[1]
        self.url = f"https://localhost:{port}"
        return (f'\n[http]\nlisten = ["127.0.0.1:{port}"]\npublic_url = "{self.url}"\n'
                f'certificate = "{self.ca.certificate}"\nkey = "{self.ca.key}"\n')

    def _start_http(self, is_one):
        """The management API, and a client that may everything."""
        self.http = self.daemon
        if not is_one:
            self.http = twinlock_daemon.Serving(self.programs / "twinlockd", ["http"], RUNTIME)
            self.http.start()
        self._client = self.add_client("sandbox", "full")

    @staticmethod
    def add_client(name, *scopes):
        """A client of the API: {"client_id": ..., "client_secret": ...}."""
        made = subprocess.run(["twinlock", "admin", "client", "create", name, "--json",
                               "--scope", ",".join(scopes)], check=True, capture_output=True)
        return json.loads(made.stdout)

    def token(self):
        """A token of that client's, as any client of OAuth gets one."""
        return api_client.ApiClient(self.url, self.ca.ca, **self._client).token

    def start_sshd(self):
        self.ssh = ssh_server.SshServer(RUNTIME)
        self.ssh.allow_key(self.account)
        self.ssh.start()

    def enroll(self):
        self.authenticator = enrollment.enroll(self.account.name)

    def environment(self):
        """The names that scripts/sandbox promises."""
        names = {
            "TWINLOCK_BUS": system_bus.ADDRESS,
            "TWINLOCK_USER": self.account.name,
            "TWINLOCK_PASSWORD": self.account.password,
            "TWINLOCK_USER_ID": f"unix|{self.account.name}",
            "TWINLOCK_PAM_MODULE": self.module,
            "TWINLOCK_PAM_SERVICE": pam_stacks.SECOND_FACTOR_ALONE,
            "TWINLOCK_STATE": twinlock_daemon.STATE,
            "TWINLOCK_OUTBOX": self.outbox,
            "TWINLOCK_SYSLOG": self.syslog,
            "TWINLOCK_DAEMON_LOG": self.daemon.log,
            "TWINLOCK_DAEMON_PID": self.daemon.pid,
        }
        if self.http:
            names.update(TWINLOCK_URL=self.url, TWINLOCK_CA=self.ca.ca,
                         TWINLOCK_CLIENT_ID=self._client["client_id"],
                         TWINLOCK_CLIENT_SECRET=self._client["client_secret"],
                         TWINLOCK_HTTP_LOG=self.http.log, TWINLOCK_HTTP_PID=self.http.pid)
        if self.ssh:
            names.update(TWINLOCK_SSH_PORT=self.ssh.port, TWINLOCK_SSH_KEY=self.ssh.key,
                         TWINLOCK_KNOWN_HOSTS=self.ssh.known_hosts, TWINLOCK_SSHD_LOG=self.ssh.log)
        if self.authenticator:
            names.update(TWINLOCK_TOTP_SECRET=self.authenticator.secret,
                         TWINLOCK_TOTP_USED_STEP=self.authenticator.last_used)
        return {name: str(value) for name, value in names.items()}
