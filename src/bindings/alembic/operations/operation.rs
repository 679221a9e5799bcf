//! Declares an operation once, for `op`, `batch_op` and its class.

use std::rc::Rc;
use std::sync::OnceLock;

use crate::bindings::conversion::{self, OperationField};
use crate::operations::BatchOperationsImpl;
use crate::operations::ops::MigrateOperation;
use ground::diagnostic::Result;
use python::{Bound, Interpreter, Value};
use sqlalchemy::name::Name;
use sqlalchemy::schema::DialectOptions;

/// Builds an operation from the arguments of any of its three forms.
pub(super) type Build =
    fn(&mut Interpreter, &mut OperationArguments<'_, '_>) -> Result<MigrateOperation>;

/// An operation, as called by migration scripts.
pub(in crate::bindings::alembic) struct Operation {
    /// The name in `op.name(...)`.
    pub(in crate::bindings::alembic) name: &'static str,
    signature: &'static str,
    batch: BatchForm,
    build: Build,
    batch_signature: OnceLock<Option<String>>,
}

/// The parameters of an operation in a batch, where the table is implied.
pub(super) enum BatchForm {
    /// Not available in a batch.
    Absent,
    /// Those of `op` without `table_name`, `schema` and the listed ones.
    Without(&'static [&'static str]),
    /// Those of `op` without `table_name`, and with `insert_before` and `insert_after` in place of
    /// `schema`.
    Positioned,
    /// A different list, `self` first.
    Own(&'static str),
}

impl BatchForm {
    /// Derives the batch signature from that of `op`, `self` first.
    fn signature(&self, plain: &str) -> Option<String> {
        let without: &[&str] = match self {
            BatchForm::Absent => return None,
            BatchForm::Own(signature) => return Some((*signature).to_owned()),
            BatchForm::Without(names) => names,
            BatchForm::Positioned => &[],
        };
        let mut parts: Vec<&str> = Vec::new();
        for part in plain.split(',').map(str::trim) {
            let name = part.split('=').next().unwrap_or(part);
            match name {
                "schema" if matches!(self, BatchForm::Positioned) => {
                    parts.extend(["insert_before=None", "insert_after=None"]);
                }
                "table_name" | "schema" => {}
                _ if without.contains(&name) => {}
                // A bare `*` must be followed by a named parameter.
                _ if part.starts_with("**") && parts.last() == Some(&"*") => {
                    parts.pop();
                    parts.push(part);
                }
                _ => parts.push(part),
            }
        }
        if parts.last() == Some(&"*") {
            parts.pop();
        }
        Some(parts.join(", "))
    }
}

impl Operation {
    /// `op.name(...)` with its signature in Python's syntax, `self` first.
    pub(super) const fn new(
        name: &'static str,
        signature: &'static str,
        batch: BatchForm,
        build: Build,
    ) -> Operation {
        Operation {
            name,
            signature,
            batch,
            build,
            batch_signature: OnceLock::new(),
        }
    }

    /// Its signature in Python's syntax, `self` first; `None` if not available in a batch.
    pub(super) fn signature(&'static self, batch: bool) -> Option<&'static str> {
        if !batch {
            return Some(self.signature);
        }
        self.batch_signature
            .get_or_init(|| self.batch.signature(self.signature))
            .as_deref()
    }

    /// Builds the operation from a call on `op` or `batch_op`.
    ///
    /// # Errors
    /// What conversions raise.
    pub(super) fn make(
        &self,
        vm: &mut Interpreter,
        bound: &mut Bound<'_>,
        batch: Option<&BatchOperationsImpl>,
    ) -> Result<MigrateOperation> {
        (self.build)(vm, &mut OperationArguments { bound, batch })
    }
}

/// The arguments of an operation: of `op.name(...)`, `batch_op.name(...)` or its class's
/// constructor. A parameter named in one form may arrive through `**kw` in another.
pub(super) struct OperationArguments<'a, 'p> {
    bound: &'a mut Bound<'p>,
    batch: Option<&'a BatchOperationsImpl>,
}

impl<'a, 'p> OperationArguments<'a, 'p> {
    /// The arguments of a constructor.
    pub(super) fn constructor(bound: &'a mut Bound<'p>) -> OperationArguments<'a, 'p> {
        OperationArguments { bound, batch: None }
    }

