//! Schema items: tables, columns, constraints, indexes, defaults.

use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::{Interpreter, Value};
use sqlalchemy::elements::Expression;
use sqlalchemy::schema::{
    Autoincrement, Column, ColumnArgument, ColumnDefault, ColumnItem, Computed, Constraint,
    DefaultClause, FetchedValue, ForeignKey, ForeignKeyTarget, Identity, Index, IndexExpression,
    MetaData, ReferenceArgument, Sequence, ServerDefault, Table, TableItem,
};

use super::{argument_error, find_clause, opaque_name, refuse_opaque, to_literal};
use crate::bindings::sqlalchemy::schema::{
    ColumnObject, ComputedObject, ConstraintObject, DefaultObject, ForeignKeyObject,
    IdentityObject, IndexObject, MetaDataObject, SequenceObject, ServerDefaultObject, TableObject,
    Wrappers,
};

/// The table, if the value is one or a mapped class.
pub fn find_table(value: &Value) -> Option<Table> {
    match value {
        Value::Native(_) => value
            .downcast::<TableObject>()
            .map(|object| object.table.clone()),
        Value::Class(class) => class
            .lookup("__table__")
            .and_then(|table| find_table(&table)),
        _ => None,
    }
}

/// The column, if the value is one or stands for one, as attributes of mapped classes do.
pub fn find_column(value: &Value) -> Option<Column> {
    if let Some(object) = value.downcast::<ColumnObject>() {
        return Some(object.column.clone());
    }
    let Value::Native(object) = value else {
        return None;
    };
    let column = object.stands_for()?.downcast::<Column>().ok()?;
    Some((*column).clone())
}

/// A metadata, if the value is one.
pub fn find_metadata(value: &Value) -> Option<MetaData> {
    value
        .downcast::<MetaDataObject>()
        .map(|object| object.metadata.clone())
}

/// A constraint, if the value is one.
pub fn find_constraint(value: &Value) -> Option<Constraint> {
    value
        .downcast::<ConstraintObject>()
        .map(|object| object.constraint.clone())
}

/// An index, if the value is one.
pub fn find_index(value: &Value) -> Option<Index> {
    value
        .downcast::<IndexObject>()
        .map(|object| object.index.clone())
}

/// A positional argument of `Table(...)` or `op.create_table(...)`.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for anything that is no schema item.
pub fn table_item(vm: &mut Interpreter, value: &Value) -> Result<TableItem> {
    if let Some(column) = find_column(value) {
        return Ok(TableItem::Column(column));
    }
    if let Some(object) = value.downcast::<ConstraintObject>() {
        return Ok(TableItem::Constraint(object.constraint.clone()));
    }
    if let Some(object) = value.downcast::<IndexObject>() {
        return Ok(TableItem::Index(object.index.clone()));
    }
    Err(not_a_schema_item(vm, value)?)
}

/// A positional argument of `Column(...)`.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for anything that is no schema item.
pub fn column_item(vm: &mut Interpreter, value: &Value) -> Result<ColumnItem> {
    if let Some(object) = value.downcast::<ForeignKeyObject>() {
        return Ok(ColumnItem::ForeignKey(object.foreign_key.clone()));
    }
    if let Some(object) = value.downcast::<ConstraintObject>() {
        return Ok(match &object.constraint {
            Constraint::Check(check) => ColumnItem::Check(check.clone()),
            other => ColumnItem::Constraint(other.clone()),
        });
    }
    if let Some(object) = value.downcast::<ComputedObject>() {
        return Ok(ColumnItem::Computed(object.computed.clone()));
    }
    if let Some(object) = value.downcast::<IdentityObject>() {
        return Ok(ColumnItem::Identity(object.identity.clone()));
    }
    if let Some(object) = value.downcast::<SequenceObject>() {
        return Ok(ColumnItem::Sequence(object.sequence.clone()));
    }
    if let Some(object) = value.downcast::<ServerDefaultObject>() {
        return Ok(ColumnItem::ServerDefault(object.default.clone()));
    }
    if let Some(object) = value.downcast::<DefaultObject>() {
        return Ok(ColumnItem::Default(object.default.clone()));
    }
    Err(not_a_schema_item(vm, value)?)
}

/// The error for a value that is not a schema item.
///
/// # Errors
/// Names an opaque value.
pub fn not_a_schema_item(vm: &mut Interpreter, value: &Value) -> Result<Error> {
    refuse_opaque(value, "an argument of a schema item")?;
    let shown = vm.repr(value)?;
    Ok(argument_error(format!(
        "'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got {shown}"
    )))
}

/// Columns and column names.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for anything else.
pub fn column_arguments(vm: &mut Interpreter, values: &[Value]) -> Result<Vec<ColumnArgument>> {
    let mut arguments = Vec::new();
    for value in values {
        if let Some(column) = find_column(value) {
            arguments.push(ColumnArgument::Column(column));
        } else if let Some(text) = value.as_text() {
            arguments.push(ColumnArgument::Key(text));
        } else {
            refuse_opaque(value, "a column of a constraint")?;
            let shown = vm.repr(value)?;
            return Err(argument_error(format!(
                "String column name or column expression for DDL constraint expected, got {shown}."
            )));
        }
    }
    Ok(arguments)
}

