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
];
