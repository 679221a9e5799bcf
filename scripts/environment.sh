# Sourced by the Makefile's recipes and scripts: where the tools are and which SQLite is built.
WASM_BINDGEN_VERSION=0.2.128
TRUNK_VERSION=0.21.14
MATURIN_VERSION=1.15.0

export LIMBECK_TOOLS="${LIMBECK_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/limbeck}"
export LIMBECK_ORACLE="${LIMBECK_ORACLE:-$LIMBECK_TOOLS/oracle}"
# The reference programs' Python, with the SQLite below as its sqlite3 module.
export LIMBECK_ORACLE_PYTHON="$LIMBECK_ORACLE/python"
export PATH="$LIMBECK_TOOLS/bin:$PWD/node_modules/.bin:$PATH"

# One SQLite everywhere: wasm32 and the reference programs are built from the amalgamation that the
# native engine's crate carries.
if [ -z "${SQLITE_WASM_RS_SOURCE_DIR:-}" ]; then
    SQLITE_WASM_RS_SOURCE_DIR=$(cargo metadata --format-version 1 --locked 2>/dev/null |
        python3 -c 'import json, os, sys
for package in json.load(sys.stdin)["packages"]:
    if package["name"] == "libsqlite3-sys":
        print(os.path.join(os.path.dirname(package["manifest_path"]), "sqlite3"))')
    export SQLITE_WASM_RS_SOURCE_DIR
fi

# What a page never asks of SQLite costs every visitor bytes.
export SQLITE_WASM_RS_FLAGS="${SQLITE_WASM_RS_FLAGS:--USQLITE_ENABLE_FTS5 -USQLITE_ENABLE_RTREE -USQLITE_ENABLE_SESSION -USQLITE_ENABLE_PREUPDATE_HOOK -USQLITE_ENABLE_GEOPOLY -USQLITE_ENABLE_DBSTAT_VTAB -USQLITE_ENABLE_DBPAGE_VTAB -USQLITE_ENABLE_BYTECODE_VTAB -USQLITE_ENABLE_STMTVTAB -USQLITE_ENABLE_API_ARMOR -USQLITE_ENABLE_UNLOCK_NOTIFY -USQLITE_ENABLE_COLUMN_METADATA -USQLITE_ENABLE_OFFSET_SQL_FUNC -USQLITE_ENABLE_UNKNOWN_SQL_FUNCTION -DSQLITE_UNTESTABLE -DSQLITE_OMIT_AUTHORIZATION -DSQLITE_OMIT_TRACE -DSQLITE_OMIT_INCRBLOB}"
