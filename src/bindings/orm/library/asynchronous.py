"""`sqlalchemy.ext.asyncio`: sessions and results that are awaited. Everything is done when it is asked for."""

from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.orm.scoping import scoped_session
from sqlalchemy.orm.session import Session, close_all_sessions, object_session

_NO_GREENLET = (
    "greenlet_spawn has not been called; can't call await_() here. Was IO attempted in an unexpected place?"
)

# The asynchronous session that a session belongs to.
_proxies = {}


class _Outside:
    """The connection of an asynchronous session that is asked for something without `await`."""

    def __init__(self, dialect):
        self.dialect = dialect

    def execute(self, statement, parameters=None, *args, **kw):
        compiled = statement.compile(dialect=self.dialect)
        error = exc.StatementError(
            "(sqlalchemy.exc.MissingGreenlet) %s\n[SQL: %s]\n[parameters: %r]"
            "\n(Background on this error at: https://sqlalche.me/e/21/xd2s)"
            % (_NO_GREENLET, compiled, [parameters if parameters else compiled.params])
        )
        error.orig = exc.MissingGreenlet(_NO_GREENLET)
        error.statement = str(compiled)
        raise error


def _spawning(session):
    """The methods of a session that reach the database only while something is awaited."""
    cls = type(session)
    made = cls.__dict__.get("_spawning_class")
    if made is None:
        class Spawning(cls):
            _awaited = 0

            def connection(self, *args, **kw):
                if not self._awaited:
                    return _Outside(self.get_bind().dialect)
                return super().connection(*args, **kw)

        Spawning.__name__, Spawning.__qualname__ = cls.__name__, cls.__qualname__
        Spawning.__module__ = cls.__module__
        made = cls._spawning_class = Spawning
    session.__class__ = made
    return session


def _synchronous(bind):
    if isinstance(bind, AsyncEngine):
        return bind.sync_engine
    if isinstance(bind, AsyncConnection):
        return bind.sync_connection
    if bind is not None:
        raise exc.ArgumentError("AsyncEngine expected, got %r" % (bind,))
    return None


class AsyncSessionTransaction:
    """`async with session.begin()`, or `await session.begin()`."""

    def __init__(self, session, nested=False):
        self.session = session
        self.nested = nested
        self.sync_transaction = None

    @property
    def is_active(self):
        return self.sync_transaction is not None and self.sync_transaction.is_active

    async def start(self, is_ctxmanager=False):
        begin = self.session.sync_session.begin_nested if self.nested else self.session.sync_session.begin
        self.sync_transaction = self.session._spawn(begin)
        return self

    def _started(self):
        if self.sync_transaction is None:
            from sqlalchemy.ext.asyncio.exc import AsyncContextNotStarted
            raise AsyncContextNotStarted(
                "AsyncSessionTransaction context has not been started and object has not been awaited."
            )
        return self.sync_transaction

    async def commit(self):
        self.session._spawn(self._started().commit)

    async def rollback(self):
        self.session._spawn(self._started().rollback)

    def __await__(self):
        return self.start().__await__()

    async def __aenter__(self):
        return await self.start(is_ctxmanager=True)

    async def __aexit__(self, kind, value, traceback):
        self.session._spawn(self._started().__exit__, kind, value, traceback)


def _awaited(name):
    async def method(self, *args, **kw):
        return self._spawn(getattr(self.sync_session, name), *args, **kw)

    method.__name__ = name
    method.__qualname__ = "AsyncSession." + name
    return method


def _passed(name):
    def method(self, *args, **kw):
        return getattr(self.sync_session, name)(*args, **kw)

    method.__name__ = name
    method.__qualname__ = "AsyncSession." + name
    return method


def _attribute(name, settable=False):
    def setter(self, value):
        setattr(self.sync_session, name, value)

    return property(lambda self: getattr(self.sync_session, name), setter if settable else None)


