//! The source of a revision: call sites of operations, and edits.

use ground::formatting::repr::string_repr;
use std::rc::Rc;

use super::findings::TextEdit;
use ground::diagnostic::{Location, Result};
use python::Value;
use python::tree::{
    Block, Call, Code, Expression, ExpressionKind, Extent, FunctionDefinition, NameScope,
    Statement, StatementKind,
};

/// A revision file as source and syntax tree.
pub(super) struct Script {
    /// Path of the file.
    pub(super) path: String,
    /// Its text.
    pub(super) text: String,
    tree: Rc<Code>,
}

/// The call site of an operation.
pub(super) struct Site<'a> {
    /// The statement that consists of the call.
    pub(super) statement: &'a Statement,
    /// The call.
    pub(super) call: &'a Call,
    /// The enclosing function.
    pub(super) function: String,
    /// The enclosing blocks from the outside in, each with its statement.
    blocks: Vec<(Option<&'a Statement>, &'a [Statement])>,
    /// Whether it is in a loop or nested function, so that one call performs several operations.
    pub(super) repeated: bool,
}

impl<'a> Site<'a> {
    /// The enclosing `with` statement.
    pub(super) fn with(&self) -> Option<&'a Statement> {
        self.blocks.iter().rev().find_map(|(owner, _)| {
            owner.filter(|owner| matches!(owner.kind, StatementKind::With(_)))
        })
    }

    /// The number of statements in its block.
    pub(super) fn block_length(&self) -> usize {
        self.blocks.last().map_or(0, |(_, block)| block.len())
    }

    /// The name of the called function: `add_column`.
    pub(super) fn name(&self) -> &str {
        match &self.call.function.kind {
            ExpressionKind::Attribute(_, name) | ExpressionKind::Name(name, _) => name,
            _ => "",
        }
    }

    /// An argument by position or name.
    pub(super) fn argument(&self, place: usize, name: &str) -> Option<&'a Expression> {
        self.call.positional.get(place).or_else(|| {
            self.call
                .keyword
                .iter()
                .find(|(known, _)| known.as_deref() == Some(name))
                .map(|(_, value)| value)
        })
    }
}

/// Whether an expression is `None`.
pub(super) fn is_none(expression: &Expression) -> bool {
    matches!(&expression.kind, ExpressionKind::Constant(Value::None))
}

pub(super) fn blocks_of(statement: &Statement) -> Vec<&Block> {
    match &statement.kind {
        StatementKind::If(branches, otherwise) => branches
            .iter()
            .map(|(_, block)| block)
            .chain([otherwise])
            .collect(),
        StatementKind::While(_, body, otherwise) => vec![body, otherwise],
        StatementKind::For(it) => vec![&it.body, &it.otherwise],
        StatementKind::With(it) => vec![&it.body],
        StatementKind::Try(it) => [&it.body]
            .into_iter()
            .chain(it.handlers.iter().map(|handler| &handler.body))
            .chain([&it.otherwise, &it.finally])
            .collect(),
        StatementKind::Match(it) => it.cases.iter().map(|(_, _, block)| block).collect(),
        _ => Vec::new(),
    }
}

impl Script {
    /// Parses a revision's source.
    ///
    /// # Errors
    /// `SyntaxError`.
    pub(super) fn new(path: &str, text: &str) -> Result<Script> {
        Ok(Script {
            path: path.to_owned(),
            text: text.to_owned(),
            tree: python::parse(text)?,
        })
    }

    /// The statements of the module.
    pub(super) fn statements(&self) -> &[Statement] {
        &self.tree.body
    }

    /// The value that the module gives a name last.
    pub(super) fn assigned(&self, name: &str) -> Option<&Expression> {
        let named = |target: &Expression| matches!(&target.kind, ExpressionKind::Name(known, ..) if &**known == name);
        let mut assignments = self.statements().iter().rev();
        assignments.find_map(|statement| match &statement.kind {
            StatementKind::Assign(targets, value) => targets.iter().any(named).then_some(value),
            StatementKind::Annotated(it) => it.value.as_ref().filter(|_| named(&it.target)),
            _ => None,
        })
    }

    /// The range of the module's last import.
    pub(super) fn last_import(&self) -> Option<Extent> {
        let mut statements = self.statements().iter().rev();
        statements
            .find(|statement| {
                matches!(
                    statement.kind,
                    StatementKind::Import(_) | StatementKind::ImportFrom(_)
                )
            })
            .map(|statement| statement.extent)
    }

