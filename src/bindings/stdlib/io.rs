//! `io`, and file objects.

use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Bound, Class, Declaration, DeclaredMethod as Method, FreeFunction, Interpreter,
    Module, NativeObject, Property, Registry, Value, constructor, function, method, property,
};
use std::rc::Rc;

/// An in-memory text stream, or an opened file.
pub(super) struct TextFile {
    pub(super) path: Option<Rc<str>>,
    pub(super) binary: bool,
    pub(super) writes: bool,
    /// Where what is written goes when nobody holds the file any more.
    host: Option<Rc<dyn ground::host::Host>>,
    pub(super) state: std::cell::RefCell<FileState>,
}

pub(super) struct FileState {
    pub(super) text: Vec<u8>,
    pub(super) position: usize,
    pub(super) closed: bool,
}

impl Drop for TextFile {
    fn drop(&mut self) {
        let state = self.state.get_mut();
        if let (Some(path), Some(host), true, false) =
            (&self.path, &self.host, self.writes, state.closed)
        {
            // As in Python, nobody hears of a failure.
            let _ = host.write(path, &state.text);
        }
    }
}

impl TextFile {
    pub(super) fn value(&self, bytes: &[u8]) -> Value {
        if self.binary {
            Value::bytes(bytes)
        } else {
            Value::str(String::from_utf8_lossy(bytes))
        }
    }

    pub(super) fn next_line(&self) -> Option<Value> {
        let mut state = self.state.borrow_mut();
        if state.position >= state.text.len() {
            return None;
        }
        let rest = &state.text[state.position..];
        let length = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(rest.len(), |at| at + 1);
        let line = self.value(&rest[..length]);
        state.position += length;
        Some(line)
    }

    pub(super) fn save(&self, vm: &mut Interpreter) -> Result<()> {
        if let (Some(path), true) = (&self.path, self.writes) {
            let bytes = self.state.borrow().text.clone();
            let written = vm.run.host.write(path, &bytes);
            written.map_err(|error| vm.host_error(&error))?;
        }
        Ok(())
    }

    fn check_open(&self, vm: &Interpreter) -> Result<()> {
        if self.state.borrow().closed {
            return Err(vm.value_error("I/O operation on closed file."));
        }
        Ok(())
    }

    fn write(&self, vm: &mut Interpreter, text: &Value) -> Result<Value> {
        self.check_open(vm)?;
        if self.path.is_some() && !self.writes {
            return Err(Error::new("io.UnsupportedOperation", "not writable"));
        }
        let bytes = match (text.plain(), text.as_byte_string()) {
            (Value::Str(text), _) if !self.binary => text.as_bytes().to_vec(),
            (_, Some(bytes)) if self.binary => bytes.to_vec(),
            (other, _) => {
                let class = vm.class_of(other).name();
                return Err(vm.type_error(format!("write() argument must be str, not {class}")));
            }
        };
        vm.allocate(bytes.len())?;
        let mut state = self.state.borrow_mut();
        let position = state.position.min(state.text.len());
        let end = (position + bytes.len()).min(state.text.len());
        let length = bytes.len();
        state.text.splice(position..end, bytes);
        state.position = position + length;
        drop(state);
        Ok(vm.length(text)?.into())
    }
}

