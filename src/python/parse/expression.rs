//! Expressions, comprehensions, f-strings.

use super::*;

impl Converter<'_> {
    pub(super) fn expressions(&mut self, expressions: &[Expr]) -> Vec<Expression> {
        expressions
            .iter()
            .map(|expression| self.expression(expression))
            .collect()
    }

    pub(super) fn boxed(&mut self, expression: &Expr) -> Box<Expression> {
        Box::new(self.expression(expression))
    }

    pub(super) fn expression(&mut self, expression: &Expr) -> Expression {
        Expression {
            extent: extent(expression.range()),
            kind: self.expression_kind(expression),
        }
    }

    pub(super) fn expression_kind(&mut self, expression: &Expr) -> ExpressionKind {
        match expression {
            Expr::Name(name) => {
                let (name, place) = self.bound(name.id.as_str());
                ExpressionKind::Name(name, place)
            }
            Expr::StringLiteral(literal) => {
                ExpressionKind::Constant(Value::str(literal.value.to_str()))
            }
            Expr::NumberLiteral(literal) => match &literal.value {
                ast::Number::Int(number) => ExpressionKind::Constant(integer(number)),
                ast::Number::Float(number) => ExpressionKind::Constant(Value::Float(*number)),
                ast::Number::Complex { .. } => {
                    self.unsupported(literal.range, "complex numbers are not supported");
                    ExpressionKind::Constant(Value::None)
                }
            },
            Expr::BooleanLiteral(literal) => ExpressionKind::Constant(Value::Bool(literal.value)),
            Expr::NoneLiteral(_) => ExpressionKind::Constant(Value::None),
            Expr::EllipsisLiteral(_) => ExpressionKind::Constant(Value::Ellipsis),
            Expr::BytesLiteral(literal) => {
                ExpressionKind::Constant(Value::bytes(literal.value.bytes().collect::<Vec<u8>>()))
            }
            Expr::Attribute(attribute) => ExpressionKind::Attribute(
                self.boxed(&attribute.value),
                self.name(attribute.attr.as_str()),
            ),
            Expr::Call(call) => {
                let function = self.expression(&call.func);
                let positional = self.expressions(&call.arguments.args);
                let keyword: Vec<_> = call
                    .arguments
                    .keywords
                    .iter()
                    .map(|keyword| {
                        let name = keyword.arg.as_ref().map(|name| self.intern(name.as_str()));
                        (name, self.expression(&keyword.value))
                    })
                    .collect();
                let unpacks = positional
                    .iter()
                    .any(|argument| matches!(argument.kind, ExpressionKind::Starred(_)))
                    || keyword.iter().any(|(name, _)| name.is_none());
                ExpressionKind::Call(Box::new(Call {
                    function,
                    positional,
                    keyword,
                    unpacks,
                }))
            }
            Expr::Subscript(subscript) => ExpressionKind::Subscript(
                self.boxed(&subscript.value),
                self.boxed(&subscript.slice),
            ),
            Expr::Slice(slice) => {
                let mut part = |part: &Option<Box<Expr>>| {
                    part.as_ref().map(|expression| self.expression(expression))
                };
                ExpressionKind::Slice(Box::new([
                    part(&slice.lower),
                    part(&slice.upper),
                    part(&slice.step),
                ]))
            }
            Expr::List(list) => ExpressionKind::List(self.expressions(&list.elts)),
            Expr::Tuple(tuple) => ExpressionKind::Tuple(self.expressions(&tuple.elts)),
            Expr::Set(set) => ExpressionKind::Set(self.expressions(&set.elts)),
            Expr::Dict(dict) => ExpressionKind::Dict(
                dict.items
                    .iter()
                    .map(|item| {
                        let key = item.key.as_ref().map(|key| self.expression(key));
                        (key, self.expression(&item.value))
                    })
                    .collect(),
            ),
            Expr::BinOp(binary) => self.binary(binary),
            Expr::UnaryOp(unary) => {
                let operand = self.expression(&unary.operand);
                let operator = match unary.op {
                    ast::UnaryOp::Not => UnaryOperator::Not,
                    ast::UnaryOp::USub => UnaryOperator::Negate,
                    ast::UnaryOp::UAdd => UnaryOperator::Plus,
                    ast::UnaryOp::Invert => UnaryOperator::Invert,
                };
                match (operator, &operand.kind) {
                    (UnaryOperator::Negate, ExpressionKind::Constant(Value::Int(number)))
                        if *number != i64::MIN =>
                    {
                        ExpressionKind::Constant(Value::Int(-number))
                    }
                    (UnaryOperator::Negate, ExpressionKind::Constant(Value::Float(number))) => {
                        ExpressionKind::Constant(Value::Float(-number))
                    }
                    _ => ExpressionKind::Unary(operator, Box::new(operand)),
                }
            }
            Expr::BoolOp(operation) => {
                let values = self.expressions(&operation.values);
                match operation.op {
                    ast::BoolOp::And => ExpressionKind::And(values),
                    ast::BoolOp::Or => ExpressionKind::Or(values),
                }
            }
            Expr::Compare(compare) => {
                let left = self.boxed(&compare.left);
                let others = compare
                    .ops
                    .iter()
                    .zip(&compare.comparators)
                    .map(|(operator, value)| (compare_operator(*operator), self.expression(value)))
                    .collect();
                ExpressionKind::Compare(left, others)
            }
            Expr::If(conditional) => ExpressionKind::Conditional(Box::new((
                self.expression(&conditional.test),
                self.expression(&conditional.body),
                self.expression(&conditional.orelse),
            ))),
            Expr::Lambda(lambda) => self.lambda(lambda),
            Expr::Named(named) => {
                let value = self.boxed(&named.value);
                match &*named.target {
                    Expr::Name(name) => {
                        let name = self.name(name.id.as_str());
                        let place = self.walrus_scope(&name);
                        ExpressionKind::Named(name, place, value)
                    }
                    other => {
                        self.fail(other.range(), "cannot use assignment expressions with this");
                        ExpressionKind::Constant(Value::None)
                    }
                }
            }
            Expr::Starred(starred) => ExpressionKind::Starred(self.boxed(&starred.value)),
            Expr::Await(expression) => {
                let inside = self
                    .scopes
                    .iter()
                    .rev()
                    .find(|scope| scope.kind != ScopeKind::Comprehension)
                    .is_some_and(|scope| scope.asynchronous);
                if !inside {
                    let message = if self
                        .scopes
                        .last()
                        .is_some_and(|scope| scope.kind == ScopeKind::Function)
                    {
                        "'await' outside async function"
                    } else {
                        "'await' outside function"
                    };
                    self.fail(expression.range, message);
                }
                ExpressionKind::Await(self.boxed(&expression.value))
            }
            Expr::Yield(expression) => {
                self.count_yield(expression.range);
                ExpressionKind::Yield(expression.value.as_ref().map(|value| self.boxed(value)))
            }
            Expr::YieldFrom(expression) => {
                self.count_yield(expression.range);
                ExpressionKind::YieldFrom(self.boxed(&expression.value))
            }
            Expr::FString(string) => self.format_string(string),
            Expr::ListComp(comprehension) => self.comprehension(
                comprehension.range,
                ComprehensionKind::List,
                &comprehension.elt,
                None,
                &comprehension.generators,
            ),
            Expr::SetComp(comprehension) => self.comprehension(
                comprehension.range,
                ComprehensionKind::Set,
                &comprehension.elt,
                None,
                &comprehension.generators,
            ),
            Expr::DictComp(comprehension) => match &comprehension.key {
                Some(key) => self.comprehension(
                    comprehension.range,
                    ComprehensionKind::Dict,
                    key,
                    Some(&comprehension.value),
                    &comprehension.generators,
                ),
                None => {
                    self.fail(
                        comprehension.range,
                        "dict unpacking cannot be used in dict comprehension",
                    );
                    ExpressionKind::Constant(Value::None)
                }
            },
            Expr::Generator(comprehension) => self.comprehension(
                comprehension.range,
                ComprehensionKind::Generator,
                &comprehension.elt,
                None,
                &comprehension.generators,
            ),
            Expr::TString(string) => {
                self.fail(string.range, "invalid syntax");
                ExpressionKind::Constant(Value::None)
            }
            Expr::IpyEscapeCommand(command) => {
                self.fail(command.range, "invalid syntax");
                ExpressionKind::Constant(Value::None)
            }
        }
    }

    pub(super) fn count_yield(&mut self, range: TextRange) {
        match self.scopes.last_mut() {
            Some(scope) if scope.kind == ScopeKind::Function => scope.yields += 1,
            _ => self.fail(range, "'yield' outside function"),
        }
    }

    /// Left-associative operator chains are walked in a loop, so that a long one does not exhaust
    /// the stack.
    pub(super) fn binary(&mut self, binary: &ast::ExprBinOp) -> ExpressionKind {
        let mut chain = vec![binary];
        let mut left = &*binary.left;
        while let Expr::BinOp(inner) = left {
            chain.push(inner);
            left = &inner.left;
        }
        let mut result = self.expression(left);
        let mut kind = None;
        for binary in chain.into_iter().rev() {
            if let Some(kind) = kind.take() {
                result = kind;
            }
            let right = self.boxed(&binary.right);
            kind = Some(Expression {
                extent: extent(binary.range),
                kind: ExpressionKind::Binary(
                    Box::new(std::mem::replace(
                        &mut result,
                        Expression {
                            extent: Extent::default(),
                            kind: ExpressionKind::Constant(Value::None),
                        },
                    )),
                    binary_operator(binary.op),
                    right,
                ),
            });
        }
        kind.map_or(ExpressionKind::Constant(Value::None), |last| last.kind)
    }

    pub(super) fn format_string(&mut self, string: &ast::ExprFString) -> ExpressionKind {
        let mut pieces = Vec::new();
        for part in &string.value {
            match part {
                ast::FStringPart::Literal(literal) => push_text(&mut pieces, literal.as_str()),
                ast::FStringPart::FString(string) => {
                    self.format_pieces(&string.elements, &mut pieces)
                }
            }
        }
        match &pieces[..] {
            [] => ExpressionKind::Constant(Value::str("")),
            [FormatPiece::Text(text)] => ExpressionKind::Constant(Value::Str(text.clone())),
            _ => ExpressionKind::Format(pieces),
        }
    }

    pub(super) fn format_pieces(
        &mut self,
        elements: &ast::InterpolatedStringElements,
        pieces: &mut Vec<FormatPiece>,
    ) {
        for element in elements {
            match element {
                ast::InterpolatedStringElement::Literal(literal) => {
                    push_text(pieces, &literal.value);
                }
                ast::InterpolatedStringElement::Interpolation(element) => {
                    let mut specification = Vec::new();
                    if let Some(format) = &element.format_spec {
                        self.format_pieces(&format.elements, &mut specification);
                    }
                    let debug = element
                        .debug_text
                        .as_ref()
                        .map(|debug| Rc::from(debug.as_str()));
                    let mut conversion = element.conversion.to_char();
                    if debug.is_some() && conversion.is_none() && element.format_spec.is_none() {
                        conversion = Some('r');
                    }
                    let value = self.expression(&element.expression);
                    pieces.push(FormatPiece::Value(value, conversion, specification, debug));
                }
            }
        }
    }

    pub(super) fn comprehension(
        &mut self,
        range: TextRange,
        kind: ComprehensionKind,
        element: &Expr,
        value: Option<&Expr>,
        generators: &[ast::Comprehension],
    ) -> ExpressionKind {
        let first = self.expression(&generators[0].iter);
        let mut scope = ScopeBuilder::new(ScopeKind::Comprehension);
        let name = match kind {
            ComprehensionKind::List => "<listcomp>",
            ComprehensionKind::Set => "<setcomp>",
            ComprehensionKind::Dict => "<dictcomp>",
            ComprehensionKind::Generator => "<genexpr>",
        };
        let qualified_name: Rc<str> = Rc::from(self.qualified(name));
        scope.prefix = format!("{qualified_name}.<locals>.");
        let iterator = self.intern(".0");
        if kind == ComprehensionKind::Generator {
            scope.bind(&iterator);
        }
        let mut bindings = Bindings {
            converter: self,
            scope,
            within_comprehension: 0,
        };
        for generator in generators {
            bindings.visit_expr(&generator.target);
        }
        let scope = bindings.scope;
        self.scopes.push(scope);
        let mut loops = Vec::new();
        for (index, generator) in generators.iter().enumerate() {
            let iterable = (index > 0).then(|| self.expression(&generator.iter));
            let target = self.expression(&generator.target);
            let conditions = self.expressions(&generator.ifs);
            loops.push(ComprehensionLoop {
                target,
                iterable,
                conditions,
            });
        }
        let mut element = Some(self.expression(element));
        let value = value.map(|value| self.expression(value));
        let scope = self.scopes.pop();
        let mut body = empty();
        if kind == ComprehensionKind::Generator {
            let whole = extent(range);
            let inner = element.take().map(|element| {
                let extent = element.extent;
                Expression {
                    extent,
                    kind: ExpressionKind::Yield(Some(Box::new(element))),
                }
            });
            let mut block: Block = inner
                .map(|inner| Statement {
                    extent: inner.extent,
                    yields: true,
                    kind: StatementKind::Expression(inner),
                })
                .into_iter()
                .collect();
            while let Some(last) = loops.pop() {
                for condition in last.conditions.into_iter().rev() {
                    block = Rc::from([Statement {
                        extent: condition.extent,
                        yields: true,
                        kind: StatementKind::If(vec![(condition, block)], empty()),
                    }]);
                }
                let iterable = last.iterable.unwrap_or(Expression {
                    extent: first.extent,
                    kind: ExpressionKind::Name(iterator.clone(), NameScope::Local(0)),
                });
                block = Rc::from([Statement {
                    extent: whole,
                    yields: true,
                    kind: StatementKind::For(Box::new(For {
                        target: last.target,
                        iterable,
                        body: block,
                        otherwise: empty(),
                        asynchronous: false,
                    })),
                }]);
            }
            body = block;
        }
        ExpressionKind::Comprehension(Box::new(Comprehension {
            kind,
            code: Rc::new(Code {
                name: Rc::from(name),
                qualified_name,
                file: self.file,
                extent: extent(range),
                parameters: ParameterList::default(),
                body,
                slots: scope.map_or_else(Vec::new, |scope| scope.slots),
                generator: kind == ComprehensionKind::Generator,
                asynchronous: false,
                documentation: None,
                future_annotations: self.future,
            }),
            first,
            loops,
            element,
            value,
        }))
    }
}

