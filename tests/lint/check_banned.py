#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""check_banned.py [ROOT]: words that compile and must not be in the sources.

Exit status 1 and a line for each place. A place that has a reason carries, on the line, the comment
`allowed: ` and the reason.
"""
import pathlib
import re
import sys

# What, where (path prefixes), why. Patterns see code without comments and string contents.
BANNED = [
    # S33: the bus vouches for the effective uid alone; the others come from /proc and can be raced.
    (r"getCreds(Uid|Gid|Pid|SuppGids|Comm|Exe|CGroup|SELinux|Egid|Suid|Sgid|Fsuid)\b",
     ("daemon", "client", "common"), "decide by getCredsEuid alone (S33)"),
    (r"sd_bus_creds_get_(uid|gid|pid|suid|fsuid|comm|exe|cgroup|audit\w*)\b",
     ("daemon", "client", "common", "pam_module"), "decide by the effective uid alone (S33)"),
    # S46: sd-bus checks nothing on a connection that it was told to trust, as session ones are.
    (r"\b(createSessionBusConnection\w*|sd_bus_set_trusted)\b", ("daemon", "pam_module"),
     "sd-bus would skip its access checks (S46)"),
    # S116: predictable numbers and comparisons whose time tells the secret.
    (r"\b(s?rand|d?rand48|random|srandom)\s*\(", ("daemon", "client", "common", "pam_module"),
     "randomness comes from RandomSource (S116)"),
    (r"\b(random_device|mt19937\w*|minstd_rand0?|default_random_engine)\b",
     ("daemon", "client", "common", "pam_module"), "randomness comes from RandomSource (S116)"),
    (r"\b(memcmp|bcmp)\s*\(", ("daemon", "client", "common", "pam_module"),
     "its time depends on the contents: CRYPTO_memcmp or Secret (S116)"),
    # S55: the library decodes what it hands out, and its pseudo headers come from the client.
    (r"\b(get_header_value\w*|get_param_value|remote_addr|local_addr)\b", ("daemon",),
     "headers are what our own parse says (S55)"),
    # Style: nothing in the domain waits or reads a clock; `now` comes in.
    (r"\b(sleep_for|sleep_until|usleep|nanosleep)\b", ("daemon/domain",), "the domain never sleeps"),
    (r"\bsystem_clock::now\b", ("daemon/domain", "daemon/store"), "time comes from Clock"),
    (r"\bsteady_clock::now\b", ("daemon/domain",), "time comes from Clock"),
]

# S120: SQL is one literal. Read with the strings left in.
GLUED_SQL = re.compile(
    r'"[^"]*\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|WHERE|VALUES|PRAGMA)\b[^"]*"s?\s*(\+|,\s*std::format)')

_STRING = re.compile(r'"(\\.|[^"\\])*"')
_LINE_COMMENT = re.compile(r"//.*")


def code_of(line):
    return _LINE_COMMENT.sub("", _STRING.sub('""', line))


def check_line(path, line):
    if re.search(r"//.*\ballowed: \S", line):
        return
    code = code_of(line)
    for pattern, folders, reason in BANNED:
        if any(path.startswith(folder + "/") for folder in folders) and re.search(pattern, code):
            yield f"{re.search(pattern, code).group(0).rstrip(' (')}: {reason}"
    if path.startswith("daemon/store/") and GLUED_SQL.search(line):
        yield "SQL glued together: bind a parameter (S120)"


def main(root):
    complaints, files = [], 0
    for top in ("common", "pam_module", "daemon", "client"):
        for file in sorted((root / top).rglob("*")):
            if file.suffix not in (".h", ".cpp"):
                continue
            files += 1
            path = file.relative_to(root).as_posix()
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                complaints += [f"{path}:{number}: {text}" for text in check_line(path, line)]
    print("\n".join(complaints) or f"{files} files, nothing banned")
    return 1 if complaints or not files else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
