//! Compilation of expressions.

use crate::compiler::types::unsupported_element;
use crate::exc;
use std::fmt::Write as _;
use std::rc::Rc;

use super::state::{Compilation, Flags};
use super::{ddl, quote_literal};
use crate::elements::{
    AsBoolean, Binary, BindParameter, ColumnClause, Expression, ExpressionList, Label, LabelName,
    Operator, Text, Unary, anonymous_parameter, at_execution, bind_names, func, literal_column,
};
use crate::literal::Literal;
use crate::schema::Column;
use crate::sql::FromClause;
use crate::sqltypes::{Type, classes};
use ground::diagnostic::{Error, Result};

impl Compilation {
    /// Compiles an expression.
    ///
    /// # Errors
    /// `sqlalchemy.exc.CompileError` where the dialect can't render it.
    pub fn expression(&mut self, expression: &Expression, flags: Flags) -> Result<String> {
        match expression {
            Expression::Text(text) => self.text(text, flags),
            Expression::Column(column) => Ok(self.schema_column(column, flags)),
            Expression::ColumnClause(column) => self.column_clause(column, flags),
            Expression::BindParameter(parameter) => self.bind(parameter, flags),
            Expression::Null => Ok("NULL".into()),
            Expression::True => Ok(self.truth(true)),
            Expression::False => Ok(self.truth(false)),
            Expression::Unary(unary) => self.unary(unary, flags),
            Expression::AsBoolean(boolean) => self.as_boolean(boolean, flags),
            Expression::Binary(binary) => self.binary(binary, flags),
            Expression::List(list) => self.list(list, flags),
            Expression::Tuple(items) => Ok(format!("({})", self.joined(items, ", ", flags)?)),
            Expression::Grouping(inner) => Ok(format!("({})", self.expression(inner, flags)?)),
            Expression::Label(label) => self.label(label, flags),
            Expression::Function(function) => self.function(function, flags),
            Expression::Cast(cast) => {
                if cast.attempt && !self.dialect.statement_compiler().has_try_cast() {
                    let class = "<class 'sqlalchemy.sql.elements.TryCast'>";
                    return Err(unsupported_element(class, &self.dialect));
                }
                let compiler = self.dialect.statement_compiler();
                compiler.visit_cast(self, cast, flags.outside_columns())
            }
            Expression::TypeCoerce(cast) => match &cast.clause {
                Expression::BindParameter(parameter) => {
                    let parameter = Rc::new(BindParameter {
                        kind: cast.kind.clone(),
                        ..(**parameter).clone()
                    });
                    self.bind(&parameter, flags)
                }
                other => self.expression(other, flags),
            },
            Expression::Case(case) => {
                let flags = flags.outside_columns();
                let mut text = String::from("CASE ");
                if let Some(value) = &case.value {
                    let _ = write!(text, "{} ", self.expression(value, flags)?);
                }
                for (when, then) in &case.whens {
                    let when = self.expression(when, flags)?;
                    let then = self.expression(then, flags)?;
                    let _ = write!(text, "WHEN {when} THEN {then} ");
                }
                if let Some(otherwise) = &case.otherwise {
                    let _ = write!(text, "ELSE {} ", self.expression(otherwise, flags)?);
                }
                text.push_str("END");
                Ok(text)
            }
            Expression::Extract(field, inner) => self.extract(field, inner, flags),
            Expression::Over(over) => {
                let flags = flags.outside_columns();
                let element = self.expression(&over.element, flags)?;
                let mut parts = Vec::new();
                if !over.partition_by.is_empty() {
                    let by = self.joined(&over.partition_by, ", ", flags)?;
                    parts.push(format!("PARTITION BY {by}"));
                }
                if !over.order_by.is_empty() {
                    let by = self.joined(&over.order_by, ", ", flags)?;
                    parts.push(format!("ORDER BY {by}"));
                }
                if let Some((word, start, end)) = over.frame {
                    let start = self.frame_end(start, "PRECEDING", flags)?;
                    let end = self.frame_end(end, "FOLLOWING", flags)?;
                    let mut frame = format!("{word} BETWEEN {start} AND {end}");
                    if let Some(excluded) = &over.exclude {
                        frame.push_str(" EXCLUDE ");
                        frame.push_str(excluded);
                    }
                    parts.push(frame);
                }
                Ok(format!("{element} OVER ({})", parts.join(" ")))
            }
            Expression::FunctionFilter(function, condition) => {
                let flags = flags.outside_columns();
                let function = self.expression(function, flags)?;
                let condition = self.expression(condition, flags)?;
                Ok(format!("{function} FILTER (WHERE {condition})"))
            }
            Expression::WithinGroup(function, order) => {
                let flags = flags.outside_columns();
                let function = self.expression(function, flags)?;
                let order = self.joined(order, ", ", flags)?;
                Ok(format!("{function} WITHIN GROUP (ORDER BY {order})"))
            }
            Expression::AggregateOrderBy(target, order) => {
                let compiler = self.dialect.statement_compiler();
                compiler.visit_aggregate_order_by(self, target, order, flags.outside_columns())
            }
            Expression::Collation(name) => Ok(self.dialect.format_collation(name)),
            Expression::ScalarSelect(select) => {
                let text = self.select_base(select, flags.outside_columns(), false)?;
                Ok(format!("({text})"))
            }
            Expression::LabelReference(name) => self.label_reference(name, flags),
        }
    }

