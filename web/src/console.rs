//! The console's command line: words, built-in commands, completion, and places in printed text.

use std::ops::Range;

/// A command of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `alembic …`, `python -m alembic …`, `limbeck …`: the words after it.
    Alembic(Vec<String>),
    /// `cd [FOLDER]`.
    ChangeDirectory(String),
    /// `export NAME=value …`; without any, it lists them.
    Export(Vec<(String, String)>),
    /// `unset NAME …`.
    Unset(Vec<String>),
    /// `ls [FOLDER]`.
    List(Vec<String>),
    /// `cat FILE …`.
    Print(Vec<String>),
    /// `rm FILE …`.
    Remove(Vec<String>),
    /// `pwd`.
    Where,
    /// `echo …`.
    Echo(Vec<String>),
    /// `sqlite3 FILE SQL`.
    Sql {
        /// The database.
        database: String,
        /// The statements.
        sql: String,
    },
    /// `clear`.
    Clear,
    /// `help`.
    Help,
    /// What this console can't: the one line that says so, and the exit status of a shell.
    Unknown(String, i32),
}

/// How a command follows the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// `;` or the line's start: always.
    Always,
    /// `&&`: if the one before succeeded.
    IfDone,
    /// `||`: if it failed.
    IfFailed,
}

/// The names that the console knows, for completion and `help`.
pub const COMMANDS: &[(&str, &str)] = &[
    (
        "alembic COMMAND",
        "Alembic's own command line; alembic --help lists it",
    ),
    ("cat FILE", "print a file"),
    ("cd [FOLDER]", "go to a folder"),
    ("clear", "empty the console"),
    ("echo TEXT", "print a text"),
    (
        "export NAME=value",
        "set an environment variable for env.py",
    ),
    ("help", "this list"),
    ("ls [FOLDER]", "list a folder"),
    ("pwd", "where you are"),
    ("python -m alembic", "the same as alembic"),
    ("rm FILE", "remove a file"),
    ("sqlite3 FILE SQL", "run SQL in a database"),
    ("unset NAME", "forget an environment variable"),
];

/// Alembic's commands, for completion.
pub const ALEMBIC_COMMANDS: &[&str] = &[
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

/// Options by command, for completion.
fn options(command: &str) -> &'static [&'static str] {
    match command {
        "revision" => &[
            "--autogenerate",
            "--branch-label",
            "--depends-on",
            "--head",
            "--message",
            "--rev-id",
            "--splice",
            "--sql",
            "--version-path",
            "-m",
        ],
        "upgrade" | "downgrade" => &["--sql", "--tag"],
        "stamp" => &["--purge", "--sql", "--tag"],
        "current" => &["--check-heads", "--verbose", "-v"],
        "heads" => &["--resolve-dependencies", "--verbose", "-v"],
        "history" => &[
            "--indicate-current",
            "--rev-range",
            "--verbose",
            "-i",
            "-r",
            "-v",
        ],
        "merge" => &["--branch-label", "--message", "--rev-id", "-m"],
        "branches" => &["--verbose", "-v"],
        "init" => &["--package", "--template", "-t"],
        "" => &[
            "--config",
            "--help",
            "--name",
            "--raiseerr",
            "--version",
            "-c",
            "-n",
            "-x",
        ],
        _ => &[],
    }
}

/// A word of a line, and whether it was quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Joint(Joint),
    Unsupported(String),
}

