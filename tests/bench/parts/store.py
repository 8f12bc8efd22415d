# SPDX-License-Identifier: MIT
"""Durable operations beside what the disk can do in the same minute: the part store (D1, D2, D6)."""
import shutil
import statistics

from harness import loads, samples
from harness.result import PartResult, Row


def run(host, part):
    if host.product is None:
        return PartResult(part.name, skipped=host.why_no_product)
    measured = _Store(host, part)
    measured.raw("sync of a page", "sync", host.work / "floor.page")
    measured.commits(1, "FULL")
    for batch, mode in ((16, "FULL"), (64, "FULL"), (1, "NORMAL")):
        measured.commits(batch, mode)
    for clients in part.settings["clients"]:
        measured.logins(clients)
        measured.commits(1, "FULL", again=clients)
    return measured.result()


class _Store:
    def __init__(self, host, part):
        self._host = host
        self._seconds = part.rounds
        self._settings = part.settings
        self._result = PartResult(part.name)
        self._pings = []
        self._raw = []  # rates of single-row commits, in turns with the daemon
        self._database = host.work / "floor" / "store.db"
        made = host.product.store(part.settings["store_users"])
        shutil.copytree(made, self._database.parent, dirs_exist_ok=True)

    def raw(self, name, *words):
        load = loads.disk(self._host, *words[:2], self._seconds, *words[2:])
        self._result.rows.append(Row(name, load.milliseconds))
        self._result.figures[f"{name}/s"] = load.rate
        return load.rate

    def commits(self, batch, mode, again=None):
        """`again`: the commits right after the daemon was measured with so many clients."""
        name = f"commit of {batch}, {mode}" + (f", after {again} clients" if again else "")
        rate = self.raw(name, "commit", self._database, batch, mode)
        if batch == 1 and mode == "FULL":
            self._raw.append(rate)

    def logins(self, clients):
        self._host.serve(self._settings["store_users"])
        ping = loads.start_bus(self._host, "ping", self._seconds, interval_us=1000)
        load = loads.bus(self._host, "login", self._seconds, clients=clients)
        self._pings += loads.read_load(ping.communicate()[0]).milliseconds
        name = f"login, {clients} clients"
        wrong = f"{load.refused} of {len(load.milliseconds)} refused" if load.refused else ""
        self._result.rows.append(Row(name, load.milliseconds, wrong=wrong))
        figures = self._result.figures
        figures[f"{name}/s"] = load.rate
        figures[f"{name} against raw commits"] = load.rate / self._raw[-1]
        figures[f"{name} slowest ms"] = max(load.milliseconds)

    def result(self):
        result, figures = self._result, self._result.figures
        result.rows.append(Row("ping each ms during the logins", self._pings))
        figures["ping p99 ms"] = samples.percentile(self._pings, 0.99)
        slowest = max(max(row.samples) for row in result.rows if row.case.startswith("commit of 1,"))
        most = max(self._settings["clients"])
        # "More only where a single commit took more."
        beyond = figures[f"login, {most} clients slowest ms"] - slowest
        figures["slowest login beyond slowest commit ms"] = max(0.0, beyond)
        spread = max(self._raw) / statistics.median(self._raw)
        lowest = min(self._raw) / statistics.median(self._raw)
        floor = self._settings["floor"]
        if spread > 1 + floor or lowest < 1 - floor:
            result.noise = (f"raw commits went from {min(self._raw):.0f} to {max(self._raw):.0f} a "
                            f"second, more than {floor:.0%} off their median")
        return result
