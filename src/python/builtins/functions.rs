//! The built-in functions.

use ground::exception;
use ground::order::InOrder;
use std::cmp::Ordering;
use std::rc::Rc;

use crate::arguments::Arguments;
use crate::dict::Dict;
use crate::eval::Answer;
use crate::interpreter::Interpreter;
use crate::parameters;
use crate::tree::{BinaryOperator, CompareOperator};
use crate::value::{Iterator, NativeFunction, Value};
use ground::diagnostic::{Error, Result};
use ground::host::Stream;

type Function = fn(&mut Interpreter, Arguments) -> Result<Value>;

const FUNCTIONS: &[(&str, Function)] = &[
    ("print", print),
    ("len", |vm, arguments| {
        let [object] = arguments.exactly("len")?;
        vm.length(&object).map(Value::from)
    }),
    ("repr", |vm, arguments| {
        let [object] = arguments.exactly("repr")?;
        vm.repr(&object).map(Value::from)
    }),
    ("ascii", |vm, arguments| {
        let [object] = arguments.exactly("ascii")?;
        let text = vm.repr(&object)?;
        Ok(Value::from(ground::formatting::repr::ascii(&text)))
    }),
    ("hash", |vm, arguments| {
        let [object] = arguments.exactly("hash")?;
        Ok(Value::Int(vm.hash(&object)?.cast_signed()))
    }),
    ("id", |_, arguments| {
        let [object] = arguments.exactly("id")?;
        Ok(Value::Int(match object.address() {
            Some(address) => address as i64,
            None => match object {
                Value::Int(number) => 0x1000_0000 + number.wrapping_mul(32),
                _ => 0x1000,
            },
        }))
    }),
    ("callable", |vm, arguments| {
        let [object] = arguments.exactly("callable")?;
        Ok(Value::Bool(match &object {
            Value::Function(_) | Value::NativeFunction(_) | Value::Method(_) | Value::Class(_) => {
                true
            }
            Value::Native(native) if native.opaque().is_some() => true,
            other => {
                let class = vm.class_of(other);
                class.lookup("__call__").is_some() && class != vm.classes.r#type
            }
        }))
    }),
    ("isinstance", |vm, arguments| {
        let [object, class] = arguments.exactly("isinstance")?;
        vm.is_instance(&object, &class).map(Value::Bool)
    }),
    ("issubclass", |vm, arguments| {
        let [object, class] = arguments.exactly("issubclass")?;
        vm.is_subclass(&object, &class).map(Value::Bool)
    }),
    ("getattr", |vm, arguments| {
        let [object, name, default] = arguments.between::<3>("getattr", 2)?;
        let object = object.unwrap_or(Value::None);
        let Some(name) = name.and_then(|name| name.as_text()) else {
            return Err(vm.type_error("attribute name must be string"));
        };
        match default {
            None => vm.get_attribute(&object, &name),
            Some(default) => Ok(vm.find_attribute(&object, &name)?.unwrap_or(default)),
        }
    }),
    ("hasattr", |vm, arguments| {
        let [object, name] = arguments.exactly("hasattr")?;
        let Some(name) = name.as_text() else {
            return Err(vm.type_error("hasattr(): attribute name must be string"));
        };
        Ok(Value::Bool(vm.find_attribute(&object, &name)?.is_some()))
    }),
    ("setattr", |vm, arguments| {
        let [object, name, value] = arguments.exactly("setattr")?;
        let Some(name) = name.as_text() else {
            return Err(vm.type_error("attribute name must be string"));
        };
        vm.set_attribute(&object, &name, value)?;
        Ok(Value::None)
    }),
    ("delattr", |vm, arguments| {
        let [object, name] = arguments.exactly("delattr")?;
        let Some(name) = name.as_text() else {
            return Err(vm.type_error("attribute name must be string"));
        };
        vm.delete_attribute(&object, &name)?;
        Ok(Value::None)
    }),
    ("iter", |vm, arguments| {
        let [object, sentinel] = arguments.between::<2>("iter", 1)?;
        let object = object.unwrap_or(Value::None);
        match sentinel {
            None => vm.iterate(&object),
            Some(sentinel) => Ok(Iterator::new("callable_iterator", move |vm| {
                let value = vm.call(&object, Arguments::none())?;
                Ok((!vm.equal(&value, &sentinel)?).then_some(value))
            })),
        }
    }),
    ("aiter", |vm, arguments| {
        let [object] = arguments.exactly("aiter")?;
        vm.iterate(&object)
    }),
    ("next", |vm, arguments| {
        let [iterator, default] = arguments.between::<2>("next", 1)?;
        let iterator = iterator.unwrap_or(Value::None);
        let result = match (&iterator, default.is_some()) {
            (Value::Generator(generator), false) => {
                let generator = generator.clone();
                return match vm.resume(&generator, crate::eval::Sent::Value(Value::None))? {
                    Answer::Yielded(value) => Ok(value),
                    Answer::Returned(value) => Err(vm.stop_iteration(value)),
                };
            }
            _ => vm.next(&iterator)?,
        };
        match (result, default) {
            (Some(value), _) | (None, Some(value)) => Ok(value),
            (None, None) => Err(vm.stop_iteration(Value::None)),
        }
    }),
    ("abs", |vm, arguments| {
        let [object] = arguments.exactly("abs")?;
        match object.plain() {
            Value::Float(number) => Ok(Value::Float(number.abs())),
            other => match crate::operators::big(other) {
                Some(number) => Ok(Value::int(num_traits::Signed::abs(&number))),
                None => {
                    let class = vm.class_of(&object);
                    match class.lookup("__abs__") {
                        Some(method) => {
                            let method = vm.bind(&method, &object, &class)?;
                            vm.call(&method, Arguments::none())
                        }
                        None => Err(vm
                            .type_error(format!("bad operand type for abs(): '{}'", class.name()))),
                    }
                }
            },
        }
    }),
    ("min", |vm, arguments| {
        extreme(vm, arguments, "min", CompareOperator::Less)
    }),
    ("max", |vm, arguments| {
        extreme(vm, arguments, "max", CompareOperator::Greater)
    }),
    ("sum", |vm, arguments| {
        let mut bound = arguments.bind(parameters!("sum", "iterable, /, start=0"))?;
        let iterable = bound.value("iterable");
        let mut total = bound.take("start").unwrap_or(Value::Int(0));
        if total.as_str().is_some() {
            return Err(vm.type_error("sum() can't sum strings [use ''.join(seq) instead]"));
        }
        for item in vm.collect(&iterable)? {
            total = vm.binary(BinaryOperator::Add, &total, &item)?;
        }
        Ok(total)
    }),
    ("any", |vm, arguments| {
        let [iterable] = arguments.exactly("any")?;
        let iterator = vm.iterate(&iterable)?;
        while let Some(item) = vm.next(&iterator)? {
            vm.step()?;
            if vm.truth(&item)? {
                return Ok(Value::Bool(true));
            }
        }
        Ok(Value::Bool(false))
    }),
    ("all", |vm, arguments| {
        let [iterable] = arguments.exactly("all")?;
        let iterator = vm.iterate(&iterable)?;
        while let Some(item) = vm.next(&iterator)? {
            vm.step()?;
            if !vm.truth(&item)? {
                return Ok(Value::Bool(false));
            }
        }
        Ok(Value::Bool(true))
    }),
    ("sorted", |vm, arguments| {
        let mut bound = arguments.bind(parameters!(
            "sorted",
            "iterable, /, *, key=None, reverse=False"
        ))?;
        let iterable = bound.value("iterable");
        let items = vm.collect(&iterable)?;
        let key = bound.take_some("key");
        let reverse = match bound.take("reverse") {
            Some(reverse) => vm.truth(&reverse)?,
            None => false,
        };
        vm.sort(items, key.as_ref(), reverse).map(Value::list)
    }),
    ("reversed", |vm, arguments| {
        let [object] = arguments.exactly("reversed")?;
        if let Value::Instance(_) | Value::Native(_) = &object {
            let class = vm.class_of(&object);
            if let Some((owner, method)) = class.lookup_with_class("__reversed__")
                && (owner.user_defined || object.plain().address() == object.address())
            {
                let method = vm.bind(&method, &object, &class)?;
                return vm.call(&method, Arguments::none());
            }
        }
        if let Value::Class(class) = &object
            && let Some(hooks) = class.hooks.clone()
            && let Some(items) = hooks.class_iterate(vm, class)?
        {
            let mut items = vm.collect(&items)?;
            return Ok(Iterator::new("reversed", move |_| Ok(items.pop())));
        }
        match object.plain() {
            Value::List(_)
            | Value::Tuple(_)
            | Value::Str(_)
            | Value::Bytes(_)
            | Value::Range(_)
            | Value::Dict(_) => {
                let mut items = vm.collect(&object)?;
                Ok(Iterator::new("reversed", move |_| Ok(items.pop())))
            }
            Value::Native(_) => {
                let mut items = vm.collect(&object)?;
                Ok(Iterator::new("reversed", move |_| Ok(items.pop())))
            }
            _ => {
                let class = vm.class_of(&object);
                if class.lookup("__len__").is_some() && class.lookup("__getitem__").is_some() {
                    let mut index = vm.length(&object)?;
                    let object = object.clone();
                    return Ok(Iterator::new("reversed", move |vm| {
                        if index == 0 {
                            return Ok(None);
                        }
                        index -= 1;
                        vm.get_item(&object, &Value::from(index)).map(Some)
                    }));
                }
                Err(vm.type_error(format!("'{}' object is not reversible", class.name())))
            }
        }
    }),
    ("enumerate", |vm, arguments| {
        let mut bound = arguments.bind(parameters!("enumerate", "iterable, start=0"))?;
        let iterable = bound.value("iterable");
        let iterator = vm.iterate(&iterable)?;
        let mut index = bound
            .take("start")
            .and_then(|start| start.as_int())
            .unwrap_or(0);
        Ok(Iterator::new("enumerate", move |vm| {
            Ok(vm.next(&iterator)?.map(|item| {
                index += 1;
                Value::tuple(vec![Value::Int(index - 1), item])
            }))
        }))
    }),
    ("zip", |vm, arguments| {
        let mut arguments = arguments;
        let strict = match arguments.take_keyword("strict") {
            Some(strict) => vm.truth(&strict)?,
            None => false,
        };
        arguments.no_keywords("zip")?;
        let mut iterators = Vec::new();
        for iterable in &arguments.positional {
            iterators.push(vm.iterate(iterable)?);
        }
        Ok(Iterator::new("zip", move |vm| {
            if iterators.is_empty() {
                return Ok(None);
            }
            let mut items = Vec::with_capacity(iterators.len());
            for (index, iterator) in iterators.iter().enumerate() {
                match vm.next(iterator)? {
                    Some(item) => items.push(item),
                    None if strict && index > 0 => {
                        let plural = if index == 1 { " " } else { "s 1-" };
                        return Err(vm.value_error(format!(
                            "zip() argument {} is shorter than argument{plural}{index}",
                            index + 1
                        )));
                    }
                    None => {
                        if strict {
                            for (other, iterator) in iterators.iter().enumerate().skip(1) {
                                if vm.next(iterator)?.is_some() {
                                    let plural = if other == 1 { " " } else { "s 1-" };
                                    return Err(vm.value_error(format!(
                                        "zip() argument {} is longer than argument{plural}{other}",
                                        other + 1
                                    )));
                                }
                            }
                        }
                        return Ok(None);
                    }
                }
            }
            Ok(Some(Value::tuple(items)))
        }))
    }),
    ("map", |vm, arguments| {
        let mut arguments = arguments;
        arguments.no_keywords("map")?;
        let Some(function) = arguments.take_first() else {
            return Err(vm.type_error("map() must have at least two arguments."));
        };
        if arguments.positional.is_empty() {
            return Err(vm.type_error("map() must have at least two arguments."));
        }
        let mut iterators = Vec::new();
        for iterable in &arguments.positional {
            iterators.push(vm.iterate(iterable)?);
        }
        Ok(Iterator::new("map", move |vm| {
            let mut items = Vec::with_capacity(iterators.len());
            for iterator in &iterators {
                match vm.next(iterator)? {
                    Some(item) => items.push(item),
                    None => return Ok(None),
                }
            }
            vm.call(&function, Arguments::positional(items)).map(Some)
        }))
    }),
    ("filter", |vm, arguments| {
        let [function, iterable] = arguments.exactly("filter")?;
        let iterator = vm.iterate(&iterable)?;
        Ok(Iterator::new("filter", move |vm| {
            while let Some(item) = vm.next(&iterator)? {
                vm.step()?;
                let keep = if function.is_none() {
                    vm.truth(&item)?
                } else {
                    let value = vm.call(&function, Arguments::positional(vec![item.clone()]))?;
                    vm.truth(&value)?
                };
                if keep {
                    return Ok(Some(item));
                }
            }
            Ok(None)
        }))
    }),
    ("round", |vm, arguments| {
        let mut bound = arguments.bind(parameters!("round", "number, ndigits=None"))?;
        let number = bound.value("number");
        let digits = bound.take_some("ndigits");
        super::numbers::round(vm, &number, digits)
    }),
    ("divmod", |vm, arguments| {
        let [a, b] = arguments.exactly("divmod")?;
        let quotient = vm.binary(BinaryOperator::FloorDivide, &a, &b)?;
        let remainder = vm.binary(BinaryOperator::Modulo, &a, &b)?;
        Ok(Value::tuple(vec![quotient, remainder]))
    }),
    ("pow", |vm, arguments| {
        let mut bound = arguments.bind(parameters!("pow", "base, exp, mod=None"))?;
        let (base, exponent) = (bound.value("base"), bound.value("exp"));
        match bound.take_some("mod") {
            None => vm.binary(BinaryOperator::Power, &base, &exponent),
            Some(modulus) => {
                use crate::operators::big;
                let (Some(base), Some(exponent), Some(modulus)) = (
                    big(base.plain()),
                    big(exponent.plain()),
                    big(modulus.plain()),
                ) else {
                    return Err(vm.type_error(
                        "pow() 3rd argument not allowed unless all arguments are integers",
                    ));
                };
                if num_traits::Zero::is_zero(&modulus) {
                    return Err(vm.value_error("pow() 3rd argument cannot be 0"));
                }
                if num_traits::Signed::is_negative(&exponent) {
                    return Err(vm.unsupported("pow() with a negative exponent and a modulus"));
                }
                Ok(Value::int(base.modpow(&exponent, &modulus)))
            }
        }
    }),
    ("chr", |vm, arguments| {
        let [code] = arguments.exactly("chr")?;
        match vm.as_index(&code)? {
            Some(number) => u32::try_from(number)
                .ok()
                .and_then(char::from_u32)
                .map(|c| Value::from(c.to_string()))
                .ok_or_else(|| vm.value_error("chr() arg not in range(0x110000)")),
            None => {
                let class = vm.class_of(&code).name();
                Err(vm.type_error(format!(
                    "'{class}' object cannot be interpreted as an integer"
                )))
            }
        }
    }),
    ("ord", |vm, arguments| {
        let [text] = arguments.exactly("ord")?;
        match text.plain() {
            Value::Str(text) => {
                let mut chars = text.chars();
                match (chars.next(), chars.next()) {
                    (Some(c), None) => Ok(Value::Int(i64::from(u32::from(c)))),
                    _ => Err(vm.type_error(format!(
                        "ord() expected a character, but string of length {} found",
                        text.chars().count()
                    ))),
                }
            }
            Value::Bytes(bytes) if bytes.len() == 1 => Ok(Value::Int(i64::from(bytes[0]))),
            other => {
                let class = vm.class_of(other).name();
                Err(vm.type_error(format!(
                    "ord() expected string of length 1, but {class} found"
                )))
            }
        }
    }),
    ("bin", |vm, arguments| radix(vm, arguments, "bin", 2, "0b")),
    ("oct", |vm, arguments| radix(vm, arguments, "oct", 8, "0o")),
    ("hex", |vm, arguments| radix(vm, arguments, "hex", 16, "0x")),
    ("format", |vm, arguments| {
        let [object, specification] = arguments.between::<2>("format", 1)?;
        let specification = specification
            .and_then(|text| text.as_text())
            .unwrap_or_default();
        vm.format(&object.unwrap_or(Value::None), &specification)
            .map(Value::from)
    }),
    ("vars", |vm, arguments| {
        let [object] = arguments.between::<1>("vars", 0)?;
        match object {
            None => locals(vm),
            Some(object) => match vm.find_attribute(&object, "__dict__")? {
                Some(dict) => Ok(dict),
                None => Err(vm.type_error("vars() argument must have __dict__ attribute")),
            },
        }
    }),
    ("dir", |vm, arguments| {
        let [object] = arguments.between::<1>("dir", 0)?;
        let names = match object {
            Some(object) => {
                let class = vm.class_of(&object);
                if let Some((owner, method)) = class.lookup_with_class("__dir__")
                    && owner.user_defined
                {
                    let method = vm.bind(&method, &object, &class)?;
                    let names = vm.call(&method, Arguments::none())?;
                    let names = vm.collect(&names)?;
                    return vm.sort(names, None, false).map(Value::list);
                }
                vm.attribute_names(&object)
            }
            None => {
                let here = locals(vm)?;
                let mut names: Vec<String> = here
                    .as_dict()
                    .map(|dict| dict.str_entries())
                    .unwrap_or_default()
                    .into_iter()
                    .map(|(name, _)| name.to_string())
                    .collect();
                names.in_order();
                names
            }
        };
        Ok(Value::from(names))
    }),
    ("globals", |vm, arguments| {
        arguments.exactly::<0>("globals")?;
        Ok(vm.current_globals().map_or(Value::None, Value::Dict))
    }),
    ("locals", |vm, arguments| {
        arguments.exactly::<0>("locals")?;
        locals(vm)
    }),
    ("eval", |vm, arguments| {
        let [source, globals, locals] = arguments.between::<3>("eval", 1)?;
        let Some(source) = source.and_then(|source| source.as_text()) else {
            return Err(vm.type_error("eval() arg 1 must be a string, bytes or code object"));
        };
        let own = globals.is_none();
        let globals = match globals.filter(|globals| !globals.is_none()) {
            Some(globals) => globals.as_dict().cloned(),
            None => vm.current_globals(),
        }
        .unwrap_or_default();
        let locals = match locals.filter(|locals| !locals.is_none()) {
            Some(locals) => locals.as_dict().cloned(),
            None if own => self::locals(vm)?.as_dict().cloned(),
            None => None,
        };
        vm.evaluate(source.trim(), &globals, locals.as_ref())
    }),
    ("exec", |vm, arguments| {
        let [source, globals, locals] = arguments.between::<3>("exec", 1)?;
        let Some(source) = source.and_then(|source| source.as_text()) else {
            return Err(vm.type_error("exec() arg 1 must be a string, bytes or code object"));
        };
        let globals = match globals.filter(|globals| !globals.is_none()) {
            Some(globals) => globals.as_dict().cloned(),
            None => vm.current_globals(),
        }
        .unwrap_or_default();
        let code = vm.compile("<string>", &source, false)?;
        let _ = locals;
        vm.run_code(code, &globals, None)?;
        Ok(Value::None)
    }),
    ("input", |_, _| {
        Err(Error::new(exception::EOF_ERROR, "EOF when reading a line"))
    }),
    ("exit", exit),
    ("quit", exit),
    ("__import__", |vm, arguments| {
        let mut bound = arguments.bind(parameters!(
            "__import__",
            "name, globals=None, locals=None, fromlist=(), level=0"
        ))?;
        let name = bound.value("name").as_text().unwrap_or_default();
        let from = match bound.take_some("fromlist") {
            Some(list) => vm.truth(&list)?,
            None => false,
        };
        let module = vm.import(&name)?;
        if from {
            return Ok(module);
        }
        let first = name.split('.').next().unwrap_or(&name);
        vm.import(first)
    }),
    ("open", |vm, arguments| {
        let io = vm.import("io")?;
        let open = vm.get_attribute(&io, "open")?;
        vm.call(&open, arguments)
    }),
    ("breakpoint", |_, _| Ok(Value::None)),
];

