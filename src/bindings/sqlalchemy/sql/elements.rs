//! `ClauseElement` and the classes of expressions.

use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::{
    BinaryOperator, Bound, Class, CompareOperator, Declaration, Declared, Interpreter,
    NativeObject, UnaryOperator, Value, function, method, property,
};
use sqlalchemy::compiler::compile_expression;
use sqlalchemy::dialects::Dialect;
use sqlalchemy::elements::{self, Expression, LabelName, Operator};
use sqlalchemy::sql::{self, FromClause, Select, SelectBase};

use super::compiler::{COMPILE, CompiledObject, compile_arguments};
use super::containers;
use super::operators::{self, coerce, this_expression};
use super::select::select_value;
use super::selectable::{expect_from, from_value};
use super::values;
use crate::bindings::conversion::{self, find_clause};
use crate::bindings::sqlalchemy::dialects::AGGREGATE_ORDER_BY;

/// Any expression except a table column.
pub struct ExpressionObject {
    /// The expression.
    pub expression: Expression,
}

/// `ClauseElement`, the base class of compilable elements.
pub static CLAUSE_ELEMENT: Declaration<Value> = Declaration {
    methods: &[
        method("compile", COMPILE, compile),
        method("__str__", "self", |vm, this, _| {
            let expression = this_expression(vm, this)?;
            let text = vm.lend(|| expression.compile(&Dialect::default_dialect()))?;
            Ok(Value::str(text))
        }),
        method("self_group", "self, against=None", |_, this, _| {
            Ok(this.clone())
        }),
        method(
            "unique_params",
            "self, _optionaldict=None, /, **kwargs",
            |_, this, _| Ok(this.clone()),
        ),
    ],
    ..Declaration::new("sqlalchemy.sql.elements.ClauseElement")
};

/// `Executable`, beside [`CLAUSE_ELEMENT`] the base of what a connection executes.
pub static EXECUTABLE: Declaration<Value> = Declaration {
    methods: &[
        method("execution_options", "self, **kw", |_, this, _| {
            Ok(this.clone())
        }),
        method("get_execution_options", "self", |_, _, _| {
            Ok(Value::dict(Vec::<(String, Value)>::new()))
        }),
    ],
    ..Declaration::new("sqlalchemy.sql.base.Executable")
};

/// `ColumnOperators`.
pub static COLUMN_OPERATORS: Declaration<Value> = Declaration {
    methods: containers::METHODS,
    ..Declaration::new("sqlalchemy.sql.operators.ColumnOperators")
};

/// `ColumnElement`, the base class of expressions other than text.
pub static COLUMN_ELEMENT: Declaration<Value> = Declaration {
    bases: &[&CLAUSE_ELEMENT, &COLUMN_OPERATORS],
    properties: &[
        property("type", |vm, this| {
            let kind = this_expression(vm, this)?.kind();
            Ok(conversion::type_value(vm, &kind))
        }),
        property("astext", containers::as_text),
        property("name", |vm, this| name(vm, this, "name")),
        property("key", |vm, this| name(vm, this, "key")),
        property("table", |vm, this| {
            Ok(match this_expression(vm, this)?.table() {
                Some(from) => from_value(vm, &from),
                None => Value::None,
            })
        }),
        property("expression", |_, this| Ok(this.clone())),
        property("comparator", |_, this| Ok(this.clone())),
        property("foreign_keys", |vm, _| {
            conversion::set_value(vm, Vec::new())
        }),
        property("primary_key", |_, _| Ok(Value::Bool(false))),
    ],
    methods: operators::METHODS,
    ..Declaration::new("sqlalchemy.sql.elements.ColumnElement")
};

/// `ColumnClause`: a column without a schema table.
pub static COLUMN_CLAUSE: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    properties: &[
        property("text", |_, this| match &this.expression {
            Expression::ColumnClause(column) => match column.name.as_str() {
                Some(name) => Ok(Value::str(name)),
                None => Err(this.absent("text")),
            },
            _ => Err(this.absent("text")),
        }),
        property("is_literal", |_, this| match &this.expression {
            Expression::ColumnClause(column) => Ok(Value::Bool(column.is_literal)),
            _ => Err(this.absent("is_literal")),
        }),
    ],
    ..Declaration::new("sqlalchemy.sql.elements.ColumnClause")
};

