//! `mapped_column(...)`: a column whose type and nullability are derived from an annotation.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::annotation::{self, Shape, mapped_annotation_error};
use super::registry::Registry;
use crate::bindings::conversion::{self, argument_error};
use crate::bindings::sqlalchemy::schema::column_attribute;
use crate::bindings::sqlalchemy::schema::make_column;
use crate::bindings::sqlalchemy::{schema, sql};
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, BinaryOperator, Class, CompareOperator, Declaration, Declared, Interpreter,
    NativeObject, Property, UnaryOperator, Value, property,
};
use sqlalchemy::schema::{
    Autoincrement, Column, ColumnItem, Constraint, ForeignKey, ReferenceArgument, ServerDefault,
};

/// Dataclass field options.
#[derive(Clone, Default)]
pub struct DataclassOptions {
    /// `init=`.
    pub init: Option<bool>,
    /// `default=`.
    pub default: Option<Value>,
    /// Whether `insert_default=` was given.
    pub has_insert_default: bool,
    /// `default_factory=`.
    pub default_factory: Option<Value>,
    /// `kw_only=`.
    pub kw_only: Option<bool>,
    /// Names of the given options that require a dataclass.
    pub given: Vec<&'static str>,
}

impl DataclassOptions {
    /// Takes the dataclass field options from the arguments.
    pub fn take(arguments: &mut Arguments) -> DataclassOptions {
        let mut options = DataclassOptions {
            default: arguments.keyword_value("default").cloned(),
            has_insert_default: arguments.keyword_value("insert_default").is_some(),
            ..DataclassOptions::default()
        };
        for name in [
            "init",
            "repr",
            "default_factory",
            "compare",
            "kw_only",
            "hash",
            "dataclass_metadata",
        ] {
            if let Some(value) = arguments.take_keyword(name) {
                options.given.push(name);
                match name {
                    "init" => options.init = value.as_bool(),
                    "kw_only" => options.kw_only = value.as_bool(),
                    "default_factory" => options.default_factory = Some(value),
                    _ => {}
                }
            }
        }
        options
    }
}

/// `MappedColumn`, and `UnmappedColumn`.
pub struct MappedColumn {
    /// The column.
    pub column: RefCell<Column>,
    /// Whether it is an `UnmappedColumn`.
    pub unmapped: bool,
    /// `sort_order=`.
    pub sort_order: Cell<Option<i64>>,
    /// `use_existing_column=`.
    pub use_existing_column: Cell<bool>,
    /// Whether `nullable=` was given.
    has_nullable: bool,
    /// `deferred=`, `deferred_group=` and `deferred_raiseload=`, if it is deferred.
    deferral: Option<Value>,
    /// Dataclass field options.
    pub dataclass: DataclassOptions,
}

/// `mapped_column(...)`.
///
/// # Errors
/// What SQLAlchemy raises.
pub fn make_mapped_column(
    vm: &mut Interpreter,
    mut arguments: Arguments,
    unmapped: bool,
) -> Result<MappedColumn> {
    let dataclass = DataclassOptions::take(&mut arguments);
    let mut taken = |name: &str| arguments.take_keyword(name).unwrap_or(Value::None);
    let (deferred, group) = (taken("deferred"), taken("deferred_group"));
    let raiseload = taken("deferred_raiseload");
    taken("active_history");
    let is_deferred = vm.truth(&deferred)? || !group.is_none() || vm.truth(&raiseload)?;
    let deferral = is_deferred.then(|| Value::tuple(vec![true.into(), group, raiseload]));
    let sort_order = arguments
        .take_keyword("sort_order")
        .and_then(|value| value.as_int());
    let use_existing = match arguments.take_keyword("use_existing_column") {
        Some(value) => vm.truth(&value)?,
        None => false,
    };
    let has_nullable = arguments
        .keyword_value("nullable")
        .is_some_and(|value| !value.is_none());
    let column = make_column(vm, arguments)?;
    Ok(MappedColumn {
        column: RefCell::new(column),
        unmapped,
        sort_order: Cell::new(sort_order),
        use_existing_column: Cell::new(use_existing),
        has_nullable,
        deferral,
        dataclass,
    })
}

