//! The page's program.

fn main() {
    #[cfg(target_family = "wasm")]
    limbeck_web::view::start();
}
