//! Creation, calls and lookups of enum classes.

use super::{
    Auto, Marked, Members, functional, is_enum_class, is_flag, members, name_of, value_of,
};
use ground::diagnostic::Result;
use python::{
    Arguments, Class, ClassBody, Declaration, Descriptor, Dict, Instance, Interpreter, NativeClass,
    Value, built_in,
};
use std::rc::Rc;

pub(super) fn is_descriptor(value: &Value) -> bool {
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

pub(super) struct EnumHooks;

impl EnumHooks {
    pub(super) fn find(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        value: &Value,
    ) -> Result<Option<Value>> {
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

    pub(super) fn flag(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        value: &Value,
    ) -> Result<Option<Value>> {
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

    pub(super) fn new_member(
        &self,
        class: &Class,
        name: Value,
        value: Value,
        base: Option<Value>,
    ) -> Value {
        let mut instance = Instance::new(class);
        instance.base = base;
        instance.attributes.set_str("_value_", value);
        instance.attributes.set_str("_name_", name.clone());
        instance
            .attributes
            .set_str("__objclass__", Value::Class(class.clone()));
        Value::Instance(Rc::new(instance))
    }

    pub(super) fn make_members(&self, vm: &mut Interpreter, class: &Class) -> Result<()> {
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

    pub(super) fn next_value(
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
        Some(vm.class(&ENUM_TYPE))
    }
}

/// The metaclass, for `type(cls)`: what it does is in the hooks.
pub(super) static ENUM_TYPE: Declaration<Value> = Declaration {
    bases: &[&built_in::TYPE],
    ..Declaration::new("enum.EnumType")
};
