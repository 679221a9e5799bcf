//! `@compiles`: user-defined compilation of a class.

use std::cell::RefCell;
use std::rc::Rc;

use ground::diagnostic::Result;
use python::{
    Arguments, Bound, Class, Declaration, Interpreter, NativeObject, Property, Value, method,
    property,
};
use sqlalchemy::compiler::ddl;
use sqlalchemy::compiler::overrides::{self, Overrides, Subject};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::elements::LabelName;
use sqlalchemy::sqltypes::{Type, TypeClass};

use super::derived::DerivedState;
use super::{KnownType, known_type, python_class, type_value};
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::dialects::DialectObject;
use crate::bindings::sqlalchemy::sql::{self, DdlObject};

/// `@compiles(Class, "sqlite")`: functions by dialect; stored on the class.
#[derive(Default)]
struct Compilers(RefCell<Vec<(Option<Rc<str>>, Value)>>);

/// Registers a function that compiles the instances of a class.
///
/// # Errors
/// `limbeck.Unsupported` for a class of the library whose SQL can't be replaced here.
pub fn add_compiler(
    vm: &mut Interpreter,
    class: &Class,
    dialects: &[Rc<str>],
    function: &Value,
) -> Result<()> {
    if !class.user_defined {
        let library = class.inherits_from("sqlalchemy.sql.type_api.TypeEngine")
            || DdlObject::can_be_overridden(&class.name());
        if !library {
            let dotted = class.dotted_name();
            return Err(vm.unsupported(format!("@compiles of {dotted} is not supported")));
        }
        overrides::ask(OVERRIDES);
    }
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
    Ok(())
}

/// Forgets what was registered for a class (`deregister`).
pub fn remove_compilers(class: &Class) {
    class.set_native(Rc::new(Compilers::default()));
}

/// The function that compiles instances of a class on a dialect, if there is one. A class of the library with a
/// `__visit_name__` of its own does not take over what is registered for its bases.
pub fn find_compiler(class: &Class, dialect: &str) -> Option<Value> {
    for class in class.mro() {
        if let Some(compilers) = class.native::<Compilers>() {
            let entries = compilers.0.borrow();
            let own = entries
                .iter()
                .rev()
                .find(|(name, _)| name.as_deref() == Some(dialect));
            let found = own.or_else(|| entries.iter().rev().find(|(name, _)| name.is_none()));
            if let Some((_, function)) = found {
                return Some(function.clone());
            }
        }
        if let Some(known) = known_class_of(class)
            && known
                .mro
                .get(1)
                .is_none_or(|base| base.visit_name != known.visit_name)
        {
            return None;
        }
    }
    None
}

fn known_class_of(class: &Class) -> Option<&'static TypeClass> {
    class.native::<KnownType>().map(|known| known.0)
}

/// What the functions of `@compiles` write for the library's own types and DDL elements.
const OVERRIDES: Overrides = Overrides {
    type_text: |kind, dialect| {
        if !Interpreter::is_lent() {
            return Ok(None);
        }
        Interpreter::borrow_lent(|vm| {
            let class = python_class(vm, kind.class());
            let Some(function) = find_compiler(&class, dialect.name()) else {
                return Ok(None);
            };
            let element = type_value(vm, kind);
            run_compiler(vm, &function, &element, dialect).map(Some)
        })
    },
    element_text: |class, subject, wishes, dialect| {
        if !Interpreter::is_lent() {
            return Ok(None);
        }
        Interpreter::borrow_lent(|vm| {
            let known = vm.registered_class(&["sqlalchemy.sql.ddl.", class].concat());
            let Some(function) = known.and_then(|known| find_compiler(&known, dialect.name()))
            else {
                return Ok(None);
            };
            let item = match subject {
                Subject::Table(table) => conversion::table_value(vm, table),
                Subject::Index(index) => conversion::index_value(vm, index),
                Subject::Constraint(constraint) => conversion::constraint_value(vm, constraint),
                Subject::Column(column) => conversion::column_value(vm, column),
            };
            let element = Value::native(DdlObject::about(class, item, wishes));
            run_compiler(vm, &function, &element, dialect).map(Some)
        })
    },
};

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
    // `CreateColumn` writes nothing for a column that is left out.
    if text.is_none() {
        return Ok(String::new());
    }
    vm.str(&text)
}

