# SPDX-License-Identifier: MIT
"""Recorded traffic of Auth0's own clients (TWINLOCK_RECORDINGS), played against the real daemon.

left_out.json lists what isn't played, each with its reason. Where the recordings aren't there, the tests are
skipped.
"""
import json
import os
import pathlib
import re
import sys

import pytest

_HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(_HERE.parents[1] / "scripts"))
sys.path.insert(0, str(_HERE))

from sandboxing import api_client, sandbox as sandboxing  # noqa: E402
import replay  # noqa: E402

RECORDINGS = pathlib.Path(os.environ.get("TWINLOCK_RECORDINGS", _HERE.parents[2] / "shared" / "recordings"))
FILES = ("deploy-cli-guardian", "deploy-cli-tenant", "go-auth0-v1-guardian", "go-auth0-v1-logs-stats-tenant",
         "go-auth0-v1-users-mfa", "go-auth0-v1-users-minimal", "terraform-provider-guardian",
         "terraform-provider-guardian-next")
COUNTED = re.compile(r"/api/v2/(guardian|users|users-by-email|logs)\b")
SHARE = 0.95  # of those

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason=f"no recordings in {RECORDINGS}")


class LeftOut:
    """Which pairs aren't played, and which members of answers aren't compared; with a reason for each."""

    def __init__(self, file):
        rules = json.loads((_HERE / "left_out.json").read_text(encoding="utf-8"))
        self._pairs = [rule for rule in rules["pairs"] if rule["file"] == file]
        self._members = rules["members"]
        self.unused = list(self._pairs)

    def __call__(self, pair):
        found = [rule for rule in self._pairs if self._is_for(rule, pair)]
        self.unused = [rule for rule in self.unused if rule not in found]
        return bool(found)

    def members(self, pair):
        """The patterns of members at the top of its answer that aren't compared."""
        return [rule["member"] for rule in self._members if self._is_for(rule, pair)]

    @staticmethod
    def _is_for(rule, pair):
        return re.fullmatch(rule["request"], f"{pair.method} {pair.path}") is not None


@pytest.fixture(scope="module")
def api():
    # As Terraform needs it where it manages credentials; and masked, as Auth0 answers numbers.
    host = sandboxing.Sandbox(os.environ["TWINLOCK_BUILD"], '[api]\nprovider_secrets = "plain"\n', http=True,
                              more_http_settings="requests_per_second = 1000\nrequest_burst = 10000\n")
    client = api_client.ApiClient(host.url, host.ca.ca, **host.add_client("replay", "full"))
    client.expect("PATCH", "/api/v2/tenants/settings",
                  {"flags": {"disable_management_api_sms_obfuscation": False}})
    return client


def test_every_recording_is_played_or_left_out_for_a_reason():
    rules = json.loads((_HERE / "left_out.json").read_text(encoding="utf-8"))
    left_out = [rule["file"] for rule in rules["files"] if rule["reason"]]
    assert sorted([*FILES, *left_out]) == sorted(file.stem for file in RECORDINGS.glob("*.jsonl"))


@pytest.mark.parametrize("file", FILES)
def test_recorded_traffic_is_answered_alike(api, file):
    left_out = LeftOut(file)
    played, failures, counted, passed = 0, [], 0, 0
    sources = replay.read_pairs(RECORDINGS / f"{file}.jsonl").values()
    for pairs in sources:
        counted += sum(COUNTED.match(pair.path) is not None for pair in pairs)
        for pair, why in replay.play(api, pairs, left_out):
            played += 1
            passed += not why and COUNTED.match(pair.path) is not None
            if why:
                failures.append(f"{pair.name}: {why}")
    sent = sum(map(len, sources))
    print(f"{file}: {played - len(failures)} of {sent} pairs, {sent - played} left out")
    assert not failures, "\n".join(failures)
    assert not left_out.unused, f"left out, but not recorded: {left_out.unused}"
    assert passed >= SHARE * counted, f"only {passed} of {counted} were played"
