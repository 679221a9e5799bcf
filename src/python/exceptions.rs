//! Exceptions as Python values, and as [`Error`]s propagating through Rust.

use ground::exception;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::interpreter::Interpreter;
use super::parse::ParseFailure;
use super::value::{Class, ExceptionState, Instance, Value};
use ground::diagnostic::{Error, Frame, Location, Result, Span};
use ground::host::HostError;

/// Sets the attributes of an exception value created from a Rust [`Error`].
pub type Filler = fn(&mut Interpreter, &Error, &Value) -> Result<()>;

pub(crate) fn raised_value(error: &Error) -> Option<Value> {
    error
        .raised
        .as_ref()
        .and_then(|raised| raised.downcast_ref::<Value>().cloned())
}

fn state_of(value: &Value) -> Option<Rc<ExceptionState>> {
    value.downcast::<ExceptionState>()
}

impl ExceptionState {
    pub(crate) fn new(arguments: Vec<Value>) -> ExceptionState {
        ExceptionState {
            arguments: RefCell::new(Rc::from(arguments)),
            cause: RefCell::new(None),
            context: RefCell::new(None),
            suppress_context: Cell::new(false),
            error: RefCell::new(None),
            traceback: RefCell::new(Vec::new()),
        }
    }
}

impl Interpreter {
    /// Creates an instance of an exception class without running `__init__`.
    pub(crate) fn make_exception(&mut self, class: &Class, arguments: Vec<Value>) -> Value {
        Instance::with_native(class, Rc::new(ExceptionState::new(arguments)))
    }

    /// The error raised by `raise class(*arguments)`.
    pub fn new_exception(&mut self, class: &Class, arguments: Vec<Value>) -> Error {
        let value = self.make_exception(class, arguments);
        self.raise(&value)
    }

    /// The error raised by `raise exception`, for an exception instance or class.
    pub fn raise(&mut self, exception: &Value) -> Error {
        match self.raise_from(exception, None) {
            Ok(error) | Err(error) => error,
        }
    }

    pub(crate) fn raise_from(&mut self, exception: &Value, cause: Option<Value>) -> Result<Error> {
        let value = match exception {
            Value::Class(class) if class.is_subclass(&self.classes.base_exception.clone()) => {
                let class = class.clone();
                self.construct(&class, super::arguments::Arguments::none())?
            }
            other => other.clone(),
        };
        let Some(state) = state_of(&value) else {
            self.require_known(&value, "what is raised")?;
            return Err(self.type_error("exceptions must derive from BaseException"));
        };
        if let Some(cause) = cause {
            let cause = match &cause {
                Value::Class(class) => {
                    let class = class.clone();
                    self.construct(&class, super::arguments::Arguments::none())?
                }
                other => other.clone(),
            };
            state.suppress_context.set(true);
            if cause.is_none() {
                *state.cause.borrow_mut() = None;
            } else if state_of(&cause).is_some() {
                *state.cause.borrow_mut() = Some(cause);
            } else {
                return Err(self.type_error("exception causes must derive from BaseException"));
            }
        }
        Ok(self.raise_again(&value))
    }

    /// The error for re-raising an exception value, with its traceback so far.
    pub(crate) fn raise_again(&mut self, value: &Value) -> Error {
        let class = self.class_of(value);
        let message = match self.str(value) {
            Ok(message) => message,
            Err(_) => "<exception str() failed>".to_owned(),
        };
        let mut error = Error::new(class.dotted_name(), message);
        if let Some(state) = state_of(value) {
            error.traceback = state.traceback.borrow().clone();
            if let Some(old) = &*state.error.borrow() {
                error.database_code = old.database_code;
                error.statement = old.statement.clone();
                error.hint = old.hint.clone();
                error.cause = old.cause.clone();
            }
            let cause = state.cause.borrow().clone();
            if let Some(cause) = cause
                && let Some(cause) = state_of(&cause)
                && let Some(cause_error) = &*cause.error.borrow()
            {
                error.cause = Some(cause_error.clone());
            }
            *state.error.borrow_mut() = Some(error.clone());
        }
        error.raised = Some(Rc::new(value.clone()) as Rc<dyn Any>);
        error
    }

    /// The class of an error; defined on demand if Rust raised an unregistered one.
    pub fn error_class(&mut self, error: &Error) -> Class {
        if let Some(value) = raised_value(error) {
            return self.class_of(&value);
        }
        if let Some(class) = self.registered.get(&*error.class) {
            return class.clone();
        }
        if let Some(class) = self.exception_class(&error.class) {
            return class;
        }
        let (module, name) = error
            .class
            .rsplit_once('.')
            .unwrap_or(("builtins", &error.class));
        let (module, name) = (module.to_owned(), name.to_owned());
        let base = if module == "limbeck" {
            self.classes.base_exception.clone()
        } else {
            self.classes.exception(exception::EXCEPTION)
        };
        self.define_exception(&module, &name, &[base])
    }

