//! `CreateTable` and the other DDL elements.

use ground::diagnostic::{Error, Result};
use python::{
    Bound, Class, Declaration, Interpreter, ModuleBuilder, NativeObject, Value, constructor,
    method, property,
};
use sqlalchemy::compiler::ddl;
use sqlalchemy::dialects::Dialect;

use super::compiler::{COMPILE, CompiledObject, compile_arguments};
use crate::bindings::conversion;

/// A DDL element such as `CreateTable(table)`, compiled or executed as text.
pub struct DdlObject {
    /// Name of the class.
    pub class: &'static str,
    /// The schema item it applies to.
    pub element: Value,
    /// `if_exists` or `if_not_exists`.
    pub conditional: bool,
}

/// `ExecutableDDLElement`.
static DDL_ELEMENT: Declaration<DdlObject> = Declaration {
    properties: &[
        property("element", |_, this| Ok(this.element.clone())),
        property("statement", |_, this| Ok(this.element.clone())),
    ],
    methods: &[
        method(
            "execute_if",
            "self, dialect=None, callable_=None, state=None",
            |_, _, bound| Ok(bound.this().clone()),
        ),
        method("against", "self, target", |_, _, bound| {
            Ok(bound.this().clone())
        }),
        method("compile", COMPILE, |vm, this, bound| {
            let (dialect, _) = compile_arguments(vm, bound)?;
            let text = vm.lend(|| this.compile(&dialect))?;
            Ok(Value::native(CompiledObject::new(text)))
        }),
    ],
    ..Declaration::new("sqlalchemy.sql.ddl.ExecutableDDLElement")
};

impl DdlObject {
    /// The statement for a dialect.
    ///
    /// # Errors
    /// `sqlalchemy.exc.CompileError`.
    pub fn compile(&self, dialect: &Dialect) -> Result<String> {
        let table = conversion::find_table(&self.element);
        let index = conversion::find_index(&self.element);
        let constraint = conversion::find_constraint(&self.element);
        Ok(match (self.class, table, index, constraint) {
            ("CreateTable", Some(table), _, _) => {
                ddl::create_table(&table, dialect, self.conditional, None)?
            }
            ("DropTable", Some(table), _, _) => ddl::drop_table(&table, dialect, self.conditional)?,
            ("CreateIndex", _, Some(index), _) => {
                ddl::create_index(&index, dialect, self.conditional)?
            }
            ("DropIndex", _, Some(index), _) => ddl::drop_index(&index, dialect, self.conditional)?,
            ("AddConstraint", _, _, Some(constraint)) => ddl::add_constraint(&constraint, dialect)?,
            ("DDL", ..) => self
                .element
                .as_text()
                .map(|text| text.replace("%%", "%"))
                .unwrap_or_default(),
            ("CreateSchema", ..) => format!(
                "CREATE SCHEMA {}",
                dialect.quote(&self.element.as_text().unwrap_or_default())
            ),
            ("DropSchema", ..) => format!(
                "DROP SCHEMA {}",
                dialect.quote(&self.element.as_text().unwrap_or_default())
            ),
            (class, ..) => {
                return Err(Error::unsupported(format!(
                    "{class} can't be written for this database here"
                )));
            }
        })
    }
}

impl NativeObject for DdlObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        let own = ELEMENTS.iter().find(|(name, _)| *name == self.class);
        vm.class(own.map_or(&DDL_ELEMENT, |(_, declared)| *declared))
    }

    fn str(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        vm.lend(|| self.compile(&Dialect::default_dialect()))
            .map(Some)
    }
}

/// An element of `CreateTable(element)` and the like.
fn construct(bound: &mut Bound<'_>, class: &'static str) -> Value {
    let element = bound.get(1).cloned();
    let mut flag = |name| {
        let value: Option<Value> = bound.take(name);
        value.is_some_and(|value| value.as_bool() == Some(true))
    };
    Value::native(DdlObject {
        class,
        element: element.unwrap_or(Value::None),
        conditional: flag("if_exists") | flag("if_not_exists"),
    })
}

/// A static for each class, and all of them: the name, and what the constructor takes, first of all
/// the schema item.
macro_rules! elements {
    ($($static:ident $name:literal $signature:literal;)*) => {
        $(static $static: Declaration<DdlObject> = Declaration {
            bases: &[&DDL_ELEMENT],
            constructor: constructor($signature, |_, bound| Ok(construct(bound, $name))),
            ..Declaration::new(concat!("sqlalchemy.sql.ddl.", $name))
        };)*

        static ELEMENTS: &[(&str, &Declaration<DdlObject>)] = &[$(($name, &$static)),*];
    };
}

elements! {
    CREATE_TABLE "CreateTable" "self, element, include_foreign_key_constraints=None, if_not_exists=False";
    DROP_TABLE "DropTable" "self, element, if_exists=False";
    CREATE_INDEX "CreateIndex" "self, element, if_not_exists=False";
    DROP_INDEX "DropIndex" "self, element, if_exists=False";
    ADD_CONSTRAINT "AddConstraint" "self, element, *, isolate_from_table=True";
    DROP_CONSTRAINT "DropConstraint" "self, element, *, cascade=False, if_exists=False, isolate_from_table=True, **kw";
    CREATE_SEQUENCE "CreateSequence" "self, element, if_not_exists=False";
    DROP_SEQUENCE "DropSequence" "self, element, if_exists=False";
    CREATE_SCHEMA "CreateSchema" "self, name, if_not_exists=False";
    DROP_SCHEMA "DropSchema" "self, name, cascade=False, if_exists=False";
    CREATE_COLUMN "CreateColumn" "self, element";
    DDL "DDL" "self, statement, context=None";
    SET_TABLE_COMMENT "SetTableComment" "self, element";
    DROP_TABLE_COMMENT "DropTableComment" "self, element";
    SET_COLUMN_COMMENT "SetColumnComment" "self, element";
    DROP_COLUMN_COMMENT "DropColumnComment" "self, element";
}

/// Adds the DDL elements to a module.
pub fn ddl_names(vm: &mut Interpreter, mut module: ModuleBuilder) -> ModuleBuilder {
    for (_, declared) in ELEMENTS {
        module = module.class(&vm.class(*declared));
    }
    let base = vm.class(&DDL_ELEMENT);
    module.class(&base).value("DDLElement", Value::Class(base))
}
