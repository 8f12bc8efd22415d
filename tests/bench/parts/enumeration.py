# SPDX-License-Identifier: MIT
"""Whether the time of a refusal tells who is enrolled, or who exists: the part enumeration (S25)."""
import dataclasses
import statistics

from harness import loads, people
from harness.result import PartResult, Row

_KINDS = ("enrolled", "unenrolled", "unknown")
_WRONG_CODES_EACH = 2  # few enough that nobody is held up
_WRONG_SEED = bytes(20)
_LONGEST_SECONDS = 60


def run(host, part):
    if host.product is None:
        return PartResult(part.name, skipped=host.why_no_product)
    result = PartResult(part.name, "enrolled")
    stored = part.settings["store_users"]
    each = part.rounds // _WRONG_CODES_EACH
    # All at the end of /etc/passwd, which is read from its start: those who aren't there cost as much.
    newcomers = people.people(2 * each, first=stored)
    people.add_accounts(newcomers[:each])
    host.serve(stored)
    in_turns = [dataclasses.replace(one, seed=_WRONG_SEED)
                for three in zip(people.people(each, first=stored - each),
                                 newcomers[:each], newcomers[each:])
                for one in three]
    pool = people.write_pool(host.work / "enumeration.pool", in_turns)
    load = loads.bus(host, "login", _LONGEST_SECONDS, users=pool,
                     most=_WRONG_CODES_EACH * len(in_turns))
    granted = len(load.milliseconds) - load.refused
    for number, kind in enumerate(_KINDS):
        wrong = f"{granted} were granted" if granted else ""
        result.rows.append(Row(kind, load.milliseconds[number::len(_KINDS)], wrong=wrong))
    _compare(result)
    return result


def _compare(result):
    base = result.row(_KINDS[0])
    for kind in _KINDS[1:]:
        row = result.row(kind)
        if base and row:
            ratio = statistics.median(row.samples) / statistics.median(base.samples)
            result.figures[f"{kind} beside enrolled"] = max(ratio, 1 / ratio)
