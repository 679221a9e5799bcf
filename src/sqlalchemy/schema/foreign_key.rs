//! `ForeignKey`: a column's reference, held by name until the target exists.

use crate::exc;
use ground::formatting::repr::string_repr;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::attach::OnAttach;
use super::{
    Column, DialectOptions, ForeignKeyConstraint, Info, MetaData, Table, argument_error,
    invalid_request, table_key,
};
use crate::name::ConstraintName;
use ground::diagnostic::{Error, Result};

/// Schema, table and column referenced by a foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKeyTarget {
    /// Schema; `None` for the default one.
    pub schema: Option<Rc<str>>,
    /// Table.
    pub table_name: Option<Rc<str>>,
    /// Key of the column; `None` means the local column's key.
    pub column_name: Option<Rc<str>>,
}

impl ForeignKeyTarget {
    /// Parses `table`, `table.column` or `schema.table.column`.
    pub fn from_string(text: &str) -> Self {
        let parts: Vec<&str> = text.split('.').collect();
        if parts.len() == 1 {
            return ForeignKeyTarget {
                schema: None,
                table_name: Some(text.into()),
                column_name: None,
            };
        }
        let (column, rest) = (parts[parts.len() - 1], &parts[..parts.len() - 1]);
        let (table, schema) = (rest[rest.len() - 1], &rest[..rest.len() - 1]);
        ForeignKeyTarget {
            schema: (!schema.is_empty()).then(|| schema.join(".").into()),
            table_name: Some(table.into()),
            column_name: Some(column.into()),
        }
    }

    fn tokens_no_dots(&self) -> Option<Vec<&str>> {
        let mut tokens = Vec::new();
        for (position, token) in [&self.schema, &self.table_name, &self.column_name]
            .into_iter()
            .enumerate()
        {
            match token {
                Some(token) => {
                    if position != 0 && token.contains('.') {
                        return None;
                    }
                    tokens.push(&**token);
                }
                None if position == 1 => return None,
                None if position == 2 && self.schema.is_some() => return None,
                None => {}
            }
        }
        Some(tokens)
    }

    /// `schema.table.column` as one text.
    ///
    /// # Errors
    /// `sqlalchemy.exc.InvalidRequestError` where dots in names make that ambiguous.
    pub fn as_string(&self) -> Result<String> {
        if let Some(tokens) = self.tokens_no_dots() {
            return Ok(tokens.join("."));
        }
        let table = self.table_name.as_deref().unwrap_or("");
        let reason = if table.is_empty() {
            "the target has no table name; a ForeignKey to a Column which is not yet associated \
             with a Table has no names to render until that Column is attached"
                .to_owned()
        } else if table.contains('.') {
            format!(
                "the table name {} contains a dot, which can't be told apart from the separator \
                 between a schema name and a table name",
                string_repr(table)
            )
        } else if let Some(column) = &self.column_name {
            format!(
                "the column name {} contains a dot, which can't be told apart from the separator \
                 between a table name and a column name",
                string_repr(column)
            )
        } else {
            format!(
                "a schema name {} is present with no column name, so the schema name can't be \
                 told apart from a table name",
                string_repr(self.schema.as_deref().unwrap_or(""))
            )
        };
        Err(invalid_request(format!(
            "Can't render a single string representation for foreign key target {}; {reason}.  \
             Use ForeignKey.target_tokens to receive the schema, table and column names \
             individually.",
            self.description()
        )))
    }

    fn description(&self) -> String {
        let shown = |value: &Option<Rc<str>>| {
            value
                .as_ref()
                .map_or_else(|| "None".to_owned(), |text| string_repr(text))
        };
        match self.tokens_no_dots() {
            Some(tokens) => string_repr(&tokens.join(".")),
            None => format!(
                "(schema={}, table_name={}, column_name={})",
                shown(&self.schema),
                shown(&self.table_name),
                shown(&self.column_name)
            ),
        }
    }
}

/// The target argument of a foreign key.
#[derive(Clone)]
pub enum ReferenceArgument {
    /// `"table.column"`, or the tuple of names.
    Target(ForeignKeyTarget),
    /// A column.
    Column(Column),
}

impl From<&str> for ReferenceArgument {
    fn from(text: &str) -> Self {
        ReferenceArgument::Target(ForeignKeyTarget::from_string(text))
    }
}

