//! The console's commands for files and texts: `ls`, `cat`, `grep` and the like.

use limbeck::ground::host::Host as _;
use limbeck::ground::order::InOrder;
use protocol::console::program::{FileCommand, Flags, TextCommand};

use super::expansion;
use crate::session::Session;
use crate::workspace::ROOT;

const MISSING: &str = "No such file or directory";

impl Session {
    /// Runs a word for files.
    pub(crate) fn files(&mut self, what: FileCommand, flags: &Flags, paths: &[String]) -> i32 {
        let mut status = 0;
        match what {
            FileCommand::List => return self.list(flags, paths),
            FileCommand::Tree => {
                let folder = paths.first().map_or(".", String::as_str);
                if !self.host.is_directory(folder) {
                    return self.complain(&format!("tree: {folder}: {MISSING}"));
                }
                self.say(&format!("{folder}\n"));
                self.tree(&self.host.path(folder), "", flags.contains(&'a'));
            }
            FileCommand::Find => return self.find(paths),
            FileCommand::Remove => {
                for path in paths {
                    status |= self.remove_named(path, flags);
                }
            }
            FileCommand::RemoveFolder => {
                for path in paths {
                    let full = self.host.path(path);
                    let trouble = match self.host.list(&full) {
                        _ if full == ROOT || !full.starts_with(ROOT) => Some("Permission denied"),
                        Ok(names) if names.is_empty() => {
                            self.host.state.borrow_mut().folders.remove(&full);
                            None
                        }
                        Ok(_) => Some("Directory not empty"),
                        Err(_) if self.host.is_file(&full) => Some("Not a directory"),
                        Err(_) => Some(MISSING),
                    };
                    if let Some(trouble) = trouble {
                        status =
                            self.complain(&format!("rmdir: failed to remove '{path}': {trouble}"));
                    }
                }
            }
            FileCommand::MakeFolder => {
                for path in paths {
                    status |= self.make_folder(path, flags.contains(&'p'));
                }
            }
            FileCommand::Touch => {
                for path in paths {
                    if self.host.is_directory(path) || self.host.is_file(path) {
                        continue;
                    }
                    if !flags.contains(&'c')
                        && let Err(trouble) = self.write_text(path, "", true)
                    {
                        status = self.complain(&format!("touch: cannot touch '{path}': {trouble}"));
                    }
                }
            }
            FileCommand::Move | FileCommand::Copy => return self.transfer(what, flags, paths),
        }
        status
    }

    fn list(&mut self, flags: &Flags, paths: &[String]) -> i32 {
        let here = [".".to_owned()];
        let paths = if paths.is_empty() { &here } else { paths };
        let mut status = 0;
        let (mut folders, mut said) = (Vec::new(), false);
        for path in paths {
            if self.host.is_directory(path) && !flags.contains(&'d') {
                folders.push(path.clone());
            } else if self.host.is_file(path) || self.host.is_directory(path) {
                said = true;
                self.list_entry(&self.host.path(path), path, flags);
            } else {
                status = self.complain(&format!("ls: cannot access '{path}': {MISSING}"));
                status = status.max(2);
            }
        }
        let titled = folders.len() > 1 || said || flags.contains(&'R');
        while !folders.is_empty() {
            let folder = folders.remove(0);
            if titled {
                self.say(&format!("{}{folder}:\n", if said { "\n" } else { "" }));
            }
            said = true;
            let mut below = Vec::new();
            for name in self.host.list(&folder).unwrap_or_default() {
                if name.starts_with('.') && !flags.contains(&'a') && !flags.contains(&'A') {
                    continue;
                }
                let full = format!("{}/{name}", self.host.path(&folder));
                self.list_entry(&full, &name, flags);
                if flags.contains(&'R') && self.host.is_directory(&full) {
                    below.push(format!("{}/{name}", folder.trim_end_matches('/')));
                }
            }
            folders.splice(0..0, below);
        }
        status
    }

    fn list_entry(&self, full: &str, name: &str, flags: &Flags) {
        let folder = self.host.is_directory(full);
        let slash = if folder && !name.ends_with('/') {
            "/"
        } else {
            ""
        };
        if flags.contains(&'l') {
            let size = self
                .host
                .state
                .borrow()
                .files
                .get(full)
                .map(|contents| contents.len());
            let size = size.map_or_else(|| "-".to_owned(), |size| size.to_string());
            self.say(&format!("{size:>10} {name}{slash}\n"));
        } else {
            self.say(&format!("{name}{slash}\n"));
        }
    }

