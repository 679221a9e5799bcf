//! `insert()`, `update()`, `delete()`.

use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::{
    Bound, Class, Declaration, Declared, FreeFunction, Interpreter, NativeObject, Value, function,
    method, property,
};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::elements::{self, Expression};
use sqlalchemy::name::Name;
use sqlalchemy::sql::{
    self, ConflictTarget, Delete, FromClause, Insert, InsertSource, OnConflict, OnConflictAction,
    Statement, Update,
};
use sqlalchemy::sqltypes::Type;

use super::compiler::{COMPILE, CompiledObject, compile_arguments};
use super::dml_texts::DML_TEXTS;
use super::elements::{CLAUSE_ELEMENT, EXECUTABLE};
use super::functions::condition;
use super::operators::{coerce, operand};
use super::plugin::OrmParts;
use super::select::{column_list, compile_statement, find_select, statement_text};
use super::selectable::{expect_from, from_value};
use crate::bindings::conversion::{self, find_clause};
use crate::bindings::orm;
use crate::bindings::sqlalchemy::schema::ColumnsObject;

/// INSERT, UPDATE or DELETE.
pub struct ChangeObject {
    /// The statement.
    pub statement: Statement,
}

/// `UpdateBase`: the methods of INSERT, UPDATE and DELETE.
static UPDATE_BASE: Declaration<ChangeObject> = Declaration {
    bases: &[&DML_TEXTS, &EXECUTABLE, &CLAUSE_ELEMENT],
    properties: &[property("table", |vm, this| match &this.statement {
        Statement::Insert(Insert { table, .. })
        | Statement::Update(Update { table, .. })
        | Statement::Delete(Delete { table, .. }) => Ok(from_value(vm, table)),
        _ => Ok(Value::None),
    })],
    methods: &[
        method("values", "self, *args, **kwargs", change_values),
        method("where", "self, *whereclause", change_where),
        method("filter", "self, *criteria", change_where),
        method("ordered_values", "self, *args", |vm, this, bound| {
            let mut entries = Vec::new();
            for pair in &bound.rest {
                if let Some([key, value]) = pair.as_items().as_deref() {
                    entries.push((key.clone(), value.clone()));
                }
            }
            Ok(match with_values(vm, &this.statement, entries, None)? {
                Statement::Update(mut update) => {
                    update.preserve_order = true;
                    changed(update)
                }
                other => changed(other),
            })
        }),
        method(
            "returning",
            "self, *cols, sort_by_parameter_order=False, **__kw",
            |vm, this, bound| {
                let sorted = bound.flag("sort_by_parameter_order");
                if sorted && !matches!(this.statement, Statement::Insert(_)) {
                    return Err(conversion::argument_error(
                        "The 'sort_by_parameter_order' argument to returning() only applies to \
                         INSERT statements",
                    ));
                }
                let columns = column_list(vm, &bound.rest)?;
                let given = std::mem::take(&mut bound.rest);
                let statement = OrmParts::change(&this.statement, |parts| {
                    if !parts.entities.is_empty() {
                        parts.returning.extend(given);
                    }
                });
                Ok(match statement {
                    Statement::Insert(mut insert) => {
                        insert.returning.extend(columns);
                        changed(insert)
                    }
                    Statement::Update(mut update) => {
                        update.returning.extend(columns);
                        changed(update)
                    }
                    Statement::Delete(mut delete) => {
                        delete.returning.extend(columns);
                        changed(delete)
                    }
                    other => changed(other),
                })
            },
        ),
        method(
            "from_select",
            "self, names, select, include_defaults=True",
            |vm, this, bound| {
                let (names, select) = (bound.value("names"), bound.value("select"));
                let mut keys = Vec::new();
                for name in vm.collect(&names)? {
                    keys.push(match name.as_text() {
                        Some(text) => text,
                        None => coerce(vm, &name)?.key().unwrap_or_default(),
                    });
                }
                let include = bound
                    .take_some("include_defaults")
                    .is_none_or(|value| value.as_bool() != Some(false));
                let Some(select) = find_select(&select) else {
                    return Err(vm.type_error("from_select() takes a SELECT"));
                };
                let Statement::Insert(mut insert) = this.statement.clone() else {
                    return Ok(bound.this().clone());
                };
                insert.source = InsertSource::Select(keys, select, include);
                Ok(changed(insert))
            },
        ),
        method("inline", "self", |_vm, this, _| {
            Ok(match this.statement.clone() {
                Statement::Insert(mut insert) => {
                    insert.inline = true;
                    changed(insert)
                }
                other => changed(other),
            })
        }),
        method(
            "on_conflict_do_nothing",
            "self, index_elements=None, index_where=None, constraint=None",
            |vm, this, bound| on_conflict(vm, this, bound, false),
        ),
        method(
            "on_conflict_do_update",
            "self, index_elements=None, set_=None, where=None, index_where=None, \
         constraint=None",
            |vm, this, bound| on_conflict(vm, this, bound, true),
        ),
        method(
            "on_duplicate_key_update",
            "self, *args, **kw",
            on_duplicate_key_update,
        ),
        method("execution_options", "self, **opt", |_, this, bound| {
            let options = std::mem::take(&mut bound.extra);
            Ok(changed(OrmParts::change(&this.statement, |parts| {
                parts.execution.extend(options);
            })))
        }),
        method("options", "self, *options", |_, this, bound| {
            let options = std::mem::take(&mut bound.rest);
            Ok(changed(OrmParts::change(&this.statement, |parts| {
                parts.options.extend(options);
            })))
        }),
        method("filter_by", "self, **kwargs", |vm, this, bound| {
            let parts = OrmParts::of(&this.statement);
            let mut conditions = Vec::new();
            let entity = orm::filter_entity(vm, &parts)?;
            for (name, value) in &std::mem::take(&mut bound.extra) {
                let entity = match &entity {
                    Some(entity) => entity.clone(),
                    None => vm.get_attribute(bound.this(), "table")?,
                };
                let condition = match &entity {
                    Value::Class(_) => orm::attribute_equals(vm, &entity, name, value)?,
                    table => {
                        let columns = vm.get_attribute(table, "c")?;
                        orm::attribute_equals(vm, &columns, name, value)?
                    }
                };
                conditions.push(condition);
            }
            filtered(vm, this, conditions)
        }),
        method("compile", COMPILE, |vm, this, bound| {
            let (dialect, literal) = compile_arguments(vm, bound)?;
            let compiled = vm.lend(|| compile_statement(&this.statement, &dialect, literal))?;
            CompiledObject::of(vm, compiled)
        }),
    ],
    ..Declaration::new("sqlalchemy.sql.dml.UpdateBase")
};

