//! SELECT and compound SELECTs.

use crate::elements::BindParameter;
use crate::literal::Literal;
use std::cell::RefCell;
use std::rc::Rc;

use super::from::{Alias, AliasElement, AliasKind};
use super::{DialectText, FromClause, Hint, Plugin, anonymous, plain};
use crate::elements::{Expression, Operator, Unary, next_key};
use crate::name::Name;
use crate::sqltypes::Type;
use ground::diagnostic::Result;

/// A SELECT or a compound SELECT.
#[derive(Clone)]
pub enum SelectBase {
    /// `select(...)`.
    Select(Select),
    /// `union(...)` and the other set operations.
    Compound(CompoundSelect),
    /// `text("...").columns(...)`.
    Text(Rc<TextualSelect>),
}

/// `text("...").columns(...)`.
#[derive(Clone)]
pub struct TextualSelect {
    /// The text.
    pub text: Rc<crate::elements::Text>,
    /// The declared columns.
    pub columns: Vec<Expression>,
}

/// A set operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is SQL's operator of its name")]
pub enum SetOperation {
    Union,
    UnionAll,
    Except,
    ExceptAll,
    Intersect,
    IntersectAll,
}

impl SetOperation {
    /// The keywords between two SELECTs.
    pub fn keyword(self) -> &'static str {
        match self {
            SetOperation::Union => "UNION",
            SetOperation::UnionAll => "UNION ALL",
            SetOperation::Except => "EXCEPT",
            SetOperation::ExceptAll => "EXCEPT ALL",
            SetOperation::Intersect => "INTERSECT",
            SetOperation::IntersectAll => "INTERSECT ALL",
        }
    }
}

/// A compound SELECT.
#[derive(Clone)]
pub struct CompoundSelect(pub(crate) Rc<CompoundData>);

#[derive(Clone)]
pub(crate) struct CompoundData {
    pub operation: SetOperation,
    pub selects: Vec<SelectBase>,
    pub order_by: Vec<Expression>,
    pub group_by: Vec<Expression>,
    pub limit: Option<Expression>,
    pub offset: Option<Expression>,
    pub fetch: Option<Fetch>,
    /// CTEs of `add_cte()`, and whether each stands in this statement.
    pub ctes: Vec<(FromClause, bool)>,
    pub key: usize,
}

/// `fetch(count, with_ties=..., percent=...)`.
#[derive(Clone)]
pub struct Fetch {
    /// How many rows, or how many of a hundred.
    pub count: Expression,
    /// WITH TIES.
    pub with_ties: bool,
    /// PERCENT.
    pub percent: bool,
}

/// `set_label_style(...)`: how columns are named that others share a name with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LabelStyle {
    /// Only those that would stand twice get another name.
    #[default]
    Disambiguate,
    /// Each is named after its table and itself.
    TableNamePlusColumn,
    /// None gets another name.
    None,
}

/// `select(...)`; every method returns a new statement.
#[derive(Clone)]
pub struct Select(pub(crate) Rc<SelectData>);

#[derive(Clone)]
pub(crate) struct SelectData {
    pub columns: Vec<Expression>,
    pub froms: Vec<FromClause>,
    pub joins: Vec<SelectJoin>,
    pub filters: Vec<Expression>,
    pub group_by: Vec<Expression>,
    pub having: Vec<Expression>,
    pub order_by: Vec<Expression>,
    pub limit: Option<Expression>,
    pub offset: Option<Expression>,
    pub distinct: bool,
    pub distinct_on: Vec<Expression>,
    pub correlate: Option<Vec<FromClause>>,
    pub correlate_except: Option<Vec<FromClause>>,
    pub fetch: Option<Fetch>,
    /// CTEs of `add_cte()`, and whether each stands in this statement.
    pub ctes: Vec<(FromClause, bool)>,
    pub prefixes: Vec<DialectText>,
    pub suffixes: Vec<DialectText>,
    pub hints: Vec<Hint>,
    pub statement_hints: Vec<DialectText>,
    pub label_style: LabelStyle,
    pub for_update: Option<ForUpdate>,
    pub plugin: Plugin,
    pub key: usize,
}

/// `select.join(...)`.
#[derive(Clone)]
pub(crate) struct SelectJoin {
    pub left: Option<FromClause>,
    pub right: FromClause,
    pub onclause: Option<Expression>,
    pub is_outer: bool,
    pub full: bool,
}

/// `with_for_update(...)`.
#[derive(Clone, Default)]
#[expect(
    missing_docs,
    reason = "each field is the keyword argument of its name"
)]
pub struct ForUpdate {
    pub read: bool,
    pub nowait: bool,
    pub skip_locked: bool,
    pub key_share: bool,
    pub of: Vec<LockTarget>,
}

