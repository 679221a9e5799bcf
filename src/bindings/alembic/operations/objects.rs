//! Operations as Python objects: for `process_revision_directives`, rewriters and `op.invoke`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::operation::{Build, OperationArguments};
use super::{MIGRATE_OPERATION, declaration_of};
use crate::bindings::alembic::migration_context::to_migration_context;
use crate::bindings::conversion::{OperationField, distinct_texts};
use crate::operations::ops::{
    CreateTableOp, CustomOperation, MigrateOperation, OperationList, Shared,
};
use crate::operations::schemaobj::SchemaObjects;
use ground::diagnostic::Result;
use ground::hash::IndexSet;
use python::{
    Arguments, Bound, Class, Instance, Interpreter, NativeClass, Receiver, Value, instance,
};

/// The operation behind a Python object.
pub struct OperationState(pub MigrateOperation);

/// An instance of a user-defined operation class.
pub struct PythonOperation(pub Value);

/// The import lines of a script.
type ImportLines = Rc<RefCell<IndexSet<String>>>;

/// The Python objects handed out: one per operation and one per list, so that identity is preserved
/// and in-place changes are noticed.
#[derive(Default)]
pub(super) struct ShownObjects {
    objects: RefCell<BTreeMap<*const (), Value>>,
    lists: RefCell<Vec<(OperationList, Value)>>,
    imports: RefCell<Vec<(ImportLines, Value)>>,
    renderers: RefCell<Vec<(Class, Value)>>,
    columns: RefCell<Vec<(Shared<CreateTableOp>, Value)>>,
}

/// An operation of a specific class, as passed to the functions of its declaration.
pub(super) struct Handle<T>(pub(super) Shared<T>);

/// The data of an operation class.
pub(super) trait OperationData: Clone + 'static {
    /// The operation's data, if it is one of this class.
    fn of(operation: &MigrateOperation) -> Option<Shared<Self>>;
}

impl<T: OperationData> Receiver for Handle<T> {
    fn receive<R>(this: &Value, then: impl FnOnce(&Self) -> R) -> Option<R> {
        let state = this.downcast::<OperationState>()?;
        T::of(&state.0).map(|shared| then(&Handle(shared)))
    }
}

impl<T: OperationData> Handle<T> {
    /// A copy of the data: no borrow is held while Python runs.
    pub(super) fn data(&self) -> T {
        self.0.borrow().clone()
    }

    /// A field, as a Python value.
    pub(super) fn get<F: OperationField>(
        &self,
        vm: &mut Interpreter,
        read: impl FnOnce(&T) -> F,
    ) -> Result<Value> {
        let field = read(&self.0.borrow());
        Ok(field.to_python(vm))
    }

    /// Modifies a field.
    pub(super) fn set<F: OperationField>(
        &self,
        vm: &mut Interpreter,
        value: &Value,
        write: impl FnOnce(&mut T, F),
    ) -> Result<()> {
        let field = F::parse(vm, value)?;
        write(&mut self.0.borrow_mut(), field);
        Ok(())
    }
}

/// Properties for fields of the operation's data: `name`, or `name = path.to.field` where Alembic's
/// name differs.
macro_rules! attributes {
    ($class:ident: $($name:ident $(= $first:ident $(. $next:ident)*)?),* $(,)? $(; $($more:expr),* $(,)?)?) => {
        &[
            $(attributes!(@one $class, $name $(, $first $(. $next)*)?),)*
            $($($more,)*)?
        ]
    };
    (@one $class:ident, $name:ident) => { attributes!(@one $class, $name, $name) };
    (@one $class:ident, $name:ident, $($place:ident).+) => {
        python::settable(
            stringify!($name),
            |vm, operation: &Handle<$class>| operation.get(vm, |data| data.$($place).+.clone()),
            |vm, operation: &Handle<$class>, value| {
                operation.set(vm, value, |data, field| data.$($place).+ = field)
            },
        )
    };
}

pub(super) use attributes;

/// Class hooks of the operation classes.
pub(super) struct OperationClass;

