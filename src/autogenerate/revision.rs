//! Generates revision files: `alembic.autogenerate.api.RevisionContext`.

use ground::order::InOrder;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::autogenerate::api::{AutogenContext, AutogenOptions};
use crate::autogenerate::compare::populate_migration_script;
use crate::autogenerate::pending::{PendingOperation, pending_operations};
use crate::autogenerate::render::render_python_into_templatevars;
use crate::config::Config;
use crate::operations::ops::{
    Difference, DowngradeOps, MigrationScript, OperationList, Shared, UpgradeOps,
};
use crate::runtime::{MigrationContext, StepsFunction};
use crate::script::revision::Identifier;
use crate::script::{GenerateRevision, Script, ScriptDirectory, TemplateArguments, TemplateValue};
use ground::diagnostic::{Error, Reason, Result};
use ground::host::Host;

/// The arguments of `alembic revision`.
#[derive(Clone, Default)]
pub struct RevisionArguments {
    /// `-m`.
    pub message: Option<String>,
    /// `--sql`.
    pub sql: bool,
    /// `--head`; `None` means `head`.
    pub head: Option<String>,
    /// `--splice`.
    pub splice: bool,
    /// `--branch-label`.
    pub branch_label: Option<Vec<String>>,
    /// `--version-path`.
    pub version_path: Option<String>,
    /// `--rev-id`; generated if `None`.
    pub rev_id: Option<String>,
    /// `--depends-on`.
    pub depends_on: Option<Vec<String>>,
}

/// The scripts to be written by a command, in order.
pub type GeneratedRevisions = Rc<RefCell<Vec<Shared<MigrationScript>>>>;

/// `RevisionContext`: a run of `revision` or `check`; a cheap handle.
#[derive(Clone)]
pub struct RevisionContext(Rc<RevisionState>);

struct RevisionState {
    script_directory: ScriptDirectory,
    arguments: RevisionArguments,
    template_args: Rc<RefCell<TemplateArguments>>,
    generated_revisions: GeneratedRevisions,
    last_autogen_context: RefCell<Option<AutogenContext>>,
    database_behind: Cell<bool>,
}

