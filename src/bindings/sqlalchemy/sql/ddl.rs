//! `CreateTable` and the other DDL elements.

use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use ground::formatting::repr::string_repr;
use python::{
    Bound, Class, Declaration, DeclaredMethod, Interpreter, ModuleBuilder, NativeObject, Property,
    Value, constructor, method, property,
};
use sqlalchemy::compiler::ddl;
use sqlalchemy::compiler::overrides::{self, Wishes};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::name::Name;

use super::compiler::{COMPILE, CompiledObject, compile_arguments};
use super::elements::{CLAUSE_ELEMENT, EXECUTABLE};
use crate::bindings::conversion;
use crate::bindings::sqlalchemy::schema::SequenceObject;

/// A DDL element, such as `CreateTable(table)`.
pub struct DdlObject {
    class: &'static str,
    element: Value,
    /// `if_exists=` or `if_not_exists=`.
    conditional: bool,
    cascade: bool,
    /// `DDL(context=)`: what stands for each name.
    context: Vec<(Rc<str>, String)>,
    /// The SQL, where it was compiled before.
    compiled: Option<String>,
}

/// `ExecutableDDLElement`, also the base of DDL that a project compiles itself.
static DDL_ELEMENT: Declaration<Value> = Declaration {
    bases: &[&EXECUTABLE, &CLAUSE_ELEMENT],
    methods: &[
        method(
            "execute_if",
            "self, dialect=None, callable_=None, state=None",
            |_, this, bound| {
                // It is asked where an event calls the element, not where it is executed.
                bound.ignore(&["dialect", "callable_", "state"]);
                Ok(this.clone())
            },
        ),
        method("against", "self, target", |_, this, _| Ok(this.clone())),
    ],
    ..Declaration::new("sqlalchemy.sql.ddl.ExecutableDDLElement")
};

/// What the library's own elements have.
const ELEMENT_PROPERTIES: &[Property<DdlObject>] = &[
    property("element", |_, this| Ok(this.element.clone())),
    property("statement", |_, this| Ok(this.element.clone())),
];

const ELEMENT_METHODS: &[DeclaredMethod<DdlObject>] =
    &[method("compile", COMPILE, |vm, this, bound| {
        let (dialect, _) = compile_arguments(vm, bound)?;
        let text = vm.lend(|| this.compile(&dialect))?;
        Ok(Value::native(CompiledObject::new(text)))
    })];

impl DdlObject {
    /// An element of a class of the library about an item of a schema.
    pub fn about(class: &'static str, element: Value, wishes: Wishes) -> DdlObject {
        DdlObject {
            class,
            element,
            conditional: wishes.conditional,
            cascade: wishes.cascade,
            context: Vec::new(),
            compiled: None,
        }
    }

    /// The SQL of the element as the library writes it, whatever a program writes for its class.
    ///
    /// # Errors
    /// As [`compile`](Self::compile).
    pub fn compile_plainly(&self, dialect: &Dialect) -> Result<String> {
        overrides::plainly(self.class, || self.compile(dialect))
    }

    /// Whether a program may write the elements of that class itself.
    pub fn can_be_overridden(class: &str) -> bool {
        matches!(
            class,
            "CreateTable"
                | "DropTable"
                | "CreateIndex"
                | "DropIndex"
                | "AddConstraint"
                | "DropConstraint"
                | "CreateColumn"
        )
    }

    /// An element whose SQL is known.
    pub fn compiled(text: String) -> DdlObject {
        DdlObject {
            class: "DDL",
            element: Value::None,
            conditional: false,
            cascade: false,
            context: Vec::new(),
            compiled: Some(text),
        }
    }

    /// The SQL of the element.
    ///
    /// # Errors
    /// `sqlalchemy.exc.CompileError`; `limbeck.Unsupported` for an element that can't be written.
    pub fn compile(&self, dialect: &Dialect) -> Result<String> {
        if let Some(text) = &self.compiled {
            return Ok(text.clone());
        }
        if let Some(text) = self.compile_item(dialect)? {
            return Ok(text);
        }
        let exists = |word: &str| {
            if self.conditional {
                format!("IF {word} ")
            } else {
                String::new()
            }
        };
        let name = || conversion::identifier(&self.element, None).unwrap_or_else(|| Name::new(""));
        Ok(match self.class {
            "DDL" => dialect.double_percents(self.text()?),
            "CreateSchema" => format!(
                "CREATE SCHEMA {}{}",
                exists("NOT EXISTS"),
                dialect.quote_name(&name())
            ),
            "DropSchema" => format!(
                "DROP SCHEMA {}{}{}",
                exists("EXISTS"),
                dialect.quote_name(&name()),
                if self.cascade { " CASCADE" } else { "" }
            ),
            class => {
                return Err(Error::unsupported(format!(
                    "{class} can't be written for this database here"
                )));
            }
        })
    }