class AsyncSession:
    """`sqlalchemy.ext.asyncio.AsyncSession`."""

    sync_session_class = Session

    def __init__(self, bind=None, *, binds=None, sync_session_class=None, **kw):
        self.bind = bind
        self.binds = binds
        given = None if binds is None else {key: _synchronous(value) for key, value in binds.items()}
        factory = sync_session_class or self.sync_session_class
        self.sync_session = _spawning(factory(bind=_synchronous(bind), binds=given, **kw))
        _proxies[id(self.sync_session)] = self

    def __class_getitem__(cls, item):
        return cls

    def _spawn(self, function, *args, **kw):
        session = self.sync_session
        session._awaited += 1
        try:
            return function(*args, **kw)
        finally:
            session._awaited -= 1

    async def refresh(self, instance, attribute_names=None, with_for_update=None):
        self._spawn(
            self.sync_session.refresh, instance, attribute_names=attribute_names, with_for_update=with_for_update
        )

    async def run_sync(self, fn, *arg, **kw):
        return self._spawn(fn, self.sync_session, *arg, **kw)

    async def delete(self, instance):
        self._spawn(self.sync_session.delete, instance)

    async def delete_all(self, instances):
        for instance in instances:
            self._spawn(self.sync_session.delete, instance)

    async def connection(self, bind_arguments=None, execution_options=None, **kw):
        made = self._spawn(self.sync_session.connection)
        return AsyncConnection._retrieve_proxy_for_target(made)

    async def stream(self, statement, params=None, *, execution_options=None, bind_arguments=None, **kw):
        result = await self.execute(statement, params, execution_options=execution_options)
        return AsyncResult(result)

    async def stream_scalars(self, statement, params=None, *, execution_options=None, bind_arguments=None, **kw):
        result = await self.stream(statement, params, execution_options=execution_options)
        return result.scalars()

    async def aclose(self):
        await self.close()

    def begin(self):
        return AsyncSessionTransaction(self)

    def begin_nested(self):
        return AsyncSessionTransaction(self, nested=True)

    def _transaction(self, found, nested):
        if found is None:
            return None
        transaction = AsyncSessionTransaction(self, nested)
        transaction.sync_transaction = found
        return transaction

    def get_transaction(self):
        return self._transaction(self.sync_session.get_transaction(), False)

    def get_nested_transaction(self):
        return self._transaction(self.sync_session.get_nested_transaction(), True)

    @classmethod
    async def close_all(cls):
        close_all_sessions()

    @classmethod
    def object_session(cls, instance):
        return object_session(instance)

    @classmethod
    def identity_key(cls, *args, **kw):
        return Session.identity_key(*args, **kw)

    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, value, traceback):
        await self.close()

    def __contains__(self, instance):
        return instance in self.sync_session

    def __iter__(self):
        return iter(self.sync_session)

    execute = _awaited("execute")
    scalar = _awaited("scalar")
    scalars = _awaited("scalars")
    get = _awaited("get")
    get_one = _awaited("get_one")
    merge = _awaited("merge")
    merge_all = _awaited("merge_all")
    flush = _awaited("flush")
    commit = _awaited("commit")
    rollback = _awaited("rollback")
    close = _awaited("close")
    reset = _awaited("reset")
    invalidate = _awaited("invalidate")

    add = _passed("add")
    add_all = _passed("add_all")
    expire = _passed("expire")
    expire_all = _passed("expire_all")
    expunge = _passed("expunge")
    expunge_all = _passed("expunge_all")
    get_bind = _passed("get_bind")
    in_nested_transaction = _passed("in_nested_transaction")
    in_transaction = _passed("in_transaction")
    is_modified = _passed("is_modified")

    autoflush = _attribute("autoflush", settable=True)
    deleted = _attribute("deleted")
    dirty = _attribute("dirty")
    identity_map = _attribute("identity_map")
    info = _attribute("info")
    is_active = _attribute("is_active")
    new = _attribute("new")
    no_autoflush = _attribute("no_autoflush")


class _SessionContext:
    """`async with maker.begin() as session`."""

    def __init__(self, session):
        self.session = session
        self.transaction = None

    async def __aenter__(self):
        self.transaction = self.session.begin()
        await self.transaction.__aenter__()
        return self.session

    async def __aexit__(self, kind, value, traceback):
        try:
            await self.transaction.__aexit__(kind, value, traceback)
        finally:
            await self.session.__aexit__(kind, value, traceback)


