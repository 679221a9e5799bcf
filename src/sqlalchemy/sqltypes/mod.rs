//! Column types as values: a class and its arguments.
//!
//! A [`Type`] corresponds to an instance of SQLAlchemy's `TypeEngine`. The classes themselves are
//! data ([`classes`]); user-defined subclasses implement [`CustomType`].

use crate::exc;
use std::any::Any;
use std::fmt;
use std::rc::Rc;
use std::sync::LazyLock;

use ground::hash::{HashMap, IndexMap};

use crate::dialects::Dialect;
use crate::elements::Expression;
use crate::literal::Literal;
use ground::diagnostic::{Error, Result};

pub mod classes;
mod json;
mod processors;
mod representation;
mod type_processors;

pub use json::{json_dumps, json_loads};
pub(crate) use processors::type_error;
pub use type_processors::TypeProcessors;

/// The default of a type constructor's parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// No default: the parameter is required.
    Required,
    /// `None`.
    None,
    /// `True` or `False`.
    Boolean(bool),
    /// A number.
    Integer(i64),
    /// Text.
    String(&'static str),
    /// A value that only Python can represent.
    Other,
}

/// A parameter of a type's constructor.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Its default.
    pub default: Default,
}

/// A type class: `sqlalchemy.String`, `sqlalchemy.dialects.postgresql.JSONB`.
pub struct TypeClass {
    /// `__name__`.
    pub name: &'static str,
    /// `__module__`.
    pub module: &'static str,
    /// The dialect whose package defines it; empty for SQLAlchemy's generic types.
    pub dialect: &'static str,
    /// `__visit_name__`.
    pub visit_name: &'static str,
    /// `_type_affinity`.
    pub affinity: Option<&'static TypeClass>,
    /// Method resolution order, starting with the class itself.
    pub mro: &'static [&'static TypeClass],
    /// Positional parameters.
    pub positional: &'static [Parameter],
    /// Name of the `*args`, if there is one.
    pub variadic: Option<&'static str>,
    /// Keyword-only parameters.
    pub keywords: &'static [Parameter],
    /// Parameters that `repr()` shows first, without names.
    pub repr_positional: &'static [&'static str],
    /// The `*args` in `repr()`.
    pub repr_variadic: Option<&'static str>,
    /// Parameters that `repr()` shows by name if they differ from the default.
    pub repr_keywords: &'static [Parameter],
}

impl TypeClass {
    /// The class of that name; `dialect` is empty for generic types.
    pub fn find(dialect: &str, name: &str) -> Option<&'static TypeClass> {
        static BY_NAME: LazyLock<HashMap<(&str, &str), &TypeClass>> = LazyLock::new(|| {
            // If a name occurs twice, the first one wins.
            let all = classes::ALL.iter().rev();
            all.map(|class| ((class.dialect, class.name), *class))
                .collect()
        });
        BY_NAME.get(&(dialect, name)).copied()
    }

    /// Whether it is `other` or a subclass of it.
    pub fn is_subclass_of(&self, other: &'static TypeClass) -> bool {
        self.mro.iter().any(|class| std::ptr::eq(*class, other))
    }

    fn default_of(&self, name: &str) -> Option<Default> {
        self.positional
            .iter()
            .chain(self.keywords)
            .find(|parameter| parameter.name == name)
            .map(|parameter| parameter.default)
    }
}

impl PartialEq for TypeClass {
    fn eq(&self, other: &TypeClass) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for TypeClass {}

impl fmt::Debug for TypeClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.module, self.name)
    }
}

/// An argument of a type.
#[derive(Clone)]
pub enum Argument {
    /// A plain value.
    Value(Literal),
    /// A type: the item type of an ARRAY.
    Type(Type),
    /// A SQL expression: the check of a DOMAIN.
    Expression(Expression),
}

impl Argument {
    /// `repr(argument)`.
    pub fn python_repr(&self) -> String {
        match self {
            Argument::Value(value) => value.python_repr(),
            Argument::Type(kind) => kind.python_repr(),
            Argument::Expression(expression) => expression.python_repr(),
        }
    }
}

