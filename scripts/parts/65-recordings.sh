#!/usr/bin/env bash
# What language models said when they were recorded, against the program as it is, without a model: the same requests
# (instructions, tools, messages, parameters), calls of tools and rows, or it fails. Where what a model is told was changed, it
# is to be recorded anew (evals/README.md).
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=scripts/cargo.sh
. "$ROOT/scripts/cargo.sh"
cd "$ROOT"

cargo build --locked --quiet --bin oms
oms="$CARGO_TARGET_DIR/debug/oms"
folder=$(mktemp -d)
export XDG_DATA_HOME="$folder/data" XDG_STATE_HOME="$folder/state" XDG_CACHE_HOME="$folder/cache" XDG_CONFIG_HOME="$folder/config"
unset OMS_DB_URL
trap '"$oms" db stop >/dev/null 2>&1 || true; rm -rf "$folder"' EXIT

# The shop that was asked about.
within 300 "$oms" --quiet db seed --orders 2000 --seed 1
within 300 "$oms" --quiet --brain local eval --replay evals/recordings/embedded
