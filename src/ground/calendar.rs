//! Days and times of day as a calendar and a clock on the wall show them: the proleptic Gregorian
//! calendar of Python's `datetime`, from year 1 to year 9999.

use std::fmt;

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i16,
    month: i8,
    day: i8,
}

/// A time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    hour: i8,
    minute: i8,
    second: i8,
    nanosecond: i32,
}

/// A day and a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime {
    date: Date,
    time: Time,
}

/// A number that no calendar or no clock shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange;

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("date value out of range")
    }
}

fn is_leap(year: i16) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i16, month: i8) -> i8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

impl Date {
    /// The day of that year, month and day of the month.
    ///
    /// # Errors
    /// [`OutOfRange`] where there is no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Date, OutOfRange> {
        let fits = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day);
        if fits {
            Ok(Date { year, month, day })
        } else {
            Err(OutOfRange)
        }
    }

    /// 1970-01-01.
    pub const EPOCH: Date = Date {
        year: 1970,
        month: 1,
        day: 1,
    };

    /// The day so many days after 1970-01-01.
    ///
    /// # Errors
    /// [`OutOfRange`] before year 1 and after year 9999.
    pub fn from_days(days: i64) -> Result<Date, OutOfRange> {
        if !(-719_162..=2_932_896).contains(&days) {
            return Err(OutOfRange);
        }
        // Years that begin in March have their leap day at the end; 400 of them are an era.
        let shifted = days + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year + era * 400 + i64::from(month <= 2);
        // In range by the check above.
        Ok(Date {
            year: year as i16,
            month: month as i8,
            day: day as i8,
        })
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let month = i64::from(if self.month > 2 {
            self.month - 3
        } else {
            self.month + 9
        });
        let of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, from one.
    pub fn month(self) -> i8 {
        self.month
    }

    /// The day of the month, from one.
    pub fn day(self) -> i8 {
        self.day
    }

    /// The day of the week, Monday being 0.
    pub fn weekday(self) -> i8 {
        // 1970-01-01 was a Thursday.
        (self.days() + 3).rem_euclid(7) as i8
    }

    /// The day of the year, from one.
    pub fn day_of_year(self) -> i16 {
        (self.days() - self.first_of_year().days() + 1) as i16
    }

    /// The first of January of the same year.
    pub fn first_of_year(self) -> Date {
        Date {
            month: 1,
            day: 1,
            ..self
        }
    }

    /// That time of the day.
    pub fn to_datetime(self, time: Time) -> DateTime {
        DateTime { date: self, time }
    }
}

impl Time {
    /// The time of day; the last number is nanoseconds.
    ///
    /// # Errors
    /// [`OutOfRange`] where no clock shows it.
    pub fn new(hour: i8, minute: i8, second: i8, nanosecond: i32) -> Result<Time, OutOfRange> {
        let fits = (0..24).contains(&hour)
            && (0..60).contains(&minute)
            && (0..60).contains(&second)
            && (0..1_000_000_000).contains(&nanosecond);
        if fits {
            Ok(Time {
                hour,
                minute,
                second,
                nanosecond,
            })
        } else {
            Err(OutOfRange)
        }
    }

    /// 00:00.
    pub fn midnight() -> Time {
        Time {
            hour: 0,
            minute: 0,
            second: 0,
            nanosecond: 0,
        }
    }

    /// The hour.
    pub fn hour(self) -> i8 {
        self.hour
    }

    /// The minute.
    pub fn minute(self) -> i8 {
        self.minute
    }

    /// The second.
    pub fn second(self) -> i8 {
        self.second
    }

    /// What is less than a second, in nanoseconds.
    pub fn subsec_nanosecond(self) -> i32 {
        self.nanosecond
    }
}

impl DateTime {
    /// The moment so many microseconds after 1970-01-01 00:00.
    ///
    /// # Errors
    /// [`OutOfRange`] before year 1 and after year 9999.
    pub fn from_microseconds(number: i64) -> Result<DateTime, OutOfRange> {
        const DAY: i64 = 86_400_000_000;
        let date = Date::from_days(number.div_euclid(DAY))?;
        let rest = number.rem_euclid(DAY);
        let seconds = rest / 1_000_000;
        // Each part is in its range by the divisions.
        let time = Time {
            hour: (seconds / 3600) as i8,
            minute: (seconds / 60 % 60) as i8,
            second: (seconds % 60) as i8,
            nanosecond: (rest % 1_000_000 * 1000) as i32,
        };
        Ok(DateTime { date, time })
    }

    /// Microseconds since 1970-01-01 00:00.
    pub fn microseconds(self) -> i64 {
        let time = self.time;
        let seconds =
            i64::from(time.hour) * 3600 + i64::from(time.minute) * 60 + i64::from(time.second);
        (self.date.days() * 86_400 + seconds) * 1_000_000 + i64::from(time.nanosecond) / 1000
    }

    /// The moment so many microseconds later.
    ///
    /// # Errors
    /// [`OutOfRange`] before year 1 and after year 9999.
    pub fn checked_add(self, microseconds: i64) -> Result<DateTime, OutOfRange> {
        let sum = self.microseconds().checked_add(microseconds);
        DateTime::from_microseconds(sum.ok_or(OutOfRange)?)
    }

    /// The day.
    pub fn date(self) -> Date {
        self.date
    }

    /// The time of the day.
    pub fn time(self) -> Time {
        self.time
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.date.year
    }

    /// The month, from one.
    pub fn month(self) -> i8 {
        self.date.month
    }

    /// The day of the month, from one.
    pub fn day(self) -> i8 {
        self.date.day
    }

    /// What is less than a second, in nanoseconds.
    pub fn subsec_nanosecond(self) -> i32 {
        self.time.nanosecond
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_days_as_pythons_calendar_does() {
        for (year, month, day, days, weekday, of_year) in [
            (1, 1, 1, -719_162, 0, 1),
            (1969, 12, 31, -1, 2, 365),
            (1970, 1, 1, 0, 3, 1),
            (2000, 2, 29, 11_016, 1, 60),
            (2024, 12, 31, 20_088, 1, 366),
            (9999, 12, 31, 2_932_896, 4, 365),
        ] {
            let date = Date::new(year, month, day).unwrap();
            assert_eq!(
                (date.days(), date.weekday(), date.day_of_year()),
                (days, weekday, of_year)
            );
            assert_eq!(Date::from_days(days), Ok(date));
        }
        let mut last = Date::from_days(-719_162).unwrap();
        for days in -719_161..=2_932_896 {
            let date = Date::from_days(days).unwrap();
            assert!(
                date > last
                    && date.days() == days
                    && Date::new(date.year, date.month, date.day).is_ok()
            );
            last = date;
        }
        assert!(Date::new(1900, 2, 29).is_err() && Date::from_days(2_932_897).is_err());
    }
}
