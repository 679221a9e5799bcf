//! Expression constructors: `text`, `literal`, `func`, `case`, `and_` and so on.

use std::cell::Cell;
use std::rc::Rc;

use ground::hash::IndexMap;

use super::{
    AnonymousName, AsBoolean, Binary, BindParameter, Case, Cast, ColumnClause, CustomElement,
    Expression, ExpressionList, Function, Label, LabelName, Modifiers, Operator, Over, Text, Unary,
};
use crate::dialects::Dialect;
use crate::literal::Literal;
use crate::name::Name;
use crate::schema::Sequence;
use crate::sqltypes::{Type, TypeClass, classes};
use ground::diagnostic::Result;

thread_local! {
    static KEYS: Cell<usize> = const { Cell::new(0) };
}

/// A unique number for an anonymous name.
pub(crate) fn next_key() -> usize {
    KEYS.with(|keys| {
        // Object addresses are used as keys too; odd numbers do not collide with aligned addresses.
        let next = keys.get() + 2;
        keys.set(next);
        next + 1
    })
}

/// `text("...")`: `:name` makes a parameter.
pub fn text(text: &str) -> Expression {
    Expression::Text(Rc::new(parse_text(text)))
}

pub(crate) fn parse_text(text: &str) -> Text {
    let mut parameters = IndexMap::default();
    for (start, end) in bind_names(text) {
        let name: Rc<str> = text[start..end].into();
        let parameter = Rc::new(named_parameter(&name, None, Type::null(), true));
        parameters.insert(name, parameter);
    }
    Text {
        text: text.into(),
        parameters,
    }
}

/// Positions of parameter names in text: preceded by a colon, which follows neither a colon, a
/// backslash nor a word character, and not followed by a colon or word character.
pub(crate) fn bind_names(text: &str) -> Vec<(usize, usize)> {
    let word = |character: char| character.is_alphanumeric() || character == '_';
    let mut found = Vec::new();
    let mut previous: Option<char> = None;
    let mut characters = text.char_indices().peekable();
    while let Some((place, character)) = characters.next() {
        let before = previous.replace(character);
        if character != ':'
            || before.is_some_and(|before| before == ':' || before == '\\' || word(before))
        {
            continue;
        }
        let start = place + 1;
        let mut end = start;
        while let Some((at, next)) = characters.peek().copied() {
            if !word(next) {
                break;
            }
            end = at + next.len_utf8();
            previous = Some(next);
            characters.next();
        }
        let next = characters.peek().map(|(_, next)| *next);
        if end > start && next != Some(':') {
            found.push((start, end));
        }
    }
    found
}

fn named_parameter(
    name: &str,
    value: Option<Literal>,
    kind: Type,
    required: bool,
) -> BindParameter {
    BindParameter {
        key: LabelName::Plain(Name::new(name)),
        original_key: name.into(),
        value,
        kind,
        expanding: false,
        required,
        unique: false,
        literal_execute: false,
        inline: false,
    }
}

/// `bindparam("name", value, type)`; without a type, the value's own.
pub fn bindparam(name: &str, value: Option<Literal>, kind: Option<Type>) -> Expression {
    let required = value.is_none();
    let kind = kind.unwrap_or_else(|| value.as_ref().map_or_else(Type::null, literal_type));
    Expression::BindParameter(Rc::new(named_parameter(name, value, kind, required)))
}

/// An anonymous parameter named after `derived`: `id_1`, `param_1`.
pub fn anonymous_parameter(derived: &str, value: Literal, kind: Type) -> BindParameter {
    // `_anonymous_label.safe_construct` keeps marks of drivers out of the name.
    let safe = derived.replace(['%', '(', ')', ' ', '$'], "_");
    let derived = safe.trim_matches('_');
    BindParameter {
        key: LabelName::Anonymous(AnonymousName {
            key: next_key(),
            derived: derived.into(),
        }),
        original_key: derived.into(),
        value: Some(value),
        kind,
        expanding: false,
        required: false,
        unique: true,
        literal_execute: false,
        inline: false,
    }
}