/// Whether a name is an attribute of Alembic's class that is unset because a user-defined subclass
/// did not call its constructor; it is then an ordinary instance attribute.
fn is_unfilled(instance: &Instance, name: &str) -> bool {
    instance.native::<OperationState>().is_none()
        && instance
            .class()
            .lookup_with_class(name)
            .is_some_and(|(owner, found)| {
                !owner.user_defined && matches!(found, Value::Descriptor(_))
            })
}

impl NativeClass for OperationClass {
    fn instance_attribute(
        &self,
        _vm: &mut Interpreter,
        instance: &Value,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match instance {
            Value::Instance(instance) if is_unfilled(instance, name) => {
                instance.attributes.get_str(name)
            }
            _ => None,
        })
    }

    fn set_instance_attribute(
        &self,
        _vm: &mut Interpreter,
        instance: &Value,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        match instance {
            Value::Instance(instance) if is_unfilled(instance, name) => {
                instance.attributes.set_str(name, value.clone());
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}

/// The constructor of an operation class: builds the operation and attaches it to `self`.
///
/// # Errors
/// What `build` raises.
pub(super) fn initialize(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    build: Build,
) -> Result<Value> {
    let this = bound.this().clone();
    let operation = build(vm, &mut OperationArguments::constructor(bound))?;
    if let Value::Instance(instance) = &this {
        let shown = vm.extension::<ShownObjects>();
        shown
            .objects
            .borrow_mut()
            .insert(operation.address(), this.clone());
        instance.set_native(Rc::new(OperationState(operation)));
    }
    Ok(Value::None)
}

/// The Python object of an operation; always the same object.
pub(in crate::bindings::alembic) fn operation_value(
    vm: &mut Interpreter,
    operation: &MigrateOperation,
) -> Value {
    if let MigrateOperation::Custom(custom) = operation
        && let Some(python) = custom.as_any().downcast_ref::<PythonOperation>()
    {
        return python.0.clone();
    }
    let shown = vm.extension::<ShownObjects>();
    let key = operation.address();
    if let Some(value) = shown.objects.borrow().get(&key) {
        return value.clone();
    }
    let class = vm.class(declaration_of(operation));
    let value = instance(&class, OperationState(operation.clone()));
    shown.objects.borrow_mut().insert(key, value.clone());
    value
}

/// What makes schema items for an operation: with the naming convention of the `migration_context` that
/// `to_table()` and its kin may be given.
pub(super) fn schema_objects(bound: &mut Bound<'_>) -> SchemaObjects {
    let context = bound.take_some("migration_context");
    let context = context.as_ref().and_then(to_migration_context);
    context.map_or_else(SchemaObjects::default, |context| context.schema_objects())
}

/// The operation behind a Python object.
///
/// # Errors
/// `TypeError` for anything else.
pub(in crate::bindings::alembic) fn to_operation(
    vm: &mut Interpreter,
    value: &Value,
) -> Result<MigrateOperation> {
    if let Some(state) = value.downcast::<OperationState>() {
        return Ok(state.0.clone());
    }
    let base = vm.class(&MIGRATE_OPERATION);
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

/// The Python list for a list of operations; always the same object.
pub(super) fn list_value(vm: &mut Interpreter, list: &OperationList) -> Value {
    let shown = vm.extension::<ShownObjects>();
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

/// The Python set for a script's import lines; always the same object.
pub(super) fn imports_value(vm: &mut Interpreter, imports: &ImportLines) -> Result<Value> {
    let shown = vm.extension::<ShownObjects>();
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

/// Updates the Python list from the engine's list.
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

/// Copies changes that Python made to handed-out lists back to the engine.
pub(in crate::bindings::alembic) fn synchronize(vm: &mut Interpreter) -> Result<()> {
    let shown = vm.extension::<ShownObjects>();
    let lists: Vec<(OperationList, Value)> = shown.lists.borrow().clone();
    for (list, value) in lists {
        let mut operations = Vec::new();
        for item in value.as_items().unwrap_or_default() {
            operations.push(to_operation(vm, &item)?);
        }
        list.set(operations);
    }
    let columns: Vec<(Shared<CreateTableOp>, Value)> = shown.columns.borrow().clone();
    for (operation, value) in columns {
        let now = OperationField::parse(vm, &value)?;
        operation.borrow_mut().columns = now;
    }
    let imports: Vec<(ImportLines, Value)> = shown.imports.borrow().clone();
    for (lines, value) in imports {
        let now = distinct_texts(vm, &value)?;
        *lines.borrow_mut() = now;
    }
    Ok(())
}

/// Forgets the handed-out lists, because the engine is about to change the originals.
pub(in crate::bindings::alembic) fn forget_lists(vm: &mut Interpreter) {
    let shown = vm.extension::<ShownObjects>();
    shown.lists.borrow_mut().clear();
    shown.imports.borrow_mut().clear();
    shown.columns.borrow_mut().clear();
}

/// `operation.columns = list`.
pub(super) fn set_columns(
    vm: &mut Interpreter,
    operation: &Shared<CreateTableOp>,
    value: &Value,
) -> Result<()> {
    let now = OperationField::parse(vm, value)?;
    operation.borrow_mut().columns = now;
    let shown = vm.extension::<ShownObjects>();
    let mut columns = shown.columns.borrow_mut();
    columns.retain(|(known, _)| !Rc::ptr_eq(known, operation));
    Ok(())
}

/// `operation.columns` of a table: a list that the program may change in place.
pub(super) fn columns_value(
    vm: &mut Interpreter,
    operation: &Shared<CreateTableOp>,
) -> Result<Value> {
    let shown = vm.extension::<ShownObjects>();
    let known = shown.columns.borrow();
    let same = known.iter().find(|(known, _)| Rc::ptr_eq(known, operation));
    if let Some((_, value)) = same {
        return Ok(value.clone());
    }
    drop(known);
    let columns = operation.borrow().columns.clone();
    let value = columns.to_python(vm);
    let entry = (operation.clone(), value.clone());
    shown.columns.borrow_mut().push(entry);
    Ok(value)
}

/// Registers the renderer of an operation class (`renderers.dispatch_for`).
pub(in crate::bindings::alembic) fn add_renderer(
    vm: &mut Interpreter,
    class: &Class,
    function: &Value,
) {
    vm.extension::<ShownObjects>()
        .renderers
        .borrow_mut()
        .push((class.clone(), function.clone()));
}

/// Whether an operation class has a renderer of the project's own.
pub(in crate::bindings::alembic) fn has_renderer(vm: &mut Interpreter, class: &Class) -> bool {
    let shown = vm.extension::<ShownObjects>();
    let renderers = shown.renderers.borrow();
    renderers.iter().any(|(known, _)| known == class)
}

/// The operations in an `UpgradeOps`, a `DowngradeOps` or another container, as Python left them.
///
/// # Errors
/// `AttributeError` for what is no container.
pub(in crate::bindings::alembic) fn container_list(
    vm: &mut Interpreter,
    value: &Value,
) -> Result<OperationList> {
    synchronize(vm)?;
    Ok(match to_operation(vm, value)? {
        MigrateOperation::Upgrade(upgrade) => upgrade.borrow().ops.clone(),
        MigrateOperation::Downgrade(downgrade) => downgrade.borrow().ops.clone(),
        MigrateOperation::Container(container) => container.borrow().ops.clone(),
        MigrateOperation::ModifyTable(table) => table.borrow().ops.clone(),
        _ => {
            let class = vm.class_of(value).name();
            return Err(vm.attribute_error(format!("'{class}' object has no attribute 'ops'")));
        }
    })
}

/// The renderer of a user-defined operation.
pub(in crate::bindings::alembic) fn renderer_for(
    vm: &mut Interpreter,
    operation: &Value,
) -> Option<Value> {
    let class = vm.class_of(operation);
    let shown = vm.extension::<ShownObjects>();
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
