//! Moments, as they stand in the file of a project's comments.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970, in UTC; written as `2026-11-30T23:59:59.999Z`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Time(u64);

const DAY: u64 = 86_400_000;

/// What comes after it has a year of five digits.
const END: u64 = 253_402_300_800_000;

impl Time {
    /// So many milliseconds after 1970.
    pub fn new(milliseconds: u64) -> Self {
        Time(milliseconds.min(END - 1))
    }

    /// The moment after this one.
    pub fn next(self) -> Self {
        Time::new(self.0 + 1)
    }

    /// The same time on the next day.
    pub fn plus_a_day(self) -> Self {
        Time::new(self.0 + DAY)
    }

    /// Milliseconds since 1970.
    pub fn milliseconds(self) -> u64 {
        self.0
    }
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970 to the first of January of a year.
fn days_before(year: u64) -> u64 {
    let leaps = |year: u64| year / 4 - year / 100 + year / 400;
    (year - 1970) * 365 + leaps(year - 1) - leaps(1969)
}

impl From<Time> for String {
    fn from(time: Time) -> String {
        let (mut day, rest) = (time.0 / DAY, time.0 % DAY);
        let mut year = 1970 + day / 366;
        while days_before(year + 1) <= day {
            year += 1;
        }
        day -= days_before(year);
        let mut month = 1;
        while day >= days_in(year, month) {
            day -= days_in(year, month);
            month += 1;
        }
        format!(
            "{year:04}-{month:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            day + 1,
            rest / 3_600_000,
            rest / 60_000 % 60,
            rest / 1_000 % 60,
            rest % 1_000
        )
    }
}

impl TryFrom<String> for Time {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<u64>().ok();
        let read = || {
            let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
            let (hour, minute) = (number(11, 13)?, number(14, 16)?);
            let (second, thousandth) = (number(17, 19)?, number(20, 23)?);
            if year < 1970 || !(1..=12).contains(&month) || day == 0 {
                return None;
            }
            let months: u64 = (1..month).map(|one| days_in(year, one)).sum();
            let days = days_before(year) + months + day - 1;
            let seconds = (hour * 60 + minute) * 60 + second;
            Some(Time(days * DAY + seconds * 1_000 + thousandth))
        };
        // What is no time, or is written in another way, is not written alike again.
        read()
            .filter(|time| String::from(*time) == text)
            .ok_or("time")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_and_read() {
        for (milliseconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_764_547_199_999, "2025-11-30T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (u64::MAX, "9999-12-31T23:59:59.999Z"),
        ] {
            let time = Time::new(milliseconds);
            assert_eq!(String::from(time), text);
            assert_eq!(Time::try_from(text.to_owned()), Ok(time));
        }
    }

    #[test]
    fn what_is_no_time_is_not_read() {
        for text in [
            "",
            "yesterday",
            "2025-02-29T00:00:00.000Z",
            "2025-13-01T00:00:00.000Z",
            "2025-01-01T24:00:00.000Z",
            "2025-01-01 00:00:00.000Z",
            "2025-01-01T00:00:00Z",
            "2025-01-01T00:00:00.000Zé",
            "+025-01-01T00:00:00.000Z",
        ] {
            assert!(Time::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