/// `literal(value, type)`: an anonymous parameter.
pub fn literal(value: impl Into<Literal>, kind: Option<Type>) -> Expression {
    let value = value.into();
    let kind = kind.unwrap_or_else(|| literal_type(&value));
    Expression::BindParameter(Rc::new(anonymous_parameter("param", value, kind)))
}

/// `any_(expression)` or `all_(expression)`, by its word.
pub fn any_of(expression: &Expression, word: &str) -> Expression {
    let element = match expression {
        Expression::ScalarSelect(_) => expression.clone(),
        other => Expression::Grouping(Rc::new(other.clone())),
    };
    let kind = expression.kind();
    Expression::Unary(Rc::new(Unary {
        kind: kind.item_type().unwrap_or(kind),
        element,
        operator: Some(if word == "ANY" {
            Operator::Any
        } else {
            Operator::All
        }),
        modifier: None,
    }))
}

/// The default type of a Python value (`_resolve_value_to_type`).
pub fn literal_type(value: &Literal) -> Type {
    match value {
        Literal::Null | Literal::List(_) | Literal::Tuple(_) | Literal::Dictionary(_) => {
            Type::null()
        }
        Literal::Boolean(_) => Type::boolean(),
        Literal::Integer(number) => {
            if (-(1 << 31)..(1 << 31)).contains(number) {
                Type::integer_type()
            } else {
                Type::big_integer()
            }
        }
        Literal::BigInteger(_) => Type::big_integer(),
        Literal::Float(_) => Type::float(),
        Literal::Decimal(_) => Type::numeric_type(),
        Literal::String(text) if text.is_ascii() => Type::string(None),
        Literal::String(_) => Type::new(&classes::GENERIC_UNICODE),
        Literal::Bytes(_) => Type::large_binary(),
        Literal::Date(_) => Type::date(),
        Literal::Time(..) => Type::time(),
        Literal::DateTime(..) => Type::datetime(),
        Literal::Interval(_) => Type::interval(),
        Literal::Uuid(_) => Type::uuid(),
        Literal::JsonNull => Type::json(),
        Literal::Enum(_) | Literal::Object(_) => Type::null(),
    }
}

/// `null()`.
pub fn null() -> Expression {
    Expression::Null
}

/// `true()`.
pub fn true_() -> Expression {
    Expression::True
}

/// `false()`.
pub fn false_() -> Expression {
    Expression::False
}

/// `column("name", type)`.
pub fn column(name: impl Into<Name>, kind: Option<Type>) -> Expression {
    Expression::ColumnClause(Rc::new(ColumnClause {
        name: LabelName::Plain(name.into()),
        key: None,
        kind: kind.unwrap_or_else(Type::null),
        is_literal: false,
        table: None,
        element: None,
    }))
}

/// `literal_column("sql", type)`.
pub fn literal_column(sql: &str, kind: Option<Type>) -> Expression {
    Expression::ColumnClause(Rc::new(ColumnClause {
        name: LabelName::Plain(Name::new(sql)),
        key: None,
        kind: kind.unwrap_or_else(Type::null),
        is_literal: true,
        table: None,
        element: None,
    }))
}

/// A user-defined element; `name` is its class's attribute of that name, from which a SELECT makes a label
/// (`named_1`), or `anon`.
pub fn custom_element(
    element: Rc<dyn CustomElement>,
    name: Option<&str>,
    kind: Option<Type>,
) -> Expression {
    let name = AnonymousName {
        key: Rc::as_ptr(&element).cast::<()>() as usize,
        derived: name.unwrap_or("anon").into(),
    };
    Expression::ColumnClause(Rc::new(ColumnClause {
        name: LabelName::Anonymous(name),
        key: None,
        kind: kind.unwrap_or_else(Type::null),
        is_literal: true,
        table: None,
        element: Some(element),
    }))
}

/// `sequence.next_value()`.
pub fn next_value(sequence: &Sequence) -> Expression {
    struct NextValue(Sequence);

    impl CustomElement for NextValue {
        fn compile(&self, dialect: &Dialect) -> Result<String> {
            dialect
                .statement_compiler()
                .visit_sequence(&self.0, dialect)
        }

        fn is_function(&self) -> bool {
            true
        }
    }

    let kind = sequence
        .data_type()
        .cloned()
        .unwrap_or_else(Type::integer_type);
    let element = Rc::new(NextValue(sequence.clone()));
    custom_element(element, Some("next_value"), Some(kind))
}