    /// A function of the module, with its statement.
    pub(super) fn function(&self, name: &str) -> Option<(&Statement, &FunctionDefinition)> {
        self.statements()
            .iter()
            .rev()
            .find_map(|statement| match &statement.kind {
                StatementKind::Function(function) if &*function.code.name == name => {
                    Some((statement, &**function))
                }
                _ => None,
            })
    }

    /// The statements of a function without its docstring.
    pub(super) fn body(&self, name: &str) -> Option<&[Statement]> {
        let (_, function) = self.function(name)?;
        let body = &function.code.body;
        let docstring = matches!(
            body.first().map(|statement| &statement.kind),
            Some(StatementKind::Expression(Expression {
                kind: ExpressionKind::Constant(Value::Str(_)),
                ..
            }))
        );
        Some(&body[usize::from(docstring)..])
    }

    /// Whether a function is missing or does nothing: `pass`, `...`, `return`.
    pub(super) fn is_empty(&self, name: &str) -> bool {
        self.body(name).is_none_or(|body| {
            body.iter().all(|statement| match &statement.kind {
                StatementKind::Pass => true,
                StatementKind::Return(value) => value.as_ref().is_none_or(is_none),
                StatementKind::Expression(expression) => {
                    matches!(expression.kind, ExpressionKind::Constant(_))
                }
                _ => false,
            })
        })
    }

    /// Whether a function only raises, as in an irreversible revision.
    pub(super) fn only_raises(&self, name: &str) -> bool {
        self.body(name).is_some_and(|body| {
            matches!(
                body,
                [Statement {
                    kind: StatementKind::Raise(..),
                    ..
                }]
            )
        })
    }

    /// What follows a heading such as `Revises:` on its line in the docstring, replaced.
    pub(super) fn docstring_entry(&self, heading: &str, text: &str) -> Option<TextEdit> {
        let StatementKind::Expression(docstring) = &self.statements().first()?.kind else {
            return None;
        };
        if !matches!(docstring.kind, ExpressionKind::Constant(Value::Str(_))) {
            return None;
        }
        let mut at = docstring.extent.start as usize;
        for line in self.slice(docstring.extent).split_inclusive('\n') {
            if line.starts_with(heading) {
                return Some(TextEdit {
                    start: at + heading.len(),
                    end: at + line.trim_end().len().max(heading.len()),
                    text: format!(" {text}"),
                });
            }
            at += line.len();
        }
        None
    }

    /// The source of a range.
    pub(super) fn slice(&self, extent: Extent) -> &str {
        self.text
            .get(extent.start as usize..extent.end as usize)
            .unwrap_or_default()
    }

    /// The byte offset of a 1-based line and column (in characters).
    fn offset(&self, line: u32, column: u32) -> usize {
        let start: usize = self
            .text
            .split_inclusive('\n')
            .take(line.saturating_sub(1) as usize)
            .map(str::len)
            .sum();
        let within: usize = self.text[start..]
            .chars()
            .take(column.saturating_sub(1) as usize)
            .map(char::len_utf8)
            .sum();
        start + within
    }

    /// The location of a range.
    pub(super) fn location(&self, extent: Extent) -> Location {
        let position = |offset: u32| {
            let before = self.text.get(..offset as usize).unwrap_or(&self.text);
            let line = before.matches('\n').count() + 1;
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            let column = before[start..].chars().count() + 1;
            (
                u32::try_from(line).unwrap_or(u32::MAX),
                u32::try_from(column).unwrap_or(u32::MAX),
            )
        };
        let (line, column) = position(extent.start);
        let (end_line, end_column) = position(extent.end);
        Location {
            path: self.path.as_str().into(),
            line,
            column,
            end_line,
            end_column,
        }
    }

    /// The location of a function's first line, or of the file's.
    pub(super) fn function_location(&self, name: &str) -> Location {
        let extent = self
            .function(name)
            .map_or(Extent::default(), |(statement, _)| {
                let start = statement.extent.start;
                let line = self.text[start as usize..].lines().next().unwrap_or("");
                Extent {
                    start,
                    end: start + u32::try_from(line.len()).unwrap_or(0),
                }
            });
        self.location(extent)
    }