static IO_BASE: Declaration<TextFile> = Declaration {
    properties: &[property("closed", |_, file| {
        Ok(file.state.borrow().closed.into())
    })],
    methods: &[
        method("read", "self, size=-1, /", |vm, file, bound| {
            file.check_open(vm)?;
            let size = bound.take("size").and_then(|size| size.as_int());
            let mut state = file.state.borrow_mut();
            let rest = state.text.get(state.position..).unwrap_or(&[]).to_vec();
            let size = size
                .and_then(|size| usize::try_from(size).ok())
                .unwrap_or(rest.len())
                .min(rest.len());
            state.position += size;
            Ok(file.value(&rest[..size]))
        }),
        method("readline", "self, size=-1, /", |vm, file, bound| {
            bound.refuse(&["size"])?;
            file.check_open(vm)?;
            Ok(file.next_line().unwrap_or_else(|| file.value(&[])))
        }),
        method("readlines", "self, hint=-1, /", |vm, file, bound| {
            bound.refuse(&["hint"])?;
            file.check_open(vm)?;
            let lines = std::iter::from_fn(|| file.next_line());
            Ok(Value::list(lines.collect()))
        }),
        method("write", "self, text, /", |vm, file, bound| {
            file.write(vm, &bound.value("text"))
        }),
        method("writelines", "self, lines, /", |vm, file, bound| {
            let lines = bound.value("lines");
            for line in vm.collect(&lines)? {
                file.write(vm, &line)?;
            }
            Ok(Value::None)
        }),
        method("seek", "self, pos, whence=0, /", |vm, file, bound| {
            file.check_open(vm)?;
            let offset = bound.value("pos").as_int().unwrap_or(0);
            let mut state = file.state.borrow_mut();
            let from = match bound.take("whence").and_then(|whence| whence.as_int()) {
                Some(1) => state.position,
                Some(2) => state.text.len(),
                _ => 0,
            };
            let position = i64::try_from(from).unwrap_or(0).saturating_add(offset);
            state.position = usize::try_from(position).unwrap_or(0);
            Ok(state.position.into())
        }),
        method("tell", "self, /", |vm, file, _| {
            file.check_open(vm)?;
            Ok(file.state.borrow().position.into())
        }),
        method("flush", "self, /", |vm, file, _| {
            file.check_open(vm)?;
            file.save(vm)?;
            Ok(Value::None)
        }),
        method("close", "self, /", |vm, file, _| {
            file.save(vm)?;
            file.state.borrow_mut().closed = true;
            Ok(Value::None)
        }),
    ],
    ..Declaration::new("_io._IOBase")
};

static TEXT_IO_BASE: Declaration<TextFile> = Declaration {
    bases: &[&IO_BASE],
    ..Declaration::new("_io._TextIOBase")
};

static BUFFERED_IO_BASE: Declaration<TextFile> = Declaration {
    bases: &[&IO_BASE],
    ..Declaration::new("_io._BufferedIOBase")
};

/// What an opened file has.
static FILE_PROPERTIES: [Property<TextFile>; 1] =
    [property("name", |_, file| Ok(file.path.clone().into()))];

/// What a file in memory has.
static MEMORY_METHODS: [Method<TextFile>; 1] = [method("getvalue", "self, /", |vm, file, _| {
    file.check_open(vm)?;
    Ok(file.value(&file.state.borrow().text))
})];

static TEXT_IO_WRAPPER: Declaration<TextFile> = Declaration {
    bases: &[&TEXT_IO_BASE],
    properties: &FILE_PROPERTIES,
    sealed: true,
    ..Declaration::new("_io.TextIOWrapper")
};

static BUFFERED_READER: Declaration<TextFile> = Declaration {
    bases: &[&BUFFERED_IO_BASE],
    properties: &FILE_PROPERTIES,
    sealed: true,
    ..Declaration::new("_io.BufferedReader")
};

static STRING_IO: Declaration<TextFile> = Declaration {
    bases: &[&TEXT_IO_BASE],
    constructor: constructor("self, initial_value='', newline='\\n'", |_, bound| {
        // Both keep the ends of lines as they are written.
        if bound
            .named("newline")
            .and_then(Value::as_str)
            .is_some_and(|ends| matches!(ends, "" | "\n"))
        {
            bound.ignore(&["newline"]);
        }
        let text = bound.value("initial_value").as_text().unwrap_or_default();
        Ok(open_file(
            None,
            false,
            true,
            text.as_bytes().to_vec(),
            0,
            None,
        ))
    }),
    methods: &MEMORY_METHODS,
    ..Declaration::new("_io.StringIO")
};

