//! FROM clauses: lightweight tables, joins, aliases.

use crate::exc;
use std::rc::Rc;

use super::values::given_or_anonymous;
use super::{
    FromClause, SelectBase, SetOperation, Statement, TableSample, TableValued, anonymous, plain,
    proxy_column,
};
use crate::elements::{Expression, LabelName, Operator, and_, next_key};
use crate::name::Name;
use crate::schema::{Column, Table};
use crate::sqltypes::Type;
use ground::diagnostic::{Error, Result};

/// `table("name", column(...), ...)`.
#[derive(Clone)]
pub struct TableClause {
    /// Its name.
    pub name: Name,
    /// Its schema.
    pub schema: Option<Name>,
    /// Names, keys and types of its columns.
    pub columns: Vec<(Name, Type)>,
}

/// `left.join(right, onclause)`.
#[derive(Clone)]
pub struct Join {
    /// Left side.
    pub left: FromClause,
    /// Right side.
    pub right: FromClause,
    /// The ON condition.
    pub onclause: Expression,
    /// LEFT OUTER.
    pub is_outer: bool,
    /// FULL OUTER.
    pub full: bool,
}

/// The kind of an alias.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AliasKind {
    /// Of a table.
    Alias,
    /// Of a SELECT.
    Subquery,
    /// WITH name AS.
    Cte {
        /// WITH RECURSIVE.
        recursive: bool,
        /// It stands in the SELECT that uses it rather than before the whole statement.
        nesting: bool,
    },
    /// LATERAL.
    Lateral,
}

/// An aliased element.
#[derive(Clone)]
pub struct Alias {
    /// The alias.
    pub name: LabelName,
    /// The aliased element.
    pub element: AliasElement,
    /// The kind.
    pub kind: AliasKind,
    /// The CTE whose name this one takes over: `cte.union_all(...)`.
    pub restates: Option<Rc<Alias>>,
}

/// The element behind an alias.
#[derive(Clone)]
pub enum AliasElement {
    /// A table or another alias.
    From(FromClause),
    /// A SELECT.
    Select(SelectBase),
    /// An INSERT, UPDATE or DELETE whose rows are used.
    Change(Rc<Statement>),
}

impl Alias {
    /// `cte.union_all(...)`: the CTE of the same name that has the other statements too; `None`
    /// where this is no CTE.
    pub fn combine(
        self: &Rc<Self>,
        operation: SetOperation,
        others: Vec<SelectBase>,
    ) -> Option<FromClause> {
        let (AliasElement::Select(select), AliasKind::Cte { .. }) = (&self.element, self.kind)
        else {
            return None;
        };
        Some(FromClause::Alias(Rc::new(Alias {
            name: self.name.clone(),
            element: AliasElement::Select(select.combine(operation, others).into()),
            kind: self.kind,
            restates: Some(self.clone()),
        })))
    }
}

/// `table(name, *columns, schema=...)`.
pub fn table(
    name: impl Into<Name>,
    columns: Vec<(Name, Type)>,
    schema: Option<Name>,
) -> FromClause {
    FromClause::TableClause(Rc::new(TableClause {
        name: name.into(),
        schema,
        columns,
    }))
}

impl From<&Table> for FromClause {
    fn from(table: &Table) -> Self {
        FromClause::Table(table.clone())
    }
}

impl From<Table> for FromClause {
    fn from(table: Table) -> Self {
        FromClause::Table(table)
    }
}

impl FromClause {
    /// Its columns (`.c`), in order.
    pub fn columns(&self) -> Vec<Expression> {
        match self {
            FromClause::Table(table) => table
                .columns()
                .into_iter()
                .map(Expression::Column)
                .collect(),
            FromClause::TableClause(table) => self.proxies(&table.columns),
            FromClause::Join(join) => {
                let mut columns = join.left.columns();
                columns.extend(join.right.columns());
                columns
            }
            FromClause::Alias(alias) => {
                let inner = match &alias.element {
                    AliasElement::From(from) => from.columns(),
                    AliasElement::Select(select) => select.exported_columns(),
                    AliasElement::Change(statement) => statement.returning().to_vec(),
                };
                inner
                    .iter()
                    .map(|column| {
                        let name = column
                            .label_name()
                            .unwrap_or_else(|| anonymous(column.anonymous_key(), "anon"));
                        proxy_column(self, name, column.key(), column.kind())
                    })
                    .collect()
            }
            FromClause::Text(_) => Vec::new(),
            FromClause::Function(function) => vec![(**function).clone()],
            FromClause::Values(values) => self.proxies(&values.columns),
            FromClause::TableValued(function) if function.columns.is_empty() => {
                vec![function.column()]
            }
            FromClause::TableValued(function) => self.proxies(&function.columns),
            FromClause::TableSample(sample) => {
                let columns = sample.table.columns();
                let proxy = |column: &Expression| {
                    let name = column.label_name()?;
                    Some(proxy_column(self, name, column.key(), column.kind()))
                };
                columns.iter().filter_map(proxy).collect()
            }
        }
    }

