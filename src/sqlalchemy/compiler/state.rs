//! The state of a compilation: assigned names, collected parameters, enclosing FROMs.

use crate::exc;
use ground::hash::{HashMap, IndexMap};
use std::rc::Rc;

use super::{CompileOptions, Compiled, CompiledParameter, ResultColumn, Segment};
use crate::dialects::Dialect;
use crate::elements::{AnonymousName, BindParameter, Expression, LabelName};
use crate::schema::ColumnDefault;
use crate::sql::{FromClause, Hint};
use ground::diagnostic::{Error, Result};

/// How the current part is rendered.
#[derive(Clone, Copy)]
pub struct Flags {
    /// Render values inline.
    pub literal_binds: bool,
    /// Qualify columns with their table's name.
    pub include_table: bool,
    /// Within the columns clause of a SELECT, where labels are rendered with AS.
    pub within_columns: bool,
    /// Inside an operand of an operator.
    pub in_operator: bool,
    /// The enclosing operator requires parentheses.
    pub eager_grouping: bool,
    /// Inside the arguments of a function.
    pub in_function: bool,
}

impl Default for Flags {
    fn default() -> Self {
        Flags {
            literal_binds: false,
            include_table: true,
            within_columns: false,
            in_operator: false,
            eager_grouping: false,
            in_function: false,
        }
    }
}

impl Flags {
    pub(super) fn outside_columns(self) -> Flags {
        Flags {
            within_columns: false,
            ..self
        }
    }
}

/// A SELECT, UPDATE or DELETE being compiled.
pub(super) struct Level {
    /// FROMs that nested SELECTs may correlate to explicitly.
    pub correlate: Vec<FromClause>,
    /// FROMs that nested SELECTs correlate to automatically.
    pub implicit: Vec<FromClause>,
    /// The labels of its columns, for ORDER BY and GROUP BY.
    pub labels: Vec<Expression>,
    /// The columns of its FROM elements.
    pub from_columns: Vec<Expression>,
}

/// Delimiters around a parameter's number during compilation; a Unicode noncharacter, which user
/// SQL cannot contain.
const PARAMETER: char = '\u{fdd0}';
const EXPANDING: char = '\u{fdd1}';
const LITERAL: char = '\u{fdd2}';

/// A statement being compiled: the state of `SQLCompiler`.
pub struct Compilation {
    /// The target dialect.
    pub dialect: Dialect,
    pub(super) options: CompileOptions,
    pub(super) levels: Vec<Level>,
    pub(super) result_columns: Vec<ResultColumn>,
    pub(super) returns_rows: bool,
    /// Collected CTEs with their SQL, by key.
    pub(super) ctes: IndexMap<usize, (String, bool)>,
    /// The CTEs whose names others took over.
    pub(super) restated: Vec<usize>,
    /// For each enclosing SELECT but the outermost, the CTEs that stand in it.
    pub(super) nested: Vec<IndexMap<usize, (String, bool)>>,
    /// Parameters whose values a callable of their columns gives.
    pub(super) callables: Vec<(Rc<BindParameter>, ColumnDefault)>,
    /// Whether the next SELECT is LATERAL, and so correlates though it stands in a FROM clause.
    pub(super) lateral: bool,
    /// Whether a statement inside a CTE is being written.
    pub(super) inside_cte: bool,
    /// The hints about tables of the FROM clause that is being written.
    pub(super) hints: Vec<Hint>,
    anonymous: HashMap<AnonymousName, Rc<str>>,
    counters: HashMap<Rc<str>, usize>,
    parameters: Vec<CompiledParameter>,
    /// Whether the right side of a NOT IN is being written.
    pub(super) in_not_in: bool,
    names: HashMap<Rc<str>, usize>,
}

impl Compilation {
    pub(super) fn new(dialect: &Dialect, options: &CompileOptions) -> Self {
        Compilation {
            dialect: dialect.clone(),
            options: options.clone(),
            levels: Vec::new(),
            result_columns: Vec::new(),
            returns_rows: false,
            ctes: IndexMap::default(),
            restated: Vec::new(),
            nested: Vec::new(),
            callables: Vec::new(),
            lateral: false,
            inside_cte: false,
            hints: Vec::new(),
            anonymous: HashMap::default(),
            counters: HashMap::default(),
            parameters: Vec::new(),
            in_not_in: false,
            names: HashMap::default(),
        }
    }

    /// The resolved name in this statement: `anon_1`, `id_1`.
    pub(super) fn resolve(&mut self, name: &LabelName) -> Rc<str> {
        match name {
            LabelName::Plain(name) => name.text(),
            LabelName::Anonymous(name) => self.resolve_anonymous(name),
        }
    }

