//! Renders columns, constraints, types and expressions as Python.

use ground::formatting::repr::string_repr;
use ground::order::InOrder;
use std::rc::Rc;

use crate::autogenerate::api::{AutogenContext, RenderItem};
use crate::autogenerate::render::{bool_repr, optional_repr, render_gen_name};
use crate::ddl::TypeRenderer;
use ground::diagnostic::Result;
use sqlalchemy::elements::{Expression, LabelName};
use sqlalchemy::schema::{
    Autoincrement, CheckConstraint, Column, Computed, Constraint, DialectOptions,
    ExcludeConstraint, ForeignKey, ForeignKeyConstraint, Identity, Index, MetaData,
    PrimaryKeyConstraint, ServerDefault, UniqueConstraint,
};
use sqlalchemy::sqltypes::{Argument, Type};

/// `sa.Column(...)`; empty if a `render_item` callback omits the column.
pub(super) fn render_column(column: &Column, context: &AutogenContext) -> Result<String> {
    if let Some(rendered) = context.render_item("column", RenderItem::Column(column))? {
        return Ok(rendered.unwrap_or_default());
    }
    let mut positional = None;
    let mut options: Vec<String> = Vec::new();
    if let Some(default) = column.server_default() {
        let rendered = render_server_default_or_none(Some(&default), context)?;
        if let Some(rendered) = rendered.filter(|text| !text.is_empty()) {
            if matches!(
                default,
                ServerDefault::Computed(_) | ServerDefault::Identity(_)
            ) {
                positional = Some(rendered);
            } else {
                options.push(format!("server_default={rendered}"));
            }
        }
    }
    match column.autoincrement() {
        Autoincrement::Auto => {}
        Autoincrement::True => options.push("autoincrement=True".to_owned()),
        Autoincrement::False => options.push("autoincrement=False".to_owned()),
        Autoincrement::IgnoreForeignKey => options.push("autoincrement=ignore_fk".to_owned()),
    }
    options.push(format!("nullable={}", bool_repr(column.nullable())));
    if column.system() {
        options.push("system=True".to_owned());
    }
    if let Some(comment) = column.comment() {
        options.push(format!("comment={}", string_repr(&comment)));
    }
    options.extend(render_dialect_kwargs(context, &column.dialect_options())?);
    Ok(format!(
        "{}Column({}, {}, {}{})",
        context.sqlalchemy_prefix(),
        string_repr(&column.name()),
        render_type(&column.kind(), context)?,
        positional.map_or_else(String::new, |text| format!("{text}, ")),
        options.join(", ")
    ))
}

/// The value of `server_default=`; the text `None` if there is none.
pub(super) fn render_server_default(
    default: Option<&ServerDefault>,
    context: &AutogenContext,
) -> Result<String> {
    Ok(render_server_default_or_none(default, context)?.unwrap_or_else(|| "None".to_owned()))
}

fn render_server_default_or_none(
    default: Option<&ServerDefault>,
    context: &AutogenContext,
) -> Result<Option<String>> {
    if let Some(rendered) =
        context.render_item("server_default", RenderItem::ServerDefault(default))?
    {
        return Ok(rendered);
    }
    Ok(match default {
        None => None,
        Some(ServerDefault::Computed(computed)) => Some(render_computed(computed, context)?),
        Some(ServerDefault::Identity(identity)) => Some(render_identity(identity, context)?),
        Some(ServerDefault::DefaultClause(clause)) => match clause.as_expression() {
            Some(Expression::Column(column)) => Some(string_repr(&column.name())),
            Some(expression) => Some(format!(
                "{}text({})",
                context.sqlalchemy_prefix(),
                string_repr(&context.render_ddl_sql_expr(&expression, true)?)
            )),
            None => clause
                .as_text()
                .map(|text| string_repr(strip_quotes(&text))),
        },
        Some(ServerDefault::FetchedValue(_)) => {
            Some(format!("{}FetchedValue()", context.sqlalchemy_prefix()))
        }
    })
}

/// Strips one quote from each end, as Alembic does with text defaults.
fn strip_quotes(text: &str) -> &str {
    let text = text.strip_prefix('\'').unwrap_or(text);
    text.strip_suffix('\'').unwrap_or(text)
}

fn render_computed(computed: &Computed, context: &AutogenContext) -> Result<String> {
    let persisted = computed.persisted().map_or_else(String::new, |value| {
        format!("persisted={}", bool_repr(value))
    });
    Ok(format!(
        "{}Computed({}, {persisted})",
        context.sqlalchemy_prefix(),
        render_expression_bare(&computed.sqltext(), context)?
    ))
}

