//! How an operation is declared: once, for `op`, for a batch and for its class.

use std::rc::Rc;
use std::sync::OnceLock;

use super::fields::OperationField;
use crate::bindings::conversion;
use crate::operations::BatchOperationsImpl;
use crate::operations::ops::MigrateOperation;
use ground::diagnostic::Result;
use python::{Bound, Interpreter, Value};
use sqlalchemy::name::Name;
use sqlalchemy::schema::DialectOptions;

/// What an operation makes of the arguments of a call, in whichever of its forms.
pub(super) type Build =
    fn(&mut Interpreter, &mut OperationArguments<'_, '_>) -> Result<MigrateOperation>;

/// An operation as scripts call it.
pub(in crate::bindings::alembic) struct Operation {
    /// The name in `op.name(...)`.
    pub(in crate::bindings::alembic) name: &'static str,
    signature: &'static str,
    batch: BatchForm,
    build: Build,
    batch_signature: OnceLock<Option<String>>,
}

/// The parameters that an operation has in a batch, which knows the table.
pub(super) enum BatchForm {
    /// A batch does not have the operation.
    Absent,
    /// Those of `op` without `table_name`, `schema` and these.
    Without(&'static [&'static str]),
    /// Those of `op` without `table_name`, and with the column's neighbours in place of `schema`.
    Positioned,
    /// Others, `self` first.
    Own(&'static str),
}

impl BatchForm {
    /// The parameters, `self` first, from those of `op`.
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
                // A star that no name follows is none of Python's.
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
    /// `op.name(...)` with its parameters as Python writes them, `self` first.
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

    /// Its parameters as Python writes them, `self` first; none where a batch has it not.
    pub(super) fn signature(&'static self, batch: bool) -> Option<&'static str> {
        if !batch {
            return Some(self.signature);
        }
        self.batch_signature
            .get_or_init(|| self.batch.signature(self.signature))
            .as_deref()
    }

    /// Makes the operation of the arguments of a call of `op`, or of a batch.
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

/// The arguments of an operation: of `op.name(...)`, of `batch_op.name(...)`, or of the constructor
/// of its class. What one form names, another takes through `**kw`.
pub(super) struct OperationArguments<'a, 'p> {
    bound: &'a mut Bound<'p>,
    batch: Option<&'a BatchOperationsImpl>,
}

impl<'a, 'p> OperationArguments<'a, 'p> {
    /// Of a constructor.
    pub(super) fn constructor(bound: &'a mut Bound<'p>) -> OperationArguments<'a, 'p> {
        OperationArguments { bound, batch: None }
    }

    /// Takes an argument, if it was given.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        if let Some(value) = self.bound.take(name) {
            return Some(value);
        }
        let extra = &mut self.bound.extra;
        let index = extra.iter().position(|(key, _)| &**key == name)?;
        Some(extra.remove(index).1)
    }

    /// Takes an argument, or `None` for one that was left out.
    pub(super) fn value(&mut self, name: &str) -> Value {
        self.take(name).unwrap_or(Value::None)
    }

    /// Takes an argument as a part of the operation.
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

    /// Takes an argument that the class names otherwise than `op`.
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

    /// What `op` takes as `*name` and the class as one argument.
    pub(super) fn rest(&mut self, name: &str) -> Value {
        match self.bound.take(name) {
            Some(value) => value,
            None => Value::list(std::mem::take(&mut self.bound.rest)),
        }
    }

    /// Adds keywords that were given as a dictionary.
    pub(super) fn keywords(&mut self, keywords: Vec<(Rc<str>, Value)>) {
        self.bound.extra.extend(keywords);
    }

    /// The table and its schema: the batch's, or those that were given.
    ///
    /// # Errors
    /// As for a name.
    pub(super) fn table(&mut self, vm: &mut Interpreter) -> Result<(Name, Option<Name>)> {
        self.table_named(vm, "table_name", "schema")
    }

    /// The same where the parameters have other names.
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

    /// The same where the table may be left out.
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

    /// The column that another shall stand before or after; an empty text is none.
    ///
    /// # Errors
    /// As for a name.
    pub(super) fn neighbour(&mut self, vm: &mut Interpreter, name: &str) -> Result<Option<Name>> {
        let name: Option<Name> = self.field(vm, name)?;
        Ok(name.filter(|name| !name.is_empty()))
    }

    /// The keywords of dialects: what is left of `**kw` without those that decide nothing here.
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
