//! Attributes of mapped classes: `User.id` is an expression, `user.id` a value.

use std::any::Any;
use std::rc::Rc;

use super::properties::{COLUMN_PROPERTY, Property, PropertyKind};
use crate::bindings::conversion::{self, known_class};
use crate::bindings::sqlalchemy::schema::column_attribute;
use crate::bindings::sqlalchemy::sql;
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, BinaryOperator, Class, CompareOperator, Declaration, Dict, Interpreter,
    NativeObject, UnaryOperator, Value, method,
};
use sqlalchemy::schema::Column;

/// The instrumented attribute of a column.
pub struct Attribute {
    /// The class.
    pub class: Class,
    /// The name of the attribute.
    pub key: Rc<str>,
    /// The column.
    pub column: Column,
}

impl NativeObject for Attribute {
    fn stands_for(&self) -> Option<Rc<dyn Any>> {
        Some(Rc::new(self.column.clone()))
    }

    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&INSTRUMENTED_ATTRIBUTE)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match name {
            "key" => Some(Value::Str(self.key.clone())),
            "class_" => Some(Value::Class(self.class.clone())),
            "parent" => self.class.lookup("__mapper__"),
            "expression" => Some(conversion::column_value(vm, &self.column)),
            "property" | "prop" => Some(Value::native(ColumnPropertyObject {
                key: self.key.clone(),
                column: self.column.clone(),
                class: self.class.clone(),
            })),
            _ => column_attribute(vm, &self.column, name)?,
        })
    }

    fn descriptor_get(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        instance: Option<&Value>,
        _owner: &Class,
    ) -> Result<Option<Value>> {
        Ok(Some(match instance {
            None => this.clone(),
            // An attribute that was never set is `None` until a flush or a load provides a value.
            Some(instance) => super::session_state::missing_value(vm, instance, &self.key)?,
        }))
    }

    fn binary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        sql::binary(vm, this, operator, other, reflected)
    }

    fn unary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: UnaryOperator,
    ) -> Result<Option<Value>> {
        sql::unary(vm, this, operator)
    }

    fn compare(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        sql::compare(vm, this, operator, other)
    }

    fn get_item(&self, this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        sql::get_item(vm, this, key)
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Err(Error::new(
            "TypeError",
            "Boolean value of this clause is not defined",
        ))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(self.column.identity_key() as u64))
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(format!("{}.{}", self.class.name(), self.key)))
    }
}

/// `User.id.property`.
struct ColumnPropertyObject {
    key: Rc<str>,
    column: Column,
    class: Class,
}

impl NativeObject for ColumnPropertyObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&COLUMN_PROPERTY)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match name {
            "key" => Some(Value::Str(self.key.clone())),
            "columns" => Some(Value::list(vec![conversion::column_value(
                vm,
                &self.column,
            )])),
            "expression" => Some(conversion::column_value(vm, &self.column)),
            "parent" => self.class.lookup("__mapper__"),
            _ => None,
        })
    }
}

/// The instrumented attribute of a relationship, synonym or other property.
pub struct PropertyAttribute {
    /// The class.
    pub class: Class,
    /// The name of the attribute.
    pub key: Rc<str>,
    /// The property.
    pub property: Rc<Property>,
}

impl PropertyAttribute {
    /// Whether a relationship is a collection.
    fn uses_list(&self, vm: &mut Interpreter) -> Result<bool> {
        if self.property.kind != PropertyKind::Relationship {
            return Ok(false);
        }
        if let Some(value) = self.property.arguments.keyword_value("uselist") {
            return vm.truth(value);
        }
        if self.property.arguments.keyword_value("secondary").is_some() {
            return Ok(true);
        }
        let annotation = self.property.annotation.borrow().clone();
        let text = match &annotation {
            Some(Value::Str(text)) => text.to_string(),
            Some(other) => vm.repr(other)?,
            None => return Ok(false),
        };
        let head = text.trim_start_matches("typing.").to_lowercase();
        Ok(["list[", "set[", "dict["]
            .iter()
            .any(|kind| head.starts_with(kind)))
    }
}

