//! Constraints of tables: primary key, foreign key, unique, check.

use crate::exc;
use ground::formatting::repr::string_repr;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use super::attach::{OnAttach, TypeRule};
use super::exclude::{ExcludeConstraint, ExcludeOperand};
use super::{
    Column, DialectOptions, ForeignKey, ForeignKeyOptions, Info, Table, argument_error,
    next_creation_order,
};
use crate::dialects::Dialect;
use crate::elements::{ADDRESS, Expression, copy_expression};
use crate::name::ConstraintName;
use crate::naming;
use ground::diagnostic::{Error, Result};

/// A column argument of a constraint.
#[derive(Clone)]
pub enum ColumnArgument {
    /// By key.
    Key(Rc<str>),
    /// A column object.
    Column(Column),
}

impl From<&str> for ColumnArgument {
    fn from(key: &str) -> Self {
        ColumnArgument::Key(key.into())
    }
}

impl From<String> for ColumnArgument {
    fn from(key: String) -> Self {
        ColumnArgument::Key(key.into())
    }
}

impl From<&Column> for ColumnArgument {
    fn from(column: &Column) -> Self {
        ColumnArgument::Column(column.clone())
    }
}

impl From<Column> for ColumnArgument {
    fn from(column: Column) -> Self {
        ColumnArgument::Column(column)
    }
}

/// The keyword arguments common to all constraints.
#[derive(Clone, Default)]
#[expect(
    missing_docs,
    reason = "each field is SQLAlchemy's keyword argument of its name"
)]
pub struct ConstraintOptions {
    pub name: ConstraintName,
    pub deferrable: Option<bool>,
    pub initially: Option<Rc<str>>,
    pub comment: Option<Rc<str>>,
    pub info: Option<Rc<dyn Any>>,
    pub options: DialectOptions,
}

/// The parent of a constraint.
#[derive(Clone)]
pub enum ConstraintParent {
    /// A table.
    Table(Table),
    /// A column: a column-level CHECK.
    Column(Column),
}

pub(super) struct Common {
    pub(super) name: RefCell<ConstraintName>,
    pub(super) deferrable: Option<bool>,
    pub(super) initially: Option<Rc<str>>,
    pub(super) comment: RefCell<Option<Rc<str>>>,
    pub(super) info: Info,
    pub(super) options: RefCell<DialectOptions>,
    pub(super) creation_order: Cell<u64>,
    pub(super) column_flag: bool,
    pub(super) parent: RefCell<Option<ConstraintParent>>,
    pub(super) pending: Vec<ColumnArgument>,
    pub(super) columns: RefCell<Vec<Column>>,
}

impl Common {
    pub(super) fn new(
        options: ConstraintOptions,
        pending: Vec<ColumnArgument>,
        column_flag: bool,
    ) -> Common {
        Common {
            name: RefCell::new(options.name),
            deferrable: options.deferrable,
            initially: options.initially,
            comment: RefCell::new(options.comment),
            info: RefCell::new(options.info),
            options: RefCell::new(options.options),
            creation_order: Cell::new(next_creation_order()),
            column_flag,
            parent: RefCell::new(None),
            pending,
            columns: RefCell::new(Vec::new()),
        }
    }

    pub(super) fn options(&self) -> ConstraintOptions {
        ConstraintOptions {
            name: self.name.borrow().clone(),
            deferrable: self.deferrable,
            initially: self.initially.clone(),
            comment: self.comment.borrow().clone(),
            info: self.info.borrow().clone(),
            options: self.options.borrow().clone(),
        }
    }

    pub(super) fn add_columns(&self, class: &str, table: &Table, dedupe: bool) -> Result<()> {
        let mut found = Vec::with_capacity(self.pending.len());
        for argument in &self.pending {
            found.push(match argument {
                ColumnArgument::Column(column) => column.clone(),
                ColumnArgument::Key(key) => table
                    .column(key)
                    .ok_or_else(|| missing_column(class, table, key))?,
            });
        }
        let mut columns = self.columns.borrow_mut();
        if !dedupe {
            if !self.pending.is_empty() {
                *columns = found;
            }
            return Ok(());
        }
        for column in found {
            if !columns.iter().any(|known| known.ptr_eq(&column)) {
                columns.push(column);
            }
        }
        Ok(())
    }
}

