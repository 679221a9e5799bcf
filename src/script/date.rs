//! The moment at which a revision is made, in the zone that the project asks for.

use ground::exception;
use std::fmt;

use ground::diagnostic::{Error, Result};
use ground::host::Host;
use ground::logging::civil_from_days;

/// `create_date`: a Python `datetime`, naive or with an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreateDate {
    /// Year.
    pub year: i64,
    /// Month, from one.
    pub month: i64,
    /// Day, from one.
    pub day: i64,
    /// Hour.
    pub hour: i64,
    /// Minute.
    pub minute: i64,
    /// Second.
    pub second: i64,
    /// Microsecond.
    pub microsecond: i64,
    /// Offset from UTC in seconds; `None` for a naive time.
    pub offset: Option<i32>,
    /// `int(create_date.timestamp())`.
    pub epoch: i64,
}

impl CreateDate {
    /// The time that these microseconds since 1970 are at that offset.
    fn new(microseconds: i64, offset: i32, aware: bool) -> Self {
        let local = microseconds + i64::from(offset) * 1_000_000;
        let days = local.div_euclid(86_400_000_000);
        let within = local.rem_euclid(86_400_000_000);
        let (year, month, day) = civil_from_days(days);
        let seconds = within / 1_000_000;
        CreateDate {
            year,
            month,
            day,
            hour: seconds / 3600,
            minute: seconds / 60 % 60,
            second: seconds % 60,
            microsecond: within % 1_000_000,
            offset: aware.then_some(offset),
            epoch: microseconds / 1_000_000,
        }
    }

    /// `ScriptDirectory._generate_create_date`.
    ///
    /// Errors: `CommandError` for a zone that is not known.
    pub fn generate(host: &dyn Host, timezone: Option<&str>) -> Result<Self> {
        let now = host.now();
        let Some(name) = timezone else {
            return Ok(Self::new(now.microseconds, now.local_offset, false));
        };
        let offset_of = |name: &str| -> Option<i32> {
            match name {
                "UTC" | "Etc/UTC" | "GMT" | "Etc/GMT" | "Zulu" | "UCT" | "Universal" => Some(0),
                name => host.time_zone_offset(name, now.microseconds),
            }
        };
        match offset_of(name).or_else(|| offset_of(&name.to_uppercase())) {
            Some(offset) => Ok(Self::new(now.microseconds, offset, true)),
            None => Err(match bad_key(name) {
                Some(what) => Error::new(
                    exception::VALUE_ERROR,
                    format!("ZoneInfo keys {what}, got: {name}"),
                ),
                None => Error::command(format!("Can't locate timezone: {name}")),
            }),
        }
    }
}

/// What `zoneinfo` has against a key before it looks for it.
fn bad_key(name: &str) -> Option<&'static str> {
    if name.starts_with('/') {
        return Some("may not be absolute paths");
    }
    let parts: Vec<&str> = name.split('/').collect();
    let shortens = |at: usize| match parts[at] {
        "" => true,
        "." => parts.len() > 1,
        ".." => at > 0 && parts[at - 1] != "..",
        _ => false,
    };
    if (0..parts.len()).any(shortens) {
        return Some("must be normalized relative paths");
    }
    matches!(parts[0], "." | "..").then_some("must refer to subdirectories of TZPATH")
}

impl fmt::Display for CreateDate {
    /// `str(datetime)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
            self.year, self.month, self.day, self.hour, self.minute, self.second
        )?;
        if self.microsecond != 0 {
            write!(f, ".{:06}", self.microsecond)?;
        }
        if let Some(offset) = self.offset {
            let sign = if offset < 0 { '-' } else { '+' };
            let offset = offset.unsigned_abs();
            write!(f, "{sign}{:02}:{:02}", offset / 3600, offset / 60 % 60)?;
            if offset % 60 != 0 {
                write!(f, ":{:02}", offset % 60)?;
            }
        }
        Ok(())
    }
}