/// Finds a column of the parent's table by name.
pub type ExistingColumn<'a> = &'a dyn Fn(&str) -> Option<Column>;

/// The attribute and class for which a column is scanned.
#[derive(Clone, Copy)]
pub struct AttributePlace<'a> {
    /// The registry whose type map applies.
    pub registry: &'a Registry,
    /// The class.
    pub class: &'a Class,
    /// The class whose body contains the annotation, if it is another one.
    pub originating: Option<&'a Class>,
    /// The name of the attribute.
    pub key: &'a str,
    /// Finds columns for `use_existing_column`.
    pub existing: Option<ExistingColumn<'a>>,
}

impl MappedColumn {
    /// An empty one, for an attribute with only an annotation.
    ///
    /// # Errors
    /// None in practice: a column without arguments can be made.
    pub fn blank(vm: &mut Interpreter, unmapped: bool) -> Result<MappedColumn> {
        make_mapped_column(vm, Arguments::none(), unmapped)
    }

    /// A copy with a copied column (`_copy`).
    ///
    /// # Errors
    /// What copying the column raises.
    pub fn copy(&self) -> Result<MappedColumn> {
        let column = self.column.borrow().copy()?;
        Ok(MappedColumn {
            column: RefCell::new(column),
            unmapped: self.unmapped,
            sort_order: self.sort_order.clone(),
            use_existing_column: self.use_existing_column.clone(),
            has_nullable: self.has_nullable,
            deferral: self.deferral.clone(),
            dataclass: self.dataclass.clone(),
        })
    }

    /// Whether its attribute is left out of a SELECT: (True, group, raiseload).
    pub fn deferral(&self) -> Option<Value> {
        self.deferral.clone()
    }

    /// The current column.
    pub fn current(&self) -> Column {
        self.column.borrow().clone()
    }

    /// Derives name, nullability and type from an attribute's annotation.
    ///
    /// # Errors
    /// `sqlalchemy.exc.ArgumentError` where an annotation is needed, and
    /// `sqlalchemy.orm.exc.MappedAnnotationError` where it names no type.
    pub fn declarative_scan(
        &self,
        vm: &mut Interpreter,
        place: AttributePlace<'_>,
        inner: Option<&Value>,
    ) -> Result<()> {
        if self.use_existing_column.get() {
            self.adopt(&place);
        }
        let column = self.current();
        if column.key_option().is_none() {
            column.set_key(place.key);
        }
        if column.name_option().is_none() {
            column.set_name(place.key);
        }
        let Some(inner) = inner else {
            if column.kind().is_null() && column.foreign_keys().is_empty() {
                return Err(argument_error(format!(
                    "Python typing annotation is required for attribute \"{}.{}\" when primary \
                     argument(s) for \"{}\" construct are None or not present",
                    place.class.name(),
                    place.key,
                    self.class_name()
                )));
            }
            return Ok(());
        };
        self.take_annotation(vm, &place, inner)
    }

