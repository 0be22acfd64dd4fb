#!/usr/bin/env bash
# Formatting of the Rust code, and the shell scripts where shellcheck can be had.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
cd "$ROOT"
cargo fmt --all --check
packages shellcheck
mapfile -t scripts < <(find scripts .ci -name '*.sh' -o -path .ci/run)
shellcheck -x -P SCRIPTDIR -P . "${scripts[@]}"
# What make runs can be run.
while read -r script; do
    [ -x "$script" ] || fail "$script cannot be run" "chmod +x $script"
done < <(grep -oE '@scripts/[a-z/-]+\.sh' Makefile | cut -c2-)
echo "formatting: cargo fmt, and shellcheck over ${#scripts[@]} scripts"
