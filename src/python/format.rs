//! `format()`, `str.format` and `%` for interpreter values; [`ground::formatting`] formats the
//! built-in types.

use ground::exception;
use std::rc::Rc;

use num_traits::Signed;

use super::arguments::Arguments;
use super::interpreter::Interpreter;
use super::operators::{big, float_as_int};
use super::value::Value;
use ground::diagnostic::{Error, Result};
use ground::formatting::percent::{self, Integer, PercentArgument, PercentArguments};
use ground::formatting::repr::ascii;
use ground::formatting::specification::{Specification, Subject};

/// The right operand of `%`.
struct FormattedValues<'a> {
    vm: &'a mut Interpreter,
    values: &'a Value,
    tuple: Option<Rc<[Value]>>,
    mapping: bool,
    chosen: Value,
}

impl PercentArguments for FormattedValues<'_> {
    fn tuple_length(&self) -> Option<usize> {
        self.tuple.as_ref().map(|items| items.len())
    }

    fn is_mapping(&self) -> bool {
        self.mapping
    }

    fn choose(&mut self, argument: PercentArgument<'_>) -> Result<()> {
        self.chosen = match (argument, &self.tuple) {
            (PercentArgument::Item(index), Some(items)) => items[index].clone(),
            (PercentArgument::Key(key), _) => self.vm.get_item(self.values, &Value::str(key))?,
            (PercentArgument::Whole | PercentArgument::Item(_), _) => self.values.clone(),
        };
        Ok(())
    }

    fn text(&mut self, conversion: char) -> Result<String> {
        match conversion {
            's' => self.vm.str(&self.chosen),
            'r' => self.vm.repr(&self.chosen),
            _ => Ok(ascii(&self.vm.repr(&self.chosen)?)),
        }
    }

    fn integer(&mut self, base: u32) -> Result<Option<Integer>> {
        let number = match self.chosen.plain() {
            Value::Float(number) if base == 10 => Some(float_as_int(*number)?),
            other => big(other),
        };
        Ok(number.map(|number| Integer {
            negative: number.is_negative(),
            digits: number.magnitude().to_str_radix(base),
        }))
    }

    fn float(&mut self) -> Result<Option<f64>> {
        match self.chosen.plain() {
            number @ (Value::Int(_) | Value::BigInt(_) | Value::Bool(_)) => {
                self.vm.int_as_float(number).map(Some)
            }
            _ => Ok(self.chosen.as_float()),
        }
    }

    fn size(&self) -> Option<i64> {
        match self.chosen.plain() {
            Value::BigInt(number) if number.is_negative() => Some(i64::MIN),
            Value::BigInt(_) => Some(i64::MAX),
            other => other.as_int(),
        }
    }

    fn character(&self) -> Option<char> {
        let mut characters = self.chosen.as_str()?.chars();
        characters.next().filter(|_| characters.next().is_none())
    }

    fn class_name(&mut self) -> String {
        self.vm.class_of(&self.chosen).name().to_string()
    }

    fn reserve(&mut self, characters: usize) -> Result<()> {
        self.vm.allocate(characters)
    }
}

impl Interpreter {
    /// `format(object, specification)`.
    pub fn format(&mut self, object: &Value, specification: &str) -> Result<String> {
        if let Value::Native(native) = object {
            let native = native.clone();
            if let Some(text) = native.format(object, self, specification)? {
                return Ok(text);
            }
        }
        if matches!(object, Value::Instance(_) | Value::Native(_)) {
            let class = self.class_of(object);
            if let Some((owner, method)) = class.lookup_with_class("__format__")
                && owner != self.classes.object
            {
                let method = self.bind(&method, object, &class)?;
                let result = self.call(
                    &method,
                    Arguments::positional(vec![Value::str(specification)]),
                )?;
                return match result.as_str() {
                    Some(text) => Ok(text.to_owned()),
                    None => {
                        let name = self.class_of(&result).name();
                        Err(self.type_error(format!("__format__ must return a str, not {name}")))
                    }
                };
            }
            if specification.is_empty() {
                return self.str(object);
            }
            if object.plain().address() == object.address()
                && !matches!(object.plain(), Value::Int(_) | Value::Float(_))
            {
                return Err(self.type_error(format!(
                    "unsupported format string passed to {}.__format__",
                    class.name()
                )));
            }
        }
        if specification.is_empty() {
            return self.str(object);
        }
        let plain = object.plain().clone();
        let class = self.class_of(object).name();
        let subject = match &plain {
            Value::Str(_) => Subject::String,
            Value::Int(_) | Value::Bool(_) | Value::BigInt(_) => Subject::Integer,
            Value::Float(_) => Subject::Float,
            _ => {
                return Err(self.type_error(format!(
                    "unsupported format string passed to {class}.__format__"
                )));
            }
        };
        let spec = Specification::parse(specification, subject, &class)?;
        self.allocate(spec.size())?;
        match &plain {
            Value::Str(text) => spec.string(text, &class),
            Value::Float(number) => spec.float(*number, &class),
            number if spec.wants_float() => spec.float(self.int_as_float(number)?, &class),
            number => {
                let number = big(number).unwrap_or_default();
                let digits = |base| number.magnitude().to_str_radix(base);
                spec.integer(number.is_negative(), &digits, &class)
            }
        }
    }

    fn int_as_float(&self, number: &Value) -> Result<f64> {
        number
            .as_float()
            .filter(|float| float.is_finite())
            .ok_or_else(|| {
                Error::new(
                    exception::OVERFLOW_ERROR,
                    "int too large to convert to float",
                )
            })
    }

