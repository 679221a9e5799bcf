//! Schema items as Python values: what `table.c.name.type` and its like give.

use ground::hash::HashMap;
use std::any::Any;
use std::cell::RefCell;
use std::rc::{Rc, Weak};

use super::convert::{self, argument_error, known_class};
use super::expressions;
use super::types::type_value;
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, BinaryOperator, Class, CompareOperator, Dict, Interpreter, Iterator, NativeObject,
    Set, UnaryOperator, Value,
};
use sqlalchemy::elements::Expression;
use sqlalchemy::literal::string_repr;
use sqlalchemy::name::{ConstraintName, Name};
use sqlalchemy::schema::{
    Autoincrement, Column, ColumnDefault, Computed, Constraint, ForeignKey, Identity, Index,
    MetaData, Sequence, ServerDefault, Table,
};
use sqlalchemy::sqltypes::Argument;

/// `sqlalchemy.Column`.
pub struct ColumnObject {
    /// The column.
    pub column: Column,
}

/// `sqlalchemy.Table`.
pub struct TableObject {
    /// The table.
    pub table: Table,
    attributes: Dict,
}

/// `sqlalchemy.MetaData`.
pub struct MetaDataObject {
    /// The metadata.
    pub metadata: MetaData,
    attributes: Dict,
}

/// The Python objects of schema items that live, so that each item has one.
#[derive(Default)]
pub struct Wrappers {
    columns: RefCell<HashMap<usize, Weak<ColumnObject>>>,
    tables: RefCell<HashMap<usize, Weak<TableObject>>>,
    metadata: RefCell<Vec<Rc<MetaDataObject>>>,
}

impl Wrappers {
    pub(super) fn column(&self, column: &Column) -> Value {
        let mut columns = self.columns.borrow_mut();
        if let Some(found) = columns
            .get(&column.identity_key())
            .and_then(Weak::upgrade)
            .filter(|found| found.column.ptr_eq(column))
        {
            return Value::Native(found);
        }
        let made = Rc::new(ColumnObject {
            column: column.clone(),
        });
        columns.insert(column.identity_key(), Rc::downgrade(&made));
        Value::Native(made)
    }

    pub(super) fn table(&self, table: &Table) -> Value {
        let mut tables = self.tables.borrow_mut();
        if let Some(found) = tables
            .get(&table.identity_key())
            .and_then(Weak::upgrade)
            .filter(|found| found.table.ptr_eq(table))
        {
            return Value::Native(found);
        }
        let made = Rc::new(TableObject {
            table: table.clone(),
            attributes: Dict::new(),
        });
        tables.insert(table.identity_key(), Rc::downgrade(&made));
        Value::Native(made)
    }

    pub(super) fn metadata(&self, metadata: &MetaData) -> Value {
        let mut known = self.metadata.borrow_mut();
        if let Some(found) = known.iter().find(|found| found.metadata.ptr_eq(metadata)) {
            return Value::Native(found.clone());
        }
        let made = Rc::new(MetaDataObject {
            metadata: metadata.clone(),
            attributes: Dict::new(),
        });
        known.push(made.clone());
        Value::Native(made)
    }
}

/// A Python set of values.
pub fn set_value(vm: &mut Interpreter, items: Vec<Value>) -> Result<Value> {
    let set = Set::default();
    for item in items {
        set.items.set(vm, item, Value::None)?;
    }
    Ok(Value::Set(Rc::new(set)))
}

/// The `info` dictionary of an item, made when it is first asked for.
fn info_value(get: impl Fn() -> Option<Rc<dyn Any>>, set: impl Fn(Option<Rc<dyn Any>>)) -> Value {
    if let Some(found) = get().and_then(|found| found.downcast::<Value>().ok()) {
        return (*found).clone();
    }
    let made = Value::Dict(Rc::new(Dict::new()));
    set(Some(Rc::new(made.clone())));
    made
}

fn fixed_info(info: Option<Rc<dyn Any>>) -> Value {
    info.and_then(|found| found.downcast::<Value>().ok())
        .map_or_else(
            || Value::Dict(Rc::new(Dict::new())),
            |found| (*found).clone(),
        )
}

/// `info=` as the engine keeps it.
pub fn info_argument(value: Option<Value>) -> Option<Rc<dyn Any>> {
    value
        .filter(|value| !value.is_none())
        .map(|value| Rc::new(value) as Rc<dyn Any>)
}

/// A name as a Python value.
pub fn name_value(name: Option<&Name>) -> Value {
    name.map_or(Value::None, |name| Value::Str(name.text()))
}

