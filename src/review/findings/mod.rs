//! Review findings about a revision, each with its line and, if possible, an edit that fixes it.
//!
//! Facts come from running upgrade and downgrade on a copy, continuing after an operation that
//! fails; the syntax tree is only used for what the run does not show.

mod constraints;
mod data;
mod elsewhere;
mod locks;
mod practice;
mod references;
mod renames;
mod text;
mod types;
mod values;

pub(super) use values::{family, length};

use ground::order::InOrder;
use std::cell::RefCell;
use std::rc::Rc;

use super::database::{Database, quoted};
use super::operation::RecordedOperation;
use super::recorder::{Snapshot, Step, Timeline};
use super::rows::Rows;
use super::script::{Script, Site};
use super::trial::{Prepared, Trial};
use driver::Value;
use ground::diagnostic::{Error, Location, Result};
use ground::run::Run;

/// The kinds of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// The upgrade fails, for a reason not covered by another finding.
    UpgradeFails,
    /// The downgrade fails, for a reason not covered by another finding.
    DowngradeFails,
    /// A drop and an add that look like a rename.
    LooksLikeRename,
    /// A table or column that contains data is dropped.
    DropsData,
    /// NOT NULL without a default, on a table with rows.
    NotNullWithoutDefault,
    /// A unique constraint or index on duplicate values.
    UniqueOnDuplicates,
    /// A type change that some values do not survive.
    TypeLosesValues,
    /// A foreign key without an index.
    ForeignKeyWithoutIndex,
    /// A constraint without a name, which cannot be dropped by name.
    UnnamedConstraint,
    /// An ALTER that requires batch mode on this database.
    NeedsBatch,
    /// The downgrade is missing.
    DowngradeMissing,
    /// The downgrade does not restore the previous schema.
    DowngradeNotReversing,
    /// The migration imports models, which may change later.
    ModelsImported,
    /// A name is used but not imported.
    ImportMissing,
    /// The revision graph has several heads.
    SeveralHeads,
    /// A foreign key on a column of another kind than the one it refers to.
    ForeignKeyTypeDiffers,
    /// A foreign key on rows that refer to nothing.
    ForeignKeyOnOrphans,
    /// A table in use is renamed.
    RenamesTable,
    /// A column in use is renamed.
    RenamesColumn,
    /// A default of Python's, which existing rows get nothing from.
    DefaultHasNoEffect,
    /// A table without a primary key.
    NoPrimaryKey,
    /// An index whose columns another one begins with.
    DuplicateIndex,
    /// A constraint is dropped and not made again.
    DropsConstraint,
    /// The script ends or begins transactions itself.
    TransactionControl,
    /// The script asks the database, which fails with `--sql`.
    AsksDatabaseOffline,
    /// The script writes something else each time.
    NotDeterministic,
    /// A table is dropped of which a file that env.py does not import has a model.
    DropsTableOfModel,
    /// A type of the database's that the downgrade leaves behind.
    TypeLeftBehind,
    /// An index is built while nobody can write.
    IndexBlocksWrites,
    /// The whole table is written anew.
    RewritesTable,
    /// NOT NULL is set by looking at every row under a lock.
    NotNullScansTable,
    /// A constraint is made by checking every row under a lock.
    ConstraintScansTable,
    /// The index of a unique constraint is built while nobody can read.
    UniqueBlocksReads,
    /// Rows are changed while the transaction keeps others from reading a table.
    RowsChangedUnderLock,
    /// A revision that a database has is not what that database looks like.
    AppliedDiffers,
    /// A revision that the base branch has is edited.
    EditedAfterMerge,
    /// The base branch goes on from the same revision.
    HeadsMeet,
    /// A value of an enum type is used in the transaction that added it.
    EnumValueUsed,
    /// A column of a JSON type whose values can't be compared.
    JsonWithoutEquality,
    /// A column whose values are filled up with blanks.
    CharPads,
    /// A time that does not say of which zone it is.
    TimestampWithoutZone,
    /// A primary key of 32 bits.
    IntegerKey,
    /// A key that is numbered by a sequence beside the table.
    SerialKey,
    /// A text with a limit that belongs to its type.
    LimitedText,
    /// An index is dropped while nobody can read or write.
    DropsIndexUnderLock,
    /// A column may be NULL from here.
    DropsNotNull,
    /// An index of more than three columns.
    WideIndex,
}

