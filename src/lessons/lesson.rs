//! A lesson as its folder says it.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::checks::{self, Check};
use super::fields::{Document, Fields};
use super::markdown::{self, Block, Part, is_slug, plain};
use super::solution::{self, Solution};
use super::{Database, Problem};

/// The file that says everything but checks and solutions.
pub(super) const LESSON: &str = "lesson.md";
/// The file of the checks.
pub(super) const CHECKS: &str = "checks.toml";
/// The folder of the learner's files.
const START: &str = "start/";
/// What makes the database that the learner finds.
const DATABASE_SQL: &str = "start/database.sql";
/// More text than that is no lesson, in bytes.
const LARGEST: usize = 4 << 20;
/// The most hints that a step has.
const HINTS: usize = 3;

/// A lesson.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// The name of its folder.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// How long it takes, in minutes.
    pub minutes: usize,
    /// What it teaches, a phrase each.
    pub teaches: Vec<String>,
    /// The guide of `shared/seeds` that it comes from, by its number.
    pub seed: String,
    /// The database that it works on.
    pub database: Database,
    /// The folder where the console stands, from the lesson's own; empty for that.
    pub directory: String,
    /// The file to show first.
    pub open: Option<String>,
    /// The revision or pane to show first.
    pub show: Option<String>,
    /// The files at the start, by path.
    pub files: BTreeMap<String, String>,
    /// The statements that make what is in the database before the start's commands.
    pub database_sql: Option<String>,
    /// The commands that were run on it by then.
    pub start: Vec<StartCommand>,
    /// What is said before the first step.
    pub introduction: Vec<Block>,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// Names this text of the lesson: another text has another one.
    pub hash: String,
}

/// A command that was run before the learner comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartCommand {
    /// The line, as at the console.
    pub line: String,
    /// Whether it is meant to fail: the trouble that the lesson begins with.
    pub fails: bool,
    /// The line of lesson.md, from one, on which it stands.
    pub at: usize,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name, by which checks and solution find it.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What to do, and why.
    pub text: Vec<Block>,
    /// Three at most, the vaguest first.
    pub hints: Vec<Vec<Block>>,
    /// When it is done.
    pub check: Check,
    /// What does it.
    pub solution: Solution,
}

