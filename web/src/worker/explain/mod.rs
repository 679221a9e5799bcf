//! Why a command failed or autogenerate found nothing: from what the engine says of it, and from what the
//! project has.

use std::rc::Rc;

use limbeck::command::{ModelClass, ModelKind, PendingState, after_imports, model_classes};
use limbeck::config::{Command, CommandLine, ParsedCommandLine};
use limbeck::ground::diagnostic::Reason;
use limbeck::ground::host::Host as _;
use protocol::console::quote;
use protocol::{Cause, Explanation, Failure, Mend, Place, Verb};

use crate::migrations::describe;
use crate::workspace::{WorkspaceHost, relative};

/// The button that runs `alembic ARGUMENTS`.
pub(crate) fn verb_of(arguments: &[String]) -> Option<Verb> {
    match CommandLine::new(None).parse(arguments) {
        ParsedCommandLine::Command(parsed) => match parsed.0 {
            Command::Revision {
                autogenerate: true, ..
            } => Some(Verb::Autogenerate),
            Command::Merge { .. } => Some(Verb::Merge),
            Command::Upgrade { sql: false, .. } => Some(Verb::Upgrade),
            Command::Downgrade { sql: false, .. } => Some(Verb::Downgrade),
            _ => None,
        },
        _ => None,
    }
}

/// A refusal of Alembic's.
pub(crate) fn refusal(reason: &Reason) -> Explanation {
    let (cause, mend) = match reason {
        Reason::RevisionNotFound(revision) => (
            Cause::UnknownRevision {
                revision: revision.clone(),
            },
            "alembic history",
        ),
        Reason::ParentNotFound { parent, revision } => {
            return Cause::UnknownParent {
                parent: parent.clone(),
                revision: revision.clone(),
                place: None,
            }
            .into();
        }
        Reason::SeveralHeads(heads) => (
            Cause::SeveralHeads {
                heads: heads.clone(),
            },
            "alembic merge -m 'merge heads' heads",
        ),
        Reason::DatabaseBehind => (Cause::Behind, "alembic upgrade heads"),
        Reason::NoMetadata => return Cause::NoMetadata.into(),
    };
    Explanation {
        cause,
        mend: Some(Mend::Run(mend.to_owned())),
    }
}

/// Says what the project knows of a refusal: that a revision that is not found is the database's own, and which line names
/// a parent that is absent.
pub(crate) fn explain_refusal(host: &WorkspaceHost, failure: &mut Failure) {
    let Some(explanation) = &mut failure.explanation else {
        return;
    };
    match &mut explanation.cause {
        Cause::UnknownRevision { .. } => {}
        Cause::UnknownParent {
            parent,
            revision,
            place,
        } => {
            *place = line_that_names(host, parent, revision);
            failure.place = place.clone().or_else(|| failure.place.take());
            return;
        }
        _ => return,
    }
    let (migrations, ..) = describe(&Rc::new(host.copy()));
    let revisions: Vec<String> = migrations
        .current
        .iter()
        .filter(|id| !migrations.revisions.iter().any(|one| one.id == **id))
        .cloned()
        .collect();
    if revisions.is_empty() {
        return;
    }
    let scripts = migrations.revisions.len();
    let target = match (scripts, migrations.heads.len()) {
        (0, _) => "base",
        (_, 1) => "head",
        _ => "heads",
    };
    **explanation = Explanation {
        cause: Cause::UnknownCurrent { revisions, scripts },
        mend: Some(Mend::Run(format!("alembic stamp --purge {target}"))),
    };
}

/// Where the script of a revision names another one, above all in its `down_revision`.
fn line_that_names(host: &WorkspaceHost, parent: &str, revision: &str) -> Option<Place> {
    let files = host.files();
    let mut places = Vec::new();
    for path in files.files.keys().filter(|path| path.ends_with(".py")) {
        let text = host_text(host, path)?;
        let is_quoted = |line: &str, id: &str| {
            line.contains(&format!("'{id}'")) || line.contains(&format!("\"{id}\""))
        };
        let is_script = |line: &str| line.starts_with("revision") && is_quoted(line, revision);
        if !text.lines().any(is_script) {
            continue;
        }
        for (number, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| is_quoted(line, parent))
        {
            let number = u32::try_from(number + 1).unwrap_or(u32::MAX);
            let place = Place {
                path: relative(path),
                line: number,
                column: 1,
                end_line: number,
                end_column: u32::MAX,
            };
            places.push((!line.starts_with("down_revision"), place));
        }
    }
    places
        .into_iter()
        .min_by_key(|(other, place)| (*other, place.line))
        .map(|(_, place)| place)
}

/// Why autogenerate finds nothing, or would drop what a person wants to keep.
pub(crate) fn unexpected(host: &WorkspaceHost, state: &PendingState) -> Option<Explanation> {
    unseen_models(host, state).or_else(|| tables_exist(host, state))
}

