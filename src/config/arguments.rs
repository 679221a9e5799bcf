//! Python's `argparse`, as far as Alembic's command line uses it: which arguments are options,
//! abbreviations, error texts, usage and help. Its rules show (`downgrade -1` is a
//! positional argument, `merge a -m x b` is refused), so they are followed and not improved.

use ground::hash::IndexMap;

use ground::formatting::repr::string_repr;

/// argparse's action of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OptionAction {
    /// `store_true`.
    Flag,
    /// Takes one value; the last one given counts.
    Value(Option<&'static str>),
    /// Takes one value each time, all are kept.
    Append,
    /// `-h`, `--help`.
    Help,
    /// `--version`.
    Version,
}

/// One option.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OptionRule {
    pub(crate) flags: &'static [&'static str],
    pub(crate) dest: &'static str,
    pub(crate) kind: OptionAction,
    pub(crate) help: &'static str,
}

/// How many arguments a positional takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    /// Exactly one.
    One,
    /// One or none.
    Optional,
    /// One or more.
    Many,
    /// The name of a command and all that follows it.
    Command,
}

/// The positional argument of a parser.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PositionalRule {
    pub(crate) dest: &'static str,
    pub(crate) count: Count,
    pub(crate) help: Option<&'static str>,
}

/// One `ArgumentParser`.
#[derive(Clone, Debug)]
pub(crate) struct Parser {
    pub(crate) program: String,
    pub(crate) options: Vec<OptionRule>,
    pub(crate) positional: Option<PositionalRule>,
    /// Names and help of the commands, for a [`Count::Command`] positional.
    pub(crate) commands: Vec<(&'static str, &'static str)>,
}

/// The value of one destination in the namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionValue {
    /// Python's `None`.
    None,
    /// A flag.
    Boolean(bool),
    /// A string.
    Text(String),
    /// A list of strings.
    List(Vec<String>),
}

/// Destinations and values, in the order of `argparse.Namespace`.
pub type Namespace = IndexMap<String, OptionValue>;

/// Why parsing ended without a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// A usage error.
    Error(String),
    /// `--help`.
    Help,
    /// `--version`.
    Version,
}

/// An argument recognised as an option: which rule (none for an unknown one), as which flag, with
/// which `=value`.
type Recognised = (Option<usize>, String, Option<String>);

impl Parser {
    /// Parses as `parse_known_args`: fills the namespace, returns what was not recognised.
    pub(crate) fn parse(
        &self,
        arguments: &[String],
        namespace: &mut Namespace,
    ) -> Result<Vec<String>, Stop> {
        for option in &self.options {
            let default = match option.kind {
                OptionAction::Flag => OptionValue::Boolean(false),
                OptionAction::Value(default) => {
                    default.map_or(OptionValue::None, |text| OptionValue::Text(text.to_owned()))
                }
                OptionAction::Append => OptionValue::None,
                OptionAction::Help | OptionAction::Version => continue,
            };
            namespace.insert(option.dest.to_owned(), default);
        }

        let mut recognised: Vec<Option<Recognised>> = Vec::with_capacity(arguments.len());
        let mut pattern: Vec<u8> = Vec::with_capacity(arguments.len());
        for (index, argument) in arguments.iter().enumerate() {
            if argument == "--" {
                pattern.push(b'-');
                pattern.resize(arguments.len(), b'A');
                recognised.resize(arguments.len(), None);
                let _ = index;
                break;
            }
            let option = self.parse_optional(argument)?;
            pattern.push(if option.is_some() { b'O' } else { b'A' });
            recognised.push(option);
        }
        let last_option = recognised.iter().rposition(Option::is_some);

        let mut extras: Vec<String> = Vec::new();
        let mut positional = self.positional;
        let mut at = 0usize;
        while last_option.is_some_and(|last| at <= last) {
            let Some(next) = (at..recognised.len()).find(|index| recognised[*index].is_some())
            else {
                break;
            };
            if at != next {
                let end =
                    self.consume_positional(arguments, &pattern, at, &mut positional, namespace)?;
                if end > at {
                    at = end;
                    continue;
                }
            }
            if recognised[at].is_none() {
                extras.extend_from_slice(&arguments[at..next]);
                at = next;
            }
            at = self.consume_optional(
                arguments,
                &pattern,
                &recognised,
                at,
                namespace,
                &mut extras,
            )?;
        }
        let end = self.consume_positional(arguments, &pattern, at, &mut positional, namespace)?;
        extras.extend_from_slice(&arguments[end..]);

        if let Some(rule) = positional
            && !matches!(rule.count, Count::Command | Count::Optional)
        {
            return Err(Stop::Error(format!(
                "the following arguments are required: {}",
                rule.dest
            )));
        }
        Ok(extras)
    }

