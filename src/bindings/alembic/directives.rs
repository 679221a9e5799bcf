//! `alembic.operations.ops`: operations as Python objects, for `process_revision_directives`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use ground::hash::IndexSet;

use super::directive_attributes::{get, set};
use super::directive_constructors::construct;
use crate::operations::ops::{
    CustomOperation, MigrateOperation, OperationList, Shared, UpgradeOps,
};
use ground::diagnostic::{Error, Result};
use python::{Arguments, Class, ClassBuilder, Interpreter, Module, NativeClass, Value, instance};

pub(super) const MODULE: &str = "alembic.operations.ops";

/// The operation behind a Python object.
pub struct OperationState(pub MigrateOperation);

/// An operation of a class that a project wrote in Python.
pub struct PythonOperation(pub Value);

/// The import lines of a script.
type ImportLines = Rc<RefCell<IndexSet<String>>>;

/// What Python has been shown: one object for each operation, one list for each list, so that
/// identity holds and changes in place are seen.
#[derive(Default)]
pub(super) struct Shown {
    objects: RefCell<BTreeMap<usize, Value>>,
    lists: RefCell<Vec<(OperationList, Value)>>,
    imports: RefCell<Vec<(ImportLines, Value)>>,
    renderers: RefCell<Vec<(Class, Value)>>,
}

/// The classes by name with the name of their base.
const CLASSES: &[(&str, &str)] = &[
    ("MigrateOperation", ""),
    ("AddConstraintOp", "MigrateOperation"),
    ("DropConstraintOp", "MigrateOperation"),
    ("CreatePrimaryKeyOp", "AddConstraintOp"),
    ("CreateUniqueConstraintOp", "AddConstraintOp"),
    ("CreateForeignKeyOp", "AddConstraintOp"),
    ("CreateCheckConstraintOp", "AddConstraintOp"),
    ("CreateIndexOp", "MigrateOperation"),
    ("DropIndexOp", "MigrateOperation"),
    ("CreateTableOp", "MigrateOperation"),
    ("DropTableOp", "MigrateOperation"),
    ("AlterTableOp", "MigrateOperation"),
    ("RenameTableOp", "AlterTableOp"),
    ("CreateTableCommentOp", "AlterTableOp"),
    ("DropTableCommentOp", "AlterTableOp"),
    ("AlterColumnOp", "AlterTableOp"),
    ("AddColumnOp", "AlterTableOp"),
    ("DropColumnOp", "AlterTableOp"),
    ("BulkInsertOp", "MigrateOperation"),
    ("ExecuteSQLOp", "MigrateOperation"),
    ("OpContainer", "MigrateOperation"),
    ("ModifyTableOps", "OpContainer"),
    ("UpgradeOps", "OpContainer"),
    ("DowngradeOps", "OpContainer"),
    ("MigrationScript", "MigrateOperation"),
];

/// The class of that name in `alembic.operations.ops`.
pub(super) fn class(vm: &mut Interpreter, name: &str) -> Result<Class> {
    if let Some(class) = vm.registered_class(&format!("{MODULE}.{name}")) {
        return Ok(class);
    }
    let mut built: BTreeMap<&str, Class> = BTreeMap::new();
    for (name, base) in CLASSES {
        let mut builder = ClassBuilder::new(MODULE, name);
        match built.get(base) {
            Some(base) => builder = builder.base(base),
            None => {
                builder = builder
                    .hooks(OperationClass)
                    .method("reverse", |vm, this, _| {
                        let operation = to_operation(vm, this)?;
                        synchronize(vm)?;
                        let reversed = vm.lend(|| operation.reverse())?;
                        Ok(operation_value(vm, &reversed))
                    })
                    .method("to_diff_tuple", |_, _, _| {
                        Err(Error::unsupported(
                            "to_diff_tuple() of an operation is not there; \
                             use alembic.autogenerate.compare_metadata",
                        ))
                    });
            }
        }
        if *name == "OpContainer" {
            builder = builder
                .method("is_empty", |vm, this, _| {
                    let operation = to_operation(vm, this)?;
                    synchronize(vm)?;
                    Ok(Value::Bool(
                        operation.operations().is_none_or(|list| list.is_empty()),
                    ))
                })
                .method("as_diffs", |vm, this, _| {
                    let operation = to_operation(vm, this)?;
                    synchronize(vm)?;
                    match operation.operations() {
                        Some(list) => {
                            let differences = vm.lend(|| list.as_diffs())?;
                            super::differences::differences_value(vm, &differences)
                        }
                        None => Ok(Value::list(Vec::new())),
                    }
                });
        }
        if *name == "UpgradeOps" {
            builder = builder.method("reverse_into", |vm, this, arguments| {
                let [downgrade] = arguments.exactly("reverse_into")?;
                let (MigrateOperation::Upgrade(upgrade), MigrateOperation::Downgrade(target)) =
                    (to_operation(vm, this)?, to_operation(vm, &downgrade)?)
                else {
                    return Err(vm.type_error("reverse_into() takes a DowngradeOps"));
                };
                synchronize(vm)?;
                let upgrade: UpgradeOps = upgrade.borrow().clone();
                let into = target.borrow().clone();
                vm.lend(|| upgrade.reverse_into(&into))?;
                refresh(vm, &into.ops);
                Ok(downgrade)
            });
        }
        let class = builder.build(vm);
        built.insert(name, class);
    }
    built
        .remove(name)
        .ok_or_else(|| Error::new("KeyError", format!("'{name}'")))
}

