"""Listeners of mapped classes, their attributes and sessions."""

import enum

import _sqlalchemy_orm as _orm

from sqlalchemy import exc

MAPPER_EVENTS = (
    "before_insert", "after_insert", "before_update", "after_update", "before_delete",
    "after_delete",
)
CONFIGURE_EVENTS = ("mapper_configured", "before_configured", "after_configured")
INSTANCE_EVENTS = ("init", "load", "refresh", "expire")
ATTRIBUTE_EVENTS = ("set", "append", "remove", "append_wo_mutation", "bulk_replace", "modified",
                    "init_scalar")
SESSION_EVENTS = (
    "before_flush", "after_flush", "after_flush_postexec", "before_commit", "after_commit",
    "after_rollback", "after_soft_rollback", "after_begin", "before_attach", "after_attach",
    "after_transaction_create", "after_transaction_end", "do_orm_execute", "after_bulk_update",
    "after_bulk_delete", "transient_to_pending", "pending_to_transient", "pending_to_persistent",
    "persistent_to_transient", "persistent_to_deleted", "deleted_to_persistent",
    "deleted_to_detached", "persistent_to_detached", "detached_to_persistent",
    "loaded_as_persistent",
)
# Events that the real library has and that nothing here raises.
REFUSED_EVENTS = (
    "pickle", "unpickle", "first_init", "init_failure", "refresh_flush", "init_collection", "dispose_collection",
    "instrument_class", "before_mapper_configured", "after_mapper_constructed", "class_instrument",
    "class_uninstrument", "attribute_instrument", "before_compile", "before_compile_update",
    "before_compile_delete",
)

_listeners = []


class Listener:
    """One function that was registered for an event."""

    def __init__(self, target, name, function, keywords):
        self.target = target
        self.name = name
        self.function = function
        self.retval = bool(keywords.pop("retval", False))
        self.propagate = bool(keywords.pop("propagate", False))
        self.raw = bool(keywords.pop("raw", False))
        self.named = bool(keywords.pop("named", False))
        self.once = bool(keywords.pop("once", False))
        self.first = bool(keywords.pop("insert", False))
        self.active_history = bool(keywords.pop("active_history", False))
        self.include_key = bool(keywords.pop("include_key", False))
        keywords.pop("restore_load_context", None)
        for keyword in keywords:
            raise TypeError("listen() got an unexpected keyword argument %r" % keyword)
        self.done = False

    def __call__(self, names, values):
        if self.once:
            if self.done:
                return None
            self.done = True
        if self.named:
            return self.function(**dict(zip(names, values)))
        return self.function(*values)


def _no_such_event(target, name):
    raise exc.InvalidRequestError("No such event '%s' for target '%s'" % (name, target))


def is_target(target):
    """Whether an event's target is one of the ORM's."""
    from sqlalchemy.orm import session
    if isinstance(target, type):
        return _orm.is_orm_class(target) or issubclass(
            target, (session.Session, session.sessionmaker, session.scoped_session)
        ) or _orm.may_be_mapped(target)
    return isinstance(
        target, (session.Session, session.sessionmaker, session.scoped_session)
    ) or _orm.is_orm_target(target)


def listen(target, name, function, keywords):
    from sqlalchemy.orm import session
    kind = _kind(target)
    known = {
        "attribute": ATTRIBUTE_EVENTS,
        "session": SESSION_EVENTS,
        "mapper": MAPPER_EVENTS + CONFIGURE_EVENTS + INSTANCE_EVENTS,
    }[kind]
    if name in REFUSED_EVENTS:
        _orm.unsupported("the event %r" % name)
    if name not in known:
        _no_such_event(target, name)
    if isinstance(target, session.sessionmaker):
        target = target.class_
    elif isinstance(target, session.scoped_session):
        target = target.session_factory
        if isinstance(target, session.sessionmaker):
            target = target.class_
    elif kind == "mapper" and not isinstance(target, type):
        target = target.class_
    elif kind == "attribute":
        target = (target.class_, target.key)
    if name == "init":
        _tell_of_init(target)
    listener = Listener(target, name, function, dict(keywords))
    if listener.first:
        _listeners.insert(0, listener)
    else:
        _listeners.append(listener)


