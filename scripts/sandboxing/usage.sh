# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# Sourced by the scripts: what --help says, and what a wrong argument is told.

# The comment at the head of the script, which ends where its code begins.
usage() { sed -n '4,/^set/s/^# \{0,1\}//p' "$0"; }

# misuse WHAT WAS WRONG, AND WHAT IS ALLOWED
misuse() {
  printf '%s: %s (see %s --help)\n' "${0##*/}" "$*" "${0##*/}" >&2
  exit 2
}
