//! `math`, `random` and `time`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use ground::diagnostic::Result;
use python::{
    Arguments, Bound, Class, Declaration, FreeFunction, Interpreter, Module, NativeObject,
    Registry, Value, constructor, function, method,
};

/// Adds the modules.
pub fn register(registry: &mut Registry) {
    registry.add("math", math);
    registry.add("_random", |vm| {
        Ok(Module::build("_random").class(&vm.class(&TWISTER)).build())
    });
    registry.add_source("random", resource!("stdlib/library/random.py"));
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

/// The state of a `random.Random`: the Mersenne Twister.
struct Twister {
    words: RefCell<[u32; 624]>,
    next: Cell<usize>,
}

impl Twister {
    /// `init_genrand`.
    fn from_number(seed: u32) -> [u32; 624] {
        let mut words = [0_u32; 624];
        let mut last = seed;
        for (at, word) in words.iter_mut().enumerate() {
            if at > 0 {
                last = 1_812_433_253_u32
                    .wrapping_mul(last ^ (last >> 30))
                    .wrapping_add(at as u32);
            }
            *word = last;
        }
        words
    }

    /// `init_by_array`.
    fn from_key(key: &[u32]) -> [u32; 624] {
        let mut words = Self::from_number(19_650_218);
        let (mut i, mut j) = (1, 0);
        for _ in 0..key.len().max(624) {
            let before = words[i - 1];
            words[i] = (words[i] ^ (before ^ (before >> 30)).wrapping_mul(1_664_525))
                .wrapping_add(key[j])
                .wrapping_add(j as u32);
            i += 1;
            j = (j + 1) % key.len();
            if i == 624 {
                words[0] = words[623];
                i = 1;
            }
        }
        for _ in 0..623 {
            let before = words[i - 1];
            words[i] = (words[i] ^ (before ^ (before >> 30)).wrapping_mul(1_566_083_941))
                .wrapping_sub(i as u32);
            i += 1;
            if i == 624 {
                words[0] = words[623];
                i = 1;
            }
        }
        words[0] = 0x8000_0000;
        words
    }

    /// The next thirty-two bits.
    fn draw(&self) -> u32 {
        let mut words = self.words.borrow_mut();
        if self.next.get() >= 624 {
            for at in 0..624 {
                let y = (words[at] & 0x8000_0000) | (words[(at + 1) % 624] & 0x7fff_ffff);
                let mixed = (y >> 1) ^ if y & 1 == 1 { 0x9908_b0df } else { 0 };
                words[at] = words[(at + 397) % 624] ^ mixed;
            }
            self.next.set(0);
        }
        let mut y = words[self.next.get()];
        self.next.set(self.next.get() + 1);
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }
}

static TWISTER: Declaration<Twister> = Declaration {
    constructor: constructor("self", |_, _| {
        Ok(Value::native(Twister {
            words: RefCell::new(Twister::from_number(0)),
            next: Cell::new(624),
        }))
    }),
    methods: &[
        // The key is a list of numbers of thirty-two bits.
        method("seed", "self, key, /", |vm, twister, bound| {
            let mut key: Vec<u32> = Vec::new();
            for word in vm.collect(&bound.value("key"))? {
                key.push(word.as_int().unwrap_or_default() as u32);
            }
            *twister.words.borrow_mut() = Twister::from_key(&key);
            twister.next.set(624);
            Ok(Value::None)
        }),
        method("random", "self, /", |_, twister, _| {
            let (high, low) = (twister.draw() >> 5, twister.draw() >> 6);
            let number = f64::from(high) * 67_108_864.0 + f64::from(low);
            Ok(Value::Float(number / 9_007_199_254_740_992.0))
        }),
        method("bits", "self, /", |_, twister, _| {
            Ok(Value::Int(twister.draw().into()))
        }),
    ],
    sealed: true,
    ..Declaration::new("_random.Twister")
};

impl NativeObject for Twister {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&TWISTER)
    }
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
