//! Python's text forms of dates, times, intervals and UUIDs.

use std::fmt::Write as _;

use crate::calendar::{Date, DateTime, Time};

/// `repr(date)`.
pub fn date_repr(date: Date) -> String {
    format!(
        "datetime.date({}, {}, {})",
        date.year(),
        date.month(),
        date.day()
    )
}

/// `repr(time)`, with an optional UTC offset in seconds.
pub fn time_repr(time: Time, offset: Option<i32>) -> String {
    format!("datetime.time({}{})", clock_repr(time), offset_repr(offset))
}

/// `repr(datetime)`, with an optional UTC offset in seconds.
pub fn datetime_repr(moment: DateTime, offset: Option<i32>) -> String {
    format!(
        "datetime.datetime({}, {}, {}, {}{})",
        moment.year(),
        moment.month(),
        moment.day(),
        clock_repr(moment.time()),
        offset_repr(offset)
    )
}

/// `str(uuid)`: hexadecimal digits with dashes.
pub fn uuid_text(bytes: &[u8; 16]) -> String {
    let hex = uuid_hex(bytes);
    format!(
        "{}-{}-{}-{}-{}",
        &hex[0..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..32]
    )
}

/// `uuid.hex`.
pub fn uuid_hex(bytes: &[u8; 16]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(32), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        })
}

/// `date.isoformat()`.
pub fn date_text(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// `time.isoformat()` of a time without an offset.
pub fn time_text(time: Time) -> String {
    let microseconds = time.subsec_nanosecond() / 1000;
    let mut out = format!(
        "{:02}:{:02}:{:02}",
        time.hour(),
        time.minute(),
        time.second()
    );
    if microseconds != 0 {
        let _ = write!(out, ".{microseconds:06}");
    }
    out
}

/// `str(datetime)`.
pub fn datetime_text(moment: DateTime, offset: Option<i32>) -> String {
    format!(
        "{} {}{}",
        date_text(moment.date()),
        time_text(moment.time()),
        offset_text(offset)
    )
}

/// The `+01:00` suffix of an aware time.
pub fn offset_text(offset: Option<i32>) -> String {
    let Some(offset) = offset else {
        return String::new();
    };
    let sign = if offset < 0 { '-' } else { '+' };
    let seconds = offset.unsigned_abs();
    let mut out = format!("{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
    if seconds % 60 != 0 {
        let _ = write!(out, ":{:02}", seconds % 60);
    }
    out
}

fn clock_repr(time: Time) -> String {
    let microseconds = time.subsec_nanosecond() / 1000;
    let mut out = format!("{}, {}", time.hour(), time.minute());
    if time.second() != 0 || microseconds != 0 {
        let _ = write!(out, ", {}", time.second());
    }
    if microseconds != 0 {
        let _ = write!(out, ", {microseconds}");
    }
    out
}

fn offset_repr(offset: Option<i32>) -> String {
    match offset {
        None => String::new(),
        Some(0) => ", tzinfo=datetime.timezone.utc".into(),
        Some(seconds) => format!(
            ", tzinfo=datetime.timezone({})",
            interval_repr(i64::from(seconds) * 1_000_000)
        ),
    }
}

/// `repr(timedelta)` of so many microseconds.
pub fn interval_repr(microseconds: i64) -> String {
    let (days, seconds, micros) = interval_parts(microseconds);
    let mut parts = Vec::new();
    if days != 0 {
        parts.push(format!("days={days}"));
    }
    if seconds != 0 {
        parts.push(format!("seconds={seconds}"));
    }
    if micros != 0 {
        parts.push(format!("microseconds={micros}"));
    }
    if parts.is_empty() {
        parts.push("0".into());
    }
    format!("datetime.timedelta({})", parts.join(", "))
}

/// `str(timedelta)` of so many microseconds.
pub fn interval_text(microseconds: i64) -> String {
    let (days, seconds, micros) = interval_parts(microseconds);
    let mut out = String::new();
    if days != 0 {
        let plural = if days.abs() == 1 { "" } else { "s" };
        let _ = write!(out, "{days} day{plural}, ");
    }
    let _ = write!(
        out,
        "{}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    if micros != 0 {
        let _ = write!(out, ".{micros:06}");
    }
    out
}

/// Days, seconds and microseconds as `timedelta` normalizes them.
pub fn interval_parts(microseconds: i64) -> (i64, i64, i64) {
    let day = 86_400_000_000;
    let days = microseconds.div_euclid(day);
    let rest = microseconds.rem_euclid(day);
    (days, rest / 1_000_000, rest % 1_000_000)
}
