//! `enum`.

use std::cell::RefCell;
use std::rc::Rc;

use ground::diagnostic::Result;
use python::{
    Arguments, Class, ClassBody, ClassBuilder, Descriptor, Dict, Instance, Interpreter, Module,
    NativeClass, NativeObject, Registry, Value,
};

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("enum", make);
}

/// The members of an enum class.
#[derive(Default)]
pub struct Members {
    /// Every name, aliases included, in the order of the class.
    names: RefCell<Vec<(Rc<str>, Value)>>,
    /// The members without aliases.
    members: RefCell<Vec<Value>>,
}

/// `auto()`.
struct Auto;

impl NativeObject for Auto {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.sealed_class("enum", "auto")
    }
}

/// `member(x)` and `nonmember(x)`.
struct Marked {
    value: Value,
    member: bool,
}

impl NativeObject for Marked {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.sealed_class("enum", if self.member { "member" } else { "nonmember" })
    }
}

/// The members of an enum class, without aliases, in order.
pub fn members(class: &Class) -> Option<Vec<Value>> {
    class
        .native::<Members>()
        .map(|members| members.members.borrow().clone())
}

fn is_enum_class(class: &Class) -> bool {
    class.mro().any(|class| class.is_named("enum.Enum"))
}

fn is_flag(class: &Class) -> bool {
    class.mro().any(|class| class.is_named("enum.Flag"))
}

fn is_descriptor(value: &Value) -> bool {
    match value {
        Value::Function(_) | Value::NativeFunction(_) | Value::Descriptor(_) | Value::Method(_) => {
            true
        }
        Value::Class(_) => false,
        Value::Instance(instance) => {
            let class = instance.class();
            ["__get__", "__set__", "__delete__"]
                .iter()
                .any(|name| class.lookup(name).is_some())
        }
        _ => false,
    }
}

fn value_of(member: &Value) -> Value {
    match member {
        Value::Instance(instance) => instance
            .attributes
            .get_str("_value_")
            .unwrap_or(Value::None),
        _ => Value::None,
    }
}

fn name_of(member: &Value) -> Value {
    match member {
        Value::Instance(instance) => instance.attributes.get_str("_name_").unwrap_or(Value::None),
        _ => Value::None,
    }
}

struct EnumHooks;

impl EnumHooks {
    fn find(&self, vm: &mut Interpreter, class: &Class, value: &Value) -> Result<Option<Value>> {
        let Some(members) = class.native::<Members>() else {
            return Ok(None);
        };
        let list = members.members.borrow().clone();
        for member in &list {
            if member.is(value) {
                return Ok(Some(member.clone()));
            }
        }
        for member in &list {
            if vm.equal(&value_of(member), value)? {
                return Ok(Some(member.clone()));
            }
        }
        Ok(None)
    }

    fn flag(&self, vm: &mut Interpreter, class: &Class, value: &Value) -> Result<Option<Value>> {
        let Some(bits) = value.as_int() else {
            return Ok(None);
        };
        let Some(members) = class.native::<Members>() else {
            return Ok(None);
        };
        let mut all = 0;
        let mut names: Vec<String> = Vec::new();
        for member in members.members.borrow().iter() {
            let own = value_of(member).as_int().unwrap_or(0);
            all |= own;
        }
        let bits = if bits < 0 { all & bits } else { bits };
        for member in members.members.borrow().iter() {
            let own = value_of(member).as_int().unwrap_or(0);
            if own != 0
                && own & (own - 1) == 0
                && bits & own == own
                && let Some(name) = name_of(member).as_text()
            {
                names.push(name.to_string());
            }
        }
        let integer = class.mro().any(|class| class.is_named("enum.IntFlag"));
        if bits & !all != 0 && !integer {
            return Ok(None);
        }
        if let Some(member) = self.find(vm, class, &Value::Int(bits))? {
            return Ok(Some(member));
        }
        let name = if names.is_empty() {
            Value::None
        } else {
            Value::from(names.join("|"))
        };
        Ok(Some(self.new_member(
            class,
            name,
            Value::Int(bits),
            integer.then_some(Value::Int(bits)),
        )))
    }