/// The name of a constraint or an index as a Python value.
pub fn constraint_name_value(name: &ConstraintName) -> Value {
    name.as_str().map_or(Value::None, Value::str)
}

fn options_value(
    vm: &mut Interpreter,
    options: &sqlalchemy::schema::DialectOptions,
) -> Result<Value> {
    let dict = Dict::new();
    for (name, argument) in options.iter() {
        let value = argument_value(vm, argument)?;
        dict.set_str(name, value);
    }
    Ok(Value::Dict(Rc::new(dict)))
}

/// `dialect_options`: by dialect, then by argument.
fn options_by_dialect(
    vm: &mut Interpreter,
    options: &sqlalchemy::schema::DialectOptions,
) -> Result<Value> {
    let outer = Dict::new();
    for (name, argument) in options.iter() {
        let Some((dialect, rest)) = name.split_once('_') else {
            continue;
        };
        let value = argument_value(vm, argument)?;
        let inner = match outer.get_str(dialect) {
            Some(Value::Dict(inner)) => inner,
            _ => {
                let inner = Rc::new(Dict::new());
                outer.set_str(dialect, Value::Dict(inner.clone()));
                inner
            }
        };
        inner.set_str(rest, value);
    }
    for dialect in ["sqlite", "postgresql", "mysql", "mssql", "oracle"] {
        if !outer.contains_str(dialect) {
            outer.set_str(dialect, Value::Dict(Rc::new(Dict::new())));
        }
    }
    Ok(Value::Dict(Rc::new(outer)))
}

fn argument_value(vm: &mut Interpreter, argument: &Argument) -> Result<Value> {
    match argument {
        Argument::Value(value) => convert::from_literal(vm, value),
        Argument::Type(kind) => Ok(type_value(vm, kind)),
        Argument::Expression(expression) => Ok(convert::element_value(vm, expression)),
    }
}

impl NativeObject for ColumnObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.sql.schema.Column")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        column_attribute(vm, &self.column, name)
    }

    fn set_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        let column = &self.column;
        match name {
            "name" => {
                if let Some(text) = value.as_text() {
                    column.set_name(text);
                }
            }
            "key" => {
                if let Some(text) = value.as_text() {
                    column.set_key(text);
                }
            }
            "type" => column.set_kind(convert::to_type(vm, value)?),
            "nullable" => column.set_nullable(vm.truth(value)?),
            "primary_key" => column.set_primary_key(vm.truth(value)?),
            "unique" => column.set_unique(value.as_bool()),
            "index" => column.set_index(value.as_bool()),
            "comment" => column.set_comment(value.as_text()),
            "autoincrement" => column.set_autoincrement(super::schema::autoincrement(value)),
            "default" => {
                column.set_default(super::schema::column_default(vm, Some(value.clone()))?)
            }
            "onupdate" => {
                column.set_onupdate(super::schema::column_default(vm, Some(value.clone()))?);
            }
            "server_default" => {
                let default = super::schema::server_default(vm, Some(value.clone()), false)?;
                column.set_server_default(default);
            }
            "server_onupdate" => {
                let default = super::schema::server_default(vm, Some(value.clone()), true)?;
                column.set_server_onupdate(default);
            }
            "info" => column.set_info(info_argument(Some(value.clone()))),
            "doc" => {}
            _ => {
                return Err(Error::unsupported(format!(
                    "setting the attribute '{name}' of a Column is not possible here"
                )));
            }
        }
        Ok(true)
    }

    fn binary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        expressions::binary(vm, this, operator, other, reflected)
    }

    fn unary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: UnaryOperator,
    ) -> Result<Option<Value>> {
        expressions::unary(vm, this, operator)
    }

    fn compare(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        expressions::compare(vm, this, operator, other)
    }

    fn get_item(&self, this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        expressions::get_item(vm, this, key)
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Err(Error::new(
            "TypeError",
            "Boolean value of this clause is not defined",
        ))
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(column_repr(vm, &self.column)?))
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.column.python_str()))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(self.column.identity_key() as u64))
    }
}

fn column_repr(_vm: &mut Interpreter, column: &Column) -> Result<String> {
    Ok(column.python_repr())
}

