//! SELECT and its combinations as SQL text.

use ground::hash::HashMap;
use std::rc::Rc;

use super::state::{Compilation, Flags, Level};
use super::{ResultColumn, ddl};
use crate::elements::{AnonymousName, Expression, LabelName};
use crate::sql::{
    Alias, AliasElement, AliasKind, CompoundSelect, FromClause, Select, SelectBase, SelectJoin,
};
use ground::diagnostic::{Error, Result};

/// The name under which a column of a SELECT is written.
pub(super) struct ColumnName {
    /// A label that it must have.
    required: Option<LabelName>,
    /// The label it has where one is needed.
    fallback: Option<LabelName>,
    repeated: bool,
}

impl Compilation {
    pub(super) fn select_base(
        &mut self,
        select: &SelectBase,
        flags: Flags,
        top: bool,
    ) -> Result<String> {
        self.select_in(select, flags, top, false)
    }

    /// `as_from` is a SELECT that stands in a FROM: it sees nothing of the one around it.
    fn select_in(
        &mut self,
        select: &SelectBase,
        flags: Flags,
        top: bool,
        as_from: bool,
    ) -> Result<String> {
        let text = match select {
            SelectBase::Select(select) => self.select(select, flags, top, as_from)?,
            SelectBase::Compound(compound) => self.compound(compound, flags, top, as_from)?,
            SelectBase::Text(text) => {
                if top {
                    self.returns_rows = true;
                    for column in &text.columns {
                        let name = column.name_text().unwrap_or_default();
                        self.result_columns.push(ResultColumn {
                            key: column.key(),
                            name,
                            kind: column.kind(),
                            expression: column.clone(),
                        });
                    }
                }
                self.text(&text.text, flags)?
            }
        };
        Ok(if top { self.with_ctes(text) } else { text })
    }

    /// Puts the CTEs that were met before the statement.
    pub(super) fn with_ctes(&mut self, text: String) -> String {
        if self.ctes.is_empty() {
            return text;
        }
        let recursive = self.ctes.values().any(|(_, recursive)| *recursive);
        let texts: Vec<String> = self.ctes.values().map(|(text, _)| text.clone()).collect();
        self.ctes.clear();
        format!(
            "WITH {}{}\n {text}",
            if recursive { "RECURSIVE " } else { "" },
            texts.join(", \n")
        )
    }

    fn compound(
        &mut self,
        compound: &CompoundSelect,
        flags: Flags,
        top: bool,
        as_from: bool,
    ) -> Result<String> {
        let data = &compound.0;
        let mut texts = Vec::with_capacity(data.selects.len());
        for (place, select) in data.selects.iter().enumerate() {
            // The parts of a compound don't correlate to each other.
            let mut text = match select {
                SelectBase::Select(select) => {
                    self.select(select, flags, top && place == 0, as_from)?
                }
                other => self.select_in(other, flags, false, as_from)?,
            };
            if needs_group(select) {
                // SQLite can't read parentheses here; SQLAlchemy writes them all the same.
                text = format!("({text})");
            }
            texts.push(text);
        }
        let mut text = texts.join(&format!(" {} ", data.operation.keyword()));
        let columns = SelectBase::Compound(compound.clone()).exported_columns();
        self.levels.push(Level {
            correlate: Vec::new(),
            implicit: Vec::new(),
            labels: columns,
            from_columns: Vec::new(),
        });
        let inner = Flags {
            include_table: false,
            ..flags
        };
        let tail = self.tail(
            &data.group_by,
            &data.order_by,
            data.limit.as_ref(),
            data.offset.as_ref(),
            inner,
        );
        self.levels.pop();
        text.push_str(&tail?);
        Ok(text)
    }

    fn tail(
        &mut self,
        group_by: &[Expression],
        order_by: &[Expression],
        limit: Option<&Expression>,
        offset: Option<&Expression>,
        flags: Flags,
    ) -> Result<String> {
        let mut text = String::new();
        let group = self.order_list(group_by, flags)?;
        if !group.is_empty() {
            text.push_str(&format!(" GROUP BY {group}"));
        }
        let order = self.order_list(order_by, flags)?;
        if !order.is_empty() {
            text.push_str(&format!(" ORDER BY {order}"));
        }
        if limit.is_some() || offset.is_some() {
            text.push_str(&self.limit(limit, offset, flags)?);
        }
        Ok(text)
    }

