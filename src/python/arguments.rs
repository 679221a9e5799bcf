//! Call arguments, and binding them to parameters with CPython's error messages.

use ground::exception;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use super::value::Value;
use ground::diagnostic::{Error, Result};

/// The arguments of a call.
#[derive(Clone, Default, Debug)]
pub struct Arguments {
    /// Positional arguments.
    pub positional: Vec<Value>,
    /// Keyword arguments, in the order in which they were written.
    pub keyword: Vec<(Rc<str>, Value)>,
}

impl Arguments {
    /// An empty argument list.
    pub fn none() -> Arguments {
        Arguments::default()
    }

    /// Positional arguments only.
    pub fn positional(positional: Vec<Value>) -> Arguments {
        Arguments {
            positional,
            keyword: Vec::new(),
        }
    }

    /// Appends a keyword argument.
    pub fn with_keyword(mut self, name: &str, value: Value) -> Arguments {
        self.keyword.push((Rc::from(name), value));
        self
    }

    /// Prepends a positional argument, such as the `self` of a method call.
    pub fn with_first(mut self, first: Value) -> Arguments {
        self.positional.insert(0, first);
        self
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.positional.is_empty() && self.keyword.is_empty()
    }

    /// Takes the first positional argument: the object of a method.
    pub fn take_first(&mut self) -> Option<Value> {
        if self.positional.is_empty() {
            None
        } else {
            Some(self.positional.remove(0))
        }
    }

    /// Removes the keyword argument `name` and returns its value.
    pub fn take_keyword(&mut self, name: &str) -> Option<Value> {
        let index = self.keyword.iter().position(|(key, _)| &**key == name)?;
        Some(self.keyword.remove(index).1)
    }

    /// Looks up a keyword argument by name.
    pub fn keyword_value(&self, name: &str) -> Option<&Value> {
        self.keyword
            .iter()
            .find(|(key, _)| &**key == name)
            .map(|(_, value)| value)
    }

    /// Binds the arguments to `parameters`; a mismatch raises CPython's TypeError.
    pub fn bind(self, parameters: &Parameters) -> Result<Bound<'_>> {
        parameters.bind(self)
    }

    /// Returns exactly `N` positional arguments; any other count, or a keyword argument, raises
    /// CPython's TypeError. For built-in functions that CPython implements in C.
    pub fn exactly<const N: usize>(self, function: &str) -> Result<[Value; N]> {
        self.no_keywords(function)?;
        let given = self.positional.len();
        <[Value; N]>::try_from(self.positional).map_err(|_| {
            Error::new(
                exception::TYPE_ERROR,
                match N {
                    0 => format!("{function}() takes no arguments ({given} given)"),
                    1 => format!("{function}() takes exactly one argument ({given} given)"),
                    n => format!("{function} expected {n} arguments, got {given}"),
                },
            )
        })
    }

    /// Returns the positional arguments, of which there must be at least the minimum and at most
    /// the maximum, without keywords; omitted ones are Rust's `None`.
    pub fn between<const N: usize>(
        self,
        function: &str,
        least: usize,
    ) -> Result<[Option<Value>; N]> {
        self.no_keywords(function)?;
        let given = self.positional.len();
        if given < least {
            let plural = if least == 1 { "" } else { "s" };
            return Err(Error::new(
                exception::TYPE_ERROR,
                format!("{function} expected at least {least} argument{plural}, got {given}"),
            ));
        }
        if given > N {
            let plural = if N == 1 { "" } else { "s" };
            return Err(Error::new(
                exception::TYPE_ERROR,
                format!("{function} expected at most {N} argument{plural}, got {given}"),
            ));
        }
        let mut values = self.positional.into_iter();
        Ok(std::array::from_fn(|_| values.next()))
    }

    /// Raises CPython's TypeError if there are keyword arguments.
    pub fn no_keywords(&self, function: &str) -> Result<()> {
        if self.keyword.is_empty() {
            Ok(())
        } else {
            Err(Error::new(
                exception::TYPE_ERROR,
                format!("{function}() takes no keyword arguments"),
            ))
        }
    }
}

/// The parameters of a native function, declared in Python's syntax.
///
/// ```
/// use python::Parameters;
/// let parameters = Parameters::new("create_table", "table_name, *columns, schema=None, **kw");
/// ```
#[derive(Clone, Debug)]
pub struct Parameters {
    function: String,
    names: Vec<Name>,
    positional_only: usize,
    positional: usize,
    rest: bool,
    extra: bool,
}

#[derive(Clone, Debug)]
struct Name {
    // `Arc`, since a parameter table may be a `static`.
    name: Arc<str>,
    /// The text of its default; absent where it must be passed.
    default: Option<Arc<str>>,
}

