//! `op.execute` and `op.bulk_insert`, and the constructs they accept.

use sqlalchemy::exc;
use std::any::Any;
use std::rc::Rc;

use super::MIGRATE_OPERATION;
use super::objects::{Handle, attributes, initialize};
use super::operation::{BatchForm, Operation, OperationArguments};
use crate::bindings::conversion::{self, OperationField};
use crate::bindings::sqlalchemy::engine::schema_translate_map;
use crate::bindings::sqlalchemy::sql::{self, DdlObject};
use crate::ddl::{DdlConstruct, Executable, RowExpression, RowValue};
use crate::operations::ops::{BulkInsertOp, ExecuteSQLOp, MigrateOperation, SqlText};
use ground::diagnostic::{Error, Result};
use ground::hash::IndexMap;
use python::{Declaration, Interpreter, Value, function};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::elements::Expression;
use sqlalchemy::engine::ExecutionOptions;
use sqlalchemy::sql::Statement;

/// What executing SQL takes, in its class and in `op`.
const EXECUTE_PARAMETERS: &str = "self, sqltext, *, execution_options=None";
/// What a bulk insert takes, in its class and in `op`.
const BULK_INSERT_PARAMETERS: &str = "self, table, rows, *, multiinsert=True";

pub(super) static EXECUTE: Operation = Operation::new(
    "execute",
    EXECUTE_PARAMETERS,
    BatchForm::Without(&[]),
    execute,
);

pub(super) static EXECUTE_SQL_OP: Declaration<Handle<ExecuteSQLOp>> = Declaration {
    bases: &[&MIGRATE_OPERATION],
    initializer: Some(function("__init__", EXECUTE_PARAMETERS, |vm, bound| {
        initialize(vm, bound, execute)
    })),
    properties: attributes!(ExecuteSQLOp: sqltext),
    ..Declaration::new("alembic.operations.ops.ExecuteSQLOp")
};

fn execute(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<MigrateOperation> {
    let execution_options = match call.value("execution_options") {
        Value::None => None,
        options => Some(execution_options(vm, &options)?),
    };
    Ok(ExecuteSQLOp {
        sqltext: call.field(vm, "sqltext")?,
        execution_options,
    }
    .into())
}

/// `execution_options=`: those that have an effect outside Python.
///
/// # Errors
/// `TypeError` for what is no dictionary.
pub(in crate::bindings::alembic) fn execution_options(
    vm: &mut Interpreter,
    options: &Value,
) -> Result<ExecutionOptions> {
    let Some(dict) = options.as_dict() else {
        return Err(vm.type_error("execution_options must be a dictionary"));
    };
    let schema_translate_map = match dict.get_str("schema_translate_map") {
        Some(map) => schema_translate_map(vm, &map)?,
        None => None,
    };
    let text = |name: &str| {
        dict.get_str(name)
            .and_then(|value| value.as_str().map(str::to_owned))
    };
    Ok(ExecutionOptions {
        isolation_level: text("isolation_level"),
        logging_token: text("logging_token"),
        schema_translate_map,
    })
}

/// A DDL construct: `DDL("...")`, `CreateTable(table)`.
struct PythonDdl(Value, Rc<DdlObject>);

impl DdlConstruct for PythonDdl {
    fn compile(&self, dialect: &Dialect) -> Result<String> {
        self.1.compile(dialect)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Text or an executable construct.
impl OperationField for SqlText {
    fn to_python(&self, _vm: &mut Interpreter) -> Value {
        match self {
            SqlText::String(text) => Value::str(text),
            SqlText::Construct(Executable::Ddl(construct)) => construct
                .as_any()
                .downcast_ref::<PythonDdl>()
                .map_or(Value::None, |ddl| ddl.0.clone()),
            SqlText::Construct(Executable::Statement(statement)) => match statement {
                Statement::Text(text) => {
                    conversion::expression_value(&Expression::Text(text.clone()))
                }
                Statement::Expression(expression) => conversion::expression_value(expression),
                _ => Value::None,
            },
        }
    }

    fn parse(vm: &mut Interpreter, value: &Value) -> Result<Self> {
        if let Some(text) = value.as_str() {
            return Ok(SqlText::String(text.to_owned()));
        }
        conversion::refuse_opaque(value, "the statement")?;
        if let Some(statement) = conversion::to_statement(vm, value)? {
            return Ok(SqlText::Construct(Executable::Statement(statement)));
        }
        if let Some(object) = value.downcast::<DdlObject>() {
            let construct = PythonDdl(value.clone(), object);
            return Ok(SqlText::Construct(Executable::Ddl(Rc::new(construct))));
        }
        let shown = vm.repr(value)?;
        Err(Error::new(
            exc::OBJECT_NOT_EXECUTABLE_ERROR,
            format!("Not an executable object: {shown}"),
        ))
    }
}

pub(super) static BULK_INSERT: Operation = Operation::new(
    "bulk_insert",
    BULK_INSERT_PARAMETERS,
    BatchForm::Absent,
    bulk_insert,
);

pub(super) static BULK_INSERT_OP: Declaration<Handle<BulkInsertOp>> = Declaration {
    bases: &[&MIGRATE_OPERATION],
    initializer: Some(function("__init__", BULK_INSERT_PARAMETERS, |vm, bound| {
        initialize(vm, bound, bulk_insert)
    })),
    properties: attributes!(BulkInsertOp: multiinsert),
    ..Declaration::new("alembic.operations.ops.BulkInsertOp")
};

fn bulk_insert(
    vm: &mut Interpreter,
    call: &mut OperationArguments<'_, '_>,
) -> Result<MigrateOperation> {
    let table = call.value("table");
    let rows = call.value("rows");
    let multiinsert = match call.take("multiinsert") {
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
                None => OperationField::parse(vm, &key)?,
            };
            row.insert(key, row_value(vm, &value)?);
        }
        converted.push(row);
    }
    let Some(from) = sql::find_from(&table) else {
        // Alembic also fails if there are neither a table nor rows.
        if items.is_empty() {
            return Err(vm.attribute_error("'NoneType' object has no attribute 'insert'"));
        }
        conversion::refuse_opaque(&table, "the table")?;
        let class = vm.class_of(&table).name();
        return Err(vm.attribute_error(format!("'{class}' object has no attribute 'insert'")));
    };
    Ok(BulkInsertOp {
        table: from,
        rows: converted,
        multiinsert,
    }
    .into())
}

fn row_value(vm: &mut Interpreter, value: &Value) -> Result<RowValue> {
    Ok(match conversion::find_clause(vm, value)? {
        Some(Expression::BindParameter(parameter)) if parameter.inline => RowValue::Inline(
            parameter.value.clone().unwrap_or_default(),
            Some(parameter.kind.clone()),
        ),
        Some(expression) => {
            let repr = vm.repr(value)?;
            // A function that SQLAlchemy knows is of a class of its own, such as `now`.
            let function = repr.strip_prefix("<sqlalchemy.sql.functions.");
            let class = match function.and_then(|rest| rest.split(' ').next()) {
                Some(class) => class.into(),
                None => vm.class_of(value).name(),
            };
            RowValue::Expression(RowExpression {
                expression,
                class,
                repr: repr.into(),
            })
        }
        None => RowValue::Literal(conversion::to_literal(vm, value)?),
    })
}