    /// The exception class of that dotted name: a registered one, or one that its package
    /// [makes](Interpreter::on_exception_class) now.
    pub fn exception_class(&mut self, dotted_name: &str) -> Option<Class> {
        if let Some(class) = self.registered_class(dotted_name) {
            return Some(class);
        }
        let base = self.exception_base?;
        let parent = base(dotted_name)?;
        let parent = self
            .exception_class(&parent)
            .unwrap_or_else(|| self.classes.exception(exception::EXCEPTION));
        let (module, name) = dotted_name.rsplit_once('.')?;
        Some(self.define_exception(module, name, &[parent]))
    }

    /// Registers what tells the base of an exception class that is made when it is first raised or
    /// named, for packages that have hundreds; both by dotted names.
    pub fn on_exception_class(&mut self, base: fn(&str) -> Option<String>) {
        self.exception_base = Some(base);
    }

    /// Whether `except class` would catch the error.
    pub fn error_matches(&mut self, error: &Error, class: &Class) -> bool {
        let raised = self.error_class(error);
        raised.is_subclass(class)
    }

    /// Registers a function called when an error of this class (or a subclass) raised by Rust
    /// becomes an exception value; it sets attributes such as `orig` and `statement`.
    pub fn on_exception(&mut self, dotted_name: &str, fill: Filler) {
        self.exception_fillers.insert(dotted_name.to_owned(), fill);
    }

    /// The exception value of an error, as bound by `except ... as e`. Always the same object for
    /// one error.
    pub fn exception_value(&mut self, error: &mut Error) -> Value {
        if let Some(value) = raised_value(error) {
            return value;
        }
        let class = self.error_class(error);
        let arguments = if error.message.is_empty() {
            Vec::new()
        } else if error.class == exception::KEY_ERROR {
            let text = error.message.trim_matches('\'');
            vec![Value::str(text)]
        } else {
            vec![Value::str(&error.message)]
        };
        let value = self.make_exception(&class, arguments);
        if let Some(cause) = &mut error.cause {
            let cause_value = self.exception_value(cause);
            if let Some(state) = state_of(&value) {
                *state.cause.borrow_mut() = Some(cause_value);
                state.suppress_context.set(true);
            }
        }
        if let Some(state) = state_of(&value) {
            *state.error.borrow_mut() = Some(error.clone());
        }
        let filler = class
            .mro()
            .find_map(|class| self.exception_fillers.get(&class.dotted_name()).copied());
        if let Some(fill) = filler {
            // A failure here must not mask the original error.
            let _ = fill(self, error, &value);
        }
        error.raised = Some(Rc::new(value.clone()) as Rc<dyn Any>);
        value
    }

    /// Stores an error's traceback on its exception value.
    pub(crate) fn keep_traceback(&mut self, value: &Value, error: &Error) {
        if let Some(state) = state_of(value) {
            *state.traceback.borrow_mut() = error.traceback.clone();
            let mut plain = error.clone();
            // Avoid a reference cycle through the value itself.
            plain.raised = None;
            *state.error.borrow_mut() = Some(plain);
        }
    }

    /// Sets `__context__` of an error raised while another exception was being handled.
    pub(crate) fn set_context(&mut self, error: &mut Error, context: &Value) {
        if Self::is_uncatchable(error) {
            return;
        }
        let value = self.exception_value(error);
        if value.is(context) {
            return;
        }
        if let Some(state) = state_of(&value) {
            let mut slot = state.context.borrow_mut();
            if slot.is_none() {
                *slot = Some(context.clone());
            }
        }
    }

    /// Converts a host error to a Python error.
    pub fn host_error(&mut self, error: &HostError) -> Error {
        let (class, number, text, path) = match error {
            HostError::NotFound(path) => (
                exception::FILE_NOT_FOUND_ERROR,
                2,
                "No such file or directory",
                path,
            ),
            HostError::Exists(path) => (exception::FILE_EXISTS_ERROR, 17, "File exists", path),
            HostError::IsADirectory(path) => {
                (exception::IS_A_DIRECTORY_ERROR, 21, "Is a directory", path)
            }
            HostError::NotADirectory(path) => (
                exception::NOT_A_DIRECTORY_ERROR,
                20,
                "Not a directory",
                path,
            ),
            HostError::Other(message) => {
                let class = self.classes.exception(exception::OS_ERROR);
                return self.new_exception(&class, vec![Value::str(message)]);
            }
        };
        let class = self.classes.exception(class);
        self.new_exception(
            &class,
            vec![Value::Int(number), Value::str(text), Value::str(path)],
        )
    }

