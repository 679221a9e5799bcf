//! The `sqlmodel` package, and the part of `pydantic` that its models need.

use sqlalchemy::exc;
use std::rc::Rc;

use ground::hash::IndexMap;

use crate::bindings::conversion;
use crate::bindings::orm::declared_attr::DECLARED_ATTR;
use crate::bindings::orm::properties::{Property, PropertyKind};
use crate::bindings::orm::registry::{Registry as Mapped, RegistryObject, find_registry};
use crate::bindings::orm::{Mapping, decl_base};
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Bound, Class, ClassBody, Constant, Declaration, FreeFunction, Interpreter, Module,
    NativeClass, NativeObject, Registry, Value, function, property,
};

pub mod field;
pub mod pydantic;
pub mod types;

use field::{FieldObject, ModelField, make_column, read_field};

/// The fields of a model; stored on its class.
pub struct ModelFields {
    /// By name, those of base classes first.
    pub fields: IndexMap<Rc<str>, ModelField>,
    /// Whether the model is a table (`table=True`).
    pub table: bool,
}

/// The registry of a class's submodels.
struct ModelRegistry(Rc<Mapped>);

/// `Relationship(...)`.
struct RelationshipObject {
    arguments: Arguments,
}

impl RelationshipObject {
    /// An argument that was given.
    fn argument(&self, name: &str) -> Option<Value> {
        self.arguments.keyword_value(name).cloned()
    }
}

static RELATIONSHIP_INFO: Declaration<RelationshipObject> = Declaration {
    properties: &[
        property("back_populates", |_, it| {
            Ok(it.argument("back_populates").into())
        }),
        property("cascade_delete", |_, it| {
            Ok(it.argument("cascade_delete").unwrap_or(Value::Bool(false)))
        }),
        property("passive_deletes", |_, it| {
            Ok(it.argument("passive_deletes").unwrap_or(Value::Bool(false)))
        }),
        property("link_model", |_, it| Ok(it.argument("link_model").into())),
        property("sa_relationship", |_, it| {
            Ok(it.argument("sa_relationship").into())
        }),
        property("sa_relationship_args", |_, it| {
            Ok(it.argument("sa_relationship_args").into())
        }),
        property("sa_relationship_kwargs", |_, it| {
            Ok(it.argument("sa_relationship_kwargs").into())
        }),
    ],
    ..Declaration::new("sqlmodel.main.RelationshipInfo")
};

impl NativeObject for RelationshipObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&RELATIONSHIP_INFO)
    }
}

static COL: FreeFunction = function("col", "column_expression", |_, bound| {
    Ok(bound.value("column_expression"))
});

static RELATIONSHIP: FreeFunction = function(
    "Relationship",
    "*, back_populates=None, cascade_delete=False, passive_deletes=False, link_model=None, \
     sa_relationship=None, sa_relationship_args=None, sa_relationship_kwargs=None",
    make_relationship,
);

fn make_relationship(_vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let arguments = Arguments {
        positional: Vec::new(),
        keyword: bound.take_keywords(),
    };
    let given = |name: &str| {
        arguments
            .keyword_value(name)
            .is_some_and(|value| !value.is_none())
    };
    if given("sa_relationship") {
        for name in ["sa_relationship_args", "sa_relationship_kwargs"] {
            if given(name) {
                return Err(Error::new(
                    "RuntimeError",
                    format!("Passing {name} is not supported when also passing a sa_relationship"),
                ));
            }
        }
    }
    Ok(Value::native(RelationshipObject { arguments }))
}

/// Whether a name in a class body can be a field.
fn is_field_name(name: &str) -> bool {
    !name.starts_with('_') && name != "model_config"
}

/// Collects the fields of a model class from its bases and body.
///
/// # Errors
/// NameError for an annotation that names nothing.
pub fn collect_fields(
    vm: &mut Interpreter,
    class: &Class,
) -> Result<IndexMap<Rc<str>, ModelField>> {
    let mut fields: IndexMap<Rc<str>, ModelField> = IndexMap::default();
    let bases: Vec<Class> = class.mro().cloned().collect();
    for base in bases.iter().rev() {
        if !base.user_defined {
            continue;
        }
        if base != class
            && let Some(known) = base.native::<ModelFields>()
        {
            let own: Vec<Rc<str>> = base.annotations.borrow().keys().cloned().collect();
            for (name, field) in &known.fields {
                if own.contains(name) || !fields.contains_key(name) {
                    fields.insert(name.clone(), field.clone());
                }
            }
            continue;
        }
        let annotations: Vec<(Rc<str>, python::Annotation)> = base
            .annotations
            .borrow()
            .iter()
            .map(|(name, given)| (name.clone(), given.clone()))
            .collect();
        for (name, given) in annotations {
            if !is_field_name(&name) || given.source.contains("ClassVar") {
                continue;
            }
            let assigned = base.namespace.get_str(&name);
            if let Some(value) = &assigned
                && value.downcast::<RelationshipObject>().is_some()
            {
                continue;
            }
            let field = read_field(vm, base, &given, assigned.as_ref())?;
            fields.insert(name, field);
        }
    }
    Ok(fields)
}