    pub(super) fn resolve_anonymous(&mut self, name: &AnonymousName) -> Rc<str> {
        if let Some(known) = self.anonymous.get(name) {
            return known.clone();
        }
        let counter = self.counters.entry(name.derived.clone()).or_insert(1);
        let mut text = format!("{}_{counter}", name.derived);
        *counter += 1;
        // SQLAlchemy truncates labels close to the identifier length limit.
        let limit = self.dialect.max_identifier_length().saturating_sub(6);
        if text.chars().count() > limit {
            let kept: String = text.chars().take(limit).collect();
            text = format!("{kept}_{:x}", self.anonymous.len() + 1);
        }
        let text: Rc<str> = text.into();
        self.anonymous.insert(name.clone(), text.clone());
        text
    }

    pub(super) fn quote_label(&mut self, name: &LabelName) -> String {
        match name {
            LabelName::Plain(name) => self.dialect.quote_name(name),
            LabelName::Anonymous(name) => {
                let text = self.resolve_anonymous(name);
                self.dialect.quote(&text)
            }
        }
    }

    /// Renders a parameter as a mark, replaced when the statement is finished.
    pub(super) fn parameter(
        &mut self,
        parameter: &Rc<BindParameter>,
        default: Option<ColumnDefault>,
    ) -> Result<String> {
        let name = self.resolve(&parameter.key);
        let called = || {
            let mut known = self.callables.iter();
            let found = known.find(|(known, _)| Rc::ptr_eq(known, parameter));
            found.map(|(_, default)| default.clone())
        };
        let default = default.or_else(called);
        let place = match self.names.get(&name) {
            Some(place) => {
                let existing = &self.parameters[*place].parameter;
                if !Rc::ptr_eq(existing, parameter)
                    && existing.key != parameter.key
                    && (existing.unique || parameter.unique)
                {
                    return Err(Error::new(
                        exc::COMPILE_ERROR,
                        format!(
                            "Bind parameter '{name}' conflicts with unique bind parameter of the \
                             same name"
                        ),
                    ));
                }
                *place
            }
            None => {
                let place = self.parameters.len();
                self.names.insert(name.clone(), place);
                self.parameters.push(CompiledParameter {
                    name,
                    parameter: parameter.clone(),
                    default,
                    negated: self.in_not_in,
                });
                place
            }
        };
        if parameter.expanding {
            return Ok(format!("({EXPANDING}{place}{EXPANDING})"));
        }
        if parameter.literal_execute {
            return Ok(format!("{LITERAL}{place}{LITERAL}"));
        }
        let cast = self
            .dialect
            .statement_compiler()
            .render_bind_cast(&parameter.kind, &self.dialect)?;
        Ok(format!("{PARAMETER}{place}{PARAMETER}{cast}"))
    }

    /// Finishes the statement.
    pub(super) fn finish(self, text: String, returns_rows: bool) -> Compiled {
        let mut segments: Vec<Segment> = Vec::new();
        let mut string = String::with_capacity(text.len());
        let mut rest = text.as_str();
        let marks = [PARAMETER, EXPANDING, LITERAL];
        while let Some(start) = rest.find(marks) {
            let width = PARAMETER.len_utf8();
            let mark = rest[start..].chars().next();
            let before = &rest[..start];
            let after = &rest[start + width..];
            let Some(end) = after.find(marks) else {
                break;
            };
            string.push_str(before);
            segments.push(Segment::Text(before.to_owned()));
            // Between two marks there is always a number written by this compilation.
            let place: usize = after[..end].parse().unwrap_or(0);
            if let Some(entry) = self.parameters.get(place) {
                if mark == Some(PARAMETER) {
                    string.push_str(&self.shown_parameter(&entry.name, place));
                    segments.push(Segment::Parameter(place));
                } else {
                    string.push_str(&format!("__[POSTCOMPILE_{}]", entry.name));
                    segments.push(match mark {
                        Some(LITERAL) => Segment::Literal(place),
                        _ => Segment::Expanding(place),
                    });
                }
            }
            rest = &after[end + width..];
        }
        string.push_str(rest);
        segments.push(Segment::Text(rest.to_owned()));
        Compiled {
            string,
            parameters: self.parameters,
            result_columns: self.result_columns,
            returns_rows: returns_rows || self.returns_rows,
            segments: segments.into(),
            dialect: self.dialect,
        }
    }

    fn shown_parameter(&self, name: &str, place: usize) -> String {
        let name = self.dialect.bind_name(name);
        self.dialect.paramstyle().mark(&name, place)
    }

    /// Doubles `%` for drivers that use it as a parameter marker.
    pub(super) fn double_percents(&self, text: &str) -> String {
        self.dialect.double_percents(text.to_owned())
    }
}
