# SPDX-License-Identifier: MIT
"""Recorded traffic of Auth0's own clients, played against a daemon of ours.

A recording is a file of JSON objects, one a line: source, seq, method, path, query, request_body, status,
response_body. What one test of theirs did is one source, in the order of seq. Each begins in a state that nobody
recorded: what it reads before it writes is written first (`_Beginning`). An answer passes if the recorded one is
a part of it, with ids mapped, and times and addresses of their own machines taken for equal.
"""
import collections
import dataclasses
import json
import re
import urllib.parse

# Members that say when or where something happened: theirs can't be ours.
_VOLATILE = {"created_at", "updated_at", "enrolled_at", "last_auth_at", "last_login", "last_password_reset", "date", "expires_in"}
# Members that name something; the value that we made stands for theirs from then on.
_IDS = {"user_id", "id", "_id", "log_id", "ticket_id"}
# A member that is made up by the server, and whose form alone can be compared.
_FORMS = {
    "recovery_code": re.compile(r"[A-Z0-9]{24}"),
    "ticket_url": re.compile(r"https?://[^?]+\?ticket=[A-Za-z0-9_-]{43}"),
    "picture": re.compile(r"https?://.+"),
}
# What happened in their tenant, not in ours: members and their types are compared.
_HISTORY = re.compile(r"/api/v2/(logs|stats|users/[^/]+/logs)(/.*)?")
# A certificate that an APNs provider may have: any DER SEQUENCE.
_ANY_P12 = "MAMCAQM="


@dataclasses.dataclass(frozen=True)
class Pair:
    source: str
    seq: int
    method: str
    path: str
    query: dict
    body: object
    status: int
    answer: object

    @property
    def name(self):
        return f"{self.source}#{self.seq} {self.method} {self.path}"


def read_pairs(file):
    """The pairs of a recording, as {source: [Pair, ...]}."""
    sources = collections.defaultdict(list)
    for line in file.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        sources[record["source"]].append(
            Pair(record["source"], record["seq"], record["method"], record["path"], record.get("query") or {},
                 record.get("request_body"), record["status"], record.get("response_body")))
    return {source: sorted(pairs, key=lambda pair: pair.seq) for source, pairs in sources.items()}


class Mapping:
    """Their ids, and ours in their place."""

    def __init__(self):
        self._ours = {}

    def learn(self, theirs, ours):
        if isinstance(theirs, str) and isinstance(ours, str) and theirs != ours and len(theirs) > 3:
            self._ours[theirs] = ours

    def knows(self, theirs, ours):
        return self._ours.get(theirs) == ours

    def translate(self, text):
        for theirs, ours in sorted(self._ours.items(), key=lambda item: -len(item[0])):
            text = text.replace(theirs, ours)
            text = text.replace(urllib.parse.quote(theirs, safe=""), urllib.parse.quote(ours, safe=""))
        return text

    def translate_body(self, body):
        return None if body is None else json.loads(self.translate(json.dumps(body)))


def difference(theirs, ours, mapping, where=""):
    """Why the recorded value is no part of ours; None if it is."""
    if isinstance(theirs, dict):
        if not isinstance(ours, dict):
            return f"{where or 'the answer'} is no object"
        for name, value in theirs.items():
            if value is None and name not in ours:
                continue  # what there is not is left out
            if name not in ours:
                return f"{where}.{name} is missing"
            found = _difference_of_member(name, value, ours[name], mapping, f"{where}.{name}")
            if found:
                return found
        return None
    if isinstance(theirs, list):
        return _difference_of_lists(theirs, ours, mapping, where)
    return None if theirs == ours else f"{where or 'the answer'} is {ours!r}, not {theirs!r}"


def _difference_of_member(name, theirs, ours, mapping, where):
    if name in _VOLATILE:
        return None if type(theirs) is type(ours) else f"{where} has another type"
    if name in _FORMS and isinstance(theirs, str):
        good = isinstance(ours, str) and _FORMS[name].fullmatch(ours)
        return None if good else f"{where} is {ours!r}"
    if name in _IDS and isinstance(theirs, str):
        mapping.learn(theirs, ours)
        return None
    return difference(theirs, ours, mapping, where)


def _difference_of_lists(theirs, ours, mapping, where):
    if not isinstance(ours, list) or len(ours) != len(theirs):
        return f"{where or 'the answer'} is {ours!r}, not {theirs!r}"
    if all(isinstance(item, dict) and "type" in item for item in theirs):
        # Of lists of methods nobody promises the order.
        theirs = sorted(theirs, key=lambda item: item["type"])
        ours = sorted(ours, key=lambda item: str(item.get("type")))
    for number, (one, other) in enumerate(zip(theirs, ours)):
        found = difference(one, other, mapping, f"{where}[{number}]")
        if found:
            return found
    return None


