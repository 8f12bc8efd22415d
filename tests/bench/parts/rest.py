# SPDX-License-Identifier: MIT
"""The REST API beside nginx, which serves the same bytes from files, and Node: the part rest (R1-R5)."""
import http.client
import random
import socket
import time
import urllib.parse

from sandboxing import api_client

from harness import people, web
from harness.result import PartResult, Row

_SMALL = "/api/v2/guardian/policies"
_LIST = f"/api/v2/users/unix%7C{people.CROWDED}/authentication-methods?per_page=100"

_SILENT = """\
connections = {most}
connections_per_source = {most}
requests_per_second = 100000
request_burst = 100000
"""


def run(host, part):
    if host.product is None:
        return PartResult(part.name, skipped=host.why_no_product)
    web.needed("nginx", "wrk", "node")
    result = PartResult(part.name)
    people.add_crowded()
    host.product.start(part.settings["store_users"], crowd=part.settings["methods"])
    url = host.product.start_http("http")
    authorization = host.product.token(url)
    small, many = (_body(url, path, authorization) for path in (_SMALL, _LIST))
    nginx = web.Nginx(host.work / "nginx", host.product.authority,
                      {"small.json": small, "list.json": many})
    (host.work / "list.json").write_bytes(many)
    node = web.Node(host.work / "list.json")
    try:
        _over(result, part, nginx, "http", url, authorization)
        _lists(result, part, nginx, node, url, authorization)
        url = host.product.start_http("https")
        _over(result, part, nginx, "https", url, authorization)
        _new_connections(result, part, nginx, url, authorization)
        url = host.product.start_http("http", _SILENT.format(most=part.settings["most_connections"]))
        _idle(result, part, url, authorization)
    finally:
        node.stop()
        nginx.stop()
        host.product.stop_http()
    _check_noise(result, part)
    return result


def _body(url, path, authorization):
    connection = api_client.connection(url, None)
    connection.request("GET", path, headers={"Authorization": authorization})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status} {body[:200]}")
    return body


def _compare(result, part, contestants, connections, unit="/s"):
    """Rounds of loads in shuffled order; `contestants` are (row, URL, headers)."""
    loads = {name: [] for name, _, _ in contestants}
    for _ in range(part.rounds):
        for name, url, headers in random.sample(contestants, len(contestants)):
            loads[name].append(web.wrk(url, connections, part.settings["seconds"], headers))
    for name, found in loads.items():
        errors = sum(load.errors for load in found)
        wrong = f"{errors} answers or connections went wrong" if errors else ""
        samples = [load.rate if unit == "/s" else load.p50_ms for load in found]
        result.rows.append(Row(name, samples, unit, wrong=wrong))


def _over(result, part, nginx, scheme, url, authorization):
    peer, headers = nginx.url(scheme, "small.json"), [f"Authorization: {authorization}"]
    for connections in part.settings["connections"]:
        about = f"{scheme} × {connections}"
        _compare(result, part, [(f"nginx, {about}", peer, ()), (f"nginx again, {about}", peer, ()),
                                (f"twinlock, {about}", url + _SMALL, headers)], connections)
    about = f"{scheme}, one connection"
    _compare(result, part, [(f"nginx, {about}", peer, ()), (f"twinlock, {about}", url + _SMALL, headers)],
             1, unit="ms")


def _lists(result, part, nginx, node, url, authorization):
    _compare(result, part, [
        ("nginx, list", nginx.url("http", "list.json"), ()), ("node, list", node.url, ()),
        ("twinlock, list", url + _LIST, [f"Authorization: {authorization}"])], 8)


def _new_connections(result, part, nginx, url, authorization):
    close = "Connection: close"
    _compare(result, part, [
        ("nginx, new TLS", nginx.url("https", "small.json"), [close]),
        ("twinlock, new TLS", url + _SMALL, [close, f"Authorization: {authorization}"])], 8)


def _idle(result, part, url, authorization):
    """New clients while all other connections are idle or silent, and beyond the limit."""
    address = urllib.parse.urlsplit(url)
    request = (f"GET {_SMALL} HTTP/1.1\r\nHost: {address.netloc}\r\n"
               f"Authorization: {authorization}\r\n\r\n").encode()
    held = []
    # One that has ended counts until the server has seen it: each new client has a place of its own.
    while len(held) < part.settings["most_connections"] - part.settings["new_clients"]:
        held.append(socket.create_connection((address.hostname, address.port)))
        if len(held) % 2:  # the other half never says anything
            held[-1].sendall(request)
            held[-1].recv(65536)
    within = [_answered(address, request, 200) for _ in range(part.settings["new_clients"])]
    while len(held) < part.settings["most_connections"] + 1:
        held.append(socket.create_connection((address.hostname, address.port)))
    beyond = [_answered(address, request, 503) for _ in range(part.settings["new_clients"])]
    for connection in held:
        connection.close()
    result.rows += [Row("new client, others idle", within), Row("new client, beyond the limit", beyond)]
    result.figures["slowest new client ms"] = max(within)
    result.figures["slowest refusal ms"] = max(beyond)


def _answered(address, request, status):
    """Milliseconds from the connection's begin to the whole answer, which must have that status."""
    begun = time.perf_counter()
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(request)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        answer.read()
    if answer.status != status:
        raise RuntimeError(f"a new client got {answer.status} instead of {status}")
    return (time.perf_counter() - begun) * 1000


def _check_noise(result, part):
    for row in result.rows:
        if row.case.startswith("nginx again"):
            ratio = result.ratio(row.case, row.case.replace("nginx again", "nginx"))
            if ratio is not None and abs(ratio - 1) > part.settings["floor"]:
                result.noise = f"{row.case} has {ratio:.2f} of nginx's own rate"