    fn proxies(&self, columns: &[(Name, Type)]) -> Vec<Expression> {
        columns
            .iter()
            .map(|(name, kind)| proxy_column(self, plain(name.clone()), None, kind.clone()))
            .collect()
    }

    /// The column of that key.
    pub fn column(&self, key: &str) -> Option<Expression> {
        if let FromClause::Table(table) = self {
            return table.column(key).map(Expression::Column);
        }
        self.columns()
            .into_iter()
            .find(|column| column.key().as_deref() == Some(key))
    }

    /// Its name, if it has one.
    pub fn name(&self) -> Option<LabelName> {
        match self {
            FromClause::Table(table) => Some(plain(table.name())),
            FromClause::TableClause(table) => Some(plain(table.name.clone())),
            FromClause::Alias(alias) => Some(alias.name.clone()),
            FromClause::Values(values) => values.name.clone(),
            FromClause::TableValued(function) => Some(function.name.clone()),
            FromClause::TableSample(sample) => Some(sample.name.clone()),
            _ => None,
        }
    }

    /// Its schema.
    pub fn schema(&self) -> Option<Name> {
        match self {
            FromClause::Table(table) => table.schema(),
            FromClause::TableClause(table) => table.schema.clone(),
            _ => None,
        }
    }

    /// A number that identifies it while it is alive.
    pub fn identity_key(&self) -> usize {
        match self {
            FromClause::Table(table) => table.identity_key(),
            FromClause::TableClause(table) => Rc::as_ptr(table) as usize,
            FromClause::Join(join) => Rc::as_ptr(join) as usize,
            FromClause::Alias(alias) => Rc::as_ptr(alias) as usize,
            FromClause::Text(text) => Rc::as_ptr(text) as usize,
            FromClause::Function(function) => Rc::as_ptr(function) as usize,
            FromClause::Values(values) => Rc::as_ptr(values) as usize,
            FromClause::TableValued(function) => Rc::as_ptr(function) as usize,
            FromClause::TableSample(sample) => Rc::as_ptr(sample) as usize,
        }
    }

