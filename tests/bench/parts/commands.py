# SPDX-License-Identifier: MIT
"""Logins through a real program whose PAM file is swapped for each: the parts sudo and ssh."""
import os
import pathlib
import shutil
import subprocess

from sandboxing import ssh_server

from harness import peers, timer
from harness.host import RUNTIME
from harness.result import PartResult, Row


def run(host, part):
    result = PartResult(part.name, part.settings["base"])
    missing = _set_up(host, part)
    if missing:
        result.skipped = missing
        return result
    host.serve(part.settings["store_users"])
    cases, skipped = [], {}
    for number, case in enumerate(part.cases):
        try:
            cases.append(_timed(host, part, number, case))
        except peers.NotInstalled as error:
            skipped[case["name"]] = Row(case["name"], [], skipped=str(error))
    runs = timer.run(host, part.name, cases, "--rounds", part.rounds, "--warm-up", 1)
    for case in part.cases:
        result.rows.append(skipped.get(case["name"]) or runs.row(case["name"]))
    result.check_noise(part.settings["again"], part.settings["floor"])
    return result


def _timed(host, part, number, case):
    if case["peer"] == "twinlock" and host.product is None:
        raise peers.NotInstalled(host.why_no_product)
    peer = peers.make(host, case["peer"], **case.get("options", {}))
    service = part.settings["service"]
    prepared = host.work / f"{part.name}-{number}.pam"
    prepared.write_text(host.pam_service(service, peer.lines), encoding="ascii")
    command = [word.replace("{port}", str(host.ssh_port)) for word in part.settings["command"]]
    return timer.Timed(case["name"], peer, command=tuple(command),
                       as_user=part.settings.get("as_user", False),
                       put_back=((prepared, pathlib.Path("/etc/pam.d", service)),))


def _set_up(host, part):
    """Returns what is missing, if anything."""
    if shutil.which(part.settings["program"], path=f"/usr/sbin:{os.defpath}") is None:
        return f"{part.settings['program']} is not installed"
    if part.settings["service"] == "sudo":
        rule = pathlib.Path("/etc/sudoers.d/twinlock-bench")
        rule.write_text("ALL ALL=(root) ALL\nDefaults timestamp_timeout=0, !lecture\n",
                        encoding="ascii")
        rule.chmod(0o440)
    elif host.ssh_port is None:
        _start_sshd(host)
    return ""


def _start_sshd(host):
    """One sshd for all: two of them would pad their answers by different amounts."""
    directory = RUNTIME / "ssh"
    directory.mkdir(mode=0o755)
    server = ssh_server.SshServer(directory)
    server.start()
    host.ssh_port = server.port
    answerer = RUNTIME / "askpass"
    answerer.write_text('#!/bin/sh\necho "$TWINLOCK_BENCH_ANSWER"\n', encoding="ascii")
    answerer.chmod(0o755)
    configuration = RUNTIME / "ssh_config"
    configuration.write_text(
        f"UserKnownHostsFile {server.known_hosts}\nStrictHostKeyChecking yes\n"
        "PreferredAuthentications keyboard-interactive\nKexAlgorithms curve25519-sha256\n"
        "IdentityFile none\nIdentityAgent none\nLogLevel ERROR\n", encoding="ascii")
    os.environ["SSH_ASKPASS"] = str(answerer)
    os.environ["SSH_ASKPASS_REQUIRE"] = "force"
    subprocess.run(["ssh", "-G", "-F", configuration, "127.0.0.1"], check=True,
                   stdout=subprocess.DEVNULL)
