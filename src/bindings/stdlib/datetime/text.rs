//! Dates and times as text: `strftime`, `strptime`, ISO 8601.

use ground::calendar;

use super::zone::offset_text;

const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `strftime` in the C locale.
pub(super) fn format(
    moment: calendar::DateTime,
    zone: Option<(i32, String)>,
    specification: &str,
) -> String {
    let (date, time) = (moment.date(), moment.time());
    let month = MONTHS[usize::from(date.month().unsigned_abs() - 1)];
    let weekday = DAYS[date.weekday().unsigned_abs() as usize];
    let hour12 = match time.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let mut text = String::new();
    let mut characters = specification.chars();
    while let Some(c) = characters.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        let Some(mut code) = characters.next() else {
            text.push('%');
            break;
        };
        let unpadded = code == '-';
        if unpadded {
            code = characters.next().unwrap_or('-');
        }
        let number = |value: i64, width: usize| {
            if unpadded {
                value.to_string()
            } else {
                format!("{value:0width$}")
            }
        };
        let part = match code {
            'Y' => number(date.year().into(), 4),
            'y' => number(i64::from(date.year()) % 100, 2),
            'm' => number(date.month().into(), 2),
            'd' => number(date.day().into(), 2),
            'e' => format!("{:>2}", date.day()),
            'H' => number(time.hour().into(), 2),
            'I' => number(hour12.into(), 2),
            'M' => number(time.minute().into(), 2),
            'S' => number(time.second().into(), 2),
            'f' => format!("{:06}", time.subsec_nanosecond() / 1000),
            'j' => number(date.day_of_year().into(), 3),
            'p' => if time.hour() < 12 { "AM" } else { "PM" }.to_owned(),
            'a' => weekday[..3].to_owned(),
            'A' => weekday.to_owned(),
            'b' | 'h' => month[..3].to_owned(),
            'B' => month.to_owned(),
            'w' => ((date.weekday() + 1) % 7).to_string(),
            'u' => (date.weekday() + 1).to_string(),
            'F' => format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()),
            'T' | 'X' => clock(time),
            'R' => format!("{:02}:{:02}", time.hour(), time.minute()),
            'D' | 'x' => format!(
                "{:02}/{:02}/{:02}",
                date.month(),
                date.day(),
                date.year() % 100
            ),
            'c' => format!(
                "{} {} {:>2} {} {}",
                &weekday[..3],
                &month[..3],
                date.day(),
                clock(time),
                date.year()
            ),
            'z' => zone
                .as_ref()
                .map(|(offset, _)| offset_text(*offset, ""))
                .unwrap_or_default(),
            'Z' => zone
                .as_ref()
                .map(|(_, name)| name.clone())
                .unwrap_or_default(),
            'n' => "\n".to_owned(),
            't' => "\t".to_owned(),
            '%' => "%".to_owned(),
            other => format!("%{other}"),
        };
        text.push_str(&part);
    }
    text
}

fn clock(time: calendar::Time) -> String {
    format!(
        "{:02}:{:02}:{:02}",
        time.hour(),
        time.minute(),
        time.second()
    )
}