impl From<Literal> for Argument {
    fn from(value: Literal) -> Self {
        Argument::Value(value)
    }
}

impl From<Type> for Argument {
    fn from(kind: Type) -> Self {
        Argument::Type(kind)
    }
}

impl From<i64> for Argument {
    fn from(value: i64) -> Self {
        Argument::Value(Literal::Integer(value))
    }
}

impl From<bool> for Argument {
    fn from(value: bool) -> Self {
        Argument::Value(Literal::Boolean(value))
    }
}

impl From<&str> for Argument {
    fn from(value: &str) -> Self {
        Argument::Value(Literal::from(value))
    }
}

/// The `enum.Enum` class of an Enum type.
#[derive(Clone)]
pub struct EnumClass {
    /// `__name__`.
    pub name: Rc<str>,
    /// `__module__`.
    pub module: Rc<str>,
    /// Members in order, each with its stored text.
    pub members: Rc<[(Rc<str>, Literal)]>,
    /// The Python class.
    pub object: Option<Rc<dyn Any>>,
}

/// A user-defined type class: a `TypeDecorator`, a `UserDefinedType`, or a plain subclass.
///
/// Implemented in `modules`. Every method has the behaviour of SQLAlchemy's base class unless it
/// is overridden.
pub trait CustomType {
    /// `__name__` of the class.
    fn class_name(&self) -> String;
    /// `__module__` of the class.
    fn module(&self) -> String;
    /// `repr(self)`, if the class defines its own `__repr__`, or an `__init__` whose parameters are
    /// shown.
    fn python_repr(&self) -> Option<String> {
        None
    }
    /// The `impl` of a TypeDecorator.
    fn impl_type(&self) -> Option<Type> {
        None
    }
    /// `load_dialect_impl(dialect)`, if it is overridden.
    fn load_dialect_impl(&self, _dialect: &Dialect) -> Result<Option<Type>> {
        Ok(None)
    }
    /// `get_col_spec()` of a UserDefinedType.
    fn get_col_spec(&self) -> Result<Option<String>> {
        Ok(None)
    }
    /// `@compiles(cls, dialect)`: the complete SQL of the type.
    fn compile(&self, _dialect: &Dialect) -> Result<Option<String>> {
        Ok(None)
    }
    /// `process_bind_param(value, dialect)`: applied before the underlying type.
    fn process_bind_param(&self, value: Literal, _dialect: &Dialect) -> Result<Literal> {
        Ok(value)
    }
    /// `process_literal_param(value, dialect)`, if it is overridden.
    fn process_literal_param(
        &self,
        _value: Literal,
        _dialect: &Dialect,
    ) -> Result<Option<Literal>> {
        Ok(None)
    }
    /// `process_result_value(value, dialect)`: applied after the underlying type.
    fn process_result_value(&self, value: Literal, _dialect: &Dialect) -> Result<Literal> {
        Ok(value)
    }
    /// What `bind_processor(dialect)` makes of a value, if it is overridden.
    fn bind_processor(&self, _value: &Literal, _dialect: &Dialect) -> Result<Option<Literal>> {
        Ok(None)
    }
    /// What `literal_processor(dialect)` makes of a value, if it is overridden.
    fn literal_processor(&self, _value: &Literal, _dialect: &Dialect) -> Result<Option<String>> {
        Ok(None)
    }
    /// What `result_processor(dialect, coltype)` makes of a value, if it is overridden.
    fn result_processor(&self, _value: &Literal, _dialect: &Dialect) -> Result<Option<Literal>> {
        Ok(None)
    }
    /// For downcasting by its creator.
    fn as_any(&self) -> &dyn Any;
}

struct TypeData {
    class: &'static TypeClass,
    arguments: Vec<(&'static str, Argument)>,
    variants: IndexMap<Rc<str>, Type>,
    custom: Option<Rc<dyn CustomType>>,
    enum_class: Option<EnumClass>,
}

/// A column type, as an instance of SQLAlchemy's `TypeEngine`; cheap to clone.
#[derive(Clone)]
pub struct Type(Rc<TypeData>);

impl Type {
    /// An instance without arguments.
    pub fn new(class: &'static TypeClass) -> Type {
        Type::build(class, Vec::new(), None, None)
    }

