# SPDX-License-Identifier: MIT
"""A private host with everything real, for the whole run of one test file.

Each test takes accounts of its own, so that no test feels the failed attempts of another. HACKING.md
tells how to run a single file.
"""
import os
import pathlib
import re
import socket
import sys
import uuid

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from sandboxing import enrollment, sandbox as sandboxing  # noqa: E402

_SANITIZER_REPORT = re.compile(r"ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|runtime error:")


class Person:
    """An account together with the authenticator app of whoever owns it."""

    def __init__(self, account, authenticator):
        self.account = account
        self.authenticator = authenticator

    @property
    def name(self):
        return self.account.name


def pytest_sessionstart():
    if os.environ.get("TWINLOCK_PRIVATE_HOST") != "1" or "TWINLOCK_BUILD" not in os.environ:
        pytest.exit("these tests change the host: run them through scripts/private-host, with "
                    "TWINLOCK_BUILD naming the build directory", returncode=2)


@pytest.fixture(scope="session")
def secrets_used():
    """What must not be found in any log afterwards (S124)."""
    return []


@pytest.fixture(scope="module")
def settings():
    """Further lines of twinlock.toml; a test file overrides this where it needs some."""
    return ""


@pytest.fixture(scope="module")
def http():
    """Whether the management API is served, too."""
    return False


@pytest.fixture(scope="module")
def sandbox(settings, http, secrets_used):
    host = sandboxing.Sandbox(os.environ["TWINLOCK_BUILD"], settings, http)
    host.start_sshd()
    yield host
    files = [host.syslog, host.daemon.log, host.ssh.log] + ([host.http.log] if http else [])
    logs = {path: path.read_text(encoding="utf-8", errors="replace") for path in files}
    for path, text in logs.items():
        for secret in secrets_used:
            assert secret not in text, f"S124: {path} has a secret"
    for path in files:
        assert not _SANITIZER_REPORT.search(logs[path]), logs[path]


@pytest.fixture
def new_person(sandbox, secrets_used):
    """Makes people: enrolled, with a key that sshd takes, and free to use sudo."""
    def make(enrolled=True):
        account = sandbox.add_account()
        sandbox.ssh.allow_key(account)
        secrets_used.append(account.password)
        authenticator = None
        if enrolled:
            authenticator = enrollment.enroll(account.name)
            secrets_used.append(authenticator.secret)
        return Person(account, authenticator)
    return make


@pytest.fixture
def person(new_person):
    return new_person()


@pytest.fixture
def daemon(sandbox):
    """The daemon, for tests that end it; it runs again for the next test."""
    yield sandbox.daemon
    if not sandbox.daemon.is_running():
        sandbox.daemon.start()


@pytest.fixture
def pam_service():
    """Writes a PAM service for pamtester: pam_service("name", "auth required ...")."""
    written = []

    def write(name, *lines):
        service = pathlib.Path("/etc/pam.d", name)
        rest = ("account required pam_permit.so", "session required pam_permit.so")
        service.write_text("\n".join((*lines, *rest)) + "\n", encoding="utf-8")
        written.append(service)
        return name
    yield write
    for service in written:
        service.unlink()


@pytest.fixture
def syslog(sandbox):
    """What has been written to syslog since the test began: syslog()."""
    start = sandbox.syslog.stat().st_size

    def read():
        # The reader takes one message after the other: once it has this one, it has all before.
        mark = f"read to here, {uuid.uuid4()}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
            end.connect("/dev/log")
            end.send(mark.encode())
        text = ""
        while mark not in text:
            with open(sandbox.syslog, encoding="utf-8", errors="replace") as log:
                log.seek(start)
                text = log.read()
        return "".join(line for line in text.splitlines(keepends=True) if "read to here, " not in line)
    return read


