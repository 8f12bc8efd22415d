# SPDX-License-Identifier: MIT
"""Logins over the bus while the REST listener is busy, or under attack: the part mix (R6)."""
import contextlib
import selectors
import socket
import statistics
import threading
import time
import urllib.parse

from harness import loads, web
from harness.result import PartResult, Row

_ATTACKER = "127.0.0.2"


def run(host, part):
    if host.product is None:
        return PartResult(part.name, skipped=host.why_no_product)
    web.needed("wrk")
    result = PartResult(part.name, "login")
    for name, disturbance in (("login", None), ("login, REST flooded", _flood),
                              ("login, listener attacked", _attack), ("login again", None)):
        _logins(host, part, result, name, disturbance)
    result.figures["denied"] = sum(
        result.figures[name] for name in list(result.figures) if name.endswith(": refused"))
    result.check_noise("login again", part.settings["floor"])
    return result


def _logins(host, part, result, name, disturbance):
    """Rounds of logins one after the other: a round's median is a sample."""
    medians, refused = [], 0
    for _ in range(part.rounds):
        host.product.start(part.settings["store_users"])  # with fresh codes
        with disturbance(host, part, result) if disturbance else contextlib.nullcontext():
            load = loads.bus(host, "login", part.settings["seconds"])
        medians.append(statistics.median(load.milliseconds))
        refused += load.refused
    result.rows.append(Row(name, medians))
    result.figures[f"{name}: refused"] = refused


@contextlib.contextmanager
def _flood(host, part, result):
    """As many small requests as the API takes, over many connections."""
    url = host.product.start_http("http")
    authorization = host.product.token(url)
    flood = web.start_wrk(url + "/api/v2/guardian/policies", part.settings["connections"],
                          part.settings["seconds"] + 2, [f"Authorization: {authorization}"])
    yield
    flood.terminate()
    flood.wait()


@contextlib.contextmanager
def _attack(host, part, result):
    """400 connections that drip a byte each tenth of a second, and heads that never end, with the
    limits of a fresh installation. Another source asks meanwhile, and has to be answered."""
    url = urllib.parse.urlsplit(host.product.start_http("http", ""))
    ended = threading.Event()
    threads = [threading.Thread(target=attack, args=((url.hostname, url.port), ended, part))
               for attack in (_drip, _endless_heads)]
    for thread in threads:
        thread.start()
    waits = []
    threads.append(threading.Thread(target=_ask, args=(url, ended, waits)))
    threads[-1].start()
    yield
    ended.set()
    for thread in threads:
        thread.join()
    slowest = max(waits, default=0)
    result.figures["slowest answer under attack ms"] = max(
        slowest, result.figures.get("slowest answer under attack ms", 0))


def _drip(address, ended, part):
    """Keeps its connections up: one that is turned away or ended is opened again."""
    selector = selectors.DefaultSelector()
    while not ended.wait(0.1):
        missing = part.settings["drips"] - len(selector.get_map())
        for _ in range(missing):
            with contextlib.suppress(OSError):
                connection = socket.create_connection(address, 5, (_ATTACKER, 0))
                connection.sendall(b"GET / HTTP/1.1\r\nX: ")
                selector.register(connection, selectors.EVENT_READ)
        answered = {key.fileobj for key, _ in selector.select(0)}
        for key in list(selector.get_map().values()):
            try:
                if key.fileobj in answered:
                    raise ConnectionError
                key.fileobj.sendall(b"x")
            except OSError:
                selector.unregister(key.fileobj)
                key.fileobj.close()
    for key in list(selector.get_map().values()):
        key.fileobj.close()


def _endless_heads(address, ended, part):
    lines = b"X-Header: value\r\n" * 10_000
    while not ended.wait(0.05):
        with contextlib.suppress(OSError), \
                socket.create_connection(address, 5, ("127.0.0.4", 0)) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\n" + lines)


def _ask(url, ended, waits):
    request = f"GET /healthz HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: close\r\n\r\n".encode()
    while not ended.wait(0.02):
        begun = time.perf_counter()
        with socket.create_connection((url.hostname, url.port)) as connection:
            connection.sendall(request)
            if not connection.recv(65536).startswith(b"HTTP/1.1 200"):
                waits.append(float("inf"))  # refused: as bad as never
        waits.append((time.perf_counter() - begun) * 1000)
