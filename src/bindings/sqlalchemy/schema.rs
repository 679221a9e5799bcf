//! The constructors of schema items: `Column(...)`, `Table(...)`, constraints, indexes, defaults.

use std::rc::Rc;

use super::convert::{
    self, argument_error, constraint_value, find_clause, find_column, find_metadata, find_table,
    index_value, invalid_request, refuse_opaque, table_value,
};
use super::schema_values::{
    ColumnsObject, ComputedObject, ConstraintObject, DefaultObject, ForeignKeyObject,
    IdentityObject, IndexObject, SequenceObject, ServerDefaultObject, column_expression,
    info_argument,
};
use ground::diagnostic::{Error, Result};
use python::parameters;
use python::{Arguments, Bound, Dict, Interpreter, Value};
use sqlalchemy::elements::{self, Expression};
use sqlalchemy::literal::Literal;
use sqlalchemy::name::{ConstraintName, Name};
use sqlalchemy::naming::{Convention, NamingConvention};
use sqlalchemy::schema::{
    Autoincrement, CheckConstraint, Column, ColumnArgument, ColumnDefault, ColumnItem,
    ColumnOptions, Computed, Constraint, ConstraintOptions, DefaultClause, DialectOptions,
    FetchedValue, ForeignKey, ForeignKeyConstraint, ForeignKeyOptions, ForeignKeyTarget, Identity,
    IdentityOptions, Index, IndexExpression, IndexOptions, MetaData, PrimaryKeyConstraint,
    ReferenceArgument, SchemaName, Sequence, ServerDefault, Table, TableItem, TableOptions,
    UniqueConstraint,
};
use sqlalchemy::sqltypes::Argument;

/// A text that was given, or nothing for `None`.
fn text(bound: &mut Bound<'_>, name: &str) -> Option<Rc<str>> {
    bound.take_some(name).and_then(|value| value.as_text())
}

fn flag(vm: &mut Interpreter, bound: &mut Bound<'_>, name: &str) -> Result<Option<bool>> {
    match bound.take_some(name) {
        Some(value) => Ok(Some(vm.truth(&value)?)),
        None => Ok(None),
    }
}

fn integer(bound: &mut Bound<'_>, name: &str) -> Option<i64> {
    bound.take_some(name).and_then(|value| value.as_int())
}

/// A marker for a name that no convention may change: `conv("...")`, `op.f("...")`.
pub struct ConventionName(
    /// The name.
    pub Rc<str>,
);

/// A name with its quoting flag: `quoted_name("...", True)`.
pub struct QuotedName(
    /// The name.
    pub Name,
);

/// The name of a constraint or an index.
pub fn constraint_name(value: Option<Value>) -> ConstraintName {
    match value {
        None | Some(Value::None) => ConstraintName::default(),
        Some(value) => {
            if let Some(name) = value.downcast::<ConventionName>() {
                return ConstraintName::convention(name.0.clone());
            }
            match value.as_text() {
                Some(text) => ConstraintName::plain(text),
                None => ConstraintName::default(),
            }
        }
    }
}

/// An identifier, with its quoting flag.
pub fn identifier(value: &Value, quote: Option<bool>) -> Option<Name> {
    if quote.is_none()
        && let Some(name) = value.downcast::<QuotedName>()
    {
        return Some(name.0.clone());
    }
    value.as_text().map(|text| Name::quoted(text, quote))
}

/// The arguments of a dialect among the keywords.
///
/// # Errors
/// What turning the values into SQL raises.
pub fn dialect_options(
    vm: &mut Interpreter,
    extra: Vec<(Rc<str>, Value)>,
) -> Result<DialectOptions> {
    let mut options = DialectOptions::new();
    for (name, value) in extra {
        let argument = dialect_argument(vm, &value)?;
        options.insert(name, argument);
    }
    Ok(options)
}