    fn flag(&self, flag: &str) -> Option<usize> {
        self.options
            .iter()
            .position(|option| option.flags.contains(&flag))
    }

    fn parse_optional(&self, argument: &str) -> Result<Option<Recognised>, Stop> {
        if !argument.starts_with('-') {
            return Ok(None);
        }
        if let Some(index) = self.flag(argument) {
            return Ok(Some((Some(index), argument.to_owned(), None)));
        }
        if argument.chars().count() == 1 {
            return Ok(None);
        }
        if let Some((flag, value)) = argument.split_once('=')
            && let Some(index) = self.flag(flag)
        {
            return Ok(Some((Some(index), flag.to_owned(), Some(value.to_owned()))));
        }
        let mut matches: Vec<Recognised> = Vec::new();
        if argument.starts_with("--") {
            let (prefix, value) = match argument.split_once('=') {
                Some((prefix, value)) => (prefix, Some(value.to_owned())),
                None => (argument, None),
            };
            for (index, flag) in self.flags() {
                if flag.starts_with(prefix) {
                    matches.push((Some(index), flag.to_owned(), value.clone()));
                }
            }
        } else {
            let second = argument.chars().nth(1).map_or(0, char::len_utf8);
            let (short, rest) = argument.split_at(1 + second);
            for (index, flag) in self.flags() {
                if flag == short {
                    matches.push((Some(index), flag.to_owned(), Some(rest.to_owned())));
                } else if flag.starts_with(argument) {
                    matches.push((Some(index), flag.to_owned(), None));
                }
            }
        }
        if matches.len() > 1 {
            let names: Vec<&str> = matches.iter().map(|(_, flag, _)| flag.as_str()).collect();
            return Err(Stop::Error(format!(
                "ambiguous option: {argument} could match {}",
                names.join(", ")
            )));
        }
        if let Some(option) = matches.pop() {
            return Ok(Some(option));
        }
        if is_negative_number(argument) || argument.contains(' ') {
            return Ok(None);
        }
        Ok(Some((None, argument.to_owned(), None)))
    }

