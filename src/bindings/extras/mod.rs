//! Packages beside SQLAlchemy whose types and operations stand in models and migrations:
//! `sqlalchemy_utils`, `fastapi_users_db_sqlalchemy`, `alembic_utils`. They are written in Python.

use python::Registry;

/// The modules of `sqlalchemy_utils.types`.
const TYPES: [&str; 18] = [
    "sqlalchemy_utils.types",
    "sqlalchemy_utils.types.arrow",
    "sqlalchemy_utils.types.choice",
    "sqlalchemy_utils.types.color",
    "sqlalchemy_utils.types.country",
    "sqlalchemy_utils.types.currency",
    "sqlalchemy_utils.types.email",
    "sqlalchemy_utils.types.ip_address",
    "sqlalchemy_utils.types.json",
    "sqlalchemy_utils.types.locale",
    "sqlalchemy_utils.types.ltree",
    "sqlalchemy_utils.types.password",
    "sqlalchemy_utils.types.phone_number",
    "sqlalchemy_utils.types.scalar_list",
    "sqlalchemy_utils.types.timezone",
    "sqlalchemy_utils.types.ts_vector",
    "sqlalchemy_utils.types.url",
    "sqlalchemy_utils.types.uuid",
];

/// The modules of `alembic_utils`.
const ENTITIES: [&str; 12] = [
    "alembic_utils.exceptions",
    "alembic_utils.on_entity_mixin",
    "alembic_utils.pg_extension",
    "alembic_utils.pg_function",
    "alembic_utils.pg_grant_table",
    "alembic_utils.pg_materialized_view",
    "alembic_utils.pg_policy",
    "alembic_utils.pg_trigger",
    "alembic_utils.pg_view",
    "alembic_utils.replaceable_entity",
    "alembic_utils.reversible_op",
    "alembic_utils.statement",
];

/// Adds the modules.
pub fn register(registry: &mut Registry) {
    registry.add_source("sqlalchemy_utils", resource!("extras/sqlalchemy_utils.py"));
    for name in TYPES {
        registry.add_part(name, "sqlalchemy_utils", None);
    }
    registry.add_part("sqlalchemy_utils.functions", "sqlalchemy_utils", None);
    registry.add_part("sqlalchemy_utils.models", "sqlalchemy_utils", None);
    registry.add_source("alembic_utils", resource!("extras/alembic_utils.py"));
    for name in ENTITIES {
        registry.add_part(name, "alembic_utils", None);
    }
    let users = resource!("extras/fastapi_users.py");
    registry.add_source("fastapi_users_db_sqlalchemy", users);
    for name in [
        "fastapi_users_db_sqlalchemy.access_token",
        "fastapi_users_db_sqlalchemy.generics",
    ] {
        registry.add_part(name, "fastapi_users_db_sqlalchemy", None);
    }
}