/// Whether an expression is a function, which is selected where it is executed.
pub fn is_function(expression: &Expression) -> bool {
    match expression {
        Expression::Function(_) => true,
        Expression::ColumnClause(column) => column
            .element
            .as_ref()
            .is_some_and(|element| element.is_function()),
        _ => false,
    }
}

/// `func.name(*clauses)`; `packages` are the names before the last.
pub fn func(packages: Vec<Name>, name: impl Into<Name>, clauses: Vec<Expression>) -> Expression {
    let name = name.into();
    let kind = if packages.is_empty() {
        function_type(&name, &clauses)
    } else {
        Type::null()
    };
    func_with_type(packages, name, clauses, kind)
}

/// `func.name(*clauses, type_=...)`.
pub fn func_with_type(
    packages: Vec<Name>,
    name: impl Into<Name>,
    clauses: Vec<Expression>,
    kind: Type,
) -> Expression {
    Expression::Function(Rc::new(Function {
        packages,
        name: name.into(),
        clauses: clauses
            .into_iter()
            .map(|clause| clause.self_group(Some(&Operator::Comma)))
            .collect(),
        kind,
    }))
}

/// The return type of SQLAlchemy's known functions.
fn function_type(name: &str, clauses: &[Expression]) -> Type {
    let of_class = |class: &'static TypeClass| Type::new(class);
    match name.to_lowercase().as_str() {
        "coalesce" | "max" | "min" | "sum" => clauses
            .iter()
            .map(Expression::kind)
            .find(|kind| !kind.is_null())
            .unwrap_or_else(Type::null),
        "now" | "current_timestamp" | "sysdate" | "localtimestamp" => Type::datetime(),
        "current_date" => Type::date(),
        "current_time" | "localtime" => Type::time(),
        "concat" | "char" | "aggregate_strings" => Type::string(None),
        "char_length" | "count" | "rank" | "dense_rank" => Type::integer_type(),
        "percent_rank" | "cume_dist" => of_class(&classes::GENERIC_NUMERIC),
        "current_user" | "session_user" | "user" => Type::string(None),
        "random" => Type::null(),
        "pow" => clauses.first().map_or_else(Type::null, Expression::kind),
        _ => Type::null(),
    }
}

/// `cast(expression, type)`.
pub fn cast(expression: Expression, kind: Type) -> Expression {
    Expression::Cast(Rc::new(Cast {
        clause: expression,
        kind,
        attempt: false,
    }))
}

/// `try_cast(expression, type)`.
pub fn try_cast(expression: Expression, kind: Type) -> Expression {
    Expression::Cast(Rc::new(Cast {
        clause: expression,
        kind,
        attempt: true,
    }))
}

/// `type_coerce(expression, type)`.
pub fn type_coerce(expression: Expression, kind: Type) -> Expression {
    Expression::TypeCoerce(Rc::new(Cast {
        clause: expression,
        kind,
        attempt: false,
    }))
}

/// `case(*whens, value=..., else_=...)`.
pub fn case(
    whens: Vec<(Expression, Expression)>,
    value: Option<Expression>,
    otherwise: Option<Expression>,
) -> Expression {
    let kind = whens
        .iter()
        .rev()
        .map(|(_, then)| then.kind())
        .find(|kind| !kind.is_null())
        .or_else(|| otherwise.as_ref().map(Expression::kind))
        .unwrap_or_else(Type::null);
    Expression::Case(Rc::new(Case {
        value,
        whens: whens
            .into_iter()
            .map(|(when, then)| (when.self_group(None), then))
            .collect(),
        otherwise,
        kind,
    }))
}

/// `extract(field, expression)`.
pub fn extract(field: &str, expression: Expression) -> Expression {
    Expression::Extract(field.into(), Rc::new(expression))
}

/// `tuple_(*expressions)`.
pub fn tuple_(expressions: Vec<Expression>) -> Expression {
    Expression::Tuple(
        expressions
            .into_iter()
            .map(|expression| expression.self_group(Some(&Operator::Comma)))
            .collect(),
    )
}

