//! From Python's values to the engine's, and back.

use std::rc::Rc;

use ground::calendar;

use super::expressions::ExpressionObject;
use super::schema_values::{
    ColumnObject, ConstraintObject, IndexObject, MetaDataObject, TableObject, Wrappers,
};
use super::types::{self, DialectObject, TypeObject};
use ground::diagnostic::{Error, Result};
use python::{Arguments, Class, Instance, Interpreter, Value};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::elements::Expression;
use sqlalchemy::literal::{EnumMember, Literal, Object};
use sqlalchemy::name::{ConstraintName, Name};
use sqlalchemy::schema::{
    Column, Constraint, DialectOptions, Index, MetaData, ServerDefault, Table,
};
use sqlalchemy::sql::Statement;
use sqlalchemy::sqltypes::Type;

/// A class by its dotted name; `object` where it was not built.
pub fn known_class(vm: &mut Interpreter, dotted_name: &str) -> Class {
    vm.registered_class(dotted_name)
        .unwrap_or_else(|| vm.object_class())
}

/// `sqlalchemy.exc.ArgumentError`.
pub fn argument_error(message: impl Into<String>) -> Error {
    Error::new("sqlalchemy.exc.ArgumentError", message)
}

/// `sqlalchemy.exc.InvalidRequestError`.
pub fn invalid_request(message: impl Into<String>) -> Error {
    Error::new("sqlalchemy.exc.InvalidRequestError", message)
}

/// What an opaque value stands for.
pub fn opaque_name(value: &Value) -> Option<Rc<str>> {
    match value {
        Value::Native(object) => object.opaque(),
        Value::Module(module) if module.opaque => Some(module.name.clone()),
        Value::Class(class) => class.opaque_base.clone(),
        Value::Instance(instance) => instance.class().opaque_base.clone(),
        _ => None,
    }
}

/// Fails with a plain no if the value stands for something that is not here.
pub fn refuse_opaque(value: &Value, purpose: &str) -> Result<()> {
    match opaque_name(value) {
        Some(name) => Err(Error::unsupported(format!(
            "{purpose} is {name}, which comes from a module that is not here"
        ))),
        None => Ok(()),
    }
}

/// Whether a value is a type or a type class.
pub fn is_type(value: &Value) -> bool {
    match value {
        Value::Native(_) => value.downcast::<TypeObject>().is_some(),
        Value::Class(class) => types::known_type(class).is_some(),
        Value::Instance(instance) => types::known_type(&instance.class()).is_some(),
        _ => false,
    }
}

/// A column type.
///
/// # Errors
/// As [`types::expect_type`].
pub fn to_type(vm: &mut Interpreter, value: &Value) -> Result<Type> {
    types::expect_type(vm, value)
}

/// A dialect.
///
/// # Errors
/// A plain no for a value that is none.
pub fn to_dialect(vm: &mut Interpreter, value: &Value) -> Result<Dialect> {
    if let Some(object) = value.downcast::<DialectObject>() {
        return Ok(object.dialect.clone());
    }
    let name = vm.find_attribute(value, "name")?;
    match name.as_ref().and_then(Value::as_str) {
        Some("sqlite") => Ok(Dialect::sqlite()),
        Some("postgresql") => Ok(Dialect::postgresql()),
        Some("mysql" | "mariadb") => Ok(Dialect::mysql()),
        Some("default") => Ok(Dialect::default_dialect()),
        _ => {
            let shown = vm.repr(value)?;
            Err(Error::unsupported(format!(
                "{shown} is not a dialect that can be compiled for here"
            )))
        }
    }
}

/// A table, if the value is one, or a mapped class.
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

/// A column, if the value is one, or an attribute of a mapped class.
pub fn find_column(value: &Value) -> Option<Column> {
    if let Some(object) = value.downcast::<ColumnObject>() {
        return Some(object.column.clone());
    }
    crate::bindings::orm::find_column(value)
}

/// A metadata, if the value is one.
pub fn find_metadata(value: &Value) -> Option<MetaData> {
    value
        .downcast::<MetaDataObject>()
        .map(|object| object.metadata.clone())
}