    fn select(
        &mut self,
        select: &Select,
        flags: Flags,
        top: bool,
        as_from: bool,
    ) -> Result<String> {
        let data = select.0.clone();
        let flags = flags.outside_columns();
        for cte in &data.ctes {
            self.from(cte, flags)?;
        }
        let all_froms = self.froms(select)?;
        let froms = self.display_froms(select, &all_froms, as_from)?;
        let columns = data.columns.clone();
        let names = column_names(&columns);
        let (outer_correlate, from_columns) = (
            self.levels
                .last()
                .map(|level| level.correlate.clone())
                .unwrap_or_default(),
            all_froms.iter().flat_map(FromClause::columns).collect(),
        );
        let flat: Vec<FromClause> = froms.iter().flat_map(from_objects).collect();
        let mut correlate = flat.clone();
        correlate.extend(outer_correlate);
        self.levels.push(Level {
            correlate,
            implicit: flat,
            labels: columns.clone(),
            from_columns,
        });
        let text = self.select_body(select, &columns, &names, &froms, flags, top, as_from);
        self.levels.pop();
        text
    }

    #[allow(clippy::too_many_arguments)]
    fn select_body(
        &mut self,
        select: &Select,
        columns: &[Expression],
        names: &[ColumnName],
        froms: &[FromClause],
        flags: Flags,
        top: bool,
        as_from: bool,
    ) -> Result<String> {
        let data = select.0.clone();
        let mut text = String::from("SELECT ");
        for prefix in &data.prefixes {
            text.push_str(&self.expression(prefix, flags)?);
            text.push(' ');
        }
        if data.distinct {
            let compiler = self.dialect.statement_compiler();
            text.push_str(&compiler.get_select_precolumns(self, &data.distinct_on, flags)?);
        }
        let mut shown = Vec::with_capacity(columns.len());
        for (column, name) in columns.iter().zip(names) {
            let part = self.select_column(column, name, flags, top, as_from)?;
            if !part.is_empty() {
                shown.push(part);
            }
        }
        text.push_str(&shown.join(", "));
        if shown.is_empty() {
            text = text.trim_end().to_owned();
        }
        if !froms.is_empty() {
            text.push_str(" \nFROM ");
            text.push_str(&self.from_list(froms, flags)?);
        }
        let condition = self.criteria(&data.filters, flags)?;
        if !condition.is_empty() {
            text.push_str(" \nWHERE ");
            text.push_str(&condition);
        }
        let group = self.order_list(&data.group_by, flags)?;
        if !group.is_empty() {
            text.push_str(" GROUP BY ");
            text.push_str(&group);
        }
        let having = self.criteria(&data.having, flags)?;
        if !having.is_empty() {
            text.push_str(" \nHAVING ");
            text.push_str(&having);
        }
        let order = self.order_list(&data.order_by, flags)?;
        if !order.is_empty() {
            text.push_str(" ORDER BY ");
            text.push_str(&order);
        }
        if data.limit.is_some() || data.offset.is_some() {
            text.push_str(&self.limit(data.limit.as_ref(), data.offset.as_ref(), flags)?);
        }
        if let Some(lock) = &data.for_update {
            text.push_str(&self.dialect.statement_compiler().for_update_clause(lock));
        }
        Ok(text)
    }

    /// Conditions with AND between them.
    pub(super) fn criteria(&mut self, conditions: &[Expression], flags: Flags) -> Result<String> {
        if conditions.is_empty() {
            return Ok(String::new());
        }
        let all = crate::elements::and_(conditions.iter().cloned());
        self.expression(&all, flags)
    }

    /// ORDER BY or GROUP BY: labels of the columns by name.
    pub(super) fn order_list(
        &mut self,
        expressions: &[Expression],
        flags: Flags,
    ) -> Result<String> {
        let mut parts = Vec::with_capacity(expressions.len());
        for expression in expressions {
            parts.push(self.order_element(expression, flags)?);
        }
        parts.retain(|part| !part.is_empty());
        Ok(parts.join(", "))
    }

    fn order_element(&mut self, expression: &Expression, flags: Flags) -> Result<String> {
        match expression {
            Expression::Unary(unary) if unary.operator.is_none() => {
                let inner = self.order_element(&unary.element, flags)?;
                let modifier = unary
                    .modifier
                    .as_ref()
                    .and_then(|m| m.text().map(str::to_owned));
                Ok(format!("{inner}{}", modifier.unwrap_or_default()))
            }
            Expression::Label(label) => {
                let known = self.levels.last().is_some_and(|level| {
                    level.labels.iter().any(|column| match column {
                        Expression::Label(other) => {
                            Rc::ptr_eq(other, label) || other.name == label.name
                        }
                        _ => false,
                    })
                });
                if known {
                    Ok(self.quote_label(&label.name))
                } else {
                    self.expression(expression, flags)
                }
            }
            other => self.expression(other, flags),
        }
    }

