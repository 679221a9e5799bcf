//! `sqlalchemy.dialects.postgresql`.

use ground::diagnostic::Result;
use python::{Arguments, Bound, FreeFunction, Interpreter, Registry, Value, function};
use sqlalchemy::elements::func;
use sqlalchemy::name::Name;

use super::EXCLUDE_CONSTRAINT;
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::sql;

use super::{Package, make};

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
};

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
        Ok(conversion::expression_value(&target))
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
