#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Compares Twinlock with its peers on this machine, and judges the ratios. README.md explains.

Runs as root in a private host (scripts/private-host), so that the machine is left as it was. Exit
status: 0, 1 when a gate failed or a row is wrong, 77 when nothing could be measured here.
"""
import argparse
import importlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
_HERE = pathlib.Path(__file__).resolve().parent
_ROOT = _HERE.parents[1]
sys.path[:0] = [str(_HERE), str(_ROOT / "scripts")]

from sandboxing import private_host  # noqa: E402

from harness import cases, host, machine, report  # noqa: E402
from harness.result import PartResult, failed  # noqa: E402

SKIPPED = 77  # as CTest is told to understand it
QUIET = 0.2   # what others may take of a processor before nothing timed is judged


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(cases.names()))
    parser.add_argument("--full", action="store_true", help="every size; under 25 minutes")
    parser.add_argument("--counts", action="store_true",
                        help="only what is counted: instructions, system calls, objects")
    parser.add_argument("--build", type=pathlib.Path, default=_ROOT / "build" / "release",
                        help="a build directory with TWINLOCK_BENCH (build/release)")
    parser.add_argument("--json", type=pathlib.Path, help="write every sample to this file")
    parser.add_argument("--work", type=pathlib.Path,
                        help="where stores and users' files are put: a real disk (/var/tmp)")
    parser.add_argument("--inside", type=pathlib.Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    unknown = set(options.parts) - set(cases.names())
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return options


def main(arguments):
    options = parse(arguments)
    return measure(options) if options.inside else enter_private_host(options, arguments)


def enter_private_host(options, arguments):
    """Runs this program again inside, and removes what it left on the disk."""
    if os.geteuid() != 0:
        print("bench.py: needs root for a private host; every part was skipped", file=sys.stderr)
        return SKIPPED
    work = pathlib.Path(tempfile.mkdtemp(prefix="twinlock-bench-", dir=options.work or "/var/tmp"))
    try:
        status = subprocess.run([_ROOT / "scripts" / "private-host", "--", sys.executable, __file__,
                                 "--inside", work, *arguments], check=False).returncode
        return SKIPPED if status == private_host.FAILED else status
    finally:
        shutil.rmtree(work)


def chosen(options):
    if options.counts:
        return ["counts"]
    return options.parts or cases.names()


def measure(options):
    form = "full" if options.full else "short"
    about, loads = machine.describe(options.inside), [machine.load()]
    print(f"{about['date']}  {about['system']}, kernel {about['kernel']}, {about['cores']} × "
          f"{about['processor']}, {about['file_system']}\n{loads[0]}")
    bench_host = host.Host(options.build.resolve(), options.inside)
    results, judgements = [], []
    for name in chosen(options):
        part = cases.load(name, form)
        result = run_part(bench_host, part, form)
        judged = [result.judge(target) for target in part.targets]
        report.print_part(part, result, judged)
        sys.stdout.flush()
        results.append(result)
        judgements += judged
    loads.append(machine.load())
    report.print_verdicts(judgements)
    print(loads[1])
    if any(result.is_wrong for result in results):
        print(f"\nThe end of syslog:\n{bench_host.syslog_tail()}")
    if options.json:
        report.write_json(options.json, about, loads, form, results, judgements)
    return 1 if failed(judgements) or any(result.is_wrong for result in results) else 0


def run_part(bench_host, part, form):
    if part.rounds == 0:
        return PartResult(part.name, skipped=f"not in the {form} form")
    try:
        before = machine.share_of_others()
        result = importlib.import_module(f"parts.{part.kind}").run(bench_host, part)
        others = max(before, machine.share_of_others())
        if others > QUIET and not result.skipped:
            result.noise = f"other programs take {others:.0%} of a processor from this one"
        return result
    except FileNotFoundError as error:
        return PartResult(part.name, skipped=f"{error.filename} is not installed")
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        return PartResult(part.name, skipped=str(error))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