/// `date.isoformat()`.
pub(super) fn iso_date(date: calendar::Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// `time.isoformat()`: `timespec` is Python's.
pub(super) fn iso_time(
    time: calendar::Time,
    offset: Option<i32>,
    timespec: &str,
) -> Option<String> {
    let microseconds = time.subsec_nanosecond() / 1000;
    let mut text = match timespec {
        "auto" if microseconds == 0 => clock(time),
        "auto" | "microseconds" => format!("{}.{microseconds:06}", clock(time)),
        "milliseconds" => format!("{}.{:03}", clock(time), microseconds / 1000),
        "seconds" => clock(time),
        "minutes" => format!("{:02}:{:02}", time.hour(), time.minute()),
        "hours" => format!("{:02}", time.hour()),
        _ => return None,
    };
    if let Some(offset) = offset {
        text.push_str(&offset_text(offset, ":"));
    }
    Some(text)
}

fn digits(text: &str, least: usize, most: usize) -> Option<(i64, &str)> {
    let count = text
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    if count < least {
        return None;
    }
    let (number, rest) = text.split_at(count);
    Some((number.parse().ok()?, rest))
}

/// `date.fromisoformat`.
pub(super) fn parse_iso_date(text: &str) -> Option<calendar::Date> {
    let (date, rest) = iso_date_prefix(text)?;
    rest.is_empty().then_some(date)
}

fn iso_date_prefix(text: &str) -> Option<(calendar::Date, &str)> {
    let (year, rest) = digits(text, 4, 4)?;
    let dashed = rest.starts_with('-');
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    let (month, rest) = digits(rest, 2, 2)?;
    let rest = if dashed {
        rest.strip_prefix('-')?
    } else {
        rest
    };
    let (day, rest) = digits(rest, 2, 2)?;
    let date = calendar::Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()?;
    Some((date, rest))
}

/// `time.fromisoformat`: the time and the offset from UTC.
pub(super) fn parse_iso_time(text: &str) -> Option<(calendar::Time, Option<i32>)> {
    let text = text.strip_prefix('T').unwrap_or(text);
    let (clock, zone) = match text.find(['Z', '+', '-']) {
        Some(at) => (&text[..at], Some(&text[at..])),
        None => (text, None),
    };
    let offset = match zone {
        None => None,
        Some("Z") => Some(0),
        Some(zone) => {
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let parts: String = zone[1..].chars().filter(|c| *c != ':').collect();
            let (hours, rest) = digits(&parts, 2, 2)?;
            let (minutes, rest) = if rest.is_empty() {
                (0, rest)
            } else {
                digits(rest, 2, 2)?
            };
            let (seconds, rest) = if rest.is_empty() {
                (0, rest)
            } else {
                digits(rest, 2, 2)?
            };
            if !rest.is_empty() {
                return None;
            }
            Some(sign * i32::try_from(hours * 3600 + minutes * 60 + seconds).ok()?)
        }
    };
    let colons = clock.contains(':');
    let (hour, mut rest) = digits(clock, 2, 2)?;
    let (mut minute, mut second, mut nanosecond) = (0, 0, 0);
    if !rest.is_empty() {
        if colons {
            rest = rest.strip_prefix(':')?;
        }
        (minute, rest) = digits(rest, 2, 2)?;
    }
    if !rest.is_empty() {
        if colons {
            rest = rest.strip_prefix(':')?;
        }
        (second, rest) = digits(rest, 2, 2)?;
    }
    if !rest.is_empty() {
        let fraction = rest.strip_prefix(['.', ','])?;
        if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let six: String = fraction.chars().chain("000000".chars()).take(6).collect();
        nanosecond = six.parse::<i64>().ok()? * 1000;
    }
    let time = calendar::Time::new(
        i8::try_from(hour).ok()?,
        i8::try_from(minute).ok()?,
        i8::try_from(second).ok()?,
        i32::try_from(nanosecond).ok()?,
    )
    .ok()?;
    Some((time, offset))
}

/// `datetime.fromisoformat`.
pub(super) fn parse_iso(text: &str) -> Option<(calendar::DateTime, Option<i32>)> {
    let (date, rest) = iso_date_prefix(text)?;
    if rest.is_empty() {
        return Some((date.to_datetime(calendar::Time::midnight()), None));
    }
    let mut characters = rest.chars();
    characters.next()?;
    let (time, offset) = parse_iso_time(characters.as_str())?;
    Some((date.to_datetime(time), offset))
}

/// `datetime.strptime`: `None` where the text does not match.
pub(super) fn parse(text: &str, format: &str) -> Option<(calendar::DateTime, Option<i32>)> {
    let (mut year, mut month, mut day) = (1900, 1, 1);
    let (mut hour, mut minute, mut second, mut microsecond) = (0, 0, 0, 0);
    let (mut afternoon, mut offset, mut day_of_year) = (None, None, None);
    let mut rest = text;
    let mut codes = format.chars();
    let name = |rest: &mut &str, names: &[&str], short: bool| -> Option<i64> {
        for (at, name) in names.iter().enumerate() {
            let name = if short { &name[..3] } else { name };
            if let Some(head) = rest.get(..name.len())
                && head.eq_ignore_ascii_case(name)
            {
                *rest = &rest[name.len()..];
                return i64::try_from(at).ok();
            }
        }
        None
    };
    while let Some(c) = codes.next() {
        if c.is_whitespace() {
            rest = rest.trim_start();
            continue;
        }
        if c != '%' {
            rest = rest.strip_prefix(c)?;
            continue;
        }
        match codes.next()? {
            'Y' => (year, rest) = digits(rest, 4, 4)?,
            'y' => {
                let two;
                (two, rest) = digits(rest, 2, 2)?;
                year = if two < 69 { 2000 + two } else { 1900 + two };
            }
            'm' => (month, rest) = digits(rest, 1, 2)?,
            'd' => (day, rest) = digits(rest, 1, 2)?,
            'H' => (hour, rest) = digits(rest, 1, 2)?,
            'I' => (hour, rest) = digits(rest, 1, 2)?,
            'M' => (minute, rest) = digits(rest, 1, 2)?,
            'S' => (second, rest) = digits(rest, 1, 2)?,
            'j' => {
                let number;
                (number, rest) = digits(rest, 1, 3)?;
                day_of_year = Some(number);
            }
            'f' => {
                let count = rest.bytes().take(6).take_while(u8::is_ascii_digit).count();
                if count == 0 {
                    return None;
                }
                let six: String = rest[..count]
                    .chars()
                    .chain("000000".chars())
                    .take(6)
                    .collect();
                microsecond = six.parse().ok()?;
                rest = &rest[count..];
            }
            'p' => {
                let head = rest.get(..2)?;
                afternoon = Some(if head.eq_ignore_ascii_case("pm") {
                    true
                } else if head.eq_ignore_ascii_case("am") {
                    false
                } else {
                    return None;
                });
                rest = &rest[2..];
            }
            'B' => month = name(&mut rest, &MONTHS, false)? + 1,
            'b' => month = name(&mut rest, &MONTHS, true)? + 1,
            'A' => {
                name(&mut rest, &DAYS, false)?;
            }
            'a' => {
                name(&mut rest, &DAYS, true)?;
            }
            'z' => {
                let end = rest
                    .find(|c: char| !(c.is_ascii_digit() || matches!(c, '+' | '-' | ':' | 'Z')))
                    .unwrap_or(rest.len());
                offset = parse_iso_time(&format!("00{}", &rest[..end]))?.1;
                offset?;
                rest = &rest[end..];
            }
            'Z' => {
                rest = rest
                    .strip_prefix("UTC")
                    .or_else(|| rest.strip_prefix("GMT"))?
            }
            '%' => rest = rest.strip_prefix('%')?,
            _ => return None,
        }
    }
    if !rest.is_empty() {
        return None;
    }
    match afternoon {
        Some(true) if hour < 12 => hour += 12,
        Some(false) if hour == 12 => hour = 0,
        _ => {}
    }
    let mut date = calendar::Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()?;
    if let Some(number) = day_of_year {
        date = calendar::Date::from_days(date.first_of_year().days() + number - 1).ok()?;
    }
    let time = calendar::Time::new(
        i8::try_from(hour).ok()?,
        i8::try_from(minute).ok()?,
        i8::try_from(second).ok()?,
        i32::try_from(microsecond * 1000_i64).ok()?,
    )
    .ok()?;
    Some((date.to_datetime(time), offset))
}
