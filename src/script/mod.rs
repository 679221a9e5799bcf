//! The revision scripts of a project: the graph that they form, the folder that holds them, the
//! template from which new ones are written.

pub mod date;
mod directory;
pub mod messaging;
pub mod project_template;
pub mod revision;
mod script_file;
pub mod template;
mod write_hooks;

use std::any::Any;
use std::rc::Rc;

use ground::diagnostic::Result;

pub use date::CreateDate;
pub use directory::{GenerateRevision, RevisionErrorTexts, ScriptDirectory};
pub use script_file::Script;
pub use template::{TemplateArguments, TemplateProgram, TemplateValue};

/// The revision variables of a loaded file.
#[derive(Clone)]
pub struct ScriptModule {
    /// Its `revision`; `None` where the module has none.
    pub revision: Option<String>,
    /// Its `down_revision` as a tuple; empty for `None`.
    pub down_revision: Vec<String>,
    /// Its `branch_labels` as a tuple; empty where absent.
    pub branch_labels: Vec<String>,
    /// Its `depends_on` as a tuple; empty where absent.
    pub depends_on: Vec<String>,
    /// Its docstring.
    pub doc: Option<String>,
    /// The module itself, which only `bindings` reads.
    pub handle: Rc<dyn Any>,
}

/// How this module runs Python; `bindings` implements it.
pub trait ScriptLoader {
    /// Loads a file as `util.load_python_file` does and reads its revision variables. A module
    /// without `down_revision` is an `AttributeError`, as `module.down_revision` is.
    fn load(&self, path: &str) -> Result<ScriptModule>;

    /// Runs a template's program and returns its `__M_result`.
    fn run_template(
        &self,
        program: &TemplateProgram,
        arguments: &TemplateArguments,
    ) -> Result<String>;

    /// `sys.path[:0] = paths`.
    fn prepend_sys_path(&self, paths: &[String]);
}