    /// Joins several expressions with a separator, skipping empty ones.
    ///
    /// # Errors
    /// As [`Compilation::expression`].
    pub fn joined(
        &mut self,
        items: &[Expression],
        separator: &str,
        flags: Flags,
    ) -> Result<String> {
        let mut parts = Vec::with_capacity(items.len());
        for item in items {
            let text = self.expression(item, flags)?;
            if !text.is_empty() {
                parts.push(text);
            }
        }
        Ok(parts.join(separator))
    }

    fn truth(&self, value: bool) -> String {
        let compiler = self.dialect.statement_compiler();
        compiler.visit_boolean(value, &*self.dialect).into()
    }

    pub(super) fn text(&mut self, text: &Text, flags: Flags) -> Result<String> {
        let source = self.double_percents(&text.text);
        let mut out = String::with_capacity(source.len());
        let mut last = 0;
        for (start, end) in bind_names(&source) {
            out.push_str(&unescape_colons(&source[last..start - 1]));
            match text.parameters.get(&source[start..end]) {
                Some(parameter) => out.push_str(&self.bind(parameter, flags)?),
                None => out.push_str(&source[start - 1..end]),
            }
            last = end;
        }
        out.push_str(&unescape_colons(&source[last..]));
        Ok(out)
    }

    fn schema_column(&mut self, column: &Column, flags: Flags) -> String {
        let name = self.dialect.quote_name(&column.name());
        match column.table().filter(|_| flags.include_table) {
            Some(table) => format!("{}.{name}", ddl::format_table(&table, &self.dialect)),
            None => name,
        }
    }

    fn column_clause(&mut self, column: &ColumnClause, flags: Flags) -> Result<String> {
        let name = if let Some(element) = &column.element {
            element.compile(&self.dialect)?
        } else if column.is_literal {
            let text = self.resolve(&column.name);
            self.double_percents(&text)
        } else {
            self.quote_label(&column.name)
        };
        let Some(table) = column.table.as_ref().filter(|_| flags.include_table) else {
            return Ok(name);
        };
        let Some(table_name) = table.name() else {
            return Ok(name);
        };
        // The one column of `column_valued()` is the function's name itself.
        if matches!(table, FromClause::TableValued(function) if function.columns.is_empty()) {
            return Ok(match self.dialect.statement_compiler().column_value() {
                Some(column) => format!("{name}.{column}"),
                None => name,
            });
        }
        let table_name = self.quote_label(&table_name);
        Ok(match self.dialect.schema_for(table.schema()) {
            Some(schema) => {
                format!("{}.{table_name}.{name}", self.dialect.quote_schema(&schema))
            }
            None => format!("{table_name}.{name}"),
        })
    }

    pub(super) fn bind(&mut self, parameter: &Rc<BindParameter>, flags: Flags) -> Result<String> {
        let written = parameter.inline || (parameter.literal_execute && parameter.expanding);
        if flags.literal_binds || written {
            let text = self.literal_bind(parameter)?;
            return Ok(if parameter.expanding {
                format!("({text})")
            } else {
                text
            });
        }
        self.parameter(parameter, None)
    }