    fn new_member(&self, class: &Class, name: Value, value: Value, base: Option<Value>) -> Value {
        let mut instance = Instance::new(class);
        instance.base = base;
        instance.attributes.set_str("_value_", value);
        instance.attributes.set_str("_name_", name.clone());
        instance
            .attributes
            .set_str("__objclass__", Value::Class(class.clone()));
        Value::Instance(Rc::new(instance))
    }

    fn make_members(&self, vm: &mut Interpreter, class: &Class) -> Result<()> {
        let members = Rc::new(Members::default());
        class.set_native(members.clone());
        let mixin = class
            .mro()
            .find(|ancestor| {
                !ancestor.user_defined
                    && matches!(
                        &*ancestor.dotted_name(),
                        "str" | "int" | "float" | "bytes" | "tuple"
                    )
            })
            .cloned();
        let ignored: Vec<Rc<str>> = match class.namespace.get_str("_ignore_") {
            Some(Value::Str(names)) => names
                .replace(',', " ")
                .split_whitespace()
                .map(Rc::from)
                .collect(),
            Some(names) => vm
                .collect(&names)?
                .iter()
                .filter_map(Value::as_text)
                .collect(),
            None => Vec::new(),
        };
        let new = class
            .mro()
            .filter(|class| class.user_defined)
            .find_map(|class| class.namespace.get_str("__new__"));
        let init = class
            .mro()
            .filter(|class| class.user_defined)
            .find_map(|class| class.namespace.get_str("__init__"));
        let mut last_values: Vec<Value> = Vec::new();
        for (name, value) in class.namespace.str_entries() {
            let dunder = name.starts_with("__") && name.ends_with("__");
            let sunder = name.starts_with('_') && name.ends_with('_');
            if dunder || sunder || ignored.contains(&name) {
                continue;
            }
            let own_prefix = format!("_{}__", class.name());
            if name.starts_with(&own_prefix) {
                continue;
            }
            let value = match value.downcast::<Marked>() {
                Some(marked) if !marked.member => {
                    class.set(&name, marked.value.clone());
                    continue;
                }
                Some(marked) => marked.value.clone(),
                None if is_descriptor(&value) => continue,
                None => value,
            };
            let value = if value.downcast::<Auto>().is_some() {
                self.next_value(vm, class, &name, &last_values)?
            } else if let Value::Tuple(items) = &value
                && items.iter().any(|item| item.downcast::<Auto>().is_some())
            {
                let mut filled = Vec::new();
                for item in items.iter() {
                    if item.downcast::<Auto>().is_some() {
                        filled.push(self.next_value(vm, class, &name, &last_values)?);
                    } else {
                        filled.push(item.clone());
                    }
                }
                Value::tuple(filled)
            } else {
                value
            };
            let arguments = match &value {
                Value::Tuple(items) => items.to_vec(),
                other => vec![other.clone()],
            };
            let member = match &new {
                Some(new) => {
                    let new = match new {
                        Value::Descriptor(descriptor) => match &**descriptor {
                            Descriptor::StaticMethod(inner) => inner.clone(),
                            _ => new.clone(),
                        },
                        other => other.clone(),
                    };
                    let made = vm.call(
                        &new,
                        Arguments::positional(arguments.clone())
                            .with_first(Value::Class(class.clone())),
                    )?;
                    if let Value::Instance(instance) = &made {
                        if !instance.attributes.contains_str("_value_") {
                            let own = match &instance.base {
                                Some(base) => base.clone(),
                                None => value.clone(),
                            };
                            instance.attributes.set_str("_value_", own);
                        }
                        instance
                            .attributes
                            .set_str("_name_", Value::Str(name.clone()));
                    }
                    made
                }
                None => {
                    let (value, base) = match &mixin {
                        Some(mixin) => {
                            let base = if mixin.is_named("tuple") {
                                value.clone()
                            } else {
                                let strict =
                                    class.mro().any(|class| class.is_named("enum.StrEnum"));
                                if strict && value.as_str().is_none() {
                                    let shown = vm.repr(&value)?;
                                    return Err(vm.type_error(format!("{shown} is not a string")));
                                }
                                vm.call(
                                    &Value::Class(mixin.clone()),
                                    Arguments::positional(arguments.clone()),
                                )?
                            };
                            let shown = if arguments.len() == 1 || mixin.is_named("tuple") {
                                base.clone()
                            } else {
                                value.clone()
                            };
                            (shown, Some(base))
                        }
                        None => (value.clone(), None),
                    };
                    self.new_member(class, Value::Str(name.clone()), value, base)
                }
            };
            if let Some(init) = &init {
                vm.call(
                    init,
                    Arguments::positional(arguments).with_first(member.clone()),
                )?;
            }
            let own_value = value_of(&member);
            last_values.push(own_value.clone());
            let alias = self.find(vm, class, &own_value)?;
            let member = match alias {
                Some(first) => first,
                None => {
                    let composite = is_flag(class)
                        && own_value
                            .as_int()
                            .is_some_and(|bits| bits == 0 || bits & (bits - 1) != 0);
                    let _ = composite;
                    members.members.borrow_mut().push(member.clone());
                    member
                }
            };
            class.set(&name, member.clone());
            members.names.borrow_mut().push((name, member));
        }
        Ok(())
    }

