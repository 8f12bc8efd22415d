# SPDX-License-Identifier: MIT
"""Stores of many sizes: the part growth (S1 to S5)."""
import pwd
import shutil
import sqlite3
import statistics

from harness import loads, samples
from harness.result import PartResult, Row

# What belongs to one user's method, and to one audit record, by the names of docs/store-schema.md.
_OF_A_USER = ("method", "method_id", "method_unconfirmed", "sqlite_autoindex_method_1")
_OF_A_RECORD = ("audit", "audit_user")


def run(host, part):
    if host.product is None:
        return PartResult(part.name, skipped=host.why_no_product)
    growth = _Growth(host, part)
    for users in growth.sizes["users"]:
        growth.measure_users(users)
    growth.measure_users(growth.sizes["users"][0], " again")
    for records in growth.sizes["records"]:
        growth.measure_records(records)
    growth.measure_retention()
    return growth.result()


class _Growth:
    def __init__(self, host, part):
        self._host = host
        self._result = PartResult(part.name)
        self._seconds = part.rounds
        self._settings = part.settings
        self.sizes = part.settings["full" if part.rounds > 1 else "short"]
        self._daemon = pwd.getpwnam("twinlock")

    def _probe(self, name, store, users, *options):
        """Runs store_probe on a copy of a store."""
        copy = self._host.work / "probe"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(store, copy)
        for path in (copy, *copy.iterdir()):
            shutil.chown(path, "twinlock", "twinlock")
        found = loads.store_probe(self._host, copy, self._host.product.key, users, self._seconds,
                                  *options)
        for what, milliseconds in found.items():
            if what != "purged":
                self._result.rows.append(Row(f"{what}, {name}", milliseconds))
        return found

    def measure_users(self, users, again=""):
        name = f"{users} users{again}"
        self._host.serve(users)
        login = loads.bus(self._host, "login", self._seconds)
        wrong = f"{login.refused} refused" if login.refused else ""
        self._result.rows.append(Row(f"login, {name}", login.milliseconds, wrong=wrong))
        self._host.product.prepare(users)
        # A copy of a store is one that nobody has closed in order: the first start reads all of it.
        (whole, _), *starts = (
            loads.first_answer(self._host, self._daemon.pw_uid, self._daemon.pw_gid,
                               self._host.product.command)
            for _ in range(self._settings["starts"] + 1))
        self._result.rows.append(Row(f"start over a copy, {name}", [whole]))
        self._result.rows.append(Row(f"start, {name}", [start[0] for start in starts]))
        self._result.figures[f"memory MB, {name}"] = (
            statistics.median(start[1] for start in starts) / 1024)
        self._probe(name, self._host.product.store(users), users)

    def measure_records(self, records):
        users = self.sizes["users"][0]
        self._probe(f"{records} records", self._host.product.store(users, records), users)

    def measure_retention(self):
        """Durable appends while old records are deleted as fast as it goes."""
        users, records = self.sizes["users"][0], self.sizes["old_records"]
        store = self._host.product.store(users, records, self._settings["old_records_days"])
        found = self._probe("retention", store, users, "--purge")
        figures = self._result.figures
        figures["records purged"] = found["purged"]
        figures["longest wait for retention ms"] = max(
            0.0, max(found["purging"]) - max(found["quiet"]))

    def result(self):
        least, most = self.sizes["users"][0], self.sizes["users"][-1]
        figures = self._result.figures
        for what in ("login", "read", "start", "users"):
            figures[f"growth of {what}"] = self._ratio(what, f"{most} users", f"{least} users")
        figures["growth of memory"] = (
            figures[f"memory MB, {most} users"] / figures[f"memory MB, {least} users"])
        none, many = self.sizes["records"][0], self.sizes["records"][-1]
        for what in ("append", "records"):
            figures[f"growth of {what}"] = self._ratio(what, f"{many} records", f"{none} records")
        figures["growth of pages"] = max(
            figures["growth of users"],
            self._ratio("records", f"{many} records", f"{least} users"))
        figures["bytes a user"] = _bytes(self._host.product.store(most), _OF_A_USER, most)
        figures["bytes a record"] = _bytes(self._host.product.store(least, many), _OF_A_RECORD,
                                           many + least)
        ratio = self._ratio("read", f"{least} users again", f"{least} users")
        if abs(ratio - 1) > self._settings["floor"]:
            self._result.noise = f"reads of the same store took {ratio:.2f} times as long again"
        return self._result

    def _ratio(self, what, case, base):
        one, other = (self._result.row(f"{what}, {name}") for name in (case, base))
        return samples.median(one.samples) / samples.median(other.samples)


def _bytes(store, tables, rows):
    with sqlite3.connect(f"file:{store / 'store.db'}?mode=ro", uri=True) as database:
        marks = ",".join("?" * len(tables))
        size, = database.execute(f"SELECT sum(pgsize) FROM dbstat WHERE name IN ({marks})",
                                 tables).fetchone()
    return size / rows