static BYTES_IO: Declaration<TextFile> = Declaration {
    bases: &[&BUFFERED_IO_BASE],
    constructor: constructor("self, initial_bytes=b''", |_, bound| {
        let bytes = match bound.value("initial_bytes").as_byte_string() {
            Some(bytes) => bytes.to_vec(),
            None => Vec::new(),
        };
        Ok(open_file(None, true, true, bytes, 0, None))
    }),
    methods: &MEMORY_METHODS,
    ..Declaration::new("_io.BytesIO")
};

impl NativeObject for TextFile {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(match (&self.path, self.binary) {
            (None, false) => &STRING_IO,
            (None, true) => &BYTES_IO,
            (Some(_), false) => &TEXT_IO_WRAPPER,
            (Some(_), true) => &BUFFERED_READER,
        })
    }

    fn iterate(&self, this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(this.clone()))
    }

    fn next(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<Option<Value>>> {
        Ok(Some(self.next_line()))
    }

    fn enter(&self, this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(this.clone()))
    }

    fn exit(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        _exception: Option<&Value>,
    ) -> Result<Option<bool>> {
        self.save(vm)?;
        self.state.borrow_mut().closed = true;
        Ok(Some(false))
    }
}

fn open_file(
    path: Option<Rc<str>>,
    binary: bool,
    writes: bool,
    text: Vec<u8>,
    position: usize,
    host: Option<Rc<dyn ground::host::Host>>,
) -> Value {
    Value::native(TextFile {
        path,
        binary,
        writes,
        host,
        state: std::cell::RefCell::new(FileState {
            text,
            position,
            closed: false,
        }),
    })
}

fn open(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let file = bound.value("file");
    let path = match file.as_text() {
        Some(path) => path,
        None => match vm.find_attribute(&file, "__fspath__")? {
            Some(method) => vm
                .call(&method, Arguments::none())?
                .as_text()
                .unwrap_or_default(),
            None => {
                vm.require_known(&file, "its path")?;
                let class = vm.class_of(&file).name();
                return Err(vm.type_error(format!(
                    "expected str, bytes or os.PathLike object, not {class}"
                )));
            }
        },
    };
    let mode = bound
        .take("mode")
        .and_then(|mode| mode.as_text())
        .unwrap_or_else(|| Rc::from("r"));
    let binary = mode.contains('b');
    let writes = mode.contains(['w', 'a', 'x', '+']);
    let host = vm.run.host.clone();
    if mode.contains('x') && host.is_file(&path) {
        return Err(vm.host_error(&ground::host::HostError::Exists(path.to_string())));
    }
    let text = if mode.contains(['w', 'x']) {
        let made = host.write(&path, &[]);
        made.map_err(|error| vm.host_error(&error))?;
        Vec::new()
    } else if mode.contains('a') && !host.is_file(&path) {
        Vec::new()
    } else {
        host.read(&path).map_err(|error| vm.host_error(&error))?
    };
    let text = if binary {
        text
    } else {
        String::from_utf8_lossy(&text)
            .replace("\r\n", "\n")
            .into_bytes()
    };
    let position = if mode.contains('a') { text.len() } else { 0 };
    Ok(open_file(
        Some(path),
        binary,
        writes,
        text,
        position,
        Some(host),
    ))
}

static OPEN: FreeFunction = function(
    "open",
    "file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, \
     opener=None",
    open,
);

fn io(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let base = vm.registered_class("OSError");
    let unsupported = vm.define_exception("io", "UnsupportedOperation", base.as_slice());
    let classes = [&STRING_IO, &BYTES_IO, &TEXT_IO_WRAPPER, &BUFFERED_READER];
    let mut module = Module::build("io").class(&unsupported).declared(&OPEN);
    for declared in classes {
        module = module.class(&vm.class(declared));
    }
    Ok(module.build())
}

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("io", io);
}
