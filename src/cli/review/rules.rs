//! The rules: what each kind of finding is called and what it is about.

use crate::review::Code;

/// A rule, by which findings are silenced, set and looked up.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The kind of its findings.
    pub code: Code,
    /// What it says, as a heading.
    pub title: &'static str,
    /// Why that matters, and what to do, in a sentence or two.
    pub help: &'static str,
}

/// The rule of that word, such as `drops-data`.
pub fn rule(word: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code.word() == word)
}

/// Every rule, in the order of [`Code`].
pub const RULES: &[Rule] = &[
    Rule {
        code: Code::UpgradeFails,
        title: "upgrade() fails",
        help: "The upgrade was run on a copy and raised an exception. Mend the script at the line \
               of the finding.",
    },
    Rule {
        code: Code::DowngradeFails,
        title: "downgrade() fails",
        help: "The downgrade was run on a copy, after the upgrade, and raised an exception. A \
               deployment that has to go back would stop there.",
    },
    Rule {
        code: Code::LooksLikeRename,
        title: "A drop and an add look like a rename",
        help: "Autogenerate can't see a rename: it drops the old column or table, with its values, \
               and adds an empty one. Rename it instead.",
    },
    Rule {
        code: Code::DropsData,
        title: "Data is dropped",
        help: "A table or column that holds values is dropped. If they are needed, move them \
               first; if not, silence the finding with the reason.",
    },
    Rule {
        code: Code::NotNullWithoutDefault,
        title: "NOT NULL without a value for existing rows",
        help: "The rows that are there have no value for the column. Give it a server default, or \
               add it nullable, fill it, and set NOT NULL then.",
    },
    Rule {
        code: Code::UniqueOnDuplicates,
        title: "Unique on values that repeat",
        help: "A unique constraint or index can't be made while values repeat. Remove the \
               duplicates first.",
    },
    Rule {
        code: Code::TypeLosesValues,
        title: "A change of type loses values",
        help: "Some values don't survive the conversion. Convert them in the migration, or keep \
               the old column until they are moved.",
    },
    Rule {
        code: Code::ForeignKeyWithoutIndex,
        title: "A foreign key without an index",
        help: "Deleting or updating the referenced row reads the whole table. Add an index on the \
               referencing columns.",
    },
    Rule {
        code: Code::UnnamedConstraint,
        title: "A constraint without a name",
        help: "It can't be dropped by name later. Name it, or give the metadata a naming \
               convention.",
    },
    Rule {
        code: Code::NeedsBatch,
        title: "An ALTER that this database does not have",
        help: "Use op.batch_alter_table(), which copies the table.",
    },
    Rule {
        code: Code::DowngradeMissing,
        title: "downgrade() is missing",
        help: "What upgrade() does can't be undone. Write its reverse, or raise in downgrade() to \
               say that there is none.",
    },
    Rule {
        code: Code::DowngradeNotReversing,
        title: "downgrade() does not restore the schema",
        help: "After upgrade and downgrade the schema is not what it was. What is left or missing \
               is in the finding.",
    },
    Rule {
        code: Code::ModelsImported,
        title: "The script imports models",
        help: "Models change, and then an old revision runs against models of another time. Write \
               the tables that it needs into the script.",
    },
    Rule {
        code: Code::ImportMissing,
        title: "A name is not imported",
        help: "The script uses a name that it does not import. Add the import.",
    },
    Rule {
        code: Code::SeveralHeads,
        title: "Several heads",
        help: "upgrade head can't tell which one is meant. Merge them, or put one after the other.",
    },
    Rule {
        code: Code::ForeignKeyTypeDiffers,
        title: "A foreign key on a column of another type",
        help: "The column and the one it refers to hold values of different kinds, so that equal \
               values are not found. Give both the same type.",
    },
    Rule {
        code: Code::ForeignKeyOnOrphans,
        title: "A foreign key on rows that refer to nothing",
        help: "Some rows have a value that the other table has not. A database that checks it refuses \
               the constraint, another one keeps the rows. Mend them first.",
    },
    Rule {
        code: Code::RenamesTable,
        title: "A table in use is renamed",
        help: "Code that is running while the migration is deployed still says the old name. Deploy \
               code that knows both first, or leave a view under the old name.",
    },
    Rule {
        code: Code::RenamesColumn,
        title: "A column in use is renamed",
        help: "Code that is running while the migration is deployed still says the old name. Add \
               the new column, write both, move readers over, then drop the old one.",
    },
    Rule {
        code: Code::DefaultHasNoEffect,
        title: "default= does not fill existing rows",
        help: "default= is what SQLAlchemy puts into rows that it inserts; the rows that are there \
               get NULL. Use server_default=, or an UPDATE.",
    },
    Rule {
        code: Code::NoPrimaryKey,
        title: "A table without a primary key",
        help: "Its rows can't be told apart, the ORM can't map it, and logical replication can't \
               follow it. Give it a key.",
    },
    Rule {
        code: Code::DuplicateIndex,
        title: "An index that another one makes needless",
        help: "Another index or key begins with the same columns. The second one only costs time at \
               each write.",
    },
    Rule {
        code: Code::DropsConstraint,
        title: "A constraint is dropped",
        help: "What it kept out can come in from here, and making it again later may fail on such \
               rows.",
    },
    Rule {
        code: Code::TransactionControl,
        title: "The script ends or begins a transaction",
        help: "Alembic runs the revision in a transaction of its own. After a COMMIT in between, a \
               failure leaves half of it. Use autocommit_block().",
    },
    Rule {
        code: Code::AsksDatabaseOffline,
        title: "The script can't be written as SQL",
        help: "With --sql there is no database to ask. Ask context.is_offline_mode() first, or say \
               what is needed in SQL.",
    },
    Rule {
        code: Code::NotDeterministic,
        title: "The script writes something else each time",
        help: "The clock, random numbers or a UUID go into rows or names. Write a constant, or let \
               the database fill it.",
    },
    Rule {
        code: Code::DropsTableOfModel,
        title: "A table is dropped that still has a model",
        help: "Autogenerate sees only the models that env.py imports, and takes the table of any \
               other for one too many. Import it in env.py.",
    },
    Rule {
        code: Code::TypeLeftBehind,
        title: "The downgrade leaves a type behind",
        help: "The type of an enum outlives its table. The next upgrade finds it there and fails. \
               Drop it in downgrade().",
    },
    Rule {
        code: Code::IndexBlocksWrites,
        title: "Building an index blocks writes",
        help: "Nobody can write the table until the index is there. Build it concurrently, outside \
               a transaction.",
    },
    Rule {
        code: Code::RewritesTable,
        title: "The whole table is written anew",
        help: "Nobody can read or write the table meanwhile, and it takes twice the room. Add \
               another column, fill it in parts, and move over.",
    },
    Rule {
        code: Code::NotNullScansTable,
        title: "NOT NULL is set by looking at every row",
        help: "Nobody can read or write the table meanwhile. A CHECK that was validated before \
               spares it.",
    },
    Rule {
        code: Code::ConstraintScansTable,
        title: "A constraint is made by checking every row",
        help: "Others wait meanwhile. Make it NOT VALID, and validate it in a revision of its own, \
               which blocks nobody.",
    },
    Rule {
        code: Code::UniqueBlocksReads,
        title: "The index of a constraint is built under a lock",
        help: "Nobody can read or write the table meanwhile. Build a unique index concurrently, and \
               make the constraint of it.",
    },
    Rule {
        code: Code::RowsChangedUnderLock,
        title: "Rows are changed while a table is locked",
        help: "The lock of an earlier statement is held until the transaction ends. Change rows in \
               a revision of their own.",
    },
    Rule {
        code: Code::AppliedDiffers,
        title: "A revision was edited after it was applied",
        help: "The database has the revision, but does not look like what the revision makes now. \
               Take the edit back, and put it into a new revision.",
    },
    Rule {
        code: Code::EditedAfterMerge,
        title: "A revision of the base branch is edited",
        help: "Databases that have it never run it again, so they don't get the edit. Take it back, \
               and write a new revision.",
    },
    Rule {
        code: Code::HeadsMeet,
        title: "The base branch goes on from the same revision",
        help: "After the merge there are two heads, and upgrade head fails. Put this branch after \
               the other one by limbeck rebase.",
    },
    Rule {
        code: Code::EnumValueUsed,
        title: "A new value of an enum type is used at once",
        help: "The value can be used only after the transaction that added it. Add it in an \
               autocommit_block(), or use it in a revision that runs later.",
    },
    Rule {
        code: Code::JsonWithoutEquality,
        title: "A JSON column whose values can't be compared",
        help: "SELECT DISTINCT, GROUP BY and UNION over the column fail. JSONB has an equality, \
               and indexes.",
    },
    Rule {
        code: Code::CharPads,
        title: "A column that fills values up with blanks",
        help: "CHAR(n) stores blanks up to its length and ignores them when it compares. Use \
               TEXT or VARCHAR, with a CHECK for the length.",
    },
    Rule {
        code: Code::TimestampWithoutZone,
        title: "A time without a time zone",
        help: "The column keeps what a clock showed, not when it was. Use \
               DateTime(timezone=True).",
    },
    Rule {
        code: Code::IntegerKey,
        title: "A primary key of 32 bits",
        help: "It ends at 2,147,483,647, and a change to 64 bits writes the whole table anew. Use \
               BigInteger.",
    },
    Rule {
        code: Code::SerialKey,
        title: "A key that is SERIAL",
        help: "Its sequence is an object of its own, with permissions of its own. Use \
               sa.Identity().",
    },
    Rule {
        code: Code::LimitedText,
        title: "A text whose limit belongs to its type",
        help: "A lower limit checks every row under a lock. TEXT with a CHECK can be changed \
               without one.",
    },
    Rule {
        code: Code::DropsIndexUnderLock,
        title: "An index is dropped under a lock",
        help: "It takes a moment, but waits for every statement that runs, and all others wait \
               behind it. Drop it concurrently, in an autocommit_block().",
    },
    Rule {
        code: Code::DropsNotNull,
        title: "A column may be NULL from here",
        help: "Code that reads the column has never met NULL in it. See that it can.",
    },
    Rule {
        code: Code::WideIndex,
        title: "An index of more than three columns",
        help: "The columns after the first few seldom narrow a search down, and each write pays \
               for them.",
    },
];
