//! `text`, `func`, `case`, `cast`, `and_` and the other functions that create expressions.

use std::rc::Rc;

use ground::diagnostic::Result;
use python::{
    Arguments, Bound, Class, Declaration, FreeFunction, Interpreter, NativeObject, Value, function,
};
use sqlalchemy::elements::{self, BindParameter, Expression, LabelName};
use sqlalchemy::literal::Literal;
use sqlalchemy::name::Name;
use sqlalchemy::sqltypes::Type;

use super::operators::{coerce, operand};
use crate::bindings::conversion::{self, argument_error, find_clause};
use crate::bindings::sqlalchemy::schema::SequenceObject;

/// The functions that create expressions.
pub static FUNCTIONS: &[FreeFunction] = &[
    function("text", "text", text),
    function(
        "column",
        "text, type_=None, is_literal=False, _selectable=None",
        column,
    ),
    function("literal_column", "text, type_=None", literal_column),
    function(
        "literal",
        "value, type_=None, literal_execute=False",
        literal,
    ),
    function(
        "bindparam",
        "key, value=None, type_=None, unique=False, required=None, quote=None, \
         callable_=None, expanding=False, isoutparam=False, literal_execute=False",
        bindparam,
    ),
    function("case", "*whens, value=None, else_=None", case),
    function("extract", "field, expr", extract),
    function("tuple_", "*clauses, types=None", tuple_),
    function("cast", "expression, type_", |vm, bound| {
        cast(vm, bound, elements::cast)
    }),
    function("try_cast", "expression, type_", |vm, bound| {
        cast(vm, bound, elements::try_cast)
    }),
    function("type_coerce", "expression, type_", |vm, bound| {
        cast(vm, bound, elements::type_coerce)
    }),
    function("and_", "*clauses", |vm, bound| {
        conjunction(vm, bound, elements::and_)
    }),
    function("or_", "*clauses", |vm, bound| {
        conjunction(vm, bound, elements::or_)
    }),
    function("not_", "clause", |vm, bound| {
        let condition = condition(vm, &bound.value("clause"))?;
        Ok(conversion::expression_value(&elements::not_(&condition)))
    }),
    function("null", "", |_, _| {
        Ok(conversion::expression_value(&elements::null()))
    }),
    function("true", "", |_, _| {
        Ok(conversion::expression_value(&elements::true_()))
    }),
    function("false", "", |_, _| {
        Ok(conversion::expression_value(&elements::false_()))
    }),
    function(
        "over",
        "element, partition_by=None, order_by=None, range_=None, rows=None, groups=None, \
         exclude=None",
        |vm, bound| {
            let element = coerce(vm, &bound.value("element"))?;
            over(vm, element, bound)
        },
    ),
    function("any_", "expr", |vm, bound| {
        collection(vm, &bound.value("expr"), "ANY")
    }),
    function("all_", "expr", |vm, bound| {
        collection(vm, &bound.value("expr"), "ALL")
    }),
];

