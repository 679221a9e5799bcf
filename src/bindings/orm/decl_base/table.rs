//! The table of a mapped class, and the columns that it adds to an inherited one.

use super::super::mapper::Mapping;
use super::{ClassScan, shown};
use crate::bindings::conversion::{
    self, argument_error, find_metadata, find_table, invalid_request,
};
use crate::bindings::sqlalchemy::schema::make_table;
use ground::diagnostic::{Error, Result};
use ground::order::InOrder;
use python::{Arguments, Interpreter, Value};
use sqlalchemy::schema::Table;
use std::rc::Rc;

impl ClassScan {
    pub(super) fn make_table(&mut self, vm: &mut Interpreter) -> Result<Option<Table>> {
        if !self.table_function && !self.own.contains_str("__table__") {
            let Some(name) = self.table_name.clone() else {
                return Ok(None);
            };
            let mut arguments = Arguments::none();
            let class = self.class_value();
            let metadata = match vm.find_attribute(&class, "metadata")? {
                Some(found) if find_metadata(&found).is_some() => found,
                _ => conversion::metadata_value(vm, &self.registry.metadata),
            };
            arguments.positional.push(Value::Str(name));
            arguments.positional.push(metadata);
            let mut columns = self.columns.clone();
            columns.in_order_by_key(|(_, order)| *order);
            for (column, _) in &columns {
                arguments
                    .positional
                    .push(conversion::column_value(vm, column));
            }
            let mut keywords = None;
            match self.table_args.as_ref().map(Value::plain) {
                Some(Value::Dict(dict)) => keywords = Some(dict.clone()),
                Some(Value::Tuple(items)) => {
                    let (mut items, last) = (items.to_vec(), items.last().cloned());
                    if let Some(dict) = last.as_ref().and_then(Value::as_dict) {
                        keywords = Some(dict.clone());
                        items.pop();
                    }
                    arguments.positional.extend(items);
                }
                _ => {}
            }
            if let Some(keywords) = keywords {
                arguments.keyword = keywords.str_entries();
            }
            if let Some(bind) = self.own.get_str("__autoload_with__") {
                arguments.keyword.push((Rc::from("autoload_with"), bind));
            }
            let table = make_table(vm, arguments)?;
            self.class.set("__table__", table.clone());
            return Ok(find_table(&table));
        }
        let class = self.class_value();
        let found = vm.get_attribute(&class, "__table__")?;
        conversion::refuse_opaque(&found, "__table__")?;
        if self.table_function {
            self.class.set("__table__", found.clone());
        }
        let table = find_table(&found);
        for (column, _) in &self.columns {
            let inside = table
                .as_ref()
                .is_some_and(|table| table.columns().iter().any(|known| known.ptr_eq(column)));
            if !inside {
                return Err(argument_error(format!(
                    "Can't add additional column {} when specifying __table__",
                    ground::formatting::repr::string_repr(&column.key())
                )));
            }
        }
        if table.is_none() {
            return Err(Error::unsupported(
                "a class can be mapped to a Table only here, not to a join or a query",
            ));
        }
        Ok(table)
    }

    pub(super) fn inherit_columns(
        &self,
        vm: &mut Interpreter,
        table: Option<&Table>,
    ) -> Result<()> {
        let Some(parent) = &self.inherits else {
            if table.is_none() {
                let class = self.class_value();
                if vm.find_attribute(&class, "__no_table__")?.is_some() {
                    return Ok(());
                }
                return Err(invalid_request(format!(
                    "Class {} does not have a __table__ or __tablename__ specified and does not \
                     inherit from an existing table-mapped class.",
                    shown(&self.class)
                )));
            }
            return Ok(());
        };
        if table.is_some() {
            return Ok(());
        }
        if self.table_args.is_some() {
            return Err(argument_error(
                "Can't place __table_args__ on an inherited class with no table.",
            ));
        }
        let Some(inherited) = parent
            .native::<Mapping>()
            .and_then(|mapping| mapping.table.clone())
        else {
            return Ok(());
        };
        for (column, _) in &self.columns {
            if let Some(known) = inherited.column(&column.name()) {
                if known.ptr_eq(column) {
                    continue;
                }
                return Err(argument_error(format!(
                    "Column '{}' on class {} conflicts with existing column '{}'.  If using \
                     Declarative, consider using the use_existing_column parameter of \
                     mapped_column() to resolve conflicts.",
                    column.python_str(),
                    self.class.name(),
                    known.python_str()
                )));
            }
            if column.primary_key() {
                return Err(argument_error(
                    "Can't place primary key columns on an inherited class with no table.",
                ));
            }
            vm.lend(|| inherited.append_column(column, false))?;
        }
        Ok(())
    }
}