/// Class hooks of `SQLModel` and its subclasses.
struct SqlModelHooks;

impl NativeClass for SqlModelHooks {
    fn init_subclass(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        body: &mut ClassBody,
    ) -> Result<()> {
        let mut table = None;
        let mut registry = None;
        body.keywords.retain(|(name, value)| match &**name {
            "table" => {
                table = Some(value.clone());
                false
            }
            "registry" => {
                registry = Some(value.clone());
                false
            }
            _ => true,
        });
        pydantic::note_configuration(class, body);
        if let Some(config) = class.namespace.get_str("model_config")
            && let Some(dict) = config.as_dict()
        {
            table = dict.get_str("table").or(table);
        }
        if let Some(registry) = registry.as_ref().and_then(find_registry) {
            let metadata = conversion::metadata_value(vm, &registry.metadata);
            class.set("metadata", metadata);
            class.set("__abstract__", Value::Bool(true));
            class.set_native(Rc::new(ModelRegistry(registry)));
        }
        let table = match table {
            Some(value) => vm.truth(&value)?,
            None => false,
        };
        let fields = collect_fields(vm, class)?;
        let base_is_table = class.bases.iter().any(is_table);
        if table && !base_is_table {
            map_model(vm, class, &fields)?;
        } else {
            pydantic::forget_defaults(class, &fields);
        }
        class.set_native(Rc::new(ModelFields { fields, table }));
        Ok(())
    }

    fn set_instance_attribute(
        &self,
        vm: &mut Interpreter,
        instance: &Value,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        pydantic::assign(vm, instance, name, value)
    }

    fn set_class_attribute(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        decl_base::add_attribute(vm, class, name, value)
    }

    fn missing_class_attribute(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        name: &str,
    ) -> Result<Option<Value>> {
        pydantic::class_attribute(vm, class, name)
    }
}

fn is_table(class: &Class) -> bool {
    class
        .mro()
        .find_map(Class::native::<ModelFields>)
        .is_some_and(|fields| fields.table)
        && class.inherited_native::<Mapping>().is_some()
}

fn map_model(
    vm: &mut Interpreter,
    class: &Class,
    fields: &IndexMap<Rc<str>, ModelField>,
) -> Result<()> {
    for name in fields.keys() {
        class.namespace.remove_str(name);
    }
    for (name, field) in fields {
        let column = make_column(vm, field)?;
        let value = conversion::column_value(vm, &column);
        class.set(name, value);
    }
    let own: Vec<(Rc<str>, Value)> = class.namespace.str_entries();
    for (name, value) in own {
        let Some(object) = value.downcast::<RelationshipObject>() else {
            continue;
        };
        class.set(&name, relationship_value(vm, class, &name, &object)?);
    }
    // Field and relationship annotations must not be interpreted by the declarative scan.
    class.set("__allow_unmapped__", Value::Bool(true));
    let registry = match class.inherited_native::<ModelRegistry>() {
        Some(found) => found.0.clone(),
        None => return Err(Error::unsupported("a table model without a registry")),
    };
    class
        .annotations
        .borrow_mut()
        .retain(|name, given| fields.contains_key(name) || given.source.contains("Mapped"));
    decl_base::map_class(vm, class, &registry)
}