    fn limit(
        &mut self,
        limit: Option<&Expression>,
        offset: Option<&Expression>,
        flags: Flags,
    ) -> Result<String> {
        let compiler = self.dialect.statement_compiler();
        compiler.limit_clause(self, limit, offset, flags)
    }

    /// One column of a SELECT or RETURNING, with its label where it needs one.
    pub(super) fn select_column(
        &mut self,
        column: &Expression,
        name: &ColumnName,
        flags: Flags,
        top: bool,
        as_from: bool,
    ) -> Result<String> {
        let columns_flags = Flags {
            within_columns: true,
            ..flags
        };
        if let Expression::Label(label) = column {
            let text = self.label(label, columns_flags)?;
            if top {
                let shown = self.resolve(&label.name);
                self.result(shown, column);
            }
            return Ok(text);
        }
        let label = match &name.required {
            Some(label) => Some(label.clone()),
            None => {
                let labelled = match column {
                    Expression::Column(column) => as_from && column.table().is_some(),
                    Expression::ColumnClause(column) => {
                        as_from && !column.is_literal && column.table.is_some()
                    }
                    Expression::Text(_) => false,
                    Expression::Unary(unary) => wraps_unnamed(&unary.element) || as_from,
                    Expression::AsBoolean(boolean) => {
                        !self.dialect.supports_native_boolean()
                            || wraps_unnamed(&boolean.element)
                            || as_from
                    }
                    other => non_anonymous_label(other).is_none(),
                };
                name.fallback.clone().filter(|_| labelled)
            }
        };
        // The label's number is drawn before those of what is inside.
        let shown = match &label {
            Some(label) => self.resolve(label),
            None => column.name_text().unwrap_or_default(),
        };
        let text = self.expression(column, columns_flags)?;
        if top {
            self.result(shown, column);
        }
        Ok(match label {
            Some(label) => format!("{text} AS {}", self.quote_label(&label)),
            None => text,
        })
    }

    fn result(&mut self, name: Rc<str>, column: &Expression) {
        self.returns_rows = true;
        self.result_columns.push(ResultColumn {
            name,
            key: column.key(),
            kind: column.kind(),
            expression: column.clone(),
        });
    }

    /// Several in FROM, with commas between them.
    ///
    /// # Errors
    /// `sqlalchemy.exc.CompileError` where the dialect can't render one.
    pub fn from_list(&mut self, froms: &[FromClause], flags: Flags) -> Result<String> {
        let mut parts = Vec::with_capacity(froms.len());
        for from in froms {
            parts.push(self.from(from, flags)?);
        }
        Ok(parts.join(", "))
    }

    /// Something in FROM.
    pub(super) fn from(&mut self, from: &FromClause, flags: Flags) -> Result<String> {
        match from {
            FromClause::Table(table) => Ok(ddl::format_table(table, &self.dialect)),
            FromClause::TableClause(table) => {
                let name = self.dialect.quote_name(&table.name);
                Ok(match &table.schema {
                    Some(schema) => format!("{}.{name}", self.dialect.quote_name(schema)),
                    None => name,
                })
            }
            FromClause::Join(join) => {
                let left = self.from(&join.left, flags)?;
                let right = self.from(&join.right, flags)?;
                let right = match &join.right {
                    FromClause::Join(_) => format!("({right})"),
                    _ => right,
                };
                let word = if join.full {
                    " FULL OUTER JOIN "
                } else if join.is_outer {
                    " LEFT OUTER JOIN "
                } else {
                    " JOIN "
                };
                let on = self.expression(&join.onclause, flags)?;
                Ok(format!("{left}{word}{right} ON {on}"))
            }
            FromClause::Alias(alias) => self.alias(alias, flags),
            FromClause::Text(text) => self.text(text, flags),
            FromClause::Function(function) => self.expression(function, flags),
        }
    }

