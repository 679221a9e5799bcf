//! Parses what is typed as a POSIX shell would: lines, commands and their operators, words with quotes and
//! variables, redirections.

/// How a command follows the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// `;`, a new line, or the start: always.
    Always,
    /// `&&`: if the one before succeeded.
    IfDone,
    /// `||`: if it failed.
    IfFailed,
    /// `|`: it reads what the one before printed.
    Pipe,
}

/// A part of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text outside of quotes, where `*` and the like stand for names of files.
    Plain(String),
    /// Text that means itself.
    Quoted(String),
    /// `$NAME`.
    Variable {
        /// Its name; `?` is the last exit status.
        name: String,
        /// The text of `${NAME:-text}`.
        otherwise: Option<String>,
        /// Whether it stands in quotes, and so is one word whatever it holds.
        quoted: bool,
    },
}

/// A word as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word(pub Vec<Part>);

impl Word {
    fn plain(&mut self, character: char) {
        match self.0.last_mut() {
            Some(Part::Plain(text)) => text.push(character),
            _ => self.0.push(Part::Plain(character.to_string())),
        }
    }

    fn quoted(&mut self, character: char) {
        match self.0.last_mut() {
            Some(Part::Quoted(text)) => text.push(character),
            _ => self.0.push(Part::Quoted(character.to_string())),
        }
    }

    /// Its text, where it is plain and whole.
    fn literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Part::Plain(text)] => Some(text),
            _ => None,
        }
    }

    /// The name and the value of a word that says `NAME=value`.
    fn assignment(&self) -> Option<(String, Word)> {
        let Some(Part::Plain(text)) = self.0.first() else {
            return None;
        };
        let (name, value) = text.split_once('=')?;
        if !is_name(name) {
            return None;
        }
        let mut parts = self.0.clone();
        parts[0] = Part::Plain(value.to_owned());
        Some((name.to_owned(), Word(parts)))
    }
}

/// Where input comes from and output goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redirection {
    /// `< file`.
    Input(Word),
    /// `<< END` and `<<< text`.
    Text(Word),
    /// `> file`, `>> file`, `2> file`, `&> file`.
    Output {
        /// Whether it is standard error that goes there.
        error: bool,
        /// Whether both go there.
        both: bool,
        /// Whether the file keeps what it holds.
        append: bool,
        /// The file.
        file: Word,
    },
    /// `2>&1`.
    ErrorToOutput,
    /// `>&2`.
    OutputToError,
}

/// One command of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simple {
    /// How it follows the one before.
    pub joint: Joint,
    /// `NAME=value` before it.
    pub assignments: Vec<(String, Word)>,
    /// Its words.
    pub words: Vec<Word>,
    /// Its redirections.
    pub redirections: Vec<Redirection>,
}

/// Why a line can't be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// More must come: an open quote, a line that ends in `&&`.
    Unfinished(String),
    /// A document's `<revision_id>` was typed as it stands there.
    Placeholder(String),
    /// A part of a shell that this console has not.
    Unsupported(String),
}

impl Problem {
    /// The error message.
    pub fn message(&self) -> String {
        match self {
            Problem::Unfinished(what) => format!("limbeck: the line is incomplete: {what}"),
            Problem::Placeholder(name) => {
                format!("limbeck: <{name}> is a placeholder; replace it (Tab offers what fits)")
            }
            Problem::Unsupported(what) => format!("limbeck: {what}"),
        }
    }
}

/// A line with all that belongs to it: more than one line of text where a quote, a `\` or a
/// `<< END` goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// As it was typed.
    pub text: String,
    /// What it says.
    pub commands: Result<Vec<Simple>, Problem>,
}

impl Line {
    /// Whether more must be typed before it can run.
    pub fn is_unfinished(&self) -> bool {
        matches!(self.commands, Err(Problem::Unfinished(_)))
    }
}

