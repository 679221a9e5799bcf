//! Python's standard library, as far as migration projects use it.

use python::Registry;

pub mod basics;
pub mod datetime;
pub mod decimal;
pub mod enumeration;
pub mod hashing;
pub mod json;
pub mod library;
pub mod logging;
pub mod mathematics;
pub mod os;
pub mod re;
pub mod typing;
pub mod uuid;

/// Adds the standard library's modules.
pub fn register(registry: &mut Registry) {
    basics::register(registry);
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
