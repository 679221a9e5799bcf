//! Column defaults: Python-side and server-side defaults, sequences.

use ground::formatting::repr::string_repr;
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::{Column, DialectOptions, MetaData, Table, table_key};
use crate::elements::{Expression, copy_expression};
use crate::literal::Literal;
use crate::name::Name;
use crate::sqltypes::Type;

/// `default=` or `onupdate=`: evaluated by Python before the statement is sent.
#[derive(Clone)]
pub enum ColumnDefault {
    /// A value.
    Scalar(Literal),
    /// A SQL expression.
    Expression(Expression),
    /// A Python function, an opaque value.
    Callable(Rc<dyn Any>),
    /// A sequence.
    Sequence(Sequence),
}

impl ColumnDefault {
    /// Whether it is a sequence.
    pub fn is_sequence(&self) -> bool {
        matches!(self, ColumnDefault::Sequence(_))
    }

    /// `repr(default)`.
    pub fn python_repr(&self) -> String {
        match self {
            ColumnDefault::Scalar(value) => {
                format!("ScalarElementColumnDefault({})", value.python_repr())
            }
            ColumnDefault::Expression(value) => {
                format!("ColumnElementColumnDefault({})", value.python_repr())
            }
            ColumnDefault::Callable(_) => "CallableColumnDefault(<function>)".into(),
            ColumnDefault::Sequence(sequence) => sequence.python_repr(),
        }
    }
}

/// `FetchedValue()`: the server generates a value in an unspecified way.
#[derive(Clone, Debug, Default)]
pub struct FetchedValue {
    /// Whether it is for UPDATE.
    pub for_update: bool,
}

/// `DefaultClause`: the expression after DEFAULT.
#[derive(Clone)]
pub struct DefaultClause(Rc<DefaultClauseData>);

struct DefaultClauseData {
    argument: DefaultArgument,
    for_update: bool,
    reflected: bool,
}

#[derive(Clone)]
enum DefaultArgument {
    Text(Rc<str>),
    Expression(Expression),
}

impl DefaultClause {
    /// `server_default="text"`: rendered as a quoted literal.
    pub fn text(text: impl Into<Rc<str>>) -> Self {
        Self::build(DefaultArgument::Text(text.into()), false, false)
    }

    /// `server_default=func.now()`, `text("...")`.
    pub fn expression(expression: Expression) -> Self {
        Self::build(DefaultArgument::Expression(expression), false, false)
    }

    /// Created by reflection: SQL text, marked as reflected.
    pub fn reflected(expression: Expression) -> Self {
        Self::build(DefaultArgument::Expression(expression), false, true)
    }

    fn build(argument: DefaultArgument, for_update: bool, reflected: bool) -> Self {
        DefaultClause(Rc::new(DefaultClauseData {
            argument,
            for_update,
            reflected,
        }))
    }

    /// A copy for `server_onupdate` (`_as_for_update`).
    pub fn as_for_update(&self, for_update: bool) -> Self {
        if self.0.for_update == for_update {
            self.clone()
        } else {
            Self::build(self.0.argument.clone(), for_update, self.0.reflected)
        }
    }

    /// The plain text, if it is one.
    pub fn as_text(&self) -> Option<Rc<str>> {
        match &self.0.argument {
            DefaultArgument::Text(text) => Some(text.clone()),
            DefaultArgument::Expression(_) => None,
        }
    }

    /// The expression, if it is one.
    pub fn as_expression(&self) -> Option<Expression> {
        match &self.0.argument {
            DefaultArgument::Text(_) => None,
            DefaultArgument::Expression(expression) => Some(expression.clone()),
        }
    }

    /// Whether it was reflected.
    pub fn is_reflected(&self) -> bool {
        self.0.reflected
    }

    /// Whether it is for UPDATE.
    pub fn for_update(&self) -> bool {
        self.0.for_update
    }

    /// Whether two handles refer to the same object.
    pub fn ptr_eq(&self, other: &DefaultClause) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// `repr(default)`.
    pub fn python_repr(&self) -> String {
        let argument = match &self.0.argument {
            DefaultArgument::Text(text) => string_repr(text),
            DefaultArgument::Expression(expression) => expression.python_repr(),
        };
        let update = if self.0.for_update { "True" } else { "False" };
        format!("DefaultClause({argument}, for_update={update})")
    }
}

/// A column's `server_default` or `server_onupdate`.
#[derive(Clone)]
pub enum ServerDefault {
    /// A DEFAULT clause.
    DefaultClause(DefaultClause),
    /// A server-generated value.
    FetchedValue(FetchedValue),
    /// GENERATED ALWAYS AS (...).
    Computed(Computed),
    /// GENERATED ... AS IDENTITY.
    Identity(Identity),
}

impl ServerDefault {
    /// The DEFAULT clause, if it is one.
    pub fn as_default_clause(&self) -> Option<&DefaultClause> {
        match self {
            ServerDefault::DefaultClause(clause) => Some(clause),
            _ => None,
        }
    }