/// The functions that call a method of an expression: `desc(x)` is `x.desc()`.
pub static METHOD_FUNCTIONS: &[FreeFunction] = &[
    function("desc", "column", |vm, bound| {
        call_method(vm, bound, "column", "desc")
    }),
    function("asc", "column", |vm, bound| {
        call_method(vm, bound, "column", "asc")
    }),
    function("distinct", "expr", |vm, bound| {
        call_method(vm, bound, "expr", "distinct")
    }),
    function("nulls_first", "column", |vm, bound| {
        call_method(vm, bound, "column", "nulls_first")
    }),
    function("nulls_last", "column", |vm, bound| {
        call_method(vm, bound, "column", "nulls_last")
    }),
    function("nullsfirst", "column", |vm, bound| {
        call_method(vm, bound, "column", "nullsfirst")
    }),
    function("nullslast", "column", |vm, bound| {
        call_method(vm, bound, "column", "nullslast")
    }),
    function(
        "between",
        "expr, lower_bound, upper_bound, symmetric=False",
        |vm, bound| call_method(vm, bound, "expr", "between"),
    ),
    function(
        "collate",
        "expression, collation, collation_schema=None",
        |vm, bound| {
            bound.refuse(&["collation_schema"])?;
            call_method(vm, bound, "expression", "collate")
        },
    ),
    function("label", "name, element, type_=None", |vm, bound| {
        let Some(kind) = bound.take_some("type_") else {
            return call_method(vm, bound, "element", "label");
        };
        let kind = conversion::to_type(vm, &kind)?;
        let element = elements::type_coerce(coerce(vm, &bound.value("element"))?, kind);
        let name = bound.value("name").as_text();
        let labelled = elements::label(&element, name.as_deref());
        Ok(conversion::expression_value(&labelled))
    }),
    function("funcfilter", "func, *criterion", |vm, bound| {
        let arguments = Arguments::positional(std::mem::take(&mut bound.rest));
        vm.call_method(&bound.value("func"), "filter", arguments)
    }),
    function("within_group", "element, *order_by", |vm, bound| {
        let arguments = Arguments::positional(std::mem::take(&mut bound.rest));
        vm.call_method(&bound.value("element"), "within_group", arguments)
    }),
    function("lateral", "selectable, name=None", |vm, bound| {
        call_selectable(vm, bound, "lateral")
    }),
    function(
        "cte",
        "selectable, name=None, recursive=False",
        |vm, bound| call_selectable(vm, bound, "cte"),
    ),
    function("alias", "selectable, name=None, flat=False", |vm, bound| {
        call_selectable(vm, bound, "alias")
    }),
];

/// The class of `func`.
pub static FUNCTION_GENERATOR: Declaration<FunctionGenerator> =
    Declaration::new("sqlalchemy.sql.functions._FunctionGenerator");

/// `func`, or a partial name such as `func.pg_catalog`.
pub struct FunctionGenerator {
    names: Vec<Rc<str>>,
}

impl FunctionGenerator {
    /// `func` itself.
    pub fn new() -> FunctionGenerator {
        FunctionGenerator { names: Vec::new() }
    }
}

impl Default for FunctionGenerator {
    fn default() -> Self {
        Self::new()
    }
}

impl NativeObject for FunctionGenerator {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&FUNCTION_GENERATOR)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        if name.starts_with("__") {
            return Ok(None);
        }
        let name = name.strip_suffix('_').unwrap_or(name);
        let mut names = self.names.clone();
        names.push(Rc::from(name));
        Ok(Some(Value::native(FunctionGenerator { names })))
    }

    fn call(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        let Some((name, packages)) = self.names.split_last() else {
            return Ok(None);
        };
        let kind = match arguments.keyword_value("type_") {
            Some(kind) => Some(conversion::to_type(vm, kind)?),
            None => None,
        };
        if let ("next_value", [only]) = (&**name, arguments.positional.as_slice())
            && let Some(object) = only.downcast::<SequenceObject>()
        {
            let next = elements::next_value(&object.sequence);
            return Ok(Some(conversion::expression_value(&next)));
        }
        // A class of its own has only this function, whose separator may be named.
        let separated = &**name == "aggregate_strings";
        let known = |keyword: &str| match keyword {
            "type_" => true,
            "separator" => separated,
            _ => !separated && elements::is_generic_function(name),
        };
        if let Some((unknown, _)) = arguments.keyword.iter().find(|(word, _)| !known(word)) {
            let class = if separated { &**name } else { "Function" };
            return Err(vm.type_error(format!(
                "{class}.__init__() got an unexpected keyword argument '{unknown}'"
            )));
        }
        let mut clauses = Vec::new();
        for value in arguments
            .positional
            .iter()
            .chain(arguments.keyword_value("separator"))
        {
            clauses.push(match operand(vm, value)? {
                elements::Operand::Expression(expression) => expression,
                elements::Operand::Literal(Literal::Null) => elements::null(),
                elements::Operand::Literal(literal) => {
                    let kind = elements::literal_type(&literal);
                    Expression::BindParameter(Rc::new(elements::anonymous_parameter(
                        name, literal, kind,
                    )))
                }
            });
        }
        let packages = packages
            .iter()
            .map(|name| Name::new(name.clone()))
            .collect();
        let name = Name::new(name.clone());
        Ok(Some(conversion::expression_value(&match kind {
            Some(kind) => elements::func_with_type(packages, name, clauses, kind),
            None => elements::func(packages, name, clauses),
        })))
    }
}