impl Lesson {
    /// Reads a lesson from the texts of its folder, by path.
    ///
    /// # Errors
    /// The first mistake, with its file and line.
    pub fn read(slug: &str, texts: &BTreeMap<String, String>) -> Result<Lesson, Problem> {
        let size: usize = texts.values().map(String::len).sum();
        if size > LARGEST {
            let message = format!("The lesson has more than {LARGEST} bytes of text.");
            return Err(Problem::new(LESSON, 0, message));
        }
        let text = texts
            .get(LESSON)
            .ok_or_else(|| Problem::new(LESSON, 0, "The lesson has no such file."))?;
        let (front, body, lines_before) = front_matter(text)?;
        let document = Document {
            file: LESSON,
            text: front,
            lines_before: 1,
        };
        let table = document.parse()?;
        let fields = Fields::new(&document, &table, 1);
        let files: BTreeMap<String, String> = texts
            .iter()
            .filter(|(path, _)| path.as_str() != DATABASE_SQL)
            .filter_map(|(path, text)| Some((path.strip_prefix(START)?.to_owned(), text.clone())))
            .collect();
        let database_sql = texts.get(DATABASE_SQL).cloned();
        let open = fields.text("open")?;
        if let Some(path) = &open
            && !files.contains_key(path)
        {
            return Err(fields.wrong("open", format!("start/ has no file {path}.")));
        }
        let directory = fields.text("directory")?.unwrap_or_default();
        let under = format!("{directory}/");
        if !directory.is_empty() && !files.keys().any(|path| path.starts_with(&under)) {
            return Err(fields.wrong("directory", format!("start/ has no folder {directory}.")));
        }
        let database = database(&fields)?;
        if database_sql.is_some() && database.name.is_none() {
            let message = "start/database.sql needs the database's name: database_name is missing.";
            return Err(fields.missing(message));
        }
        let start = fields.texts("start")?.unwrap_or_default();
        let mut lesson = Lesson {
            slug: slug.to_owned(),
            title: fields.required("title")?,
            minutes: fields
                .number("minutes")?
                .filter(|n| *n > 0)
                .ok_or_else(|| fields.missing("minutes is missing: how long the lesson takes."))?,
            teaches: fields.texts("teaches")?.unwrap_or_default(),
            seed: fields.text("seed")?.unwrap_or_default(),
            database,
            directory,
            open,
            show: fields.text("show")?,
            files,
            database_sql,
            start: start
                .into_iter()
                .map(|line| start_command(&fields, line))
                .collect(),
            introduction: Vec::new(),
            steps: Vec::new(),
            hash: hash(texts),
        };
        fields.finish("A lesson's front matter")?;
        let mut written = checks::read(texts)?;
        read_body(body, lines_before, texts, &mut written, &mut lesson)?;
        if let Some((id, line)) = written.first_left() {
            let message = format!("No step of lesson.md has the id {id:?}.");
            return Err(Problem::new(CHECKS, line, message));
        }
        for path in texts.keys() {
            let id = path
                .strip_prefix(solution::FOLDER)
                .and_then(|name| name.strip_suffix(".md"));
            if let Some(id) = id
                && !lesson.steps.iter().any(|step| step.id == id)
            {
                let message = format!("No step of lesson.md has the id {id:?}.");
                return Err(Problem::new(path, 0, message));
            }
        }
        Ok(lesson)
    }

    /// The other lessons that its texts link to.
    pub fn links(&self) -> Vec<String> {
        let mut found = Vec::new();
        markdown::linked_lessons(&self.introduction, &mut found);
        for step in &self.steps {
            markdown::linked_lessons(&step.text, &mut found);
            markdown::linked_lessons(&step.solution.text, &mut found);
            for hint in &step.hints {
                markdown::linked_lessons(hint, &mut found);
            }
        }
        found
    }
}

/// What stands between the first two lines `+++`, what follows, and how many lines come before that.
fn front_matter(text: &str) -> Result<(&str, &str, usize), Problem> {
    let text_after = text
        .strip_prefix("+++\n")
        .ok_or_else(|| Problem::new(LESSON, 1, "A lesson begins with a line of +++."))?;
    let mut at = 0;
    for (index, line) in text_after.split_inclusive('\n').enumerate() {
        if line.trim_end() == "+++" {
            let body = &text_after[at + line.len()..];
            return Ok((&text_after[..at], body, index + 2));
        }
        at += line.len();
    }
    let message = "The front matter does not end: a second line of +++ is missing.";
    Err(Problem::new(LESSON, text.lines().count(), message))
}

fn database(fields: &Fields<'_>) -> Result<Database, Problem> {
    let dialect = fields.required("database")?;
    let room = sqlalchemy::dialects::registered(&dialect);
    if room.and_then(|room| room.images()).is_none() {
        return Err(fields.wrong(
            "database",
            format!("There are no lessons on {dialect:?}: a lesson works on a database that Limbeck runs."),
        ));
    }
    Ok(Database {
        dialect,
        name: fields.text("database_name")?,
    })
}

/// A command of the start; one that is meant to fail begins with `! `.
fn start_command(fields: &Fields<'_>, written: String) -> StartCommand {
    let at = fields.line_with("start", &written);
    match written.strip_prefix("! ") {
        Some(line) => StartCommand {
            line: line.to_owned(),
            fails: true,
            at,
        },
        None => StartCommand {
            line: written,
            fails: false,
            at,
        },
    }
}

