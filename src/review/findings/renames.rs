//! A drop and an add that look like a rename.

use super::values::{fits, name_similarity, type_similarity};
use super::{Act, Code, Facts, Finding, Fix, Severity, TextEdit};
use crate::review::database::quoted;
use crate::review::operation::{NewColumn, RecordedOperation};
use crate::review::schema::TableSchema;
use crate::review::script::Site;
use ground::formatting::repr::string_repr;
use ground::order::InOrder;
use python::tree::{Call, Expression, ExpressionKind, StatementKind};

/// The score from which a pair is reported, if it is the only one of its table.
const ENOUGH: f64 = 0.55;
/// The score from which it is reported if the table has more added or dropped columns: then the
/// names must be similar.
const ENOUGH_AMONG_MORE: f64 = 0.65;

pub(super) fn look(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    columns(facts, found);
    tables(facts, found);
}

fn columns(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    let acts = facts.up();
    let mut pairs = Vec::new();
    for drop in &acts {
        let RecordedOperation::DropColumn { table, column: old } = drop.operation else {
            continue;
        };
        let of_table = acts
            .iter()
            .filter(|act| match act.operation {
                RecordedOperation::DropColumn { table: of, .. }
                | RecordedOperation::AddColumn { table: of, .. } => of == table,
                _ => false,
            })
            .count();
        let enough = if of_table == 2 {
            ENOUGH
        } else {
            ENOUGH_AMONG_MORE
        };
        for add in &acts {
            let RecordedOperation::AddColumn {
                table: other,
                column: new,
            } = add.operation
            else {
                continue;
            };
            if table == other
                && old != &new.name
                && let Some((score, values)) = column_score(facts, *drop, table, old, new)
                && score >= enough
                && !carried_over(facts, table, old, &new.name)
            {
                pairs.push((score, *drop, *add, table, old, new, values));
            }
        }
    }
    pairs.in_order_by(|a, b| b.0.total_cmp(&a.0));
    let mut taken: Vec<usize> = Vec::new();
    for (_, drop, add, table, old, new, values) in pairs {
        if taken.contains(&drop.number) || taken.contains(&add.number) {
            continue;
        }
        taken.extend([drop.number, add.number]);
        let lost = match values {
            0 => String::new(),
            1 => ", and its 1 value would be lost".to_owned(),
            values => format!(", and its {values} values would be lost"),
        };
        let mut finding = facts.finding(
            drop,
            Code::LooksLikeRename,
            Severity::Warning,
            format!(
                "{table}.{old} is dropped and {table}.{} is added, which looks like a \
                 rename{lost}.",
                new.name
            ),
        );
        finding.target = Some(format!("{table}.{old}"));
        if values > 0 {
            let database = facts.at(drop);
            let shown = Facts::telling_columns(&database, table, Some(old));
            finding.evidence = facts.rows(
                &database,
                &shown,
                &format!("FROM {} WHERE {} IS NOT NULL", quoted(table), quoted(old)),
            );
        }
        finding.fix = column_fix(facts, add, drop, table, old, new);
        found.push(finding);
    }
}

/// The similarity score of a pair of columns, and the number of values in the old one.
fn column_score(
    facts: &Facts<'_>,
    drop: Act<'_>,
    table: &str,
    old: &str,
    new: &NewColumn,
) -> Option<(f64, u64)> {
    let database = facts.at(drop);
    let schema = database.table(table)?;
    let kind = declared(&schema, old)?;
    let types = type_similarity(&kind, &new.kind);
    if types == 0.0 {
        return None;
    }
    let values = database
        .query(&format!(
            "SELECT {0} FROM {1} WHERE {0} IS NOT NULL LIMIT 1000",
            quoted(old),
            quoted(table)
        ))
        .ok()?;
    let fit = if values.is_empty() {
        0.5
    } else {
        let fitting = values
            .iter()
            .filter(|row| fits(&row[0], &new.kind, &new.enums))
            .count();
        fitting as f64 / values.len() as f64
    };
    let score = 0.45 * name_similarity(old, &new.name) + 0.3 * types + 0.25 * fit;
    let count = database.number(&format!(
        "SELECT count({}) FROM {}",
        quoted(old),
        quoted(table)
    ));
    Some((score, count))
}

