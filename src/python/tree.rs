//! The compact syntax tree that the interpreter walks. Names are resolved to slots when the tree is
//! built.

use std::rc::Rc;

use super::value::Value;

/// A byte range in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// A code object: a module, function, lambda, class body or comprehension, each with its own frame.
pub struct Code {
    /// `__name__` of the function, `<module>`, `<lambda>`, `<listcomp>`.
    pub name: Rc<str>,
    /// `__qualname__`.
    pub qualified_name: Rc<str>,
    /// The file, as an index into `Sources`.
    pub file: u32,
    /// Its range in the file.
    pub extent: Extent,
    /// The parameters.
    pub parameters: ParameterList,
    /// The statements.
    pub body: Block,
    /// Names of the variables by slot, parameters first.
    pub slots: Vec<Rc<str>>,
    /// Whether it contains `yield`.
    pub generator: bool,
    /// Whether it was defined by `async def`.
    pub asynchronous: bool,
    /// The docstring.
    pub documentation: Option<Rc<str>>,
    /// Whether `from __future__ import annotations` is in force.
    pub future_annotations: bool,
}

/// The parameters of a function. Slots are assigned in this order: positional, keyword-only,
/// `*rest`, `**extra`.
#[derive(Default)]
pub struct ParameterList {
    /// The number of positional-only parameters.
    pub positional_only: usize,
    /// Positional parameters.
    pub positional: Vec<Parameter>,
    /// Keyword-only parameters.
    pub keyword_only: Vec<Parameter>,
    /// `*args`.
    pub rest: Option<Parameter>,
    /// `**kwargs`.
    pub extra: Option<Parameter>,
}

/// One parameter.
pub struct Parameter {
    /// Its name.
    pub name: Rc<str>,
    /// Its annotation.
    pub annotation: Option<Expression>,
    /// Its default, evaluated when the function is defined.
    pub default: Option<Expression>,
}

/// How a name is resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameScope {
    /// A local variable, by slot.
    Local(u32),
    /// A variable of an enclosing function: the number of scopes outwards, and the slot there.
    Free(u32, u32),
    /// The module's namespace, then the built-ins.
    Global,
    /// The namespace of the class body, then the module's.
    Class,
    /// The namespace of the class body, then a variable of an enclosing function.
    ClassOrFree(u32, u32),
}

/// An expression.
pub struct Expression {
    /// Where it stands.
    pub extent: Extent,
    /// What it is.
    pub kind: ExpressionKind,
}

/// The kinds of expressions.
pub enum ExpressionKind {
    /// A literal.
    Constant(Value),
    /// A name.
    Name(Rc<str>, NameScope),
    /// An f-string.
    Format(Vec<FormatPiece>),
    /// `[a, b]`.
    List(Vec<Expression>),
    /// `a, b`.
    Tuple(Vec<Expression>),
    /// `{a, b}`.
    Set(Vec<Expression>),
    /// `{a: b, **c}`.
    Dict(Vec<(Option<Expression>, Expression)>),
    /// `a.b`.
    Attribute(Box<Expression>, Rc<str>),
    /// `a[b]`.
    Subscript(Box<Expression>, Box<Expression>),
    /// `a:b:c` within brackets.
    Slice(Box<[Option<Expression>; 3]>),
    /// `a(b)`.
    Call(Box<Call>),
    /// `a + b`.
    Binary(Box<Expression>, BinaryOperator, Box<Expression>),
    /// `-a`.
    Unary(UnaryOperator, Box<Expression>),
    /// `a and b and c`.
    And(Vec<Expression>),
    /// `a or b or c`.
    Or(Vec<Expression>),
    /// `a < b < c`.
    Compare(Box<Expression>, Vec<(CompareOperator, Expression)>),
    /// `a if test else b`: test, a, b.
    Conditional(Box<(Expression, Expression, Expression)>),
    /// `lambda a: b`.
    Lambda(Rc<Code>),
    /// A comprehension or generator expression.
    Comprehension(Box<Comprehension>),
    /// `*a`.
    Starred(Box<Expression>),
    /// `a := b`.
    Named(Rc<str>, NameScope, Box<Expression>),
    /// `await a`.
    Await(Box<Expression>),
    /// `yield a`.
    Yield(Option<Box<Expression>>),
    /// `yield from a`.
    YieldFrom(Box<Expression>),
}

