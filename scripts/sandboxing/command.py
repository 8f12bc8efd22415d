# SPDX-License-Identifier: MIT
"""The two commands that run inside the private host: sandbox and demo."""
import argparse
import os
import pathlib
import signal
import subprocess
import sys

from . import demo, demo_check, foreground, processes, sandbox, twinlock_daemon

FAILED = 125


def main(arguments):
    options = _parse(arguments)
    os.umask(0o022)
    _end_quietly(options.what)
    if options.what == "demo":
        options.sshd = options.http = True
    try:
        host = _build_sandbox(options)
    except (OSError, RuntimeError, processes.NotReady, subprocess.CalledProcessError) as error:
        print(f"{options.what}: {error}", file=sys.stderr)
        return FAILED
    if options.what == "sandbox":
        return _run(options.command, host.environment())
    return while_read(lambda: demo_check.run(host) if options.check else demo.run(host))


def while_read(show):
    """What `show` returns; if the reader of our output goes (`| head`), what SIGPIPE would."""
    try:
        status = show()
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # What is still buffered must not fail again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE


def _parse(arguments):
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="what", required=True)
    for name in ("sandbox", "demo"):
        command = commands.add_parser(name)
        command.add_argument("--build", type=pathlib.Path, required=True)
        command.set_defaults(settings=None, enroll=False, sshd=False, http=False)
    sandboxed = commands.choices["sandbox"]
    sandboxed.add_argument("--sshd", action="store_true")
    sandboxed.add_argument("--enroll", action="store_true")
    sandboxed.add_argument("--http", action="store_true")
    sandboxed.add_argument("--settings", type=pathlib.Path)
    sandboxed.add_argument("command", nargs="+")
    commands.choices["demo"].add_argument("--check", action="store_true")
    return parser.parse_args(arguments)


def _build_sandbox(options):
    more = options.settings.read_text(encoding="utf-8") if options.settings else ""
    try:
        host = sandbox.Sandbox(options.build, more, options.http)
    except twinlock_daemon.NotForASandbox as error:
        raise RuntimeError(f"{options.settings}: {error}") from error
    except processes.NotReady as error:
        if not options.settings:
            raise
        said = twinlock_daemon.told_of(options.settings, more, str(error))
        raise processes.NotReady(said) from error
    if options.sshd:
        host.start_sshd()
    if options.enroll:
        host.enroll()
    return host


def _end_quietly(what):
    """Until there is a command to pass signals on to, they end the whole private host with a line."""
    def end(number, _):
        os.write(2, f"\n{what}: ended; nothing of it is left\n".encode())
        os._exit(128 + number)
    for number in foreground.ENDING:
        signal.signal(number, end)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, foreground.ENDING)


def _run(command, names):
    """Runs the command in the foreground and returns its status as a shell would."""
    try:
        return foreground.run(command, env=dict(os.environ, **names))
    except OSError as error:
        print(f"sandbox: {command[0]}: {error.strerror}", file=sys.stderr)
        return 127 if isinstance(error, FileNotFoundError) else 126