/// Whether a first revision would be empty, since its tables are there. What mends it keeps the rows: the
/// revision is written from an empty database, and this one is stamped with it.
fn tables_exist(host: &WorkspaceHost, state: &PendingState) -> Option<Explanation> {
    let first = state.error.is_none() && state.operations.is_empty() && !state.has_revisions;
    if !first || state.tables == 0 {
        return None;
    }
    let database = describe(&Rc::new(host.copy())).0.database?;
    let directory = relative(&host.current_directory());
    let here = match database.strip_prefix(&directory) {
        Some(rest) => rest.trim_start_matches('/').to_owned(),
        None => format!("/project/{database}"),
    };
    let (here, aside) = (quote(&here), quote(&format!("{here}.aside")));
    Some(Explanation {
        cause: Cause::TablesExist { database },
        mend: Some(Mend::Run(format!(
            "mv {here} {aside} && alembic revision --autogenerate -m initial; mv {aside} {here} && alembic stamp --purge head"
        ))),
    })
}

/// A class of a file, and where it stands.
struct Found {
    path: String,
    class: ModelClass,
}

impl Found {
    fn place(&self) -> Place {
        Place {
            path: relative(&self.path),
            line: self.class.line,
            column: 1,
            end_line: self.class.line,
            end_column: u32::MAX,
        }
    }
}

/// Why autogenerate does not see a model, or would drop every table.
fn unseen_models(host: &WorkspaceHost, state: &PendingState) -> Option<Explanation> {
    let drops = state.operations.iter().any(|one| one.name == "drop_table");
    if state.error.is_some() || !(state.operations.is_empty() || drops) {
        return None;
    }
    let files = host.files();
    let mut found = Vec::new();
    for (path, contents) in &files.files {
        let Some(text) = path
            .ends_with(".py")
            .then(|| std::str::from_utf8(contents).ok())
            .flatten()
        else {
            continue;
        };
        // Parsing every file of a project takes longer than looking for these.
        if ["__tablename__", "table=True", "SQLModel"]
            .iter()
            .any(|mark| text.contains(mark))
        {
            let path = path.to_string();
            found.extend(model_classes(text).into_iter().map(|class| Found {
                path: path.clone(),
                class,
            }));
        }
    }
    let imported = |one: &Found| {
        state
            .imported
            .iter()
            .any(|path| host.path(path) == one.path)
    };
    let drops_everything = drops && state.tables == 0;
    let is_table = |one: &&Found| one.class.kind == ModelKind::Table;
    if let Some(one) = found.iter().filter(is_table).find(|one| !imported(one)) {
        return Some(Explanation {
            cause: Cause::NotImported {
                class: one.class.name.clone(),
                place: one.place(),
                drops_everything,
            },
            mend: import_in_env(host, &one.path),
        });
    }
    if drops_everything {
        return Some(Cause::NoModels.into());
    }
    let tables = found.iter().any(|one| is_table(&one));
    let is_base = |name: &str| {
        let mut all = found.iter();
        all.any(|one| one.class.bases.iter().any(|base| base == name))
    };
    let one = found.iter().find(|one| {
        one.class.kind == ModelKind::WithoutTable
            && (one.class.has_primary_key || !tables)
            && !is_base(&one.class.name)
    })?;
    let mut text = host_text(host, &one.path)?;
    text.insert_str(one.class.after_bases, ", table=True");
    Some(Explanation {
        cause: Cause::NotATable {
            class: one.class.name.clone(),
            place: one.place(),
        },
        mend: Some(Mend::Write {
            path: relative(&one.path),
            text,
        }),
    })
}

fn host_text(host: &WorkspaceHost, path: &str) -> Option<String> {
    String::from_utf8(host.read(path).ok()?).ok()
}

/// env.py with an import of a file of the current folder.
fn import_in_env(host: &WorkspaceHost, path: &str) -> Option<Mend> {
    let folder = format!("{}/", host.current_directory().trim_end_matches('/'));
    let module = path.strip_prefix(&folder)?.strip_suffix(".py")?;
    let module = module.strip_suffix("/__init__").unwrap_or(module);
    let files = host.files();
    let mut scripts = files.files.keys().filter(|one| one.ends_with("/env.py"));
    let (env, None) = (scripts.next()?, scripts.next()) else {
        return None;
    };
    let mut text = host_text(host, env)?;
    let line = format!("import {}  # noqa: F401", module.replace('/', "."));
    match after_imports(&text) {
        0 => text.insert_str(0, &format!("{line}\n")),
        end => text.insert_str(end, &format!("\n{line}")),
    }
    Some(Mend::Write {
        path: relative(env),
        text,
    })
}

#[cfg(test)]
mod tests;
