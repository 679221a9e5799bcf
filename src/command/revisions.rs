//! Commands that list revision files or write new ones.

use ground::exception;
use std::rc::Rc;

use super::{Project, two_parts};
use crate::autogenerate::{RevisionArguments, RevisionContext, differences_repr, rev_id};
use crate::config::Command;
use crate::runtime::EnvironmentOptions;
use crate::script::revision::{Identifier, RevisionOrBase};
use crate::script::{GenerateRevision, Script, TemplateArguments, TemplateValue};
use ground::diagnostic::{Error, Result};

/// The `AttributeError` of asking nothing for what a script has.
fn no_script(attribute: &str) -> Error {
    Error::new(
        exception::ATTRIBUTE_ERROR,
        format!("'NoneType' object has no attribute '{attribute}'"),
    )
}

/// The same of asking the base, which is the string `"base"`.
fn no_script_at_base(attribute: &str) -> Error {
    Error::new(
        exception::ATTRIBUTE_ERROR,
        format!("'str' object has no attribute '{attribute}'"),
    )
}

impl Project {
    /// `alembic branches`.
    pub(super) fn branches(&self, verbose: bool) -> Result<()> {
        for script in self
            .script
            .walk_revisions(&"base".into(), &"heads".into())?
        {
            if !script.is_branch_point() {
                continue;
            }
            let margin = " ".repeat(script.revision.chars().count());
            let mut lines = Vec::new();
            let next: Vec<String> = script.nextrev().iter().cloned().collect();
            for id in next {
                let child = self
                    .script
                    .get_revision(Some(&id))?
                    .ok_or_else(|| no_script("cmd_format"))?;
                lines.push(format!(
                    "{margin} -> {}",
                    child.cmd_format(false, true, verbose, false, true)
                ));
            }
            self.config.print_stdout(&format!(
                "{}\n{}\n",
                script.cmd_format(verbose, true, false, false, true),
                lines.join("\n")
            ));
        }
        Ok(())
    }

    /// `alembic heads`.
    pub(super) fn heads(&self, verbose: bool, resolve_dependencies: bool) -> Result<()> {
        let heads = if resolve_dependencies {
            self.script.get_revisions(&"heads".into())?
        } else {
            let heads = self.script.get_heads(false)?;
            self.script.get_revisions(&heads.into())?
        };
        for head in heads {
            let head = head.ok_or_else(|| no_script("cmd_format"))?;
            self.config
                .print_stdout(&head.cmd_format(verbose, true, false, false, false));
        }
        Ok(())
    }

    /// `alembic show`.
    pub(super) fn show(&self, rev: &str) -> Result<()> {
        if rev != "current" {
            return self.show_revisions(&rev.into());
        }
        self.with_current(|project, heads| project.show_revisions(&Identifier::from(heads)))
    }

    fn show_revisions(&self, id: &Identifier) -> Result<()> {
        for place in self.script.get_places(id)? {
            let script = match place {
                RevisionOrBase::None => return Err(no_script("log_entry")),
                RevisionOrBase::Base => return Err(no_script_at_base("log_entry")),
                RevisionOrBase::Revision(revision) => self.script.script(&revision)?,
            };
            self.config.print_stdout(&script.log_entry());
        }
        Ok(())
    }

    /// `alembic edit`.
    pub(super) fn edit(&self, rev: &str) -> Result<()> {
        let open = |project: &Project, places: Vec<RevisionOrBase>| -> Result<()> {
            for place in places {
                let script = match place {
                    RevisionOrBase::None => return Err(Error::new(exception::ASSERTION_ERROR, "")),
                    RevisionOrBase::Base => return Err(no_script_at_base("path")),
                    RevisionOrBase::Revision(revision) => project.script.script(&revision)?,
                };
                project
                    .config
                    .run()
                    .host
                    .open_in_editor(script.path())
                    .map_err(|reason| {
                        Error::command(format!("Error executing editor ({reason})"))
                    })?;
            }
            Ok(())
        };
        if rev == "current" {
            return self.with_current(move |project, heads| {
                if heads.is_empty() {
                    return Err(Error::command("No current revisions"));
                }
                let places = project.script.get_places(&Identifier::from(heads))?;
                open(project, places)
            });
        }
        let places = self.script.get_places(&rev.into())?;
        if places.is_empty() {
            return Err(Error::command(format!(
                "No revision files indicated by symbol '{rev}'"
            )));
        }
        open(self, places)
    }

