//! The worker's program.

fn main() {
    #[cfg(target_family = "wasm")]
    limbeck_worker::start();
}
