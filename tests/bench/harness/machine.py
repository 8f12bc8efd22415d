# SPDX-License-Identifier: MIT
"""What a reader has to know of the machine. No host name, no path."""
import datetime
import os
import pathlib
import re
import subprocess
import time

_PACKAGES = ("libpam0g", "libpam-oath", "libpam-google-authenticator", "libpam-u2f", "libsystemd0",
             "libsqlite3-0", "libssl3", "libssl3t64", "dbus-daemon", "openssh-server", "sudo",
             "libsdbus-c++1", "libsdbus-c++2", "g++")


def describe(directory):
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "system": _system(),
        "kernel": os.uname().release,
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30),
        "file_system": file_system(directory),
        "versions": _versions(),
    }


def load():
    """One line: running processes and what the machine did in the last minutes."""
    text = pathlib.Path("/proc/loadavg").read_text(encoding="ascii").split()
    return f"load {text[0]} {text[1]} {text[2]}, running {text[3]}"


def share_of_others():
    """How much of a processor other programs take from one that wants it all, 0 to 1."""
    cpu, wall = time.process_time(), time.perf_counter()
    while time.process_time() - cpu < 0.1:
        pass
    return 1 - (time.process_time() - cpu) / (time.perf_counter() - wall)


def file_system(directory):
    shown = subprocess.run(["findmnt", "--noheadings", "--output", "FSTYPE", "--target",
                            str(directory)], capture_output=True, text=True, check=False)
    return shown.stdout.strip().splitlines()[-1] if shown.stdout.strip() else "unknown"


def _system():
    text = pathlib.Path("/etc/os-release").read_text(encoding="utf-8")
    return re.search(r'^PRETTY_NAME="?([^"\n]*)', text, re.MULTILINE).group(1)


def _processor():
    text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    found = re.search(r"^model name\s*:\s*(.*)$", text, re.MULTILINE)
    return found.group(1) if found else os.uname().machine


def _versions():
    versions = {}
    for package in _PACKAGES:
        shown = subprocess.run(["dpkg-query", "--show", "--showformat=${Version}", package],
                               capture_output=True, text=True, check=False)
        if shown.returncode == 0 and shown.stdout:
            versions[package] = shown.stdout
    return versions
