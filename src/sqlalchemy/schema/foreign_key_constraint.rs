//! `ForeignKeyConstraint`: columns that reference those of another table.

use ground::order::InOrder;
use std::cell::RefCell;
use std::rc::Rc;

use super::constraints::{Common, ForeignKeyConstraintData, auto_attach};
use super::{
    Column, ColumnArgument, Constraint, ConstraintOptions, ForeignKey, ForeignKeyConstraint,
    ForeignKeyOptions, ReferenceArgument, Table, argument_error, invalid_request,
};
use ground::diagnostic::{Error, Result};

impl ForeignKeyConstraint {
    pub(super) fn common(&self) -> &Common {
        &self.0.common
    }

    /// `ForeignKeyConstraint(columns, refcolumns, ...)`.
    ///
    /// # Errors
    /// `sqlalchemy.exc.ArgumentError` where the counts differ; as attaching.
    pub fn new(
        columns: Vec<ColumnArgument>,
        references: Vec<ReferenceArgument>,
        options: ForeignKeyOptions,
    ) -> Result<Self> {
        options
            .options
            .validate(&["ForeignKeyConstraint", "Constraint"])?;
        if columns.len() != references.len() {
            return Err(argument_error(
                "ForeignKeyConstraint number of constrained columns must match the number of \
                 referenced columns.",
            ));
        }
        let constraint = Self::build(columns, options.clone());
        let elements = references
            .into_iter()
            .map(|reference| {
                ForeignKey::build(
                    reference,
                    ForeignKeyOptions {
                        info: None,
                        comment: None,
                        ..options.clone()
                    },
                    Some(constraint.clone()),
                )
            })
            .collect();
        *constraint.0.elements.borrow_mut() = elements;
        auto_attach(&Constraint::ForeignKey(constraint.clone()))?;
        Ok(constraint)
    }

    fn build(columns: Vec<ColumnArgument>, options: ForeignKeyOptions) -> Self {
        let shared = ConstraintOptions {
            name: options.name.clone(),
            deferrable: options.deferrable,
            initially: options.initially.clone(),
            comment: options.comment.clone(),
            info: options.info.clone(),
            options: options.options.clone(),
        };
        ForeignKeyConstraint(Rc::new(ForeignKeyConstraintData {
            common: Common::new(shared, columns, false),
            keywords: options,
            elements: RefCell::new(Vec::new()),
        }))
    }

    /// The constraint for a column-level `ForeignKey`, created when the column is attached to a
    /// table.
    pub(super) fn for_element(element: &ForeignKey, column: &Column) -> Result<Self> {
        let options = ForeignKeyOptions {
            link_to_name: false,
            info: None,
            ..element.options().clone()
        };
        options
            .options
            .validate(&["ForeignKeyConstraint", "Constraint"])?;
        let constraint = Self::build(Vec::new(), options);
        constraint
            .common()
            .columns
            .borrow_mut()
            .push(column.clone());
        constraint.0.elements.borrow_mut().push(element.clone());
        Ok(constraint)
    }

    /// The foreign key of each column, in order.
    pub fn elements(&self) -> Vec<ForeignKey> {
        self.0.elements.borrow().clone()
    }

    /// ON UPDATE.
    pub fn onupdate(&self) -> Option<Rc<str>> {
        self.0.keywords.onupdate.clone()
    }

    /// ON DELETE.
    pub fn ondelete(&self) -> Option<Rc<str>> {
        self.0.keywords.ondelete.clone()
    }

    /// MATCH.
    pub fn match_(&self) -> Option<Rc<str>> {
        self.0.keywords.match_.clone()
    }

    /// `use_alter`.
    pub fn use_alter(&self) -> bool {
        self.0.keywords.use_alter
    }

    /// `link_to_name`.
    pub fn link_to_name(&self) -> bool {
        self.0.keywords.link_to_name
    }

    /// The keys of its columns.
    pub fn column_keys(&self) -> Vec<Rc<str>> {
        if self.common().parent.borrow().is_some() || self.common().pending.is_empty() {
            self.columns().iter().map(Column::key).collect()
        } else {
            self.common()
                .pending
                .iter()
                .map(|argument| match argument {
                    ColumnArgument::Key(key) => key.clone(),
                    ColumnArgument::Column(column) => column.key(),
                })
                .collect()
        }
    }

    /// The referenced table.
    ///
    /// # Errors
    /// As [`ForeignKey::column`].
    pub fn referred_table(&self) -> Result<Table> {
        let elements = self.elements();
        let element = elements
            .first()
            .ok_or_else(|| Error::new("IndexError", "list index out of range"))?;
        element
            .column()?
            .table()
            .ok_or_else(|| invalid_request("the referred column is not associated with a Table"))
    }

    /// Schema of the target, as given in its name.
    pub fn referred_schema(&self) -> Option<Rc<str>> {
        self.elements()
            .first()
            .and_then(|element| element.target_tokens().schema)
    }

    pub(super) fn validate_target(&self, _table: &Table) -> Result<()> {
        let mut keys: Vec<String> = Vec::new();
        for element in self.elements() {
            match element.target_table_key() {
                None => return Ok(()),
                Some(key) if !keys.contains(&key) => keys.push(key),
                Some(_) => {}
            }
        }
        if keys.len() > 1 {
            keys.in_order();
            let table = self.table();
            return Err(argument_error(format!(
                "ForeignKeyConstraint on {}({}) refers to multiple remote tables: {} and {}",
                table.map(|table| table.fullname()).unwrap_or_default(),
                self.column_keys().join(", "),
                keys[0],
                keys[1]
            )));
        }
        Ok(())
    }

    pub(super) fn copy(
        &self,
        schema: Option<&str>,
        target: Option<&Table>,
    ) -> Result<ForeignKeyConstraint> {
        let elements = self.elements();
        let columns = elements
            .iter()
            .filter_map(|element| element.parent())
            .map(|parent| ColumnArgument::Key(parent.key()))
            .collect();
        let own_key = self.table().map(|table| table.key());
        let mut references = Vec::new();
        for element in &elements {
            if let Some(column) = element.target_column()
                && column.table().is_none()
            {
                return Err(invalid_request(format!(
                    "Can't copy ForeignKey object which refers to non-table bound Column {}",
                    column.python_repr()
                )));
            }
            let to_itself =
                target.filter(|_| element.target_table_key().as_deref() == own_key.as_deref());
            let name = to_itself.map(|table| table.name());
            references.push(ReferenceArgument::Target(
                element.copy_tokens(schema, name.as_deref()),
            ));
        }
        let shared = self.common().options();
        ForeignKeyConstraint::new(
            columns,
            references,
            ForeignKeyOptions {
                name: shared.name,
                comment: shared.comment,
                info: shared.info,
                options: shared.options,
                ..self.0.keywords.clone()
            },
        )
    }
}
