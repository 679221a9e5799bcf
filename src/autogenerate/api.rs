//! The context of an autogenerate run: `alembic.autogenerate.api`.

use ground::order::InOrder;
use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use ground::hash::IndexMap;

use crate::autogenerate::plugins::Plugins;
use crate::operations::ops::{CustomOperation, MigrationScript, Shared, UpgradeOps};
use crate::runtime::{MigrationContext, TargetMetadata};
use ground::diagnostic::{Error, Reason, Result};
use ground::run::Run;
use sqlalchemy::elements::Expression;
use sqlalchemy::inspector::Inspector;
use sqlalchemy::schema::{
    CheckConstraint, Column, Constraint, ForeignKeyConstraint, Index, MetaData, ServerDefault,
    Table, UniqueConstraint, take_warnings,
};
use sqlalchemy::sqltypes::Type;

/// A `context.configure` setting that is a flag or a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `False`: not compared.
    Off,
    /// `True`: compared as the dialect does.
    On,
    /// A function that is called first.
    Callable,
}

/// The keywords of `context.configure` that autogenerate reads.
#[derive(Clone)]
pub struct AutogenOptions {
    /// `include_schemas`.
    pub include_schemas: bool,
    /// `render_as_batch`.
    pub render_as_batch: bool,
    /// `upgrade_token`.
    pub upgrade_token: String,
    /// `downgrade_token`.
    pub downgrade_token: String,
    /// `sqlalchemy_module_prefix`.
    pub sqlalchemy_module_prefix: String,
    /// `alembic_module_prefix`.
    pub alembic_module_prefix: String,
    /// `user_module_prefix`.
    pub user_module_prefix: Option<String>,
    /// `autogenerate_plugins`.
    pub autogenerate_plugins: Vec<String>,
    /// `compare_type`.
    pub compare_type: Comparison,
    /// `compare_server_default`.
    pub compare_server_default: Comparison,
    /// The user-defined callbacks.
    pub callbacks: Rc<dyn Callbacks>,
}

impl AutogenOptions {
    /// The key of these options in `ConfigureOptions::others`.
    pub const KEY: &'static str = "autogenerate";

    /// The options passed to `context.configure`, or the defaults.
    pub fn of(context: &MigrationContext) -> AutogenOptions {
        context
            .options()
            .others
            .get(Self::KEY)
            .and_then(|options| options.downcast_ref::<AutogenOptions>().cloned())
            .unwrap_or_default()
    }
}

impl Default for AutogenOptions {
    fn default() -> Self {
        AutogenOptions {
            include_schemas: false,
            render_as_batch: false,
            upgrade_token: "upgrades".to_owned(),
            downgrade_token: "downgrades".to_owned(),
            sqlalchemy_module_prefix: "sa.".to_owned(),
            alembic_module_prefix: "op.".to_owned(),
            user_module_prefix: None,
            autogenerate_plugins: vec!["alembic.autogenerate.*".to_owned()],
            compare_type: Comparison::On,
            compare_server_default: Comparison::Off,
            callbacks: Rc::new(NoCallbacks),
        }
    }
}

/// The parent names of a name passed to a filter: `schema_name`, `table_name`,
/// `schema_qualified_table_name`, in Alembic's order.
pub type ParentNames = IndexMap<&'static str, Option<String>>;

/// The object argument of `include_object`.
#[derive(Clone)]
pub enum SchemaObject {
    /// A table.
    Table(Table),
    /// A column.
    Column(Column),
    /// An index.
    Index(Index),
    /// A constraint.
    Constraint(Constraint),
}

impl From<&UniqueConstraint> for SchemaObject {
    fn from(constraint: &UniqueConstraint) -> Self {
        SchemaObject::Constraint(Constraint::Unique(constraint.clone()))
    }
}

impl From<&ForeignKeyConstraint> for SchemaObject {
    fn from(constraint: &ForeignKeyConstraint) -> Self {
        SchemaObject::Constraint(Constraint::ForeignKey(constraint.clone()))
    }
}

impl From<&CheckConstraint> for SchemaObject {
    fn from(constraint: &CheckConstraint) -> Self {
        SchemaObject::Constraint(Constraint::Check(constraint.clone()))
    }
}

