# SPDX-License-Identifier: MIT
"""Calls over the bus, idle and under load, and how a daemon starts: the part bus (D3, D7)."""
import pwd
import statistics
import time

from harness import loads
from harness.result import PartResult, Row


def run(host, part):
    if host.product is None:
        return PartResult(part.name, skipped=host.why_no_product)
    result = PartResult(part.name, "ping")
    users, seconds = part.settings["store_users"], part.rounds
    for name, operation, options in (
            ("ping", "ping", {}), ("ping, new connection", "ping", {"new_connection": True}),
            ("begin", "begin", {}), ("begin, new connection", "begin", {"new_connection": True}),
            ("login", "login", {}), ("login, new connections", "login", {"new_connection": True}),
            ("begin again", "begin", {})):
        host.serve(users)
        _add(result, name, loads.bus(host, operation, seconds, **options))
    _begin_under_load(host, part, result)
    _shipped_limits(host, part, result)
    _starts(host, part, result)
    ratio = _p50(result, "begin again") / _p50(result, "begin")
    if abs(ratio - 1) > part.settings["floor"]:
        result.noise = f"begin again has {ratio:.2f} times begin's median"
    return result


def _p50(result, case):
    return statistics.median(result.row(case).samples)


def _add(result, name, load):
    wrong = f"{load.refused} of {len(load.milliseconds)} refused" if load.refused else ""
    result.rows.append(Row(name, load.milliseconds, wrong=wrong))
    result.figures[f"{name}/s"] = load.rate


def _begin_under_load(host, part, result):
    clients = part.settings["load_clients"]
    host.serve(part.settings["store_users"])
    # The load lasts as long as the pool has codes. Begin is measured within that, so it has less
    # time than elsewhere: still hundreds of samples.
    started = time.monotonic()
    flood = loads.start_bus(host, "login", part.rounds + 1, clients=clients)
    load = loads.bus(host, "begin", part.settings["under_load_seconds"])
    measured = time.monotonic() - started
    flooded = loads.read_load(flood.communicate()[0])
    _add(result, f"begin while {clients} log in", load)
    _add(result, f"the {clients} meanwhile", flooded)
    if flooded.seconds >= measured:
        result.figures["begin under load"] = (
            _p50(result, f"begin while {clients} log in") / _p50(result, "begin"))
    else:  # the pool was used up too early: part of the samples are of an idle daemon
        result.figures["why begin under load"] = "the load ended before the measurement"


def _shipped_limits(host, part, result):
    """What the limits of a fresh installation leave to one greedy client of root's."""
    host.product.start(part.settings["store_users"], limits="")
    load = loads.bus(host, "login", part.rounds)
    result.rows.append(Row("login, shipped limits", load.milliseconds))
    result.figures["login, shipped limits/s"] = load.rate
    result.figures["login, shipped limits: refused"] = load.refused


def _starts(host, part, result):
    entry = pwd.getpwnam("twinlock")
    floor, ours, memory = [], [], []
    for _ in range(part.settings["starts"]):
        host.product.prepare(part.settings["store_users"])
        floor.append(loads.first_answer(host, entry.pw_uid, entry.pw_gid,
                                        [host.program("name_owner"), host.product.database])[0])
        milliseconds, kilobytes = loads.first_answer(host, entry.pw_uid, entry.pw_gid,
                                                     host.product.command)
        ours.append(milliseconds)
        memory.append(kilobytes)
    result.rows += [Row("first answer of name_owner", floor), Row("first answer of twinlockd", ours)]
    result.figures["start beyond the floor ms"] = statistics.median(ours) - statistics.median(floor)
    result.figures["memory at rest MB"] = statistics.median(memory) / 1024