impl Code {
    /// Every kind.
    pub const ALL: [Code; 47] = [
        Code::UpgradeFails,
        Code::DowngradeFails,
        Code::LooksLikeRename,
        Code::DropsData,
        Code::NotNullWithoutDefault,
        Code::UniqueOnDuplicates,
        Code::TypeLosesValues,
        Code::ForeignKeyWithoutIndex,
        Code::UnnamedConstraint,
        Code::NeedsBatch,
        Code::DowngradeMissing,
        Code::DowngradeNotReversing,
        Code::ModelsImported,
        Code::ImportMissing,
        Code::SeveralHeads,
        Code::ForeignKeyTypeDiffers,
        Code::ForeignKeyOnOrphans,
        Code::RenamesTable,
        Code::RenamesColumn,
        Code::DefaultHasNoEffect,
        Code::NoPrimaryKey,
        Code::DuplicateIndex,
        Code::DropsConstraint,
        Code::TransactionControl,
        Code::AsksDatabaseOffline,
        Code::NotDeterministic,
        Code::DropsTableOfModel,
        Code::TypeLeftBehind,
        Code::IndexBlocksWrites,
        Code::RewritesTable,
        Code::NotNullScansTable,
        Code::ConstraintScansTable,
        Code::UniqueBlocksReads,
        Code::RowsChangedUnderLock,
        Code::AppliedDiffers,
        Code::EditedAfterMerge,
        Code::HeadsMeet,
        Code::EnumValueUsed,
        Code::JsonWithoutEquality,
        Code::CharPads,
        Code::TimestampWithoutZone,
        Code::IntegerKey,
        Code::SerialKey,
        Code::LimitedText,
        Code::DropsIndexUnderLock,
        Code::DropsNotNull,
        Code::WideIndex,
    ];

    /// The kind of that word, such as `drops-data`.
    pub fn named(word: &str) -> Option<Code> {
        Code::ALL.into_iter().find(|code| code.word() == word)
    }

    /// Whether a project must ask for it, since careful people disagree about it: without a severity
    /// of its own such a finding is not told.
    pub fn on_request(self) -> bool {
        matches!(
            self,
            Code::TimestampWithoutZone
                | Code::IntegerKey
                | Code::SerialKey
                | Code::LimitedText
                | Code::DropsIndexUnderLock
                | Code::DropsNotNull
                | Code::WideIndex
        )
    }

