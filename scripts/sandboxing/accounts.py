# SPDX-License-Identifier: MIT
"""Throw-away Unix accounts. They exist in the private host's /etc only."""
import dataclasses
import pathlib
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


def add(name, uid=None):
    """Adds an account with a home directory, a shell and a random password."""
    password = secrets.token_hex(6)
    chosen = ["--uid", str(uid)] if uid else []
    subprocess.run(["useradd", "--create-home", "--user-group", "--shell", "/bin/bash", *chosen,
                    name], check=True)
    subprocess.run(["chpasswd"], input=f"{name}:{password}\n", text=True, check=True)
    entry = pwd.getpwnam(name)
    return Account(name, password, entry.pw_uid, entry.pw_dir)


def allow_sudo(account):
    """Lets the account run everything through sudo, after being asked."""
    rule = pathlib.Path("/etc/sudoers.d", account.name)
    rule.write_text(f"{account.name} ALL=(ALL:ALL) ALL\n", encoding="utf-8")
    rule.chmod(0o440)


def remove(name):
    """Removes the account and its home directory, as an administrator would."""
    subprocess.run(["userdel", "--remove", name], check=True, stderr=subprocess.DEVNULL)


def add_daemon_user():
    """The account that twinlockd runs as (S152)."""
    if not _exists("twinlock"):
        subprocess.run(["useradd", "--system", "--user-group", "--no-create-home",
                        "--home-dir", "/var/lib/twinlock", "--shell", "/usr/sbin/nologin",
                        "twinlock"], check=True)
