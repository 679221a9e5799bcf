//! `sqlalchemy.dialects.postgresql`.

use std::rc::Rc;

use ground::diagnostic::Result;
use python::{
    Arguments, Bound, Declaration, FreeFunction, Interpreter, Registry, Value, function, method,
};
use sqlalchemy::elements::{Expression, func};
use sqlalchemy::inspector::ReflectedDomain;
use sqlalchemy::name::Name;

use super::EXCLUDE_CONSTRAINT;
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::engine::{InspectorObject, inspector};
use crate::bindings::sqlalchemy::sql;

use super::{DEFAULT_DIALECT, DialectObject, Package, make};

/// The class of this database's dialects.
static PG_DIALECT: Declaration<DialectObject> = Declaration {
    bases: &[&DEFAULT_DIALECT],
    ..Declaration::new("sqlalchemy.dialects.postgresql.base.PGDialect")
};

pub(super) static PACKAGE: Package = Package {
    name: "postgresql",
    shared: &[
        "BIGINT",
        "BOOLEAN",
        "CHAR",
        "DATE",
        "DOUBLE_PRECISION",
        "FLOAT",
        "INTEGER",
        "NUMERIC",
        "REAL",
        "SMALLINT",
        "TEXT",
        "UUID",
        "VARCHAR",
    ],
    names: |vm, module| {
        let exclude = vm.class(&EXCLUDE_CONSTRAINT);
        module.functions(FUNCTIONS).class(&exclude)
    },
    dialect: &PG_DIALECT,
    version: || None,
    drivers: &[
        ("psycopg", "PGDialect_psycopg"),
        ("psycopg2", "PGDialect_psycopg2"),
        ("asyncpg", "PGDialect_asyncpg"),
        ("pg8000", "PGDialect_pg8000"),
    ],
    inspector: Some(&INSPECTOR),
};

/// `PGInspector`.
static INSPECTOR: Declaration<InspectorObject> = Declaration {
    bases: &[&inspector::INSPECTOR],
    methods: &[
        method(
            "get_table_oid",
            "self, table_name, schema=None",
            |vm, this, bound| {
                let schema = inspector::schema_argument(bound);
                let table = inspector::name_argument(vm, &bound.value("table_name"))?;
                let inspector = this.inspector.clone();
                let oid = vm.lend(|| inspector.get_table_oid(&table, schema.as_deref()))?;
                Ok(Value::Int(oid))
            },
        ),
        method("get_domains", "self, schema=None", |vm, this, bound| {
            let schema = inspector::schema_argument(bound);
            let inspector = this.inspector.clone();
            let domains = vm.lend(|| inspector.get_domains(schema.as_deref()))?;
            inspector::list(&domains, |domain| Ok(domain_value(domain)))
        }),
        method("get_enums", "self, schema=None", |vm, this, bound| {
            let schema = inspector::schema_argument(bound);
            let inspector = this.inspector.clone();
            let enums = vm.lend(|| inspector.get_enums(schema.as_deref()))?;
            inspector::list(&enums, |found| {
                Ok(Value::dict([
                    ("name", Value::Str(found.name.clone())),
                    ("schema", Value::Str(found.schema.clone())),
                    ("visible", Value::Bool(found.visible)),
                    ("labels", inspector::names(&found.labels)),
                ]))
            })
        }),
        method(
            "get_foreign_table_names",
            "self, schema=None",
            |vm, this, bound| {
                inspector::listed(vm, this, bound, |inspector, schema| {
                    inspector.get_foreign_table_names(schema)
                })
            },
        ),
        method(
            "has_type",
            "self, type_name, schema=None, **kw",
            |vm, this, bound| {
                let schema = inspector::schema_argument(bound);
                let name = inspector::name_argument(vm, &bound.value("type_name"))?;
                let inspector = this.inspector.clone();
                Ok(vm
                    .lend(|| inspector.has_type(&name, schema.as_deref()))?
                    .into())
            },
        ),
    ],
    ..Declaration::new("sqlalchemy.dialects.postgresql.base.PGInspector")
};

/// An entry of `get_domains`.
fn domain_value(domain: &ReflectedDomain) -> Value {
    let text = |text: &Option<Rc<str>>| text.clone().map_or(Value::None, Value::Str);
    let constraints = domain.constraints.iter().map(|(name, check)| {
        Value::dict([
            ("name", Value::Str(name.clone())),
            ("check", Value::Str(check.clone())),
        ])
    });
    Value::dict([
        ("name", Value::Str(domain.name.clone())),
        ("schema", Value::Str(domain.schema.clone())),
        ("visible", Value::Bool(domain.visible)),
        ("type", Value::Str(domain.type_.clone())),
        ("nullable", Value::Bool(domain.nullable)),
        ("default", text(&domain.default)),
        ("constraints", Value::list(constraints.collect())),
        ("collation", text(&domain.collation)),
        ("collation_schema", text(&domain.collation_schema)),
    ])
}

/// Registers the modules.
pub(super) fn register(registry: &mut Registry) {
    registry.add("sqlalchemy.dialects.postgresql", |vm| make(vm, &PACKAGE));
    registry.add("sqlalchemy.dialects.postgresql.base", |vm| {
        make(vm, &PACKAGE)
    });
    registry.add("sqlalchemy.dialects.postgresql.json", |vm| {
        make(vm, &PACKAGE)
    });
}

/// A call of a function that only this database has.
fn call(vm: &mut Interpreter, bound: &mut Bound<'_>, name: &str) -> Result<Value> {
    let generator = Value::native(sql::FunctionGenerator::new());
    let function = vm.get_attribute(&generator, name)?;
    let arguments = Arguments {
        positional: std::mem::take(&mut bound.rest),
        keyword: std::mem::take(&mut bound.extra),
    };
    vm.call(&function, arguments)
}

/// `aggregate_order_by`.
pub static AGGREGATE_ORDER_BY: Declaration<sql::ExpressionObject> = Declaration {
    bases: &[&sql::COLUMN_ELEMENT],
    ..Declaration::new("sqlalchemy.dialects.postgresql.ext.aggregate_order_by")
};

static FUNCTIONS: &[FreeFunction] = &[
    function("array", "clauses, *, type_=None, **kw", |vm, bound| {
        let clauses = bound.value("clauses");
        let mut items = Vec::new();
        for item in vm.collect(&clauses)? {
            items.push(sql::coerce(vm, &item)?);
        }
        let array = func(Vec::new(), Name::new("ARRAY"), items);
        Ok(conversion::expression_value(&array))
    }),
    function("aggregate_order_by", "target, *order_by", |vm, bound| {
        let target = bound.value("target");
        let target = sql::coerce(vm, &target)?;
        let mut order = Vec::with_capacity(bound.rest.len());
        for value in &bound.rest {
            order.push(sql::coerce(vm, value)?);
        }
        if order.is_empty() {
            return Err(conversion::argument_error(
                "at least one ORDER BY element is required",
            ));
        }
        let ordered = Expression::AggregateOrderBy(Rc::new(target), order.into());
        Ok(conversion::expression_value(&ordered))
    }),
    function("to_tsvector", "*args, **kwargs", |vm, bound| {
        call(vm, bound, "to_tsvector")
    }),
    function("to_tsquery", "*args, **kwargs", |vm, bound| {
        call(vm, bound, "to_tsquery")
    }),
    function("array_agg", "*args, **kwargs", |vm, bound| {
        call(vm, bound, "array_agg")
    }),
];
