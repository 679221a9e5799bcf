//! Evaluation of expressions.

use ground::exception;
use std::rc::Rc;

use super::Scope;
use crate::arguments::Arguments;
use crate::dict::Dict;
use crate::interpreter::Interpreter;
use crate::tree::*;
use crate::value::{List, Set, Slice, Value};
use ground::diagnostic::{Error, Result};

impl Interpreter {
    /// Evaluates an expression.
    pub(crate) fn eval(&mut self, cx: &Rc<Scope>, expression: &Expression) -> Result<Value> {
        // Cheap kinds first: they need neither a step count nor an error location.
        match &expression.kind {
            ExpressionKind::Constant(value) => return Ok(value.clone()),
            ExpressionKind::Name(_, NameScope::Local(slot)) => {
                if let Some(Some(value)) = cx.slots.borrow().get(*slot as usize) {
                    return Ok(value.clone());
                }
            }
            _ => {}
        }
        let result = self.step().and_then(|()| self.eval_kind(cx, expression));
        if result.is_err() {
            self.note(expression.extent);
        }
        result
    }

    fn eval_kind(&mut self, cx: &Rc<Scope>, expression: &Expression) -> Result<Value> {
        match &expression.kind {
            ExpressionKind::Constant(value) => Ok(value.clone()),
            ExpressionKind::Name(name, place) => self.load(cx, name, *place),
            ExpressionKind::Call(call) => self.eval_call(cx, call, expression.extent),
            ExpressionKind::Attribute(object, name) => {
                let object = self.eval(cx, object)?;
                self.get_attribute(&object, name)
            }
            ExpressionKind::Subscript(object, key) => {
                let object = self.eval(cx, object)?;
                let key = self.eval(cx, key)?;
                self.set_extent(expression.extent);
                self.get_item(&object, &key)
            }
            ExpressionKind::Binary(..) => self.eval_binary(cx, expression),
            ExpressionKind::Unary(operator, operand) => {
                let operand = self.eval(cx, operand)?;
                self.unary(*operator, &operand)
            }
            ExpressionKind::And(values) => self.eval_boolean(cx, values, false),
            ExpressionKind::Or(values) => self.eval_boolean(cx, values, true),
            ExpressionKind::Compare(left, others) => self.eval_compare(cx, left, others),
            ExpressionKind::Conditional(parts) => {
                let test = self.eval(cx, &parts.0)?;
                if self.truth(&test)? {
                    self.eval(cx, &parts.1)
                } else {
                    self.eval(cx, &parts.2)
                }
            }
            ExpressionKind::List(items) => {
                let items = self.eval_items(cx, items)?;
                Ok(Value::list(items))
            }
            ExpressionKind::Tuple(items) => {
                let items = self.eval_items(cx, items)?;
                let value = Value::tuple(items);
                if value.tuple_depth() > 500 {
                    return Err(Error::unsupported("tuples nested deeper than 500"));
                }
                Ok(value)
            }
            ExpressionKind::Set(items) => {
                let set = Set::default();
                for item in self.eval_items(cx, items)? {
                    set.items.set(self, item, Value::None)?;
                }
                Ok(Value::Set(Rc::new(set)))
            }
            ExpressionKind::Dict(items) => self.eval_dict(cx, items),
            ExpressionKind::Format(pieces) => {
                let text = self.eval_format(cx, pieces)?;
                Ok(Value::from(text))
            }
            ExpressionKind::Lambda(code) => self.make_function(cx, code, None),
            ExpressionKind::Comprehension(comprehension) => {
                self.eval_comprehension(cx, comprehension)
            }
            ExpressionKind::Named(name, place, value) => {
                let value = self.eval(cx, value)?;
                self.store(cx, name, *place, value.clone())?;
                Ok(value)
            }
            ExpressionKind::Slice(parts) => {
                let mut part = |part: &Option<Expression>| match part {
                    Some(expression) => self.eval(cx, expression),
                    None => Ok(Value::None),
                };
                Ok(Value::Slice(Rc::new(Slice {
                    start: part(&parts[0])?,
                    stop: part(&parts[1])?,
                    step: part(&parts[2])?,
                })))
            }
            ExpressionKind::Starred(_) => Err(Error::new(
                exception::SYNTAX_ERROR,
                "can't use starred expression here",
            )),
            ExpressionKind::Await(value) => {
                let value = self.eval(cx, value)?;
                self.await_value(&value)
            }
            ExpressionKind::Yield(_) | ExpressionKind::YieldFrom(_) => Err(Error::unsupported(
                "a yield within a larger expression is not supported; assign it to a name first",
            )),
        }
    }