    fn literal_bind(&mut self, parameter: &BindParameter) -> Result<String> {
        let Some(value) = &parameter.value else {
            return Ok("NULL".into());
        };
        if !parameter.expanding {
            return self.literal_value(value, &parameter.kind);
        }
        let items = match value {
            Literal::List(items) | Literal::Tuple(items) => items.clone(),
            other => Rc::from(vec![other.clone()]),
        };
        let types = parameter.kind.tuple_types();
        if items.is_empty() {
            let columns = types.as_ref().map_or(1, Vec::len);
            let compiler = self.dialect.statement_compiler();
            let values = if types.is_some() && self.dialect.tuple_in_values() {
                "VALUES "
            } else {
                ""
            };
            return Ok(format!(
                "{values}{}",
                compiler.visit_empty_set_op_expr(columns, self.in_not_in)
            ));
        }
        let mut parts = Vec::with_capacity(items.len());
        let mut tuples = false;
        for item in items.iter() {
            match item {
                Literal::Tuple(inner) | Literal::List(inner)
                    if parameter.kind.is_null() || types.is_some() =>
                {
                    tuples = true;
                    let mut texts = Vec::with_capacity(inner.len());
                    for (place, part) in inner.iter().enumerate() {
                        let known = types.as_deref().unwrap_or_default();
                        let kind = super::tuple_type(known, place, part);
                        texts.push(self.literal_value(part, &kind)?);
                    }
                    parts.push(format!("({})", texts.join(", ")));
                }
                other => parts.push(self.literal_value(other, &parameter.kind)?),
            }
        }
        let values = if tuples && self.dialect.tuple_in_values() {
            "VALUES "
        } else {
            ""
        };
        Ok(format!("{values}{}", parts.join(", ")))
    }

    /// A value as a SQL literal (`render_literal_value`).
    pub(super) fn literal_value(&mut self, value: &Literal, kind: &Type) -> Result<String> {
        if value.is_null() {
            return Ok("NULL".into());
        }
        kind.process_literal(value, &self.dialect)
    }

    fn unary(&mut self, unary: &Unary, flags: Flags) -> Result<String> {
        let element = self.expression(&unary.element, flags.outside_columns())?;
        if unary.operator == Some(Operator::Distinct) && !flags.in_function {
            crate::schema::warn(
                "Column-expression-level unary distinct() should not be used outside of an \
                 aggregate function. For general 'SELECT DISTINCT' support use \
                 select().distinct().",
            );
        }
        if let Some(operator) = &unary.operator {
            return Ok(match operator {
                Operator::Custom(custom) => format!("{} {element}", custom.text),
                other => format!("{}{element}", other.text().unwrap_or("")),
            });
        }
        Ok(match &unary.modifier {
            Some(Operator::Custom(custom)) => format!("{element} {}", custom.text),
            Some(modifier) => format!("{element}{}", modifier.text().unwrap_or("")),
            None => element,
        })
    }

    fn as_boolean(&mut self, boolean: &AsBoolean, flags: Flags) -> Result<String> {
        let plain =
            self.dialect.supports_native_boolean() || is_implicitly_boolean(&boolean.element);
        let element = self.expression(&boolean.element, flags.outside_columns())?;
        Ok(match (boolean.operator == Operator::IsTrue, plain) {
            (true, true) => element,
            (true, false) => format!("{element} = 1"),
            (false, true) => format!("NOT {element}"),
            (false, false) => format!("{element} = 0"),
        })
    }

    fn list(&mut self, list: &ExpressionList, flags: Flags) -> Result<String> {
        let separator = match &list.operator {
            None => " ".to_owned(),
            Some(Operator::Custom(custom)) => format!(" {} ", custom.text),
            Some(Operator::Concat) => {
                let compiler = self.dialect.statement_compiler();
                return compiler.visit_concat_op_clauselist(self, list, flags);
            }
            Some(operator) => operator.text().unwrap_or(", ").to_owned(),
        };
        self.operator_list(list, &separator, flags)
    }

    /// A list of operands joined by the operator.
    ///
    /// # Errors
    /// As [`Compilation::expression`].
    pub fn operator_list(
        &mut self,
        list: &ExpressionList,
        operator: &str,
        flags: Flags,
    ) -> Result<String> {
        let flags = Flags {
            in_operator: true,
            ..flags.outside_columns()
        };
        self.joined(&list.clauses, operator, flags)
    }

    pub(super) fn label(&mut self, label: &Label, flags: Flags) -> Result<String> {
        let element = label.element.self_group(Some(&Operator::As));
        if flags.within_columns {
            self.resolve(&label.name);
        }
        let text = self.expression(&element, flags.outside_columns())?;
        if flags.within_columns {
            return Ok(format!("{text} AS {}", self.quote_label(&label.name)));
        }
        Ok(text)
    }