    fn class_name(&self) -> &'static str {
        if self.unmapped {
            "UnmappedColumn"
        } else {
            "MappedColumn"
        }
    }

    fn adopt(&self, place: &AttributePlace<'_>) {
        let Some(existing) = place.existing else {
            return;
        };
        let name = self
            .current()
            .name_option()
            .map_or_else(|| Rc::from(place.key), |name| name.text());
        if let Some(found) = existing(&name) {
            *self.column.borrow_mut() = found;
        }
    }

    fn take_annotation(
        &self,
        vm: &mut Interpreter,
        place: &AttributePlace<'_>,
        inner: &Value,
    ) -> Result<()> {
        let originating = place.originating.unwrap_or(place.class);
        let resolved = annotation::resolve(vm, originating, inner)?;
        let nullable = annotation::includes_none(vm, &resolved)?;
        if !self.has_nullable {
            self.current().set_nullable(nullable);
        }
        let ours = annotation::without_none(vm, &resolved)?;
        let mut annotated_type = None;
        let mut bundled = None;
        if let Shape::Annotated(base, metadata) = annotation::shape(vm, &ours)? {
            annotated_type = Some(if nullable {
                annotation::without_none(vm, &base)?
            } else {
                base
            });
            bundled = metadata
                .iter()
                .find_map(|element| element.downcast::<MappedColumn>());
        }
        if let Some(from) = &bundled {
            if from.use_existing_column.get() {
                self.adopt(place);
                self.use_existing_column.set(true);
            }
            let omit_defaults =
                self.dataclass.has_insert_default || self.dataclass.default.is_some();
            merge(&from.current(), &self.current(), omit_defaults)?;
            if self.sort_order.get().is_none() {
                self.sort_order.set(from.sort_order.get());
            }
            if from.current().name_option().is_some() || from.current().key_option().is_some() {
                vm.run.warning(
                    "SADeprecationWarning",
                    "Can't use the 'key' or 'name' arguments in Annotated with mapped_column(); \
                     this will be ignored (deprecated since: 2.0.22)",
                );
            }
        }
        let column = self.current();
        if !column.kind().is_null() || !column.foreign_keys().is_empty() {
            return Ok(());
        }
        let mut found = place.registry.resolve_type(vm, &ours)?;
        if found.is_none()
            && let Some(annotated) = &annotated_type
        {
            found = place.registry.resolve_type(vm, annotated)?;
        }
        match found {
            Some(kind) => {
                column.set_kind(kind);
                Ok(())
            }
            None => Err(unresolved(
                vm,
                &column,
                &ours,
                annotated_type.as_ref(),
                &resolved,
            )?),
        }
    }
}

/// The error for an annotation without a type known to the registry.
fn unresolved(
    vm: &mut Interpreter,
    column: &Column,
    ours: &Value,
    annotated: Option<&Value>,
    whole: &Value,
) -> Result<Error> {
    conversion::refuse_opaque(ours, "the type of a Mapped[] annotation")?;
    let key = schema_key(column);
    if conversion::is_type(ours) {
        let shown = vm.str(ours)?;
        return Ok(mapped_annotation_error(format!(
            "The type provided inside the {key} attribute Mapped annotation is the SQLAlchemy type \
             {shown}. Expected a Python type instead"
        )));
    }
    let is_type = !matches!(annotation::shape(vm, ours)?, Shape::Other | Shape::Name(_))
        || matches!(ours, Value::Native(_) | Value::Instance(_));
    if !is_type {
        let shown = vm.repr(whole)?;
        return Ok(mapped_annotation_error(format!(
            "The object provided inside the {key} attribute Mapped annotation is not a Python \
             type, it's the object {shown}. Expected a Python type."
        )));
    }
    let first = shown_type(vm, ours)?;
    let detail = match annotated {
        None => "the type object is not resolvable by the registry".to_owned(),
        Some(annotated) => {
            let second = shown_type(vm, annotated)?;
            format!("neither '{first}' nor '{second}' are resolvable by the registry")
        }
    };
    Ok(mapped_annotation_error(format!(
        "Could not locate SQLAlchemy Core type when resolving for Python type indicated by \
         '{first}' inside the Mapped[] annotation for the {key} attribute; {detail}"
    )))
}

fn shown_type(vm: &mut Interpreter, value: &Value) -> Result<String> {
    vm.str(value)
}

fn schema_key(column: &Column) -> String {
    ground::formatting::repr::string_repr(&column.key())
}

/// An attribute of the column.
fn of_column(vm: &mut Interpreter, mapped: &MappedColumn, name: &str) -> Result<Value> {
    Ok(column_attribute(vm, &mapped.current(), name)?.into())
}

static COLUMN_ELEMENT: [&dyn Declared; 1] = [&sql::COLUMN_ELEMENT];

const fn mapped(path: &'static str) -> Declaration<MappedColumn> {
    Declaration {
        bases: &COLUMN_ELEMENT,
        properties: PROPERTIES,
        ..Declaration::new(path)
    }
}