fn exit(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    let class = vm.classes.exception(exception::SYSTEM_EXIT);
    Err(vm.new_exception(&class, arguments.positional))
}

fn print(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    for (name, _) in &arguments.keyword {
        if !matches!(&**name, "sep" | "end" | "file" | "flush") {
            return Err(vm.type_error(format!(
                "'{name}' is an invalid keyword argument for print()"
            )));
        }
    }
    let mut bound = arguments.bind(parameters!(
        "print",
        "*values, sep=' ', end='\\n', file=None, flush=False"
    ))?;
    let separator = match bound.take_some("sep") {
        Some(text) => vm.str(&text)?,
        None => " ".to_owned(),
    };
    let end = match bound.take_some("end") {
        Some(text) => vm.str(&text)?,
        None => "\n".to_owned(),
    };
    let file = bound.take_some("file");
    let mut text = String::new();
    for (index, value) in bound.rest.iter().enumerate() {
        if index > 0 {
            text.push_str(&separator);
        }
        text.push_str(&vm.str(value)?);
    }
    text.push_str(&end);
    match file {
        Some(file) => {
            vm.call_method(
                &file,
                "write",
                Arguments::positional(vec![Value::from(text)]),
            )?;
        }
        None => vm.print(&text)?,
    }
    let _ = Stream::Stdout;
    Ok(Value::None)
}

