//! Copies of a server's databases, on that server: what is tried runs in a database of its own, made
//! from the project's as a template, and gone afterwards. The project's database is never written to.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::PostgresDriver;
use super::connection::PostgresConnection;
use super::settings::Settings;
use crate::{Connection, Parameters, Value};
use ground::diagnostic::Result;
use ground::host::{DatabasePlace, Host, HostError, Now, Stream};
use ground::run::Run;
use ground::socket::{ServerAddress, Socket, SocketError};

/// The most bytes of a database that are copied.
const LIMIT: i64 = 2 << 30;
/// Databases in which a session can begin that makes or drops others.
const ENTRANCES: [&str; 2] = ["postgres", "template1"];
/// What an empty database is made from.
const EMPTY: &str = "template1";

/// The servers that a program's projects lead to, with the states of their databases that copies begin
/// with.
pub struct Servers {
    /// Opens the connections, and is told what was copied.
    below: Rc<dyn Host>,
    /// How a session of the first project connection reaches its server.
    reached: RefCell<Option<Rc<Settings>>>,
    /// By the names of databases on a host: the template of their copies.
    bases: RefCell<BTreeMap<String, String>>,
    /// Every database that was made and is not dropped yet.
    made: RefCell<Vec<String>>,
    count: Cell<u32>,
}

impl Servers {
    /// Servers to which nothing has connected yet; `below` opens the connections.
    pub fn new(below: Rc<dyn Host>) -> Rc<Self> {
        Rc::new(Servers {
            below,
            reached: RefCell::default(),
            bases: RefCell::default(),
            made: RefCell::default(),
            count: Cell::new(0),
        })
    }

    /// A host whose connections lead to copies of the databases.
    pub fn copies(self: &Rc<Self>) -> Rc<dyn Host> {
        Rc::new(Copies {
            family: Rc::new(Family {
                servers: self.clone(),
                made: RefCell::default(),
            }),
            copies: RefCell::default(),
        })
    }

    /// The first column of what the last statement gives, in a session that makes and drops
    /// databases.
    fn administer(&self, statements: &[String]) -> Result<Vec<Value>, String> {
        let Some(settings) = self.reached.borrow().clone() else {
            return Err("no project has connected to a server".to_owned());
        };
        let run = Run::new(self.below.clone());
        let mut failure = String::new();
        for entrance in ENTRANCES {
            let settings = settings.with_database(entrance);
            match PostgresConnection::attempt(&run, PostgresDriver::Psycopg2, &settings) {
                Ok(connection) => {
                    let given = execute(&connection, statements);
                    connection.close();
                    return given.map_err(|error| error.message.clone());
                }
                Err(error) => failure = error.error.message.clone(),
            }
        }
        Err(failure)
    }

    /// A name that no database of the server has.
    fn new_name(&self) -> String {
        let mut bytes = [0; 6];
        self.below.random(&mut bytes);
        let id: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        self.count.set(self.count.get() + 1);
        format!("limbeck_copy_{id}_{}", self.count.get())
    }

    /// Drops what is left, at the end of a program: objects that user code keeps may hold copies.
    pub fn close(&self) {
        let left = self.made.borrow().clone();
        self.drop_databases(&left);
    }

    fn drop_databases(&self, names: &[String]) {
        self.made.borrow_mut().retain(|made| !names.contains(made));
        let statements: Vec<String> = names
            .iter()
            .flat_map(|name| {
                [
                    end_sessions(name),
                    format!("DROP DATABASE IF EXISTS {}", quoted(name)),
                ]
            })
            .collect();
        if !statements.is_empty()
            && let Err(error) = self.administer(&statements)
        {
            self.tell(&format!(
                "the copies {} could not be dropped: {error}",
                names.join(", ")
            ));
        }
    }

    fn tell(&self, text: &str) {
        self.below
            .output(Stream::Stderr, &format!("limbeck: {text}\n"));
    }