/// `TextClause`.
static TEXT_CLAUSE: Declaration<ExpressionObject> = Declaration {
    bases: &[&EXECUTABLE, &CLAUSE_ELEMENT],
    properties: &[
        property("text", |_, this| match &this.expression {
            Expression::Text(text) => Ok(Value::Str(text.text.clone())),
            _ => Err(this.absent("text")),
        }),
        property("type", |vm, this| {
            Ok(conversion::type_value(vm, &this.expression.kind()))
        }),
    ],
    methods: &[
        method(
            "bindparams",
            "self, *binds, **names_to_values",
            text_bindparams,
        ),
        method("columns", "self, *cols, **types", text_columns),
        method("execution_options", "self, **kw", |_, _, bound| {
            Ok(bound.this().clone())
        }),
    ],
    ..Declaration::new("sqlalchemy.sql.elements.TextClause")
};

/// `Null`.
static NULL: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    ..Declaration::new("sqlalchemy.sql.elements.Null")
};

/// `True_`.
static TRUE: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    ..Declaration::new("sqlalchemy.sql.elements.True_")
};

/// `False_`.
static FALSE: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    ..Declaration::new("sqlalchemy.sql.elements.False_")
};

/// `Tuple`.
static TUPLE: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    properties: &[
        property("clauses", clauses),
        property("clause_expr", clauses),
    ],
    ..Declaration::new("sqlalchemy.sql.elements.Tuple")
};

/// `Grouping`.
static GROUPING: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    ..Declaration::new("sqlalchemy.sql.elements.Grouping")
};

/// `Cast`.
static CAST: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    ..Declaration::new("sqlalchemy.sql.elements.Cast")
};

/// `TypeCoerce`.
static TYPE_COERCE: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    ..Declaration::new("sqlalchemy.sql.elements.TypeCoerce")
};

/// `Case`.
static CASE: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    ..Declaration::new("sqlalchemy.sql.elements.Case")
};

/// `Extract`.
static EXTRACT: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    ..Declaration::new("sqlalchemy.sql.elements.Extract")
};

/// `Over`.
static OVER: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    ..Declaration::new("sqlalchemy.sql.elements.Over")
};

/// `FunctionFilter`.
static FUNCTION_FILTER: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    ..Declaration::new("sqlalchemy.sql.elements.FunctionFilter")
};

/// `WithinGroup`.
static WITHIN_GROUP: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    ..Declaration::new("sqlalchemy.sql.elements.WithinGroup")
};

/// `CollationClause`.
static COLLATION_CLAUSE: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    ..Declaration::new("sqlalchemy.sql.elements.CollationClause")
};

/// `_textual_label_reference`.
static LABEL_REFERENCE: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    ..Declaration::new("sqlalchemy.sql.elements._textual_label_reference")
};

/// `ScalarSelect`.
static SCALAR_SELECT: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    ..Declaration::new("sqlalchemy.sql.selectable.ScalarSelect")
};

/// `BindParameter`.
static BIND_PARAMETER: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    properties: &[property("value", |vm, this| match &this.expression {
        Expression::BindParameter(parameter) => match &parameter.value {
            Some(value) => conversion::from_literal(vm, value),
            None => Ok(Value::None),
        },
        _ => Err(this.absent("value")),
    })],
    ..Declaration::new("sqlalchemy.sql.elements.BindParameter")
};

/// `UnaryExpression`.
static UNARY_EXPRESSION: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    properties: &[property("element", element)],
    ..Declaration::new("sqlalchemy.sql.elements.UnaryExpression")
};

/// `AsBoolean`.
static AS_BOOLEAN: Declaration<ExpressionObject> = Declaration {
    bases: &[&UNARY_EXPRESSION],
    ..Declaration::new("sqlalchemy.sql.elements.AsBoolean")
};

