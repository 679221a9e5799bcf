//! The projects that the page offers to start with, each a folder of `web/examples`. `database.sql` is not
//! part of the project: it creates the database that the project comes with.

/// An example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// Name of its folder.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it shows.
    pub about: &'static str,
    /// What the line begins with that the first steps ask to uncomment. Its comment sign has no
    /// space after it: whoever deletes just the sign has the right indentation.
    pub first_line: Option<&'static str>,
    /// The database that `database.sql` makes.
    pub database: Option<&'static str>,
    /// For one that is made from [`BLANK`]: its `sqlalchemy.url`.
    pub url: Option<&'static str>,
    /// Folders that are empty.
    pub folders: &'static [&'static str],
    /// The folder where the console starts.
    pub directory: &'static str,
}

/// Name of the one that is ready to have its first table written.
pub const BLANK: &str = "blank";

/// The file of [`BLANK`] to write it in, and the line.
pub const BLANK_MODELS: (&str, u32) = ("models.py", 9);

/// All of them, the one for the first visit first.
pub const EXAMPLES: &[Example] = &[
    Example {
        name: "library",
        title: "A lending library",
        about: "SQLAlchemy 2.0: four related tables with rows, two revisions",
        first_line: Some("#isbn"),
        database: Some("library.db"),
        url: None,
        folders: &[],
        directory: "",
    },
    Example {
        name: "heroes",
        title: "Heroes and teams",
        about: "SQLModel, with a Makefile: one revision not yet applied",
        first_line: None,
        database: Some("heroes.db"),
        url: None,
        folders: &[],
        directory: "",
    },
    Example {
        name: "blog",
        title: "A blog",
        about: "SQLAlchemy 1.x style, as a package in backend/: a new table still needs a revision",
        first_line: None,
        database: Some("backend/blog.db"),
        url: None,
        folders: &[],
        directory: "backend",
    },
    Example {
        name: "shop",
        title: "A shop with two heads",
        about: "Two revisions with the same parent, to be merged before the upgrade",
        first_line: None,
        database: Some("shop.db"),
        url: None,
        folders: &[],
        directory: "",
    },
    Example {
        name: "orders",
        title: "Orders, on PostgreSQL",
        about: "Enum, JSONB, array, identity, partial index: two revisions not yet applied",
        first_line: None,
        database: None,
        url: Some("postgresql://localhost/orders"),
        folders: &[],
        directory: "",
    },
    Example {
        name: BLANK,
        title: "An empty project",
        about: "Set up for SQLite: write the first table",
        first_line: None,
        database: None,
        url: None,
        folders: &["alembic/versions"],
        directory: "",
    },
    Example {
        name: "blank-postgresql",
        title: "An empty project for PostgreSQL",
        about: "The same on PostgreSQL itself, which is loaded once",
        first_line: None,
        database: None,
        url: Some("postgresql://localhost/app"),
        folders: &["alembic/versions"],
        directory: "",
    },
    Example {
        name: "empty",
        title: "A bare alembic init",
        about: "Just what alembic init writes",
        first_line: None,
        database: None,
        url: None,
        folders: &["alembic/versions"],
        directory: "",
    },
];

/// The example of that name, or the first.
pub fn example(name: &str) -> &'static Example {
    EXAMPLES
        .iter()
        .find(|example| example.name == name)
        .unwrap_or(&EXAMPLES[0])
}