    /// `format % values`.
    pub(crate) fn percent_format(&mut self, format: &str, values: &Value) -> Result<String> {
        let tuple = match values.plain() {
            Value::Tuple(items) => Some(items.clone()),
            _ => None,
        };
        let mut arguments = FormattedValues {
            mapping: tuple.is_none() && self.is_mapping(values),
            tuple,
            values,
            chosen: Value::None,
            vm: self,
        };
        percent::format(format, &mut arguments)
    }

    /// Whether a value supports item lookup, as `%(key)s` requires.
    fn is_mapping(&mut self, value: &Value) -> bool {
        match value.plain() {
            Value::Dict(_) | Value::List(_) | Value::Bytes(_) | Value::Range(_) => true,
            Value::Native(_) | Value::Instance(_) => {
                self.class_of(value).lookup("__getitem__").is_some()
            }
            _ => false,
        }
    }

    /// `str.format(*arguments)`.
    pub(crate) fn str_format(&mut self, format: &str, arguments: &Arguments) -> Result<String> {
        let mut automatic = Some(0);
        let chars: Vec<char> = format.chars().collect();
        let text = self.format_fields(&chars, arguments, &mut automatic, 0)?;
        self.allocate(text.len())?;
        Ok(text)
    }

    fn format_fields(
        &mut self,
        chars: &[char],
        arguments: &Arguments,
        automatic: &mut Option<usize>,
        depth: usize,
    ) -> Result<String> {
        if depth > 2 {
            return Err(self.value_error("Max string recursion exceeded"));
        }
        let mut text = String::new();
        let mut at = 0;
        while at < chars.len() {
            let c = chars[at];
            at += 1;
            match c {
                '{' if chars.get(at) == Some(&'{') => {
                    text.push('{');
                    at += 1;
                }
                '}' if chars.get(at) == Some(&'}') => {
                    text.push('}');
                    at += 1;
                }
                '}' => {
                    return Err(self.value_error("Single '}' encountered in format string"));
                }
                '{' => {
                    let start = at;
                    let mut open = 1;
                    let mut brackets = false;
                    while at < chars.len() && open > 0 {
                        match chars[at] {
                            '[' => brackets = true,
                            ']' => brackets = false,
                            '{' if !brackets => open += 1,
                            '}' if !brackets => open -= 1,
                            _ => {}
                        }
                        at += 1;
                    }
                    if open > 0 {
                        return Err(self.value_error(if start >= chars.len() {
                            "Single '{' encountered in format string"
                        } else {
                            "expected '}' before end of string"
                        }));
                    }
                    let field = &chars[start..at - 1];
                    let piece = self.format_field(field, arguments, automatic, depth)?;
                    text.push_str(&piece);
                }
                c => text.push(c),
            }
        }
        Ok(text)
    }

    fn format_field(
        &mut self,
        field: &[char],
        arguments: &Arguments,
        automatic: &mut Option<usize>,
        depth: usize,
    ) -> Result<String> {
        let mut end = 0;
        let mut brackets = false;
        while end < field.len() {
            match field[end] {
                '[' => brackets = true,
                ']' => brackets = false,
                '!' | ':' if !brackets => break,
                _ => {}
            }
            end += 1;
        }
        let name: String = field[..end].iter().collect();
        let mut conversion = None;
        if field.get(end) == Some(&'!') {
            conversion = field.get(end + 1).copied();
            if !matches!(conversion, Some('r' | 's' | 'a')) {
                return Err(self.value_error(match conversion {
                    Some(c) => format!("Unknown conversion specifier {c}"),
                    None => "end of string while looking for conversion specifier".to_owned(),
                }));
            }
            end += 2;
        }
        let first_end = name.find(['.', '[']).unwrap_or(name.len());
        let (first, mut rest) = name.split_at(first_end);
        let mut value = if first.is_empty() {
            let Some(index) = automatic else {
                return Err(self.value_error(
                    "cannot switch from manual field specification to automatic field numbering",
                ));
            };
            let value = arguments.positional.get(*index).cloned();
            let number = *index;
            *index += 1;
            match value {
                Some(value) => value,
                None => {
                    return Err(self.index_error(format!(
                        "Replacement index {number} out of range for positional args tuple"
                    )));
                }
            }
        } else if let Ok(index) = first.parse::<usize>() {
            if automatic.is_some_and(|count| count > 0) {
                return Err(self.value_error(
                    "cannot switch from automatic field numbering to manual field specification",
                ));
            }
            *automatic = None;
            match arguments.positional.get(index) {
                Some(value) => value.clone(),
                None => {
                    return Err(self.index_error(format!(
                        "Replacement index {index} out of range for positional args tuple"
                    )));
                }
            }
        } else {
            match arguments.keyword_value(first) {
                Some(value) => value.clone(),
                None => return Err(self.key_error(&Value::str(first))),
            }
        };
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('.') {
                let end = after.find(['.', '[']).unwrap_or(after.len());
                value = self.get_attribute(&value, &after[..end])?;
                rest = &after[end..];
            } else if let Some(after) = rest.strip_prefix('[') {
                let Some(end) = after.find(']') else {
                    return Err(self.value_error("Missing ']' in format string"));
                };
                let key = match after[..end].parse::<i64>() {
                    Ok(index) => Value::Int(index),
                    Err(_) => Value::Str(Rc::from(&after[..end])),
                };
                value = self.get_item(&value, &key)?;
                rest = &after[end + 1..];
            } else {
                return Err(
                    self.value_error("Only '.' or '[' may follow ']' in format field specifier")
                );
            }
        }
        let value = self.convert(&value, conversion)?;
        // The fields within a specification are counted after their own.
        let specification = if field.get(end) == Some(&':') {
            self.format_fields(&field[end + 1..], arguments, automatic, depth + 1)?
        } else {
            String::new()
        };
        self.format(&value, &specification)
    }
}