/// A SQL expression, if the value is one.
pub fn find_expression(value: &Value) -> Option<Expression> {
    match value {
        Value::Native(_) => {
            if let Some(object) = value.downcast::<ExpressionObject>() {
                return Some(object.expression.clone());
            }
            if let Some(column) = find_column(value) {
                return Some(Expression::Column(column));
            }
            super::statements::find_scalar(value)
        }
        Value::Instance(_) | Value::Class(_) => {
            crate::bindings::orm::find_column(value).map(Expression::Column)
        }
        _ => None,
    }
}

/// A SQL expression, for an argument that must be one. `__clause_element__` is asked.
///
/// # Errors
/// None of its own: `None` where it is no expression.
pub fn find_clause(vm: &mut Interpreter, value: &Value) -> Result<Option<Expression>> {
    if let Some(found) = find_expression(value) {
        return Ok(Some(found));
    }
    if let Value::Instance(instance) = value
        && instance
            .class()
            .inherits_from("sqlalchemy.sql.elements.ClauseElement")
    {
        // A person's own element: what its `@compiles` function writes for SQLite.
        let dialect = Dialect::sqlite();
        let Some(function) = types::find_compiler(&instance.class(), dialect.name()) else {
            return Err(Error::unsupported(format!(
                "{} is an SQL element without a @compiles function for SQLite",
                instance.class().name()
            )));
        };
        let text = types::run_compiler(vm, &function, value, &dialect)?;
        let kind = match vm.find_attribute(value, "type")? {
            Some(kind) if is_type(&kind) => Some(to_type(vm, &kind)?),
            _ => None,
        };
        return Ok(Some(sqlalchemy::elements::literal_column(&text, kind)));
    }
    if let Value::Instance(instance) = value
        && instance.class().lookup("__clause_element__").is_some()
    {
        let element = vm.call_method(value, "__clause_element__", Arguments::none())?;
        return Ok(find_expression(&element));
    }
    Ok(None)
}

/// The Python object of a column: the same one each time while it lives.
pub fn column_value(vm: &mut Interpreter, column: &Column) -> Value {
    let wrappers = vm.extension::<Wrappers>();
    wrappers.column(column)
}

/// The Python object of a table: the same one each time while it lives.
pub fn table_value(vm: &mut Interpreter, table: &Table) -> Value {
    let wrappers = vm.extension::<Wrappers>();
    wrappers.table(table)
}

/// The Python object of a metadata: the same one each time while it lives.
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

/// The Python object of an expression.
pub fn expression_value(expression: &Expression) -> Value {
    Value::native(ExpressionObject {
        expression: expression.clone(),
    })
}

/// The Python object of an expression; a column is the table's own.
pub fn element_value(vm: &mut Interpreter, expression: &Expression) -> Value {
    match expression {
        Expression::Column(column) => column_value(vm, column),
        other => expression_value(other),
    }
}

/// A Python object that the engine passes on and shows by its `repr()`.
pub struct PythonObject {
    /// The object.
    pub value: Value,
    repr: String,
    text: String,
    class_name: String,
}

impl Object for PythonObject {
    fn python_repr(&self) -> String {
        self.repr.clone()
    }

    fn python_str(&self) -> String {
        self.text.clone()
    }

