# SPDX-License-Identifier: MIT
"""Makes another Debian's tree the root of a mount namespace (switch_root(8)).

The checkout is at /src, read-only, with a build directory of the container's own at /src/build.
"""
import os
import pathlib

from . import kernel

_MS_RDONLY = 1
_MS_REMOUNT = 32
_MS_MOVE = 8192


def enter(tree, checkout, build, writable):
    """`writable`: whether changes to the tree stay, as installing packages wants."""
    tree = pathlib.Path(tree)
    kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.bind(tree, tree)  # a mount of its own, to be made the root
    _bind_source(checkout, build, tree / "src")
    _mount_kernel_files(tree)
    for name in ("run", "tmp", "root", "var/tmp"):
        kernel.mount("tmpfs", tree / name, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV,
                     "mode=1777" if "tmp" in name else "mode=755")
    if not writable:
        kernel.mount("none", tree, flags=_MS_REMOUNT | kernel.MS_BIND | _MS_RDONLY)
    os.chdir(tree)
    kernel.mount(".", "/", flags=_MS_MOVE)
    os.chroot(".")
    os.chdir("/src")


def _bind_source(checkout, build, target):
    for directory in (target, pathlib.Path(checkout, "build"), pathlib.Path(build)):
        directory.mkdir(parents=True, exist_ok=True)
    kernel.mount(checkout, target, flags=kernel.MS_BIND)
    kernel.mount("none", target, flags=_MS_REMOUNT | kernel.MS_BIND | _MS_RDONLY)
    kernel.mount(build, target / "build", flags=kernel.MS_BIND)


def _mount_kernel_files(tree):
    kernel.mount("proc", tree / "proc", "proc",
                 kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC)
    kernel.bind("/sys", tree / "sys")
    kernel.bind("/dev", tree / "dev")
