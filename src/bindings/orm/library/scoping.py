"""`scoped_session`."""

import _sqlalchemy_orm as _orm

from sqlalchemy import exc


class QueryPropertyDescriptor:
    """`scoped_session.query_property()`: `Parent.query`."""

    def __init__(self, scoped, query_cls):
        self.scoped = scoped
        self.query_cls = query_cls

    def __get__(self, instance, owner):
        if _orm.mapped_class(owner) is None:
            return None
        if self.query_cls is not None:
            return self.query_cls([owner], self.scoped())
        return self.scoped().query(owner)


class scoped_session:
    """One session for all who ask, until it is removed."""

    def __init__(self, session_factory, scopefunc=None):
        self.session_factory = session_factory
        self._scopefunc = scopefunc
        self._by_scope = {}

    def _scope(self):
        return None if self._scopefunc is None else self._scopefunc()

    @property
    def registry(self):
        return self

    def has(self):
        return self._scope() in self._by_scope

    def __call__(self, **kw):
        scope = self._scope()
        if kw:
            if scope in self._by_scope:
                raise exc.InvalidRequestError(
                    "Scoped session is already present; no new arguments may be specified."
                )
            self._by_scope[scope] = self.session_factory(**kw)
        elif scope not in self._by_scope:
            self._by_scope[scope] = self.session_factory()
        return self._by_scope[scope]

    def remove(self):
        session = self._by_scope.pop(self._scope(), None)
        if session is not None:
            session.close()

    def configure(self, **kwargs):
        self.session_factory.configure(**kwargs)

    def query_property(self, query_cls=None):
        return QueryPropertyDescriptor(self, query_cls)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self(), name)

    def __setattr__(self, name, value):
        if name in ("bind", "autoflush", "info"):
            setattr(self(), name, value)
        else:
            object.__setattr__(self, name, value)

    def __contains__(self, instance):
        return instance in self()

    def __iter__(self):
        return iter(self())