impl From<String> for ReferenceArgument {
    fn from(text: String) -> Self {
        ReferenceArgument::from(text.as_str())
    }
}

impl From<Column> for ReferenceArgument {
    fn from(column: Column) -> Self {
        ReferenceArgument::Column(column)
    }
}

impl From<ForeignKeyTarget> for ReferenceArgument {
    fn from(target: ForeignKeyTarget) -> Self {
        ReferenceArgument::Target(target)
    }
}

/// The keyword arguments of `ForeignKey(...)` and `ForeignKeyConstraint(...)`.
#[derive(Clone, Default)]
#[expect(
    missing_docs,
    reason = "each field is SQLAlchemy's keyword argument of its name"
)]
pub struct ForeignKeyOptions {
    pub name: ConstraintName,
    pub onupdate: Option<Rc<str>>,
    pub ondelete: Option<Rc<str>>,
    pub deferrable: Option<bool>,
    pub initially: Option<Rc<str>>,
    pub use_alter: bool,
    pub link_to_name: bool,
    pub match_: Option<Rc<str>>,
    pub comment: Option<Rc<str>>,
    pub info: Option<Rc<dyn Any>>,
    pub options: DialectOptions,
}

pub(crate) struct ForeignKeyData {
    target: ReferenceArgument,
    pub(super) constraint: RefCell<Option<ForeignKeyConstraint>>,
    pub(super) parent: RefCell<Option<Column>>,
    resolved: RefCell<Option<Column>>,
    options: ForeignKeyOptions,
    info: Info,
    in_table: Cell<bool>,
}

/// A column's reference to another; `sqlalchemy.ForeignKey`.
#[derive(Clone)]
pub struct ForeignKey(pub(super) Rc<ForeignKeyData>);

impl ForeignKey {
    /// `ForeignKey("table.column")`.
    pub fn new(target: impl Into<ReferenceArgument>) -> Self {
        Self::with_options(target, ForeignKeyOptions::default())
    }

    /// `ForeignKey(...)` with all its arguments.
    pub fn with_options(target: impl Into<ReferenceArgument>, options: ForeignKeyOptions) -> Self {
        Self::build(target.into(), options, None)
    }

    pub(super) fn build(
        target: ReferenceArgument,
        options: ForeignKeyOptions,
        constraint: Option<ForeignKeyConstraint>,
    ) -> Self {
        ForeignKey(Rc::new(ForeignKeyData {
            target,
            constraint: RefCell::new(constraint),
            parent: RefCell::new(None),
            resolved: RefCell::new(None),
            info: RefCell::new(options.info.clone()),
            options,
            in_table: Cell::new(false),
        }))
    }

    /// Its keyword arguments.
    pub fn options(&self) -> &ForeignKeyOptions {
        &self.0.options
    }

    /// `info`, an opaque value.
    pub fn info(&self) -> Option<Rc<dyn Any>> {
        self.0.info.borrow().clone()
    }

    /// Its column.
    pub fn parent(&self) -> Option<Column> {
        self.0.parent.borrow().clone()
    }

    /// Its constraint, once its column is in a table.
    pub fn constraint(&self) -> Option<ForeignKeyConstraint> {
        self.0.constraint.borrow().clone()
    }

    /// The target, if it was given as a column.
    pub fn target_column(&self) -> Option<Column> {
        match &self.0.target {
            ReferenceArgument::Column(column) => Some(column.clone()),
            ReferenceArgument::Target(_) => None,
        }
    }

    /// The names of the target.
    pub fn target_tokens(&self) -> ForeignKeyTarget {
        match &self.0.target {
            ReferenceArgument::Target(target) => target.clone(),
            ReferenceArgument::Column(column) => match column.table() {
                None => ForeignKeyTarget {
                    schema: None,
                    table_name: Some(column.key()),
                    column_name: None,
                },
                Some(table) => ForeignKeyTarget {
                    schema: table.schema().map(|schema| schema.text()),
                    table_name: Some(table.name().text()),
                    column_name: Some(column.key()),
                },
            },
        }
    }

    /// `target_fullname`: `schema.table.column`.
    ///
    /// # Errors
    /// As [`ForeignKeyTarget::as_string`].
    pub fn target_fullname(&self) -> Result<String> {
        self.target_tokens().as_string()
    }