    fn next_value(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        name: &Rc<str>,
        last: &[Value],
    ) -> Result<Value> {
        if let Some(function) = class
            .mro()
            .filter(|class| class.user_defined)
            .find_map(|class| class.namespace.get_str("_generate_next_value_"))
        {
            let function = match &function {
                Value::Descriptor(descriptor) => match &**descriptor {
                    Descriptor::StaticMethod(inner) => inner.clone(),
                    _ => function.clone(),
                },
                other => other.clone(),
            };
            return vm.call(
                &function,
                Arguments::positional(vec![
                    Value::Str(name.clone()),
                    Value::Int(1),
                    Value::from(last.len()),
                    Value::list(last.to_vec()),
                ]),
            );
        }
        if class.mro().any(|class| class.is_named("enum.StrEnum")) {
            return Ok(Value::from(name.to_lowercase()));
        }
        if is_flag(class) {
            let highest = last.iter().filter_map(Value::as_int).max().unwrap_or(0);
            let mut next = 1i64;
            while next <= highest {
                next = next.saturating_mul(2);
            }
            return Ok(Value::Int(next));
        }
        let highest = last.iter().filter_map(Value::as_int).max();
        Ok(Value::Int(highest.map_or(1, |highest| highest + 1)))
    }
}

impl NativeClass for EnumHooks {
    fn construct(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        let empty = class
            .native::<Members>()
            .is_none_or(|members| members.members.borrow().is_empty());
        if empty && (arguments.positional.len() > 1 || !arguments.keyword.is_empty()) {
            return functional(vm, class, arguments.clone()).map(Some);
        }
        let value = match arguments.positional.len() {
            0 => {
                return Err(vm.type_error(
                    "EnumType.__call__() missing 1 required positional argument: 'value'",
                ));
            }
            1 => arguments.positional[0].clone(),
            _ => Value::tuple(arguments.positional.clone()),
        };
        vm.require_known(&value, "which member it is")?;
        if let Some(member) = self.find(vm, class, &value)? {
            return Ok(Some(member));
        }
        if is_flag(class)
            && let Some(member) = self.flag(vm, class, &value)?
        {
            return Ok(Some(member));
        }
        if let Some(missing) = class
            .mro()
            .filter(|class| class.user_defined)
            .find_map(|class| class.namespace.get_str("_missing_"))
        {
            let missing = match &missing {
                Value::Descriptor(descriptor) => match &**descriptor {
                    Descriptor::ClassMethod(inner) => inner.clone(),
                    _ => missing.clone(),
                },
                other => other.clone(),
            };
            let found = vm.call(
                &missing,
                Arguments::positional(vec![Value::Class(class.clone()), value.clone()]),
            )?;
            if !found.is_none() {
                return Ok(Some(found));
            }
        }
        let shown = vm.repr(&value)?;
        Err(vm.value_error(format!(
            "{shown} is not a valid {}",
            class.qualified_name.borrow()
        )))
    }

