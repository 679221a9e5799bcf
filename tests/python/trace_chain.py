def inner(x):
    return 1 / x
def middle():
    try:
        inner(0)
    except ZeroDivisionError as error:
        raise ValueError("bad value") from error
def outer(*args):
    value = {"a": [1, 2, middle()]}
    return value
outer(
    1,
    2,
)
