# shellcheck shell=bash
# Shared by the scripts: saying what is done, installing what is missing, caching what is slow to make. Sourced, not run.
# It never changes the working folder, and installs nothing that is there already.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/oms
export ROOT CACHE

say() { printf '%s\n' "$*" >&2; }

# fail CAUSE [HINT...]: says what failed and what to do next, and ends the script.
fail() {
    say "$1"
    shift
    local hint
    for hint in "$@"; do say "hint: $hint"; done
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# within SECONDS PROGRAM...: ends the program when it takes longer, and gives 124 then. Whatever waits for a network, a
# daemon or another process is run through it: nothing here may wait for ever.
within() { timeout --foreground -k 10 "$@"; }

# as_root COMMAND...: as it is for root, with sudo for others, who are asked for a password only where they can type one.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif have sudo; then
        if [ -t 0 ]; then sudo "$@"; else sudo -n "$@"; fi
    else
        return 1
    fi
}

# apt_get LOG ARGUMENT...: apt-get that asks nothing and ends by itself: a mirror, a lock or a package's script that hangs is given
# up. What packages start (a database, an engine) inherits nothing of ours: neither the lock nor a log that a CI reads to
# its end, which would then never come.
apt_get() {
    local log=$1
    shift
    as_root env DEBIAN_FRONTEND=noninteractive timeout --kill-after=30 900 apt-get -q -y -o Acquire::Retries=2 \
        -o Acquire::http::Timeout=60 -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 </dev/null 9>&-
}

# packages PACKAGE...: installs those Debian packages that are missing, and prints each step.
packages() {
    local missing=() package log
    for package in "$@"; do
        if ! dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed'; then
            missing+=("$package")
        fi
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    have apt-get || fail "cannot install ${missing[*]}: apt-get is not on PATH" \
        "install these programs by this system's own means, then run the command again"
    say "installing ${missing[*]}"
    log=$(mktemp)
    # One apt at a time: scripts may run side by side.
    exec 9>"/tmp/oms-apt.$(id -u).lock"
    flock -w 1200 9 || fail "cannot install ${missing[*]}: another installation does not end" "look for apt-get in ps aux"
    if ! apt_get "$log" install --no-install-recommends "${missing[@]}"; then
        say "refreshing the package lists"
        apt_get "$log" update || fail "cannot refresh the package lists: $(tail -n 1 "$log")" "check the network, or run as root"
        apt_get "$log" install --no-install-recommends "${missing[@]}" ||
            fail "cannot install ${missing[*]}: $(tail -n 1 "$log")" "run as root or with sudo: apt-get install ${missing[*]}"
    fi
    exec 9>&-
    rm -f "$log"
}

# recipe_hash FILE...: one hash over the contents of the files that make something.
recipe_hash() { cat "$@" | sha256sum | cut -c1-16; }

# cached NAME RECIPE_FILE... -- COMMAND...: the folder of what COMMAND makes, made once for each content of the recipe
# files. COMMAND is run with the new folder as its last argument; a folder is there only when it was made wholly.
cached() {
    local name=$1 files=() folder making
    shift
    while [ "$1" != -- ]; do files+=("$1"); shift; done
    shift
    folder="$CACHE/$name-$(recipe_hash "${files[@]}")"
    if [ ! -d "$folder" ]; then
        mkdir -p "$CACHE"
        making=$(mktemp -d "$CACHE/making-$name.XXXXXX")
        say "making $name (kept in the cache)"
        if ! "$@" "$making" >&2; then
            rm -rf "$making"
            fail "cannot make $name"
        fi
        mv -T "$making" "$folder" 2>/dev/null || rm -rf "$making"
    fi
    printf '%s\n' "$folder"
}
