//! What the Models column and Pending say.
#![expect(missing_docs, reason = "the words say what each is")]

pub const FILES: &str = "Model files";
pub const ALL_FILES: &str = "All files";
pub const ALL_FILES_KEY: &str = "All files (Ctrl+B)";

/// The strip of first steps.
pub mod first_steps {
    pub const TITLE: &str = "First steps";
    pub const ABOUT: &str = "Limbeck is Alembic in your browser, on a real SQLite database.";
    pub const STEPS: [&str; 3] = [
        "In `Book`, uncomment the marked line: delete its `#`, or press `Ctrl+/` on it. Pending shows the change.",
        "Click Autogenerate, then Write: the change becomes a migration.",
        "Click Upgrade: the database gets the new column.",
    ];
    /// In place of the last step, where the review of the new revision says that it fails.
    pub const BROKEN: &str =
        "The review tried this migration on a copy, and it fails. Read why before you upgrade.";
    pub const OPEN_REVIEW: &str = "Open the review";
    pub const ALL_DONE: &str = "Done: you have written a migration and applied it. Downgrade undoes it; Review, beside its script, tests it.";
    pub const SHOW_LINE: &str = "Show the line";
    pub const DONE: &str = "done:";
    pub const CLOSE: &str = "Close the first steps";
}
pub const NOT_A_TEXT: &str = "This is a binary file.";
pub const NO_FILE: &str = "No file is open. Open one from Files.";

/// In the message of a revision, where nothing is to be suggested.
pub const DESCRIBE: &str = "describe the change";

/// What autogenerate would write.
pub mod pending {
    pub const TITLE: &str = "Pending";
    pub const LIST: &str = "Pending changes";
    pub const COMPARING: &str = "Comparing the models with the database …";
    pub const BEHIND: &str = "The database is not up to date with the migrations, so it can't be compared with the models.";
    pub const UPGRADE_FIRST: &str = "Upgrade first";
    pub const NOTHING: &str = "The database matches the models.";
    /// Shows more of a long list.
    pub fn more(rest: usize) -> String {
        format!("Show {} more", crate::words::number(rest as u64))
    }

    pub const STOPPED: &str = "The comparison was stopped. It starts again at the next change.";
}

/// What a bare `alembic init` still wants.
pub mod setup {
    pub const TITLE: &str = "Three edits after alembic init";
    pub const DONE: &str = " done";
    pub const URL: &str = "Say which database, in `alembic.ini`";
    pub const URL_ABOUT: &str = "`alembic init` writes a placeholder. For a SQLite file: `sqlalchemy.url = sqlite:///app.db`";
    pub const URL_OPEN: &str = "Go to the line";
    pub const TABLES: &str = "Write the models";
    pub const TABLES_ABOUT: &str =
        "A `models.py` beside alembic.ini, with a `Base` and the first table.";
    pub const TABLES_WRITE: &str = "Create models.py";
    pub const METADATA: &str = "Name their metadata, in `env.py`";
    pub const METADATA_ABOUT: &str = "In place of `target_metadata = None`: `from models import Base` and `target_metadata = Base.metadata`";
    pub const METADATA_OPEN: &str = "Go to the line";
    pub const MODELS: &str = "from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = \"person\"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
";
}
