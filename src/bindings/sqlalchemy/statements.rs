//! `select`, `insert`, `update`, `delete`, `table`, joins and aliases as Python values.

use std::rc::Rc;

use super::expressions::{self, CompiledObject, coerce, compile_arguments};
use super::functions::{condition, order_expression};
use crate::bindings::conversion::{self, argument_error, find_clause, find_table, known_class};
use ground::diagnostic::{Error, Result};
use python::parameters;
use python::{Arguments, Class, ClassBuilder, Dict, Interpreter, NativeObject, Value};
use sqlalchemy::compiler::CompileOptions;
use sqlalchemy::dialects::Dialect;
use sqlalchemy::elements::{self, Expression, LabelName};
use sqlalchemy::literal::Literal;
use sqlalchemy::name::Name;
use sqlalchemy::sql::{
    self, AliasKind, CompoundSelect, ConflictTarget, Delete, ForUpdate, FromClause, Insert,
    InsertSource, OnConflict, OnConflictAction, Select, SelectBase, SetOperation, Statement,
    Update,
};
use sqlalchemy::sqltypes::Type;

/// What rows come from, where it is no table of a schema.
pub struct FromObject {
    /// The clause.
    pub from: FromClause,
}

/// A SELECT, or several combined.
pub struct SelectObject {
    /// The statement.
    pub select: SelectBase,
}

/// INSERT, UPDATE or DELETE.
pub struct ChangeObject {
    /// The statement.
    pub statement: Statement,
}

/// A SELECT as a Python value.
pub fn select_value(select: impl Into<SelectBase>) -> Value {
    Value::native(SelectObject {
        select: select.into(),
    })
}

/// What rows come from as a Python value; a table is its own object.
pub fn from_value(vm: &mut Interpreter, from: &FromClause) -> Value {
    match from {
        FromClause::Table(table) => conversion::table_value(vm, table),
        other => Value::native(FromObject {
            from: other.clone(),
        }),
    }
}

/// A SELECT, if the value is one.
pub fn find_select(value: &Value) -> Option<SelectBase> {
    value
        .downcast::<SelectObject>()
        .map(|object| object.select.clone())
}

/// A SELECT used as a value: none by itself.
pub fn find_scalar(_value: &Value) -> Option<Expression> {
    None
}

/// What rows come from, if the value is that.
pub fn find_from(value: &Value) -> Option<FromClause> {
    if let Some(table) = find_table(value) {
        return Some(FromClause::Table(table));
    }
    if let Some(object) = value.downcast::<FromObject>() {
        return Some(object.from.clone());
    }
    if let Some(object) = value.downcast::<expressions::ExpressionObject>() {
        match &object.expression {
            Expression::Text(text) => return Some(FromClause::Text(text.clone())),
            Expression::Function(_) => {
                return Some(FromClause::Function(Rc::new(object.expression.clone())));
            }
            _ => {}
        }
    }
    None
}

/// A statement, if the value is one: `select(...)`, `insert(...)`, `text(...)`, a function.
pub fn find_statement(value: &Value) -> Option<Statement> {
    if let Some(object) = value.downcast::<SelectObject>() {
        return Some(Statement::Select(object.select.clone()));
    }
    if let Some(object) = value.downcast::<ChangeObject>() {
        return Some(object.statement.clone());
    }
    match conversion::find_expression(value)? {
        Expression::Text(text) => Some(Statement::Text(text)),
        Expression::Column(_) => None,
        expression => Some(Statement::Expression(expression)),
    }
}

fn expect_from(vm: &mut Interpreter, value: &Value) -> Result<FromClause> {
    if let Some(found) = find_from(value) {
        return Ok(found);
    }
    if let Some(select) = find_select(value) {
        return Ok(select.subquery(None));
    }
    conversion::refuse_opaque(value, "what is selected from")?;
    let shown = vm.repr(value)?;
    Err(argument_error(format!(
        "FROM expression, such as a Table or alias() object expected, got {shown}."
    )))
}

/// What stands among the columns of a SELECT.
fn column_list(vm: &mut Interpreter, values: &[Value]) -> Result<Vec<Expression>> {
    let mut columns = Vec::new();
    for value in values {
        if let Value::List(_) | Value::Tuple(_) = value {
            let shown = vm.repr(value)?;
            return Err(argument_error(format!(
                "Column expression, FROM clause, or other columns clause element expected, got \
                 {shown}. Did you mean to say select({})?",
                shown.trim_matches(['[', ']', '(', ')'])
            )));
        }
        if let Some(columns_object) = value.downcast::<super::schema::ColumnsObject>() {
            columns.extend(
                columns_object
                    .columns
                    .iter()
                    .map(|column| Expression::Column(column.clone())),
            );
            continue;
        }
        match find_clause(vm, value)? {
            Some(expression) => columns.push(expression),
            None => match find_from(value) {
                Some(from) => columns.extend(from.columns()),
                None => match find_select(value) {
                    Some(select) => columns.push(select.scalar_subquery()),
                    None if value.as_str().is_some() => {
                        let shown = vm.repr(value)?;
                        return Err(argument_error(format!(
                            "Textual column expression {shown} should be explicitly declared as \
                             text({shown}), or use column({shown}) for more specificity"
                        )));
                    }
                    None if conversion::opaque_name(value).is_some() => {
                        conversion::refuse_opaque(value, "a column of a SELECT")?;
                    }
                    None => match value {
                        Value::Class(_) | Value::Instance(_) => {
                            let shown = vm.repr(value)?;
                            return Err(argument_error(format!(
                                "Column expression, FROM clause, or other columns clause element \
                                 expected, got {shown}."
                            )));
                        }
                        _ => columns.push(coerce(vm, value)?),
                    },
                },
            },
        }
    }
    Ok(columns)
}

