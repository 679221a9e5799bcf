//! Errors of the revision map, with Alembic's messages.

use ground::exception;
use std::fmt;

use super::{Identifier, Revision};
use ground::diagnostic::{Error, Reason};

/// Alembic's `RevisionError` and its subclasses, and other exceptions that the map lets through.
#[derive(Clone, Debug)]
pub enum RevisionError {
    /// `RangeNotAncestorError`.
    RangeNotAncestor {
        /// The lower end as it was asked for.
        lower: Identifier,
        /// The upper end as it was asked for.
        upper: Identifier,
    },
    /// `MultipleHeads`.
    MultipleHeads {
        /// The heads.
        heads: Vec<String>,
        /// What was asked for.
        argument: String,
    },
    /// `ResolutionError`.
    Resolution {
        /// The message.
        message: String,
        /// The identifier that was not found.
        argument: String,
    },
    /// `CycleDetected`, `LoopDetected`, and the two for dependencies.
    Cycle {
        /// `Cycle`, `Self-loop`, `Dependency cycle`, `Dependency self-loop`.
        kind: &'static str,
        /// The revisions concerned.
        revisions: Vec<String>,
    },
    /// A plain `RevisionError`.
    Message(String),
    /// Any other exception: of loading a script, or one that Alembic itself does not catch, such
    /// as the `KeyError` of a `down_revision` that is not there.
    Other(Error),
}

fn absent_key(key: &str) -> Error {
    Error::new(
        exception::KEY_ERROR,
        ground::formatting::repr::string_repr(key),
    )
}

impl RevisionError {
    pub(crate) fn key_error(key: &str) -> Self {
        RevisionError::Other(absent_key(key))
    }

    /// The `KeyError` of a revision that another one names and no script has.
    pub(crate) fn parent_not_found(parent: &str, revision: &Revision) -> Self {
        RevisionError::Other(absent_key(parent).with_reason(Reason::ParentNotFound {
            parent: parent.to_owned(),
            revision: revision.revision.to_string(),
        }))
    }

    pub(crate) fn assertion(message: &str) -> Self {
        RevisionError::Other(Error::new(exception::ASSERTION_ERROR, message))
    }

    /// The dotted name of the Python class.
    pub fn class(&self) -> String {
        let name = match self {
            RevisionError::RangeNotAncestor { .. } => "RangeNotAncestorError",
            RevisionError::MultipleHeads { .. } => "MultipleHeads",
            RevisionError::Resolution { .. } => "ResolutionError",
            RevisionError::Cycle { kind, .. } => match *kind {
                "Self-loop" => "LoopDetected",
                "Dependency self-loop" => "DependencyLoopDetected",
                "Dependency cycle" => "DependencyCycleDetected",
                _ => "CycleDetected",
            },
            RevisionError::Message(_) => "RevisionError",
            RevisionError::Other(error) => return error.class.to_string(),
        };
        format!("alembic.script.revision.{name}")
    }
}

impl fmt::Display for RevisionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RevisionError::RangeNotAncestor { lower, upper } => write!(
                f,
                "Revision {} is not an ancestor of revision {}",
                lower.or_base(),
                upper.or_base()
            ),
            RevisionError::MultipleHeads { heads, argument } => write!(
                f,
                "Multiple heads are present for given argument '{argument}'; {}",
                heads.join(", ")
            ),
            RevisionError::Resolution { message, .. } | RevisionError::Message(message) => {
                f.write_str(message)
            }
            RevisionError::Cycle { kind, revisions } => write!(
                f,
                "{kind} is detected in revisions ({})",
                revisions.join(", ")
            ),
            RevisionError::Other(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for RevisionError {}

impl From<Error> for RevisionError {
    fn from(error: Error) -> Self {
        RevisionError::Other(error)
    }
}

impl From<RevisionError> for Error {
    fn from(error: RevisionError) -> Self {
        match error {
            RevisionError::Other(error) => error,
            other => Error::new(other.class(), other.to_string()),
        }
    }
}
