# SPDX-License-Identifier: MIT
"""What a private host sees instead of the machine's own files.

Nothing here needs overlayfs, which a container whose root is an overlay may refuse: what is to be
changed is copied to memory (/etc), replaced by something empty (/run, logs), or replaced by a
directory in memory into which each of its old entries is mounted (/home, /var/lib), so that new
entries are private. The rest of the machine is the real one.

Everything happens in the mount namespace of the caller, which must be private already, and is gone
with it: no file outside of memory is touched.
"""
import contextlib
import os
import pathlib
import shutil
import stat
import subprocess

from . import kernel

HOST_NAME = "sandbox"

# Where the copies lie: on the private /run, out of everybody's way.
_STORE = pathlib.Path("/run/.private-host")

# Created in the copies rather than shown from the machine.
_HIDDEN = {"/var/lib/sudo", "/var/lib/twinlock"}

_DEVICES = ("null", "zero", "full", "random", "urandom", "tty", "fuse")


def enter():
    """Covers the machine's files with private ones."""
    where = os.getcwd()
    kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("proc", "/proc", "proc", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC)
    _fill_run()
    _copy_etc()
    _cover_entries("/home")
    _cover_entries("/var/lib")
    _empty("/var/log", 0o755)
    _empty("/var/mail", 0o2775)
    _make_devices()
    _make_logs()
    os.environ["TWINLOCK_PRIVATE_HOST"] = "1"  # what changes its host looks for this first
    os.chdir(where)  # the directory of before may lie below something covered since


def _fill_run():
    kernel.mount("tmpfs", "/run", "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=755")
    _STORE.mkdir(mode=0o711)
    for name in ("dbus", "sshd", "sudo", "user"):
        pathlib.Path("/run", name).mkdir(mode=0o755)
    lock = pathlib.Path("/run/lock")
    lock.mkdir()
    lock.chmod(0o1777)


def _private_directory(path):
    """An empty directory in memory with the owner and mode of `path`."""
    copy = _STORE / path.strip("/").replace("/", "-")
    copy.mkdir()
    shown = os.stat(path)
    os.chown(copy, shown.st_uid, shown.st_gid)
    copy.chmod(stat.S_IMODE(shown.st_mode))
    return copy


def _copy_etc():
    copy = _private_directory("/etc")
    subprocess.run(["cp", "--archive", "/etc/.", copy], check=True)
    kernel.bind(copy, "/etc")
    shutil.rmtree("/etc/twinlock", ignore_errors=True)
    with open("/etc/hosts", "a", encoding="utf-8") as hosts:
        hosts.write(f"127.0.1.1 {HOST_NAME}\n")  # sudo looks its own host's name up


def _cover_entries(path):
    copy = _private_directory(path)
    for entry in os.scandir(path):
        target = copy / entry.name
        if entry.path in _HIDDEN:
            continue
        if entry.is_symlink():
            target.symlink_to(os.readlink(entry.path))
            continue
        if entry.is_dir(follow_symlinks=False):
            target.mkdir()
        else:
            target.touch()
        with contextlib.suppress(OSError):  # a network mount whose server is gone stays empty
            kernel.bind(entry.path, target)
    kernel.bind(copy, path)


def _empty(path, mode):
    if os.path.isdir(path):
        kernel.mount("tmpfs", os.path.realpath(path), "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV,
                     f"mode={mode:o}")


def _make_devices():
    """A /dev of our own, since /dev/log belongs to whoever opens it first."""
    copy = _private_directory("/dev")
    for name in _DEVICES:
        if os.path.exists(f"/dev/{name}"):
            (copy / name).touch()
            kernel.bind(f"/dev/{name}", copy / name)
    for name, target in (("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"),
                         ("stderr", "fd/2"), ("ptmx", "pts/ptmx")):
        (copy / name).symlink_to(target)
    (copy / "pts").mkdir()
    kernel.mount("devpts", copy / "pts", "devpts", kernel.MS_NOSUID | kernel.MS_NOEXEC,
                 "newinstance,ptmxmode=0666,mode=620,gid=5")
    (copy / "shm").mkdir()
    kernel.mount("tmpfs", copy / "shm", "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=1777")
    kernel.bind(copy, "/dev")


def _make_logs():
    """The records that login(1), sshd and su write, empty. Group 43 is Debian's utmp."""
    for name, mode in (("/var/log/wtmp", 0o664), ("/var/log/btmp", 0o660),
                       ("/var/log/lastlog", 0o664), ("/run/utmp", 0o664)):
        log = pathlib.Path(name)
        log.touch()
        os.chown(log, 0, 43)
        log.chmod(mode)