fn locals(vm: &mut Interpreter) -> Result<Value> {
    let Some(frame) = vm.frames.last() else {
        return Ok(Value::None);
    };
    let scope = frame.scope.clone();
    if let Some(namespace) = &scope.class_namespace {
        return Ok(Value::Dict(namespace.clone()));
    }
    if &*scope.code.name == "<module>" {
        return Ok(Value::Dict(scope.globals.clone()));
    }
    let dict = Dict::new();
    for (name, value) in scope.code.slots.iter().zip(scope.slots.borrow().iter()) {
        if let Some(value) = value {
            dict.set_name(name, value.clone());
        }
    }
    Ok(Value::Dict(Rc::new(dict)))
}

fn radix(
    vm: &mut Interpreter,
    arguments: Arguments,
    name: &str,
    radix: u32,
    prefix: &str,
) -> Result<Value> {
    let [number] = arguments.exactly(name)?;
    match crate::operators::big(number.plain()) {
        Some(number) => {
            let sign = if num_traits::Signed::is_negative(&number) {
                "-"
            } else {
                ""
            };
            let digits = num_traits::Signed::abs(&number).to_str_radix(radix);
            Ok(Value::from(format!("{sign}{prefix}{digits}")))
        }
        None => {
            let class = vm.class_of(&number).name();
            Err(vm.type_error(format!(
                "'{class}' object cannot be interpreted as an integer"
            )))
        }
    }
}

