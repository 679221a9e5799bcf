//! The operations of `op` and `batch_op`: one table of parameters for each, which serves binding,
//! the texts of errors and completion; and what each makes of its arguments.

use std::rc::Rc;
use std::sync::LazyLock;

use ground::hash::IndexMap;

use super::op_arguments as arguments;
use super::values;
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::sql;
use crate::ddl::RowValue;
use crate::operations::BatchOperationsImpl;
use crate::operations::ops::{
    AddColumnOp, AlterColumnKeywords, AlterColumnOp, BulkInsertOp, ConstraintKeywords,
    CreateCheckConstraintOp, CreateForeignKeyOp, CreateIndexOp, CreatePrimaryKeyOp,
    CreateTableCommentOp, CreateTableOp, CreateUniqueConstraintOp, DropColumnOp, DropConstraintOp,
    DropIndexOp, DropTableCommentOp, DropTableOp, ExecuteSQLOp, ForeignKeyKeywords,
    MigrateOperation, RenameTableOp,
};
use crate::operations::schemaobj::TableOptions;
use ground::diagnostic::{Error, Result};
use python::{Arguments, Bound, Interpreter, Parameters, Value};
use sqlalchemy::name::Name;
use sqlalchemy::schema::DialectOptions;

/// What an operation makes of its bound arguments; the batch is there within
/// `batch_alter_table`.
type Build =
    fn(&mut Interpreter, &mut Bound<'_>, Option<&BatchOperationsImpl>) -> Result<MigrateOperation>;

/// One operation as Python calls it.
pub(super) struct Operation {
    /// Its name.
    pub(super) name: &'static str,
    /// Parameters of `op.name(...)`, `self` first; none where only a batch has it.
    pub(super) parameters: Option<Parameters>,
    /// Parameters of `batch_op.name(...)`, `self` first; none where a batch has it not.
    pub(super) batch_parameters: Option<Parameters>,
    build: Build,
}

/// The operations of `op`, or of a batch, with the names of their parameters.
pub fn operation_parameters(batch: bool) -> Vec<(&'static str, Vec<String>)> {
    OPERATIONS
        .iter()
        .filter_map(|operation| {
            let parameters = if batch {
                operation.batch_parameters.as_ref()
            } else {
                operation.parameters.as_ref()
            }?;
            let names = parameters.names().skip(1).map(str::to_owned).collect();
            Some((operation.name, names))
        })
        .collect()
}

/// Every operation, in the order of their names.
pub(super) static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let operation = |name: &'static str, plain: &str, batch: &str, build: Build| Operation {
        name,
        parameters: (!plain.is_empty()).then(|| Parameters::new(name, plain)),
        batch_parameters: (!batch.is_empty()).then(|| Parameters::new(name, batch)),
        build,
    };
    vec![
        operation(
            "add_column",
            "self, table_name, column, *, schema=None, if_not_exists=None, inline_references=None, \
             inline_primary_key=None",
            "self, column, *, insert_before=None, insert_after=None, if_not_exists=None, \
             inline_references=None, inline_primary_key=None",
            add_column,
        ),
        operation(
            "alter_column",
            "self, table_name, column_name, *, nullable=None, comment=False, server_default=False, \
             new_column_name=None, type_=None, existing_type=None, existing_server_default=False, \
             existing_nullable=None, existing_comment=None, schema=None, **kw",
            "self, column_name, *, nullable=None, comment=False, server_default=False, \
             new_column_name=None, type_=None, existing_type=None, existing_server_default=False, \
             existing_nullable=None, existing_comment=None, insert_before=None, insert_after=None, \
             **kw",
            alter_column,
        ),
        operation(
            "bulk_insert",
            "self, table, rows, *, multiinsert=True",
            "",
            bulk_insert,
        ),
        operation(
            "create_check_constraint",
            "self, constraint_name, table_name, condition, *, schema=None, **kw",
            "self, constraint_name, condition, **kw",
            create_check_constraint,
        ),
        operation(
            "create_exclude_constraint",
            "self, constraint_name, table_name, *elements, **kw",
            "self, constraint_name, *elements, **kw",
            create_exclude_constraint,
        ),
        operation(
            "create_foreign_key",
            "self, constraint_name, source_table, referent_table, local_cols, remote_cols, *, \
             onupdate=None, ondelete=None, deferrable=None, initially=None, match=None, \
             source_schema=None, referent_schema=None, **dialect_kw",
            "self, constraint_name, referent_table, local_cols, remote_cols, *, \
             referent_schema=None, onupdate=None, ondelete=None, deferrable=None, initially=None, \
             match=None, **dialect_kw",
            create_foreign_key,
        ),
        operation(
            "create_index",
            "self, index_name, table_name, columns, *, schema=None, unique=False, \
             if_not_exists=None, **kw",
            "self, index_name, columns, **kw",
            create_index,
        ),
        operation(
            "create_primary_key",
            "self, constraint_name, table_name, columns, *, schema=None",
            "self, constraint_name, columns",
            create_primary_key,
        ),
        operation(
            "create_table",
            "self, table_name, *columns, if_not_exists=None, **kw",
            "",
            create_table,
        ),
        operation(
            "create_table_comment",
            "self, table_name, comment, *, existing_comment=None, schema=None",
            "self, comment, *, existing_comment=None",
            create_table_comment,
        ),
        operation(
            "create_unique_constraint",
            "self, constraint_name, table_name, columns, *, schema=None, **kw",
            "self, constraint_name, columns, **kw",
            create_unique_constraint,
        ),
        operation(
            "drop_column",
            "self, table_name, column_name, *, schema=None, **kw",
            "self, column_name, **kw",
            drop_column,
        ),
        operation(
            "drop_constraint",
            "self, constraint_name, table_name, type_=None, *, schema=None, if_exists=None",
            "self, constraint_name, type_=None",
            drop_constraint,
        ),
        operation(
            "drop_index",
            "self, index_name, table_name=None, *, schema=None, if_exists=None, **kw",
            "self, index_name, **kw",
            drop_index,
        ),
        operation(
            "drop_table",
            "self, table_name, *, schema=None, if_exists=None, **kw",
            "",
            drop_table,
        ),
        operation(
            "drop_table_comment",
            "self, table_name, *, existing_comment=None, schema=None",
            "self, *, existing_comment=None",
            drop_table_comment,
        ),
        operation(
            "execute",
            "self, sqltext, *, execution_options=None",
            "self, sqltext, *, execution_options=None",
            execute,
        ),
        operation(
            "rename_table",
            "self, old_table_name, new_table_name, *, schema=None",
            "",
            rename_table,
        ),
    ]
});