/// The declared type of a column.
pub(super) fn declared(schema: &TableSchema, column: &str) -> Option<String> {
    let definition = &schema.column(column)?.definition;
    let end = [" NOT NULL", " DEFAULT ", " GENERATED ", "NOT NULL"]
        .iter()
        .filter_map(|word| definition.find(word))
        .min()
        .unwrap_or(definition.len());
    Some(definition[..end].to_owned())
}

/// Whether the script itself copied the values: the new column has them after the upgrade.
fn carried_over(facts: &Facts<'_>, table: &str, old: &str, new: &str) -> bool {
    let Some(after) = &facts.after else {
        return false;
    };
    let values = |database: &crate::review::Database, column: &str| {
        database
            .query(&format!(
                "SELECT {0} FROM {1} WHERE {0} IS NOT NULL ORDER BY 1 LIMIT 1000",
                quoted(column),
                quoted(table)
            ))
            .unwrap_or_default()
    };
    let was = values(&facts.before, old);
    !was.is_empty() && was == values(after, new)
}

/// The `sa.Column(...)` call of an `add_column`.
pub(super) fn column_call<'a>(site: &Site<'a>) -> Option<&'a Call> {
    let argument: &'a Expression = if site.with().is_some() && site.call.positional.len() == 1 {
        site.call.positional.first()?
    } else {
        site.argument(1, "column")
            .or_else(|| site.argument(0, "column"))?
    };
    match &argument.kind {
        ExpressionKind::Call(call) => Some(call),
        _ => None,
    }
}

/// A keyword argument of a call.
pub(super) fn keyword<'a>(call: &'a Call, name: &str) -> Option<&'a Expression> {
    call.keyword
        .iter()
        .find(|(known, _)| known.as_deref() == Some(name))
        .map(|(_, value)| value)
}

fn column_fix(
    facts: &Facts<'_>,
    add: Act<'_>,
    drop: Act<'_>,
    table: &str,
    old: &str,
    new: &NewColumn,
) -> Option<Fix> {
    let down = facts.down();
    let back_add = down.iter().find(|act| {
        matches!(act.operation, RecordedOperation::AddColumn { table: of, column }
            if of == table && column.name == old)
    });
    let back_drop = down.iter().find(|act| {
        matches!(act.operation, RecordedOperation::DropColumn { table: of, column }
            if of == table && *column == new.name)
    });
    let (add_site, drop_site) = (facts.site(add)?, facts.site(drop)?);
    let (back_add, back_drop) = (facts.site(*back_add?)?, facts.site(*back_drop?)?);
    let new_type = type_text(facts, &add_site);
    let old_type = type_text(facts, &back_add);
    let database = facts.at(drop);
    let schema = database.table(table)?;
    let old_nullable = !schema.column(old)?.definition.contains("NOT NULL");
    let nulls = database.number(&format!(
        "SELECT count(*) FROM {} WHERE {} IS NULL",
        quoted(table),
        quoted(old)
    ));
    let other_type = declared(&schema, old).is_none_or(|kind| kind != new.kind);
    let nullable =
        (new.nullable != old_nullable && (new.nullable || nulls == 0)).then_some(new.nullable);
    let mut edits = rename_edits(
        facts,
        [&add_site, &drop_site],
        table,
        (old, &new.name),
        &Change {
            existing: old_type.clone(),
            kind: other_type.then(|| new_type.clone()).flatten(),
            nullable,
        },
    )?;
    edits.extend(rename_edits(
        facts,
        [&back_add, &back_drop],
        table,
        (&new.name, old),
        &Change {
            existing: new_type,
            kind: other_type.then_some(old_type).flatten(),
            nullable: nullable.map(|_| old_nullable),
        },
    )?);
    Some(Fix {
        title: format!("Rename {table}.{old} to {} instead", new.name),
        edits,
    })
}

