#!/usr/bin/env bash
# Builds target/release/oms, installing what is missing first.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
bash "$ROOT/scripts/setup.sh"
# shellcheck source=scripts/cargo.sh
. "$ROOT/scripts/cargo.sh"

built="$CARGO_TARGET_DIR/release/oms"
say "building oms (release)"
(cd "$ROOT" && cargo build --release --locked --quiet --bin oms)
mkdir -p "$ROOT/target/release"
if ! cmp -s "$built" "$ROOT/target/release/oms"; then
    # A running one keeps its file.
    cp "$built" "$ROOT/target/release/oms.new"
    mv -f "$ROOT/target/release/oms.new" "$ROOT/target/release/oms"
fi