fn dialect_argument(vm: &mut Interpreter, value: &Value) -> Result<Argument> {
    if let Some(expression) = find_clause(vm, value)? {
        return Ok(Argument::Expression(expression));
    }
    if convert::is_type(value) {
        return Ok(Argument::Type(convert::to_type(vm, value)?));
    }
    if let Some(items) = value.as_items() {
        // Columns in a list stand for their names (`postgresql_include`).
        let mut literals = Vec::new();
        for item in &items {
            literals.push(match find_column(item) {
                Some(column) => Literal::String(column.key()),
                None => convert::to_literal(vm, item)?,
            });
        }
        return Ok(Argument::Value(Literal::List(literals.into())));
    }
    Ok(Argument::Value(convert::to_literal(vm, value)?))
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
/// A plain no for a value that is not here.
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
            convert::opaque_name(&value).is_some()
                || vm.find_attribute(&value, "__call__")?.is_some()
        }
        _ => false,
    };
    if callable {
        return Ok(Some(ColumnDefault::Callable(Rc::new(value))));
    }
    Ok(Some(ColumnDefault::Scalar(convert::to_literal(
        vm, &value,
    )?)))
}

fn is_server_default(value: &Value) -> bool {
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

fn default_clause(vm: &mut Interpreter, value: &Value) -> Result<DefaultClause> {
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

/// Parameters of `Column(...)`.
pub const COLUMN_PARAMETERS: &str = "*args, name=None, type_=None, autoincrement='auto', default=None, insert_default=None, \
         doc=None, key=None, index=None, unique=None, info=None, nullable=None, onupdate=None, \
         primary_key=False, server_default=None, server_onupdate=None, quote=None, system=False, \
         comment=None, insert_sentinel=False, _proxies=None, _omit_from_statements=False, \
         **dialect_kwargs";

/// Parameters of `ForeignKey(...)`.
pub const FOREIGN_KEY_PARAMETERS: &str = "column, _constraint=None, use_alter=False, name=None, onupdate=None, ondelete=None, \
         deferrable=None, initially=None, link_to_name=False, match=None, info=None, comment=None, \
         _unresolvable=False, **dialect_kw";

/// Parameters of `ForeignKeyConstraint(...)`.
pub const FOREIGN_KEY_CONSTRAINT_PARAMETERS: &str = "columns, refcolumns, name=None, onupdate=None, ondelete=None, deferrable=None, \
         initially=None, use_alter=False, link_to_name=False, match=None, table=None, info=None, \
         comment=None, **dialect_kw";

/// Parameters of `UniqueConstraint(...)`.
pub const UNIQUE_CONSTRAINT_PARAMETERS: &str = "*columns, name=None, deferrable=None, initially=None, info=None, comment=None, \
         _autoattach=True, _column_flag=False, _gather_expressions=None, **dialect_kw";

/// Parameters of `Index(...)`.
pub const INDEX_PARAMETERS: &str = "name, *expressions, unique=False, quote=None, info=None, _table=None, _column_flag=False, \
         **dialect_kw";

/// `Column(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_column(vm: &mut Interpreter, arguments: Arguments) -> Result<Column> {
    let mut bound = arguments.bind(parameters!("Column.__init__", COLUMN_PARAMETERS))?;
    let mut items: std::collections::VecDeque<Value> = std::mem::take(&mut bound.rest).into();
    let quote = flag(vm, &mut bound, "quote")?;
    let mut name = bound.take_some("name");
    match items.front() {
        Some(first) if first.as_str().is_some() => {
            if name.is_some() {
                return Err(argument_error(
                    "May not pass name positionally and as a keyword.",
                ));
            }
            name = items.pop_front();
        }
        Some(Value::None) => {
            items.pop_front();
        }
        _ => {}
    }
    let mut kind = bound.take_some("type_");
    match items.front() {
        Some(first) if convert::is_type(first) || convert::opaque_name(first).is_some() => {
            if kind.is_some() {
                return Err(argument_error(
                    "May not pass type_ positionally and as a keyword.",
                ));
            }
            kind = items.pop_front();
        }
        Some(Value::None) => {
            items.pop_front();
        }
        _ => {}
    }
    if name.is_none() && quote.is_some() {
        return Err(argument_error(
            "Explicit 'name' is required when sending 'quote' argument",
        ));
    }
    let kind = match kind {
        Some(kind) => Some(convert::to_type(vm, &kind)?),
        None => None,
    };
    let mut options = ColumnOptions {
        name: name.as_ref().and_then(|name| identifier(name, quote)),
        kind,
        ..ColumnOptions::default()
    };
    if let Some(value) = bound.take("autoincrement") {
        options.autoincrement = autoincrement(&value);
    }
    let (default, insert_default) = (bound.take("default"), bound.take("insert_default"));
    if default.is_some() && insert_default.is_some() {
        return Err(argument_error(
            "The 'default' and 'insert_default' parameters of Column are mutually exclusive",
        ));
    }
    options.default = column_default(vm, default.or(insert_default))?;
    options.onupdate = column_default(vm, bound.take("onupdate"))?;
    options.server_default = server_default(vm, bound.take("server_default"), false)?;
    options.server_onupdate = server_default(vm, bound.take("server_onupdate"), true)?;
    options.key = text(&mut bound, "key");
    options.doc = text(&mut bound, "doc");
    options.comment = text(&mut bound, "comment");
    options.index = flag(vm, &mut bound, "index")?;
    options.unique = flag(vm, &mut bound, "unique")?;
    options.nullable = flag(vm, &mut bound, "nullable")?;
    options.primary_key = flag(vm, &mut bound, "primary_key")?.unwrap_or(false);
    options.system = flag(vm, &mut bound, "system")?.unwrap_or(false);
    options.insert_sentinel = flag(vm, &mut bound, "insert_sentinel")?.unwrap_or(false);
    options.info = info_argument(bound.take("info"));
    for item in items {
        options.items.push(column_item(vm, &item)?);
    }
    options.options = dialect_options(vm, std::mem::take(&mut bound.extra))?;
    Column::with_options(options)
}

fn column_item(vm: &mut Interpreter, value: &Value) -> Result<ColumnItem> {
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

fn not_a_schema_item(vm: &mut Interpreter, value: &Value) -> Result<Error> {
    refuse_opaque(value, "an argument of a schema item")?;
    let shown = vm.repr(value)?;
    Ok(argument_error(format!(
        "'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got {shown}"
    )))
}

/// What stands among the positional arguments of `Table(...)` and `op.create_table(...)`.
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

/// `Table(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_table(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    let mut bound = arguments.bind(parameters!(
        "Table.__init__",
        "name, metadata, /, *args, schema=None, quote=None, quote_schema=None, autoload_with=None, \
         autoload=None, autoload_replace=True, keep_existing=False, extend_existing=False, \
         must_exist=False, resolve_fks=True, include_columns=None, implicit_returning=True, \
         comment=None, info=None, listeners=None, prefixes=None, **kw"
    ))?;
    let name = bound.value("name");
    let Some(metadata) = find_metadata(&bound.value("metadata")) else {
        return Err(argument_error(
            "Argument 'metadata' is expected to be of type '<class \
             'sqlalchemy.sql.schema.MetaData'>'",
        ));
    };
    let quote = flag(vm, &mut bound, "quote")?;
    let quote_schema = flag(vm, &mut bound, "quote_schema")?;
    let Some(name) = identifier(&name, quote) else {
        return Err(argument_error(
            "Argument 'name' is expected to be of type '<class 'str'>'",
        ));
    };
    let mut options = TableOptions {
        schema: schema_name(bound.take("schema"), quote_schema),
        ..TableOptions::default()
    };
    options.keep_existing = flag(vm, &mut bound, "keep_existing")?.unwrap_or(false);
    options.extend_existing = flag(vm, &mut bound, "extend_existing")?.unwrap_or(false);
    options.must_exist = flag(vm, &mut bound, "must_exist")?.unwrap_or(false);
    options.comment = text(&mut bound, "comment");
    options.info = info_argument(bound.take("info"));
    if let Some(prefixes) = bound.take_some("prefixes") {
        options.prefixes = convert::to_texts(vm, &prefixes)?;
    }
    let autoload_with = bound.take_some("autoload_with");
    let include = match bound.take_some("include_columns") {
        Some(names) => Some(convert::to_texts(vm, &names)?),
        None => None,
    };
    let resolve = flag(vm, &mut bound, "resolve_fks")?.unwrap_or(true);
    if bound.take_some("listeners").is_some() {
        return Err(Error::unsupported(
            "listeners= of a Table would be called back while the table is made, which is not \
             possible here",
        ));
    }
    let mut items = Vec::new();
    for item in std::mem::take(&mut bound.rest) {
        if let Some(columns) = item.downcast::<ColumnsObject>() {
            items.extend(columns.columns.iter().cloned().map(TableItem::Column));
            continue;
        }
        items.push(table_item(vm, &item)?);
    }
    options.options = dialect_options(vm, std::mem::take(&mut bound.extra))?;
    let table = match autoload_with {
        Some(bind) => super::reflect::reflected_table(
            vm,
            &bind,
            super::reflect::Reflection {
                name,
                metadata,
                items,
                options,
                include,
                resolve_foreign_keys: resolve,
            },
        )?,
        None => Table::new(name, &metadata, items, options)?,
    };
    show_warnings(vm);
    Ok(table_value(vm, &table))
}

