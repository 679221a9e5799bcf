//! What a compilation keeps while it runs: names given, parameters met, FROMs around.

use crate::exc;
use ground::hash::{HashMap, IndexMap};
use std::rc::Rc;

use super::{CompileOptions, Compiled, CompiledParameter, ResultColumn, Segment};
use crate::dialects::Dialect;
use crate::elements::{AnonymousName, BindParameter, Expression, LabelName};
use crate::schema::ColumnDefault;
use crate::sql::FromClause;
use ground::diagnostic::{Error, Result};

/// How the part being written is written.
#[derive(Clone, Copy)]
pub struct Flags {
    /// Values in the text.
    pub literal_binds: bool,
    /// Columns with their table's name.
    pub include_table: bool,
    /// In the columns of a SELECT, where a label says AS.
    pub within_columns: bool,
    /// Inside an operator's operand.
    pub in_operator: bool,
    /// The operator around wants parentheses.
    pub eager_grouping: bool,
}

impl Default for Flags {
    fn default() -> Self {
        Flags {
            literal_binds: false,
            include_table: true,
            within_columns: false,
            in_operator: false,
            eager_grouping: false,
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

/// One SELECT, UPDATE or DELETE that is being written.
pub(super) struct Level {
    /// What nested SELECTs may correlate to when they are told to.
    pub correlate: Vec<FromClause>,
    /// What nested SELECTs correlate to by themselves.
    pub implicit: Vec<FromClause>,
    /// The labels of its columns, for ORDER BY and GROUP BY.
    pub labels: Vec<Expression>,
    /// The columns of its FROMs.
    pub from_columns: Vec<Expression>,
}

/// The marks around a parameter's number while the text is being put together; neither is legal
/// in SQL text that a person writes.
const PARAMETER: char = '\u{fdd0}';
const EXPANDING: char = '\u{fdd1}';

/// A statement being compiled: what `SQLCompiler` keeps while it runs.
pub struct Compilation {
    /// The dialect that it is written for.
    pub dialect: Dialect,
    pub(super) options: CompileOptions,
    pub(super) levels: Vec<Level>,
    pub(super) result_columns: Vec<ResultColumn>,
    pub(super) returns_rows: bool,
    /// CTEs met, with their text, by key.
    pub(super) ctes: IndexMap<usize, (String, bool)>,
    anonymous: HashMap<AnonymousName, Rc<str>>,
    counters: HashMap<Rc<str>, usize>,
    parameters: Vec<CompiledParameter>,
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
            anonymous: HashMap::default(),
            counters: HashMap::default(),
            parameters: Vec::new(),
            names: HashMap::default(),
        }
    }

    /// The name in this statement: `anon_1`, `id_1`.
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
        // SQLAlchemy cuts labels that come near the identifier's limit.
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

    /// Writes a parameter: its mark, to be replaced when the text is finished.
    pub(super) fn parameter(
        &mut self,
        parameter: &Rc<BindParameter>,
        default: Option<ColumnDefault>,
    ) -> Result<String> {
        let name = self.resolve(&parameter.key);
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
                });
                place
            }
        };
        if parameter.expanding {
            return Ok(format!("({EXPANDING}{place}{EXPANDING})"));
        }
        let cast = self
            .dialect
            .statement_compiler()
            .render_bind_cast(&parameter.kind, &self.dialect)?;
        Ok(format!("{PARAMETER}{place}{PARAMETER}{cast}"))
    }

    /// The finished statement.
    pub(super) fn finish(self, text: String, returns_rows: bool) -> Compiled {
        let mut segments: Vec<Segment> = Vec::new();
        let mut string = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(start) = rest.find([PARAMETER, EXPANDING]) {
            let width = PARAMETER.len_utf8();
            let expanding = rest[start..].starts_with(EXPANDING);
            let before = &rest[..start];
            let after = &rest[start + width..];
            let Some(end) = after.find([PARAMETER, EXPANDING]) else {
                break;
            };
            string.push_str(before);
            segments.push(Segment::Text(before.to_owned()));
            // What stands between two marks is a number that this compilation wrote.
            let place: usize = after[..end].parse().unwrap_or(0);
            if let Some(entry) = self.parameters.get(place) {
                if expanding {
                    string.push_str(&format!("__[POSTCOMPILE_{}]", entry.name));
                    segments.push(Segment::Expanding(place));
                } else {
                    string.push_str(&self.shown_parameter(&entry.name));
                    segments.push(Segment::Parameter(place));
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

    fn shown_parameter(&self, name: &str) -> String {
        // Characters that drivers read as marks are replaced (`bindname_escape_characters`).
        let name: String = name
            .chars()
            .map(|character| match character {
                '%' => 'P',
                '(' => 'A',
                ')' => 'Z',
                ':' => 'C',
                '.' | '[' | ']' | ' ' => '_',
                other => other,
            })
            .collect();
        self.dialect.paramstyle().mark(&name)
    }

    /// `%` is written twice where the driver reads it as a mark.
    pub(super) fn double_percents(&self, text: &str) -> String {
        if self.dialect.paramstyle().doubles_percents() {
            text.replace('%', "%%")
        } else {
            text.to_owned()
        }
    }
}
