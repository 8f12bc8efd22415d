# SPDX-License-Identifier: MIT
"""Logins of different users at the same time: their rate, and how many were wrongly denied."""
from harness import peers, timer
from harness.result import PartResult, Row


def run(host, part):
    result = PartResult(part.name)
    host.serve(part.settings["store_users"])
    for workers in part.settings["workers"]:
        for case in part.cases:
            _measure(host, part, result, case, workers)
    most = max(part.settings["workers"])
    _add_figures(result, most, part.settings["floor"])
    return result


def _measure(host, part, result, case, workers):
    name = f"{case['name']} × {workers}"
    try:
        if case["peer"] == "twinlock" and host.product is None:
            raise peers.NotInstalled(host.why_no_product)
        peer = peers.make(host, case["peer"], **case.get("options", {}))
    except peers.NotInstalled as error:
        result.rows.append(Row(name, [], skipped=str(error)))
        return
    service = f"bench-parallel-{case['name'].replace(' ', '-')}"
    host.pam_service(service, peer.lines)
    runs = timer.run(host, "parallel", [timer.Timed(name, peer, service)], "--workers", workers,
                     "--rounds", part.rounds)
    row = runs.row(name)
    result.figures[f"{name} denied"] = sum(run.is_wrong for run in runs[name])
    result.figures[f"{name} logins/s"] = len(runs[name]) / runs.elapsed[name]
    if case["peer"] != "twinlock":
        row.wrong = ""  # a peer that loses updates is a finding, not a mistake of ours
    result.rows.append(row)


def _add_figures(result, workers, floor):
    base = result.figures.get(f"permit × {workers} logins/s")
    again = result.figures.get(f"permit again × {workers} logins/s")
    ours = result.figures.get(f"twinlock × {workers} logins/s")
    if ours and base:
        result.figures["rate against permit"] = ours / base
        result.figures["wrongly denied"] = sum(
            value for name, value in result.figures.items()
            if name.startswith("twinlock ×") and name.endswith("denied"))
    if base and again and abs(again / base - 1) > floor:
        result.noise = f"permit again has {again / base:.2f} of permit's rate, more than {floor:.0%} off"