fn extreme(
    vm: &mut Interpreter,
    mut arguments: Arguments,
    name: &str,
    operator: CompareOperator,
) -> Result<Value> {
    let key = arguments.take_keyword("key").filter(|key| !key.is_none());
    let default = arguments.take_keyword("default");
    if let Some((keyword, _)) = arguments.keyword.first() {
        return Err(vm.type_error(format!(
            "{name}() got an unexpected keyword argument '{keyword}'"
        )));
    }
    let items = match &arguments.positional[..] {
        [] => {
            return Err(vm.type_error(format!("{name} expected at least 1 argument, got 0")));
        }
        [one] => vm.collect(&one.clone())?,
        many => many.to_vec(),
    };
    let mut best: Option<(Value, Value)> = None;
    for item in items {
        let rank = match &key {
            Some(key) => vm.call(key, Arguments::positional(vec![item.clone()]))?,
            None => item.clone(),
        };
        let better = match &best {
            None => true,
            Some((other, _)) => {
                let other = other.clone();
                let value = vm.compare(operator, &rank, &other)?;
                vm.truth(&value)?
            }
        };
        if better {
            best = Some((rank, item));
        }
    }
    match (best, default) {
        (Some((_, item)), _) => Ok(item),
        (None, Some(default)) => Ok(default),
        (None, None) => Err(vm.value_error(format!("{name}() arg is an empty sequence"))),
    }
}