impl Name {
    fn required(&self) -> bool {
        self.default.is_none()
    }

    /// Whether passing this value says no more than passing nothing: the default itself, or a false
    /// value where the default is no true one.
    fn says_nothing(&self, value: &Value) -> bool {
        match (value, self.default.as_deref().unwrap_or("None")) {
            (Value::None, _) => true,
            (Value::Bool(false), default) => default != "True",
            (Value::Bool(true), default) => default == "True",
            (Value::Int(number), default) => number.to_string() == default,
            (value, default) => value.as_text().is_some_and(|text| {
                let bare = default.trim_matches(['\'', '"']);
                bare.len() + 2 == default.len() && *text == *bare
            }),
        }
    }
}

/// The result of [`Arguments::bind`]: values by parameter.
#[derive(Debug)]
pub struct Bound<'a> {
    parameters: &'a Parameters,
    values: Vec<Option<Value>>,
    /// Where the next lookup by name starts: functions ask for most parameters in declaration
    /// order.
    next: Cell<usize>,
    /// Which parameters the function asked for, a bit each.
    asked: Cell<u64>,
    /// The positional arguments collected by `*args`.
    pub rest: Vec<Value>,
    /// The keyword arguments collected by `**kwargs`.
    pub extra: Vec<(Rc<str>, Value)>,
}

/// A static [`Parameters`]: `parameters!("create_table", "table_name, *columns, **kw")`.
#[macro_export]
macro_rules! parameters {
    ($function:expr, $list:expr) => {{
        static PARAMETERS: std::sync::LazyLock<$crate::Parameters> =
            std::sync::LazyLock::new(|| $crate::Parameters::new($function, $list));
        &*PARAMETERS
    }};
}

impl Parameters {
    /// Parses a parameter list: names separated by commas, `=` (anything) for optional ones, and
    /// `/`, `*`, `*rest`, `**extra` as in Python. Default values are not evaluated: an omitted
    /// parameter is left unbound.
    pub fn new(function: &str, list: &str) -> Parameters {
        let mut parameters = Parameters {
            function: function.to_owned(),
            names: Vec::new(),
            positional_only: 0,
            positional: 0,
            rest: false,
            extra: false,
        };
        let mut keyword_only = false;
        for part in split_parameters(list) {
            let part = part.trim();
            if part.is_empty() {
            } else if part == "/" {
                parameters.positional_only = parameters.names.len();
            } else if part.starts_with("**") {
                parameters.extra = true;
            } else if let Some(rest) = part.strip_prefix('*') {
                keyword_only = true;
                parameters.rest = !rest.is_empty();
            } else {
                let (name, default) = match part.split_once('=') {
                    Some((name, default)) => (name.trim(), Some(Arc::from(default.trim()))),
                    None => (part, None),
                };
                parameters.names.push(Name {
                    name: Arc::from(name),
                    default,
                });
                if !keyword_only {
                    parameters.positional += 1;
                }
            }
        }
        parameters
    }

    /// The parameters of a function of a module, which CPython's C functions name in their errors.
    pub(crate) fn of_module(mut self, module: &str) -> Parameters {
        if self.takes_no_keywords() && !module.is_empty() && module != "builtins" {
            self.function = format!("{module}.{}", self.function);
        }
        self
    }

