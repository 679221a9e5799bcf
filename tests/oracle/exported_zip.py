"""Puts zips that the page exports before real Alembic, and makes one that the page imports.

    exported_zip.py check ZIP       what runs there prints what it printed on the page (JSON on standard input:
                                    a list of {"line", "status", "stdout"}), and the test that it carries passes
    exported_zip.py init ZIP        a project by real `alembic init`, with models and a revision
    exported_zip.py same OLD NEW    nothing of OLD is lost or changed in NEW but what is named after it:
                                    what is new in NEW is printed, as JSON
"""

import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import zipfile

PYTHON = os.environ.get("LIMBECK_ORACLE_PYTHON", sys.executable)
ALEMBIC = [PYTHON, "-m", "alembic"]

MODELS = '''from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Owner(Base):
    __tablename__ = "owner"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))


class Boat(Base):
    __tablename__ = "boat"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
'''


def run(folder, words):
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=80)
    return done.returncode, done.stdout, done.stderr


def unpack(archive, folder):
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None, "a file of the zip is broken"
        opened.extractall(folder)
    configs = sorted(pathlib.Path(folder).rglob("alembic.ini"), key=lambda path: len(path.parts))
    assert configs, "the zip has no alembic.ini"
    return configs[0].parent


def check(archive):
    expected = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        project = unpack(archive, folder)
        requirements = (project / "requirements.txt").read_text().splitlines()
        installed = run(folder, [PYTHON, "-m", "pip", "freeze", "--disable-pip-version-check"])[1].lower().splitlines()
        for line in requirements:
            assert line.lower() in installed or "==" not in line, f"{line} is not what the reference has"
        assert (project / "README.md").exists()
        # Its own test first: it must not need what the commands below do, nor do anything to the project.
        before = contents(project)
        status, stdout, stderr = run(project, [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"])
        assert status == 0, stdout + stderr
        assert contents(project) == before, "the test changes the project"
        print(stdout.strip().splitlines()[-1])
        for one in expected:
            words = shlex.split(one["line"])
            status, stdout, stderr = run(project, ALEMBIC + words[1:])
            assert status == one["status"], f"{one['line']}: {status} there, {one['status']} on the page\n{stdout}{stderr}"
            # Alembic itself prints several heads now in this order, now in that.
            lines = [sorted(text.splitlines()) for text in (stdout, one["stdout"])]
            assert lines[0] == lines[1], f"{one['line']}:\n{stdout}\non the page:\n{one['stdout']}"


def contents(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(pathlib.Path(folder).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def init(archive):
    with tempfile.TemporaryDirectory() as folder:
        project = pathlib.Path(folder) / "harbour"
        project.mkdir()
        assert run(project, ALEMBIC + ["init", "alembic"])[0] == 0
        (project / "models.py").write_text(MODELS)
        config = project / "alembic.ini"
        config.write_text(config.read_text().replace("driver://user:pass@localhost/dbname", "sqlite:///harbour.db"))
        environment = project / "alembic" / "env.py"
        text = environment.read_text()
        environment.write_text(text.replace("target_metadata = None", "from models import Base\n\ntarget_metadata = Base.metadata"))
        status, stdout, stderr = run(project, ALEMBIC + ["revision", "--autogenerate", "-m", "owners and boats"])
        assert status == 0, stdout + stderr
        (project / "harbour.db").unlink(missing_ok=True)
        # What a project on disk has beside it, and the page leaves out.
        (project / ".git").mkdir()
        (project / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
        (project / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
        (project / "notes.txt").write_bytes("windows\r\nlines, é\r\n".encode())
        (project / "empty").mkdir()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
            for path in sorted(project.rglob("*")):
                made.write(path, path.relative_to(folder))


def same(old, new):
    with tempfile.TemporaryDirectory() as folder:
        before = contents(unpack(old, folder + "/old"))
        after = contents(unpack(new, folder + "/new"))
        assert (pathlib.Path(folder) / "new" / "harbour" / "empty").is_dir(), "an empty folder is lost"
    for path in [".git/HEAD", "logo.png"]:
        del before[path]
    changed = [path for path in before if after.get(path) != before[path]]
    assert not changed, f"lost or changed: {changed}"
    print(json.dumps(sorted(set(after) - set(before))))


if __name__ == "__main__":
    {"check": check, "init": init, "same": same}[sys.argv[1]](*sys.argv[2:])
