// Projects that tests load: their files as window.limbeck.load takes them.

const ENVIRONMENT = `from alembic import context
from sqlalchemy import MetaData, create_engine

try:
    from models import metadata
except ImportError:
    metadata = MetaData()
engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
`;

const TEMPLATE = `"""\${message}

Revision ID: \${up_revision}
Revises: \${down_revision | comma,n}
Create Date: \${create_date}

"""
from alembic import op
import sqlalchemy as sa
\${imports if imports else ""}

revision = \${repr(up_revision)}
down_revision = \${repr(down_revision)}
branch_labels = \${repr(branch_labels)}
depends_on = \${repr(depends_on)}


def upgrade():
    \${upgrades if upgrades else "pass"}


def downgrade():
    \${downgrades if downgrades else "pass"}
`;

const python = (value) => (value === undefined ? "None" : Array.isArray(value) ? `(${value.map((one) => `'${one}', `).join("")})` : `'${value}'`);

/** The script of a revision. */
export const script = ({ id, message, down, label, depends, up = "pass", back = "pass" }) => `"""${message}

Revision ID: ${id}
Create Date: 2026-01-02 03:04:05

"""
from alembic import op
import sqlalchemy as sa

revision = '${id}'
down_revision = ${python(down)}
branch_labels = ${python(label && [label])}
depends_on = ${python(depends && [depends])}


def upgrade():
    ${up}


def downgrade():
    ${back}
`;

/** A project of these revisions and files. */
export function project(revisions, more = {}) {
  const files = {
    "alembic.ini": "[alembic]\nscript_location = alembic\nprepend_sys_path = .\nsqlalchemy.url = sqlite:///app.db\n",
    "alembic/env.py": ENVIRONMENT,
    "alembic/script.py.mako": TEMPLATE,
    ...more,
  };
  for (const one of revisions) files[`alembic/versions/${one.id}_.py`] = script(one);
  return { files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, { Text: text }])) };
}

export const load = (page, workspace) => page.evaluate((workspace) => window.limbeck.load(workspace), workspace);