/// `Insert`, including the SQLite and PostgreSQL variants.
pub static INSERT: Declaration<ChangeObject> = Declaration {
    bases: &[&UPDATE_BASE],
    properties: &[
        property("excluded", |vm, this| new_row(vm, this, "excluded")),
        property("inserted", |vm, this| new_row(vm, this, "inserted")),
    ],
    ..Declaration::new("sqlalchemy.sql.dml.Insert")
};

/// `Update`.
static UPDATE: Declaration<ChangeObject> = Declaration {
    bases: &[&UPDATE_BASE],
    ..Declaration::new("sqlalchemy.sql.dml.Update")
};

/// `Delete`.
static DELETE: Declaration<ChangeObject> = Declaration {
    bases: &[&UPDATE_BASE],
    ..Declaration::new("sqlalchemy.sql.dml.Delete")
};

/// The classes of INSERT, UPDATE and DELETE.
pub static CLASSES: &[&dyn Declared] = &[&DML_TEXTS, &UPDATE_BASE, &INSERT, &UPDATE, &DELETE];

/// `insert`, also exported by the dialects.
pub static INSERT_FUNCTION: FreeFunction = function("insert", "table", |vm, bound| {
    insert(vm, &bound.value("table"))
});

/// `update`, `delete`.
pub static FUNCTIONS: &[FreeFunction] = &[
    function("update", "table", |vm, bound| {
        update(vm, &bound.value("table"))
    }),
    function("delete", "table", |vm, bound| {
        delete(vm, &bound.value("table"))
    }),
];

