//! PostgreSQL's types as Python (`PostgresqlImpl.render_type`).

use ground::diagnostic::Result;
use ground::formatting::repr::string_repr;
use sqlalchemy::sqltypes::{Argument, Type, classes};

use crate::ddl::TypeRenderer;

/// The type as Python; `None` where its `repr()` will do.
pub(super) fn render_type(kind: &Type, renderer: &dyn TypeRenderer) -> Result<Option<String>> {
    if kind.is_instance(&classes::POSTGRESQL_HSTORE) {
        return with_type_inside(kind, "text_type", "text_type=", renderer);
    }
    if kind.is_instance(&classes::POSTGRESQL_ARRAY) {
        return with_type_inside(kind, "item_type", "(", renderer);
    }
    if kind.is_instance(&classes::POSTGRESQL_JSON) {
        return with_type_inside(kind, "astext_type", "astext_type=", renderer);
    }
    if kind.is_instance(&classes::POSTGRESQL_DOMAIN) {
        return domain(kind, renderer).map(Some);
    }
    Ok(None)
}

/// `_render_type_w_subtype`: the `repr()`, with the type inside rendered as a type by itself.
fn with_type_inside(
    kind: &Type,
    argument: &str,
    before: &str,
    renderer: &dyn TypeRenderer,
) -> Result<Option<String>> {
    let inner = match kind.argument(argument) {
        Some(Argument::Type(inner)) => inner,
        // The default of all those that have one.
        _ => Type::new(&classes::GENERIC_TEXT),
    };
    let rendered = renderer.render_type(&inner)?;
    let whole = kind.python_repr();
    let shown = format!("{before}{}", inner.python_repr());
    let whole = whole.replacen(&shown, &format!("{before}{rendered}"), 1);
    Ok(Some(format!("postgresql.{whole}")))
}

fn domain(kind: &Type, renderer: &dyn TypeRenderer) -> Result<String> {
    let name = kind.name().unwrap_or_default();
    let mut arguments = vec![string_repr(&name)];
    if let Some(Argument::Type(of)) = kind.argument("data_type") {
        arguments.push(renderer.render_type(&of)?);
    }
    let text = |arguments: &mut Vec<String>, option: &str| {
        if let Some(text) = kind.text(option) {
            arguments.push(format!("{option}={}", string_repr(&text)));
        }
    };
    text(&mut arguments, "collation");
    text(&mut arguments, "collation_schema");
    let expression = |arguments: &mut Vec<String>, option: &str, wrap: bool| -> Result<()> {
        let rendered = match kind.argument(option) {
            Some(Argument::Expression(expression)) => {
                renderer.render_expression(&expression, wrap)?
            }
            Some(Argument::Value(value)) if !value.is_null() => value.python_repr(),
            _ => return Ok(()),
        };
        arguments.push(format!("{option}={rendered}"));
        Ok(())
    };
    expression(&mut arguments, "default", true)?;
    text(&mut arguments, "constraint_name");
    if kind.flag("not_null") {
        arguments.push("not_null=True".to_owned());
    }
    expression(&mut arguments, "check", false)?;
    text(&mut arguments, "schema");
    if !kind.flag("create_type") {
        arguments.push("create_type=False".to_owned());
    }
    Ok(format!("postgresql.DOMAIN({})", arguments.join(", ")))
}
