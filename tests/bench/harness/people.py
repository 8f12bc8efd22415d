# SPDX-License-Identifier: MIT
"""Throw-away Unix accounts with a TOTP seed each. They exist in the private host only."""
import dataclasses
import hashlib
import pathlib
import subprocess

FIRST_UID = 30000
PASSWORD = "correct-horse"
CROWDED = "bench9999999"  # has more methods than anybody could enroll (data/fill_store.cpp)


@dataclasses.dataclass(frozen=True)
class Person:
    name: str
    uid: int
    seed: bytes  # of TOTP with SHA-1, six digits, 30 seconds


def person(number):
    """Always the same for the same number, so that generated stores can be kept."""
    seed = hashlib.sha1(f"twinlock bench {number}".encode()).digest()
    return Person(f"bench{number:07d}", FIRST_UID + number, seed)


def people(count, first=0):
    return [person(number) for number in range(first, first + count)]


def add_accounts(persons):
    """Appends them to the private /etc at once; useradd would take minutes."""
    with open("/etc/passwd", "a", encoding="ascii") as passwd, \
            open("/etc/group", "a", encoding="ascii") as group, \
            open("/etc/shadow", "a", encoding="ascii") as shadow:
        for one in persons:
            passwd.write(f"{one.name}:x:{one.uid}:{one.uid}::/nonexistent:/bin/sh\n")
            group.write(f"{one.name}:x:{one.uid}:\n")
            shadow.write(f"{one.name}:*:19000::::::\n")


def add_crowded():
    """CROWDED as an account, the first: a thousand others before it would be what is measured."""
    line = f"{CROWDED}:x:{FIRST_UID + int(CROWDED[5:])}:65534::/nonexistent:/bin/sh\n"
    file = pathlib.Path("/etc/passwd")
    file.write_text(line + file.read_text(encoding="utf-8"), encoding="utf-8")


def set_password(one):
    """Gives an account PASSWORD, hashed as Debian does by default (yescrypt)."""
    subprocess.run(["chpasswd"], input=f"{one.name}:{PASSWORD}\n", text=True, check=True)


def write_pool(path, persons):
    """The file that pam_timer and bus_load take users from (timer/code_pool.h)."""
    path.write_text("".join(f"{one.name} {one.uid} {one.seed.hex()} -1\n" for one in persons),
                    encoding="ascii")
    return path