/// `Exists`.
static EXISTS: Declaration<ExpressionObject> = Declaration {
    bases: &[&UNARY_EXPRESSION],
    methods: &[
        method("select", "self", |_, this, _| {
            Ok(select_value(sql::select(vec![this.expression.clone()])))
        }),
        method("select_from", "self, *froms", |vm, this, bound| {
            let froms = froms_of(vm, bound)?;
            exists_of(vm, this, |select| {
                froms
                    .into_iter()
                    .fold(select, |select, from| select.select_from(from))
            })
        }),
        method("correlate", "self, *fromclauses", |vm, this, bound| {
            let froms = froms_of(vm, bound)?;
            exists_of(vm, this, |select| select.correlate(froms))
        }),
        method(
            "correlate_except",
            "self, *fromclauses",
            |vm, this, bound| {
                let froms = froms_of(vm, bound)?;
                exists_of(vm, this, |select| select.correlate_except(froms))
            },
        ),
    ],
    ..Declaration::new("sqlalchemy.sql.selectable.Exists")
};

/// `BinaryExpression`.
static BINARY_EXPRESSION: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    properties: &[
        property("left", |vm, this| match &this.expression {
            Expression::Binary(binary) => Ok(conversion::element_value(vm, &binary.left)),
            _ => Err(this.absent("left")),
        }),
        property("right", |vm, this| match &this.expression {
            Expression::Binary(binary) => Ok(conversion::element_value(vm, &binary.right)),
            _ => Err(this.absent("right")),
        }),
    ],
    ..Declaration::new("sqlalchemy.sql.elements.BinaryExpression")
};

/// `BooleanClauseList`.
static BOOLEAN_CLAUSE_LIST: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    properties: &[
        property("clauses", clauses),
        property("clause_expr", clauses),
    ],
    ..Declaration::new("sqlalchemy.sql.elements.BooleanClauseList")
};

/// `ExpressionClauseList`.
static EXPRESSION_CLAUSE_LIST: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    properties: &[
        property("clauses", clauses),
        property("clause_expr", clauses),
    ],
    ..Declaration::new("sqlalchemy.sql.elements.ExpressionClauseList")
};

/// `Label`.
static LABEL: Declaration<ExpressionObject> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    properties: &[property("element", element)],
    ..Declaration::new("sqlalchemy.sql.elements.Label")
};

/// `FunctionElement`, also the base of functions that a project compiles itself.
static FUNCTION_ELEMENT: Declaration<Value> = Declaration {
    bases: &[&COLUMN_ELEMENT],
    initializer: Some(function("__init__", "self, *clauses", initialize_function)),
    properties: &[
        property("clauses", function_clauses),
        property("clause_expr", function_clauses),
    ],
    methods: values::OF_FUNCTIONS,
    ..Declaration::new("sqlalchemy.sql.functions.FunctionElement")
};

/// `Function`.
static FUNCTION: Declaration<ExpressionObject> = Declaration {
    bases: &[&FUNCTION_ELEMENT],
    ..Declaration::new("sqlalchemy.sql.functions.Function")
};

/// The classes of expressions.
pub static CLASSES: &[&dyn Declared] = &[
    &CLAUSE_ELEMENT,
    &EXECUTABLE,
    &COLUMN_OPERATORS,
    &COLUMN_ELEMENT,
    &COLUMN_CLAUSE,
    &TEXT_CLAUSE,
    &NULL,
    &TRUE,
    &FALSE,
    &TUPLE,
    &GROUPING,
    &CAST,
    &TYPE_COERCE,
    &CASE,
    &EXTRACT,
    &OVER,
    &FUNCTION_FILTER,
    &WITHIN_GROUP,
    &AGGREGATE_ORDER_BY,
    &COLLATION_CLAUSE,
    &LABEL_REFERENCE,
    &SCALAR_SELECT,
    &BIND_PARAMETER,
    &UNARY_EXPRESSION,
    &AS_BOOLEAN,
    &EXISTS,
    &BINARY_EXPRESSION,
    &BOOLEAN_CLAUSE_LIST,
    &EXPRESSION_CLAUSE_LIST,
    &LABEL,
    &FUNCTION_ELEMENT,
    &FUNCTION,
];