    /// The template of the copies of a database, made when it is first asked for.
    fn base(&self, name: &str, settings: &Rc<Settings>) -> Result<String, SocketError> {
        if let Some(base) = self.bases.borrow().get(name) {
            return Ok(base.clone());
        }
        {
            let mut reached = self.reached.borrow_mut();
            match &*reached {
                None => *reached = Some(settings.clone()),
                Some(known) if known.same_server(settings) => {}
                Some(known) => {
                    return Err(SocketError::Unavailable(format!(
                        "what is tried stays on the server {}, and can't use {} too",
                        known.shown_server(),
                        settings.shown_server()
                    )));
                }
            }
        }
        let source = &settings.database;
        let size = self
            .administer(&[format!(
                "SELECT pg_database_size(oid) FROM pg_database WHERE datname = {}",
                literal(source)
            )])
            .map_err(SocketError::Other)?;
        let Some(size) = size.first().and_then(Value::as_integer) else {
            return Err(SocketError::Other(format!(
                "FATAL:  database \"{source}\" does not exist"
            )));
        };
        let copy = self.new_name();
        let made = if size > LIMIT {
            Err(format!("it has {} MB", size >> 20))
        } else {
            self.administer(&[create(&copy, source)])
        };
        let base = match made {
            Ok(_) => {
                self.tell(&format!(
                    "tried on copies of the database {source}, which is not changed"
                ));
                self.made.borrow_mut().push(copy.clone());
                copy
            }
            Err(why) => {
                self.tell(&format!(
                    "tried on an empty database beside {source}, which can't be copied: {}",
                    why.lines().next().unwrap_or_default()
                ));
                EMPTY.to_owned()
            }
        };
        self.bases
            .borrow_mut()
            .insert(name.to_owned(), base.clone());
        Ok(base)
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        self.close();
    }
}

/// The copies that were made for one trial and what came of it; their databases go with the last of them.
struct Family {
    servers: Rc<Servers>,
    made: RefCell<Vec<String>>,
}

impl Family {
    /// Makes a database of a template.
    fn make(&self, template: &str) -> Result<String, String> {
        let name = self.servers.new_name();
        self.servers.administer(&[create(&name, template)])?;
        self.servers.made.borrow_mut().push(name.clone());
        self.made.borrow_mut().push(name.clone());
        Ok(name)
    }

    /// Drops a copy's own database, which nothing was made from, and ends its sessions.
    fn forget(&self, copy: Copy) {
        if let Some(database) = copy.database {
            self.made.borrow_mut().retain(|made| *made != database);
            self.servers.drop_databases(&[database]);
        }
    }
}

impl Drop for Family {
    fn drop(&mut self) {
        self.servers.drop_databases(&self.made.take());
    }
}

/// A copy of a database.
#[derive(Clone)]
struct Copy {
    /// The template that has its state, or had it before the last session.
    template: String,
    /// The database on the server, once a session has asked for it.
    database: Option<String>,
    /// Whether a session may have changed it since.
    used: bool,
}

impl Copy {
    fn of(template: String) -> Copy {
        Copy {
            template,
            database: None,
            used: false,
        }
    }
}

/// A host whose connections lead to copies. A database is a file there, whose contents are the name of
/// the template that has its state.
struct Copies {
    family: Rc<Family>,
    copies: RefCell<BTreeMap<String, Copy>>,
}

impl Copies {
    fn below(&self) -> &Rc<dyn Host> {
        &self.family.servers.below
    }

    /// Gives a copy another state.
    fn replace(&self, name: &str, template: String) {
        let copy = Copy::of(template);
        let before = self.copies.borrow_mut().insert(name.to_owned(), copy);
        if let Some(before) = before {
            self.family.forget(before);
        }
    }

    /// The template that has the state of a copy; made where a session may have changed it.
    fn state(&self, name: &str) -> Result<String, HostError> {
        let known = self.copies.borrow().get(name).cloned();
        let Some(mut copy) = known else {
            let bases = self.family.servers.bases.borrow();
            return bases
                .get(name)
                .cloned()
                .ok_or_else(|| HostError::NotFound(name.to_owned()));
        };
        if let (Some(database), true) = (&copy.database, copy.used) {
            let servers = &self.family.servers;
            servers
                .administer(&[end_sessions(database)])
                .and_then(|_| self.family.make(database))
                .map(|template| {
                    copy.template = template;
                    copy.used = false;
                })
                .map_err(HostError::Other)?;
            self.copies
                .borrow_mut()
                .insert(name.to_owned(), copy.clone());
        }
        Ok(copy.template)
    }
}

