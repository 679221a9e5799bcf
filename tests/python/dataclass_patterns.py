from dataclasses import dataclass, field, KW_ONLY
@dataclass
class P:
    a: int
    b: int = 2
    c: list = field(default_factory=list, init=False)
    d: int = field(default=1, kw_only=True)
@dataclass(kw_only=True)
class Q:
    a: int
@dataclass(match_args=False)
class R:
    a: int
print(P.__match_args__, Q.__match_args__, hasattr(R,"__match_args__"))
match P(1):
    case P(a, b): print(a, b)
