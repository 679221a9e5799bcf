//! Interprets annotations of mapped classes: `Mapped[Optional[str]]`, `Annotated[int, ...]`.

use std::rc::Rc;

use crate::bindings::conversion::known_class;
use ground::diagnostic::{Error, Result};
use python::{Annotation, Class, GenericAlias, Interpreter, NativeObject, Union, Value};

/// `Mapped[x]`, `Unmapped[x]`, `DynamicMapped[x]`, `WriteOnlyMapped[x]`.
pub struct MappedAlias {
    /// The generic class.
    pub origin: Class,
    /// The argument in brackets; a `str` is a forward reference, resolved on demand.
    pub argument: Value,
}

impl NativeObject for MappedAlias {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "typing._GenericAlias")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match name {
            "__origin__" => Some(Value::Class(self.origin.clone())),
            "__args__" => Some(Value::tuple(vec![self.argument.clone()])),
            _ => None,
        })
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        let inner = shown_argument(vm, &self.argument)?;
        Ok(Some(format!("{}[{inner}]", self.origin.dotted_name())))
    }
}

/// The repr of a generic's argument: a class by its name.
pub fn shown_argument(vm: &mut Interpreter, argument: &Value) -> Result<String> {
    match argument {
        Value::Class(class) => Ok(class.dotted_name()),
        Value::Str(text) => Ok(format!(
            "ForwardRef({})",
            ground::formatting::repr::string_repr(text)
        )),
        Value::Ellipsis => Ok("...".to_owned()),
        Value::None => Ok("NoneType".to_owned()),
        other => vm.repr(other),
    }
}

/// The form of a type annotation.
pub enum Shape {
    /// `Union[...]` or `a | b`.
    Union(Vec<Value>),
    /// `Annotated[type, ...]`.
    Annotated(Value, Vec<Value>),
    /// `Literal[...]`.
    Literal(Vec<Value>),
    /// `list[int]`: origin and arguments.
    Generic(Value, Vec<Value>),
    /// A class.
    Class(Class),
    /// `None`.
    None,
    /// An unresolved name.
    Name(Rc<str>),
    /// `NewType`, `Any`, a type variable, or not a type.
    Other,
}

/// Classifies an annotation by its outermost form.
pub fn shape(vm: &mut Interpreter, value: &Value) -> Result<Shape> {
    match value {
        Value::None => return Ok(Shape::None),
        Value::Str(text) => return Ok(Shape::Name(text.clone())),
        Value::Class(class) => {
            if class.is_named("NoneType") {
                return Ok(Shape::None);
            }
            return Ok(Shape::Class(class.clone()));
        }
        Value::Native(_) | Value::Instance(_) => {}
        _ => return Ok(Shape::Other),
    }
    if let Some(union) = value.downcast::<Union>() {
        return Ok(Shape::Union(union.arguments.clone()));
    }
    if crate::bindings::conversion::opaque_name(value).is_some() {
        return Ok(Shape::Other);
    }
    if let Some(alias) = value.downcast::<GenericAlias>()
        && let Value::Class(_) = &alias.origin
    {
        return Ok(Shape::Generic(
            alias.origin.clone(),
            alias.arguments.clone(),
        ));
    }
    let kind = vm.class_of(value).name();
    if &*kind == "ForwardRef" {
        let text = vm.get_attribute(value, "__forward_arg__")?;
        return Ok(text.as_text().map_or(Shape::Other, Shape::Name));
    }
    if let Some(metadata) = vm.find_attribute(value, "__metadata__")? {
        let inner = vm.get_attribute(value, "__origin__")?;
        return Ok(Shape::Annotated(inner, vm.collect(&metadata)?));
    }
    let Some(arguments) = vm.find_attribute(value, "__args__")? else {
        return Ok(Shape::Other);
    };
    if !matches!(arguments, Value::Tuple(_)) {
        return Ok(Shape::Other);
    }
    let arguments = vm.collect(&arguments)?;
    if &*kind == "UnionType" {
        return Ok(Shape::Union(arguments));
    }
    let Some(origin) = vm.find_attribute(value, "__origin__")? else {
        return Ok(Shape::Other);
    };
    if !matches!(origin, Value::Class(_)) {
        let name = vm.repr(&origin)?;
        match name.rsplit('.').next() {
            Some("Union" | "Optional") => return Ok(Shape::Union(arguments)),
            Some("Literal") => return Ok(Shape::Literal(arguments)),
            _ => {}
        }
    } else if let Value::Class(class) = &origin
        && &*class.name() == "UnionType"
    {
        return Ok(Shape::Union(arguments));
    }
    Ok(Shape::Generic(origin, arguments))
}