    fn init_subclass(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        body: &mut ClassBody,
    ) -> Result<()> {
        body.keywords
            .retain(|(name, _)| !matches!(&**name, "boundary" | "_simple"));
        for base in &class.bases {
            if base
                .native::<Members>()
                .is_some_and(|members| !members.members.borrow().is_empty())
            {
                let shown = vm.repr(&Value::Class(base.clone()))?;
                return Err(vm.type_error(format!("{shown} cannot extend {}", shown)));
            }
        }
        let repr_enum = class.mro().any(|class| class.is_named("enum.ReprEnum"));
        let Some(base) = vm.registered_class("enum.Enum") else {
            return Ok(());
        };
        for name in ["__repr__", "__str__", "__format__"] {
            let found = class.lookup_with_class(name);
            let own = found.as_ref().is_some_and(|(owner, _)| owner.user_defined);
            if own || (repr_enum && name != "__repr__") {
                continue;
            }
            if let Some(method) = base.namespace.get_str(name) {
                class.set(name, method);
            }
        }
        self.make_members(vm, class)
    }

    fn class_attribute(
        &self,
        _vm: &mut Interpreter,
        class: &Class,
        name: &str,
    ) -> Result<Option<Value>> {
        let Some(members) = class.native::<Members>() else {
            return Ok(None);
        };
        Ok(match name {
            "__members__" | "_member_map_" => Some(Value::dict(
                members
                    .names
                    .borrow()
                    .iter()
                    .map(|(name, member)| (name.clone(), member.clone())),
            )),
            "_member_names_" => Some(Value::list(
                members.members.borrow().iter().map(name_of).collect(),
            )),
            "_value2member_map_" => {
                let dict = Dict::new();
                for member in members.members.borrow().iter() {
                    if let Some(text) = value_of(member).as_str() {
                        dict.set_str(text, member.clone());
                    }
                }
                let all = members.members.borrow().clone();
                for member in all {
                    let value = value_of(&member);
                    if value.as_str().is_none() {
                        let _ = dict.set(_vm, value, member);
                    }
                }
                Some(Value::Dict(Rc::new(dict)))
            }
            _ => None,
        })
    }

    fn missing_class_attribute(
        &self,
        _vm: &mut Interpreter,
        _class: &Class,
        _name: &str,
    ) -> Result<Option<Value>> {
        Ok(None)
    }

    fn set_class_attribute(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        name: &str,
        _value: &Value,
    ) -> Result<bool> {
        let taken = class.native::<Members>().is_some_and(|members| {
            members
                .names
                .borrow()
                .iter()
                .any(|(member, _)| &**member == name)
        });
        if taken {
            return Err(vm.attribute_error(format!("cannot reassign member '{name}'")));
        }
        Ok(false)
    }

    fn class_item(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        key: &Value,
    ) -> Result<Option<Value>> {
        let members = class.native::<Members>();
        let found = members.and_then(|members| {
            let key = key.as_text()?;
            members
                .names
                .borrow()
                .iter()
                .find(|(name, _)| *name == key)
                .map(|(_, member)| member.clone())
        });
        match found {
            Some(member) => Ok(Some(member)),
            None => Err(vm.key_error(key)),
        }
    }

