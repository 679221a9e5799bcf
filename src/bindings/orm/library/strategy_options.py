"""Loader options: `joinedload()`, `load_only()` and the like."""

import _sqlalchemy_orm as _orm

from sqlalchemy import exc


class Step:
    """What one option says of one attribute: the path of attribute names, and the strategy."""

    def __init__(self, root, path, strategy, arguments=()):
        self.root = root
        self.path = path
        self.strategy = strategy
        self.arguments = arguments


class _AbstractLoad:
    """A chain of loader options; each method returns a longer one."""

    def __init__(self, root=None, steps=(), path=()):
        self.root = root
        self.steps = tuple(steps)
        self.path = tuple(path)

    def _longer(self, steps, path):
        return Load._of(self.root, self.steps + tuple(steps), path)

    def _relationship(self, strategy, attr, arguments=()):
        root, key, extra = _attribute(attr)
        if key == "*":
            return self._longer([Step(self.root, self.path + ("*",), strategy, arguments)], self.path)
        if self.root is None:
            self.root = root
        path = self.path + (key,)
        return self._longer([Step(self.root, path, strategy, tuple(arguments) + extra)], path)

    def _columns(self, strategy, attrs, arguments=()):
        steps = []
        keys = []
        root = self.root
        for attr in attrs:
            found, key, _ = _attribute(attr)
            root = root or found
            keys.append(key)
        if strategy == "load_only":
            steps.append(Step(root, self.path, "load_only", (tuple(keys),) + tuple(arguments)))
        else:
            for key in keys:
                steps.append(Step(root, self.path + (key,), strategy, arguments))
        made = self._longer(steps, self.path)
        made.root = root
        return made

    def joinedload(self, attr, innerjoin=None):
        return self._relationship("joined", attr)

    def selectinload(self, attr, recursion_depth=None, chunksize=None):
        return self._relationship("selectin", attr, (recursion_depth,))

    def subqueryload(self, attr):
        return self._relationship("selectin", attr)

    def immediateload(self, attr, recursion_depth=None):
        return self._relationship("selectin", attr, (recursion_depth,))

    def lazyload(self, attr):
        return self._relationship("select", attr)

    def noload(self, attr):
        return self._relationship("noload", attr)

    def raiseload(self, attr, sql_only=False):
        return self._relationship("raise_on_sql" if sql_only else "raise", attr)

    def contains_eager(self, attr, alias=None, _is_chain=False, _propagate_to_loaders=False):
        return self._relationship("contains_eager", attr, (alias,))

    def defaultload(self, attr):
        return self._relationship("default", attr)

    def load_only(self, *attrs, raiseload=False):
        return self._columns("load_only", attrs, (raiseload,))

    def defer(self, key, raiseload=False):
        return self._columns("defer", [key], (raiseload,))

    def undefer(self, key):
        return self._columns("undefer", [key])

    def undefer_group(self, name):
        return self._longer([Step(self.root, self.path, "undefer_group", (name,))], self.path)

    def options(self, *opts):
        steps = list(self.steps)
        for option in opts:
            for step in option.steps:
                steps.append(Step(self.root, self.path + step.path, step.strategy, step.arguments))
        return Load._of(self.root, steps, self.path)

    def with_expression(self, key, expression):
        _orm.unsupported("with_expression()")

    def selectin_polymorphic(self, classes):
        return self


class Load(_AbstractLoad):
    """`Load(Parent).joinedload(Parent.children)`."""

    def __init__(self, entity):
        super().__init__(entity)

    @classmethod
    def _of(cls, root, steps, path):
        made = cls.__new__(cls)
        made.root = root
        made.steps = tuple(steps)
        made.path = tuple(path)
        return made