/// What a column shows by name; shared with the attributes of mapped classes.
pub fn column_attribute(
    vm: &mut Interpreter,
    column: &Column,
    name: &str,
) -> Result<Option<Value>> {
    Ok(Some(match name {
        "name" => name_value(column.name_option().as_ref()),
        "key" => column.key_option().map_or(Value::None, Value::Str),
        "type" => type_value(vm, &column.kind()),
        "nullable" => Value::Bool(column.nullable()),
        "_user_defined_nullable" => Value::from(column.user_defined_nullable()),
        "primary_key" => Value::Bool(column.primary_key()),
        "unique" => Value::from(column.unique()),
        "index" => Value::from(column.index()),
        "system" => Value::Bool(column.system()),
        "comment" => column.comment().map_or(Value::None, Value::Str),
        "doc" => column.doc().map_or(Value::None, Value::Str),
        "autoincrement" => match column.autoincrement() {
            Autoincrement::Auto => Value::str("auto"),
            Autoincrement::True => Value::Bool(true),
            Autoincrement::False => Value::Bool(false),
            Autoincrement::IgnoreForeignKey => Value::str("ignore_fk"),
        },
        "default" => default_value(vm, column.default())?,
        "onupdate" => default_value(vm, column.onupdate())?,
        "server_default" => server_default_value(column.server_default()),
        "server_onupdate" => server_default_value(column.server_onupdate()),
        "computed" => column
            .computed()
            .map_or(Value::None, |computed| computed_value(&computed)),
        "identity" => column
            .identity()
            .map_or(Value::None, |identity| identity_value(&identity)),
        "table" => match column.table() {
            Some(table) => convert::table_value(vm, &table),
            None => Value::None,
        },
        "foreign_keys" => {
            let items = column
                .foreign_keys()
                .iter()
                .map(foreign_key_value)
                .collect();
            set_value(vm, items)?
        }
        "constraints" => {
            let mut items = Vec::new();
            for constraint in column.constraints() {
                items.push(convert::constraint_value(vm, &constraint));
            }
            set_value(vm, items)?
        }
        "info" => info_value(|| column.info(), |info| column.set_info(info)),
        "dialect_kwargs" | "kwargs" => options_value(vm, &column.dialect_options())?,
        "dialect_options" => options_by_dialect(vm, &column.dialect_options())?,
        "is_literal" => Value::Bool(false),
        "base_columns" => {
            let own = convert::column_value(vm, column);
            set_value(vm, vec![own])?
        }
        "quote" => column
            .name_option()
            .map_or(Value::None, |name| Value::from(name.quote())),
        "__clause_element__" => {
            let own = convert::column_value(vm, column);
            Value::function("__clause_element__", move |_, _| Ok(own.clone()))
        }
        _ => return Ok(None),
    }))
}

fn default_value(vm: &mut Interpreter, default: Option<ColumnDefault>) -> Result<Value> {
    let _ = vm;
    Ok(default.map_or(Value::None, |default| match default {
        ColumnDefault::Sequence(sequence) => sequence_value(&sequence),
        default => Value::native(DefaultObject { default }),
    }))
}

/// The Python object of a server default.
pub fn server_default_value(default: Option<ServerDefault>) -> Value {
    match default {
        None => Value::None,
        Some(ServerDefault::Computed(computed)) => computed_value(&computed),
        Some(ServerDefault::Identity(identity)) => identity_value(&identity),
        Some(default) => Value::native(ServerDefaultObject { default }),
    }
}

/// The Python object of a `Computed`.
pub fn computed_value(computed: &Computed) -> Value {
    Value::native(ComputedObject {
        computed: computed.clone(),
    })
}

/// The Python object of an `Identity`.
pub fn identity_value(identity: &Identity) -> Value {
    Value::native(IdentityObject {
        identity: identity.clone(),
    })
}

/// The Python object of a `Sequence`.
pub fn sequence_value(sequence: &Sequence) -> Value {
    Value::native(SequenceObject {
        sequence: sequence.clone(),
    })
}

/// The Python object of a `ForeignKey`.
pub fn foreign_key_value(foreign_key: &ForeignKey) -> Value {
    Value::native(ForeignKeyObject {
        foreign_key: foreign_key.clone(),
    })
}

/// `ColumnDefault`.
pub struct DefaultObject {
    /// The default.
    pub default: ColumnDefault,
}

