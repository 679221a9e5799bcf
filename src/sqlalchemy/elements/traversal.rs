//! Traversal of expressions: collecting columns, and copying to another table.

use std::rc::Rc;

use super::{
    AsBoolean, Binary, Case, Cast, Expression, ExpressionList, Function, Label, Over, Unary,
};
use crate::schema::{Column, Table};

impl Expression {
    /// Its direct children.
    pub fn children(&self) -> Vec<Expression> {
        match self {
            Expression::Unary(unary) => vec![unary.element.clone()],
            Expression::AsBoolean(boolean) => vec![boolean.element.clone()],
            Expression::Binary(binary) => vec![binary.left.clone(), binary.right.clone()],
            Expression::List(list) => list.clauses.clone(),
            Expression::Tuple(items) => items.to_vec(),
            Expression::Grouping(inner) | Expression::Extract(_, inner) => vec![(**inner).clone()],
            Expression::Label(label) => vec![label.element.clone()],
            Expression::Function(function) => function.clauses.clone(),
            Expression::Cast(cast) | Expression::TypeCoerce(cast) => vec![cast.clause.clone()],
            Expression::Case(case) => {
                let mut children = Vec::new();
                children.extend(case.value.clone());
                for (when, then) in &case.whens {
                    children.push(when.clone());
                    children.push(then.clone());
                }
                children.extend(case.otherwise.clone());
                children
            }
            Expression::Over(over) => {
                let mut children = vec![over.element.clone()];
                children.extend(over.partition_by.iter().cloned());
                children.extend(over.order_by.iter().cloned());
                children
            }
            Expression::FunctionFilter(function, condition) => {
                vec![(**function).clone(), (**condition).clone()]
            }
            Expression::WithinGroup(function, order)
            | Expression::AggregateOrderBy(function, order) => {
                let mut children = vec![(**function).clone()];
                children.extend(order.iter().cloned());
                children
            }
            _ => Vec::new(),
        }
    }

    /// The schema columns in it, in order, including repetitions.
    pub fn columns(&self) -> Vec<Column> {
        let mut found = Vec::new();
        let mut stack = vec![self.clone()];
        while let Some(expression) = stack.pop() {
            if let Expression::Column(column) = &expression {
                found.push(column.clone());
                continue;
            }
            let mut children = expression.children();
            children.reverse();
            stack.extend(children);
        }
        found
    }

    /// The key and the label of the first `column(name)` in it.
    pub fn first_column_clause(&self) -> Option<(Rc<str>, Rc<str>)> {
        if let Expression::ColumnClause(column) = self {
            let name: Rc<str> = column.name.as_str()?.into();
            // What is written literally has no label.
            let label = if column.is_literal {
                "None".into()
            } else {
                name.clone()
            };
            return Some((name, label));
        }
        self.children()
            .iter()
            .find_map(Expression::first_column_clause)
    }

    /// A copy with some nodes replaced; untouched nodes keep their identity.
    pub fn replace(&self, replacement: &dyn Fn(&Expression) -> Option<Expression>) -> Expression {
        if let Some(replaced) = replacement(self) {
            return replaced;
        }
        let again = |expression: &Expression| expression.replace(replacement);
        let all = |items: &[Expression]| -> Vec<Expression> { items.iter().map(again).collect() };
        match self {
            Expression::Unary(unary) => Expression::Unary(Rc::new(Unary {
                element: again(&unary.element),
                ..(**unary).clone()
            })),
            Expression::AsBoolean(boolean) => Expression::AsBoolean(Rc::new(AsBoolean {
                element: again(&boolean.element),
                operator: boolean.operator.clone(),
            })),
            Expression::Binary(binary) => Expression::Binary(Rc::new(Binary {
                left: again(&binary.left),
                right: again(&binary.right),
                ..(**binary).clone()
            })),
            Expression::List(list) => Expression::List(Rc::new(ExpressionList {
                clauses: all(&list.clauses),
                ..(**list).clone()
            })),
            Expression::Tuple(items) => Expression::Tuple(all(items).into()),
            Expression::Grouping(inner) => Expression::Grouping(Rc::new(again(inner))),
            Expression::Extract(field, inner) => {
                Expression::Extract(field.clone(), Rc::new(again(inner)))
            }
            Expression::Label(label) => Expression::Label(Rc::new(Label {
                element: again(&label.element),
                ..(**label).clone()
            })),
            Expression::Function(function) => Expression::Function(Rc::new(Function {
                clauses: all(&function.clauses),
                ..(**function).clone()
            })),
            Expression::Cast(cast) => Expression::Cast(Rc::new(Cast {
                clause: again(&cast.clause),
                ..(**cast).clone()
            })),
            Expression::TypeCoerce(cast) => Expression::TypeCoerce(Rc::new(Cast {
                clause: again(&cast.clause),
                ..(**cast).clone()
            })),
            Expression::Case(case) => Expression::Case(Rc::new(Case {
                value: case.value.as_ref().map(again),
                whens: case
                    .whens
                    .iter()
                    .map(|(when, then)| (again(when), again(then)))
                    .collect(),
                otherwise: case.otherwise.as_ref().map(again),
                kind: case.kind.clone(),
            })),
            Expression::Over(over) => Expression::Over(Rc::new(Over {
                element: again(&over.element),
                partition_by: all(&over.partition_by),
                order_by: all(&over.order_by),
                frame: over.frame,
                exclude: over.exclude.clone(),
            })),
            Expression::FunctionFilter(function, condition) => {
                Expression::FunctionFilter(Rc::new(again(function)), Rc::new(again(condition)))
            }
            Expression::WithinGroup(function, order) => {
                Expression::WithinGroup(Rc::new(again(function)), all(order).into())
            }
            Expression::AggregateOrderBy(target, order) => {
                Expression::AggregateOrderBy(Rc::new(again(target)), all(order).into())
            }
            other => other.clone(),
        }
    }
}

/// Replaces columns by those with the same keys in another table (`_copy_expression`).
pub fn copy_expression(expression: &Expression, source: &Table, target: &Table) -> Expression {
    expression.replace(&|part| match part {
        Expression::Column(column) if column.table().is_some_and(|table| table.ptr_eq(source)) => {
            target.column(&column.key()).map(Expression::Column)
        }
        _ => None,
    })
}
