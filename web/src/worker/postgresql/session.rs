//! A session of a client: what a server does before the first statement and after the last is done here,
//! since the process knows one client, which is always connected.

use std::time::Duration;

use limbeck::ground::socket::{Socket, SocketError, TlsOptions};

use super::{Server, SharedFiles, with, words};

/// Codes in the place of a version of the protocol.
const SSL_REQUEST: u32 = 80_877_103;
const GSS_REQUEST: u32 = 80_877_104;
const CANCEL_REQUEST: u32 = 80_877_102;

/// The superuser that the data directory was made with.
const OWNER: &str = "postgres";

/// A client's stream.
pub(super) struct Session {
    files: SharedFiles,
    number: u32,
    /// The database, once the session has started.
    database: Option<String>,
    incoming: Vec<u8>,
    answer: Vec<u8>,
    read: usize,
}

impl Session {
    pub(super) fn new(files: SharedFiles, number: u32) -> Self {
        Session {
            files,
            number,
            database: None,
            incoming: Vec::new(),
            answer: Vec::new(),
            read: 0,
        }
    }

    /// Takes in what comes before a session has started: requests to encrypt, then who wants what.
    fn start(&mut self) -> Result<(), SocketError> {
        while self.database.is_none() && self.incoming.len() >= 8 {
            let length = number(&self.incoming, 0) as usize;
            if length < 8 || self.incoming.len() < length {
                break;
            }
            let packet: Vec<u8> = self.incoming.drain(..length).collect();
            match number(&packet, 4) {
                // Nothing leaves the page: what asks for encryption has it.
                SSL_REQUEST => self.answer.push(b'S'),
                GSS_REQUEST => self.answer.push(b'N'),
                CANCEL_REQUEST => {}
                _ => {
                    let settings = settings(&packet[8..]);
                    let answer = with(|server| self.begin(server, &packet, &settings))?;
                    self.answer.extend(answer);
                }
            }
        }
        Ok(())
    }

    fn begin(
        &mut self,
        server: &mut Server,
        packet: &[u8],
        settings: &[(String, String)],
    ) -> Result<Vec<u8>, String> {
        if server.in_transaction && server.session != self.number {
            return Ok(failure("53300", words::BUSY));
        }
        let given = |name: &str| {
            let found = settings.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.as_str())
        };
        let user = given("user").unwrap_or(OWNER);
        let database = given("database").unwrap_or(user);
        server.open(&self.files, database)?;
        server.session = self.number;
        let answer = server.process.exchange(packet)?;
        let mut statements = vec!["DISCARD ALL".to_owned()];
        if user != OWNER {
            let missing = format!(
                "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {name}) THEN \
                 CREATE ROLE {role} SUPERUSER LOGIN; END IF; END $$",
                name = literal(user),
                role = identifier(user),
            );
            // A database is not kept for that alone.
            let changed = server.has_changed();
            server.statement(&missing)?;
            if let Some(held) = &mut server.held {
                held.changed = changed;
            }
            statements.push(format!("SET SESSION AUTHORIZATION {}", identifier(user)));
        }
        let options = given("options").map(options).unwrap_or_default();
        let others = settings.iter().filter(|(name, _)| {
            !matches!(
                name.as_str(),
                "user" | "database" | "options" | "replication"
            ) && !name.starts_with("_pq_.")
        });
        statements.extend(options.iter().chain(others).map(|(name, value)| {
            format!(
                "SELECT set_config({}, {}, false)",
                literal(name),
                literal(value)
            )
        }));
        for statement in statements {
            if let Some(error) = server.statement(&statement)? {
                return Ok(error);
            }
        }
        self.database = Some(database.to_owned());
        Ok(answer)
    }

    fn exchange(&mut self) -> Result<(), SocketError> {
        let messages = std::mem::take(&mut self.incoming);
        let Some(database) = self.database.clone() else {
            return Ok(());
        };
        if messages.first() == Some(&b'X') || messages.is_empty() {
            self.end();
            return Ok(());
        }
        let answer = with(|server| {
            if server.session != self.number {
                if server.in_transaction {
                    return Ok(failure("53300", words::BUSY));
                }
                server.session = self.number;
            }
            if !server.in_transaction {
                server.open(&self.files, &database)?;
            }
            server.exchange(&messages)
        })?;
        if let Some(name) = missing_extension(&answer) {
            super::want_extension(&name);
        }
        self.answer.extend(answer);
        Ok(())
    }

    /// What a server does when a client has gone.
    fn end(&mut self) {
        if self.database.take().is_none() {
            return;
        }
        let _ = with(|server| {
            if server.session == self.number {
                if server.in_transaction {
                    server.statement("ROLLBACK")?;
                }
                server.session = 0;
            }
            Ok(())
        });
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.end();
    }
}

