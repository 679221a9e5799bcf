//! `CreateTable` and the other DDL elements.

use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Class, ClassBuilder, Declaration, Interpreter, ModuleBuilder, NativeClass,
    NativeObject, Value, method, property,
};
use sqlalchemy::compiler::ddl;
use sqlalchemy::dialects::Dialect;

use super::compiler::{COMPILE, CompiledObject, compile_arguments};
use crate::bindings::conversion::{self, known_class};

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
        known_class(vm, &format!("sqlalchemy.sql.ddl.{}", self.class))
    }

    fn str(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        vm.lend(|| self.compile(&Dialect::default_dialect()))
            .map(Some)
    }
}

const DDL: &[&str] = &[
    "CreateTable",
    "DropTable",
    "CreateIndex",
    "DropIndex",
    "AddConstraint",
    "DropConstraint",
    "CreateSequence",
    "DropSequence",
    "CreateSchema",
    "DropSchema",
    "CreateColumn",
    "DDL",
    "SetTableComment",
    "DropTableComment",
    "SetColumnComment",
    "DropColumnComment",
];

struct DdlClass(&'static str);

impl NativeClass for DdlClass {
    fn construct(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        if class.user_defined {
            return Ok(None);
        }
        let Some(element) = arguments.positional.first() else {
            return Err(vm.type_error(format!(
                "{}.__init__() missing 1 required positional argument: 'element'",
                self.0
            )));
        };
        let flag = |name: &str| {
            arguments
                .keyword_value(name)
                .is_some_and(|value| value.as_bool() == Some(true))
        };
        Ok(Some(Value::native(DdlObject {
            class: self.0,
            element: element.clone(),
            conditional: flag("if_exists") || flag("if_not_exists"),
        })))
    }
}

/// Adds the DDL elements to a module.
pub fn ddl_names(vm: &mut Interpreter, mut module: ModuleBuilder) -> ModuleBuilder {
    let base = vm.class(&DDL_ELEMENT);
    if vm
        .registered_class("sqlalchemy.sql.ddl.CreateTable")
        .is_none()
    {
        for name in DDL {
            ClassBuilder::new("sqlalchemy.sql.ddl", name)
                .base(&base)
                .hooks(DdlClass(name))
                .build(vm);
        }
    }
    for name in DDL {
        let class = known_class(vm, &format!("sqlalchemy.sql.ddl.{name}"));
        module = module.class(&class);
    }
    module.class(&base).value("DDLElement", Value::Class(base))
}
