//! The Migrations column: the revision that is chosen, and what is shown of it.

use std::rc::Rc;

use protocol::Revision;

use crate::state::State;

/// The tabs of the selected revision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScriptTab {
    /// Its script.
    #[default]
    Script,
    /// Review findings.
    Review,
    /// What it did, step by step.
    Steps,
    /// The SQL that it ran, and would run.
    Sql,
}

impl ScriptTab {
    /// Its name in a link.
    pub fn name(self) -> &'static str {
        match self {
            ScriptTab::Script => "script",
            ScriptTab::Review => "review",
            ScriptTab::Steps => "steps",
            ScriptTab::Sql => "sql",
        }
    }

    /// The tab of that name.
    pub fn named(name: &str) -> Option<ScriptTab> {
        [
            ScriptTab::Script,
            ScriptTab::Review,
            ScriptTab::Steps,
            ScriptTab::Sql,
        ]
        .into_iter()
        .find(|tab| tab.name() == name)
    }
}

/// The Migrations column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MigrationsState {
    /// The revision that is chosen.
    pub revision: Option<Rc<str>>,
    /// The selected tab.
    pub tab: ScriptTab,
    /// The revision that is reviewed unasked: the one that was written last, or that a shared project opened at.
    pub unasked: Option<Rc<str>>,
}

/// Reducer actions of this feature.
#[derive(Clone, Debug)]
pub enum MigrationsAction {
    /// A revision is chosen.
    Choose(Rc<str>),
    /// Something else of the chosen revision is to be shown.
    Tab(ScriptTab),
    /// The chosen revision is to be reviewed unasked.
    Review,
}

impl MigrationsState {
    /// The state after something happened.
    pub(crate) fn reduce(&mut self, action: MigrationsAction) {
        match action {
            MigrationsAction::Choose(id) => self.revision = Some(id),
            MigrationsAction::Tab(tab) => self.tab = tab,
            MigrationsAction::Review => self.unasked = self.revision.clone(),
        }
    }
}

impl State {
    /// The revision chosen.
    pub fn chosen_revision(&self) -> Option<&Revision> {
        let id = self.migrations.revision.as_deref()?;
        self.view
            .migrations
            .revisions
            .iter()
            .find(|revision| revision.id == id)
    }

    /// Where the chosen revision is gone, chooses the one where the database is, else the newest.
    pub(crate) fn choose_revision(&mut self) {
        if self.chosen_revision().is_none() {
            let revisions = &self.view.migrations.revisions;
            self.migrations.revision = revisions
                .iter()
                .find(|revision| revision.current)
                .or_else(|| revisions.first())
                .map(|revision| revision.id.as_str().into());
        }
    }
}