/// `select(...)`.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for what is no column.
pub fn select(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    let columns = column_list(vm, &arguments.positional)?;
    let mut made = sql::select(columns);
    for value in &arguments.positional {
        // A function or a text among the columns is a column; asked for by `select_from` it is not.
        if let Some(from) = find_from(value)
            && !matches!(from, FromClause::Function(_) | FromClause::Text(_))
        {
            made = made.select_from(from);
        }
    }
    Ok(select_value(made))
}

/// `table("name", column("a"), ...)`.
///
/// # Errors
/// What turning the columns raises.
pub fn table(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    let mut bound = arguments.bind(parameters!("table", "name, *columns, schema=None"))?;
    let name = bound.value("name").as_text().unwrap_or_default();
    let schema = bound
        .take_some("schema")
        .and_then(|schema| conversion::identifier(&schema, None));
    let mut columns: Vec<(Name, Type)> = Vec::new();
    for value in &std::mem::take(&mut bound.rest) {
        match find_clause(vm, value)? {
            Some(expression) => {
                let name = match expression.label_name() {
                    Some(LabelName::Plain(name)) => name,
                    _ => continue,
                };
                columns.push((name, expression.kind()));
            }
            None => return Err(vm.type_error("table() takes column() objects")),
        }
    }
    Ok(Value::native(FromObject {
        from: sql::table(Name::new(name), columns, schema),
    }))
}

/// `insert(table)`, `update(table)`, `delete(table)`.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for what is no table.
pub fn change(vm: &mut Interpreter, arguments: Arguments, kind: &str) -> Result<Value> {
    let Some(target) = arguments.positional.first() else {
        return Err(vm.type_error(format!(
            "{kind}() missing 1 required positional argument: 'table'"
        )));
    };
    let from = expect_from(vm, target)?;
    Ok(Value::native(ChangeObject {
        statement: match kind {
            "insert" => Statement::Insert(Insert::new(from)),
            "update" => Statement::Update(Update::new(from)),
            _ => Statement::Delete(Delete::new(from)),
        },
    }))
}

/// `union(...)` and the like.
///
/// # Errors
/// TypeError for what is no SELECT.
pub fn compound(
    vm: &mut Interpreter,
    arguments: Arguments,
    operation: SetOperation,
) -> Result<Value> {
    let mut selects = Vec::new();
    for value in &arguments.positional {
        match find_select(value) {
            Some(select) => selects.push(select),
            None => return Err(vm.type_error("union() and its kin take SELECT statements")),
        }
    }
    Ok(select_value(CompoundSelect::new(operation, selects)))
}

/// `exists(...)`.
///
/// # Errors
/// What turning the arguments raises.
pub fn exists(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    let select: SelectBase = match arguments.positional.first() {
        Some(value) => match find_select(value) {
            Some(select) => select,
            None => {
                if let Some(object) = value.downcast::<expressions::ExpressionObject>()
                    && let Expression::ScalarSelect(select) = &object.expression
                {
                    (**select).clone()
                } else {
                    sql::select(column_list(vm, &arguments.positional)?).into()
                }
            }
        },
        None => sql::select(vec![elements::literal_column("*", None)]).into(),
    };
    Ok(conversion::expression_value(&sql::exists(select)))
}

/// `join(left, right, onclause)`, `outerjoin`.
///
/// # Errors
/// What SQLAlchemy raises where the foreign keys give no condition.
pub fn join(vm: &mut Interpreter, arguments: Arguments, outer: bool) -> Result<Value> {
    let mut bound = arguments.bind(parameters!(
        "join",
        "left, right, onclause=None, isouter=False, full=False"
    ))?;
    let (left, right) = (bound.value("left"), bound.value("right"));
    let left = expect_from(vm, &left)?;
    let right = expect_from(vm, &right)?;
    let onclause = match bound.take_some("onclause") {
        Some(value) => Some(condition(vm, &value)?),
        None => None,
    };
    let flag = |value: Option<Value>| value.is_some_and(|value| value.as_bool() == Some(true));
    let is_outer = outer || flag(bound.take_some("isouter"));
    let full = flag(bound.take_some("full"));
    let from = left.join(right, onclause, is_outer, full)?;
    Ok(Value::native(FromObject { from }))
}

/// `.c` of an alias or a lightweight table.
pub struct ClauseColumns {
    columns: Vec<Expression>,
}

impl ClauseColumns {
    fn find(&self, key: &str) -> Option<&Expression> {
        self.columns
            .iter()
            .find(|column| column.key().as_deref() == Some(key))
    }
}