    /// The SQL of an element about an item of a schema.
    fn compile_item(&self, dialect: &Dialect) -> Result<Option<String>> {
        let conditional = self.conditional;
        if let Some(table) = conversion::find_table(&self.element) {
            return Ok(Some(match self.class {
                "CreateTable" => ddl::create_table(&table, dialect, conditional, None)?,
                "DropTable" => ddl::drop_table(&table, dialect, conditional)?,
                "SetTableComment" => ddl::set_table_comment(&table, dialect)?,
                "DropTableComment" => ddl::drop_table_comment(&table, dialect)?,
                _ => return Ok(None),
            }));
        }
        if let Some(index) = conversion::find_index(&self.element) {
            return Ok(Some(match self.class {
                "CreateIndex" => ddl::create_index(&index, dialect, conditional)?,
                "DropIndex" => ddl::drop_index(&index, dialect, conditional)?,
                _ => return Ok(None),
            }));
        }
        if let Some(constraint) = conversion::find_constraint(&self.element) {
            return Ok(Some(match self.class {
                "AddConstraint" => ddl::add_constraint(&constraint, dialect)?,
                "DropConstraint" => {
                    ddl::drop_constraint(&constraint, dialect, conditional, self.cascade)?
                }
                _ => return Ok(None),
            }));
        }
        if let Some(column) = conversion::find_column(&self.element) {
            return Ok(Some(match self.class {
                "CreateColumn" => ddl::create_column(&column, dialect)?,
                "SetColumnComment" => ddl::set_column_comment(&column, dialect)?,
                "DropColumnComment" => ddl::drop_column_comment(&column, dialect)?,
                _ => return Ok(None),
            }));
        }
        if let Some(object) = self.element.downcast::<SequenceObject>() {
            let sequence = &object.sequence;
            return Ok(Some(match self.class {
                "CreateSequence" => ddl::create_sequence(sequence, dialect, conditional)?,
                "DropSequence" => ddl::drop_sequence(sequence, dialect, conditional),
                _ => return Ok(None),
            }));
        }
        Ok(None)
    }

    /// The text of `DDL(...)`: Python's `%` formatting with the context.
    fn text(&self) -> Result<String> {
        let text = self.element.as_text().unwrap_or_default();
        let mut out = String::with_capacity(text.len());
        let mut rest = &*text;
        while let Some(place) = rest.find('%') {
            out.push_str(&rest[..place]);
            rest = &rest[place + 1..];
            if let Some(after) = rest.strip_prefix('%') {
                out.push('%');
                rest = after;
                continue;
            }
            let named = rest
                .strip_prefix('(')
                .and_then(|rest| rest.split_once(")s"));
            let Some((name, after)) = named else {
                return Err(Error::new("TypeError", "format requires a mapping"));
            };
            match self.context.iter().find(|(known, _)| &**known == name) {
                Some((_, value)) => out.push_str(value),
                None => return Err(Error::new("KeyError", string_repr(name))),
            }
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }
}

impl NativeObject for DdlObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        let own = ELEMENTS.iter().find(|(name, _)| *name == self.class);
        match own {
            Some((_, declared)) => vm.class(*declared),
            None => vm.class(&DDL_ELEMENT),
        }
    }

    fn str(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        vm.lend(|| self.compile(&Dialect::default_dialect()))
            .map(Some)
    }
}

/// An element of `CreateTable(element)` and the like.
fn construct(vm: &mut Interpreter, bound: &mut Bound<'_>, class: &'static str) -> Result<Value> {
    let element = bound.get(1).cloned();
    let mut flag = |name| {
        let value: Option<Value> = bound.take(name);
        value.is_some_and(|value| value.as_bool() == Some(true))
    };
    let conditional = flag("if_exists") | flag("if_not_exists");
    let cascade = flag("cascade");
    let mut context = Vec::new();
    if let Some(given) = bound.take_some("context") {
        for (name, value) in given
            .as_dict()
            .map(|dict| dict.entries())
            .unwrap_or_default()
        {
            if let Some(name) = name.as_text() {
                context.push((name, vm.str(&value)?.to_string()));
            }
        }
    }
    bound.refuse(&["include_foreign_key_constraints"])?;
    Ok(Value::native(DdlObject {
        class,
        element: element.unwrap_or(Value::None),
        conditional,
        cascade,
        context,
        compiled: None,
    }))
}

/// A static for each class, and all of them: the name, and what the constructor takes, first of all
/// the schema item.
macro_rules! elements {
    ($($static:ident $name:literal $signature:literal;)*) => {
        $(static $static: Declaration<DdlObject> = Declaration {
            bases: &[&DDL_ELEMENT],
            shared_properties: ELEMENT_PROPERTIES,
            methods: ELEMENT_METHODS,
            constructor: constructor($signature, |vm, bound| construct(vm, bound, $name)),
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

/// Adds `DDL`, the only DDL element that `sqlalchemy` itself has.
pub fn ddl_statement(vm: &mut Interpreter, module: ModuleBuilder) -> ModuleBuilder {
    module.class(&vm.class(&DDL))
}