fn render_identity(identity: &Identity, context: &AutogenContext) -> Result<String> {
    let always = identity.always().unwrap_or(false);
    let mut keywords = vec![format!("always={}", bool_repr(always))];
    for (name, value) in identity.options().items() {
        keywords.push(format!("{name}={}", value.python_str()));
    }
    for (name, value) in identity.dialect_options().iter() {
        keywords.push(format!("{name}={}", value.python_repr()));
    }
    Ok(format!(
        "{}Identity({})",
        context.sqlalchemy_prefix(),
        keywords.join(", ")
    ))
}

impl TypeRenderer for AutogenContext {
    fn render_type(&self, kind: &Type) -> Result<String> {
        render_type(kind, self)
    }

    fn render_expression(&self, expression: &Expression, wrap_in_element: bool) -> Result<String> {
        if wrap_in_element {
            render_expression(expression, self)
        } else {
            render_expression_bare(expression, self)
        }
    }
}

/// A type as Python: SQLAlchemy's own with the module prefix, a dialect's with its package (which
/// is added to the imports), a user-defined one with its module.
pub(super) fn render_type(kind: &Type, context: &AutogenContext) -> Result<String> {
    render_type_or_variants(kind, context, true)
}

fn render_type_or_variants(
    kind: &Type,
    context: &AutogenContext,
    variants: bool,
) -> Result<String> {
    if let Some(rendered) = context.render_item("type", RenderItem::Type(kind))? {
        return Ok(rendered.unwrap_or_else(|| "None".to_owned()));
    }
    let implementation = context.migration_context().implementation();
    let own = implementation.render_type(kind, context)?;
    if variants && kind.variants().next().is_some() {
        let mut text = render_type_or_variants(kind, context, false)?;
        let mut variants: Vec<(&str, &Type)> = kind.variants().collect();
        variants.in_order_by(|left, right| left.0.cmp(right.0));
        for (dialect, variant) in variants {
            text.push_str(&format!(
                ".with_variant({}, {})",
                render_type_or_variants(variant, context, false)?,
                string_repr(dialect)
            ));
        }
        return Ok(text);
    }
    let module = kind.module();
    if let Some(rest) = module.strip_prefix("sqlalchemy.dialects.") {
        let dialect = rest.split('.').next().unwrap_or(rest);
        context.add_import(&format!("from sqlalchemy.dialects import {dialect}"));
        return Ok(own.unwrap_or_else(|| format!("{dialect}.{}", kind.python_repr())));
    }
    if let Some(own) = own {
        return Ok(own);
    }
    if module.starts_with("sqlalchemy.") {
        let prefix = context.sqlalchemy_prefix();
        if let Some(item) = kind.item_type() {
            // Only the first parenthesis can precede the item type in the repr.
            let whole = kind.python_repr();
            let inner = format!("({}", item.python_repr());
            let rendered = render_type(&item, context)?;
            return Ok(match whole.find(&inner) {
                Some(start) => format!(
                    "{prefix}{}({rendered}{}",
                    &whole[..start],
                    &whole[start + inner.len()..]
                ),
                None => format!("{prefix}{whole}"),
            });
        }
        return Ok(format!("{prefix}{}", kind.python_repr()));
    }
    Ok(match &context.options().user_module_prefix {
        Some(prefix) => format!("{prefix}{}", kind.python_repr()),
        None => format!("{module}.{}", kind.python_repr()),
    })
}

/// An expression's SQL as a Python string.
pub(super) fn render_expression_bare(
    expression: &Expression,
    context: &AutogenContext,
) -> Result<String> {
    if let Expression::Column(column) = expression {
        return Ok(string_repr(&column.name()));
    }
    Ok(string_repr(
        &context.render_ddl_sql_expr(expression, false)?,
    ))
}

/// An expression as `sa.text('...')`; a column as its name.
fn render_expression(expression: &Expression, context: &AutogenContext) -> Result<String> {
    if let Expression::Column(column) = expression {
        return Ok(string_repr(&column.name()));
    }
    Ok(format!(
        "{}text({})",
        context.sqlalchemy_prefix(),
        string_repr(&context.render_ddl_sql_expr(expression, false)?)
    ))
}

/// `sqlite_where=sa.text('...')` and so on, in the order given.
pub(super) fn render_dialect_kwargs(
    context: &AutogenContext,
    keywords: &DialectOptions,
) -> Result<Vec<String>> {
    keywords
        .iter()
        .map(|(name, value)| Ok(format!("{name}={}", render_dialect_value(value, context)?)))
        .collect()
}

fn render_dialect_value(value: &Argument, context: &AutogenContext) -> Result<String> {
    match value {
        Argument::Expression(expression) => render_expression(expression, context),
        other => Ok(other.python_repr()),
    }
}