    pub(crate) fn syntax_error(&mut self, path: &str, file: u32, failure: ParseFailure) -> Error {
        let span = Span {
            file,
            start: failure.extent.start,
            end: failure.extent.end,
        };
        let location = self.sources.location(span).unwrap_or(Location {
            path: Rc::from(path),
            line: 1,
            column: 1,
            end_line: 1,
            end_column: 1,
        });
        let text = self
            .sources
            .file(file)
            .map(|file| file.line(location.line).to_owned())
            .unwrap_or_default();
        if failure.class.starts_with("limbeck.") {
            let mut error = Error::new(failure.class, failure.message);
            let frame = self.sources.frame(span, location, Rc::from("<module>"));
            error.traceback.push(frame);
            return error;
        }
        let class = self.classes.exception(failure.class);
        let end_column = if location.end_line == location.line {
            location.end_column
        } else {
            u32::try_from(text.chars().count() + 1).unwrap_or(u32::MAX)
        };
        let details = Value::tuple(vec![
            Value::str(path),
            Value::Int(i64::from(location.line)),
            Value::Int(i64::from(location.column)),
            Value::from(format!("{text}\n")),
            Value::Int(i64::from(location.end_line)),
            Value::Int(i64::from(end_column)),
        ]);
        let value = self.make_exception(&class, vec![Value::str(&failure.message), details]);
        if let Value::Instance(instance) = &value {
            let attributes = &instance.attributes;
            attributes.set_str("msg", Value::str(&failure.message));
            attributes.set_str("filename", Value::str(path));
            attributes.set_str("lineno", Value::Int(i64::from(location.line)));
            attributes.set_str("offset", Value::Int(i64::from(location.column)));
            attributes.set_str("text", Value::from(format!("{text}\n")));
            attributes.set_str("end_lineno", Value::Int(i64::from(location.end_line)));
            attributes.set_str("end_offset", Value::Int(i64::from(end_column)));
        }
        self.raise(&value)
    }

    /// `str()` of an exception as its built-in class defines it, ignoring `__str__` of Python
    /// subclasses.
    pub(crate) fn exception_text(&mut self, value: &Value) -> Result<String> {
        let Some(state) = state_of(value) else {
            return Ok(String::new());
        };
        let arguments = state.arguments.borrow().clone();
        let class = self.class_of(value);
        let os_error = self.classes.exception(exception::OS_ERROR);
        let key_error = self.classes.exception(exception::KEY_ERROR);
        let syntax_error = self.classes.exception(exception::SYNTAX_ERROR);
        if class.is_subclass(&os_error) && arguments.len() >= 2 {
            let number = self.str(&arguments[0])?;
            let text = self.str(&arguments[1])?;
            return Ok(match arguments.get(2) {
                Some(path) if !path.is_none() => {
                    let path = self.repr(path)?;
                    format!("[Errno {number}] {text}: {path}")
                }
                _ => format!("[Errno {number}] {text}"),
            });
        }
        if class.is_subclass(&syntax_error)
            && let Value::Instance(instance) = value
            && let Some(message) = instance.attributes.get_str("msg")
        {
            let message = self.str(&message)?;
            let file = instance
                .attributes
                .get_str("filename")
                .and_then(|name| name.as_text());
            let line = instance
                .attributes
                .get_str("lineno")
                .and_then(|line| line.as_int());
            return Ok(match (file, line) {
                (Some(file), Some(line)) => {
                    let name = file.rsplit('/').next().unwrap_or(&file);
                    format!("{message} ({name}, line {line})")
                }
                _ => message,
            });
        }
        if class.is_subclass(&key_error) && arguments.len() == 1 {
            return self.repr(&arguments[0]);
        }
        match &arguments[..] {
            [] => Ok(String::new()),
            [one] => self.str(one),
            _ => self.repr(&Value::Tuple(arguments.clone())),
        }
    }
}

/// The traceback that Python prints for an uncaught error: first its causes, then its own. Ends
/// with a newline.
pub fn format_traceback(error: &Error) -> String {
    let mut text = String::new();
    format_chain(error, &mut text, 0);
    text
}

