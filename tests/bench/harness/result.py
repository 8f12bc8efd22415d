# SPDX-License-Identifier: MIT
"""What a part hands back, and how targets are read off it."""
import dataclasses

from . import samples
from .targets import Judgement, Verdict


@dataclasses.dataclass
class Row:
    """One case: its samples, in `unit`, and what was wrong with it if anything was."""
    case: str
    samples: list
    unit: str = "ms"
    wrong: str = ""    # runs that did not end as they should: such a row judges nothing
    skipped: str = ""  # why it was not run

    @property
    def is_good(self):
        return bool(self.samples) and not self.wrong and not self.skipped


@dataclasses.dataclass
class PartResult:
    part: str
    base: str = ""
    rows: list = dataclasses.field(default_factory=list)
    figures: dict = dataclasses.field(default_factory=dict)  # name: number
    noise: str = ""    # why the timed figures judge nothing
    skipped: str = ""  # why the whole part was not run

    def row(self, case):
        return next((row for row in self.rows if row.case == case and row.is_good), None)

    def ratio(self, case, base):
        one, other = self.row(case), self.row(base)
        if one is None or other is None:
            return None
        return samples.pairwise_ratio(one.samples, other.samples)

    def check_noise(self, case, floor):
        """A/A: the base and its twin have to agree within `floor`."""
        ratio = self.ratio(case, self.base)
        if ratio is not None and abs(ratio - 1) > floor:
            self.noise = f"{case} is {ratio:.2f} times {self.base}, more than {floor:.0%} off"

    def judge(self, target):
        value = self.figures.get(target.figure) if target.figure else self.ratio(target.of, target.to)
        reason = ""
        if value is None:
            reason = self.skipped or self._why_missing(target)
        return Judgement(target, value, target.judge(value, bool(self.noise)), reason)

    def _why_missing(self, target):
        for name in (target.of, target.to):
            for row in self.rows:
                if row.case == name and not row.is_good:
                    return f"{name}: {row.skipped or row.wrong or 'no samples'}"
        return self.figures.get(f"why {target.figure}", "not measured")

    @property
    def is_wrong(self):
        return any(row.wrong for row in self.rows)


def failed(judgements):
    return [judgement for judgement in judgements if judgement.verdict is Verdict.FAILED]