/// `text("...")`.
fn text(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let value = bound.value("text");
    conversion::refuse_opaque(&value, "the SQL text")?;
    match value.as_text() {
        Some(text) => Ok(conversion::expression_value(&elements::text(&text))),
        None => {
            let class = vm.class_of(&value).dotted_name();
            Err(vm.type_error(format!(
                "expected string or bytes-like object, got '{class}'"
            )))
        }
    }
}

/// `column("name", type)`.
fn column(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let name = bound.value("text").as_text().unwrap_or_default();
    let kind = match bound.take_some("type_") {
        Some(kind) => Some(conversion::to_type(vm, &kind)?),
        None => None,
    };
    let literal = bound
        .take_some("is_literal")
        .is_some_and(|value| value.as_bool() == Some(true));
    Ok(conversion::expression_value(&if literal {
        elements::literal_column(&name, kind)
    } else {
        elements::column(name, kind)
    }))
}

/// `literal_column("sql", type)`.
fn literal_column(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let text = bound.value("text").as_text().unwrap_or_default();
    let kind = match bound.take_some("type_") {
        Some(kind) => Some(conversion::to_type(vm, &kind)?),
        None => None,
    };
    Ok(conversion::expression_value(&elements::literal_column(
        &text, kind,
    )))
}

/// `literal(value, type)`.
fn literal(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let value = bound.value("value");
    let value = conversion::to_literal(vm, &value)?;
    let kind = match bound.take_some("type_") {
        Some(kind) => Some(conversion::to_type(vm, &kind)?),
        None => None,
    };
    let made = elements::literal(value, kind);
    let late = bound.flag("literal_execute");
    let made = if late {
        elements::at_execution(&made)
    } else {
        made
    };
    Ok(conversion::expression_value(&made))
}

/// `bindparam("name", value, type_=...)`.
fn bindparam(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let key = bound.value("key").as_text().unwrap_or_default();
    let given = bound.take("value");
    let mut called = false;
    let value = match &given {
        Some(value) => Some(conversion::to_literal(vm, value)?),
        None => match bound.take_some("callable_") {
            Some(function) => {
                let value = vm.call(&function, Arguments::none())?;
                called = true;
                Some(conversion::to_literal(vm, &value)?)
            }
            None => None,
        },
    };
    let kind = match bound.take_some("type_") {
        Some(kind) => Some(conversion::to_type(vm, &kind)?),
        // What a callable will give has no type yet.
        None if called => Some(Type::null()),
        None => None,
    };
    let flag = |value: Option<Value>| value.is_some_and(|value| value.as_bool() == Some(true));
    let expanding = flag(bound.take_some("expanding"));
    let literal_execute = flag(bound.take_some("literal_execute"));
    let unique = flag(bound.take_some("unique"));
    let required = bound
        .take_some("required")
        .and_then(|value| value.as_bool());
    let made = match elements::bindparam(&key, value, kind) {
        Expression::BindParameter(parameter) => {
            let mut parameter: BindParameter = (*parameter).clone();
            parameter.expanding = expanding;
            if expanding
                && parameter.kind.is_null()
                && let Some(Literal::List(items) | Literal::Tuple(items)) = &parameter.value
                && let Some(first) = items.first()
            {
                parameter.kind = elements::literal_type(first);
            }
            parameter.literal_execute = literal_execute;
            if let Some(required) = required {
                parameter.required = required;
            }
            if unique {
                let value = parameter.value.clone().unwrap_or_default();
                let fresh = elements::anonymous_parameter(&key, value, parameter.kind.clone());
                if let LabelName::Anonymous(_) = &fresh.key {
                    parameter.key = fresh.key;
                    parameter.unique = true;
                }
            }
            Expression::BindParameter(Rc::new(parameter))
        }
        other => other,
    };
    Ok(conversion::expression_value(&made))
}