    fn class_iterate(&self, _vm: &mut Interpreter, class: &Class) -> Result<Option<Value>> {
        let mut list = members(class).unwrap_or_default();
        if is_flag(class) {
            list.retain(|member| {
                value_of(member)
                    .as_int()
                    .is_some_and(|bits| bits > 0 && bits & (bits - 1) == 0)
            });
        }
        Ok(Some(Value::list(list)))
    }

    fn class_length(&self, _vm: &mut Interpreter, class: &Class) -> Result<Option<usize>> {
        Ok(Some(members(class).unwrap_or_default().len()))
    }

    fn class_contains(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        item: &Value,
    ) -> Result<Option<bool>> {
        if !matches!(item, Value::Instance(instance) if is_enum_class(&instance.class())) {
            let kind = vm.class_of(item).name();
            return Err(vm.type_error(format!(
                "unsupported operand type(s) for 'in': '{kind}' and '{}'",
                "EnumType"
            )));
        }
        Ok(Some(
            members(class)
                .unwrap_or_default()
                .iter()
                .any(|member| member.is(item)),
        ))
    }

    fn class_repr(&self, _vm: &mut Interpreter, class: &Class) -> Result<Option<String>> {
        let kind = if is_flag(class) { "flag" } else { "enum" };
        Ok(Some(format!("<{kind} '{}'>", class.name())))
    }

    fn metaclass(&self, vm: &mut Interpreter) -> Option<Class> {
        if let Some(class) = vm.registered_class("enum.EnumType") {
            return Some(class);
        }
        let base = vm.registered_class("type")?;
        Some(ClassBuilder::new("enum", "EnumType").base(&base).build(vm))
    }
}

/// `Enum("Name", ["a", "b"])`.
fn functional(vm: &mut Interpreter, base: &Class, mut arguments: Arguments) -> Result<Value> {
    let module = arguments.take_keyword("module");
    let start = arguments
        .take_keyword("start")
        .and_then(|start| start.as_int())
        .unwrap_or(1);
    let mixin = arguments
        .take_keyword("type")
        .filter(|kind| !kind.is_none());
    let _ = arguments.take_keyword("qualname");
    let names = arguments
        .take_keyword("names")
        .or_else(|| arguments.positional.get(1).cloned())
        .unwrap_or(Value::None);
    let Some(name) = arguments.positional.first().and_then(Value::as_text) else {
        return Err(vm.type_error("an enum needs a name"));
    };
    let namespace = Rc::new(Dict::new());
    if let Some(module) = module {
        namespace.set_str("__module__", module);
    }
    let string_valued = base.mro().any(|class| class.is_named("enum.StrEnum"));
    let items: Vec<Value> = match &names {
        Value::Str(text) => text
            .replace(',', " ")
            .split_whitespace()
            .map(Value::str)
            .collect(),
        other => match other.as_dict() {
            Some(dict) => dict
                .entries()
                .into_iter()
                .map(|(name, value)| Value::tuple(vec![name, value]))
                .collect(),
            None => vm.collect(other)?,
        },
    };
    for (index, item) in items.iter().enumerate() {
        let (name, value) = match item.as_items().as_deref() {
            Some([name, value]) => (name.as_text(), value.clone()),
            _ => {
                let name = item.as_text();
                let value = if string_valued {
                    Value::from(name.as_ref().map(|name| name.to_lowercase()))
                } else {
                    Value::Int(start + i64::try_from(index).unwrap_or(0))
                };
                (name, value)
            }
        };
        if let Some(name) = name {
            namespace.set_name(&name, value);
        }
    }
    let bases = mixin
        .into_iter()
        .chain([Value::Class(base.clone())])
        .collect();
    vm.new_class(&name, bases, namespace, Vec::new())
        .map(Value::Class)
}

fn class_label(member: &Value) -> String {
    match member {
        Value::Instance(instance) => instance.class().name().to_string(),
        _ => String::new(),
    }
}

