//! `math`, `random` and `time`.

use std::cell::Cell;
use std::rc::Rc;

use ground::diagnostic::Result;
use python::parameters;
use python::{Arguments, Interpreter, Module, Registry, Value};

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

/// A function of one number.
type Function = fn(f64) -> f64;

fn math(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    let mut module = Module::build("math")
        .value("pi", std::f64::consts::PI)
        .value("e", std::f64::consts::E)
        .value("inf", f64::INFINITY)
        .value("nan", f64::NAN);
    let functions: [(&str, Function); 12] = [
        ("sin", f64::sin),
        ("cos", f64::cos),
        ("tan", f64::tan),
        ("atan", f64::atan),
        ("exp", f64::exp),
        ("log2", f64::log2),
        ("log10", f64::log10),
        ("fabs", f64::abs),
        ("radians", f64::to_radians),
        ("degrees", f64::to_degrees),
        ("asin", f64::asin),
        ("acos", f64::acos),
    ];
    for (name, function) in functions {
        module = module.function(name, move |vm, arguments| {
            let [value] = arguments.exactly(name)?;
            let number = float(vm, &value)?;
            let result = function(number);
            if result.is_nan() && !number.is_nan() {
                return Err(vm.value_error("math domain error"));
            }
            Ok(Value::Float(result))
        });
    }
    let whole: [(&str, Function); 3] = [
        ("floor", f64::floor),
        ("ceil", f64::ceil),
        ("trunc", f64::trunc),
    ];
    for (name, function) in whole {
        module = module.function(name, move |vm, arguments| {
            let [value] = arguments.exactly(name)?;
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
        });
    }
    Ok(module
        .function("sqrt", |vm, arguments| {
            let [value] = arguments.exactly("sqrt")?;
            let number = float(vm, &value)?;
            if number < 0.0 {
                return Err(vm.value_error("math domain error"));
            }
            Ok(Value::Float(number.sqrt()))
        })
        .function("log", |vm, arguments| {
            let [value, base] = arguments.between("log", 1)?;
            let number = float(vm, &value.unwrap_or(Value::None))?;
            if number <= 0.0 {
                return Err(vm.value_error("math domain error"));
            }
            Ok(Value::Float(match base {
                Some(base) => number.ln() / float(vm, &base)?.ln(),
                None => number.ln(),
            }))
        })
        .function("pow", |vm, arguments| {
            let [a, b] = arguments.exactly("pow")?;
            Ok(Value::Float(float(vm, &a)?.powf(float(vm, &b)?)))
        })
        .function("isnan", |vm, arguments| {
            let [value] = arguments.exactly("isnan")?;
            Ok(Value::Bool(float(vm, &value)?.is_nan()))
        })
        .function("isinf", |vm, arguments| {
            let [value] = arguments.exactly("isinf")?;
            Ok(Value::Bool(float(vm, &value)?.is_infinite()))
        })
        .function("gcd", |vm, arguments| {
            let mut result = 0_i64;
            for value in &arguments.positional {
                let Some(mut other) = value.as_int() else {
                    return Err(vm.type_error("gcd() wants integers"));
                };
                while other != 0 {
                    (result, other) = (other, result % other);
                }
            }
            Ok(Value::Int(result.abs()))
        })
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

fn random(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    let range = |last: i64| {
        move |vm: &mut Interpreter, arguments: Arguments| {
            let [low, high] = arguments.between("randrange", 1)?;
            let low = low.and_then(|value| value.as_int()).unwrap_or(0);
            let (low, high) = match high.and_then(|value| value.as_int()) {
                Some(high) => (low, high + last),
                None => (0, low),
            };
            if high <= low {
                return Err(vm.value_error(format!(
                    "empty range for randrange() ({low}, {high}, {})",
                    high - low
                )));
            }
            let count = usize::try_from(high - low).unwrap_or(1);
            Ok(Value::Int(low + below(vm, count) as i64))
        }
    };
    Ok(Module::build("random")
        .function("seed", |vm, arguments| {
            let [seed] = arguments.between("seed", 0)?;
            let state = match seed {
                Some(Value::None) | None => None,
                Some(seed) => Some(vm.hash(&seed)?),
            };
            vm.extension::<Sequence>().0.set(state);
            Ok(Value::None)
        })
        .function("random", |vm, _| Ok(Value::Float(draw(vm))))
        .function("randint", range(1))
        .function("randrange", range(0))
        .function("uniform", |vm, arguments| {
            let [a, b] = arguments.exactly("uniform")?;
            let (a, b) = (float(vm, &a)?, float(vm, &b)?);
            Ok(Value::Float(a + (b - a) * draw(vm)))
        })
        .function("choice", |vm, arguments| {
            let [items] = arguments.exactly("choice")?;
            let items = vm.collect(&items)?;
            if items.is_empty() {
                return Err(vm.index_error("Cannot choose from an empty sequence"));
            }
            let index = below(vm, items.len());
            Ok(items[index].clone())
        })
        .function("choices", |vm, arguments| {
            let mut bound = arguments.bind(parameters!(
                "choices",
                "population, weights=None, *, cum_weights=None, k=1"
            ))?;
            let population = bound.value("population");
            let items = vm.collect(&population)?;
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
        })
        .function("sample", |vm, arguments| {
            let [items, count] = arguments.exactly("sample")?;
            let mut items = vm.collect(&items)?;
            let count = count.as_int().and_then(|count| usize::try_from(count).ok());
            let Some(count) = count.filter(|count| *count <= items.len()) else {
                return Err(vm.value_error("Sample larger than population or is negative"));
            };
            let mut chosen = Vec::new();
            for _ in 0..count {
                let index = below(vm, items.len());
                chosen.push(items.remove(index));
            }
            Ok(Value::list(chosen))
        })
        .function("shuffle", |vm, arguments| {
            let [list] = arguments.exactly("shuffle")?;
            if let Value::List(list) = list.plain() {
                let count = list.items.borrow().len();
                for at in (1..count).rev() {
                    let other = below(vm, at + 1);
                    list.items.borrow_mut().swap(at, other);
                }
            }
            Ok(Value::None)
        })
        .build())
}

fn time(_vm: &mut Interpreter) -> Result<Rc<Module>> {
    let now = |vm: &mut Interpreter, _: Arguments| {
        Ok(Value::Float(vm.run.host.now().microseconds as f64 / 1e6))
    };
    let nanoseconds =
        |vm: &mut Interpreter, _: Arguments| Ok(Value::Int(vm.run.host.now().microseconds * 1000));
    Ok(Module::build("time")
        .function("time", now)
        .function("monotonic", now)
        .function("perf_counter", now)
        .function("process_time", now)
        .function("time_ns", nanoseconds)
        .function("perf_counter_ns", nanoseconds)
        // Returns immediately: nothing else runs concurrently.
        .function("sleep", |_, _| Ok(Value::None))
        .function("strftime", |vm, arguments| {
            let [format] = arguments.exactly("strftime")?;
            let module = vm.import("datetime")?;
            let class = vm.get_attribute(&module, "datetime")?;
            let now = vm.call_method(&class, "now", Arguments::none())?;
            vm.call_method(&now, "strftime", Arguments::positional(vec![format]))
        })
        .build())
}
