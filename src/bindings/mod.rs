//! The modules that user code imports, as native values.

use std::rc::Rc;

use python::Registry;

/// A text of this folder that few projects need ([`ground::resource`]).
macro_rules! resource {
    ($path:expr) => {
        ground::resource!("/src/", concat!("bindings/", $path))
    };
}

pub mod alembic;
pub mod completion;
pub mod conversion;
pub mod extras;
pub mod faces;
pub mod flask;
pub mod orm;
pub mod sqlalchemy;
pub mod sqlmodel;
pub mod stdlib;

thread_local! {
    static REGISTRY: Rc<Registry> = Rc::new(whole_registry());
}

/// The modules that user code can import without a file; shared by all interpreters.
pub fn registry() -> Rc<Registry> {
    REGISTRY.with(Rc::clone)
}

/// Each package registers its modules here.
fn whole_registry() -> Registry {
    let mut registry = Registry::new();
    registry.refuse_unasked("alembic");
    registry.refuse_unasked("sqlalchemy");
    stdlib::register(&mut registry);
    sqlalchemy::register(&mut registry);
    orm::register(&mut registry);
    sqlmodel::register(&mut registry);
    flask::register(&mut registry);
    alembic::register(&mut registry);
    extras::register(&mut registry);
    registry.set_installed(crate::config::installed_folders);
    registry.set_table(resource!("names/table.txt"));
    registry
}