/// `insert(table)`.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for what is no table.
pub fn insert(vm: &mut Interpreter, table: &Value) -> Result<Value> {
    let made = Insert::new(target(vm, table)?).into();
    Ok(of_entity(made, table))
}

/// `update(table)`.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for what is no table.
pub fn update(vm: &mut Interpreter, table: &Value) -> Result<Value> {
    let made = Update::new(target(vm, table)?).into();
    Ok(of_entity(made, table))
}

/// `delete(table)`.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for what is no table.
pub fn delete(vm: &mut Interpreter, table: &Value) -> Result<Value> {
    let made = Delete::new(target(vm, table)?).into();
    Ok(of_entity(made, table))
}

/// The table that a statement changes: of a mapped class its own, not that of its parent.
fn target(vm: &mut Interpreter, table: &Value) -> Result<FromClause> {
    match conversion::find_table(table) {
        Some(table) => Ok(FromClause::Table(table)),
        None => expect_from(vm, table),
    }
}

/// Keeps the mapped class that a statement is about.
fn of_entity(statement: Statement, entity: &Value) -> Value {
    if !orm::is_mapped(entity) {
        return changed(statement);
    }
    let entity = entity.clone();
    changed(OrmParts::change(&statement, |parts| {
        parts.entities = vec![entity];
    }))
}

pub(super) fn changed(statement: impl Into<Statement>) -> Value {
    Value::native(ChangeObject {
        statement: statement.into(),
    })
}

/// One row of `values(...)`: keys and expressions.
fn row_values(
    vm: &mut Interpreter,
    table: &FromClause,
    entries: Vec<(Value, Value)>,
) -> Result<Vec<(Rc<str>, Expression)>> {
    let mut row = Vec::new();
    for (key, value) in entries {
        let name = match key.as_text() {
            Some(text) => text,
            None => match find_clause(vm, &key)?.and_then(|column| column.key()) {
                Some(name) => name,
                None => return Err(vm.type_error("the keys of values() are columns or names")),
            },
        };
        let expression = value_expression(vm, table, &name, &value)?;
        row.push((name, expression));
    }
    Ok(row)
}

fn value_expression(
    vm: &mut Interpreter,
    table: &FromClause,
    name: &str,
    value: &Value,
) -> Result<Expression> {
    let kind = table
        .column(name)
        .map_or_else(Type::null, |column| column.kind());
    Ok(match operand(vm, value)? {
        elements::Operand::Expression(expression) => expression,
        elements::Operand::Literal(literal) => {
            let kind = if kind.is_null() {
                elements::literal_type(&literal)
            } else {
                kind
            };
            Expression::BindParameter(Rc::new(elements::anonymous_parameter(name, literal, kind)))
        }
    })
}

fn entries_of(vm: &mut Interpreter, value: &Value) -> Result<Vec<(Value, Value)>> {
    match value.as_dict() {
        Some(dict) => Ok(dict.entries()),
        None => {
            let mut entries = Vec::new();
            for key in vm.collect(value)? {
                let item = vm.get_item(value, &key)?;
                entries.push((key, item));
            }
            Ok(entries)
        }
    }
}

