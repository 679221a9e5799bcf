//! `enum`.

mod flag;
mod hooks;

use flag::flag_class;
use ground::diagnostic::Result;
use hooks::EnumHooks;
use python::{
    Arguments, Class, ClassBuilder, Dict, Interpreter, Module, NativeClass, NativeObject, Registry,
    Value,
};
use std::cell::RefCell;
use std::rc::Rc;

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("enum", make);
}

/// The members of an enum class.
#[derive(Default)]
pub struct Members {
    /// Every name including aliases, in definition order.
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
