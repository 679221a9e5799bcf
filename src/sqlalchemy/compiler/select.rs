//! Compilation of SELECT and compound SELECTs.

use std::rc::Rc;

use super::ResultColumn;
use super::froms::from_objects;
use super::labels::{ColumnName, column_names, non_anonymous_label, wraps_unnamed};
use super::state::{Compilation, Flags, Level};
use super::statement::Limited;
use crate::elements::Expression;
use crate::sql::{
    CompoundData, CompoundSelect, DialectText, FromClause, Hint, Select, SelectBase, hints_for,
};
use ground::diagnostic::Result;
use ground::hash::IndexMap;

impl Compilation {
    pub(super) fn select_base(
        &mut self,
        select: &SelectBase,
        flags: Flags,
        top: bool,
    ) -> Result<String> {
        self.select_in(select, flags, top, false)
    }

    /// `as_from` marks a SELECT in a FROM clause, which does not correlate to the enclosing SELECT.
    pub(super) fn select_in(
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

    /// Prepends the collected CTEs to the statement.
    pub(super) fn with_ctes(&mut self, text: String) -> String {
        if self.inside_cte {
            // They stand beside the CTE that is being written.
            return text;
        }
        let ctes = std::mem::take(&mut self.ctes);
        self.preceded_by(&ctes, text)
    }

    /// A statement after its CTEs.
    pub(super) fn preceded_by(
        &self,
        ctes: &IndexMap<usize, (String, bool)>,
        text: String,
    ) -> String {
        if ctes.is_empty() {
            return text;
        }
        let recursive = ctes.values().any(|(_, recursive)| *recursive);
        let texts: Vec<String> = ctes.values().map(|(text, _)| text.clone()).collect();
        let compiler = self.dialect.statement_compiler();
        let preamble = compiler.get_cte_preamble(recursive);
        format!("{preamble} {}\n {text}", texts.join(", \n"))
    }

    fn compound(
        &mut self,
        compound: &CompoundSelect,
        flags: Flags,
        top: bool,
        as_from: bool,
    ) -> Result<String> {
        let data = &compound.0;
        self.open_with(top);
        for (cte, nest_here) in &data.ctes {
            self.added_cte(cte, *nest_here, flags)?;
        }
        let mut texts = Vec::with_capacity(data.selects.len());
        for (place, select) in data.selects.iter().enumerate() {
            // The parts of a compound SELECT do not correlate to each other.
            let mut text = match select {
                SelectBase::Select(select) => {
                    self.select(select, flags, top && place == 0, as_from)?
                }
                other => self.select_in(other, flags, false, as_from)?,
            };
            if needs_group(select) {
                // SQLite cannot parse parentheses here; SQLAlchemy renders them nevertheless.
                text = format!("({text})");
            }
            texts.push(text);
        }
        let keyword = data.operation.keyword();
        let keyword = self.dialect.statement_compiler().compound_keyword(keyword);
        let mut text = texts.join(&format!(" {keyword} "));
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
        let tail = self.tail(data, inner);
        self.levels.pop();
        text.push_str(&tail?);
        Ok(self.close_with(top, text))
    }

    fn tail(&mut self, data: &CompoundData, flags: Flags) -> Result<String> {
        let mut text = String::new();
        let group = self.order_list(&data.group_by, flags)?;
        if !group.is_empty() {
            text.push_str(&format!(" GROUP BY {group}"));
        }
        let order = self.order_list(&data.order_by, flags)?;
        if !order.is_empty() {
            text.push_str(&format!(" ORDER BY {order}"));
        }
        let limited = Limited {
            limit: data.limit.as_ref(),
            offset: data.offset.as_ref(),
            fetch: data.fetch.as_ref(),
        };
        text.push_str(&self.limited(limited, flags)?);
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
        let lateral = std::mem::take(&mut self.lateral);
        if data.is_limited() {
            let compiler = self.dialect.statement_compiler();
            if let Some(other) = compiler.translate_select_structure(select)? {
                return self.select(&other, flags, top, as_from);
            }
        }
        let flags = flags.outside_columns();
        self.open_with(top);
        for (cte, nest_here) in &data.ctes {
            self.added_cte(cte, *nest_here, flags)?;
        }
        let all_froms = self.froms(select)?;
        let froms = self.display_froms(select, &all_froms, as_from && !lateral)?;
        let columns = data.columns.clone();
        let names = column_names(&columns, data.label_style);
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
        Ok(self.close_with(top, text?))
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one statement")]
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
        let hints = hints_for(&data.hints, &self.dialect);
        text.push_str(&self.hint_text(&hints));
        text.push_str(&self.dialect_texts(&data.prefixes, flags)?);
        if data.distinct {
            let compiler = self.dialect.statement_compiler();
            text.push_str(&compiler.get_select_precolumns(self, &data.distinct_on, flags)?);
        }
        let limited = Limited {
            limit: data.limit.as_ref(),
            offset: data.offset.as_ref(),
            fetch: data.fetch.as_ref(),
        };
        if data.is_limited() {
            let compiler = self.dialect.statement_compiler();
            text.push_str(&compiler.limit_precolumns(self, limited, flags)?);
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
        if froms.is_empty() {
            text.push_str(
                self.dialect
                    .statement_compiler()
                    .default_from(!data.filters.is_empty()),
            );
        } else {
            text.push_str(" \nFROM ");
            let outer = std::mem::replace(&mut self.hints, hints);
            let list = self.from_list(froms, flags);
            self.hints = outer;
            text.push_str(&list?);
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
        text.push_str(&self.limited(limited, flags)?);
        if let Some(lock) = &data.for_update {
            let compiler = self.dialect.statement_compiler();
            text.push_str(&compiler.for_update_clause(self, lock, flags)?);
        }
        if !data.suffixes.is_empty() {
            text.push(' ');
            text.push_str(&self.dialect_texts(&data.suffixes, flags)?);
        }
        let dialect = self.dialect.clone();
        for hint in data
            .statement_hints
            .iter()
            .filter(|hint| hint.is_for(&dialect))
        {
            text.push(' ');
            text.push_str(&self.expression(&hint.text, flags)?);
        }
        Ok(text)
    }

    /// Prefixes or suffixes for this dialect, a space after each.
    pub(super) fn dialect_texts(&mut self, texts: &[DialectText], flags: Flags) -> Result<String> {
        let mut shown = String::new();
        let dialect = self.dialect.clone();
        for text in texts.iter().filter(|text| text.is_for(&dialect)) {
            shown.push_str(&self.expression(&text.text, flags)?);
            shown.push(' ');
        }
        Ok(shown)
    }

    /// Hints that stand before the columns, where the database has them there.
    fn hint_text(&mut self, hints: &[Hint]) -> String {
        if hints.is_empty() {
            return String::new();
        }
        let texts: Vec<String> = hints.iter().map(|hint| self.named_hint(hint)).collect();
        let compiler = self.dialect.statement_compiler();
        match compiler.get_select_hint_text(&texts.join(" ")) {
            Some(text) => format!("{text} "),
            None => String::new(),
        }
    }

    /// A hint with the name of its table.
    pub(super) fn named_hint(&mut self, hint: &Hint) -> String {
        let name = match hint.table.name() {
            Some(name) => self.quote_label(&name),
            None => String::new(),
        };
        hint.text.replace("%(name)s", &name)
    }

    /// Conditions joined by AND.
    pub(super) fn criteria(&mut self, conditions: &[Expression], flags: Flags) -> Result<String> {
        if conditions.is_empty() {
            return Ok(String::new());
        }
        let all = crate::elements::and_(conditions.iter().cloned());
        self.expression(&all, flags)
    }

    /// ORDER BY or GROUP BY; labelled columns are referenced by label.
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

    fn limited(&mut self, limited: Limited<'_>, flags: Flags) -> Result<String> {
        let compiler = self.dialect.statement_compiler();
        if let Some(fetch) = limited.fetch {
            return compiler.fetch_clause(self, fetch, limited.offset, flags);
        }
        if limited.limit.is_none() && limited.offset.is_none() {
            return Ok(String::new());
        }
        compiler.limit_clause(self, limited.limit, limited.offset, flags)
    }

    /// A column of a SELECT or RETURNING, labelled if necessary.
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
                        column.element.is_some()
                            || as_from && !column.is_literal && column.table.is_some()
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
        // The label's number is allocated before those inside the expression.
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
}

/// Whether a part of a compound SELECT must be parenthesized.
fn needs_group(select: &SelectBase) -> bool {
    match select {
        SelectBase::Select(select) => !select.0.order_by.is_empty() || select.0.is_limited(),
        SelectBase::Compound(_) => true,
        SelectBase::Text(_) => false,
    }
}