    /// The code as a word: `looks-like-rename`.
    pub fn word(self) -> &'static str {
        match self {
            Code::UpgradeFails => "upgrade-fails",
            Code::DowngradeFails => "downgrade-fails",
            Code::LooksLikeRename => "looks-like-rename",
            Code::DropsData => "drops-data",
            Code::NotNullWithoutDefault => "not-null-without-default",
            Code::UniqueOnDuplicates => "unique-on-duplicates",
            Code::TypeLosesValues => "type-loses-values",
            Code::ForeignKeyWithoutIndex => "foreign-key-without-index",
            Code::UnnamedConstraint => "unnamed-constraint",
            Code::NeedsBatch => "needs-batch",
            Code::DowngradeMissing => "downgrade-missing",
            Code::DowngradeNotReversing => "downgrade-not-reversing",
            Code::ModelsImported => "models-imported",
            Code::ImportMissing => "import-missing",
            Code::SeveralHeads => "several-heads",
            Code::ForeignKeyTypeDiffers => "foreign-key-type-differs",
            Code::ForeignKeyOnOrphans => "foreign-key-on-orphans",
            Code::RenamesTable => "renames-table",
            Code::RenamesColumn => "renames-column",
            Code::DefaultHasNoEffect => "default-has-no-effect",
            Code::NoPrimaryKey => "no-primary-key",
            Code::DuplicateIndex => "duplicate-index",
            Code::DropsConstraint => "drops-constraint",
            Code::TransactionControl => "transaction-control",
            Code::AsksDatabaseOffline => "asks-database-offline",
            Code::NotDeterministic => "not-deterministic",
            Code::DropsTableOfModel => "drops-table-of-model",
            Code::TypeLeftBehind => "type-left-behind",
            Code::IndexBlocksWrites => "index-blocks-writes",
            Code::RewritesTable => "rewrites-table",
            Code::NotNullScansTable => "not-null-scans-table",
            Code::ConstraintScansTable => "constraint-scans-table",
            Code::UniqueBlocksReads => "unique-blocks-reads",
            Code::RowsChangedUnderLock => "rows-changed-under-lock",
            Code::AppliedDiffers => "applied-differs",
            Code::EditedAfterMerge => "edited-after-merge",
            Code::HeadsMeet => "heads-meet",
            Code::EnumValueUsed => "enum-value-used",
            Code::JsonWithoutEquality => "json-without-equality",
            Code::CharPads => "char-pads",
            Code::TimestampWithoutZone => "timestamp-without-zone",
            Code::IntegerKey => "integer-key",
            Code::SerialKey => "serial-key",
            Code::LimitedText => "limited-text",
            Code::DropsIndexUnderLock => "drops-index-under-lock",
            Code::DropsNotNull => "drops-not-null",
            Code::WideIndex => "wide-index",
        }
    }
}

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The revision fails, or would fail with such rows.
    Error,
    /// Data is lost, or the downgrade does not reverse the upgrade.
    Warning,
    /// For information.
    Note,
}

impl Severity {
    /// The severity as a word.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// The data on which a revision was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The user's data, before the revision runs.
    Here,
    /// The user's data, after downgrading past the revision first.
    TakenBack,
    /// No data: the user's database cannot be brought to the revision's parent.
    Empty,
}

impl Ground {
    /// The ground as a word: `here`, `taken back`, `empty`.
    pub fn word(self) -> &'static str {
        match self {
            Ground::Here => "here",
            Ground::TakenBack => "taken back",
            Ground::Empty => "empty",
        }
    }
}

/// The rows that support a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// A sample of the rows.
    pub rows: Vec<Vec<Value>>,
    /// The total number of rows.
    pub total: u64,
    /// Whether the rows were inserted into a copy as proof, since the user has none.
    pub made: bool,
}

/// Replaces a byte range by text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// The replacement.
    pub text: String,
}

/// Edits to the revision file that fix a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The label of the action.
    pub title: String,
    /// Non-overlapping edits; apply them with [`apply_edits`].
    pub edits: Vec<TextEdit>,
}

/// A finding.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Its kind.
    pub code: Code,
    /// Its severity.
    pub severity: Severity,
    /// Its location in the revision file.
    pub location: Location,
    /// The explanation, in one sentence.
    pub message: String,
    /// The table, or table and column.
    pub target: Option<String>,
    /// The rows that support it.
    pub evidence: Option<Evidence>,
    /// A suggested fix.
    pub fix: Option<Fix>,
}

/// The review of a revision.
#[derive(Clone, Debug)]
pub struct Review {
    /// The revision.
    pub revision: String,
    /// Path of its file.
    pub path: String,
    /// The data it was tried on.
    pub ground: Ground,
    /// The reason why it was tried on an empty database, if it was.
    pub unreachable: Option<Error>,
    /// The findings, by line.
    pub findings: Vec<Finding>,
    /// The line of its `upgrade()`.
    pub upgrade_location: Location,
    /// The upgrade's timeline on the copy.
    pub upgrade: Option<Timeline>,
    /// The downgrade's timeline on the copy.
    pub downgrade: Option<Timeline>,
}

/// Applies edits to a text.
pub fn apply_edits(text: &str, edits: &[TextEdit]) -> String {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    sorted.in_order_by_key(|edit| (edit.start, edit.end));
    let mut result = String::new();
    let mut at = 0;
    for edit in sorted {
        if edit.start < at {
            continue;
        }
        result.push_str(text.get(at..edit.start).unwrap_or_default());
        result.push_str(&edit.text);
        at = edit.end;
    }
    result.push_str(text.get(at..).unwrap_or_default());
    result
}