fn tokens(line: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            ' ' | '\t' | '\r' | '\u{a0}' => tokens.extend(word.take().map(Token::Word)),
            '#' if word.is_none() => {
                for character in characters.by_ref() {
                    if character == '\n' {
                        tokens.push(Token::Joint(Joint::Always));
                        break;
                    }
                }
            }
            ';' | '\n' => {
                tokens.extend(word.take().map(Token::Word));
                tokens.push(Token::Joint(Joint::Always));
            }
            '&' | '|' => {
                tokens.extend(word.take().map(Token::Word));
                if characters.next_if_eq(&character).is_some() {
                    tokens.push(Token::Joint(if character == '&' {
                        Joint::IfDone
                    } else {
                        Joint::IfFailed
                    }));
                } else {
                    tokens.push(Token::Unsupported(character.to_string()));
                }
            }
            '>' | '<' | '`' => {
                tokens.extend(word.take().map(Token::Word));
                tokens.push(Token::Unsupported(character.to_string()));
            }
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next() {
                        Some('\'') => break,
                        Some(character) => word.push(character),
                        None => return Err("unexpected EOF while looking for matching `''".into()),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next() {
                        Some('"') => break,
                        Some('\\') => match characters.next() {
                            Some(next @ ('"' | '\\' | '$' | '`')) => word.push(next),
                            Some('\n') => {}
                            Some(next) => word.extend(['\\', next]),
                            None => word.push('\\'),
                        },
                        Some('$') => word.push_str(&expand(&mut characters, variable)),
                        Some(character) => word.push(character),
                        None => return Err("unexpected EOF while looking for matching `\"'".into()),
                    }
                }
            }
            '\\' => match characters.next() {
                Some('\n') => {}
                Some(next) => {
                    // A Windows path such as .\.venv\Scripts\python.exe keeps its backslashes.
                    let word = word.get_or_insert_default();
                    if next.is_alphanumeric() || next == '.' {
                        word.push('\\');
                    }
                    word.push(next);
                }
                None => word.get_or_insert_default().push('\\'),
            },
            '$' => {
                let text = expand(&mut characters, variable);
                if !text.is_empty() {
                    word.get_or_insert_default().push_str(&text);
                }
            }
            character => word.get_or_insert_default().push(character),
        }
    }
    tokens.extend(word.map(Token::Word));
    Ok(tokens)
}

fn expand(
    characters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    variable: &dyn Fn(&str) -> Option<String>,
) -> String {
    let braces = characters.next_if_eq(&'{').is_some();
    let mut name = String::new();
    while let Some(character) = characters.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
        name.push(character);
    }
    if braces {
        characters.next_if_eq(&'}');
    }
    if name.is_empty() {
        return "$".to_owned();
    }
    variable(&name).unwrap_or_default()
}

