//! SQL operators: their symbols, precedence and negation.

use std::rc::Rc;

/// A user-defined operator: `column.op("->>")`.
#[derive(Debug, PartialEq, Eq)]
pub struct CustomOperator {
    /// Its symbol.
    pub text: String,
    /// Its precedence; 0 by default.
    pub precedence: i32,
    /// Whether its result is boolean.
    pub is_comparison: bool,
    /// Whether nested uses of the same operator need no parentheses.
    pub natural_self_precedent: bool,
    /// Whether both operands are always parenthesized.
    pub eager_grouping: bool,
}

/// The operators of SQLAlchemy's expression language.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each variant is SQLAlchemy's operator of its name"
)]
pub enum Operator {
    And,
    Or,
    Inv,
    Exists,
    IsTrue,
    IsFalse,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Is,
    IsNot,
    IsDistinctFrom,
    IsNotDistinctFrom,
    In,
    NotIn,
    Like,
    NotLike,
    ILike,
    NotILike,
    Between,
    NotBetween,
    StartsWith,
    NotStartsWith,
    EndsWith,
    NotEndsWith,
    Contains,
    NotContains,
    IStartsWith,
    NotIStartsWith,
    IEndsWith,
    NotIEndsWith,
    IContains,
    NotIContains,
    Match,
    NotMatch,
    RegexpMatch,
    NotRegexpMatch,
    RegexpReplace,
    Add,
    Sub,
    Mul,
    TrueDiv,
    FloorDiv,
    Mod,
    Neg,
    Concat,
    BitwiseNot,
    BitwiseAnd,
    BitwiseOr,
    BitwiseXor,
    BitwiseLeftShift,
    BitwiseRightShift,
    GetItem,
    JsonGetItem,
    JsonPathGetItem,
    JsonAsText,
    JsonPathAsText,
    Collate,
    Distinct,
    Desc,
    Asc,
    NullsFirst,
    NullsLast,
    Comma,
    As,
    Any,
    All,
    Filter,
    AsBool,
    Custom(Rc<CustomOperator>),
}

impl Operator {
    /// The precedence; `None` for operators missing from SQLAlchemy's table.
    pub fn precedence(&self) -> Option<i32> {
        use Operator::*;
        Some(match self {
            Any | All | GetItem | JsonGetItem | JsonPathGetItem | JsonAsText | JsonPathAsText => 15,
            Mul | TrueDiv | FloorDiv | Mod | Neg | BitwiseNot => 8,
            Add | Sub | BitwiseXor | BitwiseOr | BitwiseAnd | BitwiseLeftShift
            | BitwiseRightShift => 7,
            Filter => 6,
            Concat | Match | NotMatch | RegexpMatch | NotRegexpMatch | RegexpReplace | ILike
            | NotILike | Like | NotLike | In | NotIn | Is | IsNot | Eq | Ne | IsDistinctFrom
            | IsNotDistinctFrom | Gt | Lt | Ge | Le | Between | NotBetween | Distinct | Inv
            | IsTrue | IsFalse => 5,
            Collate => 4,
            And | Desc | Asc => 3,
            Or => 2,
            Exists => 0,
            Comma | As => -1,
            AsBool => -10,
            Custom(custom) => custom.precedence,
            _ => return None,
        })
    }

    /// Whether nested uses of the same operator need no parentheses.
    pub fn is_natural_self_precedent(&self) -> bool {
        use Operator::*;
        match self {
            And | Or | Add | Mul | Concat | GetItem | JsonGetItem | JsonPathGetItem
            | JsonAsText | JsonPathAsText => true,
            Custom(custom) => custom.natural_self_precedent,
            _ => false,
        }
    }

    /// Whether a chain of it is flattened into one list.
    pub fn is_associative(&self) -> bool {
        use Operator::*;
        matches!(self, And | Or | Add | Mul | Concat)
    }

    /// Whether its operands may change places.
    pub fn is_commutative(&self) -> bool {
        use Operator::*;
        matches!(self, Eq | Ne | Add | Mul)
    }

    /// Whether its result is boolean.
    pub fn is_comparison(&self) -> bool {
        use Operator::*;
        match self {
            Eq | Ne | Lt | Le | Gt | Ge | Is | IsNot | IsDistinctFrom | IsNotDistinctFrom | In
            | NotIn | Like | NotLike | ILike | NotILike | Between | NotBetween | Match
            | NotMatch | RegexpMatch | NotRegexpMatch | StartsWith | NotStartsWith | EndsWith
            | NotEndsWith | Contains | NotContains | IStartsWith | NotIStartsWith | IEndsWith
            | NotIEndsWith | IContains | NotIContains => true,
            Custom(custom) => custom.is_comparison,
            _ => false,
        }
    }