impl NativeObject for ClauseColumns {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.sql.base.ReadOnlyColumnCollection")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        if let Some(column) = self.find(name) {
            return Ok(Some(conversion::element_value(vm, column)));
        }
        match name {
            "keys" => {
                let keys: Vec<Value> = self
                    .columns
                    .iter()
                    .filter_map(|column| column.key().map(Value::Str))
                    .collect();
                Ok(Some(Value::function("keys", move |_, _| {
                    Ok(Value::list(keys.clone()))
                })))
            }
            "values" => {
                let columns = self.columns.clone();
                Ok(Some(Value::function("values", move |vm, _| {
                    Ok(Value::list(
                        columns
                            .iter()
                            .map(|column| conversion::element_value(vm, column))
                            .collect(),
                    ))
                })))
            }
            name if name.starts_with("__") => Ok(None),
            name => Err(Error::new("AttributeError", name.to_owned())),
        }
    }

    fn get_item(&self, _this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        let found = match (key.as_str(), key.as_int()) {
            (Some(name), _) => self.find(name).cloned(),
            (None, Some(index)) => usize::try_from(index)
                .ok()
                .and_then(|index| self.columns.get(index).cloned()),
            _ => None,
        };
        match found {
            Some(column) => Ok(Some(conversion::element_value(vm, &column))),
            None => Err(vm.key_error(key)),
        }
    }

    fn contains(&self, _this: &Value, _vm: &mut Interpreter, item: &Value) -> Result<Option<bool>> {
        Ok(Some(
            item.as_str().is_some_and(|key| self.find(key).is_some()),
        ))
    }

    fn length(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<usize>> {
        Ok(Some(self.columns.len()))
    }

    fn iterate(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(Value::list(
            self.columns
                .iter()
                .map(|column| conversion::element_value(vm, column))
                .collect(),
        )))
    }
}

impl NativeObject for FromObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(
            vm,
            match &self.from {
                FromClause::TableClause(_) => "sqlalchemy.sql.selectable.TableClause",
                FromClause::Join(_) => "sqlalchemy.sql.selectable.Join",
                FromClause::Alias(alias) => match alias.kind {
                    AliasKind::Alias => "sqlalchemy.sql.selectable.Alias",
                    AliasKind::Subquery => "sqlalchemy.sql.selectable.Subquery",
                    AliasKind::Cte { .. } => "sqlalchemy.sql.selectable.CTE",
                    AliasKind::Lateral => "sqlalchemy.sql.selectable.Lateral",
                },
                _ => "sqlalchemy.sql.selectable.FromClause",
            },
        )
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match name {
            "c" | "columns" => Some(Value::native(ClauseColumns {
                columns: self.from.columns(),
            })),
            "name" | "description" => match self.from.name() {
                Some(LabelName::Plain(name)) => Some(Value::Str(name.text())),
                Some(LabelName::Anonymous(name)) => {
                    Some(Value::str(format!("%({} {})s", name.key, name.derived)))
                }
                None => None,
            },
            "schema" => Some(conversion::name_value(self.from.schema().as_ref())),
            "left" | "right" => match &self.from {
                FromClause::Join(join) => {
                    let side = if name == "left" {
                        &join.left
                    } else {
                        &join.right
                    };
                    Some(from_value(vm, side))
                }
                _ => None,
            },
            "onclause" => match &self.from {
                FromClause::Join(join) => Some(conversion::expression_value(&join.onclause)),
                _ => None,
            },
            _ => None,
        })
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Err(Error::new(
            "TypeError",
            "Boolean value of this clause is not defined",
        ))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(self.from.identity_key() as u64))
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(match self.from.name() {
            Some(LabelName::Plain(name)) => name.to_string(),
            _ => self.from.description(),
        }))
    }
}

fn statement_text(statement: &Statement, dialect: &Dialect, literal: bool) -> Result<String> {
    let options = CompileOptions {
        literal_binds: literal,
        ..CompileOptions::default()
    };
    Ok(statement.compile(dialect, &options)?.string)
}

impl NativeObject for SelectObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(
            vm,
            match self.select {
                SelectBase::Select(_) => "sqlalchemy.sql.selectable.Select",
                SelectBase::Compound(_) => "sqlalchemy.sql.selectable.CompoundSelect",
                SelectBase::Text(_) => "sqlalchemy.sql.selectable.TextualSelect",
            },
        )
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match name {
            "c" | "selected_columns" | "exported_columns" | "columns" => {
                Some(Value::native(ClauseColumns {
                    columns: self.select.exported_columns(),
                }))
            }
            "whereclause" => {
                let _ = vm;
                None
            }
            _ => None,
        })
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        statement_text(
            &Statement::Select(self.select.clone()),
            &Dialect::default_dialect(),
            false,
        )
        .map(Some)
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Err(Error::new(
            "TypeError",
            "Boolean value of this clause is not defined",
        ))
    }
}

impl NativeObject for ChangeObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(
            vm,
            match self.statement {
                Statement::Insert(_) => "sqlalchemy.sql.dml.Insert",
                Statement::Update(_) => "sqlalchemy.sql.dml.Update",
                _ => "sqlalchemy.sql.dml.Delete",
            },
        )
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match (name, &self.statement) {
            ("table", Statement::Insert(insert)) => Some(from_value(vm, &insert.table)),
            ("table", Statement::Update(update)) => Some(from_value(vm, &update.table)),
            ("table", Statement::Delete(delete)) => Some(from_value(vm, &delete.table)),
            ("excluded", Statement::Insert(insert)) => {
                let alias = sql::table(
                    "excluded",
                    insert
                        .table
                        .columns()
                        .iter()
                        .filter_map(|column| Some((Name::new(column.key()?), column.kind())))
                        .collect(),
                    None,
                );
                Some(Value::native(ClauseColumns {
                    columns: alias.columns(),
                }))
            }
            _ => None,
        })
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        statement_text(&self.statement, &Dialect::default_dialect(), false).map(Some)
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        Err(Error::new(
            "TypeError",
            "Boolean value of this clause is not defined",
        ))
    }
}

