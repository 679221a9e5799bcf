//! `op.batch_alter_table(...)`.

use std::cell::RefCell;
use std::rc::Rc;

use super::base::OperationsObject;
use crate::bindings::conversion::{self, OperationField, keyword_items, texts};
use crate::bindings::sqlalchemy::schema;
use crate::operations::{BatchOptions, OperationCall, Recreate, TableKeywords};
use ground::diagnostic::{Error, Location, Result};
use ground::event::Event;
use python::{Bound, Class, Interpreter, NativeObject, Value};
use sqlalchemy::name::Name;

/// `op.batch_alter_table(...)`.
pub(super) fn batch_alter_table(
    vm: &mut Interpreter,
    operations: &OperationsObject,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    let mut options = BatchOptions::new(Name::parse(vm, &bound.value("table_name"))?);
    options.schema = OperationField::parse(vm, &bound.value("schema"))?;
    let recreate = match bound.take("recreate") {
        Some(word) => OperationField::parse(vm, &word)?,
        None => Rc::from("auto"),
    };
    if let Some(tuples) = bound.take_some("partial_reordering") {
        for tuple in vm.collect(&tuples)? {
            options
                .partial_reordering
                .push(OperationField::parse(vm, &tuple)?);
        }
    }
    if let Some(table) = bound.take_some("copy_from") {
        conversion::refuse_opaque(&table, "copy_from")?;
        options.copy_from = Some(
            conversion::find_table(&table)
                .ok_or_else(|| vm.type_error("copy_from takes a Table"))?,
        );
    }
    for (parameter, items) in [
        ("table_args", &mut options.table_args),
        ("reflect_args", &mut options.reflect_args),
    ] {
        if let Some(values) = bound.take_some(parameter) {
            for value in vm.collect(&values)? {
                items.push(conversion::table_item(vm, &value)?);
            }
        }
    }
    if let Some(keywords) = bound.take_some("table_kwargs") {
        options.table_kwargs = table_keywords(vm, &keywords)?;
    }
    if let Some(keywords) = bound.take_some("reflect_kwargs") {
        for (name, value) in keyword_items(vm, &keywords)? {
            match &*name {
                "include_columns" => {
                    options.reflect_options.include_columns = Some(texts(vm, &value)?);
                }
                "exclude_columns" => {
                    options.reflect_options.exclude_columns = texts(vm, &value)?;
                }
                "resolve_fks" => {
                    options.reflect_options.skip_referred = !vm.truth(&value)?;
                }
                "listeners" if !vm.collect(&value)?.is_empty() => {
                    return Err(Error::unsupported(
                        "reflect_kwargs={'listeners': ...} of op.batch_alter_table()",
                    )
                    .with_hint("Give the columns that need another type in reflect_args=[...]."));
                }
                _ => {}
            }
        }
    }
    if let Some(convention) = bound.take_some("naming_convention") {
        options.naming_convention = Some(schema::naming_convention(vm, &convention)?);
    }
    Ok(Value::native(BatchBlock {
        operations: operations.clone(),
        options: RefCell::new(Some(options)),
        recreate,
        location: vm.call_location(),
        batch: RefCell::new(None),
    }))
}

fn table_keywords(vm: &mut Interpreter, value: &Value) -> Result<TableKeywords> {
    let mut keywords = TableKeywords::default();
    let mut others = Vec::new();
    for (name, value) in keyword_items(vm, value)? {
        match &*name {
            "prefixes" => keywords.prefixes = Some(texts(vm, &value)?),
            "comment" => keywords.comment = OperationField::parse(vm, &value)?,
            "info" => {}
            _ => others.push((name, value)),
        }
    }
    keywords.options = conversion::dialect_options(vm, &others)?;
    Ok(keywords)
}

/// The context manager of `op.batch_alter_table(...)`.
struct BatchBlock {
    operations: OperationsObject,
    options: RefCell<Option<BatchOptions>>,
    recreate: Rc<str>,
    /// The source location of the call.
    location: Option<Location>,
    batch: RefCell<Option<OperationsObject>>,
}

impl NativeObject for BatchBlock {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.object_class()
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(
            "<contextlib._GeneratorContextManager object>".to_owned(),
        ))
    }

    fn enter(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        let options = self.options.borrow_mut().take();
        let Some(mut options) = options else {
            return Err(Error::new("RuntimeError", "generator didn't yield"));
        };
        options.recreate = Recreate::from_word(&self.recreate)?;
        let operations = self.operations.operations.batch_alter_table(options)?;
        let batch = OperationsObject {
            operations,
            context: self.operations.context.clone(),
        };
        *self.batch.borrow_mut() = Some(batch.clone());
        Ok(Some(Value::native(batch)))
    }

    fn exit(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        exception: Option<&Value>,
    ) -> Result<Option<bool>> {
        let batch = self.batch.borrow_mut().take();
        if exception.is_some() {
            return Ok(Some(false));
        }
        let Some(batch) = batch.and_then(|batch| batch.operations.batch().cloned()) else {
            return Ok(Some(false));
        };
        let call = OperationCall::new(false);
        vm.run.tell(Event::Operation {
            name: "batch_alter_table".to_owned(),
            location: self.location.clone(),
            call: Some(call.clone()),
        });
        let result = vm.lend(|| batch.flush());
        schema::show_warnings(vm);
        if call.ended(&vm.run, &result) {
            return Ok(Some(false));
        }
        result.map(|()| Some(false))
    }
}
