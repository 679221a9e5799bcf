//! `Column`.

use ground::formatting::repr::string_repr;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use super::attach::OnAttach;
use super::{
    CheckConstraint, ColumnDefault, Computed, Constraint, DialectOptions, ForeignKey, Identity,
    Info, Sequence, ServerDefault, Table, argument_error, next_creation_order,
};
use crate::elements::Expression;
use crate::name::Name;
use crate::sqltypes::Type;
use ground::diagnostic::Result;

/// `autoincrement=`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Autoincrement {
    /// `"auto"`: applies to an integer primary key without a default or foreign key.
    #[default]
    Auto,
    /// `True`.
    True,
    /// `False`.
    False,
    /// `"ignore_fk"`.
    IgnoreForeignKey,
}

/// A positional argument of `Column`.
#[derive(Clone)]
pub enum ColumnItem {
    /// `ForeignKey(...)`.
    ForeignKey(ForeignKey),
    /// `CheckConstraint(...)`.
    Check(CheckConstraint),
    /// Another constraint.
    Constraint(Constraint),
    /// `Computed(...)`.
    Computed(Computed),
    /// `Identity(...)`.
    Identity(Identity),
    /// `Sequence(...)`: a default.
    Sequence(Sequence),
    /// `FetchedValue()` or `DefaultClause(...)`.
    ServerDefault(ServerDefault),
    /// `ColumnDefault(...)`.
    Default(ColumnDefault),
}

/// The arguments of `Column(...)`.
#[derive(Clone, Default)]
#[expect(
    missing_docs,
    reason = "each field is SQLAlchemy's keyword argument of its name"
)]
pub struct ColumnOptions {
    pub name: Option<Name>,
    pub kind: Option<Type>,
    pub items: Vec<ColumnItem>,
    pub key: Option<Rc<str>>,
    pub primary_key: bool,
    /// `None` if not given (`NULL_UNSPECIFIED`).
    pub nullable: Option<bool>,
    pub autoincrement: Autoincrement,
    pub default: Option<ColumnDefault>,
    pub onupdate: Option<ColumnDefault>,
    pub server_default: Option<ServerDefault>,
    pub server_onupdate: Option<ServerDefault>,
    pub unique: Option<bool>,
    pub index: Option<bool>,
    pub system: bool,
    pub comment: Option<Rc<str>>,
    pub doc: Option<Rc<str>>,
    pub info: Option<Rc<dyn Any>>,
    pub insert_sentinel: bool,
    pub options: DialectOptions,
}

pub(crate) struct ColumnData {
    name: RefCell<Option<Name>>,
    pub(super) key: RefCell<Option<Rc<str>>>,
    kind: RefCell<Type>,
    /// Whether a Boolean or Enum type adds its CHECK (`_create_events`).
    pub(super) type_events: Cell<bool>,
    nullable: Cell<bool>,
    user_defined_nullable: Cell<Option<bool>>,
    primary_key: Cell<bool>,
    autoincrement: Cell<Autoincrement>,
    default: RefCell<Option<ColumnDefault>>,
    onupdate: RefCell<Option<ColumnDefault>>,
    server_default: RefCell<Option<ServerDefault>>,
    server_onupdate: RefCell<Option<ServerDefault>>,
    pub(super) unique: Cell<Option<bool>>,
    pub(super) index: Cell<Option<bool>>,
    system: Cell<bool>,
    comment: RefCell<Option<Rc<str>>>,
    doc: RefCell<Option<Rc<str>>>,
    computed: RefCell<Option<Computed>>,
    identity: RefCell<Option<Identity>>,
    pub(super) foreign_keys: RefCell<Vec<ForeignKey>>,
    pub(super) constraints: RefCell<Vec<Constraint>>,
    info: Info,
    insert_sentinel: bool,
    options: RefCell<DialectOptions>,
    pub(super) table: RefCell<Option<Table>>,
    pub(super) on_attach: RefCell<Vec<OnAttach>>,
    creation_order: u64,
}

/// A column, attached to a table or not yet; `sqlalchemy.Column`.
#[derive(Clone)]
pub struct Column(pub(super) Rc<ColumnData>);

impl Column {
    /// `Column(name, type)`.
    pub fn new(name: impl Into<Name>, kind: Type) -> Column {
        Column(Rc::new(Column::data(ColumnOptions {
            name: Some(name.into()),
            kind: Some(kind),
            ..ColumnOptions::default()
        })))
    }