fn hash(texts: &BTreeMap<String, String>) -> String {
    let mut sum = Sha256::new();
    for (path, text) in texts {
        sum.update(path.as_bytes());
        sum.update([0]);
        sum.update((text.len() as u64).to_le_bytes());
        sum.update(text.as_bytes());
    }
    let bytes = sum.finalize();
    bytes[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Reads introduction and steps.
fn read_body(
    body: &str,
    lines_before: usize,
    texts: &BTreeMap<String, String>,
    checks: &mut checks::Written,
    lesson: &mut Lesson,
) -> Result<(), Problem> {
    let mut lines = Vec::new();
    for part in markdown::parse(LESSON, body, lines_before)? {
        match part.block {
            Block::Heading { level: 1, .. } => {
                let message = "The title stands in the front matter; a step is a heading of two #.";
                return Err(Problem::new(LESSON, part.line, message));
            }
            Block::Heading { level: 2, text } => {
                let id = step_id(part.id, part.line, &lesson.steps)?;
                lesson.steps.push(Step {
                    check: checks.take(&id).ok_or_else(|| {
                        let message =
                            format!("checks.toml has no [[{id}]]: when is the step done?");
                        Problem::new(LESSON, part.line, message)
                    })?,
                    solution: solution::read(texts, &id).map_err(|problem| {
                        problem.unwrap_or_else(|| {
                            let message = format!("There is no solution/{id}.md.");
                            Problem::new(LESSON, part.line, message)
                        })
                    })?,
                    title: plain(&text),
                    text: Vec::new(),
                    hints: Vec::new(),
                    id,
                });
                lines.push(part.line);
            }
            block => add_block(Part { block, ..part }, lesson)?,
        }
    }
    if lesson.steps.is_empty() {
        let message =
            "The lesson has no steps: headings such as `## Make a table {#make-a-table}`.";
        return Err(Problem::new(LESSON, lines_before + 1, message));
    }
    match lesson.steps.iter().position(|step| step.text.is_empty()) {
        Some(place) => Err(Problem::new(LESSON, lines[place], "The step says nothing.")),
        None => Ok(()),
    }
}

fn step_id(id: Option<String>, line: usize, steps: &[Step]) -> Result<String, Problem> {
    let id = id.filter(|id| is_slug(id)).ok_or_else(|| {
        let message = "A step's heading ends in its id, of small letters, digits and dashes: {#add-a-column}.";
        Problem::new(LESSON, line, message)
    })?;
    if steps.iter().any(|step| step.id == id) {
        let message = format!("There is another step with the id {id:?}.");
        return Err(Problem::new(LESSON, line, message));
    }
    Ok(id)
}

fn add_block(part: Part, lesson: &mut Lesson) -> Result<(), Problem> {
    let Some(step) = lesson.steps.last_mut() else {
        lesson.introduction.push(part.block);
        return Ok(());
    };
    match hint(part.block) {
        Ok(hint) => {
            step.hints.push(hint);
            if step.hints.len() > HINTS {
                let message = format!("A step has at most {HINTS} hints.");
                return Err(Problem::new(LESSON, part.line, message));
            }
        }
        Err(_) if !step.hints.is_empty() => {
            let message = "Hints stand at the end of a step; this comes after one.";
            return Err(Problem::new(LESSON, part.line, message));
        }
        Err(block) => step.text.push(block),
    }
    Ok(())
}

/// The blocks of a quotation that begins with `Hint:`, without that word.
fn hint(block: Block) -> Result<Vec<Block>, Block> {
    let Block::Quote(mut blocks) = block else {
        return Err(block);
    };
    if let Some(Block::Paragraph(words)) = blocks.first_mut()
        && let Some(markdown::Inline::Text(first)) = words.first_mut()
        && let Some(rest) = first.strip_prefix("Hint:")
    {
        *first = rest.trim_start().to_owned();
        if first.is_empty() {
            words.remove(0);
        }
        return Ok(blocks);
    }
    Err(Block::Quote(blocks))
}
