//! The Python side of a command: the interpreter that runs env.py, revision scripts and models.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use crate::bindings::alembic::config::config_value;
use crate::config::Config;
use crate::runtime::{EnvironmentContext, EnvironmentOptions, Migrations};
use crate::script::{
    CreateDate, Script, ScriptDirectory, ScriptLoader, ScriptModule, TemplateArguments,
    TemplateProgram, TemplateValue,
};
use ground::diagnostic::{Error, Result};
use ground::host::{HostError, absolute_path};
use ground::run::Run;
use python::{Arguments, Interpreter, Module, Value};

/// Loads revision scripts, and runs env.py and templates. One interpreter serves the whole command,
/// so that models are loaded once.
#[derive(Clone)]
pub struct Environment(Rc<EnvironmentState>);

struct EnvironmentState {
    config: Config,
    /// The interpreter, while none of its code is running.
    interpreter: RefCell<Option<Interpreter>>,
    /// The environment contexts created for it.
    contexts: RefCell<Vec<EnvironmentContext>>,
}

/// On drop, closes an environment's interpreter and breaks the reference cycles of model tables and
/// reflected tables. Contexts and script directories hold the environment in turn, so it would not
/// be freed otherwise.
pub struct EnvironmentScope(Environment);

impl Drop for EnvironmentScope {
    fn drop(&mut self) {
        let resting = self.0.0.interpreter.borrow_mut().take();
        if let Some(mut vm) = resting {
            vm.close();
        }
        for context in self.0.0.contexts.take() {
            context.release();
        }
        sqlalchemy::schema::break_cycles();
    }
}

/// Per-command state stored in the interpreter (`vm.extension`).
#[derive(Default)]
pub struct AlembicState {
    /// The environments whose env.py is running, innermost last.
    pub active: RefCell<Vec<ActiveEnvironment>>,
    /// The Python `Config` of the command.
    pub config: RefCell<Option<Value>>,
}

/// An environment whose env.py is running.
#[derive(Clone)]
pub struct ActiveEnvironment {
    /// The underlying environment context.
    pub environment: EnvironmentContext,
    /// `context.config`.
    pub config: Value,
    /// The keywords passed to `context.run_migrations()`.
    pub run_arguments: Rc<RefCell<Arguments>>,
    /// `context.get_context().opts`, as set by `context.configure()`.
    pub options: Rc<RefCell<Value>>,
}

impl Environment {
    /// Creates an environment with an interpreter for one command.
    pub fn new(run: &Run, config: &Config) -> Environment {
        let mut vm = Interpreter::new(run.clone(), crate::bindings::registry());
        super::define_exceptions(&mut vm);
        Environment(Rc::new(EnvironmentState {
            config: config.clone(),
            interpreter: RefCell::new(Some(vm)),
            contexts: RefCell::default(),
        }))
    }

    /// A guard that closes the environment on drop.
    pub fn scope(&self) -> EnvironmentScope {
        EnvironmentScope(self.clone())
    }

    /// An environment that always borrows the interpreter currently running.
    pub fn lent(config: &Config) -> Environment {
        Environment(Rc::new(EnvironmentState {
            config: config.clone(),
            interpreter: RefCell::new(None),
            contexts: RefCell::default(),
        }))
    }

    /// The loader with which ScriptDirectory loads revision scripts.
    pub fn loader(&self) -> Rc<dyn ScriptLoader> {
        Rc::new(self.clone())
    }

    /// Runs `body` with the interpreter: the idle one, or the one that was lent.
    ///
    /// # Errors
    /// What `body` returns.
    pub fn with_interpreter<R>(
        &self,
        body: impl FnOnce(&mut Interpreter) -> Result<R>,
    ) -> Result<R> {
        let resting = self.0.interpreter.borrow_mut().take();
        match resting {
            Some(mut vm) => {
                let result = body(&mut vm);
                *self.0.interpreter.borrow_mut() = Some(vm);
                result
            }
            None => Interpreter::borrow_lent(body),
        }
    }

    /// Runs `body`, which may call back into Python, as rendering does.
    ///
    /// # Errors
    /// What `body` returns.
    pub fn lend<R>(&self, body: impl FnOnce() -> Result<R>) -> Result<R> {
        self.with_interpreter(|vm| vm.lend(body))
    }

