//! The PostgreSQL server beside the tests, which `tests/oracle/postgresql.py` starts for `make test`.

use std::process::Command;

use super::not_asked;

/// The port that documents name; the server's own stands in its place while they run.
const WRITTEN: &str = "5432";

/// A running server.
pub struct Server {
    port: String,
}

impl Server {
    /// The server that LIMBECK_POSTGRESQL names; says so where there is none.
    pub fn named() -> Option<Server> {
        let Ok(address) = std::env::var("LIMBECK_POSTGRESQL") else {
            not_asked(
                "LIMBECK_POSTGRESQL is not set (make test sets it): what wants a PostgreSQL server is \
                 not run",
            );
            return None;
        };
        let (_, port) = address.rsplit_once(':').expect("HOST:PORT");
        Some(Server {
            port: port.to_owned(),
        })
    }

    /// Leaves one database, `app`, which is empty, and no role but `postgres`.
    pub fn clear(&self) {
        let names = |sql: &str| self.query("postgres", sql);
        for database in
            names("SELECT datname FROM pg_database WHERE datname !~ '^(postgres|template.)$'")
                .lines()
        {
            self.query(
                "postgres",
                &format!("DROP DATABASE \"{database}\" WITH (FORCE)"),
            );
        }
        for role in
            names("SELECT rolname FROM pg_roles WHERE rolname !~ '^(postgres$|pg_)'").lines()
        {
            self.query("postgres", &format!("DROP ROLE \"{role}\""));
        }
        self.query("postgres", "CREATE DATABASE app");
    }

    /// A text of a document with the server's own port.
    pub fn real(&self, text: &str) -> String {
        text.replace(WRITTEN, &self.port)
    }

    /// An answer with the port that documents name.
    pub fn written(&self, text: &str) -> String {
        text.replace(&self.port, WRITTEN)
    }

    /// The variables that lead a program of PostgreSQL to it.
    pub fn environment(&self) -> Vec<(String, String)> {
        [
            ("PGHOST", "127.0.0.1"),
            ("PGPORT", &self.port),
            ("PGUSER", "postgres"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    fn client(&self, program: &str, arguments: &[&str]) -> String {
        let output = Command::new(program)
            .args(["-h", "127.0.0.1", "-p", &self.port, "-U", "postgres"])
            .args(arguments)
            .env("PGTZ", "UTC")
            .output()
            .unwrap_or_else(|error| panic!("{program}: {error}"));
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.push_str(&String::from_utf8_lossy(&output.stderr));
        text
    }

    /// What a statement gives, a line a row.
    pub fn query(&self, database: &str, statement: &str) -> String {
        self.client("psql", &["-qAt", "-d", database, "-c", statement])
    }

    /// The schema of a database, as pg_dump writes it, without what it writes each time.
    pub fn schema(&self, database: &str) -> String {
        let noise = [
            "--",
            "SET ",
            "SELECT pg_catalog.set_config",
            "\\restrict",
            "\\unrestrict",
        ];
        let owner = " OWNER TO postgres;";
        self.client("pg_dump", &["--schema-only", database])
            .lines()
            .filter(|line| {
                !line.is_empty()
                    && !line.ends_with(owner)
                    && !noise.iter().any(|start| line.starts_with(start))
            })
            .map(|line| format!("{line}\n"))
            .collect()
    }
}
