//! PEP 249's styles of parameters.

/// How a parameter stands in a text (`paramstyle`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paramstyle {
    /// `?`
    Qmark,
    /// `:name`
    Named,
    /// `%s`
    Format,
    /// `%(name)s`
    Pyformat,
}

impl Paramstyle {
    /// The style of that name, None for `numeric` and what PEP 249 does not know.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "qmark" => Paramstyle::Qmark,
            "named" => Paramstyle::Named,
            "format" => Paramstyle::Format,
            "pyformat" => Paramstyle::Pyformat,
            _ => return None,
        })
    }

    /// The mark of the parameter of that name.
    pub fn mark(self, name: &str) -> String {
        match self {
            Paramstyle::Qmark => "?".into(),
            Paramstyle::Named => format!(":{name}"),
            Paramstyle::Format => "%s".into(),
            Paramstyle::Pyformat => format!("%({name})s"),
        }
    }

    /// Whether a `%` that is no mark is written twice.
    pub fn doubles_percents(self) -> bool {
        matches!(self, Paramstyle::Format | Paramstyle::Pyformat)
    }
}