    fn class_name(&self) -> String {
        self.class_name.clone()
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// A Python value as a parameter, a default or an argument of a type.
///
/// # Errors
/// A plain no for something that is not here.
pub fn to_literal(vm: &mut Interpreter, value: &Value) -> Result<Literal> {
    vm.check_stack()?;
    Ok(match value {
        Value::None => Literal::Null,
        Value::Bool(value) => Literal::Boolean(*value),
        Value::Int(value) => Literal::Integer(*value),
        Value::BigInt(value) => Literal::BigInteger(value.clone()),
        Value::Float(value) => Literal::Float(*value),
        Value::Str(text) => Literal::String(text.clone()),
        Value::Bytes(bytes) => Literal::Bytes(bytes.clone()),
        Value::List(_) => Literal::List(literals(vm, value)?.into()),
        Value::Tuple(_) | Value::Set(_) | Value::Range(_) => {
            Literal::Tuple(literals(vm, value)?.into())
        }
        Value::Dict(dict) => {
            let mut items = Vec::new();
            for (key, value) in dict.entries() {
                items.push((to_literal(vm, &key)?, to_literal(vm, &value)?));
            }
            Literal::Dictionary(items.into())
        }
        Value::Instance(instance) => instance_literal(vm, value, instance)?,
        _ => {
            refuse_opaque(value, "the value")?;
            if let Value::Native(_) = value
                && let Some(found) = native_literal(vm, value)?
            {
                return Ok(found);
            }
            object_literal(vm, value)?
        }
    })
}

fn literals(vm: &mut Interpreter, value: &Value) -> Result<Vec<Literal>> {
    let mut items = Vec::new();
    for item in vm.collect(value)? {
        items.push(to_literal(vm, &item)?);
    }
    Ok(items)
}

fn object_literal(vm: &mut Interpreter, value: &Value) -> Result<Literal> {
    let repr = vm.repr(value)?;
    let text = vm.str(value)?;
    let class_name = vm.class_of(value).name().to_string();
    Ok(Literal::Object(Rc::new(PythonObject {
        value: value.clone(),
        repr,
        text,
        class_name,
    })))
}

fn instance_literal(vm: &mut Interpreter, value: &Value, instance: &Instance) -> Result<Literal> {
    let class = instance.class();
    if class.inherits_from("enum.Enum") {
        let name = vm.get_attribute(value, "name")?;
        let inner = vm.get_attribute(value, "value")?;
        return Ok(Literal::Enum(EnumMember {
            class: class.name(),
            name: name.as_text().unwrap_or_default(),
            value: Rc::new(to_literal(vm, &inner)?),
            object: Some(Rc::new(value.clone())),
        }));
    }
    if let Some(found) = native_literal(vm, value)? {
        return Ok(found);
    }
    if let Some(base) = &instance.base {
        return to_literal(vm, base);
    }
    object_literal(vm, value)
}

fn native_literal(vm: &mut Interpreter, value: &Value) -> Result<Option<Literal>> {
    let class = vm.class_of(value);
    let is = |name: &str| class.inherits_from(name);
    if is("datetime.datetime") {
        let (date, time) = (read_date(vm, value)?, read_time(vm, value)?);
        return Ok(Some(Literal::DateTime(
            date.to_datetime(time),
            offset(vm, value)?,
        )));
    }
    if is("datetime.date") {
        return Ok(Some(Literal::Date(read_date(vm, value)?)));
    }
    if is("datetime.time") {
        let offset = offset(vm, value)?;
        return Ok(Some(Literal::Time(read_time(vm, value)?, offset)));
    }
    if is("datetime.timedelta") {
        let days = number(vm, value, "days")?;
        let seconds = number(vm, value, "seconds")?;
        let microseconds = number(vm, value, "microseconds")?;
        return Ok(Some(Literal::Interval(
            (days * 86_400 + seconds) * 1_000_000 + microseconds,
        )));
    }
    if is("decimal.Decimal") {
        return Ok(Some(Literal::Decimal(Rc::from(vm.str(value)?))));
    }
    if is("uuid.UUID") {
        let hex = vm.get_attribute(value, "hex")?;
        if let Some(bytes) = hex.as_str().and_then(hex_bytes) {
            return Ok(Some(Literal::Uuid(bytes)));
        }
    }
    Ok(None)
}

fn hex_bytes(text: &str) -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    if text.len() != 32 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[index * 2..index * 2 + 2], 16).ok()?;
    }
    Some(bytes)
}

fn number(vm: &mut Interpreter, value: &Value, name: &str) -> Result<i64> {
    Ok(vm.get_attribute(value, name)?.as_int().unwrap_or(0))
}

fn small<T: TryFrom<i64> + Default>(vm: &mut Interpreter, value: &Value, name: &str) -> Result<T> {
    Ok(T::try_from(number(vm, value, name)?).unwrap_or_default())
}

fn read_date(vm: &mut Interpreter, value: &Value) -> Result<calendar::Date> {
    let year = small(vm, value, "year")?;
    let month = small(vm, value, "month")?;
    let day = small(vm, value, "day")?;
    calendar::Date::new(year, month, day).map_err(|error| vm.value_error(error.to_string()))
}

