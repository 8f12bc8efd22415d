# SPDX-License-Identifier: MIT
"""One command in the foreground: what ends us ends it, and its status becomes ours."""
import os
import signal
import subprocess
import threading

ENDING = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})

_WAITED = ENDING | {signal.SIGCHLD}
_SI_KERNEL = 0x80  # sigaction(2): from a key at the terminal, whose whole foreground group gets it


def hold_signals():
    """Lets signals wait for wait_for(), even for one that was to be ignored. Comes before the child."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, _WAITED)


def release_signals():
    """What the child does before it becomes the command."""
    for number in _WAITED:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _WAITED)


def held_signal():
    """A signal that has come since hold_signals(), taken; or None."""
    info = signal.sigtimedwait(ENDING, 0)
    return info.si_signo if info else None


def start_thread(name, target, *arguments):
    """Starts a thread that lives as long as the process and gets no signal.

    One that it got while the main thread goes to wait for signals would be noticed by nobody,
    SIGCHLD among them: a child that dies then would be waited for without end.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        threading.Thread(target=target, args=arguments, name=name, daemon=True).start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def wait_for(child):
    """Passes signals on to the process `child` until it ends; returns its status as a shell would.

    Buries every other child meanwhile, as process 1 has to.
    """
    while number := held_signal():  # from before the child was there to get them from a terminal
        os.kill(child, number)
    while True:
        info = signal.sigwaitinfo(_WAITED)
        if info.si_signo != signal.SIGCHLD:
            if info.si_code != _SI_KERNEL:
                os.kill(child, info.si_signo)
            continue
        status = _bury(child)
        if status is not None:
            return status


def run(command, **options):
    """Runs `command` and returns its status; raises OSError when it can't be started."""
    hold_signals()
    # Kept until it is buried: a Popen that nobody holds buries its process itself, unseen by us.
    # pylint: disable-next=subprocess-popen-preexec-fn  # our threads hold no lock that it takes
    child = subprocess.Popen(command, preexec_fn=release_signals, **options)
    child.returncode = wait_for(child.pid)
    return child.returncode


def _bury(child):
    """Returns the status of `child` if it is among the dead, which one SIGCHLD may stand for."""
    found = None
    while True:
        try:
            process, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if process == 0:
            return found
        if process == child:
            code = os.waitstatus_to_exitcode(status)
            found = code if code >= 0 else 128 - code
