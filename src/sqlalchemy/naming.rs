//! Naming conventions: names for unnamed constraints and indexes.

use crate::exc;
use std::rc::Rc;

use ground::hash::IndexMap;

use crate::name::{ConstraintName, Name};
use crate::schema::{
    Column, Constraint, ConstraintParent, ForeignKeyConstraint, Index, NamedColumn,
    PrimaryKeyConstraint, Table,
};
use ground::diagnostic::{Error, Result};

/// The item being named.
#[derive(Clone, Copy)]
pub enum Named<'a> {
    /// A constraint.
    Constraint(&'a Constraint),
    /// An index.
    Index(&'a Index),
}

impl Named<'_> {
    /// Its current name.
    pub fn name(&self) -> ConstraintName {
        match self {
            Named::Constraint(constraint) => constraint.name(),
            Named::Index(index) => index.name(),
        }
    }

    fn set_name(&self, name: ConstraintName) {
        match self {
            Named::Constraint(constraint) => constraint.set_name(name),
            Named::Index(index) => index.set_name(name),
        }
    }

    fn prefix(&self) -> &'static str {
        match self {
            Named::Constraint(Constraint::PrimaryKey(_)) => "pk",
            Named::Constraint(Constraint::ForeignKey(_)) => "fk",
            Named::Constraint(Constraint::Unique(_)) => "uq",
            Named::Constraint(Constraint::Check(_)) => "ck",
            // No convention names it.
            Named::Constraint(Constraint::Exclude(_)) => "",
            Named::Index(_) => "ix",
        }
    }

    fn foreign_key(&self) -> Option<&ForeignKeyConstraint> {
        match self {
            Named::Constraint(Constraint::ForeignKey(constraint)) => Some(constraint),
            _ => None,
        }
    }

    /// How many columns it has.
    fn column_count(&self) -> usize {
        match self {
            Named::Index(index) => index.named_columns().len(),
            Named::Constraint(_) => self.columns().len(),
        }
    }

    /// The name, the key or the label of one of its columns, empty where there are fewer.
    fn column_text(&self, place: usize, attribute: &str) -> String {
        let text = |column: &Column| match attribute {
            "name" => column.name().to_string(),
            "key" => column.key().to_string(),
            _ => column.ddl_label(),
        };
        match self {
            Named::Index(index) => match index.named_columns().get(place) {
                Some(NamedColumn::Column(column)) => text(column),
                Some(NamedColumn::Clause(name)) => name.to_string(),
                None => String::new(),
            },
            Named::Constraint(_) => self.columns().get(place).map(text).unwrap_or_default(),
        }
    }

    fn columns(&self) -> Vec<Column> {
        match self {
            Named::Constraint(Constraint::ForeignKey(constraint)) => constraint
                .elements()
                .iter()
                .filter_map(|element| element.parent())
                .collect(),
            Named::Constraint(constraint) => constraint.columns(),
            Named::Index(index) => index.columns(),
        }
    }
}