/// What `with_for_update(of=...)` names.
#[derive(Clone)]
pub enum LockTarget {
    /// A table.
    From(FromClause),
    /// A column.
    Column(Expression),
}

impl LockTarget {
    /// The table that is meant.
    pub fn table(&self) -> Option<FromClause> {
        match self {
            LockTarget::From(from) => Some(from.clone()),
            LockTarget::Column(column) => column.table(),
        }
    }
}

/// `select(*columns)`.
pub fn select(columns: Vec<Expression>) -> Select {
    Select(Rc::new(SelectData {
        columns,
        froms: Vec::new(),
        joins: Vec::new(),
        filters: Vec::new(),
        group_by: Vec::new(),
        having: Vec::new(),
        order_by: Vec::new(),
        limit: None,
        offset: None,
        distinct: false,
        distinct_on: Vec::new(),
        correlate: None,
        correlate_except: None,
        fetch: None,
        ctes: Vec::new(),
        prefixes: Vec::new(),
        suffixes: Vec::new(),
        hints: Vec::new(),
        statement_hints: Vec::new(),
        label_style: LabelStyle::default(),
        for_update: None,
        plugin: None,
        key: next_key(),
    }))
}

/// `exists(select)`, `select.exists()`.
pub fn exists(select: impl Into<SelectBase>) -> Expression {
    Expression::Unary(Rc::new(Unary {
        element: Expression::ScalarSelect(Rc::new(select.into())),
        operator: Some(Operator::Exists),
        modifier: None,
        kind: Type::boolean(),
    }))
}

impl From<Select> for SelectBase {
    fn from(select: Select) -> Self {
        SelectBase::Select(select)
    }
}

impl From<CompoundSelect> for SelectBase {
    fn from(select: CompoundSelect) -> Self {
        SelectBase::Compound(select)
    }
}

impl SelectData {
    /// Whether it has a LIMIT, an OFFSET or a FETCH.
    pub fn is_limited(&self) -> bool {
        self.limit.is_some() || self.offset.is_some() || self.fetch.is_some()
    }
}

impl Select {
    pub(crate) fn change(&self, change: impl FnOnce(&mut SelectData)) -> Select {
        let mut data = (*self.0).clone();
        change(&mut data);
        data.key = next_key();
        Select(Rc::new(data))
    }

    /// What the layer above keeps with it.
    pub fn plugin(&self) -> Plugin {
        self.0.plugin.clone()
    }

    /// Keeps something with it.
    pub fn with_plugin(&self, plugin: Plugin) -> Select {
        self.change(|data| data.plugin = plugin)
    }

    /// Whether it has a limit or an offset.
    pub fn is_limited(&self) -> bool {
        self.0.is_limited()
    }

    /// Whether a join of the same tables was selected from already.
    pub fn selects_from(&self, join: &FromClause) -> bool {
        self.0.froms.iter().any(|from| match (from, join) {
            (FromClause::Join(from), FromClause::Join(join)) => from.right.ptr_eq(&join.right),
            _ => false,
        })
    }

    /// Whether `join()` or `select_from()` was called.
    pub fn has_joins(&self) -> bool {
        !self.0.joins.is_empty() || !self.0.froms.is_empty()
    }

    /// The columns as given.
    pub fn columns(&self) -> &[Expression] {
        &self.0.columns
    }

    /// Adds columns.
    pub fn add_columns(&self, columns: Vec<Expression>) -> Select {
        self.change(|data| data.columns.extend(columns))
    }

    /// Replaces the columns, keeping everything else.
    pub fn with_only_columns(&self, columns: Vec<Expression>) -> Select {
        self.change(|data| data.columns = columns)
    }

    /// Adds a WHERE condition, joined by AND.
    pub fn where_(&self, condition: Expression) -> Select {
        self.change(|data| data.filters.push(condition))
    }

