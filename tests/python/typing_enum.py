from __future__ import annotations
import enum
from enum import Enum, IntEnum, StrEnum, auto, Flag
import typing
from typing import Optional, Union, List, Dict, Any, Annotated, Literal, TypeVar, Generic, NewType, Callable, ClassVar, NamedTuple, cast, get_args, get_origin, TYPE_CHECKING
from collections.abc import Sequence, Mapping, Iterable
import collections.abc
class Color(Enum):
    RED = "r"
    GREEN = "g"
    ALIAS = "r"
    def hello(self):
        return self.name + "!"
    @classmethod
    def default(cls):
        return cls.RED
print(Color.RED, repr(Color.RED), Color("g"), Color["RED"], list(Color), len(Color), Color.RED.name, Color.RED.value, Color.ALIAS is Color.RED)
print(Color.RED.hello(), Color.default(), Color.RED == Color.GREEN, Color.RED in Color, isinstance(Color.RED, Color), Color)
print(f"{Color.RED}", "%s" % Color.RED, {Color.RED: 1}[Color.ALIAS], Color.__members__)
try:
    Color("x")
except ValueError as e:
    print(e)
try:
    Color["nope"]
except KeyError as e:
    print(repr(e))
class S(str, Enum):
    A = "a"
    B = "b"
print(S.A, repr(S.A), S.A == "a", S.A.upper(), f"{S.A}", S("b"), "x" + S.A, [s.value for s in S], isinstance(S.A, str))
class N(IntEnum):
    ONE = 1
    TWO = auto()
print(N.ONE, repr(N.TWO), N.TWO + 1, N.ONE < N.TWO, f"{N.TWO:03d}", sorted([N.TWO, N.ONE]), int(N.TWO))
class T(StrEnum):
    FIRST = auto()
    SECOND = "zwei"
print(T.FIRST, repr(T.FIRST), T.SECOND, T.FIRST == "first")
class P(Flag):
    R = auto()
    W = auto()
    X = auto()
print(P.R | P.W, P.R in (P.R | P.W), (P.R | P.W).value, bool(P.R & P.W), repr(P.R))
class Planet(Enum):
    EARTH = (1, 2)
    MARS = (3, 4)
    def __init__(self, mass, radius):
        self.mass = mass
        self.radius = radius
print(Planet.EARTH.mass, Planet.MARS.radius, Planet.EARTH.value)
F = Enum("F", "a b c")
print(list(F), F.b.value, F)
G = Enum("G", {"x": 5})
print(G.x.value)
print(Optional[int], Union[int, str, None], List[str], Dict[str, Any], int | None, list[int], dict[str, list[int]], Literal["a", 1], Annotated[int, "x"], Callable[[int], str])
print(Optional["X"], Union[int, int], typing.Tuple[int, ...], ClassVar[int], Sequence[int], typing.Sequence[int])
print(get_args(Optional[int]), get_origin(List[int]), get_args(Dict[str, int]), get_origin(int | str), get_args(Annotated[int, 5]), TYPE_CHECKING)
TV = TypeVar("TV")
class Box(Generic[TV]):
    def __init__(self, v):
        self.v = v
print(Box[int], Box(3).v, TV, Box[int](4).v)
UserId = NewType("UserId", int)
print(UserId(5), cast(int, "x"))
class Pt(NamedTuple):
    x: int
    y: int = 5
p = Pt(1)
print(p, p.x, p[1], p._asdict(), p == (1, 5), p._replace(x=9), Pt._fields, len(p))
a, b = p
print(a, b)
print(isinstance([], Sequence), isinstance({}, Mapping), isinstance("", Iterable), isinstance(5, Iterable), isinstance(print, collections.abc.Callable))
class Model:
    x: int
    y: Optional[str] = None
print(Model.__annotations__, typing.get_type_hints(Model))
print(isinstance(5, int | str), Optional[int] == Union[None, int], Optional[int] == (int | None))
def ff(a: int, b: str = "x") -> None: ...
print(ff.__annotations__)
@enum.unique
class U(Enum):
    A = 1
print(U.A, type(U.A), type(U))
