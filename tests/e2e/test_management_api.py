# SPDX-License-Identifier: MIT
"""The management API and the logins it administers, real sudo: two processes on one store, or one."""
import subprocess

import pytest

from sandboxing import api_client, logins

FACTORS = "/api/v2/guardian/factors"


@pytest.fixture(scope="module")
def http():
    return True


@pytest.fixture(scope="module")
def api(sandbox, secrets_used):
    client = sandbox.add_client("tests", "full")
    secrets_used.append(client["client_secret"])
    found = api_client.ApiClient(sandbox.url, sandbox.ca.ca, **client)
    secrets_used.append(found.token)
    return found


def sudo_with_a_code(person):
    terminal = logins.sudo(person.account)
    logins.type_password(terminal, person.account)
    logins.type_code(terminal, person.authenticator.code())
    return logins.outcome(terminal)


def test_g03_the_very_next_login_obeys_a_switch(api, new_person):
    assert sudo_with_a_code(new_person()) == "root"
    api.expect("PUT", f"{FACTORS}/otp", {"enabled": False})
    try:
        assert sudo_with_a_code(new_person_before(new_person, api)) == "asked again"
    finally:
        api.expect("PUT", f"{FACTORS}/otp", {"enabled": True})
    assert sudo_with_a_code(new_person()) == "root"


def new_person_before(new_person, api):
    """Somebody who enrolled while the factor was on."""
    api.expect("PUT", f"{FACTORS}/otp", {"enabled": True})
    person = new_person()
    api.expect("PUT", f"{FACTORS}/otp", {"enabled": False})
    return person


def test_g05_the_very_next_login_obeys_the_policy(api, new_person):
    person = new_person(enrolled=False)
    api.expect("PUT", "/api/v2/guardian/policies", [])
    try:
        terminal = logins.sudo(person.account)
        logins.type_password(terminal, person.account)
        assert logins.outcome(terminal) == "root", "nothing is demanded"
    finally:
        api.expect("PUT", "/api/v2/guardian/policies", ["all-applications"])


def test_a01_a_login_over_the_bus_is_in_the_log(api, person):
    assert sudo_with_a_code(person) == "root"
    logs = api.expect("GET", f"/api/v2/logs?q=user_name:{person.name}%20AND%20type:gd_auth_succeed")
    assert [(log["client_id"], log["user_id"]) for log in logs] == [("pam:sudo", f"unix|{person.name}")]
    assert logs[0]["details"]["authenticator"]["type"] == "totp"


def test_a10_a_hold_is_shown_and_ended(api, person):
    for _ in range(4):
        terminal = logins.sudo(person.account)
        logins.type_password(terminal, person.account)
        for _ in range(3):
            logins.type_code(terminal, person.authenticator.wrong_code())
        terminal.close(force=True)
    path = f"/api/v2/user-blocks/unix%7C{person.name}"
    assert [block["identifier"] for block in api.expect("GET", path)["blocked_for"]] == [person.name]
    api.expect("DELETE", path)
    assert api.expect("GET", path) == {"blocked_for": []}
    assert sudo_with_a_code(person) == "root"


@pytest.fixture
def two_processes(sandbox):
    if sandbox.http is sandbox.daemon:
        pytest.skip("one process serves both")


@pytest.mark.usefixtures("two_processes")
def test_logins_go_on_when_the_listener_dies(sandbox, person):  # S130
    sandbox.http.kill()
    assert sudo_with_a_code(person) == "root"
    sandbox.http.start()


@pytest.mark.usefixtures("two_processes")
def test_the_listener_goes_on_when_the_bus_process_dies(daemon, api):  # S130
    daemon.kill()
    assert len(api.expect("GET", FACTORS)) == 8
    daemon.start()


def test_both_write_to_one_unbroken_log(sandbox, api, new_person):  # S127
    for enabled in (True, False) * 3:
        api.expect("PUT", f"{FACTORS}/sms", {"enabled": enabled})
        assert sudo_with_a_code(new_person()) == "root"
    subprocess.run(["twinlock", "admin", "log", "verify"], check=True, stdout=subprocess.DEVNULL)


def test_a_deleted_client_is_nobody_at_once(sandbox, api):  # S64
    made = sandbox.add_client("short-lived", "read:guardian_factors")
    client = api_client.ApiClient(sandbox.url, sandbox.ca.ca, **made)
    assert client.request("GET", FACTORS)[0] == 200
    subprocess.run(["twinlock", "admin", "client", "delete", made["client_id"], "--yes"], check=True,
                   stdout=subprocess.DEVNULL)
    assert client.request("GET", FACTORS)[0] == 401
