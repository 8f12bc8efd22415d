# SPDX-License-Identifier: MIT
"""What scripts/* say to --help and to arguments they can't mean; none of it installs or builds."""
import os
import pathlib
import signal
import subprocess
import sys
import tomllib

import pytest

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"


sys.path.insert(0, str(SCRIPTS))
from sandboxing import twinlock_daemon  # noqa: E402 (it lies beside the scripts)


def run(script, *arguments):
    return subprocess.run([SCRIPTS / script, *arguments], capture_output=True, text=True, timeout=60,
                          check=False, stdin=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C.UTF-8"})


def test_every_script_is_in_the_tables_below():
    assert {file.name for file in SCRIPTS.iterdir() if file.is_file()} == set(HELPFUL)


HELPFUL = ["build-programs", "container", "demo", "install-dependencies", "private-host",
           "requirements", "sandbox", "test", "totp"]


@pytest.mark.parametrize("script", HELPFUL)
def test_help_shows_the_usage(script):
    result = run(script, "--help")
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith((script, f"usage: {script}")), result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("script, arguments, told", [
    ("build-programs", ["release"], ["release", "--directory"]),
    ("build-programs", ["--directory", "x"], ["--directory"]),
    ("container", [], ["bookworm", "trixie"]),
    ("container", ["sid"], ["sid", "bookworm", "trixie"]),
    ("demo", ["--chek"], ["--chek", "--check"]),
    ("demo", ["--check", "now"], ["--check"]),
    ("install-dependencies", [], ["build", "test", "demo"]),
    ("install-dependencies", ["biuld"], ["biuld", "build", "test", "demo"]),
    ("install-dependencies", ["build", "--yes"], ["--yes", "build", "test", "demo"]),
    ("private-host", [], ["COMMAND"]),
    ("private-host", ["--privat", "true"], ["--privat", "--private-network"]),
    ("requirements", ["--chek"], ["--chek", "--check"]),
    ("requirements", ["S01"], ["S01", "--check"]),
    ("sandbox", [], ["command"]),
    ("sandbox", ["--sshd"], ["command"]),
    ("sandbox", ["--settings"], ["--settings", "file"]),
    ("sandbox", ["--settings", "/no/such/file", "true"], ["/no/such/file"]),
    ("sandbox", ["--build"], ["--build", "directory"]),
    ("sandbox", ["--build", "/no/such/place", "true"], ["/no/such/place"]),
    ("sandbox", ["--shd", "true"], ["--shd", "--sshd", "--enroll", "--settings", "--build"]),
    ("test", ["unti"], ["unti", "unit", "conformance", "integration", "e2e", "lint"]),
    ("test", ["unit", "--quick"], ["--quick", "unit"]),
    ("totp", [], ["SECRET"]),
    ("totp", ["not base32!"], ["base32"]),
    ("totp", ["GEZDGNBVGY3TQOJQ", "6"], ["6", "SECRET"]),
])
def test_a_wrong_argument_is_named_with_what_is_allowed(script, arguments, told):
    result = run(script, *arguments)
    assert result.returncode == 2, result.stdout + result.stderr
    assert result.stdout == ""
    for word in told:
        assert word in result.stderr
    assert "Traceback" not in result.stderr


def test_what_is_wrong_with_the_settings_of_a_sandbox_is_told_of_the_file_that_was_given():
    written = twinlock_daemon.CONFIGURATION
    for mine in ("[limits]\nx = 1\n", "[limits]\nx = 1\n[identity]\nissuer = \"Mine\"\n"):
        ours = twinlock_daemon.settings_before(mine).count("\n")
        said = f"twinlockd: {written}:{ours + 2}: limits.x: found 1\ntwinlockd: {written}:1: ours\n"
        assert twinlock_daemon.told_of("/root/mine.toml", mine, said) == (
            f"twinlockd: /root/mine.toml:2: limits.x: found 1\ntwinlockd: {written}:1: ours\n")


@pytest.mark.parametrize("mine, issuer", [
    ("", "Twinlock"), ("[identity]\nissuer = \"Mine\"\n", "Mine")])
def test_settings_of_a_sandbox_may_name_an_issuer_of_their_own(mine, issuer):
    whole = twinlock_daemon.settings_before(mine) + mine
    assert tomllib.loads(whole)["identity"]["issuer"] == issuer


@pytest.mark.parametrize("table", ["store", "keys"])
def test_settings_of_a_sandbox_leave_its_store_and_key_alone(table):
    with pytest.raises(twinlock_daemon.NotForASandbox, match=rf"\[{table}\] is the sandbox's own"):
        twinlock_daemon.settings_before(f"[{table}]\n")


def test_a_reader_that_goes_away_ends_the_demo_without_a_traceback():
    shown = subprocess.run(
        ["bash", "-c", f"{sys.executable} -B -c '"
         "import sys; from sandboxing import command; "
         "sys.exit(command.while_read(lambda: [print(line) for line in range(100000)] and 0))"
         "' | head -n 1; exit ${PIPESTATUS[0]}"],
        capture_output=True, text=True, check=False, timeout=60, cwd=SCRIPTS)
    assert shown.stdout == "0\n"
    assert shown.stderr == ""
    assert shown.returncode == 128 + signal.SIGPIPE
