# SPDX-License-Identifier: MIT
"""Callers with nobody to ask are refused at once, and nothing is counted against the user (S27)."""
import os
import pathlib
import shutil
import subprocess
import time

import pytest
from sandboxing import kernel, logins, processes


def assert_nothing_counted(person):
    """Three failures would have held the next code back."""
    terminal = logins.sudo(person.account)
    logins.type_password(terminal, person.account)
    logins.type_code(terminal, person.authenticator.code())
    assert logins.outcome(terminal) == "root"


def test_sudo_that_may_not_ask_is_refused(person):
    for _ in range(4):
        result = logins.run(logins.as_user(person.account, "sudo", "-k", "-n", "id"))
        assert result.returncode != 0 and "uid=" not in result.stdout
    assert_nothing_counted(person)


def test_sudo_without_a_terminal_is_refused(person):
    for _ in range(4):
        result = logins.run(["setsid", *logins.as_user(person.account, "sudo", "-k", "id")])
        assert result.returncode != 0 and "uid=" not in result.stdout
    assert_nothing_counted(person)


def test_ssh_in_batch_mode_is_refused_at_once(sandbox, person):
    started = time.monotonic()
    for _ in range(4):
        result = logins.run(logins.ssh_command(sandbox.ssh, person.account, "id", key=True,
                                               options=["BatchMode=yes"]))
        assert result.returncode == 255 and "uid=" not in result.stdout
    assert time.monotonic() - started < 40  # four refusals, none of which waits for an answer
    assert_nothing_counted(person)


@pytest.mark.parametrize("key", [True, False], ids=["key", "password"])
@pytest.mark.parametrize("program", ["scp", "sftp"])
def test_copying_in_batch_mode_is_refused_at_once(sandbox, person, tmp_path, program, key):
    wanted = tmp_path / "copy"
    line = logins.ssh_command(sandbox.ssh, person.account, key=key, options=["BatchMode=yes"])
    settings = [word for word in line[1:-1] if word not in ("-p", str(sandbox.ssh.port))]
    for _ in range(4):
        result = logins.run([program, "-P", sandbox.ssh.port, *settings,
                             f"{line[-1]}:/etc/hostname", wanted])
        assert result.returncode != 0 and not wanted.exists()
        assert "permission denied" in result.stderr.lower(), result.stderr
    assert_nothing_counted(person)


@pytest.fixture
def at_daemon(tmp_path):
    """atd with a spool of its own; /var/spool is the machine's, even in a private host."""
    spool = pathlib.Path("/var/spool/cron")
    owner = (spool / "atjobs").stat()
    kernel.mount("tmpfs", spool, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=755")
    for name in ("atjobs", "atspool"):
        directory = spool / name
        directory.mkdir()
        os.chown(directory, owner.st_uid, owner.st_gid)
        directory.chmod(0o1770)
    numbers = spool / "atjobs" / ".SEQ"
    numbers.write_text("00000\n", encoding="ascii")
    os.chown(numbers, owner.st_uid, owner.st_gid)
    numbers.chmod(0o600)
    with open(tmp_path / "atd.log", "wb") as log:
        daemon = processes.start(["/usr/sbin/atd", "-f"], log)
    yield daemon
    daemon.terminate()
    daemon.wait()
    subprocess.run(["umount", spool], check=True)


def test_a_job_without_a_terminal_is_refused(person, at_daemon):
    """As cron's are: nobody is there, and four of them must not hold the user back."""
    del at_daemon
    said = pathlib.Path(person.account.home, "said")
    os.mkfifo(said)
    shutil.chown(said, person.name)
    job = f"exec >{said} 2>&1; sudo -k id; echo ended with $?"
    for _ in range(4):
        queued = subprocess.run(logins.as_user(person.account, "at", "now"), input=job, text=True,
                                capture_output=True, check=False, cwd=person.account.home)
        assert queued.returncode == 0, queued.stderr
        result = logins.run(["cat", said])
        assert "ended with 1" in result.stdout and "uid=" not in result.stdout
    assert_nothing_counted(person)


def test_a_program_without_answers_is_refused(sandbox, person):
    for _ in range(4):
        result = logins.run(["pamtester", "twinlock", person.name, "authenticate"])
        assert result.returncode != 0
    assert_nothing_counted(person)
