class Meta(type):
    def __new__(mcs, name, bases, ns, **kw):
        ns["added"] = len(ns)
        cls = super().__new__(mcs, name, bases, ns)
        cls.reg = kw.get("reg")
        return cls
    def __init__(cls, name, bases, ns, **kw):
        super().__init__(name, bases, ns)
        cls.inited = name
    def __call__(cls, *a, **k):
        obj = super().__call__(*a, **k)
        obj.via = "meta"
        return obj
    def __iter__(cls): return iter([1,2])
    def __len__(cls): return 7
    def __getitem__(cls, k): return k*2
    def __contains__(cls, x): return x == 3
    @property
    def prop(cls): return cls.__name__.lower()
    def meth(cls): return "m"+cls.__name__
    def __repr__(cls): return f"<M {cls.__name__}>"
    def __getattr__(cls, n):
        if n.startswith("dyn_"): return n
        raise AttributeError(n)
class A(metaclass=Meta, reg=5):
    def __init__(self, x=1): self.x = x
class B(A): y = 2
print(type(A).__name__, A.reg, A.inited, B.inited, B(4).x, A().via, list(A), len(A), A[3], 3 in A, A.prop, B.meth(), repr(A), A.dyn_x, isinstance(A, Meta), B.added >= 0)
class Singleton(type):
    _i = {}
    def __call__(cls, *a, **k):
        if cls not in cls._i: cls._i[cls] = super().__call__(*a, **k)
        return cls._i[cls]
class S(metaclass=Singleton): pass
print(S() is S())
class Prep(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kw): return {"pre": 1}
class P(metaclass=Prep): pass
print(P.pre)
from abc import ABCMeta, abstractmethod
class AM(ABCMeta):
    def __new__(m, n, b, ns): 
        c = super().__new__(m, n, b, ns); c.tag = n; return c
class Abs(metaclass=AM):
    @abstractmethod
    def f(self): ...
try: Abs()
except TypeError as e: print("abs", Abs.tag)