/// Whether a text may name a variable.
pub fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Cuts a text into lines and reads each. Empty lines are left out.
pub fn lines(text: &str) -> Vec<Line> {
    let mut reader = Reader {
        characters: text.chars().collect(),
        position: 0,
        documents: Vec::new(),
    };
    let mut lines = Vec::new();
    while reader.position < reader.characters.len() {
        let start = reader.position;
        let commands = reader.line();
        if commands.is_err() && !matches!(commands, Err(Problem::Unfinished(_))) {
            reader.documents.clear();
            while reader.next().is_some_and(|character| character != '\n') {}
        }
        let text: String = reader.characters[start..reader.position].iter().collect();
        if !text.trim().is_empty() {
            lines.push(Line {
                text: text.trim().to_owned(),
                commands,
            });
        }
    }
    lines
}

struct Document {
    command: usize,
    redirection: usize,
    end: String,
    literal: bool,
    tabs: bool,
}

struct Reader {
    characters: Vec<char>,
    position: usize,
    /// `<< END` whose text begins with the next line.
    documents: Vec<Document>,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.position + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek(0)?;
        self.position += 1;
        Some(character)
    }

    fn take(&mut self, text: &str) -> bool {
        let there = text
            .chars()
            .enumerate()
            .all(|(index, character)| self.peek(index) == Some(character));
        if there {
            self.position += text.chars().count();
        }
        there
    }

    fn blanks(&mut self) {
        loop {
            match self.peek(0) {
                Some(' ' | '\t' | '\r' | '\u{a0}') => self.position += 1,
                Some('\\') if self.peek(1) == Some('\n') => self.position += 2,
                _ => return,
            }
        }
    }

    /// A prompt that was copied with the line: `$ `, `(.venv) $ `.
    fn prompt(&mut self) {
        self.blanks();
        let start = self.position;
        if self.take("(") {
            while self
                .peek(0)
                .is_some_and(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
            {
                self.position += 1;
            }
            if !self.take(") ") {
                self.position = start;
                return;
            }
        }
        if !self.take("$ ") {
            self.position = start;
        }
    }

    fn line(&mut self) -> Result<Vec<Simple>, Problem> {
        self.prompt();
        let mut commands: Vec<Simple> = Vec::new();
        let mut now = Simple::after(Joint::Always);
        loop {
            self.blanks();
            let empty =
                now.words.is_empty() && now.assignments.is_empty() && now.redirections.is_empty();
            let Some(character) = self.peek(0) else {
                if empty && now.joint != Joint::Always {
                    return Err(Problem::Unfinished("a command must follow".to_owned()));
                }
                break;
            };
            match character {
                '#' => {
                    while self.peek(0).is_some_and(|character| character != '\n') {
                        self.position += 1;
                    }
                }
                '\n' => {
                    self.position += 1;
                    // `a &&` goes on in the next line.
                    if empty && now.joint != Joint::Always {
                        continue;
                    }
                    break;
                }
                ';' | '&' | '|' => {
                    // PowerShell's `& program`.
                    if character == '&' && empty && self.peek(1) == Some(' ') {
                        self.position += 1;
                        continue;
                    }
                    if self.take("&>") {
                        self.output(&mut now, false, true)?;
                        continue;
                    }
                    let joint = if self.take("&&") {
                        Joint::IfDone
                    } else if self.take("||") {
                        Joint::IfFailed
                    } else if self.take("|") {
                        Joint::Pipe
                    } else if self.take(";") {
                        Joint::Always
                    } else {
                        return Err(Problem::Unsupported(
                            "& is not supported here: commands run one after another".to_owned(),
                        ));
                    };
                    if empty {
                        return Err(Problem::Unsupported(
                            "a command is missing before ; && || or |".to_owned(),
                        ));
                    }
                    commands.push(std::mem::replace(&mut now, Simple::after(joint)));
                }
                '(' | ')' => return Err(unsupported("( )")),
                '<' => self.input(&mut now, commands.len())?,
                '>' => {
                    self.position += 1;
                    self.output(&mut now, false, false)?;
                }
                '1' | '2' if self.peek(1) == Some('>') => {
                    self.position += 2;
                    self.output(&mut now, character == '2', false)?;
                }
                _ => {
                    let word = self.word()?;
                    if empty
                        && let Some(
                            name @ ("if" | "for" | "while" | "until" | "case" | "function" | "{"
                            | "}" | "[["),
                        ) = word.literal()
                    {
                        return Err(unsupported(name));
                    }
                    match word.assignment() {
                        Some(assignment) if now.words.is_empty() => {
                            now.assignments.push(assignment);
                        }
                        _ => now.words.push(word),
                    }
                }
            }
        }
        if !(now.words.is_empty() && now.assignments.is_empty() && now.redirections.is_empty()) {
            commands.push(now);
        }
        for document in std::mem::take(&mut self.documents) {
            let text = self.document(&document)?;
            if let Some(Redirection::Text(word)) = commands
                .get_mut(document.command)
                .and_then(|command| command.redirections.get_mut(document.redirection))
            {
                *word = text;
            }
        }
        Ok(commands)
    }

    fn input(&mut self, now: &mut Simple, command: usize) -> Result<(), Problem> {
        self.position += 1;
        if self.take("<<") {
            let word = self.redirected()?;
            now.redirections.push(Redirection::Text(word));
        } else if self.take("<") {
            let tabs = self.take("-");
            let word = self.redirected()?;
            let literal = word.0.iter().any(|part| matches!(part, Part::Quoted(_)));
            let end = word
                .0
                .iter()
                .map(|part| match part {
                    Part::Plain(text) | Part::Quoted(text) => text.as_str(),
                    Part::Variable { .. } => "",
                })
                .collect();
            self.documents.push(Document {
                command,
                redirection: now.redirections.len(),
                end,
                literal,
                tabs,
            });
            now.redirections.push(Redirection::Text(Word::default()));
        } else {
            if let Some(name) = self.placeholder() {
                return Err(Problem::Placeholder(name));
            }
            let word = self.redirected()?;
            now.redirections.push(Redirection::Input(word));
        }
        Ok(())
    }

    /// `<revision_id>`, after its `<`.
    fn placeholder(&self) -> Option<String> {
        let mut name = String::new();
        for character in &self.characters[self.position..] {
            match character {
                '>' if !name.trim().is_empty() => return Some(name),
                character if character.is_alphanumeric() || " _-".contains(*character) => {
                    name.push(*character);
                }
                _ => return None,
            }
        }
        None
    }

    fn output(&mut self, now: &mut Simple, error: bool, both: bool) -> Result<(), Problem> {
        if self.take("&1") {
            if error {
                now.redirections.push(Redirection::ErrorToOutput);
            }
            return Ok(());
        }
        if self.take("&2") {
            if !error {
                now.redirections.push(Redirection::OutputToError);
            }
            return Ok(());
        }
        let append = self.take(">");
        let file = self.redirected()?;
        now.redirections.push(Redirection::Output {
            error,
            both,
            append,
            file,
        });
        Ok(())
    }

    fn redirected(&mut self) -> Result<Word, Problem> {
        self.blanks();
        let word = self.word()?;
        if word.0.is_empty() {
            return Err(Problem::Unsupported(
                "a file must follow > and <".to_owned(),
            ));
        }
        Ok(word)
    }

    fn document(&mut self, document: &Document) -> Result<Word, Problem> {
        let mut text = String::new();
        loop {
            if self.position >= self.characters.len() {
                return Err(Problem::Unfinished(format!(
                    "a line {} ends the text",
                    document.end
                )));
            }
            let mut line = String::new();
            while let Some(character) = self.next() {
                if character == '\n' {
                    break;
                }
                line.push(character);
            }
            let line = line.trim_end_matches('\r');
            let line = if document.tabs {
                line.trim_start_matches('\t')
            } else {
                line
            };
            if line == document.end {
                break;
            }
            text.push_str(line);
            text.push('\n');
        }
        if document.literal {
            return Ok(Word(vec![Part::Quoted(text)]));
        }
        let mut inner = Reader {
            characters: text.chars().collect(),
            position: 0,
            documents: Vec::new(),
        };
        let mut word = Word(vec![Part::Quoted(String::new())]);
        while let Some(character) = inner.next() {
            match character {
                '$' => inner.variable(&mut word, true)?,
                '\\' => match inner.next() {
                    Some(next @ ('$' | '\\' | '`')) => word.quoted(next),
                    Some('\n') => {}
                    Some(next) => {
                        word.quoted('\\');
                        word.quoted(next);
                    }
                    None => word.quoted('\\'),
                },
                character => word.quoted(character),
            }
        }
        Ok(word)
    }

    fn word(&mut self) -> Result<Word, Problem> {
        let mut word = Word::default();
        while let Some(character) = self.peek(0) {
            if " \t\r\n\u{a0};&|<>()".contains(character) {
                break;
            }
            self.position += 1;
            match character {
                '\'' => {
                    word.0.push(Part::Quoted(String::new()));
                    loop {
                        match self.next() {
                            Some('\'') => break,
                            Some(character) => word.quoted(character),
                            None => {
                                return Err(Problem::Unfinished("a ' must follow".to_owned()));
                            }
                        }
                    }
                }
                '"' => self.double_quoted(&mut word)?,
                '`' => return Err(unsupported("` `")),
                '\\' => match self.next() {
                    Some('\n') => {}
                    // A Windows path such as .\.venv\Scripts\python.exe keeps its backslashes.
                    Some(next) if next.is_alphanumeric() || "._".contains(next) => {
                        word.quoted('\\');
                        word.quoted(next);
                    }
                    Some(next) => word.quoted(next),
                    None => return Err(Problem::Unfinished("a line must follow".to_owned())),
                },
                '$' => self.variable(&mut word, false)?,
                character => word.plain(character),
            }
        }
        Ok(word)
    }

    fn double_quoted(&mut self, word: &mut Word) -> Result<(), Problem> {
        word.0.push(Part::Quoted(String::new()));
        loop {
            match self.next() {
                Some('"') => return Ok(()),
                Some('\\') => match self.next() {
                    Some(next @ ('"' | '\\' | '$' | '`')) => word.quoted(next),
                    Some('\n') => {}
                    Some(next) => {
                        word.quoted('\\');
                        word.quoted(next);
                    }
                    None => return Err(Problem::Unfinished("a \" must follow".to_owned())),
                },
                Some('`') => return Err(unsupported("` `")),
                Some('$') => self.variable(word, true)?,
                Some(character) => word.quoted(character),
                None => return Err(Problem::Unfinished("a \" must follow".to_owned())),
            }
        }
    }

    /// A variable, after its `$`.
    fn variable(&mut self, word: &mut Word, quoted: bool) -> Result<(), Problem> {
        if self.peek(0) == Some('(') {
            return Err(unsupported("$( )"));
        }
        let braces = self.take("{");
        let mut name = String::new();
        if self.take("?") {
            name.push('?');
        }
        while let Some(character) = self.peek(0) {
            if name == "?" || !(character.is_ascii_alphanumeric() || character == '_') {
                break;
            }
            name.push(character);
            self.position += 1;
        }
        let mut otherwise = None;
        if braces {
            if self.take(":-") || self.take("-") {
                let mut text = String::new();
                while let Some(character) = self.peek(0) {
                    if character == '}' {
                        break;
                    }
                    text.push(character);
                    self.position += 1;
                }
                otherwise = Some(text);
            }
            if name.is_empty() || !self.take("}") {
                return Err(unsupported("${ }"));
            }
        }
        // PowerShell's $env:NAME.
        if name == "env" && self.take(":") {
            for character in "$env:".chars() {
                word.plain(character);
            }
            return Ok(());
        }
        if name.is_empty() {
            if quoted {
                word.quoted('$');
            } else {
                word.plain('$');
            }
        } else {
            word.0.push(Part::Variable {
                name,
                otherwise,
                quoted,
            });
        }
        Ok(())
    }
}

impl Simple {
    fn after(joint: Joint) -> Self {
        Simple {
            joint,
            assignments: Vec::new(),
            words: Vec::new(),
            redirections: Vec::new(),
        }
    }
}

fn unsupported(what: &str) -> Problem {
    Problem::Unsupported(format!("{what} is not supported here; help lists what is"))
}
