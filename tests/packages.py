"""Builds the packages, installs each into an environment with nothing in it, and has it do its main job.

    python packages.py [--native MATURIN] [--release] [--page DIST]

With --native the crate by `cargo install` and the wheel by pip, with --page the npm package with that build of the page, which
a browser then loads from where npm has put it. What is built stays in target/packages.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "target/packages"

REVISION = '''"""users"""
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None


def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(50)))


def downgrade():
    op.drop_table("users")
'''


def run(*words, **options):
    words = [str(word) for word in words]
    ended = subprocess.run(words, text=True, capture_output=True, **options)
    if ended.returncode:
        sys.exit(f"{' '.join(words)} ends with {ended.returncode}:\n{ended.stdout}{ended.stderr}")
    return ended.stdout


def main_job(program, scratch):
    """A project is begun, upgraded and reviewed, with nothing else on the path."""
    project = Path(scratch) / "project"
    shutil.rmtree(project, ignore_errors=True)
    project.mkdir()
    options = {"cwd": project, "env": {"PATH": str(Path(program).parent), "HOME": scratch}}
    run(program, "init", "migrations", **options)
    ini = project / "alembic.ini"
    ini.write_text(ini.read_text().replace("driver://user:pass@localhost/dbname", "sqlite:///app.db"))
    (project / "migrations/versions/a1.py").write_text(REVISION)
    review = run(program, "review", **options)
    assert "  lossless: " in review, review
    run(program, "upgrade", "head", **options)
    assert run(program, "current", **options) == "a1 (head)\n"
    run(program, "downgrade", "base", **options)


def crates():
    """What `cargo publish` would upload, the libraries before the program."""
    names = ["limbeck-ground", "limbeck-python", "limbeck-driver", "limbeck-sqlalchemy", "limbeck"]
    run("cargo", "package", "--quiet", "--locked", "--no-verify", "--allow-dirty", "--target-dir", target(),
        *(word for name in names for word in ("--package", name)), cwd=ROOT)
    out = BUILT / "crates"
    out.mkdir(parents=True, exist_ok=True)
    for name in names:
        (built,) = (Path(target()) / "package").glob(f"{name}-[0-9]*.crate")
        shutil.copy(built, out)


def crate(release, scratch):
    root = Path(scratch) / "cargo"
    run("cargo", "install", "--quiet", "--locked", "--path", ROOT, "--root", root, "--target-dir", target(),
        *([] if release else ["--debug"]), cwd=ROOT)
    return root / "bin/limbeck"


def wheel(release, scratch, maturin):
    out = BUILT / "python"
    shutil.rmtree(out, ignore_errors=True)
    run(maturin, "build", "--quiet", "--locked", "--target-dir", target(), "--out", out, "--profile", "release" if release else "dev",
        cwd=ROOT / "packages/python")
    (built,) = out.glob("limbeck-*.whl")
    environment = Path(scratch) / "venv"
    venv.create(environment, with_pip=True)
    run(environment / "bin/pip", "install", "--quiet", "--no-index", "--disable-pip-version-check", built)
    with zipfile.ZipFile(built) as files:
        metadata = files.read(next(name for name in files.namelist() if name.endswith("/METADATA"))).decode()
    for line in ["Name: limbeck", "License-Expression: MIT OR Apache-2.0", "Summary: ", "Keywords: ", "Description-Content-Type: "]:
        assert f"\n{line}" in metadata, metadata
    return environment / "bin/limbeck"


def target():
    return os.environ.get("CARGO_TARGET_DIR", ROOT / "target")


def npm(page, scratch):
    folder = BUILT / "npm"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "packages/npm", folder)
    shutil.copytree(page, folder / "dist")
    for name in ["LICENSE-MIT", "LICENSE-APACHE", "NOTICE", "web/limbeck.d.ts"]:
        shutil.copy(ROOT / name, folder)
    packed = json.loads(run("npm", "pack", "--json", cwd=folder))
    packed = packed[0] if isinstance(packed, list) else next(iter(packed.values()))
    empty = Path(scratch) / "site"
    empty.mkdir()
    (empty / "package.json").write_text('{"private": true, "type": "module"}')
    run("npm", "install", "--no-audit", "--no-fund", "--offline", folder / packed["filename"], cwd=empty)
    return empty


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--native", metavar="MATURIN")
    parser.add_argument("--release", action="store_true")
    parser.add_argument("--page")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        if given.native:
            crates()
            main_job(crate(given.release, scratch), scratch)
            print("the crate is installed and works", flush=True)
            main_job(wheel(given.release, scratch, os.path.abspath(given.native)), scratch)
            print("the wheel is installed and works", flush=True)
        if given.page:
            site = npm(os.path.abspath(given.page), scratch)
            print(run("node", ROOT / "tests/packages.mjs", site, cwd=ROOT), end="")


main()