/// Shows the warnings that the schema room has kept.
pub fn show_warnings(vm: &mut Interpreter) {
    for message in sqlalchemy::schema::take_warnings() {
        vm.run.warning("SAWarning", &message);
    }
}

/// `BLANK_SCHEMA`.
pub struct BlankSchema;

impl python::NativeObject for BlankSchema {
    fn class(&self, vm: &mut Interpreter) -> python::Class {
        convert::known_class(vm, "sqlalchemy.sql.schema.SchemaConst")
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some("<SchemaConst.BLANK_SCHEMA: 2>".to_owned()))
    }
}

/// `schema=`.
pub fn schema_name(value: Option<Value>, quote: Option<bool>) -> SchemaName {
    match value {
        None | Some(Value::None) => SchemaName::Inherit,
        Some(value) if value.downcast::<BlankSchema>().is_some() => SchemaName::Blank,
        Some(value) => identifier(&value, quote).map_or(SchemaName::Inherit, SchemaName::Named),
    }
}

/// `ForeignKey(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_foreign_key(vm: &mut Interpreter, arguments: Arguments) -> Result<ForeignKey> {
    let mut bound = arguments.bind(parameters!("ForeignKey.__init__", FOREIGN_KEY_PARAMETERS))?;
    let target = bound.value("column");
    let target = reference(vm, &target)?;
    let options = foreign_key_options(vm, &mut bound)?;
    Ok(ForeignKey::with_options(target, options))
}