    /// The call site at a location.
    pub(super) fn site(&self, location: &Location) -> Option<Site<'_>> {
        if !same_file(&location.path, &self.path) {
            return None;
        }
        let offset = self.offset(location.line, location.column);
        for statement in self.statements() {
            if let StatementKind::Function(function) = &statement.kind
                && contains(statement.extent, offset)
            {
                let name = function.code.name.to_string();
                let mut site = find(&function.code.body, None, offset)?;
                site.repeated |= name != "upgrade" && name != "downgrade";
                site.function = name;
                return Some(site);
            }
        }
        None
    }

    /// The indentation of the line where a range starts.
    pub(super) fn indentation(&self, extent: Extent) -> &str {
        let start = self.line_start(extent.start as usize);
        let line = &self.text[start..];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    pub(super) fn line_start(&self, offset: usize) -> usize {
        self.text[..offset].rfind('\n').map_or(0, |at| at + 1)
    }

    /// Extends a range to whole lines, if nothing else is on them.
    pub(super) fn whole_lines(&self, extent: Extent) -> (usize, usize) {
        let (start, end) = (extent.start as usize, extent.end as usize);
        let line = self.line_start(start);
        let after = self.text[end..]
            .find('\n')
            .map_or(self.text.len(), |at| end + at + 1);
        let rest = self.text[end..after].trim();
        if self.text[line..start].trim().is_empty() && (rest.is_empty() || rest.starts_with('#')) {
            (line, after)
        } else {
            (start, end)
        }
    }

    /// Replaces a statement.
    pub(super) fn replace(&self, statement: &Statement, text: &str) -> TextEdit {
        self.replace_extent(statement.extent, text)
    }

    /// Replaces a range.
    pub(super) fn replace_extent(&self, extent: Extent, text: &str) -> TextEdit {
        TextEdit {
            start: extent.start as usize,
            end: extent.end as usize,
            text: text.to_owned(),
        }
    }

    /// Removes a statement, and blocks that become empty.
    pub(super) fn remove(&self, site: &Site<'_>) -> TextEdit {
        let mut statement = site.statement;
        for (owner, block) in site.blocks.iter().rev() {
            if block.len() > 1 {
                let (start, end) = self.whole_lines(statement.extent);
                return TextEdit {
                    start,
                    end,
                    text: String::new(),
                };
            }
            match owner {
                Some(owner) if matches!(owner.kind, StatementKind::With(_)) => statement = owner,
                _ => break,
            }
        }
        self.replace(statement, "pass")
    }

    /// Inserts a statement before another one.
    pub(super) fn insert_before(&self, statement: &Statement, text: &str) -> TextEdit {
        let start = self.line_start(statement.extent.start as usize);
        let indentation = self.indentation(statement.extent);
        TextEdit {
            start,
            end: start,
            text: format!("{indentation}{text}\n"),
        }
    }

    /// Inserts a statement after another one.
    pub(super) fn insert_after(&self, statement: &Statement, text: &str) -> TextEdit {
        let (_, end) = self.whole_lines(statement.extent);
        let indentation = self.indentation(statement.extent);
        let before = if self.text[..end].ends_with('\n') {
            ""
        } else {
            "\n"
        };
        TextEdit {
            start: end,
            end,
            text: format!("{before}{indentation}{text}\n"),
        }
    }

    /// Inserts a statement at the start of a function, replacing a sole `pass`.
    pub(super) fn insert_first(&self, function: &str, text: &str) -> Option<TextEdit> {
        let body = self.body(function)?;
        match body.first() {
            Some(first) if matches!(first.kind, StatementKind::Pass) && body.len() == 1 => {
                Some(self.replace(first, text))
            }
            Some(first) => Some(self.insert_before(first, text)),
            None => {
                let (_, definition) = self.function(function)?;
                let docstring = definition.code.body.first()?;
                Some(self.insert_after(docstring, text))
            }
        }
    }

    /// The receiver of a call: `op`, `batch_op`.
    pub(super) fn receiver(&self, call: &Call) -> Option<&str> {
        match &call.function.kind {
            ExpressionKind::Attribute(receiver, _) => Some(self.slice(receiver.extent)),
            _ => None,
        }
    }

    /// The same call in a batch of its own; `name` is added to an unnamed constraint.
    pub(super) fn in_batch(&self, site: &Site<'_>, name: Option<&str>) -> Option<TextEdit> {
        let receiver = self.receiver(site.call)?;
        let function = site.name();
        let (place, keyword) = match function {
            "alter_column" | "add_column" | "drop_column" => (0, "table_name"),
            "create_foreign_key" => (1, "source_table"),
            _ => (1, "table_name"),
        };
        if site.call.unpacks {
            return None;
        }
        let table = self.slice(site.argument(place, keyword)?.extent);
        let mut options = String::new();
        let mut arguments = Vec::new();
        for (number, argument) in site.call.positional.iter().enumerate() {
            if number == place {
                continue;
            }
            if number == 0
                && place == 1
                && is_none(argument)
                && let Some(name) = name
            {
                arguments.push(string_repr(name));
                continue;
            }
            arguments.push(self.slice(argument.extent).to_owned());
        }
        for (known, value) in &site.call.keyword {
            let known = known.as_deref()?;
            let text = self.slice(value.extent);
            if known == keyword {
                continue;
            }
            if known == "schema" || known == "source_schema" {
                options = format!(", schema={text}");
                continue;
            }
            match name {
                Some(name) if known == "constraint_name" && is_none(value) => {
                    arguments.push(format!("{known}={}", string_repr(name)));
                }
                _ => arguments.push(format!("{known}={text}")),
            }
        }
        let indentation = self.indentation(site.statement.extent);
        Some(self.replace(
            site.statement,
            &format!(
                "with {receiver}.batch_alter_table({table}{options}) as batch_op:\n\
                 {indentation}    batch_op.{function}({})",
                arguments.join(", ")
            ),
        ))
    }

    /// Names used but not defined in the module and its functions, each with the dotted expression
    /// that it starts and its range.
    pub(super) fn undefined(&self) -> Vec<(String, String, Extent)> {
        let mut defined = Vec::new();
        let mut star = false;
        definitions(self.statements(), &mut defined, &mut star);
        if star {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut read = |expression: &Expression, chain: &str| {
            if let ExpressionKind::Name(name, NameScope::Global) = &expression.kind
                && !defined.contains(&name.to_string())
                && !found
                    .iter()
                    .any(|(known, _, _): &(String, String, Extent)| *known == **name)
            {
                found.push((name.to_string(), chain.to_owned(), expression.extent));
            }
        };
        for name in ["upgrade", "downgrade"] {
            if let Some((_, function)) = self.function(name) {
                for statement in function.code.body.iter() {
                    walk_statement(statement, self, &mut read);
                }
            }
        }
        found
    }
}

/// What the text of a revision file says of its place in the graph: where `down_revision` stands, its
/// id, and its parents. `None` where that is computed or the text can't be parsed.
pub fn revision_identity(path: &str, text: &str) -> Option<(Location, String, Vec<String>)> {
    let script = Script::new(path, text).ok()?;
    let string = |item: &Expression| match &item.kind {
        ExpressionKind::Constant(Value::Str(text)) => Some(text.to_string()),
        _ => None,
    };
    let id = string(script.assigned("revision")?)?;
    let value = script.assigned("down_revision")?;
    let parents = match &value.kind {
        ExpressionKind::Tuple(items) | ExpressionKind::List(items) => {
            items.iter().map(string).collect::<Option<_>>()?
        }
        _ if is_none(value) => Vec::new(),
        _ => vec![string(value)?],
    };
    Some((script.location(value.extent), id, parents))
}

/// Whether two texts of a revision file differ in nothing but comments, blank lines and the docstring.
pub fn same_code(one: &str, other: &str) -> bool {
    let code = |text: &str| -> Option<Vec<String>> {
        let script = Script::new("", text).ok()?;
        let docstring = script.statements().first().filter(|first| {
            matches!(&first.kind, StatementKind::Expression(it) if matches!(it.kind, ExpressionKind::Constant(_)))
        });
        let from = docstring.map_or(0, |statement| statement.extent.end as usize);
        let lines = script.text[from..].lines().map(str::trim_end);
        let code = lines.filter(|line| !line.is_empty() && !line.trim_start().starts_with('#'));
        Some(code.map(str::to_owned).collect())
    };
    match (code(one), code(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

/// Whether two paths refer to the same file; one of them may be relative.
pub(super) fn same_file(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim_start_matches("./"), other.trim_start_matches("./"));
    one == other
        || one
            .strip_suffix(other)
            .is_some_and(|rest| rest.ends_with('/'))
        || other
            .strip_suffix(one)
            .is_some_and(|rest| rest.ends_with('/'))
}

fn contains(extent: Extent, offset: usize) -> bool {
    (extent.start as usize..extent.end as usize).contains(&offset)
}

fn find<'a>(
    block: &'a [Statement],
    owner: Option<&'a Statement>,
    offset: usize,
) -> Option<Site<'a>> {
    for statement in block {
        if !contains(statement.extent, offset) {
            continue;
        }
        if let StatementKind::Expression(Expression {
            kind: ExpressionKind::Call(call),
            ..
        }) = &statement.kind
        {
            return Some(Site {
                statement,
                call,
                function: String::new(),
                blocks: vec![(owner, block)],
                repeated: false,
            });
        }
        for inner in blocks_of(statement) {
            if let Some(mut site) = find(inner, Some(statement), offset) {
                site.blocks.insert(0, (owner, block));
                site.repeated |= matches!(
                    statement.kind,
                    StatementKind::For(_) | StatementKind::While(..)
                );
                return Some(site);
            }
        }
        return None;
    }
    None
}

fn target_names(expression: &Expression, names: &mut Vec<String>) {
    match &expression.kind {
        ExpressionKind::Name(name, _) => names.push(name.to_string()),
        ExpressionKind::Tuple(items) | ExpressionKind::List(items) => {
            for item in items {
                target_names(item, names);
            }
        }
        _ => {}
    }
}

/// The names that a module binds.
pub(super) fn definitions(block: &[Statement], names: &mut Vec<String>, star: &mut bool) {
    for statement in block {
        match &statement.kind {
            StatementKind::Assign(targets, _) => {
                for target in targets {
                    target_names(target, names);
                }
            }
            StatementKind::Annotated(it) => target_names(&it.target, names),
            StatementKind::Augmented(target, _, _) => target_names(target, names),
            StatementKind::Import(imports) => {
                names.extend(imports.iter().map(|import| import.bound.0.to_string()));
            }
            StatementKind::ImportFrom(import) => {
                *star |= import.names.is_empty();
                names.extend(
                    import
                        .names
                        .iter()
                        .map(|(_, bound, _, _)| bound.to_string()),
                );
            }
            StatementKind::Function(function) => names.push(function.bound.0.to_string()),
            StatementKind::Class(class) => names.push(class.bound.0.to_string()),
            StatementKind::For(it) => target_names(&it.target, names),
            StatementKind::With(it) => {
                if let Some(target) = &it.target {
                    target_names(target, names);
                }
            }
            _ => {}
        }
        for inner in blocks_of(statement) {
            definitions(inner, names, star);
        }
    }
}

/// Collects the names before a dot: `sqlmodel` in `sqlmodel.sql.sqltypes.AutoString`.
fn walk_expression(
    expression: &Expression,
    script: &Script,
    read: &mut dyn FnMut(&Expression, &str),
) {
    use ExpressionKind as Kind;
    let mut each = |items: &[Expression]| {
        for item in items {
            walk_expression(item, script, read);
        }
    };
    match &expression.kind {
        Kind::Attribute(..) => {
            let mut inner = expression;
            while let Kind::Attribute(base, _) = &inner.kind {
                inner = base;
            }
            if let Kind::Name(..) = &inner.kind {
                read(inner, script.slice(expression.extent));
            } else {
                walk_expression(inner, script, read);
            }
        }
        Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) => each(items),
        Kind::Call(call) => {
            walk_expression(&call.function, script, read);
            for item in &call.positional {
                walk_expression(item, script, read);
            }
            for (_, item) in &call.keyword {
                walk_expression(item, script, read);
            }
        }
        Kind::Dict(items) => {
            for (key, value) in items {
                if let Some(key) = key {
                    walk_expression(key, script, read);
                }
                walk_expression(value, script, read);
            }
        }
        Kind::Binary(a, _, b) | Kind::Subscript(a, b) => {
            walk_expression(a, script, read);
            walk_expression(b, script, read);
        }
        Kind::Unary(_, a) | Kind::Starred(a) => walk_expression(a, script, read),
        _ => {}
    }
}

fn walk_statement(statement: &Statement, script: &Script, read: &mut dyn FnMut(&Expression, &str)) {
    match &statement.kind {
        StatementKind::Expression(expression) => walk_expression(expression, script, read),
        StatementKind::Assign(_, value) => walk_expression(value, script, read),
        StatementKind::With(it) => walk_expression(&it.manager, script, read),
        StatementKind::For(it) => walk_expression(&it.iterable, script, read),
        _ => {}
    }
    for inner in blocks_of(statement) {
        for statement in inner.iter() {
            walk_statement(statement, script, read);
        }
    }
}
