import functools
def deco(fn):
    @functools.wraps(fn)
    def wrapper(*a, **k):
        return fn(*a, **k)
    return wrapper
@deco
def work(items):
    total = sum(x for x in items)
    values = [y + 1 for y in items if y]
    return total + values[10]
def reraise():
    try:
        work([1, 2])
    except IndexError:
        raise
reraise()
