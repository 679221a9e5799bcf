//! `_sqlalchemy_orm`: what the Python part of the ORM (`library/`) asks of the engine.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Class, FreeFunction, Instance, Interpreter, Module, NativeObject, Value, function,
};
use sqlalchemy::elements::{self, Expression, LabelName};
use sqlalchemy::exc;
use sqlalchemy::sql::{self as core, Select, SelectBase, Statement};

use super::Mapping;
use super::attribute::{Attribute, PropertyAttribute};
use super::decl_base::{self, Mapped, is_mapped};
use super::properties::{Property, PropertyKind};
use super::statements::{self, mapped_class_of};
use crate::bindings::conversion::{self, element_value, find_clause};
use crate::bindings::sqlalchemy::engine::{self, ResultObject};
use crate::bindings::sqlalchemy::schema::DefaultObject;
use crate::bindings::sqlalchemy::sql::{self, ChangeObject, OrmParts, SelectObject};

/// The mapped classes of an environment, in the order in which they were defined.
#[derive(Default)]
pub(super) struct MappedClasses {
    classes: RefCell<Vec<Class>>,
    /// Columns marked by `foreign()` and `remote()`.
    foreign: RefCell<Vec<Value>>,
    remote: RefCell<Vec<Value>>,
    /// The expressions of an alias's attributes, with the alias and the name.
    aliases: RefCell<Vec<(Value, Value, Value)>>,
}

impl MappedClasses {
    /// Adds a class.
    pub(super) fn add(&self, class: &Class) {
        self.classes.borrow_mut().push(class.clone());
    }

    /// Marks the column of `foreign(column)` or `remote(column)`.
    pub(super) fn mark(&self, name: &str, column: &Value) {
        match name {
            "foreign" => self.foreign.borrow_mut().push(column.clone()),
            _ => self.remote.borrow_mut().push(column.clone()),
        }
    }
}

/// A reference that does not keep its instance alive; called, it gives the instance or None.
struct Reference(Weak<Instance>);

impl NativeObject for Reference {
    fn class(&self, vm: &mut Interpreter) -> Class {
        conversion::known_class(vm, "weakref.ReferenceType")
    }

    fn call(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        _arguments: &Arguments,
    ) -> Result<Option<Value>> {
        Ok(Some(self.0.upgrade().map_or(Value::None, Value::Instance)))
    }
}

/// The statement behind a value.
fn statement_of(value: &Value) -> Option<Statement> {
    if let Some(select) = sql::find_select(value) {
        return Some(Statement::Select(select));
    }
    value
        .downcast::<ChangeObject>()
        .map(|object| object.statement.clone())
}

fn statement_value(statement: Statement) -> Value {
    match statement {
        Statement::Select(select) => sql::select_value(select),
        statement => Value::native(ChangeObject { statement }),
    }
}

fn select_of(vm: &mut Interpreter, value: &Value) -> Result<Select> {
    match sql::find_select(value) {
        Some(SelectBase::Select(select)) => Ok(select),
        _ => Err(vm.type_error("a SELECT is needed")),
    }
}

fn parts_of(value: &Value) -> OrmParts {
    statement_of(value).map_or_else(OrmParts::default, |statement| OrmParts::of(&statement))
}

fn mapping_of(vm: &mut Interpreter, value: &Value) -> Result<Rc<Mapping>> {
    mapped_class_of(value)
        .and_then(|class| Mapping::of(&class))
        .ok_or_else(|| vm.type_error("a mapped class is needed"))
}

fn is_expression(value: &Value) -> bool {
    matches!(value, Value::Native(_))
        && (conversion::find_expression(value).is_some()
            || value.downcast::<SelectObject>().is_some())
}

fn expressions(vm: &mut Interpreter, values: &Value) -> Result<Vec<Expression>> {
    let values = vm.collect(values)?;
    sql::column_list(vm, &values)
}