/// The target of a foreign key: a column, or a string such as `"user.id"`.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for anything else.
pub fn reference(vm: &mut Interpreter, value: &Value) -> Result<ReferenceArgument> {
    if let Some(column) = find_column(value) {
        return Ok(ReferenceArgument::Column(column));
    }
    if let Some(text) = value.as_text() {
        return Ok(ReferenceArgument::from(&*text));
    }
    if let Some(parts) = value.as_items() {
        let part = |index: usize| parts.get(index).and_then(Value::as_text);
        return Ok(ReferenceArgument::Target(ForeignKeyTarget {
            schema: part(0),
            table_name: part(1),
            column_name: part(2),
        }));
    }
    refuse_opaque(value, "the column that a foreign key refers to")?;
    let class = vm.class_of(value).dotted_name();
    let shown = vm.repr(value)?;
    Err(argument_error(format!(
        "String column name or Column object for DDL foreign key constraint expected, got {shown}."
    ))
    .with_hint(format!("a {class} stands where a column should")))
}

/// An element of an index.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for anything that is no column, no text and no expression.
pub fn index_expression(vm: &mut Interpreter, value: &Value) -> Result<IndexExpression> {
    if let Some(column) = find_column(value) {
        return Ok(IndexExpression::Expression(Expression::Column(column)));
    }
    if let Some(expression) = find_clause(vm, value)? {
        return Ok(IndexExpression::Expression(expression));
    }
    if let Some(text) = value.as_text() {
        return Ok(IndexExpression::Key(text));
    }
    refuse_opaque(value, "an expression of an index")?;
    let shown = vm.repr(value)?;
    Err(argument_error(format!(
        "String column name or column expression for DDL constraint expected, got {shown}."
    )))
}

/// `autoincrement=`.
pub fn autoincrement(value: &Value) -> Autoincrement {
    match value {
        Value::Bool(true) => Autoincrement::True,
        Value::Bool(false) | Value::None => Autoincrement::False,
        value => match value.as_str() {
            Some("ignore_fk") => Autoincrement::IgnoreForeignKey,
            _ => Autoincrement::Auto,
        },
    }
}

/// `default=` or `onupdate=`.
///
/// # Errors
/// `limbeck.Unsupported` for a value whose module is not here.
pub fn column_default(vm: &mut Interpreter, value: Option<Value>) -> Result<Option<ColumnDefault>> {
    let Some(value) = value.filter(|value| !value.is_none()) else {
        return Ok(None);
    };
    if let Some(object) = value.downcast::<DefaultObject>() {
        return Ok(Some(object.default.clone()));
    }
    if let Some(object) = value.downcast::<SequenceObject>() {
        return Ok(Some(ColumnDefault::Sequence(object.sequence.clone())));
    }
    if is_server_default(&value) {
        return Err(argument_error(
            "ColumnDefault may not be a server-side default type.",
        ));
    }
    if let Some(expression) = find_clause(vm, &value)? {
        return Ok(Some(ColumnDefault::Expression(expression)));
    }
    let callable = match &value {
        Value::Function(_) | Value::NativeFunction(_) | Value::Method(_) | Value::Class(_) => true,
        Value::Instance(instance) => instance.class().lookup("__call__").is_some(),
        Value::Native(_) => {
            opaque_name(&value).is_some() || vm.find_attribute(&value, "__call__")?.is_some()
        }
        _ => false,
    };
    if callable {
        return Ok(Some(ColumnDefault::Callable(Rc::new(value))));
    }
    Ok(Some(ColumnDefault::Scalar(to_literal(vm, &value)?)))
}

pub fn is_server_default(value: &Value) -> bool {
    value.downcast::<ServerDefaultObject>().is_some()
        || value.downcast::<ComputedObject>().is_some()
        || value.downcast::<IdentityObject>().is_some()
}

/// `server_default=` or `server_onupdate=`.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for anything that is no text and no expression.
pub fn server_default(
    vm: &mut Interpreter,
    value: Option<Value>,
    for_update: bool,
) -> Result<Option<ServerDefault>> {
    let Some(value) = value.filter(|value| !value.is_none()) else {
        return Ok(None);
    };
    if let Some(object) = value.downcast::<ServerDefaultObject>() {
        return Ok(Some(match &object.default {
            ServerDefault::DefaultClause(clause) => {
                ServerDefault::DefaultClause(clause.as_for_update(for_update))
            }
            ServerDefault::FetchedValue(_) => {
                ServerDefault::FetchedValue(FetchedValue { for_update })
            }
            other => other.clone(),
        }));
    }
    if let Some(object) = value.downcast::<ComputedObject>() {
        return Ok(Some(ServerDefault::Computed(object.computed.clone())));
    }
    if let Some(object) = value.downcast::<IdentityObject>() {
        return Ok(Some(ServerDefault::Identity(object.identity.clone())));
    }
    let clause = default_clause(vm, &value)?;
    Ok(Some(ServerDefault::DefaultClause(
        clause.as_for_update(for_update),
    )))
}

