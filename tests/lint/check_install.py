# SPDX-License-Identifier: MIT
"""check_install.py BUILD: what `cmake --install` puts where, and that the files find each other.

Also that the daemon's user is one and the same in all of them, as S152 has it.

PAM, the bus, systemd, polkit, man and the shells look in fixed places and say nothing about a file
that lies beside them.
"""
import os
import pathlib
import re
import subprocess
import sys
import sysconfig
import tempfile

# Beneath /; {lib} is the library directory of Debian's architecture.
EXPECTED = """
etc/twinlock/twinlock.toml
usr/bin/twinlock
usr/lib/systemd/system/twinlock-http.service
usr/lib/systemd/system/twinlockd.service
usr/lib/sysusers.d/twinlock.conf
usr/lib/tmpfiles.d/twinlock.conf
usr/{lib}/security/pam_twinlock.so
usr/libexec/twinlock/ssh-key-verified
usr/sbin/twinlockd
usr/share/bash-completion/completions/twinlock
usr/share/dbus-1/system-services/org.twinlock.Twinlock1.Root.service
usr/share/dbus-1/system-services/org.twinlock.Twinlock1.service
usr/share/dbus-1/system.d/org.twinlock.Twinlock1.conf
usr/share/doc/twinlock/examples/pam.d/sshd-auth
usr/share/doc/twinlock/examples/pam.d/sudo-auth
usr/share/doc/twinlock/examples/pam.d/twinlock
usr/share/doc/twinlock/examples/twinlock.toml
usr/share/man/man1/twinlock.1
usr/share/man/man5/twinlock.toml.5
usr/share/man/man8/pam_twinlock.8
usr/share/man/man8/twinlockd.8
usr/share/polkit-1/actions/org.twinlock.policy
usr/share/zsh/vendor-completions/_twinlock
"""
_PROGRAMS = {"usr/bin/twinlock", "usr/sbin/twinlockd", "usr/libexec/twinlock/ssh-key-verified"}
_NAMED = re.compile(r"^(?:ExecStart|Exec)=(/\S+)|(/usr/libexec/twinlock/[\w-]+)", re.MULTILINE)


def install(build, into):
    told = subprocess.run(["cmake", "--install", build], env={**os.environ, "DESTDIR": str(into)},
                          capture_output=True, text=True, check=False)
    if told.returncode != 0:
        sys.exit(f"cmake --install failed:\n{told.stdout}{told.stderr}")


def problems(root):
    found = {file.relative_to(root).as_posix() for file in root.rglob("*") if file.is_file()}
    expected = set(EXPECTED.format(lib="lib/" + sysconfig.get_config_var("MULTIARCH")).split())
    for path in sorted(expected - found):
        yield f"missing: /{path}"
    for path in sorted(found - expected):
        yield f"not listed here: /{path}"
    for path in sorted(found & expected):
        file = root / path
        if path in _PROGRAMS and not os.access(file, os.X_OK):
            yield f"/{path} can't be run"
        yield from lost_references(root, file, path)


def lost_references(root, file, path):
    """Programs that a unit, an activation file or a PAM example names and that aren't there."""
    if file.suffix != ".service" and "examples" not in file.parts:
        return
    for match in _NAMED.finditer(file.read_text(encoding="utf-8")):
        named = match.group(1) or match.group(2)
        if named != "/bin/false" and not (root / named.lstrip("/")).exists():
            yield f"/{path} names {named}, which isn't installed"


def users_not_static(root):
    """S152: a system user with no shell, that the unit names and that owns the state alone."""
    made = (root / "usr/lib/sysusers.d/twinlock.conf").read_text(encoding="utf-8")
    if not re.search(r'^u twinlock - "[^"]*" /var/lib/twinlock /usr/sbin/nologin$', made, re.MULTILINE):
        yield "sysusers.d: no user twinlock without a shell (S152)"
    for name in ("twinlockd.service", "twinlock-http.service"):
        unit = (root / "usr/lib/systemd/system" / name).read_text(encoding="utf-8")
        if "\nUser=twinlock\n" not in unit or "DynamicUser" in unit:
            yield f"{name}: doesn't run as the static user twinlock (S152)"
    files = (root / "usr/lib/tmpfiles.d/twinlock.conf").read_text(encoding="utf-8")
    owned = re.findall(r"^\S+\s+(\S+)\s+\S+\s+twinlock\s", files, re.MULTILINE)
    if owned != ["/var/lib/twinlock"]:
        yield f"tmpfiles.d: twinlock owns {owned} (S152)"


def settings_not_kept(build, root):
    """What the administrator wrote outlives the next installation."""
    settings = root / "etc/twinlock/twinlock.toml"
    settings.write_text("# mine\n", encoding="utf-8")
    install(build, root)
    if settings.read_text(encoding="utf-8") != "# mine\n":
        yield "/etc/twinlock/twinlock.toml is written over by another installation"


def main(build):
    with tempfile.TemporaryDirectory() as directory:
        install(build, directory)
        root = pathlib.Path(directory)
        found = [*problems(root)] or [*users_not_static(root), *settings_not_kept(build, root)]
    print("\n".join(found) or "every file is where it is looked for")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
