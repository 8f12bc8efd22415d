# SPDX-License-Identifier: MIT
"""Each lint finds what it is there for: a tree with one mistake, and the same tree without it."""
import check_banned
import check_includes
import pytest


@pytest.fixture
def tree(tmp_path):
    """Writes files of a small project: tree({"common/a.h": "text"})."""
    def write(files):
        for name, text in {"common/result.h": "", "daemon/ports/store.h": "",
                           "daemon/store/sqlite_store.h": "", "daemon/domain/totp.h": "",
                           **files}.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return tmp_path
    return write


ALLOWED_INCLUDES = [
    ("daemon/domain/totp.cpp", '#include "daemon/ports/store.h"'),
    ("daemon/domain/totp.cpp", "#include <openssl/hmac.h>"),
    ("daemon/store/sqlite_store.cpp", "#include <sqlite3.h>"),
    ("daemon/main.cpp", '#include "daemon/store/sqlite_store.h"'),
    ("pam_module/options.cpp", '#include "common/result.h"'),
]

FORBIDDEN_INCLUDES = [
    ("daemon/domain/totp.cpp", '#include "daemon/store/sqlite_store.h"'),
    ("daemon/domain/totp.h", "#include <openssl/hmac.h>"),
    ("daemon/domain/totp.cpp", "#include <fstream>"),
    ("daemon/dbus/login_object.cpp", '#include "daemon/store/sqlite_store.h"'),
    ("daemon/dbus/login_object.cpp", "#include <sqlite3.h>"),
    ("daemon/application.cpp", "#include <sdbus-c++/sdbus-c++.h>"),
    ("common/secret.cpp", '#include "daemon/domain/totp.h"'),
    ("client/list.cpp", '#include "daemon/domain/totp.h"'),
    ("pam_module/options.cpp", '#include "daemon/domain/totp.h"'),
    ("daemon/domain/totp.cpp", '#include "totp.h"'),
]


@pytest.mark.parametrize("path, line", ALLOWED_INCLUDES)
def test_an_include_along_the_arrows_is_allowed(tree, path, line):
    assert check_includes.main(tree({path: line})) == 0


@pytest.mark.parametrize("path, line", FORBIDDEN_INCLUDES)
def test_an_include_against_the_arrows_is_found(tree, path, line):
    assert check_includes.main(tree({path: line})) == 1


@pytest.mark.parametrize("path, line", [
    ("daemon/dbus/caller.cpp", "auto uid = message.getCredsUid();"),  # S33
    ("daemon/dbus/access.cpp", "auto bus = sdbus::createSessionBusConnectionWithAddress(a);"),  # S46
    ("pam_module/bus.cpp", "sd_bus_set_trusted(bus, 1);"),  # S46
    ("daemon/system/source.cpp", "std::random_device seed;"),  # S116
    ("common/secret.cpp", "return memcmp(a, b, n) == 0;"),  # S116
    ("pam_module/user.cpp", "int n = rand();"),  # S116
    ("daemon/http/library.cpp", 'auto host = request.get_header_value("Host");'),  # S55
    ("daemon/domain/totp.cpp", "const auto now = std::chrono::system_clock::now();"),
    ("daemon/store/sqlite_store.cpp", 'run("SELECT id FROM methods WHERE user = " + user);'),  # S120
])
def test_a_banned_call_is_found(tree, path, line):
    assert check_banned.main(tree({path: line})) == 1


@pytest.mark.parametrize("path, line", [
    ("daemon/dbus/caller.cpp", "auto uid = message.getCredsEuid();"),
    ("daemon/dbus/caller.cpp", "// getCredsUid() is read from /proc"),
    ("common/secret.cpp", "return CRYPTO_memcmp(a, b, n) == 0;"),
    ("daemon/store/sqlite_store.cpp", 'run("SELECT id FROM methods WHERE user = ?1", user);'),
])
def test_what_only_looks_like_a_banned_call_is_allowed(tree, path, line):
    assert check_banned.main(tree({path: line})) == 0
