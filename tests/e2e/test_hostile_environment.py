# SPDX-License-Identifier: MIT
"""What a user may put around a setuid program must not steer the module (S08, S09)."""
import os
import pathlib
import re
import socket
import threading

import pytest
from sandboxing import logins

# Everything below is planted by the user: a path in any of them that the program opens is a finding.
_VARIABLES = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "TMPDIR",
              "PWD", "OPENSSL_CONF", "SSL_CERT_FILE", "LOCPATH", "TERMINFO", "HOSTALIASES")


class FakeBus:
    """A socket of the user's that counts who comes to it."""

    def __init__(self, path):
        self.address = f"unix:path={path}"
        self.visitors = 0
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        os.chmod(path, 0o777)
        self._socket.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            connection, _ = self._socket.accept()
            self.visitors += 1
            connection.close()


@pytest.fixture
def hostile(person):
    """A directory of the person's, a bus in it, and an environment that points at both."""
    directory = pathlib.Path(person.account.home, "planted")
    directory.mkdir()
    os.chmod(directory, 0o777)
    bus = FakeBus(directory / "bus")
    environment = {name: str(directory) for name in _VARIABLES}
    environment |= {"DBUS_SYSTEM_BUS_ADDRESS": bus.address,
                    "DBUS_SESSION_BUS_ADDRESS": bus.address,
                    "DBUS_STARTER_ADDRESS": bus.address,
                    "NOTIFY_SOCKET": str(directory / "bus"),
                    "http_proxy": "http://127.0.0.1:9/",
                    "LD_LIBRARY_PATH": str(directory), "LC_ALL": "../../planted",
                    "PATH": os.environ["PATH"]}
    return directory, bus, environment


def with_environment(environment, command):
    return ["env", "-i", *(f"{name}={value}" for name, value in environment.items()), *command]


def test_sudo_with_a_planted_bus_asks_the_real_one(person, hostile):  # S09
    _, bus, environment = hostile
    user = ["setpriv", f"--reuid={person.name}", f"--regid={person.name}", "--init-groups"]
    terminal = logins.spawn([*user, *with_environment(environment, ["sudo", "-k", "id", "-un"])])
    logins.type_password(terminal, person.account)
    logins.type_code(terminal, person.authenticator.code())
    terminal.expect("root\r\n")
    assert bus.visitors == 0


def test_su_with_a_planted_bus_asks_the_real_one(person, new_person, hostile):  # S09
    _, bus, environment = hostile
    target = new_person()
    user = ["setpriv", f"--reuid={person.name}", f"--regid={person.name}", "--init-groups"]
    terminal = logins.spawn([*user, *with_environment(
        environment, ["su", target.name, "-c", "echo session-of-$(id -un)-granted"])])
    logins.type_password(terminal, target.account)
    logins.type_code(terminal, target.authenticator.wrong_code())
    assert logins.outcome(terminal) == "asked again"
    assert bus.visitors == 0


def test_a_root_program_with_a_planted_bus_asks_the_real_one(person, hostile):  # S09
    """secure_getenv() is no help here: the caller is no setuid program."""
    _, bus, environment = hostile
    terminal = logins.spawn(with_environment(
        environment, ["pamtester", "twinlock", person.name, "authenticate"]))
    logins.type_code(terminal, person.authenticator.code())
    terminal.expect("successfully authenticated")
    assert bus.visitors == 0


def test_without_the_daemon_a_planted_bus_still_isnt_asked(person, hostile, daemon):  # S09, S28
    _, bus, environment = hostile
    daemon.stop()
    result = logins.run(with_environment(
        environment, ["pamtester", "twinlock", person.name, "authenticate"]))
    assert result.returncode != 0
    assert bus.visitors == 0


def opened_after_the_module(trace):
    """Paths that the program opened or created once it had loaded the module, up to its command."""
    paths, loaded = [], False
    for line in trace.splitlines():
        found = re.search(r'\b(?:openat|open|creat|mkdir\w*|unlink\w*|rename\w*|connect)\(.*?"([^"]*)"',
                          line)
        loaded = loaded or "pam_twinlock.so" in line
        if loaded and found:
            paths.append(found.group(1))
        if loaded and "/usr/bin/id" in line and "execve" in line:
            break
    return paths


def test_sudo_opens_nothing_that_the_user_planted(person, hostile, tmp_path):  # S08
    directory, _, environment = hostile
    trace = tmp_path / "trace"
    terminal = logins.spawn(
        ["strace", "-f", "-qq", "-u", person.name, "-o", trace, "-e",
         "trace=open,openat,creat,mkdir,mkdirat,unlink,unlinkat,rename,renameat,renameat2,connect,execve",
         *with_environment(environment, ["sudo", "-k", "id", "-un"])], cwd=directory)
    logins.type_password(terminal, person.account)
    logins.type_code(terminal, person.authenticator.code())
    terminal.expect("root\r\n")
    terminal.expect(logins.pexpect.EOF)
    terminal.wait()
    paths = opened_after_the_module(trace.read_text(encoding="utf-8", errors="replace"))
    assert any("/run/dbus/system_bus_socket" in path for path in paths), "saw the module at work"
    assert not [path for path in paths
                if path.startswith((str(directory), person.account.home, "/tmp", "/var/tmp"))]


def test_sudos_own_prompt_text_doesnt_stop_the_login(person):
    """`sudo -p` puts the user's text in place of the module's prompt."""
    terminal = logins.sudo(person.account, "-p", "Say it> ")
    for answer in (person.account.password, person.authenticator.code()):
        terminal.expect("Say it> |" + logins.CODE_PROMPT)
        terminal.waitnoecho()
        terminal.sendline(answer)
    assert logins.outcome(terminal) == "root"


def test_core_limits_and_signals_of_the_user_change_nothing(person):
    line = logins.as_user(person.account, "sh", "-c",
                          "ulimit -n 64; ulimit -c unlimited; trap '' PIPE HUP; exec sudo -k id -un")
    terminal = logins.spawn(line)
    logins.type_password(terminal, person.account)
    logins.type_code(terminal, person.authenticator.code())
    terminal.expect("root\r\n")
