//! `hashlib`, `base64`, `binascii` and `secrets`.

use std::cell::RefCell;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use digest::Digest;

use ground::diagnostic::Result;
use python::parameters;
use python::{Arguments, Class, ClassBuilder, Interpreter, Module, NativeObject, Registry, Value};

/// Adds the modules.
pub fn register(registry: &mut Registry) {
    registry.add("hashlib", hashlib);
    registry.add("base64", base64_module);
    registry.add("binascii", binascii);
    registry.add("secrets", secrets);
}

/// The digest of some bytes; `None` for an unsupported algorithm.
pub fn digest(algorithm: &str, input: &[u8]) -> Option<Vec<u8>> {
    Some(match algorithm {
        "md5" => md5::Md5::digest(input).to_vec(),
        "sha1" => sha1::Sha1::digest(input).to_vec(),
        "sha224" => sha2::Sha224::digest(input).to_vec(),
        "sha256" => sha2::Sha256::digest(input).to_vec(),
        "sha384" => sha2::Sha384::digest(input).to_vec(),
        "sha512" => sha2::Sha512::digest(input).to_vec(),
        _ => return None,
    })
}

/// Lower-case hexadecimal digits of some bytes.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

struct Hash {
    algorithm: &'static str,
    input: RefCell<Vec<u8>>,
}

impl NativeObject for Hash {
    fn class(&self, vm: &mut Interpreter) -> Class {
        if let Some(class) = vm.registered_class("_hashlib.HASH") {
            return class;
        }
        fn state(value: &Value, read: impl Fn(&[u8]) -> Value) -> Value {
            match value.downcast::<Hash>() {
                Some(hash) => {
                    read(&digest(hash.algorithm, &hash.input.borrow()).unwrap_or_default())
                }
                None => Value::None,
            }
        }
        ClassBuilder::new("_hashlib", "HASH")
            .method("hexdigest", |_, this, _| {
                Ok(state(this, |bytes| Value::str(hex(bytes))))
            })
            .method("digest", |_, this, _| {
                Ok(state(this, |bytes| Value::bytes(bytes)))
            })
            .method("update", |vm, this, arguments| {
                let [data] = arguments.exactly("update")?;
                let data = bytes_of(vm, &data)?;
                if let Some(hash) = this.downcast::<Hash>() {
                    hash.input.borrow_mut().extend_from_slice(&data);
                }
                Ok(Value::None)
            })
            .build(vm)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok((name == "name").then(|| Value::str(self.algorithm)))
    }
}

fn bytes_of(vm: &mut Interpreter, value: &Value) -> Result<Rc<[u8]>> {
    match value {
        Value::Bytes(bytes) => Ok(bytes.clone()),
        Value::Str(_) => Err(vm.type_error("Strings must be encoded before hashing")),
        value => {
            let class = vm.class_of(value).name();
            Err(vm.type_error(format!("a bytes-like object is required, not '{class}'")))
        }
    }
}

fn hashlib(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    let mut module = Module::build("hashlib");
    for algorithm in ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"] {
        module = module.function(algorithm, move |vm, arguments| {
            let mut bound = arguments.bind(parameters!(
                "openssl_hash",
                "string=b'', *, usedforsecurity=True"
            ))?;
            let input = match bound.take("string") {
                Some(data) => bytes_of(vm, &data)?.to_vec(),
                None => Vec::new(),
            };
            Ok(Value::native(Hash {
                algorithm,
                input: RefCell::new(input),
            }))
        });
    }
    Ok(module.build())
}

fn text_or_bytes(vm: &mut Interpreter, value: &Value) -> Result<Rc<[u8]>> {
    match value.as_str() {
        Some(text) => Ok(Rc::from(text.as_bytes())),
        None => bytes_of(vm, value),
    }
}

fn base64_module(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    let encode = |url: bool| {
        move |vm: &mut Interpreter, arguments: Arguments| {
            let [data] = arguments.exactly("b64encode")?;
            let data = bytes_of(vm, &data)?;
            let text = if url {
                URL_SAFE.encode(&data)
            } else {
                STANDARD.encode(&data)
            };
            Ok(Value::bytes(text))
        }
    };
    let decode = |url: bool| {
        move |vm: &mut Interpreter, arguments: Arguments| {
            let [data] = arguments.exactly("b64decode")?;
            let data = text_or_bytes(vm, &data)?;
            let decoded = if url {
                URL_SAFE.decode(&data)
            } else {
                STANDARD.decode(&data)
            };
            match decoded {
                Ok(bytes) => Ok(Value::bytes(bytes)),
                Err(_) => Err(vm.error("binascii.Error", "Incorrect padding")),
            }
        }
    };
    Ok(Module::build("base64")
        .function("b64encode", encode(false))
        .function("standard_b64encode", encode(false))
        .function("urlsafe_b64encode", encode(true))
        .function("b64decode", decode(false))
        .function("standard_b64decode", decode(false))
        .function("urlsafe_b64decode", decode(true))
        .build())
}

fn binascii(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let base = vm.registered_class("ValueError");
    let error = vm.define_exception("binascii", "Error", base.as_slice());
    Ok(Module::build("binascii")
        .value("Error", error)
        .function("hexlify", |vm, arguments| {
            let [data] = arguments.exactly("hexlify")?;
            let data = bytes_of(vm, &data)?;
            Ok(Value::bytes(hex(&data)))
        })
        .build())
}

fn random_bytes(vm: &mut Interpreter, arguments: Arguments) -> Result<Vec<u8>> {
    let [count] = arguments.between("token", 0)?;
    let count = count.and_then(|count| count.as_int()).unwrap_or(32);
    let count = usize::try_from(count.clamp(0, 1 << 20)).unwrap_or(32);
    let mut bytes = vec![0; count];
    vm.run.host.random(&mut bytes);
    Ok(bytes)
}

fn secrets(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("secrets")
        .function("token_hex", |vm, arguments| {
            Ok(Value::str(hex(&random_bytes(vm, arguments)?)))
        })
        .function("token_bytes", |vm, arguments| {
            Ok(Value::bytes(random_bytes(vm, arguments)?))
        })
        .function("token_urlsafe", |vm, arguments| {
            Ok(Value::str(
                URL_SAFE_NO_PAD.encode(random_bytes(vm, arguments)?),
            ))
        })
        .build())
}
