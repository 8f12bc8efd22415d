# SPDX-License-Identifier: MIT
"""Targets and gates: what a figure should be, and what it must be."""
import dataclasses
import enum


class Verdict(enum.Enum):
    OK = "ok"
    MISSED = "missed"    # beyond the target, within the gate: a person reads it
    FAILED = "FAILED"    # beyond the gate: the run fails
    NOISY = "noisy"      # timed, in a run whose base differs from itself
    SKIPPED = "skipped"


@dataclasses.dataclass(frozen=True)
class Target:
    """One line of performance targets, from cases/*.toml.

    `of` and `to` name cases whose ratio is judged; or `figure` names a number that the part found.
    Exactly one of `at_most` and `at_least` is given; `gate` bounds the same side.
    """
    id: str
    gate: float
    at_most: float | None = None
    at_least: float | None = None
    of: str = ""
    to: str = ""
    figure: str = ""
    unit: str = ""
    counted: bool = False  # repeats exactly: judged in a noisy run too

    def __post_init__(self):
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError(f"target {self.id}: give one of at_most and at_least")
        if bool(self.figure) == bool(self.of and self.to):
            raise ValueError(f"target {self.id}: give figure, or of and to")

    @property
    def bound(self):
        return self.at_most if self.at_most is not None else self.at_least

    def _is_within(self, value, bound):
        return value <= bound if self.at_most is not None else value >= bound

    def judge(self, value, noisy):
        if value is None:
            return Verdict.SKIPPED
        if noisy and not self.counted:
            return Verdict.NOISY
        if self._is_within(value, self.bound):
            return Verdict.OK
        return Verdict.MISSED if self._is_within(value, self.gate) else Verdict.FAILED


@dataclasses.dataclass(frozen=True)
class Judgement:
    target: Target
    value: float | None
    verdict: Verdict
    reason: str = ""  # why it was skipped

    def line(self):
        """`P1 2.51 target 3.0 gate 4.0 ok`"""
        value = "-" if self.value is None else number(self.value)
        unit = f" {self.target.unit}" if self.target.unit else ""
        reason = f": {self.reason}" if self.reason else ""
        return (f"{self.target.id} {value}{unit} target {number(self.target.bound)} "
                f"gate {number(self.target.gate)} {self.verdict.value}{reason}")


def number(value):
    """Three significant digits, and whole numbers whole."""
    if float(value).is_integer() and abs(value) >= 10:
        return f"{value:.0f}"
    if abs(value) >= 100:
        return f"{value:.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if round(value, 1) != value else f"{value:.1f}"
