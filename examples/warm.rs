//! Answers command after command in one process, for `tests/bench/engine.py` and the random
//! comparisons: a line of JSON `{"directory", "argv"}` in, a line `{"status", "seconds", "output"}` out.

#[path = "../src/main.rs"]
#[allow(dead_code, reason = "the program's own main is not called here")]
mod program;

use std::io::BufRead;
use std::rc::Rc;
use std::time::Instant;

use limbeck::ground::run::Run;

fn main() {
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else { break };
        let request: serde_json::Value = match serde_json::from_str(&line) {
            Ok(request) => request,
            Err(error) => {
                println!("{}", serde_json::json!({"error": error.to_string()}));
                continue;
            }
        };
        let directory = request["directory"].as_str().unwrap_or(".");
        let argv: Vec<String> = request["argv"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|word| word.as_str().map(str::to_owned))
            .collect();
        let host = Rc::new(program::NativeHost::captured(directory));
        let start = Instant::now();
        let status = limbeck::command::run(&Run::new(host.clone()), &argv);
        let seconds = start.elapsed().as_secs_f64();
        let answer = serde_json::json!({
            "status": status, "seconds": seconds, "output": host.take_output(),
        });
        println!("{answer}");
    }
}
