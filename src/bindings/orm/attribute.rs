//! Attributes of mapped classes: `User.id` is an expression, `user.id` a value.

use std::any::Any;
use std::rc::Rc;

use super::properties::{ColumnPropertyObject, Property, PropertyKind};
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::schema::column_attribute;
use crate::bindings::sqlalchemy::sql;
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, BinaryOperator, Bound, Class, CompareOperator, Declaration, Dict, Interpreter,
    NativeObject, Receiver, UnaryOperator, Value, method, property,
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

    /// The attributes of the column, besides the class's own.
    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        if QUERYABLE_ATTRIBUTE.declares(name) {
            return Ok(None);
        }
        column_attribute(vm, &self.column, name)
    }

    fn descriptor_get(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        instance: Option<&Value>,
        owner: &Class,
    ) -> Result<Option<Value>> {
        Ok(Some(match instance {
            // The attribute of a class that inherits it selects from that class.
            None if *owner != self.class && super::decl_base::is_mapped(owner) => {
                Value::native(Attribute {
                    class: owner.clone(),
                    key: self.key.clone(),
                    column: self.column.clone(),
                })
            }
            None => this.clone(),
            Some(instance) => super::instance::missing_value(vm, instance, &self.key)?,
        }))
    }

    fn descriptor_set(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        instance: &Value,
        value: &Value,
    ) -> Result<bool> {
        super::instance::set_value(vm, instance, &self.key, value)
    }

    fn descriptor_delete(&self, vm: &mut Interpreter, instance: &Value) -> Result<bool> {
        super::instance::delete_value(vm, instance, &self.key)
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
    /// What the relationship is in a statement.
    ///
    /// # Errors
    /// What configuring the mappings raises.
    pub(super) fn comparator(&self, vm: &mut Interpreter) -> Result<Value> {
        super::library::call(
            vm,
            "util",
            "comparator",
            vec![
                Value::Class(self.class.clone()),
                Value::Str(self.key.clone()),
            ],
        )
    }

    fn is_relationship(&self) -> bool {
        self.property.kind == PropertyKind::Relationship
    }
}

impl NativeObject for PropertyAttribute {
    fn stands_for(&self) -> Option<Rc<dyn Any>> {
        self.property.stands_for()
    }

    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&INSTRUMENTED_ATTRIBUTE)
    }

    /// A synonym stands for the attribute that it names.
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
        let of_comparator = [
            "contains",
            "is_",
            "is_not",
            "isnot",
            "in_",
            "adapt_to_entity",
        ];
        if self.is_relationship() && of_comparator.contains(&name) {
            let comparator = self.comparator(vm)?;
            return vm.find_attribute(&comparator, name);
        }
        Ok(None)
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
        if self.property.kind == PropertyKind::Composite {
            return super::instance::composite_value(vm, instance, &self.property).map(Some);
        }
        super::instance::missing_value(vm, instance, &self.key).map(Some)
    }

    fn compare(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        if !self.is_relationship() {
            return Ok(None);
        }
        let comparator = self.comparator(vm)?;
        vm.compare(operator, &comparator, other).map(Some)
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(Rc::as_ptr(&self.property) as usize as u64))
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
            None if self.property.kind == PropertyKind::Composite => {
                super::instance::set_composite(vm, instance, &self.property, value)
            }
            None => super::instance::set_value(vm, instance, &self.key, value),
        }
    }

    fn descriptor_delete(&self, vm: &mut Interpreter, instance: &Value) -> Result<bool> {
        match self.property.synonym_target() {
            Some(target) => super::instance::delete_value(vm, instance, &target),
            None => super::instance::delete_value(vm, instance, &self.key),
        }
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(format!("{}.{}", self.class.name(), self.key)))
    }
}

/// An instrumented attribute of either kind.
pub(super) enum AnyAttribute {
    Column(Rc<Attribute>),
    Property(Rc<PropertyAttribute>),
}

impl Receiver for AnyAttribute {
    fn receive<R>(this: &Value, then: impl FnOnce(&AnyAttribute) -> R) -> Option<R> {
        let attribute = match this.downcast::<Attribute>() {
            Some(attribute) => AnyAttribute::Column(attribute),
            None => AnyAttribute::Property(this.downcast::<PropertyAttribute>()?),
        };
        Some(then(&attribute))
    }
}

impl AnyAttribute {
    fn key(&self) -> Rc<str> {
        match self {
            AnyAttribute::Column(attribute) => attribute.key.clone(),
            AnyAttribute::Property(attribute) => attribute.key.clone(),
        }
    }