/// The elements of an index: column names, and `sa.literal_column('...')` for expressions.
pub(super) fn render_index_expressions(
    index: &Index,
    context: &AutogenContext,
) -> Result<Vec<String>> {
    index
        .expressions()
        .iter()
        .map(|expression| {
            if let Expression::Column(column) = expression {
                return Ok(string_repr(&column.name()));
            }
            let mut text = format!(
                "{}literal_column({})",
                context.sqlalchemy_prefix(),
                string_repr(&context.render_ddl_index_expr(expression)?)
            );
            if let Expression::Label(label) = expression
                && let LabelName::Plain(name) = &label.name
            {
                text.push_str(&format!(".label({})", string_repr(name)));
            }
            Ok(text)
        })
        .collect()
}

/// A unique constraint in `create_table`; with `alter`, as `create_unique_constraint`.
pub(super) fn render_unique_constraint(
    constraint: &UniqueConstraint,
    context: &AutogenContext,
    alter: bool,
) -> Result<String> {
    let columns: Vec<String> = constraint
        .columns()
        .iter()
        .map(|column| string_repr(&column.name()))
        .collect();
    let mut arguments = Vec::new();
    let batch = context.has_batch();
    if alter {
        arguments.push(render_gen_name(context, &constraint.name()));
        if !batch {
            arguments.push(optional_repr(
                constraint.table().map(|table| table.name()).as_deref(),
            ));
        }
        arguments.push(format!("[{}]", columns.join(", ")));
    } else {
        arguments.extend(columns);
    }
    if constraint.deferrable() == Some(true) {
        arguments.push("deferrable=True".to_owned());
    }
    if let Some(initially) = constraint.initially().filter(|text| !text.is_empty()) {
        arguments.push(format!("initially={}", string_repr(&initially)));
    }
    if alter
        && !batch
        && let Some(schema) = constraint.table().and_then(|table| table.schema())
    {
        arguments.push(format!("schema={}", string_repr(&schema)));
    }
    if !alter && !constraint.name().is_none() {
        arguments.push(format!(
            "name={}",
            render_gen_name(context, &constraint.name())
        ));
    }
    arguments.extend(render_dialect_kwargs(
        context,
        &constraint.dialect_options(),
    )?);
    Ok(if alter {
        format!(
            "{}create_unique_constraint({})",
            context.op_prefix(),
            arguments.join(", ")
        )
    } else {
        format!(
            "{}UniqueConstraint({})",
            context.sqlalchemy_prefix(),
            arguments.join(", ")
        )
    })
}

/// A constraint in `create_table`; `None` if a type creates it or it is not rendered.
pub(super) fn render_constraint(
    constraint: &Constraint,
    context: &AutogenContext,
    namespace_metadata: Option<&MetaData>,
) -> Result<Option<String>> {
    let kind = match constraint {
        Constraint::PrimaryKey(_) => "primary_key",
        Constraint::ForeignKey(_) => "foreign_key",
        Constraint::Unique(_) => "unique",
        Constraint::Check(_) => "check",
        Constraint::Exclude(_) => "exclude",
    };
    if let Some(rendered) = context.render_item(kind, RenderItem::Constraint(constraint))? {
        return Ok(rendered);
    }
    match constraint {
        Constraint::PrimaryKey(constraint) => Ok(render_primary_key(constraint, context)),
        Constraint::ForeignKey(constraint) => {
            render_foreign_key(constraint, context, namespace_metadata).map(Some)
        }
        Constraint::Unique(constraint) => {
            render_unique_constraint(constraint, context, false).map(Some)
        }
        Constraint::Check(_) if constraint.is_type_bound() => Ok(None),
        Constraint::Check(check) => render_check(check, context).map(Some),
        Constraint::Exclude(exclude) => render_exclude(exclude, context).map(Some),
    }
}

fn render_primary_key(
    constraint: &PrimaryKeyConstraint,
    context: &AutogenContext,
) -> Option<String> {
    let mut arguments: Vec<String> = constraint
        .columns()
        .iter()
        .map(|column| string_repr(&column.name()))
        .collect();
    if arguments.is_empty() {
        return None;
    }
    if !constraint.name().is_none() {
        arguments.push(format!(
            "name={}",
            render_gen_name(context, &constraint.name())
        ));
    }
    Some(format!(
        "{}PrimaryKeyConstraint({})",
        context.sqlalchemy_prefix(),
        arguments.join(", ")
    ))
}