    /// The key of the target's table, without the metadata's own schema.
    pub fn target_table_key(&self) -> Option<String> {
        if let ReferenceArgument::Column(column) = &self.0.target
            && column.table().is_none()
        {
            return None;
        }
        let target = self.target_tokens();
        Some(table_key(
            target.table_name.as_deref().unwrap_or(""),
            target.schema.as_deref(),
        ))
    }

    /// Whether two handles refer to the same object.
    pub fn ptr_eq(&self, other: &ForeignKey) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// `repr(foreign_key)`.
    pub fn python_repr(&self) -> String {
        let target = self.target_tokens();
        match target.tokens_no_dots() {
            Some(tokens) => format!("ForeignKey({})", string_repr(&tokens.join("."))),
            None => format!("ForeignKey(ForeignKeyTarget{})", target.description()),
        }
    }

    pub(super) fn copy(&self, schema: Option<&str>) -> Result<ForeignKey> {
        Ok(ForeignKey::build(
            ReferenceArgument::Target(self.copy_tokens(schema, None)),
            ForeignKeyOptions {
                info: self.info(),
                ..self.0.options.clone()
            },
            None,
        ))
    }

    pub(super) fn copy_tokens(
        &self,
        schema: Option<&str>,
        table_name: Option<&str>,
    ) -> ForeignKeyTarget {
        let target = self.target_tokens();
        ForeignKeyTarget {
            schema: schema.map(Rc::from).or(target.schema),
            table_name: table_name.map(Rc::from).or(target.table_name),
            column_name: target.column_name,
        }
    }

    /// The parent's table, the key of the target's table there, the key of the target.
    pub(crate) fn resolve_tokens(&self) -> Result<(Table, String, Option<Rc<str>>)> {
        let Some(parent) = self.parent() else {
            return Err(invalid_request(
                "this ForeignKey object does not yet have a parent Column associated with it.",
            ));
        };
        let Some(table) = parent.table() else {
            return Err(invalid_request(
                "this ForeignKey's parent column is not yet associated with a Table.",
            ));
        };
        let target = self.target_tokens();
        let schema = target
            .schema
            .or_else(|| table.metadata().schema().map(|schema| schema.text()));
        let key = table_key(
            target.table_name.as_deref().unwrap_or(""),
            schema.as_deref(),
        );
        Ok((table, key, target.column_name))
    }

    fn link(&self, parent_table: &Table, table: &Table, name: Option<&str>) -> Result<Column> {
        let key = match name {
            Some(name) => Rc::from(name),
            None => self.parent().map(|parent| parent.key()).unwrap_or_default(),
        };
        let found = if name.is_some() && self.0.options.link_to_name {
            table.column_by_name(&key)
        } else {
            table.column(&key)
        };
        found.ok_or_else(|| {
            Error::new(
                exc::NO_REFERENCED_COLUMN_ERROR,
                format!(
                    "Could not initialize target column for ForeignKey {} on table '{}': table \
                     '{}' has no column named '{key}'",
                    self.target_tokens().description(),
                    parent_table.name(),
                    table.name()
                ),
            )
        })
    }

    /// The referenced column.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoReferencedTableError`, `NoReferencedColumnError` where it is not (yet)
    /// there.
    pub fn column(&self) -> Result<Column> {
        if let Some(column) = &*self.0.resolved.borrow() {
            return Ok(column.clone());
        }
        if let ReferenceArgument::Column(column) = &self.0.target {
            return Ok(column.clone());
        }
        let (table, key, name) = self.resolve_tokens()?;
        let metadata = table.metadata();
        let Some(target) = metadata.table(&key) else {
            let parent = self.parent().map(|parent| parent.python_str());
            return Err(Error::new(
                exc::NO_REFERENCED_TABLE_ERROR,
                format!(
                    "Foreign key associated with column '{}' could not find table '{key}' with \
                     which to generate a foreign key to target column '{}'",
                    parent.unwrap_or_default(),
                    name.as_deref().unwrap_or("None")
                ),
            ));
        };
        if metadata.table(&table.key()).is_none() {
            return Err(invalid_request(format!(
                "Table {} is no longer associated with its parent MetaData",
                table.key()
            )));
        }
        let column = self.link(&table, &target, name.as_deref())?;
        *self.0.resolved.borrow_mut() = Some(column.clone());
        Ok(column)
    }

