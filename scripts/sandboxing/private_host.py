# SPDX-License-Identifier: MIT
"""private-host [--private-network] [--] COMMAND...

Runs COMMAND as root in a private copy of this machine: processes, IPC, host name, /etc, /dev, /run,
/home, /var/lib, logs and mail are its own and live in memory (private_files.py). It may add users,
edit /etc/pam.d and start the system bus; every process and every such change is gone when it ends,
however it ends. /tmp, /usr, /root and the rest are the machine's own.

The network is the machine's, so that another terminal can reach a server inside;
--private-network gives it an own loopback and nothing else.

Exit status: COMMAND's, 128 + n when signal n ended it, 125 when the private host can't be made.
"""
import argparse
import fcntl
import os
import socket
import struct
import subprocess
import sys

from . import foreground, kernel, private_files

FAILED = 125

HOST_NAME = private_files.HOST_NAME


def main(arguments):
    parser = argparse.ArgumentParser(prog="private-host", description=__doc__, allow_abbrev=False,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--private-network", action="store_true",
                        help="an own loopback and nothing else")
    parser.add_argument("command", metavar="COMMAND", nargs=argparse.REMAINDER,
                        help="what to run, with its arguments")
    options = parser.parse_args(arguments)
    command = options.command
    if command[:1] == ["--"]:
        command = command[1:]
    elif command and command[0].startswith("-"):
        parser.error(f"unknown option {command[0]}; allowed: --private-network, --help")
    if not command:
        parser.error("no COMMAND to run")
    return run(command, options.private_network)


def run(command, private_network=False, cover_files=private_files.enter):
    """Runs `command` in namespaces of its own and returns its exit status.

    `cover_files` is called in the new mount namespace and decides what files there are.
    """
    if os.geteuid() != 0:
        return _fail("must be run as root")
    foreground.hold_signals()
    try:
        kernel.unshare(kernel.CLONE_NEWPID)
    except OSError as error:
        return _fail(f"{error}: this machine or container allows no new namespaces "
                     "(a container needs CAP_SYS_ADMIN)")
    alive, held = os.pipe()  # read by the first process inside, to see us die before it is set up
    first = os.fork()
    if first == 0:
        os.close(held)
        os._exit(_first_process(command, private_network, cover_files, alive))
    os.close(alive)
    return _wait_for(first, held)


def _fail(message):
    print(f"private-host: {message}", file=sys.stderr, flush=True)
    return FAILED


def _wait_for(first, held):
    """Passes signals on to the first process inside until it ends."""
    os.write(held, b".")
    return foreground.wait_for(first)


def _first_process(command, private_network, cover_files, alive):
    """Process 1 of the new namespace. When it ends, the kernel kills every other one."""
    try:
        kernel.die_with_parent()
        if os.read(alive, 1) != b".":
            return FAILED  # the parent died before die_with_parent() could notice
        os.close(alive)
        network = kernel.CLONE_NEWNET if private_network else 0
        kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS | network)
        cover_files()
        socket.sethostname(HOST_NAME)
        if private_network:
            _raise_loopback()
    except (OSError, subprocess.SubprocessError) as error:
        return _fail(str(error))
    return _run_and_reap(command)


def _raise_loopback():
    """What `ip link set lo up` does (netdevice(7)): SIOCSIFFLAGS with IFF_UP."""
    request = struct.pack("16sH14x", b"lo", 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, 0x8914, request)


def _run_and_reap(command):
    if number := foreground.held_signal():
        print("private-host: ended before the command began", file=sys.stderr, flush=True)
        return 128 + number
    child = os.fork()
    if child == 0:
        try:
            foreground.release_signals()
            os.execvp(command[0], command)
        except OSError as error:
            os._exit(_fail(f"{command[0]}: {error.strerror}") + (error.errno == 2) * 2)
    return foreground.wait_for(child)  # orphans come to process 1 and are buried there