fn read_time(vm: &mut Interpreter, value: &Value) -> Result<calendar::Time> {
    let hour = small(vm, value, "hour")?;
    let minute = small(vm, value, "minute")?;
    let second = small(vm, value, "second")?;
    let microsecond: i32 = small(vm, value, "microsecond")?;
    calendar::Time::new(hour, minute, second, microsecond.saturating_mul(1000))
        .map_err(|error| vm.value_error(error.to_string()))
}

fn offset(vm: &mut Interpreter, value: &Value) -> Result<Option<i32>> {
    let Some(method) = vm.find_attribute(value, "utcoffset")? else {
        return Ok(None);
    };
    let offset = vm.call(&method, Arguments::none())?;
    if offset.is_none() {
        return Ok(None);
    }
    let seconds = number(vm, &offset, "days")? * 86_400 + number(vm, &offset, "seconds")?;
    Ok(Some(i32::try_from(seconds).unwrap_or(0)))
}

/// The Python value of a literal.
///
/// # Errors
/// What the standard library's constructors raise.
pub fn from_literal(vm: &mut Interpreter, literal: &Literal) -> Result<Value> {
    Ok(match literal {
        Literal::Null => Value::None,
        Literal::Boolean(value) => Value::Bool(*value),
        Literal::Integer(value) => Value::Int(*value),
        Literal::BigInteger(value) => Value::int((**value).clone()),
        Literal::Float(value) => Value::Float(*value),
        Literal::String(text) => Value::Str(text.clone()),
        Literal::Bytes(bytes) => Value::Bytes(bytes.clone()),
        Literal::List(items) => Value::list(values(vm, items)?),
        Literal::Tuple(items) => Value::tuple(values(vm, items)?),
        Literal::Dictionary(items) => {
            let dict = python::Dict::new();
            for (key, value) in items.iter() {
                let key = from_literal(vm, key)?;
                let value = from_literal(vm, value)?;
                dict.set(vm, key, value)?;
            }
            Value::Dict(Rc::new(dict))
        }
        Literal::Enum(member) => {
            match member
                .object
                .clone()
                .and_then(|object| object.downcast::<Value>().ok())
            {
                Some(value) => (*value).clone(),
                None => Value::Str(member.name.clone()),
            }
        }
        Literal::Object(object) => match object.as_any().downcast_ref::<PythonObject>() {
            Some(object) => object.value.clone(),
            None => Value::str(object.python_str()),
        },
        Literal::Decimal(text) => {
            construct(vm, "decimal", "Decimal", vec![Value::Str(text.clone())])?
        }
        Literal::Uuid(_) => {
            let text = literal.python_str();
            construct(vm, "uuid", "UUID", vec![Value::str(text)])?
        }
        Literal::Date(date) => construct(vm, "datetime", "date", date_parts(*date))?,
        Literal::Time(time, offset) => {
            let mut parts = time_parts(*time);
            push_offset(vm, &mut parts, *offset)?;
            construct(vm, "datetime", "time", parts)?
        }
        Literal::DateTime(moment, offset) => {
            let mut parts = date_parts(moment.date());
            parts.extend(time_parts(moment.time()));
            push_offset(vm, &mut parts, *offset)?;
            construct(vm, "datetime", "datetime", parts)?
        }
        Literal::Interval(microseconds) => {
            let parts = vec![Value::Int(0), Value::Int(0), Value::Int(*microseconds)];
            construct(vm, "datetime", "timedelta", parts)?
        }
    })
}

fn values(vm: &mut Interpreter, items: &[Literal]) -> Result<Vec<Value>> {
    let mut found = Vec::new();
    for item in items {
        found.push(from_literal(vm, item)?);
    }
    Ok(found)
}

fn construct(vm: &mut Interpreter, module: &str, name: &str, parts: Vec<Value>) -> Result<Value> {
    let module = vm.import(module)?;
    let class = vm.get_attribute(&module, name)?;
    vm.call(&class, Arguments::positional(parts))
}

fn date_parts(date: calendar::Date) -> Vec<Value> {
    vec![
        Value::Int(date.year().into()),
        Value::Int(date.month().into()),
        Value::Int(date.day().into()),
    ]
}