    fn flags(&self) -> impl Iterator<Item = (usize, &'static str)> + '_ {
        self.options
            .iter()
            .enumerate()
            .flat_map(|(index, option)| option.flags.iter().map(move |flag| (index, *flag)))
    }

    fn consume_positional(
        &self,
        arguments: &[String],
        pattern: &[u8],
        start: usize,
        positional: &mut Option<PositionalRule>,
        namespace: &mut Namespace,
    ) -> Result<usize, Stop> {
        let Some(rule) = *positional else {
            return Ok(start);
        };
        let rest = &pattern[start..];
        let skip = |from: usize, set: &[u8]| {
            from + rest[from..]
                .iter()
                .take_while(|kind| set.contains(kind))
                .count()
        };
        let first = skip(0, b"-");
        if rest.get(first) != Some(&b'A') {
            return Ok(start);
        }
        let end = start
            + match rule.count {
                Count::One | Count::Optional => skip(first + 1, b"-"),
                Count::Many => skip(first + 1, b"A-"),
                Count::Command => skip(first + 1, b"-AO"),
            };
        *positional = None;
        let mut values: Vec<String> = arguments[start..end].to_vec();
        if rule.count == Count::Command {
            if !self.commands.iter().any(|(name, _)| *name == values[0]) {
                let choices: Vec<String> = self
                    .commands
                    .iter()
                    .map(|(name, _)| string_repr(name))
                    .collect();
                return Err(Stop::Error(format!(
                    "argument {}: invalid choice: {} (choose from {})",
                    self.command_metavar(),
                    string_repr(&values[0]),
                    choices.join(", ")
                )));
            }
            namespace.insert(rule.dest.to_owned(), OptionValue::List(values));
            return Ok(end);
        }
        if let Some(dashes) = values.iter().position(|value| value == "--") {
            values.remove(dashes);
        }
        let value = match rule.count {
            Count::One | Count::Optional => match values.pop() {
                Some(value) => OptionValue::Text(value),
                None => OptionValue::None,
            },
            _ => OptionValue::List(values),
        };
        namespace.insert(rule.dest.to_owned(), value);
        Ok(end)
    }

    fn consume_optional(
        &self,
        arguments: &[String],
        pattern: &[u8],
        recognised: &[Option<Recognised>],
        start: usize,
        namespace: &mut Namespace,
        extras: &mut Vec<String>,
    ) -> Result<usize, Stop> {
        let Some((index, flag, value)) = recognised.get(start).cloned().flatten() else {
            return Ok(start + 1);
        };
        let Some(mut index) = index else {
            extras.push(arguments[start].clone());
            return Ok(start + 1);
        };
        let mut flag = flag;
        let mut value = value;
        let mut taken: Vec<(usize, Option<String>)> = Vec::new();
        let end = loop {
            let option = &self.options[index];
            let wants_value = matches!(option.kind, OptionAction::Value(_) | OptionAction::Append);
            match value {
                Some(text) if wants_value => {
                    taken.push((index, Some(text)));
                    break start + 1;
                }
                Some(text) => {
                    let ignored = |option: &OptionRule| {
                        Stop::Error(format!(
                            "argument {}: ignored explicit argument {}",
                            option.flags.join("/"),
                            string_repr(&text)
                        ))
                    };
                    if flag.starts_with("--") || text.is_empty() {
                        return Err(ignored(option));
                    }
                    taken.push((index, None));
                    let first = text.chars().next().map_or(0, char::len_utf8);
                    flag = format!("-{}", &text[..first]);
                    let Some(next) = self.flag(&flag) else {
                        return Err(ignored(option));
                    };
                    index = next;
                    let rest = &text[first..];
                    value = (!rest.is_empty()).then(|| rest.to_owned());
                }
                None if wants_value => {
                    if pattern.get(start + 1) != Some(&b'A') {
                        return Err(Stop::Error(format!(
                            "argument {}: expected one argument",
                            option.flags.join("/")
                        )));
                    }
                    taken.push((index, Some(arguments[start + 1].clone())));
                    break start + 2;
                }
                None => {
                    taken.push((index, None));
                    break start + 1;
                }
            }
        };
        for (index, value) in taken {
            let option = &self.options[index];
            let dest = option.dest.to_owned();
            match option.kind {
                OptionAction::Help => return Err(Stop::Help),
                OptionAction::Version => return Err(Stop::Version),
                OptionAction::Flag => {
                    namespace.insert(dest, OptionValue::Boolean(true));
                }
                OptionAction::Value(_) => {
                    namespace.insert(dest, OptionValue::Text(value.unwrap_or_default()));
                }
                OptionAction::Append => {
                    let list = namespace.entry(dest).or_insert(OptionValue::None);
                    match list {
                        OptionValue::List(list) => list.extend(value),
                        list => *list = OptionValue::List(value.into_iter().collect()),
                    }
                }
            }
        }
        Ok(end)
    }

    fn command_metavar(&self) -> String {
        let names: Vec<&str> = self.commands.iter().map(|(name, _)| *name).collect();
        format!("{{{}}}", names.join(","))
    }

    /// `print_usage`: the text that stands before an error.
    pub(crate) fn usage(&self, columns: usize) -> String {
        let mut usage = self.usage_block(columns);
        usage.push('\n');
        usage
    }

    fn usage_block(&self, columns: usize) -> String {
        const PREFIX: &str = "usage: ";
        let width = columns.saturating_sub(2);
        let optional_parts: Vec<String> = self
            .options
            .iter()
            .map(|option| {
                let flag = option.flags[0];
                match option.kind {
                    OptionAction::Value(_) | OptionAction::Append => {
                        format!("[{flag} {}]", option.dest.to_uppercase())
                    }
                    _ => format!("[{flag}]"),
                }
            })
            .collect();
        let positional_parts: Vec<String> = match self.positional {
            None => Vec::new(),
            Some(rule) => match rule.count {
                Count::One => vec![rule.dest.to_owned()],
                Count::Optional => vec![format!("[{}]", rule.dest)],
                Count::Many => vec![rule.dest.to_owned(), format!("[{} ...]", rule.dest)],
                Count::Command => vec![self.command_metavar(), "...".to_owned()],
            },
        };
        let whole: Vec<&str> = std::iter::once(self.program.as_str())
            .chain(optional_parts.iter().map(String::as_str))
            .chain(positional_parts.iter().map(String::as_str))
            .collect();
        let whole = whole.join(" ");
        if PREFIX.len() + whole.len() <= width {
            return format!("{PREFIX}{whole}");
        }
        let lines_of = |parts: &[String], indent: usize, first: Option<usize>| -> Vec<String> {
            let mut lines: Vec<String> = Vec::new();
            let mut line: Vec<&str> = Vec::new();
            let mut length = first.unwrap_or(indent).saturating_sub(1);
            for part in parts {
                if length + 1 + part.len() > width && !line.is_empty() {
                    lines.push(format!("{}{}", " ".repeat(indent), line.join(" ")));
                    line.clear();
                    length = indent.saturating_sub(1);
                }
                line.push(part);
                length += part.len() + 1;
            }
            if !line.is_empty() {
                lines.push(format!("{}{}", " ".repeat(indent), line.join(" ")));
            }
            if first.is_some()
                && let Some(line) = lines.first_mut()
            {
                *line = line.split_off(indent);
            }
            lines
        };
        let with_program = |parts: &[String]| -> Vec<String> {
            std::iter::once(self.program.clone())
                .chain(parts.iter().cloned())
                .collect()
        };
        let lines = if (PREFIX.len() + self.program.len()) * 4 <= width * 3 {
            let indent = PREFIX.len() + self.program.len() + 1;
            let mut lines = lines_of(&with_program(&optional_parts), indent, Some(PREFIX.len()));
            lines.extend(lines_of(&positional_parts, indent, None));
            lines
        } else {
            let indent = PREFIX.len();
            let all: Vec<String> = optional_parts
                .iter()
                .chain(&positional_parts)
                .cloned()
                .collect();
            let mut lines = lines_of(&all, indent, None);
            if lines.len() > 1 {
                lines = lines_of(&optional_parts, indent, None);
                lines.extend(lines_of(&positional_parts, indent, None));
            }
            lines.insert(0, self.program.clone());
            lines
        };
        format!("{PREFIX}{}", lines.join("\n"))
    }

    /// `format_help`.
    pub(crate) fn help(&self, columns: usize) -> String {
        let width = columns.saturating_sub(2);
        let max_position = 24.min(width.saturating_sub(20).max(4));
        // (indentation, invocation, help)
        let mut positionals: Vec<(usize, String, Option<&str>)> = Vec::new();
        if let Some(rule) = self.positional {
            match rule.count {
                Count::Command => {
                    positionals.push((2, self.command_metavar(), None));
                    for (name, help) in &self.commands {
                        positionals.push((4, (*name).to_owned(), Some(help)));
                    }
                }
                _ => positionals.push((2, rule.dest.to_owned(), rule.help)),
            }
        }
        let options: Vec<(usize, String, Option<&str>)> = self
            .options
            .iter()
            .map(|option| {
                let takes_value =
                    matches!(option.kind, OptionAction::Value(_) | OptionAction::Append);
                let forms: Vec<String> = option
                    .flags
                    .iter()
                    .map(|flag| {
                        if takes_value {
                            format!("{flag} {}", option.dest.to_uppercase())
                        } else {
                            (*flag).to_owned()
                        }
                    })
                    .collect();
                (2, forms.join(", "), Some(option.help))
            })
            .collect();
        let longest = positionals
            .iter()
            .chain(&options)
            .map(|(_, invocation, _)| invocation.len() + 2)
            .max()
            .unwrap_or(0);
        let position = (longest + 2).min(max_position);
        let help_width = width.saturating_sub(position).max(11);
        let mut text = self.usage_block(columns);
        text.push_str("\n\n");
        let mut sections: Vec<String> = Vec::new();
        for (heading, rows) in [("positional arguments", positionals), ("options", options)] {
            if rows.is_empty() {
                continue;
            }
            let mut section = format!("{heading}:\n");
            for (indent, invocation, help) in rows {
                let space = " ".repeat(indent);
                let header_width = position.saturating_sub(indent + 2);
                let Some(help) = help else {
                    section.push_str(&format!("{space}{invocation}\n"));
                    continue;
                };
                let lines = wrap(help, help_width);
                let mut lines = lines.iter();
                if invocation.len() <= header_width {
                    section.push_str(&format!("{space}{invocation:header_width$}  "));
                    section.push_str(lines.next().map_or("", String::as_str));
                    section.push('\n');
                } else {
                    section.push_str(&format!("{space}{invocation}\n"));
                }
                for line in lines {
                    section.push_str(&" ".repeat(position));
                    section.push_str(line);
                    section.push('\n');
                }
            }
            sections.push(section);
        }
        text.push_str(&sections.join("\n"));
        text
    }
}

/// `^-\d+$|^-\d*\.\d+$`.
fn is_negative_number(argument: &str) -> bool {
    let Some(number) = argument.strip_prefix('-') else {
        return false;
    };
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    match number.split_once('.') {
        None => !number.is_empty() && digits(number),
        Some((whole, fraction)) => digits(whole) && !fraction.is_empty() && digits(fraction),
    }
}

/// `textwrap.wrap` of text whose words are separated by single spaces: breaks at spaces and after
/// hyphens between letters, and inside a word that is longer than a line.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut chunks: Vec<String> = Vec::new();
    for (index, word) in text.split_whitespace().enumerate() {
        if index > 0 {
            chunks.push(" ".to_owned());
        }
        chunks.extend(hyphen_chunks(word));
    }
    chunks.reverse();
    let mut lines: Vec<String> = Vec::new();
    while !chunks.is_empty() {
        let mut line: Vec<String> = Vec::new();
        let mut length = 0;
        if !lines.is_empty() && chunks.last().is_some_and(|chunk| chunk == " ") {
            chunks.pop();
        }
        while let Some(chunk) = chunks.last() {
            let size = chunk.chars().count();
            if length + size > width {
                break;
            }
            length += size;
            line.extend(chunks.pop());
        }
        if let Some(chunk) = chunks.last()
            && chunk.chars().count() > width
        {
            let room = width - length;
            let cut: usize = chunk
                .char_indices()
                .nth(room)
                .map_or(chunk.len(), |(at, _)| at);
            let rest = chunk[cut..].to_owned();
            let head = chunk[..cut].to_owned();
            chunks.pop();
            chunks.push(rest);
            if !head.is_empty() {
                line.push(head);
            }
        }
        if line.last().is_some_and(|chunk| chunk == " ") {
            line.pop();
        }
        if !line.is_empty() {
            lines.push(line.concat());
        }
    }
    lines
}