    /// The names of the named parameters, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &*name.name)
    }

    fn type_error(&self, message: String) -> Error {
        Error::new(
            exception::TYPE_ERROR,
            format!("{}() {message}", self.function),
        )
    }

    /// Whether no parameter can be passed by name, as in most functions that CPython implements in
    /// C: the list ends with `/`, or with `*rest` after it.
    fn takes_no_keywords(&self) -> bool {
        self.positional_only > 0 && self.positional_only == self.names.len() && !self.extra
    }

    /// Raises the TypeError of a function that CPython implements in C, which counts the arguments
    /// without `self`.
    fn check_positional(&self, arguments: &Arguments) -> Result<()> {
        let receiver = usize::from(matches!(&*self.names[0].name, "self" | "cls"));
        let required = self.names.iter().filter(|name| name.required()).count();
        let (least, most) = (
            required.saturating_sub(receiver),
            self.names.len() - receiver,
        );
        let given = arguments.positional.len().saturating_sub(receiver);
        if !arguments.keyword.is_empty() {
            return Err(self.type_error("takes no keyword arguments".to_owned()));
        }
        if given >= least && (given <= most || self.rest) {
            return Ok(());
        }
        match (least, most) {
            (_, 0) => Err(self.type_error(format!("takes no arguments ({given} given)"))),
            (1, 1) => Err(self.type_error(format!("takes exactly one argument ({given} given)"))),
            _ => {
                let function = self.function.rsplit('.').next().unwrap_or_default();
                let (bound, count) = match (least == most, given < least) {
                    (true, _) => ("", most),
                    (false, true) => ("at least ", least),
                    (false, false) => ("at most ", most),
                };
                let plural = if count == 1 { "" } else { "s" };
                Err(Error::new(
                    exception::TYPE_ERROR,
                    format!("{function} expected {bound}{count} argument{plural}, got {given}"),
                ))
            }
        }
    }

    /// Binds the arguments; a mismatch raises CPython's TypeError.
    pub fn bind(&self, arguments: Arguments) -> Result<Bound<'_>> {
        if self.takes_no_keywords() {
            self.check_positional(&arguments)?;
        }
        let given = arguments.positional.len();
        let mut values: Vec<Option<Value>> = vec![None; self.names.len()];
        let mut rest = Vec::new();
        for (index, value) in arguments.positional.into_iter().enumerate() {
            if index < self.positional {
                values[index] = Some(value);
            } else {
                rest.push(value);
            }
        }
        let mut extra = Vec::new();
        let mut unexpected = None;
        for (name, value) in arguments.keyword {
            let index = self.names[self.positional_only..]
                .iter()
                .position(|candidate| *candidate.name == *name)
                .map(|index| index + self.positional_only);
            match index {
                Some(index) if values[index].is_some() => {
                    return Err(
                        self.type_error(format!("got multiple values for argument '{name}'"))
                    );
                }
                Some(index) => values[index] = Some(value),
                None if self.extra => {
                    if extra.iter().any(|(key, _): &(Rc<str>, Value)| *key == name) {
                        return Err(self.type_error(format!(
                            "got multiple values for keyword argument '{name}'"
                        )));
                    }
                    extra.push((name, value));
                }
                None => {
                    unexpected.get_or_insert(name);
                }
            }
        }
        if let Some(name) = unexpected {
            return Err(self.type_error(format!("got an unexpected keyword argument '{name}'")));
        }
        if !self.rest && !rest.is_empty() {
            let required = self.names[..self.positional]
                .iter()
                .filter(|name| name.required())
                .count();
            let keyword_only_given = values[self.positional..]
                .iter()
                .filter(|value| value.is_some())
                .count();
            return Err(self.type_error(too_many_positional(
                self.positional,
                self.positional - required,
                given,
                keyword_only_given,
            )));
        }
        for (kind, range) in [
            ("positional", 0..self.positional),
            ("keyword-only", self.positional..self.names.len()),
        ] {
            let missing: Vec<&str> = range
                .filter(|&index| self.names[index].required() && values[index].is_none())
                .map(|index| &*self.names[index].name)
                .collect();
            if !missing.is_empty() {
                return Err(self.type_error(missing_arguments(kind, &missing)));
            }
        }
        Ok(Bound {
            parameters: self,
            values,
            next: Cell::new(0),
            asked: Cell::new(0),
            rest,
            extra,
        })
    }
}