/// A call.
pub struct Call {
    /// The callee.
    pub function: Expression,
    /// Positional arguments, some starred.
    pub positional: Vec<Expression>,
    /// Keyword arguments; without a name, `**a`.
    pub keyword: Vec<(Option<Rc<str>>, Expression)>,
    /// Whether any argument is starred or doubly starred.
    pub unpacks: bool,
}

/// A piece of an f-string.
pub enum FormatPiece {
    /// Literal text.
    Text(Rc<str>),
    /// `{value!conversion:format}`; the last is the text of `{value=}`.
    Value(Expression, Option<char>, Vec<FormatPiece>, Option<Rc<str>>),
}

/// The kind of a comprehension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComprehensionKind {
    /// `[...]`.
    List,
    /// `{...}`.
    Set,
    /// `{k: v ...}`.
    Dict,
    /// `(...)`.
    Generator,
}

/// A comprehension.
pub struct Comprehension {
    /// What it makes.
    pub kind: ComprehensionKind,
    /// The frame in which everything but the first iterable is evaluated. A generator expression
    /// has its loops as statements in the body; slot 0 holds the first iterator.
    pub code: Rc<Code>,
    /// The first iterable, evaluated in the enclosing scope.
    pub first: Expression,
    /// The loops; the first one's iterable is already evaluated.
    pub loops: Vec<ComprehensionLoop>,
    /// The element, or the key.
    pub element: Option<Expression>,
    /// The value of a `dict` comprehension.
    pub value: Option<Expression>,
}

/// One `for ... in ... if ...`.
pub struct ComprehensionLoop {
    /// What is assigned.
    pub target: Expression,
    /// What is iterated; `None` for the first loop.
    pub iterable: Option<Expression>,
    /// The conditions.
    pub conditions: Vec<Expression>,
}

/// Binary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is Python's operator of its name")]
pub enum BinaryOperator {
    Add,
    Subtract,
    Multiply,
    MatrixMultiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
    LeftShift,
    RightShift,
    And,
    Or,
    Xor,
}

impl BinaryOperator {
    /// The operator's symbol.
    pub fn sign(self) -> &'static str {
        use BinaryOperator::*;
        match self {
            Add => "+",
            Subtract => "-",
            Multiply => "*",
            MatrixMultiply => "@",
            Divide => "/",
            FloorDivide => "//",
            Modulo => "%",
            Power => "**",
            LeftShift => "<<",
            RightShift => ">>",
            And => "&",
            Or => "|",
            Xor => "^",
        }
    }

    /// The stem of its dunder methods: `add`.
    pub fn name(self) -> &'static str {
        use BinaryOperator::*;
        match self {
            Add => "add",
            Subtract => "sub",
            Multiply => "mul",
            MatrixMultiply => "matmul",
            Divide => "truediv",
            FloorDivide => "floordiv",
            Modulo => "mod",
            Power => "pow",
            LeftShift => "lshift",
            RightShift => "rshift",
            And => "and",
            Or => "or",
            Xor => "xor",
        }
    }

    /// The dunder methods, such as `__add__`, `__radd__`, `__iadd__`.
    pub fn methods(self) -> [&'static str; 3] {
        use BinaryOperator::*;
        match self {
            Add => ["__add__", "__radd__", "__iadd__"],
            Subtract => ["__sub__", "__rsub__", "__isub__"],
            Multiply => ["__mul__", "__rmul__", "__imul__"],
            MatrixMultiply => ["__matmul__", "__rmatmul__", "__imatmul__"],
            Divide => ["__truediv__", "__rtruediv__", "__itruediv__"],
            FloorDivide => ["__floordiv__", "__rfloordiv__", "__ifloordiv__"],
            Modulo => ["__mod__", "__rmod__", "__imod__"],
            Power => ["__pow__", "__rpow__", "__ipow__"],
            LeftShift => ["__lshift__", "__rlshift__", "__ilshift__"],
            RightShift => ["__rshift__", "__rrshift__", "__irshift__"],
            And => ["__and__", "__rand__", "__iand__"],
            Or => ["__or__", "__ror__", "__ior__"],
            Xor => ["__xor__", "__rxor__", "__ixor__"],
        }
    }
}

