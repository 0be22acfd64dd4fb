#!/usr/bin/env bash
# The scripted questions against private, freshly seeded databases, each with another shop. Fewer right answers, or more
# that are wrong without a word of doubt, than the bar fails. The bar only rises.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=scripts/cargo.sh
. "$ROOT/scripts/cargo.sh"
cd "$ROOT"

# On 2026-11-28 the eight `people-*` suites joined: 337 questions of an author who did not know the program. All questions
# together then came to 86.7 % and 4.5 %. From here the bar only rises.
# With three batches of fresh questions in (`first-look-*`), shop 1 came to 95.2 % and 1.4 %; of the counted third, 87.5 % and 4.1 %.
# `first-look-4` to `-7` joined: 440 items of an author who knew neither the rules nor the other suites, the last two hurried or in
# unusual words. All together came to 91.2 % and 2.5 % on shops 1 and 3; without those two, 94.5 % and 1.9 %.
accuracy=0.90
silent_wrong=0.03

cargo build --locked --quiet --bin oms
oms="$CARGO_TARGET_DIR/debug/oms"
folder=$(mktemp -d)
export XDG_DATA_HOME="$folder/data" XDG_STATE_HOME="$folder/state" XDG_CACHE_HOME="$folder/cache" XDG_CONFIG_HOME="$folder/config"
unset OMS_DB_URL
trap '"$oms" db stop >/dev/null 2>&1 || true; rm -rf "$folder"' EXIT

for seed in 1 2 3 4; do
    echo "shop $seed of 4"
    "$oms" --quiet db seed --orders 5000 --seed "$seed"
    "$oms" --brain rules eval --accuracy "$accuracy" --silent-wrong "$silent_wrong" \
        --report "${OMS_REPORTS:-$folder/reports}/shop-$seed" >"$folder/shop-$seed.txt" || {
        cat "$folder/shop-$seed.txt"
        fail "the answers on shop $seed are below the bar: accuracy $accuracy, silent wrong $silent_wrong"
    }
    sed -n 1,7p "$folder/shop-$seed.txt"
done

echo "with paraphrases"
"$oms" --brain rules eval --paraphrases --accuracy "$accuracy" --silent-wrong "$silent_wrong" | sed -n 1,9p