/// `DefaultClause`: text or an expression.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for anything else.
pub fn default_clause(vm: &mut Interpreter, value: &Value) -> Result<DefaultClause> {
    refuse_opaque(value, "the server default")?;
    if let Some(expression) = find_clause(vm, value)? {
        return Ok(DefaultClause::expression(expression));
    }
    if let Some(text) = value.as_text() {
        return Ok(DefaultClause::text(text));
    }
    let class = vm.class_of(value).dotted_name();
    Err(argument_error(format!(
        "Argument 'arg' is expected to be one of type '<class 'str'>' or '<class \
         'sqlalchemy.sql.elements.ClauseElement'>' or '<class \
         'sqlalchemy.sql.elements.TextClause'>', got '<class '{class}'>'"
    )))
}

/// The Python object of a column; the same object while it lives.
pub fn column_value(vm: &mut Interpreter, column: &Column) -> Value {
    let wrappers = vm.extension::<Wrappers>();
    wrappers.column(column)
}

/// The Python object of a table; the same object while it lives.
pub fn table_value(vm: &mut Interpreter, table: &Table) -> Value {
    let wrappers = vm.extension::<Wrappers>();
    wrappers.table(table)
}

/// The Python object of a metadata; the same object while it lives.
pub fn metadata_value(vm: &mut Interpreter, metadata: &MetaData) -> Value {
    let wrappers = vm.extension::<Wrappers>();
    wrappers.metadata(metadata)
}

/// The Python object of a constraint.
pub fn constraint_value(vm: &mut Interpreter, constraint: &Constraint) -> Value {
    let _ = vm;
    Value::native(ConstraintObject {
        constraint: constraint.clone(),
    })
}

/// The Python object of an index.
pub fn index_value(vm: &mut Interpreter, index: &Index) -> Value {
    let _ = vm;
    Value::native(IndexObject {
        index: index.clone(),
    })
}

/// The Python object of a `ForeignKey`.
pub fn foreign_key_value(foreign_key: &ForeignKey) -> Value {
    Value::native(ForeignKeyObject {
        foreign_key: foreign_key.clone(),
    })
}

/// The Python object of a `default=` or `onupdate=`.
pub fn default_value(default: Option<ColumnDefault>) -> Value {
    match default {
        None => Value::None,
        Some(ColumnDefault::Sequence(sequence)) => sequence_value(&sequence),
        Some(default) => Value::native(DefaultObject { default }),
    }
}

/// The Python object of a server default.
pub fn server_default_value(default: Option<ServerDefault>) -> Value {
    match default {
        None => Value::None,
        Some(ServerDefault::Computed(computed)) => computed_value(&computed),
        Some(ServerDefault::Identity(identity)) => identity_value(&identity),
        Some(default) => Value::native(ServerDefaultObject { default }),
    }
}

/// The Python object of a `Computed`.
pub fn computed_value(computed: &Computed) -> Value {
    Value::native(ComputedObject {
        computed: computed.clone(),
    })
}

/// The Python object of an `Identity`.
pub fn identity_value(identity: &Identity) -> Value {
    Value::native(IdentityObject {
        identity: identity.clone(),
    })
}

/// The Python object of a `Sequence`.
pub fn sequence_value(sequence: &Sequence) -> Value {
    Value::native(SequenceObject {
        sequence: sequence.clone(),
    })
}

/// A constraint or an index as a Python value.
pub fn schema_item_value(vm: &mut Interpreter, item: &TableItem) -> Value {
    match item {
        TableItem::Column(column) => column_value(vm, column),
        TableItem::Constraint(constraint) => constraint_value(vm, constraint),
        TableItem::Index(index) => index_value(vm, index),
    }
}

/// A column, for an argument that must be one.
///
/// # Errors
/// `TypeError` for anything else; an opaque value is named.
pub fn to_column(vm: &mut Interpreter, value: &Value) -> Result<Column> {
    refuse_opaque(value, "the column")?;
    find_column(value).ok_or_else(|| vm.type_error("a Column was expected"))
}

/// `target_metadata`.
///
/// # Errors
/// `AttributeError` for anything else, as autogenerate would raise; an opaque value is named.
pub fn to_metadata(vm: &mut Interpreter, value: &Value) -> Result<MetaData> {
    match find_metadata(value) {
        Some(metadata) => Ok(metadata),
        None => {
            refuse_opaque(value, "target_metadata")?;
            let class = vm.class_of(value);
            Err(vm.attribute_error(format!(
                "'{}' object has no attribute 'sorted_tables'",
                class.name()
            )))
        }
    }
}
