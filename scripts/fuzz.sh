#!/usr/bin/env bash
# Runs each fuzz target for a minute (SECONDS_EACH), from the questions and statements of the tests on, and fails on the first
# finding: the text that made it stays in fuzz/artifacts/. The guard's target has a private server, which is stopped after.
# `scripts/fuzz.sh guard` runs that one only.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

each=${SECONDS_EACH:-60}
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(understand guard)
tools=$CACHE/cargo-fuzz
cd "$ROOT"

if [ ! -x "$tools/bin/cargo-fuzz" ]; then
    say "installing cargo-fuzz"
    cargo install --quiet --root "$tools" cargo-fuzz --version '^0.13' --locked ||
        fail "cannot install cargo-fuzz" "check the network and the C++ compiler, then run the command again"
fi
PATH=$tools/bin:$PATH
# The flags that count covered branches are of the nightly compiler; the stable one has them behind this word.
export RUSTC_BOOTSTRAP=1
export CARGO_TARGET_DIR=${FUZZ_TARGET_DIR:-$CACHE/fuzz}
# Without a sanitizer: this is safe Rust, what is looked for are panics, and the build takes half the time.
flags=(--dev --sanitizer none)

work=$(mktemp -d "${TMPDIR:-/tmp}/oms-fuzz.XXXXXX")
server=
cleanup() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap cleanup EXIT

# start_server: a MariaDB with the tests' shop on $work/socket; nothing but this user's processes reaches it.
start_server() {
    have mariadbd || packages mariadb-server
    say "starting a private server"
    mkdir "$work/tmp"
    mariadb-install-db --no-defaults --auth-root-authentication-method=normal --skip-test-db \
        --user="$(id -un)" --datadir="$work/data" >"$work/log" 2>&1 ||
        fail "cannot make the private server's files" "$(tail -n 3 "$work/log")"
    # The guard writes table names as the schema has them; here what was written is found in any case too.
    mariadbd --no-defaults --lower-case-table-names=1 --skip-networking --skip-log-bin --performance-schema=OFF --user="$(id -un)" \
        --datadir="$work/data" --tmpdir="$work/tmp" --socket="$work/socket" --pid-file="$work/pid" \
        --secure-file-priv="$work/tmp" --innodb-buffer-pool-size=64M --innodb-flush-log-at-trx-commit=0 >"$work/log" 2>&1 &
    server=$!
    local try
    for try in $(seq 300); do
        if mariadb --no-defaults --socket="$work/socket" --user=root --execute='SELECT 1' >/dev/null 2>&1; then break; fi
        kill -0 "$server" 2>/dev/null || fail "the private server ended" "$(tail -n 3 "$work/log")"
        [ "$try" -lt 300 ] || fail "the private server does not answer" "$(tail -n 3 "$work/log")"
        sleep 0.2
    done
    {
        echo 'CREATE DATABASE oms CHARACTER SET utf8mb4; USE oms;'
        cat seed/schema.sql tools/tests/shop.sql
    } | mariadb --no-defaults --default-character-set=utf8mb4 --socket="$work/socket" --user=root
}

# seeds TARGET FOLDER: one file for each text of the tests.
seeds() {
    mkdir -p "$2"
    case $1 in
        understand)
            # Questions stand at the margin, what they mean is indented.
            grep -v '^ ' src/brain/rules/tests/questions.txt | grep -v '^#' || true
            ;;
        guard)
            grep -v '^-- ' tools/tests/honest_selects.sql
            grep -v '^#' tools/tests/attacks.txt
            ;;
        *) fail "no fuzz target named \`$1\`" "there are understand and guard" ;;
    esac | grep -v '^$' | awk -v folder="$2" '{ gsub(/\\n/, "\n"); file = folder "/" NR; printf "%s", $0 > file; close(file) }'
}

# words TARGET: a dictionary of the target's own language, so that changes make words and not only letters.
words() {
    cat "$work/seeds-$1"/* | tr -cs "[:alnum:]_'<>=!" '\n' | grep -E '^[[:alnum:]_<>=!]{2,24}$' | sort -u |
        awk '{ printf "\"%s \"\n", $0 }'
}

for target in "${targets[@]}"; do
    seeds "$target" "$work/seeds-$target"
    words "$target" >"$work/$target.dict"
    environment=()
    if [ "$target" = guard ]; then
        [ -n "$server" ] || start_server
        environment=("OMS_FUZZ_SOCKET=$work/socket")
    fi
    say "building $target"
    cargo fuzz build "${flags[@]}" "$target" >&2
    say "running $target for $each s from $(find "$work/seeds-$target" -type f | wc -l) texts"
    mkdir -p "$work/found-$target" "fuzz/artifacts/$target"
    env "${environment[@]}" cargo fuzz run "${flags[@]}" "$target" "$work/found-$target" "$work/seeds-$target" -- \
        -max_total_time="$each" -timeout=10 -rss_limit_mb=2048 -max_len=12000 -dict="$work/$target.dict" \
        -print_final_stats=1 -print_funcs=0 -artifact_prefix="fuzz/artifacts/$target/" ||
        fail "$target has a finding: see fuzz/artifacts/$target" \
            "run it again: cargo fuzz run ${flags[*]} $target fuzz/artifacts/$target/FILE"
    say "$target: nothing found"
done