impl Interpreter {
    /// `StopIteration` with a value.
    pub(crate) fn stop_iteration(&mut self, value: Value) -> Error {
        let class = self.classes.exception(exception::STOP_ITERATION);
        let arguments = if value.is_none() {
            Vec::new()
        } else {
            vec![value]
        };
        self.new_exception(&class, arguments)
    }

    /// Stable sort by `<`.
    pub fn sort(
        &mut self,
        items: Vec<Value>,
        key: Option<&Value>,
        reverse: bool,
    ) -> Result<Vec<Value>> {
        let mut pairs = Vec::with_capacity(items.len());
        for item in items {
            let rank = match key {
                Some(key) => self.call(key, Arguments::positional(vec![item.clone()]))?,
                None => item.clone(),
            };
            pairs.push((rank, item));
        }
        let mut failure = None;
        if reverse {
            pairs.reverse();
        }
        pairs.in_order_by(|(a, _), (b, _)| {
            if failure.is_some() {
                return Ordering::Equal;
            }
            match (a, b) {
                (Value::Str(a), Value::Str(b)) => return a.cmp(b),
                (Value::Int(a), Value::Int(b)) => return a.cmp(b),
                _ => {}
            }
            let mut less = |a: &Value, b: &Value| {
                let value = self.compare(CompareOperator::Less, a, b)?;
                self.truth(&value)
            };
            match less(b, a) {
                Ok(true) => Ordering::Greater,
                Ok(false) => match less(a, b) {
                    Ok(true) => Ordering::Less,
                    Ok(false) => Ordering::Equal,
                    Err(error) => {
                        failure = Some(error);
                        Ordering::Equal
                    }
                },
                Err(error) => {
                    failure = Some(error);
                    Ordering::Equal
                }
            }
        });
        if let Some(error) = failure {
            return Err(error);
        }
        if reverse {
            pairs.reverse();
        }
        Ok(pairs.into_iter().map(|(_, item)| item).collect())
    }
}

pub(super) fn install(vm: &mut Interpreter) {
    for &(name, body) in FUNCTIONS {
        let function = NativeFunction::new(name, "", false, body);
        vm.builtins
            .set_str(name, Value::NativeFunction(Rc::new(function)));
    }
}
