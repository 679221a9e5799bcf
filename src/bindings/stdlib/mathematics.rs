//! `math`, `random` and `time`.

use std::cell::Cell;
use std::rc::Rc;

use ground::diagnostic::Result;
use python::{Arguments, Bound, FreeFunction, Interpreter, Module, Registry, Value, function};

/// Adds the modules.
pub fn register(registry: &mut Registry) {
    registry.add("math", math);
    registry.add("random", random);
    registry.add("time", time);
}

fn float(vm: &mut Interpreter, value: &Value) -> Result<f64> {
    match value.as_float() {
        Some(number) => Ok(number),
        None => {
            let class = vm.class_of(value).name();
            Err(vm.type_error(format!("must be real number, not {class}")))
        }
    }
}

/// A function of one number, which is `x`.
fn of_one(vm: &mut Interpreter, bound: &mut Bound<'_>, function: fn(f64) -> f64) -> Result<Value> {
    let number = float(vm, &bound.value("x"))?;
    let result = function(number);
    if result.is_nan() && !number.is_nan() {
        return Err(vm.value_error("math domain error"));
    }
    Ok(Value::Float(result))
}

/// A function whose result is an integer.
fn whole(vm: &mut Interpreter, bound: &mut Bound<'_>, function: fn(f64) -> f64) -> Result<Value> {
    let value = bound.value("x");
    if value.as_int().is_some() {
        return Ok(value);
    }
    let number = function(float(vm, &value)?);
    if number.is_nan() {
        return Err(vm.value_error("cannot convert float NaN to integer"));
    }
    if number.is_infinite() {
        return Err(vm.error("OverflowError", "cannot convert float infinity to integer"));
    }
    // Values beyond 64 bits are clamped; not expected in migrations.
    Ok(Value::Int(number as i64))
}

static MATH: &[FreeFunction] = &[
    function("sin", "x, /", |vm, bound| of_one(vm, bound, f64::sin)),
    function("cos", "x, /", |vm, bound| of_one(vm, bound, f64::cos)),
    function("tan", "x, /", |vm, bound| of_one(vm, bound, f64::tan)),
    function("atan", "x, /", |vm, bound| of_one(vm, bound, f64::atan)),
    function("exp", "x, /", |vm, bound| of_one(vm, bound, f64::exp)),
    function("log2", "x, /", |vm, bound| of_one(vm, bound, f64::log2)),
    function("log10", "x, /", |vm, bound| of_one(vm, bound, f64::log10)),
    function("fabs", "x, /", |vm, bound| of_one(vm, bound, f64::abs)),
    function("radians", "x, /", |vm, bound| {
        of_one(vm, bound, f64::to_radians)
    }),
    function("degrees", "x, /", |vm, bound| {
        of_one(vm, bound, f64::to_degrees)
    }),
    function("asin", "x, /", |vm, bound| of_one(vm, bound, f64::asin)),
    function("acos", "x, /", |vm, bound| of_one(vm, bound, f64::acos)),
    function("sqrt", "x, /", |vm, bound| of_one(vm, bound, f64::sqrt)),
    function("floor", "x, /", |vm, bound| whole(vm, bound, f64::floor)),
    function("ceil", "x, /", |vm, bound| whole(vm, bound, f64::ceil)),
    function("trunc", "x, /", |vm, bound| whole(vm, bound, f64::trunc)),
    function("log", "x, base=math.e, /", |vm, bound| {
        let number = float(vm, &bound.value("x"))?;
        if number <= 0.0 {
            return Err(vm.value_error("math domain error"));
        }
        Ok(Value::Float(match bound.take("base") {
            Some(base) => number.ln() / float(vm, &base)?.ln(),
            None => number.ln(),
        }))
    }),
    function("pow", "x, y, /", |vm, bound| {
        let (x, y) = (bound.value("x"), bound.value("y"));
        Ok(Value::Float(float(vm, &x)?.powf(float(vm, &y)?)))
    }),
    function("isnan", "x, /", |vm, bound| {
        Ok(Value::Bool(float(vm, &bound.value("x"))?.is_nan()))
    }),
    function("isinf", "x, /", |vm, bound| {
        Ok(Value::Bool(float(vm, &bound.value("x"))?.is_infinite()))
    }),
    function("gcd", "*integers", |vm, bound| {
        let mut result = 0_i64;
        for value in &bound.rest {
            let Some(mut other) = value.as_int() else {
                return Err(vm.type_error("gcd() wants integers"));
            };
            while other != 0 {
                (result, other) = (other, result % other);
            }
        }
        Ok(Value::Int(result.abs()))
    }),
];

fn math(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("math")
        .value("pi", std::f64::consts::PI)
        .value("e", std::f64::consts::E)
        .value("inf", f64::INFINITY)
        .value("nan", f64::NAN)
        .functions(MATH)
        .build())
}

/// The state of `random`, seeded by the host.
#[derive(Default)]
struct Sequence(Cell<Option<u64>>);