    #[inline]
    pub(crate) fn set_extent(&mut self, extent: Extent) {
        if let Some(frame) = self.frames.last_mut() {
            frame.extent = extent;
        }
    }

    fn eval_binary(&mut self, cx: &Rc<Scope>, expression: &Expression) -> Result<Value> {
        // Left-associative chains are walked in a loop, not by recursion.
        let mut chain = Vec::new();
        let mut left = expression;
        while let ExpressionKind::Binary(inner, operator, right) = &left.kind {
            chain.push((*operator, &**right, left.extent));
            left = inner;
        }
        let mut value = self.eval(cx, left)?;
        while let Some((operator, right, extent)) = chain.pop() {
            let right = self.eval(cx, right)?;
            self.set_extent(extent);
            value = match self.binary(operator, &value, &right) {
                Ok(value) => value,
                Err(error) => {
                    self.note(extent);
                    return Err(error);
                }
            };
        }
        Ok(value)
    }

    fn eval_boolean(
        &mut self,
        cx: &Rc<Scope>,
        values: &[Expression],
        until: bool,
    ) -> Result<Value> {
        let mut result = Value::None;
        for (index, value) in values.iter().enumerate() {
            result = self.eval(cx, value)?;
            if index + 1 < values.len() && self.truth(&result)? == until {
                return Ok(result);
            }
        }
        Ok(result)
    }

    fn eval_compare(
        &mut self,
        cx: &Rc<Scope>,
        left: &Expression,
        others: &[(CompareOperator, Expression)],
    ) -> Result<Value> {
        let mut left = self.eval(cx, left)?;
        let mut result = Value::Bool(true);
        for (index, (operator, right)) in others.iter().enumerate() {
            let right = self.eval(cx, right)?;
            result = self.compare(*operator, &left, &right)?;
            if index + 1 < others.len() {
                if !self.truth(&result)? {
                    return Ok(result);
                }
                left = right;
            }
        }
        Ok(result)
    }

