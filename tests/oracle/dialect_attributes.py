"""The plain attributes of SQLAlchemy's dialects, written as src/bindings/names/dialects.txt.

    dialect_attributes.py > src/bindings/names/dialects.txt

A line for each dialect: its name, then `attribute=value` of its default driver, of which those of `default` are
left out elsewhere.
"""

from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
from sqlalchemy.engine.default import DefaultDialect

# What the engine knows of a dialect object itself.
OWN = {"name", "default_schema_name", "server_version_info", "driver", "paramstyle"}


def plain(cls):
    found = {}
    for name in dir(cls):
        value = getattr(cls, name)
        if not name.startswith("_") and name not in OWN and (value is None or type(value) in (bool, int, str)):
            found[name] = value
    return found


common = plain(DefaultDialect)
for cls in (DefaultDialect, *(package.dialect for package in (mssql, mysql, oracle, postgresql, sqlite))):
    own = plain(cls)
    shown = own if cls is DefaultDialect else {n: v for n, v in own.items() if n not in common or common[n] != v}
    print(cls.name, *(f"{name}={value}" for name, value in sorted(shown.items())))
