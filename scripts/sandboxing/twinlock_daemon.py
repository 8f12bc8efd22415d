# SPDX-License-Identifier: MIT
"""twinlockd in the private host: its configuration, its key, and its life."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tomllib

from . import processes

CONFIGURATION = pathlib.Path("/etc/twinlock/twinlock.toml")
STATE = pathlib.Path("/var/lib/twinlock")
_KEY = pathlib.Path("/etc/twinlock/master.key")

_SETTINGS = f"""\
[store]
directory = "{STATE}"

[keys]
file = "{_KEY}"
"""

_OUR_IDENTITY = """
[identity]
issuer = "Twinlock"
"""


class NotForASandbox(RuntimeError):
    """Settings that this host can't have."""


def settings_before(more):
    """What stands in twinlock.toml before `more`: TOML takes each table once."""
    try:
        tables = tomllib.loads(more)
    except tomllib.TOMLDecodeError:
        tables = {}  # the daemon says it better, with the line
    for table in ("store", "keys"):
        if table in tables:
            raise NotForASandbox(f"[{table}] is the sandbox's own, leave it out: the files of the "
                                 "store and the key go with the sandbox")
    return _SETTINGS if "identity" in tables else _SETTINGS + _OUR_IDENTITY


def told_of(file, more, said):
    """What the daemon said, with places in `file` where it named those of `more` behind ours."""
    ours = settings_before(more).count("\n")

    def place(match):
        line = int(match[1])
        return f"{file}:{line - ours}" if line > ours else match[0]
    return re.sub(re.escape(str(CONFIGURATION)) + r":(\d+)", place, said)


class Serving:
    """One process of twinlockd. Runs as user twinlock, like the packaged units do."""

    def __init__(self, program, interfaces, runtime):
        self._program = str(program)
        self._interfaces = [f"--{interface}" for interface in interfaces]
        self._notify = runtime / f"notify-{'-'.join(interfaces)}"
        self.log = runtime / f"twinlockd-{'-'.join(interfaces)}.log"
        self._process = None

    @property
    def pid(self):
        return self._process.pid

    def start(self):
        """Returns once it serves; raises NotReady with the end of the log otherwise."""
        ready = processes.ReadinessSocket(self._notify)
        environment = dict(os.environ, NOTIFY_SOCKET=ready.path)
        with open(self.log, "ab") as log:
            self._process = processes.start(
                [self._program, "serve", *self._interfaces, "--config", CONFIGURATION], log,
                env=environment, cwd="/", user="twinlock", group="twinlock", extra_groups=[])
        try:
            ready.wait_for(self._process, "twinlockd")
        except processes.NotReady as error:
            tail = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise processes.NotReady(f"{error}\n{tail}") from error

    def is_running(self):
        return self._process is not None and self._process.poll() is None

    def freeze(self):
        """Stops it where it is: calls reach it and nobody answers (S23)."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self._process.send_signal(signal.SIGCONT)

    def wait(self, seconds):
        """Its exit status, once it has ended by itself."""
        return self._process.wait(timeout=seconds)

    def stop(self):
        """Asks it to end, and returns its exit status."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait()

    def kill(self):
        """Ends it as a crash would (S130)."""
        self._process.kill()
        self._process.wait()


class TwinlockDaemon(Serving):
    """The one that serves the bus; makes settings, key and store before."""

    def __init__(self, program, runtime, more_settings="", interfaces=("bus",)):
        super().__init__(program, interfaces, runtime)
        self._prepare(more_settings)

    def _prepare(self, more_settings):
        CONFIGURATION.parent.mkdir(exist_ok=True)
        shutil.chown(CONFIGURATION.parent, "root", "twinlock")
        CONFIGURATION.parent.chmod(0o750)  # as tmpfiles.d makes it
        CONFIGURATION.write_text(settings_before(more_settings) + more_settings, encoding="utf-8")
        shutil.chown(CONFIGURATION, "root", "twinlock")
        CONFIGURATION.chmod(0o640)
        STATE.mkdir(mode=0o700, exist_ok=True)
        shutil.chown(STATE, "twinlock", "twinlock")
        subprocess.run([self._program, "generate-key", _KEY], check=True,
                       stdout=subprocess.DEVNULL)
        shutil.chown(_KEY, "twinlock", "twinlock")
        _KEY.chmod(0o400)
        # The first that reads the settings.
        made = subprocess.run([self._program, "create-store"], check=False, capture_output=True,
                              text=True)
        if made.returncode != 0:
            raise processes.NotReady(made.stderr.rstrip())