fn push_text(pieces: &mut Vec<FormatPiece>, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(FormatPiece::Text(last)) = pieces.last_mut() {
        *last = Rc::from(format!("{last}{text}"));
    } else {
        pieces.push(FormatPiece::Text(Rc::from(text)));
    }
}

fn integer(number: &ast::Int) -> Value {
    if let Some(small) = number.as_i64() {
        return Value::Int(small);
    }
    let text = number.to_string().replace('_', "");
    let (digits, radix) = match text.get(..2) {
        Some("0x" | "0X") => (&text[2..], 16),
        Some("0o" | "0O") => (&text[2..], 8),
        Some("0b" | "0B") => (&text[2..], 2),
        _ => (&text[..], 10),
    };
    num_bigint::BigInt::parse_bytes(digits.as_bytes(), radix).map_or(Value::Int(0), Value::int)
}

pub(super) fn binary_operator(operator: ast::Operator) -> BinaryOperator {
    match operator {
        ast::Operator::Add => BinaryOperator::Add,
        ast::Operator::Sub => BinaryOperator::Subtract,
        ast::Operator::Mult => BinaryOperator::Multiply,
        ast::Operator::MatMult => BinaryOperator::MatrixMultiply,
        ast::Operator::Div => BinaryOperator::Divide,
        ast::Operator::Mod => BinaryOperator::Modulo,
        ast::Operator::Pow => BinaryOperator::Power,
        ast::Operator::LShift => BinaryOperator::LeftShift,
        ast::Operator::RShift => BinaryOperator::RightShift,
        ast::Operator::BitOr => BinaryOperator::Or,
        ast::Operator::BitXor => BinaryOperator::Xor,
        ast::Operator::BitAnd => BinaryOperator::And,
        ast::Operator::FloorDiv => BinaryOperator::FloorDivide,
    }
}

fn compare_operator(operator: ast::CmpOp) -> CompareOperator {
    match operator {
        ast::CmpOp::Eq => CompareOperator::Equal,
        ast::CmpOp::NotEq => CompareOperator::NotEqual,
        ast::CmpOp::Lt => CompareOperator::Less,
        ast::CmpOp::LtE => CompareOperator::LessEqual,
        ast::CmpOp::Gt => CompareOperator::Greater,
        ast::CmpOp::GtE => CompareOperator::GreaterEqual,
        ast::CmpOp::Is => CompareOperator::Is,
        ast::CmpOp::IsNot => CompareOperator::IsNot,
        ast::CmpOp::In => CompareOperator::In,
        ast::CmpOp::NotIn => CompareOperator::NotIn,
    }
}
