"""Tracebacks as text: only the last line, since frames are the interpreter's own."""


def format_exception_only(kind, value=None):
    value = kind if value is None else value
    text = str(value)
    name = type(value).__name__
    return [f"{name}: {text}\n" if text else f"{name}\n"]


def format_exc(limit=None, chain=True):
    import sys

    value = sys.exc_info()[1]
    return "NoneType: None\n" if value is None else "".join(format_exception_only(value))


def format_exception(kind, value=None, tb=None):
    return format_exception_only(kind, value)


def print_exc(limit=None, file=None, chain=True):
    import sys

    print(format_exc(), end="", file=file or sys.stderr)


def format_stack():
    return []