pub(super) fn missing_column(class: &str, table: &Table, key: &str) -> Error {
    Error::new(
        exc::CONSTRAINT_COLUMN_NOT_FOUND_ERROR,
        format!(
            "Can't create {class} on table '{}': no column named '{key}' is present.",
            table.name()
        ),
    )
}

pub(super) struct PrimaryKeyData {
    pub(super) common: Common,
    pub(super) implicit: bool,
}

pub(super) struct ForeignKeyConstraintData {
    pub(super) common: Common,
    pub(super) keywords: ForeignKeyOptions,
    pub(super) elements: RefCell<Vec<ForeignKey>>,
}

pub(super) struct CheckData {
    common: Common,
    sqltext: Expression,
    rule: Option<TypeRule>,
}

/// `PrimaryKeyConstraint`.
#[derive(Clone)]
pub struct PrimaryKeyConstraint(pub(super) Rc<PrimaryKeyData>);

/// `ForeignKeyConstraint`.
#[derive(Clone)]
pub struct ForeignKeyConstraint(pub(super) Rc<ForeignKeyConstraintData>);

/// `UniqueConstraint`.
#[derive(Clone)]
pub struct UniqueConstraint(Rc<Common>);

/// `CheckConstraint`.
#[derive(Clone)]
pub struct CheckConstraint(Rc<CheckData>);

/// Any constraint.
#[derive(Clone)]
pub enum Constraint {
    /// PRIMARY KEY.
    PrimaryKey(PrimaryKeyConstraint),
    /// FOREIGN KEY.
    ForeignKey(ForeignKeyConstraint),
    /// UNIQUE.
    Unique(UniqueConstraint),
    /// CHECK.
    Check(CheckConstraint),
    /// EXCLUDE.
    Exclude(ExcludeConstraint),
}

macro_rules! shared_accessors {
    ($($kind:ident => $variant:ident, $class:literal;)*) => {
        $(
            impl $kind {
                /// Its name.
                pub fn name(&self) -> ConstraintName {
                    self.common().name.borrow().clone()
                }

                /// Renames it.
                pub fn set_name(&self, name: ConstraintName) {
                    *self.common().name.borrow_mut() = name;
                }

                /// DEFERRABLE or NOT DEFERRABLE.
                pub fn deferrable(&self) -> Option<bool> {
                    self.common().deferrable
                }

                /// INITIALLY.
                pub fn initially(&self) -> Option<Rc<str>> {
                    self.common().initially.clone()
                }

                /// `comment`.
                pub fn comment(&self) -> Option<Rc<str>> {
                    self.common().comment.borrow().clone()
                }

                /// `info`, an opaque value.
                pub fn info(&self) -> Option<Rc<dyn Any>> {
                    self.common().info.borrow().clone()
                }

                /// Dialect-specific arguments.
                pub fn dialect_options(&self) -> DialectOptions {
                    self.common().options.borrow().clone()
                }

                /// Replaces the dialect-specific arguments, as reflection does.
                pub fn set_dialect_options(&self, options: DialectOptions) {
                    *self.common().options.borrow_mut() = options;
                }

                /// A number that increases with each created item.
                pub fn creation_order(&self) -> u64 {
                    self.common().creation_order.get()
                }

                /// Its columns, in order.
                pub fn columns(&self) -> Vec<Column> {
                    self.common().columns.borrow().clone()
                }

                /// The columns as they were given.
                pub fn column_arguments(&self) -> &[ColumnArgument] {
                    &self.common().pending
                }

                /// Its table, directly or through its column.
                pub fn table(&self) -> Option<Table> {
                    match &*self.common().parent.borrow() {
                        Some(ConstraintParent::Table(table)) => Some(table.clone()),
                        _ => None,
                    }
                }

                /// Its parent.
                pub fn parent(&self) -> Option<ConstraintParent> {
                    self.common().parent.borrow().clone()
                }

                /// Whether two handles refer to the same constraint.
                pub fn ptr_eq(&self, other: &$kind) -> bool {
                    Rc::ptr_eq(&self.0, &other.0)
                }
            }

            impl From<$kind> for Constraint {
                fn from(constraint: $kind) -> Constraint {
                    Constraint::$variant(constraint)
                }
            }

            impl fmt::Debug for $kind {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(&Constraint::from(self.clone()).python_repr())
                }
            }
        )*

        impl Constraint {
            pub(super) fn common(&self) -> &Common {
                match self {
                    $(Constraint::$variant(constraint) => constraint.common(),)*
                }
            }

            /// Its class name, for messages.
            pub fn class_name(&self) -> &'static str {
                match self {
                    $(Constraint::$variant(_) => $class,)*
                }
            }

            /// Whether two handles refer to the same constraint.
            pub fn ptr_eq(&self, other: &Constraint) -> bool {
                match (self, other) {
                    $((Constraint::$variant(a), Constraint::$variant(b)) => a.ptr_eq(b),)*
                    _ => false,
                }
            }
        }
    };
}