/// What a class maps itself: name, kind and what the name is mapped to.
fn own_attributes(vm: &mut Interpreter, mapping: &Mapping) -> Vec<Value> {
    let mut found = Vec::new();
    let properties = mapping.properties.borrow().clone();
    let mut entry = |key: &Rc<str>, kind: &str, value: Value| {
        found.push(Value::tuple(vec![
            Value::Str(key.clone()),
            Value::str(kind),
            value,
        ]));
    };
    for (key, mapped) in &properties {
        match mapped {
            Mapped::Column(column) => {
                let value = conversion::column_value(vm, column);
                entry(key, "column", value);
                if let Some(deferred) = mapping.deferred.borrow().get(key) {
                    entry(key, "deferred", deferred.clone());
                }
            }
            Mapped::Property(property) => {
                if property.kind == PropertyKind::Composite {
                    for (column, _) in property.columns() {
                        let value = conversion::column_value(vm, &column);
                        entry(&column.key(), "column", value);
                    }
                }
                entry(key, "property", Value::Native(property.clone()));
            }
        }
    }
    found
}

static FUNCTIONS: &[FreeFunction] = &[
    // Instances and classes
    function("ref", "obj", |vm, bound| match bound.value("obj") {
        Value::Instance(instance) => Ok(Value::native(Reference(Rc::downgrade(&instance)))),
        _ => Err(vm.type_error("an instance is needed")),
    }),
    function("new_instance", "class_", |vm, bound| {
        match bound.value("class_") {
            Value::Class(class) => Ok(Value::Instance(Rc::new(Instance::new(&class)))),
            _ => Err(vm.type_error("a class is needed")),
        }
    }),
    function("is_mapped_instance", "obj", |_, bound| {
        Ok(match bound.value("obj") {
            Value::Instance(instance) => Mapping::of(&instance.class()).is_some(),
            _ => false,
        }
        .into())
    }),
    function("unmapped", "obj", |vm, bound| {
        let class = vm.class_of(&bound.value("obj"));
        Err(Error::new(
            "sqlalchemy.orm.exc.UnmappedInstanceError",
            format!(
                "Class '{}.{}' is not mapped",
                class.module.borrow(),
                class.name()
            ),
        ))
    }),
    function("unmapped_class", "class_", |_, bound| {
        let name = match bound.value("class_") {
            Value::Class(class) => class.dotted_name(),
            _ => String::new(),
        };
        Err(Error::new(
            "sqlalchemy.orm.exc.UnmappedClassError",
            format!("Class '{name}' is not mapped"),
        ))
    }),
    function("mapped_class", "value", |_, bound| {
        let value = bound.value("value");
        let found = match &value {
            Value::Class(_) | Value::Instance(_) => mapped_class_of(&value),
            other => other
                .downcast::<super::mapper::MapperObject>()
                .map(|mapper| mapper.mapping.class.clone()),
        };
        Ok(found.into())
    }),
    function("is_mapped_class", "value", |_, bound| {
        Ok(match bound.value("value") {
            Value::Class(class) => is_mapped(&class),
            _ => false,
        }
        .into())
    }),
    function("is_entity", "value", |_, bound| {
        let value = bound.value("value");
        Ok(match &value {
            Value::Class(class) => Mapping::of(class).is_some(),
            Value::Instance(instance) => instance.attributes.contains_str("_aliased_class"),
            _ => false,
        }
        .into())
    }),
    function("mapped_classes", "", |vm, _| {
        let known = vm.extension::<MappedClasses>();
        let classes = known.classes.borrow().clone();
        Ok(Value::list(classes.into_iter().map(Value::Class).collect()))
    }),
    function("count_of_mapped_classes", "", |vm, _| {
        let known = vm.extension::<MappedClasses>();
        let count = known.classes.borrow().len();
        Ok(Value::int(count))
    }),
    function("registry_classes", "class_", |vm, bound| {
        let mapping = mapping_of(vm, &bound.value("class_"))?;
        let classes = mapping.registry.classes.borrow().clone();
        Ok(Value::dict(
            classes
                .into_iter()
                .map(|(name, class)| (name, Value::Class(class))),
        ))
    }),
    function("mapping", "class_", |vm, bound| {
        let mapping = mapping_of(vm, &bound.value("class_"))?;
        let attributes = own_attributes(vm, &mapping);
        let table = match &mapping.table {
            Some(table) => conversion::table_value(vm, table),
            None => Value::None,
        };
        let arguments = Value::Dict(Rc::new(mapping.arguments.copy()));
        Ok(Value::dict([
            (
                "registry",
                Value::native(super::registry::RegistryObject(mapping.registry.clone())),
            ),
            ("arguments", arguments),
            ("inherits", mapping.inherits.clone().into()),
            ("single", Value::Bool(mapping.single)),
            ("table", table),
            ("attributes", Value::list(attributes)),
        ]))
    }),
    function("property_parts", "value", |vm, bound| {
        let Some(property) = bound.value("value").downcast::<Property>() else {
            return Err(vm.type_error("a property is needed"));
        };
        let kind = format!("{:?}", property.kind);
        let keywords = property.arguments.keyword.clone();
        let container = property.container.borrow().clone();
        let annotation = match property.annotation.borrow().clone() {
            None => Value::None,
            Some(value) => {
                let text = match &value {
                    Value::Str(text) => text.to_string(),
                    other => vm.repr(other)?,
                };
                Value::tuple(vec![
                    Value::str(container.as_deref().unwrap_or("Mapped")),
                    value,
                    Value::str(text),
                ])
            }
        };
        Ok(Value::tuple(vec![
            Value::str(kind),
            Value::list(property.arguments.positional.clone()),
            Value::dict(keywords),
            annotation,
        ]))
    }),
    function("property_columns", "value", |vm, bound| {
        let Some(property) = bound.value("value").downcast::<Property>() else {
            return Err(vm.type_error("a property is needed"));
        };
        let mut columns = Vec::new();
        for (column, _) in property.columns() {
            columns.push(conversion::column_value(vm, &column));
        }
        Ok(Value::list(columns))
    }),
    function("install_relationship", "class_, key", |vm, bound| {
        let Value::Class(class) = bound.value("class_") else {
            return Err(vm.type_error("a class is needed"));
        };
        let key = bound.value("key").as_text().unwrap_or_default();
        let property = Property::new(PropertyKind::Relationship, Arguments::none());
        *property.key.borrow_mut() = Some(key.clone());
        *property.parent.borrow_mut() = Some(class.clone());
        decl_base::install(&class, &key, &Mapped::Property(Rc::new(property)));
        Ok(Value::None)
    }),
    function("hybrid", "value, owner", |vm, bound| {
        let (value, owner) = (bound.value("value"), bound.value("owner"));
        super::extensions::hybrid_expression(vm, &value, &owner)
    }),
    function("is_attribute", "value", |_, bound| {
        let value = bound.value("value");
        let found = value.downcast::<Attribute>().is_some()
            || value.downcast::<PropertyAttribute>().is_some();
        Ok(found.into())
    }),
    function("is_relationship", "value", |_, bound| {
        let attribute = bound.value("value").downcast::<PropertyAttribute>();
        Ok(attribute
            .is_some_and(|attribute| attribute.property.kind == PropertyKind::Relationship)
            .into())
    }),
    function("is_orm_class", "value", |_, bound| {
        Ok(match bound.value("value") {
            Value::Class(class) => class.is_named("sqlalchemy.orm.mapper.Mapper"),
            _ => false,
        }
        .into())
    }),
    function("remember_alias", "expression, alias, key", |vm, bound| {
        let expression = bound.value("expression");
        let known = vm.extension::<MappedClasses>();
        known.aliases.borrow_mut().push((
            expression.clone(),
            bound.value("alias"),
            bound.value("key"),
        ));
        Ok(expression)
    }),
    function("alias_attribute", "expression", |vm, bound| {
        let expression = bound.value("expression");
        let known = vm.extension::<MappedClasses>();
        let aliases = known.aliases.borrow();
        let found = aliases.iter().find(|(known, ..)| known.is(&expression));
        Ok(match found {
            Some((_, alias, key)) => {
                Value::tuple(vec![alias.clone(), key.clone(), Value::tuple(Vec::new())])
            }
            None => Value::None,
        })
    }),
    function("foreign_columns", "", |vm, _| {
        let known = vm.extension::<MappedClasses>();
        let columns = known.foreign.borrow().clone();
        Ok(Value::list(columns))
    }),
    function("remote_columns", "", |vm, _| {
        let known = vm.extension::<MappedClasses>();
        let columns = known.remote.borrow().clone();
        Ok(Value::list(columns))
    }),
    // Refusals and warnings
    function("unsupported", "what", |_, bound| {
        let what = bound.value("what").as_text().unwrap_or_default();
        Err(Error::unsupported(format!("{what} is not supported here")))
    }),
    function("warn", "text", |vm, bound| {
        let text = bound.value("text").as_text().unwrap_or_default();
        vm.run.warning("SAWarning", &text);
        Ok(Value::None)
    }),
    // Expressions
    function("column", "value", |vm, bound| {
        let value = bound.value("value");
        Ok(match conversion::find_column(&value) {
            Some(column) => conversion::column_value(vm, &column),
            None => Value::None,
        })
    }),
    function("is_expression", "value", |_, bound| {
        Ok(is_expression(&bound.value("value")).into())
    }),
    function("clause", "value", |vm, bound| {
        let value = bound.value("value");
        let clause = sql::condition(vm, &value)?;
        Ok(element_value(vm, &clause))
    }),
    function("clause_parts", "clause", |vm, bound| {
        let value = bound.value("clause");
        let clause = sql::condition(vm, &value)?;
        super::evaluator::parts(vm, &clause)
    }),
    function("adapt", "expression, pairs", |vm, bound| {
        let (expression, pairs) = (bound.value("expression"), bound.value("pairs"));
        let adapted = statements::adapt(vm, &expression, &pairs)?;
        Ok(element_value(vm, &adapted))
    }),
    function("equated", "condition", |vm, bound| {
        let value = bound.value("condition");
        let condition = sql::condition(vm, &value)?;
        let (pairs, rest) = statements::equated(&condition);
        let mut shown = Vec::new();
        for (left, right) in &pairs {
            let pair = vec![element_value(vm, left), element_value(vm, right)];
            shown.push(Value::tuple(pair));
        }
        let rest = rest.iter().map(|part| element_value(vm, part)).collect();
        Ok(Value::tuple(vec![Value::list(shown), Value::list(rest)]))
    }),
    function("foreign_key_constraints", "table", |vm, bound| {
        let Some(table) = conversion::find_table(&bound.value("table")) else {
            return Ok(Value::list(Vec::new()));
        };
        let mut found = Vec::new();
        for constraint in table.foreign_key_constraints() {
            let mut pairs = Vec::new();
            for key in constraint.elements() {
                let Some(column) = key.parent() else {
                    continue;
                };
                let referred = key.column().ok();
                let pair = vec![
                    conversion::column_value(vm, &column),
                    match &referred {
                        Some(column) => conversion::column_value(vm, column),
                        None => Value::None,
                    },
                ];
                pairs.push(Value::tuple(pair));
            }
            found.push(Value::list(pairs));
        }
        Ok(Value::list(found))
    }),
    function("evaluates_none", "column", |_, bound| {
        let column = conversion::find_column(&bound.value("column"));
        Ok(column
            .is_some_and(|column| {
                column
                    .kind()
                    .is_instance(&sqlalchemy::sqltypes::classes::JSON)
            })
            .into())
    }),
    function("is_computed", "column", |_, bound| {
        let column = conversion::find_column(&bound.value("column"));
        Ok(column
            .is_some_and(|column| column.computed().is_some())
            .into())
    }),
    function("same_value", "column, one, other", |vm, bound| {
        Ok(vm.equal(&bound.value("one"), &bound.value("other"))?.into())
    }),
    function("default_value", "default", |vm, bound| {
        use sqlalchemy::schema::ColumnDefault;
        let Some(default) = bound.value("default").downcast::<DefaultObject>() else {
            return Ok(Value::tuple(vec![false.into(), Value::None]));
        };
        let value = match &default.default {
            ColumnDefault::Scalar(value) => conversion::from_literal(vm, value)?,
            ColumnDefault::Callable(function) => {
                let literal = engine::call_default(vm, function)?;
                conversion::from_literal(vm, &literal)?
            }
            _ => return Ok(Value::tuple(vec![false.into(), Value::None])),
        };
        Ok(Value::tuple(vec![true.into(), value]))
    }),
    function("columns_of", "value", |vm, bound| {
        let columns = sql::column_list(vm, &[bound.value("value")])?;
        let shown = columns.iter().map(|column| element_value(vm, column));
        Ok(Value::list(shown.collect()))
    }),
    function("column_name", "column", |vm, bound| {
        let value = bound.value("column");
        Ok(match find_clause(vm, &value)? {
            Some(Expression::Column(column)) => Value::Str(column.key()),
            Some(expression) => match expression.label_name() {
                Some(LabelName::Plain(name)) => Value::Str(name.text()),
                _ => match &expression {
                    Expression::Function(function) => {
                        Value::str([function.name.as_str(), "_1"].concat())
                    }
                    _ => Value::str("anon_1"),
                },
            },
            None => Value::str("anon_1"),
        })
    }),
    function("labelled", "column, shown", |vm, bound| {
        let (column, shown) = (bound.value("column"), bound.value("shown"));
        let name = match conversion::find_column(&column) {
            Some(column) => match column.table() {
                Some(table) => format!("{}_{}", table.name().as_str(), column.name().as_str()),
                None => column.name().as_str().to_owned(),
            },
            None => return Ok(shown),
        };
        let expression = sql::condition(vm, &shown)?;
        let label = elements::label(&expression, Some(&name));
        Ok(conversion::expression_value(&label))
    }),
    function("selectable", "entity", |vm, bound| {
        let entity = bound.value("entity");
        let from = sql::expect_from(vm, &entity)?;
        Ok(sql::from_value(vm, &from))
    }),
    function("single_criterion", "class_", |vm, bound| {
        let criterion = statements::single_criterion(vm, &bound.value("class_"))?;
        Ok(criterion.map_or(Value::None, |it| conversion::expression_value(&it)))
    }),
    function("exists_of", "statement, outer", |vm, bound| {
        let select = select_of(vm, &bound.value("statement"))?;
        let outer = sql::expect_from(vm, &bound.value("outer"))?;
        let outer = tables_of(&outer);
        let exists = core::exists(SelectBase::Select(select.correlate(outer)));
        Ok(conversion::expression_value(&exists))
    }),
    function(
        "join",
        "left, right, onclause=None, isouter=False, full=False",
        |vm, bound| {
            let left = bound.value("left");
            sql::join(vm, &left, bound, false)
        },
    ),
    // Statements
    function("statement", "value", |_, bound| {
        let value = bound.value("value");
        Ok(match (&value, sql::find_select(&value)) {
            (Value::Instance(_), Some(select)) => sql::select_value(select),
            _ => value,
        })
    }),
    function("statement_kind", "statement", |_, bound| {
        let value = bound.value("statement");
        let kind = match statement_of(&value) {
            Some(Statement::Select(SelectBase::Select(_))) => "select",
            Some(Statement::Insert(_)) => "insert",
            Some(Statement::Update(_)) => "update",
            Some(Statement::Delete(_)) => "delete",
            _ => "other",
        };
        let options = parts_of(&value).execution;
        Ok(Value::tuple(vec![Value::str(kind), Value::dict(options)]))
    }),
    function("entities", "statement", |_, bound| {
        Ok(Value::list(parts_of(&bound.value("statement")).entities))
    }),
    function("count_of_parts", "statement", |vm, bound| {
        let statement = bound.value("statement");
        let entities = parts_of(&statement).entities.len();
        let columns = select_of(vm, &statement)?.columns().len();
        Ok(Value::int(if entities > 0 { entities } else { columns }))
    }),
    function("options", "statement", |_, bound| {
        Ok(Value::list(parts_of(&bound.value("statement")).options))
    }),
    function("from_statement", "statement", |_, bound| {
        Ok(parts_of(&bound.value("statement")).statement.into())
    }),
    function("returning", "statement", |_, bound| {
        Ok(Value::list(parts_of(&bound.value("statement")).returning))
    }),
    function("filter_entity", "statement", |vm, bound| {
        let parts = parts_of(&bound.value("statement"));
        Ok(statements::filter_entity(vm, &parts)?.into())
    }),
    function("reset_joinpoint", "statement", |vm, bound| {
        let select = select_of(vm, &bound.value("statement"))?;
        let statement = Statement::Select(select.into());
        Ok(statement_value(OrmParts::change(&statement, |parts| {
            parts.joined.clear();
        })))
    }),
    function("with_entities", "statement, entities", |vm, bound| {
        let select = select_of(vm, &bound.value("statement"))?;
        let entities = vm.collect(&bound.value("entities"))?;
        let statement = Statement::Select(select.into());
        Ok(statement_value(OrmParts::change(&statement, |parts| {
            parts.entities = entities;
        })))
    }),
    function("with_columns", "statement, columns", |vm, bound| {
        let select = select_of(vm, &bound.value("statement"))?;
        let columns = expressions(vm, &bound.value("columns"))?;
        Ok(sql::select_value(replaced(&select, columns)))
    }),
    function("with_returning", "statement, columns", |vm, bound| {
        let columns = expressions(vm, &bound.value("columns"))?;
        let Some(mut statement) = statement_of(&bound.value("statement")) else {
            return Err(vm.type_error("a statement is needed"));
        };
        match &mut statement {
            Statement::Insert(insert) => insert.returning = columns,
            Statement::Update(update) => update.returning = columns,
            Statement::Delete(delete) => delete.returning = columns,
            _ => {}
        }
        Ok(statement_value(statement))
    }),
    function("conditions", "statement", |_, bound| {
        let filters = match statement_of(&bound.value("statement")) {
            Some(Statement::Update(update)) => update.filters,
            Some(Statement::Delete(delete)) => delete.filters,
            _ => Vec::new(),
        };
        let shown = filters.iter().map(conversion::expression_value);
        Ok(Value::list(shown.collect()))
    }),
    function("assignments", "statement", |vm, bound| {
        let values = match statement_of(&bound.value("statement")) {
            Some(Statement::Update(update)) => update.values,
            _ => Vec::new(),
        };
        let mut shown = Vec::new();
        for (column, value) in &values {
            let column = element_value(vm, column);
            shown.push(Value::tuple(vec![
                column,
                conversion::expression_value(value),
            ]));
        }
        Ok(Value::list(shown))
    }),
    function("has_limit", "statement", |vm, bound| {
        let select = select_of(vm, &bound.value("statement"))?;
        Ok(select.is_limited().into())
    }),
    function("has_joins", "statement", |_, bound| {
        let joined = parts_of(&bound.value("statement")).joined;
        Ok((!joined.is_empty()).into())
    }),
    // Results and connections
    function("result", "names, rows, needs_unique=False", |vm, bound| {
        let mut names: Vec<Rc<str>> = Vec::new();
        for name in vm.collect(&bound.value("names"))? {
            names.push(name.as_text().unwrap_or_default());
        }
        let mut rows = Vec::new();
        for row in vm.collect(&bound.value("rows"))? {
            rows.push(vm.collect(&row)?);
        }
        let result = ResultObject::of_rows(names, rows);
        if bound.flag("needs_unique") {
            result.require_unique();
        }
        Ok(Value::native(result))
    }),
    function("unique", "result", |vm, bound| {
        vm.call_method(&bound.value("result"), "unique", Arguments::none())
    }),
    function("is_row", "value", |_, bound| {
        Ok(engine::is_row(&bound.value("value")).into())
    }),
    function("check_bind", "bind", |_, bound| {
        conversion::refuse_opaque(&bound.value("bind"), "The session's bind")?;
        Ok(Value::None)
    }),
    function("connect", "bind", |vm, bound| {
        let bind = bound.value("bind");
        if engine::to_connection(&bind).is_some() {
            return Ok(Value::tuple(vec![bind, false.into()]));
        }
        if engine::to_engine(&bind).is_some() {
            let connection = vm.call_method(&bind, "connect", Arguments::none())?;
            return Ok(Value::tuple(vec![connection, true.into()]));
        }
        if bind.is_none() {
            return Err(Error::new(
                exc::UNBOUND_EXECUTION_ERROR,
                "Could not locate a bind configured on session.",
            ));
        }
        // The mock connection of `--sql`, which is no connection to work on.
        Ok(Value::tuple(vec![bind, Value::None]))
    }),
];

/// The tables of a join, or the clause itself.
fn tables_of(from: &core::FromClause) -> Vec<core::FromClause> {
    match from {
        core::FromClause::Join(join) => {
            let mut found = tables_of(&join.left);
            found.extend(tables_of(&join.right));
            found
        }
        other => vec![other.clone()],
    }
}

/// The SELECT with other columns, from the same tables.
fn replaced(select: &Select, columns: Vec<Expression>) -> Select {
    let mut made = select.clone();
    if !select.has_joins() {
        let mut known: Vec<core::FromClause> =
            columns.iter().filter_map(Expression::table).collect();
        for column in select.columns() {
            if let Some(from) = column.table()
                && !known.iter().any(|other| other.ptr_eq(&from))
            {
                known.push(from.clone());
                made = made.select_from(from);
            }
        }
    }
    made.with_only_columns(columns)
}

/// Makes the module.
pub(super) fn make(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("_sqlalchemy_orm")
        .functions(FUNCTIONS)
        .build())
}