def difference_of_history(theirs, ours, mapping, where=""):
    """Why our entries haven't the form of theirs; None if they have. What is null there may be anything."""
    if theirs is None:
        return None
    if isinstance(theirs, list):
        if not isinstance(ours, list) or (theirs and not ours):
            return f"{where or 'the answer'} is {ours!r}"
        found = (difference_of_history(one, other, mapping, f"{where}[{number}]")
                 for number, (one, other) in enumerate(zip(theirs, ours)))
        return next(filter(None, found), None)
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for name, value in theirs.items():
            if value is None or where.endswith(".details"):  # those of another product's events
                continue
            if name not in ours:
                return f"{where}.{name} is missing"
            found = difference_of_history(value, ours[name], mapping, f"{where}.{name}")
            if found:
                return found
            if name in _IDS:
                mapping.learn(value, ours[name])
        return None
    return None if type(theirs) is type(ours) else f"{where or 'the answer'} is {ours!r}, not {theirs!r}"


class _Beginning:
    """Writes what a source reads before it has written it."""

    _GUARDIAN = "/api/v2/guardian"
    _TENANT = "/api/v2/tenants/settings"

    def __init__(self, client):
        self._client = client

    def establish(self, pairs):
        written = set()
        self._merge_tenant(pairs)
        self._allow_enrolling(pairs)
        for pair in pairs:
            path = pair.path.replace("/factors/sms/", "/factors/phone/")
            if pair.method == "GET" and pair.status == 200 and path not in written:
                self._write(pair.path, pair.answer, written)
            written.add(path)

    def _merge_tenant(self, pairs):
        """Every setting of their tenant that an answer shows, as the first one shows it."""
        settings = {}
        for pair in pairs:
            if pair.path == self._TENANT and pair.status == 200:
                _fill(settings, pair.answer, pair.body if pair.method == "PATCH" else {})
        if settings:
            self._client.expect("PATCH", self._TENANT, settings)

    def _allow_enrolling(self, pairs):
        """A factor for those who are invited, and the kinds of message that phones got."""
        if any(pair.path.endswith("/enrollments/ticket") and pair.status == 200 for pair in pairs):
            self._client.expect("PUT", f"{self._GUARDIAN}/factors/otp", {"enabled": True})
        kinds = {kind["type"] for pair in pairs if pair.path.endswith("/authentication-methods")
                 for method in _methods_in(pair.answer) for kind in method.get("authentication_methods") or ()}
        if kinds:
            self._client.expect("PUT", f"{self._GUARDIAN}/factors/phone/message-types",
                                {"message_types": sorted(kinds)})

    def _write(self, path, answer, written):
        if path == f"{self._GUARDIAN}/factors":
            for factor in answer:
                one = f"{path}/{factor['name']}"
                if one not in written:
                    self._client.expect("PUT", one, {"enabled": factor["enabled"]})
        elif path.endswith("/providers/apns"):
            body = {name: value for name, value in answer.items() if name != "enabled" and value is not None}
            if answer.get("enabled"):
                body["p12"] = _ANY_P12
            self._client.expect("PUT", path, body)
        elif path.startswith(("/api/v2/prompts/", "/api/v2/risk-assessments/")):
            self._client.expect("PATCH", path, answer)
        elif path.startswith(f"{self._GUARDIAN}/") and "/enrollments" not in path:
            self._client.expect("PUT", path, _without_nulls(answer))


def _fill(settings, answer, changed):
    """Takes over what isn't there yet, and hasn't just been changed."""
    for name, value in answer.items():
        if isinstance(value, dict):
            _fill(settings.setdefault(name, {}), value, changed.get(name) or {})
        elif name not in settings and name not in changed and value is not None:
            settings[name] = value


def _without(answer, members):
    if not isinstance(answer, dict):
        return answer
    return {name: value for name, value in answer.items()
            if not any(re.fullmatch(member, name) for member in members)}


def _methods_in(answer):
    if isinstance(answer, dict):
        answer = answer.get("authenticators", [answer])
    return answer if isinstance(answer, list) else []


def _without_nulls(answer):
    if not isinstance(answer, dict):
        return answer
    return {name: value for name, value in answer.items() if value is not None}


def play(client, pairs, left_out):
    """Plays one source. Yields (pair, why it failed or None); those left out are not sent."""
    mapping = Mapping()
    played = [pair for pair in pairs if not left_out(pair)]
    _Beginning(client).establish(played)
    for pair in played:
        path = mapping.translate(pair.path)
        if pair.query:
            path += "?" + urllib.parse.urlencode(
                {name: mapping.translate(value) for name, value in pair.query.items()})
        status, answer = client.request(pair.method, path, mapping.translate_body(pair.body))
        if status != pair.status:
            yield pair, f"{status} {answer!r}, not {pair.status}"
        elif pair.answer is None or pair.status == 204:
            yield pair, None
        else:
            compare = difference_of_history if _HISTORY.fullmatch(pair.path) else difference
            yield pair, compare(_without(pair.answer, left_out.members(pair)), answer, mapping)
