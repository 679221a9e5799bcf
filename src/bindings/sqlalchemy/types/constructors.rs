//! Constructors of types, including `Enum`.

use std::cell::RefCell;
use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use ground::formatting::repr::string_repr;
use ground::hash::HashMap;
use python::{Arguments, Interpreter, Parameters, Value};
use sqlalchemy::literal::Literal;
use sqlalchemy::sqltypes::{Argument, Default, EnumClass, Parameter, Type, TypeClass, classes};

use crate::bindings::conversion::{self};

/// `TypeClass(arguments)`.
///
/// # Errors
/// What the class's constructor raises.
pub fn make_type(
    vm: &mut Interpreter,
    class: &'static TypeClass,
    arguments: Arguments,
) -> Result<Type> {
    if class.is_subclass_of(&classes::GENERIC_ENUM) && class.variadic.is_some() {
        return make_enum(vm, class, arguments);
    }
    if class == &classes::GENERIC_TYPE_DECORATOR {
        return Err(Error::new(
            "AssertionError",
            "TypeDecorator implementations require a class-level variable 'impl' which refers to \
             the class of type being decorated",
        ));
    }
    let bound = bind(vm, class, arguments)?;
    check_together(class, &bound)?;
    Type::with_arguments(class, bound)
}

/// Refuses arguments that only have a meaning together.
fn check_together(class: &'static TypeClass, bound: &[(&'static str, Argument)]) -> Result<()> {
    let given = |wanted: &str| {
        bound.iter().any(|(name, value)| {
            *name == wanted && !matches!(value, Argument::Value(Literal::Null))
        })
    };
    if given("collation_schema") && !given("collation") {
        return Err(conversion::argument_error(
            "the 'collation_schema' parameter of String requires the 'collation' parameter to \
             also be present",
        ));
    }
    let scaled = class
        .positional
        .iter()
        .any(|parameter| parameter.name == "scale");
    if matches!(class.name, "DOUBLE" | "REAL") && scaled && given("precision") != given("scale") {
        return Err(conversion::argument_error(
            "You must specify both precision and scale or omit both altogether.",
        ));
    }
    Ok(())
}

/// The parameters of a type's constructor, read once: models construct one type a column.
fn parameters(class: &'static TypeClass) -> Rc<Parameters> {
    thread_local! {
        static READ: RefCell<HashMap<*const TypeClass, Rc<Parameters>>> = RefCell::default();
    }
    READ.with_borrow_mut(|read| {
        let of_class = read.entry(std::ptr::from_ref(class)).or_insert_with(|| {
            let function = format!("{}.__init__", constructor_class(class).name);
            Rc::new(Parameters::new(&function, &signature(class)))
        });
        of_class.clone()
    })
}

/// Binds arguments to the parameter names of the class.
pub(super) fn bind(
    vm: &mut Interpreter,
    class: &'static TypeClass,
    arguments: Arguments,
) -> Result<Vec<(&'static str, Argument)>> {
    if class.positional.is_empty() && class.keywords.is_empty() && class.variadic.is_none() {
        if arguments.is_empty() {
            return Ok(Vec::new());
        }
        return Err(vm.type_error(format!("{}() takes no arguments", class.name)));
    }
    let parameters = parameters(class);
    let mut bound = arguments.with_first(Value::None).bind(&parameters)?;
    let mut found = Vec::new();
    for parameter in class.positional.iter().chain(class.keywords) {
        if let Some(value) = bound.take(parameter.name) {
            found.push((parameter.name, argument(vm, parameter, &value)?));
        }
    }
    if let (Some(name), false) = (class.variadic, bound.rest.is_empty()) {
        let mut items = Vec::new();
        for value in &bound.rest {
            items.push(conversion::to_literal(vm, value)?);
        }
        found.push((name, Argument::Value(Literal::List(items.into()))));
    }
    Ok(found)
}

/// The parameters of a type's constructor in Python's syntax, `self` first.
pub(super) fn signature(class: &TypeClass) -> String {
    let parameter = |parameter: &Parameter| match parameter.default {
        Default::Required => parameter.name.to_owned(),
        Default::None => format!("{}=None", parameter.name),
        Default::Boolean(true) => format!("{}=True", parameter.name),
        Default::Boolean(false) => format!("{}=False", parameter.name),
        Default::Integer(number) => format!("{}={number}", parameter.name),
        Default::String(text) => format!("{}={}", parameter.name, string_repr(text)),
        Default::Other => format!("{}=…", parameter.name),
    };
    let mut list = vec!["self".to_owned()];
    list.extend(class.positional.iter().map(parameter));
    match class.variadic {
        Some(name) => list.push(format!("*{name}")),
        None if !class.keywords.is_empty() => list.push("*".to_owned()),
        None => {}
    }
    list.extend(class.keywords.iter().map(parameter));
    list.join(", ")
}