fn foreign_key_options(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<ForeignKeyOptions> {
    Ok(ForeignKeyOptions {
        name: constraint_name(bound.take("name")),
        onupdate: text(bound, "onupdate"),
        ondelete: text(bound, "ondelete"),
        deferrable: flag(vm, bound, "deferrable")?,
        initially: text(bound, "initially"),
        use_alter: flag(vm, bound, "use_alter")?.unwrap_or(false),
        link_to_name: flag(vm, bound, "link_to_name")?.unwrap_or(false),
        match_: text(bound, "match"),
        comment: text(bound, "comment"),
        info: info_argument(bound.take("info")),
        options: dialect_options(vm, std::mem::take(&mut bound.extra))?,
    })
}

fn reference(vm: &mut Interpreter, value: &Value) -> Result<ReferenceArgument> {
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

/// Columns and names of columns.
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

fn constraint_options(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<ConstraintOptions> {
    Ok(ConstraintOptions {
        name: constraint_name(bound.take("name")),
        deferrable: flag(vm, bound, "deferrable")?,
        initially: text(bound, "initially"),
        comment: text(bound, "comment"),
        info: info_argument(bound.take("info")),
        options: dialect_options(vm, std::mem::take(&mut bound.extra))?,
    })
}

/// `ForeignKeyConstraint(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_foreign_key_constraint(
    vm: &mut Interpreter,
    arguments: Arguments,
) -> Result<ForeignKeyConstraint> {
    let mut bound = arguments.bind(parameters!(
        "ForeignKeyConstraint.__init__",
        FOREIGN_KEY_CONSTRAINT_PARAMETERS
    ))?;
    let (columns, references) = (bound.value("columns"), bound.value("refcolumns"));
    let columns = vm.collect(&columns)?;
    let columns = column_arguments(vm, &columns)?;
    let mut targets = Vec::new();
    for target in vm.collect(&references)? {
        targets.push(reference(vm, &target)?);
    }
    let table = bound.take_some("table");
    let options = foreign_key_options(vm, &mut bound)?;
    let constraint = ForeignKeyConstraint::new(columns, targets, options)?;
    if let Some(table) = table.as_ref().and_then(find_table) {
        table.append_constraint(&constraint.clone().into())?;
    }
    Ok(constraint)
}

/// `UniqueConstraint(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_unique_constraint(
    vm: &mut Interpreter,
    arguments: Arguments,
) -> Result<UniqueConstraint> {
    let mut bound = arguments.bind(parameters!(
        "UniqueConstraint.__init__",
        UNIQUE_CONSTRAINT_PARAMETERS
    ))?;
    let columns = std::mem::take(&mut bound.rest);
    let columns = column_arguments(vm, &columns)?;
    let options = constraint_options(vm, &mut bound)?;
    UniqueConstraint::new(columns, options)
}

/// `PrimaryKeyConstraint(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_primary_key_constraint(
    vm: &mut Interpreter,
    arguments: Arguments,
) -> Result<PrimaryKeyConstraint> {
    let mut bound = arguments.bind(parameters!(
        "PrimaryKeyConstraint.__init__",
        "*columns, name=None, deferrable=None, initially=None, info=None, comment=None, \
         _implicit_generated=False, **dialect_kw"
    ))?;
    let columns = std::mem::take(&mut bound.rest);
    let columns = column_arguments(vm, &columns)?;
    let options = constraint_options(vm, &mut bound)?;
    PrimaryKeyConstraint::new(columns, options)
}