impl NativeObject for DefaultObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(
            vm,
            match self.default {
                ColumnDefault::Scalar(_) => "sqlalchemy.sql.schema.ScalarElementColumnDefault",
                ColumnDefault::Expression(_) => "sqlalchemy.sql.schema.ColumnElementColumnDefault",
                _ => "sqlalchemy.sql.schema.CallableColumnDefault",
            },
        )
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(Some(match name {
            "arg" => match &self.default {
                ColumnDefault::Scalar(value) => convert::from_literal(vm, value)?,
                ColumnDefault::Expression(expression) => convert::element_value(vm, expression),
                ColumnDefault::Callable(function) => fixed_callable(function),
                ColumnDefault::Sequence(sequence) => sequence_value(sequence),
            },
            "is_scalar" => Value::Bool(matches!(self.default, ColumnDefault::Scalar(_))),
            "is_callable" => Value::Bool(matches!(self.default, ColumnDefault::Callable(_))),
            "is_clause_element" => {
                Value::Bool(matches!(self.default, ColumnDefault::Expression(_)))
            }
            "is_sequence" => Value::Bool(false),
            "has_arg" => Value::Bool(true),
            _ => return Ok(None),
        }))
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.default.python_repr()))
    }
}

fn fixed_callable(function: &Rc<dyn Any>) -> Value {
    function
        .clone()
        .downcast::<Value>()
        .map_or(Value::None, |value| (*value).clone())
}

/// `DefaultClause` and `FetchedValue`.
pub struct ServerDefaultObject {
    /// The default.
    pub default: ServerDefault,
}

impl NativeObject for ServerDefaultObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(
            vm,
            match self.default {
                ServerDefault::FetchedValue(_) => "sqlalchemy.sql.schema.FetchedValue",
                _ => "sqlalchemy.sql.schema.DefaultClause",
            },
        )
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match (name, &self.default) {
            ("arg", ServerDefault::DefaultClause(clause)) => Some(match clause.as_text() {
                Some(text) => Value::Str(text),
                None => match clause.as_expression() {
                    Some(expression) => convert::element_value(vm, &expression),
                    None => Value::None,
                },
            }),
            ("reflected", ServerDefault::DefaultClause(clause)) => {
                Some(Value::Bool(clause.is_reflected()))
            }
            ("for_update", ServerDefault::DefaultClause(clause)) => {
                Some(Value::Bool(clause.for_update()))
            }
            ("for_update", ServerDefault::FetchedValue(fetched)) => {
                Some(Value::Bool(fetched.for_update))
            }
            ("has_argument", default) => Some(Value::Bool(matches!(
                default,
                ServerDefault::DefaultClause(_)
            ))),
            _ => None,
        })
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.default.python_repr()))
    }
}

/// `Computed`.
pub struct ComputedObject {
    /// The clause.
    pub computed: Computed,
}

impl NativeObject for ComputedObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.sql.schema.Computed")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match name {
            "sqltext" => Some(convert::element_value(vm, &self.computed.sqltext())),
            "persisted" => Some(Value::from(self.computed.persisted())),
            "column" => match self.computed.column() {
                Some(column) => Some(convert::column_value(vm, &column)),
                None => Some(Value::None),
            },
            _ => None,
        })
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.computed.python_repr()))
    }
}

/// `Identity`.
pub struct IdentityObject {
    /// The clause.
    pub identity: Identity,
}

impl NativeObject for IdentityObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.sql.schema.Identity")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        if name == "always" {
            return Ok(Some(Value::from(self.identity.always())));
        }
        identity_option(vm, self.identity.options(), name)
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.identity.python_repr()))
    }
}

fn identity_option(
    vm: &mut Interpreter,
    options: &sqlalchemy::schema::IdentityOptions,
    name: &str,
) -> Result<Option<Value>> {
    const NAMES: [&str; 8] = [
        "start",
        "increment",
        "minvalue",
        "maxvalue",
        "nominvalue",
        "nomaxvalue",
        "cycle",
        "cache",
    ];
    if !NAMES.contains(&name) {
        return Ok(None);
    }
    match options
        .items()
        .into_iter()
        .find(|(given, _)| *given == name)
    {
        Some((_, value)) => Ok(Some(convert::from_literal(vm, &value)?)),
        None => Ok(Some(Value::None)),
    }
}

/// `Sequence`.
pub struct SequenceObject {
    /// The sequence.
    pub sequence: Sequence,
}

impl NativeObject for SequenceObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.sql.schema.Sequence")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let sequence = &self.sequence;
        Ok(match name {
            "name" => Some(name_value(Some(sequence.name()))),
            "schema" => Some(name_value(sequence.schema())),
            "optional" => Some(Value::Bool(sequence.optional())),
            "metadata" => match sequence.metadata() {
                Some(metadata) => Some(convert::metadata_value(vm, &metadata)),
                None => Some(Value::None),
            },
            "data_type" => match sequence.data_type() {
                Some(kind) => Some(type_value(vm, kind)),
                None => Some(Value::None),
            },
            "next_value" => {
                let name = sequence.key();
                Some(Value::function("next_value", move |_, _| {
                    Err(Error::unsupported(format!(
                        "the next value of the sequence '{name}' can't be written here: SQLite has \
                         no sequences"
                    )))
                }))
            }
            _ => identity_option(vm, sequence.options(), name)?,
        })
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.sequence.python_repr()))
    }
}

