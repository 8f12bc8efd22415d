#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""check_includes.py [ROOT]: which folder may include which, and which library stays where.

The table is the picture of ARCHITECTURE.md: arrows point from the outside to the domain, adapters
don't know each other, and each library's header stays inside one folder. Exit status 1 and a line
for each include that breaks it.
"""
import fnmatch
import pathlib
import re
import sys

# What a folder may include of ours besides itself. The longest matching folder counts.
ALLOWED = {
    "common": [],
    "pam_module": ["common"],
    "client": ["common"],
    "daemon/domain": ["daemon/ports", "common"],
    "daemon/ports": ["daemon/domain", "common"],
    "daemon/dbus": ["daemon/domain", "daemon/ports", "common"],
    "daemon/http": ["daemon/domain", "daemon/ports", "common"],
    "daemon/pages": ["daemon/domain", "daemon/ports", "daemon/http", "common"],
    "daemon/store": ["daemon/domain", "daemon/ports", "common"],
    "daemon/delivery": ["daemon/domain", "daemon/ports", "common"],
    "daemon/system": ["daemon/domain", "daemon/ports", "common"],
    "daemon/fleet": ["daemon/domain", "daemon/ports", "common"],
    "daemon/import": ["daemon/domain", "daemon/ports", "common"],
    "daemon": ["daemon/*", "common"],  # main, settings, application: the only ones that may
}

# Library headers, and the files that may include them. What no pattern names is free.
LIBRARIES = {
    "httplib.h": ["daemon/http/library.cpp"],
    "sdbus-c++/*": ["daemon/dbus/*", "client/daemon_proxy.*", "client/bus_errors.*"],
    "stubs/*": ["daemon/dbus/*", "client/daemon_proxy.*"],
    "systemd/sd-bus.h": ["pam_module/*", "daemon/dbus/sdbus_compat.h",
                         "daemon/dbus/message_guard.h"],
    "security/*": ["pam_module/*"],
    "sqlite3.h": ["daemon/store/sqlite_*"],
    "libpq-fe.h": ["daemon/store/postgres_*"],
    "toml++/*": ["daemon/settings*.cpp"],
    "curl/*": ["daemon/delivery/http_client.cpp"],
    "nlohmann/*": ["daemon/*", "client/*"],
    "CLI/*": ["daemon/main.cpp", "client/*"],
    "qrencode.h": ["client/*", "daemon/pages/*"],
    "fido.h": ["daemon/domain/*.cpp", "pam_module/key_helper/*"],
}

# In a header of the domain not even arithmetic libraries: its callers see plain values only.
DOMAIN_HEADER_BANNED = ["openssl/*", "fido.h", "fido/*", "cbor.h", "nlohmann/*"]

# The domain does no I/O, reads no clock and draws no random number; its ports do.
DOMAIN_BANNED = ["unistd.h", "fstream", "iostream", "cstdio", "filesystem", "thread", "random",
                 "sys/*", "netinet/*", "pwd.h", "syslog.h", "systemd/*", "nlohmann/*"]

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
PRODUCT = ("common", "pam_module", "daemon", "client")


def folder_of(path):
    """The longest folder of ALLOWED that `path` lies in."""
    inside = [folder for folder in ALLOWED if path.startswith(folder + "/")]
    return max(inside, key=len, default=None)


def matches(path, patterns):
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


def is_ours(root, included):
    return included.split("/")[0] in PRODUCT and (root / included).exists()


def complaint_about_ours(path, included):
    here, there = folder_of(path), folder_of(included)
    if here == there or matches(there, ALLOWED[here]):
        return None
    return f"{here} may not include {there}"


def complaint_about_library(path, included):
    for library, allowed in LIBRARIES.items():
        if fnmatch.fnmatchcase(included, library) and not matches(path, allowed):
            return f"only {', '.join(allowed)} may include {library}"
    if folder_of(path) in ("daemon/domain", "daemon/ports"):
        if matches(included, DOMAIN_BANNED):
            return "the domain and its ports do no I/O"
        if path.endswith(".h") and matches(included, DOMAIN_HEADER_BANNED):
            return "a header of the domain speaks plain values"
    return None


def check_file(root, file):
    """Yields a text for each include of `file` that the tables forbid."""
    path = file.relative_to(root).as_posix()
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        included = found.group(2)
        # Ours are named from the root of the project, so that the folder can be read off.
        if found.group(1) == '"' and not is_ours(root, included) and not matches(
                included, LIBRARIES):
            complaint = "no such file from the project's root"
        elif is_ours(root, included):
            complaint = complaint_about_ours(path, included)
        else:
            complaint = complaint_about_library(path, included)
        if complaint:
            yield f"{path}:{number}: {included}: {complaint}"


def main(root):
    files = [file for top in PRODUCT for file in sorted((root / top).rglob("*"))
             if file.suffix in (".h", ".cpp")]
    complaints = [text for file in files for text in check_file(root, file)]
    print("\n".join(complaints) or f"{len(files)} files, every include allowed")
    return 1 if complaints or not files else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
