#!/usr/bin/env bash
# clippy over all targets; warnings are errors.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=scripts/cargo.sh
. "$ROOT/scripts/cargo.sh"
cd "$ROOT"
cargo clippy --workspace --all-targets --locked --quiet -- -D warnings
echo "clippy: no warnings"