    pub(crate) fn copy(&self) -> ServerDefault {
        match self {
            ServerDefault::DefaultClause(clause) => {
                ServerDefault::DefaultClause(DefaultClause::build(
                    clause.0.argument.clone(),
                    clause.0.for_update,
                    clause.0.reflected,
                ))
            }
            other => other.clone(),
        }
    }

    /// `repr(default)`.
    pub fn python_repr(&self) -> String {
        match self {
            ServerDefault::DefaultClause(clause) => clause.python_repr(),
            ServerDefault::FetchedValue(_) => "FetchedValue()".into(),
            ServerDefault::Computed(computed) => computed.python_repr(),
            ServerDefault::Identity(identity) => identity.python_repr(),
        }
    }
}

impl From<DefaultClause> for ServerDefault {
    fn from(clause: DefaultClause) -> Self {
        ServerDefault::DefaultClause(clause)
    }
}

impl From<&str> for ServerDefault {
    fn from(text: &str) -> Self {
        ServerDefault::DefaultClause(DefaultClause::text(text))
    }
}

impl From<Expression> for ServerDefault {
    fn from(expression: Expression) -> Self {
        ServerDefault::DefaultClause(DefaultClause::expression(expression))
    }
}

/// `Computed(sqltext, persisted=...)`.
#[derive(Clone)]
pub struct Computed(Rc<ComputedData>);

struct ComputedData {
    sqltext: Expression,
    persisted: Option<bool>,
    column: RefCell<Option<Column>>,
}

impl Computed {
    /// A generated column's expression.
    pub fn new(sqltext: Expression, persisted: Option<bool>) -> Self {
        Computed(Rc::new(ComputedData {
            sqltext,
            persisted,
            column: RefCell::new(None),
        }))
    }

    /// The expression.
    pub fn sqltext(&self) -> Expression {
        self.0.sqltext.clone()
    }

    /// STORED (`true`), VIRTUAL (`false`), or the database's default.
    pub fn persisted(&self) -> Option<bool> {
        self.0.persisted
    }

    /// The column it belongs to.
    pub fn column(&self) -> Option<Column> {
        self.0.column.borrow().clone()
    }

    pub(crate) fn set_column(&self, column: Option<Column>) {
        *self.0.column.borrow_mut() = column;
    }

    /// Whether two handles refer to the same object.
    pub fn ptr_eq(&self, other: &Computed) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// A copy that refers to another table's columns.
    pub fn copy(&self, target: Option<&Table>) -> Computed {
        let source = self.column().and_then(|column| column.table());
        let sqltext = match (source, target) {
            (Some(source), Some(target)) => copy_expression(&self.0.sqltext, &source, target),
            _ => self.0.sqltext.clone(),
        };
        Computed::new(sqltext, self.0.persisted)
    }

    /// `repr(computed)`.
    pub fn python_repr(&self) -> String {
        match self.0.persisted {
            None => format!("Computed({})", self.0.sqltext.python_repr()),
            Some(persisted) => format!(
                "Computed({}, persisted={})",
                self.0.sqltext.python_repr(),
                if persisted { "True" } else { "False" }
            ),
        }
    }
}

/// Options common to sequences and identity columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each field is SQLAlchemy's keyword argument of its name"
)]
pub struct IdentityOptions {
    pub start: Option<i64>,
    pub increment: Option<i64>,
    pub minvalue: Option<i64>,
    pub maxvalue: Option<i64>,
    pub nominvalue: Option<bool>,
    pub nomaxvalue: Option<bool>,
    pub cycle: Option<bool>,
    pub cache: Option<i64>,
    /// ORDER of a sequence, on Oracle.
    pub order: Option<bool>,
}

impl IdentityOptions {
    /// The options that are set, as keyword and `repr()`, in SQLAlchemy's order.
    pub fn items(&self) -> Vec<(&'static str, Literal)> {
        let mut items = Vec::new();
        let mut number = |name, value: Option<i64>| {
            if let Some(value) = value {
                items.push((name, Literal::Integer(value)));
            }
        };
        number("start", self.start);
        number("increment", self.increment);
        number("minvalue", self.minvalue);
        number("maxvalue", self.maxvalue);
        for (name, value) in [
            ("nominvalue", self.nominvalue),
            ("nomaxvalue", self.nomaxvalue),
            ("cycle", self.cycle),
        ] {
            if let Some(value) = value {
                items.push((name, Literal::Boolean(value)));
            }
        }
        if let Some(cache) = self.cache {
            items.push(("cache", Literal::Integer(cache)));
        }
        items
    }

    /// One of the options alone, by its keyword.
    pub fn only(&self, name: &str) -> IdentityOptions {
        let mut one = IdentityOptions::default();
        match name {
            "start" => one.start = self.start,
            "increment" => one.increment = self.increment,
            "minvalue" => one.minvalue = self.minvalue,
            "maxvalue" => one.maxvalue = self.maxvalue,
            "nominvalue" => one.nominvalue = self.nominvalue,
            "nomaxvalue" => one.nomaxvalue = self.nomaxvalue,
            "cycle" => one.cycle = self.cycle,
            "cache" => one.cache = self.cache,
            _ => {}
        }
        one
    }
}