    /// The Python `Config`; one object for the whole command.
    fn python_config(&self, vm: &mut Interpreter) -> Value {
        let state = vm.extension::<AlembicState>();
        if let Some(config) = state.config.borrow().clone() {
            return config;
        }
        let config = config_value(vm, &self.0.config);
        *state.config.borrow_mut() = Some(config.clone());
        config
    }

    /// Runs env.py: `with EnvironmentContext(config, script, **options): script.run_env()`.
    ///
    /// # Errors
    /// What env.py raises, and what the steps that it runs raise.
    pub fn run_env(&self, script: &ScriptDirectory, options: EnvironmentOptions) -> Result<()> {
        let environment =
            EnvironmentContext::new(self.0.config.run(), &self.0.config, script, options);
        self.0.contexts.borrow_mut().push(environment.clone());
        let path = script.env_py_location();
        self.with_interpreter(|vm| {
            let config = self.python_config(vm);
            let state = vm.extension::<AlembicState>();
            state.active.borrow_mut().push(ActiveEnvironment {
                environment,
                config,
                run_arguments: Rc::default(),
                options: Rc::new(RefCell::new(Value::None)),
            });
            let result = load_python_file(vm, &path);
            state.active.borrow_mut().pop();
            result.map(|_| ())
        })
    }
}

/// `util.load_python_file`: executes a file as a fresh module each time.
fn load_python_file(vm: &mut Interpreter, path: &str) -> Result<Rc<Module>> {
    let file_name = path.rsplit('/').next().unwrap_or(path);
    let module_id: String = file_name
        .chars()
        .map(|character| {
            if character == '_' || character.is_alphanumeric() {
                character
            } else {
                '_'
            }
        })
        .collect();
    let bytes = vm.run.host.read(path).map_err(|error| match error {
        HostError::NotFound(_) => {
            Error::new("ImportError", format!("Can't find Python file {path}"))
        }
        error => Error::new("OSError", error.to_string()),
    })?;
    let source = String::from_utf8(bytes).map_err(|_| {
        Error::new(
            "SyntaxError",
            format!("(unicode error) 'utf-8' codec can't decode the bytes of {path}"),
        )
    })?;
    // Tracebacks show the absolute path, as Python's import system does.
    let path = absolute_path(&vm.run.host.current_directory(), path);
    vm.exec_module(&module_id, &path, &source)
}

fn texts(vm: &mut Interpreter, value: Option<Value>) -> Result<Vec<String>> {
    let Some(value) = value.filter(|value| !value.is_none()) else {
        return Ok(Vec::new());
    };
    if let Some(text) = value.as_str() {
        return Ok(vec![text.to_owned()]);
    }
    vm.collect(&value)?
        .iter()
        .map(|item| vm.str(item))
        .collect()
}

impl ScriptLoader for Environment {
    fn load(&self, path: &str) -> Result<ScriptModule> {
        self.with_interpreter(|vm| {
            let module = load_python_file(vm, path)?;
            let down_revision = module.get("down_revision");
            if down_revision.is_none() && module.get("revision").is_some() {
                return Err(Error::new(
                    "AttributeError",
                    format!("module '{}' has no attribute 'down_revision'", module.name),
                ));
            }
            let revision = module.get("revision").filter(|value| !value.is_none());
            Ok(ScriptModule {
                revision: revision.map(|value| vm.str(&value)).transpose()?,
                down_revision: texts(vm, down_revision)?,
                branch_labels: texts(vm, module.get("branch_labels"))?,
                depends_on: texts(vm, module.get("depends_on"))?,
                doc: module
                    .get("__doc__")
                    .and_then(|doc| doc.as_str().map(str::to_owned)),
                handle: module,
            })
        })
    }

    fn run_template(
        &self,
        program: &TemplateProgram,
        arguments: &TemplateArguments,
    ) -> Result<String> {
        self.with_interpreter(|vm| {
            let globals = Rc::new(python::Dict::new());
            let mut all = Vec::new();
            for (name, value) in arguments {
                let value = self.template_value(vm, value)?;
                globals.set_str(name, value.clone());
                all.push((name.clone(), value));
            }
            globals.set_str("__M_arguments", Value::dict(all));
            globals.set_str("__name__", Value::str("script_py_mako"));
            vm.run_source(&program.path, &program.source, &globals)?;
            match globals.get_str("__M_result") {
                Some(result) => vm.str(&result),
                None => Err(Error::new("NameError", "name '__M_result' is not defined")),
            }
        })
    }