fn render_foreign_key(
    constraint: &ForeignKeyConstraint,
    context: &AutogenContext,
    namespace_metadata: Option<&MetaData>,
) -> Result<String> {
    let metadata_schema = namespace_metadata.and_then(|metadata| metadata.schema());
    let mut columns = Vec::new();
    let mut targets = Vec::new();
    for element in constraint.elements() {
        columns.push(optional_repr(
            element.parent().map(|column| column.name()).as_deref(),
        ));
        targets.push(string_repr(&fk_colspec(
            &element,
            metadata_schema.as_deref(),
            namespace_metadata,
        )));
    }
    let mut options = Vec::new();
    if !constraint.name().is_none() {
        options.push(format!(
            "name={}",
            render_gen_name(context, &constraint.name())
        ));
    }
    let mut push = |name: &str, value: Option<Rc<str>>| {
        if let Some(value) = value.filter(|text: &Rc<str>| !text.is_empty()) {
            options.push(format!("{name}={}", string_repr(&value)));
        }
    };
    push("onupdate", constraint.onupdate());
    push("ondelete", constraint.ondelete());
    push("initially", constraint.initially());
    if constraint.deferrable() == Some(true) {
        options.push("deferrable=True".to_owned());
    }
    if constraint.use_alter() {
        options.push("use_alter=True".to_owned());
    }
    if let Some(value) = constraint.match_().filter(|text| !text.is_empty()) {
        options.push(format!("match={}", string_repr(&value)));
    }
    options.extend(render_dialect_kwargs(
        context,
        &constraint.dialect_options(),
    )?);
    Ok(format!(
        "{}ForeignKeyConstraint([{}], [{}], {})",
        context.sqlalchemy_prefix(),
        columns.join(", "),
        targets.join(", "),
        options.join(", ")
    ))
}

/// The `schema.table.column` of a foreign key's target, with the column's name rather than its key
/// if the table is known.
fn fk_colspec(
    element: &ForeignKey,
    metadata_schema: Option<&str>,
    namespace_metadata: Option<&MetaData>,
) -> String {
    let target = element.target_tokens();
    let table_name = target.table_name.as_deref().unwrap_or("None");
    let table = match (target.schema.as_deref(), metadata_schema) {
        (Some(schema), _) | (None, Some(schema)) => format!("{schema}.{table_name}"),
        (None, None) => table_name.to_owned(),
    };
    let mut column_name = target.column_name.clone();
    if let Some(key) = &target.column_name
        && !element.options().link_to_name
        && element.parent().and_then(|column| column.table()).is_some()
        && let Some(known) = namespace_metadata.and_then(|metadata| metadata.table(&table))
        && let Some(column) = known.column(key)
    {
        column_name = Some(column.name().text());
    }
    format!("{table}.{}", column_name.as_deref().unwrap_or("None"))
}

/// An EXCLUDE constraint in `create_table`, by the dialect that declares it.
fn render_exclude(constraint: &ExcludeConstraint, context: &AutogenContext) -> Result<String> {
    let dialect = ExcludeConstraint::dialect_name();
    context.add_import(&format!("from sqlalchemy.dialects import {dialect}"));
    let given = constraint.arguments();
    let table = constraint.table();
    let mut arguments = Vec::new();
    for (operand, operator) in &given.elements {
        let expression = match operand.expression(table.as_ref()) {
            Expression::ColumnClause(column) if column.is_literal => format!(
                "{}literal_column({})",
                context.sqlalchemy_prefix(),
                string_repr(column.name.as_str().unwrap_or_default())
            ),
            Expression::Column(_) | Expression::ColumnClause(_) => format!(
                "{}column({})",
                context.sqlalchemy_prefix(),
                string_repr(&operand.name().unwrap_or_default())
            ),
            other @ (Expression::Text(_) | Expression::Function(_)) => {
                render_expression(&other, context)?
            }
            other => render_expression_bare(&other, context)?,
        };
        arguments.push(format!("({expression}, {})", string_repr(operator)));
    }
    if let Some(condition) = &given.where_ {
        arguments.push(format!("where={}", render_expression(condition, context)?));
    }
    if constraint.deferrable() == Some(true) {
        // Alembic writes the text of it.
        arguments.push("deferrable='True'".to_owned());
    }
    if let Some(initially) = constraint.initially() {
        arguments.push(format!("initially={}", string_repr(&initially)));
    }
    arguments.push(format!("using={}", string_repr(&given.using)));
    if !constraint.name().is_none() {
        arguments.push(format!(
            "name={}",
            render_gen_name(context, &constraint.name())
        ));
    }
    Ok(format!(
        "{dialect}.ExcludeConstraint({})",
        arguments.join(", ")
    ))
}

fn render_check(constraint: &CheckConstraint, context: &AutogenContext) -> Result<String> {
    let mut text = format!(
        "{}CheckConstraint({}",
        context.sqlalchemy_prefix(),
        render_expression_bare(&constraint.sqltext(), context)?
    );
    if !constraint.name().is_none() {
        text.push_str(&format!(
            ", name={}",
            render_gen_name(context, &constraint.name())
        ));
    }
    for option in render_dialect_kwargs(context, &constraint.dialect_options())? {
        text.push_str(", ");
        text.push_str(&option);
    }
    text.push(')');
    Ok(text)
}