    fn extract(&mut self, field: &str, moment: &Expression, flags: Flags) -> Result<String> {
        let compiler = self.dialect.statement_compiler();
        compiler.visit_extract(self, field, moment, flags.outside_columns())
    }

    /// `_generate_generic_binary`: the operator, spaces included, between its operands.
    ///
    /// # Errors
    /// As [`Compilation::expression`].
    pub fn generic_binary(
        &mut self,
        binary: &Binary,
        operator: &str,
        flags: Flags,
    ) -> Result<String> {
        let eager = flags.eager_grouping;
        let inner = Flags {
            in_operator: true,
            ..flags.outside_columns()
        };
        let left = self.expression(&binary.left, inner)?;
        let right = self.expression(&binary.right, inner)?;
        let text = format!("{left}{operator}{right}");
        Ok(if flags.in_operator && eager {
            format!("({text})")
        } else {
            text
        })
    }

    /// A JSON element whose index or path is the text that SQL's JSON functions take: `$."key"[0]`.
    pub fn with_json_path(&self, binary: &Binary) -> Binary {
        let Expression::BindParameter(parameter) = &binary.right else {
            return binary.clone();
        };
        let step = |part: &Literal| match part {
            Literal::Integer(place) => format!("[{place}]"),
            other => format!(".\"{}\"", other.python_str()),
        };
        let path = match &parameter.value {
            Some(Literal::Tuple(parts) | Literal::List(parts)) => parts.iter().map(step).collect(),
            Some(only) => step(only),
            None => return binary.clone(),
        };
        Binary {
            right: Expression::BindParameter(Rc::new(BindParameter {
                value: Some(Literal::from(format!("${path}"))),
                kind: Type::string(None),
                ..(**parameter).clone()
            })),
            ..binary.clone()
        }
    }

    /// `left(function)(value, path)` of a JSON element.
    ///
    /// # Errors
    /// `CompileError`.
    pub fn json_call(&mut self, function: &str, binary: &Binary, flags: Flags) -> Result<String> {
        let binary = self.with_json_path(binary);
        let left = self.expression(&binary.left, flags)?;
        let right = self.expression(&binary.right, flags)?;
        Ok(format!("{function}({left}, {right})"))
    }

    fn binary(&mut self, binary: &Binary, flags: Flags) -> Result<String> {
        let flags = flags.outside_columns();
        let compiler = self.dialect.statement_compiler();
        match &binary.operator {
            Operator::Custom(custom) => {
                let operator = format!(" {} ", self.double_percents(&custom.text));
                let flags = Flags {
                    eager_grouping: custom.eager_grouping,
                    ..flags
                };
                self.generic_binary(binary, &operator, flags)
            }
            Operator::TrueDiv => compiler.visit_truediv_binary(self, binary, flags),
            Operator::FloorDiv => {
                let whole = |kind: Type| kind.has_affinity(&classes::GENERIC_INTEGER);
                let plain = self.dialect.div_is_floordiv()
                    && whole(binary.right.kind())
                    && whole(binary.left.kind());
                let left = self.expression(&binary.left, flags)?;
                let right = self.expression(&binary.right, flags)?;
                Ok(if plain {
                    format!("{left} / {right}")
                } else {
                    format!("FLOOR({left} / {right})")
                })
            }
            Operator::Match => compiler.visit_match_op_binary(self, binary, flags),
            Operator::Mod => compiler.visit_mod_binary(self, binary, flags),
            Operator::Concat => compiler.visit_concat_op_binary(self, binary, flags),
            Operator::IsDistinctFrom | Operator::IsNotDistinctFrom => {
                compiler.visit_is_distinct_from_binary(self, binary, flags)
            }
            Operator::NotIn => {
                // Only the list itself is asked how it is used.
                self.in_not_in = matches!(binary.right, Expression::BindParameter(_));
                let text = self.generic_binary(binary, " NOT IN ", flags);
                self.in_not_in = false;
                Ok(format!("({})", text?))
            }
            Operator::Between | Operator::NotBetween => {
                let operator = match (&binary.operator, binary.modifiers.symmetric) {
                    (Operator::Between, false) => " BETWEEN ",
                    (Operator::Between, true) => " BETWEEN SYMMETRIC ",
                    (_, false) => " NOT BETWEEN ",
                    (_, true) => " NOT BETWEEN SYMMETRIC ",
                };
                self.generic_binary(binary, operator, flags)
            }
            Operator::Like | Operator::NotLike => self.like(binary, flags),
            Operator::ILike | Operator::NotILike => {
                compiler.visit_ilike_op_binary(self, binary, flags)
            }
            Operator::StartsWith
            | Operator::NotStartsWith
            | Operator::EndsWith
            | Operator::NotEndsWith
            | Operator::Contains
            | Operator::NotContains
            | Operator::IStartsWith
            | Operator::NotIStartsWith
            | Operator::IEndsWith
            | Operator::NotIEndsWith
            | Operator::IContains
            | Operator::NotIContains => self.affix(binary, flags),
            Operator::RegexpMatch | Operator::NotRegexpMatch => {
                compiler.visit_regexp_match_op_binary(self, binary, flags)
            }
            Operator::RegexpReplace => compiler.visit_regexp_replace_op_binary(self, binary, flags),
            Operator::JsonGetItem | Operator::JsonPathGetItem => {
                compiler.visit_json_getitem_op_binary(self, binary, flags)
            }
            Operator::JsonAsText | Operator::JsonPathAsText => {
                compiler.visit_json_astext_binary(self, binary, flags)
            }
            Operator::GetItem => compiler.visit_getitem_binary(self, binary, flags),
            Operator::BitwiseXor => compiler.visit_bitwise_xor_op_binary(self, binary, flags),
            _ => self.operator_binary(binary, flags),
        }
    }

