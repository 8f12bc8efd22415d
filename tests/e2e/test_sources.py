# SPDX-License-Identifier: MIT
"""Where a login comes from is an address that sshd vouches for, whatever name it has (S14)."""
import json

import pytest
from sandboxing import logins, sandbox as sandboxing, ssh_server

# Addresses of loopback, all this machine's own; documentation's where nobody connects from.
_HOSTILE = "127.0.0.9"
_EXEMPT = "127.0.0.10"
_EXEMPT_ELSEWHERE = "192.0.2.7"


@pytest.fixture(scope="module")
def settings():
    return f"""
[[policy.rule]]
name = "office"
action = "exempt"
services = ["sshd"]
networks = ["{_EXEMPT}/32", "{_EXEMPT_ELSEWHERE}/32"]
"""


@pytest.fixture(scope="module")
def server(sandbox):
    """An sshd that asks the resolver for names, and takes one that leads back to the client too."""
    del sandbox  # which has the services and accounts
    with open("/etc/hosts", "a", encoding="ascii") as hosts:
        hosts.write(f"{_HOSTILE} office.example\n{_EXEMPT_ELSEWHERE} office.example\n")
    named = ssh_server.SshServer(sandboxing.RUNTIME / "with-names", "UseDNS yes\n")
    named.start()
    return named


def from_address(server, account, address):
    terminal = logins.ssh(server, account, options=[f"BindAddress={address}"])
    logins.type_password(terminal, account)
    return terminal


def newest_login(person):
    shown = logins.run(["twinlock", "admin", "log", "--json", "--limit", "1", "--user",
                        person.name])
    return json.loads(shown.stdout.splitlines()[-1])


def test_sshd_calls_the_client_by_the_name_it_chose(server, person, syslog):
    """Else the next test would show nothing. The words are pam_unix's."""
    terminal = logins.ssh(server, person.account, options=[f"BindAddress={_HOSTILE}"])
    terminal.expect(logins.PASSWORD_PROMPT)
    terminal.sendline("wrong" + person.account.password)
    assert logins.outcome(terminal) == "refused"
    assert "rhost=office.example" in syslog()


def test_a_name_that_leads_to_an_exempt_network_exempts_nobody(server, person):
    terminal = from_address(server, person.account, _HOSTILE)
    logins.type_code(terminal, person.authenticator.code())
    assert logins.outcome(terminal) == person.name
    assert newest_login(person)["source"] == _HOSTILE


def test_the_address_itself_exempts(server, person):
    terminal = from_address(server, person.account, _EXEMPT)
    assert logins.outcome(terminal) == person.name
