# shellcheck shell=bash
# Where cargo keeps what it built for the scripts: in the cache, one folder for each lock file and compiler, so that a fresh
# clone compiles the dependencies once. Sourced after lib.sh.

if [ -z "${CARGO_TARGET_DIR:-}" ]; then
    CARGO_TARGET_DIR="$CACHE/cargo-$( (cat "$ROOT/Cargo.lock" && rustc -V) | sha256sum | cut -c1-16)"
    export CARGO_TARGET_DIR
    if [ ! -d "$CARGO_TARGET_DIR" ]; then
        mkdir -p "$CARGO_TARGET_DIR"
        # The newest two stay: an older branch may still be in use.
        find "$CACHE" -maxdepth 1 -name 'cargo-*' -type d -printf '%T@ %p\n' | sort -rn | tail -n +3 | cut -d' ' -f2- |
            xargs -r rm -rf
    fi
fi

# Cargo tells apart what it built by times and by paths within the checkout, not by the checkout: after another one has been
# built here, an older file of this one would pass for built. So the project's own crates begin anew with each checkout.
if [ "$(cat "$CARGO_TARGET_DIR/checkout" 2>/dev/null)" != "$ROOT" ]; then
    for profile in dev release; do
        (cd "$ROOT" && cargo clean --quiet --profile "$profile" -p oms -p oms-tools -p oms-seed)
    done
    printf '%s' "$ROOT" >"$CARGO_TARGET_DIR/checkout"
fi