_told = []


def _tell_of_init(class_):
    """Has `__init__` of a mapped class tell of itself, once."""
    if not _orm.is_mapped_class(class_):
        _orm.unsupported("the event 'init' of something else than one mapped class")
    if class_ in _told:
        return
    _told.append(class_)
    original = class_.__init__

    def __init__(self, *args, **kwargs):
        from sqlalchemy.orm.state import instance_state
        state = instance_state(self)
        if type(self) is class_:
            state.mapping.events.init(state, args, kwargs)
        original(self, *args, **kwargs)

    class_.__init__ = __init__


def _kind(target):
    from sqlalchemy.orm import session
    sessions = (session.Session, session.sessionmaker, session.scoped_session)
    if isinstance(target, type):
        return "session" if issubclass(target, sessions) else "mapper"
    if isinstance(target, sessions):
        return "session"
    return "attribute" if _orm.is_attribute(target) else "mapper"


def _same_target(one, other):
    if isinstance(one, tuple) or isinstance(other, tuple):
        return isinstance(one, tuple) and isinstance(other, tuple) and (
            one[0] is other[0] and one[1] == other[1]
        )
    return one is other


def _find(target, name, function):
    if _orm.is_attribute(target):
        target = (target.class_, target.key)
    elif not isinstance(target, type) and hasattr(target, "class_"):
        target = target.class_
    for listener in _listeners:
        if listener.name == name and listener.function is function:
            if _same_target(listener.target, target):
                return listener
    return None


def contains(target, name, function):
    return _find(target, name, function) is not None


def remove(target, name, function):
    found = _find(target, name, function)
    if found is None:
        raise exc.InvalidRequestError(
            "No listeners found for event %s / %r / %s " % (target, name, function)
        )
    _listeners.remove(found)


class AttributeEventToken:
    """What set off a change: the `initiator` of attribute events."""

    def __init__(self, key, op):
        self.key = key
        self.op = op

    @property
    def parent_token(self):
        return self


class AttributeEvent(enum.Enum):
    OP_REMOVE = 1
    OP_APPEND = 2
    OP_REPLACE = 3
    OP_BULK_REPLACE = 4