fn change_values(
    vm: &mut Interpreter,
    this: &ChangeObject,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    let mut entries: Vec<(Value, Value)> = Vec::new();
    let mut rows = None;
    if let Some(first) = bound.rest.first() {
        match first {
            Value::List(_) => {
                let items = vm.collect(first)?;
                rows = Some(items);
            }
            Value::Tuple(items) => {
                let (Statement::Insert(Insert { table, .. })
                | Statement::Update(Update { table, .. })
                | Statement::Delete(Delete { table, .. })) = &this.statement
                else {
                    return Ok(bound.this().clone());
                };
                for (column, value) in table.columns().iter().zip(items.iter()) {
                    if let Some(key) = column.key() {
                        entries.push((Value::Str(key), value.clone()));
                    }
                }
            }
            other => entries = entries_of(vm, other)?,
        }
    }
    for (name, value) in std::mem::take(&mut bound.extra) {
        entries.push((Value::Str(name), value));
    }
    with_values(vm, &this.statement, entries, rows).map(changed)
}

/// A statement with values: by column or name, or several rows.
fn with_values(
    vm: &mut Interpreter,
    statement: &Statement,
    entries: Vec<(Value, Value)>,
    rows: Option<Vec<Value>>,
) -> Result<Statement> {
    let entity = OrmParts::of(statement).entities.into_iter().next();
    let by_column = |entries: Vec<(Value, Value)>| orm::by_column(entity.as_ref(), entries);
    let entries = by_column(entries);
    match statement.clone() {
        Statement::Insert(mut insert) => {
            insert.source = match rows {
                Some(rows) => {
                    let mut made = Vec::new();
                    for row in &rows {
                        let entries = by_column(entries_of(vm, row)?);
                        made.push(row_values(vm, &insert.table, entries)?);
                    }
                    InsertSource::MultiValues(made)
                }
                None => {
                    let mut row = match insert.source {
                        InsertSource::Values(row) => row,
                        _ => Vec::new(),
                    };
                    for (name, value) in row_values(vm, &insert.table, entries)? {
                        match row.iter_mut().find(|(known, _)| *known == name) {
                            Some(known) => known.1 = value,
                            None => row.push((name, value)),
                        }
                    }
                    InsertSource::Values(row)
                }
            };
            Ok(insert.into())
        }
        Statement::Update(mut update) => {
            for (key, value) in entries {
                let column = match key.as_text() {
                    Some(name) => match update.table.column(&name) {
                        Some(column) => column,
                        None => elements::column(name, None),
                    },
                    None => coerce(vm, &key)?,
                };
                let name = column.key().unwrap_or_default();
                let value = value_expression(vm, &update.table, &name, &value)?;
                update.values.push((column, value));
            }
            Ok(update.into())
        }
        other => Ok(other),
    }
}

fn change_where(vm: &mut Interpreter, this: &ChangeObject, bound: &mut Bound<'_>) -> Result<Value> {
    let mut conditions = Vec::new();
    for value in &bound.rest {
        conditions.push(condition(vm, value)?);
    }
    filtered(vm, this, conditions)
}

fn filtered(
    vm: &mut Interpreter,
    this: &ChangeObject,
    conditions: Vec<Expression>,
) -> Result<Value> {
    Ok(match this.statement.clone() {
        Statement::Update(mut update) => {
            update.filters.extend(conditions);
            changed(update)
        }
        Statement::Delete(mut delete) => {
            delete.filters.extend(conditions);
            changed(delete)
        }
        _ => return Err(vm.attribute_error("'Insert' object has no attribute 'where'")),
    })
}

