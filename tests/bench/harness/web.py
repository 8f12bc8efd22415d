# SPDX-License-Identifier: MIT
"""Peers of the REST API, and the load that is put on them and on us."""
import dataclasses
import pathlib
import shutil
import socket
import subprocess

_HERE = pathlib.Path(__file__).resolve().parent

_NGINX = """\
pid {directory}/pid;
error_log {directory}/error.log;
worker_processes auto;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  keepalive_requests 100000000;
  default_type "application/json; charset=utf-8";
  client_body_temp_path {directory}; proxy_temp_path {directory}; fastcgi_temp_path {directory};
  uwsgi_temp_path {directory}; scgi_temp_path {directory};
  server {{
    listen 127.0.0.1:{http} backlog=1024;
    listen 127.0.0.1:{https} ssl backlog=1024;
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_tickets off;
    root {directory}/files;
  }}
}}
"""


def free_port():
    with socket.socket() as end:
        end.bind(("127.0.0.1", 0))
        return end.getsockname()[1]


def needed(*programs):
    """Raises FileNotFoundError, which skips the part, for one that isn't installed."""
    for program in programs:
        if shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin") is None:
            raise FileNotFoundError(2, "not installed", program)


class Nginx:
    """Serves `files` (name: bytes) from the disk, over HTTP and over TLS with our own certificate.

    Full handshakes only, as ours are: wrk would take up its sessions again.
    """

    def __init__(self, directory, authority, files):
        directory.mkdir(mode=0o755)
        (directory / "files").mkdir(mode=0o755)
        for name, text in files.items():
            (directory / "files" / name).write_bytes(text)
            (directory / "files" / name).chmod(0o644)
        http, https = free_port(), free_port()
        self._command = ["/usr/sbin/nginx", "-c", str(directory / "nginx.conf")]
        (directory / "nginx.conf").write_text(_NGINX.format(
            directory=directory, http=http, https=https, certificate=authority.certificate,
            key=authority.key), encoding="ascii")
        subprocess.run(self._command, check=True, capture_output=True)  # returns once it listens
        self._urls = {"http": f"http://127.0.0.1:{http}", "https": f"https://127.0.0.1:{https}"}

    def url(self, scheme, name):
        return f"{self._urls[scheme]}/{name}"

    def stop(self):
        subprocess.run([*self._command, "-s", "quit"], check=True, capture_output=True)


class Node:
    """Serves the JSON array of a file."""

    def __init__(self, file):
        self._process = subprocess.Popen(["node", _HERE / "ready_array.mjs", file],
                                         stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}/"

    def stop(self):
        self._process.terminate()
        self._process.wait()


@dataclasses.dataclass
class Load:
    rate: float    # good answers a second
    errors: int    # answers but 2xx and 3xx, and connections that failed
    p50_ms: float


def start_wrk(url, connections, seconds, headers=()):
    """A load beside others; read_wrk() its output when it has ended."""
    return subprocess.Popen(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s",
         "-s", str(_HERE / "wrk_report.lua"),
         *(word for header in headers for word in ("-H", header)), url],
        stdout=subprocess.PIPE, text=True)


def read_wrk(process):
    words = next((line.split("\t") for line in process.communicate()[0].splitlines()
                  if line.startswith("done\t")), None)
    if words is None:
        raise RuntimeError("wrk ended early")
    requests, microseconds, errors, p50 = map(int, words[1:])
    return Load((requests - errors) / microseconds * 1e6, errors, p50 / 1000)


def wrk(url, connections, seconds, headers=()):
    return read_wrk(start_wrk(url, connections, seconds, headers))