    /// `Column(...)` with all its arguments.
    ///
    /// # Errors
    /// `sqlalchemy.exc.ArgumentError` for arguments that exclude each other, and what
    /// [`DialectOptions::validate`] raises.
    pub fn with_options(options: ColumnOptions) -> Result<Column> {
        options.options.validate(&["Column"])?;
        let items = options.items.clone();
        let default = options.default.clone();
        let onupdate = options.onupdate.clone();
        let column = Column(Rc::new(Column::data(options)));
        for item in items {
            column.append_item(item)?;
        }
        for sequence in [default, onupdate].into_iter().flatten() {
            if let ColumnDefault::Sequence(sequence) = sequence {
                column.on_table_attach(OnAttach::Sequence(sequence))?;
            }
        }
        Ok(column)
    }

    fn data(options: ColumnOptions) -> ColumnData {
        let key = options
            .key
            .or_else(|| options.name.as_ref().map(Name::text));
        ColumnData {
            name: RefCell::new(options.name),
            key: RefCell::new(key),
            kind: RefCell::new(options.kind.unwrap_or_else(Type::null)),
            type_events: Cell::new(true),
            nullable: Cell::new(options.nullable.unwrap_or(!options.primary_key)),
            user_defined_nullable: Cell::new(options.nullable),
            primary_key: Cell::new(options.primary_key),
            autoincrement: Cell::new(options.autoincrement),
            default: RefCell::new(options.default),
            onupdate: RefCell::new(options.onupdate),
            server_default: RefCell::new(options.server_default),
            server_onupdate: RefCell::new(options.server_onupdate),
            unique: Cell::new(options.unique),
            index: Cell::new(options.index),
            system: Cell::new(options.system),
            comment: RefCell::new(options.comment),
            doc: RefCell::new(options.doc),
            computed: RefCell::new(None),
            identity: RefCell::new(None),
            foreign_keys: RefCell::new(Vec::new()),
            constraints: RefCell::new(Vec::new()),
            info: RefCell::new(options.info),
            insert_sentinel: options.insert_sentinel,
            options: RefCell::new(options.options),
            table: RefCell::new(None),
            on_attach: RefCell::new(Vec::new()),
            creation_order: next_creation_order(),
        }
    }

    /// Adds a positional argument.
    ///
    /// # Errors
    /// `sqlalchemy.exc.ArgumentError` where it does not go with what is there.
    pub fn append_item(&self, item: ColumnItem) -> Result<()> {
        match item {
            ColumnItem::ForeignKey(foreign_key) => self.append_foreign_key(&foreign_key),
            ColumnItem::Check(check) => Constraint::Check(check).attach_to_column(self),
            ColumnItem::Constraint(constraint) => constraint.attach_to_column(self),
            ColumnItem::Computed(computed) => self.set_computed(computed),
            ColumnItem::Identity(identity) => self.set_identity(identity),
            ColumnItem::Sequence(sequence) => {
                *self.0.default.borrow_mut() = Some(ColumnDefault::Sequence(sequence.clone()));
                self.on_table_attach(OnAttach::Sequence(sequence))
            }
            ColumnItem::ServerDefault(default) => {
                let update = match &default {
                    ServerDefault::DefaultClause(clause) => clause.for_update(),
                    ServerDefault::FetchedValue(value) => value.for_update,
                    ServerDefault::Computed(computed) => {
                        return self.set_computed(computed.clone());
                    }
                    ServerDefault::Identity(identity) => {
                        return self.set_identity(identity.clone());
                    }
                };
                if update {
                    self.set_server_onupdate(Some(default));
                } else {
                    self.set_server_default(Some(default));
                }
                Ok(())
            }
            ColumnItem::Default(default) => {
                self.set_default(Some(default));
                Ok(())
            }
        }
    }

    fn set_computed(&self, computed: Computed) -> Result<()> {
        let fits = |value: &Option<ServerDefault>| {
            matches!(value, None | Some(ServerDefault::Computed(_)))
        };
        if !fits(&self.0.server_default.borrow()) || !fits(&self.0.server_onupdate.borrow()) {
            return Err(argument_error(
                "A generated column cannot specify a server_default or a server_onupdate argument",
            ));
        }
        computed.set_column(Some(self.clone()));
        *self.0.computed.borrow_mut() = Some(computed.clone());
        *self.0.server_default.borrow_mut() = Some(ServerDefault::Computed(computed.clone()));
        *self.0.server_onupdate.borrow_mut() = Some(ServerDefault::Computed(computed));
        Ok(())
    }

