# SPDX-License-Identifier: MIT
"""Tables for people, and one JSON file with every sample."""
import json

from . import samples
from .targets import number


def print_part(part, result, judgements):
    print(f"\n## {part.name}")
    if result.skipped:
        print(f"skipped: {result.skipped}")
        return
    by_case = {judgement.target.of: judgement for judgement in judgements if judgement.target.of}
    rows = [["case", "runs", "p50", "p95", "ratio", "target", "gate", "verdict"]]
    rows += [_row(result, row, by_case.get(row.case)) for row in result.rows]
    if result.rows:
        _print_table(rows)
    for name, value in result.figures.items():
        if not name.startswith("why "):
            print(f"{name}: {number(value)}")
    if result.noise:
        print(f"noisy, judges nothing timed: {result.noise}")


def _row(result, row, judgement):
    if row.skipped or not row.samples:
        return [row.case, "0", "-", "-", "-", "", "", f"skipped: {row.skipped or 'no samples'}"]
    ratio = result.ratio(row.case, result.base) if result.base else None
    cells = [row.case, str(len(row.samples)), f"{samples.median(row.samples):.3f} {row.unit}",
             f"{samples.percentile(row.samples, 0.95):.3f} {row.unit}",
             "" if ratio is None else f"{ratio:.2f}"]
    if row.wrong:
        return cells + ["", "", f"WRONG: {row.wrong}"]
    if judgement is None or judgement.value is None:
        return cells + ["", "", ""]
    return cells + [f"{number(judgement.target.bound)} × {judgement.target.to}",
                    number(judgement.target.gate),
                    f"{number(judgement.value)} {judgement.verdict.value}"]


def _print_table(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for at, row in enumerate(rows):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")
        if at == 0:
            print("| " + " | ".join("-" * width for width in widths) + " |")


def print_verdicts(judgements):
    print("\n## Targets")
    for judgement in judgements:
        print(judgement.line())


def write_json(path, machine, loads, form, results, judgements):
    text = {
        "form": form,
        "machine": machine,
        "load": loads,
        "parts": [{
            "part": result.part, "base": result.base, "skipped": result.skipped,
            "noise": result.noise, "figures": result.figures,
            "cases": [{"case": row.case, "unit": row.unit, "wrong": row.wrong,
                       "skipped": row.skipped, "samples": row.samples} for row in result.rows],
        } for result in results],
        "targets": [{"id": judgement.target.id, "value": judgement.value,
                     "target": judgement.target.bound, "gate": judgement.target.gate,
                     "verdict": judgement.verdict.value, "reason": judgement.reason}
                    for judgement in judgements],
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(text, file, indent=1)
        file.write("\n")
