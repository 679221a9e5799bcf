// What an exported project carries beside its own files, so that a person with Python can go on with it.

// What the reference is, as in COMPAT.md; what else a project may import, without a version of ours.
const REFERENCE = { alembic: "alembic==1.20.1", sqlalchemy: "SQLAlchemy==2.1.9" };
const OTHERS = {
  sqlmodel: "sqlmodel==0.0.50",
  aiosqlite: "aiosqlite",
  flask_sqlalchemy: "Flask-SQLAlchemy",
  pydantic_settings: "pydantic-settings",
  dotenv: "python-dotenv",
  psycopg2: "psycopg2-binary",
  psycopg: "psycopg[binary]",
  asyncpg: "asyncpg",
  pymysql: "PyMySQL",
};
const TESTS = ["pytest==9.2.0", "pytest-alembic==0.13.1"];

const test = ({ heads, pending, levels }) => `"""Tests of the migrations, by pytest-alembic: python -m pytest ${levels}

They run on a copy of the project without its databases; nothing here is changed.
"""

import shutil
from pathlib import Path

import pytest
import sqlalchemy
from alembic.config import Config
from pytest_alembic.tests import (${heads.length > 1 ? "" : "\n    test_single_head_revision,"}${pending ? "" : "\n    test_model_definitions_match_ddl,"}
    test_up_down_consistency,
    test_upgrade,
)
${heads.length > 1 ? `
# There were several heads (${heads.join(", ")}) when this was written: merge them
# (alembic merge heads -m "..."), then import test_single_head_revision too.
` : ""}${pending ? `
# The models were ahead of the migrations when this was written: write a revision
# (alembic revision --autogenerate -m "..."), then import test_model_definitions_match_ddl too.
` : ""}
PROJECT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns("*.db", "*.sqlite", "*.sqlite3", "__pycache__", ".venv", "venv", ".git")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A copy of the project, which is the current folder while a test runs."""
    folder = tmp_path / "project"
    shutil.copytree(PROJECT, folder, ignore=LEFT_OUT)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def alembic_config(project):
    return {"file": str(project / "alembic.ini")}


@pytest.fixture
def alembic_engine(project):
    """An engine for the database that sqlalchemy.url names; env.py connects by itself."""
    config = Config(str(project / "alembic.ini"), toml_file=str(project / "pyproject.toml"))
    url = config.get_main_option("sqlalchemy.url") or "sqlite://"
    if url.startswith("driver://"):
        pytest.skip("sqlalchemy.url is still the one that alembic init writes")
    url = sqlalchemy.make_url(url)
    sqlite = url.get_backend_name() == "sqlite"
    engine = sqlalchemy.create_engine(url.set(drivername="sqlite") if sqlite else "sqlite://")
    yield engine
    engine.dispose()
`;

/** A URL of PostgreSQL, as a project's variables, configuration or code have it. */
const URL_OF_SERVER = /postgresql(?:\+(\w+))?:\/\/(?:([^\s:@/"']+)(?::([^\s@/"']*))?@)?[^\s:/?"']*(?::(\d+))?\/([\w-]+)/;

/** The server that a project for PostgreSQL connects to, as its URL has it; nothing for another project. */
function server({ files, environment }) {
  const texts = Object.entries(files).filter(([path, held]) => "Text" in held && /\.(ini|toml|py)$|(^|\/)\.env/.test(path));
  for (const text of [...Object.values(environment ?? {}), ...texts.map(([, held]) => held.Text)]) {
    const found = URL_OF_SERVER.exec(text);
    if (found) {
      const [, driver = "psycopg", user = "postgres", password = "postgres", port = "5432", database] = found;
      return { driver, user, password, port, database };
    }
  }
  return null;
}

const compose = ({ user, password, port, database }) => `# The server of this project's URL: docker compose up -d
services:
  postgres:
    image: postgres:18
    environment:
      POSTGRES_USER: ${JSON.stringify(user)}
      POSTGRES_PASSWORD: ${JSON.stringify(decodeURIComponent(password))}
      POSTGRES_DB: ${JSON.stringify(database)}
    ports:
      - "${port}:5432"
`;

const readme = ({ name, requirements, tests, database, server, composed }) => `# ${name}

A project with migrations, exported from Limbeck. The files are as they were there; ${tests ? "this one, " : ""}\`${requirements}\`${tests ? ` and \`${tests}\`` : ""} were added.

With Python 3.11 or newer, in this folder:

    python -m venv .venv
    . .venv/bin/activate                # Windows: .venv\\Scripts\\activate
    python -m pip install -r ${requirements}

${composed ? `    docker compose up -d                # the server, where you have none: its URL names localhost then

` : ""}    alembic history                     # the revisions
    alembic current                     # the current revision
    alembic upgrade heads               # apply the revisions not applied yet
    alembic downgrade -1                # go back one revision
    alembic check                       # are the models ahead of the migrations?
    alembic revision --autogenerate -m "what changes"
${tests ? `    python -m pytest ${tests}
` : ""}
${server ? "The rows of the database are not in it: `alembic upgrade heads` creates its tables on the server." : database ? `The database is \`${database}\`, with its rows.` : "It contains no database: `alembic upgrade heads` creates the one that `sqlalchemy.url` names."}
`;

/** Files by path; none of them is there already. */
export function documents({ name, workspace, heads, pending }) {
  const files = workspace.files;
  const config = Object.keys(files).filter((path) => /(^|\/)alembic\.ini$/.test(path)).sort((a, b) => a.split("/").length - b.split("/").length);
  const current = workspace.directory ? workspace.directory + "/" : "";
  const root = files[current + "alembic.ini"] || files[current + "pyproject.toml"] ? current : (config[0] ?? "").replace(/[^/]*$/, "");
  const free = (...names) => names.map((one) => root + one).find((path) => !files[path]);
  const python = Object.entries(files).filter(([path, held]) => path.endsWith(".py") && "Text" in held).map(([, held]) => held.Text).join("\n");
  const imports = (module) => new RegExp(`^\\s*(from|import)\\s+${module}\\b`, "m").test(python);
  const needs = Object.keys(OTHERS).filter((module) => imports(module) || (module === "aiosqlite" && Object.values(files).some((held) => held.Text?.includes("sqlite+aiosqlite"))));
  const requirements = free("requirements.txt", "requirements-alembic.txt", "requirements-limbeck.txt");
  const tests = free("tests/test_migrations.py", "tests/test_migrations_alembic.py");
  const about = free("README.md", "README-alembic.md", "README-limbeck.md");
  const databases = Object.keys(files).filter((path) => "Binary" in files[path]);
  const short = (path) => path?.slice(root.length);
  const made = {};
  // Its own test would need a server.
  const postgresql = server(workspace);
  const composed = postgresql && free("docker-compose.yml", "docker-compose.postgres.yml");
  if (composed) made[composed] = compose(postgresql);
  if (postgresql && OTHERS[postgresql.driver] && !needs.includes(postgresql.driver)) needs.push(postgresql.driver);
  if (requirements) made[requirements] = [...Object.values(REFERENCE), ...needs.map((module) => OTHERS[module]), ...(postgresql ? [] : TESTS)].join("\n") + "\n";
  if (tests && !postgresql) made[tests] = test({ heads, pending, levels: short(tests) });
  if (about) made[about] = readme({ name, requirements: short(requirements) ?? "requirements.txt", tests: postgresql ? undefined : short(tests), server: postgresql, composed, database: databases.length === 1 ? short(databases[0]) : databases.map(short).join("`, `") });
  return made;
}