/// Builds the classes of statements and of what they select from.
pub fn build_classes(vm: &mut Interpreter) {
    let clause = known_class(vm, "sqlalchemy.sql.elements.ClauseElement");
    let from =
        from_methods(ClassBuilder::new("sqlalchemy.sql.selectable", "FromClause").base(&clause))
            .build(vm);
    let table = ClassBuilder::new("sqlalchemy.sql.selectable", "TableClause")
        .base(&from)
        .build(vm);
    let _ = table;
    for name in ["Join", "Alias", "Subquery", "CTE", "Lateral"] {
        ClassBuilder::new("sqlalchemy.sql.selectable", name)
            .base(&from)
            .build(vm);
    }
    let base =
        select_methods(ClassBuilder::new("sqlalchemy.sql.selectable", "SelectBase").base(&clause))
            .build(vm);
    for name in ["Select", "CompoundSelect", "TextualSelect"] {
        ClassBuilder::new("sqlalchemy.sql.selectable", name)
            .base(&base)
            .build(vm);
    }
    let change =
        change_methods(ClassBuilder::new("sqlalchemy.sql.dml", "UpdateBase").base(&clause))
            .build(vm);
    for name in ["Insert", "Update", "Delete"] {
        ClassBuilder::new("sqlalchemy.sql.dml", name)
            .base(&change)
            .build(vm);
    }
    ClassBuilder::new("sqlalchemy.sql.base", "ReadOnlyColumnCollection").build(vm);
}

/// The methods of whatever rows come from; tables have them too.
pub fn from_methods(builder: ClassBuilder) -> ClassBuilder {
    builder
        .method("alias", |vm, this, arguments| {
            let mut bound = arguments.bind(parameters!("alias", "name=None, flat=False"))?;
            let name = bound.take_some("name").and_then(|name| name.as_text());
            let from = expect_from(vm, this)?.alias(name.as_deref());
            Ok(Value::native(FromObject { from }))
        })
        .method("select", |vm, this, _| {
            let from = expect_from(vm, this)?;
            Ok(select_value(sql::select(from.columns()).select_from(from)))
        })
        .method("insert", |vm, this, _| {
            change(vm, Arguments::positional(vec![this.clone()]), "insert")
        })
        .method("update", |vm, this, _| {
            change(vm, Arguments::positional(vec![this.clone()]), "update")
        })
        .method("delete", |vm, this, _| {
            change(vm, Arguments::positional(vec![this.clone()]), "delete")
        })
        .method("join", |vm, this, arguments| {
            join(vm, arguments.with_first(this.clone()), false)
        })
        .method("outerjoin", |vm, this, arguments| {
            join(vm, arguments.with_first(this.clone()), true)
        })
        .method("corresponding_column", |_, _, arguments| {
            Ok(arguments
                .positional
                .into_iter()
                .next()
                .unwrap_or(Value::None))
        })
        .method("compile", |vm, this, _| {
            Ok(Value::native(CompiledObject::new(vm.str(this)?)))
        })
}

fn this_select(vm: &mut Interpreter, this: &Value) -> Result<SelectBase> {
    find_select(this).ok_or_else(|| vm.type_error("this is no SELECT"))
}

fn plain_select(vm: &mut Interpreter, this: &Value, method: &str) -> Result<Select> {
    match this_select(vm, this)? {
        SelectBase::Select(select) => Ok(select),
        _ => Err(vm.attribute_error(format!(
            "'CompoundSelect' object has no attribute '{method}'"
        ))),
    }
}

fn orders(vm: &mut Interpreter, arguments: &Arguments) -> Result<Vec<Expression>> {
    let mut found = Vec::new();
    for value in &arguments.positional {
        if value.is_none() {
            return Ok(Vec::new());
        }
        found.push(order_expression(vm, value)?);
    }
    Ok(found)
}

fn bound_number(vm: &mut Interpreter, value: Option<Value>) -> Result<Option<Expression>> {
    match value {
        None | Some(Value::None) => Ok(None),
        Some(value) => match find_clause(vm, &value)? {
            Some(expression) => Ok(Some(expression)),
            None => {
                let literal = conversion::to_literal(vm, &value)?;
                Ok(Some(elements::literal(literal, Some(Type::integer_type()))))
            }
        },
    }
}

type SelectMethod = fn(&mut Interpreter, &Value, Arguments) -> Result<Value>;

fn select_where(vm: &mut Interpreter, this: &Value, arguments: Arguments) -> Result<Value> {
    let mut select = plain_select(vm, this, "where")?;
    for value in &arguments.positional {
        select = select.where_(condition(vm, value)?);
    }
    Ok(select_value(select))
}