    fn prepend_sys_path(&self, paths: &[String]) {
        // Cannot fail: the list belongs to the interpreter.
        let _ = self.with_interpreter(|vm| {
            if let Value::List(list) = &vm.path {
                let mut items = list.items.borrow_mut();
                items.splice(0..0, paths.iter().map(Value::str));
            }
            Ok(())
        });
    }
}

impl Environment {
    fn template_value(&self, vm: &mut Interpreter, value: &TemplateValue) -> Result<Value> {
        Ok(match value {
            TemplateValue::None => Value::None,
            TemplateValue::Text(text) => Value::str(text),
            TemplateValue::Tuple(items) => Value::tuple(items.iter().map(Value::str).collect()),
            TemplateValue::Places(places) => Value::tuple(
                places
                    .iter()
                    .map(|place| place.as_ref().map_or(Value::None, Value::str))
                    .collect(),
            ),
            TemplateValue::List(items) => Value::list(items.iter().map(Value::str).collect()),
            TemplateValue::Date(date) => date_value(vm, date)?,
            TemplateValue::Config(_) => self.python_config(vm),
            TemplateValue::Comma => Value::function("format_as_comma", |vm, arguments| {
                let [value] = arguments.exactly("format_as_comma")?;
                if value.is_none() {
                    return Ok(Value::str(""));
                }
                if value.as_str().is_some() {
                    return Ok(value);
                }
                let mut parts = Vec::new();
                for item in vm.collect(&value)? {
                    parts.push(vm.str(&item)?);
                }
                Ok(parts.join(", ").into())
            }),
            TemplateValue::Python(value) => value
                .downcast_ref::<Value>()
                .cloned()
                .unwrap_or(Value::None),
        })
    }
}

/// `create_date` as a `datetime.datetime`.
fn date_value(vm: &mut Interpreter, date: &CreateDate) -> Result<Value> {
    let module = vm.import("datetime")?;
    let numbers = [
        date.year,
        date.month,
        date.day,
        date.hour,
        date.minute,
        date.second,
        date.microsecond,
    ];
    let mut arguments = Arguments::positional(numbers.map(Value::Int).to_vec());
    if let Some(offset) = date.offset {
        let delta = vm.call_method(
            &module,
            "timedelta",
            Arguments::none().with_keyword("seconds", Value::Int(i64::from(offset))),
        )?;
        let zone = vm.call_method(&module, "timezone", Arguments::positional(vec![delta]))?;
        arguments = arguments.with_keyword("tzinfo", zone);
    }
    vm.call_method(&module, "datetime", arguments)
}

/// Runs `upgrade()` and `downgrade()` of revision scripts, passing on the keywords of
/// `context.run_migrations()`.
pub struct PythonMigrations {
    /// The keywords of `context.run_migrations()`.
    pub arguments: Arguments,
}

impl Migrations for PythonMigrations {
    fn run(&self, script: &Rc<Script>, is_upgrade: bool) -> Result<()> {
        Interpreter::borrow_lent(|vm| {
            let name = if is_upgrade { "upgrade" } else { "downgrade" };
            let function = migration_function(vm, &script.module().handle, name)?;
            vm.require_known(&function, &format!("what {name}() does"))?;
            vm.call(&function, self.arguments.clone()).map(|_| ())
        })
    }

    fn name(&self, script: &Rc<Script>, is_upgrade: bool) -> Result<String> {
        Interpreter::borrow_lent(|vm| {
            let name = if is_upgrade { "upgrade" } else { "downgrade" };
            let function = migration_function(vm, &script.module().handle, name)?;
            let name = vm.get_attribute(&function, "__name__")?;
            vm.str(&name)
        })
    }
}

fn migration_function(vm: &mut Interpreter, handle: &Rc<dyn Any>, name: &str) -> Result<Value> {
    let Ok(module) = handle.clone().downcast::<Module>() else {
        return Err(Error::new("TypeError", "a revision script was expected"));
    };
    vm.get_attribute(&Value::Module(module), name)
}