    fn alias(&mut self, alias: &Rc<Alias>, flags: Flags) -> Result<String> {
        let name = self.quote_label(&alias.name);
        match (&alias.element, alias.kind) {
            (AliasElement::From(from), _) => {
                if let FromClause::Alias(inner) = from
                    && matches!(inner.kind, AliasKind::Cte { .. })
                {
                    // The CTE is written before, the alias names it again.
                    self.alias(inner, flags)?;
                    let inner = self.quote_label(&inner.name);
                    return Ok(format!("{inner} AS {name}"));
                }
                let inner = self.from(from, flags)?;
                Ok(format!("{inner} AS {name}"))
            }
            (AliasElement::Select(select), AliasKind::Cte { recursive }) => {
                let key = Rc::as_ptr(alias) as usize;
                if !self.ctes.contains_key(&key) {
                    // Its place is taken first: a recursive one speaks of itself.
                    self.ctes.insert(key, (String::new(), recursive));
                    let levels = std::mem::take(&mut self.levels);
                    let inner = self.select_in(select, flags, false, true);
                    self.levels = levels;
                    let inner = inner?;
                    let mut text = name.clone();
                    if recursive {
                        let columns: Vec<String> = select
                            .exported_columns()
                            .iter()
                            .map(|column| match column.label_name() {
                                Some(label) => self.quote_label(&label),
                                None => String::new(),
                            })
                            .collect();
                        text.push_str(&format!("({})", columns.join(", ")));
                    }
                    text.push_str(&format!(" AS \n({inner})"));
                    // What it uses itself stands before it.
                    self.ctes.shift_remove(&key);
                    self.ctes.insert(key, (text, recursive));
                }
                Ok(name)
            }
            (AliasElement::Select(select), kind) => {
                let lateral = kind == AliasKind::Lateral;
                let inner = self.select_in(select, flags, false, !lateral)?;
                let word = if lateral { "LATERAL " } else { "" };
                Ok(format!("{word}({inner}) AS {name}"))
            }
        }
    }

    /// What a SELECT selects from: what it was told, then what its columns and conditions use.
    fn froms(&mut self, select: &Select) -> Result<Vec<FromClause>> {
        let data = &select.0;
        let mut clauses = data.froms.clone();
        for join in &data.joins {
            apply_join(&mut clauses, select, join)?;
        }
        for column in data.columns.iter().chain(&data.filters) {
            gather(column, &mut clauses);
        }
        let mut froms: Vec<FromClause> = Vec::new();
        for from in clauses {
            if !froms.iter().any(|known| known.ptr_eq(&from)) {
                froms.push(from);
            }
        }
        let hidden: Vec<FromClause> = froms.iter().flat_map(hidden_froms).collect();
        froms.retain(|from| !hidden.iter().any(|other| other.ptr_eq(from)));
        Ok(froms)
    }

    fn display_froms(
        &self,
        select: &Select,
        froms: &[FromClause],
        as_from: bool,
    ) -> Result<Vec<FromClause>> {
        let data = &select.0;
        let (explicit, implicit) = match self.levels.last() {
            None => (Vec::new(), Vec::new()),
            Some(level) if as_from => {
                let explicit = level
                    .correlate
                    .iter()
                    .filter(|from| !level.implicit.iter().any(|other| other.ptr_eq(from)))
                    .cloned()
                    .collect();
                (explicit, Vec::new())
            }
            Some(level) => (level.correlate.clone(), level.implicit.clone()),
        };
        let among =
            |list: &[FromClause], from: &FromClause| list.iter().any(|other| other.ptr_eq(from));
        let mut shown = froms.to_vec();
        if let Some(correlate) = &data.correlate {
            shown.retain(|from| !(among(&explicit, from) && among(correlate, from)));
        }
        if let Some(except) = &data.correlate_except {
            shown.retain(|from| !among(&explicit, from) || among(except, from));
        }
        let auto = data.correlate.is_none() && data.correlate_except.is_none();
        if auto && !implicit.is_empty() && shown.len() > 1 {
            shown.retain(|from| !among(&implicit, from));
            if shown.is_empty() {
                return Err(Error::new(
                    "sqlalchemy.exc.InvalidRequestError",
                    "Select statement returned no FROM clauses due to auto-correlation; specify \
                     correlate(<tables>) to control correlation manually.",
                ));
            }
        }
        Ok(shown)
    }
}