/// The maximum number of rows in evidence.
const SAMPLE: usize = 10;

/// The facts about a revision.
struct Facts<'a> {
    prepared: &'a Prepared,
    script: Script,
    /// A copy positioned just before the revision.
    start: Trial,
    before: Rc<Database>,
    after: Option<Database>,
    back: Option<Database>,
    upgrade: Option<Timeline>,
    downgrade: Option<Timeline>,
    upgrade_error: Option<Error>,
    downgrade_error: Option<Error>,
    opened: RefCell<Vec<(Rc<Snapshot>, Rc<Database>)>>,
}

/// An operation performed by the script.
#[derive(Clone, Copy)]
struct Act<'a> {
    step: &'a Step,
    operation: &'a RecordedOperation,
    /// Its index among the steps.
    number: usize,
    /// Whether it belongs to the downgrade.
    back: bool,
}

impl<'a> Facts<'a> {
    fn acts(timeline: Option<&'a Timeline>, back: bool) -> Vec<Act<'a>> {
        timeline
            .iter()
            .flat_map(|timeline| timeline.steps.iter().enumerate())
            .filter_map(|(number, step)| {
                Some(Act {
                    step,
                    operation: step.operation.as_ref()?,
                    number,
                    back,
                })
            })
            .collect()
    }

    fn up(&'a self) -> Vec<Act<'a>> {
        Self::acts(self.upgrade.as_ref(), false)
    }

    fn down(&'a self) -> Vec<Act<'a>> {
        Self::acts(self.downgrade.as_ref(), true)
    }

    /// The call site of an operation, unless one call performs several operations.
    fn site(&self, act: Act<'_>) -> Option<Site<'_>> {
        let site = self.script.site(act.step.location.as_ref()?)?;
        let name = act.step.name.as_str();
        (!site.repeated && site.name() == name).then_some(site)
    }

    /// The location to report for an operation: in this file, even if called indirectly.
    fn location(&self, act: Act<'_>) -> Location {
        act.step
            .location
            .clone()
            .unwrap_or_else(|| self.script.function_location("upgrade"))
    }

    fn open(&self, snapshot: Option<&Rc<Snapshot>>) -> Option<Rc<Database>> {
        let snapshot = snapshot?;
        if let Some((_, known)) = self
            .opened
            .borrow()
            .iter()
            .find(|(known, _)| Rc::ptr_eq(known, snapshot))
        {
            return Some(known.clone());
        }
        let path = self.prepared.databases.first().map(String::as_str);
        let image = snapshot.image(path).or_else(|| snapshot.image(None))?;
        let database = Rc::new(Database::from_image(image).ok()?);
        let mut opened = self.opened.borrow_mut();
        if opened.len() >= 8 {
            opened.remove(0);
        }
        opened.push((snapshot.clone(), database.clone()));
        Some(database)
    }

    /// The database before an operation; if it was not recorded, the database before the revision.
    fn at(&self, act: Act<'_>) -> Rc<Database> {
        self.open(act.step.before.as_ref())
            .unwrap_or_else(|| self.before.clone())
    }

    /// Whether a table is created earlier in the same run.
    fn made_here(&self, table: &str, act: Act<'_>) -> bool {
        let acts = if act.back { self.down() } else { self.up() };
        acts.iter().any(|earlier| {
            earlier.number < act.number
                && match earlier.operation {
                    RecordedOperation::CreateTable { table: made, .. } => made == table,
                    _ => false,
                }
        })
    }

    /// The rows of a table when an operation began, unless the revision has made it.
    fn rows_before(&self, act: Act<'_>, table: &str) -> u64 {
        if self.made_here(table, act) {
            return 0;
        }
        let count = format!("SELECT count(*) FROM {}", quoted(table));
        self.at(act).number(&count)
    }

    fn finding(&self, act: Act<'_>, code: Code, severity: Severity, message: String) -> Finding {
        Finding {
            code,
            severity,
            location: self.location(act),
            message,
            target: None,
            evidence: None,
            fix: None,
        }
    }
}

/// Reviews a revision, on the user's rows or with made-up ones where there are none. Those findings are among them that a
/// project must ask for ([`Code::on_request`]). The workspace is not modified; the run's observer can cancel the review.
///
/// # Errors
/// Where the project can't be read, has no such revision, or the observer cancelled.
pub fn findings(run: &Run, revision: &str, rows: Rows) -> Result<Review> {
    let prepared = Prepared::new(run, revision, rows)?;
    let id = prepared.revision.revision.clone();
    let path = prepared.revision.path.clone();
    let text = prepared
        .trial
        .host_text(&path)
        .ok_or_else(|| Error::command(format!("Can't read {path}")))?;
    let script = Script::new(&path, &text)?;
    let start = prepared.trial.again();
    let first = |databases: Vec<Database>| -> Result<Database> {
        databases
            .into_iter()
            .next()
            .map_or_else(|| Database::from_bytes(Vec::new()), Ok)
    };
    let before = Rc::new(first(prepared.databases()?)?);
    // First a strict run, to see failures; a lenient run may leave a schema that would not occur in
    // practice.
    let strict = prepared.trial.again();
    let strictly_up = strict.command(&["upgrade", &id], false)?;
    let host = strict.dyn_host();
    let databases = |host: &Rc<dyn ground::host::Host>| -> Result<Database> {
        match prepared.databases.first() {
            Some(path) => Database::of_host(host, path),
            None => Database::from_bytes(Vec::new()),
        }
    };
    let mut upgrade = strictly_up.of(&id).cloned();
    let mut downgrade = None;
    let mut after = None;
    let mut back = None;
    let mut downgrade_error = None;
    if strictly_up.error.is_none() {
        after = Some(databases(&host)?);
        let down = strict.command(&["downgrade", &prepared.back()], false)?;
        if down.error.is_none() {
            back = Some(databases(&host)?);
        }
        downgrade = down.of(&id).cloned();
        downgrade_error = down.error;
    }
    if strictly_up.error.is_some() || downgrade_error.is_some() {
        let lenient = prepared.trial.again();
        let up = lenient.command(&["upgrade", &id], true)?;
        if strictly_up.error.is_some() {
            upgrade = up.of(&id).cloned().or(upgrade);
        }
        if up.error.is_none() {
            let down = lenient.command(&["downgrade", &prepared.back()], true)?;
            downgrade = down.of(&id).cloned().or(downgrade);
        }
    }
    let facts = Facts {
        prepared: &prepared,
        script,
        start,
        before,
        after,
        back,
        upgrade,
        downgrade,
        upgrade_error: strictly_up.error,
        downgrade_error,
        opened: RefCell::default(),
    };
    let mut found = Vec::new();
    renames::look(&facts, &mut found);
    data::look(&facts, &mut found)?;
    constraints::look(&facts, &mut found);
    references::look(&facts, &mut found);
    practice::look(&facts, &mut found);
    types::look(&facts, &mut found);
    locks::look(&facts, &mut found);
    elsewhere::look(&facts, &mut found)?;
    text::look(&facts, &mut found);
    failures(&facts, &mut found);
    for finding in &mut found {
        let table = finding
            .target
            .as_deref()
            .map(|target| target.split_once('.').map_or(target, |(table, _)| table));
        if let (Some(table), Some(evidence)) = (table, &mut finding.evidence) {
            evidence.made |= prepared.generated.contains(table);
        }
    }
    if facts.upgrade_error.is_none() && facts.downgrade_error.is_none() {
        // A script that catches the error does not fail because of it.
        for finding in &mut found {
            finding.severity = finding.severity.max(Severity::Warning);
        }
    }
    found.in_order_by_key(|finding| {
        (
            finding.location.line,
            finding.location.column,
            finding.severity,
            finding.code,
        )
    });
    Ok(Review {
        revision: id,
        path,
        ground: prepared.ground,
        unreachable: prepared.unreachable.clone(),
        findings: found,
        upgrade_location: facts.script.function_location("upgrade"),
        upgrade: facts.upgrade,
        downgrade: facts.downgrade,
    })
}

/// Reports failures not covered by another finding.
fn failures(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    for (error, code, function) in [
        (&facts.upgrade_error, Code::UpgradeFails, "upgrade"),
        (&facts.downgrade_error, Code::DowngradeFails, "downgrade"),
    ] {
        let Some(error) = error else { continue };
        let told = error
            .traceback
            .iter()
            .rev()
            .find(|frame| super::script::same_file(&frame.location.path, &facts.script.path));
        // Compare by statement, since other findings refer to statements, not to expressions.
        let line = told.map(|frame| frame.location.line);
        let (start, end) = facts.script.function(function).map_or((0, 0), |(it, _)| {
            let location = facts.script.location(it.extent);
            (location.line, location.end_line)
        });
        let explained = found.iter().any(|finding| {
            finding.severity == Severity::Error
                && match line {
                    Some(line) => {
                        (finding.location.line..=finding.location.end_line).contains(&line)
                            || (facts.with_lines(line).is_some_and(|(from, to)| {
                                (from..=to).contains(&finding.location.line)
                            }))
                    }
                    None => (start..=end).contains(&finding.location.line),
                }
        });
        let meant = code == Code::DowngradeFails
            && found
                .iter()
                .any(|finding| finding.code == Code::DowngradeMissing);
        if explained || meant {
            continue;
        }
        let message = error.message.lines().next().unwrap_or_default();
        let class = error.class_name();
        let (location, message) = match told {
            Some(frame) => (
                frame.location.clone(),
                format!("{function}() fails: {class}: {message}"),
            ),
            None => {
                let frame = error.traceback.last();
                (
                    frame.map_or_else(
                        || facts.script.function_location(function),
                        |frame| frame.location.clone(),
                    ),
                    format!("The {function} fails: {class}: {message}"),
                )
            }
        };
        found.push(Finding {
            code,
            severity: Severity::Error,
            location,
            message,
            target: None,
            evidence: None,
            fix: None,
        });
    }
}

impl Facts<'_> {
    /// The line range of the `with` statement that starts on a line.
    fn with_lines(&self, line: u32) -> Option<(u32, u32)> {
        fn search(
            script: &Script,
            block: &[python::tree::Statement],
            line: u32,
        ) -> Option<(u32, u32)> {
            block.iter().find_map(|statement| {
                if let python::tree::StatementKind::With(with) = &statement.kind {
                    let location = script.location(statement.extent);
                    if location.line == line {
                        return Some((location.line, location.end_line));
                    }
                    return search(script, &with.body, line);
                }
                None
            })
        }
        ["upgrade", "downgrade"]
            .iter()
            .find_map(|name| search(&self.script, self.script.body(name)?, line))
    }

    /// Collects rows as evidence.
    fn rows(&self, database: &Database, columns: &[String], from_where: &str) -> Option<Evidence> {
        let list: Vec<String> = columns
            .iter()
            .map(|column| super::database::quoted(column))
            .collect();
        Some(Evidence {
            columns: columns.to_vec(),
            rows: database
                .query(&format!(
                    "SELECT {} {from_where} LIMIT {SAMPLE}",
                    list.join(", ")
                ))
                .ok()?,
            total: database.number(&format!("SELECT count(*) {from_where}")),
            made: false,
        })
    }

    /// The columns that identify a row to the user: its key, a name if it has one, and this column.
    fn telling_columns(database: &Database, table: &str, column: Option<&str>) -> Vec<String> {
        let Some(schema) = database.table(table) else {
            return column.into_iter().map(str::to_owned).collect();
        };
        let mut columns = schema.primary_key.clone();
        match column {
            Some(column) if !columns.iter().any(|known| known == column) => {
                columns.push(column.to_owned());
            }
            Some(_) => {}
            None => {
                for item in schema.columns().take(6) {
                    if !columns.contains(&item.name) {
                        columns.push(item.name.clone());
                    }
                }
            }
        }
        columns
    }
}
