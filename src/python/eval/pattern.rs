//! `match`.

use std::rc::Rc;

use super::{Flow, Scope};
use crate::dict::Dict;
use crate::interpreter::Interpreter;
use crate::tree::*;
use crate::value::{Layout, Value};
use ground::diagnostic::Result;

impl Interpreter {
    pub(crate) fn match_statement(&mut self, cx: &Rc<Scope>, statement: &Match) -> Result<Flow> {
        match self.match_case(cx, statement)? {
            Some(block) => self.exec_block(cx, &block),
            None => Ok(Flow::Normal),
        }
    }

    /// The block of the first matching case.
    pub(crate) fn match_case(
        &mut self,
        cx: &Rc<Scope>,
        statement: &Match,
    ) -> Result<Option<Block>> {
        let subject = self.eval(cx, &statement.subject)?;
        for (pattern, guard, block) in &statement.cases {
            if !self.matches(cx, pattern, &subject)? {
                continue;
            }
            if let Some(guard) = guard {
                let value = self.eval(cx, guard)?;
                if !self.truth(&value)? {
                    continue;
                }
            }
            return Ok(Some(block.clone()));
        }
        Ok(None)
    }

    fn matches(&mut self, cx: &Rc<Scope>, pattern: &Pattern, subject: &Value) -> Result<bool> {
        match pattern {
            Pattern::Value(expression) => {
                let value = self.eval(cx, expression)?;
                self.equal(subject, &value)
            }
            Pattern::Singleton(value) => Ok(subject.is(value)),
            Pattern::Star(_) => Ok(true),
            Pattern::As(inner, name) => {
                if let Some(inner) = inner
                    && !self.matches(cx, inner, subject)?
                {
                    return Ok(false);
                }
                if let Some((name, place)) = name {
                    self.store(cx, name, *place, subject.clone())?;
                }
                Ok(true)
            }
            Pattern::Or(patterns) => {
                for pattern in patterns {
                    if self.matches(cx, pattern, subject)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Pattern::Sequence(patterns) => {
                let Some(items) = self.sequence_items(subject)? else {
                    return Ok(false);
                };
                self.matches_sequence(cx, patterns, &items)
            }
            Pattern::Mapping(entries, rest) => {
                let Some(dict) = subject.as_dict().cloned() else {
                    return Ok(false);
                };
                let remaining = Rc::new(dict.copy());
                for (key, pattern) in entries {
                    let key = self.eval(cx, key)?;
                    let Some(value) = dict.get(self, &key)? else {
                        return Ok(false);
                    };
                    remaining.remove(self, &key)?;
                    if !self.matches(cx, pattern, &value)? {
                        return Ok(false);
                    }
                }
                if let Some((name, place)) = rest {
                    let copy = Dict::new();
                    copy.assign(remaining.copy());
                    self.store(cx, name, *place, Value::Dict(Rc::new(copy)))?;
                }
                Ok(true)
            }
            Pattern::Class(class, positional, keyword) => {
                let class = self.eval(cx, class)?;
                if !self.is_instance(subject, &class)? {
                    return Ok(false);
                }
                let mut seen = Vec::new();
                if !positional.is_empty() {
                    let itself = class.as_class().is_some_and(|class| {
                        !class.user_defined
                            && !matches!(class.layout, Layout::Object | Layout::Exception)
                    });
                    if itself {
                        if positional.len() > 1 {
                            return Err(self.type_error(format!(
                                "{}() accepts 1 positional sub-pattern ({} given)",
                                class
                                    .as_class()
                                    .map_or_else(|| Rc::from(""), |class| class.name()),
                                positional.len()
                            )));
                        }
                        if !self.matches(cx, &positional[0], subject)? {
                            return Ok(false);
                        }
                    } else {
                        let names = match self.find_attribute(&class, "__match_args__")? {
                            Some(names) => self.collect(&names)?,
                            None => Vec::new(),
                        };
                        if positional.len() > names.len() {
                            let name = class
                                .as_class()
                                .map_or_else(|| Rc::from(""), |class| class.name());
                            let plural = if names.len() == 1 { "" } else { "s" };
                            return Err(self.type_error(format!(
                                "{name}() accepts {} positional sub-pattern{plural} ({} given)",
                                names.len(),
                                positional.len()
                            )));
                        }
                        for (pattern, name) in positional.iter().zip(names) {
                            let Some(name) = name.as_text() else {
                                continue;
                            };
                            let Some(value) = self.find_attribute(subject, &name)? else {
                                return Ok(false);
                            };
                            if !self.matches(cx, pattern, &value)? {
                                return Ok(false);
                            }
                            seen.push(name);
                        }
                    }
                }
                for (name, pattern) in keyword {
                    if seen.iter().any(|other| **other == **name) {
                        let shown = class
                            .as_class()
                            .map_or_else(|| Rc::from(""), |class| class.name());
                        return Err(self.type_error(format!(
                            "{shown}() got multiple sub-patterns for attribute '{name}'"
                        )));
                    }
                    let Some(value) = self.find_attribute(subject, name)? else {
                        return Ok(false);
                    };
                    if !self.matches(cx, pattern, &value)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
        }
    }

    /// The items of what a sequence pattern matches: no string, no bytes, no set.
    fn sequence_items(&mut self, subject: &Value) -> Result<Option<Vec<Value>>> {
        let sequence = match subject.plain() {
            Value::List(_) | Value::Tuple(_) | Value::Range(_) => true,
            Value::Instance(_) | Value::Native(_) => {
                let class = self.class_of(subject);
                class.inherits_from("collections.abc.Sequence")
                    || class.inherits_from("collections.deque")
            }
            _ => false,
        };
        if sequence {
            self.collect(subject).map(Some)
        } else {
            Ok(None)
        }
    }

    fn matches_sequence(
        &mut self,
        cx: &Rc<Scope>,
        patterns: &[Pattern],
        items: &[Value],
    ) -> Result<bool> {
        let star = patterns
            .iter()
            .position(|pattern| matches!(pattern, Pattern::Star(_)));
        let Some(star) = star else {
            if patterns.len() != items.len() {
                return Ok(false);
            }
            for (pattern, item) in patterns.iter().zip(items) {
                if !self.matches(cx, pattern, item)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        };
        let after = patterns.len() - star - 1;
        if items.len() < star + after {
            return Ok(false);
        }
        for (pattern, item) in patterns[..star].iter().zip(items) {
            if !self.matches(cx, pattern, item)? {
                return Ok(false);
            }
        }
        if let Pattern::Star(Some((name, place))) = &patterns[star] {
            let middle = items[star..items.len() - after].to_vec();
            self.store(cx, name, *place, Value::list(middle))?;
        }
        for (pattern, item) in patterns[star + 1..]
            .iter()
            .zip(&items[items.len() - after..])
        {
            if !self.matches(cx, pattern, item)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
