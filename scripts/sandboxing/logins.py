# SPDX-License-Identifier: MIT
"""Logins as a person makes them: programs on a pseudo-terminal, and what is typed at their prompts."""
import concurrent.futures
import os
import pathlib
import re
import signal
import subprocess
import time

import pexpect

PASSWORD_PROMPT = r"[Pp]assword[^\r\n]*: "
CODE_PROMPT = r"Verification code[^\r\n]*: "
# Printed by the command that a login runs, so that nothing before it can look like success. The
# shell puts it together: the command line itself, echoed by a program, doesn't match.
GRANTED = "session-of-(\\w+)-granted"
PROVE = "echo session-of-$(id -un)-granted"

_TIMEOUT = 60  # seconds; only a failure waits this long


class _Console(pexpect.spawn):
    """A terminal that its program may hang up and open anew, as Debian 13's login(1) does so that
    nobody of before is left on it (vhangup(2)). For pexpect the end of the terminal is the end.
    """

    def read_nonblocking(self, size=1, timeout=-1):
        try:
            return super().read_nonblocking(size, timeout)
        except pexpect.EOF:
            self.flag_eof = False  # else isalive() waits for the end
            if not self.isalive():
                self.flag_eof = True
                raise
            time.sleep(0.01)  # no event tells that the other end is open again
            return ""


def spawn(command, kind=pexpect.spawn, **options):
    """Starts a program on a terminal of 120 columns; what it prints is text."""
    options.setdefault("env", dict(os.environ, LC_ALL="C.UTF-8", TERM="dumb"))
    return kind(command[0], [str(word) for word in command[1:]], encoding="utf-8",
                codec_errors="replace", timeout=_TIMEOUT, dimensions=(50, 120), **options)


def ssh_command(server, account, *command, key=False, options=()):
    """The real client's command line, without the configuration of whoever runs it."""
    settings = ["UserKnownHostsFile=" + str(server.known_hosts), "StrictHostKeyChecking=yes",
                "IdentitiesOnly=yes", "PubkeyAuthentication=" + ("yes" if key else "no"),
                "NumberOfPasswordPrompts=1", *options]
    line = ["ssh", "-F", "none", "-p", server.port, "-i", server.key]
    for setting in settings:
        line += ["-o", setting]
    return [str(word) for word in (*line, f"{account.name}@127.0.0.1", *command)]


def ssh(server, account, key=False, options=(), command=PROVE, **spawn_options):
    return spawn(ssh_command(server, account, command, key=key, options=options), **spawn_options)


def as_user(account, *command):
    """A command line that runs `command` with the account's own uids, as from its shell."""
    return ["setpriv", f"--reuid={account.name}", f"--regid={account.name}", "--init-groups",
            "env", f"HOME={account.home}", f"USER={account.name}", f"LOGNAME={account.name}",
            *map(str, command)]


def sudo(account, *options, command=("sh", "-c", PROVE), **spawn_options):
    """sudo, asking each time, in the account's home directory."""
    return spawn(as_user(account, "sudo", "-k", *options, *command), cwd=account.home,
                 **spawn_options)


def su(account, target, **spawn_options):
    """su from one account to another, which is the one that is asked."""
    return spawn(as_user(account, "su", target.name, "-c", PROVE), cwd=account.home,
                 **spawn_options)


def login(account, **spawn_options):
    """login(1) on a terminal: a shell follows, so the proof is typed."""
    return spawn(["login", account.name], kind=_Console, **spawn_options)


def type_password(terminal, account):
    terminal.expect(PASSWORD_PROMPT)
    _type_hidden(terminal, account.password)


def type_code(terminal, code):
    terminal.expect(CODE_PROMPT)
    _type_hidden(terminal, code)


def _type_hidden(terminal, text):
    terminal.waitnoecho()  # su and login discard what was typed before they switch echo off
    terminal.sendline(text)


def outcome(terminal):
    """What came of the answer: the name whose session began, "asked again" or "refused"."""
    found = terminal.expect([GRANTED, CODE_PROMPT, pexpect.EOF])
    return terminal.match.group(1) if found == 0 else ("asked again", "refused")[found - 1]


def interrupt(terminal):
    """Presses Ctrl-C, and again if nothing comes of it, like a person: sudo misses a signal that
    comes between its prompt and its read(2). Returns what came of it, as outcome() does.
    """
    terminal.waitnoecho()
    for _ in range(20):
        terminal.sendintr()
        found = terminal.expect([GRANTED, pexpect.EOF, pexpect.TIMEOUT], timeout=5)
        if found < 2:
            return terminal.match.group(1) if found == 0 else "refused"
    return "still there"


def hang_up(terminal):
    """Ends the program at once, wherever it is."""
    if terminal.isalive():
        terminal.kill(signal.SIGKILL)
        terminal.wait()
    terminal.ptyproc.delayafterclose = 0
    terminal.close()


def wait_until_traced(process):
    """Returns once a tracer is attached to every thread of `process` (proc(5))."""
    def untraced():
        for task in pathlib.Path(f"/proc/{process}/task").iterdir():
            if re.search(r"^TracerPid:\s+0$", (task / "status").read_text(), re.MULTILINE):
                return True
        return False
    deadline = time.monotonic() + _TIMEOUT
    while untraced() and time.monotonic() < deadline:
        time.sleep(0.01)  # the kernel has no event for it


def granted_to_rivals(name, code, number):
    """To how many of `number` PAM logins that start together, each with `code`, it is granted."""
    def offer(_):
        login = subprocess.run(["pamtester", "twinlock", name, "authenticate"],
                               input=f"{code}\n" * 3, text=True, capture_output=True, check=False)
        return login.returncode == 0
    with concurrent.futures.ThreadPoolExecutor(number) as crowd:
        return list(crowd.map(offer, range(number))).count(True)


def run(command, **options):
    """Runs a command without a terminal and returns its status and texts."""
    return subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          timeout=_TIMEOUT, check=False, stdin=subprocess.DEVNULL, **options)