/// `and_(*conditions)`.
pub fn and_(conditions: impl IntoIterator<Item = Expression>) -> Expression {
    conjunction(Operator::And, conditions)
}

/// `or_(*conditions)`.
pub fn or_(conditions: impl IntoIterator<Item = Expression>) -> Expression {
    conjunction(Operator::Or, conditions)
}

/// `BooleanClauseList._construct`: `true()` and `false()` are folded, lists of the same operator
/// flattened.
fn conjunction(operator: Operator, conditions: impl IntoIterator<Item = Expression>) -> Expression {
    let (skip, stop) = match operator {
        Operator::And => (Expression::True, Expression::False),
        _ => (Expression::False, Expression::True),
    };
    let is =
        |a: &Expression, b: &Expression| std::mem::discriminant(a) == std::mem::discriminant(b);
    let mut kept: Vec<Expression> = Vec::new();
    let mut skipped = false;
    for condition in conditions {
        if is(&condition, &skip) {
            skipped = true;
        } else if is(&condition, &stop) {
            kept = vec![stop];
            break;
        } else {
            kept.push(condition);
        }
    }
    if kept.is_empty() && skipped {
        kept.push(skip);
    }
    if kept.len() == 1
        && let Some(only) = kept.pop()
    {
        return only.self_group(Some(&Operator::AsBool));
    }
    let mut clauses = Vec::new();
    for condition in kept {
        match condition.flattened(&operator) {
            Some(inner) => clauses.extend(inner),
            None => clauses.push(condition.self_group(Some(&operator))),
        }
    }
    Expression::List(Rc::new(ExpressionList {
        clauses,
        operator: Some(operator),
        kind: Type::boolean(),
        group: true,
    }))
}

/// `not_(condition)`.
pub fn not_(condition: &Expression) -> Expression {
    condition.negate()
}

/// `column.in_([...])` with plain values.
///
/// # Errors
/// None for plain values; kept for the shape that the other operators have.
pub fn in_(expression: &Expression, values: Vec<Literal>) -> Result<Expression> {
    expression.in_values(values, false)
}

/// `expression.desc()`.
pub fn desc(expression: Expression) -> Expression {
    modified(expression, Operator::Desc)
}

/// `expression.asc()`.
pub fn asc(expression: Expression) -> Expression {
    modified(expression, Operator::Asc)
}

/// `expression.nulls_first()`.
pub fn nulls_first(expression: Expression) -> Expression {
    modified(expression, Operator::NullsFirst)
}

/// `expression.nulls_last()`.
pub fn nulls_last(expression: Expression) -> Expression {
    modified(expression, Operator::NullsLast)
}

fn modified(expression: Expression, modifier: Operator) -> Expression {
    Expression::Unary(Rc::new(Unary {
        element: expression.self_group(Some(&modifier)),
        operator: None,
        modifier: Some(modifier),
        kind: Type::null(),
    }))
}

pub(crate) fn unary(expression: &Expression, operator: Operator, kind: Type) -> Expression {
    Expression::Unary(Rc::new(Unary {
        element: expression.self_group(Some(&operator)),
        operator: Some(operator),
        modifier: None,
        kind,
    }))
}

/// `distinct(expression)`.
pub fn distinct(expression: &Expression) -> Expression {
    unary(expression, Operator::Distinct, expression.kind())
}

/// `expression.collate(name)`.
pub fn collate(expression: &Expression, collation: impl Into<Name>) -> Expression {
    let collation = collation.into();
    let mut kind = expression.kind();
    if kind.has_affinity(&classes::GENERIC_STRING) && kind.custom_class().is_none() {
        kind = kind.with_collation(&collation);
    }
    Expression::Binary(Rc::new(Binary {
        left: expression.self_group(Some(&Operator::Collate)),
        right: Expression::Collation(collation),
        operator: Operator::Collate,
        negate: None,
        kind,
        modifiers: Modifiers::default(),
    }))
}