class MappingEvents:
    """The events of one mapped class."""

    def __init__(self, mapping):
        self.mapping = mapping

    def of(self, name):
        if not _listeners:
            return []
        class_ = self.mapping.class_
        found = []
        for listener in _listeners:
            if listener.name == name and isinstance(listener.target, type):
                target = listener.target
                if target is class_ or _orm.is_orm_class(target):
                    found.append(listener)
                elif issubclass(class_, target):
                    if listener.propagate or not _orm.is_mapped_class(target):
                        found.append(listener)
        return found

    def of_attribute(self, key, name):
        if not _listeners:
            return []
        class_ = self.mapping.class_
        return [
            listener
            for listener in _listeners
            if listener.name == name
            and isinstance(listener.target, tuple)
            and listener.target[1] == key
            and (listener.target[0] is class_
                 or (listener.propagate and issubclass(class_, listener.target[0])))
        ]

    def persist(self, name, connection, state):
        """`before_insert` and the like."""
        for listener in self.of(name):
            target = state if listener.raw else state.obj()
            listener(
                ("mapper", "connection", "target"),
                (self.mapping.class_.__mapper__, connection, target),
            )

    def configured(self):
        for listener in self.of("mapper_configured"):
            listener(("mapper", "class_"), (self.mapping.class_.__mapper__, self.mapping.class_))

    def _instance(self, name, state, names, values):
        for listener in self.of(name):
            target = state if listener.raw else state.obj()
            listener(("target",) + names, (target,) + values)

    def init(self, state, args, kwargs):
        self._instance("init", state, ("args", "kwargs"), (args, kwargs))

    def load(self, state, context):
        for function in self.mapping.reconstructors:
            function(state.obj())
        self._instance("load", state, ("context",), (context,))

    def refresh(self, state, context, keys):
        self._instance("refresh", state, ("context", "attrs"), (context, keys))

    def expire(self, state, keys):
        if _listeners:
            self._instance("expire", state, ("attrs",), (keys,))

    def validated(self, state, key, value, removal=False, initiator=None):
        """A value after `@validates`."""
        found = self.mapping.validators.get(key)
        if found is None:
            return value
        function, options = found
        if not options.get("include_backrefs", True) and initiator is not None:
            if initiator.key != key:
                return value
        if options.get("include_removes"):
            result = function(state.obj(), key, value, removal)
        elif removal:
            return value
        else:
            result = function(state.obj(), key, value)
        return value if removal else result

    def changed(self, name, state, key, value, old, initiator):
        """`set`, `append` and `remove`; the value that a listener with retval returns."""
        if name != "remove":
            value = self.validated(state, key, value, False, initiator)
        else:
            self.validated(state, key, value, True, initiator)
        for listener in self.of_attribute(key, name):
            target = state if listener.raw else state.obj()
            names, values = ("target", "value"), (target, value)
            if name == "set":
                names, values = names + ("oldvalue",), values + (old,)
            names, values = names + ("initiator",), values + (initiator,)
            if listener.include_key:
                result = listener.function(*values, key=key)
            else:
                result = listener(names, values)
            if listener.retval and name != "remove":
                value = result
        if name == "append":
            for listener in self.of_attribute(key, "append_wo_mutation"):
                target = state if listener.raw else state.obj()
                listener(("target", "value", "initiator"), (target, value, initiator))
        return value

    def bulk_replace(self, state, key, values, initiator):
        for listener in self.of_attribute(key, "bulk_replace"):
            target = state if listener.raw else state.obj()
            listener(("target", "values", "initiator"), (target, values, initiator))

    def modified(self, state, key, initiator):
        for listener in self.of_attribute(key, "modified"):
            target = state if listener.raw else state.obj()
            listener(("target", "initiator"), (target, initiator))

    def initial(self, state, key):
        """The value that `init_scalar` listeners give an attribute that was never set."""
        value = None
        for listener in self.of_attribute(key, "init_scalar"):
            target = state if listener.raw else state.obj()
            result = listener(
                ("target", "value", "dict_"), (target, value, state.obj().__dict__)
            )
            if listener.retval:
                value = result
        return value

    def wants_history(self, key):
        return any(
            listener.active_history
            for name in ATTRIBUTE_EVENTS
            for listener in self.of_attribute(key, name)
        )


SESSION_ARGUMENTS = {
    "before_flush": ("session", "flush_context", "instances"),
    "after_flush": ("session", "flush_context"),
    "after_flush_postexec": ("session", "flush_context"),
    "before_commit": ("session",),
    "after_commit": ("session",),
    "after_rollback": ("session",),
    "after_soft_rollback": ("session", "previous_transaction"),
    "after_begin": ("session", "transaction", "connection"),
    "after_transaction_create": ("session", "transaction"),
    "after_transaction_end": ("session", "transaction"),
    "do_orm_execute": ("orm_execute_state",),
    "after_bulk_update": ("update_context",),
    "after_bulk_delete": ("delete_context",),
}


def has_session_listeners(session, name):
    return bool(_listeners) and bool(_session_listeners(session, name))


def _session_listeners(session, name):
    return [
        listener
        for listener in _listeners
        if listener.name == name
        and (listener.target is session
             or (isinstance(listener.target, type) and isinstance(session, listener.target)))
    ]


def notify_session(session, name, *values):
    """Calls the listeners of a session's event."""
    if not _listeners:
        return
    for listener in _session_listeners(session, name):
        names = SESSION_ARGUMENTS.get(name, ("session", "instance"))
        given = values
        if names == ("session", "instance") and not listener.raw:
            given = (values[0], values[1].obj())
        listener(names, given)


def before_configured():
    for listener in list(_listeners):
        if listener.name == "before_configured":
            listener((), ())


def after_configured():
    for listener in list(_listeners):
        if listener.name == "after_configured":
            listener((), ())
