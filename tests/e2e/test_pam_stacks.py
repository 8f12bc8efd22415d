# SPDX-License-Identifier: MIT
"""What the module's answers do to the stacks that administrators write."""
import pytest
from sandboxing import logins


@pytest.fixture(scope="module")
def settings():
    return """
[[policy.rule]]
name = "a service that needs no second factor"
action = "exempt"
services = ["free-required", "free-requisite", "free-sufficient", "free-alone", "free-behind-deny"]
"""


def authenticate(service, user):
    return logins.run(["pamtester", service, user, "authenticate", "setcred(PAM_ESTABLISH_CRED)"])


@pytest.mark.parametrize("control, granted", [
    ("required", True), ("requisite", True), ("sufficient", True)])
def test_an_exempt_login_goes_on_to_the_next_module(
        sandbox, person, pam_service, control, granted):  # S02
    service = pam_service(f"free-{control}", f"auth {control} {sandbox.module}",
                          "auth required pam_permit.so")
    assert (authenticate(service, person.name).returncode == 0) == granted


def test_an_exemption_replaces_no_password(sandbox, person, pam_service):  # S02
    """A module that answered success here would let everybody in without the first factor."""
    service = pam_service("free-behind-deny", f"auth sufficient {sandbox.module}",
                          "auth required pam_deny.so")
    assert authenticate(service, person.name).returncode != 0


def test_an_exempt_login_through_the_module_alone_is_denied(sandbox, person, pam_service):  # S02
    service = pam_service("free-alone", f"auth required {sandbox.module}")
    assert authenticate(service, person.name).returncode != 0


@pytest.mark.parametrize("option", ["tiemout=60", "timeout=soon", "timeout=1", "debug=yes", "nullok"])
def test_an_option_that_cant_be_meant_denies_and_says_so(
        sandbox, person, pam_service, syslog, option):  # S10
    service = pam_service("mistyped", f"auth required {sandbox.module} {option}",
                          "auth required pam_permit.so")
    terminal = logins.spawn(["pamtester", service, person.name, "authenticate"])
    assert terminal.expect(["successfully", logins.CODE_PROMPT, logins.pexpect.EOF]) == 2
    line = next(line for line in syslog().splitlines() if option in line)
    assert "mistyped" in line


def test_the_service_of_the_sandbox_asks_for_the_code_alone(person):
    terminal = logins.spawn(["pamtester", "twinlock", person.name, "authenticate"])
    assert terminal.expect([logins.CODE_PROMPT, logins.PASSWORD_PROMPT]) == 0
    terminal.waitnoecho()
    terminal.sendline(person.authenticator.code())
    terminal.expect("successfully authenticated")


def test_an_unknown_account_gets_the_prompts_of_any_other(sandbox):  # S25
    """In a stack that checks no first factor, a name must not tell whether it is somebody's."""
    terminal = logins.spawn(["pamtester", "twinlock", "nobody-by-this-name", "authenticate"])
    for _ in range(3):
        assert terminal.expect([logins.CODE_PROMPT, "unavailable", logins.pexpect.EOF]) == 0
        terminal.waitnoecho()
        terminal.sendline("123456")
    assert terminal.expect(["Have exhausted maximum number of retries", "unavailable"]) == 0
