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

# packages PACKAGE...: installs those Debian packages that are missing, and prints each step.
packages() {
    local missing=() package
    for package in "$@"; do
        if ! dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed'; then
            missing+=("$package")
        fi
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    have apt-get || fail "cannot install ${missing[*]}: apt-get is not on PATH" \
        "install these programs by this system's own means, then run the command again"
    say "installing ${missing[*]}"
    # One apt at a time: scripts may run side by side.
    local apt=(env DEBIAN_FRONTEND=noninteractive timeout --foreground -k 10 600 apt-get -o DPkg::Lock::Timeout=120
        -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 -o Acquire::Retries=2)
    exec 9>"/tmp/oms-apt.$(id -u).lock"
    flock -w 900 9 || fail "cannot install ${missing[*]}: another installation has been running for 15 minutes"
    if ! as_root "${apt[@]}" install -y -q --no-install-recommends "${missing[@]}" >/dev/null 2>&1 </dev/null; then
        say "refreshing the package lists"
        as_root "${apt[@]}" update -q >/dev/null </dev/null || fail "cannot refresh the package lists" "check the network, or run as root"
        as_root "${apt[@]}" install -y -q --no-install-recommends "${missing[@]}" >/dev/null </dev/null ||
            fail "cannot install ${missing[*]}" "run as root or with sudo: apt-get install ${missing[*]}"
    fi
    exec 9>&-
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