impl Drop for Copies {
    fn drop(&mut self) {
        for copy in self.copies.take().into_values() {
            self.family.forget(copy);
        }
    }
}

impl Host for Copies {
    fn read(&self, path: &str) -> Result<Vec<u8>, HostError> {
        match self.state(path)? {
            template if template == EMPTY => Err(HostError::NotFound(path.to_owned())),
            template => Ok(template.into_bytes()),
        }
    }
    fn write(&self, path: &str, contents: &[u8]) -> Result<(), HostError> {
        let template = String::from_utf8_lossy(contents).into_owned();
        self.replace(path, template);
        Ok(())
    }
    fn remove(&self, path: &str) -> Result<(), HostError> {
        self.replace(path, EMPTY.to_owned());
        Ok(())
    }
    fn create_directories(&self, _path: &str) -> Result<(), HostError> {
        Ok(())
    }
    fn list(&self, _path: &str) -> Result<Vec<String>, HostError> {
        Ok(Vec::new())
    }
    fn is_file(&self, path: &str) -> bool {
        self.read(path).is_ok()
    }
    fn is_directory(&self, _path: &str) -> bool {
        false
    }
    fn current_directory(&self) -> String {
        self.below().current_directory()
    }
    fn now(&self) -> Now {
        self.below().now()
    }
    fn random(&self, buffer: &mut [u8]) {
        self.below().random(buffer);
    }
    fn environment(&self, name: &str) -> Option<String> {
        self.below().environment(name)
    }
    fn output(&self, _stream: Stream, _text: &str) {}
    fn database(&self, _path: &str) -> DatabasePlace {
        DatabasePlace::Memory
    }
    fn connect(&self, address: &ServerAddress) -> Result<Box<dyn Socket>, SocketError> {
        self.below().connect(address)
    }
    fn server_settings(
        &self,
        name: &str,
        settings: Rc<dyn Any>,
    ) -> Result<Rc<dyn Any>, SocketError> {
        let Ok(settings) = settings.downcast::<Settings>() else {
            return Err(SocketError::Unavailable(
                "there is no copy of such a server".to_owned(),
            ));
        };
        let servers = &self.family.servers;
        let known = self.copies.borrow().get(name).cloned();
        let mut copy = match known {
            Some(copy) => copy,
            None => Copy::of(servers.base(name, &settings)?),
        };
        let database = match &copy.database {
            Some(database) => database.clone(),
            None => self
                .family
                .make(&copy.template)
                .map_err(SocketError::Unavailable)?,
        };
        copy.database = Some(database.clone());
        copy.used = true;
        self.copies.borrow_mut().insert(name.to_owned(), copy);
        let reached = servers.reached.borrow().clone().unwrap_or(settings);
        Ok(Rc::new(reached.with_database(&database)))
    }
    fn copy_of_servers(&self) -> Option<Rc<dyn Host>> {
        let names: Vec<String> = self.copies.borrow().keys().cloned().collect();
        let copies = names.into_iter().filter_map(|name| {
            // What can't be copied is told when it is asked for.
            let template = self.state(&name).ok()?;
            Some((name, Copy::of(template)))
        });
        Some(Rc::new(Copies {
            family: self.family.clone(),
            copies: RefCell::new(copies.collect()),
        }))
    }
}

fn execute(connection: &PostgresConnection, statements: &[String]) -> Result<Vec<Value>> {
    connection.set_autocommit(true)?;
    let mut last = Vec::new();
    for statement in statements {
        let cursor = connection.execute(statement, &Parameters::NONE)?;
        last = cursor
            .rows
            .into_iter()
            .filter_map(|row| row.into_iter().next())
            .collect();
    }
    Ok(last)
}

fn create(name: &str, template: &str) -> String {
    format!(
        "CREATE DATABASE {} TEMPLATE {}",
        quoted(name),
        quoted(template)
    )
}

/// A database with sessions is neither copied nor dropped. The copies are this program's alone.
fn end_sessions(name: &str) -> String {
    format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {} AND pid <> \
         pg_backend_pid()",
        literal(name)
    )
}

fn quoted(name: &str) -> String {
    // A driver of Python's takes a percent sign for a parameter.
    format!("\"{}\"", name.replace('"', "\"\"").replace('%', "%%"))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''").replace('%', "%%"))
}
