# SPDX-License-Identifier: MIT
"""Who may call what on the bus (S31, S32): every method of ours, as four different callers."""
import grp
import pathlib
import pwd
import re
import xml.etree.ElementTree as xml

import pytest
from sandboxing import logins

_NAME, _PATH = "org.twinlock.Twinlock1", "/org/twinlock/Twinlock1"
_CONTRACTS = pathlib.Path(__file__).resolve().parents[2] / "common" / "dbus"
_ARGUMENTS = {"s": [""], "u": ["0"], "t": ["0"], "b": ["false"], "ay": ["0"], "as": ["0"]}


def methods():
    for contract in sorted(_CONTRACTS.glob("*.xml")):
        for interface in xml.parse(contract).getroot().iter("interface"):
            for method in interface.iter("method"):
                types = [argument.get("type") for argument in method.iter("arg")
                         if argument.get("direction") == "in"]
                yield interface.get("name"), method.get("name"), types


def call_as(user, interface, member, types):
    """The name of the D-Bus error that the call ends with, or "" if it is answered."""
    arguments = [word for kind in types for word in _ARGUMENTS[kind]]
    signature = ["".join(types), *arguments] if types else []
    entry = pwd.getpwnam(user)
    result = logins.run(
        ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups",
         "busctl", "--system", "call", "--", _NAME, _PATH, interface, member, *signature])
    return result.stderr.strip()


def is_denied(error):
    return "Access denied" in error or "AccessDenied" in error or "rejected send message" in error


@pytest.mark.parametrize("interface, member, types", list(methods()))
def test_only_root_reaches_the_interfaces_of_root(sandbox, interface, member, types):  # S31
    open_to_all = interface == "org.twinlock.Enrollment1"
    for user in ("twinlock", sandbox.account.name, "nobody"):
        assert is_denied(call_as(user, interface, member, types)) == (not open_to_all), user
    assert not is_denied(call_as("root", interface, member, types))


@pytest.mark.parametrize("user", ["root", "nobody"])
def test_nobody_but_the_daemons_user_may_own_the_name(sandbox, daemon, user):  # S31
    daemon.stop()
    entry = pwd.getpwnam(user)
    result = logins.run(
        ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups",
         "dbus-send", "--system", "--print-reply", "--dest=org.freedesktop.DBus",
         "/org/freedesktop/DBus", "org.freedesktop.DBus.RequestName", f"string:{_NAME}",
         "uint32:0"])
    assert "AccessDenied" in result.stderr


def test_the_file_of_the_man_page_lets_a_group_ask_to_administer(sandbox, daemon):  # S140
    page = pathlib.Path(__file__).resolve().parents[2] / "docs" / "man" / "twinlockd.8"
    example = re.search("<busconfig>.*</busconfig>", page.read_text(encoding="utf-8"), re.DOTALL)[0]
    group = grp.getgrgid(pwd.getpwnam(sandbox.account.name).pw_gid).gr_name
    policy = pathlib.Path("/etc/dbus-1/system.d/twinlock-administrators.conf")
    uid = pwd.getpwnam(sandbox.account.name).pw_uid
    call = (sandbox.account.name, "org.twinlock.Administration1", "DaemonStatus", [])
    refusal = f"Administration1.DaemonStatus refused to uid {uid}"
    call_as(*call)
    assert refusal not in daemon.log.read_text(encoding="utf-8")  # the bus was in the way
    policy.write_text(example.replace('"sudo"', f'"{group}"'), encoding="utf-8")
    try:
        reload_bus()
        assert is_denied(call_as(*call))  # by us, since there is no polkit
        daemon.stop()  # by then the journal has been written
        assert refusal in daemon.log.read_text(encoding="utf-8")
    finally:
        policy.unlink()
        reload_bus()


def reload_bus():
    told = logins.run(["busctl", "--system", "call", "org.freedesktop.DBus", "/org/freedesktop/DBus",
                       "org.freedesktop.DBus", "ReloadConfig"])
    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize("user", ["root", "nobody"])
def test_everybody_may_look_at_the_interfaces(sandbox, user):  # S31
    assert not is_denied(call_as(user, "org.freedesktop.DBus.Introspectable", "Introspect", []))
    assert not is_denied(call_as(user, "org.freedesktop.DBus.Peer", "Ping", []))


def test_a_user_who_monitors_the_bus_sees_no_login(sandbox, person):  # S44
    """Neither as a monitor, which takes root, nor by a match rule that eavesdrops."""
    watcher = logins.spawn(logins.as_user(person.account, "dbus-monitor", "--system"))
    watcher.expect("NameAcquired")
    login = logins.spawn(["pamtester", "twinlock", person.name, "authenticate"])
    logins.type_code(login, person.authenticator.code())
    login.expect("successfully authenticated")
    logins.run(["dbus-send", "--system", "--type=signal", "/", "test.Marker.LoginIsOver"])
    watcher.expect("LoginIsOver")
    assert "org.twinlock" not in watcher.before
    assert person.authenticator.spent_code() not in watcher.before
