#!/usr/bin/env bash
# Installs what a goal of the Makefile needs and is missing, and says what it does.
#
#   scripts/set-up.sh page      what building the page needs
#   scripts/set-up.sh test      that, and what the tests need: Chromium and the oracle; Firefox and WebKit where apt-get
#                               has them
#   scripts/set-up.sh oracle    the reference programs alone
#   scripts/set-up.sh packages  what building the wheel needs
#
# Tools of exact versions go to a folder of their own, $LIMBECK_TOOLS, which all checkouts share
# (by default ~/.cache/limbeck); nothing that a person already has is replaced.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environment.sh

say() { printf 'set-up: %s\n' "$*"; }
stop() { printf 'set-up: %s\n' "$*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo -n "$@"; else return 1; fi
}

apt_updated=
apt_install() {
    command -v apt-get >/dev/null || return 1
    if [ -z "$apt_updated" ]; then
        as_root apt-get update -qq >/dev/null 2>&1 || return 1
        apt_updated=yes
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# need COMMAND PACKAGE WHY
need() {
    command -v "$1" >/dev/null && return
    say "installing $2 with apt-get ($3)"
    apt_install "$2" || true
    command -v "$1" >/dev/null || stop "'$1' is missing ($3). Install the package '$2' of your system and run this again."
}

# wish COMMAND PACKAGE WHY: what the tests do without where it can't be installed
wish() {
    command -v "$1" >/dev/null && return
    say "installing $2 with apt-get ($3)"
    apt_install "$2" || say "$2 could not be installed; $3 will be skipped"
}

rust() {
    command -v cargo >/dev/null || stop "Rust is missing. Install it with rustup (https://rustup.rs) and run this again."
    rustc --version | awk '{ split($2, v, "."); exit !(v[1] > 1 || v[2] >= 95) }' ||
        stop "Rust 1.95 or newer is wanted; this is $(rustc --version). Run: rustup update stable"
    command -v cc >/dev/null || need cc gcc "a C compiler, for SQLite"
}

wasm_target() {
    local libraries
    libraries=$(rustc --print target-libdir --target wasm32-unknown-unknown)
    [ -d "$libraries" ] && return
    command -v rustup >/dev/null || stop "the target wasm32-unknown-unknown is missing, and there is no rustup to add it."
    say "adding the Rust target wasm32-unknown-unknown"
    rustup target add wasm32-unknown-unknown
}

# cargo_tool NAME VERSION MINUTES
cargo_tool() {
    if command -v "$1" >/dev/null && "$1" --version | grep -qw "$2"; then return; fi
    say "installing $1 $2 (about $3 minutes)"
    cargo install --locked --quiet --root "$LIMBECK_TOOLS" --version "$2" "${4:-$1}"
}

npm_packages() {
    command -v node >/dev/null || stop "Node is missing. Install Node 20 or newer (https://nodejs.org) and run this again."
    node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' ||
        stop "Node 20 or newer is wanted; this is $(node --version)."
    if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
        say "installing npm packages"
        npm ci --no-audit --no-fund --loglevel=error
        touch node_modules/.package-lock.json
    fi
}

postgresql() {
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && return
    wish initdb postgresql "the tests on PostgreSQL"
}

oracle() {
    command -v python3 >/dev/null || stop "Python 3 is missing. Install Python 3.11 or newer and run this again."
    if ! cmp -s tests/oracle/requirements.txt "$LIMBECK_ORACLE/requirements.txt"; then
        say "installing the reference programs (real Alembic) into $LIMBECK_ORACLE"
        rm -rf "$LIMBECK_ORACLE"
        python3 -m venv "$LIMBECK_ORACLE" 2>/dev/null || {
            apt_install python3-venv || true
            python3 -m venv "$LIMBECK_ORACLE"
        } || stop "python3 -m venv does not work. Install the venv module of your Python (Debian: python3-venv)."
        "$LIMBECK_ORACLE/bin/pip" install --quiet --disable-pip-version-check -r tests/oracle/requirements.txt
        cp tests/oracle/requirements.txt "$LIMBECK_ORACLE/requirements.txt"
    fi
    if [ ! -x "$LIMBECK_ORACLE_PYTHON" ]; then
        printf '#!/bin/sh\nLD_LIBRARY_PATH="%s" exec "%s" "$@"\n' \
            "$LIMBECK_ORACLE/sqlite" "$LIMBECK_ORACLE/bin/python" >"$LIMBECK_ORACLE_PYTHON"
        chmod +x "$LIMBECK_ORACLE_PYTHON"
    fi
    if [ ! -e "$LIMBECK_ORACLE/sqlite/libsqlite3.so.0" ]; then
        say "building SQLite 3.51.3 for the reference programs"
        mkdir -p "$LIMBECK_ORACLE/sqlite"
        cc -O2 -shared -fPIC -DSQLITE_ENABLE_COLUMN_METADATA -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_RTREE \
            -DSQLITE_ENABLE_DBSTAT_VTAB -Wl,-soname,libsqlite3.so.0 \
            -o "$LIMBECK_ORACLE/sqlite/libsqlite3.so.0.part" "$SQLITE_WASM_RS_SOURCE_DIR/sqlite3.c" -lpthread -lm -ldl
        mv "$LIMBECK_ORACLE/sqlite/libsqlite3.so.0.part" "$LIMBECK_ORACLE/sqlite/libsqlite3.so.0"
    fi
}

packages() {
    "$LIMBECK_TOOLS/maturin/bin/maturin" --version 2>/dev/null | grep -qw "$MATURIN_VERSION" && return
    say "installing maturin $MATURIN_VERSION"
    rm -rf "$LIMBECK_TOOLS/maturin"
    python3 -m venv "$LIMBECK_TOOLS/maturin"
    "$LIMBECK_TOOLS/maturin/bin/pip" install --quiet --disable-pip-version-check "maturin==$MATURIN_VERSION"
}

page() {
    rust
    wasm_target
    need clang clang "compiles SQLite for wasm32"
    clang --print-targets 2>/dev/null | grep -q wasm32 || stop "this clang can't compile for wasm32: $(command -v clang)."
    need llvm-ar llvm "archives SQLite for wasm32"
    cargo_tool wasm-bindgen "$WASM_BINDGEN_VERSION" 3 wasm-bindgen-cli
    cargo_tool trunk "$TRUNK_VERSION" 7
    npm_packages
}

case "${1:-}" in
page) page ;;
oracle) rust; oracle; postgresql ;;
test)
    page
    need chromium chromium "runs the browser tests"
    command -v firefox >/dev/null || wish firefox-esr firefox-esr "the browser tests in Firefox"
    wish WebKitWebDriver webkit2gtk-driver "the browser tests in WebKit"
    wish Xvfb xvfb "the browser tests in WebKit"
    oracle
    postgresql
    ;;
packages) rust; packages ;;
*) stop "say what for: page, test, oracle or packages" ;;
esac
