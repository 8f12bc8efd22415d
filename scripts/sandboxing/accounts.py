# SPDX-License-Identifier: MIT
"""Throw-away Unix accounts. They exist in the private host's /etc only."""
import dataclasses
import pwd
import secrets
import subprocess


@dataclasses.dataclass(frozen=True)
class Account:
    name: str
    password: str
    uid: int
    home: str


def _exists(name):
    try:
        pwd.getpwnam(name)
        return True
    except KeyError:
        return False


def unused_name(wanted="alice"):
    """`wanted`, or with a number behind it where the machine has that account already."""
    number, name = 1, wanted
    while _exists(name):
        number += 1
        name = f"{wanted}{number}"
    return name


def add(name):
    """Adds an account with a home directory, a shell and a random password."""
    password = secrets.token_hex(6)
    subprocess.run(["useradd", "--create-home", "--user-group", "--shell", "/bin/bash", name],
                   check=True)
    subprocess.run(["chpasswd"], input=f"{name}:{password}\n", text=True, check=True)
    entry = pwd.getpwnam(name)
    return Account(name, password, entry.pw_uid, entry.pw_dir)


def add_daemon_user():
    """The account that twinlockd runs as (S152)."""
    if not _exists("twinlock"):
        subprocess.run(["useradd", "--system", "--user-group", "--no-create-home",
                        "--home-dir", "/var/lib/twinlock", "--shell", "/usr/sbin/nologin",
                        "twinlock"], check=True)
