//! User-defined types: subclasses of `TypeDecorator`, `UserDefinedType` and any other type.

use std::cell::RefCell;
use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::{Arguments, Class, Instance, Interpreter, Value};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::literal::Literal;
use sqlalchemy::sqltypes::{Argument, CustomType, Type, TypeClass, classes};

use super::compilers::{find_compiler, run_compiler};
use super::constructors::{bind, make_type};
use super::known_type;
use crate::bindings::conversion::{self};
use crate::bindings::sqlalchemy::dialects::DialectObject;

/// The constructor arguments of a user-defined type's instance.
#[derive(Default)]
pub(super) struct DerivedState {
    pub(super) arguments: RefCell<Vec<(&'static str, Argument)>>,
    /// The Enum created by the base constructor.
    pub(super) made: RefCell<Option<Type>>,
    pub(super) kind: RefCell<Option<Type>>,
}

/// `__init__` of a type class, called for an instance of a subclass.
pub(super) fn initialize(
    vm: &mut Interpreter,
    class: &'static TypeClass,
    this: &Value,
    arguments: Arguments,
) -> Result<()> {
    let Value::Instance(instance) = this else {
        return Ok(());
    };
    let state = Rc::new(DerivedState::default());
    if class == &classes::GENERIC_TYPE_DECORATOR {
        let python = instance.class();
        let Some(wrapped) = python.lookup("impl") else {
            return Err(Error::new(
                "AssertionError",
                "TypeDecorator implementations require a class-level variable 'impl' which refers \
                 to the class of type being decorated",
            ));
        };
        let wrapped = match &wrapped {
            Value::Class(_) => vm.call(&wrapped, arguments)?,
            other => other.clone(),
        };
        instance.attributes.set_str("impl", wrapped);
    } else if class.is_subclass_of(&classes::GENERIC_ENUM) {
        *state.made.borrow_mut() = Some(make_type(vm, class, arguments)?);
    } else {
        *state.arguments.borrow_mut() = bind(vm, class, arguments)?;
    }
    instance.set_native(state);
    Ok(())
}

/// The engine type of an instance of a user-defined type.
pub fn derived_type(vm: &mut Interpreter, value: &Value) -> Result<Option<Type>> {
    let Value::Instance(instance) = value else {
        return Ok(None);
    };
    let class = instance.class();
    let Some(known) = known_type(&class) else {
        return Ok(None);
    };
    let state = match instance.native::<DerivedState>() {
        Some(state) => state,
        // The class overrides `__init__` and does not call `super().__init__`.
        None => {
            let state = Rc::new(DerivedState::default());
            instance.set_native(state.clone());
            state
        }
    };
    if let Some(kind) = state.kind.borrow().clone() {
        return Ok(Some(kind));
    }
    let decorated = known == &classes::GENERIC_TYPE_DECORATOR;
    let wrapped = if decorated {
        match vm.find_attribute(value, "impl")? {
            Some(found) => Some(conversion::to_type(vm, &found)?),
            None => None,
        }
    } else {
        None
    };
    let own_repr = own_repr(vm, instance, value, known)?;
    let column_specification = match user_method(&class, "get_col_spec") {
        Some(_) if known.is_subclass_of(&classes::GENERIC_USER_DEFINED_TYPE) => {
            let text = vm.call_method(value, "get_col_spec", Arguments::none())?;
            text.as_text()
        }
        _ => None,
    };
    let custom: Rc<dyn CustomType> = Rc::new(PythonType {
        instance: value.clone(),
        class_name: class.name().to_string(),
        module: class.module.borrow().to_string(),
        repr: own_repr,
        wrapped,
        column_specification,
        loads_dialect_impl: user_method(&class, "load_dialect_impl").is_some(),
        dialect_impls: RefCell::default(),
        binds: user_method(&class, "process_bind_param").is_some(),
        results: user_method(&class, "process_result_value").is_some(),
        literals: user_method(&class, "process_literal_param").is_some(),
        bind_processor: user_method(&class, "bind_processor").is_some(),
        literal_processor: user_method(&class, "literal_processor").is_some(),
        result_processor: user_method(&class, "result_processor").is_some(),
        expression: ["bind_expression", "column_expression"]
            .into_iter()
            .find(|name| user_method(&class, name).is_some()),
    });
    let mut arguments = state.arguments.borrow().clone();
    let made = state.made.borrow().clone();
    if let Some(made) = made {
        arguments = made.arguments().to_vec();
    }
    let kind = Type::custom(known, arguments, custom)?;
    *state.kind.borrow_mut() = Some(kind.clone());
    Ok(Some(kind))
}

/// A method defined in Python on the class or an ancestor.
pub fn user_method(class: &Class, name: &str) -> Option<Value> {
    let (owner, value) = class.lookup_with_class(name)?;
    owner.user_defined.then_some(value)
}

/// `repr()`, if the class defines its own or an `__init__` whose parameters it shows.
fn own_repr(
    vm: &mut Interpreter,
    instance: &Instance,
    value: &Value,
    known: &'static TypeClass,
) -> Result<Option<String>> {
    let class = instance.class();
    if user_method(&class, "__repr__").is_some() {
        let text = vm.call_method(value, "__repr__", Arguments::none())?;
        return Ok(text.as_text().map(|text| text.to_string()));
    }
    // An Enum shows what Enum itself takes, whatever a subclass takes.
    if known == &classes::GENERIC_TYPE_DECORATOR || known.is_subclass_of(&classes::GENERIC_ENUM) {
        return Ok(None);
    }
    let Some(Value::Function(function)) = user_method(&class, "__init__") else {
        return Ok(None);
    };
    let parameters = &function.code.parameters;
    let defaults = function.defaults.borrow().clone();
    let names: Vec<Rc<str>> = parameters
        .positional
        .iter()
        .skip(1)
        .map(|parameter| parameter.name.clone())
        .collect();
    let required = names.len().saturating_sub(defaults.len());
    let mut output = Vec::new();
    for name in &names[..required] {
        let shown = vm.find_attribute(value, name)?.unwrap_or(Value::None);
        output.push(vm.repr(&shown)?);
    }
    if let Some(rest) = &parameters.rest
        && let Some(shown) = vm.find_attribute(value, &rest.name)?
    {
        for item in vm.collect(&shown)? {
            output.push(vm.repr(&item)?);
        }
    }
    for (name, default) in names[required..].iter().zip(&defaults) {
        let Some(shown) = vm.find_attribute(value, name)? else {
            continue;
        };
        if !vm.equal(&shown, default)? {
            let text = vm.repr(&shown)?;
            output.push(format!("{name}={text}"));
        }
    }
    Ok(Some(format!("{}({})", class.name(), output.join(", "))))
}

/// An instance of a user-defined type.
pub struct PythonType {
    /// The Python object.
    pub instance: Value,
    class_name: String,
    module: String,
    repr: Option<String>,
    wrapped: Option<Type>,
    column_specification: Option<Rc<str>>,
    loads_dialect_impl: bool,
    /// What `load_dialect_impl` gave, by the name of the dialect: SQLAlchemy asks once for each dialect.
    dialect_impls: RefCell<Vec<(String, Option<Type>)>>,
    binds: bool,
    results: bool,
    literals: bool,
    bind_processor: bool,
    literal_processor: bool,
    result_processor: bool,
    /// The method that would put SQL around values or columns of the type.
    expression: Option<&'static str>,
}

impl PythonType {
    /// What the function that a `…_processor` method returns makes of a value; `None` where it returns none.
    fn run_processor(
        &self,
        method: &str,
        value: &Literal,
        dialect: &Dialect,
    ) -> Result<Option<Value>> {
        Interpreter::borrow_lent(|vm| {
            let mut arguments = vec![Value::native(DialectObject {
                dialect: dialect.clone(),
            })];
            if method == "result_processor" {
                arguments.push(Value::None);
            }
            let function =
                vm.call_method(&self.instance, method, Arguments::positional(arguments))?;
            if function.is_none() {
                return Ok(None);
            }
            let value = conversion::from_literal(vm, value)?;
            vm.call(&function, Arguments::positional(vec![value]))
                .map(Some)
        })
    }