/// `CheckConstraint(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_check_constraint(
    vm: &mut Interpreter,
    arguments: Arguments,
) -> Result<CheckConstraint> {
    let mut bound = arguments.bind(parameters!(
        "CheckConstraint.__init__",
        "sqltext, name=None, deferrable=None, initially=None, table=None, info=None, comment=None, \
         _create_rule=None, _autoattach=True, _type_bound=False, **dialect_kw"
    ))?;
    let sqltext = bound.value("sqltext");
    let sqltext = text_expression(vm, &sqltext, "CHECK constraint")?;
    let table = bound.take_some("table");
    let options = constraint_options(vm, &mut bound)?;
    let constraint = CheckConstraint::new(sqltext, options)?;
    if let Some(table) = table.as_ref().and_then(find_table) {
        table.append_constraint(&constraint.clone().into())?;
    }
    Ok(constraint)
}

/// An expression, or text that is SQL.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for anything else.
pub fn text_expression(vm: &mut Interpreter, value: &Value, purpose: &str) -> Result<Expression> {
    if let Some(expression) = find_clause(vm, value)? {
        return Ok(expression);
    }
    if let Some(text) = value.as_text() {
        return Ok(elements::text(&text));
    }
    refuse_opaque(value, purpose)?;
    let shown = vm.repr(value)?;
    Err(argument_error(format!(
        "SQL expression element or literal value expected, got {shown}."
    )))
}