/// `ForeignKey`.
pub struct ForeignKeyObject {
    /// The foreign key.
    pub foreign_key: ForeignKey,
}

impl NativeObject for ForeignKeyObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.sql.schema.ForeignKey")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let key = &self.foreign_key;
        let options = key.options();
        let text = |text: &Option<Rc<str>>| text.clone().map_or(Value::None, Value::Str);
        Ok(Some(match name {
            "column" => {
                let column = key.column()?;
                convert::column_value(vm, &column)
            }
            "parent" => match key.parent() {
                Some(column) => convert::column_value(vm, &column),
                None => Value::None,
            },
            "constraint" => match key.constraint() {
                Some(constraint) => convert::constraint_value(vm, &constraint.into()),
                None => Value::None,
            },
            "target_fullname" => Value::str(key.target_fullname()?),
            "_colspec" => match key.target_column() {
                Some(column) => convert::column_value(vm, &column),
                None => Value::str(key.target_fullname()?),
            },
            "name" => constraint_name_value(&options.name),
            "ondelete" => text(&options.ondelete),
            "onupdate" => text(&options.onupdate),
            "initially" => text(&options.initially),
            "match" => text(&options.match_),
            "comment" => text(&options.comment),
            "deferrable" => Value::from(options.deferrable),
            "use_alter" => Value::Bool(options.use_alter),
            "link_to_name" => Value::Bool(options.link_to_name),
            "info" => fixed_info(key.info()),
            "dialect_kwargs" | "kwargs" => options_value(vm, &options.options)?,
            "references" => {
                let key = key.clone();
                Value::function("references", move |_, arguments| {
                    let [table] = arguments.exactly("references")?;
                    let column = key.column()?;
                    Ok(Value::Bool(
                        convert::find_table(&table)
                            .zip(column.table())
                            .is_some_and(|(a, b)| a.ptr_eq(&b)),
                    ))
                })
            }
            _ => return Ok(None),
        }))
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.foreign_key.python_repr()))
    }

    fn compare(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let same = other
            .downcast::<ForeignKeyObject>()
            .is_some_and(|other| other.foreign_key.ptr_eq(&self.foreign_key));
        Ok(identity_comparison(operator, same))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(text_hash(&self.foreign_key.python_repr())))
    }
}

/// A hash of a text (FNV-1a): equal items have equal texts.
fn text_hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn identity_comparison(operator: CompareOperator, same: bool) -> Option<Value> {
    match operator {
        CompareOperator::Equal => Some(Value::Bool(same)),
        CompareOperator::NotEqual => Some(Value::Bool(!same)),
        _ => None,
    }
}

/// Any constraint.
pub struct ConstraintObject {
    /// The constraint.
    pub constraint: Constraint,
}