    /// A binary operator between its operands.
    ///
    /// # Errors
    /// `sqlalchemy.exc.UnsupportedCompilationError` for one that has no form of its own.
    pub fn operator_binary(&mut self, binary: &Binary, flags: Flags) -> Result<String> {
        let Some(text) = binary.operator.text() else {
            return Err(unsupported_element(binary.operator.name(), &self.dialect));
        };
        self.generic_binary(binary, text, flags)
    }

    /// One end of the frame of a window function; how many rows is a parameter.
    fn frame_end(&mut self, end: Option<i64>, unbounded: &str, flags: Flags) -> Result<String> {
        let (rows, word) = match end {
            None => return Ok(format!("UNBOUNDED {unbounded}")),
            Some(0) => return Ok("CURRENT ROW".into()),
            Some(rows) if rows < 0 => (-rows, "PRECEDING"),
            Some(rows) => (rows, "FOLLOWING"),
        };
        let kind = Type::integer_type();
        let parameter = BindParameter {
            literal_execute: self.dialect.statement_compiler().frame_of_numbers(),
            ..anonymous_parameter("param", Literal::Integer(rows), kind)
        };
        Ok(format!("{} {word}", self.bind(&Rc::new(parameter), flags)?))
    }

    /// A number that is written into the text when the statement is executed.
    ///
    /// # Errors
    /// As [`Compilation::expression`].
    pub fn literal_number(&mut self, number: &Expression, flags: Flags) -> Result<String> {
        self.expression(&at_execution(number), flags)
    }

    /// `REGEXP_REPLACE(text, pattern, replacement)`, with flags where some are given.
    ///
    /// # Errors
    /// As [`Compilation::expression`].
    pub fn regexp_replace(&mut self, binary: &Binary, flags: Flags) -> Result<String> {
        let text = self.expression(&binary.left, flags)?;
        let replacement = self.expression(&binary.right, flags)?;
        let modes = match &binary.modifiers.flags {
            Some(modes) => format!(", {}", quote_literal(modes, &self.dialect)),
            None => String::new(),
        };
        Ok(format!("REGEXP_REPLACE({text}, {replacement}{modes})"))
    }

    /// The ESCAPE of a LIKE, with a leading space.
    pub fn escape(&self, binary: &Binary) -> String {
        match &binary.modifiers.escape {
            Some(escape) => format!(" ESCAPE {}", quote_literal(escape, &self.dialect)),
            None => String::new(),
        }
    }

    /// LIKE or NOT LIKE, ignoring the operator's case sensitivity.
    ///
    /// # Errors
    /// As [`Compilation::expression`].
    pub fn like(&mut self, binary: &Binary, flags: Flags) -> Result<String> {
        let left = self.expression(&binary.left, flags)?;
        let right = self.expression(&binary.right, flags)?;
        let word = match binary.operator {
            Operator::NotLike
            | Operator::NotILike
            | Operator::NotStartsWith
            | Operator::NotEndsWith
            | Operator::NotContains
            | Operator::NotIStartsWith
            | Operator::NotIEndsWith
            | Operator::NotIContains => "NOT LIKE",
            _ => "LIKE",
        };
        Ok(format!("{left} {word} {right}{}", self.escape(binary)))
    }

