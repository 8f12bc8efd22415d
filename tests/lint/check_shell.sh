#!/bin/bash
# SPDX-License-Identifier: MIT
#
# check_shell.sh ROOT: shellcheck finds nothing in any shell script of the tree. Status 77 (skipped)
# where it isn't installed.
set -euo pipefail

command -v shellcheck >/dev/null || { echo "skipped: no shellcheck here"; exit 77; }
cd "$1"
mapfile -t scripts < <(grep -rlE '^#!/bin/(ba)?sh' scripts config tests .ci --include='*' |
  grep -v '/__pycache__/')
[ "${#scripts[@]}" -gt 5 ] || { echo "found too few scripts: ${scripts[*]}"; exit 1; }
shellcheck --external-sources "${scripts[@]}" scripts/sandboxing/*.sh
echo "${#scripts[@]} scripts, nothing found"