    /// # Errors
    /// `limbeck.Unsupported` for a type that wraps its values in SQL.
    fn refuse_expression(&self) -> Result<()> {
        match self.expression {
            Some(method) => Err(Error::unsupported(format!(
                "{}.{method}() is not supported",
                self.class_name
            ))),
            None => Ok(()),
        }
    }

    /// Calls a method that takes a value and the dialect.
    fn process(&self, method: &str, value: &Literal, dialect: &Dialect) -> Result<Literal> {
        Interpreter::borrow_lent(|vm| {
            let value = conversion::from_literal(vm, value)?;
            let dialect = Value::native(DialectObject {
                dialect: dialect.clone(),
            });
            let arguments = Arguments::positional(vec![value, dialect]);
            let made = vm.call_method(&self.instance, method, arguments)?;
            conversion::to_literal(vm, &made)
        })
    }
}

impl CustomType for PythonType {
    fn class_name(&self) -> String {
        self.class_name.clone()
    }

    fn module(&self) -> String {
        self.module.clone()
    }

    fn python_repr(&self) -> Option<String> {
        self.repr.clone()
    }

    fn impl_type(&self) -> Option<Type> {
        self.wrapped.clone()
    }

    fn load_dialect_impl(&self, dialect: &Dialect) -> Result<Option<Type>> {
        if !self.loads_dialect_impl {
            return Ok(None);
        }
        let known = self
            .dialect_impls
            .borrow()
            .iter()
            .find(|(name, _)| *name == dialect.name())
            .map(|(_, made)| made.clone());
        if let Some(made) = known {
            return Ok(made);
        }
        let made = Interpreter::borrow_lent(|vm| {
            let argument = Value::native(DialectObject {
                dialect: dialect.clone(),
            });
            let found = vm.call_method(
                &self.instance,
                "load_dialect_impl",
                Arguments::positional(vec![argument]),
            )?;
            if found.is(&self.instance) {
                return Ok(None);
            }
            conversion::to_type(vm, &found).map(Some)
        })?;
        self.dialect_impls
            .borrow_mut()
            .push((dialect.name().to_owned(), made.clone()));
        Ok(made)
    }

