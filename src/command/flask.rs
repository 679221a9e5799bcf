//! `limbeck flask`: the commands of a Flask application, `flask db` among them.

use super::uncaught;
use crate::bindings::alembic::Environment;
use crate::config::Config;
use ground::run::Run;
use python::{Arguments, Value};

/// `flask ARGV`; the exit status.
pub fn run_flask(run: &Run, words: &[String]) -> i32 {
    let config = Config::new(run, None, None, "alembic", None);
    let environment = Environment::new(run, &config);
    let _scope = environment.scope();
    super::offer_commands(&environment);
    let done = environment.with_interpreter(|vm| {
        if let Value::List(list) = &vm.path {
            let here = vm.run.host.current_directory();
            list.items.borrow_mut().insert(0, Value::str(here));
        }
        let module = vm.import("flask.cli")?;
        let words = Value::list(words.iter().map(Value::str).collect());
        vm.call_method(&module, "main", Arguments::positional(vec![words]))
    });
    match done {
        Ok(_) => 0,
        Err(error) => uncaught(run, &error),
    }
}
