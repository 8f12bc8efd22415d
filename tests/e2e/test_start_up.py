# SPDX-License-Identifier: MIT
"""What keeps the daemon from starting: it says what to do, and changes nothing."""
import contextlib
import hashlib
import json
import os
import pwd
import re
import shutil
import signal
import sqlite3
import time

import pytest
from sandboxing import logins, processes, twinlock_daemon

CONFIGURATION = twinlock_daemon.CONFIGURATION
KEY = CONFIGURATION.parent / "master.key"
DATABASE = twinlock_daemon.STATE / "store.db"


@pytest.fixture(autouse=True)
def stopped(sandbox, daemon):
    """Each test damages the files of a daemon that has stopped; they are whole again afterwards."""
    daemon.stop()
    files = [CONFIGURATION, KEY, *twinlock_daemon.STATE.iterdir()]
    kept = {file: (file.read_bytes(), file.stat()) for file in files if file.is_file()}
    yield
    if daemon.is_running():
        daemon.stop()
    for file in twinlock_daemon.STATE.iterdir():
        file.unlink()
    for file, (content, status) in kept.items():
        file.write_bytes(content)
        os.chown(file, status.st_uid, status.st_gid)
        os.chmod(file, status.st_mode & 0o7777)


def fingerprints():
    """What the state directory holds, byte for byte, but for SQLite's empty log and its index."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest()
            for file in twinlock_daemon.STATE.iterdir()
            if file.name not in ("lock", "store.db-shm") and (
                file.name != "store.db-wal" or file.stat().st_size > 0)}


def refusal(daemon):
    """What the daemon says when it refuses to start."""
    before = daemon.log.stat().st_size
    with pytest.raises(processes.NotReady):
        daemon.start()
    with open(daemon.log, encoding="utf-8", errors="replace") as log:
        log.seek(before)
        return log.read()


def assert_refused_unchanged(daemon, *words):
    before = fingerprints()
    said = refusal(daemon)
    for word in words:
        assert str(word) in said, said
    assert fingerprints() == before


def test_without_its_key_the_daemon_does_not_start(daemon):  # S117, S135
    KEY.unlink()
    assert_refused_unchanged(daemon, KEY)


def test_a_key_that_is_too_short_stops_the_start(daemon):  # S117
    short = re.sub(r"\b([0-9a-f]{40})[0-9a-f]{24}\b", r"\1", KEY.read_text(encoding="ascii"))
    KEY.write_text(short, encoding="ascii")
    assert_refused_unchanged(daemon, KEY)


def test_a_key_that_others_can_read_stops_the_start(daemon):  # S117
    KEY.chmod(0o440)
    assert_refused_unchanged(daemon, KEY)


def test_another_key_stops_the_start(daemon):  # S117
    KEY.unlink()
    logins.run(["twinlockd", "generate-key", KEY])
    logins.run(["chown", "twinlock:", KEY])
    assert_refused_unchanged(daemon, "key")


def test_a_damaged_database_stops_the_start_and_is_kept(daemon):  # S133
    with open(DATABASE, "r+b") as file:
        file.seek(4096)
        file.write(os.urandom(16384))
    assert_refused_unchanged(daemon, DATABASE)


def test_a_database_that_has_vanished_is_not_made_anew(daemon):  # S134
    for file in twinlock_daemon.STATE.glob("store.db*"):
        file.unlink()
    assert_refused_unchanged(daemon, DATABASE)


def test_a_state_directory_that_is_empty_lets_nobody_in_unasked(daemon):  # S134
    for file in twinlock_daemon.STATE.iterdir():
        file.unlink()  # its disk isn't mounted, say
    said = refusal(daemon)
    assert "there is no store" in said
    assert "twinlockd create-store" in said
    assert not DATABASE.exists()


def test_a_store_that_is_there_is_not_made_anew():  # S134
    before = fingerprints()
    refused = logins.run(["twinlockd", "create-store"])
    assert refused.returncode == 65
    assert f"{DATABASE}: is there already" in refused.stderr
    assert fingerprints() == before


def test_an_old_copy_of_the_database_is_noticed(daemon, new_person):  # S121
    old = DATABASE.read_bytes()
    daemon.start()
    new_person()
    daemon.stop()
    for file in twinlock_daemon.STATE.glob("store.db-*"):
        file.unlink()
    DATABASE.write_bytes(old)
    assert_refused_unchanged(daemon, DATABASE)


def test_a_store_of_a_newer_version_stops_the_start(daemon):
    with contextlib.closing(sqlite3.connect(DATABASE)) as database:
        database.execute("PRAGMA user_version = 999")
    for file in twinlock_daemon.STATE.glob("store.db*"):
        logins.run(["chown", "twinlock:", file])
    assert_refused_unchanged(daemon, "999")


@pytest.mark.parametrize("line, words", [
    ("[limits]\nlive_conversations_per_user = 0\n", ["live_conversations_per_user", "0"]),
    ("[limits]\nlive_conversation = 5\n", ["live_conversation"]),
    ("[store\n", []),
    ('[[policy.rule]]\nname = "x"\naction = "exemt"\n', ["action", "exemt", "exempt"]),
])
def test_a_broken_configuration_stops_the_start_and_is_explained(daemon, line, words):  # S147
    CONFIGURATION.write_text(CONFIGURATION.read_text(encoding="utf-8") + line, encoding="utf-8")
    number = len(CONFIGURATION.read_text(encoding="utf-8").splitlines())
    said = refusal(daemon)
    assert str(CONFIGURATION) in said
    assert any(f":{n}" in said for n in range(number - 3, number + 1)), said
    for word in words:
        assert word in said


def test_a_reload_of_a_broken_configuration_keeps_the_old_one(sandbox, daemon, new_person):  # S147
    daemon.start()
    person = new_person()
    CONFIGURATION.write_text("[limits\n", encoding="utf-8")
    os.kill(daemon.pid, signal.SIGHUP)
    terminal = logins.ssh(sandbox.ssh, person.account, key=True)
    logins.type_code(terminal, person.authenticator.code())
    assert logins.outcome(terminal) == person.name
    assert daemon.is_running()
    assert str(CONFIGURATION) in daemon.log.read_text(encoding="utf-8", errors="replace")


def test_a_reload_tells_each_mistake_for_itself(daemon):  # S147
    daemon.start()
    before, start = newest_record(), daemon.log.stat().st_size
    CONFIGURATION.write_text("[limits]\ntotp_window = 7\nspeed = 1\n", encoding="utf-8")
    os.kill(daemon.pid, signal.SIGHUP)
    while (record := newest_record()) == before:
        time.sleep(0.05)
    assert record["detail"] == (f"{CONFIGURATION}:2: limits.totp_window: found 7; "
                                "allowed: an integer from 0 to 1")
    daemon.stop()  # by then the journal has been written
    told = daemon.log.read_text(encoding="utf-8", errors="replace")[start:]
    assert len(re.findall(rf"problem area=settings detail=\"{CONFIGURATION}:[23]: ", told)) == 2


def test_a_reload_with_a_key_it_may_not_read_is_recorded_as_rejected(  # S147
        sandbox, daemon, new_person):
    daemon.start()
    person = new_person()
    before = newest_record()
    os.chown(KEY, 0, 0)
    os.kill(daemon.pid, signal.SIGHUP)
    while (record := newest_record()) == before:
        time.sleep(0.05)
    assert record["event"] == "configuration-rejected"
    assert str(KEY) in record["detail"]
    assert f"chown twinlock {KEY}" in daemon.log.read_text(encoding="utf-8", errors="replace")
    terminal = logins.ssh(sandbox.ssh, person.account, key=True)
    logins.type_code(terminal, person.authenticator.code())
    assert logins.outcome(terminal) == person.name  # by the keys that it has


def newest_record():
    told = logins.run(["twinlock", "admin", "log", "--limit", "1", "--json"])
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


def test_a_key_that_only_root_may_read_stops_the_start_with_what_to_do(daemon):  # S135
    os.chown(KEY, 0, 0)
    assert_refused_unchanged(daemon, KEY, f"chown twinlock {KEY}", "chmod 0400")


@pytest.mark.parametrize("arguments, told", [
    ([], "a command is needed; allowed: serve, "),
    (["bogus"], 'there is no command "bogus"; allowed: serve, check-config, generate-key, '),
    (["serve", "--confg", "x"], "--confg"),
])
def test_a_wrong_argument_is_named_with_what_is_allowed(arguments, told):
    result = logins.run(["twinlockd", *arguments])
    assert result.returncode == 64
    assert told in result.stderr


def test_check_config_says_the_same_without_a_start():  # S147
    good = logins.run(["twinlockd", "check-config", "--config", CONFIGURATION])
    assert good.returncode == 0, good.stderr
    CONFIGURATION.write_text("[limits]\nlive_conversations_per_user = -1\n", encoding="utf-8")
    bad = logins.run(["twinlockd", "check-config", "--config", CONFIGURATION])
    assert bad.returncode != 0
    assert f"{CONFIGURATION}:2" in bad.stdout + bad.stderr


def test_each_line_about_the_configuration_names_program_file_line_and_key():  # S147
    CONFIGURATION.write_text('[limits]\ntotp_window = "\\u001b[31m"\nspeed = 1\n', encoding="utf-8")
    said = logins.run(["twinlockd", "check-config", "--config", CONFIGURATION]).stderr
    start = f"twinlockd: {CONFIGURATION}"
    window, speed = said.splitlines()
    assert window.startswith(f'{start}:2: limits.totp_window: found "\\x1b[31m"; allowed: ')
    assert speed.startswith(f"{start}:3: limits.speed: found an unknown key; allowed: ")


def test_a_pipe_as_configuration_is_refused_and_not_waited_for(daemon, tmp_path):  # S147
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for command in ("check-config", "serve"):
        told = logins.run(["twinlockd", command, "--config", pipe])
        assert told.returncode == 78
        assert told.stderr == f"twinlockd: {pipe}: found a pipe (FIFO); allowed: a regular file\n"


def test_a_configuration_that_the_daemon_may_not_read_is_told_with_what_to_do(daemon):  # S147
    CONFIGURATION.chmod(0o600)
    os.chown(CONFIGURATION, 0, 0)
    assert_refused_unchanged(daemon, f"{CONFIGURATION}: can't be read: Permission denied",
                             f"chmod a+r {CONFIGURATION}")


def told_to_make_it_ours(file, mode):
    uid = pwd.getpwnam("twinlock").pw_uid
    return f"chown {uid} {file} && chmod {mode} {file}"


def test_a_state_directory_of_root_stops_the_start_with_what_to_do(daemon):
    os.chown(twinlock_daemon.STATE, 0, 0)
    try:
        remedy = told_to_make_it_ours(twinlock_daemon.STATE, 700)
        assert_refused_unchanged(daemon, "belongs to uid 0, not to uid", remedy)
        assert logins.run(["sh", "-c", remedy]).returncode == 0
        daemon.start()
    finally:
        shutil.chown(twinlock_daemon.STATE, "twinlock", "twinlock")


def test_a_state_directory_that_is_read_only_stops_the_start_with_what_to_do(daemon):
    state = str(twinlock_daemon.STATE)
    for command in (["mount", "--bind", state, state], ["mount", "-o", "remount,bind,ro", state]):
        assert logins.run(command).returncode == 0
    try:
        assert_refused_unchanged(daemon, f"{state}: is mounted read-only; run: mount -o remount,rw")
    finally:
        assert logins.run(["umount", state]).returncode == 0


@pytest.mark.parametrize("name", ["store.db", "epoch"])
def test_a_file_that_the_daemon_may_not_write_stops_the_start_with_what_to_do(daemon, name):
    file = twinlock_daemon.STATE / name
    file.chmod(0o400)
    assert_refused_unchanged(daemon, f"its owner may not read and write it; run: chmod 600 {file}")


def test_what_a_start_as_root_has_left_stops_the_start_with_what_to_do(daemon):
    lock = twinlock_daemon.STATE / "lock"
    os.chown(lock, 0, 0)
    assert_refused_unchanged(daemon, told_to_make_it_ours(lock, 600))


def put_an_old_copy_back(daemon, new_person):
    old = DATABASE.read_bytes()
    daemon.start()
    new_person()
    daemon.stop()
    for file in twinlock_daemon.STATE.glob("store.db*"):
        file.unlink()
    DATABASE.write_bytes(old)  # as root does with cp(1)


def test_root_accepts_a_restored_store_and_the_daemon_has_it(daemon, new_person):  # S121
    put_an_old_copy_back(daemon, new_person)
    refused = logins.run(["twinlockd", "accept-restored-store"])
    assert refused.returncode == 69
    remedy = told_to_make_it_ours(DATABASE, 600)
    assert remedy in refused.stderr
    assert logins.run(["sh", "-c", remedy]).returncode == 0
    accepted = logins.run(["twinlockd", "accept-restored-store"])
    assert accepted.returncode == 0, accepted.stderr
    assert {file.owner() for file in (KEY, *twinlock_daemon.STATE.iterdir())} == {"twinlock"}
    daemon.start()


def test_the_daemon_can_be_read_by_nobody_and_leaves_no_core(daemon):  # S123
    daemon.start()
    limits = logins.run(["grep", "Max core file size", f"/proc/{daemon.pid}/limits"]).stdout
    assert limits.split()[4:6] == ["0", "0"]
    as_itself = logins.run(["setpriv", "--reuid=twinlock", "--regid=twinlock", "--clear-groups",
                            "head", "-c", "1", f"/proc/{daemon.pid}/mem"])
    assert as_itself.returncode != 0


def test_the_daemon_ends_in_good_order_when_asked(daemon):
    daemon.start()
    started = time.monotonic()
    assert daemon.stop() == 0
    assert time.monotonic() - started < 30


def test_root_may_look_at_the_keys_and_leaves_nothing_of_its_own_in_the_store(daemon):  # S118
    def tool(*arguments):
        result = logins.run(["twinlockd", *arguments])
        owners = {file.owner() for file in twinlock_daemon.STATE.iterdir()}
        assert owners == {"twinlock"}
        return result

    before = {file.name for file in twinlock_daemon.STATE.iterdir()}
    listed = tool("list-keys")
    assert listed.returncode == 0, listed.stderr
    assert "key 1, current: " in listed.stdout
    assert {file.name for file in twinlock_daemon.STATE.iterdir()} == before
    daemon.start()
    assert tool("list-keys").returncode == 0
    assert tool("rotate-key").returncode == 0
    os.kill(daemon.pid, signal.SIGHUP)
    while "key 2 yet" in (refused := tool("drop-key", "1")).stderr:
        time.sleep(0.05)
    assert refused.returncode == 65
    assert "key 1 is still needed for " in refused.stderr


def test_a_retired_key_that_is_still_needed_does_not_vanish_unnoticed(daemon):  # S117, S135
    before = daemon.log.stat().st_size

    def await_log(text):
        while text.encode() not in daemon.log.read_bytes()[before:]:
            time.sleep(0.05)

    def reload():
        os.kill(daemon.pid, signal.SIGHUP)

    daemon.start()
    assert logins.run(["twinlockd", "rotate-key"]).returncode == 0
    reload()
    await_log("sealed under the current key now")
    whole = KEY.read_bytes()
    KEY.write_bytes(b"".join(line for line in whole.splitlines(keepends=True)
                             if not line.startswith(b"1 ")))
    reload()
    await_log("key 1, which is in use, is missing")
    daemon.stop()
    daemon.start()
    await_log("master key 1 is missing, and needed for ")
    listed = logins.run(["twinlockd", "list-keys"])
    assert listed.returncode == 66
    assert f"key 1, MISSING from {KEY}: " in listed.stdout
    KEY.write_bytes(whole)
    assert logins.run(["twinlockd", "list-keys"]).returncode == 0
