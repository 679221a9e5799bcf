//! The page's program.

fn main() {
    #[cfg(target_family = "wasm")]
    limbeck_page::start();
}