fn select_filter_by(vm: &mut Interpreter, this: &Value, arguments: Arguments) -> Result<Value> {
    let mut select = plain_select(vm, this, "filter_by")?;
    let columns = select.columns().to_vec();
    for (name, value) in &arguments.keyword {
        let from = columns.iter().find_map(Expression::table);
        let Some(column) = from.and_then(|from| from.column(name)) else {
            return Err(conversion::invalid_request(format!(
                "Entity has no property \"{name}\""
            )));
        };
        let operand = expressions::operand(vm, value)?;
        select = select.where_(column.eq(operand)?);
    }
    Ok(select_value(select))
}

fn select_join(
    vm: &mut Interpreter,
    this: &Value,
    arguments: Arguments,
    outer: bool,
    explicit_left: bool,
) -> Result<Value> {
    let select = plain_select(vm, this, "join")?;
    let list = if explicit_left {
        parameters!(
            "join_from",
            "from_, target, onclause=None, isouter=False, full=False"
        )
    } else {
        parameters!("join", "target, onclause=None, isouter=False, full=False")
    };
    let mut bound = arguments.bind(list)?;
    let left = match bound.take_some("from_") {
        Some(value) => Some(expect_from(vm, &value)?),
        None => None,
    };
    let target = bound.value("target");
    let right = expect_from(vm, &target)?;
    let onclause = match bound.take_some("onclause") {
        Some(value) => Some(condition(vm, &value)?),
        None => None,
    };
    let flag = |value: Option<Value>| value.is_some_and(|value| value.as_bool() == Some(true));
    let outer = outer || flag(bound.take_some("isouter"));
    let full = flag(bound.take_some("full"));
    Ok(select_value(
        select.join(left, right, onclause, outer, full),
    ))
}