/// `Index(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_index(vm: &mut Interpreter, arguments: Arguments) -> Result<Index> {
    let mut bound = arguments.bind(parameters!("Index.__init__", INDEX_PARAMETERS))?;
    let name = bound.value("name");
    let quote = flag(vm, &mut bound, "quote")?;
    let name = match (&name, quote) {
        (name, Some(quote)) if name.as_text().is_some() => ConstraintName::plain(Name::quoted(
            name.as_text().unwrap_or_default(),
            Some(quote),
        )),
        _ => constraint_name(Some(name)),
    };
    let mut expressions = Vec::new();
    for value in std::mem::take(&mut bound.rest) {
        expressions.push(index_expression(vm, &value)?);
    }
    let table = bound.take_some("_table").as_ref().and_then(find_table);
    Index::new(
        name,
        expressions,
        IndexOptions {
            unique: flag(vm, &mut bound, "unique")?.unwrap_or(false),
            info: info_argument(bound.take("info")),
            options: dialect_options(vm, std::mem::take(&mut bound.extra))?,
            table,
            column_flag: false,
        },
    )
}

/// What an index may be over.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for anything that is no column, no text and no expression.
pub fn index_expression(vm: &mut Interpreter, value: &Value) -> Result<IndexExpression> {
    if let Some(column) = find_column(value) {
        return Ok(IndexExpression::Expression(column_expression(&column)));
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

/// `Computed(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_computed(vm: &mut Interpreter, arguments: Arguments) -> Result<Computed> {
    let mut bound = arguments.bind(parameters!("Computed.__init__", "sqltext, persisted=None"))?;
    let sqltext = bound.value("sqltext");
    let sqltext = text_expression(vm, &sqltext, "the expression of a computed column")?;
    Ok(Computed::new(sqltext, flag(vm, &mut bound, "persisted")?))
}

fn identity_options(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<IdentityOptions> {
    Ok(IdentityOptions {
        start: integer(bound, "start"),
        increment: integer(bound, "increment"),
        minvalue: integer(bound, "minvalue"),
        maxvalue: integer(bound, "maxvalue"),
        nominvalue: flag(vm, bound, "nominvalue")?,
        nomaxvalue: flag(vm, bound, "nomaxvalue")?,
        cycle: flag(vm, bound, "cycle")?,
        cache: integer(bound, "cache"),
    })
}

/// `Identity(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_identity(vm: &mut Interpreter, arguments: Arguments) -> Result<Identity> {
    let mut bound = arguments.bind(parameters!(
        "Identity.__init__",
        "always=False, on_null=None, start=None, increment=None, minvalue=None, maxvalue=None, \
         nominvalue=None, nomaxvalue=None, cycle=None, cache=None, order=None, **dialect_kw"
    ))?;
    let always = match bound.take("always") {
        None => Some(false),
        Some(Value::None) => None,
        Some(value) => Some(vm.truth(&value)?),
    };
    let options = identity_options(vm, &mut bound)?;
    let mut dialect = dialect_options(vm, std::mem::take(&mut bound.extra))?;
    for name in ["on_null", "order"] {
        if let Some(value) = flag(vm, &mut bound, name)? {
            dialect.insert(format!("oracle_{name}"), value);
        }
    }
    Ok(Identity::with_dialect_options(always, options, dialect))
}

/// `Sequence(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_sequence(vm: &mut Interpreter, arguments: Arguments) -> Result<Sequence> {
    let mut bound = arguments.bind(parameters!(
        "Sequence.__init__",
        "name, start=None, increment=None, minvalue=None, maxvalue=None, nominvalue=None, \
         nomaxvalue=None, cycle=None, schema=None, cache=None, order=None, data_type=None, \
         optional=False, quote=None, metadata=None, quote_schema=None, for_update=False, \
         **dialect_kw"
    ))?;
    let quote = flag(vm, &mut bound, "quote")?;
    let name = identifier(&bound.value("name"), quote).unwrap_or_else(|| Name::new(""));
    let metadata = bound.take_some("metadata").as_ref().and_then(find_metadata);
    let schema = match schema_name(bound.take("schema"), None) {
        SchemaName::Named(schema) => Some(schema),
        SchemaName::Blank => None,
        SchemaName::Inherit => metadata.as_ref().and_then(MetaData::schema),
    };
    let data_type = match bound.take_some("data_type") {
        Some(kind) => Some(convert::to_type(vm, &kind)?),
        None => None,
    };
    let optional = flag(vm, &mut bound, "optional")?.unwrap_or(false);
    let options = identity_options(vm, &mut bound)?;
    let sequence = Sequence::new(name, schema, options, data_type, optional);
    if let Some(metadata) = metadata {
        sequence.set_metadata(&metadata);
    }
    Ok(sequence)
}

