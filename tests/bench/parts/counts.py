# SPDX-License-Identifier: MIT
"""What repeats exactly: instructions, system calls, mapped objects. The part counts (P3, P4, D4)."""
import pathlib
import re
import shutil
import subprocess

from harness import peers, timer
from harness.result import PartResult

_COLLECTED = re.compile(r"Collected : (\d+)")
_SYSTEM_CALL = re.compile(r"^\d+ +\w+\(")  # "resumed" lines are of calls counted already


def run(host, part):
    result = PartResult(part.name)
    if shutil.which("valgrind") is None:
        return PartResult(part.name, skipped="valgrind is not installed")
    _count_bodies(host, part, result)
    if host.product is None:
        result.figures["why instructions of a login"] = host.why_no_product
        return result
    host.serve(part.settings["store_users"])
    _count_login(host, result)
    return result


def _count_bodies(host, part, result):
    """The bodies of micro/ at two numbers of iterations: the difference has no start in it."""
    program = host.find_program("micro_counts")
    if program is None:
        for body in part.settings["bodies"]:
            result.figures[f"why instructions of {body}"] = "micro_counts is not built"
        return
    few, many = part.settings["iterations"]
    for body in part.settings["bodies"]:
        one, other = (_instructions(host, [program, body, str(count)]) for count in (few, many))
        result.figures[f"instructions of {body}"] = (other - one) / (many - few)


def _instructions(host, command):
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={host.work}/callgrind.out",
         *map(str, command)], capture_output=True, text=True, check=False)
    found = _COLLECTED.search(done.stderr)
    if done.returncode != 0 or not found:
        raise RuntimeError(f"callgrind ended with {done.returncode}: {done.stderr[-500:]}")
    return int(found.group(1))


def _count_login(host, result):
    peer = peers.make(host, "twinlock")
    permit = peers.make(host, "permit")
    # Nothing but the line under test: each further module is eight calls of ld.so's.
    pathlib.Path("/etc/pam.d/bench-counts").write_text(f"{peer.lines[0]}\n", encoding="ascii")
    host.pam_service("bench-login", peer.lines)
    host.pam_service("bench-permit", permit.lines)
    file = timer.write_cases(host, "counts", [timer.Timed("login", peer, "bench-counts")])
    program = host.program("pam_timer")
    command = [program, file, "--here", "--rounds"]
    result.figures["instructions of a login"] = (
        _instructions(host, [*command, "1"]) - _instructions(host, [*command, "0"]))
    if shutil.which("strace"):
        result.figures["system calls of a login"] = (
            _system_calls(host, [*command, "1"]) - _system_calls(host, [*command, "0"]))
    runs = timer.run(host, "counts", [timer.Timed("login", peer, "bench-login"),
                                      timer.Timed("permit", permit, "bench-permit")],
                     "--rounds", 3)
    result.rows += [runs.row("login"), runs.row("permit")]
    result.figures["objects of a login"] = runs["login"][-1].objects - runs["permit"][-1].objects


def _system_calls(host, command):
    trace = host.work / "strace.out"
    subprocess.run(["strace", "--follow-forks", "--quiet=all", "--output", trace,
                    *map(str, command)], check=True, stdout=subprocess.DEVNULL)
    return sum(1 for line in trace.read_text(encoding="utf-8", errors="replace").splitlines()
               if _SYSTEM_CALL.match(line))