    fn set_identity(&self, identity: Identity) -> Result<()> {
        let fits = matches!(
            &*self.0.server_default.borrow(),
            None | Some(ServerDefault::Identity(_))
        ) && self.0.server_onupdate.borrow().is_none();
        if !fits {
            return Err(argument_error(
                "A column with an Identity object cannot specify a server_default or a \
                 server_onupdate argument",
            ));
        }
        if self.0.autoincrement.get() == Autoincrement::False {
            return Err(argument_error(
                "A column with an Identity object cannot specify autoincrement=False",
            ));
        }
        identity.set_column(Some(self.clone()));
        *self.0.identity.borrow_mut() = Some(identity.clone());
        if self.0.user_defined_nullable.get().is_none() {
            self.0.nullable.set(false);
        }
        *self.0.server_default.borrow_mut() = Some(ServerDefault::Identity(identity));
        Ok(())
    }

    /// `column.append_foreign_key(...)`.
    ///
    /// # Errors
    /// As [`ForeignKey`]'s own attaching.
    pub fn append_foreign_key(&self, foreign_key: &ForeignKey) -> Result<()> {
        foreign_key.set_parent(self)
    }

    /// Its name.
    ///
    /// Empty if the column is unnamed.
    pub fn name(&self) -> Name {
        self.0
            .name
            .borrow()
            .clone()
            .unwrap_or_else(|| Name::new(""))
    }

    /// Its name, or `None` if it is unnamed.
    pub fn name_option(&self) -> Option<Name> {
        self.0.name.borrow().clone()
    }

    /// Names it, as declarative mappings do before attaching it to a table.
    pub fn set_name(&self, name: impl Into<Name>) {
        *self.0.name.borrow_mut() = Some(name.into());
    }

    /// Its key in the table's collection.
    pub fn key(&self) -> Rc<str> {
        self.key_option().unwrap_or_else(|| self.name().text())
    }

    /// Its key, or `None` if neither key nor name was given.
    pub fn key_option(&self) -> Option<Rc<str>> {
        self.0.key.borrow().clone()
    }

    /// Sets the key; in a table it takes effect with the next lookup.
    pub fn set_key(&self, key: impl Into<Rc<str>>) {
        *self.0.key.borrow_mut() = Some(key.into());
    }

    /// Its type.
    pub fn kind(&self) -> Type {
        self.0.kind.borrow().clone()
    }

    /// Changes the type.
    pub fn set_kind(&self, kind: Type) {
        *self.0.kind.borrow_mut() = kind;
    }

    /// Whether its type adds a CHECK when the column is attached (`_create_events`).
    pub fn set_type_events(&self, events: bool) {
        self.0.type_events.set(events);
    }

    /// Removes a column-level constraint.
    pub fn remove_constraint(&self, constraint: &Constraint) {
        self.0
            .constraints
            .borrow_mut()
            .retain(|known| !known.ptr_eq(constraint));
    }

    /// `nullable`.
    pub fn nullable(&self) -> bool {
        self.0.nullable.get()
    }

    /// Sets `nullable`, without marking it as explicit.
    pub fn set_nullable(&self, nullable: bool) {
        self.0.nullable.set(nullable);
    }

    /// The explicit `nullable`, or `None` if it was not given.
    pub fn user_defined_nullable(&self) -> Option<bool> {
        self.0.user_defined_nullable.get()
    }

    /// Sets `nullable` as if it were explicit.
    pub fn set_user_defined_nullable(&self, nullable: Option<bool>) {
        self.0.user_defined_nullable.set(nullable);
        if let Some(nullable) = nullable {
            self.0.nullable.set(nullable);
        }
    }

    /// `primary_key`.
    pub fn primary_key(&self) -> bool {
        self.0.primary_key.get()
    }

    /// Sets `primary_key`, without further effects.
    pub fn set_primary_key(&self, primary_key: bool) {
        self.0.primary_key.set(primary_key);
    }

    /// `autoincrement`.
    pub fn autoincrement(&self) -> Autoincrement {
        self.0.autoincrement.get()
    }

    /// Sets `autoincrement`.
    pub fn set_autoincrement(&self, autoincrement: Autoincrement) {
        self.0.autoincrement.set(autoincrement);
    }

    /// `default`.
    pub fn default(&self) -> Option<ColumnDefault> {
        self.0.default.borrow().clone()
    }

    /// Sets `default`.
    pub fn set_default(&self, default: Option<ColumnDefault>) {
        *self.0.default.borrow_mut() = default;
    }

    /// `onupdate`.
    pub fn onupdate(&self) -> Option<ColumnDefault> {
        self.0.onupdate.borrow().clone()
    }

    /// Sets `onupdate`.
    pub fn set_onupdate(&self, onupdate: Option<ColumnDefault>) {
        *self.0.onupdate.borrow_mut() = onupdate;
    }