shared_accessors! {
    PrimaryKeyConstraint => PrimaryKey, "PrimaryKeyConstraint";
    ForeignKeyConstraint => ForeignKey, "ForeignKeyConstraint";
    UniqueConstraint => Unique, "UniqueConstraint";
    CheckConstraint => Check, "CheckConstraint";
    ExcludeConstraint => Exclude, "ExcludeConstraint";
}

impl UniqueConstraint {
    pub(super) fn common(&self) -> &Common {
        &self.0
    }

    /// `UniqueConstraint(*columns, ...)`.
    ///
    /// # Errors
    /// As [`DialectOptions::validate`] and attaching.
    pub fn new(columns: Vec<ColumnArgument>, options: ConstraintOptions) -> Result<Self> {
        options
            .options
            .validate(&["UniqueConstraint", "Constraint"])?;
        let constraint = UniqueConstraint(Rc::new(Common::new(options, columns, false)));
        auto_attach(&Constraint::Unique(constraint.clone()))?;
        Ok(constraint)
    }

    /// The constraint created by `Column(unique=True)`.
    pub(super) fn for_column(key: &str) -> Self {
        UniqueConstraint(Rc::new(Common::new(
            ConstraintOptions::default(),
            vec![key.into()],
            true,
        )))
    }
}

impl CheckConstraint {
    pub(super) fn common(&self) -> &Common {
        &self.0.common
    }

    /// `CheckConstraint(sqltext, ...)`.
    ///
    /// # Errors
    /// As [`DialectOptions::validate`] and attaching.
    pub fn new(sqltext: Expression, options: ConstraintOptions) -> Result<Self> {
        options
            .options
            .validate(&["CheckConstraint", "Constraint"])?;
        let constraint = Self::build(sqltext, options, None);
        auto_attach(&Constraint::Check(constraint.clone()))?;
        Ok(constraint)
    }

    fn build(sqltext: Expression, options: ConstraintOptions, rule: Option<TypeRule>) -> Self {
        let columns = sqltext
            .columns()
            .into_iter()
            .map(ColumnArgument::Column)
            .collect();
        CheckConstraint(Rc::new(CheckData {
            common: Common::new(options, columns, false),
            sqltext,
            rule,
        }))
    }

    pub(super) fn type_bound(
        sqltext: Expression,
        options: ConstraintOptions,
        rule: TypeRule,
    ) -> Result<Self> {
        let constraint = Self::build(sqltext, options, Some(rule));
        auto_attach(&Constraint::Check(constraint.clone()))?;
        Ok(constraint)
    }

    /// The condition.
    pub fn sqltext(&self) -> Expression {
        self.0.sqltext.clone()
    }

