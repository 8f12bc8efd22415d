# SPDX-License-Identifier: MIT
"""The demo for a person: QR code, the line to type, the audit log."""
import os
import shutil
import signal
import sys
import tempfile
import textwrap

import pexpect

from . import foreground, totp

_URI = r"otpauth://\S*[?&]secret=([A-Z2-7]+)&"


def run(host):
    with tempfile.NamedTemporaryFile(prefix="twinlock-demo-ca-", suffix=".pem") as ca:
        # The private host's own files are there for nobody outside; its /tmp is the machine's.
        shutil.copyfile(host.ca.ca, ca.name)
        os.chmod(ca.name, 0o644)
        return _run(host, ca.name)


def _run(host, ca):
    print(f"Enrolling {host.account.name}; the demo types the first code itself.\n", flush=True)
    _enroll_visibly(host)
    print(textwrap.dedent(f"""
        Scan the code with an authenticator app. Then, in another terminal of this machine:

            ssh -p {host.ssh.port} -o NoHostAuthenticationForLocalhost=yes {host.account.name}@127.0.0.1

            Password:           {host.account.password}
            Verification code:  from the app

        Without a phone at hand:  scripts/totp {host.authenticator.secret}
        Logged in, try "sudo id" and "twinlock status".

        The management API, which Auth0's tools speak (docs/rest-api.md), with a token for a day:

            curl --cacert {ca} {host.url}/api/v2/guardian/factors \\
              -H "Authorization: Bearer {host.token()}"

        What the daemon records (Ctrl-C ends the demo and removes all of it):
        """), flush=True)
    return _follow_log()


def _enroll_visibly(host):
    """Shows what `twinlock enroll totp` shows, and confirms with a code as the app would."""
    columns = shutil.get_terminal_size((80, 24)).columns
    enroll = pexpect.spawn("twinlock", ["enroll", "totp", "--user", host.account.name],
                           encoding="utf-8", timeout=30, dimensions=(60, columns))
    enroll.logfile_read = sys.stdout
    enroll.expect(_URI)
    host.authenticator = totp.Authenticator(enroll.match.group(1))
    enroll.expect("Code that the app shows now: ")
    enroll.sendline(host.authenticator.code())
    if enroll.expect([r"recovery codes[^\r\n]*\? ?.*\] ?", pexpect.EOF]) == 0:
        enroll.sendline("n")
        enroll.expect(pexpect.EOF)
    enroll.close()
    sys.stdout.flush()
    if enroll.exitstatus != 0:
        raise SystemExit("demo: the enrollment failed")


def _follow_log():
    status = foreground.run(["twinlock", "admin", "log", "--follow"])
    print("\nThe demo is over; nothing of it is left.", flush=True)
    return 0 if status == 128 + signal.SIGINT else status