/// `case(*whens, value=..., else_=...)`.
fn case(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let value = match bound.take_some("value") {
        Some(value) => Some(coerce(vm, &value)?),
        None => None,
    };
    let otherwise = match bound.take("else_") {
        Some(value) if !value.is_none() => Some(result(vm, &value)?),
        _ => None,
    };
    let mut whens = Vec::new();
    let mut given = std::mem::take(&mut bound.rest);
    // `case({...}, value=...)` and the legacy `case([...])`.
    if let [only] = &given[..] {
        if let Some(dict) = only.as_dict() {
            given = dict
                .entries()
                .into_iter()
                .map(|(key, value)| Value::tuple(vec![key, value]))
                .collect();
        } else if let Value::List(_) = only {
            return Err(argument_error(
                "The \"whens\" argument to case(), when referring to a sequence of items, is now \
                 passed as a series of positional elements, rather than as a list. ",
            ));
        }
    }
    for pair in &given {
        let Some(items) = pair.as_items() else {
            return Err(vm.type_error("case() takes (condition, result) tuples"));
        };
        let [condition, then] = &items[..] else {
            return Err(vm.value_error("case() takes (condition, result) tuples"));
        };
        let condition = match &value {
            Some(value) => {
                let operand = operand(vm, condition)?;
                value.coerce_operand(operand)
            }
            None => coerce(vm, condition)?,
        };
        whens.push((condition, result(vm, then)?));
    }
    Ok(conversion::expression_value(&elements::case(
        whens, value, otherwise,
    )))
}

/// `extract(field, expression)`.
fn extract(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let (field, expression) = (bound.value("field"), bound.value("expr"));
    let expression = coerce(vm, &expression)?;
    let field = field.as_text().unwrap_or_default();
    Ok(conversion::expression_value(&elements::extract(
        &field, expression,
    )))
}

/// `tuple_(...)`.
fn tuple_(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let mut items = Vec::new();
    for value in &bound.rest {
        items.push(coerce(vm, value)?);
    }
    Ok(conversion::expression_value(&elements::tuple_(items)))
}

/// `cast(expression, type)`, `try_cast`, `type_coerce`.
///
/// # Errors
/// What turning the arguments raises.
pub fn cast(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    make: fn(Expression, sqlalchemy::sqltypes::Type) -> Expression,
) -> Result<Value> {
    let (expression, kind) = (bound.value("expression"), bound.value("type_"));
    let kind = conversion::to_type(vm, &kind)?;
    let expression = match find_clause(vm, &expression)? {
        Some(expression) => expression,
        None => {
            let value = conversion::to_literal(vm, &expression)?;
            elements::literal(value, Some(kind.clone()))
        }
    };
    Ok(conversion::expression_value(&make(expression, kind)))
}

/// `and_(...)`, `or_(...)`.
///
/// # Errors
/// What turning the arguments raises.
pub fn conjunction(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    make: fn(Vec<Expression>) -> Expression,
) -> Result<Value> {
    let mut conditions = Vec::new();
    for value in &bound.rest {
        conditions.push(condition(vm, value)?);
    }
    Ok(conversion::expression_value(&make(conditions)))
}

/// A CASE result: a plain value becomes a parameter, `None` becomes NULL.
fn result(vm: &mut Interpreter, value: &Value) -> Result<Expression> {
    Ok(match operand(vm, value)? {
        elements::Operand::Expression(expression) => expression,
        elements::Operand::Literal(Literal::Null) => elements::null(),
        elements::Operand::Literal(literal) => elements::literal(literal, None),
    })
}

