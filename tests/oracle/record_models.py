"""Asks the real SQLAlchemy and SQLModel what each models/*.py means, and records it.

    python tests/oracle/record_models.py            # writes models.json
    python tests/oracle/record_models.py --check    # compares with it
    python tests/oracle/record_models.py FOLDER     # the same for the files of another folder

Every file binds `target_metadata`. Recorded: for each table in the order of sorted_tables, its
CREATE TABLE and CREATE INDEX texts on SQLite, and its repr. A file in models/errors/ records the
exception that it ends in.
"""

import contextlib
import io
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent


def ask(path):
    import runpy
    import warnings

    warnings.simplefilter("ignore")
    from sqlalchemy.dialects import postgresql, sqlite
    from sqlalchemy.schema import CreateIndex, CreateTable

    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            namespace = runpy.run_path(str(path), run_name=path.stem)
            from sqlalchemy.orm import configure_mappers

            configure_mappers()
    except Exception as error:
        # Where the reference is installed says nothing.
        message = str(error).replace(f" ({getattr(error, 'path', None)})", "")
        module = type(error).__module__
        name = type(error).__qualname__
        return {"error": [name if module == "builtins" else f"{module}.{name}", message]}
    answer = {}
    if "target_metadata" in namespace:
        tables = []
        for table in namespace["target_metadata"].sorted_tables:
            entry = {"name": table.fullname, "repr": re.sub(r"0x[0-9a-f]+", "0x", repr(table))}
            for name, dialect in (("sqlite", sqlite.dialect()), ("postgresql", postgresql.dialect())):
                try:
                    ddl = [str(CreateTable(table).compile(dialect=dialect))]
                    ddl += [str(CreateIndex(i).compile(dialect=dialect)) for i in sorted(table.indexes, key=lambda i: i.name)]
                except Exception as error:
                    ddl = [f"{type(error).__name__}: {error}"]
                entry[name] = ddl
            tables.append(entry)
        answer["tables"] = tables
    if printed.getvalue():
        answer["printed"] = printed.getvalue()
    return answer


def main():
    folder = HERE / "models"
    others = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    if others:
        folder = pathlib.Path(others[0])
    # Imported before the forks, so that each file costs a fork and not a start.
    import multiprocessing

    import sqlalchemy.dialects.postgresql  # noqa: F401
    import sqlalchemy.orm  # noqa: F401
    import sqlmodel  # noqa: F401

    paths = sorted(folder.rglob("*.py"))
    with multiprocessing.get_context("fork").Pool(2, maxtasksperchild=1) as pool:
        asked = pool.map(ask, paths, chunksize=1)
    answers = {str(path.relative_to(folder)): answer for path, answer in zip(paths, asked)}
    text = json.dumps(answers, indent=1, sort_keys=True) + "\n"
    recorded = folder.parent / f"{folder.name}.json"
    if "--check" in sys.argv:
        if recorded.read_text() != text:
            print("models.json differs from what the reference says")
            return 1
        return 0
    recorded.write_text(text)
    return 0


sys.exit(main())