    /// Whether two handles refer to the same element.
    pub fn ptr_eq(&self, other: &FromClause) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
            && self.identity_key() == other.identity_key()
    }

    /// What an anonymous name of it begins with.
    fn derived_name(&self) -> Rc<str> {
        match self.name() {
            Some(LabelName::Plain(name)) => name.text(),
            Some(LabelName::Anonymous(name)) => name.derived,
            None => "anon".into(),
        }
    }

    /// `tablesample(sampling, name=..., seed=...)`.
    pub fn tablesample(
        &self,
        sampling: Expression,
        name: Option<&str>,
        seed: Option<Expression>,
    ) -> FromClause {
        FromClause::TableSample(Rc::new(TableSample {
            table: self.clone(),
            name: given_or_anonymous(name, &self.derived_name()),
            sampling,
            seed,
        }))
    }

    /// `alias(name)`.
    pub fn alias(&self, name: Option<&str>) -> FromClause {
        match self {
            FromClause::Values(values) => return values.alias(name),
            FromClause::TableValued(function) => {
                return FromClause::TableValued(Rc::new(TableValued {
                    name: given_or_anonymous(name, "anon"),
                    ..(**function).clone()
                }));
            }
            _ => {}
        }
        FromClause::Alias(Rc::new(Alias {
            name: match name {
                Some(name) => plain(name),
                None => anonymous(next_key(), &self.derived_name()),
            },
            element: AliasElement::From(self.clone()),
            kind: AliasKind::Alias,
            restates: None,
        }))
    }

    /// `join(right, onclause)`; without `onclause`, the condition is derived from foreign keys.
    ///
    /// # Errors
    /// `sqlalchemy.exc.NoForeignKeysError`, `AmbiguousForeignKeysError`.
    pub fn join(
        &self,
        right: impl Into<FromClause>,
        onclause: Option<Expression>,
        is_outer: bool,
        full: bool,
    ) -> Result<FromClause> {
        let right = right.into();
        let onclause = match onclause {
            Some(onclause) => onclause.self_group(Some(&Operator::AsBool)),
            None => join_condition(self, &right)?,
        };
        Ok(FromClause::Join(Rc::new(Join {
            left: self.clone(),
            right,
            onclause,
            is_outer,
            full,
        })))
    }

    /// Its description in messages.
    pub fn description(&self) -> String {
        match self {
            FromClause::Join(join) => format!(
                "Join object on {}({}) and {}({})",
                join.left.description(),
                join.left.identity_key(),
                join.right.description(),
                join.right.identity_key()
            ),
            other => match other.name() {
                Some(LabelName::Plain(name)) => name.to_string(),
                _ => "%(anon)s".into(),
            },
        }
    }

    /// Whether `other` is this element or a side of this join.
    pub(crate) fn contains(&self, other: &FromClause) -> bool {
        if self.ptr_eq(other) {
            return true;
        }
        match self {
            FromClause::Join(join) => join.left.contains(other) || join.right.contains(other),
            _ => false,
        }
    }

    /// The underlying schema columns, paired with its own columns.
    fn base_columns(&self) -> Vec<(Column, Expression)> {
        match self {
            FromClause::Table(table) => table
                .columns()
                .into_iter()
                .map(|column| (column.clone(), Expression::Column(column)))
                .collect(),
            FromClause::Join(join) => {
                let mut columns = join.left.base_columns();
                columns.extend(join.right.base_columns());
                columns
            }
            FromClause::Alias(alias) => match &alias.element {
                AliasElement::From(from) => from
                    .base_columns()
                    .into_iter()
                    .filter_map(|(base, _)| Some((base.clone(), self.column(&base.key())?)))
                    .collect(),
                AliasElement::Select(select) => select
                    .exported_columns()
                    .into_iter()
                    .filter_map(|column| match &column {
                        Expression::Column(base) => Some((base.clone(), self.column(&base.key())?)),
                        _ => None,
                    })
                    .collect(),
                AliasElement::Change(_) => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}

/// The ON condition derived from the foreign keys between two elements (`Join._join_condition`).
fn join_condition(left: &FromClause, right: &FromClause) -> Result<Expression> {
    let mut criteria: Vec<(usize, Expression)> = Vec::new();
    // SQLAlchemy considers the rightmost element of a nested left join first.
    let mut sides = vec![left.clone()];
    if let FromClause::Join(join) = left {
        sides.insert(0, join.right.clone());
    }
    for side in &sides {
        let lefts = side.base_columns();
        let rights = right.base_columns();
        for (children, parents, flip) in [(&rights, &lefts, false), (&lefts, &rights, true)] {
            if flip && side.ptr_eq(right) {
                break;
            }
            for (child, shown) in children {
                for foreign_key in child.foreign_keys() {
                    let Ok(target) = foreign_key.column() else {
                        continue;
                    };
                    let Some((_, parent)) = parents.iter().find(|(base, _)| base.ptr_eq(&target))
                    else {
                        continue;
                    };
                    let key = foreign_key
                        .constraint()
                        .map_or(0, |constraint| constraint.creation_order() as usize);
                    criteria.push((key, parent.eq(shown.clone())?));
                }
            }
        }
        if !criteria.is_empty() {
            break;
        }
    }
    let (left_name, right_name) = (left.description(), right.description());
    let Some(first) = criteria.first().map(|(key, _)| *key) else {
        return Err(Error::new(
            exc::NO_FOREIGN_KEYS_ERROR,
            format!(
                "Can't find any foreign key relationships between '{left_name}' and \
                 '{right_name}'."
            ),
        ));
    };
    if criteria.iter().any(|(key, _)| *key != first) {
        return Err(Error::new(
            exc::AMBIGUOUS_FOREIGN_KEYS_ERROR,
            format!(
                "Can't determine join between '{left_name}' and '{right_name}'; tables have more \
                 than one foreign key constraint relationship between them. Please specify the \
                 'onclause' of this join explicitly."
            ),
        ));
    }
    Ok(and_(criteria.into_iter().map(|(_, condition)| condition)))
}
