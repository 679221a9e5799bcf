//! The mapper of a scanned class.

use sqlalchemy::exc;
use std::cell::RefCell;
use std::rc::Rc;

use super::super::mapper::{MapperObject, Mapping};
use super::super::support::MappedClasses;
use super::{ClassScan, Mapped, install};
use crate::bindings::conversion::{self, argument_error};
use ground::diagnostic::{Error, Result};
use python::{Dict, Interpreter, Value};
use sqlalchemy::schema::{Column, Table};

impl ClassScan {
    pub(super) fn make_mapper(mut self, vm: &mut Interpreter, table: Option<Table>) -> Result<()> {
        let mut arguments = Dict::new();
        if self.has_mapper_args {
            let class = self.class_value();
            let given = vm.get_attribute(&class, "__mapper_args__")?;
            if let Some(dict) = given.as_dict() {
                arguments = dict.copy();
            }
        }
        let own_table = table.is_some();
        let inherited = self
            .inherits
            .as_ref()
            .and_then(|class| class.native::<Mapping>());
        let concrete = match arguments.get_str("concrete") {
            Some(value) => vm.truth(&value)?,
            None => false,
        };
        let local = table.or_else(|| inherited.as_ref().and_then(|mapping| mapping.table.clone()));
        if own_table
            && !concrete
            && let (Some(table), Some(parent)) = (&local, &inherited)
        {
            self.check_inherit_condition(table, parent, &arguments)?;
        }
        if let Some(table) = &local {
            let explicit = arguments.contains_str("primary_key");
            let own_key = !table.primary_key().columns().is_empty();
            if !explicit && !own_key && (inherited.is_none() || concrete) {
                return Err(argument_error(format!(
                    "Mapper Mapper[{}({})] could not assemble any primary key columns for mapped \
                     table '{}'",
                    self.class.name(),
                    table.name(),
                    table.name()
                )));
            }
            if own_table {
                let mapped: Vec<Column> = self
                    .properties
                    .values()
                    .flat_map(|mapped| match mapped {
                        Mapped::Column(column) => vec![column.clone()],
                        Mapped::Property(property) => property
                            .columns()
                            .into_iter()
                            .map(|(column, _)| column)
                            .collect(),
                    })
                    .collect();
                for column in table.columns() {
                    let known = mapped.iter().any(|known| known.ptr_eq(&column))
                        || self.unmapped.iter().any(|known| known.ptr_eq(&column));
                    if !known {
                        let key = column.key();
                        self.properties.entry(key).or_insert(Mapped::Column(column));
                    }
                }
            }
        }
        let mapping = Rc::new(Mapping {
            class: self.class.clone(),
            registry: self.registry.clone(),
            table: local.clone(),
            inherits: self.inherits.clone(),
            single: !own_table,
            properties: RefCell::new(self.properties.clone()),
            deferred: RefCell::new(self.deferred.clone()),
            arguments,
        });
        self.class.set_native(mapping.clone());
        vm.extension::<MappedClasses>().add(&self.class);
        if !own_table && let Some(table) = &local {
            let value = conversion::table_value(vm, table);
            if !self.class.namespace.contains_str("__table__") && self.inherits.is_none() {
                self.class.set("__table__", value);
            }
        }
        self.class.set(
            "__mapper__",
            Value::native(MapperObject {
                mapping: mapping.clone(),
            }),
        );
        for (key, mapped) in &self.properties {
            install(&self.class, key, mapped);
        }
        Ok(())
    }

    pub(super) fn check_inherit_condition(
        &self,
        table: &Table,
        parent: &Mapping,
        arguments: &Dict,
    ) -> Result<()> {
        if arguments.contains_str("inherit_condition") {
            return Ok(());
        }
        let mut ancestors = Vec::new();
        if let Some(table) = &parent.table {
            ancestors.push(table.key());
        }
        let refers = table.foreign_keys().iter().any(|key| {
            key.target_table_key()
                .is_some_and(|target| ancestors.iter().any(|known| **known == *target))
        });
        if refers {
            return Ok(());
        }
        let inherited = parent
            .table
            .as_ref()
            .map(|table| table.name().text())
            .unwrap_or_default();
        Err(Error::new(
            exc::NO_FOREIGN_KEYS_ERROR,
            format!(
                "Can't determine the inherit condition between inherited table '{inherited}' and \
                 inheriting table '{}'; tables have no foreign key relationships established.  \
                 Please ensure the inheriting table has a foreign key relationship to the \
                 inherited table, or provide an 'on clause' using the 'inherit_condition' mapper \
                 argument.",
                table.name()
            ),
        ))
    }
}