    /// `server_default`.
    pub fn server_default(&self) -> Option<ServerDefault> {
        self.0.server_default.borrow().clone()
    }

    /// Sets `server_default`; `None` also clears `computed` and `identity`.
    pub fn set_server_default(&self, default: Option<ServerDefault>) {
        *self.0.server_default.borrow_mut() = default;
    }

    /// `server_onupdate`.
    pub fn server_onupdate(&self) -> Option<ServerDefault> {
        self.0.server_onupdate.borrow().clone()
    }

    /// Sets `server_onupdate`.
    pub fn set_server_onupdate(&self, default: Option<ServerDefault>) {
        *self.0.server_onupdate.borrow_mut() = default;
    }

    /// `unique` as given.
    pub fn unique(&self) -> Option<bool> {
        self.0.unique.get()
    }

    /// Sets `unique`; has no effect once the column is in a table.
    pub fn set_unique(&self, unique: Option<bool>) {
        self.0.unique.set(unique);
    }

    /// `index` as given.
    pub fn index(&self) -> Option<bool> {
        self.0.index.get()
    }

    /// Sets `index`; has no effect once the column is in a table.
    pub fn set_index(&self, index: Option<bool>) {
        self.0.index.set(index);
    }

    /// `system`.
    pub fn system(&self) -> bool {
        self.0.system.get()
    }

    /// Sets `system`.
    pub fn set_system(&self, system: bool) {
        self.0.system.set(system);
    }

    /// `comment`.
    pub fn comment(&self) -> Option<Rc<str>> {
        self.0.comment.borrow().clone()
    }

    /// Sets `comment`.
    pub fn set_comment(&self, comment: Option<Rc<str>>) {
        *self.0.comment.borrow_mut() = comment;
    }

    /// `doc`.
    pub fn doc(&self) -> Option<Rc<str>> {
        self.0.doc.borrow().clone()
    }

    /// `computed`.
    pub fn computed(&self) -> Option<Computed> {
        self.0.computed.borrow().clone()
    }

    /// Replaces or clears `computed`.
    pub fn replace_computed(&self, computed: Option<Computed>) {
        *self.0.computed.borrow_mut() = computed;
    }

    /// `identity`.
    pub fn identity(&self) -> Option<Identity> {
        self.0.identity.borrow().clone()
    }

    /// Replaces or clears `identity`.
    pub fn replace_identity(&self, identity: Option<Identity>) {
        *self.0.identity.borrow_mut() = identity;
    }

    /// Its foreign keys, in the order they were added.
    pub fn foreign_keys(&self) -> Vec<ForeignKey> {
        self.0.foreign_keys.borrow().clone()
    }

    /// Adds a foreign key that is compared besides the column's own: one for each
    /// `ForeignKeyConstraint` that is made of the column.
    pub fn note_foreign_key(&self, foreign_key: &ForeignKey) {
        self.0.foreign_keys.borrow_mut().push(foreign_key.clone());
    }

    /// Its column-level constraints.
    pub fn constraints(&self) -> Vec<Constraint> {
        self.0.constraints.borrow().clone()
    }

    /// `info`, an opaque value.
    pub fn info(&self) -> Option<Rc<dyn Any>> {
        self.0.info.borrow().clone()
    }

    /// Sets `info`.
    pub fn set_info(&self, info: Option<Rc<dyn Any>>) {
        *self.0.info.borrow_mut() = info;
    }

    /// Dialect-specific arguments (`sqlite_on_conflict_unique`).
    pub fn dialect_options(&self) -> DialectOptions {
        self.0.options.borrow().clone()
    }

    /// Replaces the dialect-specific arguments.
    pub fn set_dialect_options(&self, options: DialectOptions) {
        *self.0.options.borrow_mut() = options;
    }

    /// The table it is in.
    pub fn table(&self) -> Option<Table> {
        self.0.table.borrow().clone()
    }

    /// A number that increases with each created item.
    pub fn creation_order(&self) -> u64 {
        self.0.creation_order
    }

    /// Whether two handles refer to the same column.
    pub fn ptr_eq(&self, other: &Column) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// A number that identifies this column while it is alive.
    pub fn identity_key(&self) -> usize {
        Rc::as_ptr(&self.0) as *const u8 as usize
    }

    /// `table_name_column_name`, as in the naming convention token `column_0_label`.
    pub fn ddl_label(&self) -> String {
        match self.table() {
            Some(table) => match table.schema() {
                Some(schema) => {
                    format!(
                        "{}_{}_{}",
                        schema.replace('.', "_"),
                        table.name(),
                        self.name()
                    )
                }
                None => format!("{}_{}", table.name(), self.name()),
            },
            None => self.name().to_string(),
        }
    }

