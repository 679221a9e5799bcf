//! The functions of `sqlalchemy.orm`: attribute constructors and mapping inspection.

use std::rc::Rc;

use super::decl_api::{expect_class, generate_base, unmapped_dataclass};
use super::properties::{Property, PropertyKind};
use super::registry::{RegistryObject, make_registry};
use super::{decl_base, mapped_column};
use crate::bindings::conversion;
use ground::diagnostic::Result;
use python::{Arguments, Bound, FreeFunction, Interpreter, Value, function};

/// The functions.
pub(super) static FUNCTIONS: &[FreeFunction] = &[
    function(
        "mapped_column",
        "__name_pos=None, __type_pos=None, /, *args, init=None, repr=None, default=None, \
         default_factory=None, compare=None, kw_only=None, hash=None, nullable=None, \
         primary_key=False, deferred=None, deferred_group=None, deferred_raiseload=None, \
         use_existing_column=False, name=None, type_=None, autoincrement='auto', doc=None, \
         key=None, index=None, unique=None, info=None, onupdate=None, insert_default=None, \
         server_default=None, server_onupdate=None, active_history=False, quote=None, \
         system=False, comment=None, sort_order=None, dataclass_metadata=None, **kw",
        |vm, bound| column(vm, bound, false),
    ),
    function(
        "unmapped_column",
        "__name_pos=None, __type_pos=None, /, *args, init=False, nullable=None, \
         primary_key=False, autoincrement='auto', use_existing_column=False, name=None, \
         type_=None, index=None, unique=None, info=None, default=None, insert_default=None, \
         onupdate=None, server_default=None, server_onupdate=None, quote=None, system=False, \
         comment=None, sort_order=None, **kw",
        |vm, bound| column(vm, bound, true),
    ),
    function(
        "relationship",
        "argument=None, secondary=None, *, uselist=None, collection_class=None, \
         primaryjoin=None, secondaryjoin=None, back_populates=None, order_by=False, \
         backref=None, overlaps=None, post_update=False, cascade='save-update, merge', \
         viewonly=False, init=None, repr=None, default=None, default_factory=None, \
         compare=None, kw_only=None, hash=None, lazy='select', passive_deletes=False, \
         passive_updates=True, active_history=False, enable_typechecks=True, foreign_keys=None, \
         remote_side=None, join_depth=None, comparator_factory=None, single_parent=False, \
         innerjoin=False, distinct_target_key=None, load_on_pending=False, query_class=None, \
         info=None, omit_join=None, sync_backref=None, dataclass_metadata=None, **kw",
        relationship,
    ),
    function("dynamic_loader", "argument=None, **kw", relationship),
    function(
        "column_property",
        "column, *additional_columns, group=None, deferred=False, raiseload=False, \
         comparator_factory=None, init=None, repr=None, default=None, default_factory=None, \
         compare=None, kw_only=None, hash=None, active_history=False, expire_on_flush=True, \
         info=None, doc=None, dataclass_metadata=None",
        |_, bound| Ok(property(PropertyKind::ColumnProperty, bound, "column")),
    ),
    function(
        "deferred",
        "column, *additional_columns, group=None, raiseload=False, comparator_factory=None, \
         init=None, repr=None, default=None, default_factory=None, compare=None, kw_only=None, \
         hash=None, active_history=False, expire_on_flush=True, info=None, doc=None, \
         dataclass_metadata=None",
        |_, bound| {
            let mut arguments = property_arguments(bound, "column");
            arguments.keyword.push((Rc::from("deferred"), true.into()));
            let property = Property::new(PropertyKind::ColumnProperty, arguments);
            Ok(Value::native(property))
        },
    ),
    function(
        "synonym",
        "name, *, map_column=None, descriptor=None, comparator_factory=None, init=None, \
         repr=None, default=None, default_factory=None, compare=None, kw_only=None, hash=None, \
         info=None, doc=None, dataclass_metadata=None",
        |_, bound| Ok(property(PropertyKind::Synonym, bound, "name")),
    ),
    function(
        "composite",
        "_class_or_attr=None, /, *attrs, group=None, deferred=False, raiseload=False, \
         return_none_on=None, comparator_factory=None, active_history=False, \
         column_template=None, init=None, repr=None, default=None, default_factory=None, \
         compare=None, kw_only=None, hash=None, info=None, doc=None, dataclass_metadata=None, \
         **__kw",
        |_, bound| Ok(property(PropertyKind::Composite, bound, "_class_or_attr")),
    ),
    function(
        "query_expression",
        "default_expr=None, *, repr=None, compare=None, expire_on_flush=True, info=None, doc=None",
        |_, bound| {
            Ok(property(
                PropertyKind::QueryExpression,
                bound,
                "default_expr",
            ))
        },
    ),
    function("backref", "name, **kwargs", |_, bound| {
        let keywords = Value::dict(std::mem::take(&mut bound.extra));
        Ok(Value::tuple(vec![bound.value("name"), keywords]))
    }),
    function(
        "validates",
        "*names, include_removes=False, include_backrefs=True",
        |_, bound| {
            let names = Value::tuple(std::mem::take(&mut bound.rest));
            let options = Value::dict([
                ("include_removes", bound.value("include_removes")),
                ("include_backrefs", bound.value("include_backrefs")),
            ]);
            Ok(marked("_sa_validates", Value::tuple(vec![names, options])))
        },
    ),
    function("synonym_for", "name, map_column=False", |_, _| {
        Ok(unchanged("synonym_for"))
    }),
    function("reconstructor", "fn", |vm, bound| {
        let function = bound.value("fn");
        vm.set_attribute(&function, "_sa_reconstructor", true.into())?;
        Ok(function)
    }),
    function("foreign", "expr", |vm, bound| {
        annotated(vm, "foreign", bound)
    }),
    function("remote", "expr", |vm, bound| annotated(vm, "remote", bound)),
    function(
        "declarative_base",
        "*, metadata=None, mapper=None, cls=object, name='Base', class_registry=None, \
         type_annotation_map=None, constructor=None, metaclass=DeclarativeMeta",
        |vm, bound| {
            let arguments = by_name(bound);
            generate_base(vm, None, arguments)
        },
    ),
    function("as_declarative", "**kw", |vm, bound| {
        let registry = make_registry(vm, by_name(bound))?;
        let registry = Value::native(RegistryObject(registry));
        vm.call_method(&registry, "as_declarative_base", Arguments::none())
    }),
    function(
        "declarative_mixin",
        "cls",
        |_, bound| Ok(bound.value("cls")),
    ),
    function(
        "unmapped_dataclass",
        "__cls=None, /, *, init=None, repr=None, eq=None, order=None, unsafe_hash=None, \
         match_args=None, kw_only=None, dataclass_callable=None",
        unmapped_dataclass,
    ),
    function("add_mapped_attribute", "target, key, attr", |vm, bound| {
        let (class, name) = (bound.value("target"), bound.value("key"));
        let value = bound.value("attr");
        if let (Value::Class(class), Some(name)) = (&class, name.as_text()) {
            decl_base::add_attribute(vm, class, &name, &value)?;
        }
        Ok(Value::None)
    }),
    function("clear_mappers", "", |_, _| Ok(Value::None)),
    function("class_mapper", "class_, configure=True", |vm, bound| {
        bound.ignore(&["configure"]);
        let class = expect_class(vm, bound.named("class_"), "class_mapper")?;
        vm.get_attribute(&Value::Class(class), "__mapper__")
    }),
    function("object_mapper", "instance", |vm, bound| {
        let class = vm.class_of(&bound.value("instance"));
        vm.get_attribute(&Value::Class(class), "__mapper__")
    }),
    function("has_inherited_table", "cls", |vm, bound| {
        let class = expect_class(vm, bound.named("cls"), "has_inherited_table")?;
        let mut bases = class.mro().skip(1);
        Ok(Value::Bool(
            bases.any(|base| base.namespace.contains_str("__table__")),
        ))
    }),
];