    /// `startswith`, `endswith`, `contains`: LIKE with `%` concatenated.
    fn affix(&mut self, binary: &Binary, flags: Flags) -> Result<String> {
        use Operator::*;
        let percent = literal_column("'%'", Some(Type::string(None)));
        let insensitive = matches!(
            binary.operator,
            IStartsWith | NotIStartsWith | IEndsWith | NotIEndsWith | IContains | NotIContains
        );
        let folds = insensitive && !self.dialect.statement_compiler().has_ilike();
        let fold = |side: &Expression| {
            if folds {
                func(Vec::new(), "lower", vec![side.clone()])
            } else {
                side.clone()
            }
        };
        let right = fold(&binary.right);
        let right = match binary.operator {
            StartsWith | NotStartsWith | IStartsWith | NotIStartsWith => {
                right.operate(Concat, percent)?
            }
            EndsWith | NotEndsWith | IEndsWith | NotIEndsWith => percent.operate(Concat, right)?,
            _ => percent.operate(Concat, right)?.operate(Concat, percent)?,
        };
        let like = Binary {
            left: fold(&binary.left),
            right: right.self_group(Some(&Like)),
            ..binary.clone()
        };
        // The concatenation has the same precedence as LIKE and is not parenthesized.
        let like = Binary {
            right: match like.right {
                Expression::Grouping(inner) => (*inner).clone(),
                other => other,
            },
            ..like
        };
        if insensitive && !folds {
            let negated = matches!(
                binary.operator,
                NotIStartsWith | NotIEndsWith | NotIContains
            );
            let like = Binary {
                operator: if negated { NotILike } else { ILike },
                ..like
            };
            let compiler = self.dialect.statement_compiler();
            return compiler.visit_ilike_op_binary(self, &like, flags);
        }
        self.like(&like, flags)
    }

    fn label_reference(&mut self, name: &str, flags: Flags) -> Result<String> {
        let matches = |expression: &Expression| match expression.label_name() {
            Some(LabelName::Plain(own)) => *own == *name,
            _ => expression.key().as_deref() == Some(name),
        };
        let Some(level) = self.levels.last() else {
            return self.text(&crate::elements::parse_text(name), Flags::default());
        };
        let found = level
            .labels
            .iter()
            .find(|column| matches(column))
            .or_else(|| level.from_columns.iter().find(|column| matches(column)))
            .cloned();
        match found {
            Some(Expression::Label(label)) => Ok(self.quote_label(&label.name)),
            Some(column) => self.expression(
                &column,
                Flags {
                    include_table: flags.include_table,
                    ..Flags::default()
                },
            ),
            None => Err(Error::new(
                exc::COMPILE_ERROR,
                format!(
                    "Can't resolve label reference for ORDER BY / GROUP BY / DISTINCT etc. \
                     Textual SQL expression {} should be explicitly declared as text({})",
                    ground::formatting::repr::string_repr(name),
                    ground::formatting::repr::string_repr(name)
                ),
            )),
        }
    }
}

/// Unescapes `\:` to a colon (`BIND_PARAMS_ESC`).
fn unescape_colons(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find("\\:") {
        out.push_str(&rest[..place]);
        // It is an escape only before a word that is not followed by another colon or word
        // character.
        let after = &rest[place + 2..];
        let word = |character: char| character.is_alphanumeric() || character == '_';
        let end = after.find(|c: char| !word(c)).unwrap_or(after.len());
        let next = after[end..].chars().next();
        if end > 0 && next != Some(':') {
            out.push(':');
        } else {
            out.push_str("\\:");
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// `_is_implicitly_boolean`.
fn is_implicitly_boolean(expression: &Expression) -> bool {
    match expression {
        Expression::Binary(binary) => binary.operator.is_boolean(),
        Expression::List(list) => list.operator.as_ref().is_some_and(Operator::is_boolean),
        Expression::Grouping(inner) => is_implicitly_boolean(inner),
        Expression::Label(label) => is_implicitly_boolean(&label.element),
        Expression::Unary(_) => false,
        _ => false,
    }
}