fn format_chain(error: &Error, text: &mut String, depth: usize) {
    if depth < 30 {
        let state = raised_value(error).as_ref().and_then(state_of);
        match state {
            Some(state) => {
                let cause = state.cause.borrow().clone();
                let context = state.context.borrow().clone();
                if let Some(cause) = cause {
                    format_value(&cause, text, depth + 1);
                    text.push_str(
                        "\nThe above exception was the direct cause of the following exception:\n\n",
                    );
                } else if let Some(context) = context
                    && !state.suppress_context.get()
                {
                    format_value(&context, text, depth + 1);
                    text.push_str(
                        "\nDuring handling of the above exception, another exception occurred:\n\n",
                    );
                }
            }
            None => {
                if let Some(cause) = &error.cause {
                    format_chain(cause, text, depth + 1);
                    text.push_str(
                        "\nThe above exception was the direct cause of the following exception:\n\n",
                    );
                }
            }
        }
    }
    format_one(error, text);
}

fn format_value(value: &Value, text: &mut String, depth: usize) {
    let Some(state) = state_of(value) else {
        return;
    };
    let error = state.error.borrow().clone();
    let mut error = error.unwrap_or_else(|| {
        let class = match value {
            Value::Instance(instance) => instance.class().dotted_name(),
            _ => exception::EXCEPTION.to_owned(),
        };
        let message = match state.arguments.borrow().first() {
            Some(Value::Str(text)) => text.to_string(),
            _ => String::new(),
        };
        Error::new(class, message)
    });
    if error.traceback.is_empty() {
        error.traceback = state.traceback.borrow().clone();
    }
    error.raised = Some(Rc::new(value.clone()) as Rc<dyn Any>);
    format_chain(&error, text, depth);
}

fn format_one(error: &Error, text: &mut String) {
    // Print the header even if there are no user frames: in CPython every error passes through
    // frames of the library, which do not exist here.
    text.push_str("Traceback (most recent call last):\n");
    format_frames(&error.traceback, text);
    if let Some(Value::Instance(instance)) = raised_value(error) {
        let attributes = &instance.attributes;
        if let (Some(file), Some(line), Some(source)) = (
            attributes
                .get_str("filename")
                .and_then(|file| file.as_text()),
            attributes.get_str("lineno").and_then(|line| line.as_int()),
            attributes.get_str("text").and_then(|text| text.as_text()),
        ) && error.class.ends_with("Error")
            && attributes.contains_str("msg")
        {
            text.push_str(&format!("  File \"{file}\", line {line}\n"));
            let stripped = source.trim_end().trim_start();
            if !stripped.is_empty() {
                text.push_str(&format!("    {stripped}\n"));
                let cut = source.chars().count() - source.trim_start().chars().count();
                let number = |name: &str| {
                    attributes
                        .get_str(name)
                        .and_then(|value| value.as_int())
                        .and_then(|value| usize::try_from(value).ok())
                        .unwrap_or(1)
                };
                let start = number("offset").saturating_sub(1).saturating_sub(cut);
                let end = number("end_offset")
                    .saturating_sub(1)
                    .saturating_sub(cut)
                    .max(start + 1);
                text.push_str(&format!(
                    "    {}{}\n",
                    " ".repeat(start),
                    "^".repeat(end - start)
                ));
            }
            let message = attributes
                .get_str("msg")
                .and_then(|message| message.as_text())
                .unwrap_or_default();
            text.push_str(&format!("{}: {message}\n", error.class));
            return;
        }
    }
    let class = error
        .class
        .strip_prefix("__main__.")
        .unwrap_or(&error.class);
    if error.message.is_empty() {
        text.push_str(&format!("{class}\n"));
    } else {
        text.push_str(&format!("{class}: {}\n", error.message));
    }
}

fn format_frames(frames: &[Frame], text: &mut String) {
    let mut index = 0;
    while index < frames.len() {
        let frame = &frames[index];
        let mut same = 1;
        while frames.get(index + same).is_some_and(|other| {
            other.location.path == frame.location.path
                && other.location.line == frame.location.line
                && other.function == frame.function
        }) {
            same += 1;
        }
        for frame in &frames[index..index + same.min(3)] {
            format_frame(frame, text);
        }
        if same > 3 {
            let more = same - 3;
            let plural = if more > 1 { "s" } else { "" };
            text.push_str(&format!(
                "  [Previous line repeated {more} more time{plural}]\n"
            ));
        }
        index += same;
    }
}

fn format_frame(frame: &Frame, text: &mut String) {
    let location = &frame.location;
    text.push_str(&format!(
        "  File \"{}\", line {}, in {}\n",
        location.path, location.line, frame.function
    ));
    if frame.source_line.is_empty() {
        return;
    }
    text.push_str(&format!("    {}\n", frame.source_line));
    if let Some(markers) = super::markers::markers(frame) {
        text.push_str(&format!("    {markers}\n"));
    }
}