/// `function.over(partition_by=..., order_by=..., rows=...)`.
pub fn over(
    element: Expression,
    partition_by: Vec<Expression>,
    order_by: Vec<Expression>,
    frame: Option<(&'static str, Option<i64>, Option<i64>)>,
    exclude: Option<Rc<str>>,
) -> Expression {
    Expression::Over(Rc::new(Over {
        element,
        partition_by,
        order_by,
        frame,
        exclude,
    }))
}

/// `expression.label(name)`.
pub fn label(expression: &Expression, name: Option<&str>) -> Expression {
    let mut element = expression.clone();
    while let Expression::Label(inner) = &element {
        element = inner.element.clone();
    }
    let kind = expression.kind();
    let name = match name {
        Some(name) => LabelName::Plain(Name::new(name)),
        None => LabelName::Anonymous(AnonymousName {
            key: next_key(),
            derived: element.name_text().unwrap_or_else(|| "anon".into()),
        }),
    };
    Expression::Label(Rc::new(Label {
        name,
        element,
        kind,
    }))
}

/// A label with an existing name object, for relabelling.
pub fn label_named(expression: &Expression, name: LabelName) -> Expression {
    Expression::Label(Rc::new(Label {
        name,
        element: expression.clone(),
        kind: expression.kind(),
    }))
}

pub(crate) fn as_boolean(element: &Expression, operator: Operator) -> Expression {
    Expression::AsBoolean(Rc::new(AsBoolean {
        element: element.clone(),
        operator,
    }))
}

impl Text {
    /// `text.bindparams(name=value)`: sets the value of a parameter in the text.
    ///
    /// # Errors
    /// `sqlalchemy.exc.ArgumentError` for a name that the text has not.
    pub fn bind_value(&self, name: &str, value: Literal) -> Result<Text> {
        let kind = literal_type(&value);
        self.bind(named_parameter(name, Some(value), kind, false))
    }

    /// `text.bindparams(bindparam(...))`.
    ///
    /// # Errors
    /// `sqlalchemy.exc.ArgumentError` for a name that the text has not.
    pub fn bind(&self, parameter: BindParameter) -> Result<Text> {
        let mut text = self.clone();
        let name = parameter.original_key.clone();
        match text.parameters.get_mut(&*name) {
            Some(slot) => *slot = Rc::new(parameter),
            None => {
                return Err(super::argument_error(format!(
                    "This text() construct doesn't define a bound parameter named {}",
                    ground::formatting::repr::string_repr(&name)
                )));
            }
        }
        Ok(text)
    }
}

/// A plain value among a function's arguments: a parameter named after the function.
pub fn function_argument(function: &str, value: Literal) -> Expression {
    if value.is_null() {
        return Expression::Null;
    }
    let kind = literal_type(&value);
    Expression::BindParameter(Rc::new(anonymous_parameter(function, value, kind)))
}

/// A number that is written into the text when the statement is executed.
pub fn at_execution(number: &Expression) -> Expression {
    match number {
        Expression::BindParameter(parameter) => Expression::BindParameter(Rc::new(BindParameter {
            literal_execute: true,
            ..(**parameter).clone()
        })),
        other => other.clone(),
    }
}

/// `text.regexp_replace(pattern, replacement, flags=...)`.
pub fn regexp_replace(
    text: &Expression,
    parts: Vec<Expression>,
    flags: Option<Rc<str>>,
) -> Expression {
    Expression::Binary(Rc::new(Binary {
        left: text.self_group(Some(&Operator::RegexpReplace)),
        right: Expression::List(Rc::new(ExpressionList {
            clauses: parts,
            operator: Some(Operator::Comma),
            kind: Type::null(),
            group: false,
        })),
        operator: Operator::RegexpReplace,
        negate: None,
        kind: text.kind(),
        modifiers: Modifiers {
            flags,
            ..Modifiers::default()
        },
    }))
}

/// Values that are compared with a tuple of expressions, each of the type of its partner.
pub(super) fn tuple_of_parameters(items: &[Expression], values: &[Literal]) -> Expression {
    let mut items = items.iter();
    let parameter = |value: &Literal| {
        let kind = match items.next() {
            Some(item) if !item.kind().is_null() => item.kind(),
            _ => literal_type(value),
        };
        literal(value.clone(), Some(kind))
    };
    Expression::Tuple(values.iter().map(parameter).collect())
}