    fn tree(&self, folder: &str, indent: &str, all: bool) {
        let mut names = self.host.list(folder).unwrap_or_default();
        names.retain(|name| all || !name.starts_with('.'));
        for (index, name) in names.iter().enumerate() {
            let last = index + 1 == names.len();
            self.say(&format!(
                "{indent}{} {name}\n",
                if last { "└──" } else { "├──" }
            ));
            let full = format!("{folder}/{name}");
            if self.host.is_directory(&full) {
                self.tree(
                    &full,
                    &format!("{indent}{}", if last { "    " } else { "│   " }),
                    all,
                );
            }
        }
    }

    /// `find [FOLDER …] [-name PATTERN] [-path PATTERN] [-type f|d] [-not …] [-delete]`.
    fn find(&mut self, words: &[String]) -> i32 {
        let roots = words
            .iter()
            .take_while(|word| !word.starts_with(['-', '!']))
            .count();
        let (roots, tests) = words.split_at(roots);
        let mut conditions: Vec<(bool, &str, &str)> = Vec::new();
        let (mut delete, mut not) = (false, false);
        let mut tests = tests.iter();
        while let Some(test) = tests.next() {
            match test.as_str() {
                "-not" | "!" => not = true,
                "-delete" => delete = true,
                "-print" => {}
                "-name" | "-iname" | "-path" | "-type" => {
                    let value = tests.next().map_or("", String::as_str);
                    conditions.push((std::mem::take(&mut not), test, value));
                }
                other => {
                    return self.complain(&format!(
                        "find: {other} is not supported here: -name, -path, -type, -not and -delete are"
                    ));
                }
            }
        }
        let here = [".".to_owned()];
        let roots = if roots.is_empty() { &here } else { roots };
        let mut status = 0;
        for root in roots {
            let full = self.host.path(root);
            if !self.host.is_directory(&full) && !self.host.is_file(&full) {
                status = self.complain(&format!("find: '{root}': {MISSING}"));
                continue;
            }
            let files = self.host.files();
            let mut paths: Vec<&String> = files.files.keys().chain(&files.folders).collect();
            paths.in_order();
            for path in paths {
                let Some(rest) = path
                    .strip_prefix(&full)
                    .filter(|rest| rest.is_empty() || rest.starts_with('/'))
                else {
                    continue;
                };
                let shown = format!("{}{rest}", root.trim_end_matches('/'));
                let fits = conditions.iter().all(|(not, test, value)| {
                    let fits = match *test {
                        "-type" => files.folders.contains(path) == (*value == "d"),
                        "-path" => expansion::fits(value, &shown),
                        "-iname" => expansion::fits(
                            &value.to_lowercase(),
                            &path.rsplit('/').next().unwrap_or(path).to_lowercase(),
                        ),
                        _ => expansion::fits(value, path.rsplit('/').next().unwrap_or(path)),
                    };
                    fits != *not
                });
                if fits && delete {
                    let removable = !files.folders.contains(path)
                        || (path != ROOT
                            && self.host.list(path).is_ok_and(|names| names.is_empty()));
                    if removable {
                        self.remove_path(path);
                    }
                } else if fits {
                    self.say(&format!("{shown}\n"));
                }
            }
        }
        status
    }

    fn remove_named(&mut self, path: &str, flags: &Flags) -> i32 {
        let full = self.host.path(path);
        let recursive = flags.contains(&'r') || flags.contains(&'R');
        if matches!(
            path.trim_end_matches('/').rsplit('/').next(),
            Some("." | "..")
        ) {
            return self.complain(&format!(
                "rm: refusing to remove '.' or '..' directory: skipping '{path}'"
            ));
        }
        if self.host.is_directory(&full) {
            if full == ROOT || ROOT.starts_with(&format!("{full}/")) || full == "/" {
                return self.complain(&format!(
                    "rm: cannot remove '{path}': it is the whole project; the Projects menu starts another"
                ));
            }
            let empty =
                flags.contains(&'d') && self.host.list(&full).is_ok_and(|names| names.is_empty());
            if !recursive && !empty {
                return self.complain(&format!("rm: cannot remove '{path}': Is a directory"));
            }
        }
        if self.remove_path(&full) {
            if flags.contains(&'v') {
                self.say(&format!("removed '{path}'\n"));
            }
            0
        } else if flags.contains(&'f') {
            0
        } else {
            self.complain(&format!("rm: cannot remove '{path}': {MISSING}"))
        }
    }

