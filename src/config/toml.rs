//! TOML 1.0, read as Python's `tomllib` reads it, with its messages.

use indexmap::IndexMap;

use super::python_text::python_repr;

/// `[name]` and what is in it, in the order of the file.
pub type Table = IndexMap<String, Value>;

/// A value of TOML.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text.
    String(String),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// `true` and `false`.
    Boolean(bool),
    /// A date, a time or both, as written.
    Moment(String),
    /// `[...]`, and `[[name]]`.
    Array(Vec<Value>),
    /// `{...}`, and `[name]`.
    Table(Table),
}

impl Value {
    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The table, if it is one.
    pub fn as_table(&self) -> Option<&Table> {
        match self {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The Python class that `tomllib` makes of it.
    pub fn python_class(&self) -> &'static str {
        match self {
            Value::String(_) => "str",
            Value::Integer(_) => "int",
            Value::Float(_) => "float",
            Value::Boolean(_) => "bool",
            Value::Moment(_) => "datetime.datetime",
            Value::Array(_) => "list",
            Value::Table(_) => "dict",
        }
    }
}

/// How a table came to be, which says what may still be added to it.
#[derive(Clone, Copy, PartialEq)]
enum Made {
    /// By a longer header: a header of its own may follow.
    OnTheWay,
    Header,
    /// By a dotted key.
    Key,
    /// Inline, or an array in brackets: nothing may be added.
    Closed,
    ArrayOfTables,
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    /// How each table came to be, by its path.
    made: Vec<(Vec<String>, Made)>,
}

type Read<T> = Result<T, String>;

/// Reads a whole document.
///
/// # Errors
/// The message of `tomllib.TOMLDecodeError`.
pub fn parse(text: &str) -> Result<Table, String> {
    let text = text.replace("\r\n", "\n");
    let mut reader = Reader {
        text: text.as_bytes(),
        at: 0,
        made: Vec::new(),
    };
    let mut root = Table::new();
    let mut header = Vec::new();
    loop {
        reader.spaces();
        match reader.peek() {
            None => return Ok(root),
            Some(b'\n') => {
                reader.at += 1;
                continue;
            }
            Some(b'#') => {}
            Some(b'[') => {
                header = reader.header(&mut root)?;
            }
            Some(byte) if byte.is_ascii_alphanumeric() || b"-_\"'".contains(&byte) => {
                reader.pair(&mut root, &header)?;
            }
            Some(_) => return Err(reader.fail("Invalid statement")),
        }
        reader.spaces();
        reader.comment()?;
        match reader.peek() {
            None => return Ok(root),
            Some(b'\n') => reader.at += 1,
            Some(_) => {
                return Err(reader.fail("Expected newline or end of document after a statement"));
            }
        }
    }
}

/// The table at a path, made where there is none; the last of an array of tables.
fn descend<'t>(root: &'t mut Table, path: &[String]) -> Option<&'t mut Table> {
    let mut table = root;
    for name in path {
        let value = table
            .entry(name.clone())
            .or_insert_with(|| Value::Table(Table::new()));
        table = match value {
            Value::Table(inner) => inner,
            Value::Array(items) => match items.last_mut() {
                Some(Value::Table(inner)) => inner,
                _ => return None,
            },
            _ => return None,
        };
    }
    Some(table)
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self, wanted: &str) -> bool {
        let found = self.text[self.at..].starts_with(wanted.as_bytes());
        if found {
            self.at += wanted.len();
        }
        found
    }

    fn spaces(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    /// Spaces, newlines and comments, as between the items of an array.
    fn gaps(&mut self) -> Read<()> {
        loop {
            self.spaces();
            self.comment()?;
            if !self.take("\n") {
                return Ok(());
            }
        }
    }

    fn comment(&mut self) -> Read<()> {
        if self.peek() == Some(b'#') {
            while let Some(byte) = self.peek().filter(|byte| *byte != b'\n') {
                if byte < b' ' && byte != b'\t' || byte == 0x7f {
                    return Err(self.illegal(char::from(byte)));
                }
                self.at += 1;
            }
        }
        Ok(())
    }

    #[cold]
    fn fail(&self, message: &str) -> String {
        let before = String::from_utf8_lossy(&self.text[..self.at.min(self.text.len())]);
        if self.at >= self.text.len() {
            return format!("{message} (at end of document)");
        }
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        format!("{message} (at line {line}, column {column})")
    }

    #[cold]
    fn illegal(&self, c: char) -> String {
        self.fail(&format!(
            "Illegal character {}",
            python_repr(&c.to_string())
        ))
    }

    fn made(&self, path: &[String]) -> Option<Made> {
        self.made
            .iter()
            .rev()
            .find(|(known, _)| known == path)
            .map(|(_, made)| *made)
    }

    /// `[a.b]` and `[[a.b]]`.
    fn header(&mut self, root: &mut Table) -> Read<Vec<String>> {
        let array = self.take("[[");
        if !array {
            self.at += 1;
        }
        self.spaces();
        let path = self.key()?;
        let (last, above) = match path.split_last() {
            Some((last, above)) => (last, above),
            None => return Err(self.fail("Invalid initial character for a key part")),
        };
        for end in 1..=above.len() {
            if self.made(&above[..end]) == Some(Made::Closed) {
                return Err(self.fail(if array {
                    "Cannot mutate immutable namespace"
                } else {
                    "Cannot declare"
                }));
            }
            if self.made(&above[..end]).is_none() {
                self.made.push((above[..end].to_vec(), Made::OnTheWay));
            }
        }
        let shown = || {
            let names: Vec<String> = path.iter().map(|name| python_repr(name)).collect();
            match names.as_slice() {
                [one] => format!("({one},)"),
                names => format!("({})", names.join(", ")),
            }
        };
        let made = self.made(&path);
        if array {
            if made.is_some_and(|made| made != Made::ArrayOfTables) {
                return Err(self.fail("Cannot mutate immutable namespace"));
            }
            let Some(table) = descend(root, above) else {
                return Err(self.fail("Cannot overwrite a value"));
            };
            match table
                .entry(last.clone())
                .or_insert_with(|| Value::Array(Vec::new()))
            {
                Value::Array(items) => items.push(Value::Table(Table::new())),
                _ => return Err(self.fail("Cannot overwrite a value")),
            }
            // What was below the item before this one is forgotten.
            self.made
                .retain(|(known, _)| !known.starts_with(&path) || *known == path);
            self.made.push((path.clone(), Made::ArrayOfTables));
        } else {
            if made.is_some_and(|made| made != Made::OnTheWay) {
                return Err(self.fail(&format!("Cannot declare {} twice", shown())));
            }
            if descend(root, &path).is_none() {
                return Err(self.fail("Cannot overwrite a value"));
            }
            self.made.push((path.clone(), Made::Header));
        }
        if !self.take(if array { "]]" } else { "]" }) {
            return Err(self.fail(if array {
                "Expected ']]' at the end of an array declaration"
            } else {
                "Expected ']' at the end of a table declaration"
            }));
        }
        Ok(path)
    }

    /// `a.b = value`.
    fn pair(&mut self, root: &mut Table, header: &[String]) -> Read<()> {
        let (key, value) = self.key_and_value()?;
        let mut path = header.to_vec();
        let Some((last, above)) = key.split_last() else {
            return Ok(());
        };
        for name in above {
            path.push(name.clone());
            match self.made(&path) {
                None => self.made.push((path.clone(), Made::Key)),
                Some(Made::Key | Made::OnTheWay) => {}
                Some(Made::Header) => {
                    return Err(self.fail("Cannot redefine namespace"));
                }
                Some(Made::Closed | Made::ArrayOfTables) => {
                    return Err(self.fail("Cannot mutate immutable namespace"));
                }
            }
        }
        let Some(table) = descend(root, &path) else {
            return Err(self.fail("Cannot overwrite a value"));
        };
        if table.contains_key(last) {
            return Err(self.fail("Cannot overwrite a value"));
        }
        path.push(last.clone());
        if matches!(value, Value::Array(_) | Value::Table(_)) {
            self.made.push((path, Made::Closed));
        }
        table.insert(last.clone(), value);
        Ok(())
    }

    fn key_and_value(&mut self) -> Read<(Vec<String>, Value)> {
        let key = self.key()?;
        if !self.take("=") {
            return Err(self.fail("Expected '=' after a key in a key/value pair"));
        }
        self.spaces();
        Ok((key, self.value()?))
    }

    fn key(&mut self) -> Read<Vec<String>> {
        let mut path = Vec::new();
        loop {
            path.push(match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    self.basic_text(false)?
                }
                Some(b'\'') => {
                    self.at += 1;
                    self.literal_text("'", false)?
                }
                _ => {
                    let from = self.at;
                    while self
                        .peek()
                        .is_some_and(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
                    {
                        self.at += 1;
                    }
                    if from == self.at {
                        return Err(self.fail("Invalid initial character for a key part"));
                    }
                    String::from_utf8_lossy(&self.text[from..self.at]).into_owned()
                }
            });
            self.spaces();
            if !self.take(".") {
                return Ok(path);
            }
            self.spaces();
        }
    }

    fn value(&mut self) -> Read<Value> {
        Ok(match self.peek() {
            Some(b'"') => {
                let long = self.take("\"\"\"");
                if !long {
                    self.at += 1;
                }
                Value::String(self.basic_text(long)?)
            }
            Some(b'\'') => {
                let long = self.take("'''");
                if !long {
                    self.at += 1;
                }
                Value::String(self.literal_text(if long { "'''" } else { "'" }, long)?)
            }
            Some(b'[') => {
                self.at += 1;
                let mut items = Vec::new();
                loop {
                    self.gaps()?;
                    if self.take("]") {
                        break;
                    }
                    items.push(self.value()?);
                    self.gaps()?;
                    if self.take("]") {
                        break;
                    }
                    if !self.take(",") {
                        return Err(self.fail("Unclosed array"));
                    }
                }
                Value::Array(items)
            }
            Some(b'{') => {
                self.at += 1;
                self.inline_table()?
            }
            _ => self.word()?,
        })
    }

    fn inline_table(&mut self) -> Read<Value> {
        let mut table = Table::new();
        self.spaces();
        if self.take("}") {
            return Ok(Value::Table(table));
        }
        loop {
            let (key, value) = self.key_and_value()?;
            let Some((last, above)) = key.split_last() else {
                break;
            };
            match descend(&mut table, above) {
                Some(inner) if !inner.contains_key(last) => {
                    inner.insert(last.clone(), value);
                }
                _ => {
                    let message = format!("Duplicate inline table key {}", python_repr(last));
                    return Err(self.fail(&message));
                }
            }
            self.spaces();
            if self.take("}") {
                break;
            }
            if !self.take(",") {
                return Err(self.fail("Unclosed inline table"));
            }
            self.spaces();
        }
        Ok(Value::Table(table))
    }

    /// `true`, a number, a moment.
    fn word(&mut self) -> Read<Value> {
        let from = self.at;
        let end = |reader: &Self| {
            reader
                .peek()
                .is_none_or(|byte| b" \t\n,]}#".contains(&byte))
        };
        while !end(self) {
            self.at += 1;
        }
        // A date and a time may have a space between them.
        if self.at - from == 10
            && self.text[from + 4] == b'-'
            && self.peek() == Some(b' ')
            && self.text.get(self.at + 1).is_some_and(u8::is_ascii_digit)
        {
            self.at += 1;
            while !end(self) {
                self.at += 1;
            }
        }
        let word = String::from_utf8_lossy(&self.text[from..self.at]).into_owned();
        number_or_moment(&word).ok_or_else(|| {
            self.at = from;
            self.fail("Invalid value")
        })
    }

    fn literal_text(&mut self, end: &str, long: bool) -> Read<String> {
        if long {
            self.take("\n");
        }
        let from = self.at;
        loop {
            match self.peek() {
                None if long => return Err(self.fail("Expected \"'''\"")),
                None => return Err(self.fail("Expected \"'\"")),
                Some(_) if self.take(end) => {
                    let mut until = self.at - end.len();
                    // Up to two more quotes belong to the text.
                    for _ in 0..2 {
                        if long && self.take("'") {
                            until += 1;
                        }
                    }
                    return Ok(String::from_utf8_lossy(&self.text[from..until]).into_owned());
                }
                Some(b'\n') if long => self.at += 1,
                Some(byte) if byte < b' ' && byte != b'\t' || byte == 0x7f => {
                    return Err(self.illegal(char::from(byte)));
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn basic_text(&mut self, long: bool) -> Read<String> {
        if long {
            self.take("\n");
        }
        let mut bytes = Vec::new();
        loop {
            match self.peek() {
                None => return Err(self.fail("Unterminated string")),
                Some(b'"') if !long => {
                    self.at += 1;
                    break;
                }
                Some(b'"') if self.take("\"\"\"") => {
                    for _ in 0..2 {
                        if self.take("\"") {
                            bytes.push(b'"');
                        }
                    }
                    break;
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.escape(long, &mut bytes)?;
                }
                Some(b'\n') if long => {
                    bytes.push(b'\n');
                    self.at += 1;
                }
                Some(byte) if byte < b' ' && byte != b'\t' || byte == 0x7f => {
                    return Err(self.illegal(char::from(byte)));
                }
                Some(byte) => {
                    bytes.push(byte);
                    self.at += 1;
                }
            }
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn escape(&mut self, long: bool, bytes: &mut Vec<u8>) -> Read<()> {
        let Some(code) = self.peek() else {
            return Err(self.fail("Unterminated string"));
        };
        self.at += 1;
        let plain = match code {
            b'b' => Some(8),
            b't' => Some(b'\t'),
            b'n' => Some(b'\n'),
            b'f' => Some(12),
            b'r' => Some(b'\r'),
            b'"' | b'\\' => Some(code),
            _ => None,
        };
        if let Some(plain) = plain {
            bytes.push(plain);
            return Ok(());
        }
        let digits = match code {
            b'u' => 4,
            b'U' => 8,
            b' ' | b'\t' | b'\n' if long => {
                // The rest of the line is empty, and so is the start of the next.
                self.at -= 1;
                self.spaces();
                if !self.take("\n") {
                    return Err(self.fail("Unescaped '\\' in a string"));
                }
                while matches!(self.peek(), Some(b' ' | b'\t' | b'\n')) {
                    self.at += 1;
                }
                return Ok(());
            }
            _ => return Err(self.fail("Unescaped '\\' in a string")),
        };
        let found = self
            .text
            .get(self.at..self.at + digits)
            .filter(|found| found.iter().all(u8::is_ascii_hexdigit))
            .and_then(|found| std::str::from_utf8(found).ok());
        let Some(found) = found else {
            return Err(self.fail("Invalid hex value"));
        };
        match u32::from_str_radix(found, 16).ok().and_then(char::from_u32) {
            Some(c) => {
                self.at += digits;
                bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                Ok(())
            }
            None => Err(self.fail("Escaped character is not a Unicode scalar value")),
        }
    }
}

fn number_or_moment(word: &str) -> Option<Value> {
    match word {
        "true" => return Some(Value::Boolean(true)),
        "false" => return Some(Value::Boolean(false)),
        "inf" | "+inf" => return Some(Value::Float(f64::INFINITY)),
        "-inf" => return Some(Value::Float(f64::NEG_INFINITY)),
        "nan" | "+nan" | "-nan" => return Some(Value::Float(f64::NAN)),
        _ => {}
    }
    // An underscore stands between two digits.
    let bytes = word.as_bytes();
    let digit = |at: Option<&u8>| at.is_some_and(u8::is_ascii_hexdigit);
    for (at, byte) in bytes.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        if *byte == b'_' && !(digit(before) && digit(bytes.get(at + 1))) {
            return None;
        }
    }
    let plain = word.replace('_', "");
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = plain.strip_prefix(prefix) {
            return if digits.starts_with(['+', '-']) {
                None
            } else {
                i64::from_str_radix(digits, radix).ok().map(Value::Integer)
            };
        }
    }
    let unsigned = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
    let whole: &str = unsigned.split(['.', 'e', 'E']).next().unwrap_or_default();
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if all_digits(whole) && !(whole.len() > 1 && whole.starts_with('0')) {
        if whole == unsigned {
            return plain.parse().ok().map(Value::Integer);
        }
        let mut rest = &unsigned[whole.len()..];
        if let Some(fraction) = rest.strip_prefix('.') {
            let end = fraction.find(['e', 'E']).unwrap_or(fraction.len());
            if !all_digits(&fraction[..end]) {
                return None;
            }
            rest = &fraction[end..];
        }
        if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
            if !all_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)) {
                return None;
            }
            rest = "";
        }
        if rest.is_empty() {
            return plain.parse().ok().map(Value::Float);
        }
    }
    let shape: String = word
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    let moment = shape.starts_with("0000-00-00") || shape.starts_with("00:00:00");
    moment.then(|| Value::Moment(word.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_tomllib_reads() {
        let table = parse(concat!(
            "a = 1_000 # one\n'b c'.d = \"x\\u00e4\\n\"\n",
            "[tool.alembic]\nscript_location = '''\n%(here)s/m'''\n",
            "prepend = [\n  \".\", # here\n  'lib',\n]\nflag = true\nrate = -1.5e3\nday = 2024-01-02 03:04:05Z\n",
            "[[tool.alembic.hooks]]\nname = \"a\"\n[[tool.alembic.hooks]]\nname = \"b\"\nmore = {x = 1, y.z = 0x1F}\n",
            "[tool]\nlate = \"\"\"a \\\n   b\"\"\"\"\n",
        ))
        .unwrap();
        let text = |text: &str| Value::String(text.to_owned());
        assert_eq!(table["a"], Value::Integer(1000));
        assert_eq!(table["b c"].as_table().unwrap()["d"], text("xä\n"));
        let tool = table["tool"].as_table().unwrap();
        assert_eq!(tool["late"], text("a b\""));
        let alembic = tool["alembic"].as_table().unwrap();
        assert_eq!(alembic["script_location"], text("%(here)s/m"));
        assert_eq!(
            alembic["prepend"],
            Value::Array(vec![text("."), text("lib")])
        );
        assert_eq!(alembic["rate"], Value::Float(-1500.0));
        assert_eq!(
            alembic["day"],
            Value::Moment("2024-01-02 03:04:05Z".to_owned())
        );
        let Value::Array(hooks) = &alembic["hooks"] else {
            panic!("hooks are an array");
        };
        let second = hooks[1].as_table().unwrap();
        assert_eq!(second["name"], text("b"));
        let more = second["more"].as_table().unwrap();
        assert_eq!(more["y"].as_table().unwrap()["z"], Value::Integer(31));
    }

    #[test]
    fn refuses_as_tomllib_does() {
        for (text, message) in [
            (
                "a",
                "Expected '=' after a key in a key/value pair (at end of document)",
            ),
            ("a = ", "Invalid value (at end of document)"),
            (
                "a = 1 b",
                "Expected newline or end of document after a statement (at line 1, column 7)",
            ),
            (
                "[a",
                "Expected ']' at the end of a table declaration (at end of document)",
            ),
            ("a = \"x", "Unterminated string (at end of document)"),
            ("a = [1 2]", "Unclosed array (at line 1, column 8)"),
            ("\n= 1", "Invalid statement (at line 2, column 1)"),
        ] {
            assert_eq!(parse(text).unwrap_err(), message, "{text}");
        }
        assert!(parse("[a]\n[a]").is_err() && parse("a = 1\na = 2").is_err());
        assert!(parse("a = {b = 1}\n[a.c]\nd = 1").is_err());
    }
}
