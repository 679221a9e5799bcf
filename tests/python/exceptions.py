import traceback
class MyErr(Exception):
    def __init__(self, code, msg):
        super().__init__(code, msg)
        self.code = code
    def __str__(self):
        return f"[{self.code}]"
def f(x):
    if x == 0:
        raise ValueError("zero")
    return f(x - 1)
try:
    f(2)
except ValueError as e:
    print(type(e), e, e.args, repr(e))
try:
    raise MyErr(3, "m")
except MyErr as e:
    print(e, e.args, repr(e), e.code)
try:
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise RuntimeError("outer") from e
except RuntimeError as e:
    print(repr(e.__cause__), e.__suppress_context__)
try:
    try:
        {}["k"]
    except KeyError:
        int("x")
except ValueError as e:
    print(repr(e.__context__), e)
def g():
    try:
        return "try"
    finally:
        print("fin")
print(g())
def h():
    for i in range(3):
        try:
            continue
        finally:
            print("c", i)
h()
try:
    raise KeyError("a b")
except (IndexError, KeyError) as e:
    print(e, str(e), e.args)
try:
    [].pop()
except IndexError as e:
    print(e)
for expr in ["[1][5]", "(1,)[3]", "'abc'[10]", "{}['x']", "None.foo", "1 + 'a'", "'a' + 1", "[] + ()", "len(5)", "int('q')", "float('z')", "undefined_name", "int([])", "'x' * 'y'", "(lambda: 5)()()", "list('ab')['a']", "max([])", "{[]: 1}", "1 < 'a'", "iter(5)", "next(iter([]))", "abs('x')", "'abc'.index('z')", "[].index(3)", "[].remove(3)", "range(1, 2, 0)", "'{}'.format()", "'%d' % 'x'", "'%s %s' % (1,)", "'%s' % (1, 2)", "dict([1])", "dict([(1, 2, 3)])", "set([[]])", "chr(-1)", "ord('ab')", "bytes([300])", "b'abc'.decode('nope')", "'\\xff'.encode('ascii')", "b'\\xff'.decode()", "isinstance(1, 2)", "object().x", "int.x", "print(foo=1)", "sorted(5)", "sum(['a'])", "1 // 0", "1 % 0", "1.0 / 0", "2 ** -1", "0 ** -1", "f'{1:q}'", "f'{\"a\":d}'", "'a'.join([1])", "getattr(1, 'q')", "divmod(1, 0)", "round('a')", "hash([])", "zip(1)", "enumerate(1)", "reversed(5)", "-'a'", "~1.5", "(1).foo", "slice(1)['x']", "type('a', (int, str), {})", "map(1)", "list(1)", "tuple(5)", "'a'.split('')", "'abc'.center()", "{}.pop('q')", "{}.popitem()", "set().pop()", "[1].insert()", "str(1, 2)", "int('5', 99)", "'a' in 5", "5 in 'abc'"]:
    try:
        print(expr, "->", eval(expr))
    except Exception as e:
        print(expr, "->", type(e).__name__, e)
def p(a, b, *, c): pass
for call in ["p()", "p(1)", "p(1, 2)", "p(1, 2, 3)", "p(1, 2, c=3, d=4)", "p(1, 2, c=1, a=3)", "p(*5)", "p(**5)", "p(1, 2, **{'c': 1, 1: 2})", "(lambda: 0)(1)", "(lambda x, y=1: 0)(1, 2, 3)"]:
    try:
        eval(call)
    except TypeError as e:
        print(call, "->", e)
class K:
    def m(self, a): pass
    @property
    def ro(self): return 1
for call in ["K().m()", "K().m(1, 2)", "K(1)", "K.m()", "K().zz", "K.zz", "setattr(K(), 'ro', 2)"]:
    try:
        exec(call)
    except Exception as e:
        print(call, "->", type(e).__name__, e)
a = [1, 2]
try:
    x, y, z = a
except ValueError as e:
    print(e)
try:
    x, = a
except ValueError as e:
    print(e)
try:
    x, y = 5
except TypeError as e:
    print(e)
try:
    raise "x"
except TypeError as e:
    print(e)
try:
    assert 1 == 2, "msg"
except AssertionError as e:
    print(repr(e))
def loc():
    print(zz)
    zz = 1
try:
    loc()
except UnboundLocalError as e:
    print(e)
class CM:
    def __enter__(self): return self
    def __exit__(self, t, v, tb):
        print("exit", t, v)
        return t is ValueError
with CM() as c:
    raise ValueError("in")
try:
    with CM():
        raise KeyError("out")
except KeyError:
    print("passed")
try:
    with 5: pass
except TypeError as e:
    print(e)
e2 = ImportError("x", name="mod")
print(e2.name, e2.path, str(e2))
try:
    import nothere_at_all
except ImportError as e:
    print(e, type(e).__name__, e.name)
try:
    from os import nothere
except ImportError as e:
    print(type(e).__name__, str(e)[:38])
try:
    import textwrap.nothere
except ImportError as e:
    print(type(e).__name__, e)
print(issubclass(FileNotFoundError, OSError), OSError(2, "No such", "f"), repr(OSError(2, "x")), StopIteration(5).value, SystemExit(3).code)
try:
    exit(4)
except SystemExit as e:
    print(e.code)
e = ValueError("noted")
e.add_note("hello")
print(e.__notes__)
