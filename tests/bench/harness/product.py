# SPDX-License-Identifier: MIT
"""twinlockd in the private host, over stores of any size that its own library has made."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from sandboxing import api_client, private_ca, processes

from . import people, web
from .host import RUNTIME

_OPEN_LIMITS = """
[limits]
live_conversations_per_user = 1000
conversations_per_hour = 100000
user_calls_per_second = 1000
user_call_burst = 10000
user_calls_in_flight = 256
root_calls_per_second = 100000
root_call_burst = 100000
root_calls_in_flight = 4096
"""

_SETTINGS = """\
[store]
directory = "{state}"

[keys]
file = "{key}"

[[policy.rule]]
name = "bench"
action = "exempt"
services = ["{exempt}"]
"""

_HTTP = """
[http]
listen = ["127.0.0.1:{port}"]
public_url = "{url}"
certificate = "{certificate}"
key = "{key}"
"""

# As many connections as a client's tool may open from one address, and no rate that it could reach.
OPEN_HTTP = """\
connections = 512
connections_per_source = 512
requests_per_second = 100000
request_burst = 100000
"""

_AS_DAEMON = {"user": "twinlock", "group": "twinlock", "extra_groups": []}


class Product:
    """One daemon at a time. A start begins with a fresh copy of its store: no code is used up."""

    def __init__(self, host):
        self._host = host
        self._program = host.build / "daemon" / "twinlockd"
        self._state = host.work / "state"
        self.key = host.work / "key"
        self._configuration = RUNTIME / "twinlock.toml"
        self._process = None
        self._http = None
        self._authority = None
        self.log = RUNTIME / "twinlockd.log"
        subprocess.run([self._program, "generate-key", self.key], check=True)
        shutil.chown(self.key, "twinlock", "twinlock")
        self.key.chmod(0o400)

    def store(self, users, audit=0, audit_age_days=0, crowd=0):
        """The directory of a store with so many users and further audit records; made once.

        people.CROWDED has a `crowd` of methods.
        """
        made = self._host.work / f"store-{users}-{audit}-{audit_age_days}-{crowd}"
        if not made.exists():
            # Made in memory, where a commit costs nothing, and put on the disk as a whole.
            with tempfile.TemporaryDirectory(dir="/dev/shm") as scratch:
                shutil.chown(scratch, "twinlock", "twinlock")
                subprocess.run(
                    [self._host.program("fill_store"), "--directory", scratch, "--key", self.key,
                     "--users", str(users), "--audit", str(audit),
                     "--audit-age-days", str(audit_age_days), "--crowd", str(crowd)], check=True, **_AS_DAEMON)
                shutil.copytree(scratch, made)
            _give_to_daemon(made)
        return made

    def start(self, users, audit=0, audit_age_days=0, crowd=0, limits=_OPEN_LIMITS):
        """Starts the daemon anew over a copy of that store. `limits` of "" are the shipped ones."""
        self.prepare(users, audit, audit_age_days, crowd, limits)
        self._process = self._serve("bus", self._configuration)

    def prepare(self, users, audit=0, audit_age_days=0, crowd=0, limits=_OPEN_LIMITS):
        """Everything but the start itself."""
        self.stop()
        shutil.rmtree(self._state, ignore_errors=True)
        shutil.copytree(self.store(users, audit, audit_age_days, crowd), self._state)
        _give_to_daemon(self._state)
        self._configuration.write_text(
            _SETTINGS.format(state=self._state, key=self.key, exempt=self._host.EXEMPT_SERVICE)
            + limits, encoding="ascii")
        people.write_pool(self._host.pool, self._host.people)
        _write_out(self._state)  # what copying left unwritten is not the daemon's to wait for

    def start_http(self, scheme, more=OPEN_HTTP):
        """Starts the process that serves REST beside the one that serves the bus; returns its URL.

        `more` are further lines of [http].
        """
        self.stop_http()
        authority = self.authority if scheme == "https" else None
        port = web.free_port()
        url = f"{scheme}://{'localhost' if authority else '127.0.0.1'}:{port}"
        configuration = RUNTIME / "twinlock-http.toml"
        configuration.write_text(self._configuration.read_text(encoding="ascii") + _HTTP.format(
            port=port, url=url, certificate=authority.certificate if authority else "",
            key=authority.key if authority else "") + more, encoding="ascii")
        self._http = self._serve("http", configuration)
        return url

    @property
    def authority(self):
        """Who signed the certificate that we serve with, and its files."""
        if self._authority is None:
            self._authority = private_ca.PrivateCa(RUNTIME / "tls")
        return self._authority

    def token(self, url, client=None):
        """Of a client of the API that may everything: the Authorization header's value."""
        if client is None:
            client = json.loads(subprocess.run(
                [self._host.build / "client" / "twinlock", "admin", "client", "create", "bench",
                 "--json", "--scope", "full"], check=True, capture_output=True).stdout)
        authority = self.authority.ca if url.startswith("https:") else None
        return f"Bearer {api_client.ApiClient(url, authority, **client).token}"

    @property
    def command(self):
        return self._command("bus", self._configuration)

    def _command(self, interface, configuration):
        return [str(self._program), "serve", f"--{interface}", "--config", str(configuration)]

    def _serve(self, interface, configuration):
        ready = processes.ReadinessSocket(RUNTIME / f"notify-{interface}")
        with open(self.log, "ab") as log:
            process = processes.start(
                self._command(interface, configuration), log,
                env=dict(os.environ, NOTIFY_SOCKET=ready.path), cwd="/", **_AS_DAEMON)
        ready.wait_for(process, "twinlockd")
        return process

    @property
    def database(self):
        return self._state / "store.db"

    def resident_kb(self):
        status = pathlib.Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))

    def stop_http(self):
        if self._http:
            self._http.terminate()
            self._http.wait()
            self._http = None

    def stop(self):
        self.stop_http()
        if self._process:
            self._process.terminate()
            self._process.wait()
            self._process = None


def _give_to_daemon(directory):
    shutil.chown(directory, "twinlock", "twinlock")
    directory.chmod(0o700)
    for file in directory.iterdir():
        shutil.chown(file, "twinlock", "twinlock")
        file.chmod(0o600)


def _write_out(directory):
    for file in directory.iterdir():
        with open(file, "rb") as opened:
            os.fsync(opened.fileno())
