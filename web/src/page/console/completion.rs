//! Completion in the console: what Tab adds to a line.

use protocol::console::program::{
    COMMANDS, Command, FileCommand, OWN, TextCommand, program_of, read,
};
use protocol::console::quote;

/// Alembic's commands.
const ALEMBIC_COMMANDS: &[&str] = &[
    "branches",
    "check",
    "current",
    "downgrade",
    "edit",
    "ensure_version",
    "heads",
    "history",
    "init",
    "list_templates",
    "merge",
    "revision",
    "show",
    "stamp",
    "upgrade",
];

/// The templates of `alembic init`.
const TEMPLATES: &[&str] = &[
    "async",
    "generic",
    "multidb",
    "pyproject",
    "pyproject_async",
];

/// Options of each command; those of `alembic` itself stand under no name.
fn options(command: &str) -> &'static [&'static str] {
    match command {
        "revision" => &[
            "--autogenerate",
            "--branch-label",
            "--depends-on",
            "--head",
            "--help",
            "--message",
            "--rev-id",
            "--splice",
            "--sql",
            "--version-path",
            "-m",
        ],
        "upgrade" | "downgrade" => &["--help", "--sql", "--tag"],
        "stamp" => &["--help", "--purge", "--sql", "--tag"],
        "current" => &["--check-heads", "--help", "--verbose", "-v"],
        "heads" => &["--help", "--resolve-dependencies", "--verbose", "-v"],
        "history" => &[
            "--help",
            "--indicate-current",
            "--rev-range",
            "--verbose",
            "-i",
            "-r",
            "-v",
        ],
        "merge" => &[
            "--branch-label",
            "--help",
            "--message",
            "--rev-id",
            "--splice",
            "-m",
        ],
        "branches" => &["--help", "--verbose", "-v"],
        "ensure_version" => &["--help", "--sql"],
        "init" => &["--help", "--package", "--template", "-t"],
        "" => &[
            "--config",
            "--help",
            "--name",
            "--quiet",
            "--raiseerr",
            "--version",
            "-c",
            "-n",
            "-q",
            "-x",
        ],
        _ => &["--help"],
    }
}

/// What completion knows of the project.
#[derive(Clone, Debug, Default)]
pub struct Known<'a> {
    /// Revision ids.
    pub revisions: Vec<&'a str>,
    /// Branch labels.
    pub labels: Vec<&'a str>,
    /// Paths of files, relative to the current folder.
    pub files: Vec<&'a str>,
    /// Paths of folders, likewise.
    pub folders: Vec<&'a str>,
    /// Targets of the Makefile.
    pub targets: Vec<&'a str>,
    /// Names of environment variables.
    pub variables: Vec<&'a str>,
}

/// Stands for the word under the cursor while the words before it are read.
const CURSOR: &str = "\u{1}";

/// What Tab does: the line with as much added as is certain, and the choices if there are several.
pub fn complete(line: &str, known: &Known<'_>) -> (String, Vec<String>) {
    let (start, before) = split(line);
    let word = &line[start..];
    let mut choices = choices(&before, word, known);
    choices.retain(|choice| choice.starts_with(word));
    choices.sort();
    choices.dedup();
    match choices.as_slice() {
        [] => (line.to_owned(), choices),
        [only] => {
            let space = if only.ends_with(['/', '=', ':']) {
                ""
            } else {
                " "
            };
            let open = only.contains("-m alembic") || only.starts_with(['$', '-']);
            let text = if open { only.clone() } else { quote(only) };
            (format!("{}{text}{space}", &line[..start]), Vec::new())
        }
        [first, rest @ ..] => {
            let mut common = first.as_str();
            for choice in rest {
                let length = common
                    .char_indices()
                    .zip(choice.chars())
                    .find(|((_, a), b)| a != b)
                    .map_or(common.len().min(choice.len()), |((index, _), _)| index);
                common = &common[..length];
            }
            (format!("{}{common}", &line[..start]), choices)
        }
    }
}

/// Where the last word begins, and the words before it in its command.
fn split(line: &str) -> (usize, Vec<String>) {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut start = 0;
    let mut quote = None;
    for (index, character) in line.char_indices() {
        let after = index + character.len_utf8();
        match (quote, character) {
            (Some(open), character) if open == character => quote = None,
            (None, '\'' | '"') => quote = Some(character),
            (None, ';' | '&' | '|' | '\n' | '(') => {
                words.clear();
                word.clear();
                start = after;
            }
            // A file is read or written there, whatever the command.
            (None, '<' | '>') => {
                words = vec!["cat".to_owned()];
                word.clear();
                start = after;
            }
            (None, character) if character.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                start = after;
            }
            (_, character) => word.push(character),
        }
    }
    if words.first().is_some_and(|first| first == "$") {
        words.remove(0);
    }
    let set = words
        .iter()
        .take_while(|word| protocol::console::program::assignment(word).is_some())
        .count();
    words.drain(..set);
    (start, words)
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| text.to_string()).collect()
}