/// A compiler of a dialect, which stands for its preparer and the compiler of types, too.
pub fn compiler_value(dialect: &Dialect) -> Value {
    Value::native(CompilerObject {
        dialect: dialect.clone(),
    })
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
            if let Some(from) = sql::find_from(&element) {
                // A table has a name only where something is taken from it.
                let wanted = ["asfrom", "ashint"].iter().any(|name| {
                    let given = bound.extra.iter().find(|(known, _)| &**known == *name);
                    given.is_some_and(|(_, value)| value.as_bool() == Some(true))
                });
                if !wanted {
                    return Ok(Value::str(""));
                }
                let from = sql::from_value(vm, &from);
                return Ok(Value::str(vm.str(&from)?));
            }
            // A statement stands without parentheses.
            if let Some(statement) = sql::find_statement(&element) {
                let compiled = vm.lend(|| sql::compile_statement(&statement, &this.dialect, true));
                return Ok(Value::str(compiled?.string));
            }
            let expression = sql::coerce(vm, &element)?;
            let text = vm.lend(|| expression.compile_literal(&this.dialect))?;
            Ok(Value::str(text))
        }),
        method(
            "get_column_specification",
            "self, column, **kw",
            |vm, this, bound| {
                let column = conversion::to_column(vm, &bound.value("column"))?;
                let text = vm.lend(|| ddl::column_specification(&column, &this.dialect))?;
                Ok(Value::str(text))
            },
        ),
        method(
            "get_column_default_string",
            "self, column",
            |vm, this, bound| {
                let column = conversion::to_column(vm, &bound.value("column"))?;
                let text = vm.lend(|| ddl::column_default_string(&column, &this.dialect))?;
                Ok(text.map_or(Value::None, Value::str))
            },
        ),
        method(
            "format_table",
            "self, table, use_schema=True, name=None",
            |vm, this, bound| {
                bound.refuse(&["use_schema", "name"])?;
                let given = bound.value("table");
                if let Some(table) = conversion::find_table(&given) {
                    return Ok(Value::str(ddl::format_table(&table, &this.dialect)));
                }
                let found = sql::find_from(&given);
                match found.as_ref().map(|from| (from.schema(), from.name())) {
                    Some((schema, Some(LabelName::Plain(name)))) => {
                        let schema = schema.map(|schema| this.dialect.quote_schema(&schema) + ".");
                        let name = this.dialect.quote_name(&name);
                        Ok(Value::str(schema.unwrap_or_default() + &name))
                    }
                    _ => Err(vm.type_error("format_table() needs a Table")),
                }
            },
        ),
        method("quote", "self, ident", quote),
        method("quote_identifier", "self, value", |vm, this, bound| {
            let text = vm.str(&bound.value("value"))?;
            Ok(Value::str(this.dialect.quote_identifier(&text)))
        }),
        method("quote_schema", "self, schema, force=None", quote),
        method("format_column", "self, column, **kw", quote),
    ],
    ..Declaration::new("sqlalchemy.sql.compiler.Compiled")
};

/// The separate compilers that SQLAlchemy has, all represented by this one.
static PARTS: &[Property<CompilerObject>] = &[
    property("initial_quote", |_, this| {
        Ok(Value::str(
            this.dialect
                .quote_identifier("")
                .chars()
                .take(1)
                .collect::<String>(),
        ))
    }),
    property("final_quote", |_, this| {
        Ok(Value::str(
            this.dialect
                .quote_identifier("")
                .chars()
                .skip(1)
                .collect::<String>(),
        ))
    }),
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
        None => match conversion::find_expression(&name).and_then(|given| given.label_name()) {
            Some(LabelName::Plain(name)) => name.to_string(),
            _ => vm.str(&name)?,
        },
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
                    if let Some(object) = element.downcast::<DdlObject>() {
                        let text = vm.lend(|| object.compile_plainly(&dialect))?;
                        return Ok(Value::str(text));
                    }
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
                    let name = kind.class().name;
                    let plain = vm.lend(|| overrides::plainly(name, || kind.compile(&dialect)));
                    Ok(Value::str(plain?))
                }))
            }
            _ => None,
        })
    }
}
