#!/usr/bin/env bash
# Runs every check, one part after another, and prints the minutes of each. A part is a script in scripts/parts/, in the
# order of its number; `scripts/test.sh NAME...` runs only those whose file names contain one of the names.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

rows=()
failed=()
for part in "$ROOT"/scripts/parts/*.sh; do
    name=$(basename "$part" .sh)
    if [ $# -gt 0 ]; then
        wanted=no
        for word in "$@"; do [[ $name == *"$word"* ]] && wanted=yes; done
        [ $wanted = yes ] || continue
    fi
    printf '\n== %s\n' "$name"
    started=$(date +%s)
    outcome=passed
    if ! bash "$part" </dev/null; then
        outcome=FAILED
        failed+=("$name")
    fi
    seconds=$(($(date +%s) - started))
    rows+=("$(printf '%-24s %3d min %02d s  %s' "$name" $((seconds / 60)) $((seconds % 60)) "$outcome")")
    # What a failed part leaves makes the later ones hard to read; in CI they are run all the same, to tell everything.
    if [ $outcome = FAILED ] && [ -z "${CI:-}" ]; then break; fi
done

printf '\n'
printf '%s\n' "${rows[@]}"
printf '%d passed, %d failed\n' $((${#rows[@]} - ${#failed[@]})) ${#failed[@]}
[ ${#failed[@]} -eq 0 ]