fn conflict_target(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Option<ConflictTarget>> {
    let mut target = ConflictTarget::default();
    let mut given = false;
    if let Some(elements_) = bound.take_some("index_elements") {
        given = true;
        for item in vm.collect(&elements_)? {
            target.elements.push(match item.as_text() {
                Some(name) => elements::column(name, None),
                None => coerce(vm, &item)?,
            });
        }
    }
    if let Some(where_) = bound.take_some("index_where") {
        target.where_ = Some(condition(vm, &where_)?);
    }
    if let Some(constraint) = bound.take_some("constraint") {
        given = true;
        target.constraint = match constraint.as_text() {
            Some(name) => Some(name),
            None => vm.get_attribute(&constraint, "name")?.as_text(),
        };
    }
    Ok(given.then_some(target))
}

/// `excluded` and `inserted`: the columns of the row that an INSERT would add.
fn new_row(vm: &mut Interpreter, this: &ChangeObject, name: &str) -> Result<Value> {
    let Statement::Insert(insert) = &this.statement else {
        return Err(vm.attribute_error(format!("only INSERT has {name} columns")));
    };
    let columns = insert.table.columns();
    let columns = columns
        .iter()
        .filter_map(|column| Some((Name::new(column.key()?), column.kind())));
    let alias = sql::table(name, columns.collect(), None);
    Ok(ColumnsObject::of(alias.columns()))
}

fn on_duplicate_key_update(
    vm: &mut Interpreter,
    this: &ChangeObject,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    let argument_error = |text: &str| Err(Error::new("sqlalchemy.exc.ArgumentError", text));
    let Statement::Insert(mut insert) = this.statement.clone() else {
        return Err(vm.attribute_error("only INSERT has ON DUPLICATE KEY UPDATE"));
    };
    let keywords = std::mem::take(&mut bound.extra);
    let (entries, in_order) = match bound.rest.as_slice() {
        [] => {
            let given = keywords.into_iter();
            let entries = given.map(|(name, value)| (Value::Str(name), value));
            (entries.collect(), false)
        }
        _ if !keywords.is_empty() => {
            return argument_error("Can't pass kwargs and positional arguments simultaneously");
        }
        [values @ Value::List(_)] => {
            let mut entries = Vec::new();
            for pair in vm.collect(values)? {
                if let [key, value] = vm.collect(&pair)?.as_slice() {
                    entries.push((key.clone(), value.clone()));
                }
            }
            (entries, true)
        }
        [values] => (entries_of(vm, values)?, false),
        _ => {
            return argument_error(
                "Only a single dictionary or list of tuples is accepted positionally.",
            );
        }
    };
    if entries.is_empty() {
        return Err(vm.value_error("update parameter dictionary must not be empty"));
    }
    if !insert.on_conflict.is_empty() {
        return Err(conversion::invalid_request(
            "This Insert construct already has an ON DUPLICATE KEY clause present".to_owned(),
        ));
    }
    insert.on_conflict.push(OnConflict {
        target: None,
        action: OnConflictAction::DuplicateKey(row_values(vm, &insert.table, entries)?, in_order),
    });
    Ok(changed(insert))
}

fn on_conflict(
    vm: &mut Interpreter,
    this: &ChangeObject,
    bound: &mut Bound<'_>,
    update: bool,
) -> Result<Value> {
    let Statement::Insert(mut insert) = this.statement.clone() else {
        return Err(vm.attribute_error("only INSERT has ON CONFLICT"));
    };
    let target = conflict_target(vm, bound)?;
    let action = if update {
        let set = bound.value("set_");
        let entries = entries_of(vm, &set)?;
        let values = row_values(vm, &insert.table, entries)?;
        let where_ = match bound.take_some("where") {
            Some(value) => Some(condition(vm, &value)?),
            None => None,
        };
        OnConflictAction::Update(values, where_)
    } else {
        OnConflictAction::Nothing
    };
    insert.on_conflict.push(OnConflict { target, action });
    Ok(changed(insert))
}

impl NativeObject for ChangeObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(match self.statement {
            Statement::Insert(_) => &INSERT,
            Statement::Update(_) => &UPDATE,
            _ => &DELETE,
        })
    }

    fn str(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        vm.lend(|| statement_text(&self.statement, &Dialect::default_dialect(), false))
            .map(Some)
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Err(Error::new(
            "TypeError",
            "Boolean value of this clause is not defined",
        ))
    }
}