/// Unary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is Python's operator of its name")]
pub enum UnaryOperator {
    Not,
    Negate,
    Plus,
    Invert,
}

/// Comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is Python's operator of its name")]
pub enum CompareOperator {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Is,
    IsNot,
    In,
    NotIn,
}

impl CompareOperator {
    /// The operator's symbol.
    pub fn sign(self) -> &'static str {
        use CompareOperator::*;
        match self {
            Equal => "==",
            NotEqual => "!=",
            Less => "<",
            LessEqual => "<=",
            Greater => ">",
            GreaterEqual => ">=",
            Is => "is",
            IsNot => "is not",
            In => "in",
            NotIn => "not in",
        }
    }

    /// The dunder method, for the six rich comparisons.
    pub fn method(self) -> &'static str {
        use CompareOperator::*;
        match self {
            Equal => "__eq__",
            NotEqual => "__ne__",
            Less => "__lt__",
            LessEqual => "__le__",
            Greater => "__gt__",
            GreaterEqual => "__ge__",
            Is | IsNot | In | NotIn => "__contains__",
        }
    }

    /// The operator with its operands swapped.
    pub fn reflected(self) -> CompareOperator {
        use CompareOperator::*;
        match self {
            Less => Greater,
            LessEqual => GreaterEqual,
            Greater => Less,
            GreaterEqual => LessEqual,
            other => other,
        }
    }
}

/// A statement.
pub struct Statement {
    /// Where it stands.
    pub extent: Extent,
    /// Whether it contains a `yield` of its own function.
    pub yields: bool,
    /// What it is.
    pub kind: StatementKind,
}

/// A block of statements.
pub type Block = Rc<[Statement]>;

/// The kinds of statements.
pub enum StatementKind {
    /// An expression statement.
    Expression(Expression),
    /// `a = b = value`.
    Assign(Vec<Expression>, Expression),
    /// `a += value`.
    Augmented(Expression, BinaryOperator, Expression),
    /// `a: annotation = value`; the text of the annotation, and whether the target is a bare name.
    Annotated(Box<AnnotatedAssignment>),
    /// `return value`.
    Return(Option<Expression>),
    /// `del a, b`.
    Delete(Vec<Expression>),
    /// `if` and `elif` branches, then `else`.
    If(Vec<(Expression, Block)>, Block),
    /// `while test: ... else: ...`.
    While(Expression, Block, Block),
    /// `for target in iterable: ... else: ...`.
    For(Box<For>),
    /// `with a as b: ...`, one item; further items nest.
    With(Box<With>),
    /// `try`.
    Try(Box<Try>),
    /// `raise a from b`.
    Raise(Option<Expression>, Option<Expression>),
    /// `assert a, b`.
    Assert(Expression, Option<Expression>),
    /// `import a.b as c`, each with the name it binds.
    Import(Vec<ImportName>),
    /// `from a import b as c`.
    ImportFrom(Box<ImportFrom>),
    /// `pass`, `global`, `nonlocal`.
    Pass,
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// `def`.
    Function(Box<FunctionDefinition>),
    /// `class`.
    Class(Box<ClassDefinition>),
    /// `match`.
    Match(Box<Match>),
}

/// `a: annotation = value`.
pub struct AnnotatedAssignment {
    /// What is annotated.
    pub target: Expression,
    /// The annotation.
    pub annotation: Expression,
    /// Its text.
    pub source: Rc<str>,
    /// The value.
    pub value: Option<Expression>,
    /// Whether the target is a bare name.
    pub simple: bool,
}

