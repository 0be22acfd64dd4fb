#!/usr/bin/env bash
# Runs every check, one part after another, and prints the minutes of each. A part is a script in scripts/parts/, in the
# order of its number; `scripts/test.sh NAME...` runs only those whose file names contain one of the names.
#
# Nothing can hang: each part has a time limit, and all together have one, and what a part leaves running is ended. In CI a
# part that failed is run once more, and told as such: machines that are shared stumble.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

# Seconds for all parts, and for one; the Rust part may have to compile every dependency, others to make images from nothing.
whole=${OMS_TEST_SECONDS:-4800}
limit() { case $1 in *-rust) echo 2400 ;; *-infrastructure | *-pipeline) echo 1800 ;; *) echo 1200 ;; esac; }

# run PART NAME: the part within its limit and within what is left of the whole; 124 where its time was over.
run() {
    local left=$((whole - SECONDS)) most
    most=$(limit "$2")
    [ "$left" -lt "$most" ] && most=$left
    if [ "$most" -lt 30 ]; then
        echo "not run: the $whole s for all parts are over"
        return 124
    fi
    python3 "$ROOT/scripts/run_part.py" "$most" bash "$1"
}

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
    started=$SECONDS
    outcome=passed
    status=0
    run "$part" "$name" || status=$?
    if [ $status -ne 0 ] && [ $status -ne 124 ] && [ -n "${CI:-}" ]; then
        printf '\n== %s, once more: it failed with status %s\n' "$name" "$status"
        outcome='passed at the second try'
        status=0
        run "$part" "$name" || status=$?
    fi
    if [ $status -ne 0 ]; then
        outcome=FAILED
        [ $status -eq 124 ] && outcome='FAILED: its time was over'
        failed+=("$name")
    fi
    seconds=$((SECONDS - started))
    rows+=("$(printf '%-24s %3d min %02d s  %s' "$name" $((seconds / 60)) $((seconds % 60)) "$outcome")")
    # What a failed part leaves makes the later ones hard to read; in CI they are run all the same, to tell everything.
    if [ $status -ne 0 ] && [ -z "${CI:-}" ]; then break; fi
done

printf '\n'
printf '%s\n' "${rows[@]}"
printf '%d passed, %d failed\n' $((${#rows[@]} - ${#failed[@]})) ${#failed[@]}
[ ${#failed[@]} -eq 0 ]
