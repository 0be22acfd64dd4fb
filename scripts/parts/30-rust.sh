#!/usr/bin/env bash
# Unit and integration tests of the Rust crates; they start their own database servers and stop them.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=scripts/cargo.sh
. "$ROOT/scripts/cargo.sh"
cd "$ROOT"
cargo test --workspace --locked --quiet
