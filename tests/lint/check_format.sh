#!/bin/bash
# SPDX-License-Identifier: MIT
#
# check_format.sh ROOT: every C++ file is as .clang-format has it. Status 77 (skipped) where version
# 14 isn't installed: others format a little differently.
set -euo pipefail

command -v clang-format-14 >/dev/null || { echo "skipped: no clang-format-14 here"; exit 77; }
cd "$1"
mapfile -d '' files < <(find common pam_module daemon client tests \
  \( -name '*.h' -o -name '*.cpp' \) -print0)
clang-format-14 --dry-run --Werror "${files[@]}"
echo "${#files[@]} files, all formatted"
