//! Bind processing of values.

use crate::literal::Literal;
use crate::sqltypes::{Type, TypeClass, TypeProcessors, classes};
use driver::DriverObject;
use ground::formatting::repr::bytes_repr;
use std::rc::Rc;

/// `UUID` of `sqlalchemy.dialects.postgresql`; psycopg accepts all other values directly.
pub struct PGTypeProcessors;

impl TypeProcessors for PGTypeProcessors {
    fn replaces(&self, kind: &Type, driver: &str) -> bool {
        const ALL: &[&TypeClass] = &[
            &classes::ARRAY,
            &classes::GENERIC_ENUM,
            &classes::GENERIC_FLOAT,
            &classes::GENERIC_INTERVAL,
            &classes::JSON,
            &classes::GENERIC_NUMERIC,
            &classes::GENERIC_UUID,
        ];
        const MORE: &[&TypeClass] = &[
            &classes::GENERIC_DATE,
            &classes::GENERIC_DATE_TIME,
            &classes::GENERIC_INTEGER,
            &classes::GENERIC_STRING,
            &classes::GENERIC_TIME,
        ];
        let any =
            |classes: &[&'static TypeClass]| classes.iter().any(|class| kind.is_instance(class));
        any(ALL)
            || driver != "psycopg2" && any(MORE)
            || matches!(driver, "asyncpg" | "pg8000") && kind.is_instance(&classes::GENERIC_BOOLEAN)
            || driver == "asyncpg" && kind.is_instance(&classes::GENERIC_LARGE_BINARY)
    }

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

    fn bind_binary(&self, driver: &str, bytes: Rc<[u8]>) -> Literal {
        let (class, repr) = match driver {
            "psycopg" | "psycopg_async" => (
                "psycopg.dbapi20.Binary",
                format!("Binary({})", shortened(&bytes_repr(&bytes))),
            ),
            "psycopg2" | "psycopg2cffi" => (
                "psycopg2.extensions.Binary",
                "<psycopg2.extensions.Binary object at 0x0>".to_owned(),
            ),
            _ => return Literal::Bytes(bytes),
        };
        let mut text = String::from("\\x");
        for byte in bytes.iter() {
            text.push_str(&format!("{byte:02x}"));
        }
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
