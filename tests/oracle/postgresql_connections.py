"""Connections to a PostgreSQL server of every kind, made by real Alembic and by limbeck.

    python tests/oracle/postgresql_connections.py target/debug/limbeck

TLS in each mode, passwords from each place, service files, Unix sockets, options; then a command that is interrupted,
and two that run at once. What both print must be the same, but for what KNOWN says.
"""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import postgresql
import psycopg

# Texts that only one of them has, and what stands for both.
KNOWN = [
    # OpenSSL tells which names the certificate has.
    ('server certificate for "localhost" (and 1 other name) does not match', "server certificate does not match"),
]

ENV = """
import os
from sqlalchemy import create_engine, pool
from alembic import context
engine = create_engine(os.environ["URL"], poolclass=pool.NullPool)
with engine.connect() as connection:
    print(*connection.exec_driver_sql(
        "SELECT ssl, current_user, current_database(), current_setting('application_name'),"
        " current_setting('search_path') FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    ).one())
# What was asked has begun a transaction, in which the migrations would be lost.
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
"""

REVISION = """
from alembic import op
revision, down_revision = "a1", None
def upgrade():
    op.execute("CREATE TABLE slow (id integer)")
    op.execute("SELECT pg_sleep({seconds})")
def downgrade():
    op.execute("DROP TABLE slow")
"""


def project(folder, seconds):
    versions = folder / "migrations/versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = migrations\npath_separator = os\n")
    (folder / "migrations/env.py").write_text(ENV)
    (versions / "a1.py").write_text(REVISION.format(seconds=seconds))
    return folder


