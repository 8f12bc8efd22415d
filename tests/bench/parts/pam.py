# SPDX-License-Identifier: MIT
"""Logins through libpam in process: the parts pam, pam-heavy and host."""
from harness import peers, samples, timer
from harness.result import PartResult, Row


def run(host, part):
    result = PartResult(part.name, part.settings["base"])
    host.serve(part.settings["store_users"])
    cases, skipped = _prepare(host, part)
    options = ["--rounds", part.rounds, "--warm-up", 3]
    for library in part.settings.get("preload", []):
        options += ["--preload", library]
    runs = timer.run(host, part.name, cases, *options)
    for case in part.cases:
        name = case["name"]
        result.rows.append(skipped.get(name) or runs.row(name))
    _add_figures(result, runs, part.settings)
    if "again" in part.settings:
        result.check_noise(part.settings["again"], part.settings["floor"])
    return result


def _prepare(host, part):
    """The cases that can run, and rows that say why the others can't."""
    cases, skipped = [], {}
    for case in part.cases:
        name, kind = case["name"], case["peer"]
        options = {key: value for key, value in case.items() if key not in ("name", "peer")}
        try:
            if kind == "twinlock" and host.product is None and options.get("login") != "no-daemon":
                raise peers.NotInstalled(host.why_no_product)
            peer = peers.make(host, kind, **options)
        except peers.NotInstalled as missing:
            skipped[name] = Row(name, [], skipped=str(missing))
            continue
        service = f"bench-{part.name}-{len(cases)}"
        if kind == "twinlock" and options.get("login") == "exempt":
            service = host.EXEMPT_SERVICE
        host.pam_service(service, peer.lines)
        cases.append(timer.Timed(name, peer, service))
    return cases, skipped


def _add_figures(result, runs, settings):
    """What is counted of the memory, above the base; and single times that are judged."""
    for name, case in settings.get("memory", {}).items():
        if not (result.row(case) and result.row(result.base)):
            continue
        for kind, value in (("objects", lambda run: run.objects),
                            ("private kB", lambda run: run.private_kb),
                            ("resident kB", lambda run: run.resident_kb)):
            one, other = (samples.median([value(run) for run in runs[which]])
                          for which in (case, result.base))
            result.figures[f"{name} {kind}"] = one - other
    for name, case in settings.get("time", {}).items():
        if result.row(case):
            result.figures[name] = samples.percentile(result.row(case).samples, 0.95)
