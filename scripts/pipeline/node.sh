# shellcheck shell=bash
# Node's packages for the pipeline: installed once for each content of a lock file, then linked from the cache. Sourced,
# after scripts/lib.sh.

# npm_ci FOLDER TARGET: what a fresh `npm ci` of FOLDER's lock file gives, in TARGET.
npm_ci() {
    cp "$1/package.json" "$1/package-lock.json" "$1/.npmrc" "$2/"
    (cd "$2" && within 400 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-timeout=60000 --fetch-retries=2 </dev/null)
}

# node_modules FOLDER: fills FOLDER/node_modules, and leaves it alone where it is that of the lock file already.
node_modules() {
    local folder=$1 made hash
    hash=$(recipe_hash "$folder/package.json" "$folder/package-lock.json")
    [ "$(cat "$folder/node_modules/.oms-lock" 2>/dev/null)" != "$hash" ] || return 0
    made=$(cached "node-$(basename "$folder")" "$folder/package.json" "$folder/package-lock.json" -- npm_ci "$folder")
    rm -rf "$folder/node_modules"
    # Hard links where the cache is on the same file system: nothing writes into installed packages.
    cp -al "$made/node_modules" "$folder/node_modules" 2>/dev/null || cp -a "$made/node_modules" "$folder/node_modules"
    printf '%s\n' "$hash" >"$folder/node_modules/.oms-lock"
}
