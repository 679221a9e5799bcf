"""Descriptors, nested fields of a format, patterns on sequences, wrapped functions."""

class Desc:
    def __get__(self, o, t=None): return 5
    def __set__(self, o, v): pass
    def __delete__(self, o): print('delete')
class A:
    x = Desc()
a=A(); del a.x

class NonData:
    def __get__(self, o, t): return ('nd', o is None, t.__name__)
class B: z = NonData()
b = B(); print(b.z, B.z); b.__dict__['z'] = 1; print(b.z)

class Base:
    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw); cls.tag = tag; print('init_sub', cls.__name__, tag, kw)
class S(Base, tag='t'): pass
class S2(S): pass
print(S.tag, S2.tag)
try:
    class S3(Base, foo=1): pass
except TypeError as e: print(e)

class G:
    def __getattr__(self, n):
        if n.startswith('dyn'): return n.upper()
        raise AttributeError(n)
    def __setattr__(self, n, v): object.__setattr__(self, n, ('set', v))
    def __delattr__(self, n): print('delattr', n)
    def __getattribute__(self, n): return object.__getattribute__(self, n)
    def __call__(self, *a): return a
    def __enter__(self): return 'e'
    def __exit__(self, *a): print('exit', a[0]); return True
    def __class_getitem__(cls, i): return ('cgi', i)
    def __dir__(self): return ['q']
g = G(); g.q = 1; print(g.q, g.dynx, g(1,2), G[int], dir(g)); del g.q
with g as e: raise KeyError('x')
try: g.nope
except AttributeError as e: print(repr(e))
class DD(dict):
    def __missing__(self, k): return 'm' + k
print(DD()['x'], DD(a=1)['a'], DD().get('x'))

print('{:>{}}'.format('a', 5))
print('{:{}}|{:{}{}}'.format('a', '>4', 'b', '^', 5))

import functools
def deco(f):
    @functools.wraps(f)
    def i(*x, **y): return f(*x, **y)
    return i
@deco
def f(a: int, b='x') -> str:
    "doc"
print(f.__annotations__, f.__name__, f.__dict__.keys(), f.__defaults__)

class Q:
    __match_args__ = ('a', 'b')
    def __init__(self, a, b): self.a=a; self.b=b
def m(v):
    match v:
        case Q(1, b=2): return 'Q12'
        case Q(a, b) if a == b: return 'Qeq'
        case int() | float() as n if n > 5: return f'num {n}'
        case bool(b): return f'bool {b}'
        case [1, 2, *rest]: return rest
        case (): return 'empty'
        case [*_, last]: return last
        case {'k': v, **rest}: return v, rest
        case -1.5: return 'neg'
        case _: return 'other'
for v in [Q(1,2),Q(5,5),Q(6,7),10,7.5,True,[1,2,3,4],[],[9,9,9],{'k':1,'z':2},-1.5,b'ab',{1,2},range(2)]:
    print(m(v))
try:
    match Q(1,2):
        case Q(1,2,3): pass
except TypeError as e: print(e)
try:
    match Q(1,2):
        case Q(1,a=1): pass
except TypeError as e: print(e)
match ('a', 1):
    case ('a' | 'b' as k, int(n)): print(k, n)
