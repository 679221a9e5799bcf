//! The part of Python's standard library that migration projects use.

use python::Registry;

pub mod abc;
pub mod asyncio;
pub mod collections_abc;
pub mod datetime;
pub mod decimal;
pub mod enumeration;
pub mod hashing;
pub mod imports;
pub mod inspect;
pub mod io;
pub mod json;
pub mod library;
pub mod logging;
pub mod mathematics;
pub mod os;
pub mod re;
pub mod sys;
pub mod toml;
pub mod types;
pub mod typing;
pub mod uuid;

/// Adds the standard library's modules.
pub fn register(registry: &mut Registry) {
    imports::register(registry);
    abc::register(registry);
    collections_abc::register(registry);
    asyncio::register(registry);
    inspect::register(registry);
    sys::register(registry);
    toml::register(registry);
    types::register(registry);
    io::register(registry);
    datetime::register(registry);
    decimal::register(registry);
    enumeration::register(registry);
    hashing::register(registry);
    json::register(registry);
    library::register(registry);
    logging::register(registry);
    mathematics::register(registry);
    os::register(registry);
    re::register(registry);
    typing::register(registry);
    uuid::register(registry);
}
