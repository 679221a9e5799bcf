//! `TypeVar`, `ForwardRef`, `NewType`.

use super::forms::union_with;
use ground::diagnostic::Result;
use python::{
    Arguments, BinaryOperator, Bound, Class, CompareOperator, Declaration, Declared, Interpreter,
    NativeObject, Property, Value, constructor, property,
};
use std::rc::Rc;

/// `ForwardRef("Name")`.
pub struct ForwardRef {
    /// The text.
    pub text: Rc<str>,
}

/// The classes of type variables.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    TypeVar,
    ParamSpec,
    TypeVarTuple,
}

impl Kind {
    fn declared(self) -> &'static dyn Declared {
        match self {
            Kind::TypeVar => &TYPE_VAR,
            Kind::ParamSpec => &PARAM_SPEC,
            Kind::TypeVarTuple => &TYPE_VAR_TUPLE,
        }
    }
}

/// `TypeVar`, `ParamSpec`, `TypeVarTuple`.
pub(super) struct TypeVariable {
    pub(super) kind: Kind,
    pub(super) name: Rc<str>,
    pub(super) bound: Value,
    pub(super) constraints: Vec<Value>,
    pub(super) covariant: bool,
    pub(super) contravariant: bool,
}

/// `NewType("Name", base)`.
pub(super) struct NewType {
    pub(super) name: Rc<str>,
    pub(super) supertype: Value,
    pub(super) module: Rc<str>,
}

pub(super) static FORWARD_REF: Declaration<ForwardRef> = Declaration {
    constructor: constructor(
        "self, arg, is_argument=True, module=None, *, is_class=False",
        |_, bound| {
            bound.ignore(&["is_argument", "module", "is_class"]);
            Ok(Value::native(ForwardRef {
                text: bound.value("arg").as_text().unwrap_or_default(),
            }))
        },
    ),
    properties: &[property("__forward_arg__", |_, reference| {
        Ok(Value::Str(reference.text.clone()))
    })],
    sealed: true,
    ..Declaration::new("typing.ForwardRef")
};

fn type_variable(vm: &mut Interpreter, bound: &mut Bound<'_>, kind: Kind) -> Result<Value> {
    // What only a type checker reads.
    bound.ignore(&["infer_variance", "default"]);
    let Some(name) = bound.value("name").as_text() else {
        let class = vm.class(kind.declared()).name();
        return Err(vm.type_error(format!("{class} needs a name")));
    };
    Ok(Value::native(TypeVariable {
        kind,
        name,
        bound: bound.value("bound"),
        covariant: bound.value("covariant").as_bool().unwrap_or(false),
        contravariant: bound.value("contravariant").as_bool().unwrap_or(false),
        constraints: std::mem::take(&mut bound.rest),
    }))
}

static VARIABLE_PROPERTIES: &[Property<TypeVariable>] = &[
    property("__name__", |_, variable| {
        Ok(Value::Str(variable.name.clone()))
    }),
    property("__bound__", |_, variable| Ok(variable.bound.clone())),
    property("__constraints__", |_, variable| {
        Ok(Value::tuple(variable.constraints.clone()))
    }),
    property("__covariant__", |_, variable| Ok(variable.covariant.into())),
    property("__contravariant__", |_, variable| {
        Ok(variable.contravariant.into())
    }),
];

pub(super) static TYPE_VAR: Declaration<TypeVariable> = Declaration {
    constructor: constructor(
        "self, name, *constraints, bound=None, covariant=False, contravariant=False, \
         infer_variance=False, default=None",
        |vm, bound| type_variable(vm, bound, Kind::TypeVar),
    ),
    properties: VARIABLE_PROPERTIES,
    sealed: true,
    ..Declaration::new("typing.TypeVar")
};

pub(super) static PARAM_SPEC: Declaration<TypeVariable> = Declaration {
    constructor: constructor(
        "self, name, *, bound=None, covariant=False, contravariant=False, infer_variance=False, \
         default=None",
        |vm, bound| type_variable(vm, bound, Kind::ParamSpec),
    ),
    properties: &[
        property("args", |_, variable| {
            Ok(format!("{}.args", variable.name).into())
        }),
        property("kwargs", |_, variable| {
            Ok(format!("{}.kwargs", variable.name).into())
        }),
    ],
    shared_properties: VARIABLE_PROPERTIES,
    sealed: true,
    ..Declaration::new("typing.ParamSpec")
};

pub(super) static TYPE_VAR_TUPLE: Declaration<TypeVariable> = Declaration {
    constructor: constructor("self, name, *, default=None", |vm, bound| {
        type_variable(vm, bound, Kind::TypeVarTuple)
    }),
    properties: VARIABLE_PROPERTIES,
    sealed: true,
    ..Declaration::new("typing.TypeVarTuple")
};

fn new_type(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let module = vm
        .current_globals()
        .and_then(|globals| globals.get_str("__name__"))
        .and_then(|name| name.as_text())
        .unwrap_or_else(|| Rc::from("typing"));
    Ok(Value::native(NewType {
        name: bound.value("name").as_text().unwrap_or_default(),
        supertype: bound.value("tp"),
        module,
    }))
}

pub(super) static NEW_TYPE: Declaration<NewType> = Declaration {
    constructor: constructor("self, name, tp", new_type),
    properties: &[
        property("__name__", |_, new| Ok(Value::Str(new.name.clone()))),
        property("__qualname__", |_, new| Ok(Value::Str(new.name.clone()))),
        property("__supertype__", |_, new| Ok(new.supertype.clone())),
    ],
    sealed: true,
    ..Declaration::new("typing.NewType")
};

impl NativeObject for ForwardRef {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&FORWARD_REF)
    }

    fn binary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        union_with(this, vm, operator, other, reflected)
    }

    fn compare(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let want = match operator {
            CompareOperator::Equal => true,
            CompareOperator::NotEqual => false,
            _ => return Ok(None),
        };
        let Some(other) = other.downcast::<ForwardRef>() else {
            return Ok(None);
        };
        Ok(Some(Value::Bool((self.text == other.text) == want)))
    }

    fn hash(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<u64>> {
        vm.hash(&Value::Str(self.text.clone())).map(Some)
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        let text = vm.repr(&Value::Str(self.text.clone()))?;
        Ok(Some(format!("ForwardRef({text})")))
    }
}

impl NativeObject for TypeVariable {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(self.kind.declared())
    }

    fn binary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        union_with(this, vm, operator, other, reflected)
    }

    fn iterate(&self, this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        // `*Ts` in a subscript.
        Ok((self.kind == Kind::TypeVarTuple).then(|| Value::list(vec![this.clone()])))
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        let sign = match (self.kind, self.covariant, self.contravariant) {
            (Kind::TypeVarTuple, ..) => "",
            (_, true, _) => "+",
            (_, _, true) => "-",
            _ => "~",
        };
        Ok(Some(format!("{sign}{}", self.name)))
    }
}

impl NativeObject for NewType {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&NEW_TYPE)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        // The class has an attribute of this name itself.
        Ok((name == "__module__").then(|| Value::Str(self.module.clone())))
    }

    fn call(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        let [value] = arguments.clone().exactly("NewType")?;
        Ok(Some(value))
    }

    fn binary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        union_with(this, vm, operator, other, reflected)
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(format!("{}.{}", self.module, self.name)))
    }
}