/// Reads a command line.
///
/// # Errors
///
/// Where a quote has no end: the message as a shell says it.
pub fn parse(
    line: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<(Joint, Command)>, String> {
    // A prompt that was copied with the line.
    let line = line.trim_start();
    let line = line.strip_prefix("$ ").unwrap_or(line);
    let mut commands = Vec::new();
    let mut joint = Joint::Always;
    let mut words: Vec<String> = Vec::new();
    let mut unsupported: Option<String> = None;
    for token in tokens(line, variable)?
        .into_iter()
        .chain([Token::Joint(Joint::Always)])
    {
        match token {
            Token::Word(word) => words.push(word),
            Token::Unsupported(what) => unsupported = unsupported.or(Some(what)),
            Token::Joint(next) => {
                if let Some(what) = unsupported.take() {
                    commands.push((
                        joint,
                        Command::Unknown(format!("limbeck: {what} is not part of this console"), 2),
                    ));
                    words.clear();
                } else if !words.is_empty() {
                    commands.push((joint, command(std::mem::take(&mut words))));
                }
                joint = next;
            }
        }
    }
    Ok(commands)
}

fn command(mut words: Vec<String>) -> Command {
    // `NAME=value alembic …` sets the variable for good here, as `export` does.
    let assignments = words
        .iter()
        .take_while(|word| assignment(word).is_some())
        .count();
    if assignments == words.len() {
        return Command::Export(words.iter().filter_map(|word| assignment(word)).collect());
    }
    if assignments > 0 {
        return Command::Unknown(
            "limbeck: set a variable with export NAME=value first".to_owned(),
            2,
        );
    }
    let name = words.remove(0);
    let rest = words;
    let program = name.rsplit(['/', '\\']).next().unwrap_or(&name);
    let program = program.strip_suffix(".exe").unwrap_or(program);
    match program {
        "alembic" | "limbeck" => Command::Alembic(rest),
        "python" | "python3" | "py" => match rest.as_slice() {
            [flag, module, rest @ ..]
                if flag == "-m" && (module == "alembic" || module == "alembic.config") =>
            {
                Command::Alembic(rest.to_vec())
            }
            _ => Command::Unknown(
                format!("{program}: there is no Python here; python -m alembic runs"),
                127,
            ),
        },
        // What people type before alembic to choose an environment; there is only one here.
        "uv" | "poetry" | "pipenv" | "pdm" | "hatch"
            if rest.first().is_some_and(|word| word == "run") && rest.len() > 1 =>
        {
            command(rest[1..].to_vec())
        }
        "cd" => Command::ChangeDirectory(rest.into_iter().next().unwrap_or_default()),
        "export" => {
            let pairs: Vec<_> = rest.iter().filter_map(|word| assignment(word)).collect();
            if pairs.len() < rest.len() {
                Command::Unknown("export: write export NAME=value".to_owned(), 2)
            } else {
                Command::Export(pairs)
            }
        }
        "set" | "env" if rest.is_empty() => Command::Export(Vec::new()),
        "unset" => Command::Unset(rest),
        "ls" | "dir" => Command::List(
            rest.into_iter()
                .filter(|word| !word.starts_with('-'))
                .collect(),
        ),
        "cat" | "type" | "less" | "more" => Command::Print(rest),
        "rm" | "del" => Command::Remove(
            rest.into_iter()
                .filter(|word| !word.starts_with('-'))
                .collect(),
        ),
        "pwd" => Command::Where,
        "echo" => Command::Echo(rest),
        "clear" | "cls" => Command::Clear,
        "help" => Command::Help,
        "sqlite3" => match rest.as_slice() {
            [database, sql] => Command::Sql {
                database: database.clone(),
                sql: sql.clone(),
            },
            _ => Command::Unknown(
                "sqlite3: write sqlite3 FILE \"SQL\", with the statements in quotes".to_owned(),
                2,
            ),
        },
        "source" | "." | "activate" => Command::Unknown(
            format!("{name}: there is no virtual environment to activate; alembic runs as it is"),
            1,
        ),
        "make" | "pip" | "git" | "docker" | "npm" => Command::Unknown(
            format!("{name}: not in this console; help lists what is"),
            127,
        ),
        _ => Command::Unknown(
            format!("{name}: command not found; help lists what there is"),
            127,
        ),
    }
}

fn assignment(word: &str) -> Option<(String, String)> {
    let (name, value) = word.split_once('=')?;
    let valid = !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    valid.then(|| (name.to_owned(), value.to_owned()))
}

/// A word as it must be typed to mean itself.
pub fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,^".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else if !word.contains('\'') {
        format!("'{word}'")
    } else {
        let mut text = String::from("\"");
        for character in word.chars() {
            if "\"\\$`".contains(character) {
                text.push('\\');
            }
            text.push(character);
        }
        text.push('"');
        text
    }
}

/// What completion knows of the project.
#[derive(Clone, Debug, Default)]
pub struct Known<'a> {
    /// Revision ids and branch labels.
    pub revisions: Vec<&'a str>,
    /// Paths of files, relative to the current folder.
    pub files: Vec<&'a str>,
    /// Paths of folders, likewise.
    pub folders: Vec<&'a str>,
}

