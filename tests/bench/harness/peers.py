# SPDX-License-Identifier: MIT
"""The modules that are compared: how each is set up, answered, and put back between two runs."""
import base64
import dataclasses
import pathlib
import shutil

from . import people

_MODULES = [pathlib.Path(folder, "security") for folder in
            ("/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/lib64", "/lib")]

_SUCCESS, _AUTHINFO_UNAVAIL = 0, 9  # security/_pam_types.h
_DENIED = -1  # any code but success: pam_u2f's differs from version to version


class NotInstalled(Exception):
    """A peer that isn't on this machine; its cases are skipped."""


@dataclasses.dataclass
class Peer:
    lines: list            # of the PAM service
    answer: str = "none"   # as timer/case_file.h knows it
    users: pathlib.Path | None = None
    put_back: list = dataclasses.field(default_factory=list)  # (from, to)
    expect: int = _SUCCESS


def make(host, kind, **options):
    """`kind` and `options` are those of a case in cases/*.toml."""
    return _KINDS[kind](host, **options)


def _module(name):
    for folder in _MODULES:
        if (folder / name).exists():
            return name
    raise NotInstalled(f"{name} is not installed")


def _permit(host):
    return Peer([f"auth required {_module('pam_permit.so')}"], users=host.pool)


def _prompt_only(host):
    if host.prompt_only is None:
        raise NotInstalled("pam_prompt_only.so is not built")
    return Peer([f"auth required {host.prompt_only}"], "present-totp", host.pool)


def _oath(host, users, codes="totp", pool=1):
    """pam_oath with a file of `users`; those that log in are its middle ones."""
    module = _module("pam_oath.so")
    known = people.people(users)
    first = (users - pool) // 2
    file = host.work / f"oath-{codes}-{users}"
    type_ = "HOTP/T30" if codes == "totp" else "HOTP"
    file.write_text("".join(f"{type_} {one.name} - {one.seed.hex()}\n" for one in known),
                    encoding="ascii")
    file.chmod(0o600)
    line = f"auth required {module} usersfile={file} window=20 digits=6"
    pool_file = people.write_pool(host.work / f"oath-{codes}-{users}.pool",
                                  known[first:first + pool])
    if codes == "hotp":  # each code is another one: nothing to put back
        return Peer([line], "hotp", pool_file)
    kept = host.work / f"{file.name}.kept"
    shutil.copy(file, kept)  # with its mode, which the module looks at
    return Peer([line], "present-totp", pool_file, [(kept, file)])


def _google_authenticator(host):
    module = _module("pam_google_authenticator.so")
    one = host.people[0]
    file = host.work / "google"
    file.write_text(f"{base64.b32encode(one.seed).decode()}\n"
                    '" RATE_LIMIT 3 30\n" WINDOW_SIZE 3\n" DISALLOW_REUSE\n" TOTP_AUTH\n',
                    encoding="ascii")
    file.chmod(0o600)
    kept = host.work / "google.kept"
    shutil.copy(file, kept)  # with its mode, which the module looks at
    return Peer([f"auth required {module} secret={file} user=root"], "present-totp", host.pool,
                [(kept, file)])


def _u2f(host):
    """Without a device: what it costs to find that out."""
    module = _module("pam_u2f.so")
    file = host.work / "u2f"
    handle = base64.b64encode(b"k" * 64).decode()
    point = base64.b64encode(b"p" * 64).decode()
    file.write_text(f"{host.people[0].name}:{handle},{point},es256,+presence\n", encoding="ascii")
    return Peer([f"auth required {module} authfile={file} nodetect"], users=host.pool,
                expect=_DENIED)


def _unix(host):
    return Peer([f"auth required {_module('pam_unix.so')} nodelay"], f"text {people.PASSWORD}",
                host.pool)


def _twinlock(host, login="totp"):
    """`login`: totp, exempt (by a rule for the service), no-daemon."""
    module = host.build / "pam_module" / "plain" / "pam_twinlock.so"
    if not module.exists():
        raise NotInstalled("pam_twinlock.so is not built")
    line = f"auth required {module}"
    if login == "exempt":  # the shipped example has pam_permit behind it, since nothing else answers
        return Peer([line, "auth required pam_permit.so"], users=host.pool)
    if login == "no-daemon":
        return Peer([f"{line} bus={host.empty_bus()}"], users=host.pool, expect=_AUTHINFO_UNAVAIL)
    return Peer([line], "totp", host.pool)


_KINDS = {
    "permit": _permit,
    "prompt-only": _prompt_only,
    "pam_oath": _oath,
    "pam_google_authenticator": _google_authenticator,
    "pam_u2f": _u2f,
    "pam_unix": _unix,
    "twinlock": _twinlock,
}