fn choices(before: &[String], word: &str, known: &Known<'_>) -> Vec<String> {
    if let Some(name) = word.strip_prefix('$') {
        let brace = if name.starts_with('{') { "{" } else { "" };
        return known
            .variables
            .iter()
            .map(|name| format!("${brace}{name}{}", if brace.is_empty() { "" } else { "}" }))
            .collect();
    }
    if before.is_empty() {
        return commands();
    }
    if before[0] == "export" {
        return known
            .variables
            .iter()
            .map(|name| format!("{name}="))
            .collect();
    }
    if let [program] = before
        && program_of(program) == "limbeck"
    {
        return strings(&[OWN, ALEMBIC_COMMANDS].concat());
    }
    let mut words = before.to_vec();
    words.push(CURSOR.to_owned());
    match read(&words) {
        Command::Alembic(arguments) => alembic(&arguments, word, known),
        Command::Limbeck(_) => known.revisions.iter().map(ToString::to_string).collect(),
        Command::With(_, inner) => match *inner {
            Command::Alembic(arguments) => alembic(&arguments, word, known),
            _ => paths(word, known, false),
        },
        Command::Make(_) => strings(&known.targets),
        Command::Unset(_) => strings(&known.variables),
        Command::ChangeDirectory(_)
        | Command::Files(
            FileCommand::MakeFolder | FileCommand::RemoveFolder | FileCommand::Tree,
            ..,
        ) => paths(word, known, true),
        Command::Sqlite(arguments)
            if arguments.iter().filter(|one| !one.starts_with('-')).count() > 1 =>
        {
            strings(&[".dump", ".indexes", ".schema", ".tables"])
        }
        Command::Sqlite(_) => {
            if word.starts_with('-') {
                return strings(&[
                    "-box",
                    "-column",
                    "-csv",
                    "-header",
                    "-json",
                    "-line",
                    "-markdown",
                    "-table",
                ]);
            }
            let all = paths(word, known, false);
            let database = |path: &String| {
                [".db", ".sqlite", ".sqlite3", "/"]
                    .iter()
                    .any(|end| path.ends_with(end))
            };
            if all
                .iter()
                .any(|path| database(path) && !path.ends_with('/'))
            {
                all.into_iter().filter(database).collect()
            } else {
                all
            }
        }
        Command::Which(_) => commands(),
        Command::Text(TextCommand::Grep, _, words) if words.len() == 1 => Vec::new(),
        Command::Files(..) | Command::Text(..) | Command::Edit(_) => paths(word, known, false),
        Command::Refused(message, 1 | 2) if !message.contains(CURSOR) => paths(word, known, false),
        // The words before only say where a program runs.
        Command::Refused(message, _) if message.starts_with(CURSOR) => commands(),
        Command::Refused(message, _) if message.contains(&format!("to run {CURSOR}")) => {
            strings(&["alembic"])
        }
        Command::Refused(..) if before.len() == 1 && before[0].starts_with("python") => {
            strings(&["-m alembic"])
        }
        _ => Vec::new(),
    }
}

fn commands() -> Vec<String> {
    COMMANDS
        .iter()
        .map(|(name, _)| match name.strip_prefix("python") {
            Some(_) => name.to_string(),
            None => name.split(' ').next().unwrap_or(name).to_owned(),
        })
        .collect()
}

fn alembic(arguments: &[String], word: &str, known: &Known<'_>) -> Vec<String> {
    let before = &arguments[..arguments.len().saturating_sub(1)];
    let command = before
        .iter()
        .find(|word| ALEMBIC_COMMANDS.contains(&word.as_str()))
        .map_or("", String::as_str);
    let revisions = || {
        known
            .revisions
            .iter()
            .chain(&known.labels)
            .map(|text| text.to_string())
            .collect::<Vec<_>>()
    };
    match before.last().map_or("", String::as_str) {
        "-c" | "--config" => return paths(word, known, false),
        "-t" | "--template" => return strings(TEMPLATES),
        "--version-path" => return paths(word, known, true),
        "--head" | "--depends-on" => {
            let mut choices = revisions();
            choices.extend(strings(&["head", "base"]));
            choices.extend(known.labels.iter().map(|label| format!("{label}@head")));
            return choices;
        }
        "-m" | "--message" | "--rev-id" | "--branch-label" | "--tag" | "-n" | "--name" | "-x" => {
            return Vec::new();
        }
        _ => {}
    }
    let number = word.len() > 1 && word[1..].starts_with(|c: char| c.is_ascii_digit());
    if word.starts_with('-') && !number {
        let mut choices = strings(options(command));
        if command == "downgrade" {
            choices.push("-1".to_owned());
        }
        return choices;
    }
    if command.is_empty() {
        return strings(ALEMBIC_COMMANDS);
    }
    let labelled = |what: &str| {
        known
            .labels
            .iter()
            .map(|label| format!("{label}@{what}"))
            .collect::<Vec<_>>()
    };
    let mut choices = match command {
        "upgrade" => strings(&["head", "heads", "+1"])
            .into_iter()
            .chain(labelled("head"))
            .collect(),
        "downgrade" => strings(&["base", "-1"])
            .into_iter()
            .chain(labelled("base"))
            .collect(),
        "stamp" => strings(&["head", "heads", "base"])
            .into_iter()
            .chain(labelled("head"))
            .collect(),
        "merge" => strings(&["heads"]),
        "show" | "edit" => strings(&["head", "heads", "current", "base"]),
        "history" => Vec::new(),
        "init" => return paths(word, known, true),
        _ => return Vec::new(),
    };
    // A range such as a1b2:c3d4 is completed after its last colon.
    let prefix = word.rfind(':').map_or("", |index| &word[..=index]);
    choices.extend(
        revisions()
            .iter()
            .map(|revision| format!("{prefix}{revision}")),
    );
    choices
}