    fn make_folder(&mut self, path: &str, parents: bool) -> i32 {
        let full = self.host.path(path);
        let above = full
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder)
            .to_owned();
        // A file in the way, here or further up.
        let blocked = full
            .char_indices()
            .filter(|(_, character)| *character == '/')
            .map(|(index, _)| &full[..index])
            .any(|folder| self.host.is_file(folder));
        let trouble = if self.host.is_file(&full) || (self.host.is_directory(&full) && !parents) {
            "File exists"
        } else if self.host.is_directory(&full) {
            return 0;
        } else if !full.starts_with(&format!("{ROOT}/")) {
            "Permission denied"
        } else if blocked {
            "Not a directory"
        } else if !parents && !self.host.is_directory(&above) {
            MISSING
        } else {
            self.host.state.borrow_mut().add_folders(&full);
            return 0;
        };
        self.complain(&format!(
            "mkdir: cannot create directory '{path}': {trouble}"
        ))
    }

    fn transfer(&mut self, what: FileCommand, flags: &Flags, paths: &[String]) -> i32 {
        let (name, verb) = if what == FileCommand::Move {
            ("mv", "move")
        } else {
            ("cp", "copy")
        };
        let Some((target, sources)) = paths.split_last() else {
            return 0;
        };
        let into = self.host.is_directory(target);
        if sources.len() > 1 && !into {
            return self.complain(&format!("{name}: target '{target}': Not a directory"));
        }
        let mut status = 0;
        for source in sources {
            let from = self.host.path(source);
            let last = from.rsplit('/').next().unwrap_or_default().to_owned();
            let to = if into {
                self.host.path(&format!("{target}/{last}"))
            } else {
                self.host.path(target)
            };
            let folder = self.host.is_directory(&from);
            let recursive = ['r', 'R', 'a'].iter().any(|flag| flags.contains(flag));
            let above = to
                .rsplit_once('/')
                .map_or("", |(folder, _)| folder)
                .to_owned();
            let trouble = if !folder && !self.host.is_file(&from) {
                Some(format!("{name}: cannot stat '{source}': {MISSING}"))
            } else if from == to {
                Some(format!(
                    "{name}: '{source}' and '{target}' are the same file"
                ))
            } else if from == ROOT || format!("{to}/").starts_with(&format!("{from}/")) {
                Some(format!(
                    "{name}: cannot {verb} '{source}' to a subdirectory of itself, '{target}'"
                ))
            } else if folder && what == FileCommand::Copy && !recursive {
                Some(format!(
                    "cp: -r not specified; omitting directory '{source}'"
                ))
            } else if !to.starts_with(&format!("{ROOT}/")) {
                Some(format!(
                    "{name}: cannot create '{target}': Permission denied"
                ))
            } else if !self.host.is_directory(&above) || (!folder && target.ends_with('/') && !into)
            {
                Some(format!(
                    "{name}: cannot {verb} '{source}' to '{target}': {MISSING}"
                ))
            } else if folder && self.host.is_file(&to) {
                Some(format!(
                    "{name}: cannot overwrite non-directory '{target}' with directory '{source}'"
                ))
            } else if !folder && self.host.is_directory(&to) {
                Some(format!(
                    "{name}: cannot overwrite directory '{target}' with non-directory"
                ))
            } else if folder
                && what == FileCommand::Move
                && self.host.list(&to).is_ok_and(|names| !names.is_empty())
            {
                Some(format!(
                    "mv: cannot move '{source}' to '{target}': Directory not empty"
                ))
            } else {
                None
            };
            if let Some(trouble) = trouble {
                status = self.complain(&trouble);
                continue;
            }
            if flags.contains(&'n') && self.host.is_file(&to) {
                continue;
            }
            self.put_at(&from, &to, what == FileCommand::Move);
        }
        status
    }

    /// Puts a file or folder at another path; what was there is replaced.
    fn put_at(&mut self, from: &str, to: &str, moves: bool) {
        let mut state = self.host.state.borrow_mut();
        let below = format!("{from}/");
        let at = |path: &str| format!("{to}{}", &path[from.len()..]);
        let found: Vec<_> = state
            .files
            .iter()
            .filter(|(path, _)| *path == from || path.starts_with(&below))
            .map(|(path, contents)| (path.clone(), contents.clone()))
            .collect();
        let folders: Vec<String> = state
            .folders
            .iter()
            .filter(|path| *path == from || path.starts_with(&below))
            .cloned()
            .collect();
        for (path, contents) in found {
            if moves {
                state.files.remove(&path);
            }
            state.files.insert(at(&path), contents);
        }
        for path in folders {
            if moves {
                state.folders.remove(&path);
            }
            state.folders.insert(at(&path));
        }
    }

    pub(crate) fn remove_path(&self, path: &str) -> bool {
        let mut state = self.host.state.borrow_mut();
        let prefix = format!("{path}/");
        let files = state.files.len();
        let folders = state.folders.len();
        state
            .files
            .retain(|file, _| file != path && !file.starts_with(&prefix));
        state
            .folders
            .retain(|folder| folder == ROOT || (folder != path && !folder.starts_with(&prefix)));
        files != state.files.len() || folders != state.folders.len()
    }

    // ---- texts

    /// Runs a word that reads text.
    pub(crate) fn text(
        &mut self,
        what: TextCommand,
        flags: &Flags,
        words: &[String],
        input: Option<&str>,
    ) -> i32 {
        let (first, paths) = match what {
            TextCommand::Head | TextCommand::Tail | TextCommand::Grep => {
                match words.split_first() {
                    Some((first, paths)) => (first.as_str(), paths),
                    None => return 2,
                }
            }
            _ => ("", words),
        };
        let name = match what {
            TextCommand::Print => "cat",
            TextCommand::Head => "head",
            TextCommand::Tail => "tail",
            TextCommand::Grep => "grep",
            TextCommand::Count => "wc",
            TextCommand::Sort => "sort",
            TextCommand::Tee => {
                let text = input.unwrap_or_default();
                self.say(text);
                let mut status = 0;
                for path in paths {
                    if let Err(trouble) = self.write_text(path, text, flags.contains(&'a')) {
                        status = self.complain(&format!("tee: {path}: {trouble}"));
                    }
                }
                return status;
            }
        };
        let mut status = 0;
        let mut texts: Vec<(String, String)> = Vec::new();
        if paths.is_empty() {
            match input {
                Some(input) => texts.push((String::new(), input.to_owned())),
                None => {
                    self.complain(&format!(
                        "{name}: name a file: commands can't read typed input here"
                    ));
                    return 2;
                }
            }
        }
        for path in paths {
            if path == "-" {
                texts.push((path.clone(), input.unwrap_or_default().to_owned()));
                continue;
            }
            if what == TextCommand::Grep && self.host.is_directory(path) {
                if !flags.contains(&'r') && !flags.contains(&'R') {
                    status = self.complain(&format!("grep: {path}: Is a directory")) + 1;
                    continue;
                }
                let full = format!("{}/", self.host.path(path));
                for (file, contents) in self.host.files().files {
                    if let (Some(rest), Ok(text)) =
                        (file.strip_prefix(&full), std::str::from_utf8(&contents))
                    {
                        texts.push((
                            format!("{}/{rest}", path.trim_end_matches('/')),
                            text.to_owned(),
                        ));
                    }
                }
                continue;
            }
            match self.text_of(path) {
                Ok(text) => texts.push((path.clone(), text)),
                Err(trouble) => status = self.complain(&format!("{name}: {path}: {trouble}")),
            }
        }
        match what {
            TextCommand::Print => {
                for (_, text) in &texts {
                    if flags.contains(&'n') {
                        for (number, line) in text.lines().enumerate() {
                            self.say(&format!("{:>6}\t{line}\n", number + 1));
                        }
                    } else {
                        self.say(text);
                    }
                }
            }
            TextCommand::Head | TextCommand::Tail => {
                // The number was read when the words were.
                let count: usize = first.trim_start_matches('+').parse().unwrap_or(10);
                for (index, (path, text)) in texts.iter().enumerate() {
                    if texts.len() > 1 {
                        self.say(&format!(
                            "{}==> {path} <==\n",
                            if index > 0 { "\n" } else { "" }
                        ));
                    }
                    let lines: Vec<&str> = text.split_inclusive('\n').collect();
                    let chosen = match (what, first.starts_with('+')) {
                        (TextCommand::Head, _) => &lines[..count.min(lines.len())],
                        (_, true) => &lines[count.saturating_sub(1).min(lines.len())..],
                        (_, false) => &lines[lines.len().saturating_sub(count)..],
                    };
                    self.say(&chosen.concat());
                }
            }
            TextCommand::Count => {
                for (path, text) in &texts {
                    let counts = [
                        ('l', text.matches('\n').count()),
                        ('w', text.split_whitespace().count()),
                        ('c', text.len()),
                        ('m', text.chars().count()),
                    ];
                    let shown: Vec<String> = counts
                        .iter()
                        .filter(|(flag, _)| {
                            flags.contains(flag) || (flags.is_empty() && *flag != 'm')
                        })
                        .map(|(_, count)| count.to_string())
                        .collect();
                    self.say(format!("{} {path}", shown.join(" ")).trim_end());
                    self.say("\n");
                }
            }
            TextCommand::Sort => {
                let mut lines: Vec<&str> =
                    texts.iter().flat_map(|(_, text)| text.lines()).collect();
                if !flags.contains(&'k') {
                    lines.in_order();
                }
                if flags.contains(&'n') {
                    lines.in_order_by_key(|line| {
                        line.trim_start()
                            .split(|c: char| !c.is_ascii_digit())
                            .next()
                            .and_then(|number| number.parse::<u64>().ok())
                            .unwrap_or_default()
                    });
                }
                if flags.contains(&'r') {
                    lines.reverse();
                }
                if flags.contains(&'u') {
                    lines.dedup();
                }
                for line in lines {
                    self.say(&format!("{line}\n"));
                }
            }
            TextCommand::Grep => return self.grep(flags, first, &texts, status),
            TextCommand::Tee => {}
        }
        status
    }

    fn grep(
        &mut self,
        flags: &Flags,
        pattern: &str,
        texts: &[(String, String)],
        status: i32,
    ) -> i32 {
        let fixed = flags.contains(&'F');
        let separator = if flags.contains(&'E') { "|" } else { "\\|" };
        let fold = |text: &str| {
            if flags.contains(&'i') {
                text.to_lowercase()
            } else {
                text.to_owned()
            }
        };
        let alternatives: Vec<String> = if fixed {
            vec![fold(pattern)]
        } else {
            pattern
                .split(separator)
                .map(|one| fold(&one.replace("\\.", ".")))
                .collect()
        };
        if !fixed
            && alternatives
                .iter()
                .any(|one| one.contains(['[', ']', '*', '+', '\\', '{', '?']))
        {
            self.complain("grep: only plain text with ^ $ and | can be searched for here");
            return 2;
        }
        let fits = |line: &str| {
            let line = fold(line);
            alternatives.iter().any(|one| {
                let (start, one) = match one.strip_prefix('^') {
                    Some(one) if !fixed => (true, one),
                    _ => (false, one.as_str()),
                };
                let (end, one) = match one.strip_suffix('$') {
                    Some(one) if !fixed => (true, one),
                    _ => (false, one),
                };
                match (start, end) {
                    (true, true) => line == one,
                    (true, false) => line.starts_with(one),
                    (false, true) => line.ends_with(one),
                    (false, false) => line.contains(one),
                }
            })
        };
        let named = (texts.len() > 1 || flags.contains(&'H')) && !flags.contains(&'h');
        let mut found = false;
        for (path, text) in texts {
            let prefix = if named {
                format!("{path}:")
            } else {
                String::new()
            };
            let mut count = 0;
            for (number, line) in text.lines().enumerate() {
                if fits(line) == flags.contains(&'v') {
                    continue;
                }
                count += 1;
                if !['c', 'l', 'q'].iter().any(|flag| flags.contains(flag)) {
                    let number = if flags.contains(&'n') {
                        format!("{}:", number + 1)
                    } else {
                        String::new()
                    };
                    self.say(&format!("{prefix}{number}{line}\n"));
                }
            }
            found |= count > 0;
            if flags.contains(&'c') {
                self.say(&format!("{prefix}{count}\n"));
            } else if flags.contains(&'l') && count > 0 {
                self.say(&format!("{path}\n"));
            }
        }
        if status != 0 {
            status
        } else {
            i32::from(!found)
        }
    }
}