fn class_of(expression: &Expression) -> &'static dyn Declared {
    match expression {
        Expression::Text(_) => &TEXT_CLAUSE,
        Expression::Column(_) => &crate::bindings::sqlalchemy::schema::COLUMN,
        Expression::ColumnClause(_) => &COLUMN_CLAUSE,
        Expression::BindParameter(_) => &BIND_PARAMETER,
        Expression::Null => &NULL,
        Expression::True => &TRUE,
        Expression::False => &FALSE,
        Expression::Unary(unary) if unary.operator == Some(Operator::Exists) => &EXISTS,
        Expression::Unary(_) => &UNARY_EXPRESSION,
        Expression::AsBoolean(_) => &AS_BOOLEAN,
        Expression::Binary(_) => &BINARY_EXPRESSION,
        Expression::List(list) => match list.operator {
            Some(Operator::And | Operator::Or) => &BOOLEAN_CLAUSE_LIST,
            _ => &EXPRESSION_CLAUSE_LIST,
        },
        Expression::Tuple(_) => &TUPLE,
        Expression::Grouping(_) => &GROUPING,
        Expression::Label(_) => &LABEL,
        Expression::Function(_) => &FUNCTION,
        Expression::Cast(_) => &CAST,
        Expression::TypeCoerce(_) => &TYPE_COERCE,
        Expression::Case(_) => &CASE,
        Expression::Extract(..) => &EXTRACT,
        Expression::Over(_) => &OVER,
        Expression::FunctionFilter(..) => &FUNCTION_FILTER,
        Expression::WithinGroup(..) => &WITHIN_GROUP,
        Expression::AggregateOrderBy(..) => &AGGREGATE_ORDER_BY,
        Expression::Collation(_) => &COLLATION_CLAUSE,
        Expression::ScalarSelect(_) => &SCALAR_SELECT,
        Expression::LabelReference(_) => &LABEL_REFERENCE,
    }
}

