//! The `sqlalchemy` package: Python classes over the engine's schema items, types and expressions.

use crate::bindings::conversion;
use std::rc::Rc;

use ground::diagnostic::Result;
use python::{
    FreeFunction, Interpreter, Module, ModuleBuilder, ModuleMaker, Registry, Value, function,
};
use sqlalchemy::sqltypes::classes;

pub mod custom_element;
pub mod dialects;
pub mod engine;
pub mod extensions;
pub mod reflect;
pub mod schema;
pub mod sql;
pub mod types;

/// Whether the classes have been built.
#[derive(Default)]
struct Built(std::cell::Cell<bool>);

/// Builds the classes of schema items, expressions and statements, once.
pub fn build_classes(vm: &mut Interpreter) {
    let built = vm.extension::<Built>();
    if built.0.replace(true) {
        return;
    }
    for declared in sql::CLASSES.iter().copied().flatten() {
        vm.class(*declared);
    }
    for declared in schema::CLASSES {
        vm.class(*declared);
    }
    build_names(vm);
}

fn build_names(vm: &mut Interpreter) {
    vm.class(&conversion::CONV);
    vm.class(&conversion::QUOTED_NAME);
    vm.class(&dialects::DEFAULT_DIALECT);
}

fn with_classes(vm: &mut Interpreter, mut module: ModuleBuilder, names: &[&str]) -> ModuleBuilder {
    for dotted in names {
        if let Some(class) = vm.registered_class(dotted) {
            module = module.class(&class);
        }
    }
    module
}

const SCHEMA: &[&str] = &[
    "sqlalchemy.sql.schema.Column",
    "sqlalchemy.sql.schema.Table",
    "sqlalchemy.sql.schema.MetaData",
    "sqlalchemy.sql.schema.Constraint",
    "sqlalchemy.sql.schema.UniqueConstraint",
    "sqlalchemy.sql.schema.PrimaryKeyConstraint",
    "sqlalchemy.sql.schema.CheckConstraint",
    "sqlalchemy.sql.schema.ForeignKeyConstraint",
    "sqlalchemy.sql.schema.Index",
    "sqlalchemy.sql.schema.ForeignKey",
    "sqlalchemy.sql.schema.DefaultClause",
    "sqlalchemy.sql.schema.FetchedValue",
    "sqlalchemy.sql.schema.Computed",
    "sqlalchemy.sql.schema.Identity",
    "sqlalchemy.sql.schema.Sequence",
    "sqlalchemy.sql.schema.ColumnDefault",
];

const EXPRESSIONS: &[&str] = &[
    "sqlalchemy.sql.base.Executable",
    "sqlalchemy.sql.elements.ClauseElement",
    "sqlalchemy.sql.elements.ColumnElement",
    "sqlalchemy.sql.elements.ColumnClause",
    "sqlalchemy.sql.elements.BindParameter",
    "sqlalchemy.sql.elements.UnaryExpression",
    "sqlalchemy.sql.elements.BinaryExpression",
    "sqlalchemy.sql.elements.BooleanClauseList",
    "sqlalchemy.sql.elements.TextClause",
    "sqlalchemy.sql.elements.Label",
    "sqlalchemy.sql.elements.Cast",
    "sqlalchemy.sql.elements.Case",
    "sqlalchemy.sql.elements.Null",
    "sqlalchemy.sql.elements.True_",
    "sqlalchemy.sql.elements.False_",
    "sqlalchemy.sql.elements.quoted_name",
    "sqlalchemy.sql.functions.FunctionElement",
    "sqlalchemy.sql.functions.Function",
    "sqlalchemy.sql.operators.ColumnOperators",
    "sqlalchemy.sql.selectable.Exists",
    "sqlalchemy.sql.selectable.FromClause",
    "sqlalchemy.sql.selectable.TableClause",
    "sqlalchemy.sql.selectable.Join",
    "sqlalchemy.sql.selectable.Alias",
    "sqlalchemy.sql.selectable.Subquery",
    "sqlalchemy.sql.selectable.CTE",
    "sqlalchemy.sql.selectable.Select",
    "sqlalchemy.sql.selectable.CompoundSelect",
    "sqlalchemy.sql.selectable.TextualSelect",
    "sqlalchemy.sql.dml.Insert",
    "sqlalchemy.sql.dml.Update",
    "sqlalchemy.sql.dml.Delete",
];

/// The type classes that `sqlalchemy.types` has and `sqlalchemy` itself lacks.
const ONLY_TYPES: &[&str] = &[
    "JSONElementType",
    "JSONPathType",
    "MatchType",
    "NullType",
    "TableValueType",
    "TypeEngine",
    "UserDefinedType",
];

/// The type classes of `sqlalchemy.types`.
fn type_classes(vm: &mut Interpreter, module: ModuleBuilder) -> ModuleBuilder {
    type_classes_without(vm, module, &[])
}

/// The type classes of `sqlalchemy`.
fn exported_type_classes(vm: &mut Interpreter, module: ModuleBuilder) -> ModuleBuilder {
    type_classes_without(vm, module, ONLY_TYPES)
}

fn type_classes_without(
    vm: &mut Interpreter,
    mut module: ModuleBuilder,
    without: &[&str],
) -> ModuleBuilder {
    for class in classes::ALL {
        let public = class.dialect.is_empty() && !class.name.starts_with('_');
        if public && !without.contains(&class.name) {
            let python = types::python_class(vm, class);
            module = module.class(&python);
        }
    }
    let integer = types::python_class(vm, &classes::INTEGER);
    module.value("INT", Value::Class(integer))
}