impl NativeObject for PropertyAttribute {
    fn stands_for(&self) -> Option<Rc<dyn Any>> {
        self.property.stands_for()
    }

    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&INSTRUMENTED_ATTRIBUTE)
    }

    fn get_attribute(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        if let Some(target) = self.property.synonym_target()
            && let Some(value) = self.class.lookup(&target)
            && !value.is(this)
        {
            return vm.find_attribute(&value, name);
        }
        Ok(match name {
            "key" => Some(Value::Str(self.key.clone())),
            "class_" => Some(Value::Class(self.class.clone())),
            "parent" => self.class.lookup("__mapper__"),
            "property" | "prop" => Some(Value::Native(self.property.clone())),
            _ => None,
        })
    }

    fn descriptor_get(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        instance: Option<&Value>,
        _owner: &Class,
    ) -> Result<Option<Value>> {
        let Some(instance) = instance else {
            if let Some(target) = self.property.synonym_target()
                && let Some(value) = self.class.lookup(&target)
            {
                return Ok(Some(value));
            }
            return Ok(Some(this.clone()));
        };
        if let Some(target) = self.property.synonym_target() {
            return vm.get_attribute(instance, &target).map(Some);
        }
        super::session_state::refuse_loading(instance, &self.class, &self.key)?;
        if self.uses_list(vm)?
            && let Value::Instance(object) = instance
        {
            let list = Value::list(Vec::new());
            object.attributes.set_name(&self.key, list.clone());
            return Ok(Some(list));
        }
        Ok(Some(Value::None))
    }

    fn is_data_descriptor(&self) -> bool {
        self.property.kind == PropertyKind::Synonym
    }

    fn descriptor_set(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        instance: &Value,
        value: &Value,
    ) -> Result<bool> {
        match self.property.synonym_target() {
            Some(target) => {
                vm.set_attribute(instance, &target, value.clone())?;
                Ok(true)
            }
            None => Ok(false),
        }
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(format!("{}.{}", self.class.name(), self.key)))
    }
}

pub(super) static QUERYABLE_ATTRIBUTE: Declaration<Value> = Declaration {
    registered_bases: &["sqlalchemy.sql.elements.ColumnElement"],
    ..Declaration::new("sqlalchemy.orm.attributes.QueryableAttribute")
};

/// The class of instrumented attributes, for columns and other properties.
pub(super) static INSTRUMENTED_ATTRIBUTE: Declaration<Value> = Declaration {
    bases: &[&QUERYABLE_ATTRIBUTE],
    methods: &[
        method("of_type", "self, entity", |_, this, _| Ok(this.clone())),
        method("and_", "self, *clauses", |_, this, _| Ok(this.clone())),
        method("has", "self, criterion=None, **kwargs", |_, _, _| {
            Err(Error::unsupported(
                "has() on a relationship is not possible here; write a join or exists()",
            ))
        }),
        method("any", "self, criterion=None, **kwargs", |_, _, _| {
            Err(Error::unsupported(
                "any() on a relationship is not possible here; write a join or exists()",
            ))
        }),
    ],
    ..Declaration::new("sqlalchemy.orm.attributes.InstrumentedAttribute")
};

pub(super) static READ_ONLY_PROPERTIES: Declaration<AttributesObject> =
    Declaration::new("sqlalchemy.util._collections.ReadOnlyProperties");

/// `mapper.attrs`: attributes by name.
pub struct AttributesObject(
    /// The attributes.
    pub Rc<Dict>,
);

impl NativeObject for AttributesObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&READ_ONLY_PROPERTIES)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        if let Some(found) = self.0.get_str(name) {
            return Ok(Some(found));
        }
        let dict = Value::Dict(self.0.clone());
        match name {
            "keys" | "values" | "items" | "get" => vm.find_attribute(&dict, name),
            _ => Ok(None),
        }
    }

    fn get_item(&self, _this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        vm.get_item(&Value::Dict(self.0.clone()), key).map(Some)
    }

    fn contains(&self, _this: &Value, _vm: &mut Interpreter, item: &Value) -> Result<Option<bool>> {
        Ok(Some(
            item.as_str().is_some_and(|name| self.0.contains_str(name)),
        ))
    }

    fn length(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<usize>> {
        Ok(Some(self.0.len()))
    }

    fn iterate(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(Value::list(self.0.values())))
    }
}

/// `hybrid_property` and `hybrid_method`.
pub struct Hybrid {
    /// Whether it is a `hybrid_method`, called with arguments.
    pub method: bool,
    /// The instance-level function.
    pub get: Value,
    /// The class-level expression, if it differs.
    pub expression: Option<Value>,
    /// The setter.
    pub set: Option<Value>,
}

