//! `uuid`: UUIDs; random ones use the host's randomness.

use std::rc::Rc;

use ground::diagnostic::Result;
use python::parameters;
use python::{
    Arguments, Class, ClassBuilder, CompareOperator, Interpreter, Module, NativeClass,
    NativeObject, Registry, Value,
};

/// `uuid.UUID`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Uuid(
    /// Its sixteen bytes.
    pub [u8; 16],
);

impl Uuid {
    /// The 32 hexadecimal digits.
    pub fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The canonical form with dashes.
    pub fn text(&self) -> String {
        let hex = self.hex();
        format!(
            "{}-{}-{}-{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..]
        )
    }

    /// Parses the argument of `UUID(...)`: digits with or without dashes, braces and `urn:uuid:`.
    pub fn parse(text: &str) -> Option<Uuid> {
        let digits: String = text
            .replace("urn:", "")
            .replace("uuid:", "")
            .trim_matches(['{', '}'])
            .chars()
            .filter(|c| *c != '-')
            .collect();
        if digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let number = u128::from_str_radix(&digits, 16).ok()?;
        Some(Uuid(number.to_be_bytes()))
    }
}

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("uuid", module);
}

struct Hooks;

impl NativeClass for Hooks {
    fn construct(
        &self,
        vm: &mut Interpreter,
        _class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        let mut bound = arguments.clone().bind(parameters!(
            "__init__",
            "hex=None, bytes=None, bytes_le=None, fields=None, int=None, version=None, *, is_safe=None"
        ))?;
        let mut bytes = if let Some(hex) = bound.take_some("hex") {
            let parsed = match hex.as_text() {
                Some(text) => Uuid::parse(&text),
                None => {
                    let class = vm.class_of(&hex).name();
                    return Err(
                        vm.attribute_error(format!("'{class}' object has no attribute 'replace'"))
                    );
                }
            };
            match parsed {
                Some(uuid) => uuid.0,
                None => return Err(vm.value_error("badly formed hexadecimal UUID string")),
            }
        } else if let Some(bytes) = bound.take_some("bytes") {
            match &bytes {
                Value::Bytes(bytes) if bytes.len() == 16 => {
                    let mut own = [0; 16];
                    own.copy_from_slice(bytes);
                    own
                }
                _ => return Err(vm.value_error("bytes is not a 16-char string")),
            }
        } else if let Some(number) = bound.take_some("int") {
            let text = vm.str(&number)?;
            match text.parse::<u128>() {
                Ok(number) => number.to_be_bytes(),
                Err(_) => return Err(vm.value_error("int is out of range (need a 128-bit value)")),
            }
        } else {
            return Err(vm.type_error(
                "one of the hex, bytes, bytes_le, fields, or int arguments must be given",
            ));
        };
        if let Some(version) = bound.take_some("version").and_then(|v| v.as_int()) {
            stamp(&mut bytes, version as u8);
        }
        Ok(Some(Value::native(Uuid(bytes))))
    }
}

/// Sets the RFC 4122 version and variant bits.
fn stamp(bytes: &mut [u8; 16], version: u8) {
    bytes[6] = (bytes[6] & 0x0f) | (version << 4);
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
}

fn class_of_uuid(vm: &mut Interpreter) -> Class {
    if let Some(class) = vm.registered_class("uuid.UUID") {
        return class;
    }
    ClassBuilder::new("uuid", "UUID").hooks(Hooks).build(vm)
}

fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let class = class_of_uuid(vm);
    let random = |version: u8| {
        move |vm: &mut Interpreter, _: Arguments| {
            let mut bytes = [0; 16];
            vm.run.host.random(&mut bytes);
            stamp(&mut bytes, version);
            Ok(Value::native(Uuid(bytes)))
        }
    };
    let named = |version: u8| {
        move |vm: &mut Interpreter, arguments: Arguments| {
            let [space, name] = arguments.exactly("uuid")?;
            let Some(space) = space.downcast::<Uuid>() else {
                return Err(vm.type_error("the namespace must be a UUID"));
            };
            let mut input = space.0.to_vec();
            match &name {
                Value::Bytes(bytes) => input.extend_from_slice(bytes),
                name => input.extend_from_slice(vm.str(name)?.as_bytes()),
            }
            let digest = if version == 3 {
                super::hashing::digest("md5", &input)
            } else {
                super::hashing::digest("sha1", &input)
            };
            let mut bytes = [0; 16];
            for (byte, digest) in bytes.iter_mut().zip(digest.unwrap_or_default()) {
                *byte = digest;
            }
            stamp(&mut bytes, version);
            Ok(Value::native(Uuid(bytes)))
        }
    };
    let mut module = Module::build("uuid")
        .class(&class)
        .function("uuid4", random(4))
        .function("uuid1", random(1))
        .function("uuid3", named(3))
        .function("uuid5", named(5));
    for (name, text) in [
        ("NAMESPACE_DNS", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
        ("NAMESPACE_URL", "6ba7b811-9dad-11d1-80b4-00c04fd430c8"),
        ("NAMESPACE_OID", "6ba7b812-9dad-11d1-80b4-00c04fd430c8"),
    ] {
        if let Some(uuid) = Uuid::parse(text) {
            module = module.value(name, Value::native(uuid));
        }
    }
    Ok(module.build())
}

impl NativeObject for Uuid {
    fn class(&self, vm: &mut Interpreter) -> Class {
        class_of_uuid(vm)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match name {
            "hex" => Some(Value::str(self.hex())),
            "bytes" => Some(Value::bytes(self.0)),
            "int" => Some(Value::int(u128::from_be_bytes(self.0))),
            "urn" => Some(Value::str(format!("urn:uuid:{}", self.text()))),
            "version" => Some(Value::Int(i64::from(self.0[6] >> 4))),
            _ => None,
        })
    }

    fn compare(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        Ok(other
            .downcast::<Uuid>()
            .and_then(|other| super::datetime::ordered(operator, self.cmp(&other)))
            .map(Value::Bool))
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(format!("UUID('{}')", self.text())))
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.text()))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        let [a, b] = [&self.0[..8], &self.0[8..]].map(|half| {
            half.iter()
                .fold(0u64, |hash, byte| hash << 8 | u64::from(*byte))
        });
        Ok(Some(a ^ b))
    }
}
