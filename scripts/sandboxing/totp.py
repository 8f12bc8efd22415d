# SPDX-License-Identifier: MIT
"""One-time codes as an authenticator app makes them (RFC 6238 with SHA-1, 6 digits, 30 seconds)."""
import base64
import hashlib
import hmac
import struct
import time

PERIOD = 30


def step_at(moment):
    return int(moment) // PERIOD


def code_of(secret, step):
    """The code of one time step; `secret` in base32, with or without padding."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset:offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


class Authenticator:
    """Gives codes of ever later steps, since the daemon takes each step once.

    The window is one step either side, so up to three codes in a row are good without waiting; the
    next one waits until the clock has brought its step into the window.
    """

    def __init__(self, secret, last_used=None):
        self.secret = secret
        self._last_used = last_used if last_used is not None else step_at(time.time()) - 2

    @property
    def last_used(self):
        return self._last_used

    def code(self):
        """A code that has not been given before and is good now, and for some seconds more."""
        now = time.time()
        oldest = step_at(now + 5) - 1  # the step before could leave the window while it is typed
        self._last_used = max(self._last_used + 1, oldest)
        time.sleep(max(0.0, (self._last_used - 1) * PERIOD - now))
        return code_of(self.secret, self._last_used)

    def spent_code(self):
        """The code given last, a second time."""
        return code_of(self.secret, self._last_used)

    def wrong_code(self):
        """Six digits that are no code of any step near now."""
        near = {code_of(self.secret, step_at(time.time()) + distance) for distance in range(-20, 21)}
        return next(code for code in ("000000", "123456", "654321", "999999") if code not in near)
