x = 1
y = [1, 2, 3]
print(x, y, "a", 'it\'s', None, True, 1.5, 1e20, 1e-7, 2**70)
def f(a, b=2, *args, c, d=4, **kw):
    return (a, b, args, c, d, kw)
print(f(1, c=3))
print(f(1, 2, 3, 4, c=5, e=6))
class A:
    z = 5
    def __init__(self, v):
        self.v = v
    def get(self):
        return self.v
    @property
    def double(self):
        return self.v * 2
    @classmethod
    def make(cls):
        return cls(10)
    @staticmethod
    def s(q):
        return q + 1
class B(A):
    def get(self):
        return super().get() + 1
b = B(7)
print(b.get(), b.double, B.make().get(), A.s(1), B.__mro__)
def gen(n):
    for i in range(n):
        yield i
        if i == 2:
            break
    else:
        yield "else"
print(list(gen(2)), list(gen(5)))
try:
    1 / 0
except ZeroDivisionError as e:
    print("caught", e)
finally:
    print("finally")
print([i * j for i in range(3) for j in range(3) if i != j], {k: v for k, v in zip("ab", [1, 2])}, {1, 2})
print(f"{x:>5}|{x!r}|{'q'!s:^7}|{3.14159:.2f}|{x=}")
print("%s %d %5.2f %r" % ("a", 3, 2.5, "x"), "{} {1} {k}".format(1, 2, k=3) if False else "{0} {1} {k}".format(1, 2, k=3))
a, *rest, z = range(5)
print(a, rest, z)
if (n := len(y)) > 2:
    print(n)
import pack, plain
from pack.other import *
from plain import x as px
print(pack.value, renamed, px, pack.other.renamed)
def outer():
    count = 0
    def inner():
        nonlocal count
        count += 1
        return count
    inner()
    return inner()
print(outer(), (lambda q, w=2: q * w)(4))
match [1, 2, 3]:
    case [1, *others]:
        print("matched", others)
while True:
    x += 1
    if x > 5:
        break
print(x, 1 < 2 < 3, not x, x if x else y, y[::-1], y[-1], "hello"[1:3])
with type("C", (), {"__enter__": lambda s: 5, "__exit__": lambda s, *a: True})() as val:
    print(val)
    raise ValueError
print(sorted([3, 1, 2], key=lambda v: -v), sum([1, 2]), max(1, 5, 2), any([0, 1]), list(map(str, [1, 2])), dict(a=1), set(), frozenset([1]))
print(isinstance(b, A), hasattr(b, "nope"), getattr(b, "nope", 3), type(b).__name__, repr(b)[:12])
b.missing