fn select_methods(mut builder: ClassBuilder) -> ClassBuilder {
    let table: &[(&str, SelectMethod)] = &[
        ("where", select_where),
        ("filter", select_where),
        ("filter_by", select_filter_by),
        ("having", |vm, this, arguments| {
            let mut select = plain_select(vm, this, "having")?;
            for value in &arguments.positional {
                select = select.having(condition(vm, value)?);
            }
            Ok(select_value(select))
        }),
        ("select_from", |vm, this, arguments| {
            let mut select = plain_select(vm, this, "select_from")?;
            for value in &arguments.positional {
                let from = expect_from(vm, value)?;
                select = select.select_from(from);
            }
            Ok(select_value(select))
        }),
        ("join", |vm, this, arguments| {
            select_join(vm, this, arguments, false, false)
        }),
        ("outerjoin", |vm, this, arguments| {
            select_join(vm, this, arguments, true, false)
        }),
        ("join_from", |vm, this, arguments| {
            select_join(vm, this, arguments, false, true)
        }),
        ("outerjoin_from", |vm, this, arguments| {
            select_join(vm, this, arguments, true, true)
        }),
        ("order_by", |vm, this, arguments| {
            let found = orders(vm, &arguments)?;
            Ok(match this_select(vm, this)? {
                SelectBase::Select(select) => select_value(select.order_by(found)),
                SelectBase::Compound(compound) => select_value(compound.order_by(found)),
                other => select_value(other),
            })
        }),
        ("group_by", |vm, this, arguments| {
            let found = orders(vm, &arguments)?;
            Ok(select_value(
                plain_select(vm, this, "group_by")?.group_by(found),
            ))
        }),
        ("limit", |vm, this, arguments| {
            let [value] = arguments.exactly("limit")?;
            let value = bound_number(vm, Some(value))?;
            Ok(match this_select(vm, this)? {
                SelectBase::Select(select) => select_value(select.limit(value)),
                SelectBase::Compound(compound) => select_value(compound.limit(value)),
                other => select_value(other),
            })
        }),
        ("offset", |vm, this, arguments| {
            let [value] = arguments.exactly("offset")?;
            let value = bound_number(vm, Some(value))?;
            Ok(match this_select(vm, this)? {
                SelectBase::Select(select) => select_value(select.offset(value)),
                SelectBase::Compound(compound) => select_value(compound.offset(value)),
                other => select_value(other),
            })
        }),
        ("slice", |vm, this, arguments| {
            let [start, stop] = arguments.exactly("slice")?;
            let (start, stop) = (start.as_int().unwrap_or(0), stop.as_int().unwrap_or(0));
            let limit = bound_number(vm, Some(Value::Int(stop - start)))?;
            let offset = bound_number(vm, Some(Value::Int(start)))?;
            Ok(select_value(
                plain_select(vm, this, "slice")?.limit(limit).offset(offset),
            ))
        }),
        ("distinct", |vm, this, arguments| {
            let on = orders(vm, &arguments)?;
            Ok(select_value(
                plain_select(vm, this, "distinct")?.distinct(on),
            ))
        }),
        ("add_columns", |vm, this, arguments| {
            let columns = column_list(vm, &arguments.positional)?;
            Ok(select_value(
                plain_select(vm, this, "add_columns")?.add_columns(columns),
            ))
        }),
        ("with_only_columns", |vm, this, arguments| {
            let columns = column_list(vm, &arguments.positional)?;
            Ok(select_value(
                plain_select(vm, this, "with_only_columns")?.with_only_columns(columns),
            ))
        }),
        ("correlate", |vm, this, arguments| {
            let mut froms = Vec::new();
            for value in arguments.positional.iter().filter(|value| !value.is_none()) {
                froms.push(expect_from(vm, value)?);
            }
            Ok(select_value(
                plain_select(vm, this, "correlate")?.correlate(froms),
            ))
        }),
        ("prefix_with", |vm, this, arguments| {
            let mut select = plain_select(vm, this, "prefix_with")?;
            for value in &arguments.positional {
                let prefix = conversion::text_expression(vm, value, "a prefix")?;
                select = select.prefix_with(prefix);
            }
            Ok(select_value(select))
        }),
        ("with_for_update", |vm, this, arguments| {
            let flag = |name: &str| {
                arguments
                    .keyword_value(name)
                    .is_some_and(|value| value.as_bool() == Some(true))
            };
            let options = ForUpdate {
                read: flag("read"),
                nowait: flag("nowait"),
                skip_locked: flag("skip_locked"),
                key_share: flag("key_share"),
            };
            Ok(select_value(
                plain_select(vm, this, "with_for_update")?.with_for_update(options),
            ))
        }),
        ("scalar_subquery", |vm, this, _| {
            let select = this_select(vm, this)?;
            Ok(conversion::expression_value(&select.scalar_subquery()))
        }),
        ("as_scalar", |vm, this, _| {
            let select = this_select(vm, this)?;
            Ok(conversion::expression_value(&select.scalar_subquery()))
        }),
        ("label", |vm, this, arguments| {
            let [name] = arguments.exactly("label")?;
            let select = this_select(vm, this)?.scalar_subquery();
            let name = name.as_text();
            Ok(conversion::expression_value(&elements::label(
                &select,
                name.as_deref(),
            )))
        }),
        ("subquery", |vm, this, arguments| {
            let [name] = named(arguments, "subquery")?;
            let from = this_select(vm, this)?.subquery(name.as_deref());
            Ok(Value::native(FromObject { from }))
        }),
        ("alias", |vm, this, arguments| {
            let [name] = named(arguments, "alias")?;
            let from = this_select(vm, this)?.subquery(name.as_deref());
            Ok(Value::native(FromObject { from }))
        }),
        ("lateral", |vm, this, arguments| {
            let [name] = named(arguments, "lateral")?;
            let from = this_select(vm, this)?.lateral(name.as_deref());
            Ok(Value::native(FromObject { from }))
        }),
        ("cte", |vm, this, arguments| {
            let mut bound = arguments.bind(parameters!(
                "cte",
                "name=None, recursive=False, nesting=False"
            ))?;
            let name = bound.take_some("name").and_then(|name| name.as_text());
            let recursive = bound
                .take_some("recursive")
                .is_some_and(|value| value.as_bool() == Some(true));
            let from = this_select(vm, this)?.cte(name.as_deref(), recursive);
            Ok(Value::native(FromObject { from }))
        }),
        ("exists", |vm, this, _| {
            let select = this_select(vm, this)?;
            Ok(conversion::expression_value(&sql::exists(select)))
        }),
        ("union", |vm, this, a| {
            combined(vm, this, a, SetOperation::Union)
        }),
        ("union_all", |vm, this, a| {
            combined(vm, this, a, SetOperation::UnionAll)
        }),
        ("except_", |vm, this, a| {
            combined(vm, this, a, SetOperation::Except)
        }),
        ("intersect", |vm, this, a| {
            combined(vm, this, a, SetOperation::Intersect)
        }),
        ("compile", |vm, this, arguments| {
            let (dialect, literal) = compile_arguments(vm, arguments)?;
            let select = this_select(vm, this)?;
            let statement = Statement::Select(select);
            let text = vm.lend(|| statement_text(&statement, &dialect, literal))?;
            Ok(Value::native(CompiledObject::new(text)))
        }),
        ("options", |_, this, _| Ok(this.clone())),
        ("execution_options", |_, this, _| Ok(this.clone())),
        ("set_label_style", |_, this, _| Ok(this.clone())),
        ("params", |_, this, _| Ok(this.clone())),
    ];
    for (name, method) in table {
        let method = *method;
        builder = builder.method(name, method);
    }
    builder
}

fn named(arguments: Arguments, function: &str) -> Result<[Option<Rc<str>>; 1]> {
    let keyword = arguments.keyword_value("name").and_then(Value::as_text);
    let first = arguments.positional.first().and_then(Value::as_text);
    let _ = function;
    Ok([first.or(keyword)])
}

fn combined(
    vm: &mut Interpreter,
    this: &Value,
    arguments: Arguments,
    operation: SetOperation,
) -> Result<Value> {
    let select = this_select(vm, this)?;
    let mut others = Vec::new();
    for value in &arguments.positional {
        others.push(this_select(vm, value)?);
    }
    Ok(select_value(select.combine(operation, others)))
}

fn this_change(vm: &mut Interpreter, this: &Value) -> Result<Statement> {
    this.downcast::<ChangeObject>()
        .map(|object| object.statement.clone())
        .ok_or_else(|| vm.type_error("this is no INSERT, UPDATE or DELETE"))
}

fn changed(statement: impl Into<Statement>) -> Value {
    Value::native(ChangeObject {
        statement: statement.into(),
    })
}

