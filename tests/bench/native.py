"""Native CPython's side of the page's bench (tests/bench/page.mjs): answers one request after the other.

A request and its answer are a line of JSON each. Alembic is warm, as in tests/bench/engine.py: imported once, while
each command loads env.py, the models and the revision files anew.

    {"make": "tables" | "revisions" | "hectic", "size": 100}       makes a project -> {"folder": "/…", "files": {path: text}}
    {"folder": "/…", "argv": [...]}                                -> {"seconds": …, "status": …, "output": …}
    {"folder": "/…", "remove": "alembic/versions/first_all.py"}    -> {}
    {"packages": "/….zip"}    writes the reference's packages, as Python source, for Pyodide -> {}

The projects go when it ends. They are in memory, where there is such a place, as the databases of pages are: a disk would
measure its own syncing.
"""

import itertools
import json
import os
import sys
import tempfile
import zipfile
from pathlib import Path

import alembic
import mako
import markupsafe
import sqlalchemy
import typing_extensions

from engine import Reference, models, project

HECTIC_TABLES = 200


def make(kind, size, folder):
    if kind == "tables":
        project(folder, models(size))
    elif kind == "revisions":
        project(folder, revisions=size)
    elif kind == "hectic":
        project(folder, models(HECTIC_TABLES), revisions=size)
    files = {path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}
    return {"folder": str(folder), "files": files}


def write_packages(target):
    """The packages that Alembic needs, without what was compiled for this machine: they run as pure Python then."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for package in (alembic, mako, markupsafe, sqlalchemy):
            folder = Path(package.__file__).parent
            for path in sorted(folder.rglob("*")):
                kept = path.is_file() and path.suffix not in (".so", ".pyd", ".pyc", ".pyi", ".pyx", ".c")
                if kept and "testing" not in path.relative_to(folder).parts:
                    archive.write(path, path.relative_to(folder.parent).as_posix())
            # SQLAlchemy asks for its own version in it.
            for path in sorted(folder.parent.glob(f"{package.__name__}-*.dist-info/METADATA")):
                archive.write(path, path.relative_to(folder.parent).as_posix())
        archive.write(typing_extensions.__file__, "typing_extensions.py")


def answer(request, reference, root, numbers):
    if "packages" in request:
        write_packages(request["packages"])
        return {}
    if "make" in request:
        return make(request["make"], request["size"], root / f"project{next(numbers)}")
    folder = Path(request["folder"])
    if "remove" in request:
        (folder / request["remove"]).unlink()
        return {}
    seconds, status, output = reference.run(folder, request["argv"])
    return {"seconds": seconds, "status": status or 0, "output": output}


def main():
    reference = Reference()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as root:
        numbers = itertools.count(1)
        for line in sys.stdin:
            print(json.dumps(answer(json.loads(line), reference, Path(root), numbers)), flush=True)


if __name__ == "__main__":
    main()