static PROPERTIES: &[Property<MappedColumn>] = &[
    property("column", |vm, mapped| {
        Ok(conversion::column_value(vm, &mapped.current()))
    }),
    property("name", |vm, mapped| of_column(vm, mapped, "name")),
    property("key", |vm, mapped| of_column(vm, mapped, "key")),
    property("type", |vm, mapped| of_column(vm, mapped, "type")),
    property("info", |vm, mapped| of_column(vm, mapped, "info")),
    property("foreign_keys", |vm, mapped| {
        of_column(vm, mapped, "foreign_keys")
    }),
];

pub(super) static MAPPED_COLUMN: Declaration<MappedColumn> =
    mapped("sqlalchemy.orm.properties.MappedColumn");
pub(super) static UNMAPPED_COLUMN: Declaration<MappedColumn> =
    mapped("sqlalchemy.orm.properties.UnmappedColumn");

impl NativeObject for MappedColumn {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(if self.unmapped {
            &UNMAPPED_COLUMN
        } else {
            &MAPPED_COLUMN
        })
    }

    fn stands_for(&self) -> Option<Rc<dyn Any>> {
        Some(Rc::new(self.current()))
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

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Ok(Some(true))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(self.column.as_ptr() as usize as u64))
    }
}

/// Names a column after its attribute.
pub fn name_after(column: &Column, key: &str) {
    if column.key_option().is_none() {
        column.set_key(key);
    }
    if column.name_option().is_none() {
        column.set_name(key);
    }
}

/// Emits warnings collected by the schema layer.
pub fn show_warnings(vm: &mut Interpreter) {
    schema::show_warnings(vm);
}

/// Merges one column's settings into another where the latter has none (`Column._merge`).
///
/// # Errors
/// What attaching copies of foreign keys and constraints raises.
fn merge(from: &Column, to: &Column, omit_defaults: bool) -> Result<()> {
    if from.primary_key() {
        to.set_primary_key(true);
    }
    if from.autoincrement() != Autoincrement::Auto && to.autoincrement() == Autoincrement::Auto {
        to.set_autoincrement(from.autoincrement());
    }
    if from.system() {
        to.set_system(true);
    }
    if let Some(info) = from.info()
        && to.info().is_none()
    {
        to.set_info(Some(info));
    }
    if !from.kind().is_null() && to.kind().is_null() {
        to.set_kind(from.kind());
    }
    if from.user_defined_nullable().is_some() && to.user_defined_nullable().is_none() {
        to.set_user_defined_nullable(from.user_defined_nullable());
    }
    if !omit_defaults && to.default().is_none() {
        to.set_default(from.default());
    }
    if let Some(default) = from.server_default()
        && to.server_default().is_none()
    {
        to.append_item(match &default {
            ServerDefault::Computed(computed) => ColumnItem::Computed(computed.copy(None)),
            ServerDefault::Identity(identity) => ColumnItem::Identity(identity.copy()),
            _ => ColumnItem::ServerDefault(default),
        })?;
    }
    if to.server_onupdate().is_none() {
        to.set_server_onupdate(from.server_onupdate());
    }
    if to.onupdate().is_none() {
        to.set_onupdate(from.onupdate());
    }
    if to.index().is_none() {
        to.set_index(from.index());
    }
    if to.unique().is_none() {
        to.set_unique(from.unique());
    }
    if to.comment().is_none() {
        to.set_comment(from.comment());
    }
    for constraint in from.constraints() {
        if constraint.is_type_bound() {
            continue;
        }
        to.append_item(match constraint.copy(None, None)? {
            Constraint::Check(check) => ColumnItem::Check(check),
            other => ColumnItem::Constraint(other),
        })?;
    }
    for key in from.foreign_keys() {
        if key.constraint().is_none() {
            let target = match key.target_column() {
                Some(column) => ReferenceArgument::Column(column),
                None => ReferenceArgument::Target(key.target_tokens()),
            };
            to.append_foreign_key(&ForeignKey::with_options(target, key.options().clone()))?;
        }
    }
    Ok(())
}
