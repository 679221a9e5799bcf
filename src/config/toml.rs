//! TOML 1.0, read as Python's `tomllib` reads it, with its messages.

use ground::hash::IndexMap;

use ground::calendar::Date;
use ground::formatting::repr::string_repr;

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
    let mut root = Table::default();
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
            .or_insert_with(|| Value::Table(Table::default()));
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
            let rest = &self.text[self.at..];
            let length = rest.iter().position(|byte| *byte == b'\n');
            let end = self.at + length.unwrap_or(rest.len());
            self.legal(end, b"")?;
            self.at = end;
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
            string_repr(&c.to_string())
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
                return Err(self.fail(&if array {
                    format!("Cannot mutate immutable namespace {}", key_tuple(&path))
                } else {
                    format!("Cannot declare {} twice", key_tuple(&path))
                }));
            }
            if self.made(&above[..end]).is_none() {
                self.made.push((above[..end].to_vec(), Made::OnTheWay));
            }
        }
        let made = self.made(&path);
        if array {
            if made == Some(Made::Closed) {
                let shown = key_tuple(&path);
                return Err(self.fail(&format!("Cannot mutate immutable namespace {shown}")));
            }
            let Some(table) = descend(root, above) else {
                return Err(self.fail("Cannot overwrite a value"));
            };
            match table
                .entry(last.clone())
                .or_insert_with(|| Value::Array(Vec::new()))
            {
                Value::Array(items) => items.push(Value::Table(Table::default())),
                _ => return Err(self.fail("Cannot overwrite a value")),
            }
            // What was below the item before this one is forgotten.
            self.made
                .retain(|(known, _)| !known.starts_with(&path) || *known == path);
            self.made.push((path.clone(), Made::ArrayOfTables));
        } else {
            if made.is_some_and(|made| made != Made::OnTheWay) {
                return Err(self.fail(&format!("Cannot declare {} twice", key_tuple(&path))));
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
        let mut closed = false;
        for name in above {
            path.push(name.clone());
            match self.made(&path) {
                None => self.made.push((path.clone(), Made::Key)),
                Some(Made::Key | Made::OnTheWay) => {}
                Some(Made::Header | Made::ArrayOfTables) => {
                    let shown = key_tuple(&path);
                    return Err(self.fail(&format!("Cannot redefine namespace {shown}")));
                }
                Some(Made::Closed) => closed = true,
            }
        }
        if closed {
            let shown = key_tuple(&path);
            return Err(self.fail(&format!("Cannot mutate immutable namespace {shown}")));
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
        let mut table = Table::default();
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
                    let message = format!("Duplicate inline table key {}", string_repr(last));
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

    /// `true`, a number, a moment: as much of the text as looks like one.
    fn word(&mut self) -> Read<Value> {
        let rest = &self.text[self.at..];
        let (length, value) = if rest.starts_with(b"true") {
            (4, Value::Boolean(true))
        } else if rest.starts_with(b"false") {
            (5, Value::Boolean(false))
        } else if let Some((length, exists)) = date_and_time(rest) {
            if !exists {
                return Err(self.fail("Invalid date or datetime"));
            }
            (length, Value::Moment(text_of(&rest[..length])))
        } else if let Some(length) = time_of_day(rest) {
            (length, Value::Moment(text_of(&rest[..length])))
        } else if let Some(found) = number(rest) {
            found
        } else {
            let unsigned = rest.strip_prefix(b"-").or(rest.strip_prefix(b"+"));
            let length = 3 + usize::from(unsigned.is_some());
            let value = match unsigned.unwrap_or(rest).get(..3) {
                Some(b"inf") if rest.starts_with(b"-") => f64::NEG_INFINITY,
                Some(b"inf") => f64::INFINITY,
                Some(b"nan") => f64::NAN,
                _ => return Err(self.fail("Invalid value")),
            };
            (length, Value::Float(value))
        };
        self.at += length;
        Ok(value)
    }

    fn literal_text(&mut self, end: &str, long: bool) -> Read<String> {
        if long {
            self.take("\n");
        }
        let from = self.at;
        let length = self.text[from..]
            .windows(end.len())
            .position(|part| part == end.as_bytes());
        let Some(length) = length else {
            self.at = self.text.len();
            return Err(self.fail(&format!("Expected {}", string_repr(end))));
        };
        self.legal(from + length, if long { b"\n" } else { b"" })?;
        let mut until = from + length;
        self.at = until + end.len();
        // Up to two more quotes belong to the text.
        for _ in 0..2 {
            if long && self.take("'") {
                until += 1;
            }
        }
        Ok(text_of(&self.text[from..until]))
    }

    /// Fails at the first character before `until` that must not stand here.
    fn legal(&mut self, until: usize, also: &[u8]) -> Read<()> {
        let illegal = self.text[self.at..until].iter().position(|byte| {
            (*byte < b' ' && *byte != b'\t' || *byte == 0x7f) && !also.contains(byte)
        });
        let Some(place) = illegal else { return Ok(()) };
        self.at += place;
        let shown = string_repr(&char::from(self.text[self.at]).to_string());
        Err(self.fail(&format!("Found invalid character {shown}")))
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
        let character = u32::from_str_radix(found, 16).ok().and_then(char::from_u32);
        self.at += digits;
        match character {
            Some(c) => {
                bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                Ok(())
            }
            None => Err(self.fail("Escaped character is not a Unicode scalar value")),
        }
    }
}

/// A key as messages have it: the `repr` of a tuple.
fn key_tuple(path: &[String]) -> String {
    let names: Vec<String> = path.iter().map(|name| string_repr(name)).collect();
    match names.as_slice() {
        [one] => format!("({one},)"),
        names => format!("({})", names.join(", ")),
    }
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The number of two digits at a place, where it is within bounds.
fn two_digits(bytes: &[u8], at: usize, bounds: std::ops::RangeInclusive<u32>) -> Option<u32> {
    let digits = bytes.get(at..at + 2)?;
    let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
    (digits.iter().all(u8::is_ascii_digit) && bounds.contains(&number)).then_some(number)
}

fn digits(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count()
}

/// How long the time of day is that a text begins with.
fn time_of_day(bytes: &[u8]) -> Option<usize> {
    two_digits(bytes, 0, 0..=23)?;
    two_digits(bytes, 3, 0..=59)?;
    two_digits(bytes, 6, 0..=59)?;
    if (bytes[2], bytes[5]) != (b':', b':') {
        return None;
    }
    let fraction = match bytes.get(8) {
        Some(b'.') => digits(&bytes[9..]),
        _ => 0,
    };
    Some(if fraction == 0 { 8 } else { 9 + fraction })
}

/// How long the date is that a text begins with, with its time if it has one, and whether the
/// calendar has the day.
fn date_and_time(bytes: &[u8]) -> Option<(usize, bool)> {
    let century = two_digits(bytes, 0, 0..=99)?;
    let year = century * 100 + two_digits(bytes, 2, 0..=99)?;
    let month = two_digits(bytes, 5, 1..=12)?;
    let day = two_digits(bytes, 8, 1..=31)?;
    if (bytes[4], bytes[7]) != (b'-', b'-') {
        return None;
    }
    let mut length = 10;
    if let Some(b'T' | b't' | b' ') = bytes.get(10)
        && let Some(time) = time_of_day(&bytes[11..])
    {
        length += 1 + time;
        match bytes.get(length) {
            Some(b'Z' | b'z') => length += 1,
            Some(b'+' | b'-')
                if two_digits(bytes, length + 1, 0..=23).is_some()
                    && bytes.get(length + 3) == Some(&b':')
                    && two_digits(bytes, length + 4, 0..=59).is_some() =>
            {
                length += 6;
            }
            _ => {}
        }
    }
    let exists = year > 0 && Date::new(year as i16, month as i8, day as i8).is_ok();
    Some((length, exists))
}

/// How long a run of digits is in which single underscores stand between two of them.
fn digits_apart(bytes: &[u8], is_digit: impl Fn(&u8) -> bool) -> usize {
    let mut length = 0;
    loop {
        let underscore = usize::from(length > 0 && bytes.get(length) == Some(&b'_'));
        if !bytes.get(length + underscore).is_some_and(&is_digit) {
            return length;
        }
        length += underscore + 1;
    }
}

/// The number that a text begins with, and how long it is.
fn number(bytes: &[u8]) -> Option<(usize, Value)> {
    for (prefix, radix) in [(b"0x", 16), (b"0b", 2), (b"0o", 8)] {
        if let Some(rest) = bytes.strip_prefix(prefix) {
            let length = digits_apart(rest, |byte| char::from(*byte).is_digit(radix));
            if length > 0 {
                let plain = text_of(&rest[..length]).replace('_', "");
                let value = i64::from_str_radix(&plain, radix).unwrap_or(i64::MAX);
                return Some((2 + length, Value::Integer(value)));
            }
        }
    }
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let whole = match bytes.get(sign) {
        Some(b'0') => 1,
        _ => digits_apart(&bytes[sign..], u8::is_ascii_digit),
    };
    if whole == 0 {
        return None;
    }
    let mut length = sign + whole;
    if bytes.get(length) == Some(&b'.') {
        let fraction = digits_apart(&bytes[length + 1..], u8::is_ascii_digit);
        length += if fraction == 0 { 0 } else { 1 + fraction };
    }
    if let Some(b'e' | b'E') = bytes.get(length) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let exponent = digits_apart(&bytes[length + 1 + sign..], u8::is_ascii_digit);
        length += if exponent == 0 {
            0
        } else {
            1 + sign + exponent
        };
    }
    let plain = text_of(&bytes[..length]).replace('_', "");
    let value = if length == sign + whole {
        Value::Integer(plain.parse().unwrap_or(if plain.starts_with('-') {
            i64::MIN
        } else {
            i64::MAX
        }))
    } else {
        Value::Float(plain.parse().ok()?)
    };
    Some((length, value))
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
