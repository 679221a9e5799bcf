"""Copies of objects."""


def copy(x):
    if hasattr(x, "__copy__"):
        return x.__copy__()
    if isinstance(x, (list, dict, set)):
        return x.copy()
    if hasattr(x, "__dict__") and not isinstance(x, type) and not callable(x):
        made = object.__new__(type(x))
        made.__dict__.update(x.__dict__)
        return made
    return x


def deepcopy(x, memo=None):
    memo = {} if memo is None else memo
    if id(x) in memo:
        return memo[id(x)]
    if hasattr(x, "__deepcopy__"):
        return x.__deepcopy__(memo)
    if isinstance(x, list):
        made = memo[id(x)] = []
        made.extend(deepcopy(item, memo) for item in x)
        return made
    if isinstance(x, tuple):
        return tuple(deepcopy(item, memo) for item in x)
    if isinstance(x, dict):
        made = memo[id(x)] = {}
        for key, value in x.items():
            made[deepcopy(key, memo)] = deepcopy(value, memo)
        return made
    if isinstance(x, set):
        return {deepcopy(item, memo) for item in x}
    return copy(x)


class Error(Exception):
    pass
