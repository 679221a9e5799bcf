def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b
import itertools
print(list(itertools.islice(fib(), 10)))
def echo():
    got = yield "start"
    while got is not None:
        got = yield got * 2
    return "done"
g = echo()
print(next(g), g.send(5), g.send(7))
try: g.send(None)
except StopIteration as e: print(e.value)
def sub():
    x = yield 1
    print("sub got", x)
    return "subret"
def dele():
    r = yield from sub()
    print("r", r)
    yield from [7, 8]
g = dele()
print(next(g), g.send("hi"), next(g), next(g, "end"))
def tryer():
    try:
        yield 1
        yield 2
    except ValueError as e:
        print("caught", e)
        yield "after"
    finally:
        print("cleanup")
g = tryer()
print(next(g), g.throw(ValueError("v")))
print(next(g, "over"))
g = tryer()
next(g)
g.close()
print(list(x * 2 for x in range(4) if x % 2), sum(i for i in range(5)), dict((k, v) for k, v in [(1, 2)]))
def nested():
    for i in range(2):
        for j in range(2):
            if i == j: continue
            yield i, j
print(list(nested()))
def withgen():
    import contextlib
    @contextlib.contextmanager
    def cm(n):
        print("enter", n)
        try:
            yield n + 1
        finally:
            print("exit", n)
    with cm(1) as a, cm(a) as b:
        yield a + b
    print("end")
print(list(withgen()))
def early():
    for i in range(10):
        if i == 3: return
        yield i
print([*early()], type(early()).__name__)
lazy = (print("lazy", i) for i in [1, 2])
print("made")
next(lazy)
def gmatch(v):
    match v:
        case [a, b]: yield a; yield b
        case {"k": k, **rest}: yield k, rest
        case str() | int(): yield "scalar"
        case _: yield "other"
print(list(gmatch([1, 2])), list(gmatch({"k": 1, "z": 2})), list(gmatch("s")), list(gmatch(1.5)))
async def co(x):
    return x + 1
async def main():
    a = await co(1)
    import asyncio
    b = await asyncio.gather(co(2), co(3))
    async with ACM() as m:
        print(m)
    async for z in agen():
        print("a", z)
    return a, b
class ACM:
    async def __aenter__(self): return "acm"
    async def __aexit__(self, *a): print("aexit")
async def agen():
    yield 1
    yield 2
import asyncio
print(asyncio.run(main()))
def counter():
    n = 0
    def inc(by=1):
        nonlocal n
        n += by
        return n
    return inc
c = counter()
print(c(), c(5), c())
fns = [lambda i=i: i for i in range(3)]
print([f() for f in fns], [f() for f in [lambda: j for j in range(3)]])
def kw(a, /, b, *c, d=1, **e): return a, b, c, d, e
print(kw(1, 2, 3, d=4, z=5), kw(*[1, 2], **{"q": 1}))
print((lambda *a, **k: (a, k))(1, x=2))
x = [1, 2, 3, 4, 5]
first, *mid, last = x
print(first, mid, last, *x[1:3], {*x, 9} == {1, 2, 3, 4, 5, 9}, [*x, *"ab"], {**{"a": 1}, "b": 2})
x[1:3] = [9]
del x[0]
print(x, x[::-1], x[-2:], x[::2])
if (m := max(x)) > 4 and (k := m * 2): print(m, k)
print([y := 1, y + 1], [z for q in range(3) if (z := q * q) > 0], z)
i = 0
while i < 3:
    i += 1
    if i == 2: continue
else: print("else", i)
for i in []: pass
else: print("for else")
print(1 if x else 2, x and "t" or "f", not x, None or 0 or "last", 1 < 2 > 0 == False)
global_var = 1
def setg():
    global global_var
    global_var += 1
setg()
print(global_var, globals()["global_var"])
def loc(a):
    b = 2
    return sorted(locals().items())
print(loc(1))
print(eval("1 + a", {"a": 2}), exec("q = 5") or q)
match {"type": "add", "args": [1, 2]}:
    case {"type": "add", "args": [x, y]} if x < y: print("add", x + y)
class Pt:
    __match_args__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y
match Pt(1, 2):
    case Pt(1, y=b): print("pt", b)
match (1, (2, 3)):
    case (a, (b, *c)) as whole: print(a, b, c, whole)
match 5:
    case 1 | 2: print("no")
    case n if n > 3: print("big", n)
