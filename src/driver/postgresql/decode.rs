//! The server's texts as the values that psycopg gives.

use std::rc::Rc;

use ground::calendar::{Date, DateTime, Time};

use super::PostgresDriver;
use crate::{DriverObject, Value};

/// The types that have a value of their own, by their numbers in `pg_type`.
pub(super) mod oid {
    pub(in super::super) const BOOL: u32 = 16;
    pub(in super::super) const BYTEA: u32 = 17;
    pub(in super::super) const INT8: u32 = 20;
    pub(in super::super) const INT2: u32 = 21;
    pub(in super::super) const INT4: u32 = 23;
    pub(in super::super) const TEXT: u32 = 25;
    pub(in super::super) const OID: u32 = 26;
    pub(in super::super) const JSON: u32 = 114;
    pub(in super::super) const CIDR: u32 = 650;
    pub(in super::super) const FLOAT4: u32 = 700;
    pub(in super::super) const FLOAT8: u32 = 701;
    pub(in super::super) const INET: u32 = 869;
    pub(in super::super) const DATE: u32 = 1082;
    pub(in super::super) const TIME: u32 = 1083;
    pub(in super::super) const TIMESTAMP: u32 = 1114;
    pub(in super::super) const TIMESTAMPTZ: u32 = 1184;
    pub(in super::super) const INTERVAL: u32 = 1186;
    pub(in super::super) const TIMETZ: u32 = 1266;
    pub(in super::super) const NUMERIC: u32 = 1700;
    pub(in super::super) const RECORD: u32 = 2249;
    pub(in super::super) const UUID: u32 = 2950;
    pub(in super::super) const JSONB: u32 = 3802;
}

/// The arrays, each with the type of its items.
pub(super) const ARRAYS: &[(u32, u32)] = &[
    (1000, oid::BOOL),
    (1001, oid::BYTEA),
    (1002, 18),
    (1003, 19),
    (1005, oid::INT2),
    (1007, oid::INT4),
    (1009, oid::TEXT),
    (1014, 1042),
    (1015, 1043),
    (1016, oid::INT8),
    (1021, oid::FLOAT4),
    (1022, oid::FLOAT8),
    (1028, oid::OID),
    (1040, 829),
    (1041, oid::INET),
    (651, oid::CIDR),
    (1115, oid::TIMESTAMP),
    (1182, oid::DATE),
    (1183, oid::TIME),
    (1185, oid::TIMESTAMPTZ),
    (1187, oid::INTERVAL),
    (1231, oid::NUMERIC),
    (1270, oid::TIMETZ),
    (1561, 1560),
    (1563, 1562),
    (199, oid::JSON),
    (2951, oid::UUID),
    (3807, oid::JSONB),
];

/// A value of the server's text. A text that is not in the form that its type has by default (another
/// `DateStyle`) stays a text.
pub(super) fn decode(driver: PostgresDriver, kind: u32, text: &str) -> Value {
    value(driver, kind, text).unwrap_or_else(|| Value::Text(text.into()))
}

fn value(driver: PostgresDriver, kind: u32, text: &str) -> Option<Value> {
    Some(match kind {
        oid::BOOL => Value::Boolean(text == "t"),
        oid::INT2 | oid::INT4 | oid::INT8 | oid::OID => Value::Integer(text.parse().ok()?),
        oid::FLOAT4 | oid::FLOAT8 => Value::Real(text.parse().ok()?),
        oid::NUMERIC => Value::Decimal(text.into()),
        oid::BYTEA => Value::Blob(bytes(text)?),
        oid::DATE => Value::Date(date(text)?),
        oid::TIME => Value::Time(time(text)?, None),
        oid::TIMETZ => {
            let (clock, offset) = zone(text)?;
            Value::Time(time(clock)?, Some(offset))
        }
        oid::TIMESTAMP => Value::DateTime(moment(text)?, None),
        oid::TIMESTAMPTZ => {
            let (clock, offset) = zone(text)?;
            Value::DateTime(moment(clock)?, Some(offset))
        }
        oid::INTERVAL => Value::Interval(interval(text)?),
        oid::UUID => Value::Uuid(uuid(text)?),
        // SQLAlchemy has asyncpg leave the document to its own type.
        oid::JSON | oid::JSONB if driver != PostgresDriver::Asyncpg => Value::Json(text.into()),
        oid::INET | oid::CIDR if driver != PostgresDriver::Psycopg2 => network(kind, text),
        _ => {
            let (_, item) = ARRAYS.iter().find(|(array, _)| *array == kind)?;
            let start = text.find('{')?;
            let mut rest = text[start..].chars().peekable();
            list(driver, *item, &mut rest)?
        }
    })
}