/// The class whose `__init__` is used, as named in a TypeError.
fn constructor_class(class: &'static TypeClass) -> &'static TypeClass {
    let same = |other: &TypeClass| {
        other.positional.len() == class.positional.len()
            && other
                .positional
                .iter()
                .zip(class.positional)
                .all(|(a, b)| a.name == b.name)
            && other.keywords.len() == class.keywords.len()
    };
    class
        .mro
        .iter()
        .take_while(|other| same(other))
        .last()
        .copied()
        .unwrap_or(class)
}

fn argument(vm: &mut Interpreter, parameter: &Parameter, value: &Value) -> Result<Argument> {
    if matches!(
        parameter.name,
        "item_type" | "impl" | "text_type" | "astext_type" | "data_type"
    ) && !value.is_none()
    {
        return Ok(Argument::Type(conversion::to_type(vm, value)?));
    }
    if conversion::is_type(value) {
        return Ok(Argument::Type(conversion::to_type(vm, value)?));
    }
    if let Some(expression) = conversion::find_expression(value) {
        return Ok(Argument::Expression(expression));
    }
    Ok(Argument::Value(conversion::to_literal(vm, value)?))
}

/// The members of a Python enum class by name, without aliases.
pub fn enum_members(vm: &mut Interpreter, class: &Value) -> Result<Vec<(Rc<str>, Value)>> {
    let members = vm.get_attribute(class, "__members__")?;
    let keys = vm.collect(&members)?;
    let mut found = Vec::new();
    for key in keys {
        let Some(name) = key.as_text() else { continue };
        let member = vm.get_item(&members, &key)?;
        let own = vm.get_attribute(&member, "name")?;
        if own.as_str() == Some(&name) {
            found.push((name, member));
        }
    }
    Ok(found)
}

/// Whether a value is a class that inherits from `enum.Enum`.
pub fn is_enum_class(value: &Value) -> bool {
    value
        .as_class()
        .is_some_and(|class| class.inherits_from("enum.Enum") && !class.is_named("enum.Enum"))
}

fn make_enum(
    vm: &mut Interpreter,
    class: &'static TypeClass,
    mut arguments: Arguments,
) -> Result<Type> {
    let callable = arguments
        .take_keyword("values_callable")
        .filter(|value| !value.is_none());
    let _ = arguments.take_keyword("sort_key_function");
    let _ = arguments.take_keyword("_enums").map(|given| {
        if let Some(items) = given.as_items() {
            arguments.positional = items;
        }
    });
    let mut keywords: Vec<(&'static str, Argument)> = Vec::new();
    let mut metadata = None;
    for (name, value) in &arguments.keyword {
        let Some(parameter) = class
            .keywords
            .iter()
            .chain(class.positional)
            .chain(classes::GENERIC_ENUM.keywords)
            .chain(class.repr_keywords)
            .find(|parameter| parameter.name == &**name)
        else {
            return Err(vm.type_error(format!(
                "{}.__init__() got an unexpected keyword argument '{name}'",
                class.name
            )));
        };
        if parameter.name == "metadata" {
            metadata = conversion::find_metadata(value);
            continue;
        }
        if parameter.name == "length" && value.is_none() {
            continue;
        }
        // The type of one database alone is native always.
        let own = class.keywords.iter().any(|own| own.name == "create_type");
        if parameter.name == "native_enum" && own {
            if value.as_bool() == Some(false) {
                sqlalchemy::schema::warn(format!(
                    "the native_enum flag does not apply to the sqlalchemy.dialects.{}.{} datatype; \
                     this type always refers to ENUM.   Use sqlalchemy.types.Enum for non-native \
                     enum.",
                    class.dialect, class.name
                ));
            }
            continue;
        }
        keywords.push((parameter.name, argument(vm, parameter, value)?));
    }
    if let Some(schema) = metadata.and_then(|metadata| metadata.schema())
        && !keywords.iter().any(|(name, _)| *name == "schema")
    {
        keywords.push(("schema", Argument::Value(Literal::from(schema.text()))));
    }
    if let [only] = &arguments.positional[..]
        && let Some(class_) = only.as_class()
        && class_.is_named("enum.Enum")
    {
        // A pattern for other enums, as used in a `type_annotation_map`.
        let pattern = EnumClass {
            name: Rc::from("Enum"),
            module: Rc::from("enum"),
            members: Vec::new().into(),
            object: Some(Rc::new(only.clone())),
        };
        return Type::enumeration(class, Vec::new(), Some(pattern), keywords);
    }
    if let [only] = &arguments.positional[..]
        && (is_enum_class(only) || only.as_class().is_some())
    {
        let Some(python) = only.as_class().filter(|_| is_enum_class(only)) else {
            return Err(vm.type_error("object of type 'type' has no len()"));
        };
        let members = enum_members(vm, only)?;
        let mut literals = Vec::new();
        let mut values = Vec::new();
        match callable {
            Some(callable) => {
                let texts = vm.call(&callable, Arguments::positional(vec![only.clone()]))?;
                for text in vm.collect(&texts)? {
                    let Some(text) = text.as_text() else {
                        let found = vm.class_of(&text).name();
                        return Err(vm.type_error(format!("object of type '{found}' has no len()")));
                    };
                    values.push(text);
                }
            }
            None => values.extend(members.iter().map(|(name, _)| name.clone())),
        }
        for (name, member) in &members {
            literals.push((name.clone(), conversion::to_literal(vm, member)?));
        }
        let description = EnumClass {
            name: python.name(),
            module: python.module.borrow().clone(),
            members: literals.into(),
            object: Some(Rc::new(only.clone())),
        };
        return Type::enumeration(class, values, Some(description), keywords);
    }
    let mut values = Vec::new();
    for value in &arguments.positional {
        match value.as_text() {
            Some(text) => values.push(text),
            None => {
                let found = vm.class_of(value).name();
                return Err(vm.type_error(format!("object of type '{found}' has no len()")));
            }
        }
    }
    Type::enumeration(class, values, None, keywords)
}
