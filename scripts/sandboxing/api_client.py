# SPDX-License-Identifier: MIT
"""A client of the management API that shows what was answered, whatever it was."""
import http.client
import json
import ssl
import urllib.parse


def connection(url, ca):
    """To the server of `url`; `ca` is the file to trust, where it is https."""
    address = urllib.parse.urlsplit(url)
    if address.scheme == "http":
        return http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    context = ssl.create_default_context(cafile=ca)
    return http.client.HTTPSConnection(address.hostname, address.port, context=context, timeout=30)


class ApiClient:
    """One connection, kept open. Not for several threads."""

    def __init__(self, url, ca, client_id, client_secret):
        self._connection = connection(url, ca)
        status, answer = self.request("POST", "/oauth/token", {
            "grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret})
        if status != 200:
            raise RuntimeError(f"no token: {status} {answer}")
        self.token = answer["access_token"]

    def request(self, method, path, body=None):
        """(status, answer): JSON where the answer is some, else None or its text."""
        headers = {"Authorization": f"Bearer {self.token}"} if hasattr(self, "token") else {}
        data = None
        if body is not None:
            data = json.dumps(body)
            headers["Content-Type"] = "application/json"
        answer = self._exchange(method, path, data, headers)
        text = answer.read().decode()
        try:
            return answer.status, json.loads(text) if text else None
        except json.JSONDecodeError:
            return answer.status, text

    def _exchange(self, method, path, data, headers):
        for last in (False, True):
            try:
                self._connection.request(method, path, data, headers)
                return self._connection.getresponse()
            except (http.client.RemoteDisconnected, ConnectionError):
                # The server may have gone, and come back, since the last request.
                self._connection.close()
                if last:
                    raise

    def expect(self, method, path, body=None):
        """The answer, which has to be a good one."""
        status, answer = self.request(method, path, body)
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {answer}")
        return answer