/// One row of `values(...)`: keys and expressions.
fn row_values(
    vm: &mut Interpreter,
    table: &FromClause,
    entries: Vec<(Value, Value)>,
) -> Result<Vec<(Rc<str>, Expression)>> {
    let mut row = Vec::new();
    for (key, value) in entries {
        let name = match key.as_text() {
            Some(text) => text,
            None => match find_clause(vm, &key)?.and_then(|column| column.key()) {
                Some(name) => name,
                None => return Err(vm.type_error("the keys of values() are columns or names")),
            },
        };
        let expression = value_expression(vm, table, &name, &value)?;
        row.push((name, expression));
    }
    Ok(row)
}

fn value_expression(
    vm: &mut Interpreter,
    table: &FromClause,
    name: &str,
    value: &Value,
) -> Result<Expression> {
    let kind = table
        .column(name)
        .map_or_else(Type::null, |column| column.kind());
    Ok(match expressions::operand(vm, value)? {
        elements::Operand::Expression(expression) => expression,
        elements::Operand::Literal(literal) => {
            let kind = if kind.is_null() {
                elements::literal_type(&literal)
            } else {
                kind
            };
            Expression::BindParameter(Rc::new(elements::anonymous_parameter(name, literal, kind)))
        }
    })
}

fn entries_of(vm: &mut Interpreter, value: &Value) -> Result<Vec<(Value, Value)>> {
    match value.as_dict() {
        Some(dict) => Ok(dict.entries()),
        None => {
            let mut entries = Vec::new();
            for key in vm.collect(value)? {
                let item = vm.get_item(value, &key)?;
                entries.push((key, item));
            }
            Ok(entries)
        }
    }
}

fn change_values(vm: &mut Interpreter, this: &Value, arguments: Arguments) -> Result<Value> {
    let statement = this_change(vm, this)?;
    let mut entries: Vec<(Value, Value)> = Vec::new();
    let mut rows = None;
    if let Some(first) = arguments.positional.first() {
        match first {
            Value::List(_) => {
                let items = vm.collect(first)?;
                rows = Some(items);
            }
            Value::Tuple(items) => {
                let (Statement::Insert(Insert { table, .. })
                | Statement::Update(Update { table, .. })
                | Statement::Delete(Delete { table, .. })) = &statement
                else {
                    return Ok(this.clone());
                };
                for (column, value) in table.columns().iter().zip(items.iter()) {
                    if let Some(key) = column.key() {
                        entries.push((Value::Str(key), value.clone()));
                    }
                }
            }
            other => entries = entries_of(vm, other)?,
        }
    }
    for (name, value) in arguments.keyword {
        entries.push((Value::Str(name), value));
    }
    match statement {
        Statement::Insert(mut insert) => {
            insert.source = match rows {
                Some(rows) => {
                    let mut made = Vec::new();
                    for row in &rows {
                        let entries = entries_of(vm, row)?;
                        made.push(row_values(vm, &insert.table, entries)?);
                    }
                    InsertSource::MultiValues(made)
                }
                None => {
                    let mut row = match insert.source {
                        InsertSource::Values(row) => row,
                        _ => Vec::new(),
                    };
                    for (name, value) in row_values(vm, &insert.table, entries)? {
                        match row.iter_mut().find(|(known, _)| *known == name) {
                            Some(known) => known.1 = value,
                            None => row.push((name, value)),
                        }
                    }
                    InsertSource::Values(row)
                }
            };
            Ok(changed(insert))
        }
        Statement::Update(mut update) => {
            for (key, value) in entries {
                let column = match key.as_text() {
                    Some(name) => match update.table.column(&name) {
                        Some(column) => column,
                        None => elements::column(name, None),
                    },
                    None => coerce(vm, &key)?,
                };
                let name = column.key().unwrap_or_default();
                let value = value_expression(vm, &update.table, &name, &value)?;
                update.values.push((column, value));
            }
            Ok(changed(update))
        }
        other => Ok(Value::native(ChangeObject { statement: other })),
    }
}

fn change_where(vm: &mut Interpreter, this: &Value, arguments: Arguments) -> Result<Value> {
    let mut conditions = Vec::new();
    for value in &arguments.positional {
        conditions.push(condition(vm, value)?);
    }
    Ok(match this_change(vm, this)? {
        Statement::Update(mut update) => {
            update.filters.extend(conditions);
            changed(update)
        }
        Statement::Delete(mut delete) => {
            delete.filters.extend(conditions);
            changed(delete)
        }
        other => {
            let _ = other;
            return Err(vm.attribute_error("'Insert' object has no attribute 'where'"));
        }
    })
}

fn conflict_target(
    vm: &mut Interpreter,
    arguments: &mut Arguments,
) -> Result<Option<ConflictTarget>> {
    let mut target = ConflictTarget::default();
    let mut given = false;
    if let Some(elements_) = arguments
        .take_keyword("index_elements")
        .filter(|value| !value.is_none())
    {
        given = true;
        for item in vm.collect(&elements_)? {
            target.elements.push(match item.as_text() {
                Some(name) => elements::column(name, None),
                None => coerce(vm, &item)?,
            });
        }
    }
    if let Some(where_) = arguments
        .take_keyword("index_where")
        .filter(|value| !value.is_none())
    {
        target.where_ = Some(condition(vm, &where_)?);
    }
    if let Some(constraint) = arguments
        .take_keyword("constraint")
        .filter(|value| !value.is_none())
    {
        given = true;
        target.constraint = match constraint.as_text() {
            Some(name) => Some(name),
            None => vm.get_attribute(&constraint, "name")?.as_text(),
        };
    }
    Ok(given.then_some(target))
}

