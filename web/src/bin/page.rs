//! The page's program.

fn main() {
    #[cfg(all(target_family = "wasm", feature = "page"))]
    limbeck_web::view::start();
}
