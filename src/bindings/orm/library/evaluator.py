"""Conditions and values of UPDATE and DELETE, computed on the instances of a session."""

import operator

import _sqlalchemy_orm as _orm

from sqlalchemy import exc


class UnevaluatableError(exc.InvalidRequestError):
    """The expression is for the database alone."""


class _Expired:
    """In place of a value that is not loaded."""


EXPIRED = _Expired()

_OPERATORS = {
    "eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "le": operator.le, "gt": operator.gt,
    "ge": operator.ge, "is_": operator.eq, "is_not": operator.ne, "add": operator.add,
    "sub": operator.sub, "mul": operator.mul, "truediv": operator.truediv, "mod": operator.mod,
    "concat_op": operator.add,
    "in_op": lambda value, items: value in items,
    "not_in_op": lambda value, items: value not in items,
}
_NUMBERS_ONLY = ("add", "sub", "mul", "truediv", "mod")


def evaluator(mapping, clause):
    """A function that computes a clause on an instance of a mapped class; True, False, None, a
    value, or EXPIRED where it needs what is not loaded."""
    kind, *parts = _orm.clause_parts(clause)
    if kind == "value":
        return lambda state: parts[0]
    if kind == "column":
        return _column(mapping, parts[0])
    if kind == "list":
        return _list(parts[0], [evaluator(mapping, part) for part in parts[1]])
    if kind == "not":
        return _inverted(evaluator(mapping, parts[0]))
    if kind == "binary":
        name, left, right, numbers = parts
        if name in _NUMBERS_ONLY and not numbers:
            raise UnevaluatableError('Cannot evaluate math operator "%s"' % name)
        return _binary(name, evaluator(mapping, left), evaluator(mapping, right))
    raise UnevaluatableError("Cannot evaluate %s" % parts[0])


def condition(mapping, clauses):
    """A function that says whether all clauses hold for an instance, None where that is unknown."""
    return _list("and_", [evaluator(mapping, clause) for clause in clauses])


def _column(mapping, column):
    key = mapping.key_by_column.get(column)
    if key is None:
        raise UnevaluatableError("Cannot evaluate column: %s" % column)

    def value(state):
        values = state.dict
        if key in values:
            found = values[key]
            return EXPIRED if _orm.is_expression(found) else found
        if key in state.never_set:
            return None
        return EXPIRED

    return value


def _list(name, parts):
    def both(state):
        for part in parts:
            value = part(state)
            if value is EXPIRED:
                return EXPIRED
            if not value:
                return None if value is None else False
        return True

    def either(state):
        unknown = False
        for part in parts:
            value = part(state)
            if value is EXPIRED:
                return EXPIRED
            if value:
                return True
            unknown = unknown or value is None
        return None if unknown else False

    def together(state):
        values = [part(state) for part in parts]
        if any(value is EXPIRED for value in values):
            return EXPIRED
        return None if any(value is None for value in values) else tuple(values)

    found = {"and_": both, "or_": either, "comma_op": together}.get(name)
    if found is None:
        raise UnevaluatableError("Cannot evaluate clauselist with operator %s" % name)
    return found


def _inverted(part):
    def value(state):
        found = part(state)
        return found if found is EXPIRED or found is None else not found

    return value


def _binary(name, left, right):
    compute = _OPERATORS[name]
    takes_none = name in ("is_", "is_not")

    def value(state):
        one, other = left(state), right(state)
        if one is EXPIRED or other is EXPIRED:
            return EXPIRED
        if not takes_none and (one is None or other is None):
            return None
        return compute(one, other)

    return value