/// Changes besides the name.
struct Change {
    existing: Option<String>,
    kind: Option<String>,
    nullable: Option<bool>,
}

/// The source text of a column's type.
fn type_text(facts: &Facts<'_>, site: &Site<'_>) -> Option<String> {
    let call = column_call(site)?;
    let argument = call.positional.get(1).or_else(|| keyword(call, "type_"))?;
    Some(facts.script.slice(argument.extent).to_owned())
}

fn rename_edits(
    facts: &Facts<'_>,
    sites: [&Site<'_>; 2],
    table: &str,
    (from, to): (&str, &str),
    change: &Change,
) -> Option<Vec<TextEdit>> {
    let [first, second] = if sites[0].statement.extent.start < sites[1].statement.extent.start {
        sites
    } else {
        [sites[1], sites[0]]
    };
    // A batch resolves columns by their old names, so the rename goes before a batch whose other
    // operations use the new name.
    let receiver = match first.with().map(|with| &with.kind) {
        Some(StatementKind::With(with)) => match &with.manager.kind {
            ExpressionKind::Call(call) => facts.script.receiver(call)?,
            _ => return None,
        },
        _ => facts.script.receiver(first.call)?,
    };
    let mut arguments = format!("{}, new_column_name={}", string_repr(from), string_repr(to));
    if let Some(existing) = &change.existing {
        arguments.push_str(&format!(", existing_type={existing}"));
    }
    let more = change.kind.is_some() || change.nullable.is_some();
    if let Some(kind) = &change.kind {
        arguments.push_str(&format!(", type_={kind}"));
    }
    if let Some(nullable) = change.nullable {
        let word = if nullable { "True" } else { "False" };
        arguments.push_str(&format!(", nullable={word}"));
    }
    let outer = first.with().unwrap_or(first.statement);
    let table = string_repr(table);
    let text = if more && !facts.prepared.dialect.supports_alter() {
        // Such a database changes a type or NOT NULL only by recreating the table.
        let indentation = facts.script.indentation(outer.extent);
        format!(
            "with {receiver}.batch_alter_table({table}) as batch_op:\n\
             {indentation}    batch_op.alter_column({arguments})"
        )
    } else {
        format!("{receiver}.alter_column({table}, {arguments})")
    };
    let same_block = first.with().map(|with| with.extent) == second.with().map(|with| with.extent);
    if first.with().is_none() {
        return Some(vec![
            facts.script.replace(first.statement, &text),
            facts.script.remove(second),
        ]);
    }
    if same_block && first.block_length() == 2 {
        return Some(vec![facts.script.replace(outer, &text)]);
    }
    Some(vec![
        facts.script.insert_before(outer, &text),
        facts.script.remove(first),
        facts.script.remove(second),
    ])
}

fn tables(facts: &Facts<'_>, found: &mut Vec<Finding>) {
    let acts = facts.up();
    let mut pairs = Vec::new();
    for drop in &acts {
        let RecordedOperation::DropTable { table: old } = drop.operation else {
            continue;
        };
        if facts.made_here(old, *drop) {
            continue;
        }
        let database = facts.at(*drop);
        let Some(schema) = database.table(old) else {
            continue;
        };
        for create in &acts {
            let RecordedOperation::CreateTable {
                table: new,
                columns,
            } = create.operation
            else {
                continue;
            };
            let shared = columns
                .iter()
                .filter(|column| {
                    declared(&schema, &column.name)
                        .is_some_and(|kind| type_similarity(&kind, &column.kind) > 0.0)
                })
                .count();
            let all = columns.len() + schema.columns().count() - shared;
            let alike = shared as f64 / all.max(1) as f64;
            let score = 0.3 * name_similarity(old, new) + 0.7 * alike;
            let rows = database.number(&format!("SELECT count(*) FROM {}", quoted(old)));
            let carried = facts.after.as_ref().is_some_and(|after| {
                rows > 0 && after.number(&format!("SELECT count(*) FROM {}", quoted(new))) >= rows
            });
            // Two tables with an id and a name are similar without being the same.
            let telling = columns.len() > 2 || name_similarity(old, new) >= 0.5;
            if old != new && score >= 0.6 && alike >= 0.6 && telling && !carried {
                let same = shared == columns.len() && shared == schema.columns().count();
                pairs.push((score, *drop, *create, old, new, rows, same));
            }
        }
    }
    pairs.in_order_by(|a, b| b.0.total_cmp(&a.0));
    let mut taken: Vec<usize> = Vec::new();
    for (_, drop, create, old, new, rows, same) in pairs {
        if taken.contains(&drop.number) || taken.contains(&create.number) {
            continue;
        }
        taken.extend([drop.number, create.number]);
        let lost = match rows {
            0 => String::new(),
            1 => ", and its 1 row would be lost".to_owned(),
            rows => format!(", and its {rows} rows would be lost"),
        };
        let mut finding = facts.finding(
            drop,
            Code::LooksLikeRename,
            Severity::Warning,
            format!(
                "Table {old} is dropped and {new} is created with the same columns, which looks \
                 like a rename{lost}."
            ),
        );
        finding.target = Some(old.clone());
        if rows > 0 {
            let database = facts.at(drop);
            let shown = Facts::telling_columns(&database, old, None);
            finding.evidence = facts.rows(&database, &shown, &format!("FROM {}", quoted(old)));
        }
        if same {
            finding.fix = table_fix(facts, create, drop, old, new);
        }
        found.push(finding);
    }
}

fn table_fix(
    facts: &Facts<'_>,
    create: Act<'_>,
    drop: Act<'_>,
    old: &str,
    new: &str,
) -> Option<Fix> {
    let down = facts.down();
    let back_create = *down.iter().find(
        |act| matches!(act.operation, RecordedOperation::CreateTable { table, .. } if table == old),
    )?;
    let back_drop = *down.iter().find(
        |act| matches!(act.operation, RecordedOperation::DropTable { table } if table == new),
    )?;
    let mut edits = table_edits(facts, &facts.up(), create, drop, old, new)?;
    edits.extend(table_edits(facts, &down, back_create, back_drop, new, old)?);
    Some(Fix {
        title: format!("Rename {old} to {new} instead"),
        edits,
    })
}

fn table_edits(
    facts: &Facts<'_>,
    acts: &[Act<'_>],
    create: Act<'_>,
    drop: Act<'_>,
    from: &str,
    to: &str,
) -> Option<Vec<TextEdit>> {
    let (create_site, drop_site) = (facts.site(create)?, facts.site(drop)?);
    let receiver = facts.script.receiver(create_site.call)?;
    let rename = format!(
        "{receiver}.rename_table({}, {})",
        string_repr(from),
        string_repr(to)
    );
    let mut edits = Vec::new();
    // The rename goes first: what follows uses the new name.
    let (first, second) = if create.number < drop.number {
        (&create_site, &drop_site)
    } else {
        (&drop_site, &create_site)
    };
    edits.push(facts.script.replace(first.statement, &rename));
    edits.push(facts.script.remove(second));
    let began = create.number.min(drop.number);
    for act in acts.iter().filter(|act| act.number > began) {
        if let RecordedOperation::DropIndex {
            table: Some(table), ..
        } = act.operation
            && table == from
        {
            let site = facts.site(*act)?;
            let argument = site.argument(1, "table_name")?;
            edits.push(
                facts
                    .script
                    .replace_extent(argument.extent, &string_repr(to)),
            );
        }
    }
    Some(edits)
}
