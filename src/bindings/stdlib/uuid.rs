//! `uuid`: UUIDs; random ones use the host's randomness.

use std::rc::Rc;

use ground::diagnostic::Result;
use python::{
    Bound, Class, CompareOperator, Declaration, FreeFunction, Interpreter, Module, NativeObject,
    Registry, Value, constructor, function, property,
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

fn construct(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
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
        bound.refuse(&["bytes_le", "fields"])?;
        return Err(vm.type_error(
            "one of the hex, bytes, bytes_le, fields, or int arguments must be given",
        ));
    };
    if let Some(version) = bound.take_some("version").and_then(|v| v.as_int()) {
        stamp(&mut bytes, version as u8);
    }
    Ok(Value::native(Uuid(bytes)))
}

static UUID: Declaration<Uuid> = Declaration {
    constructor: constructor(
        "self, hex=None, bytes=None, bytes_le=None, fields=None, int=None, version=None, *, \
         is_safe=SafeUUID.unknown",
        construct,
    ),
    properties: &[
        property("hex", |_, uuid| Ok(uuid.hex().into())),
        property("bytes", |_, uuid| Ok(Value::bytes(uuid.0))),
        property("int", |_, uuid| Ok(Value::int(u128::from_be_bytes(uuid.0)))),
        property("urn", |_, uuid| {
            Ok(format!("urn:uuid:{}", uuid.text()).into())
        }),
        property("version", |_, uuid| Ok(i64::from(uuid.0[6] >> 4).into())),
    ],
    ..Declaration::new("uuid.UUID")
};

/// Sets the RFC 4122 version and variant bits.
fn stamp(bytes: &mut [u8; 16], version: u8) {
    bytes[6] = (bytes[6] & 0x0f) | (version << 4);
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
}

fn random(vm: &mut Interpreter, version: u8) -> Result<Value> {
    let mut bytes = [0; 16];
    vm.run.host.random(&mut bytes);
    stamp(&mut bytes, version);
    Ok(Value::native(Uuid(bytes)))
}

fn named(vm: &mut Interpreter, bound: &mut Bound<'_>, version: u8) -> Result<Value> {
    let (space, name) = (bound.value("namespace"), bound.value("name"));
    let Some(space) = space.downcast::<Uuid>() else {
        return Err(vm.type_error("the namespace must be a UUID"));
    };
    let mut input = space.0.to_vec();
    match &name {
        Value::Bytes(bytes) => input.extend_from_slice(bytes),
        name => input.extend_from_slice(vm.str(name)?.as_bytes()),
    }
    let algorithm = if version == 3 { "md5" } else { "sha1" };
    let digest = super::hashing::digest(algorithm, &input);
    let mut bytes = [0; 16];
    for (byte, digest) in bytes.iter_mut().zip(digest.unwrap_or_default()) {
        *byte = digest;
    }
    stamp(&mut bytes, version);
    Ok(Value::native(Uuid(bytes)))
}

static FUNCTIONS: &[FreeFunction] = &[
    function("uuid1", "node=None, clock_seq=None", |vm, _| random(vm, 1)),
    function("uuid3", "namespace, name", |vm, bound| named(vm, bound, 3)),
    function("uuid4", "", |vm, _| random(vm, 4)),
    function("uuid5", "namespace, name", |vm, bound| named(vm, bound, 5)),
];

fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let class = vm.class(&UUID);
    let mut module = Module::build("uuid").class(&class).functions(FUNCTIONS);
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
        vm.class(&UUID)
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
