//! The FROM clause: tables, joins and aliases.

use crate::exc;
use std::rc::Rc;

use super::{Compilation, Flags, ddl};
use crate::elements::Expression;
use crate::name::Name;
use crate::sql::{
    Alias, AliasElement, AliasKind, FromClause, Select, SelectJoin, Statement, TableValued, Values,
};
use crate::sqltypes::Type;
use ground::diagnostic::{Error, Result};
use ground::hash::IndexMap;

impl Compilation {
    /// The elements of a FROM clause, separated by commas.
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

    /// Compiles an element of a FROM clause, with the hint about it.
    pub(super) fn from(&mut self, from: &FromClause, flags: Flags) -> Result<String> {
        let text = self.bare_from(from, flags)?;
        let Some(hint) = self
            .hints
            .iter()
            .find(|hint| hint.table.ptr_eq(from))
            .cloned()
        else {
            return Ok(text);
        };
        let hint = self.named_hint(&hint);
        self.dialect.statement_compiler().hinted_from(text, &hint)
    }

    /// The name by which other clauses speak of an element.
    ///
    /// # Errors
    /// `sqlalchemy.exc.CompileError` where the dialect can't render it.
    pub fn name_of(&mut self, from: &FromClause, flags: Flags) -> Result<String> {
        match from.name() {
            Some(name) => Ok(self.quote_label(&name)),
            None => self.bare_from(from, flags),
        }
    }