/// A convention's function for a user-defined token.
pub trait ConventionFunction {
    /// The text for the token.
    ///
    /// # Errors
    /// What the function raises.
    fn call(&self, item: Named<'_>, table: &Table) -> Result<String>;

    /// Itself, for who made it.
    fn as_any(&self) -> &dyn std::any::Any;
}

/// One entry of a naming convention.
#[derive(Clone)]
pub enum Convention {
    /// `"ix_%(column_0_label)s"`.
    Template(Rc<str>),
    /// The function of a user-defined token.
    Function(Rc<dyn ConventionFunction>),
    /// `None`: items of this kind stay unnamed.
    None,
}

/// `MetaData(naming_convention={...})`: the keys are `ix`, `uq`, `ck`, `fk`, `pk` (a class used as
/// a key is mapped to its prefix) and user-defined tokens.
#[derive(Clone)]
pub struct NamingConvention(IndexMap<Rc<str>, Convention>);

impl Default for NamingConvention {
    /// SQLAlchemy's default: `{"ix": "ix_%(column_0_label)s"}`.
    fn default() -> Self {
        let mut entries = IndexMap::default();
        entries.insert(
            Rc::from("ix"),
            Convention::Template("ix_%(column_0_label)s".into()),
        );
        NamingConvention(entries)
    }
}

impl NamingConvention {
    /// One without any entry.
    pub fn empty() -> Self {
        NamingConvention(IndexMap::default())
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same with one more entry.
    pub fn with(mut self, key: &str, convention: Convention) -> Self {
        self.0.insert(key.into(), convention);
        self
    }

    /// The same with one more template.
    pub fn with_template(self, key: &str, template: &str) -> Self {
        self.with(key, Convention::Template(template.into()))
    }

    /// One entry.
    pub fn get(&self, key: &str) -> Option<&Convention> {
        self.0.get(key)
    }

    /// All entries, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Convention)> {
        self.0.iter().map(|(key, value)| (&**key, value))
    }
}

/// The name according to the table's convention (`_constraint_name_for_table`).
///
/// # Errors
/// `sqlalchemy.exc.InvalidRequestError`, `KeyError`, what a person's function raises, and what
/// resolving a foreign key raises where a token speaks of the referred table's columns.
pub fn name_for_table(item: Named<'_>, table: &Table) -> Result<Option<Name>> {
    let current = item.name();
    if let ConstraintName::Convention(name) = current {
        return Ok(Some(name));
    }
    let convention = table.metadata().naming_convention();
    let Some(Convention::Template(template)) = convention.get(item.prefix()) else {
        return Ok(None);
    };
    if current.is_none() || template.contains("constraint_name") {
        return Ok(Some(Name::new(render(template, item, table, &convention)?)));
    }
    Ok(None)
}

fn render(
    template: &str,
    item: Named<'_>,
    table: &Table,
    convention: &NamingConvention,
) -> Result<String> {
    let original = item.name();
    let mut out = String::new();
    let mut rest = template;
    while let Some(place) = rest.find('%') {
        out.push_str(&rest[..place]);
        rest = &rest[place + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let token = rest
            .strip_prefix('(')
            .and_then(|inside| inside.split_once(')'));
        let Some((token, after)) = token else {
            return Err(Error::new("ValueError", "incomplete format"));
        };
        out.push_str(&token_text(token, item, table, convention, &original)?);
        // The conversion: `s`, optionally with a width.
        let end = after
            .find(|character: char| character.is_ascii_alphabetic())
            .map_or(after.len(), |place| place + 1);
        rest = &after[end..];
    }
    out.push_str(rest);
    Ok(out)
}

fn token_text(
    token: &str,
    item: Named<'_>,
    table: &Table,
    convention: &NamingConvention,
    original: &ConstraintName,
) -> Result<String> {
    match convention.get(token) {
        Some(Convention::Function(function)) => return function.call(item, table),
        Some(Convention::Template(_)) => {
            return Err(Error::new("TypeError", "'str' object is not callable"));
        }
        Some(Convention::None) => {
            return Err(Error::new("TypeError", "'NoneType' object is not callable"));
        }
        None => {}
    }
    match token {
        "table_name" => return Ok(table.name().to_string()),
        "constraint_name" => {
            let Some(name) = original.as_str() else {
                return Err(Error::new(
                    exc::INVALID_REQUEST_ERROR,
                    "Naming convention including %(constraint_name)s token requires that \
                     constraint is explicitly named.",
                ));
            };
            if !original.is_convention() {
                item.set_name(ConstraintName::None);
            }
            return Ok(name.to_owned());
        }
        "referred_table_name" => {
            if let Some(constraint) = item.foreign_key() {
                let elements = constraint.elements();
                let Some(element) = elements.first() else {
                    return Err(Error::new("IndexError", "list index out of range"));
                };
                let target = element.target_tokens();
                return Ok(target
                    .table_name
                    .map(|name| name.to_string())
                    .unwrap_or_default());
            }
        }
        _ => {}
    }
    column_token(token, item)
}

/// `column_0_name`, `column_0N_name`, `column_0_N_label`, `referred_column_1_name`, ...
fn column_token(token: &str, item: Named<'_>) -> Result<String> {
    let missing = || Error::new("KeyError", ground::formatting::repr::string_repr(token));
    let (referred, rest) = match token.strip_prefix("referred_column_") {
        Some(rest) => (true, rest),
        None => (false, token.strip_prefix("column_").ok_or_else(missing)?),
    };
    let digits = rest.chars().take_while(char::is_ascii_digit).count();
    if digits == 0 {
        return Err(missing());
    }
    let (number, rest) = rest.split_at(digits);
    let (separator, attribute) = if let Some(attribute) = rest.strip_prefix("_N_") {
        (Some("_"), attribute)
    } else if let Some(attribute) = rest.strip_prefix("N_") {
        (Some(""), attribute)
    } else {
        (None, rest.strip_prefix('_').ok_or_else(missing)?)
    };
    if referred && attribute != "name" || !matches!(attribute, "name" | "key" | "label") {
        return Err(missing());
    }
    if separator.is_some() && number != "0" {
        return Err(missing());
    }
    let text = |index: usize| -> Result<String> {
        if referred {
            let constraint = item.foreign_key().ok_or_else(missing)?;
            let elements = constraint.elements();
            let element = elements
                .get(index)
                .ok_or_else(|| Error::new("IndexError", "list index out of range"))?;
            return Ok(element.column()?.name().to_string());
        }
        Ok(item.column_text(index, attribute))
    };
    match separator {
        None => text(number.parse().map_err(|_| missing())?),
        Some(separator) => {
            let parts: Result<Vec<String>> = (0..item.column_count()).map(text).collect();
            Ok(parts?.join(separator))
        }
    }
}

/// Names a constraint when it is attached.
pub(crate) fn name_constraint(constraint: &Constraint, table: &Table) -> Result<()> {
    name_attached(Named::Constraint(constraint), table)
}

/// Names an index when it is attached.
pub(crate) fn name_index(index: &Index, table: &Table) -> Result<()> {
    name_attached(Named::Index(index), table)
}

fn name_attached(item: Named<'_>, table: &Table) -> Result<()> {
    if matches!(
        item.name(),
        ConstraintName::Convention(_) | ConstraintName::NoneName
    ) {
        return Ok(());
    }
    if let Some(name) = name_for_table(item, table)? {
        item.set_name(ConstraintName::Convention(name));
    }
    Ok(())
}

/// Renames the implicit primary key when a column joins it.
pub(crate) fn rename_implicit_primary_key(
    primary_key: &PrimaryKeyConstraint,
    table: &Table,
) -> Result<()> {
    let constraint = Constraint::PrimaryKey(primary_key.clone());
    if let Some(name) = name_for_table(Named::Constraint(&constraint), table)? {
        primary_key.set_name(ConstraintName::Convention(name));
    }
    Ok(())
}

/// The name to render (`format_constraint`): applies the convention to a name that was left open.
///
/// # Errors
/// As [`name_for_table`].
pub fn rendered_name(item: Named<'_>) -> Result<Option<ConstraintName>> {
    let current = item.name();
    if current != ConstraintName::NoneName {
        return Ok((!current.is_none()).then_some(current));
    }
    let table = match item {
        Named::Constraint(constraint) => match constraint.parent() {
            Some(ConstraintParent::Table(table)) => Some(table),
            Some(ConstraintParent::Column(column)) => column.table(),
            None => None,
        },
        Named::Index(index) => index.table(),
    };
    match table {
        Some(table) => Ok(name_for_table(item, &table)?.map(ConstraintName::Convention)),
        None => Ok(None),
    }
}