    /// The same with values for parameters in its columns and conditions, and which were found.
    pub fn with_parameters(&self, given: &[(Rc<str>, Literal)]) -> (Select, Vec<Rc<str>>) {
        let found = RefCell::new(Vec::new());
        let with_value = |parameter: &Rc<BindParameter>| -> Option<Rc<BindParameter>> {
            let (name, value) = given
                .iter()
                .find(|(name, _)| **name == *parameter.original_key)?;
            found.borrow_mut().push(name.clone());
            Some(Rc::new(BindParameter {
                value: Some(value.clone()),
                required: false,
                ..(**parameter).clone()
            }))
        };
        let replacement = |expression: &Expression| match expression {
            Expression::BindParameter(parameter) => {
                with_value(parameter).map(Expression::BindParameter)
            }
            Expression::Text(text) => {
                let mut changed = (**text).clone();
                for parameter in changed.parameters.values_mut() {
                    if let Some(new) = with_value(parameter) {
                        *parameter = new;
                    }
                }
                Some(Expression::Text(Rc::new(changed)))
            }
            _ => None,
        };
        let select = self.change(|data| {
            for expression in data.columns.iter_mut().chain(data.filters.iter_mut()) {
                *expression = expression.replace(&replacement);
            }
        });
        (select, found.into_inner())
    }

    /// Adds a FROM element.
    pub fn select_from(&self, from: impl Into<FromClause>) -> Select {
        let from = from.into();
        self.change(|data| data.froms.push(from))
    }

    /// JOIN; without a condition, it is derived from foreign keys when the statement is compiled.
    pub fn join(
        &self,
        left: Option<FromClause>,
        right: impl Into<FromClause>,
        onclause: Option<Expression>,
        is_outer: bool,
        full: bool,
    ) -> Select {
        let right = right.into();
        self.change(|data| {
            data.joins.push(SelectJoin {
                left,
                right,
                onclause,
                is_outer,
                full,
            });
        })
    }

    /// GROUP BY.
    pub fn group_by(&self, expressions: Vec<Expression>) -> Select {
        self.change(|data| data.group_by.extend(expressions))
    }

    /// HAVING.
    pub fn having(&self, condition: Expression) -> Select {
        self.change(|data| data.having.push(condition))
    }

    /// ORDER BY; an empty list removes the ordering.
    pub fn order_by(&self, expressions: Vec<Expression>) -> Select {
        self.change(|data| {
            if expressions.is_empty() {
                data.order_by.clear();
            }
            data.order_by.extend(expressions);
        })
    }

    /// LIMIT.
    pub fn limit(&self, limit: Option<Expression>) -> Select {
        self.change(|data| {
            data.limit = limit;
            data.fetch = None;
        })
    }

    /// FETCH FIRST, which takes the place of a LIMIT.
    pub fn fetch(&self, fetch: Option<Fetch>) -> Select {
        self.change(|data| {
            data.fetch = fetch;
            data.limit = None;
        })
    }

    /// OFFSET.
    pub fn offset(&self, offset: Option<Expression>) -> Select {
        self.change(|data| data.offset = offset)
    }

    /// DISTINCT (ON).
    pub fn distinct(&self, on: Vec<Expression>) -> Select {
        self.change(|data| {
            data.distinct = true;
            data.distinct_on.extend(on);
        })
    }

    /// The FROM elements that are taken from the enclosing SELECT.
    pub fn correlate(&self, froms: Vec<FromClause>) -> Select {
        self.change(|data| data.correlate = Some(froms))
    }

    /// The FROM elements that are not taken from the enclosing SELECT.
    pub fn correlate_except(&self, froms: Vec<FromClause>) -> Select {
        self.change(|data| data.correlate_except = Some(froms))
    }

    /// Adds texts after SELECT.
    pub fn prefix_with(&self, prefixes: Vec<DialectText>) -> Select {
        self.change(|data| data.prefixes.extend(prefixes))
    }

    /// Adds texts at the end.
    pub fn suffix_with(&self, suffixes: Vec<DialectText>) -> Select {
        self.change(|data| data.suffixes.extend(suffixes))
    }

    /// Adds a hint about one of its tables.
    pub fn with_hint(&self, hint: Hint) -> Select {
        self.change(|data| data.hints.push(hint))
    }

    /// Adds a hint about the whole.
    pub fn with_statement_hint(&self, hint: DialectText) -> Select {
        self.change(|data| data.statement_hints.push(hint))
    }

    /// `set_label_style`.
    pub fn set_label_style(&self, style: LabelStyle) -> Select {
        self.change(|data| data.label_style = style)
    }

    /// `add_cte(..., nest_here=...)`.
    pub fn add_ctes(&self, ctes: Vec<FromClause>, nest_here: bool) -> Select {
        self.change(|data| {
            data.ctes
                .extend(ctes.into_iter().map(|cte| (cte, nest_here)))
        })
    }

    /// FOR UPDATE; SQLite has none.
    pub fn with_for_update(&self, options: ForUpdate) -> Select {
        self.change(|data| data.for_update = Some(options))
    }
}