/// A new revision id: the last twelve digits of a random UUID, as `util.rev_id()` returns.
pub fn rev_id(host: &dyn Host) -> String {
    let mut bytes = [0u8; 6];
    host.random(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl RevisionContext {
    /// Creates a context with one empty script.
    pub fn new(
        config: &Config,
        script_directory: &ScriptDirectory,
        arguments: RevisionArguments,
    ) -> RevisionContext {
        let script = MigrationScript {
            rev_id: Some(
                arguments
                    .rev_id
                    .clone()
                    .filter(|id| !id.is_empty())
                    .unwrap_or_else(|| rev_id(&*config.run().host)),
            ),
            message: arguments.message.clone(),
            head: arguments.head.clone(),
            splice: Some(arguments.splice),
            branch_label: arguments.branch_label.clone().unwrap_or_default(),
            version_path: arguments.version_path.clone(),
            depends_on: arguments.depends_on.clone().unwrap_or_default(),
            upgrade_ops_list: vec![Rc::new(RefCell::new(UpgradeOps::default()))],
            downgrade_ops_list: vec![Rc::new(RefCell::new(DowngradeOps::default()))],
            ..MigrationScript::default()
        };
        let mut template_args = TemplateArguments::default();
        template_args.insert("config".to_owned(), TemplateValue::Config(config.clone()));
        RevisionContext(Rc::new(RevisionState {
            script_directory: script_directory.clone(),
            arguments,
            template_args: Rc::new(RefCell::new(template_args)),
            generated_revisions: Rc::new(RefCell::new(vec![Rc::new(RefCell::new(script))])),
            last_autogen_context: RefCell::new(None),
            database_behind: Cell::new(false),
        }))
    }

    /// The template's arguments, which env.py may extend.
    pub fn template_args(&self) -> &Rc<RefCell<TemplateArguments>> {
        &self.0.template_args
    }

    /// The scripts so far.
    pub fn generated_revisions(&self) -> &GeneratedRevisions {
        &self.0.generated_revisions
    }

    /// Whether the comparison was refused because the database is not up to date.
    pub fn is_database_behind(&self) -> bool {
        self.0.database_behind.get()
    }

    /// How many tables the `target_metadata` has that was compared; 0 before that.
    pub fn metadata_tables(&self) -> usize {
        self.0
            .last_autogen_context
            .borrow()
            .as_ref()
            .map_or(0, |context| {
                let metadata = context.metadata().iter();
                metadata.map(|one| one.tables().len()).sum()
            })
    }

    /// The steps function for env.py's run. It returns no steps; with `autogenerate` it compares
    /// the database with the models and fills the script, otherwise only callbacks change it.
    ///
    /// It raises `CommandError` if the database is not up to date, and passes on errors of the
    /// comparison and of callbacks.
    pub fn steps(&self, autogenerate: bool) -> StepsFunction {
        // The comparison stored in this context refers to the steps function, so that must only
        // hold a weak reference.
        let state = Rc::downgrade(&self.0);
        Rc::new(move |heads, context| {
            if let Some(state) = state.upgrade() {
                RevisionContext(state).run_environment(heads, context, autogenerate)?;
            }
            Ok(Vec::new())
        })
    }

    fn run_environment(
        &self,
        heads: &[String],
        context: &MigrationContext,
        autogenerate: bool,
    ) -> Result<()> {
        if autogenerate {
            if self.0.arguments.sql {
                return Err(Error::command(
                    "Using --sql with --autogenerate does not make any sense",
                ));
            }
            let current = self.revisions(&Identifier::Many(heads.to_vec()))?;
            let newest = self.revisions(&Identifier::One("heads".to_owned()))?;
            if current != newest {
                self.0.database_behind.set(true);
                return Err(Error::command("Target database is not up to date.")
                    .with_reason(Reason::DatabaseBehind));
            }
        }
        let options = AutogenOptions::of(context);
        let script = self
            .0
            .generated_revisions
            .borrow()
            .last()
            .cloned()
            .ok_or_else(|| Error::new("IndexError", "list index out of range"))?;
        {
            let mut script = script.borrow_mut();
            if script.needs_render == Some(true) {
                script
                    .upgrade_ops_list
                    .push(Rc::new(RefCell::new(UpgradeOps {
                        ops: OperationList::default(),
                        upgrade_token: options.upgrade_token.clone(),
                    })));
                script
                    .downgrade_ops_list
                    .push(Rc::new(RefCell::new(DowngradeOps {
                        ops: OperationList::default(),
                        downgrade_token: options.downgrade_token.clone(),
                    })));
            } else {
                if let Some(last) = script.upgrade_ops_list.last() {
                    last.borrow_mut().upgrade_token = options.upgrade_token.clone();
                }
                if let Some(last) = script.downgrade_ops_list.last() {
                    last.borrow_mut().downgrade_token = options.downgrade_token.clone();
                }
                script.needs_render = Some(true);
            }
        }
        let callbacks = options.callbacks.clone();
        let autogen_context = AutogenContext::new(context, None, options, autogenerate)?;
        *self.0.last_autogen_context.borrow_mut() = Some(autogen_context.clone());
        if autogenerate {
            let script = script.borrow().clone();
            populate_migration_script(&autogen_context, &script)?;
        }
        callbacks.process_revision_directives(context, heads, &self.0.generated_revisions)?;
        for script in self.0.generated_revisions.borrow().iter() {
            script.borrow_mut().needs_render = Some(true);
        }
        Ok(())
    }

    /// The sorted ids of the scripts that an identifier resolves to.
    fn revisions(&self, id: &Identifier) -> Result<Vec<Option<String>>> {
        let mut ids: Vec<Option<String>> = self
            .0
            .script_directory
            .get_revisions(id)?
            .into_iter()
            .map(|script| script.map(|script| script.revision.clone()))
            .collect();
        ids.in_order();
        ids.dedup();
        Ok(ids)
    }

    /// Renders and writes the scripts; `None` for a script that was not written.
    ///
    /// # Errors
    /// What rendering and writing raise.
    pub fn generate_scripts(&self) -> Result<Vec<Option<Rc<Script>>>> {
        let scripts: Vec<Shared<MigrationScript>> = self.0.generated_revisions.borrow().clone();
        scripts
            .iter()
            .map(|script| {
                let script = script.borrow().clone();
                self.to_script(&script)
            })
            .collect()
    }

    /// The template's arguments for a script: those given, and its rendered bodies.
    ///
    /// # Errors
    /// What rendering raises.
    pub fn rendered(&self, script: &MigrationScript) -> Result<TemplateArguments> {
        let mut arguments = self.0.template_args.borrow().clone();
        if script.needs_render == Some(true)
            && let Some(context) = self.0.last_autogen_context.borrow().clone()
        {
            context.set_imports(script.imports.borrow().iter().cloned());
            for (name, text) in render_python_into_templatevars(&context, script)? {
                arguments.insert(name, TemplateValue::Text(text));
            }
        }
        Ok(arguments)
    }

    fn to_script(&self, script: &MigrationScript) -> Result<Option<Rc<Script>>> {
        let template_args = self.rendered(script)?;
        let some = |list: &Vec<String>| (!list.is_empty()).then(|| list.clone());
        self.0.script_directory.generate_revision(GenerateRevision {
            revid: script
                .rev_id
                .clone()
                .ok_or_else(|| Error::new("AssertionError", ""))?,
            message: script.message.clone(),
            head: script.head.clone().map(Identifier::One),
            splice: script.splice.unwrap_or(false),
            branch_labels: some(&script.branch_label),
            version_path: script.version_path.clone(),
            depends_on: some(&script.depends_on),
            template_args,
        })
    }

    /// The operations that the scripts would contain.
    ///
    /// # Errors
    /// What rendering raises.
    pub fn pending_operations(&self) -> Result<Vec<PendingOperation>> {
        let mut pending = Vec::new();
        let context = self.0.last_autogen_context.borrow().clone();
        let scripts: Vec<Shared<MigrationScript>> = self.0.generated_revisions.borrow().clone();
        if let Some(context) = context {
            for script in scripts {
                let upgrades = script.borrow().upgrade_ops_list.clone();
                for upgrade in upgrades {
                    let operations = upgrade.borrow().ops.clone();
                    pending.extend(pending_operations(&operations, &context)?);
                }
            }
        }
        Ok(pending)
    }

    /// The differences in the last script's upgrades, for `check`.
    ///
    /// # Errors
    /// As [`OperationList::as_diffs`]; `IndexError` where a callback left no script.
    pub fn differences(&self) -> Result<Vec<Difference>> {
        let script = self
            .0
            .generated_revisions
            .borrow()
            .last()
            .cloned()
            .ok_or_else(|| Error::new("IndexError", "list index out of range"))?;
        let mut differences = Vec::new();
        let upgrades = script.borrow().upgrade_ops_list.clone();
        for upgrade in upgrades {
            let operations = upgrade.borrow().ops.clone();
            differences.extend(operations.as_diffs()?);
        }
        Ok(differences)
    }
}
