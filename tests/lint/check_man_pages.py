#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Man pages against what programs say of themselves.

    check_man_pages.py MAN_DIRECTORY PAGE=PROGRAM...

Each page in the directory is well-formed mdoc with the sections that every page of ours has. For
each PAGE=PROGRAM (twinlock.1=/path/to/twinlock), every command and option that PROGRAM --help
names, in every subcommand, stands in the page, and the page names no other.
"""

import itertools
import os
import re
import subprocess
import sys

OPTION = re.compile(r"--[a-z][a-z-]*")
SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES"]


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def help_section(text, name):
    """The first words of the lines under `name`: in a section of CLI11's help."""
    match = re.search(rf"^{name}:\n((?:(?:  .*)?\n)*)", text, re.MULTILINE)
    lines = match.group(1).splitlines() if match else []
    return [line.split()[0] for line in lines if re.match(r"  \S", line)]


def commands_of(program, path=()):
    """Yields (path, options) of each command that can be given, the program itself first."""
    text = output_of(program, *path, "--help")
    options = {option for word in help_section(text, "Options") for option in OPTION.findall(word)}
    is_group = re.search(r"^Usage: .* SUBCOMMAND$", text, re.MULTILINE)
    if not path or not is_group:
        yield path, options - ({"--help"} if path else set())
    for name in help_section(text, "Subcommands"):
        yield from commands_of(program, path + (name,))


def rendered(page):
    text = output_of("mandoc", "-T", "ascii", "-O", "width=500", page)
    return re.sub(r".\x08", "", text)


def spellings(line):
    """All ways to read an item: "a [b]" is a, and a b; "a b | c d" is a b d, and a c d."""
    line = re.sub(r"\[--[^]]*\]", "", line)
    choices = []
    for part in re.findall(r"\[\w[\w-]*\]|\S+(?: \| \S+)*", line):
        choices.append(["", part[1:-1]] if part.startswith("[") else part.split(" | "))
    for words in itertools.product(*choices):
        yield tuple(word for word in words if word)


def documented(page, paths):
    """(path → options) of the items in the page that are commands."""
    found = {}
    for line in re.findall(r"^     (\S.*)$", rendered(page), re.MULTILINE):
        for words in spellings(line):
            known = [words[:n] for n in range(len(words), 0, -1) if words[:n] in paths]
            if known:
                found.setdefault(known[0], set()).update(OPTION.findall(line))
    return found


def check_program(page, program):
    commands = dict(commands_of(program))
    everywhere = commands.pop(())
    found = documented(page, commands)
    for option in everywhere:
        if not re.search(rf"^     (-\w, )?{option}\b", rendered(page), re.MULTILINE):
            yield f"{page}: the option {option} is missing"
    for path, options in commands.items():
        name = " ".join(path)
        if path not in found:
            yield f"{page}: the command '{name}' is missing"
            continue
        for option in sorted(options - found[path]):
            yield f"{page}: '{name}' has the option {option}, which is missing"
        for option in sorted(found[path] - options):
            yield f"{page}: '{name}' has no option {option}"


def check_form(page):
    lint = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning", page], capture_output=True, text=True
    )
    yield from lint.stdout.splitlines()
    text = open(page, encoding="utf-8").read()
    sections = re.findall(r"^\.Sh (.*)$", text, re.MULTILINE)
    for section in SECTIONS:
        if section not in sections:
            yield f"{page}: the section {section} is missing"
    if page.endswith(".1") and "EXIT STATUS" not in sections:
        yield f"{page}: the section EXIT STATUS is missing"


def main(directory, *programs):
    findings = []
    for name in sorted(os.listdir(directory)):
        findings += check_form(os.path.join(directory, name))
    for pair in programs:
        page, program = pair.split("=", 1)
        findings += check_program(os.path.join(directory, page), program)
    print("\n".join(findings) or "no findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
