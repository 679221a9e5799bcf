//! `@compiles`: user-defined compilation of a class.

use std::cell::RefCell;
use std::rc::Rc;

use ground::diagnostic::Result;
use python::{
    Arguments, Bound, Class, Declaration, Interpreter, NativeObject, Property, Value, method,
    property,
};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::sqltypes::Type;

use super::derived::DerivedState;
use super::known_type;
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::dialects::DialectObject;
use crate::bindings::sqlalchemy::sql;

/// `@compiles(Class, "sqlite")`: functions by dialect; stored on the class.
#[derive(Default)]
struct Compilers(RefCell<Vec<(Option<Rc<str>>, Value)>>);

/// Registers a function that compiles the instances of a class.
pub fn add_compiler(class: &Class, dialects: &[Rc<str>], function: &Value) {
    let compilers = match class.native::<Compilers>() {
        Some(compilers) => compilers,
        None => {
            let made = Rc::new(Compilers::default());
            class.set_native(made.clone());
            made
        }
    };
    let mut entries = compilers.0.borrow_mut();
    if dialects.is_empty() {
        entries.push((None, function.clone()));
    }
    for dialect in dialects {
        entries.push((Some(dialect.clone()), function.clone()));
    }
}

/// The function that compiles instances of a class on a dialect, if there is one.
pub fn find_compiler(class: &Class, dialect: &str) -> Option<Value> {
    class.mro().find_map(|class| {
        let compilers = class.native::<Compilers>()?;
        let entries = compilers.0.borrow();
        let own = entries
            .iter()
            .rev()
            .find(|(name, _)| name.as_deref() == Some(dialect));
        own.or_else(|| entries.iter().rev().find(|(name, _)| name.is_none()))
            .map(|(_, function)| function.clone())
    })
}

/// Calls a `@compiles` function with an element and a compiler.
///
/// # Errors
/// What the function raises.
pub fn run_compiler(
    vm: &mut Interpreter,
    function: &Value,
    element: &Value,
    dialect: &Dialect,
) -> Result<String> {
    let compiler = Value::native(CompilerObject {
        dialect: dialect.clone(),
    });
    let arguments = Arguments::positional(vec![element.clone(), compiler]);
    let text = vm.call(function, arguments)?;
    vm.str(&text)
}

/// The compiler object passed to `@compiles` functions.
struct CompilerObject {
    dialect: Dialect,
}

/// The class of that object; its `visit_…` methods are resolved by prefix.
static COMPILER: Declaration<CompilerObject> = Declaration {
    properties: &[property("dialect", |_, this| {
        Ok(Value::native(DialectObject {
            dialect: this.dialect.clone(),
        }))
    })],
    shared_properties: PARTS,
    methods: &[
        method("process", "self, obj, **kwargs", |vm, this, bound| {
            let element = bound.value("obj");
            if conversion::is_type(&element) {
                let kind = conversion::to_type(vm, &element)?;
                return Ok(Value::str(vm.lend(|| kind.compile(&this.dialect))?));
            }
            if let Value::List(_) = &element {
                // A function's arguments.
                let mut parts = Vec::new();
                for clause in vm.collect(&element)? {
                    let expression = sql::coerce(vm, &clause)?;
                    parts.push(vm.lend(|| expression.compile_literal(&this.dialect))?);
                }
                return Ok(Value::str(parts.join(", ")));
            }
            let expression = sql::coerce(vm, &element)?;
            let text = vm.lend(|| expression.compile_literal(&this.dialect))?;
            Ok(Value::str(text))
        }),
        method("quote", "self, ident", quote),
        method("quote_identifier", "self, value", quote),
        method("format_column", "self, column, **kw", quote),
    ],
    ..Declaration::new("sqlalchemy.sql.compiler.Compiled")
};

/// The separate compilers that SQLAlchemy has, all represented by this one.
static PARTS: &[Property<CompilerObject>] = &[
    property("type_compiler", itself),
    property("type_compiler_instance", itself),
    property("sql_compiler", itself),
    property("preparer", itself),
];

fn itself(_vm: &mut Interpreter, this: &CompilerObject) -> Result<Value> {
    Ok(Value::native(CompilerObject {
        dialect: this.dialect.clone(),
    }))
}

fn quote(vm: &mut Interpreter, this: &CompilerObject, bound: &mut Bound<'_>) -> Result<Value> {
    let name = bound.get(1).cloned().unwrap_or(Value::None);
    let text = match conversion::find_column(&name) {
        Some(column) => column.name().to_string(),
        None => vm.str(&name)?,
    };
    Ok(Value::str(this.dialect.quote(&text)))
}

impl NativeObject for CompilerObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&COMPILER)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let dialect = self.dialect.clone();
        Ok(match name {
            name if name.starts_with("visit_") => {
                // The class's default compilation.
                Some(Value::function(name, move |vm, arguments| {
                    let Some(element) = arguments.positional.first() else {
                        return Ok(Value::None);
                    };
                    if let Value::Instance(instance) = element
                        && let Some(known) = known_type(&instance.class())
                    {
                        let state = instance.native::<DerivedState>();
                        let given = state
                            .map(|state| state.arguments.borrow().clone())
                            .unwrap_or_default();
                        let plain = Type::with_arguments(known, given)?;
                        return Ok(Value::str(vm.lend(|| plain.compile(&dialect))?));
                    }
                    let kind = conversion::to_type(vm, element)?;
                    Ok(Value::str(vm.lend(|| kind.compile(&dialect))?))
                }))
            }
            _ => None,
        })
    }
}