/// `DefaultClause(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_default_clause(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    let mut bound = arguments.bind(parameters!(
        "DefaultClause.__init__",
        "arg, for_update=False, _reflected=False"
    ))?;
    let value = bound.value("arg");
    let clause = default_clause(vm, &value)?;
    let for_update = flag(vm, &mut bound, "for_update")?.unwrap_or(false);
    Ok(Value::native(ServerDefaultObject {
        default: ServerDefault::DefaultClause(clause.as_for_update(for_update)),
    }))
}

/// `FetchedValue(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_fetched_value(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    let mut bound = arguments.bind(parameters!("FetchedValue.__init__", "for_update=False"))?;
    let for_update = flag(vm, &mut bound, "for_update")?.unwrap_or(false);
    Ok(Value::native(ServerDefaultObject {
        default: ServerDefault::FetchedValue(FetchedValue { for_update }),
    }))
}

/// `ColumnDefault(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_column_default(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    let mut bound = arguments.bind(parameters!(
        "ColumnDefault.__init__",
        "arg, for_update=False"
    ))?;
    let value = bound.value("arg");
    let default = match column_default(vm, Some(value))? {
        Some(default) => default,
        None => ColumnDefault::Scalar(Literal::Null),
    };
    Ok(Value::native(DefaultObject { default }))
}

/// `MetaData(...)`.
///
/// # Errors
/// What SQLAlchemy's constructor raises.
pub fn make_metadata(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    let mut bound = arguments.bind(parameters!(
        "MetaData.__init__",
        "schema=None, quote_schema=None, naming_convention=None, info=None"
    ))?;
    let quote = flag(vm, &mut bound, "quote_schema")?;
    let schema = bound
        .take_some("schema")
        .and_then(|schema| identifier(&schema, quote));
    let convention = match bound.take_some("naming_convention") {
        Some(value) => Some(naming_convention(vm, &value)?),
        None => None,
    };
    let info = info_argument(bound.take("info"));
    let metadata = MetaData::with_options(schema, convention, info);
    Ok(convert::metadata_value(vm, &metadata))
}

/// The short names of conventions, by the classes that may stand for them.
const CONVENTION_CLASSES: &[(&str, &str)] = &[
    ("sqlalchemy.sql.schema.ForeignKeyConstraint", "fk"),
    ("sqlalchemy.sql.schema.PrimaryKeyConstraint", "pk"),
    ("sqlalchemy.sql.schema.Index", "ix"),
    ("sqlalchemy.sql.schema.CheckConstraint", "ck"),
    ("sqlalchemy.sql.schema.UniqueConstraint", "uq"),
];

/// `naming_convention=`: patterns by kind, and functions for own tokens.
///
/// # Errors
/// A plain no for a value that is not here.
pub fn naming_convention(vm: &mut Interpreter, value: &Value) -> Result<NamingConvention> {
    refuse_opaque(value, "the naming convention")?;
    let mut convention = NamingConvention::empty();
    let keys = vm.collect(value)?;
    for key in keys {
        let pattern = vm.get_item(value, &key)?;
        let name = match (&key, key.as_text()) {
            (_, Some(text)) => text,
            (Value::Class(class), _) => {
                let dotted = class.dotted_name();
                match CONVENTION_CLASSES.iter().find(|(name, _)| *name == dotted) {
                    Some((_, short)) => Rc::from(*short),
                    None => continue,
                }
            }
            _ => continue,
        };
        if let Some(pattern) = pattern.as_text() {
            convention = convention.with(&name, Convention::Template(pattern));
            continue;
        }
        if pattern.is_none() {
            convention = convention.with(&name, Convention::None);
            continue;
        }
        return Err(Error::unsupported(format!(
            "the naming convention '{name}' is a function, which can't be called while a \
             constraint is named here; write a pattern such as \"fk_%(table_name)s\" instead"
        )));
    }
    Ok(convention)
}

