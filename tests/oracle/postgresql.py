"""A PostgreSQL server for the tests: Debian's, on a free port of the loopback interface, in a folder of its own.

    python tests/oracle/postgresql.py COMMAND ...

starts one, runs the command with its address in LIMBECK_POSTGRESQL (`127.0.0.1:54321`), and ends it. The superuser is
`postgres` and has no password; root gives the server to the user `postgres` or `nobody`, since initdb refuses root.
Where there is no PostgreSQL, the command runs without; on a build server, where CI is set, that is a failure.
"""

import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

# Nothing of it is worth keeping: no waiting for disks.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "32MB",
    "max_wal_size": "1GB",
    "timezone": "Etc/UTC",
    "log_min_messages": "fatal",
}


# A role that must say a password; all others need none.
RULES = "host all locked 127.0.0.1/32 scram-sha-256\nhost all locked_md5 127.0.0.1/32 md5\n"


def binaries():
    """The folder of initdb and postgres, the newest there is; None without."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return pathlib.Path(on_path).resolve().parent if on_path else None


def account():
    """Who runs the server: oneself, or for root somebody who may not do much."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    return None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running server; leaving the `with` block ends it and removes its folder."""

    def __init__(self, settings=None, authentication="trust"):
        self.settings = {**SETTINGS, **(settings or {})}
        self.authentication = authentication

    def __enter__(self):
        folder = binaries()
        if folder is None:
            raise RuntimeError("PostgreSQL's server is not installed (Debian: apt-get install postgresql)")
        # Who is told to end leaves the block, too, so that no server is left behind.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        self.folder = tempfile.mkdtemp(prefix="limbeck-postgresql-")
        user = account()
        self.identity = {}
        if user:
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self.data = f"{self.folder}/data"
        try:
            subprocess.run(
                [folder / "initdb", "-D", self.data, "-U", "postgres", "-A", self.authentication, "-E", "UTF8"]
                + ["--locale=C.UTF-8", "--no-sync"],
                check=True, capture_output=True, cwd=self.folder, env={**os.environ, "HOME": self.folder}, **self.identity,
            )  # fmt: skip
            rules = pathlib.Path(self.data, "pg_hba.conf")
            rules.write_text(RULES + rules.read_text())
            self.start(folder)
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self, folder):
        # Another program may take a port between its choice and its use.
        for _ in range(5):
            self.port = free_port()
            given = {**self.settings, "port": self.port, "unix_socket_directories": self.folder}
            options = [word for name, value in given.items() for word in ("-c", f"{name}={value}")]
            log = open(f"{self.folder}/log", "w")
            self.process = subprocess.Popen(
                [folder / "postgres", "-D", self.data, *options],
                stdout=log, stderr=log, cwd=self.folder, **self.identity,
            )  # fmt: skip
            while self.process.poll() is None:
                ready = [folder / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
                if subprocess.run(ready).returncode == 0:
                    return
                time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start: {pathlib.Path(self.folder, 'log').read_text()}")

    def __exit__(self, *_):
        process = getattr(self, "process", None)
        if process and process.poll() is None:
            try:
                # A fast shutdown: sessions that are left open end.
                process.send_signal(signal.SIGINT)
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"


@contextlib.contextmanager
def server():
    """The address of the server that LIMBECK_POSTGRESQL names, or of one that is started for this block."""
    named = os.environ.get("LIMBECK_POSTGRESQL")
    if named:
        yield named
        return
    with Server() as started:
        yield started.address


def main():
    command = sys.argv[1:]
    try:
        with server() as address:
            return subprocess.run(command, env={**os.environ, "LIMBECK_POSTGRESQL": address}).returncode
    except RuntimeError as error:
        if os.environ.get("CI"):
            sys.exit(f"postgresql.py: {error}")
        print(f"note: {error}; what wants PostgreSQL is not tested", file=sys.stderr)
        return subprocess.run(command).returncode


if __name__ == "__main__":
    sys.exit(main())
