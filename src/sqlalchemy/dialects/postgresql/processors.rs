//! Bind processing of values.

use crate::literal::Literal;
use crate::sqltypes::{Type, TypeProcessors, classes};
use driver::DriverObject;
use std::rc::Rc;

/// `UUID` of `sqlalchemy.dialects.postgresql`; psycopg accepts all other values directly.
pub struct PGTypeProcessors;

impl TypeProcessors for PGTypeProcessors {
    fn literal_interval(&self, _kind: &Type) -> Option<fn(&str) -> String> {
        Some(|seconds| format!("make_interval(secs=>{seconds})"))
    }

    fn bind_json(&self, kind: &Type, driver: &str, value: &Literal, text: String) -> Literal {
        let binary = kind.is_instance(&classes::POSTGRESQL_JSONB);
        let (class, repr) = match driver {
            "psycopg" | "psycopg_async" => {
                let name = if binary { "Jsonb" } else { "Json" };
                let class = if binary {
                    "psycopg.types.json.Jsonb"
                } else {
                    "psycopg.types.json.Json"
                };
                (
                    class,
                    format!("{name}({})", shortened(&value.python_repr())),
                )
            }
            // Its objects show where they are in memory.
            "psycopg2" | "psycopg2cffi" => (
                "psycopg2._json.Json",
                "<psycopg2._json.Json object at 0x0>".to_owned(),
            ),
            _ => return Literal::from(text),
        };
        Literal::Object(Rc::new(DriverObject {
            class,
            text: text.into(),
            repr: repr.into(),
        }))
    }

    fn driver_reads_json(&self, driver: &str) -> bool {
        driver != "asyncpg"
    }

    fn is_uuid_literal(&self, kind: &Type) -> bool {
        kind.is_instance(&classes::UUID) || kind.flag("native_uuid")
    }
}

/// How psycopg shows a document that a parameter holds.
fn shortened(repr: &str) -> String {
    const LONGEST: usize = 40;
    const SHOWN: usize = 35;
    let count = repr.chars().count();
    if count <= LONGEST {
        return repr.to_owned();
    }
    let start: String = repr.chars().take(SHOWN).collect();
    format!("{start} ... ({count} chars)")
}
