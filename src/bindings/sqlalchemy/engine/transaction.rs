//! Transactions and savepoints as Python objects.

use super::connection::connection_value;
use ground::diagnostic::Result;
use python::{Class, Declaration, Interpreter, NativeObject, Value, method, property};
use sqlalchemy::engine::Transaction;

/// `RootTransaction` and `NestedTransaction`.
pub struct TransactionObject {
    /// The transaction.
    pub transaction: Transaction,
}

/// The Python object of a transaction, or `None`.
pub fn transaction_value(transaction: Option<Transaction>) -> Value {
    match transaction {
        Some(transaction) => Value::native(TransactionObject { transaction }),
        None => Value::None,
    }
}

impl NativeObject for TransactionObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(if self.transaction.is_nested() {
            &NESTED_TRANSACTION
        } else {
            &ROOT_TRANSACTION
        })
    }

    fn compare(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: python::CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let same = other
            .downcast::<TransactionObject>()
            .is_some_and(|other| other.transaction.is(&self.transaction));
        Ok(match operator {
            python::CompareOperator::Equal => Some(same.into()),
            python::CompareOperator::NotEqual => Some((!same).into()),
            _ => None,
        })
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(0))
    }

    fn enter(&self, this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        self.transaction.enter();
        Ok(Some(this.clone()))
    }

    fn exit(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        exception: Option<&Value>,
    ) -> Result<Option<bool>> {
        let transaction = self.transaction.clone();
        vm.lend(|| transaction.exit(exception.is_none()))?;
        Ok(Some(false))
    }
}

/// `Transaction`.
pub(super) static TRANSACTION: Declaration<TransactionObject> = Declaration {
    properties: &[
        property("is_active", |_, this| {
            Ok(this.transaction.clone().is_active().into())
        }),
        property("is_valid", |_, this| {
            Ok(this.transaction.clone().is_valid().into())
        }),
        property("connection", |vm, this| {
            let connection = this.transaction.clone().connection().clone();
            Ok(connection_value(vm, &connection))
        }),
    ],
    methods: &[
        method("commit", "self", |vm, this, _| {
            let transaction = this.transaction.clone();
            vm.lend(|| transaction.commit())?;
            Ok(Value::None)
        }),
        method("rollback", "self", |vm, this, _| {
            let transaction = this.transaction.clone();
            vm.lend(|| transaction.rollback())?;
            Ok(Value::None)
        }),
        method("close", "self", |vm, this, _| {
            let transaction = this.transaction.clone();
            vm.lend(|| transaction.close())?;
            Ok(Value::None)
        }),
    ],
    ..Declaration::new("sqlalchemy.engine.base.Transaction")
};

/// `RootTransaction`.
static ROOT_TRANSACTION: Declaration<TransactionObject> = Declaration {
    bases: &[&TRANSACTION],
    ..Declaration::new("sqlalchemy.engine.base.RootTransaction")
};

/// `NestedTransaction`: a savepoint.
static NESTED_TRANSACTION: Declaration<TransactionObject> = Declaration {
    bases: &[&TRANSACTION],
    ..Declaration::new("sqlalchemy.engine.base.NestedTransaction")
};
