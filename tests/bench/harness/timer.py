# SPDX-License-Identifier: MIT
"""Drives pam_timer: writes its case file, reads its runs."""
import collections
import dataclasses
import subprocess

from .result import Row


@dataclasses.dataclass
class Timed:
    """A case as pam_timer sees it."""
    name: str
    peer: object       # harness/peers.py
    service: str = ""  # in process; or a command:
    command: tuple = ()
    as_user: bool = False
    put_back: tuple = ()

    def text(self):
        lines = [f"case {self.name}", f"users {self.peer.users}", f"answer {self.peer.answer}",
                 f"expect {self.peer.expect}"]
        lines += [f"put-back {old} {new}" for old, new in [*self.peer.put_back, *self.put_back]]
        lines += [f"service {self.service}"] if self.service else [f"command {' '.join(self.command)}"]
        lines += ["as-user"] if self.as_user else []
        return "\n".join(lines) + "\n\n"


@dataclasses.dataclass
class Run:
    worker: int
    milliseconds: float
    result: int
    expected: int
    objects: int
    private_kb: int
    resident_kb: int

    @property
    def is_wrong(self):
        return self.result == 0 if self.expected == -1 else self.result != self.expected


class Runs(dict):
    """Runs of each case, by its name; and how long workers took together."""

    def __init__(self):
        super().__init__()
        self.elapsed = {}

    def row(self, case):
        """The times of a case, marked wrong unless every login ended as it should."""
        runs = self.get(case, [])
        wrong = collections.Counter(run.result for run in runs if run.is_wrong)
        said = ", ".join(f"{count} of {len(runs)} returned {code}" for code, count in wrong.items())
        return Row(case, [run.milliseconds for run in runs], wrong=said)


def write_cases(host, name, cases):
    file = host.work / f"{name}.cases"
    file.write_text("".join(case.text() for case in cases), encoding="utf-8")
    return file


def run(host, name, cases, *options):
    """Returns the Runs of `cases`. `options` are pam_timer's."""
    command = [host.program("pam_timer"), *map(str, options), write_cases(host, name, cases)]
    with open(host.work / f"{name}.errors", "wb") as errors:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=errors, text=True, check=False)
    if done.returncode != 0:
        told = (host.work / f"{name}.errors").read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"pam_timer ended with {done.returncode}: {told[-500:]}")
    return _parse(done.stdout)


def _parse(text):
    runs = Runs()
    for line in text.splitlines():
        kind, name, *words = line.split("\t")
        if kind == "elapsed":
            runs.elapsed[name] = float(words[1])
        elif kind == "run":
            numbers = [int(word) for word in words]
            runs.setdefault(name, []).append(
                Run(numbers[0], sum(numbers[1:4]) / 1e6, *numbers[4:]))
    return runs