    /// Whether it is a column-level constraint.
    pub fn is_column_level(&self) -> bool {
        !matches!(
            &*self.common().parent.borrow(),
            Some(ConstraintParent::Table(_))
        )
    }
}

impl Constraint {
    /// Its name.
    pub fn name(&self) -> ConstraintName {
        self.common().name.borrow().clone()
    }

    /// Renames it.
    pub fn set_name(&self, name: ConstraintName) {
        *self.common().name.borrow_mut() = name;
    }

    /// Its table.
    pub fn table(&self) -> Option<Table> {
        match &*self.common().parent.borrow() {
            Some(ConstraintParent::Table(table)) => Some(table.clone()),
            _ => None,
        }
    }

    /// Its parent.
    pub fn parent(&self) -> Option<ConstraintParent> {
        self.common().parent.borrow().clone()
    }

    /// Its columns, in order.
    pub fn columns(&self) -> Vec<Column> {
        self.common().columns.borrow().clone()
    }

    /// DEFERRABLE or NOT DEFERRABLE.
    pub fn deferrable(&self) -> Option<bool> {
        self.common().deferrable
    }

    /// INITIALLY.
    pub fn initially(&self) -> Option<Rc<str>> {
        self.common().initially.clone()
    }

    /// `comment`.
    pub fn comment(&self) -> Option<Rc<str>> {
        self.common().comment.borrow().clone()
    }

    /// `info`, an opaque value.
    pub fn info(&self) -> Option<Rc<dyn Any>> {
        self.common().info.borrow().clone()
    }

    /// Sets `info`.
    pub fn set_info(&self, info: Option<Rc<dyn Any>>) {
        *self.common().info.borrow_mut() = info;
    }

    /// Dialect-specific arguments.
    pub fn dialect_options(&self) -> DialectOptions {
        self.common().options.borrow().clone()
    }

    /// Replaces the dialect-specific arguments.
    pub fn set_dialect_options(&self, options: DialectOptions) {
        *self.common().options.borrow_mut() = options;
    }

    /// A number that increases with each created item.
    pub fn creation_order(&self) -> u64 {
        self.common().creation_order.get()
    }

    /// Whether it was created by a column's `unique=True`.
    pub fn is_column_flag(&self) -> bool {
        self.common().column_flag
    }

    /// Whether it was created by a Boolean or Enum type (`_type_bound`).
    pub fn is_type_bound(&self) -> bool {
        matches!(self, Constraint::Check(check) if check.0.rule.is_some())
    }

    /// Whether it is created for that dialect (`_create_rule`).
    pub fn should_create(&self, dialect: &Dialect) -> bool {
        match self {
            Constraint::Check(check) => check
                .0
                .rule
                .as_ref()
                .is_none_or(|rule| rule.allows(dialect)),
            _ => true,
        }
    }

    pub(super) fn has_parent(&self) -> bool {
        self.common().parent.borrow().is_some()
    }

    pub(super) fn all_columns_attached(&self) -> bool {
        self.common().pending.iter().all(|argument| match argument {
            ColumnArgument::Column(column) => column.table().is_some(),
            ColumnArgument::Key(_) => true,
        })
    }

    /// Attaches it to a table; called by [`Table::append_constraint`].
    pub(super) fn attach_to_table(&self, table: &Table) -> Result<()> {
        *self.common().parent.borrow_mut() = Some(ConstraintParent::Table(table.clone()));
        table.add_constraint(self);
        match self {
            Constraint::Unique(unique) => {
                unique
                    .common()
                    .add_columns("UniqueConstraint", table, true)?;
            }
            Constraint::Check(check) => {
                check.common().add_columns("CheckConstraint", table, true)?;
            }
            Constraint::Exclude(exclude) => {
                exclude
                    .common()
                    .add_columns("ExcludeConstraint", table, true)?;
            }
            Constraint::PrimaryKey(primary_key) => {
                super::primary_key::attach_primary_key(primary_key, table)?
            }
            Constraint::ForeignKey(constraint) => {
                constraint
                    .common()
                    .add_columns("ForeignKeyConstraint", table, false)?;
                let columns = constraint.columns();
                for (column, element) in columns.iter().zip(constraint.elements()) {
                    if !element.parent().is_some_and(|parent| parent.ptr_eq(column)) {
                        element.set_parent(column)?;
                    }
                }
                constraint.validate_target(table)?;
            }
        }
        naming::name_constraint(self, table)
    }