    /// Evaluates a list of expressions, unpacking starred ones.
    pub(crate) fn eval_items(
        &mut self,
        cx: &Rc<Scope>,
        items: &[Expression],
    ) -> Result<Vec<Value>> {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            if let ExpressionKind::Starred(inner) = &item.kind {
                let inner = self.eval(cx, inner)?;
                if !self.is_iterable(&inner) {
                    let class = self.class_of(&inner).name();
                    return Err(
                        self.type_error(format!("Value after * must be an iterable, not {class}"))
                    );
                }
                values.extend(self.collect(&inner)?);
            } else {
                values.push(self.eval(cx, item)?);
            }
        }
        Ok(values)
    }

    fn eval_dict(
        &mut self,
        cx: &Rc<Scope>,
        items: &[(Option<Expression>, Expression)],
    ) -> Result<Value> {
        let dict = Dict::new();
        for (key, value) in items {
            match key {
                Some(key) => {
                    let key = self.eval(cx, key)?;
                    let value = self.eval(cx, value)?;
                    dict.set(self, key, value)?;
                }
                None => {
                    let mapping = self.eval(cx, value)?;
                    for (key, value) in self.mapping_entries(&mapping, |class| {
                        format!("'{class}' object is not a mapping")
                    })? {
                        dict.set(self, key, value)?;
                    }
                }
            }
        }
        Ok(Value::Dict(Rc::new(dict)))
    }

    /// The entries of a mapping: a `dict`, or an object with `keys()` and items.
    pub(crate) fn mapping_entries(
        &mut self,
        mapping: &Value,
        message: impl FnOnce(&str) -> String,
    ) -> Result<Vec<(Value, Value)>> {
        if let Value::Dict(dict) = mapping {
            return Ok(dict.entries());
        }
        if let Some(dict) = mapping.as_dict() {
            return Ok(dict.entries());
        }
        let Some(keys) = self.find_attribute(mapping, "keys")? else {
            let class = self.class_of(mapping).name();
            return Err(self.type_error(message(&class)));
        };
        let keys = self.call(&keys, Arguments::none())?;
        let mut entries = Vec::new();
        for key in self.collect(&keys)? {
            let value = self.get_item(mapping, &key)?;
            entries.push((key, value));
        }
        Ok(entries)
    }

    fn eval_format(&mut self, cx: &Rc<Scope>, pieces: &[FormatPiece]) -> Result<String> {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                FormatPiece::Text(piece) => text.push_str(piece),
                FormatPiece::Value(value, conversion, specification, debug) => {
                    if let Some(debug) = debug {
                        text.push_str(debug);
                    }
                    let value = self.eval(cx, value)?;
                    let value = self.convert(&value, *conversion)?;
                    let specification = if specification.is_empty() {
                        String::new()
                    } else {
                        self.eval_format(cx, specification)?
                    };
                    match (&value, specification.is_empty()) {
                        (Value::Str(piece), true) => text.push_str(piece),
                        _ => text.push_str(&self.format(&value, &specification)?),
                    }
                }
            }
        }
        self.allocate(text.len())?;
        Ok(text)
    }

    /// Applies an f-string conversion: `!r`, `!s`, `!a`.
    pub(crate) fn convert(&mut self, value: &Value, conversion: Option<char>) -> Result<Value> {
        Ok(match conversion {
            Some('r') => Value::from(self.repr(value)?),
            Some('s') => Value::from(self.str(value)?),
            Some('a') => {
                let text = self.repr(value)?;
                Value::from(ground::formatting::repr::ascii(&text))
            }
            _ => value.clone(),
        })
    }

    fn eval_comprehension(
        &mut self,
        cx: &Rc<Scope>,
        comprehension: &Comprehension,
    ) -> Result<Value> {
        let first = self.eval(cx, &comprehension.first)?;
        let first = match self.iterate(&first) {
            Ok(iterator) => iterator,
            Err(error) => {
                self.note(comprehension.first.extent);
                return Err(error);
            }
        };
        let scope = self.new_scope(cx, &comprehension.code);
        if comprehension.kind == ComprehensionKind::Generator {
            if let Some(slot) = scope.slots.borrow_mut().first_mut() {
                *slot = Some(first);
            }
            return Ok(self.make_generator(scope));
        }
        let list = Rc::new(List::default());
        let dict = Rc::new(Dict::new());
        self.set_extent(comprehension.code.extent);
        self.in_frame(scope, |vm, scope| {
            vm.run_loops(scope, comprehension, 0, &first, &list, &dict)
        })?;
        Ok(match comprehension.kind {
            ComprehensionKind::List | ComprehensionKind::Generator => Value::List(list),
            ComprehensionKind::Dict => Value::Dict(dict),
            ComprehensionKind::Set => {
                let set = Set::default();
                set.items.assign(dict.copy());
                Value::Set(Rc::new(set))
            }
        })
    }

    /// Creates the scope of a function, lambda or comprehension defined in `cx`.
    pub(crate) fn new_scope(&mut self, cx: &Rc<Scope>, code: &Rc<Code>) -> Rc<Scope> {
        Rc::new(Scope {
            slots: std::cell::RefCell::new(vec![None; code.slots.len()]),
            parent: cx.closure(),
            globals: cx.globals.clone(),
            class_namespace: None,
            class_cell: cx.class_cell.clone(),
            annotations: std::cell::RefCell::default(),
            code: code.clone(),
        })
    }

    fn run_loops(
        &mut self,
        cx: &Rc<Scope>,
        comprehension: &Comprehension,
        depth: usize,
        iterator: &Value,
        list: &Rc<List>,
        dict: &Rc<Dict>,
    ) -> Result<()> {
        let current = &comprehension.loops[depth];
        'items: while let Some(item) = self.next(iterator)? {
            self.step()?;
            self.assign(cx, &current.target, item)?;
            for condition in &current.conditions {
                let value = self.eval(cx, condition)?;
                if !self.truth(&value)? {
                    continue 'items;
                }
            }
            if let Some(next) = comprehension.loops.get(depth + 1) {
                if let Some(iterable) = &next.iterable {
                    let iterable = self.eval(cx, iterable)?;
                    let iterator = self.iterate(&iterable)?;
                    self.run_loops(cx, comprehension, depth + 1, &iterator, list, dict)?;
                }
                continue;
            }
            let Some(element) = &comprehension.element else {
                continue;
            };
            let element = self.eval(cx, element)?;
            match comprehension.kind {
                ComprehensionKind::Dict => {
                    let value = match &comprehension.value {
                        Some(value) => self.eval(cx, value)?,
                        None => Value::None,
                    };
                    dict.set(self, element, value)?;
                }
                ComprehensionKind::Set => dict.set(self, element, Value::None)?,
                _ => list.items.borrow_mut().push(element),
            }
        }
        Ok(())
    }

    fn eval_call(&mut self, cx: &Rc<Scope>, call: &Call, extent: Extent) -> Result<Value> {
        let (function, this) = match &call.function.kind {
            ExpressionKind::Attribute(object, name) => {
                let object = self.eval(cx, object)?;
                match self.load_method(&object, name) {
                    Ok(found) => found,
                    Err(error) => {
                        self.note(call.function.extent);
                        return Err(error);
                    }
                }
            }
            _ => (self.eval(cx, &call.function)?, None),
        };
        let mut arguments = Arguments {
            positional: Vec::with_capacity(call.positional.len() + usize::from(this.is_some())),
            keyword: Vec::with_capacity(call.keyword.len()),
        };
        if let Some(this) = this {
            arguments.positional.push(this);
        }
        if call.unpacks {
            self.eval_unpacking(cx, call, &function, &mut arguments)?;
        } else {
            for argument in &call.positional {
                let value = self.eval(cx, argument)?;
                arguments.positional.push(value);
            }
            for (name, argument) in &call.keyword {
                let value = self.eval(cx, argument)?;
                if let Some(name) = name {
                    arguments.keyword.push((name.clone(), value));
                }
            }
        }
        self.set_extent(extent);
        match &function {
            Value::Function(function) => self.call_function(function, arguments),
            _ => self.call(&function, arguments),
        }
    }

    fn eval_unpacking(
        &mut self,
        cx: &Rc<Scope>,
        call: &Call,
        function: &Value,
        arguments: &mut Arguments,
    ) -> Result<()> {
        for argument in &call.positional {
            if let ExpressionKind::Starred(inner) = &argument.kind {
                let value = self.eval(cx, inner)?;
                if !self.is_iterable(&value) {
                    let name = self.function_description(function);
                    let class = self.class_of(&value).name();
                    return Err(self.type_error(format!(
                        "{name} argument after * must be an iterable, not {class}"
                    )));
                }
                arguments.positional.extend(self.collect(&value)?);
            } else {
                let value = self.eval(cx, argument)?;
                arguments.positional.push(value);
            }
        }
        for (name, argument) in &call.keyword {
            let value = self.eval(cx, argument)?;
            let entries = match name {
                Some(name) => vec![(Value::Str(name.clone()), value)],
                None => {
                    let description = self.function_description(function);
                    self.mapping_entries(&value, |class| {
                        format!("{description} argument after ** must be a mapping, not {class}")
                    })?
                }
            };
            for (key, value) in entries {
                let Some(key) = key.as_text() else {
                    return Err(self.type_error("keywords must be strings"));
                };
                if arguments.keyword.iter().any(|(other, _)| *other == key) {
                    let description = self.function_description(function);
                    return Err(self.type_error(format!(
                        "{description} got multiple values for keyword argument '{key}'"
                    )));
                }
                arguments.keyword.push((key, value));
            }
        }
        Ok(())
    }

    /// `module.function()`, as CPython's call errors name the function.
    fn function_description(&mut self, function: &Value) -> String {
        match function {
            Value::Function(function) => {
                let module = function
                    .globals
                    .get_str("__name__")
                    .and_then(|name| name.as_text());
                match module {
                    Some(module) if &*module != "builtins" => {
                        format!("{module}.{}()", function.qualified_name.borrow())
                    }
                    _ => format!("{}()", function.qualified_name.borrow()),
                }
            }
            Value::Method(method) => {
                let function = method.function.clone();
                self.function_description(&function)
            }
            Value::Class(class) => format!("{}()", class.dotted_name()),
            Value::NativeFunction(function) => format!("{}()", function.qualified_name()),
            other => format!("{} object", self.class_of(other).name()),
        }
    }
}
