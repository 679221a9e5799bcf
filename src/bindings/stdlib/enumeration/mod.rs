//! `enum`.

mod flag;
mod hooks;

use flag::FLAG;
use ground::diagnostic::Result;
use hooks::{ENUM_TYPE, EnumHooks};
use python::{
    Arguments, Bound, Class, Declaration, Declared, DeclaredMethod as Method, Dict, FreeFunction,
    Interpreter, Module, NativeObject, Registry, Value, built_in, constructor, function, method,
    property,
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
        vm.class(&AUTO)
    }
}

/// `member(x)` and `nonmember(x)`.
struct Marked {
    value: Value,
    member: bool,
}

impl NativeObject for Marked {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(if self.member { &MEMBER } else { &NONMEMBER })
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

static ENUM: Declaration<Value> = Declaration {
    hooks: Some(|| Rc::new(EnumHooks)),
    properties: &[
        property("name", |_, member| Ok(name_of(member))),
        property("value", |_, member| Ok(value_of(member))),
    ],
    methods: &[
        method("__repr__", "self", |vm, member, _| {
            let value = vm.repr(&value_of(member))?;
            let class = class_label(member);
            Ok(Value::from(match name_of(member).as_text() {
                Some(name) => format!("<{class}.{name}: {value}>"),
                None => format!("<{class}: {value}>"),
            }))
        }),
        method("__str__", "self", |_, member, _| {
            let class = class_label(member);
            Ok(Value::from(match name_of(member).as_text() {
                Some(name) => format!("{class}.{name}"),
                None => format!("{class}({})", value_of(member).as_int().unwrap_or(0)),
            }))
        }),
        method("__format__", "self, format_spec", |vm, member, bound| {
            let text = Value::from(vm.str(member)?);
            format(vm, &text, bound)
        }),
        method("__hash__", "self", |vm, member, _| {
            Ok(Value::Int(vm.hash(&name_of(member))?.cast_signed()))
        }),
        method("__copy__", "self", |_, member, _| Ok(member.clone())),
        method("__deepcopy__", "self, memo", |_, member, _| {
            Ok(member.clone())
        }),
    ],
    ..Declaration::new("enum.Enum")
};

fn format(vm: &mut Interpreter, value: &Value, bound: &mut Bound<'_>) -> Result<Value> {
    let specification = bound.value("format_spec").as_text().unwrap_or_default();
    vm.format(value, &specification).map(Value::from)
}

/// The methods of members that show themselves as their values do.
static PLAIN: [Method<Value>; 2] = [
    method("__str__", "self", |vm, member, _| {
        vm.str(member.plain()).map(Value::from)
    }),
    method("__format__", "self, format_spec", |vm, member, bound| {
        format(vm, member.plain(), bound)
    }),
];

static REPR_ENUM: Declaration<Value> = Declaration {
    bases: &[&ENUM],
    ..Declaration::new("enum.ReprEnum")
};

static INT_ENUM: Declaration<Value> = Declaration {
    bases: &[&built_in::INT, &REPR_ENUM],
    methods: &PLAIN,
    ..Declaration::new("enum.IntEnum")
};

static STR_ENUM: Declaration<Value> = Declaration {
    bases: &[&built_in::STR, &REPR_ENUM],
    methods: &PLAIN,
    ..Declaration::new("enum.StrEnum")
};

static INT_FLAG: Declaration<Value> = Declaration {
    bases: &[&built_in::INT, &REPR_ENUM, &FLAG],
    methods: &PLAIN,
    ..Declaration::new("enum.IntFlag")
};

static AUTO: Declaration<Auto> = Declaration {
    constructor: constructor("self, value=_auto_null", |_, _| Ok(Value::native(Auto))),
    ..Declaration::new("enum.auto")
};

static MEMBER: Declaration<Marked> = Declaration {
    constructor: constructor("self, value", |_, bound| {
        Ok(Value::native(Marked {
            value: bound.value("value"),
            member: true,
        }))
    }),
    ..Declaration::new("enum.member")
};

static NONMEMBER: Declaration<Marked> = Declaration {
    constructor: constructor("self, value", |_, bound| {
        Ok(Value::native(Marked {
            value: bound.value("value"),
            member: false,
        }))
    }),
    ..Declaration::new("enum.nonmember")
};

fn unique(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let class = bound.value("enumeration");
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
}

static FUNCTIONS: &[FreeFunction] = &[
    function("unique", "enumeration", unique),
    function("global_enum", "cls, update_str=False", |_, bound| {
        bound.ignore(&["update_str"]);
        Ok(bound.value("cls"))
    }),
];

fn make(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let classes: [&dyn Declared; 9] = [
        &ENUM, &REPR_ENUM, &INT_ENUM, &STR_ENUM, &FLAG, &INT_FLAG, &AUTO, &MEMBER, &NONMEMBER,
    ];
    let mut module = Module::build("enum").functions(FUNCTIONS);
    for declared in classes {
        module = module.class(&vm.class(declared));
    }
    if let Some(property) = vm.registered_class("property") {
        module = module.value("property", Value::Class(property));
    }
    let metaclass = vm.class(&ENUM_TYPE);
    Ok(module
        .value("EnumMeta", metaclass.clone())
        .class(&metaclass)
        .build())
}