/// The next number in [0, 1).
fn draw(vm: &mut Interpreter) -> f64 {
    let sequence = vm.extension::<Sequence>();
    let state = sequence.0.get().unwrap_or_else(|| {
        let mut seed = [0; 8];
        vm.run.host.random(&mut seed);
        u64::from_le_bytes(seed)
    });
    // splitmix64
    let state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    sequence.0.set(Some(state));
    let mut mixed = state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^= mixed >> 31;
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

fn below(vm: &mut Interpreter, count: usize) -> usize {
    ((draw(vm) * count as f64) as usize).min(count.saturating_sub(1))
}

/// A random integer from `low` up to but not including `high`.
fn in_range(vm: &mut Interpreter, low: i64, high: i64) -> Result<Value> {
    if high <= low {
        return Err(vm.value_error(format!(
            "empty range for randrange() ({low}, {high}, {})",
            high - low
        )));
    }
    let count = usize::try_from(high - low).unwrap_or(1);
    Ok(Value::Int(low + below(vm, count) as i64))
}

static RANDOM: &[FreeFunction] = &[
    function("seed", "a=None, version=2", |vm, bound| {
        let state = match bound.take_some("a") {
            None => None,
            Some(seed) => Some(vm.hash(&seed)?),
        };
        vm.extension::<Sequence>().0.set(state);
        Ok(Value::None)
    }),
    function("random", "", |vm, _| Ok(Value::Float(draw(vm)))),
    function("randint", "a, b", |vm, bound| {
        let (low, high) = (bound.value("a").as_int(), bound.value("b").as_int());
        in_range(vm, low.unwrap_or(0), high.unwrap_or(0).saturating_add(1))
    }),
    function("randrange", "start, stop=None, step=1", |vm, bound| {
        bound.refuse(&["step"])?;
        let start = bound.value("start").as_int().unwrap_or(0);
        match bound.take("stop").and_then(|stop| stop.as_int()) {
            Some(stop) => in_range(vm, start, stop),
            None => in_range(vm, 0, start),
        }
    }),
    function("uniform", "a, b", |vm, bound| {
        let (a, b) = (bound.value("a"), bound.value("b"));
        let (a, b) = (float(vm, &a)?, float(vm, &b)?);
        Ok(Value::Float(a + (b - a) * draw(vm)))
    }),
    function("choice", "seq", |vm, bound| {
        let items = vm.collect(&bound.value("seq"))?;
        if items.is_empty() {
            return Err(vm.index_error("Cannot choose from an empty sequence"));
        }
        let index = below(vm, items.len());
        Ok(items[index].clone())
    }),
    function(
        "choices",
        "population, weights=None, *, cum_weights=None, k=1",
        |vm, bound| {
            bound.refuse(&["weights", "cum_weights"])?;
            let items = vm.collect(&bound.value("population"))?;
            let count = bound.take("k").and_then(|k| k.as_int()).unwrap_or(1);
            let mut chosen = Vec::new();
            for _ in 0..count.max(0) {
                if items.is_empty() {
                    return Err(vm.index_error("list index out of range"));
                }
                let index = below(vm, items.len());
                chosen.push(items[index].clone());
                vm.allocate(16)?;
            }
            Ok(Value::list(chosen))
        },
    ),
    function("sample", "population, k, *, counts=None", |vm, bound| {
        bound.refuse(&["counts"])?;
        let mut items = vm.collect(&bound.value("population"))?;
        let count = bound.value("k").as_int();
        let count = count.and_then(|count| usize::try_from(count).ok());
        let Some(count) = count.filter(|count| *count <= items.len()) else {
            return Err(vm.value_error("Sample larger than population or is negative"));
        };
        let mut chosen = Vec::new();
        for _ in 0..count {
            let index = below(vm, items.len());
            chosen.push(items.remove(index));
        }
        Ok(Value::list(chosen))
    }),
    function("shuffle", "x", |vm, bound| {
        if let Value::List(list) = bound.value("x").plain() {
            let count = list.items.borrow().len();
            for at in (1..count).rev() {
                let other = below(vm, at + 1);
                list.items.borrow_mut().swap(at, other);
            }
        }
        Ok(Value::None)
    }),
];

fn random(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("random").functions(RANDOM).build())
}

fn now(vm: &mut Interpreter, _bound: &mut Bound<'_>) -> Result<Value> {
    Ok(Value::Float(vm.run.host.now().microseconds as f64 / 1e6))
}

fn now_in_nanoseconds(vm: &mut Interpreter, _bound: &mut Bound<'_>) -> Result<Value> {
    Ok(Value::Int(vm.run.host.now().microseconds * 1000))
}

static TIME: &[FreeFunction] = &[
    function("time", "", now),
    function("monotonic", "", now),
    function("perf_counter", "", now),
    function("process_time", "", now),
    function("time_ns", "", now_in_nanoseconds),
    function("perf_counter_ns", "", now_in_nanoseconds),
    // Returns immediately: nothing else runs concurrently.
    function("sleep", "seconds, /", |_, _| Ok(Value::None)),
    function("_local_offset", "", |vm, _| {
        Ok(Value::Int(vm.run.host.now().local_offset.into()))
    }),
    function("strftime", "format, tuple=None, /", |vm, bound| {
        let module = vm.import("datetime")?;
        let class = vm.get_attribute(&module, "datetime")?;
        let now = match bound.take_some("tuple") {
            Some(given) => {
                let parts = vm.collect(&given)?.into_iter().take(6).collect();
                vm.call(&class, Arguments::positional(parts))?
            }
            None => vm.call_method(&class, "now", Arguments::none())?,
        };
        let format = Arguments::positional(vec![bound.value("format")]);
        vm.call_method(&now, "strftime", format)
    }),
];

fn time(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("time")
        .value("timezone", Value::Int(0))
        .functions(TIME)
        .attribute_hook(|vm, name| {
            if name.starts_with('_') {
                return Ok(None);
            }
            let more = vm.import("_time_more")?;
            vm.find_attribute(&more, name)
        })
        .build())
}