/// Splits a parameter list at its commas, except those inside quotes and brackets, which belong to
/// a default.
fn split_parameters(list: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut begin, mut depth, mut quoted) = (0, 0, false);
    for (index, byte) in list.bytes().enumerate() {
        match byte {
            b'\'' => quoted = !quoted,
            b'(' | b'[' | b'{' if !quoted => depth += 1,
            b')' | b']' | b'}' if !quoted => depth -= 1,
            b',' if !quoted && depth == 0 => {
                parts.push(&list[begin..index]);
                begin = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&list[begin..]);
    parts
}

/// `takes from 1 to 2 positional arguments but 3 were given`.
pub(crate) fn too_many_positional(
    positional: usize,
    optional: usize,
    given: usize,
    keyword_only_given: usize,
) -> String {
    let takes = if optional > 0 {
        format!("from {} to {positional}", positional - optional)
    } else {
        positional.to_string()
    };
    let plural = if optional > 0 || positional != 1 {
        "s"
    } else {
        ""
    };
    let were = if given == 1 && keyword_only_given == 0 {
        "was"
    } else {
        "were"
    };
    if keyword_only_given > 0 {
        format!(
            "takes {takes} positional argument{plural} but {given} positional argument{} (and \
             {keyword_only_given} keyword-only argument{}) were given",
            if given == 1 { "" } else { "s" },
            if keyword_only_given == 1 { "" } else { "s" },
        )
    } else {
        format!("takes {takes} positional argument{plural} but {given} {were} given")
    }
}

/// `missing 2 required positional arguments: 'a' and 'b'`.
pub(crate) fn missing_arguments(kind: &str, names: &[&str]) -> String {
    let count = names.len();
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    let list = match &quoted[..] {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [first @ .., last] => format!("{}, and {last}", first.join(", ")),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("missing {count} required {kind} argument{plural}: {list}")
}

impl Bound<'_> {
    /// The object a method was called on: its first parameter.
    pub fn this(&self) -> &Value {
        self.get(0).unwrap_or(&Value::None)
    }

    /// The value of the parameter at `index`, if it was passed.
    pub fn get(&self, index: usize) -> Option<&Value> {
        self.hear(index);
        self.values.get(index).and_then(Option::as_ref)
    }

    /// The value of the parameter `name`, if it was passed.
    pub fn named(&self, name: &str) -> Option<&Value> {
        self.get(self.index(name)?)
    }

    /// The arguments that were passed and not taken yet, by parameter name; `*args` and `**kwargs`
    /// excluded.
    pub fn given(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.asked.set(u64::MAX);
        let names = self.parameters.names();
        names
            .zip(&self.values)
            .filter_map(|(name, value)| Some((name, value.as_ref()?)))
    }

    /// Takes all remaining arguments by name, those collected by `**kwargs` last.
    pub fn take_keywords(&mut self) -> Vec<(Rc<str>, Value)> {
        let names = self.parameters.names();
        let mut keywords: Vec<(Rc<str>, Value)> = names
            .zip(&mut self.values)
            .filter_map(|(name, value)| Some((Rc::from(name), value.take()?)))
            .collect();
        keywords.append(&mut self.extra);
        keywords
    }

    /// Takes the value of the parameter `name`, if it was passed.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        let index = self.index(name)?;
        self.values.get_mut(index).and_then(Option::take)
    }

    /// Takes the value of the parameter `name`; Rust's `None` if it was omitted or passed as
    /// Python's `None`.
    pub fn take_some(&mut self, name: &str) -> Option<Value> {
        self.take(name).filter(|value| !value.is_none())
    }

    /// Takes the value of the parameter `name`, or Python's `None` if it was omitted.
    pub fn value(&mut self, name: &str) -> Value {
        self.take(name).unwrap_or(Value::None)
    }

    /// Takes the value of the parameter `name`: whether `True` was passed.
    pub fn flag(&mut self, name: &str) -> bool {
        self.take(name).and_then(|value| value.as_bool()) == Some(true)
    }

    /// Refuses arguments that the reference acts on and this function does not, unless they are
    /// false.
    ///
    /// # Errors
    /// `limbeck.Unsupported`, which names the argument.
    pub fn refuse(&self, names: &[&str]) -> Result<()> {
        for name in names {
            if self
                .named(name)
                .is_some_and(|value| !matches!(value, Value::None | Value::Bool(false)))
            {
                return Err(self.unsupported(name));
            }
        }
        Ok(())
    }

    /// Says that arguments have no effect here that anybody could see, though the function takes them.
    pub fn ignore(&self, names: &[&str]) {
        for name in names {
            self.index(name);
        }
    }

    /// Refuses an optional argument that was passed and that the function never asked for: the
    /// reference would act on it. (What every call must pass and no call looks at is ignored by
    /// design, as the type of `typing.cast`.)
    ///
    /// # Errors
    /// `limbeck.Unsupported`, which names the argument.
    pub(crate) fn all_heard(&self) -> Result<()> {
        let asked = self.asked.get();
        for (index, value) in self.values.iter().enumerate().skip(1) {
            let (Some(value), Some(name)) = (value, self.parameters.names.get(index)) else {
                continue;
            };
            let unasked = index < 64 && asked & (1 << index) == 0;
            if unasked && !name.required() && !name.says_nothing(value) {
                return Err(self.unsupported(&name.name));
            }
        }
        Ok(())
    }

    fn hear(&self, index: usize) {
        if index < 64 {
            self.asked.set(self.asked.get() | 1 << index);
        }
    }

    fn unsupported(&self, name: &str) -> Error {
        let function = &self.parameters.function;
        Error::unsupported(format!("the argument {name} of {function}()"))
    }

    fn index(&self, name: &str) -> Option<usize> {
        let (before, after) = self.parameters.names.split_at(self.next.get());
        let is_it = |candidate: &Name| &*candidate.name == name;
        let index = match after.iter().position(is_it) {
            Some(index) => before.len() + index,
            None => before.iter().position(is_it)?,
        };
        self.next.set(index + 1);
        self.hear(index);
        Some(index)
    }
}