    /// Takes an argument, if it was passed.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        if let Some(value) = self.bound.take(name) {
            return Some(value);
        }
        let extra = &mut self.bound.extra;
        let index = extra.iter().position(|(key, _)| &**key == name)?;
        Some(extra.remove(index).1)
    }

    /// Takes an argument; Python's `None` if it was omitted.
    pub(super) fn value(&mut self, name: &str) -> Value {
        self.take(name).unwrap_or(Value::None)
    }

    /// Takes an argument and converts it to a field.
    ///
    /// # Errors
    /// As [`OperationField::parse`].
    pub(super) fn field<T: OperationField>(
        &mut self,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<T> {
        let value = self.take(name).unwrap_or_else(T::left_out);
        T::parse(vm, &value)
    }

    /// Takes an argument whose name in the class differs from that in `op`.
    ///
    /// # Errors
    /// As [`OperationField::parse`].
    pub(super) fn renamed<T: OperationField>(
        &mut self,
        vm: &mut Interpreter,
        name: &str,
        of_class: &str,
    ) -> Result<T> {
        let value = self.bound.take(name).or_else(|| self.bound.take(of_class));
        T::parse(vm, &value.unwrap_or_else(T::left_out))
    }

    /// A flag whose default is `False`.
    ///
    /// # Errors
    /// What `bool()` raises.
    pub(super) fn is_set(&mut self, vm: &mut Interpreter, name: &str) -> Result<bool> {
        Ok(self.field::<Option<bool>>(vm, name)?.unwrap_or(false))
    }

    /// Takes the arguments that `op` collects as `*name` and the class accepts as a single
    /// argument.
    pub(super) fn rest(&mut self, name: &str) -> Value {
        match self.bound.take(name) {
            Some(value) => value,
            None => Value::list(std::mem::take(&mut self.bound.rest)),
        }
    }

    /// Adds keyword arguments that were passed as a dictionary.
    pub(super) fn keywords(&mut self, keywords: Vec<(Rc<str>, Value)>) {
        self.bound.extra.extend(keywords);
    }

    /// The table name and schema: those of the batch, or the arguments.
    ///
    /// # Errors
    /// As for a name.
    pub(super) fn table(&mut self, vm: &mut Interpreter) -> Result<(Name, Option<Name>)> {
        self.table_named(vm, "table_name", "schema")
    }

    /// The table name and schema, under other parameter names.
    ///
    /// # Errors
    /// As for a name.
    pub(super) fn table_named(
        &mut self,
        vm: &mut Interpreter,
        table_name: &str,
        schema: &str,
    ) -> Result<(Name, Option<Name>)> {
        match self.batch {
            Some(batch) => Ok((batch.table_name().clone(), batch.schema().cloned())),
            None => Ok((self.field(vm, table_name)?, self.field(vm, schema)?)),
        }
    }

    /// The table name and schema, where the table is optional.
    ///
    /// # Errors
    /// As for a name.
    pub(super) fn optional_table(
        &mut self,
        vm: &mut Interpreter,
    ) -> Result<(Option<Name>, Option<Name>)> {
        match self.batch {
            Some(batch) => Ok((Some(batch.table_name().clone()), batch.schema().cloned())),
            None => Ok((self.field(vm, "table_name")?, self.field(vm, "schema")?)),
        }
    }

    /// The column that another is placed before or after; an empty string means none.
    ///
    /// # Errors
    /// As for a name.
    pub(super) fn neighbour(&mut self, vm: &mut Interpreter, name: &str) -> Result<Option<Name>> {
        let name: Option<Name> = self.field(vm, name)?;
        Ok(name.filter(|name| !name.is_empty()))
    }

    /// The further keyword arguments, taken.
    pub(super) fn take_keywords(&mut self) -> Vec<(Rc<str>, Value)> {
        std::mem::take(&mut self.bound.extra)
    }

    /// One of the further keyword arguments, taken out of them.
    pub(super) fn keyword(&mut self, name: &str) -> Option<Value> {
        let place = self
            .bound
            .extra
            .iter()
            .position(|(known, _)| &**known == name)?;
        Some(self.bound.extra.remove(place).1)
    }

    /// The dialect-specific keyword arguments: the remaining `**kw`, except those that are ignored.
    ///
    /// # Errors
    /// What turning the values into SQL raises.
    pub(super) fn dialect_options(
        &mut self,
        vm: &mut Interpreter,
        passed_over: &[&str],
    ) -> Result<DialectOptions> {
        let mut keywords = std::mem::take(&mut self.bound.extra);
        keywords.retain(|(name, _)| !passed_over.contains(&&**name));
        conversion::dialect_options(vm, &keywords)
    }
}

#[cfg(test)]
mod tests {
    use super::BatchForm;

    #[test]
    fn a_batch_leaves_out_what_it_knows() {
        let index = "self, index_name, table_name, columns, *, schema=None, unique=False, **kw";
        let form = BatchForm::Without(&["unique"]).signature(index);
        assert_eq!(form.as_deref(), Some("self, index_name, columns, **kw"));
        let key = "self, constraint_name, table_name, columns, *, schema=None";
        let form = BatchForm::Without(&[]).signature(key);
        assert_eq!(form.as_deref(), Some("self, constraint_name, columns"));
        let column = "self, table_name, column, *, schema=None, if_not_exists=None";
        let form = BatchForm::Positioned.signature(column);
        assert_eq!(
            form.as_deref(),
            Some("self, column, *, insert_before=None, insert_after=None, if_not_exists=None")
        );
    }
}