impl NativeObject for ConstraintObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        let name = format!("sqlalchemy.sql.schema.{}", self.constraint.class_name());
        known_class(vm, &name)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let constraint = &self.constraint;
        let text = |text: Option<Rc<str>>| text.map_or(Value::None, Value::Str);
        Ok(Some(match (name, constraint) {
            ("name", _) => constraint_name_value(&constraint.name()),
            ("table" | "parent", _) => match constraint.table() {
                Some(table) => convert::table_value(vm, &table),
                None => Value::None,
            },
            ("columns" | "c", _) => Value::native(ColumnsObject {
                columns: constraint.columns(),
                keys: None,
            }),
            ("deferrable", _) => Value::from(constraint.deferrable()),
            ("initially", _) => text(constraint.initially()),
            ("comment", _) => text(constraint.comment()),
            ("info", _) => info_value(|| constraint.info(), |info| constraint.set_info(info)),
            ("dialect_kwargs" | "kwargs", _) => options_value(vm, &constraint.dialect_options())?,
            ("dialect_options", _) => options_by_dialect(vm, &constraint.dialect_options())?,
            ("_type_bound", _) => Value::Bool(constraint.is_type_bound()),
            ("_column_flag", _) => Value::Bool(constraint.is_column_flag()),
            ("sqltext", Constraint::Check(check)) => convert::element_value(vm, &check.sqltext()),
            ("elements", Constraint::ForeignKey(key)) => {
                Value::list(key.elements().iter().map(foreign_key_value).collect())
            }
            ("column_keys", Constraint::ForeignKey(key)) => {
                Value::list(key.column_keys().into_iter().map(Value::Str).collect())
            }
            ("referred_table", Constraint::ForeignKey(key)) => {
                let table = key.referred_table()?;
                convert::table_value(vm, &table)
            }
            ("ondelete", Constraint::ForeignKey(key)) => text(key.ondelete()),
            ("onupdate", Constraint::ForeignKey(key)) => text(key.onupdate()),
            ("match", Constraint::ForeignKey(key)) => text(key.match_()),
            ("use_alter", Constraint::ForeignKey(key)) => Value::Bool(key.use_alter()),
            ("link_to_name", Constraint::ForeignKey(key)) => Value::Bool(key.link_to_name()),
            _ => return Ok(None),
        }))
    }

    fn set_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        match name {
            "name" => self
                .constraint
                .set_name(super::schema::constraint_name(Some(value.clone()))),
            "info" => self.constraint.set_info(info_argument(Some(value.clone()))),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn iterate(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        let mut items = Vec::new();
        for column in self.constraint.columns() {
            items.push(convert::column_value(vm, &column));
        }
        Ok(Some(Value::list(items)))
    }

    fn length(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<usize>> {
        Ok(Some(self.constraint.columns().len()))
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Ok(Some(match self.constraint {
            Constraint::Check(_) => true,
            _ => !self.constraint.columns().is_empty(),
        }))
    }

    fn contains(&self, _this: &Value, _vm: &mut Interpreter, item: &Value) -> Result<Option<bool>> {
        let columns = self.constraint.columns();
        Ok(Some(match convert::find_column(item) {
            Some(column) => columns.iter().any(|known| known.ptr_eq(&column)),
            None => item
                .as_str()
                .is_some_and(|key| columns.iter().any(|known| &*known.key() == key)),
        }))
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.constraint.python_repr()))
    }

    fn compare(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let same = other
            .downcast::<ConstraintObject>()
            .is_some_and(|other| other.constraint.ptr_eq(&self.constraint));
        Ok(identity_comparison(operator, same))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(self.constraint.creation_order()))
    }
}

/// `Index`.
pub struct IndexObject {
    /// The index.
    pub index: Index,
}

impl NativeObject for IndexObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.sql.schema.Index")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let index = &self.index;
        Ok(Some(match name {
            "name" => constraint_name_value(&index.name()),
            "unique" => Value::Bool(index.unique()),
            "table" => match index.table() {
                Some(table) => convert::table_value(vm, &table),
                None => Value::None,
            },
            "columns" => Value::native(ColumnsObject {
                columns: index.columns(),
                keys: None,
            }),
            "expressions" => {
                let mut items = Vec::new();
                for expression in index.expressions() {
                    items.push(convert::element_value(vm, &expression));
                }
                Value::list(items)
            }
            "info" => info_value(|| index.info(), |info| index.set_info(info)),
            "dialect_kwargs" | "kwargs" => options_value(vm, &index.dialect_options())?,
            "dialect_options" => options_by_dialect(vm, &index.dialect_options())?,
            "_column_flag" => Value::Bool(index.is_column_flag()),
            _ => return Ok(None),
        }))
    }

    fn set_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        match name {
            "name" => self
                .index
                .set_name(super::schema::constraint_name(Some(value.clone()))),
            "unique" => self.index.set_unique(vm.truth(value)?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.index.python_repr()))
    }

    fn compare(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let same = other
            .downcast::<IndexObject>()
            .is_some_and(|other| other.index.ptr_eq(&self.index));
        Ok(identity_comparison(operator, same))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(text_hash(self.index.name().as_str().unwrap_or(""))))
    }
}

/// `table.c`: columns by key, in order.
pub struct ColumnsObject {
    /// The columns.
    pub columns: Vec<Column>,
    /// Their keys, where those are not the columns' own.
    pub keys: Option<Vec<Rc<str>>>,
}

impl ColumnsObject {
    fn key(&self, index: usize) -> Rc<str> {
        match &self.keys {
            Some(keys) => keys[index].clone(),
            None => self.columns[index].key(),
        }
    }

    fn find(&self, key: &str) -> Option<&Column> {
        (0..self.columns.len())
            .find(|index| &*self.key(*index) == key)
            .map(|index| &self.columns[index])
    }

    fn values(&self, vm: &mut Interpreter) -> Vec<Value> {
        self.columns
            .iter()
            .map(|column| convert::column_value(vm, column))
            .collect()
    }
}

