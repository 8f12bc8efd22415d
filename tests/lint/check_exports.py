#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the shipped PAM module is made of, read from its file and its sources.

usage: check_exports.py SOURCE_DIR BUILD_DIR MODULE

Says each thing that is wrong and ends with 1 if there is one.
"""
import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

EXPORTED = {"pam_sm_authenticate", "pam_sm_setcred"}
LIBRARIES = {"libpam.so.0", "libc.so.6"}
MAX_LINES = 1500  # of code; blank lines and comments attack nobody

# S06: all that the module may ask others for. Ours first; then what the libstdc++ and libgcc
# inside it bring along to allocate, to unwind and, at worst, to terminate.
OURS = """
    __errno_location explicit_bzero __explicit_bzero_chk getpwnam_r getrandom inet_ntop inet_pton
    free strlen strerrordesc_np clock_gettime nanosleep clock_nanosleep
    pam_fail_delay pam_get_item pam_getenv pam_syslog
    close connect geteuid poll recv send socket
""".split()
RUNTIME = """
    malloc realloc memchr memcmp memcpy memmove memset strcmp strncmp
    __memcpy_chk __memmove_chk __memset_chk
    abort fprintf fputc fputs fwrite sprintf stderr gettext
    _dl_find_object dl_iterate_phdr __tls_get_addr __libc_single_threaded __stack_chk_fail
    pthread_once pthread_mutex_lock pthread_mutex_unlock __pthread_key_create pthread_key_create
    pthread_getspecific pthread_setspecific
    __cxa_finalize __gmon_start__ _ITM_deregisterTMCloneTable _ITM_registerTMCloneTable
""".split()
# Besides, with g++ 14: its libstdc++ reads GLIBCXX_TUNABLES when it is loaded, for the room that it
# keeps for exceptions. secure_getenv(3) gives a setuid program nothing.
RUNTIME_OF_14 = """
    secure_getenv __isoc23_strtoul strchr strerror_r
    pthread_cond_broadcast pthread_cond_wait __cxa_atexit
""".split()
# S06: names that our own sources may not even spell.
FORBIDDEN_CALLS = """
    setenv putenv unsetenv setlocale umask chdir signal sigaction alarm setrlimit setuid seteuid
    setresuid setgid abort exit _exit openlog fork vfork execve posix_spawn system popen
    pthread_create pam_set_item pam_set_data pam_putenv getenv secure_getenv fopen open openat
""".split()
HARDENING = [  # S30
    "-fstack-protector-strong",
    "-D_FORTIFY_SOURCE=3",
    "-fstack-clash-protection",
    "-Wformat=2",
    "-Werror=format-security",
]

wrong = []


def check(holds, requirement, what):
    if not holds:
        wrong.append(f"{requirement}: {what}")


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def symbols(module, kind):
    lines = output("nm", "-D", kind, module).splitlines()
    return {line.split()[-1].split("@")[0] for line in lines if line.split()}


def code_lines(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return sum(1 for line in text.splitlines() if line.strip() and not line.strip().startswith("//"))


def check_symbols(module):
    exported = symbols(module, "--defined-only")
    check(exported == EXPORTED, "S17", f"exports {sorted(exported ^ EXPORTED)}")
    strange = symbols(module, "--undefined-only") - set(OURS) - set(RUNTIME) - set(RUNTIME_OF_14)
    check(not strange, "S06", f"asks for {sorted(strange)}, which the list here doesn't allow")


def check_dynamic_section(module):
    dynamic = output("readelf", "-dW", module)
    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic))
    strange = {name for name in needed ^ LIBRARIES if not name.startswith("ld-linux")}
    check(not strange, "S30", f"needs {sorted(needed)}, not {sorted(LIBRARIES)}")
    flags = " ".join(re.findall(r"\(FLAGS(?:_1)?\)\s*(.*)", dynamic))
    check("NODELETE" in flags, "S17", "may be unloaded (-z nodelete)")
    check("NOW" in flags, "S17", "is bound lazily (-z now)")
    check("TEXTREL" not in dynamic, "S17", "has text relocations")
    check("RPATH" not in dynamic and "RUNPATH" not in dynamic, "S08", "has a run path")

    segments = output("readelf", "-lW", module)
    check("GNU_RELRO" in segments, "S17", "has no read-only relocations (-z relro)")
    stack = re.search(r"GNU_STACK.*", segments)
    check(stack is not None and "RWE" not in stack.group(), "S30", "has an executable stack")


def compile_commands(source, build):
    """How the shipped module was compiled; every preset has the file."""
    commands = json.loads((build / "compile_commands.json").read_text())
    return [
        shlex.split(each["command"])
        for each in commands
        if "pam_twinlock_plain.dir" in each["command"] and each["file"].startswith(str(source))
    ]


def check_flags(commands):
    check(len(commands) > 5, "S30", "there are no compile commands to look at")
    for command in commands:
        name = pathlib.Path(command[-1]).name
        wanted = list(HARDENING)
        if "x86_64" in output("uname", "-m"):
            wanted.append("-fcf-protection")
        missing = [flag for flag in wanted if flag not in command]
        check(not missing, "S30", f"{name} is compiled without {missing}")
        sanitizers = [flag for flag in command if flag.startswith("-fsanitize")]
        check(not sanitizers, "S30", f"{name} is compiled with {sanitizers}")


def check_constructors(commands):
    """S18: clang says which objects need code before main or after exit."""
    clang = shutil.which("clang++-14") or shutil.which("clang++")
    if clang is None:
        check(False, "S18", "there is no clang to look for global constructors with")
        return
    for command in commands:
        kept = [flag for flag in command if flag.startswith(("-D", "-I", "-std"))]
        warnings = ["-Wglobal-constructors", "-Wexit-time-destructors", "-Werror"]
        run = subprocess.run(
            [clang, "-fsyntax-only", *kept, "-isystem", "/usr/include/security", *warnings,
             command[-1]],
            capture_output=True, text=True, check=False)
        check(run.returncode == 0, "S18", run.stderr)


def check_sources(folder):
    files = sorted(folder.glob("*.cpp")) + sorted(folder.glob("*.h"))
    texts = {path.name: path.read_text() for path in files}
    lines = sum(code_lines(text) for text in texts.values())
    check(lines <= MAX_LINES, "S30", f"has {lines} lines of code, more than {MAX_LINES}")

    # S01: written once for each entry point; comparisons don't write.
    writers = []
    for name, text in texts.items():
        code = re.sub(r"//.*", "", text)
        writers += [name for _ in re.finditer(r"(?<![!=]=\s)\bPAM_SUCCESS\b", code)]
        for call in FORBIDDEN_CALLS:
            check(not re.search(rf"(?<![\w.>:]){call}\s*\(", code), "S06", f"{name} calls {call}()")
    check(sorted(writers) == ["conversation.cpp", "pam_twinlock.cpp"], "S01",
          f"PAM_SUCCESS is written in {writers}")


def main():
    source, build, module = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
    check_sources(source / "pam_module")
    check_symbols(str(module))
    check_dynamic_section(str(module))
    commands = compile_commands(source, build)
    check_flags(commands)
    check_constructors(commands)
    for each in wrong:
        print(each)
    print(f"{module.name}: {len(wrong)} things wrong" if wrong else f"{module.name}: as it should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
