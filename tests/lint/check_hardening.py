# SPDX-License-Identifier: MIT
"""check_hardening.py SOURCE PROGRAM...: what ships is built as Debian hardens its packages (S155).

Configures a release build, which takes no longer than that, and reads how each file would be
compiled and each program linked; and that the PROGRAMs, of whatever build, may lie anywhere in memory.
"""
import json
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

COMPILED = ["-fstack-protector-strong", "-fstack-clash-protection", "-D_FORTIFY_SOURCE=3",
            "-D_GLIBCXX_ASSERTIONS", "-Wformat=2", "-Werror=format-security"]
LINKED = ["-Wl,-z,relro", "-Wl,-z,now", "-Wl,-z,noexecstack"]
if platform.machine() == "x86_64":
    COMPILED.append("-fcf-protection")

_LINK_FLAGS = re.compile(r"^build (?:\S+/)?(twinlockd?|pam_twinlock\.so): .*?LINK_FLAGS = ([^\n]*)",
                         re.MULTILINE | re.DOTALL)


def configure(source, build):
    told = subprocess.run(
        ["cmake", "-S", source, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
         "-DTWINLOCK_TESTS=OFF", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"],
        capture_output=True, text=True, check=False)
    if told.returncode != 0:
        sys.exit(f"cmake failed:\n{told.stdout}{told.stderr}")


def compiled_otherwise(build):
    commands = [each for each in
                json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
                if "verify_interface_header_sets" not in each["file"]]  # compiled, and never linked
    if len(commands) < 50:
        yield f"only {len(commands)} files are compiled"
    for each in commands:
        words = each["command"].split()
        missing = [flag for flag in COMPILED if flag not in words]
        if not {"-fPIC", "-fPIE"} & set(words):
            missing.append("-fPIE")
        if missing:
            yield f"{each['file']}: compiled without {' '.join(missing)}"


def linked_otherwise(build):
    found = dict(_LINK_FLAGS.findall((build / "build.ninja").read_text(encoding="utf-8")))
    if set(found) != {"twinlock", "twinlockd", "pam_twinlock.so"}:
        yield f"linked are {sorted(found)}"
    for name, flags in found.items():
        missing = [flag for flag in LINKED if flag not in flags.split()]
        if missing:
            yield f"{name}: linked without {' '.join(missing)}"


def fixed_in_memory(program):
    header = subprocess.run(["readelf", "-hW", program], capture_output=True, text=True,
                            check=True).stdout
    if not re.search(r"Type:\s+DYN", header):
        yield f"{program}: not position-independent"


def main(source, *programs):
    with tempfile.TemporaryDirectory() as directory:
        build = pathlib.Path(directory)
        configure(source, build)
        found = [*compiled_otherwise(build), *linked_otherwise(build)]
    for program in programs:
        found += fixed_in_memory(program)
    print("\n".join(found) or "everything is hardened")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