/// The module `alembic.operations.ops`.
pub(super) fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let mut builder = Module::build(MODULE);
    for (name, _) in CLASSES {
        let class = class(vm, name)?;
        builder = builder.class(&class);
    }
    Ok(builder.build())
}

struct OperationClass;

impl NativeClass for OperationClass {
    fn construct(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        // A class that a project wrote has a constructor of its own.
        if class.user_defined {
            return Ok(None);
        }
        let operation = construct(vm, &class.name(), arguments.clone())?;
        Ok(Some(operation_value(vm, &operation)))
    }

    fn instance_attribute(
        &self,
        vm: &mut Interpreter,
        instance: &Value,
        name: &str,
    ) -> Result<Option<Value>> {
        match instance.downcast::<OperationState>() {
            Some(state) => get(vm, &state.0, name),
            None => Ok(None),
        }
    }

    fn set_instance_attribute(
        &self,
        vm: &mut Interpreter,
        instance: &Value,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        match instance.downcast::<OperationState>() {
            Some(state) => set(vm, &state.0, name, value),
            None => Ok(false),
        }
    }
}

fn address<T>(shared: &Shared<T>) -> usize {
    Rc::as_ptr(shared).cast::<u8>() as usize
}

fn operation_address(operation: &MigrateOperation) -> usize {
    use MigrateOperation as Op;
    match operation {
        Op::CreateTable(op) => address(op),
        Op::DropTable(op) => address(op),
        Op::RenameTable(op) => address(op),
        Op::CreateTableComment(op) => address(op),
        Op::DropTableComment(op) => address(op),
        Op::AddColumn(op) => address(op),
        Op::DropColumn(op) => address(op),
        Op::AlterColumn(op) => address(op),
        Op::CreateIndex(op) => address(op),
        Op::DropIndex(op) => address(op),
        Op::CreatePrimaryKey(op) => address(op),
        Op::CreateUniqueConstraint(op) => address(op),
        Op::CreateForeignKey(op) => address(op),
        Op::CreateCheckConstraint(op) => address(op),
        Op::DropConstraint(op) => address(op),
        Op::ExecuteSQL(op) => address(op),
        Op::BulkInsert(op) => address(op),
        Op::ModifyTable(op) => address(op),
        Op::Upgrade(op) => address(op),
        Op::Downgrade(op) => address(op),
        Op::Container(op) => address(op),
        Op::Script(op) => address(op),
        Op::Custom(op) => Rc::as_ptr(op).cast::<u8>() as usize,
    }
}

/// The Python object of an operation, the same one each time.
pub(super) fn operation_value(vm: &mut Interpreter, operation: &MigrateOperation) -> Value {
    if let MigrateOperation::Custom(custom) = operation
        && let Some(python) = custom.as_any().downcast_ref::<PythonOperation>()
    {
        return python.0.clone();
    }
    let shown = vm.extension::<Shown>();
    let key = operation_address(operation);
    if let Some(value) = shown.objects.borrow().get(&key) {
        return value.clone();
    }
    let value = match class(vm, &operation.class_name()) {
        Ok(class) => instance(&class, OperationState(operation.clone())),
        Err(_) => Value::None,
    };
    shown.objects.borrow_mut().insert(key, value.clone());
    value
}

/// The operation behind a Python object.
///
/// # Errors
/// `TypeError` for anything else.
pub(super) fn to_operation(vm: &mut Interpreter, value: &Value) -> Result<MigrateOperation> {
    if let Some(state) = value.downcast::<OperationState>() {
        return Ok(state.0.clone());
    }
    let base = class(vm, "MigrateOperation")?;
    if vm.is_instance(value, &Value::Class(base))? {
        return Ok(MigrateOperation::Custom(Rc::new(PythonOperation(
            value.clone(),
        ))));
    }
    let class = vm.class_of(value);
    Err(vm.type_error(format!(
        "a MigrateOperation was expected, not '{}'",
        class.name()
    )))
}

