#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""check_openapi.py OPENAPI TEST...: docs/openapi.json against the router, and against real answers.

Runs the tests, which note every route and every exchange, and checks that the description has each
route with its scopes and no other, that what was sent and accepted fits the description, and that every answer
does. Exit status 1 and a line for each finding.
"""
import json
import os
import subprocess
import sys
import tempfile

import jsonschema


ANYTHING = "anything"


class Description:
    def __init__(self, file):
        with open(file, encoding="utf-8") as text:
            self._document = json.load(text)
        self._resolver = jsonschema.RefResolver("", self._document)

    def operations(self):
        """{(method, path): operation}"""
        return {(method.upper(), path): operation for path, methods in self._document["paths"].items()
                for method, operation in methods.items()}

    def _resolved(self, value):
        while "$ref" in value:
            value = self._resolver.resolve(value["$ref"])[1]
        return value

    def problem_with(self, value, schema):
        """What is wrong with a value; None if nothing is."""
        validator = jsonschema.Draft202012Validator(schema, resolver=self._resolver)
        error = jsonschema.exceptions.best_match(validator.iter_errors(value))
        return error and f"{'/'.join(map(str, error.absolute_path))}: {error.message}"

    def schema_of_answer(self, operation, status):
        """(whether it is described, its schema or None: it has no body; ANYTHING: none of JSON)"""
        answer = operation["responses"].get(str(status))
        if answer is None:
            return False, None
        content = self._resolved(answer).get("content")
        return True, content and content.get("application/json", {}).get("schema", ANYTHING)

    @staticmethod
    def schema_of_body(operation):
        return operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")


def check_routes(description, routes):
    described = description.operations()
    ours = {(route["method"], route["pattern"]): route for route in routes}
    yield from (f"{' '.join(key)} is served and not described" for key in sorted(ours.keys() - described.keys()))
    yield from (f"{' '.join(key)} is described and not served" for key in sorted(described.keys() - ours.keys()))
    ids = [operation["operationId"] for operation in described.values()]
    yield from (f"two operations are called {name}" for name in sorted(set(ids)) if ids.count(name) > 1)
    for key in sorted(ours.keys() & described.keys()):
        scopes = [scope for one in described[key]["security"] for scope in one["bearer"]]
        if sorted(scopes) != sorted(ours[key]["scopes"]):
            yield f"{' '.join(key)}: scopes {scopes}, served with {ours[key]['scopes']}"
        if described[key]["operationId"].split("-")[0] != ours[key]["id"]:
            yield f"{' '.join(key)}: is {ours[key]['id']}, described as {described[key]['operationId']}"


def check_exchange(description, exchange):
    operation = description.operations().get((exchange["method"], exchange["pattern"]))
    if operation is None:
        return
    place = f"{exchange['method']} {exchange['pattern']} {exchange['status']}"
    described, schema = description.schema_of_answer(operation, exchange["status"])
    if not described:
        yield f"{place}: no such answer is described"
    elif schema is None and exchange["answer"]:
        yield f"{place}: answers with a body, described without one"
    elif schema not in (None, ANYTHING):
        problem = description.problem_with(json.loads(exchange["answer"] or "null"), schema)
        if problem:
            yield f"{place}: {problem}, in {exchange['answer'][:200]}"
    body = description.schema_of_body(operation)
    if body and exchange["status"] < 300 and exchange["body"].startswith(("{", "[")):
        problem = description.problem_with(json.loads(exchange["body"]), body)
        if problem:
            yield f"{place}: accepted a body that isn't described: {problem}, in {exchange['body'][:200]}"


def main(openapi, *tests):
    with tempfile.NamedTemporaryFile() as notes:
        environment = {**os.environ, "TWINLOCK_EXCHANGES": notes.name}
        for test in tests:
            subprocess.run([test, "--gtest_brief=1"], check=False, env=environment, stdout=subprocess.DEVNULL)
        records = [json.loads(line) for line in notes.read().splitlines()]
    routes = next(record["routes"] for record in records if "routes" in record)
    exchanges = [record for record in records if "answer" in record]
    description = Description(openapi)
    findings = list(check_routes(description, routes))
    for exchange in exchanges:
        findings += check_exchange(description, exchange)
    seen = {(exchange["method"], exchange["pattern"]) for exchange in exchanges if exchange["status"] < 300}
    findings += [f"no test has a good answer of {' '.join(key)}" for key in sorted(description.operations())
                 if key not in seen and key[1] != "/userinfo"]
    print("\n".join(dict.fromkeys(findings)) or
          f"{len(routes)} routes and {len(exchanges)} exchanges are as described")
    return 1 if findings or not exchanges else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