fn froms_of(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Vec<FromClause>> {
    let values = std::mem::take(&mut bound.rest);
    let given = values.iter().filter(|value| !value.is_none());
    given.map(|value| expect_from(vm, value)).collect()
}

/// The EXISTS of another SELECT than this one's.
fn exists_of(
    vm: &mut Interpreter,
    this: &ExpressionObject,
    change: impl FnOnce(Select) -> Select,
) -> Result<Value> {
    let inner = match &this.expression {
        Expression::Unary(unary) => match &unary.element {
            Expression::ScalarSelect(select) => Some(select.clone()),
            _ => None,
        },
        _ => None,
    };
    match inner.as_deref() {
        Some(SelectBase::Select(select)) => {
            let changed = sql::exists(change(select.clone()));
            Ok(conversion::expression_value(&changed))
        }
        _ => Err(vm.attribute_error("'CompoundSelect' object has no such method")),
    }
}

impl ExpressionObject {
    fn absent(&self, name: &str) -> Error {
        let path = class_of(&self.expression).path();
        let class = path.rsplit('.').next().unwrap_or(path);
        Error::new(
            "AttributeError",
            format!("'{class}' object has no attribute '{name}'"),
        )
    }
}

/// The name of an expression in a SELECT's columns.
fn name(vm: &mut Interpreter, this: &Value, attribute: &str) -> Result<Value> {
    let expression = this_expression(vm, this)?;
    match (expression.label_name(), &expression) {
        (Some(LabelName::Plain(found)), _) => Ok(Value::Str(found.text())),
        (Some(LabelName::Anonymous(found)), _) => {
            Ok(Value::str(format!("%({} {})s", found.key, found.derived)))
        }
        (None, Expression::BindParameter(parameter)) => {
            Ok(Value::Str(parameter.original_key.clone()))
        }
        (None, _) => Err(ExpressionObject { expression }.absent(attribute)),
    }
}

fn element(vm: &mut Interpreter, this: &ExpressionObject) -> Result<Value> {
    match &this.expression {
        Expression::Label(label) => Ok(conversion::element_value(vm, &label.element)),
        Expression::Unary(unary) => Ok(conversion::element_value(vm, &unary.element)),
        _ => Err(this.absent("element")),
    }
}

fn clauses(vm: &mut Interpreter, this: &ExpressionObject) -> Result<Value> {
    let items: &[Expression] = match &this.expression {
        Expression::Function(function) => &function.clauses,
        Expression::List(list) => &list.clauses,
        Expression::Tuple(items) => items,
        _ => return Err(this.absent("clauses")),
    };
    let mut values = Vec::new();
    for item in items {
        values.push(conversion::element_value(vm, item));
    }
    Ok(Value::list(values))
}

/// The arguments of an instance of a project's subclass of `FunctionElement`.
struct FunctionClauses(Vec<Value>);

fn initialize_function(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let mut given = Vec::new();
    for clause in &bound.rest {
        let clause = super::coerce(vm, clause)?;
        given.push(conversion::expression_value(&clause));
    }
    if let Value::Instance(instance) = bound.this() {
        instance.set_native(Rc::new(FunctionClauses(given)));
    }
    Ok(Value::None)
}

fn function_clauses(vm: &mut Interpreter, this: &Value) -> Result<Value> {
    if let Value::Instance(instance) = this {
        let given = instance.native::<FunctionClauses>();
        return Ok(Value::list(
            given.map_or_else(Vec::new, |given| given.0.clone()),
        ));
    }
    match this.downcast::<ExpressionObject>() {
        Some(this) => clauses(vm, &this),
        None => Ok(Value::list(Vec::new())),
    }
}

fn compile(vm: &mut Interpreter, this: &Value, bound: &mut Bound<'_>) -> Result<Value> {
    let (dialect, literal) = compile_arguments(vm, bound)?;
    let expression = this_expression(vm, this)?;
    let compiled = vm.lend(|| compile_expression(&expression, &dialect, literal))?;
    CompiledObject::of(vm, compiled)
}

fn text_bindparams(
    vm: &mut Interpreter,
    this: &ExpressionObject,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    let Expression::Text(text) = &this.expression else {
        return Ok(bound.this().clone());
    };
    let mut text = (**text).clone();
    for value in &bound.rest {
        match find_clause(vm, value)? {
            Some(Expression::BindParameter(parameter)) => {
                text = text.bind((*parameter).clone())?;
            }
            _ => return Err(vm.type_error("bindparams() takes bindparam() objects and keywords")),
        }
    }
    for (name, value) in &bound.extra {
        let literal = conversion::to_literal(vm, value)?;
        text = text.bind_value(name, literal)?;
    }
    Ok(conversion::expression_value(&Expression::Text(Rc::new(
        text,
    ))))
}

fn text_columns(
    vm: &mut Interpreter,
    this: &ExpressionObject,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    let Expression::Text(text) = this.expression.clone() else {
        return Ok(bound.this().clone());
    };
    let mut columns = Vec::new();
    for value in &bound.rest {
        columns.push(coerce(vm, value)?);
    }
    for (name, kind) in &bound.extra {
        let kind = conversion::to_type(vm, kind)?;
        columns.push(elements::column(name.clone(), Some(kind)));
    }
    Ok(select_value(SelectBase::Text(Rc::new(
        sqlalchemy::sql::TextualSelect { text, columns },
    ))))
}

impl NativeObject for ExpressionObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(class_of(&self.expression))
    }

    fn binary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        operators::binary(vm, this, operator, other, reflected)
    }

    fn unary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: UnaryOperator,
    ) -> Result<Option<Value>> {
        operators::unary(vm, this, operator)
    }

    fn compare(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        operators::compare(vm, this, operator, other)
    }

    fn get_item(&self, this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        operators::get_item(vm, this, key)
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        match &self.expression {
            Expression::Binary(binary) => {
                let same = identity(&binary.left) == identity(&binary.right);
                match binary.operator {
                    Operator::Eq => return Ok(Some(same)),
                    Operator::Ne => return Ok(Some(!same)),
                    _ => {}
                }
            }
            Expression::Null => return Ok(Some(false)),
            _ => {}
        }
        Err(Error::new(
            "TypeError",
            "Boolean value of this clause is not defined",
        ))
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(vm.lend(|| expression_repr(&self.expression))))
    }

    fn str(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(vm.lend(|| self.expression.python_str())))
    }

    fn hash(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<u64>> {
        Ok(Some(identity(&self.expression) as u64))
    }
}

fn identity(expression: &Expression) -> usize {
    match expression {
        Expression::Column(column) => column.identity_key(),
        other => other.anonymous_key(),
    }
}

fn expression_repr(expression: &Expression) -> String {
    let class = class_of(expression).path();
    match expression {
        Expression::Column(_) | Expression::Function(_) => expression.python_repr(),
        Expression::ColumnClause(_) | Expression::Label(_) => {
            let name = expression.name_text();
            format!(
                "<{class} at 0x7f0000000000; {}>",
                name.as_deref().unwrap_or("None")
            )
        }
        _ => format!("<{class} object at 0x7f0000000000>"),
    }
}