    /// Attaches it to a column, as a column-level CHECK.
    pub(super) fn attach_to_column(&self, column: &Column) -> Result<()> {
        *self.common().parent.borrow_mut() = Some(ConstraintParent::Column(column.clone()));
        let known = column
            .0
            .constraints
            .borrow()
            .iter()
            .any(|known| known.ptr_eq(self));
        if !known {
            column.0.constraints.borrow_mut().push(self.clone());
        }
        let mut found = Vec::new();
        for argument in &self.common().pending {
            if let ColumnArgument::Column(column) = argument {
                found.push(column.clone());
            }
        }
        *self.common().columns.borrow_mut() = found;
        column.on_table_attach(OnAttach::ConstraintName(self.clone()))
    }

    /// A copy for another table (`_copy`).
    ///
    /// # Errors
    /// As making it.
    pub fn copy(&self, schema: Option<&str>, target: Option<&Table>) -> Result<Constraint> {
        let moved = |columns: Vec<Column>| -> Vec<ColumnArgument> {
            let source = self.table();
            columns
                .into_iter()
                .map(|column| match (&source, target) {
                    (Some(source), Some(target))
                        if column.table().is_some_and(|table| table.ptr_eq(source)) =>
                    {
                        ColumnArgument::Column(target.column(&column.key()).unwrap_or(column))
                    }
                    _ => ColumnArgument::Column(column),
                })
                .collect()
        };
        Ok(match self {
            Constraint::PrimaryKey(constraint) => PrimaryKeyConstraint::new(
                moved(constraint.columns()),
                constraint.common().options(),
            )?
            .into(),
            Constraint::Unique(constraint) => {
                UniqueConstraint::new(moved(constraint.columns()), constraint.common().options())?
                    .into()
            }
            Constraint::Check(check) => {
                let sqltext = match (self.table(), target) {
                    (Some(source), Some(target)) => {
                        copy_expression(&check.0.sqltext, &source, target)
                    }
                    _ => check.0.sqltext.clone(),
                };
                let copy =
                    CheckConstraint::build(sqltext, check.common().options(), check.0.rule.clone());
                if let Some(target) = target {
                    Constraint::Check(copy.clone()).attach_to_table(target)?;
                }
                copy.into()
            }
            Constraint::ForeignKey(constraint) => constraint.copy(schema, target)?.into(),
            Constraint::Exclude(exclude) => {
                let mut arguments = exclude.arguments().clone();
                for (operand, _) in &mut arguments.elements {
                    if let ExcludeOperand::Expression(Expression::Column(column)) = operand {
                        *operand = ExcludeOperand::Key(column.key());
                    }
                }
                ExcludeConstraint::new(arguments, exclude.common().options())?.into()
            }
        })
    }