/// Splits a word after hyphens that stand between letters, and around dashes of two or more, as
/// `textwrap.TextWrapper.wordsep_re` does.
fn hyphen_chunks(word: &str) -> Vec<String> {
    let characters: Vec<char> = word.chars().collect();
    let is_word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric() || *c == '_');
    let is_letter = |c: Option<&char>| c.is_some_and(|c| c.is_alphabetic() || *c == '_');
    let mut chunks = Vec::new();
    let mut chunk = String::new();
    let mut at = 0;
    while at < characters.len() {
        let c = characters[at];
        if c == '-' {
            let run = characters[at..].iter().take_while(|c| **c == '-').count();
            let before = at.checked_sub(1).and_then(|index| characters.get(index));
            let before_matches =
                before.is_some_and(|c| c.is_alphanumeric() || "_!\"'&.,?".contains(*c));
            if run >= 2 && before_matches && is_word(characters.get(at + run)) {
                if !chunk.is_empty() {
                    chunks.push(std::mem::take(&mut chunk));
                }
                chunks.push("-".repeat(run));
                at += run;
                continue;
            }
            let two_letters_before =
                at >= 2 && is_letter(characters.get(at - 1)) && is_letter(characters.get(at - 2));
            let letter_hyphen_before = at >= 3
                && is_letter(characters.get(at - 1))
                && characters.get(at - 2) == Some(&'-')
                && is_letter(characters.get(at - 3));
            let after = is_letter(characters.get(at + 1))
                && (is_letter(characters.get(at + 2))
                    || (characters.get(at + 2) == Some(&'-') && is_letter(characters.get(at + 3))));
            if run == 1 && (two_letters_before || letter_hyphen_before) && after {
                chunk.push('-');
                chunks.push(std::mem::take(&mut chunk));
                at += 1;
                continue;
            }
        }
        chunk.push(c);
        at += 1;
    }
    if !chunk.is_empty() {
        chunks.push(chunk);
    }
    chunks
}
