# SPDX-License-Identifier: MIT
"""The demo without a person: the same logins through the real ssh client, judged."""
import pexpect

from . import logins


def run(host):
    """Prints a line for each check. Returns 0 only if all hold."""
    host.enroll()
    checks = (
        ("password, then code: logged in", _password_and_code),
        ("password, then the code just used: refused", _used_code),
        ("key, then code: logged in, no password asked", _key_and_code),
        ("password, then a wrong code: refused", _wrong_code),
        ("wrong password, then code: refused", _wrong_password),
    )
    return 1 if [name for name, check in checks if not _holds(name, check, host)] else 0


def _holds(name, check, host):
    try:
        finding = check(host)
    except (pexpect.TIMEOUT, pexpect.EOF) as error:
        finding = f"the login did not go on as expected:\n{error}"
    print(f"{'FAILED' if finding else 'ok    '} {name}", flush=True)
    if finding:
        print(f"       {finding}", flush=True)
    return not finding


def _password_and_code(host):
    terminal = logins.ssh(host.ssh, host.account)
    logins.type_password(terminal, host.account)
    logins.type_code(terminal, host.authenticator.code())
    return _unless_granted(host, terminal)


def _used_code(host):
    terminal = logins.ssh(host.ssh, host.account)
    logins.type_password(terminal, host.account)
    logins.type_code(terminal, host.authenticator.spent_code())
    return _unless_refused(terminal)


def _key_and_code(host):
    terminal = logins.ssh(host.ssh, host.account, key=True)
    if terminal.expect([logins.CODE_PROMPT, logins.PASSWORD_PROMPT]) == 1:
        return "the password was asked for"
    terminal.sendline(host.authenticator.code())
    return _unless_granted(host, terminal)


def _wrong_code(host):
    terminal = logins.ssh(host.ssh, host.account)
    logins.type_password(terminal, host.account)
    logins.type_code(terminal, host.authenticator.wrong_code())
    return _unless_refused(terminal)


def _wrong_password(host):
    terminal = logins.ssh(host.ssh, host.account)
    terminal.expect(logins.PASSWORD_PROMPT)
    terminal.sendline("not-" + host.account.password)
    found = logins.outcome(terminal)
    logins.hang_up(terminal)
    return None if found == "refused" else f"the outcome was: {found}"


def _unless_granted(host, terminal):
    found = logins.outcome(terminal)
    logins.hang_up(terminal)
    return None if found == host.account.name else f"the outcome was: {found}"


def _unless_refused(terminal):
    found = logins.outcome(terminal)
    logins.hang_up(terminal)
    return None if found in ("asked again", "refused") else f"a session of {found} began"