fn on_conflict(
    vm: &mut Interpreter,
    this: &Value,
    mut arguments: Arguments,
    update: bool,
) -> Result<Value> {
    let Statement::Insert(mut insert) = this_change(vm, this)? else {
        return Err(vm.attribute_error("only INSERT has ON CONFLICT"));
    };
    if !arguments.positional.is_empty() {
        let first = arguments.positional.remove(0);
        arguments.keyword.push((Rc::from("index_elements"), first));
    }
    let target = conflict_target(vm, &mut arguments)?;
    let action = if update {
        let set = arguments.take_keyword("set_").unwrap_or(Value::None);
        let entries = entries_of(vm, &set)?;
        let values = row_values(vm, &insert.table, entries)?;
        let where_ = match arguments
            .take_keyword("where")
            .filter(|value| !value.is_none())
        {
            Some(value) => Some(condition(vm, &value)?),
            None => None,
        };
        OnConflictAction::Update(values, where_)
    } else {
        OnConflictAction::Nothing
    };
    insert.on_conflict.push(OnConflict { target, action });
    Ok(changed(insert))
}

fn change_methods(builder: ClassBuilder) -> ClassBuilder {
    builder
        .method("values", change_values)
        .method("where", change_where)
        .method("filter", change_where)
        .method("ordered_values", |vm, this, arguments| {
            let mut entries = Dict::new();
            for pair in &arguments.positional {
                if let Some([key, value]) = pair.as_items().as_deref() {
                    entries.set(vm, key.clone(), value.clone())?;
                }
            }
            let entries = Value::Dict(Rc::new(std::mem::take(&mut entries)));
            let made = change_values(vm, this, Arguments::positional(vec![entries]))?;
            match this_change(vm, &made)? {
                Statement::Update(mut update) => {
                    update.preserve_order = true;
                    Ok(changed(update))
                }
                _ => Ok(made),
            }
        })
        .method("returning", |vm, this, arguments| {
            let columns = column_list(vm, &arguments.positional)?;
            Ok(match this_change(vm, this)? {
                Statement::Insert(mut insert) => {
                    insert.returning.extend(columns);
                    changed(insert)
                }
                Statement::Update(mut update) => {
                    update.returning.extend(columns);
                    changed(update)
                }
                Statement::Delete(mut delete) => {
                    delete.returning.extend(columns);
                    changed(delete)
                }
                other => Value::native(ChangeObject { statement: other }),
            })
        })
        .method("prefix_with", |vm, this, arguments| {
            let mut prefixes = Vec::new();
            for value in &arguments.positional {
                prefixes.push(conversion::text_expression(vm, value, "a prefix")?);
            }
            Ok(match this_change(vm, this)? {
                Statement::Insert(mut insert) => {
                    insert.prefixes.extend(prefixes);
                    changed(insert)
                }
                Statement::Update(mut update) => {
                    update.prefixes.extend(prefixes);
                    changed(update)
                }
                Statement::Delete(mut delete) => {
                    delete.prefixes.extend(prefixes);
                    changed(delete)
                }
                other => Value::native(ChangeObject { statement: other }),
            })
        })
        .method("from_select", |vm, this, arguments| {
            let mut bound = arguments.bind(parameters!(
                "from_select",
                "names, select, include_defaults=True"
            ))?;
            let (names, select) = (bound.value("names"), bound.value("select"));
            let mut keys = Vec::new();
            for name in vm.collect(&names)? {
                keys.push(match name.as_text() {
                    Some(text) => text,
                    None => coerce(vm, &name)?.key().unwrap_or_default(),
                });
            }
            let include = bound
                .take_some("include_defaults")
                .is_none_or(|value| value.as_bool() != Some(false));
            let Some(select) = find_select(&select) else {
                return Err(vm.type_error("from_select() takes a SELECT"));
            };
            let Statement::Insert(mut insert) = this_change(vm, this)? else {
                return Ok(this.clone());
            };
            insert.source = InsertSource::Select(keys, select, include);
            Ok(changed(insert))
        })
        .method("inline", |vm, this, _| {
            Ok(match this_change(vm, this)? {
                Statement::Insert(mut insert) => {
                    insert.inline = true;
                    changed(insert)
                }
                other => Value::native(ChangeObject { statement: other }),
            })
        })
        .method("on_conflict_do_nothing", |vm, this, arguments| {
            on_conflict(vm, this, arguments, false)
        })
        .method("on_conflict_do_update", |vm, this, arguments| {
            on_conflict(vm, this, arguments, true)
        })
        .method("execution_options", |_, this, _| Ok(this.clone()))
        .method("compile", |vm, this, arguments| {
            let (dialect, literal) = compile_arguments(vm, arguments)?;
            let statement = this_change(vm, this)?;
            let text = vm.lend(|| statement_text(&statement, &dialect, literal))?;
            Ok(Value::native(CompiledObject::new(text)))
        })
}

/// A literal `*`.
pub fn star() -> Expression {
    elements::literal_column("*", None)
}

/// A plain value as a parameter.
pub fn parameter(value: Literal) -> Expression {
    elements::literal(value, None)
}