/// What Tab does: the line with as much added as is certain, and the choices if there are several.
pub fn complete(line: &str, known: &Known<'_>) -> (String, Vec<String>) {
    let start = line
        .rfind([' ', '\t', ';', '&', '|'])
        .map_or(0, |index| index + 1);
    let segment_start = line.rfind([';', '&', '|']).map_or(0, |index| index + 1);
    let before: Vec<&str> = line[segment_start..start].split_whitespace().collect();
    let word = &line[start..];
    let mut choices: Vec<String> = Vec::new();
    let alembic = before
        .iter()
        .position(|word| word.rsplit('/').next() == Some("alembic") || *word == "limbeck");
    if let Some(position) = alembic {
        let rest = &before[position + 1..];
        let command = rest
            .iter()
            .find(|word| ALEMBIC_COMMANDS.contains(word))
            .copied()
            .unwrap_or_default();
        if word.starts_with('-')
            && !(word.len() > 1 && word[1..].starts_with(|c: char| c.is_ascii_digit()))
        {
            choices.extend(options(command).iter().map(|text| text.to_string()));
        } else if command.is_empty() {
            choices.extend(ALEMBIC_COMMANDS.iter().map(|text| text.to_string()));
        } else if matches!(
            command,
            "upgrade" | "downgrade" | "stamp" | "show" | "merge" | "edit" | "history" | "revision"
        ) {
            match command {
                "upgrade" => choices.extend(["head", "heads", "+1"].map(String::from)),
                "downgrade" => choices.extend(["base", "-1"].map(String::from)),
                "stamp" => choices.extend(["head", "heads", "base"].map(String::from)),
                "merge" => choices.push("heads".into()),
                "show" => choices.extend(["head", "heads", "current", "base"].map(String::from)),
                _ => {}
            }
            // A range such as a1b2:c3d4 is completed after its last colon.
            let prefix = word.rfind(':').map_or("", |index| &word[..=index]);
            choices.extend(
                known
                    .revisions
                    .iter()
                    .map(|revision| format!("{prefix}{revision}")),
            );
        }
    } else if before.is_empty() {
        choices.extend(
            [
                "alembic",
                "cat",
                "cd",
                "clear",
                "echo",
                "export",
                "help",
                "ls",
                "pwd",
                "python -m alembic",
                "rm",
                "sqlite3",
                "unset",
            ]
            .map(String::from),
        );
    } else if before[0].starts_with("python") {
        choices.push(
            if before.contains(&"-m") {
                "alembic"
            } else {
                "-m alembic"
            }
            .to_owned(),
        );
    } else if matches!(before[0], "cd" | "ls") {
        choices.extend(known.folders.iter().map(|path| format!("{path}/")));
    } else if matches!(before[0], "cat" | "rm" | "sqlite3") {
        choices.extend(known.files.iter().map(|path| path.to_string()));
    }
    choices.retain(|choice| choice.starts_with(word));
    choices.dedup();
    match choices.as_slice() {
        [] => (line.to_owned(), choices),
        [only] => {
            let space = if only.ends_with('/') { "" } else { " " };
            (format!("{}{only}{space}", &line[..start]), Vec::new())
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

/// A place that a printed text speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where in the text.
    pub range: Range<usize>,
    /// The path as it is printed.
    pub path: String,
    /// The line, from one.
    pub line: u32,
}

/// Finds `File "path", line 3` and `path:3` in a printed line.
pub fn links(text: &str) -> Vec<Link> {
    let mut links = Vec::new();
    if let Some(start) = text.find("File \"") {
        let path_start = start + "File \"".len();
        if let Some(length) = text[path_start..].find("\", line ") {
            let path = &text[path_start..path_start + length];
            let number_start = path_start + length + "\", line ".len();
            let digits = text[number_start..]
                .bytes()
                .take_while(u8::is_ascii_digit)
                .count();
            if let Ok(line) = text[number_start..number_start + digits].parse() {
                links.push(Link {
                    range: path_start..number_start + digits,
                    path: path.to_owned(),
                    line,
                });
                return links;
            }
        }
    }
    let mut position = 0;
    for word in text.split_inclusive([' ', '\t', '(', ')', '\'', '"', ',', '\n']) {
        let start = position;
        position += word.len();
        let word = word.trim_end_matches([' ', '\t', '(', ')', '\'', '"', ',', '\n']);
        let bare = word.trim_end_matches([':', '.']);
        for ending in [".py", ".ini", ".mako", ".toml"] {
            if let Some(index) = bare.find(&format!("{ending}:")) {
                let number = &bare[index + ending.len() + 1..];
                let number = number.split(':').next().unwrap_or(number);
                if let Ok(line) = number.parse() {
                    links.push(Link {
                        range: start..start + index + ending.len() + 1 + number.len(),
                        path: bare[..index + ending.len()].to_owned(),
                        line,
                    });
                }
            } else if bare.ends_with(ending) && bare.contains('/') {
                links.push(Link {
                    range: start..start + bare.len(),
                    path: bare.to_owned(),
                    line: 1,
                });
            }
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(line: &str) -> Command {
        let mut commands = parse(line, &|name| (name == "HOME").then(|| "/home".into())).unwrap();
        assert_eq!(commands.len(), 1, "{line}: {commands:?}");
        commands.remove(0).1
    }

    #[test]
    fn reads_what_people_type() {
        let words =
            |words: &[&str]| Command::Alembic(words.iter().map(|w| w.to_string()).collect());
        assert_eq!(
            one("alembic revision --autogenerate -m \"add user's email\"  # a comment"),
            words(&["revision", "--autogenerate", "-m", "add user's email"])
        );
        assert_eq!(
            one("$ python -m alembic upgrade +1"),
            words(&["upgrade", "+1"])
        );
        assert_eq!(
            one(r".\.venv\Scripts\python.exe -m alembic upgrade head"),
            words(&["upgrade", "head"])
        );
        assert_eq!(
            one("alembic -x 'a b' current"),
            words(&["-x", "a b", "current"])
        );
        assert_eq!(
            one("export DATABASE_URL=\"sqlite:///${HOME}/a.db\""),
            Command::Export(vec![("DATABASE_URL".into(), "sqlite:////home/a.db".into())])
        );
        assert_eq!(
            one("cd backend"),
            Command::ChangeDirectory("backend".into())
        );
        assert!(matches!(one("make db-migrate"), Command::Unknown(_, 127)));
        assert!(matches!(
            one("alembic history | less"),
            Command::Unknown(_, 2)
        ));
        assert_eq!(parse("# only a comment", &|_| None), Ok(vec![]));
        assert!(parse("alembic -m 'open", &|_| None).is_err());
        let joined = parse("cd x && alembic heads; ls", &|_| None).unwrap();
        assert_eq!(
            joined.iter().map(|(joint, _)| *joint).collect::<Vec<_>>(),
            [Joint::Always, Joint::IfDone, Joint::Always]
        );
    }

    #[test]
    fn completes_commands_and_revisions() {
        let known = Known {
            revisions: vec!["a1b2c3", "a1ffff", "b7"],
            files: vec!["alembic.ini"],
            folders: vec!["alembic"],
        };
        assert_eq!(complete("alem", &known).0, "alembic ");
        assert_eq!(complete("alembic up", &known).0, "alembic upgrade ");
        assert_eq!(
            complete("alembic upgrade b", &known).0,
            "alembic upgrade b7 "
        );
        let (line, choices) = complete("alembic downgrade a", &known);
        assert_eq!(line, "alembic downgrade a1");
        assert_eq!(choices, ["a1b2c3", "a1ffff"]);
        assert_eq!(
            complete("alembic revision --auto", &known).0,
            "alembic revision --autogenerate "
        );
        assert_eq!(complete("cd al", &known).0, "cd alembic/");
        assert_eq!(
            complete("ls && alembic cu", &known).0,
            "ls && alembic current "
        );
    }

    #[test]
    fn finds_places() {
        let text = "  File \"/project/models.py\", line 12, in <module>";
        let link = &links(text)[0];
        assert_eq!((link.path.as_str(), link.line), ("/project/models.py", 12));
        let text = "see alembic/env.py:3: no";
        let link = &links(text)[0];
        assert_eq!(&text[link.range.clone()], "alembic/env.py:3");
        let text = "  Generating /project/alembic/versions/a_b.py ...  done";
        assert_eq!(links(text)[0].path, "/project/alembic/versions/a_b.py");
    }
}