    fn class(&self) -> &Class {
        match self {
            AnyAttribute::Column(attribute) => &attribute.class,
            AnyAttribute::Property(attribute) => &attribute.class,
        }
    }

    fn property(&self) -> Value {
        match self {
            AnyAttribute::Column(attribute) => Value::native(ColumnPropertyObject {
                key: attribute.key.clone(),
                column: attribute.column.clone(),
                class: attribute.class.clone(),
            }),
            AnyAttribute::Property(attribute) => Value::Native(attribute.property.clone()),
        }
    }

    fn expression(&self, vm: &mut Interpreter) -> Result<Value> {
        match self {
            AnyAttribute::Column(attribute) => Ok(conversion::column_value(vm, &attribute.column)),
            AnyAttribute::Property(_) => Err(vm.attribute_error("expression")),
        }
    }
}

pub(super) static QUERYABLE_ATTRIBUTE: Declaration<AnyAttribute> = Declaration {
    bases: &[&sql::COLUMN_ELEMENT],
    properties: &[
        property("key", |_, attribute| Ok(attribute.key().into())),
        property("class_", |_, attribute| {
            Ok(attribute.class().clone().into())
        }),
        property("parent", |_, attribute| {
            Ok(attribute.class().lookup("__mapper__").into())
        }),
        property("property", |_, attribute| Ok(attribute.property())),
        property("prop", |_, attribute| Ok(attribute.property())),
        property("expression", |vm, attribute| attribute.expression(vm)),
    ],
    ..Declaration::new("sqlalchemy.orm.attributes.QueryableAttribute")
};

/// A method of a relationship's comparator.
fn compared(
    vm: &mut Interpreter,
    this: &Value,
    name: &str,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    bound.take("self");
    let mut positional: Vec<Value> = ["criterion", "entity", "other"]
        .into_iter()
        .filter_map(|parameter| bound.take(parameter))
        .collect();
    positional.append(&mut bound.rest);
    let arguments = Arguments {
        positional,
        keyword: bound.take_keywords(),
    };
    let comparator = match this.downcast::<PropertyAttribute>() {
        Some(attribute) if attribute.is_relationship() => attribute.comparator(vm)?,
        _ => {
            return Err(vm.attribute_error(format!(
                "Neither 'InstrumentedAttribute' object nor 'Comparator' object has an attribute \
                 '{name}'"
            )));
        }
    };
    vm.call_method(&comparator, name, arguments)
}

/// The class of instrumented attributes, for columns and other properties.
pub(super) static INSTRUMENTED_ATTRIBUTE: Declaration<Value> = Declaration {
    bases: &[&QUERYABLE_ATTRIBUTE],
    methods: &[
        method("of_type", "self, entity", |vm, this, bound| {
            compared(vm, this, "of_type", bound)
        }),
        method("and_", "self, *clauses", |vm, this, bound| {
            compared(vm, this, "and_", bound)
        }),
        method(
            "has",
            "self, criterion=None, **kwargs",
            |vm, this, bound| compared(vm, this, "has", bound),
        ),
        method(
            "any",
            "self, criterion=None, **kwargs",
            |vm, this, bound| compared(vm, this, "any", bound),
        ),
    ],
    ..Declaration::new("sqlalchemy.orm.attributes.InstrumentedAttribute")
};

pub(super) static READ_ONLY_PROPERTIES: Declaration<AttributesObject> = Declaration {
    methods: &[
        method("keys", "self", |vm, attributes, _| {
            attributes.call(vm, "keys")
        }),
        method("values", "self", |vm, attributes, _| {
            attributes.call(vm, "values")
        }),
        method("items", "self", |vm, attributes, _| {
            attributes.call(vm, "items")
        }),
        method("get", "self, key, default=None", |_, attributes, bound| {
            let key = bound.value("key").as_text();
            let found = key.and_then(|key| attributes.0.get_str(&key));
            Ok(found.unwrap_or_else(|| bound.value("default")))
        }),
    ],
    ..Declaration::new("sqlalchemy.util._collections.ReadOnlyProperties")
};

/// `mapper.attrs`: attributes by name.
pub struct AttributesObject(
    /// The attributes.
    pub Rc<Dict>,
);

impl AttributesObject {
    fn call(&self, vm: &mut Interpreter, method: &str) -> Result<Value> {
        let found = vm.call_method(&Value::Dict(self.0.clone()), method, Arguments::none())?;
        Ok(Value::list(vm.collect(&found)?))
    }
}

impl NativeObject for AttributesObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&READ_ONLY_PROPERTIES)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(self.0.get_str(name))
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
