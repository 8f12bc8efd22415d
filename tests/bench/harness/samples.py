# SPDX-License-Identifier: MIT
"""Arithmetic on samples. Medians throughout: one late run must not move a figure."""
import math
import statistics


def percentile(samples, share):
    """The smallest sample that `share` of all are not above."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(samples):
    return statistics.median(samples)


def pairwise_ratio(samples, base):
    """Median of the ratios round by round: what slows a whole round down cancels out."""
    return statistics.median(one / other for one, other in zip(samples, base) if other > 0)