/// `for`.
pub struct For {
    /// What is assigned.
    pub target: Expression,
    /// What is iterated.
    pub iterable: Expression,
    /// The body.
    pub body: Block,
    /// The `else` block, run when the loop was not left by `break`.
    pub otherwise: Block,
    /// `async for`.
    pub asynchronous: bool,
}

/// `with`.
pub struct With {
    /// The context manager.
    pub manager: Expression,
    /// What its value is assigned to.
    pub target: Option<Expression>,
    /// The body.
    pub body: Block,
    /// `async with`.
    pub asynchronous: bool,
}

/// `try`.
pub struct Try {
    /// The body.
    pub body: Block,
    /// The handlers.
    pub handlers: Vec<Handler>,
    /// The `else` block, run when nothing was raised.
    pub otherwise: Block,
    /// The `finally` block.
    pub finally: Block,
}

/// `except kind as name`.
pub struct Handler {
    /// Where it stands.
    pub extent: Extent,
    /// The class or tuple of classes, or none for a bare `except`.
    pub kind: Option<Expression>,
    /// The name that the exception is bound to.
    pub name: Option<(Rc<str>, NameScope)>,
    /// The body.
    pub body: Block,
}

/// One name of an `import`.
pub struct ImportName {
    /// The dotted name.
    pub name: Rc<str>,
    /// What it binds: the name after `as`, or the first part.
    pub bound: (Rc<str>, NameScope),
    /// Whether the last part is bound (`as`), not the first.
    pub renamed: bool,
    /// Where it stands.
    pub extent: Extent,
    /// Whether it is inside a `try` that handles ImportError.
    pub guarded: bool,
}

/// `from module import names`.
pub struct ImportFrom {
    /// The module, empty for `from . import a`.
    pub module: Rc<str>,
    /// The number of leading dots.
    pub level: u32,
    /// Names with what they bind; empty for `*`.
    pub names: Vec<(Rc<str>, Rc<str>, NameScope, Extent)>,
    /// Whether it is inside a `try` that handles ImportError.
    pub guarded: bool,
}

/// `def`.
pub struct FunctionDefinition {
    /// The name it is bound to.
    pub bound: (Rc<str>, NameScope),
    /// Decorators, the outermost first.
    pub decorators: Vec<Expression>,
    /// Parameters and body.
    pub code: Rc<Code>,
    /// The annotation of the result, with its text.
    pub returns: Option<Expression>,
}

/// `class`.
pub struct ClassDefinition {
    /// The name it is bound to.
    pub bound: (Rc<str>, NameScope),
    /// Decorators, the outermost first.
    pub decorators: Vec<Expression>,
    /// Bases.
    pub bases: Vec<Expression>,
    /// Class keywords.
    pub keywords: Vec<(Option<Rc<str>>, Expression)>,
    /// The body.
    pub code: Rc<Code>,
}

/// `match`.
pub struct Match {
    /// What is matched.
    pub subject: Expression,
    /// The cases: pattern, guard, body.
    pub cases: Vec<(Pattern, Option<Expression>, Block)>,
}

/// A pattern of a `case`.
pub enum Pattern {
    /// A value compared by `==`.
    Value(Expression),
    /// `None`, `True`, `False`.
    Singleton(Value),
    /// `[a, b, *rest]`.
    Sequence(Vec<Pattern>),
    /// `*name` within a sequence.
    Star(Option<(Rc<str>, NameScope)>),
    /// `{key: pattern, **rest}`.
    Mapping(Vec<(Expression, Pattern)>, Option<(Rc<str>, NameScope)>),
    /// `Class(patterns, name=pattern)`.
    Class(Box<Expression>, Vec<Pattern>, Vec<(Rc<str>, Pattern)>),
    /// `pattern as name`; without both, `_`.
    As(Option<Box<Pattern>>, Option<(Rc<str>, NameScope)>),
    /// `a | b`.
    Or(Vec<Pattern>),
}