type Rest<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// An array from its opening brace on.
fn list(driver: PostgresDriver, item: u32, rest: &mut Rest<'_>) -> Option<Value> {
    rest.next_if_eq(&'{')?;
    let mut items = Vec::new();
    loop {
        match *rest.peek()? {
            '}' => {
                rest.next();
                break;
            }
            ',' => {
                rest.next();
            }
            '{' => items.push(list(driver, item, rest)?),
            '"' => {
                let text = quoted(rest)?;
                items.push(decode(driver, item, &text));
            }
            _ => {
                let mut text = String::new();
                while let Some(character) =
                    rest.next_if(|character| !matches!(character, ',' | '}'))
                {
                    text.push(character);
                }
                items.push(match text.as_str() {
                    "NULL" => Value::Null,
                    text => decode(driver, item, text),
                });
            }
        }
    }
    Some(Value::List(items.into()))
}

/// A text in quotes, with `\` before what is meant literally.
fn quoted(rest: &mut Rest<'_>) -> Option<String> {
    rest.next_if_eq(&'"')?;
    let mut text = String::new();
    loop {
        match rest.next()? {
            '"' => return Some(text),
            '\\' => text.push(rest.next()?),
            other => text.push(other),
        }
    }
}

fn bytes(text: &str) -> Option<Rc<[u8]>> {
    let digits = text.strip_prefix("\\x")?.as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some((digit(*high)? * 16 + digit(*low)?) as u8),
            _ => None,
        })
        .collect()
}

fn date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn time(text: &str) -> Option<Time> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = clock.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next()?);
    Time::new(
        hour.parse().ok()?,
        minute.parse().ok()?,
        second.parse().ok()?,
        (fraction_of_second(fraction)? * 1000) as i32,
    )
    .ok()
}

/// Microseconds, of up to six digits after the point.
fn fraction_of_second(digits: &str) -> Option<i64> {
    if digits.is_empty() {
        return Some(0);
    }
    format!("{digits:0<6}").get(..6)?.parse().ok()
}

fn moment(text: &str) -> Option<DateTime> {
    let (day, clock) = text.split_once(' ')?;
    Some(date(day)?.to_datetime(time(clock)?))
}

/// A text that ends with an offset from UTC, in seconds.
fn zone(text: &str) -> Option<(&str, i32)> {
    let place = text.rfind(['+', '-'])?;
    let (clock, offset) = text.split_at(place);
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let mut seconds = 0;
    let mut unit = 3600;
    for part in offset[1..].split(':') {
        seconds += part.parse::<i32>().ok()? * unit;
        unit /= 60;
    }
    Some((clock, sign * seconds))
}

/// An interval in the server's default style: `1 year 2 mons -3 days +04:05:06.7`. A month is 30 days
/// and a year 365, as in psycopg.
fn interval(text: &str) -> Option<i64> {
    const SECOND: i64 = 1_000_000;
    const DAY: i64 = 86_400 * SECOND;
    let mut total: i64 = 0;
    let mut words = text.split(' ');
    while let Some(word) = words.next() {
        let part = if word.contains(':') {
            let clock = word.trim_start_matches(['+', '-']);
            let (whole, fraction) = clock.split_once('.').unwrap_or((clock, ""));
            let mut parts = whole.split(':').map(str::parse::<i64>);
            let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
            let seconds = hours.ok()? * 3600 + minutes.ok()? * 60 + seconds.ok()?;
            let part = seconds * SECOND + fraction_of_second(fraction)?;
            if word.starts_with('-') { -part } else { part }
        } else {
            let count: i64 = word.parse().ok()?;
            let unit = match words.next()?.trim_end_matches('s') {
                "year" => 365 * DAY,
                "mon" => 30 * DAY,
                "day" => DAY,
                _ => return None,
            };
            count.checked_mul(unit)?
        };
        total = total.checked_add(part)?;
    }
    Some(total)
}

fn uuid(text: &str) -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    let digits: Vec<u32> = text
        .chars()
        .filter(|character| *character != '-')
        .map(|character| character.to_digit(16))
        .collect::<Option<_>>()?;
    if digits.len() != 32 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        *byte = (pair[0] * 16 + pair[1]) as u8;
    }
    Some(bytes)
}

/// An address or a network, as an object of Python's `ipaddress`.
fn network(kind: u32, text: &str) -> Value {
    let six = text.contains(':');
    let class = match (kind == oid::CIDR, text.contains('/'), six) {
        (true, _, false) => "ipaddress.IPv4Network",
        (true, _, true) => "ipaddress.IPv6Network",
        (false, true, false) => "ipaddress.IPv4Interface",
        (false, true, true) => "ipaddress.IPv6Interface",
        (false, false, false) => "ipaddress.IPv4Address",
        (false, false, true) => "ipaddress.IPv6Address",
    };
    let name = class.rsplit('.').next().unwrap_or(class);
    Value::Object(DriverObject {
        class,
        text: text.into(),
        repr: format!("{name}('{text}')").into(),
    })
}