    /// `str(column)`.
    pub fn python_str(&self) -> String {
        match (self.name_option(), self.table()) {
            (None, _) => "(no name)".into(),
            (Some(name), Some(table)) => format!("{}.{name}", table.name()),
            (Some(name), None) => name.to_string(),
        }
    }

    /// `repr(column)`.
    pub fn python_repr(&self) -> String {
        let mut parts = vec![
            self.name_option()
                .map_or_else(|| "None".to_owned(), |name| string_repr(&name)),
            self.kind().python_repr(),
        ];
        parts.extend(self.foreign_keys().iter().map(ForeignKey::python_repr));
        parts.extend(self.constraints().iter().map(Constraint::python_repr));
        parts.push(match self.table() {
            Some(table) => format!("table=<{}>", table.name()),
            None => "table=None".into(),
        });
        if let Some(key) = self.key_option()
            && self.name_option().is_none_or(|name| *name != *key)
        {
            parts.push(format!("key={}", string_repr(&key)));
        }
        if self.primary_key() {
            parts.push("primary_key=True".into());
        }
        if !self.nullable() {
            parts.push("nullable=False".into());
        }
        if let Some(onupdate) = self.onupdate() {
            parts.push(format!("onupdate={}", onupdate.python_repr()));
        }
        if let Some(default) = self.default() {
            parts.push(format!("default={}", default.python_repr()));
        }
        if let Some(default) = self.server_default() {
            parts.push(format!("server_default={}", default.python_repr()));
        }
        if let Some(comment) = self.comment() {
            parts.push(format!("comment={}", string_repr(&comment)));
        }
        format!("Column({})", parts.join(", "))
    }

    /// A detached copy (`_copy`); foreign keys created by a ForeignKeyConstraint are not copied, as
    /// in SQLAlchemy.
    ///
    /// # Errors
    /// As [`Column::with_options`].
    pub fn copy(&self) -> Result<Column> {
        self.copy_to(None, None)
    }

    /// The copy for [`Table::to_metadata`]: foreign keys are moved to another schema, generated
    /// columns refer to the new table.
    ///
    /// # Errors
    /// As [`Column::with_options`].
    pub fn copy_to(&self, schema: Option<&str>, target: Option<&Table>) -> Result<Column> {
        let mut items = Vec::new();
        for constraint in self.constraints() {
            if !constraint.is_type_bound() {
                items.push(ColumnItem::Constraint(constraint.copy(None, None)?));
            }
        }
        for foreign_key in self.foreign_keys() {
            if foreign_key.constraint().is_none() {
                items.push(ColumnItem::ForeignKey(foreign_key.copy(schema)?));
            }
        }
        let mut server_default = self.server_default();
        let mut server_onupdate = self.server_onupdate();
        match &server_default {
            Some(ServerDefault::Computed(computed)) => {
                items.push(ColumnItem::Computed(computed.copy(target)));
                server_default = None;
                server_onupdate = None;
            }
            Some(ServerDefault::Identity(identity)) => {
                items.push(ColumnItem::Identity(identity.copy()));
                server_default = None;
                server_onupdate = None;
            }
            _ => {
                server_default = server_default.map(|default| default.copy());
                server_onupdate = server_onupdate.map(|default| default.copy());
            }
        }
        let copy = Column::with_options(ColumnOptions {
            name: self.name_option(),
            kind: Some(self.kind()),
            items,
            key: self.key_option(),
            primary_key: self.primary_key(),
            nullable: None,
            autoincrement: self.autoincrement(),
            default: self.default(),
            onupdate: self.onupdate(),
            server_default,
            server_onupdate,
            unique: self.unique(),
            index: self.index(),
            system: self.system(),
            comment: self.comment(),
            doc: self.doc(),
            info: self.info(),
            insert_sentinel: self.0.insert_sentinel,
            options: self.dialect_options(),
        })?;
        copy.0.nullable.set(self.nullable());
        copy.0
            .user_defined_nullable
            .set(self.user_defined_nullable());
        Ok(copy)
    }
}

impl From<&Column> for Expression {
    fn from(column: &Column) -> Self {
        Expression::Column(column.clone())
    }
}

impl From<Column> for Expression {
    fn from(column: Column) -> Self {
        Expression::Column(column)
    }
}

impl fmt::Debug for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.python_repr())
    }
}

impl PartialEq for Column {
    fn eq(&self, other: &Column) -> bool {
        self.ptr_eq(other)
    }
}

impl Eq for Column {}
