//! Expressions, built from a case.

use std::rc::Rc;

use limbeck::ground::diagnostic::{Error, Result};
use limbeck::sqlalchemy::elements::{
    self, CustomOperator, Expression, Operand, Operator, column, extract, func, label, literal,
    literal_column, not_, over, text, tuple_,
};
use limbeck::sqlalchemy::sql::exists;
use serde_json::Value;

use super::Scope;
use crate::schema::{literal_of, make_type};
use crate::statements::make_select;

pub fn operand(node: &Value, scope: &Scope) -> Result<Operand> {
    if node[0] == "v" {
        return Ok(Operand::Literal(literal_of(&node[1])));
    }
    Ok(Operand::Expression(make(node, scope)?))
}

pub fn all(nodes: &Value, scope: &Scope) -> Result<Vec<Expression>> {
    nodes
        .as_array()
        .map(|nodes| nodes.iter().map(|node| make(node, scope)).collect())
        .unwrap_or_else(|| Ok(Vec::new()))
}

pub fn make(node: &Value, scope: &Scope) -> Result<Expression> {
    let string = |place: usize| node[place].as_str().unwrap();
    let sub = |place: usize| make(&node[place], scope);
    Ok(match node[0].as_str().unwrap() {
        "v" => literal(literal_of(&node[1]), None),
        "this" => scope["this"].column(string(1)).unwrap(),
        "col" => scope[string(1)]
            .column(string(2))
            .ok_or_else(|| Error::new("KeyError", string(2)))?,
        "lit" => literal(literal_of(&node[1]), None),
        "text" => text(string(1)),
        "lcol" => literal_column(string(1), None),
        "column" => column(string(1), None),
        "null" => Expression::Null,
        "true" => Expression::True,
        "false" => Expression::False,
        "func" => {
            let name = string(1);
            let mut clauses = Vec::new();
            for argument in node[2].as_array().unwrap() {
                clauses.push(if argument[0] == "v" {
                    // A function's plain arguments are named after it.
                    elements::function_argument(name, literal_of(&argument[1]))
                } else {
                    make(argument, scope)?
                });
            }
            func(Vec::new(), name, clauses)
        }
        "op" => {
            use Operator::*;
            let operator = match string(1) {
                "add" => Add,
                "sub" => Sub,
                "mul" => Mul,
                "div" => TrueDiv,
                "floordiv" => FloorDiv,
                "mod" => Mod,
                "eq" => Eq,
                "ne" => Ne,
                "lt" => Lt,
                "le" => Le,
                "gt" => Gt,
                "ge" => Ge,
                "is" => Is,
                "is_not" => IsNot,
                "like" => Like,
                "not_like" => NotLike,
                "ilike" => ILike,
                "startswith" => StartsWith,
                "endswith" => EndsWith,
                "contains" => Contains,
                "concat" => Concat,
                "distinct_from" => IsDistinctFrom,
                "bitand" => BitwiseAnd,
                other => panic!("operator {other}"),
            };
            sub(2)?.operate(operator, operand(&node[3], scope)?)?
        }
        "and" | "or" => {
            let parts = node.as_array().unwrap()[1..]
                .iter()
                .map(|part| make(part, scope))
                .collect::<Result<Vec<_>>>()?;
            if node[0] == "and" {
                elements::and_(parts)
            } else {
                elements::or_(parts)
            }
        }
        "not" => not_(&sub(1)?),
        "neg" => sub(1)?.negative(),
        "in" => sub(1)?.in_values(
            node[2].as_array().unwrap().iter().map(literal_of).collect(),
            node[3].as_bool().unwrap(),
        )?,
        "insel" => sub(1)?.in_select(make_select(&node[2], scope)?, false)?,
        "between" => {
            sub(1)?.between(operand(&node[2], scope)?, operand(&node[3], scope)?, false)?
        }
        "label" => label(&sub(1)?, Some(string(2))),
        "cast" => elements::cast(sub(1)?, make_type(&node[2])?),
        "coerce" => elements::type_coerce(sub(1)?, make_type(&node[2])?),
        "case" => {
            let mut whens = Vec::new();
            for pair in node[1].as_array().unwrap() {
                whens.push((make(&pair[0], scope)?, make(&pair[1], scope)?));
            }
            let otherwise = if node[2].is_null() {
                None
            } else {
                Some(sub(2)?)
            };
            elements::case(whens, None, otherwise)
        }
        "desc" => elements::desc(sub(1)?),
        "asc" => elements::asc(sub(1)?),
        "nulls_last" => elements::nulls_last(sub(1)?),
        "collate" => elements::collate(&sub(1)?, string(2)),
        "distinct" => elements::distinct(&sub(1)?),
        "extract" => extract(string(1), sub(2)?),
        "custom" => sub(2)?.operate(
            Operator::Custom(Rc::new(CustomOperator {
                text: string(1).to_owned(),
                precedence: 0,
                is_comparison: false,
                natural_self_precedent: false,
                eager_grouping: false,
            })),
            operand(&node[3], scope)?,
        )?,
        "exists" => exists(make_select(&node[1], scope)?),
        "scalar" => make_select(&node[1], scope)?.scalar_subquery(),
        "tuple_in" => tuple_(all(&node[1], scope)?).in_values(
            node[2].as_array().unwrap().iter().map(literal_of).collect(),
            false,
        )?,
        "over" => over(
            sub(1)?,
            all(&node[2], scope)?,
            all(&node[3], scope)?,
            None,
            None,
        ),
        "ref" => Expression::LabelReference(string(1).into()),
        other => panic!("node {other}"),
    })
}