fn make_sqlalchemy(vm: &mut Interpreter) -> Result<Rc<Module>> {
    build_classes(vm);
    let mut module = Module::build("sqlalchemy").value("__version__", "2.1.9");
    module = with_classes(vm, module, SCHEMA);
    module = with_classes(vm, module, EXPRESSIONS);
    module = exported_type_classes(vm, module);
    module = sql::expression_functions(vm, module);
    module = sql::ddl_statement(vm, module);
    module = module.value("BLANK_SCHEMA", Value::native(conversion::BlankSchema));
    module = engine::add_names(vm, module)?;
    Ok(module
        .attribute_hook(|vm, name| submodule(vm, "sqlalchemy", SUBMODULES.contains(&name), name))
        .build())
}

fn make_schema(vm: &mut Interpreter) -> Result<Rc<Module>> {
    build_classes(vm);
    let mut module = Module::build("sqlalchemy.schema");
    module = with_classes(vm, module, SCHEMA);
    module = with_classes(vm, module, &["sqlalchemy.sql.elements.conv"]);
    module = module.value("BLANK_SCHEMA", Value::native(conversion::BlankSchema));
    Ok(sql::ddl_names(vm, module).build())
}

static TO_INSTANCE: FreeFunction = function("to_instance", "typeobj, *arg, **kw", |vm, bound| {
    let kind = conversion::to_type(vm, &bound.value("typeobj"))?;
    Ok(types::type_value(vm, &kind))
});

fn make_types(vm: &mut Interpreter) -> Result<Rc<Module>> {
    build_classes(vm);
    let module = Module::build("sqlalchemy.types");
    let module = type_classes(vm, module);
    Ok(module
        .declared(&TO_INSTANCE)
        .value(
            "NULLTYPE",
            Value::native(types::TypeObject {
                kind: sqlalchemy::sqltypes::Type::null(),
            }),
        )
        .build())
}

fn make_sql(vm: &mut Interpreter) -> Result<Rc<Module>> {
    build_classes(vm);
    let mut module = Module::build("sqlalchemy.sql");
    module = with_classes(vm, module, SCHEMA);
    module = with_classes(vm, module, EXPRESSIONS);
    module = sql::expression_functions(vm, module);
    module = sql::ddl_names(vm, module);
    Ok(module.build())
}

fn make_expression(vm: &mut Interpreter) -> Result<Rc<Module>> {
    build_classes(vm);
    let mut module = Module::build("sqlalchemy.sql.expression");
    module = with_classes(vm, module, EXPRESSIONS);
    module = with_classes(vm, module, &["sqlalchemy.sql.elements.conv"]);
    Ok(sql::expression_functions(vm, module).build())
}

fn make_named(name: &'static str, vm: &mut Interpreter) -> Result<Rc<Module>> {
    build_classes(vm);
    let mut module = Module::build(name);
    module = with_classes(vm, module, SCHEMA);
    module = with_classes(vm, module, EXPRESSIONS);
    module = with_classes(vm, module, &["sqlalchemy.sql.elements.conv"]);
    if name == "sqlalchemy.sql.sqltypes" || name == "sqlalchemy.sql.type_api" {
        module = type_classes(vm, module);
    }
    if name == "sqlalchemy.sql.ddl" {
        module = sql::ddl_names(vm, module);
    }
    Ok(sql::expression_functions(vm, module).build())
}

/// Submodules that `import sqlalchemy` makes available; created on first use.
const SUBMODULES: &[&str] = &[
    "types", "sql", "schema", "util", "exc", "event", "pool", "engine", "dialects", "ext",
];

/// A submodule, as an attribute of its parent.
fn submodule(vm: &mut Interpreter, parent: &str, known: bool, name: &str) -> Result<Option<Value>> {
    if !known {
        return Ok(None);
    }
    vm.import(&format!("{parent}.{name}")).map(Some)
}

/// Registers the modules.
pub fn register(registry: &mut Registry) {
    let modules: &[(&'static str, ModuleMaker)] = &[
        ("sqlalchemy", make_sqlalchemy),
        ("sqlalchemy.schema", make_schema),
        ("sqlalchemy.types", make_types),
        ("sqlalchemy.sql", make_sql),
        ("sqlalchemy.sql.expression", make_expression),
        ("sqlalchemy.sql.schema", |vm| {
            make_named("sqlalchemy.sql.schema", vm)
        }),
        ("sqlalchemy.sql.elements", |vm| {
            make_named("sqlalchemy.sql.elements", vm)
        }),
        ("sqlalchemy.sql.selectable", |vm| {
            make_named("sqlalchemy.sql.selectable", vm)
        }),
        ("sqlalchemy.sql.functions", |vm| {
            make_named("sqlalchemy.sql.functions", vm)
        }),
        ("sqlalchemy.sql.sqltypes", |vm| {
            make_named("sqlalchemy.sql.sqltypes", vm)
        }),
        ("sqlalchemy.sql.type_api", |vm| {
            make_named("sqlalchemy.sql.type_api", vm)
        }),
        ("sqlalchemy.sql.ddl", |vm| {
            make_named("sqlalchemy.sql.ddl", vm)
        }),
        ("sqlalchemy.sql.dml", |vm| {
            make_named("sqlalchemy.sql.dml", vm)
        }),
        ("sqlalchemy.sql.base", |vm| {
            make_named("sqlalchemy.sql.base", vm)
        }),
    ];
    for (name, make) in modules {
        registry.add(name, *make);
    }
    dialects::register(registry);
    extensions::register(registry);
    engine::register(registry);
}
