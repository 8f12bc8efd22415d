# SPDX-License-Identifier: MIT
"""Puts the module into the private host's PAM services, as the shipped examples tell administrators."""
import pathlib
import shutil

SECOND_FACTOR_ALONE = "twinlock"

_SERVICES = pathlib.Path("/etc/pam.d")
_COMMON_AUTH = "@include common-auth"
_KEY_VERIFIED = "/usr/libexec/twinlock/ssh-key-verified"


def install(examples, module):
    """`examples` is config/pam; `module` the path of the module to load."""
    helper = pathlib.Path("/etc/twinlock/ssh-key-verified")
    shutil.copy(examples / "ssh-key-verified", helper)
    helper.chmod(0o755)

    def example(name):
        text = (examples / name).read_text(encoding="utf-8")
        return text.replace("pam_twinlock.so", str(module)).replace(_KEY_VERIFIED, str(helper))

    (_SERVICES / SECOND_FACTOR_ALONE).write_text(example("twinlock"), encoding="utf-8")
    _replace_common_auth("sshd", example("sshd-auth"))
    for service in ("sudo", "sudo-i", "su", "login"):
        _replace_common_auth(service, f"{_COMMON_AUTH}\n{example('sudo-auth')}")


def _replace_common_auth(service, lines):
    file = _SERVICES / service
    if not file.exists():
        return  # the program isn't installed
    text = file.read_text(encoding="utf-8")
    if text.count(f"\n{_COMMON_AUTH}\n") != 1:
        raise RuntimeError(f"{file} has no line '{_COMMON_AUTH}' of its own to put the module at")
    file.write_text(text.replace(f"\n{_COMMON_AUTH}\n", f"\n{lines.rstrip()}\n"), encoding="utf-8")
