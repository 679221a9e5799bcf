//! `io`, and file objects.

use ground::diagnostic::{Error, Result};
use python::parameters;
use python::{Arguments, Class, Interpreter, Module, NativeObject, Registry, Value};
use std::rc::Rc;

/// An in-memory text stream, or an opened file.
pub(super) struct TextFile {
    pub(super) path: Option<Rc<str>>,
    pub(super) binary: bool,
    pub(super) writes: bool,
    pub(super) state: std::cell::RefCell<FileState>,
}

pub(super) struct FileState {
    pub(super) text: Vec<u8>,
    pub(super) position: usize,
    pub(super) closed: bool,
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
}

pub(super) fn file_of(vm: &mut Interpreter, this: &Value) -> Result<Rc<TextFile>> {
    let Some(file) = this.downcast::<TextFile>() else {
        return Err(vm.type_error("a file is required"));
    };
    if file.state.borrow().closed {
        return Err(vm.value_error("I/O operation on closed file."));
    }
    Ok(file)
}

impl NativeObject for TextFile {
    fn class(&self, vm: &mut Interpreter) -> Class {
        let name = match (&self.path, self.binary) {
            (None, false) => "StringIO",
            (None, true) => "BytesIO",
            (Some(_), false) => "TextIOWrapper",
            (Some(_), true) => "BufferedReader",
        };
        vm.sealed_class("_io", name)
    }

    fn get_attribute(
        &self,
        this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let this = this.clone();
        Ok(match name {
            "name" => Some(Value::from(self.path.clone())),
            "closed" => Some(Value::Bool(self.state.borrow().closed)),
            "read" => Some(Value::function(name, move |vm, arguments| {
                let [size] = arguments.between::<1>("read", 0)?;
                let file = file_of(vm, &this)?;
                let mut state = file.state.borrow_mut();
                let rest = state.text.get(state.position..).unwrap_or(&[]).to_vec();
                let size = size
                    .and_then(|size| size.as_int())
                    .and_then(|size| usize::try_from(size).ok())
                    .unwrap_or(rest.len())
                    .min(rest.len());
                state.position += size;
                Ok(file.value(&rest[..size]))
            })),
            "readline" => Some(Value::function(name, move |vm, _| {
                let file = file_of(vm, &this)?;
                Ok(file.next_line().unwrap_or_else(|| file.value(&[])))
            })),
            "readlines" => Some(Value::function(name, move |vm, _| {
                let file = file_of(vm, &this)?;
                let mut lines = Vec::new();
                while let Some(line) = file.next_line() {
                    lines.push(line);
                }
                Ok(Value::list(lines))
            })),
            "getvalue" => Some(Value::function(name, move |vm, _| {
                let file = file_of(vm, &this)?;
                let text = file.state.borrow().text.clone();
                Ok(file.value(&text))
            })),
            "write" => Some(Value::function(name, move |vm, arguments| {
                let [text] = arguments.exactly("write")?;
                let file = file_of(vm, &this)?;
                if file.path.is_some() && !file.writes {
                    return Err(Error::new("io.UnsupportedOperation", "not writable"));
                }
                let bytes = match text.plain() {
                    Value::Str(text) if !file.binary => text.as_bytes().to_vec(),
                    Value::Bytes(bytes) if file.binary => bytes.to_vec(),
                    other => {
                        let class = vm.class_of(other).name();
                        return Err(
                            vm.type_error(format!("write() argument must be str, not {class}"))
                        );
                    }
                };
                vm.allocate(bytes.len())?;
                let mut state = file.state.borrow_mut();
                let position = state.position.min(state.text.len());
                let end = (position + bytes.len()).min(state.text.len());
                let length = bytes.len();
                state.text.splice(position..end, bytes);
                state.position = position + length;
                drop(state);
                Ok(Value::from(vm.length(&text)?))
            })),
            "writelines" => Some(Value::function(name, move |vm, arguments| {
                let [lines] = arguments.exactly("writelines")?;
                for line in vm.collect(&lines)? {
                    vm.call_method(&this, "write", Arguments::positional(vec![line]))?;
                }
                Ok(Value::None)
            })),
            "seek" => Some(Value::function(name, move |vm, arguments| {
                let [position, _] = arguments.between::<2>("seek", 1)?;
                let file = file_of(vm, &this)?;
                let position = position.and_then(|position| position.as_int()).unwrap_or(0);
                file.state.borrow_mut().position = usize::try_from(position).unwrap_or(0);
                Ok(Value::Int(position))
            })),
            "tell" => Some(Value::function(name, move |vm, _| {
                let file = file_of(vm, &this)?;
                let position = file.state.borrow().position;
                Ok(Value::from(position))
            })),
            "flush" => Some(Value::function(name, move |vm, _| {
                file_of(vm, &this)?.save(vm)?;
                Ok(Value::None)
            })),
            "close" => Some(Value::function(name, move |vm, _| {
                if let Some(file) = this.downcast::<TextFile>() {
                    file.save(vm)?;
                    file.state.borrow_mut().closed = true;
                }
                Ok(Value::None)
            })),
            _ => None,
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

pub(super) fn open_file(
    path: Option<Rc<str>>,
    binary: bool,
    writes: bool,
    text: Vec<u8>,
    position: usize,
) -> Value {
    Value::native(TextFile {
        path,
        binary,
        writes,
        state: std::cell::RefCell::new(FileState {
            text,
            position,
            closed: false,
        }),
    })
}

fn io(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let base = vm.registered_class("OSError");
    let unsupported = vm.define_exception(
        "io",
        "UnsupportedOperation",
        &base.into_iter().collect::<Vec<_>>(),
    );
    Ok(Module::build("io")
        .class(&unsupported)
        .function("open", |vm, arguments| {
            let mut bound = arguments.bind(parameters!(
                "open",
                "file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None"
            ))?;
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
            Ok(open_file(Some(path), binary, writes, text, position))
        })
        .function("StringIO", |_, arguments| {
            let [text] = arguments.between::<1>("StringIO", 0)?;
            let text = text.and_then(|text| text.as_text()).unwrap_or_default();
            Ok(open_file(None, false, true, text.as_bytes().to_vec(), 0))
        })
        .function("BytesIO", |_, arguments| {
            let [bytes] = arguments.between::<1>("BytesIO", 0)?;
            let bytes = match bytes {
                Some(Value::Bytes(bytes)) => bytes.to_vec(),
                _ => Vec::new(),
            };
            Ok(open_file(None, true, true, bytes, 0))
        })
        .build())
}

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("io", io);
}