impl NativeObject for ColumnsObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.sql.base.ReadOnlyColumnCollection")
    }

    fn get_attribute(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        if let Some(column) = self.find(name) {
            return Ok(Some(convert::column_value(vm, column)));
        }
        let this = this.clone();
        Ok(match name {
            "keys"
            | "values"
            | "items"
            | "get"
            | "contains_column"
            | "as_readonly"
            | "corresponding_column" => {
                let method = name.to_owned();
                Some(Value::function(name, move |vm, arguments| match this
                    .downcast::<ColumnsObject>()
                {
                    Some(columns) => columns.method(vm, &this, &method, arguments),
                    None => Ok(Value::None),
                }))
            }
            name if name.starts_with("__") => None,
            name => return Err(Error::new("AttributeError", name.to_owned())),
        })
    }

    fn get_item(&self, _this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        if let Some(text) = key.as_str() {
            return match self.find(text) {
                Some(column) => Ok(Some(convert::column_value(vm, column))),
                None => Err(vm.key_error(key)),
            };
        }
        if let Some(index) = key.as_int() {
            let length = i64::try_from(self.columns.len()).unwrap_or(i64::MAX);
            let index = if index < 0 { index + length } else { index };
            return match usize::try_from(index)
                .ok()
                .and_then(|index| self.columns.get(index))
            {
                Some(column) => Ok(Some(convert::column_value(vm, column))),
                None => Err(vm.index_error(index.to_string())),
            };
        }
        if let Some(keys) = key.as_items() {
            let mut columns = Vec::new();
            for key in &keys {
                match key.as_str().and_then(|key| self.find(key)) {
                    Some(column) => columns.push(column.clone()),
                    None => return Err(vm.key_error(key)),
                }
            }
            return Ok(Some(Value::native(ColumnsObject {
                columns,
                keys: None,
            })));
        }
        Err(vm.key_error(key))
    }

    fn contains(&self, _this: &Value, _vm: &mut Interpreter, item: &Value) -> Result<Option<bool>> {
        match item.as_str() {
            Some(key) => Ok(Some(self.find(key).is_some())),
            None => Err(argument_error("__contains__ requires a string argument")),
        }
    }

    fn length(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<usize>> {
        Ok(Some(self.columns.len()))
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Ok(Some(true))
    }

    fn iterate(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(Value::list(self.values(vm))))
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        let shown: Vec<String> = self.columns.iter().map(Column::python_str).collect();
        Ok(Some(format!(
            "ReadOnlyColumnCollection({})",
            shown.join(", ")
        )))
    }
}

impl ColumnsObject {
    fn method(
        &self,
        vm: &mut Interpreter,
        this: &Value,
        name: &str,
        arguments: Arguments,
    ) -> Result<Value> {
        Ok(match name {
            "keys" => Value::list(
                (0..self.columns.len())
                    .map(|index| Value::Str(self.key(index)))
                    .collect(),
            ),
            "values" => Value::list(self.values(vm)),
            "items" => {
                let values = self.values(vm);
                Value::list(
                    values
                        .into_iter()
                        .enumerate()
                        .map(|(index, value)| {
                            Value::tuple(vec![Value::Str(self.key(index)), value])
                        })
                        .collect(),
                )
            }
            "get" => {
                let [key, default] = arguments.between("get", 1)?;
                let found = key
                    .as_ref()
                    .and_then(Value::as_str)
                    .and_then(|key| self.find(key));
                match found {
                    Some(column) => convert::column_value(vm, column),
                    None => default.unwrap_or(Value::None),
                }
            }
            "contains_column" => {
                let [column] = arguments.exactly("contains_column")?;
                let found = convert::find_column(&column)
                    .is_some_and(|column| self.columns.iter().any(|known| known.ptr_eq(&column)));
                Value::Bool(found)
            }
            _ => this.clone(),
        })
    }
}