    /// Whether its result is boolean even for databases without a boolean type.
    pub fn is_boolean(&self) -> bool {
        use Operator::*;
        self.is_comparison() || matches!(self, Inv | IsTrue | IsFalse | And | Or)
    }

    /// Whether an operand with operator `self` needs parentheses next to `against`.
    pub fn is_precedent(&self, against: Option<&Operator>) -> bool {
        let Some(against) = against else {
            return true;
        };
        if self == against && self.is_natural_self_precedent() {
            return false;
        }
        // Unlisted operators have the lowest precedence as `self` and the highest as `against`.
        self.precedence().unwrap_or(-100) <= against.precedence().unwrap_or(100)
    }

    /// The negated operator.
    pub fn negation(&self) -> Option<Operator> {
        use Operator::*;
        Some(match self {
            Eq => Ne,
            Ne => Eq,
            Lt => Ge,
            Ge => Lt,
            Gt => Le,
            Le => Gt,
            Is => IsNot,
            IsNot => Is,
            IsDistinctFrom => IsNotDistinctFrom,
            IsNotDistinctFrom => IsDistinctFrom,
            In => NotIn,
            NotIn => In,
            Like => NotLike,
            NotLike => Like,
            ILike => NotILike,
            NotILike => ILike,
            Between => NotBetween,
            NotBetween => Between,
            StartsWith => NotStartsWith,
            NotStartsWith => StartsWith,
            EndsWith => NotEndsWith,
            NotEndsWith => EndsWith,
            Contains => NotContains,
            NotContains => Contains,
            IStartsWith => NotIStartsWith,
            NotIStartsWith => IStartsWith,
            IEndsWith => NotIEndsWith,
            NotIEndsWith => IEndsWith,
            IContains => NotIContains,
            NotIContains => IContains,
            Match => NotMatch,
            NotMatch => Match,
            RegexpMatch => NotRegexpMatch,
            NotRegexpMatch => RegexpMatch,
            IsTrue => IsFalse,
            IsFalse => IsTrue,
            _ => return None,
        })
    }

    /// The symbol rendered between, before or after its operands; `None` for operators that the
    /// compiler renders specially.
    pub fn text(&self) -> Option<&str> {
        use Operator::*;
        Some(match self {
            And => " AND ",
            Or => " OR ",
            Inv => "NOT ",
            Exists => "EXISTS ",
            Eq => " = ",
            Ne => " != ",
            Lt => " < ",
            Le => " <= ",
            Gt => " > ",
            Ge => " >= ",
            Is => " IS ",
            IsNot => " IS NOT ",
            IsDistinctFrom => " IS DISTINCT FROM ",
            IsNotDistinctFrom => " IS NOT DISTINCT FROM ",
            In => " IN ",
            NotIn => " NOT IN ",
            Match => " MATCH ",
            NotMatch => " NOT MATCH ",
            Add => " + ",
            Sub => " - ",
            Mul => " * ",
            Mod => " % ",
            Neg => "-",
            Concat => " || ",
            BitwiseNot => "~",
            BitwiseAnd => " & ",
            BitwiseOr => " | ",
            BitwiseXor => " ^ ",
            BitwiseLeftShift => " << ",
            BitwiseRightShift => " >> ",
            Collate => " COLLATE ",
            Distinct => "DISTINCT ",
            Desc => " DESC",
            Asc => " ASC",
            NullsFirst => " NULLS FIRST",
            NullsLast => " NULLS LAST",
            Comma => ", ",
            As => " AS ",
            Any => "ANY ",
            All => "ALL ",
            _ => return None,
        })
    }

    /// The name used in error messages (`__name__` of SQLAlchemy's function).
    pub fn name(&self) -> &'static str {
        use Operator::*;
        match self {
            And => "and_",
            Or => "or_",
            Inv => "inv",
            Eq => "eq",
            Ne => "ne",
            Lt => "lt",
            Le => "le",
            Gt => "gt",
            Ge => "ge",
            Is => "is_",
            IsNot => "is_not",
            In => "in_op",
            NotIn => "not_in_op",
            Add => "add",
            Sub => "sub",
            Mul => "mul",
            TrueDiv => "truediv",
            FloorDiv => "floordiv",
            Mod => "mod",
            Neg => "neg",
            GetItem => "getitem",
            Concat => "concat_op",
            _ => "custom_op",
        }
    }
}