impl CompoundSelect {
    /// `union(...)` and the other set operations.
    pub fn new(operation: SetOperation, selects: Vec<SelectBase>) -> CompoundSelect {
        CompoundSelect(Rc::new(CompoundData {
            operation,
            selects,
            order_by: Vec::new(),
            group_by: Vec::new(),
            limit: None,
            offset: None,
            fetch: None,
            ctes: Vec::new(),
            key: next_key(),
        }))
    }

    fn change(&self, change: impl FnOnce(&mut CompoundData)) -> CompoundSelect {
        let mut data = (*self.0).clone();
        change(&mut data);
        data.key = next_key();
        CompoundSelect(Rc::new(data))
    }

    /// ORDER BY.
    pub fn order_by(&self, expressions: Vec<Expression>) -> CompoundSelect {
        self.change(|data| data.order_by.extend(expressions))
    }

    /// GROUP BY.
    pub fn group_by(&self, expressions: Vec<Expression>) -> CompoundSelect {
        self.change(|data| data.group_by.extend(expressions))
    }

    /// LIMIT.
    pub fn limit(&self, limit: Option<Expression>) -> CompoundSelect {
        self.change(|data| {
            data.limit = limit;
            data.fetch = None;
        })
    }

    /// FETCH FIRST, which takes the place of a LIMIT.
    pub fn fetch(&self, fetch: Option<Fetch>) -> CompoundSelect {
        self.change(|data| {
            data.fetch = fetch;
            data.limit = None;
        })
    }

    /// `add_cte(..., nest_here=...)`.
    pub fn add_ctes(&self, ctes: Vec<FromClause>, nest_here: bool) -> CompoundSelect {
        self.change(|data| {
            data.ctes
                .extend(ctes.into_iter().map(|cte| (cte, nest_here)))
        })
    }

    /// OFFSET.
    pub fn offset(&self, offset: Option<Expression>) -> CompoundSelect {
        self.change(|data| data.offset = offset)
    }
}

impl SelectBase {
    /// The columns that it exposes as a subquery.
    pub fn exported_columns(&self) -> Vec<Expression> {
        match self {
            SelectBase::Select(select) => select
                .0
                .columns
                .iter()
                .filter(|column| !matches!(column, Expression::Text(_)))
                .cloned()
                .collect(),
            SelectBase::Compound(compound) => compound
                .0
                .selects
                .first()
                .map(SelectBase::exported_columns)
                .unwrap_or_default(),
            SelectBase::Text(text) => text.columns.clone(),
        }
    }

    /// A number that identifies it while it is alive.
    pub fn identity_key(&self) -> usize {
        match self {
            SelectBase::Select(select) => select.0.key,
            SelectBase::Compound(compound) => compound.0.key,
            SelectBase::Text(text) => Rc::as_ptr(text) as usize,
        }
    }

    /// `subquery(name)`.
    pub fn subquery(&self, name: Option<&str>) -> FromClause {
        self.aliased(name, AliasKind::Subquery)
    }

    /// `cte(name, recursive=..., nesting=...)`.
    pub fn cte(&self, name: Option<&str>, recursive: bool, nesting: bool) -> FromClause {
        self.aliased(name, AliasKind::Cte { recursive, nesting })
    }

    /// `lateral(name)`.
    pub fn lateral(&self, name: Option<&str>) -> FromClause {
        self.aliased(name, AliasKind::Lateral)
    }

    fn aliased(&self, name: Option<&str>, kind: AliasKind) -> FromClause {
        FromClause::Alias(Rc::new(Alias {
            name: match name {
                Some(name) => plain(Name::new(name)),
                None => anonymous(next_key(), "anon"),
            },
            element: AliasElement::Select(self.clone()),
            kind,
            restates: None,
        }))
    }

    /// `scalar_subquery()`.
    pub fn scalar_subquery(&self) -> Expression {
        Expression::ScalarSelect(Rc::new(self.clone()))
    }

    /// `union(other)` and the other set operations.
    pub fn combine(&self, operation: SetOperation, others: Vec<SelectBase>) -> CompoundSelect {
        let mut selects = vec![self.clone()];
        selects.extend(others);
        CompoundSelect::new(operation, selects)
    }

    /// The type of its first column.
    pub fn scalar_kind(&self) -> Type {
        self.exported_columns()
            .first()
            .map_or_else(Type::null, Expression::kind)
    }

    /// As text for `str()`.
    ///
    /// # Errors
    /// As compiling.
    pub fn compile(&self, dialect: &crate::dialects::Dialect) -> Result<String> {
        Ok(super::Statement::from(self.clone())
            .compile(dialect, &crate::compiler::CompileOptions::default())?
            .string)
    }
}