fn time_parts(time: calendar::Time) -> Vec<Value> {
    vec![
        Value::Int(time.hour().into()),
        Value::Int(time.minute().into()),
        Value::Int(time.second().into()),
        Value::Int(i64::from(time.subsec_nanosecond()) / 1000),
    ]
}

fn push_offset(vm: &mut Interpreter, parts: &mut Vec<Value>, offset: Option<i32>) -> Result<()> {
    if let Some(offset) = offset {
        let delta = construct(
            vm,
            "datetime",
            "timedelta",
            vec![Value::Int(0), Value::Int(offset.into())],
        )?;
        parts.push(construct(vm, "datetime", "timezone", vec![delta])?);
    }
    Ok(())
}

/// The texts in a list, a tuple or any other collection.
///
/// # Errors
/// TypeError where it is no collection.
pub fn to_texts(vm: &mut Interpreter, value: &Value) -> Result<Vec<Rc<str>>> {
    if let Some(text) = value.as_text() {
        return Ok(vec![text]);
    }
    let mut texts = Vec::new();
    for item in vm.collect(value)? {
        match item.as_text() {
            Some(text) => texts.push(text),
            None => texts.push(Rc::from(vm.str(&item)?)),
        }
    }
    Ok(texts)
}

/// A name that no convention may change: `conv("...")`, `op.f("...")`.
pub fn convention_value(vm: &mut Interpreter, name: &str) -> Value {
    let class = known_class(vm, "sqlalchemy.sql.elements.conv");
    text_instance(&class, name, super::schema::ConventionName(Rc::from(name)))
}

/// A name with its quoting flag: `quoted_name("...", True)`.
pub fn quoted_name_value(vm: &mut Interpreter, name: &str, quote: Option<bool>) -> Value {
    let class = known_class(vm, "sqlalchemy.sql.elements.quoted_name");
    text_instance(
        &class,
        name,
        super::schema::QuotedName(Name::quoted(name, quote)),
    )
}

fn text_instance<T: 'static>(class: &Class, text: &str, state: T) -> Value {
    let mut instance = Instance::new(class);
    instance.base = Some(Value::str(text));
    instance.set_native(Rc::new(state));
    Value::Instance(Rc::new(instance))
}

/// A table's, column's or schema's name.
///
/// # Errors
/// TypeError for what is no text.
pub fn to_name(vm: &mut Interpreter, value: &Value) -> Result<Name> {
    refuse_opaque(value, "the name")?;
    super::schema::identifier(value, None).ok_or_else(|| {
        let class = vm.class_of(value).name();
        vm.type_error(format!("a name must be a str, not {class}"))
    })
}

/// The name of a constraint or an index.
///
/// # Errors
/// A plain no for a value that is not here.
pub fn to_constraint_name(_vm: &mut Interpreter, value: &Value) -> Result<ConstraintName> {
    refuse_opaque(value, "the name of a constraint")?;
    Ok(super::schema::constraint_name(Some(value.clone())))
}

/// The arguments of dialects among keywords.
///
/// # Errors
/// What turning the values into SQL raises.
pub fn to_dialect_options(
    vm: &mut Interpreter,
    extra: &[(Rc<str>, Value)],
) -> Result<DialectOptions> {
    super::schema::dialect_options(vm, extra.to_vec())
}

/// `server_default=`.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for anything that is no text and no expression.
pub fn to_server_default(vm: &mut Interpreter, value: &Value) -> Result<Option<ServerDefault>> {
    super::schema::server_default(vm, Some(value.clone()), false)
}

/// A condition in DDL: text is SQL.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for anything that is no text and no expression.
pub fn to_ddl_expression(vm: &mut Interpreter, value: &Value) -> Result<Expression> {
    super::schema::text_expression(vm, value, "a condition")
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

/// A statement, if the value is one.
///
/// # Errors
/// What `__clause_element__` raises.
pub fn to_statement(vm: &mut Interpreter, value: &Value) -> Result<Option<Statement>> {
    if let Some(found) = super::statements::find_statement(value) {
        return Ok(Some(found));
    }
    Ok(find_clause(vm, value)?.map(|expression| match expression {
        Expression::Text(text) => Statement::Text(text),
        expression => Statement::Expression(expression),
    }))
}