/// `select.join(...)`: joins to the FROM that it goes with.
fn apply_join(clauses: &mut Vec<FromClause>, select: &Select, join: &SelectJoin) -> Result<()> {
    let (left, place) = match &join.left {
        Some(left) => {
            let place = clauses.iter().position(|from| from.contains(left));
            match place {
                Some(place) => (clauses[place].clone(), Some(place)),
                None => (left.clone(), None),
            }
        }
        None => {
            let mut candidates = clauses.clone();
            let mut from_columns = false;
            if candidates.is_empty() {
                from_columns = true;
                for column in &select.0.columns {
                    gather(column, &mut candidates);
                }
                let mut unique: Vec<FromClause> = Vec::new();
                for from in candidates {
                    if !unique.iter().any(|known| known.ptr_eq(&from)) {
                        unique.push(from);
                    }
                }
                candidates = unique;
            }
            let fitting: Vec<usize> = match &join.onclause {
                Some(onclause) if candidates.len() > 1 => {
                    let mut used = Vec::new();
                    gather(onclause, &mut used);
                    (0..candidates.len())
                        .filter(|place| used.iter().any(|from| candidates[*place].contains(from)))
                        .collect()
                }
                Some(_) => (0..candidates.len()).collect(),
                None => (0..candidates.len())
                    .filter(|place| {
                        candidates.len() == 1
                            || candidates[*place]
                                .join(join.right.clone(), None, false, false)
                                .is_ok()
                    })
                    .collect(),
            };
            match fitting.as_slice() {
                [place] => (
                    candidates[*place].clone(),
                    (!from_columns).then_some(*place),
                ),
                [] => {
                    return Err(Error::new(
                        "sqlalchemy.exc.InvalidRequestError",
                        format!(
                            "Don't know how to join to {}. Please use the .select_from() method \
                             to establish an explicit left side, as well as providing an explicit \
                             ON clause if not present already to help resolve the ambiguity.",
                            join.right.description()
                        ),
                    ));
                }
                _ => {
                    return Err(Error::new(
                        "sqlalchemy.exc.InvalidRequestError",
                        "Can't determine which FROM clause to join from, there are multiple FROMS \
                         which can join to this entity. Please use the .select_from() method to \
                         establish an explicit left side, as well as providing an explicit ON \
                         clause if not present already to help resolve the ambiguity.",
                    ));
                }
            }
        }
    };
    let joined = left.join(
        join.right.clone(),
        join.onclause.clone(),
        join.is_outer,
        join.full,
    )?;
    match place {
        Some(place) => clauses[place] = joined,
        None => clauses.push(joined),
    }
    Ok(())
}

/// The FROMs that an expression needs, in the order in which its columns stand.
pub(super) fn gather(expression: &Expression, froms: &mut Vec<FromClause>) {
    match expression {
        Expression::Column(_) | Expression::ColumnClause(_) => {
            froms.extend(expression.table());
        }
        Expression::ScalarSelect(_) => {}
        other => {
            for child in other.children() {
                gather(&child, froms);
            }
        }
    }
}

fn hidden_froms(from: &FromClause) -> Vec<FromClause> {
    match from {
        FromClause::Join(join) => {
            let mut hidden = from_objects(&join.left);
            hidden.extend(from_objects(&join.right));
            hidden
        }
        _ => Vec::new(),
    }
}

/// Itself, and the sides where it is a join.
fn from_objects(from: &FromClause) -> Vec<FromClause> {
    let mut objects = vec![from.clone()];
    if let FromClause::Join(join) = from {
        objects.extend(from_objects(&join.left));
        objects.extend(from_objects(&join.right));
    }
    objects
}

/// Whether a part of a compound needs parentheses of its own.
fn needs_group(select: &SelectBase) -> bool {
    match select {
        SelectBase::Select(select) => {
            !select.0.order_by.is_empty() || select.0.limit.is_some() || select.0.offset.is_some()
        }
        SelectBase::Compound(_) => true,
        SelectBase::Text(_) => false,
    }
}

fn wraps_unnamed(expression: &Expression) -> bool {
    match expression {
        Expression::Grouping(inner) => wraps_unnamed(inner),
        Expression::Column(_) | Expression::ColumnClause(_) | Expression::Label(_) => false,
        _ => true,
    }
}

/// `_non_anon_label`: the name of what has one by itself.
fn non_anonymous_label(expression: &Expression) -> Option<LabelName> {
    match expression {
        Expression::Column(column) => Some(LabelName::Plain(column.name())),
        Expression::ColumnClause(column) => match &column.name {
            name @ LabelName::Plain(_) => Some(name.clone()),
            LabelName::Anonymous(_) => Some(column.name.clone()),
        },
        Expression::Label(label) => Some(label.name.clone()),
        Expression::Grouping(inner) => non_anonymous_label(inner),
        _ => None,
    }
}

