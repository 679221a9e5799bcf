use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::*;
use crate::workspace::Files;

/// A process whose only table is a text: `WRITE x` adds to it, `READ` gives nothing, BEGIN, COMMIT and
/// ROLLBACK do as they should.
#[derive(Default)]
struct Fake {
    committed: RefCell<Vec<u8>>,
    written: RefCell<Option<Vec<u8>>>,
    transactions: Cell<u32>,
    /// The databases that were opened, with their images.
    opened: Opened,
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind], &(body.len() as u32 + 4).to_be_bytes()[..], body].concat()
}

impl Process for Fake {
    fn open(&self, database: &str, image: Option<&[u8]>) -> Result<(), String> {
        let image = image.unwrap_or_default().to_vec();
        self.opened
            .borrow_mut()
            .push((database.to_owned(), image.clone()));
        *self.committed.borrow_mut() = image;
        Ok(())
    }

    fn exchange(&self, messages: &[u8]) -> Result<Vec<u8>, String> {
        let ready = |status: u8| message(b'Z', &[status]);
        if messages[0] == 0 {
            return Ok([message(b'R', &[0; 4]), ready(b'I')].concat());
        }
        let sql = String::from_utf8_lossy(&messages[5..messages.len() - 1]).into_owned();
        let open = self.written.borrow().is_some();
        let mut tag = sql.split(' ').next().unwrap_or_default().to_owned();
        match tag.as_str() {
            "BEGIN" => *self.written.borrow_mut() = Some(Vec::new()),
            "COMMIT" => {
                let written = self.written.take().unwrap_or_default();
                self.committed.borrow_mut().extend(written);
            }
            "ROLLBACK" => *self.written.borrow_mut() = None,
            "WRITE" => {
                self.transactions.set(self.transactions.get() + 1);
                let text = &sql.as_bytes()[6..];
                match &mut *self.written.borrow_mut() {
                    Some(written) => written.extend_from_slice(text),
                    None => self.committed.borrow_mut().extend_from_slice(text),
                }
            }
            "FAIL" => {
                self.transactions.set(self.transactions.get() + 1);
                return Ok([message(b'E', b"\0"), ready(b'I')].concat());
            }
            _ => {}
        }
        tag.push('\0');
        let status = if self.written.borrow().is_some() {
            b'T'
        } else {
            b'I'
        };
        assert!(open || tag != "COMMIT\0", "a COMMIT without a transaction");
        Ok([message(b'C', tag.as_bytes()), ready(status)].concat())
    }

    fn position(&self) -> Result<String, String> {
        Ok(self.transactions.get().to_string())
    }

    fn image(&self) -> Result<Vec<u8>, String> {
        Ok(self.committed.borrow().clone())
    }
}

/// What the process was told to open so far.
type Opened = Rc<RefCell<Vec<(String, Vec<u8>)>>>;

fn provided() -> Opened {
    let fake = Fake::default();
    let opened = fake.opened.clone();
    provide(Box::new(fake));
    opened
}

fn host() -> SharedFiles {
    Rc::new(RefCell::new(Files::new()))
}

fn client(files: &SharedFiles, database: &str) -> Box<dyn Socket> {
    let mut socket = connect(files).expect("there is a process");
    let settings = format!("user\0postgres\0database\0{database}\0\0");
    let length = settings.len() as u32 + 8;
    let version = 196_608_u32.to_be_bytes();
    socket
        .write(&[&length.to_be_bytes()[..], &version, settings.as_bytes()].concat())
        .expect("it starts");
    answer(&mut *socket);
    socket
}

fn answer(socket: &mut dyn Socket) -> Vec<u8> {
    let mut answer = vec![0; 1_000];
    let length = socket.read(&mut answer).expect("it answers at once");
    answer.truncate(length);
    answer
}

fn say(socket: &mut dyn Socket, sql: &str) -> Vec<u8> {
    let query = message(b'Q', &[sql.as_bytes(), &[0]].concat());
    socket.write(&query).expect("it is taken");
    answer(socket)
}

fn saved(files: &SharedFiles) -> Option<String> {
    settle(files);
    let files = files.borrow();
    let contents = files.files.get("postgresql:///app")?;
    Some(String::from_utf8_lossy(contents).into_owned())
}

#[test]
fn what_is_committed_is_in_the_file_of_the_database_and_nothing_else_is() {
    provided();
    let files = host();
    let mut socket = client(&files, "app");
    say(&mut *socket, "READ");
    say(&mut *socket, "FAIL");
    assert_eq!(saved(&files), None);
    say(&mut *socket, "BEGIN");
    say(&mut *socket, "WRITE a");
    assert_eq!(saved(&files), None, "it is still open");
    say(&mut *socket, "ROLLBACK");
    assert_eq!(saved(&files), None);
    say(&mut *socket, "BEGIN");
    say(&mut *socket, "WRITE b");
    say(&mut *socket, "COMMIT");
    assert_eq!(saved(&files).as_deref(), Some("b"));
    say(&mut *socket, "WRITE c");
    assert_eq!(saved(&files).as_deref(), Some("bc"));
}

#[test]
fn each_host_has_its_own_state() {
    let opened = provided();
    let files = host();
    let mut socket = client(&files, "app");
    say(&mut *socket, "WRITE a");
    drop(socket);
    settle(&files);
    // A copy that only reads is where the process is already.
    let copy: SharedFiles = Rc::new(RefCell::new(files.borrow().clone()));
    let mut reader = client(&copy, "app");
    say(&mut *reader, "READ");
    assert_eq!(opened.borrow().len(), 1);
    say(&mut *reader, "WRITE b");
    drop(reader);
    assert_eq!(saved(&copy).as_deref(), Some("ab"));
    assert_eq!(saved(&files).as_deref(), Some("a"));
    let mut socket = client(&files, "app");
    say(&mut *socket, "WRITE c");
    assert_eq!(saved(&files).as_deref(), Some("ac"));
    assert_eq!(saved(&copy).as_deref(), Some("ab"));
    // A file that was replaced, as by undo, is what the next statement meets.
    let earlier = Rc::new(b"z".to_vec());
    let path = path_of("app");
    files.borrow_mut().files.insert(path, earlier);
    say(&mut *socket, "WRITE d");
    assert_eq!(saved(&files).as_deref(), Some("zd"));
}

#[test]
fn a_copy_that_is_gone_leaves_nothing_behind() {
    provided();
    let files = host();
    let copy = host();
    let mut socket = client(&copy, "app");
    say(&mut *socket, "WRITE a");
    drop(socket);
    drop(copy);
    let mut socket = client(&files, "app");
    say(&mut *socket, "WRITE b");
    assert_eq!(saved(&files).as_deref(), Some("b"));
}

#[test]
fn a_transaction_ends_with_its_client_and_keeps_others_out() {
    provided();
    let files = host();
    let mut first = client(&files, "app");
    let mut second = client(&files, "app");
    say(&mut *first, "BEGIN");
    say(&mut *first, "WRITE a");
    assert_eq!(say(&mut *second, "READ")[0], b'E');
    drop(first);
    say(&mut *second, "WRITE b");
    assert_eq!(saved(&files).as_deref(), Some("b"));
}

#[test]
fn whoever_asks_for_encryption_has_it() {
    provided();
    let mut socket = connect(&host()).expect("there is a process");
    let request = [8_u32.to_be_bytes(), 80_877_103_u32.to_be_bytes()].concat();
    socket.write(&request).expect("it is taken");
    assert_eq!(answer(&mut *socket), b"S");
}
