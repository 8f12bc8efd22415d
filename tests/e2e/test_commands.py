# SPDX-License-Identifier: MIT
"""scripts/private-host, scripts/sandbox and the demo, as commands. Each makes a host of its own."""
import os
import pathlib
import signal
import subprocess
import sys

import pexpect
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"

sys.path.insert(0, str(SCRIPTS))

from sandboxing import totp  # noqa: E402

PRIVATE_HOST = str(SCRIPTS / "private-host")


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300,
                          stdin=subprocess.DEVNULL, **options)


def in_sandbox(*arguments):
    return run(SCRIPTS / "sandbox", "--build", os.environ["TWINLOCK_BUILD"], *arguments)


def test_a_private_host_returns_its_commands_status():
    assert run(PRIVATE_HOST, "--", "sh", "-c", "exit 7").returncode == 7
    assert run(PRIVATE_HOST, "--", "sh", "-c", "kill -TERM $$").returncode == 128 + signal.SIGTERM
    assert run(PRIVATE_HOST, "--", "/no/such/command").returncode == 127


def test_nothing_that_a_private_host_changes_is_left(tmp_path):
    change = ("useradd -m left-behind && touch /etc/left-behind /run/left-behind "
              "/dev/left-behind /var/lib/left-behind /var/log/left-behind && ls /home")
    inside = run(PRIVATE_HOST, "--", "sh", "-c", change)
    assert "left-behind" in inside.stdout, inside.stderr
    for directory in ("/etc", "/run", "/dev", "/home", "/var/lib", "/var/log"):
        assert "left-behind" not in os.listdir(directory)
    assert "left-behind" not in pathlib.Path("/etc/passwd").read_text(encoding="utf-8")


def test_a_private_network_reaches_nothing_outside():
    listed = run(PRIVATE_HOST, "--private-network", "--", "ls", "/sys/class/net")
    interfaces = run(PRIVATE_HOST, "--private-network", "--", "cat", "/proc/net/dev").stdout
    assert listed.returncode == 0
    assert [line.split(":")[0].strip() for line in interfaces.splitlines()[2:]] == ["lo"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP,
                                    signal.SIGINT])
def test_every_process_ends_with_the_private_host(number):
    """The pipe's reading end sees the end of file once the last process that holds it is gone."""
    host = subprocess.Popen([PRIVATE_HOST, "--", "sh", "-c", "sleep 1000 & echo up; exec sleep 1000"],
                            stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    assert host.stdout.readline() == b"up\n"
    host.send_signal(number)
    assert host.stdout.read() == b""
    assert host.wait() != 0


def test_an_orphan_is_buried():
    orphan = "(sh -c 'exit 3' &) ; sleep 0.1; ps -e -o stat= | grep -c Z"
    assert run(PRIVATE_HOST, "--", "sh", "-c", orphan).stdout.strip() == "0"


def test_a_sandbox_gives_its_command_the_promised_names():
    result = in_sandbox("--sshd", "--enroll", "--", "env")
    names = dict(line.split("=", 1) for line in result.stdout.splitlines() if "=" in line)
    for name in ("BUS", "USER", "PASSWORD", "USER_ID", "PAM_MODULE", "PAM_SERVICE", "STATE",
                 "OUTBOX", "SSH_PORT", "SSH_KEY", "KNOWN_HOSTS", "TOTP_SECRET"):
        assert names.get(f"TWINLOCK_{name}"), f"TWINLOCK_{name}: {result.stderr}"


def test_a_sandbox_returns_its_commands_status():
    assert in_sandbox("--", "sh", "-c", "twinlock --help >/dev/null && exit 5").returncode == 5


def test_a_command_that_ends_before_anybody_waits_for_it_ends_its_sandbox():
    for _ in range(10):
        foreground = subprocess.run(
            ["python3", "-c", "from sandboxing import foreground;"
                              "raise SystemExit(foreground.run(['sh', '-c', 'exit 7']))"],
            cwd=SCRIPTS, timeout=60, check=False)
        assert foreground.returncode == 7


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_to_a_sandbox_ends_its_command(number):
    host = subprocess.Popen([SCRIPTS / "sandbox", "--build", os.environ["TWINLOCK_BUILD"], "--", "sh",
                             "-c", f"trap 'echo told; exit 3' {number}; echo up; "
                                   "while :; do sleep 0.1; done"],
                            stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    assert host.stdout.readline() == b"up\n"
    host.send_signal(number)
    assert host.stdout.read() == b"told\n"
    assert host.wait() == 3


# Whenever it comes: while the private host is made, the daemon starts, the command runs.
@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2])
def test_ctrl_c_ends_a_sandbox_without_a_trace(seconds):
    terminal = pexpect.spawn(str(SCRIPTS / "sandbox"), ["--build", os.environ["TWINLOCK_BUILD"], "--",
                                                        "sleep", "1000"],
                             encoding="utf-8", timeout=60)
    terminal.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=seconds)
    terminal.sendintr()
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert "Traceback" not in terminal.before
    assert 130 in (terminal.exitstatus, 128 + (terminal.signalstatus or 0))


# A thread that took SIGCHLD between the child's end and the wait would let it go on without end.
def test_a_command_that_has_ended_is_noticed_beside_a_thread():
    ended_before_the_wait = """if True:
        import os
        import threading
        from sandboxing import foreground
        foreground.start_thread("idle", threading.Event().wait)
        for _ in range(50):
            foreground.hold_signals()
            child = os.fork()
            if child == 0:
                os._exit(7)
            os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
            assert foreground.wait_for(child) == 7
    """
    waited = run("/usr/bin/python3", "-B", "-c", ended_before_the_wait,
                 env=dict(os.environ, PYTHONPATH=str(SCRIPTS)))
    assert waited.returncode == 0, waited.stderr


def test_a_sandboxs_service_takes_the_code_alone():
    fresh = ("import os; from sandboxing import totp; print(totp.Authenticator("
             "os.environ['TWINLOCK_TOTP_SECRET'], int(os.environ['TWINLOCK_TOTP_USED_STEP'])).code())")
    login = ('/usr/bin/python3 -B -c "$0" | '
             'pamtester "$TWINLOCK_PAM_SERVICE" "$TWINLOCK_USER" authenticate')
    result = in_sandbox("--enroll", "--", "env", f"PYTHONPATH={SCRIPTS}", "sh", "-c", login, fresh)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_demos_checks_hold_without_any_network():  # S138
    result = run(PRIVATE_HOST, "--private-network", "--", SCRIPTS / "sandboxing" / "inside", "demo", "--build",
                 os.environ["TWINLOCK_BUILD"], "--check")
    assert result.returncode == 0, result.stdout + result.stderr
    assert len([line for line in result.stdout.splitlines() if line.startswith("ok")]) >= 4


# RFC 6238, Appendix B, with the last 6 of the 8 digits.
@pytest.mark.parametrize("moment, code", [
    (59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
    (2000000000, "279037"), (20000000000, "353130")])
def test_the_harness_makes_the_standards_codes(moment, code):
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert totp.code_of(secret, totp.step_at(moment)) == code
