//! The parameter styles of PEP 249.

/// The style of parameter markers (`paramstyle`).
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
    /// `$1`
    NumericDollar,
}

impl Paramstyle {
    /// The style of that name; `None` for `numeric` and for unknown names.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "qmark" => Paramstyle::Qmark,
            "named" => Paramstyle::Named,
            "format" => Paramstyle::Format,
            "pyformat" => Paramstyle::Pyformat,
            "numeric_dollar" => Paramstyle::NumericDollar,
            _ => return None,
        })
    }

    /// The name of the style.
    pub fn name(self) -> &'static str {
        match self {
            Paramstyle::Qmark => "qmark",
            Paramstyle::Named => "named",
            Paramstyle::Format => "format",
            Paramstyle::Pyformat => "pyformat",
            Paramstyle::NumericDollar => "numeric_dollar",
        }
    }

    /// The marker of the parameter `name`.
    pub fn mark(self, name: &str, place: usize) -> String {
        match self {
            Paramstyle::Qmark => "?".into(),
            Paramstyle::Named => format!(":{name}"),
            Paramstyle::Format => "%s".into(),
            Paramstyle::Pyformat => format!("%({name})s"),
            Paramstyle::NumericDollar => format!("${}", place + 1),
        }
    }

    /// Whether parameters are given by name.
    pub fn is_named(self) -> bool {
        matches!(self, Paramstyle::Named | Paramstyle::Pyformat)
    }

    /// Whether a literal `%` must be doubled.
    pub fn doubles_percents(self) -> bool {
        matches!(self, Paramstyle::Format | Paramstyle::Pyformat)
    }
}