fn relationship_value(
    vm: &mut Interpreter,
    class: &Class,
    name: &str,
    object: &RelationshipObject,
) -> Result<Value> {
    if let Some(given) = object
        .arguments
        .keyword_value("sa_relationship")
        .filter(|value| !value.is_none())
    {
        return Ok(given.clone());
    }
    let mut arguments = Arguments::none();
    let annotation = class.annotations.borrow().get(name).cloned();
    let target = match annotation {
        Some(given) => match given.value {
            Some(value) => value,
            None => Value::Str(given.source),
        },
        None => {
            let key = Value::str(name);
            return Err(vm.key_error(&key));
        }
    };
    let text = match &target {
        Value::Str(text) => text.to_string(),
        other => vm.repr(other)?,
    };
    let lower = text.trim_start_matches("typing.").to_lowercase();
    arguments.positional.push(target);
    if lower.starts_with("list[") {
        arguments
            .keyword
            .push((Rc::from("uselist"), Value::Bool(true)));
    }
    if let Some(value) = object.arguments.keyword_value("back_populates") {
        arguments
            .keyword
            .push((Rc::from("back_populates"), value.clone()));
    }
    if let Some(Value::Class(link)) = object.arguments.keyword_value("link_model") {
        let Some(table) = link.lookup("__table__") else {
            return Err(Error::new(
                exc::NO_INSPECTION_AVAILABLE,
                format!(
                    "No inspection system is available for object of type <class '{}'>",
                    link.dotted_name()
                ),
            ));
        };
        arguments.keyword.push((Rc::from("secondary"), table));
    }
    if object
        .arguments
        .keyword_value("cascade_delete")
        .is_some_and(|value| value.as_bool() == Some(true))
    {
        let cascade = Value::str("all, delete-orphan");
        arguments.keyword.push((Rc::from("cascade"), cascade));
    }
    if let Some(value) = object
        .arguments
        .keyword_value("passive_deletes")
        .filter(|value| value.as_bool() != Some(false))
    {
        arguments
            .keyword
            .push((Rc::from("passive_deletes"), value.clone()));
    }
    if let Some(extra) = object
        .arguments
        .keyword_value("sa_relationship_kwargs")
        .and_then(Value::as_dict)
    {
        arguments.keyword.extend(extra.str_entries());
    }
    Ok(Value::native(Property::new(
        PropertyKind::Relationship,
        arguments,
    )))
}

/// `sqlmodel.SQLModel`; its other members are created with its registry.
static SQLMODEL: Declaration<Value> = Declaration {
    bases: &[&pydantic::BASE_MODEL],
    hooks: Some(|| Rc::new(SqlModelHooks)),
    constants: &[
        ("__allow_unmapped__", Constant::Bool(true)),
        ("__abstract__", Constant::Bool(true)),
    ],
    ..Declaration::new("sqlmodel.main.SQLModel")
};

fn build_classes(vm: &mut Interpreter) -> Result<Class> {
    if let Some(class) = vm.registered_class("sqlmodel.main.SQLModel") {
        return Ok(class);
    }
    crate::bindings::sqlalchemy::build_classes(vm);
    // The classes of `sqlalchemy.orm` are built by importing the module.
    vm.import("sqlalchemy.orm")?;
    types::build_classes(vm);
    let registry = crate::bindings::orm::registry::make_registry(vm, Arguments::none())?;
    let declared = vm.class(&DECLARED_ATTR);
    let name = Value::function("__tablename__", |_, arguments| {
        let [class] = arguments.exactly("__tablename__")?;
        Ok(match &class {
            Value::Class(class) => Value::str(class.name().to_lowercase()),
            _ => Value::None,
        })
    });
    let name = vm.call(&Value::Class(declared), Arguments::positional(vec![name]))?;
    let metadata = conversion::metadata_value(vm, &registry.metadata);
    let class = vm.class(&SQLMODEL);
    class.set("__tablename__", name);
    class.set("metadata", metadata);
    class.set(
        "_sa_registry",
        Value::native(RegistryObject(registry.clone())),
    );
    class.set("model_config", Value::dict(Vec::<(String, Value)>::new()));
    class.set_native(Rc::new(ModelRegistry(registry)));
    Ok(class)
}

const FROM_SQLALCHEMY: &[&str] = &[
    "create_engine",
    "engine_from_config",
    "inspect",
    "QueuePool",
    "StaticPool",
    "BLANK_SCHEMA",
    "CheckConstraint",
    "Column",
    "ColumnDefault",
    "Computed",
    "Constraint",
    "DefaultClause",
    "FetchedValue",
    "ForeignKey",
    "ForeignKeyConstraint",
    "Identity",
    "Index",
    "MetaData",
    "PrimaryKeyConstraint",
    "Sequence",
    "Table",
    "UniqueConstraint",
    "alias",
    "bindparam",
    "column",
    "delete",
    "except_",
    "except_all",
    "exists",
    "false",
    "func",
    "insert",
    "intersect",
    "intersect_all",
    "join",
    "literal",
    "literal_column",
    "null",
    "nullsfirst",
    "nullslast",
    "outerjoin",
    "table",
    "text",
    "true",
    "union",
    "union_all",
    "update",
    "all_",
    "and_",
    "any_",
    "asc",
    "between",
    "case",
    "cast",
    "collate",
    "desc",
    "distinct",
    "extract",
    "not_",
    "nulls_first",
    "nulls_last",
    "or_",
    "over",
    "select",
    "tuple_",
    "type_coerce",
    "ARRAY",
    "BIGINT",
    "BINARY",
    "BLOB",
    "BOOLEAN",
    "CHAR",
    "CLOB",
    "DATE",
    "DATETIME",
    "DECIMAL",
    "DOUBLE",
    "DOUBLE_PRECISION",
    "FLOAT",
    "INT",
    "INTEGER",
    "JSON",
    "NCHAR",
    "NUMERIC",
    "NVARCHAR",
    "REAL",
    "SMALLINT",
    "TEXT",
    "TIME",
    "TIMESTAMP",
    "UUID",
    "VARBINARY",
    "VARCHAR",
    "BigInteger",
    "Boolean",
    "Date",
    "DateTime",
    "Double",
    "Enum",
    "Float",
    "Integer",
    "Interval",
    "LargeBinary",
    "Numeric",
    "PickleType",
    "SmallInteger",
    "String",
    "Text",
    "Time",
    "TupleType",
    "TypeDecorator",
    "Unicode",
    "UnicodeText",
    "Uuid",
];