    fn bare_from(&mut self, from: &FromClause, flags: Flags) -> Result<String> {
        match from {
            FromClause::Table(table) => Ok(ddl::format_table(table, &self.dialect)),
            FromClause::TableClause(table) => {
                let name = self.dialect.quote_name(&table.name);
                Ok(match &table.schema {
                    Some(schema) => format!("{}.{name}", self.dialect.quote_schema(schema)),
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
                let compiler = self.dialect.statement_compiler();
                let word = compiler.join_words(join.is_outer, join.full);
                let on = self.expression(&join.onclause, flags)?;
                Ok(format!("{left}{word}{right} ON {on}"))
            }
            FromClause::Alias(alias) => self.alias(alias, flags),
            FromClause::Text(text) => self.text(text, flags),
            FromClause::Function(function) => {
                let function = self.expression(function, flags)?;
                Ok(self.dialect.statement_compiler().table_function(function))
            }
            FromClause::Values(values) => self.values(values, flags),
            FromClause::TableValued(function) => self.table_valued(function, flags),
            FromClause::TableSample(sample) => {
                let table = self.bare_from(&sample.table, flags)?;
                let name = self.quote_label(&sample.name);
                let suffix = self.alias_suffix(&name);
                let sampling = self.expression(&sample.sampling, flags)?;
                let mut text = format!("{table}{suffix} TABLESAMPLE {sampling}");
                if let Some(seed) = &sample.seed {
                    let seed = self.expression(seed, flags)?;
                    text.push_str(&format!(" REPEATABLE ({seed})"));
                }
                Ok(text)
            }
        }
    }

    /// `VALUES (…), (…)`.
    fn value_rows(&mut self, values: &Values, flags: Flags) -> Result<String> {
        let flags = Flags {
            literal_binds: flags.literal_binds || values.literal_binds,
            ..flags
        };
        let mut rows = Vec::with_capacity(values.rows.len());
        for row in &values.rows {
            rows.push(format!("({})", self.joined(row, ", ", flags)?));
        }
        Ok(format!("VALUES {}", rows.join(", ")))
    }

    fn column_names_of(&self, columns: &[(Name, Type)]) -> String {
        let names = columns
            .iter()
            .map(|(name, _)| self.dialect.quote_name(name));
        names.collect::<Vec<_>>().join(", ")
    }

    fn values(&mut self, values: &Values, flags: Flags) -> Result<String> {
        let rows = self.value_rows(values, flags)?;
        let lateral = if values.lateral { "LATERAL " } else { "" };
        let Some(name) = &values.name else {
            return Ok(format!("{lateral}({rows})"));
        };
        let name = self.quote_label(name);
        let columns = self.column_names_of(&values.columns);
        let suffix = self.alias_suffix(&name);
        Ok(format!("{lateral}({rows}){suffix} ({columns})"))
    }

    fn table_valued(&mut self, table: &TableValued, flags: Flags) -> Result<String> {
        let name = self.quote_label(&table.name);
        let function = self.expression(&table.function, flags)?;
        let ordinality = if table.with_ordinality {
            " WITH ORDINALITY"
        } else {
            ""
        };
        let lateral = if table.lateral { "LATERAL " } else { "" };
        let compiler = self.dialect.statement_compiler();
        let function = compiler.table_function(format!("{function}{ordinality}"));
        let mut text = format!("{lateral}{function}");
        text.push_str(&self.alias_suffix(&name));
        let Some(derived) = &table.derived else {
            return Ok(text);
        };
        let mut columns = Vec::with_capacity(table.columns.len());
        for (name, kind) in &table.columns {
            let name = self.dialect.quote_name(name);
            columns.push(if derived.with_types {
                format!("{name} {}", kind.compile(&self.dialect)?)
            } else {
                name
            });
        }
        Ok(format!("{text}({})", columns.join(", ")))
    }

    /// Where a SELECT begins: the CTEs that stand in it are collected.
    pub(super) fn open_with(&mut self, top: bool) {
        if !top {
            self.nested.push(IndexMap::default());
        }
    }

    /// Where a SELECT ends: the CTEs that stand in it are written before it.
    pub(super) fn close_with(&mut self, top: bool, text: String) -> String {
        if top {
            return text;
        }
        match self.nested.pop() {
            Some(ctes) => self.preceded_by(&ctes, text),
            None => text,
        }
    }

    /// A CTE of `add_cte()`.
    pub(super) fn added_cte(
        &mut self,
        cte: &FromClause,
        nest_here: bool,
        flags: Flags,
    ) -> Result<()> {
        match cte {
            FromClause::Alias(alias) if nest_here => {
                let nested = Rc::new(Alias {
                    kind: match alias.kind {
                        AliasKind::Cte { recursive, .. } => AliasKind::Cte {
                            recursive,
                            nesting: true,
                        },
                        kind => kind,
                    },
                    ..(**alias).clone()
                });
                self.alias(&nested, flags)?;
            }
            other => {
                self.from(other, flags)?;
            }
        }
        Ok(())
    }

    fn alias_suffix(&self, name: &str) -> String {
        let compiler = self.dialect.statement_compiler();
        compiler.get_render_as_alias_suffix(name)
    }

    fn alias(&mut self, alias: &Rc<Alias>, flags: Flags) -> Result<String> {
        let name = self.quote_label(&alias.name);
        match (&alias.element, alias.kind) {
            (AliasElement::From(from), AliasKind::Alias) => {
                if let FromClause::Alias(inner) = from
                    && matches!(inner.kind, AliasKind::Cte { .. })
                {
                    // The CTE is rendered first; the alias then refers to its name.
                    self.alias(inner, flags)?;
                    let inner = self.quote_label(&inner.name);
                    return Ok(format!("{inner}{}", self.alias_suffix(&name)));
                }
                let inner = self.from(from, flags)?;
                Ok(format!("{inner}{}", self.alias_suffix(&name)))
            }
            (element, AliasKind::Cte { recursive, nesting }) => {
                let key = Rc::as_ptr(alias) as usize;
                let known = self.ctes.contains_key(&key)
                    || self.nested.iter().any(|ctes| ctes.contains_key(&key))
                    || self.restated.contains(&key);
                if !known {
                    // What it restates is only its name from now on.
                    let mut before = alias.restates.as_ref();
                    while let Some(known) = before {
                        let known_key = Rc::as_ptr(known) as usize;
                        self.ctes.shift_remove(&known_key);
                        self.restated.push(known_key);
                        before = known.restates.as_ref();
                    }
                    // Reserves its position first: a recursive CTE refers to itself.
                    self.keep_cte(key, String::new(), recursive, nesting);
                    let levels = std::mem::take(&mut self.levels);
                    let body = self.cte_body(element, flags);
                    self.levels = levels;
                    let (inner, columns) = body?;
                    let mut text = name.clone();
                    if recursive || matches!(element, AliasElement::From(_)) {
                        text.push_str(&format!("({})", columns.join(", ")));
                    }
                    text.push_str(&format!(" AS \n({inner})"));
                    // CTEs that it uses must be rendered before it.
                    self.forget_cte(key);
                    self.keep_cte(key, text, recursive, nesting);
                }
                Ok(name)
            }
            (AliasElement::Change(statement), _) => {
                let inner = self.change(statement, flags)?;
                Ok(format!("({inner}){}", self.alias_suffix(&name)))
            }
            (AliasElement::From(from), _) => {
                let inner = self.from(from, flags)?;
                Ok(format!("{inner}{}", self.alias_suffix(&name)))
            }
            (AliasElement::Select(select), kind) => {
                let lateral = kind == AliasKind::Lateral;
                self.lateral = lateral;
                let inner = self.select_in(select, flags, false, true)?;
                let word = if lateral { "LATERAL " } else { "" };
                Ok(format!("{word}({inner}){}", self.alias_suffix(&name)))
            }
        }
    }

    fn keep_cte(&mut self, key: usize, text: String, recursive: bool, nesting: bool) {
        let ctes = match self.nested.last_mut() {
            Some(nested) if nesting => nested,
            _ => &mut self.ctes,
        };
        ctes.insert(key, (text, recursive));
    }

    fn forget_cte(&mut self, key: usize) {
        self.ctes.shift_remove(&key);
        if let Some(nested) = self.nested.last_mut() {
            nested.shift_remove(&key);
        }
    }

    /// What stands in the parentheses of a CTE, and the names of its columns.
    fn cte_body(&mut self, element: &AliasElement, flags: Flags) -> Result<(String, Vec<String>)> {
        match element {
            AliasElement::Select(select) => {
                let inner = self.select_in(select, flags, false, true)?;
                let mut columns = Vec::new();
                for column in select.exported_columns() {
                    columns.push(match column.label_name() {
                        Some(label) => self.quote_label(&label),
                        None => String::new(),
                    });
                }
                Ok((inner, columns))
            }
            AliasElement::From(FromClause::Values(values)) => {
                let names = values.columns.iter();
                let names = names.map(|(name, _)| self.dialect.quote_name(name));
                let names = names.collect();
                Ok((self.value_rows(values, flags)?, names))
            }
            AliasElement::From(from) => Ok((self.bare_from(from, flags)?, Vec::new())),
            AliasElement::Change(statement) => Ok((self.change(statement, flags)?, Vec::new())),
        }
    }

    /// An INSERT, UPDATE or DELETE inside another statement.
    fn change(&mut self, statement: &Statement, flags: Flags) -> Result<String> {
        let outer = (
            std::mem::take(&mut self.result_columns),
            self.returns_rows,
            std::mem::replace(&mut self.inside_cte, true),
        );
        let text = match statement {
            Statement::Insert(insert) => self.insert(insert, flags),
            Statement::Update(update) => self.update(update, flags),
            Statement::Delete(delete) => self.delete(delete, flags),
            // Only those have `cte()`.
            _ => Ok(String::new()),
        };
        (self.result_columns, self.returns_rows, self.inside_cte) = outer;
        text
    }

    /// The FROM elements of a SELECT: explicit ones, then those implied by its columns and
    /// conditions.
    pub(super) fn froms(&mut self, select: &Select) -> Result<Vec<FromClause>> {
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

    pub(super) fn display_froms(
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
                    exc::INVALID_REQUEST_ERROR,
                    "Select statement returned no FROM clauses due to auto-correlation; specify \
                     correlate(<tables>) to control correlation manually.",
                ));
            }
        }
        Ok(shown)
    }
}

