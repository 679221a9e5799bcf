//! `hashlib`, `base64`, `binascii` and `secrets`.

use std::cell::RefCell;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use digest::Digest;

use ground::diagnostic::Result;
use python::{
    Bound, Class, Declaration, FreeFunction, Interpreter, Module, NativeObject, Registry, Value,
    function, method, property,
};

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

impl Hash {
    fn digest(&self) -> Vec<u8> {
        digest(self.algorithm, &self.input.borrow()).unwrap_or_default()
    }
}

impl NativeObject for Hash {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&HASH)
    }
}

static HASH: Declaration<Hash> = Declaration {
    properties: &[property("name", |_, hash| Ok(hash.algorithm.into()))],
    methods: &[
        method("hexdigest", "self, /", |_, hash, _| {
            Ok(hex(&hash.digest()).into())
        }),
        method("digest", "self, /", |_, hash, _| {
            Ok(Value::bytes(hash.digest()))
        }),
        method("update", "self, obj, /", |vm, hash, bound| {
            let data = bound.value("obj");
            let data = bytes_of(vm, &data)?;
            hash.input.borrow_mut().extend_from_slice(&data);
            Ok(Value::None)
        }),
    ],
    sealed: true,
    ..Declaration::new("_hashlib.HASH")
};

fn bytes_of(vm: &mut Interpreter, value: &Value) -> Result<Rc<[u8]>> {
    if let Some(bytes) = value.as_byte_string() {
        return Ok(bytes);
    }
    match value {
        Value::Str(_) => Err(vm.type_error("Strings must be encoded before hashing")),
        value => {
            let class = vm.class_of(value).name();
            Err(vm.type_error(format!("a bytes-like object is required, not '{class}'")))
        }
    }
}

fn hash(vm: &mut Interpreter, bound: &mut Bound<'_>, algorithm: &'static str) -> Result<Value> {
    let input = match bound.take("string") {
        Some(data) => bytes_of(vm, &data)?.to_vec(),
        None => Vec::new(),
    };
    Ok(Value::native(Hash {
        algorithm,
        input: RefCell::new(input),
    }))
}

const HASH_PARAMETERS: &str = "string=b'', *, usedforsecurity=True";

static HASHLIB: &[FreeFunction] = &[
    function("md5", HASH_PARAMETERS, |vm, bound| hash(vm, bound, "md5")),
    function("sha1", HASH_PARAMETERS, |vm, bound| hash(vm, bound, "sha1")),
    function("sha224", HASH_PARAMETERS, |vm, bound| {
        hash(vm, bound, "sha224")
    }),
    function("sha256", HASH_PARAMETERS, |vm, bound| {
        hash(vm, bound, "sha256")
    }),
    function("sha384", HASH_PARAMETERS, |vm, bound| {
        hash(vm, bound, "sha384")
    }),
    function("sha512", HASH_PARAMETERS, |vm, bound| {
        hash(vm, bound, "sha512")
    }),
];

fn hashlib(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("hashlib")
        .functions(HASHLIB)
        .attribute_hook(|vm, name| more(vm, "hashlib", name))
        .build())
}

/// What is written in Python.
fn more(vm: &mut Interpreter, module: &str, name: &str) -> Result<Option<Value>> {
    if name.starts_with("__") {
        return Ok(None);
    }
    let written = vm.import("_hashing_more")?;
    let own = vm.get_attribute(&written, module)?;
    vm.find_attribute(&own, name)
}

fn text_or_bytes(vm: &mut Interpreter, value: &Value) -> Result<Rc<[u8]>> {
    match value.as_str() {
        Some(text) => Ok(Rc::from(text.as_bytes())),
        None => bytes_of(vm, value),
    }
}

fn encode(vm: &mut Interpreter, bound: &mut Bound<'_>, alphabet: &GeneralPurpose) -> Result<Value> {
    bound.refuse(&["altchars"])?;
    let data = bound.value("s");
    let data = bytes_of(vm, &data)?;
    Ok(Value::bytes(alphabet.encode(&data)))
}

fn decode(vm: &mut Interpreter, bound: &mut Bound<'_>, alphabet: &GeneralPurpose) -> Result<Value> {
    bound.refuse(&["altchars", "validate"])?;
    let data = bound.value("s");
    let data = text_or_bytes(vm, &data)?;
    match alphabet.decode(&data) {
        Ok(bytes) => Ok(Value::bytes(bytes)),
        Err(_) => Err(vm.error("binascii.Error", "Incorrect padding")),
    }
}

static BASE64: &[FreeFunction] = &[
    function("b64encode", "s, altchars=None", |vm, bound| {
        encode(vm, bound, &STANDARD)
    }),
    function("standard_b64encode", "s", |vm, bound| {
        encode(vm, bound, &STANDARD)
    }),
    function("urlsafe_b64encode", "s", |vm, bound| {
        encode(vm, bound, &URL_SAFE)
    }),
    function(
        "b64decode",
        "s, altchars=None, validate=False",
        |vm, bound| decode(vm, bound, &STANDARD),
    ),
    function("standard_b64decode", "s", |vm, bound| {
        decode(vm, bound, &STANDARD)
    }),
    function("urlsafe_b64decode", "s", |vm, bound| {
        decode(vm, bound, &URL_SAFE)
    }),
];

fn base64_module(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("base64")
        .functions(BASE64)
        .attribute_hook(|vm, name| more(vm, "base64", name))
        .build())
}

static HEXLIFY: FreeFunction =
    function("hexlify", "data, sep=None, bytes_per_sep=1", |vm, bound| {
        bound.refuse(&["sep"])?;
        let data = bound.value("data");
        let data = bytes_of(vm, &data)?;
        Ok(Value::bytes(hex(&data)))
    });

fn binascii(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let base = vm.registered_class("ValueError");
    let error = vm.define_exception("binascii", "Error", base.as_slice());
    Ok(Module::build("binascii")
        .value("Error", error)
        .declared(&HEXLIFY)
        .build())
}

fn random_bytes(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Vec<u8>> {
    let count = bound.take("nbytes").and_then(|count| count.as_int());
    let count = count.unwrap_or(32).clamp(0, 1 << 20);
    let mut bytes = vec![0; usize::try_from(count).unwrap_or(32)];
    vm.run.host.random(&mut bytes);
    Ok(bytes)
}

static SECRETS: &[FreeFunction] = &[
    function("token_hex", "nbytes=None", |vm, bound| {
        Ok(hex(&random_bytes(vm, bound)?).into())
    }),
    function("token_bytes", "nbytes=None", |vm, bound| {
        Ok(Value::bytes(random_bytes(vm, bound)?))
    }),
    function("token_urlsafe", "nbytes=None", |vm, bound| {
        let bytes = random_bytes(vm, bound)?;
        Ok(URL_SAFE_NO_PAD.encode(bytes).into())
    }),
];

fn secrets(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("secrets")
        .functions(SECRETS)
        .attribute_hook(|vm, name| more(vm, "secrets", name))
        .build())
}