impl Socket for Session {
    fn write(&mut self, bytes: &[u8]) -> Result<(), SocketError> {
        self.incoming.extend_from_slice(bytes);
        if self.database.is_none() {
            self.start()
        } else {
            self.exchange()
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SocketError> {
        let left = &self.answer[self.read..];
        if left.is_empty() {
            // It answers at once, or not at all.
            return Err(SocketError::Closed);
        }
        let count = left.len().min(buffer.len());
        buffer[..count].copy_from_slice(&left[..count]);
        self.read += count;
        if self.read == self.answer.len() {
            self.answer.clear();
            self.read = 0;
        }
        Ok(count)
    }

    fn set_read_timeout(&mut self, _timeout: Option<Duration>) -> Result<(), SocketError> {
        Ok(())
    }

    fn start_tls(&mut self, _options: &TlsOptions) -> Result<(), SocketError> {
        Ok(())
    }
}

impl Server {
    fn exchange(&mut self, messages: &[u8]) -> Result<Vec<u8>, String> {
        let answer = self.process.exchange(messages)?;
        // It ends in a message of five bytes and one: how the session stands.
        if let [.., b'Z', 0, 0, 0, 5, status] = answer.as_slice() {
            self.in_transaction = *status != b'I';
            if !self.in_transaction {
                self.note(is_committed(&answer))?;
            }
        }
        Ok(answer)
    }

    /// Runs a statement of the session's own; gives the server's error, as a client gets it.
    fn statement(&mut self, sql: &str) -> Result<Option<Vec<u8>>, String> {
        let answer = self.exchange(&message(b'Q', &[sql.as_bytes(), &[0]].concat()))?;
        Ok(messages(&answer)
            .find(|message| message[0] == b'E')
            .map(<[u8]>::to_vec))
    }
}

/// The messages of an answer, one after the other.
fn messages(answer: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = answer;
    std::iter::from_fn(move || {
        if rest.len() < 5 {
            return None;
        }
        let length = (number(rest, 1) as usize + 1).clamp(5, rest.len());
        let (message, after) = rest.split_at(length);
        rest = after;
        Some(message)
    })
}

/// The extension that an error of an answer misses: it is created, or a function of it is called that a database has.
fn missing_extension(answer: &[u8]) -> Option<String> {
    let error = messages(answer).find(|message| message[0] == b'E')?;
    let body = String::from_utf8_lossy(error.get(5..)?);
    let text = body.split('\0').find_map(|field| field.strip_prefix('M'))?;
    let name = match text.strip_prefix("extension \"") {
        Some(rest) => rest.strip_suffix("\" is not available")?,
        None => {
            let file = text.strip_prefix("could not access file \"")?;
            file.strip_prefix("$libdir/")
                .unwrap_or(file)
                .split('"')
                .next()?
        }
    };
    Some(name.to_owned())
}

/// Whether the transaction that an answer ends stays: the last that is said of it is neither an error nor
/// `ROLLBACK`, or a COMMIT came before.
fn is_committed(answer: &[u8]) -> bool {
    let mut stays = true;
    for message in messages(answer) {
        match message {
            [b'C', _, _, _, _, tag @ ..] if tag.starts_with(b"COMMIT") => return true,
            [b'C', _, _, _, _, tag @ ..] => stays = !tag.starts_with(b"ROLLBACK\0"),
            [b'E', ..] => stays = false,
            _ => {}
        }
    }
    stays
}

/// A number of four bytes.
fn number(bytes: &[u8], at: usize) -> u32 {
    bytes
        .get(at..at + 4)
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(0, u32::from_be_bytes)
}

/// A message of the protocol.
fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut message = vec![kind];
    message.extend((body.len() as u32 + 4).to_be_bytes());
    message.extend(body);
    message
}

/// An error that ends a session.
fn failure(code: &str, text: &str) -> Vec<u8> {
    let fields = [("S", "FATAL"), ("V", "FATAL"), ("C", code), ("M", text)];
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(name.bytes().chain(value.bytes()));
        body.push(0);
    }
    body.push(0);
    message(b'E', &body)
}

