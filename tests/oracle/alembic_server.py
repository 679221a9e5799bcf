"""Real Alembic, kept warm: one request a line on standard input, one answer a line on standard output.

A request is JSON: {"directory": ..., "argv": [...], "environment": {...}}, optionally with
"python": [...] to run `python FILE ...` instead of argv, or "flask": [...] for `flask ...`, and "seconds": after so many it is ended. The answer
is JSON: {"status", "stdout", "stderr"}.
Each request runs in a forked child, so that nothing a project does reaches the next one and the
price of importing SQLAlchemy is paid once.
"""

import json
import os
import runpy
import signal
import sys
import tempfile
import traceback

import alembic.autogenerate  # noqa: F401
import alembic.command  # noqa: F401
import alembic.config
import mako.template  # noqa: F401
import sqlalchemy.dialects.postgresql  # noqa: F401
import sqlalchemy.dialects.sqlite  # noqa: F401
import sqlalchemy.ext.asyncio  # noqa: F401
import sqlalchemy.orm  # noqa: F401
import sqlmodel  # noqa: F401


def run(request, stdout, stderr):
    """In the child: does what the request says and returns the exit status."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(stdout.fileno(), 1)
    os.dup2(stderr.fileno(), 2)
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stderr.reconfigure(encoding="utf-8")
    signal.alarm(request.get("seconds", 0))
    os.chdir(request["directory"])
    os.environ.update(request.get("environment", {}))
    os.environ.setdefault("COLUMNS", "80")
    sys.dont_write_bytecode = True
    status = 0
    try:
        if "python" in request:
            sys.argv = list(request["python"])
            sys.path.insert(0, request["directory"])
            runpy.run_path(sys.argv[0], run_name="__main__")
        elif "flask" in request:
            from flask.cli import main as flask_main

            sys.argv = ["flask", *request["flask"]]
            sys.path[0] = os.path.dirname(sys.executable)
            flask_main()
        else:
            sys.argv = ["alembic", *request["argv"]]
            sys.path[0] = os.path.dirname(sys.executable)
            alembic.config.main(argv=list(request["argv"]), prog="alembic")
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        if stop.code is not None and not isinstance(stop.code, int):
            print(stop.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return status & 255


def main():
    for line in sys.stdin:
        request = json.loads(line)
        with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    status = run(request, stdout, stderr)
                finally:
                    os._exit(status)
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            stdout.seek(0)
            stderr.seek(0)
            answer = {
                "status": status,
                "stdout": stdout.read().decode("utf-8", "replace"),
                "stderr": stderr.read().decode("utf-8", "replace"),
            }
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