/// A function that returns its first argument.
pub(super) fn unchanged(name: &'static str) -> Value {
    Value::function(name, |_, mut arguments| {
        Ok(Value::optional(arguments.take_first()))
    })
}

/// A decorator that leaves a mark on its function, for the mapping to find.
fn marked(name: &'static str, mark: Value) -> Value {
    Value::function(name, move |vm, arguments| {
        let [function] = arguments.exactly(name)?;
        vm.set_attribute(&function, name, mark.clone())?;
        Ok(function)
    })
}

/// `foreign(column)`, `remote(column)`: the column, which relationships find marked.
fn annotated(vm: &mut Interpreter, name: &str, bound: &mut Bound<'_>) -> Result<Value> {
    let given = bound.value("expr");
    let Some(column) = conversion::find_column(&given) else {
        return Ok(given);
    };
    let column = conversion::column_value(vm, &column);
    vm.extension::<super::support::MappedClasses>()
        .mark(name, &column);
    Ok(column)
}

/// Passes all given arguments on as keywords.
fn by_name(bound: &mut Bound<'_>) -> Arguments {
    Arguments {
        positional: Vec::new(),
        keyword: bound.take_keywords(),
    }
}

fn column(vm: &mut Interpreter, bound: &mut Bound<'_>, unmapped: bool) -> Result<Value> {
    let leading = ["__name_pos", "__type_pos"];
    let mut positional: Vec<Value> = leading
        .into_iter()
        .map_while(|name| bound.take(name))
        .collect();
    positional.append(&mut bound.rest);
    let arguments = Arguments {
        positional,
        keyword: bound.take_keywords(),
    };
    let column = mapped_column::make_mapped_column(vm, arguments, unmapped)?;
    Ok(Value::native(column))
}

fn relationship(_vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    Ok(property(PropertyKind::Relationship, bound, "argument"))
}

/// Creates a property whose first argument is the parameter `first`.
fn property(kind: PropertyKind, bound: &mut Bound<'_>, first: &str) -> Value {
    let arguments = property_arguments(bound, first);
    Value::native(Property::new(kind, arguments))
}

fn property_arguments(bound: &mut Bound<'_>, first: &str) -> Arguments {
    let mut positional: Vec<Value> = bound.take(first).into_iter().collect();
    positional.append(&mut bound.rest);
    Arguments {
        positional,
        keyword: bound.take_keywords(),
    }
}