    fn build(
        class: &'static TypeClass,
        arguments: Vec<(&'static str, Argument)>,
        custom: Option<Rc<dyn CustomType>>,
        enum_class: Option<EnumClass>,
    ) -> Type {
        Type(Rc::new(TypeData {
            class,
            arguments,
            variants: IndexMap::default(),
            custom,
            enum_class,
        }))
    }

    /// An instance with arguments by name; the `*args` of a class are passed under their own name
    /// (`enums`, `values`, `types`) as one list.
    ///
    /// # Errors
    /// What the class's constructor raises: `ValueError`, `sqlalchemy.exc.ArgumentError`.
    pub fn with_arguments(
        class: &'static TypeClass,
        arguments: Vec<(&'static str, Argument)>,
    ) -> Result<Type> {
        let kind = Type::build(class, arguments, None, None);
        kind.check()
    }

    /// An Enum or ENUM over strings or the members of a Python enum.
    ///
    /// `arguments` are the keyword arguments (`name`, `native_enum`, `create_constraint`, `length`,
    /// ...). With an enum class and no name, the name is the lower-case class name.
    ///
    /// # Errors
    /// `ValueError` when `length` is too small.
    pub fn enumeration(
        class: &'static TypeClass,
        values: Vec<Rc<str>>,
        enum_class: Option<EnumClass>,
        mut arguments: Vec<(&'static str, Argument)>,
    ) -> Result<Type> {
        let values: Vec<Literal> = values.into_iter().map(Literal::String).collect();
        arguments.retain(|(name, _)| *name != "enums");
        arguments.push(("enums", Argument::Value(Literal::List(values.into()))));
        if let Some(python) = &enum_class
            && !arguments.iter().any(|(name, _)| *name == "name")
        {
            let name = python.name.to_lowercase();
            arguments.push(("name", Argument::Value(Literal::from(name))));
        }
        Type::build(class, arguments, None, enum_class).check()
    }

    /// An instance of a user-defined class; `class` is its nearest SQLAlchemy base
    /// (`GENERIC_TYPE_DECORATOR`, `GENERIC_USER_DEFINED_TYPE`, `GENERIC_STRING`, ...).
    ///
    /// # Errors
    /// As [`Type::with_arguments`].
    pub fn custom(
        class: &'static TypeClass,
        arguments: Vec<(&'static str, Argument)>,
        custom: Rc<dyn CustomType>,
    ) -> Result<Type> {
        Type::build(class, arguments, Some(custom), None).check()
    }

    fn check(self) -> Result<Type> {
        if self.is_instance(&classes::GENERIC_ENUM) {
            let longest = self.longest_enum();
            if let Some(length) = self.integer("length")
                && length < longest
            {
                return Err(Error::new(
                    "ValueError",
                    format!(
                        "When provided, length must be larger or equal than the length of the \
                         longest enum value. {length} < {longest}"
                    ),
                ));
            }
        }
        if self.is_instance(&classes::ARRAY)
            && let Some(Argument::Type(item)) = self.argument("item_type")
            && item.is_instance(&classes::ARRAY)
        {
            return Err(Error::new(
                "ValueError",
                "Do not nest ARRAY types; ARRAY(basetype) handles multi-dimensional arrays of \
                 basetype",
            ));
        }
        Ok(self)
    }

    fn longest_enum(&self) -> i64 {
        self.enums()
            .iter()
            .map(|value| value.chars().count())
            .max()
            .unwrap_or(0) as i64
    }

    /// A copy that is replaced by another type on the named dialects (`with_variant`).
    ///
    /// # Errors
    /// `sqlalchemy.exc.ArgumentError` for a dialect that already has a variant or a variant that
    /// has its own.
    pub fn with_variant(&self, variant: &Type, dialects: &[&str]) -> Result<Type> {
        let mut data = TypeData {
            class: self.0.class,
            arguments: self.0.arguments.clone(),
            variants: self.0.variants.clone(),
            custom: self.0.custom.clone(),
            enum_class: self.0.enum_class.clone(),
        };
        if dialects.is_empty() {
            return Err(argument_error("At least one dialect name is required"));
        }
        for dialect in dialects {
            if data.variants.contains_key(*dialect) {
                return Err(argument_error(format!(
                    "Dialect {dialect} is already present in the mapping for this {}",
                    self.python_repr()
                )));
            }
            if !variant.0.variants.is_empty() {
                return Err(argument_error(
                    "can't pass a type that already has variants as a dialect-level type to \
                     with_variant()",
                ));
            }
            data.variants.insert(Rc::from(*dialect), variant.clone());
        }
        Ok(Type(Rc::new(data)))
    }

    /// The same type with another collation (`_with_collation`).
    pub(crate) fn with_collation(&self, collation: &str) -> Type {
        let mut arguments = self.0.arguments.clone();
        arguments.retain(|(name, _)| *name != "collation");
        arguments.push(("collation", collation.into()));
        Type::build(self.0.class, arguments, None, self.0.enum_class.clone())
    }

    /// A copy in a schema.
    pub(crate) fn with_schema(&self, schema: &str) -> Type {
        let mut arguments = self.0.arguments.clone();
        arguments.retain(|(name, _)| *name != "schema");
        arguments.push(("schema", schema.into()));
        Type(Rc::new(TypeData {
            class: self.0.class,
            arguments,
            variants: self.0.variants.clone(),
            custom: self.0.custom.clone(),
            enum_class: self.0.enum_class.clone(),
        }))
    }

    /// The variants by dialect, in the order given.
    pub fn variants(&self) -> impl Iterator<Item = (&str, &Type)> {
        self.0.variants.iter().map(|(name, kind)| (&**name, kind))
    }

    /// The class; for a custom type, its nearest SQLAlchemy base.
    pub fn class(&self) -> &'static TypeClass {
        self.0.class
    }

    /// The user-defined class, if there is one.
    pub fn custom_class(&self) -> Option<&Rc<dyn CustomType>> {
        self.0.custom.as_ref()
    }

    /// The Python enum class of an Enum.
    pub fn enum_class(&self) -> Option<&EnumClass> {
        self.0.enum_class.as_ref()
    }

    /// The arguments that were given, in order.
    pub fn arguments(&self) -> &[(&'static str, Argument)] {
        &self.0.arguments
    }

    /// `__class__.__name__`.
    pub fn class_name(&self) -> String {
        match &self.0.custom {
            Some(custom) => custom.class_name(),
            None => self.0.class.name.to_owned(),
        }
    }

    /// `__class__.__module__`.
    pub fn module(&self) -> String {
        match &self.0.custom {
            Some(custom) => custom.module(),
            None => self.0.class.module.to_owned(),
        }
    }

    /// `isinstance(self, class)`.
    pub fn is_instance(&self, class: &'static TypeClass) -> bool {
        self.0.class.is_subclass_of(class)
    }

    /// Whether two handles refer to the same object.
    pub fn ptr_eq(&self, other: &Type) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// `_type_affinity`: the class that determines what kind of type this is. `None` for a
    /// UserDefinedType.
    pub fn affinity(&self) -> Option<&'static TypeClass> {
        if let Some(custom) = &self.0.custom
            && self.0.class == &classes::GENERIC_TYPE_DECORATOR
        {
            return custom.impl_type().and_then(|kind| kind.affinity());
        }
        // Without digits after the point it stands for a whole number.
        if self.0.class == &classes::ORACLE_NUMBER {
            return Some(match self.scale() {
                Some(scale) if scale > 0 => &classes::GENERIC_NUMERIC,
                _ => &classes::GENERIC_INTEGER,
            });
        }
        self.0.class.affinity
    }

    /// Whether its affinity is that class.
    pub fn has_affinity(&self, class: &'static TypeClass) -> bool {
        self.affinity() == Some(class)
    }

    /// Whether it is a NullType.
    pub fn is_null(&self) -> bool {
        self.0.class == &classes::GENERIC_NULL_TYPE && self.0.custom.is_none()
    }

    /// Whether it is a TypeDecorator.
    pub fn is_type_decorator(&self) -> bool {
        self.is_instance(&classes::GENERIC_TYPE_DECORATOR)
    }

    /// The type that a TypeDecorator wraps (`impl_instance`).
    pub fn impl_type(&self) -> Option<Type> {
        if let Some(custom) = &self.0.custom {
            return custom.impl_type();
        }
        if self.0.class == &classes::GENERIC_INTERVAL {
            return Some(Type::new(&classes::GENERIC_DATE_TIME));
        }
        if self.0.class == &classes::GENERIC_PICKLE_TYPE {
            if let Some(Argument::Type(given)) = self.argument("impl") {
                return Some(given);
            }
            return Some(Type::new(&classes::GENERIC_LARGE_BINARY));
        }
        None
    }

    /// Whether it is a schema type (Boolean, Enum), which is copied with its column.
    pub fn is_schema_type(&self) -> bool {
        self.is_instance(&classes::GENERIC_BOOLEAN) || self.is_instance(&classes::GENERIC_ENUM)
    }

    /// An argument, or the default of the class. `None` if there is neither.
    pub fn argument(&self, name: &str) -> Option<Argument> {
        if let Some((_, argument)) = self.0.arguments.iter().find(|(given, _)| *given == name) {
            return Some(argument.clone());
        }
        match self.0.class.default_of(name)? {
            Default::None => Some(Argument::Value(Literal::Null)),
            Default::Boolean(value) => Some(value.into()),
            Default::Integer(value) => Some(value.into()),
            Default::String(value) => Some(value.into()),
            Default::Required | Default::Other => None,
        }
    }

    /// An integer argument.
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.argument(name) {
            Some(Argument::Value(value)) => value.as_integer(),
            _ => None,
        }
    }

    /// A text argument.
    pub fn text(&self, name: &str) -> Option<Rc<str>> {
        match self.argument(name) {
            Some(Argument::Value(Literal::String(text))) => Some(text),
            _ => None,
        }
    }

    /// A boolean argument; false if it is missing.
    pub fn flag(&self, name: &str) -> bool {
        match self.argument(name) {
            Some(Argument::Value(value)) => value.truth(),
            Some(_) => true,
            None => false,
        }
    }

    /// `length`; for an Enum, the length of its longest value.
    pub fn length(&self) -> Option<i64> {
        if self.is_instance(&classes::GENERIC_ENUM) {
            return Some(
                self.integer("length")
                    .unwrap_or_else(|| self.longest_enum()),
            );
        }
        self.integer("length")
    }

    /// `precision`.
    pub fn precision(&self) -> Option<i64> {
        self.integer("precision")
    }

    /// `scale`.
    pub fn scale(&self) -> Option<i64> {
        self.integer("scale")
    }

    /// `collation`.
    pub fn collation(&self) -> Option<Rc<str>> {
        self.text("collation")
    }

    /// `timezone`.
    pub fn timezone(&self) -> bool {
        self.flag("timezone")
    }

    /// `name` of a Boolean or an Enum.
    pub fn name(&self) -> Option<Rc<str>> {
        self.text("name")
    }

    /// The values of an Enum, as stored.
    pub fn enums(&self) -> Vec<Rc<str>> {
        self.strings("enums")
    }

    /// The list of strings under that name.
    pub fn strings(&self, name: &str) -> Vec<Rc<str>> {
        match self.argument(name) {
            Some(Argument::Value(Literal::List(items) | Literal::Tuple(items))) => items
                .iter()
                .map(|item| match item {
                    Literal::String(text) => text.clone(),
                    other => Rc::from(other.python_str()),
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The item type of an ARRAY.
    pub fn item_type(&self) -> Option<Type> {
        match self.argument("item_type") {
            Some(Argument::Type(kind)) => Some(kind),
            _ => None,
        }
    }

    /// The type used on a dialect: its variant there, and the dialect type of a TypeDecorator.
    ///
    /// # Errors
    /// What the person's `load_dialect_impl` raises.
    pub fn dialect_impl(&self, dialect: &Dialect) -> Result<Type> {
        if let Some(variant) = self.0.variants.get(dialect.name()) {
            return variant.dialect_impl(dialect);
        }
        if let Some(custom) = &self.0.custom
            && let Some(kind) = custom.load_dialect_impl(dialect)?
        {
            return kind.dialect_impl(dialect);
        }
        Ok(self.clone())
    }

    /// The type whose processing applies on a dialect: as [`Type::dialect_impl`], but a TypeDecorator
    /// of the person's own stays itself; with the type that it processes values for.
    ///
    /// # Errors
    /// What the person's `load_dialect_impl` raises.
    pub(crate) fn processing(&self, dialect: &Dialect) -> Result<(Type, Option<Type>)> {
        if let Some(variant) = self.0.variants.get(dialect.name()) {
            return variant.processing(dialect);
        }
        let loaded = match &self.0.custom {
            Some(custom) => custom.load_dialect_impl(dialect)?,
            None => None,
        };
        Ok((self.clone(), loaded.or_else(|| self.impl_type())))
    }

    /// `type.compile(dialect)`: the type as rendered in a column definition.
    ///
    /// # Errors
    /// `sqlalchemy.exc.CompileError` where the dialect can't render it.
    pub fn compile(&self, dialect: &Dialect) -> Result<String> {
        crate::compiler::types::compile_type(self, dialect)
    }

    /// Whether a Boolean or non-native Enum adds a CHECK to its column.
    pub(crate) fn creates_check(&self) -> bool {
        self.is_schema_type() && self.flag("create_constraint")
    }
}

impl fmt::Debug for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.python_repr())
    }
}

fn argument_error(message: impl Into<String>) -> Error {
    Error::new(exc::ARGUMENT_ERROR, message)
}

macro_rules! plain_types {
    ($($(#[$doc:meta])* $function:ident => $class:ident;)*) => {
        impl Type {
            $($(#[$doc])* pub fn $function() -> Type { Type::new(&classes::$class) })*
        }
    };
}

plain_types! {
    /// `NullType()`.
    null => GENERIC_NULL_TYPE;
    /// `Integer()`.
    integer_type => GENERIC_INTEGER;
    /// `BigInteger()`.
    big_integer => GENERIC_BIG_INTEGER;
    /// `SmallInteger()`.
    small_integer => GENERIC_SMALL_INTEGER;
    /// `Boolean()`.
    boolean => GENERIC_BOOLEAN;
    /// `Text()`.
    text_type => GENERIC_TEXT;
    /// `Date()`.
    date => GENERIC_DATE;
    /// `DateTime()`.
    datetime => GENERIC_DATE_TIME;
    /// `Time()`.
    time => GENERIC_TIME;
    /// `Interval()`.
    interval => GENERIC_INTERVAL;
    /// `LargeBinary()`.
    large_binary => GENERIC_LARGE_BINARY;
    /// `Float()`.
    float => GENERIC_FLOAT;
    /// `Numeric()`.
    numeric_type => GENERIC_NUMERIC;
    /// `JSON()`.
    json => JSON;
    /// `Uuid()`.
    uuid => GENERIC_UUID;
}

impl Type {
    /// `TupleType` of a tuple of expressions.
    pub(crate) fn tuple(of: &Expression) -> Type {
        let types = vec![("types", Argument::Expression(of.clone()))];
        Type::build(&classes::GENERIC_TUPLE_TYPE, types, None, None)
    }

    /// The types in a `TupleType`.
    pub(crate) fn tuple_types(&self) -> Option<Vec<Type>> {
        match self.argument("types") {
            Some(Argument::Expression(Expression::Tuple(items)))
                if self.class() == &classes::GENERIC_TUPLE_TYPE =>
            {
                Some(items.iter().map(Expression::kind).collect())
            }
            _ => None,
        }
    }

    /// `String(length)`.
    pub fn string(length: Option<i64>) -> Type {
        Type::build(
            &classes::GENERIC_STRING,
            length
                .map(|length| ("length", length.into()))
                .into_iter()
                .collect(),
            None,
            None,
        )
    }

    /// `Numeric(precision, scale)`.
    pub fn numeric(precision: Option<i64>, scale: Option<i64>) -> Type {
        Type::build(
            &classes::GENERIC_NUMERIC,
            [("precision", precision), ("scale", scale)]
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?.into())))
                .collect(),
            None,
            None,
        )
    }
}
