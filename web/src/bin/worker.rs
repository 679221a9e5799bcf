//! The worker's program.

fn main() {
    #[cfg(all(target_family = "wasm", feature = "engine"))]
    limbeck_web::worker::start();
}