    /// `alembic history`.
    pub(super) fn history(
        &self,
        rev_range: Option<&str>,
        verbose: bool,
        indicate_current: bool,
    ) -> Result<()> {
        let (base, head) = match rev_range {
            None => (String::new(), String::new()),
            Some(range) if !range.contains(':') => {
                return Err(Error::command(
                    "History range requires [start]:[end], [start]:, or :[end]",
                ));
            }
            Some(range) => {
                let parts: Vec<&str> = range.trim().split(':').collect();
                two_parts(&parts)?
            }
        };
        let environment = self.config.as_boolean("revision_environment")? || indicate_current;
        let display = move |project: &Project,
                            base: Identifier,
                            head: Identifier,
                            currents: &[String]|
              -> Result<()> {
            let or = |id: Identifier, other: &str| {
                if id.is_empty() {
                    Identifier::from(other)
                } else {
                    id
                }
            };
            let scripts = project
                .script
                .walk_revisions(&or(base, "base"), &or(head, "heads"))?;
            for script in scripts {
                if indicate_current {
                    script.set_current(currents.contains(&script.revision));
                }
                project
                    .config
                    .print_stdout(&script.cmd_format(verbose, true, true, true, true));
            }
            Ok(())
        };
        if base != "current" && head != "current" && !environment {
            return display(self, base.into(), head.into(), &[]);
        }
        self.with_current(move |project, heads| {
            let current = Identifier::from(heads);
            if head == "current" {
                display(project, base.as_str().into(), current, heads)
            } else if base == "current" {
                display(project, current, head.as_str().into(), heads)
            } else {
                display(project, base.as_str().into(), head.as_str().into(), heads)
            }
        })
    }

    /// `alembic revision`.
    pub(super) fn revision(&self, command: &Command) -> Result<Vec<Rc<Script>>> {
        let Command::Revision {
            message,
            autogenerate,
            sql,
            head,
            splice,
            branch_label,
            version_path,
            rev_id,
            depends_on,
        } = command
        else {
            return Ok(Vec::new());
        };
        let context = RevisionContext::new(
            &self.config,
            &self.script,
            RevisionArguments {
                message: message.clone(),
                sql: *sql,
                head: head.clone(),
                splice: *splice,
                branch_label: branch_label.clone().map(|label| vec![label]),
                version_path: version_path.clone(),
                rev_id: rev_id.clone(),
                depends_on: depends_on.clone(),
            },
        );
        let environment = self.config.as_boolean("revision_environment")?;
        if *autogenerate {
            if *sql {
                return Err(Error::command(
                    "Using --sql with --autogenerate does not make any sense",
                ));
            }
        } else if !environment && *sql {
            return Err(Error::command(
                "Using --sql with the revision command when revision_environment is not \
                 configured does not make any sense",
            ));
        }
        if *autogenerate || environment {
            self.run_revision_environment(&context, *autogenerate, *sql)?;
        }
        let scripts = self.environment.lend(|| context.generate_scripts())?;
        Ok(scripts.into_iter().flatten().collect())
    }

    /// Runs env.py so that it fills the scripts of a revision context.
    pub(super) fn run_revision_environment(
        &self,
        context: &RevisionContext,
        autogenerate: bool,
        sql: bool,
    ) -> Result<()> {
        let template_args = context.template_args().clone();
        self.environment.run_env(
            &self.script,
            EnvironmentOptions {
                migrations: Some(context.steps(autogenerate)),
                function: "retrieve_migrations",
                as_sql: sql,
                template_args: Some(template_args),
                ..EnvironmentOptions::default()
            },
        )
    }

    /// `alembic check`.
    pub(super) fn check(&self) -> Result<()> {
        let context = RevisionContext::new(
            &self.config,
            &self.script,
            RevisionArguments {
                head: Some("head".to_owned()),
                ..RevisionArguments::default()
            },
        );
        self.run_revision_environment(&context, true, false)?;
        let differences = self.environment.lend(|| context.differences())?;
        if !differences.is_empty() {
            return Err(Error::new(
                exception::AUTOGENERATE_DIFFS_DETECTED,
                format!(
                    "New upgrade operations detected: {}",
                    differences_repr(&differences)
                ),
            ));
        }
        self.config
            .print_stdout("No new upgrade operations detected.");
        Ok(())
    }

    /// `alembic merge`.
    pub(super) fn merge(
        &self,
        revisions: &[String],
        message: Option<&str>,
        branch_label: Option<&str>,
        asked_id: Option<&str>,
        splice: bool,
    ) -> Result<Vec<Rc<Script>>> {
        let mut template_args = TemplateArguments::default();
        template_args.insert(
            "config".to_owned(),
            TemplateValue::Config(self.config.clone()),
        );
        let template_args = Rc::new(std::cell::RefCell::new(template_args));
        if self.config.as_boolean("revision_environment")? {
            self.environment.run_env(
                &self.script,
                EnvironmentOptions {
                    migrations: Some(Rc::new(|_, _| Ok(Vec::new()))),
                    function: "retrieve_migrations",
                    template_args: Some(template_args.clone()),
                    ..EnvironmentOptions::default()
                },
            )?;
        }
        let template_args = template_args.borrow().clone();
        self.script
            .generate_revision(GenerateRevision {
                revid: match asked_id.filter(|id| !id.is_empty()) {
                    Some(id) => id.to_owned(),
                    None => rev_id(&*self.config.run().host),
                },
                message: message.map(str::to_owned),
                head: Some(Identifier::Many(revisions.to_vec())),
                splice,
                branch_labels: branch_label.map(|label| vec![label.to_owned()]),
                template_args,
                ..GenerateRevision::default()
            })
            .map(|script| script.into_iter().collect())
    }
}