    /// `repr(constraint)`: for a foreign key and a CHECK the arguments that differ from their defaults, else only
    /// the columns, as SQLAlchemy shows them.
    pub fn python_repr(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        match self {
            Constraint::Check(check) => {
                parts.push(check.0.sqltext.python_repr());
                push_text(&mut parts, "name", self.name().as_str());
                push_flag(&mut parts, "deferrable", self.deferrable());
                push_text(&mut parts, "initially", self.initially().as_deref());
                self.push_table(&mut parts);
            }
            Constraint::ForeignKey(constraint) => {
                parts.push(format!(
                    "<sqlalchemy.sql.base.ReadOnlyColumnCollection object at {ADDRESS}>"
                ));
                // `refcolumns` is an argument that the object has no attribute for.
                parts.push("None".to_owned());
                let keywords = &constraint.0.keywords;
                push_text(&mut parts, "name", self.name().as_str());
                push_text(&mut parts, "onupdate", keywords.onupdate.as_deref());
                push_text(&mut parts, "ondelete", keywords.ondelete.as_deref());
                push_flag(&mut parts, "deferrable", keywords.deferrable);
                push_text(&mut parts, "initially", keywords.initially.as_deref());
                push_flag(&mut parts, "use_alter", keywords.use_alter.then_some(true));
                push_flag(
                    &mut parts,
                    "link_to_name",
                    keywords.link_to_name.then_some(true),
                );
                push_text(&mut parts, "match", keywords.match_.as_deref());
                self.push_table(&mut parts);
                push_text(&mut parts, "comment", keywords.comment.as_deref());
            }
            Constraint::Exclude(_) => {}
            _ => parts.extend(self.columns().iter().map(Column::python_repr)),
        }
        format!("{}({})", self.class_name(), parts.join(", "))
    }

    fn push_table(&self, parts: &mut Vec<String>) {
        if let Some(table) = self.table() {
            parts.push(format!("table={}", table.python_repr()));
        }
    }

    pub(super) fn release(&self) {
        *self.common().parent.borrow_mut() = None;
        self.common().columns.borrow_mut().clear();
        if let Constraint::ForeignKey(constraint) = self {
            for element in constraint.0.elements.take() {
                element.release();
            }
        }
    }
}

fn push_text(parts: &mut Vec<String>, keyword: &str, value: Option<&str>) {
    if let Some(value) = value {
        parts.push(format!("{keyword}={}", string_repr(value)));
    }
}

fn push_flag(parts: &mut Vec<String>, keyword: &str, value: Option<bool>) {
    match value {
        Some(true) => parts.push(format!("{keyword}=True")),
        Some(false) => parts.push(format!("{keyword}=False")),
        None => {}
    }
}

pub(super) fn auto_attach(constraint: &Constraint) -> Result<()> {
    if constraint.common().pending.is_empty() {
        return Ok(());
    }
    let without_table: Vec<Column> = constraint
        .common()
        .pending
        .iter()
        .filter_map(|argument| match argument {
            ColumnArgument::Column(column) if column.table().is_none() => Some(column.clone()),
            _ => None,
        })
        .collect();
    if !without_table.is_empty() {
        let by_key = constraint
            .common()
            .pending
            .iter()
            .any(|argument| matches!(argument, ColumnArgument::Key(_)));
        if !by_key {
            for column in without_table {
                column.on_table_attach(OnAttach::Constraint(constraint.clone()))?;
            }
            return Ok(());
        }
    }
    check_attach(constraint)
}

/// Attaches it to the table that all given columns share.
pub(super) fn check_attach(constraint: &Constraint) -> Result<()> {
    let columns: Vec<Column> = constraint
        .common()
        .pending
        .iter()
        .filter_map(|argument| match argument {
            ColumnArgument::Column(column) if column.table().is_some() => Some(column.clone()),
            _ => None,
        })
        .collect();
    match single_table(&columns, matches!(constraint, Constraint::Check(_)))? {
        Some(table) => constraint.attach_to_table(&table),
        None => Ok(()),
    }
}

pub(super) fn single_table(columns: &[Column], several: bool) -> Result<Option<Table>> {
    let Some(table) = columns.first().and_then(Column::table) else {
        return Ok(None);
    };
    let others: Vec<String> = columns
        .iter()
        .filter(|column| !column.table().is_some_and(|other| other.ptr_eq(&table)))
        .map(|column| format!("'{}'", column.python_str()))
        .collect();
    if others.is_empty() {
        return Ok(Some(table));
    }
    if several {
        return Ok(None);
    }
    Err(argument_error(format!(
        "Column(s) {} are not part of table '{}'.",
        others.join(", "),
        table.name()
    )))
}

impl fmt::Debug for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.python_repr())
    }
}