impl NativeObject for TableObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.sql.schema.Table")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let table = &self.table;
        if let Some(found) = self.attributes.get_str(name) {
            return Ok(Some(found));
        }
        Ok(Some(match name {
            "name" => Value::Str(table.name().text()),
            "schema" => name_value(table.schema().as_ref()),
            "key" => Value::Str(table.key()),
            "fullname" | "description" if name == "fullname" => Value::str(table.fullname()),
            "description" => Value::Str(table.name().text()),
            "c" | "columns" | "exported_columns" => Value::native(ColumnsObject {
                columns: table.columns(),
                keys: None,
            }),
            "metadata" => convert::metadata_value(vm, &table.metadata()),
            "primary_key" => convert::constraint_value(vm, &table.primary_key().into()),
            "constraints" => {
                let mut items = Vec::new();
                for constraint in table.constraints() {
                    items.push(convert::constraint_value(vm, &constraint));
                }
                set_value(vm, items)?
            }
            "indexes" => {
                let mut items = Vec::new();
                for index in table.indexes() {
                    items.push(convert::index_value(vm, &index));
                }
                set_value(vm, items)?
            }
            "foreign_keys" => {
                let items = table.foreign_keys().iter().map(foreign_key_value).collect();
                set_value(vm, items)?
            }
            "foreign_key_constraints" => {
                let mut items = Vec::new();
                for constraint in table.foreign_key_constraints() {
                    items.push(convert::constraint_value(vm, &constraint.into()));
                }
                set_value(vm, items)?
            }
            "comment" => table.comment().map_or(Value::None, Value::Str),
            "info" => info_value(|| table.info(), |info| table.set_info(info)),
            "dialect_kwargs" | "kwargs" => options_value(vm, &table.dialect_options())?,
            "dialect_options" => options_by_dialect(vm, &table.dialect_options())?,
            "autoincrement_column" | "_autoincrement_column" => {
                match table.primary_key().autoincrement_column()? {
                    Some(column) => convert::column_value(vm, &column),
                    None => Value::None,
                }
            }
            "_prefixes" => Value::list(table.prefixes().into_iter().map(Value::Str).collect()),
            "is_selectable" => Value::Bool(true),
            _ => return Ok(None),
        }))
    }

    fn set_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        match name {
            "comment" => self.table.set_comment(value.as_text()),
            "info" => self.table.set_info(info_argument(Some(value.clone()))),
            _ => self.attributes.set_str(name, value.clone()),
        }
        Ok(true)
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.table.python_repr()))
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.table.fullname()))
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Err(Error::new(
            "TypeError",
            "Boolean value of this clause is not defined",
        ))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(self.table.identity_key() as u64))
    }
}

/// A dictionary of tables by key, as `metadata.tables` gives it.
pub fn tables_value(vm: &mut Interpreter, metadata: &MetaData) -> Value {
    let dict = Dict::new();
    for table in metadata.tables() {
        let value = convert::table_value(vm, &table);
        dict.set_name(&table.key(), value);
    }
    Value::Dict(Rc::new(dict))
}

impl NativeObject for MetaDataObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.sql.schema.MetaData")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let metadata = &self.metadata;
        if let Some(found) = self.attributes.get_str(name) {
            return Ok(Some(found));
        }
        Ok(Some(match name {
            "tables" => tables_value(vm, metadata),
            "sorted_tables" => {
                let mut items = Vec::new();
                for table in metadata.sorted_tables()? {
                    items.push(convert::table_value(vm, &table));
                }
                super::schema::show_warnings(vm);
                Value::list(items)
            }
            "schema" => name_value(metadata.schema().as_ref()),
            "naming_convention" => super::schema::naming_convention_value(metadata),
            "info" => info_value(|| metadata.info(), |info| metadata.set_info(info)),
            "_sequences" => {
                let dict = Dict::new();
                for sequence in metadata.sequences() {
                    dict.set_str(&sequence.key(), sequence_value(&sequence));
                }
                Value::Dict(Rc::new(dict))
            }
            _ => return Ok(None),
        }))
    }

    fn set_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        match name {
            "naming_convention" => {
                let convention = super::schema::naming_convention(vm, value)?;
                self.metadata.set_naming_convention(Rc::new(convention));
            }
            "info" => self.metadata.set_info(info_argument(Some(value.clone()))),
            "schema" => {
                return Err(Error::unsupported(
                    "the schema of a MetaData is set when it is made: MetaData(schema=...)",
                ));
            }
            _ => self.attributes.set_str(name, value.clone()),
        }
        Ok(true)
    }

    fn contains(&self, _this: &Value, _vm: &mut Interpreter, item: &Value) -> Result<Option<bool>> {
        let key = match convert::find_table(item) {
            Some(table) => table.key(),
            None => item.as_text().unwrap_or_default(),
        };
        Ok(Some(self.metadata.table(&key).is_some()))
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Ok(Some(true))
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some("MetaData()".to_owned()))
    }
}

/// Iterates over a list that was made already.
pub fn list_iterator(items: Vec<Value>) -> Value {
    let mut items = items.into_iter();
    Iterator::new("list_iterator", move |_| Ok(items.next()))
}

/// A column's place in an expression.
pub fn column_expression(column: &Column) -> Expression {
    Expression::Column(column.clone())
}

/// The text of a name between quotes, for messages.
pub fn shown_name(name: &str) -> String {
    string_repr(name)
}