/// Evaluates an annotation string in the namespaces of the module and the class.
pub fn evaluate_text(vm: &mut Interpreter, class: &Class, text: &str) -> Result<Value> {
    let owner = Value::Class(class.clone());
    let globals = match vm.globals_of(&owner) {
        Some(globals) => globals,
        None => vm.current_globals().unwrap_or_default(),
    };
    let locals = Rc::new(class.namespace.copy());
    if !locals.contains_str(&class.name()) {
        locals.set_str(&class.name(), owner);
    }
    vm.evaluate(text.trim(), &globals, Some(&locals))
}

/// Resolves every forward reference in a type.
///
/// # Errors
/// NameError for a name that stands for nothing.
pub fn resolve(vm: &mut Interpreter, class: &Class, value: &Value) -> Result<Value> {
    vm.check_stack()?;
    match shape(vm, value)? {
        Shape::Name(text) => {
            let found = evaluate_text(vm, class, &text)?;
            resolve(vm, class, &found)
        }
        Shape::Union(members) => {
            let mut changed = false;
            let mut resolved = Vec::new();
            for member in &members {
                let new = resolve(vm, class, member)?;
                changed |= !new.is(member);
                resolved.push(new);
            }
            if !changed {
                return Ok(value.clone());
            }
            vm.make_union(&resolved, true)
        }
        Shape::Generic(origin, arguments) => {
            let mut changed = false;
            let mut resolved = Vec::new();
            for argument in &arguments {
                let new = resolve(vm, class, argument)?;
                changed |= !new.is(argument);
                resolved.push(new);
            }
            if !changed {
                return Ok(value.clone());
            }
            let name = value
                .downcast::<GenericAlias>()
                .and_then(|alias| alias.name.clone());
            Ok(Value::native(GenericAlias {
                origin,
                arguments: resolved,
                name,
            }))
        }
        _ => Ok(value.clone()),
    }
}

