//! `limbeck python`: a script of the project's own, run as the command line `python` would.

use super::uncaught;
use crate::bindings::alembic::Environment;
use crate::config::Config;
use ground::diagnostic::{Error, Result};
use ground::exception;
use ground::host::absolute_path;
use ground::run::Run;
use python::Value;

/// What to run.
enum Program {
    /// A file, by its path.
    File(String),
    /// A module, by its name.
    Module(String),
    /// A text.
    Text(String),
}

/// `python FILE…`, `python -m MODULE…`, `python -c TEXT…`; the exit status.
pub fn run_python(run: &Run, words: &[String]) -> i32 {
    let (program, rest) = match words {
        [option, module, rest @ ..] if option == "-m" => match module.as_str() {
            "alembic" | "alembic.config" => return super::run_arguments(run, rest),
            "flask" => return super::flask::run_flask(run, rest),
            _ => (Program::Module(module.clone()), rest),
        },
        [option, text, rest @ ..] if option == "-c" => (Program::Text(text.clone()), rest),
        [file, rest @ ..] if !file.starts_with('-') => (Program::File(file.clone()), rest),
        _ => {
            run.warn("usage: python FILE [arg ...] | -m MODULE [arg ...] | -c TEXT [arg ...]\n");
            return 2;
        }
    };
    let config = Config::new(run, None, None, "alembic", None);
    let environment = Environment::new(run, &config);
    let _scope = environment.scope();
    super::offer_commands(&environment);
    match environment.with_interpreter(|vm| start(vm, &program, rest)) {
        Ok(()) => 0,
        Err(error) => uncaught(run, &error),
    }
}

fn start(vm: &mut python::Interpreter, program: &Program, rest: &[String]) -> Result<()> {
    let host = vm.run.host.clone();
    let here = host.current_directory();
    let (shown, path, source, folder) = match program {
        Program::Text(text) => (
            "-c".to_owned(),
            "<string>".to_owned(),
            text.clone(),
            String::new(),
        ),
        Program::File(file) => {
            if !host.is_file(file) {
                let path = absolute_path(&here, file);
                let text = format!(
                    "python: can't open file '{path}': [Errno 2] No such file or directory\n"
                );
                vm.run.warn(&text);
                return Err(Error::new(exception::SYSTEM_EXIT, "2"));
            }
            let path = absolute_path(&here, file);
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let folder = folder.to_owned();
            let source = vm.read_source(&path)?;
            (file.clone(), path, source, folder)
        }
        Program::Module(name) => {
            insert_path(vm, &here);
            let found = match vm.locate(name)? {
                Some(found) if found.folder.is_some() => vm.locate(&format!("{name}.__main__"))?,
                other => other,
            };
            let Some(file) = found.and_then(|found| found.file) else {
                vm.run.warn(&format!("python: No module named {name}\n"));
                return Err(Error::new(exception::SYSTEM_EXIT, "1"));
            };
            let source = vm.read_source(&file)?;
            let argv = std::iter::once(&file).chain(rest).map(Value::str);
            set_argv(vm, argv.collect());
            vm.exec_main(
                &file,
                &source,
                name.rsplit_once('.').map(|(package, _)| package),
            )?;
            return Ok(());
        }
    };
    insert_path(vm, &folder);
    let argv = std::iter::once(&shown).chain(rest).map(Value::str);
    set_argv(vm, argv.collect());
    vm.exec_main(&path, &source, None)
}

fn set_argv(vm: &mut python::Interpreter, words: Vec<Value>) {
    if let Value::List(list) = &vm.argv {
        *list.items.borrow_mut() = words;
    }
}

fn insert_path(vm: &mut python::Interpreter, folder: &str) {
    if let Value::List(list) = &vm.path {
        list.items.borrow_mut().insert(0, Value::str(folder));
    }
}