/// A condition of WHERE, HAVING and the like.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for a value that is no condition.
pub fn condition(vm: &mut Interpreter, value: &Value) -> Result<Expression> {
    if let Some(expression) = find_clause(vm, value)? {
        return Ok(expression);
    }
    match value {
        Value::Bool(true) => return Ok(elements::true_()),
        Value::Bool(false) => return Ok(elements::false_()),
        Value::None => return Ok(elements::null()),
        _ => {}
    }
    conversion::refuse_opaque(value, "a condition")?;
    let shown = vm.repr(value)?;
    if value.as_str().is_some() {
        return Err(argument_error(format!(
            "Textual SQL expression {shown} should be explicitly declared as text({shown})"
        )));
    }
    Err(argument_error(format!(
        "SQL expression for WHERE/HAVING role expected, got {shown}."
    )))
}

/// `over(element, partition_by=..., order_by=..., rows=...)`.
///
/// # Errors
/// What turning the arguments raises.
pub fn over(vm: &mut Interpreter, element: Expression, bound: &mut Bound<'_>) -> Result<Value> {
    let partition = several(vm, bound.take_some("partition_by"))?;
    let order = several(vm, bound.take_some("order_by"))?;
    let mut frame = None;
    for (name, word) in [("range_", "RANGE"), ("rows", "ROWS"), ("groups", "GROUPS")] {
        if let Some(ends) = bound.take_some(name).and_then(|value| value.as_items()) {
            let end = |index: usize| ends.get(index).and_then(Value::as_int);
            frame = Some((word, end(0), end(1)));
        }
    }
    let exclude = match bound.take_some("exclude") {
        None => None,
        Some(_) if frame.is_none() => {
            return Err(argument_error(
                "'exclude' requires that one of 'rows', 'range_', or 'groups' is also specified",
            ));
        }
        Some(value) => value.as_text(),
    };
    Ok(conversion::expression_value(&elements::over(
        element, partition, order, frame, exclude,
    )))
}

fn several(vm: &mut Interpreter, value: Option<Value>) -> Result<Vec<Expression>> {
    let Some(value) = value else {
        return Ok(Vec::new());
    };
    let items = match value.as_items() {
        Some(items) => items,
        None => vec![value],
    };
    let mut found = Vec::new();
    for item in &items {
        found.push(order_expression(vm, item)?);
    }
    Ok(found)
}

/// An element of ORDER BY or GROUP BY: an expression, or a label name.
///
/// # Errors
/// What turning the value raises.
pub fn order_expression(vm: &mut Interpreter, value: &Value) -> Result<Expression> {
    if let Some(expression) = find_clause(vm, value)? {
        return Ok(expression);
    }
    if let Some(text) = value.as_text() {
        return Ok(Expression::LabelReference(text));
    }
    coerce(vm, value)
}

/// `any_(...)`, `all_(...)`.
///
/// # Errors
/// What turning the value into an expression raises.
pub fn collection(vm: &mut Interpreter, value: &Value, word: &str) -> Result<Value> {
    let expression = coerce(vm, value)?;
    Ok(conversion::expression_value(&elements::any_of(
        &expression,
        word,
    )))
}

/// Calls a method of `selectable` with the other arguments.
fn call_selectable(vm: &mut Interpreter, bound: &mut Bound<'_>, method: &str) -> Result<Value> {
    let selectable = bound.value("selectable");
    let mut arguments = Arguments::none();
    arguments.keyword = bound.take_keywords();
    arguments
        .keyword
        .retain(|(name, _)| &**name != "selectable");
    vm.call_method(&selectable, method, arguments)
}

/// Calls a method of the parameter `first` with the other arguments.
fn call_method(
    vm: &mut Interpreter,
    bound: &mut Bound<'_>,
    first: &str,
    method: &str,
) -> Result<Value> {
    let mut first = bound.value(first);
    if let Some(text) = first.as_text() {
        first = conversion::expression_value(&Expression::LabelReference(text));
    } else if find_clause(vm, &first)?.is_none() {
        let value = coerce(vm, &first)?;
        first = conversion::expression_value(&value);
    }
    let others = bound.take_keywords().into_iter();
    let arguments = Arguments::positional(others.map(|(_, value)| value).collect());
    vm.call_method(&first, method, arguments)
}