/// The object argument of `render_item`.
#[derive(Clone, Copy)]
pub enum RenderItem<'a> {
    /// A type.
    Type(&'a Type),
    /// A column.
    Column(&'a Column),
    /// A server default, or none.
    ServerDefault(Option<&'a ServerDefault>),
    /// A constraint.
    Constraint(&'a Constraint),
}

/// User-defined callbacks from env.py. `bindings` implements it for Python functions; the default
/// methods apply where a callback is not given.
#[expect(unused_variables, reason = "the defaults ignore their arguments")]
pub trait Callbacks {
    /// Whether [`include_name`](Self::include_name) is given.
    fn filters_names(&self) -> bool {
        true
    }

    /// `include_name(name, type_, parent_names)`.
    ///
    /// # Errors
    /// What the function raises.
    fn include_name(&self, name: Option<&str>, kind: &str, parents: &ParentNames) -> Result<bool> {
        Ok(true)
    }

    /// `include_object(object, name, type_, reflected, compare_to)`.
    ///
    /// # Errors
    /// What the function raises.
    fn include_object(
        &self,
        object: &SchemaObject,
        name: Option<&str>,
        kind: &str,
        reflected: bool,
        compare_to: Option<&SchemaObject>,
    ) -> Result<bool> {
        Ok(true)
    }

    /// `compare_type(context, inspected_column, metadata_column, inspected_type, metadata_type)`:
    /// whether they differ, or `None` for the default comparison.
    ///
    /// # Errors
    /// What the function raises.
    fn compare_type(
        &self,
        context: &MigrationContext,
        inspected: &Column,
        metadata: &Column,
    ) -> Result<Option<bool>> {
        Ok(None)
    }

    /// `compare_server_default(context, inspected_column, metadata_column, inspected_default,
    /// metadata_default, rendered_metadata_default)`: whether they differ, or `None` for the
    /// default comparison.
    ///
    /// # Errors
    /// What the function raises.
    fn compare_server_default(
        &self,
        context: &MigrationContext,
        inspected: &Column,
        metadata: &Column,
        inspected_default: Option<&str>,
        rendered_metadata_default: Option<&str>,
    ) -> Result<Option<bool>> {
        Ok(None)
    }

    /// `repr()` of the `compare_server_default` function, for a log line.
    fn compare_server_default_repr(&self) -> String {
        String::new()
    }

    /// `repr()` of the `info` of a table; `None` for an empty one.
    ///
    /// # Errors
    /// What a `__repr__` in it raises.
    fn info_repr(&self, info: &Rc<dyn Any>) -> Result<Option<String>> {
        Ok(None)
    }

    /// Whether `render_item` is given.
    fn renders_items(&self) -> bool {
        false
    }

    /// `render_item(type_, object, autogen_context)`: `None` if it returns `False`, an inner `None`
    /// if it returns `None`, otherwise the rendered text.
    ///
    /// # Errors
    /// What the function raises.
    fn render_item(
        &self,
        kind: &str,
        item: RenderItem<'_>,
        context: &AutogenContext,
    ) -> Result<Option<Option<String>>> {
        Ok(None)
    }

    /// The rendered lines of a user-defined operation, by the function registered with
    /// `renderers.dispatch_for`; `None` if there is none.
    ///
    /// # Errors
    /// What the function raises.
    fn render_custom_operation(
        &self,
        operation: &dyn CustomOperation,
        context: &AutogenContext,
    ) -> Result<Option<Vec<String>>> {
        Ok(None)
    }

    /// Calls the project's own comparisons (`comparators.dispatch_for("schema")`), which add to the operations.
    ///
    /// # Errors
    /// What a function raises.
    fn compare_schemas(
        &self,
        context: &AutogenContext,
        upgrade: &Shared<UpgradeOps>,
        schemas: &[Option<String>],
    ) -> Result<()> {
        Ok(())
    }

    /// `process_revision_directives(context, revision, directives)`; it may modify the list.
    ///
    /// # Errors
    /// What the function raises.
    fn process_revision_directives(
        &self,
        context: &MigrationContext,
        revision: &[String],
        directives: &Rc<RefCell<Vec<Shared<MigrationScript>>>>,
    ) -> Result<()> {
        Ok(())
    }

    /// For downcasting by its creator.
    fn as_any(&self) -> Option<&dyn Any> {
        None
    }
}

/// No callbacks.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoCallbacks;

impl Callbacks for NoCallbacks {}

/// `AutogenContext`: configuration and state of one comparison or rendering; a cheap handle.
#[derive(Clone)]
pub struct AutogenContext(Rc<AutogenState>);

struct AutogenState {
    migration_context: MigrationContext,
    options: AutogenOptions,
    metadata: Vec<MetaData>,
    plugins: Plugins,
    imports: RefCell<BTreeSet<String>>,
    has_batch: Cell<bool>,
    inspector: OnceCell<Inspector>,
}

impl AutogenContext {
    /// Creates a context; a `metadata` of `None` means the one passed to `context.configure`.
    ///
    /// # Errors
    /// `CommandError` where SQL is written instead of run, where the environment gives no
    /// metadata, or where a plugin is not found.
    pub fn new(
        migration_context: &MigrationContext,
        metadata: Option<Vec<MetaData>>,
        options: AutogenOptions,
        autogenerate: bool,
    ) -> Result<AutogenContext> {
        if autogenerate && migration_context.as_sql() {
            return Err(Error::command(
                "autogenerate can't use as_sql=True as it prevents querying the database for \
                 schema information",
            ));
        }
        let plugins = if autogenerate {
            Plugins::select(
                &options.autogenerate_plugins,
                &migration_context.run().logging,
            )?
        } else {
            Plugins::default()
        };
        let metadata = match metadata {
            Some(metadata) => Some(metadata),
            None => match &migration_context.options().target_metadata {
                TargetMetadata::None => None,
                metadata => Some(metadata.all()),
            },
        };
        if autogenerate
            && metadata.is_none()
            && let Some(environment) = migration_context.environment_context()
        {
            return Err(Error::command(format!(
                "Can't proceed with --autogenerate option; environment script {} does not provide \
                 a MetaData object or sequence of objects to the context.",
                environment.script().env_py_location()
            ))
            .with_reason(Reason::NoMetadata));
        }
        Ok(AutogenContext(Rc::new(AutogenState {
            migration_context: migration_context.clone(),
            options,
            metadata: metadata.unwrap_or_default(),
            plugins,
            imports: RefCell::default(),
            has_batch: Cell::new(false),
            inspector: OnceCell::new(),
        })))
    }

    /// The migration context.
    pub fn migration_context(&self) -> &MigrationContext {
        &self.0.migration_context
    }

    /// The command's run.
    pub fn run(&self) -> &Run {
        self.0.migration_context.run()
    }

    /// The keywords of `context.configure`.
    pub fn options(&self) -> &AutogenOptions {
        &self.0.options
    }

    /// The user-defined callbacks.
    pub fn callbacks(&self) -> &dyn Callbacks {
        &*self.0.options.callbacks
    }

    /// The models' metadata.
    pub fn metadata(&self) -> &[MetaData] {
        &self.0.metadata
    }

    /// The enabled comparisons.
    pub fn plugins(&self) -> &Plugins {
        &self.0.plugins
    }

    /// The inspector of the connection.
    ///
    /// # Errors
    /// `TypeError` where there is no connection.
    pub fn inspector(&self) -> Result<&Inspector> {
        if let Some(inspector) = self.0.inspector.get() {
            return Ok(inspector);
        }
        let connection = self.0.migration_context.connection().ok_or_else(|| {
            Error::new(
                "TypeError",
                "can't return inspector as this AutogenContext has no database connection",
            )
        })?;
        let inspector = Inspector::new(&connection)?;
        Ok(self.0.inspector.get_or_init(|| inspector))
    }

    /// The import lines required by rendered code, sorted and joined by newlines.
    pub fn imports_text(&self) -> String {
        self.imports().join("\n")
    }

    /// The import lines, sorted.
    pub fn imports(&self) -> Vec<String> {
        self.0.imports.borrow().iter().cloned().collect()
    }

    /// Replaces the import lines.
    pub fn set_imports(&self, imports: impl IntoIterator<Item = String>) {
        *self.0.imports.borrow_mut() = imports.into_iter().collect();
    }

    /// Adds an import line.
    pub fn add_import(&self, line: &str) {
        let mut imports = self.0.imports.borrow_mut();
        if !imports.contains(line) {
            imports.insert(line.to_owned());
        }
    }

    /// Whether operations are rendered inside `with op.batch_alter_table`.
    pub fn has_batch(&self) -> bool {
        self.0.has_batch.get()
    }

    pub(super) fn set_has_batch(&self, has_batch: bool) {
        self.0.has_batch.set(has_batch);
    }

    /// The prefix of operations: `op.`, or `batch_op.` inside a batch.
    pub fn op_prefix(&self) -> &str {
        if self.has_batch() {
            "batch_op."
        } else {
            &self.0.options.alembic_module_prefix
        }
    }

    /// The prefix of SQLAlchemy names.
    pub fn sqlalchemy_prefix(&self) -> &str {
        &self.0.options.sqlalchemy_module_prefix
    }

    pub(super) fn render_item(
        &self,
        kind: &str,
        item: RenderItem<'_>,
    ) -> Result<Option<Option<String>>> {
        let callbacks = self.callbacks();
        if callbacks.renders_items() {
            callbacks.render_item(kind, item, self)
        } else {
            Ok(None)
        }
    }

    pub(super) fn info_repr(&self, info: Option<&Rc<dyn Any>>) -> Result<Option<String>> {
        match info {
            Some(info) => self.callbacks().info_repr(info),
            None => Ok(None),
        }
    }

    /// The SQL of an expression in DDL.
    pub(super) fn render_ddl_sql_expr(
        &self,
        expression: &Expression,
        is_server_default: bool,
    ) -> Result<String> {
        self.0
            .migration_context
            .implementation()
            .render_ddl_sql_expr(expression, is_server_default)
    }

    /// The SQL of an expression in an index.
    pub(super) fn render_ddl_index_expr(&self, expression: &Expression) -> Result<String> {
        self.0
            .migration_context
            .implementation()
            .render_ddl_sql_expr(expression, false)
    }

    /// `run_name_filters`: whether a database name is included.
    ///
    /// # Errors
    /// What the function raises.
    pub fn run_name_filters(
        &self,
        name: Option<&str>,
        kind: &str,
        schema: Option<Option<&str>>,
        table: Option<&str>,
    ) -> Result<bool> {
        if !self.callbacks().filters_names() {
            return Ok(true);
        }
        let mut parents = ParentNames::default();
        if let Some(table) = table {
            parents.insert("table_name", Some(table.to_owned()));
        }
        if let Some(schema) = schema {
            parents.insert("schema_name", schema.map(str::to_owned));
            let table_name = if kind == "table" { name } else { table };
            if let Some(table_name) = table_name.filter(|name| !name.is_empty()) {
                let qualified = match schema.filter(|schema| !schema.is_empty()) {
                    Some(schema) => format!("{schema}.{table_name}"),
                    None => table_name.to_owned(),
                };
                parents.insert("schema_qualified_table_name", Some(qualified));
            }
        }
        self.callbacks().include_name(name, kind, &parents)
    }

    /// `run_object_filters`: whether an object is included.
    ///
    /// # Errors
    /// What the function raises.
    pub fn run_object_filters(
        &self,
        object: &SchemaObject,
        name: Option<&str>,
        kind: &str,
        reflected: bool,
        compare_to: Option<&SchemaObject>,
    ) -> Result<bool> {
        self.callbacks()
            .include_object(object, name, kind, reflected, compare_to)
    }

    /// The tables of all metadata, each in dependency order; a cycle emits a warning.
    ///
    /// # Errors
    /// As [`MetaData::sorted_tables`].
    pub fn sorted_tables(&self) -> Result<Vec<Table>> {
        let mut tables = Vec::new();
        for metadata in &self.0.metadata {
            tables.extend(metadata.sorted_tables()?);
        }
        for warning in take_warnings() {
            self.run().warning(warning.category, &warning.message);
        }
        Ok(tables)
    }

    /// The tables of all metadata by key.
    ///
    /// # Errors
    /// `ValueError` where two of them have a table of the same key.
    pub fn table_key_to_table(&self) -> Result<IndexMap<String, Table>> {
        let mut tables: IndexMap<String, Table> = IndexMap::default();
        for metadata in &self.0.metadata {
            let own = metadata.tables();
            let mut double: Vec<String> = own
                .iter()
                .map(|table| table.key().to_string())
                .filter(|key| tables.contains_key(key))
                .collect();
            if !double.is_empty() {
                double.in_order();
                let double: Vec<String> = double.iter().map(|key| format!("\"{key}\"")).collect();
                return Err(Error::new(
                    "ValueError",
                    format!(
                        "Duplicate table keys across multiple MetaData objects: {}",
                        double.join(", ")
                    ),
                ));
            }
            for table in own {
                tables.insert(table.key().to_string(), table);
            }
        }
        Ok(tables)
    }
}
