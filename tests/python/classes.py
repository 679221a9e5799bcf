class Base:
    registry = []
    def __init_subclass__(cls, tag=None, **kw):
        super().__init_subclass__(**kw)
        cls.registry.append((cls.__name__, tag))
class One(Base, tag="one"): pass
class Two(One): pass
print(Base.registry)
class A:
    def who(self): return "A"
class B(A):
    def who(self): return "B" + super().who()
class C(A):
    def who(self): return "C" + super().who()
class D(B, C):
    def who(self): return "D" + super().who()
print(D().who(), [k.__name__ for k in D.__mro__], D.__bases__)
try:
    class Bad(A, B): pass
except TypeError as e:
    print(e)
class V:
    def __init__(self, x): self.x = x
    def __add__(self, o): return V(self.x + (o.x if isinstance(o, V) else o))
    def __radd__(self, o): return V(o + self.x)
    def __iadd__(self, o):
        self.x += o
        return self
    def __eq__(self, o): return isinstance(o, V) and self.x == o.x
    def __lt__(self, o): return self.x < o.x
    def __hash__(self): return hash(self.x)
    def __repr__(self): return f"V({self.x})"
    def __len__(self): return self.x
    def __getitem__(self, i):
        if isinstance(i, slice): return ("slice", i.start, i.stop, i.step)
        if i >= self.x: raise IndexError
        return i
    def __contains__(self, i): return i == 99
    def __call__(self, *a, **k): return (a, k)
    def __bool__(self): return self.x > 0
    def __neg__(self): return V(-self.x)
    def __getattr__(self, n):
        if n.startswith("dyn"): return n.upper()
        raise AttributeError(n)
    def __format__(self, s): return f"<{s}>"
    def __index__(self): return self.x
v = V(3)
v += 1
print(v, v + 1, 1 + v, sum([v, v]), v == V(4), v != V(4), v < V(5), len(v), list(v), v[1:2], 99 in v, v(1, a=2), bool(V(0)), -v, v.dyn_x, f"{v:abc}", {v: 1}[V(4)], [10, 20, 30, 40, 50][v], sorted([V(3), V(1)]))
print(hasattr(v, "nope"), getattr(v, "nope", "dflt"))
class Desc:
    def __set_name__(self, owner, name): self.name = name
    def __get__(self, obj, owner=None):
        if obj is None: return self
        return obj.__dict__.get("_" + self.name, "unset")
    def __set__(self, obj, value): obj.__dict__["_" + self.name] = value * 2
class Uses:
    field = Desc()
    def __setattr__(self, n, val):
        print("set", n)
        object.__setattr__(self, n, val)
u = Uses()
print(u.field)
u.field = 4
print(u.field, u.__dict__, Uses.field.name)
class P:
    def __init__(self): self._v = 1
    @property
    def v(self):
        "doc of v"
        return self._v
    @v.setter
    def v(self, val): self._v = val
    @v.deleter
    def v(self): del self._v
q = P()
q.v = 7
print(q.v, P.v.__doc__)
del q.v
try: q.v
except AttributeError as e: print(e)
class Meta(type): pass
class S(str):
    def shout(self): return self.upper() + "!"
s = S("abc")
print(s, s.shout(), s + "d", type(s + "d").__name__, isinstance(s, str), s == "abc", {s: 1}["abc"], len(s), s[1], repr(s), "b" in s, f"{s:>5}")
class I(int):
    def __new__(cls, v): return super().__new__(cls, v * 2)
print(I(4), I(4) + 1, repr(I(3)), isinstance(I(1), int), I(2) == 4)
class L(list):
    def first(self): return self[0]
l = L([3, 4])
l.append(5)
print(l, l.first(), len(l), sorted(l, reverse=True), l == [3, 4, 5], l[1:], [*l])
class DD(dict):
    def __missing__(self, k): return k * 2
    def __getattr__(self, k):
        try: return self[k]
        except KeyError: raise AttributeError(k)
d = DD(a=1)
d["b"] = 2
print(d, d["zz"], d.get("zz"), d.a, list(d), {**d}, dict(d), len(d), "a" in d, isinstance(d, dict))
class Slots:
    __slots__ = ("a", "b")
    def __init__(self): self.a = 1
try: Slots().c = 3
except AttributeError as e: print(e)
class Ctx:
    x: int = 1
    y: "str"
    def __class_getitem__(cls, k): return (cls.__name__, k)
print(Ctx[int], Ctx.__annotations__, Ctx.__name__, Ctx.__qualname__, Ctx.__module__)
class Outer:
    class Inner:
        def m(self): pass
    z = [i for i in range(3)]
print(Outer.Inner.__qualname__, Outer.Inner.m.__qualname__, Outer.z)
X = type("X", (A,), {"attr": 5, "who": lambda self: "X"})
print(X().who(), X.attr, X, type(X()), isinstance(X(), A))
class Priv:
    def __init__(self): self.__secret = 5
    def get(self): return self.__secret
print(Priv().get(), Priv().__dict__)
import abc
class Abs(abc.ABC):
    @abc.abstractmethod
    def go(self): ...
    @property
    @abc.abstractmethod
    def pr(self): ...
try: Abs()
except TypeError as e: print(e)
class Conc(Abs):
    def go(self): return 1
    pr = 2
print(Conc().go())
def deco(cls):
    cls.extra = 1
    return cls
@deco
class Decd: pass
print(Decd.extra)
class It:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 3: raise StopIteration
        return self.n
print(list(It()), max(It()), [*It()], 2 in It())
print(A.__doc__, A().__class__, str(A.who)[:16], str(A().who)[:20])
class Cnt:
    total = 0
    def __init__(self): type(self).total += 1
Cnt(); Cnt()
print(Cnt.total, vars(Cnt())) 
class EqOnly:
    def __eq__(self, o): return True
try: hash(EqOnly())
except TypeError as e: print(e)
print(object() == object(), A() != A(), isinstance(A, type), callable(A), type(A), type(type))
class Str2:
    def __str__(self): return "str"
    def __repr__(self): return "repr"
print(Str2(), [Str2()], f"{Str2()} {Str2()!r}", "%s %r" % (Str2(), Str2()), "{} {!r}".format(Str2(), Str2()))