/// The operation of that name.
pub(super) fn find(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

impl Operation {
    /// Makes the operation of the arguments of a call, `self` not among them.
    ///
    /// # Errors
    /// Python's `TypeError` for arguments that do not fit, and what conversions raise.
    pub(super) fn make(
        &self,
        vm: &mut Interpreter,
        arguments: Arguments,
        batch: Option<&BatchOperationsImpl>,
    ) -> Result<MigrateOperation> {
        let parameters = match batch {
            Some(_) => &self.batch_parameters,
            None => &self.parameters,
        };
        let parameters = parameters
            .as_ref()
            .ok_or_else(|| Error::new("NotImplementedError", ""))?;
        // Messages count `self`.
        let mut bound = arguments.with_first(Value::None).bind(parameters)?;
        (self.build)(vm, &mut bound, batch)
    }
}

/// The table that the operation is about: the batch's, or the one that was given.
fn table_of(
    bound: &mut Bound<'_>,
    parameter: &str,
    batch: Option<&BatchOperationsImpl>,
) -> Result<(Name, Option<Name>)> {
    match batch {
        Some(batch) => Ok((batch.table_name().clone(), batch.schema().cloned())),
        None => Ok((
            arguments::name(&bound.value(parameter))?,
            arguments::optional_name(bound.take_some("schema"))?,
        )),
    }
}

fn add_column(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    batch: Option<&BatchOperationsImpl>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = table_of(bound, "table_name", batch)?;
    let value = bound.value("column");
    let Some(column) = conversion::find_column(&value) else {
        conversion::refuse_opaque(&value, "the column")?;
        let class = vm.class_of(&value).name();
        return Err(Error::new(
            "AttributeError",
            format!("'{class}' object has no attribute 'table'"),
        ));
    };
    Ok(AddColumnOp {
        table_name,
        column,
        schema,
        if_not_exists: arguments::flag(vm, bound.take_some("if_not_exists"))?,
        inline_references: arguments::flag(vm, bound.take_some("inline_references"))?,
        inline_primary_key: arguments::flag(vm, bound.take_some("inline_primary_key"))?,
        insert_before: arguments::place(bound.take_some("insert_before"))?,
        insert_after: arguments::place(bound.take_some("insert_after"))?,
    }
    .into())
}

fn alter_column(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    batch: Option<&BatchOperationsImpl>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = table_of(bound, "table_name", batch)?;
    let mut op = AlterColumnOp::new(table_name, arguments::name(&bound.value("column_name"))?);
    op.schema = schema;
    op.modify_nullable = arguments::flag(vm, bound.take_some("nullable"))?;
    op.modify_comment = arguments::unless_false(bound.take("comment"))
        .map(|value| arguments::optional_text(&value))
        .transpose()?;
    op.modify_server_default = match arguments::unless_false(bound.take("server_default")) {
        Some(value) => Some(conversion::server_default(vm, Some(value), false)?),
        None => None,
    };
    op.modify_name = arguments::optional_name(bound.take_some("new_column_name"))?;
    op.modify_type = match bound.take_some("type_") {
        Some(value) => Some(conversion::to_type(vm, &value)?),
        None => None,
    };
    op.existing_type = match bound.take_some("existing_type") {
        Some(value) => Some(conversion::to_type(vm, &value)?),
        None => None,
    };
    op.existing_server_default =
        match arguments::unless_false(bound.take("existing_server_default")) {
            Some(value) => Some(conversion::server_default(vm, Some(value), false)?),
            None => None,
        };
    op.existing_nullable = arguments::flag(vm, bound.take_some("existing_nullable"))?;
    op.existing_comment = match bound.take_some("existing_comment") {
        Some(value) => arguments::optional_text(&value)?,
        None => None,
    };
    op.kw.insert_before = arguments::place(bound.take_some("insert_before"))?;
    op.kw.insert_after = arguments::place(bound.take_some("insert_after"))?;
    let mut others = Vec::new();
    for (name, value) in std::mem::take(&mut bound.extra) {
        match &*name {
            "autoincrement" => op.kw.autoincrement = arguments::flag(vm, some(value))?,
            "existing_autoincrement" => {
                op.kw.existing_autoincrement = arguments::flag(vm, some(value))?;
            }
            _ => others.push((name, value)),
        }
    }
    op.kw = AlterColumnKeywords {
        dialect: conversion::dialect_options(vm, &others)?,
        ..op.kw
    };
    Ok(op.into())
}

fn some(value: Value) -> Option<Value> {
    Some(value).filter(|value| !value.is_none())
}

fn bulk_insert(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    _batch: Option<&BatchOperationsImpl>,
) -> Result<MigrateOperation> {
    let table = bound.value("table");
    let rows = bound.value("rows");
    let multiinsert = match bound.take("multiinsert") {
        Some(value) => vm.truth(&value)?,
        None => true,
    };
    let items = match rows.plain() {
        Value::List(list) => list.items.borrow().clone(),
        _ => {
            conversion::refuse_opaque(&rows, "the rows")?;
            return Err(vm.type_error("List expected"));
        }
    };
    let mut converted = Vec::with_capacity(items.len());
    for item in &items {
        let Value::Dict(dict) = item.plain() else {
            return Err(vm.type_error("List of dictionaries expected"));
        };
        let mut row = IndexMap::default();
        for (key, value) in dict.entries() {
            let key = match conversion::find_column(&key) {
                Some(column) => column.key(),
                None => arguments::text(&key)?,
            };
            row.insert(key, row_value(vm, &value)?);
        }
        converted.push(row);
    }
    let Some(table) = sql::find_from(&table) else {
        if items.is_empty() {
            return Err(arguments::nothing_to_insert_into());
        }
        conversion::refuse_opaque(&table, "the table")?;
        let class = vm.class_of(&table).name();
        return Err(Error::new(
            "AttributeError",
            format!("'{class}' object has no attribute 'insert'"),
        ));
    };
    Ok(BulkInsertOp {
        table,
        rows: converted,
        multiinsert,
    }
    .into())
}

fn row_value(vm: &mut Interpreter, value: &Value) -> Result<RowValue> {
    use sqlalchemy::elements::Expression;
    Ok(match conversion::find_clause(vm, value)? {
        Some(Expression::BindParameter(parameter)) if parameter.literal_execute => {
            RowValue::Inline(
                parameter.value.clone().unwrap_or_default(),
                Some(parameter.kind.clone()),
            )
        }
        Some(expression) => RowValue::Expression(expression),
        None => RowValue::Literal(conversion::to_literal(vm, value)?),
    })
}

/// The keywords that constraints take beside those of dialects.
fn constraint_keywords(
    vm: &mut Interpreter,
    extra: Vec<(Rc<str>, Value)>,
) -> Result<ConstraintKeywords> {
    let mut keywords = ConstraintKeywords::default();
    let mut others = Vec::new();
    for (name, value) in extra {
        match &*name {
            "deferrable" => keywords.deferrable = arguments::flag(vm, some(value))?,
            "initially" => keywords.initially = arguments::optional_text(&value)?,
            "info" | "comment" | "schema" => {}
            _ => others.push((name, value)),
        }
    }
    keywords.dialect = conversion::dialect_options(vm, &others)?;
    Ok(keywords)
}

fn create_check_constraint(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    batch: Option<&BatchOperationsImpl>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = table_of(bound, "table_name", batch)?;
    let condition = bound.value("condition");
    Ok(CreateCheckConstraintOp {
        constraint_name: conversion::constraint_name(bound.take("constraint_name")),
        table_name,
        condition: arguments::condition(vm, &condition)?,
        schema,
        kw: constraint_keywords(vm, std::mem::take(&mut bound.extra))?,
    }
    .into())
}

fn create_exclude_constraint(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    _batch: Option<&BatchOperationsImpl>,
) -> Result<MigrateOperation> {
    if bound.rest.is_empty() {
        return Err(vm.value_error("not enough values to unpack (expected 2, got 0)"));
    }
    Err(
        Error::unsupported("op.create_exclude_constraint(): EXCLUDE constraints are PostgreSQL's")
            .with_hint("Guard it: if op.get_bind().dialect.name == 'postgresql': ..."),
    )
}

fn create_foreign_key(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    batch: Option<&BatchOperationsImpl>,
) -> Result<MigrateOperation> {
    let (source_table, source_schema) = match batch {
        Some(batch) => (batch.table_name().clone(), batch.schema().cloned()),
        None => (
            arguments::name(&bound.value("source_table"))?,
            arguments::optional_name(bound.take_some("source_schema"))?,
        ),
    };
    let mut kw = ForeignKeyKeywords {
        onupdate: arguments::optional_text(&bound.value("onupdate"))?,
        ondelete: arguments::optional_text(&bound.value("ondelete"))?,
        deferrable: arguments::flag(vm, bound.take_some("deferrable"))?,
        initially: arguments::optional_text(&bound.value("initially"))?,
        r#match: arguments::optional_text(&bound.value("match"))?,
        use_alter: false,
        source_schema,
        referent_schema: arguments::optional_name(bound.take_some("referent_schema"))?,
        dialect: DialectOptions::new(),
    };
    let mut others = Vec::new();
    for (name, value) in std::mem::take(&mut bound.extra) {
        match &*name {
            "use_alter" => kw.use_alter = vm.truth(&value)?,
            "info" | "comment" | "link_to_name" => {}
            _ => others.push((name, value)),
        }
    }
    kw.dialect = conversion::dialect_options(vm, &others)?;
    let local_cols = bound.value("local_cols");
    let remote_cols = bound.value("remote_cols");
    Ok(CreateForeignKeyOp {
        constraint_name: conversion::constraint_name(bound.take("constraint_name")),
        source_table,
        referent_table: arguments::name(&bound.value("referent_table"))?,
        local_cols: arguments::names(vm, &local_cols)?,
        remote_cols: arguments::names(vm, &remote_cols)?,
        kw,
    }
    .into())
}

/// `schema`, `unique` and `if_not_exists` (or `if_exists`) in a batch come through `**kw`.
fn take_extra(bound: &mut Bound<'_>, name: &str) -> Option<Value> {
    if let Some(value) = bound.take(name) {
        return some(value);
    }
    let place = bound.extra.iter().position(|(key, _)| &**key == name)?;
    some(bound.extra.remove(place).1)
}

fn create_index(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    batch: Option<&BatchOperationsImpl>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = table_of(bound, "table_name", batch)?;
    let columns = bound.value("columns");
    let unique = take_extra(bound, "unique");
    let if_not_exists = take_extra(bound, "if_not_exists");
    let _ = take_extra(bound, "info");
    Ok(CreateIndexOp {
        index_name: conversion::constraint_name(bound.take("index_name")),
        table_name,
        columns: arguments::index_elements(vm, &columns)?,
        schema,
        unique: arguments::flag(vm, unique)?.unwrap_or(false),
        unique_is_number: false,
        if_not_exists: arguments::flag(vm, if_not_exists)?,
        kw: conversion::dialect_options(vm, &bound.extra)?,
    }
    .into())
}

fn create_primary_key(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    batch: Option<&BatchOperationsImpl>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = table_of(bound, "table_name", batch)?;
    let columns = bound.value("columns");
    Ok(CreatePrimaryKeyOp {
        constraint_name: conversion::constraint_name(bound.take("constraint_name")),
        table_name,
        columns: arguments::names(vm, &columns)?,
        schema,
        kw: ConstraintKeywords::default(),
    }
    .into())
}

fn create_table(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    _batch: Option<&BatchOperationsImpl>,
) -> Result<MigrateOperation> {
    let mut op = CreateTableOp {
        table_name: arguments::name(&bound.value("table_name"))?,
        columns: Vec::new(),
        schema: None,
        if_not_exists: arguments::flag(vm, bound.take_some("if_not_exists"))?,
        options: TableOptions::default(),
        kw: DialectOptions::new(),
        namespace_metadata: None,
        constraints_included: false,
    };
    for value in std::mem::take(&mut bound.rest) {
        conversion::refuse_opaque(&value, "an item of the table")?;
        // What is no schema item is passed over, as Alembic does.
        if let Some(item) = arguments::schema_item(vm, &value)? {
            op.columns.push(item);
        }
    }
    let mut others = Vec::new();
    for (name, value) in std::mem::take(&mut bound.extra) {
        match &*name {
            "schema" => op.schema = arguments::optional_name(some(value))?,
            "comment" => op.options.comment = arguments::optional_text(&value)?,
            "info" => op.options.info = arguments::info(value),
            "prefixes" => op.options.prefixes = arguments::texts(vm, &value)?,
            "extend_existing" | "keep_existing" | "quote" | "quote_schema" | "listeners" => {}
            _ => others.push((name, value)),
        }
    }
    op.kw = conversion::dialect_options(vm, &others)?;
    Ok(op.into())
}

fn create_table_comment(
    _vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    batch: Option<&BatchOperationsImpl>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = table_of(bound, "table_name", batch)?;
    Ok(CreateTableCommentOp {
        table_name,
        comment: arguments::optional_text(&bound.value("comment"))?,
        existing_comment: arguments::optional_text(&bound.value("existing_comment"))?,
        schema,
    }
    .into())
}

fn create_unique_constraint(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    batch: Option<&BatchOperationsImpl>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = table_of(bound, "table_name", batch)?;
    let columns = bound.value("columns");
    Ok(CreateUniqueConstraintOp {
        constraint_name: conversion::constraint_name(bound.take("constraint_name")),
        table_name,
        columns: arguments::names(vm, &columns)?,
        schema,
        kw: constraint_keywords(vm, std::mem::take(&mut bound.extra))?,
    }
    .into())
}

fn drop_column(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    batch: Option<&BatchOperationsImpl>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = table_of(bound, "table_name", batch)?;
    let if_exists = take_extra(bound, "if_exists");
    let existing_type = match take_extra(bound, "existing_type") {
        Some(value) if conversion::is_type(&value) => Some(conversion::to_type(vm, &value)?),
        _ => None,
    };
    Ok(DropColumnOp {
        table_name,
        column_name: arguments::name(&bound.value("column_name"))?,
        schema,
        if_exists: arguments::flag(vm, if_exists)?,
        existing_type,
        reverse: None,
    }
    .into())
}

fn drop_constraint(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    batch: Option<&BatchOperationsImpl>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = table_of(bound, "table_name", batch)?;
    let constraint_type = arguments::optional_text(&bound.value("type_"))?;
    Ok(DropConstraintOp {
        constraint_name: conversion::constraint_name(bound.take("constraint_name")),
        table_name,
        constraint_type: constraint_type.map(|text| text.to_string()),
        schema,
        if_exists: match bound.take_some("if_exists") {
            Some(value) => Some(vm.truth(&value)?),
            None => None,
        },
        reverse: None,
    }
    .into())
}

fn drop_index(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    batch: Option<&BatchOperationsImpl>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = match batch {
        Some(batch) => (Some(batch.table_name().clone()), batch.schema().cloned()),
        None => (
            arguments::optional_name(bound.take_some("table_name"))?,
            arguments::optional_name(bound.take_some("schema"))?,
        ),
    };
    let if_exists = take_extra(bound, "if_exists");
    let unique = take_extra(bound, "unique");
    let _ = take_extra(bound, "info");
    Ok(DropIndexOp {
        index_name: conversion::constraint_name(bound.take("index_name")),
        table_name,
        schema,
        if_exists: arguments::flag(vm, if_exists)?,
        unique: arguments::flag(vm, unique)?.unwrap_or(false),
        kw: conversion::dialect_options(vm, &bound.extra)?,
        reverse: None,
    }
    .into())
}

fn drop_table(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    _batch: Option<&BatchOperationsImpl>,
) -> Result<MigrateOperation> {
    let mut op = DropTableOp {
        table_name: arguments::name(&bound.value("table_name"))?,
        schema: arguments::optional_name(bound.take_some("schema"))?,
        if_exists: arguments::flag(vm, bound.take_some("if_exists"))?,
        options: TableOptions::default(),
        table_kw: DialectOptions::new(),
        reverse: None,
    };
    let mut others = Vec::new();
    for (name, value) in std::mem::take(&mut bound.extra) {
        match &*name {
            "comment" => op.options.comment = arguments::optional_text(&value)?,
            "info" => op.options.info = arguments::info(value),
            "prefixes" => op.options.prefixes = arguments::texts(vm, &value)?,
            _ => others.push((name, value)),
        }
    }
    op.table_kw = conversion::dialect_options(vm, &others)?;
    Ok(op.into())
}

fn drop_table_comment(
    _vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    batch: Option<&BatchOperationsImpl>,
) -> Result<MigrateOperation> {
    let (table_name, schema) = table_of(bound, "table_name", batch)?;
    Ok(DropTableCommentOp {
        table_name,
        existing_comment: arguments::optional_text(&bound.value("existing_comment"))?,
        schema,
    }
    .into())
}

fn execute(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    _batch: Option<&BatchOperationsImpl>,
) -> Result<MigrateOperation> {
    let sqltext = bound.value("sqltext");
    let execution_options = match bound.take_some("execution_options") {
        Some(value) => Some(values::to_execution_options(vm, &value)?),
        None => None,
    };
    Ok(ExecuteSQLOp {
        sqltext: values::to_sql_text(vm, &sqltext)?,
        execution_options,
    }
    .into())
}

fn rename_table(
    _vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    _batch: Option<&BatchOperationsImpl>,
) -> Result<MigrateOperation> {
    Ok(RenameTableOp {
        table_name: arguments::name(&bound.value("old_table_name"))?,
        new_table_name: arguments::name(&bound.value("new_table_name"))?,
        schema: arguments::optional_name(bound.take_some("schema"))?,
    }
    .into())
}