/// The Python list of a list of operations, the same one each time.
pub(super) fn list_value(vm: &mut Interpreter, list: &OperationList) -> Value {
    let shown = vm.extension::<Shown>();
    let known = shown
        .lists
        .borrow()
        .iter()
        .find(|(other, _)| other.is(list))
        .map(|(_, value)| value.clone());
    if let Some(value) = known {
        return value;
    }
    let items = list
        .to_vec()
        .iter()
        .map(|operation| operation_value(vm, operation))
        .collect();
    let value = Value::list(items);
    shown.lists.borrow_mut().push((list.clone(), value.clone()));
    value
}

/// The Python set of a script's import lines, the same one each time.
pub(super) fn imports_value(vm: &mut Interpreter, imports: &ImportLines) -> Result<Value> {
    let shown = vm.extension::<Shown>();
    let known = shown
        .imports
        .borrow()
        .iter()
        .find(|(other, _)| Rc::ptr_eq(other, imports))
        .map(|(_, value)| value.clone());
    if let Some(value) = known {
        return Ok(value);
    }
    let lines: Vec<String> = imports.borrow().iter().cloned().collect();
    let set = vm.builtins.get_str("set").unwrap_or(Value::None);
    let value = vm.call(&set, Arguments::positional(vec![lines.into()]))?;
    shown
        .imports
        .borrow_mut()
        .push((imports.clone(), value.clone()));
    Ok(value)
}

/// Shows Python what a list holds now.
pub(super) fn refresh(vm: &mut Interpreter, list: &OperationList) {
    let value = list_value(vm, list);
    let items: Vec<Value> = list
        .to_vec()
        .iter()
        .map(|operation| operation_value(vm, operation))
        .collect();
    if let Value::List(inner) = &value {
        *inner.items.borrow_mut() = items;
    }
}

/// Takes over what Python did to the lists that it was shown.
pub(super) fn synchronize(vm: &mut Interpreter) -> Result<()> {
    let shown = vm.extension::<Shown>();
    let lists: Vec<(OperationList, Value)> = shown.lists.borrow().clone();
    for (list, value) in lists {
        let mut operations = Vec::new();
        for item in value.as_items().unwrap_or_default() {
            operations.push(to_operation(vm, &item)?);
        }
        list.set(operations);
    }
    let imports: Vec<(ImportLines, Value)> = shown.imports.borrow().clone();
    for (lines, value) in imports {
        let now = texts(vm, &value)?;
        *lines.borrow_mut() = now;
    }
    Ok(())
}

/// Forgets the lists that Python was shown, since the engine goes on to change them.
pub(super) fn forget_lists(vm: &mut Interpreter) {
    let shown = vm.extension::<Shown>();
    shown.lists.borrow_mut().clear();
    shown.imports.borrow_mut().clear();
}

/// Keeps the function that renders operations of a class (`renderers.dispatch_for`).
pub(super) fn add_renderer(vm: &mut Interpreter, class: &Class, function: &Value) {
    vm.extension::<Shown>()
        .renderers
        .borrow_mut()
        .push((class.clone(), function.clone()));
}

/// The function that renders a project's own operation.
pub(super) fn renderer_for(vm: &mut Interpreter, operation: &Value) -> Option<Value> {
    let class = vm.class_of(operation);
    let shown = vm.extension::<Shown>();
    let renderers = shown.renderers.borrow();
    class.mro().find_map(|candidate| {
        renderers
            .iter()
            .rev()
            .find(|(class, _)| class == candidate)
            .map(|(_, function)| function.clone())
    })
}

impl CustomOperation for PythonOperation {
    fn class_name(&self) -> String {
        Interpreter::borrow_lent(|vm| Ok(vm.class_of(&self.0).name().to_string()))
            .unwrap_or_else(|_| "MigrateOperation".to_owned())
    }

    fn reverse(&self) -> Result<MigrateOperation> {
        Interpreter::borrow_lent(|vm| {
            let reversed = vm.call_method(&self.0, "reverse", Arguments::none())?;
            to_operation(vm, &reversed)
        })
    }

    fn to_diff_tuple(&self) -> Result<Rc<dyn std::any::Any>> {
        Interpreter::borrow_lent(|vm| {
            let tuple = vm.call_method(&self.0, "to_diff_tuple", Arguments::none())?;
            Ok(Rc::new(tuple) as Rc<dyn std::any::Any>)
        })
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// The texts of a Python list, tuple or set, without doubles.
pub(super) fn texts(vm: &mut Interpreter, value: &Value) -> Result<IndexSet<String>> {
    let mut texts = IndexSet::default();
    for item in vm.collect(value)? {
        texts.insert(vm.str(&item)?);
    }
    Ok(texts)
}
