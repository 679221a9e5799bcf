//! `MockConnection`: stands for a connection where statements are only handed on, as with `--sql`.

use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Bound, Class, Declaration, FreeFunction, Interpreter, NativeObject, Value, function,
    method, property,
};
use sqlalchemy::dialects::Dialect;

use super::{dialect_value, to_url};
use crate::bindings::sqlalchemy::sql::DdlObject;

/// What a mock connection does with a statement.
pub trait MockExecutor {
    /// Takes a statement or a DDL element; what it returns is what `execute` returns.
    ///
    /// # Errors
    /// What the statement can't be compiled for.
    fn execute(&self, vm: &mut Interpreter, statement: &Value, parameters: Value) -> Result<Value>;
}

/// `sqlalchemy.engine.mock.MockConnection`.
pub struct MockConnection {
    dialect: Dialect,
    executor: Rc<dyn MockExecutor>,
}

impl MockConnection {
    /// A connection as a Python value.
    pub fn value(dialect: &Dialect, executor: Rc<dyn MockExecutor>) -> Value {
        Value::native(MockConnection {
            dialect: dialect.clone(),
            executor,
        })
    }

    /// The dialect of what is executed.
    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// Executes DDL that is compiled already.
    ///
    /// # Errors
    /// What the executor raises.
    pub fn execute_ddl(&self, vm: &mut Interpreter, text: String) -> Result<()> {
        let statement = Value::native(DdlObject::compiled(text));
        self.executor.execute(vm, &statement, Value::None)?;
        Ok(())
    }
}

static MOCK_CONNECTION: Declaration<MockConnection> = Declaration {
    properties: &[
        property("dialect", |vm, this: &MockConnection| {
            Ok(dialect_value(vm, &this.dialect))
        }),
        property("engine", |_, this: &MockConnection| {
            Ok(MockConnection::value(&this.dialect, this.executor.clone()))
        }),
        property("name", |_, this: &MockConnection| {
            Ok(Value::str(this.dialect.name()))
        }),
    ],
    methods: &[
        method("connect", "self, **kwargs", itself),
        method("execution_options", "self, **kw", itself),
        method("schema_for_object", "self, obj", |vm, _, bound| {
            vm.get_attribute(&bound.value("obj"), "schema")
        }),
        method(
            "execute",
            "self, obj, parameters=None, execution_options=None",
            |vm, this, bound| {
                let parameters = bound.value("parameters");
                this.executor.execute(vm, &bound.value("obj"), parameters)
            },
        ),
    ],
    ..Declaration::new("sqlalchemy.engine.mock.MockConnection")
};

fn itself(_: &mut Interpreter, _: &MockConnection, bound: &mut Bound<'_>) -> Result<Value> {
    Ok(bound.this().clone())
}

impl NativeObject for MockConnection {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&MOCK_CONNECTION)
    }
}

/// The function given to `create_mock_engine`.
struct Callable(Value);

impl MockExecutor for Callable {
    fn execute(&self, vm: &mut Interpreter, statement: &Value, parameters: Value) -> Result<Value> {
        let arguments = Arguments::positional(vec![statement.clone(), parameters]);
        vm.call(&self.0, arguments)
    }
}

pub(super) static CREATE_MOCK_ENGINE: FreeFunction =
    function("create_mock_engine", "url, executor, **kw", |vm, bound| {
        let url = to_url(vm, &bound.value("url"))?;
        url.check_dialect()?;
        if let Some((name, _)) = bound.extra.first() {
            return Err(Error::unsupported(format!(
                "create_mock_engine({name}=...)"
            )));
        }
        let executor = Rc::new(Callable(bound.value("executor")));
        Ok(MockConnection::value(&url.get_dialect(), executor))
    });