/// `_anon_name_label`.
pub(super) fn anonymous_label(expression: &Expression) -> LabelName {
    let anonymous = |derived: &str| {
        LabelName::Anonymous(AnonymousName {
            key: expression.anonymous_key(),
            derived: derived.into(),
        })
    };
    match expression {
        Expression::Column(column) => anonymous(&column.name()),
        Expression::ColumnClause(column) => match &column.name {
            LabelName::Plain(name) => anonymous(name),
            LabelName::Anonymous(name) => anonymous(&name.derived),
        },
        Expression::Function(function) => anonymous(&function.name),
        Expression::Cast(cast) | Expression::TypeCoerce(cast) => {
            wrapped_label(&cast.clause).unwrap_or_else(|| anonymous("anon"))
        }
        Expression::AsBoolean(boolean) => {
            wrapped_label(&boolean.element).unwrap_or_else(|| anonymous("anon"))
        }
        Expression::Grouping(inner) => match anonymous_label(inner) {
            LabelName::Anonymous(name) => anonymous(&name.derived),
            LabelName::Plain(name) => anonymous(&name),
        },
        _ => anonymous("anon"),
    }
}

fn wrapped_label(inner: &Expression) -> Option<LabelName> {
    if matches!(inner, Expression::Text(_)) {
        return None;
    }
    Some(non_anonymous_label(inner).unwrap_or_else(|| anonymous_label(inner)))
}

/// `_generate_columns_plus_names`: labels that keep equal names apart.
pub(super) fn column_names(columns: &[Expression]) -> Vec<ColumnName> {
    let mut names: HashMap<LabelName, usize> = HashMap::default();
    let mut dedupe = 1usize;
    let mut result = Vec::with_capacity(columns.len());
    let again = |expression: &Expression, number: usize| {
        let wrapped = match expression {
            Expression::Cast(cast) | Expression::TypeCoerce(cast) => {
                non_anonymous_label(&cast.clause)
            }
            Expression::AsBoolean(boolean) => non_anonymous_label(&boolean.element),
            _ => None,
        };
        if let Some(LabelName::Plain(name)) = wrapped {
            return LabelName::Anonymous(AnonymousName {
                key: expression.anonymous_key(),
                derived: format!("{name}_").into(),
            });
        }
        let derived = match non_anonymous_label(expression) {
            Some(LabelName::Plain(name)) => format!("{name}_"),
            _ => "anon_".to_owned(),
        };
        // `id__1`: the second time the same column is selected.
        LabelName::Anonymous(AnonymousName {
            key: expression.anonymous_key().wrapping_mul(65_536) | number,
            derived: derived.into(),
        })
    };
    for column in columns {
        let labelled = match column {
            Expression::Text(_) => false,
            Expression::Column(column) => column.table().is_some(),
            Expression::ColumnClause(column) => column.table.is_some(),
            _ => true,
        };
        if !labelled {
            result.push(ColumnName {
                required: None,
                fallback: None,
                repeated: false,
            });
            continue;
        }
        let key = column.anonymous_key();
        let own = non_anonymous_label(column);
        let mut name = ColumnName {
            required: None,
            fallback: own.clone(),
            repeated: false,
        };
        match own {
            None => {
                let label = anonymous_label(column);
                name.repeated = names.contains_key(&label);
                names.insert(label.clone(), key);
                name.fallback = Some(if name.repeated {
                    dedupe += 1;
                    again(column, dedupe - 1)
                } else {
                    label
                });
            }
            Some(own) => match names.get(&own) {
                Some(other) if *other != key => {
                    let label = anonymous_label(column);
                    if names.contains_key(&label) {
                        let label = again(column, dedupe);
                        dedupe += 1;
                        name.required = Some(label.clone());
                        name.fallback = Some(label);
                        name.repeated = true;
                    } else {
                        names.insert(label.clone(), key);
                        name.required = Some(label.clone());
                        name.fallback = Some(label);
                    }
                }
                Some(_) => {
                    let label = again(column, dedupe);
                    dedupe += 1;
                    name.required = Some(label.clone());
                    name.fallback = Some(label);
                    name.repeated = true;
                }
                None => {
                    names.insert(own, key);
                }
            },
        }
        result.push(name);
    }
    result
}
