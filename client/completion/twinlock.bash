# SPDX-License-Identifier: MIT
#
# Completion of twinlock(1) for bash. Repeats the command table of client/main.cpp;
# tests/integration/client/completion_test.sh compares the two.

# The words that can follow the commands "$1" ("" for none).
_twinlock_words() {
  local user='--user'
  case $1 in
    '') echo 'enroll list remove rename recovery-codes test status admin --version' ;;
    'enroll') echo 'totp hotp' ;;
    'enroll totp') echo "--name --algorithm --digits --clear --print-secrets $user --period" ;;
    'enroll hotp') echo "--name --algorithm --digits --clear --print-secrets $user" ;;
    'list' | 'rename' | 'status') echo "$user" ;;
    'remove') echo "--yes $user" ;;
    'recovery-codes') echo "--output --yes --print-secrets $user" ;;
    'admin') echo 'user policy factor client log status' ;;
    'admin user') echo 'list show reset unlock resync' ;;
    'admin user reset') echo '--yes' ;;
    'admin policy') echo 'show set' ;;
    'admin policy set') echo 'all-applications confidence-score none' ;;
    'admin factor') echo 'list enable disable' ;;
    'admin factor enable' | 'admin factor disable')
      echo 'sms push-notification otp email duo webauthn-roaming webauthn-platform recovery-code' ;;
    'admin client') echo 'list create rotate delete' ;;
    'admin client create')
      echo '--scope --network --group --users --public-key --token-life --print-secrets' ;;
    'admin client rotate') echo '--yes --print-secrets' ;;
    'admin client delete') echo '--yes' ;;
    'admin log') echo "verify --follow --limit $user" ;;
  esac
  echo '--json --bus --help'
}

# The ids of the methods that the command line so far is about, one a line; none while the daemon is
# away. "$1": the account, where it is an argument instead of an option.
_twinlock_ids() {
  local -a where=(${1:+--user "$1"})
  local i
  for ((i = 1; i + 1 < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in --bus | --user) where+=("${COMP_WORDS[i]}" "${COMP_WORDS[++i]}") ;; esac
  done
  "${COMP_WORDS[0]}" list --json "${where[@]}" 2>/dev/null </dev/null |
    grep -o '"id":"[0-9A-Za-z]*"' | cut -d '"' -f 4
}

_twinlock() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  case $previous in
    --algorithm) mapfile -t COMPREPLY < <(compgen -W 'sha1 sha256 sha512' -- "$current"); return ;;
    --digits) mapfile -t COMPREPLY < <(compgen -W '6 8' -- "$current"); return ;;
    --period) mapfile -t COMPREPLY < <(compgen -W '30 60' -- "$current"); return ;;
    --user) mapfile -t COMPREPLY < <(compgen -u -- "$current"); return ;;
    --group) mapfile -t COMPREPLY < <(compgen -g -- "$current"); return ;;
    --scope) mapfile -t COMPREPLY < <(compgen -W 'full' -- "$current"); return ;;
    --output | --public-key) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --name | --bus | --limit | --network | --users | --token-life) return ;;
  esac

  # The commands typed so far; a word that is none of them is an argument, and ends them.
  local commands='' word i
  local -a arguments=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case $word in
      --bus | --name | --algorithm | --digits | --period | --user | --output | --limit | --scope | \
        --network | --group | --users | --public-key | --token-life)
        ((i++)); continue ;;
      -*) continue ;;
    esac
    if ((${#arguments[@]} == 0)) &&
      [[ " $(_twinlock_words "$commands" | tr '\n' ' ') " == *" $word "* ]]; then
      commands=${commands:+$commands }$word
    else
      arguments+=("$word")
    fi
  done

  if [[ $current != -* ]]; then
    case "$commands, ${#arguments[@]}" in
      'admin user show, 0' | 'admin user reset, 0' | 'admin user unlock, 0' | 'admin user resync, 0')
        mapfile -t COMPREPLY < <(compgen -u -- "$current")
        return ;;
      'admin user resync, 1')
        mapfile -t COMPREPLY < <(compgen -W "$(_twinlock_ids "${arguments[0]}")" -- "$current") ;;
      'remove, 0' | 'rename, 0')
        mapfile -t COMPREPLY < <(compgen -W "$(_twinlock_ids)" -- "$current") ;;
    esac
    ((${#COMPREPLY[@]} == 0)) || return
  fi
  mapfile -t COMPREPLY < <(compgen -W "$(_twinlock_words "$commands")" -- "$current")
}

complete -F _twinlock twinlock