    fn set_target(&self, column: &Column) -> Result<()> {
        if let Some(parent) = self.parent()
            && parent.kind().is_null()
        {
            parent.set_kind(column.kind());
            if let Some(table) = parent.table() {
                // Foreign keys that reference the parent may be waiting for its type as well.
                for foreign_key in table.metadata().memoized_foreign_keys(&parent) {
                    if let Some(waiting) = foreign_key.parent()
                        && waiting.kind().is_null()
                    {
                        waiting.set_kind(column.kind());
                    }
                }
            }
        }
        *self.0.resolved.borrow_mut() = Some(column.clone());
        Ok(())
    }

    pub(super) fn set_parent(&self, column: &Column) -> Result<()> {
        if let Some(parent) = self.parent()
            && !parent.ptr_eq(column)
        {
            return Err(invalid_request("This ForeignKey already has a parent !"));
        }
        *self.0.parent.borrow_mut() = Some(column.clone());
        if !column
            .0
            .foreign_keys
            .borrow()
            .iter()
            .any(|known| known.ptr_eq(self))
        {
            column.0.foreign_keys.borrow_mut().push(self.clone());
        }
        column.on_table_attach(OnAttach::ForeignKey(self.clone()))
    }

    /// Called when the column is attached to a table: creates the constraint if there is none.
    pub(super) fn set_table(&self, column: &Column, table: &Table) -> Result<()> {
        if self.0.constraint.borrow().is_none() {
            let constraint = ForeignKeyConstraint::for_element(self, column)?;
            *self.0.constraint.borrow_mut() = Some(constraint.clone());
            table.append_constraint(&super::Constraint::ForeignKey(constraint))?;
        }
        table.add_foreign_key(self);
        match self.target_column() {
            Some(target) => self.set_target(&target),
            None => {
                let (parent_table, key, name) = self.resolve_tokens()?;
                let metadata = parent_table.metadata();
                if let Some(target_table) = metadata.table(&key)
                    && let Ok(target) = self.link(&parent_table, &target_table, name.as_deref())
                {
                    self.set_target(&target)?;
                }
                metadata.memoize_foreign_key(key, name, self);
                Ok(())
            }
        }
    }

    /// Called when a referenced column is attached to a table.
    pub(super) fn set_remote_table(&self, table: &Table) -> Result<()> {
        let (parent_table, _, name) = self.resolve_tokens()?;
        let column = self.link(&parent_table, table, name.as_deref())?;
        self.set_target(&column)?;
        match self.constraint() {
            Some(constraint) => constraint.validate_target(table),
            None => Ok(()),
        }
    }

    pub(super) fn remove_from_metadata(&self, metadata: &MetaData) {
        if let Ok((_, key, name)) = self.resolve_tokens() {
            metadata.forget_foreign_key(&key, name.as_deref(), self);
        }
    }

    pub(super) fn release(&self) {
        *self.0.parent.borrow_mut() = None;
        *self.0.constraint.borrow_mut() = None;
        *self.0.resolved.borrow_mut() = None;
        self.0.in_table.set(false);
    }
}

/// `ForeignKey` targets as tuples: two or three names.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for another count or an empty table name.
pub(crate) fn target_from_names(names: &[Option<Rc<str>>]) -> Result<ForeignKeyTarget> {
    let (schema, table, column) = match names {
        [schema, table, column] => (schema.clone(), table.clone(), column.clone()),
        [table, column] => (None, table.clone(), column.clone()),
        _ => {
            return Err(argument_error(format!(
                "ForeignKey target given as a tuple must have two tokens (table_name, \
                 column_name) or three tokens (schema, table_name, column_name); got {}",
                names.len()
            )));
        }
    };
    if table.as_deref().unwrap_or("").is_empty() {
        return Err(argument_error(
            "ForeignKey target table_name must be a non-empty string",
        ));
    }
    Ok(ForeignKeyTarget {
        schema,
        table_name: table,
        column_name: column,
    })
}

impl ForeignKeyTarget {
    /// Converts a tuple passed by Python code.
    ///
    /// # Errors
    /// `sqlalchemy.exc.ArgumentError` for another count than two or three, or no table name.
    pub fn from_names(names: &[Option<Rc<str>>]) -> Result<Self> {
        target_from_names(names)
    }
}