/// Files and folders in the folder that the word has reached.
fn paths(word: &str, known: &Known<'_>, folders_only: bool) -> Vec<String> {
    let folder = word.rfind('/').map_or("", |index| &word[..=index]);
    let bare = folder.strip_prefix("./").unwrap_or(folder);
    let child = |path: &str| {
        path.strip_prefix(bare)
            .filter(|name| !name.is_empty() && !name.contains('/'))
            .map(str::to_owned)
    };
    let hidden = word.len() > folder.len() && word[folder.len()..].starts_with('.');
    let mut choices: Vec<String> = known
        .folders
        .iter()
        .filter_map(|path| child(path))
        .map(|name| format!("{name}/"))
        .collect();
    if !folders_only {
        choices.extend(known.files.iter().filter_map(|path| child(path)));
    }
    choices
        .into_iter()
        .filter(|name| hidden || !name.starts_with('.'))
        .map(|name| format!("{folder}{name}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known<'static> {
        Known {
            revisions: vec!["a1b2c3", "a1ffff", "b7"],
            labels: vec!["billing"],
            files: vec![
                "alembic.ini",
                "alembic/env.py",
                "alembic/versions/b7_x.py",
                "app.db",
                "Makefile",
                ".env",
                "two words.py",
            ],
            folders: vec!["alembic", "alembic/versions"],
            targets: vec!["db-migrate", "db-revision"],
            variables: vec!["DATABASE_URL"],
        }
    }

    fn after(line: &str) -> String {
        complete(line, &known()).0
    }

    #[test]
    fn alembics_words_are_completed() {
        assert_eq!(after("alem"), "alembic ");
        assert_eq!(after("alembic up"), "alembic upgrade ");
        assert_eq!(after("alembic upgrade b7"), "alembic upgrade b7 ");
        let (line, choices) = complete("alembic downgrade a", &known());
        assert_eq!(
            (line.as_str(), choices.as_slice()),
            (
                "alembic downgrade a1",
                ["a1b2c3".to_owned(), "a1ffff".to_owned()].as_slice()
            )
        );
        assert_eq!(
            after("alembic revision --auto"),
            "alembic revision --autogenerate "
        );
        assert_eq!(
            after("alembic upgrade billing@"),
            "alembic upgrade billing@head "
        );
        assert_eq!(
            after("alembic history -r b7:a1f"),
            "alembic history -r b7:a1ffff "
        );
        assert_eq!(after("alembic init -t mul"), "alembic init -t multidb ");
        assert_eq!(
            after("alembic edit b"),
            complete("alembic edit b", &known()).0
        );
        assert_eq!(
            after("ls && uv run alembic cu"),
            "ls && uv run alembic current "
        );
        assert_eq!(
            after("A=b docker compose exec web alembic he"),
            "A=b docker compose exec web alembic heads "
        );
        assert_eq!(after("alembic revision -m al"), "alembic revision -m al");
        assert_eq!(after("limbeck sq"), "limbeck squash ");
        assert_eq!(after("limbeck rebase b7"), "limbeck rebase b7 ");
        assert_eq!(after("alembic sq"), "alembic sq");
    }

    #[test]
    fn files_targets_and_variables_are_completed() {
        assert_eq!(after("cd al"), "cd alembic/");
        assert_eq!(
            after("cat alembic/versions/b"),
            "cat alembic/versions/b7_x.py "
        );
        assert_eq!(after("rm -f ./alembic/e"), "rm -f ./alembic/env.py ");
        assert_eq!(after("cat .e"), "cat .env ");
        assert_eq!(after("cat tw"), "cat 'two words.py' ");
        assert_eq!(after("echo x > Mak"), "echo x > Makefile ");
        assert_eq!(after("sqlite3 a"), "sqlite3 a");
        assert_eq!(after("sqlite3 ap"), "sqlite3 app.db ");
        assert_eq!(after("sqlite3 app.db .sch"), "sqlite3 app.db .schema ");
        assert_eq!(after("make db-m"), "make db-migrate ");
        assert_eq!(after("export DATA"), "export DATABASE_URL=");
        assert_eq!(after("echo $DATA"), "echo $DATABASE_URL ");
        assert_eq!(after("poetry run alem"), "poetry run alembic ");
        assert_eq!(
            after("docker compose exec backend alem"),
            "docker compose exec backend alembic "
        );
        assert_eq!(after("python -m a"), "python -m alembic ");
    }
}