/// Whether a type includes `None`.
pub fn includes_none(vm: &mut Interpreter, value: &Value) -> Result<bool> {
    match shape(vm, value)? {
        Shape::None => Ok(true),
        Shape::Union(members) => {
            for member in &members {
                if includes_none(vm, member)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Shape::Annotated(inner, _) => includes_none(vm, &inner),
        _ => Ok(false),
    }
}

/// The type without `None`.
pub fn without_none(vm: &mut Interpreter, value: &Value) -> Result<Value> {
    let Shape::Union(members) = shape(vm, value)? else {
        return Ok(value.clone());
    };
    let mut rest = Vec::new();
    for member in &members {
        if !matches!(shape(vm, member)?, Shape::None) {
            rest.push(member.clone());
        }
    }
    match &rest[..] {
        [] => Ok(value.clone()),
        [one] => Ok(one.clone()),
        _ if rest.len() == members.len() => Ok(value.clone()),
        _ => vm.make_union(&rest, true),
    }
}

/// An annotation of a class body, parsed far enough to know its container.
#[derive(Clone)]
pub struct Extracted {
    /// The annotation as shown in messages.
    pub shown: Rc<str>,
    /// `Mapped`, `Unmapped`, `DynamicMapped`, ...; `None` without such a container.
    pub container: Option<Class>,
    /// The container's argument, or the whole annotation.
    pub inner: Value,
}

/// Parses an annotation. `None` for `ClassVar[...]` and for a string that cannot be parsed and is
/// not `Mapped[...]`.
///
/// # Errors
/// `sqlalchemy.orm.exc.MappedAnnotationError` as SQLAlchemy words it.
pub fn extract(
    vm: &mut Interpreter,
    class: &Class,
    originating: &Class,
    key: &str,
    annotation: &Annotation,
    expect_mapped: bool,
) -> Result<Option<Extracted>> {
    let (value, shown) = match &annotation.value {
        Some(Value::Str(text)) => (open_text(vm, originating, text)?, text.clone()),
        Some(value) => {
            let shown: Rc<str> = match value {
                Value::Class(found) => Rc::from(format!("<class '{}'>", found.dotted_name())),
                other => Rc::from(vm.repr(other)?),
            };
            (Some(value.clone()), shown)
        }
        None => (
            open_text(vm, originating, &annotation.source)?,
            annotation.source.clone(),
        ),
    };
    let Some(value) = value else {
        if mentions_mapped(&shown) {
            return Err(mapped_annotation_error(format!(
                "Could not interpret annotation {shown}.  Check that it uses names that are \
                 correctly imported at the module level. See chained stack trace for more hints."
            )));
        }
        if expect_mapped {
            return Err(not_mapped(class, key));
        }
        return Ok(Some(Extracted {
            inner: Value::Str(shown.clone()),
            shown,
            container: None,
        }));
    };
    if let Some(alias) = value.downcast::<MappedAlias>() {
        return Ok(Some(Extracted {
            shown,
            container: Some(alias.origin.clone()),
            inner: alias.argument.clone(),
        }));
    }
    if expect_mapped {
        if let Shape::Generic(origin, _) = shape(vm, &value)? {
            let name = vm.repr(&origin)?;
            if name.ends_with("ClassVar") || name.contains("AssociationProxy") {
                return Ok(None);
            }
        }
        if vm.repr(&value)?.ends_with("ClassVar") {
            return Ok(None);
        }
        return Err(not_mapped(class, key));
    }
    Ok(Some(Extracted {
        shown,
        container: None,
        inner: value,
    }))
}

/// Whether text looks like `Mapped[...]`.
fn mentions_mapped(text: &str) -> bool {
    text.split('[')
        .next()
        .is_some_and(|head| head.trim().ends_with("Mapped"))
}

/// Parses a string annotation up to its container, leaving the argument as text.
fn open_text(vm: &mut Interpreter, class: &Class, text: &str) -> Result<Option<Value>> {
    let text = text.trim();
    if let Some((head, rest)) = text.split_once('[')
        && let Some(inner) = rest.strip_suffix(']')
        && !head.contains([' ', '|'])
        && let Ok(Value::Class(found)) = evaluate_text(vm, class, head)
        && is_container(&found)
    {
        return Ok(Some(container_alias(
            vm,
            &found,
            &Value::str(unquoted(inner)),
        )));
    }
    match evaluate_text(vm, class, text) {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.class == "NameError" => Ok(None),
        Err(error) => Err(error),
    }
}

/// Strips quotes: `"Post"` becomes `Post`; other text is unchanged.
fn unquoted(text: &str) -> &str {
    let text = text.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = text
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote))
            && !inner.contains(quote)
        {
            return inner;
        }
    }
    text
}

/// Whether a class is `Mapped` or a related container.
pub fn is_container(class: &Class) -> bool {
    class.inherits_from("sqlalchemy.orm.base._MappedAnnotationBase")
}

/// `Mapped[argument]`.
pub fn container_alias(_vm: &mut Interpreter, origin: &Class, argument: &Value) -> Value {
    Value::native(MappedAlias {
        origin: origin.clone(),
        argument: argument.clone(),
    })
}

/// `sqlalchemy.orm.exc.MappedAnnotationError`.
pub fn mapped_annotation_error(message: impl Into<String>) -> Error {
    Error::new("sqlalchemy.orm.exc.MappedAnnotationError", message)
}

fn not_mapped(class: &Class, key: &str) -> Error {
    mapped_annotation_error(format!(
        "Type annotation for \"{}.{key}\" can't be correctly interpreted for Annotated Declarative \
         Table form.  ORM annotations should normally make use of the ``Mapped[]`` generic type, \
         or other ORM-compatible generic type, as a container for the actual type, which indicates \
         the intent that the attribute is mapped. Class variables that are not intended to be \
         mapped by the ORM should use ClassVar[].  To allow Annotated Declarative to disregard \
         legacy annotations which don't use Mapped[] to pass, set \"__allow_unmapped__ = True\" on \
         the class or a superclass this class. (Background on this error at: \
         https://sqlalche.me/e/21/zlpr)",
        class.name()
    ))
}
