# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# Sourced by demo and sandbox.

here=$(dirname "$(readlink -f "$0")")

# Sets `build` to where the programs are, once they are built. A signal meanwhile ends the build and
# the script, with one line and no trace.
build_programs() {
  # shellcheck disable=SC2034  # for the script that sources this
  build=$("$here/build-programs" --directory)
  local status=0
  trap 'stop_building INT 130' INT
  trap 'stop_building TERM 143' TERM
  trap 'stop_building HUP 129' HUP
  set -m  # the build gets a process group of its own, so that all of it can be told to end
  "$here/build-programs" </dev/null >&2 &
  set +m
  wait "$!" || status=$?
  trap - INT TERM HUP
  [ "$status" = 0 ] || exit "$status"
}

stop_building() {
  trap '' INT TERM HUP
  if [ -n "${!:-}" ] && kill "-$1" -- "-$!" 2>/dev/null; then wait "$!" 2>/dev/null || true; fi
  printf '\n%s: ended before it began; what is built so far stays for the next run\n' "${0##*/}" >&2
  exit "$2"
}

# Runs a Python script so that Ctrl-C waits until the script can deal with it: the interpreter would
# show a traceback.
with_interrupt_held() { exec env --block-signal=INT "$@"; }
