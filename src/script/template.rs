//! `script.py.mako`: the part of Mako that such files contain.
//!
//! A template whose expressions are as simple as those of Alembic's own is rendered here. Any
//! other is turned into a Python program, as Mako does, which the interpreter runs through
//! [`ScriptLoader::run_template`](crate::script::ScriptLoader::run_template).

mod lexer;
mod program;
mod simple;

use std::any::Any;
use std::rc::Rc;

use ground::hash::IndexMap;

use crate::config::Config;
use crate::script::date::CreateDate;
use ground::diagnostic::Result;
use lexer::Lexer;
pub use program::TemplateProgram;

/// A value that a template sees under a name.
#[derive(Clone)]
pub enum TemplateValue {
    /// Python's `None`.
    None,
    /// A string.
    Text(String),
    /// A tuple of strings.
    Tuple(Vec<String>),
    /// A tuple of revisions, `None` among them for the base.
    Places(Vec<Option<String>>),
    /// A list of strings.
    List(Vec<String>),
    /// `create_date`, a `datetime`.
    Date(CreateDate),
    /// `config`.
    Config(Config),
    /// `comma`: `util.format_as_comma`.
    Comma,
    /// A value of the interpreter (`template_args` of env.py).
    Python(Rc<dyn Any>),
}

/// What a template is rendered with.
pub type TemplateArguments = IndexMap<String, TemplateValue>;

/// One piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
enum TemplateNode {
    Text(String),
    Expression {
        source: String,
        filters: Vec<String>,
        line: u32,
    },
    /// `% if …:`, `% else:`, without the percent sign.
    Control {
        source: String,
        line: u32,
    },
    /// `% endif`.
    ControlEnd {
        keyword: String,
    },
    /// `<% … %>`.
    Code {
        source: String,
        line: u32,
    },
    /// `<%! … %>`.
    ModuleCode {
        source: String,
        line: u32,
    },
    /// `<%def name="…">`.
    DefinitionStart {
        signature: String,
        line: u32,
    },
    DefinitionEnd,
}

/// A parsed template.
#[derive(Clone, Debug)]
pub struct Template {
    path: String,
    nodes: Vec<TemplateNode>,
}

impl Template {
    /// Parses the text of a template file.
    ///
    /// Errors: `mako.exceptions.SyntaxException` with its line, `limbeck.Unsupported` for
    /// tags of Mako that revision templates do not use.
    pub fn parse(text: &str, path: &str) -> Result<Self> {
        Ok(Template {
            path: path.to_owned(),
            nodes: Lexer::new(text, path).nodes()?,
        })
    }
}