fn make(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let r#enum = ClassBuilder::new("enum", "Enum")
        .hooks(EnumHooks)
        .property("name", |_, this| Ok(name_of(this)))
        .property("value", |_, this| Ok(value_of(this)))
        .method("__repr__", |vm, this, _| {
            let value = vm.repr(&value_of(this))?;
            let class = class_label(this);
            Ok(Value::from(match name_of(this).as_text() {
                Some(name) => format!("<{class}.{name}: {value}>"),
                None => format!("<{class}: {value}>"),
            }))
        })
        .method("__str__", |_, this, _| {
            let class = class_label(this);
            Ok(Value::from(match name_of(this).as_text() {
                Some(name) => format!("{class}.{name}"),
                None => format!("{class}({})", value_of(this).as_int().unwrap_or(0)),
            }))
        })
        .method("__format__", |vm, this, arguments| {
            let [specification] = arguments.exactly("__format__")?;
            let text = vm.str(this)?;
            let specification = specification.as_text().unwrap_or_default();
            vm.format(&Value::from(text), &specification)
                .map(Value::from)
        })
        .method("__hash__", |vm, this, _| {
            Ok(Value::Int(vm.hash(&name_of(this))?.cast_signed()))
        })
        .method("__copy__", |_, this, _| Ok(this.clone()))
        .method("__deepcopy__", |_, this, _| Ok(this.clone()))
        .build(vm);
    let int = vm.registered_class("int").unwrap_or(vm.object_class());
    let str = vm.registered_class("str").unwrap_or(vm.object_class());
    let repr_enum = ClassBuilder::new("enum", "ReprEnum")
        .base(&r#enum)
        .build(vm);
    let format_plain = |vm: &mut Interpreter, this: &Value, arguments: Arguments| {
        let [specification] = arguments.exactly("__format__")?;
        let specification = specification.as_text().unwrap_or_default();
        let plain = this.plain().clone();
        vm.format(&plain, &specification).map(Value::from)
    };
    let str_plain = |vm: &mut Interpreter, this: &Value, _arguments: Arguments| {
        let plain = this.plain().clone();
        vm.str(&plain).map(Value::from)
    };
    let int_enum = ClassBuilder::new("enum", "IntEnum")
        .base(&int)
        .base(&repr_enum)
        .method("__str__", str_plain)
        .method("__format__", format_plain)
        .build(vm);
    let str_enum = ClassBuilder::new("enum", "StrEnum")
        .base(&str)
        .base(&repr_enum)
        .method("__str__", str_plain)
        .method("__format__", format_plain)
        .build(vm);
    let flag = flag_class(vm, "Flag", std::slice::from_ref(&r#enum));
    let int_flag = {
        let builder = ClassBuilder::new("enum", "IntFlag")
            .base(&int)
            .base(&repr_enum)
            .base(&flag)
            .method("__str__", str_plain)
            .method("__format__", format_plain);
        builder.build(vm)
    };
    let auto = ClassBuilder::new("enum", "auto").hooks(AutoHooks).build(vm);
    let metaclass = EnumHooks.metaclass(vm);
    let mut module = Module::build("enum")
        .class(&r#enum)
        .class(&repr_enum)
        .class(&int_enum)
        .class(&str_enum)
        .class(&flag)
        .class(&int_flag)
        .class(&auto)
        .function("unique", |vm, arguments| {
            let [class] = arguments.exactly("unique")?;
            if let Value::Class(inner) = &class
                && let Some(members) = inner.native::<Members>()
            {
                let mut aliases = Vec::new();
                for (name, member) in members.names.borrow().iter() {
                    if let Some(own) = name_of(member).as_text()
                        && own != *name
                    {
                        aliases.push(format!("{name} -> {own}"));
                    }
                }
                if !aliases.is_empty() {
                    let shown = vm.repr(&class)?;
                    return Err(vm.value_error(format!(
                        "duplicate values found in {shown}: {}",
                        aliases.join(", ")
                    )));
                }
            }
            Ok(class)
        })
        .function("member", |_, arguments| {
            let [value] = arguments.exactly("member")?;
            Ok(Value::native(Marked {
                value,
                member: true,
            }))
        })
        .function("nonmember", |_, arguments| {
            let [value] = arguments.exactly("nonmember")?;
            Ok(Value::native(Marked {
                value,
                member: false,
            }))
        })
        .function("global_enum", |_, arguments| {
            let [class] = arguments.exactly("global_enum")?;
            Ok(class)
        });
    if let Some(property) = vm.registered_class("property") {
        module = module.value("property", Value::Class(property));
    }
    if let Some(metaclass) = metaclass {
        module = module
            .value("EnumMeta", Value::Class(metaclass.clone()))
            .value("EnumType", Value::Class(metaclass));
    }
    Ok(module.build())
}

struct AutoHooks;

impl NativeClass for AutoHooks {
    fn construct(
        &self,
        _vm: &mut Interpreter,
        _class: &Class,
        _arguments: &Arguments,
    ) -> Result<Option<Value>> {
        Ok(Some(Value::native(Auto)))
    }
}

fn flag_class(vm: &mut Interpreter, name: &str, bases: &[Class]) -> Class {
    fn bits(value: &Value) -> Option<i64> {
        match value {
            Value::Instance(_) => value_of(value).as_int(),
            other => other.as_int(),
        }
    }
    fn combine(
        vm: &mut Interpreter,
        this: &Value,
        arguments: Arguments,
        operation: fn(i64, i64) -> i64,
    ) -> Result<Value> {
        let [other] = arguments.exactly("flag")?;
        let class = vm.class_of(this);
        let (Some(a), Some(b)) = (bits(this), bits(&other)) else {
            return Ok(Value::NotImplemented);
        };
        if matches!(other, Value::Int(_))
            && !class.mro().any(|class| class.is_named("enum.IntFlag"))
        {
            return Ok(Value::NotImplemented);
        }
        vm.call(
            &Value::Class(class),
            Arguments::positional(vec![Value::Int(operation(a, b))]),
        )
    }
    let mut builder = ClassBuilder::new("enum", name);
    for base in bases {
        builder = builder.base(base);
    }
    builder
        .method("__or__", |vm, this, arguments| {
            combine(vm, this, arguments, |a, b| a | b)
        })
        .method("__and__", |vm, this, arguments| {
            combine(vm, this, arguments, |a, b| a & b)
        })
        .method("__xor__", |vm, this, arguments| {
            combine(vm, this, arguments, |a, b| a ^ b)
        })
        .method("__ror__", |vm, this, arguments| {
            combine(vm, this, arguments, |a, b| a | b)
        })
        .method("__rand__", |vm, this, arguments| {
            combine(vm, this, arguments, |a, b| a & b)
        })
        .method("__invert__", |vm, this, _| {
            let class = vm.class_of(this);
            let own = bits(this).unwrap_or(0);
            vm.call(
                &Value::Class(class),
                Arguments::positional(vec![Value::Int(!own)]),
            )
        })
        .method("__contains__", |vm, this, arguments| {
            let [other] = arguments.exactly("__contains__")?;
            let (Some(a), Some(b)) = (bits(this), bits(&other)) else {
                return Err(vm.type_error("a flag is required"));
            };
            Ok(Value::Bool(a & b == b))
        })
        .method("__bool__", |_, this, _| {
            Ok(Value::Bool(bits(this).unwrap_or(0) != 0))
        })
        .method("__iter__", |vm, this, _| {
            let class = vm.class_of(this);
            let own = bits(this).unwrap_or(0);
            let list: Vec<Value> = members(&class)
                .unwrap_or_default()
                .into_iter()
                .filter(|member| {
                    bits(member).is_some_and(|bits| {
                        bits > 0 && bits & (bits - 1) == 0 && own & bits == bits
                    })
                })
                .collect();
            vm.iterate(&Value::list(list))
        })
        .build(vm)
}