/// Names and values of a startup message.
fn settings(bytes: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(bytes);
    let mut words = text.split('\0').map(str::to_owned);
    let mut settings = Vec::new();
    while let (Some(name), Some(value)) = (words.next(), words.next()) {
        if name.is_empty() {
            break;
        }
        settings.push((name, value));
    }
    settings
}

/// The settings in `options`, which are arguments of a server's command line: `-c search_path=app`,
/// `-csearch_path=app`, `--search_path=app`; a backslash keeps a space.
fn options(text: &str) -> Vec<(String, String)> {
    let mut words = vec![String::new()];
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (character, words.last_mut()) {
            (' ', _) => words.push(String::new()),
            ('\\', Some(word)) => word.extend(characters.next()),
            (other, Some(word)) => word.push(other),
            (_, None) => {}
        }
    }
    words
        .iter()
        .filter_map(|word| {
            let word = word.strip_prefix("--").or_else(|| word.strip_prefix("-c"));
            let (name, value) = word.unwrap_or_default().split_once('=')?;
            Some((name.replace('-', "_"), value.to_owned()))
        })
        // `-c` as a word of its own.
        .chain(words.windows(2).filter_map(|pair| {
            let (name, value) = pair[1].split_once('=')?;
            (pair[0] == "-c").then(|| (name.replace('-', "_"), value.to_owned()))
        }))
        .collect()
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_those_of_a_command_line() {
        let read = |text: &str| {
            let read = options(text);
            read.iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(read("-c search_path=app"), ["search_path=app"]);
        assert_eq!(
            read("-csearch_path=one,two --statement-timeout=5s"),
            ["search_path=one,two", "statement_timeout=5s"]
        );
        assert_eq!(read("-c search_path=a\\ b"), ["search_path=a b"]);
        assert_eq!(read(""), [""; 0]);
    }

    #[test]
    fn an_error_says_which_extension_is_missing() {
        let error = |text: &str| message(b'E', format!("SERROR\0C0A000\0M{text}\0\0").as_bytes());
        for text in [
            "extension \"citext\" is not available",
            "could not access file \"$libdir/citext\": No such file or directory",
            "could not access file \"citext\": No such file or directory",
        ] {
            assert_eq!(missing_extension(&error(text)).as_deref(), Some("citext"));
        }
        assert_eq!(
            missing_extension(&error("relation \"citext\" does not exist")),
            None
        );
    }

    #[test]
    fn a_transaction_stays_unless_the_server_says_otherwise() {
        let tag = |text: &str| message(b'C', format!("{text}\0").as_bytes());
        let error = message(b'E', b"\0");
        assert!(is_committed(&tag("INSERT 0 1")));
        assert!(is_committed(&tag("COMMIT")));
        assert!(!is_committed(&tag("ROLLBACK")));
        assert!(!is_committed(&[tag("INSERT 0 1"), error.clone()].concat()));
        assert!(is_committed(&[tag("COMMIT"), error].concat()));
    }
}