impl NativeObject for Hybrid {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(
            vm,
            if self.method {
                "sqlalchemy.ext.hybrid.hybrid_method"
            } else {
                "sqlalchemy.ext.hybrid.hybrid_property"
            },
        )
    }

    fn get_attribute(
        &self,
        this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        if name == "fget" || name == "func" {
            return Ok(Some(self.get.clone()));
        }
        let (method, get) = (self.method, self.get.clone());
        let (expression, set) = (self.expression.clone(), self.set.clone());
        Ok(match name {
            "expression" => Some(Value::function("expression", move |_, arguments| {
                let [function] = arguments.exactly("expression")?;
                Ok(Value::native(Hybrid {
                    method,
                    get: get.clone(),
                    expression: Some(unwrap_class_method(function)),
                    set: set.clone(),
                }))
            })),
            "setter" => Some(Value::function("setter", move |_, arguments| {
                let [function] = arguments.exactly("setter")?;
                Ok(Value::native(Hybrid {
                    method,
                    get: get.clone(),
                    expression: expression.clone(),
                    set: Some(function),
                }))
            })),
            "getter" => Some(Value::function("getter", move |_, arguments| {
                let [function] = arguments.exactly("getter")?;
                Ok(Value::native(Hybrid {
                    method,
                    get: function,
                    expression: expression.clone(),
                    set: set.clone(),
                }))
            })),
            "deleter" | "comparator" | "update_expression" | "bulk_dml" => {
                let this = this.clone();
                Some(Value::function(name, move |_, _| Ok(this.clone())))
            }
            "inplace" | "overrides" => Some(this.clone()),
            _ => None,
        })
    }

    fn descriptor_get(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        instance: Option<&Value>,
        owner: &Class,
    ) -> Result<Option<Value>> {
        let (function, first) = match instance {
            Some(instance) => (self.get.clone(), instance.clone()),
            None => (
                self.expression.clone().unwrap_or_else(|| self.get.clone()),
                Value::Class(owner.clone()),
            ),
        };
        if self.method {
            return Ok(Some(Value::function(
                "hybrid_method",
                move |vm, arguments| vm.call(&function, arguments.with_first(first.clone())),
            )));
        }
        vm.call(&function, Arguments::positional(vec![first]))
            .map(Some)
    }

    fn is_data_descriptor(&self) -> bool {
        !self.method
    }

    fn descriptor_set(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        instance: &Value,
        value: &Value,
    ) -> Result<bool> {
        match &self.set {
            Some(set) => {
                vm.call(
                    set,
                    Arguments::positional(vec![instance.clone(), value.clone()]),
                )?;
                Ok(true)
            }
            None => Err(vm.attribute_error("can't set attribute")),
        }
    }
}

/// Unwraps the function of a `classmethod`.
pub fn unwrap_class_method(value: Value) -> Value {
    match &value {
        Value::Descriptor(descriptor) => match &**descriptor {
            python::Descriptor::ClassMethod(function) => function.clone(),
            _ => value,
        },
        _ => value,
    }
}

/// `association_proxy(...)`: stored, but not mapped.
pub struct AssociationProxy {
    /// The arguments it was created with.
    pub arguments: Arguments,
}

impl NativeObject for AssociationProxy {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.ext.associationproxy.AssociationProxy")
    }

    fn descriptor_get(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        instance: Option<&Value>,
        _owner: &Class,
    ) -> Result<Option<Value>> {
        let Some(instance) = instance else {
            return Ok(Some(this.clone()));
        };
        let names: Vec<Rc<str>> = self
            .arguments
            .positional
            .iter()
            .filter_map(Value::as_text)
            .collect();
        let [collection, attribute] = &names[..] else {
            return Ok(Some(Value::None));
        };
        let target = vm.get_attribute(instance, collection)?;
        if target.is_none() {
            return Ok(Some(Value::None));
        }
        if let Value::List(_) = target {
            let mut values = Vec::new();
            for item in vm.collect(&target)? {
                values.push(vm.get_attribute(&item, attribute)?);
            }
            return Ok(Some(Value::list(values)));
        }
        vm.get_attribute(&target, attribute).map(Some)
    }
}