def certificate(folder):
    """A key and a certificate for localhost that signs itself."""
    subprocess.run(
        ["openssl", "req", "-new", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        + ["-addext", "subjectAltName=DNS:localhost", "-keyout", f"{folder}/server.key", "-out", f"{folder}/server.crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    os.chmod(f"{folder}/server.key", 0o600)
    user = postgresql.account()
    if user:
        for path in (folder, f"{folder}/server.key", f"{folder}/server.crt"):
            os.chown(path, user.pw_uid, user.pw_gid)
        os.chmod(folder, 0o755)


def connections(port, socket_folder, root):
    """A name, a URL and variables for each kind."""
    at = f"127.0.0.1:{port}/app"
    driver = "postgresql+psycopg2"
    for mode in ("disable", "prefer", "verify-ca", "nonsense"):
        yield f"{driver}://postgres@{at}?sslmode={mode}", {}
    yield f"{driver}://postgres@localhost:{port}/app?sslmode=verify-full&sslrootcert={root}", {}
    for password in (":right%20one", ":wrong", ""):
        yield f"{driver}://locked{password}@{at}", {}
    yield f"{driver}://?service=none", {"PGSERVICEFILE": "{home}/services"}
    for driver in ("postgresql+psycopg",):
        for mode in ("disable", "prefer", "require", "verify-ca", "verify-full", "nonsense"):
            yield f"{driver}://postgres@{at}?sslmode={mode}", {}
        for mode in ("require", "verify-ca", "verify-full"):
            yield f"{driver}://postgres@{at}?sslmode={mode}&sslrootcert={root}", {}
            yield f"{driver}://postgres@localhost:{port}/app?sslmode={mode}&sslrootcert={root}", {}
        yield f"{driver}://postgres@{at}?sslmode=require&sslrootcert=system", {}
        yield f"{driver}://postgres@{at}", {"PGSSLMODE": "verify-ca", "PGSSLROOTCERT": root}
        for role in ("locked", "locked_md5"):
            for password in (":right%20one", ":wrong", ""):
                yield f"{driver}://{role}{password}@{at}", {}
            yield f"{driver}://{role}@{at}", {"PGPASSWORD": "right one"}
            yield f"{driver}://{role}@{at}", {"HOME": "{home}"}
            yield f"{driver}://{role}@{at}", {"PGPASSFILE": "{home}/.pgpass"}
            yield f"{driver}://{role}@{at}?passfile=/nowhere", {}
        yield f"{driver}://", {"PGSERVICE": "mine", "PGSERVICEFILE": "{home}/services"}
        yield f"{driver}://?service=mine", {"PGSERVICEFILE": "{home}/services", "PGUSER": "postgres"}
        yield f"{driver}://?service=none", {"PGSERVICEFILE": "{home}/services"}
        yield f"{driver}://postgres@/app?host={socket_folder}&port={port}", {}
        yield f"{driver}://postgres@/app", {"PGHOST": socket_folder, "PGPORT": str(port)}
        yield f"{driver}://postgres@{at}?application_name=one&options=-csearch_path%3Dpublic", {}
        yield f"{driver}://postgres@{at}", {"PGAPPNAME": "two", "PGOPTIONS": "-c search_path=pg_catalog"}
        yield f"{driver}://postgres@{at}?connect_timeout=5", {}
        yield f"{driver}://postgres@{at}?options=-cnonsense%3D1", {}


def compare(programs, folder, port, server, root):
    bad = count = worked = 0
    home = folder / "home"
    home.mkdir()
    (home / ".pgpass").write_text(f"nowhere:*:*:*:no\n127.0.0.1:{port}:app:locked:right one\n*:*:*:locked_md5:right one\n")
    (home / ".pgpass").chmod(0o600)
    (home / "services").write_text(f"[other]\nuser=no\n[mine]\nhost=127.0.0.1\nport={port}\ndbname=app\nuser=postgres\n")
    place = project(folder / "project", 0)
    for url, variables in connections(port, server.folder, root):
        variables = {name: value.format(home=home) for name, value in variables.items()}
        environment = {**os.environ, "HOME": "/nowhere", "USER": "postgres", "COLUMNS": "80", **variables, "URL": url}
        answers = []
        for program in programs:
            done = subprocess.run([*program, "current"], cwd=place, env=environment, capture_output=True, text=True)
            # Of a failure what the traceback ends with.
            text = done.stderr.split("sqlalchemy.exc.")[-1] if "Traceback" in done.stderr else ""
            for theirs, both in KNOWN:
                text = text.replace(theirs, both)
            answers.append((done.returncode, done.stdout, text))
        count += 1
        worked += answers[0][0] == 0
        if answers[0] != answers[1]:
            bad += 1
            print(f"{url} {variables}\n  alembic {answers[0]}\n  limbeck {answers[1]}")
    print(f"{count} connections, {worked} of them made, {bad} differ")
    return bad == 0 and worked * 3 > count


def interrupted(program, folder, control, port):
    """Ctrl+C in the middle of a statement: it ends at once, and nothing of the revision stays."""
    place = project(folder / "interrupted", 60)
    environment = {**os.environ, "URL": f"postgresql://postgres@127.0.0.1:{port}/app"}
    process = subprocess.Popen(
        [*program, "upgrade", "head"], cwd=place, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()"
    while control.execute(running).fetchone()[0] == 0 and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    status = process.wait(30)
    left = control.execute(f"{running} AND state = 'active'").fetchone()[0]
    tables = control.execute("SELECT count(*) FROM pg_tables WHERE tablename = 'slow'").fetchone()[0]
    print(f"interrupted: status {status}, {left} statements still run, {tables} tables stayed")
    return status != 0 and left == 0 and tables == 0


def at_once(programs, folder, control, port):
    """Two upgrades at once: one of them finds that the other made the table."""
    # Long enough for the second to begin while the first is at it, on a busy machine too.
    place = project(folder / "at-once", 5)
    environment = {**os.environ, "URL": f"postgresql://postgres@127.0.0.1:{port}/app"}
    answers = []
    for program in programs:
        control.execute("DROP TABLE IF EXISTS slow")
        control.execute("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
        control.execute("DELETE FROM alembic_version")
        running = [
            subprocess.Popen(
                [*program, "upgrade", "head"], cwd=place, env=environment, stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, text=True,
            )
            for _ in range(2)
        ]  # fmt: skip
        ended = [(process.communicate(timeout=60)[1].split("sqlalchemy.exc.")[-1], process.returncode) for process in running]
        failures = sorted(text for text, status in ended if status)
        rows = control.execute("SELECT version_num FROM alembic_version").fetchall()
        answers.append((sorted(status for _, status in ended), failures, rows))
    print(f"two at once: {'the same' if answers[0] == answers[1] else answers}")
    return answers[0] == answers[1] and answers[0][0] == [0, 1]


def main():
    limbeck = [str(pathlib.Path(sys.argv[1]).resolve())]
    programs = [[sys.executable, "-m", "alembic"], limbeck]
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        keys = folder / "keys"
        keys.mkdir()
        certificate(keys)
        settings = {"ssl": "on", "ssl_cert_file": f"{keys}/server.crt", "ssl_key_file": f"{keys}/server.key"}
        try:
            server = stack.enter_context(postgresql.Server(settings))
        except RuntimeError as error:
            if os.environ.get("CI"):
                raise
            print(f"note: {error}; connections to it are not compared", file=sys.stderr)
            return 0
        control = stack.enter_context(
            psycopg.connect(host="127.0.0.1", port=server.port, user="postgres", autocommit=True)
        )
        control.execute("CREATE DATABASE app")
        control.execute("CREATE ROLE locked LOGIN PASSWORD 'right one'")
        control.execute("SET password_encryption = 'md5'")
        control.execute("CREATE ROLE locked_md5 LOGIN PASSWORD 'right one'")
        own = stack.enter_context(
            psycopg.connect(host="127.0.0.1", port=server.port, user="postgres", dbname="app", autocommit=True)
        )
        fine = compare(programs, folder, server.port, server, f"{keys}/server.crt")
        fine &= interrupted(limbeck, folder, own, server.port)
        fine &= at_once(programs, folder, own, server.port)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