class async_sessionmaker:
    """A factory of asynchronous sessions with the same arguments."""

    def __init__(self, bind=None, *, class_=AsyncSession, autoflush=True, expire_on_commit=True, info=None, **kw):
        kw["bind"] = bind
        kw["autoflush"] = autoflush
        kw["expire_on_commit"] = expire_on_commit
        if info is not None:
            kw["info"] = info
        self.kw = kw
        self.class_ = type(class_.__name__, (class_,), {"__module__": class_.__module__})

    def __class_getitem__(cls, item):
        return cls

    def begin(self):
        return _SessionContext(self())

    def __call__(self, **local_kw):
        for key, value in self.kw.items():
            if key == "info" and "info" in local_kw:
                local_kw["info"] = dict(value, **local_kw["info"])
            else:
                local_kw.setdefault(key, value)
        return self.class_(**local_kw)

    def configure(self, **new_kw):
        self.kw.update(new_kw)

    def __repr__(self):
        return "%s(class_=%r, %s)" % (
            type(self).__name__, self.class_.__name__,
            ", ".join("%s=%r" % item for item in self.kw.items()),
        )


class async_scoped_session(scoped_session):
    """One asynchronous session for all who ask in one scope."""

    def __init__(self, session_factory, scopefunc):
        super().__init__(session_factory, scopefunc)

    def __class_getitem__(cls, item):
        return cls

    async def remove(self):
        session = self._by_scope.pop(self._scope(), None)
        if session is not None:
            await session.close()


def async_session(session):
    """The asynchronous session of a session, if it has one."""
    return _proxies.get(id(session))


def async_object_session(instance):
    """The asynchronous session of an instance."""
    session = object_session(instance)
    return None if session is None else async_session(session)


class AwaitableAttributes:
    """`instance.awaitable_attrs`: each attribute is loaded when it is awaited."""

    def __init__(self, instance):
        self._instance = instance

    def __getattr__(self, name):
        return self._load(name)

    async def _load(self, name):
        session = async_object_session(self._instance)
        if session is None:
            return getattr(self._instance, name)
        return session._spawn(getattr, self._instance, name)


class _Streamed:
    """What the asynchronous results share: they are read by `await` and `async for`."""

    def __init__(self, result):
        self._result = result

    def unique(self, strategy=None):
        self._result = self._result.unique(strategy)
        return self

    async def close(self):
        self._result.close()

    @property
    def closed(self):
        return self._result.closed

    async def all(self):
        return self._result.all()

    async def fetchall(self):
        return self._result.fetchall()

    async def fetchmany(self, size=None):
        return self._result.fetchmany(size)

    async def first(self):
        return self._result.first()

    async def one(self):
        return self._result.one()

    async def one_or_none(self):
        return self._result.one_or_none()

    async def partitions(self, size=None):
        for partition in self._result.partitions(size):
            yield partition

    def __aiter__(self):
        return self

    async def __anext__(self):
        for row in self._result:
            return row
        raise StopAsyncIteration


class _StreamedRows(_Streamed):
    def keys(self):
        return self._result.keys()

    def columns(self, *col_expressions):
        self._result = self._result.columns(*col_expressions)
        return self

    async def fetchone(self):
        return self._result.fetchone()


class AsyncResult(_StreamedRows):
    """Rows that are read one after the other."""

    def mappings(self):
        return AsyncMappingResult(self._result.mappings())

    def scalars(self, index=0):
        return AsyncScalarResult(self._result.scalars(index))

    def tuples(self):
        return self

    @property
    def t(self):
        return self

    async def scalar(self):
        return self._result.scalar()

    async def scalar_one(self):
        return self._result.scalar_one()

    async def scalar_one_or_none(self):
        return self._result.scalar_one_or_none()


class AsyncScalarResult(_Streamed):
    """The first column of rows."""


class AsyncMappingResult(_StreamedRows):
    """Rows as mappings."""


class Started:
    """`conn.stream()`: awaited, or used by `async with`, it is the result."""

    def __init__(self, result):
        self._result = result

    def __await__(self):
        return self._start().__await__()

    async def _start(self):
        return self._result

    async def __aenter__(self):
        return self._result

    async def __aexit__(self, kind, value, traceback):
        await self._result.close()


for _class in (
    AsyncMappingResult, AsyncResult, AsyncScalarResult, AsyncSession, AsyncSessionTransaction, async_scoped_session,
    async_sessionmaker,
):
    if "Result" in _class.__name__:
        _class.__module__ = "sqlalchemy.ext.asyncio.result"
    elif "scoped" in _class.__name__:
        _class.__module__ = "sqlalchemy.ext.asyncio.scoping"
    else:
        _class.__module__ = "sqlalchemy.ext.asyncio.session"