def _attribute(attr):
    """The class, the name and the further criteria of an attribute that an option names."""
    if attr == "*" if isinstance(attr, str) else False:
        return None, "*", ()
    if isinstance(attr, str):
        raise exc.ArgumentError(
            "Strings are not accepted for attribute names in loader options; please use class-bound"
            " attributes directly."
        )
    parent, key, criteria = _orm_attribute(attr)
    return parent, key, criteria


def _orm_attribute(attr):
    from sqlalchemy.orm.util import RelationshipComparator
    if isinstance(attr, RelationshipComparator):
        return attr.entity, attr.key, tuple(attr.criteria and [attr.criteria] or [])
    if _orm.is_attribute(attr):
        return attr.class_, attr.key, ()
    found = _orm.alias_attribute(attr)
    if found is not None:
        return found[0], found[1], ()
    raise exc.ArgumentError(
        "expected ORM mapped attribute for loader strategy argument, got %r" % (attr,)
    )


def _chain(method):
    def option(*keys, **kw):
        made = Load._of(None, (), ())
        for key in keys:
            made = getattr(made, method)(key, **kw)
        return made
    option.__name__ = method
    return option


joinedload = _chain("joinedload")
selectinload = _chain("selectinload")
subqueryload = _chain("subqueryload")
immediateload = _chain("immediateload")
lazyload = _chain("lazyload")
noload = _chain("noload")
raiseload = _chain("raiseload")
contains_eager = _chain("contains_eager")
defaultload = _chain("defaultload")


def load_only(*attrs, raiseload=False):
    return Load._of(None, (), ()).load_only(*attrs, raiseload=raiseload)


def defer(key, *addl_attrs, raiseload=False):
    return Load._of(None, (), ()).defer(key, raiseload)


def undefer(key, *addl_attrs):
    return Load._of(None, (), ()).undefer(key)


def undefer_group(name):
    return Load._of(None, (), ()).undefer_group(name)


def with_expression(key, expression):
    _orm.unsupported("with_expression()")


def selectin_polymorphic(base_cls, classes):
    return Load(base_cls)


class LoaderCriteriaOption:
    """`with_loader_criteria()`."""

    def __init__(self, *args, **kw):
        _orm.unsupported("with_loader_criteria()")


with_loader_criteria = LoaderCriteriaOption


def steps_for(options, entity, class_):
    """The steps of a statement's options that concern an entity."""
    found = []
    for option in options:
        for step in getattr(option, "steps", ()):
            root = step.root
            if root is None or root is entity or (
                isinstance(root, type) and isinstance(entity, type)
                and (issubclass(class_, root) or issubclass(root, class_))
            ):
                found.append(step)
    return found


def strategy_of(steps, path, key):
    """The last strategy that options give an attribute: (strategy, arguments), or None."""
    found = None
    for step in steps:
        if step.path == path + (key,) and step.strategy not in ("load_only", "undefer_group"):
            found = (step.strategy, step.arguments)
        elif found is None and step.path == path + ("*",):
            found = (step.strategy, step.arguments)
    return found


def column_is_deferred(steps, path, attribute, primary_keys):
    """Whether a column is left out of a SELECT."""
    key = attribute.key
    if key in primary_keys:
        return False
    deferred = attribute.deferred
    for step in steps:
        if step.strategy == "load_only" and step.path == path:
            if key in step.arguments[0]:
                deferred = False
            else:
                deferred = True
        elif step.path == path + (key,) and step.strategy in ("defer", "undefer"):
            deferred = step.strategy == "defer"
        elif step.path == path + ("*",) and step.strategy in ("defer", "undefer"):
            deferred = step.strategy == "defer"
        elif step.strategy == "undefer_group" and step.path == path:
            if attribute.group == step.arguments[0]:
                deferred = False
    return deferred


def raises_on_load(steps, path, key):
    for step in steps:
        if step.strategy == "defer" and step.path == path + (key,) and step.arguments[0]:
            return True
        if step.strategy == "load_only" and step.path == path and step.arguments[1]:
            return key not in step.arguments[0]
    return False