    fn get_col_spec(&self) -> Result<Option<String>> {
        Ok(self
            .column_specification
            .as_ref()
            .map(|text| text.to_string()))
    }

    fn compile(&self, dialect: &Dialect) -> Result<Option<String>> {
        let Value::Instance(instance) = &self.instance else {
            return Ok(None);
        };
        let Some(function) = find_compiler(&instance.class(), dialect.name()) else {
            return Ok(None);
        };
        Interpreter::borrow_lent(|vm| run_compiler(vm, &function, &self.instance, dialect))
            .map(Some)
    }

    fn process_bind_param(&self, value: Literal, dialect: &Dialect) -> Result<Literal> {
        if !self.binds {
            return Ok(value);
        }
        self.process("process_bind_param", &value, dialect)
    }

    fn process_literal_param(&self, value: Literal, dialect: &Dialect) -> Result<Option<Literal>> {
        if !self.literals {
            return Ok(None);
        }
        self.process("process_literal_param", &value, dialect)
            .map(Some)
    }

    fn process_result_value(&self, value: Literal, dialect: &Dialect) -> Result<Literal> {
        if !self.results {
            return Ok(value);
        }
        self.process("process_result_value", &value, dialect)
    }

    fn bind_processor(&self, value: &Literal, dialect: &Dialect) -> Result<Option<Literal>> {
        self.refuse_expression()?;
        if !self.bind_processor {
            return Ok(None);
        }
        match self.run_processor("bind_processor", value, dialect)? {
            Some(made) => {
                Interpreter::borrow_lent(|vm| conversion::to_literal(vm, &made)).map(Some)
            }
            None => Ok(Some(value.clone())),
        }
    }

    fn literal_processor(&self, value: &Literal, dialect: &Dialect) -> Result<Option<String>> {
        self.refuse_expression()?;
        if !self.literal_processor {
            return Ok(None);
        }
        match self.run_processor("literal_processor", value, dialect)? {
            Some(made) => Interpreter::borrow_lent(|vm| vm.str(&made)).map(Some),
            None => Ok(None),
        }
    }

    fn result_processor(&self, value: &Literal, dialect: &Dialect) -> Result<Option<Literal>> {
        self.refuse_expression()?;
        if !self.result_processor {
            return Ok(None);
        }
        match self.run_processor("result_processor", value, dialect)? {
            Some(made) => {
                Interpreter::borrow_lent(|vm| conversion::to_literal(vm, &made)).map(Some)
            }
            None => Ok(Some(value.clone())),
        }
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}