/// Applies `select.join(...)` to the matching FROM element.
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
                    // What is joined is no left side, though its columns may be selected too.
                    (0..candidates.len())
                        .filter(|place| {
                            let left = &candidates[*place];
                            !left.ptr_eq(&join.right)
                                && used.iter().any(|from| left.contains(from))
                                && used
                                    .iter()
                                    .all(|from| left.contains(from) || join.right.contains(from))
                        })
                        .collect()
                }
                Some(_) => (0..candidates.len()).collect(),
                None => (0..candidates.len())
                    .filter(|place| {
                        candidates.len() == 1
                            || !candidates[*place].ptr_eq(&join.right)
                                && candidates[*place]
                                    .join(join.right.clone(), None, false, false)
                                    .is_ok()
                    })
                    .collect(),
            };
            // One that `select_from()` repeats is one.
            let mut distinct: Vec<usize> = Vec::new();
            for place in fitting {
                if !distinct
                    .iter()
                    .any(|known| candidates[*known].ptr_eq(&candidates[place]))
                {
                    distinct.push(place);
                }
            }
            match distinct.as_slice() {
                [place] => (
                    candidates[*place].clone(),
                    (!from_columns).then_some(*place),
                ),
                [] => {
                    return Err(Error::new(
                        exc::INVALID_REQUEST_ERROR,
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
                        exc::INVALID_REQUEST_ERROR,
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

/// The FROM elements that an expression needs, in the order of its columns.
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

/// The element itself, and both sides of a join.
pub(super) fn from_objects(from: &FromClause) -> Vec<FromClause> {
    let mut objects = vec![from.clone()];
    if let FromClause::Join(join) = from {
        objects.extend(from_objects(&join.left));
        objects.extend(from_objects(&join.right));
    }
    objects
}
