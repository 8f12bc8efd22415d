# SPDX-License-Identifier: MIT
"""Enrolls an account with TOTP through the command line, as an administrator would."""
import json
import subprocess

from . import totp


def enroll(user):
    """Returns the Authenticator of a confirmed method; the confirming code's step is used."""
    command = ["twinlock", "enroll", "totp", "--json", "--user", user]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as process:
        offer = process.stdout.readline()
        if not offer:
            raise RuntimeError(f"{' '.join(command)} ended with status {process.wait()}")
        authenticator = totp.Authenticator(json.loads(offer)["secret"])
        process.stdin.write(authenticator.code() + "\n")
        process.stdin.close()
        rest = process.stdout.read()
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} refused the code: {rest}")
    return authenticator