/// `metadata.naming_convention`.
pub fn naming_convention_value(metadata: &MetaData) -> Value {
    let dict = Dict::new();
    for (name, rule) in metadata.naming_convention().iter() {
        if let Convention::Template(pattern) = rule {
            dict.set_str(name, Value::Str(pattern.clone()));
        }
    }
    Value::Dict(Rc::new(dict))
}

/// The methods of tables.
pub mod table_methods {
    use super::*;

    fn table(this: &Value) -> Result<Table> {
        find_table(this).ok_or_else(|| invalid_request("this is not a Table"))
    }

    /// `table.append_column(...)`.
    ///
    /// # Errors
    /// As in SQLAlchemy.
    pub fn append_column(
        vm: &mut Interpreter,
        this: &Value,
        arguments: Arguments,
    ) -> Result<Value> {
        let mut bound = arguments.bind(parameters!(
            "Table.append_column",
            "column, replace_existing=False"
        ))?;
        let column = bound.value("column");
        let Some(column) = find_column(&column) else {
            return Err(not_a_schema_item(vm, &column)?);
        };
        let replace = flag(vm, &mut bound, "replace_existing")?.unwrap_or(false);
        table(this)?.append_column(&column, replace)?;
        show_warnings(vm);
        Ok(Value::None)
    }

    /// `table.append_constraint(...)`.
    ///
    /// # Errors
    /// As in SQLAlchemy.
    pub fn append_constraint(
        vm: &mut Interpreter,
        this: &Value,
        arguments: Arguments,
    ) -> Result<Value> {
        let [item] = arguments.exactly("append_constraint")?;
        let table = table(this)?;
        match table_item(vm, &item)? {
            TableItem::Constraint(constraint) => table.append_constraint(&constraint)?,
            TableItem::Index(index) => table.append_index(&index)?,
            TableItem::Column(column) => table.append_column(&column, false)?,
        }
        show_warnings(vm);
        Ok(Value::None)
    }

    /// `table.to_metadata(...)`.
    ///
    /// # Errors
    /// As in SQLAlchemy.
    pub fn to_metadata(vm: &mut Interpreter, this: &Value, arguments: Arguments) -> Result<Value> {
        let mut bound = arguments.bind(parameters!(
            "Table.to_metadata",
            "metadata, schema=None, referred_schema_fn=None, name=None"
        ))?;
        let Some(metadata) = find_metadata(&bound.value("metadata")) else {
            return Err(invalid_request("to_metadata() needs a MetaData"));
        };
        let schema = match bound.take("schema") {
            None => SchemaName::Inherit,
            Some(Value::None) => SchemaName::Blank,
            given => schema_name(given, None),
        };
        let name = bound
            .take_some("name")
            .and_then(|name| identifier(&name, None));
        let copy = table(this)?.to_metadata(&metadata, schema, name.as_ref())?;
        show_warnings(vm);
        Ok(table_value(vm, &copy))
    }

    /// `table.add_is_dependent_on(...)`.
    ///
    /// # Errors
    /// As in SQLAlchemy.
    pub fn add_is_dependent_on(
        _vm: &mut Interpreter,
        this: &Value,
        arguments: Arguments,
    ) -> Result<Value> {
        let [other] = arguments.exactly("add_is_dependent_on")?;
        if let Some(other) = find_table(&other) {
            table(this)?.add_is_dependent_on(&other);
        }
        Ok(Value::None)
    }
}

/// A constraint or an index as Python sees it.
pub fn schema_item_value(vm: &mut Interpreter, item: &TableItem) -> Value {
    match item {
        TableItem::Column(column) => convert::column_value(vm, column),
        TableItem::Constraint(constraint) => constraint_value(vm, constraint),
        TableItem::Index(index) => index_value(vm, index),
    }
}