/// `Identity(always=..., ...)`.
#[derive(Clone)]
pub struct Identity(Rc<IdentityData>);

struct IdentityData {
    always: Option<bool>,
    options: IdentityOptions,
    dialect_options: DialectOptions,
    column: RefCell<Option<Column>>,
}

impl Identity {
    /// GENERATED BY DEFAULT (or ALWAYS) AS IDENTITY.
    pub fn new(always: Option<bool>, options: IdentityOptions) -> Self {
        Self::with_dialect_options(always, options, DialectOptions::new())
    }

    /// With dialect-specific arguments (`oracle_on_null`).
    pub fn with_dialect_options(
        always: Option<bool>,
        options: IdentityOptions,
        dialect_options: DialectOptions,
    ) -> Self {
        Identity(Rc::new(IdentityData {
            always,
            options,
            dialect_options,
            column: RefCell::new(None),
        }))
    }

    /// `always`.
    pub fn always(&self) -> Option<bool> {
        self.0.always
    }

    /// Start, increment and the other options.
    pub fn options(&self) -> &IdentityOptions {
        &self.0.options
    }

    /// Dialect-specific arguments.
    pub fn dialect_options(&self) -> &DialectOptions {
        &self.0.dialect_options
    }

    /// The column it belongs to.
    pub fn column(&self) -> Option<Column> {
        self.0.column.borrow().clone()
    }

    pub(crate) fn set_column(&self, column: Option<Column>) {
        *self.0.column.borrow_mut() = column;
    }

    /// Whether two handles refer to the same object.
    pub fn ptr_eq(&self, other: &Identity) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// A detached copy.
    pub fn copy(&self) -> Identity {
        Identity::with_dialect_options(
            self.0.always,
            self.0.options.clone(),
            self.0.dialect_options.clone(),
        )
    }

    /// `repr(identity)`.
    pub fn python_repr(&self) -> String {
        let mut parts = Vec::new();
        match self.0.always {
            Some(false) => {}
            Some(true) => parts.push("always=True".to_owned()),
            None => parts.push("always=None".to_owned()),
        }
        let own = |wanted: &str| {
            let mut options = self.0.dialect_options.iter();
            let found = options
                .find(|(name, _)| name.split_once('_').is_some_and(|(_, own)| own == wanted));
            found.map(|(_, value)| format!("{wanted}={}", value.python_repr()))
        };
        parts.extend(own("on_null"));
        for (name, value) in self.0.options.items() {
            parts.push(format!("{name}={}", value.python_repr()));
        }
        let order = self
            .0
            .options
            .order
            .map(|order| Literal::Boolean(order).python_repr());
        parts.extend(
            order
                .map(|order| format!("order={order}"))
                .or_else(|| own("order")),
        );
        format!("Identity({})", parts.join(", "))
    }
}

/// `Sequence(name, ...)`.
#[derive(Clone)]
pub struct Sequence(Rc<SequenceData>);

struct SequenceData {
    name: Name,
    schema: Option<Name>,
    options: IdentityOptions,
    data_type: Option<Type>,
    optional: bool,
    metadata: RefCell<Option<MetaData>>,
}

impl Sequence {
    /// A named sequence.
    pub fn new(
        name: impl Into<Name>,
        schema: Option<Name>,
        options: IdentityOptions,
        data_type: Option<Type>,
        optional: bool,
    ) -> Self {
        Sequence(Rc::new(SequenceData {
            name: name.into(),
            schema,
            options,
            data_type,
            optional,
            metadata: RefCell::new(None),
        }))
    }

    /// Its name.
    pub fn name(&self) -> &Name {
        &self.0.name
    }

    /// Its schema.
    pub fn schema(&self) -> Option<&Name> {
        self.0.schema.as_ref()
    }

    /// Start, increment and the other options.
    pub fn options(&self) -> &IdentityOptions {
        &self.0.options
    }

    /// `data_type`.
    pub fn data_type(&self) -> Option<&Type> {
        self.0.data_type.as_ref()
    }

    /// `optional`.
    pub fn optional(&self) -> bool {
        self.0.optional
    }

    /// Its key in the metadata.
    pub fn key(&self) -> String {
        table_key(&self.0.name, self.0.schema.as_deref())
    }

    /// The metadata it belongs to.
    pub fn metadata(&self) -> Option<MetaData> {
        self.0.metadata.borrow().clone()
    }

    /// Adds it to a metadata.
    pub fn set_metadata(&self, metadata: &MetaData) {
        *self.0.metadata.borrow_mut() = Some(metadata.clone());
        metadata.add_sequence(self);
    }

    pub(crate) fn forget_metadata(&self) {
        *self.0.metadata.borrow_mut() = None;
    }

    /// Whether two handles refer to the same object.
    pub fn ptr_eq(&self, other: &Sequence) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// `repr(sequence)`.
    pub fn python_repr(&self) -> String {
        let mut parts = vec![string_repr(&self.0.name)];
        for (name, value) in self.0.options.items() {
            parts.push(format!("{name}={}", value.python_repr()));
        }
        format!("Sequence({})", parts.join(", "))
    }
}