fn make_sqlmodel(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let class = build_classes(vm)?;
    let [auto_string, utc_datetime] = types::build_classes(vm);
    let mut module = Module::build("sqlmodel")
        .value("__version__", "0.0.50")
        .class(&class)
        .class(&auto_string)
        .class(&utc_datetime)
        .declared(&field::FIELD)
        .declared(&RELATIONSHIP)
        .declared(&COL);
    let core = vm.import("sqlalchemy")?;
    for name in FROM_SQLALCHEMY {
        if let Some(value) = vm.find_attribute(&core, name)? {
            module = module.value(name, value);
        }
    }
    Ok(module
        .attribute_hook(|vm, name| match name {
            "Session" => session_class(vm).map(Some),
            "sql" | "main" | "orm" => vm.import(&format!("sqlmodel.{name}")).map(Some),
            _ => Ok(None),
        })
        .build())
}

fn make_main(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let class = build_classes(vm)?;
    let info = vm.class(&field::FIELD_INFO);
    let relationship = vm.class(&RELATIONSHIP_INFO);
    Ok(Module::build("sqlmodel.main")
        .class(&class)
        .class(&info)
        .class(&relationship)
        .declared(&field::FIELD)
        .declared(&RELATIONSHIP)
        .build())
}

fn make_sql(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("sqlmodel.sql")
        .attribute_hook(|vm, name| match name {
            "sqltypes" | "expression" => vm.import(&format!("sqlmodel.sql.{name}")).map(Some),
            _ => Ok(None),
        })
        .build())
}

fn make_sqltypes(vm: &mut Interpreter) -> Result<Rc<Module>> {
    crate::bindings::sqlalchemy::build_classes(vm);
    let [auto_string, utc_datetime] = types::build_classes(vm);
    Ok(Module::build("sqlmodel.sql.sqltypes")
        .class(&auto_string)
        .class(&utc_datetime)
        .build())
}

fn make_expression(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let mut module = Module::build("sqlmodel.sql.expression").declared(&COL);
    let core = vm.import("sqlalchemy")?;
    for name in [
        "select", "and_", "or_", "not_", "desc", "asc", "func", "case",
    ] {
        if let Some(value) = vm.find_attribute(&core, name)? {
            module = module.value(name, value);
        }
    }
    Ok(module.build())
}

/// `sqlmodel.Session`: SQLAlchemy's, with `exec()`.
fn session_class(vm: &mut Interpreter) -> Result<Value> {
    let module = vm.import("sqlmodel.orm.session")?;
    vm.get_attribute(&module, "Session")
}

fn make_orm(vm: &mut Interpreter) -> Result<Rc<Module>> {
    vm.exec_module(
        "sqlmodel.orm.session",
        "<frozen sqlmodel.orm.session>",
        include_str!("session.py"),
    )
}

/// Registers the modules.
pub fn register(registry: &mut Registry) {
    registry.add("sqlmodel", make_sqlmodel);
    registry.add("sqlmodel.main", make_main);
    registry.add("sqlmodel.sql", make_sql);
    registry.add("sqlmodel.sql.sqltypes", make_sqltypes);
    registry.add("sqlmodel.sql.expression", make_expression);
    registry.add(
        "sqlmodel.orm",
        |_| Ok(Module::build("sqlmodel.orm").build()),
    );
    registry.add("sqlmodel.orm.session", make_orm);
    registry.add(
        "sqlmodel.ext",
        |_| Ok(Module::build("sqlmodel.ext").build()),
    );
    pydantic::register(registry);
}

/// Whether a value was returned by `Field(...)`.
pub fn is_field(value: &Value) -> bool {
    value.downcast::<FieldObject>().is_some()
}
