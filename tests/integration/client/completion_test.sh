#!/bin/bash
# SPDX-License-Identifier: MIT
#
# completion_test.sh DIRECTORY TWINLOCK: the completion files against the command's own help. What
# the help of a command names, bash completes, and nothing else; zsh's file parses and names it.
set -u
directory=$1
twinlock=$2
failures=0

fail() { echo "FAILED: $*"; failures=$((failures + 1)); }

# shellcheck source=/dev/null
source "$directory/twinlock.bash"

# What bash offers after the words given, one a line, sorted.
offered() {
  COMP_WORDS=(twinlock "$@")
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _twinlock
  printf '%s\n' "${COMPREPLY[@]}" | sort -u
}

# What a command's help names: the subcommands, or the options.
help_section() { # SECTION WORDS...
  local section=$1
  shift
  "$twinlock" "$@" --help | awk -v section="$section:" '
    /^[A-Z][a-z]+:$/ { inside = ($0 == section); next }
    inside && /^  [^ ]/ { print $1 }' | sed 's/^-h,//' | sort -u
}

check() { # WORDS...: compares a command, and all beneath it
  local wanted got subcommand option
  # Arguments with fixed choices are offered beside the options; the help has them as positionals.
  wanted=$({ help_section Options "$@"; help_section Subcommands "$@"
             printf '%s\n' --json --bus --help; } | sed '/^$/d' | sort -u)
  got=$(offered "$@" '')
  case "$*" in
    'admin policy set') got=$(grep -vx -e all-applications -e confidence-score -e none <<<"$got") ;;
    'admin factor enable' | 'admin factor disable')
      got=$(grep -vx -e sms -e push-notification -e otp -e email -e duo -e webauthn-roaming \
        -e webauthn-platform -e recovery-code <<<"$got") ;;
    'admin user show' | 'admin user reset' | 'admin user unlock' | 'admin user resync')
      got=$({ offered "$@" -; } | sort -u) ;;  # accounts first; options once a dash is typed
  esac
  [[ $got == "$wanted" ]] || fail "'$*': $(diff <(echo "$wanted") <(echo "$got") | grep '^[<>]')"
  while read -r option; do
    grep -qe "'*$option" "$directory/_twinlock" || fail "zsh does not know $option of '$*'"
  done < <(help_section Options "$@")
  while read -r subcommand; do
    [[ $subcommand ]] || continue
    grep -qe "'$subcommand:" -e "($subcommand)" "$directory/_twinlock" ||
      fail "zsh does not know '$* $subcommand'"
    check "$@" "$subcommand"
  done < <(help_section Subcommands "$@")
}

expect() { # WANTED WORDS...: what completing the last word gives
  local wanted=$1 got
  shift
  got=$(offered "$@" | tr '\n' ' ')
  [[ $got == "$wanted " ]] || fail "'$*' completes to '$got', not '$wanted'"
}

check
[[ $(help_section Subcommands) ]] || fail 'the help could not be read'
expect 'enroll' en
expect 'recovery-codes' rec
expect 'sha1 sha256 sha512' enroll totp --algorithm ''
expect '30 60' enroll totp --period ''
expect 'all-applications' --json admin policy set a
expect 'recovery-code' admin factor disable r
expect 'root' admin user show roo
expect 'root' admin user reset --yes roo
expect 'root' admin user show --json --bus unix:path=/x roo
expect '--bus --help --json --yes' admin user reset root ''
expect 'root' list --user roo
expect '--user' rename 01A name --u
expect 'status' --bus unix:path=/x sta

# Ids are those of the account that the line is about, asked for the way the line says.
# shellcheck disable=SC2317  # the completion calls it
twinlock() {
  case "$*" in
    'list --json') echo '[{"flags":[],"id":"01A","name":"x"},{"id":"01B","type":"totp"}]' ;;
    'list --json --user bob --bus unix:path=/x') echo '[{"id":"01C"}]' ;;
    *) return 3 ;;
  esac
}
expect '01A 01B' remove ''
expect '01B' rename 01B
expect '01C' --user bob --bus unix:path=/x remove --yes ''
expect '01C' --bus unix:path=/x admin user resync bob ''
expect '--bus --help --json' --bus unix:path=/x admin user resync bob 01C ''
expect '--bus --help --json' admin user resync bob ''
expect '--bus --help --json --user' rename 01A ''
expect '--yes' remove --y
expect '--bus --help --json --user --yes' --user nobody-there remove ''
unset -f twinlock

if command -v zsh >/dev/null; then
  zsh -n "$directory/_twinlock" || fail 'zsh cannot parse the file'
fi
exit $((failures > 0))
