"""`Session`, `sessionmaker`, `scoped_session`: the unit of work and its transaction."""

import contextlib

import _sqlalchemy_orm as _orm

from sqlalchemy import exc
from sqlalchemy.orm import exc as orm_exc
from sqlalchemy.orm import loading, persistence
from sqlalchemy.orm.context import StatementExecution
from sqlalchemy.orm.attributes import set_loaded
from sqlalchemy.orm.events import notify_session
from sqlalchemy.orm.identity import IdentityMap
from sqlalchemy.orm.mapping import ensure_configured
from sqlalchemy.orm.membership import SessionMembership
from sqlalchemy.orm.scoping import scoped_session
from sqlalchemy.orm.state import NO_VALUE, mapped_state
from sqlalchemy.orm.strategy_options import strategy_of
from sqlalchemy.orm.transaction import SessionTransactions
from sqlalchemy.orm.unitofwork import UOWTransaction
from sqlalchemy.orm.util import entity_mapping, identity_key

_sessions = []


class _Context:
    """`context` of the `load` event."""

    def __init__(self, session):
        self.session = session


class Session(SessionTransactions, SessionMembership):
    """`sqlalchemy.orm.Session`."""

    def __init__(self, bind=None, *, autoflush=True, future=True, expire_on_commit=True,
                 autobegin=True, twophase=False, binds=None, enable_baked_queries=True, info=None,
                 query_cls=None, autocommit=False,
                 join_transaction_mode="conditional_savepoint", close_resets_only=None,
                 execution_options=None):
        if autocommit:
            raise exc.ArgumentError("autocommit=True is no longer supported")
        if not future:
            raise exc.ArgumentError(
                "The 'future' parameter passed to Session() may only be set to True."
            )
        for name, value in (("twophase", twophase), ("query_cls", query_cls)):
            if value:
                _orm.unsupported("%s of a session" % name)
        if join_transaction_mode not in (
            "conditional_savepoint", "rollback_only", "control_fully", "create_savepoint"
        ):
            raise exc.ArgumentError(
                "invalid selection for join_transaction_mode: \"%s\"" % join_transaction_mode
            )
        _orm.check_bind(bind)
        self.bind = bind
        self.binds = dict(binds or {})
        self.autoflush = autoflush
        self.autobegin = autobegin
        self.expire_on_commit = expire_on_commit
        self.join_transaction_mode = join_transaction_mode
        self.info = dict(info or {})
        self.execution_options = dict(execution_options or {})
        self.identity_map = IdentityMap()
        self._self_reference = _orm.ref(self)
        self._new = {}
        self._deleted = {}
        self._modified = {}
        self._transaction = None
        self._flushing = False
        self._autoflushing = False
        self._order = 0
        self._context = _Context(self)
        # `close_resets_only=False`: a session that was closed is not used again.
        self._closes_for_good = close_resets_only is False
        self._closed = False
        _sessions.append(self._self_reference)

    # Loading

    @property
    @contextlib.contextmanager
    def no_autoflush(self):
        before = self.autoflush
        self.autoflush = False
        try:
            yield self
        finally:
            self.autoflush = before

    def _autoflush(self):
        if self.autoflush and not self._flushing:
            self._autoflushing = True
            try:
                self.flush()
            except exc.StatementError as error:
                error.args = (
                    "(raised as a result of Query-invoked autoflush; consider using a"
                    " session.no_autoflush block if this flush is occurring prematurely)\n"
                    + str(error),
                )
                raise
            finally:
                self._autoflushing = False

    def _load_attribute(self, state, obj, key):
        self._autoflush()
        if key in obj.__dict__:
            return
        loading.load_attribute(self, state, obj, key)

    def _load_related(self, state, obj, relationship):
        if state._deleted:
            return []
        if not (relationship.use_get and self._related_if_present(state, obj, relationship) not in (
            None, NO_VALUE
        )):
            self._autoflush()
        if relationship.key in obj.__dict__:
            value = obj.__dict__[relationship.key]
            return value if relationship.uselist else [value]
        found = loading.load_related(self, state, obj, relationship)
        return found

    def _load_for_flush(self, state, obj, relationship):
        found = loading.load_related(self, state, obj, relationship)
        if relationship.key not in obj.__dict__:
            set_loaded(state, obj, relationship, found)

    def _related_if_present(self, state, obj, relationship):
        """The related object of a many-to-one relationship if no SELECT is needed for it."""
        if not relationship.use_get:
            return NO_VALUE
        values = []
        for key in relationship.local_keys():
            if key not in obj.__dict__ and key not in state.committed:
                return NO_VALUE
            before = state.committed.get(key, NO_VALUE)
            values.append(obj.__dict__.get(key) if before is NO_VALUE else before)
        if all(value is None for value in values):
            return None
        key = relationship.target.identity_key(loading._in_key_order(relationship, values))
        known = self.identity_map.state(key)
        return NO_VALUE if known is None or known.expired else known.obj()

    def _is_still_there(self, state, obj):
        """Loads an expired instance; one whose row is gone is deleted to the session, too."""
        self._autoflush()
        try:
            loading.load_columns(self, state, obj, set(state.expired_attributes))
        except orm_exc.ObjectDeletedError:
            self._now_deleted(state)
            return False
        return True

    def _lazy_option(self, state, relationship):
        steps, path = state.load_options
        found = strategy_of(steps, path, relationship.key) if steps else None
        if found is None or found[0] not in ("raise", "raise_on_sql", "noload", "select"):
            return None
        return found[0]

    def get(self, entity, ident, *, options=None, populate_existing=False, with_for_update=None,
            identity_token=None, execution_options=None, bind_arguments=None):
        ensure_configured()
        mapping = entity_mapping(entity) if _orm.is_entity(entity) else None
        if mapping is None:
            if isinstance(entity, type):
                raise exc.NoInspectionAvailable(
                    "No inspection system is available for object of type %s" % type(entity)
                )
            raise exc.ArgumentError("Expected mapped class or mapper, got: %r" % (entity,))
        primary_key = self._primary_key_of(mapping, ident)
        if execution_options and execution_options.get("populate_existing"):
            populate_existing = True
        if not populate_existing and with_for_update is None:
            known = self.identity_map.state(mapping.identity_key(primary_key))
            if known is not None:
                obj = known.obj()
                if known in self._deleted and not known._deleted:
                    return obj if not known._deleted else None
                if not isinstance(obj, mapping.class_):
                    return None
                if known.expired and not self._is_still_there(known, obj):
                    return None
                return obj
        self._autoflush()
        from sqlalchemy.orm.strategy_options import steps_for
        steps = steps_for(options or (), mapping.class_, mapping.class_)
        return loading.load_by_key(self, mapping, primary_key, steps, populate_existing)

    def _primary_key_of(self, mapping, ident):
        if isinstance(ident, dict):
            missing = [key for key in mapping.primary_keys if key not in ident]
            if missing or len(ident) != len(mapping.primary_keys):
                raise exc.InvalidRequestError(
                    "Incorrect names of values in identifier to formulate primary key for"
                    " session.get(); primary key attribute names are %s (synonym names are also"
                    " accepted)" % ",".join("'%s'" % key for key in mapping.primary_keys)
                )
            return [ident[key] for key in mapping.primary_keys]
        values = list(ident) if isinstance(ident, (tuple, list)) else [ident]
        if len(values) != len(mapping.primary_keys):
            raise exc.InvalidRequestError(
                "Incorrect number of values in identifier to formulate primary key for"
                " session.get(); primary key columns are %s" % ",".join(
                    "'%s.%s'" % (column.table.name, column.name) for column in mapping.primary_key
                )
            )
        return values

    def get_one(self, entity, ident, **kw):
        found = self.get(entity, ident, **kw)
        if found is None:
            raise exc.NoResultFound("No row was found when one was required")
        return found

    # Flushing

    def flush(self, objects=None):
        if self._flushing:
            raise exc.InvalidRequestError("Session is already flushing")
        if not self._is_dirty():
            return
        if objects is not None:
            _orm.unsupported("flush() of some objects")
        self._flushing = True
        try:
            self._flush()
        finally:
            self._flushing = False

    def _flush(self):
        self._autobegin()
        self._check_active()
        unit = UOWTransaction(self)
        notify_session(self, "before_flush", self, unit, None)
        for state in list(self._new) + sorted(
            (state for state in self._modified if state not in self._deleted),
            key=lambda state: state.insert_order,
        ):
            if state.session is not self or state in self._deleted:
                continue
            orphan = state.mapping.is_orphan(state)
            if orphan and state.key is None and state.orphaned:
                self._expunge_state(state)
            else:
                unit.register(state, orphan and state.key is not None)
        for state in list(self._deleted):
            unit.register(state, True)
        if not unit.states:
            self._settle_modified()
            return
        try:
            unit.execute()
            notify_session(self, "after_flush", self, unit)
            self._finish(unit)
        except BaseException as error:
            self._failed(error)
            raise
        notify_session(self, "after_flush_postexec", self, unit)

    def _settle_modified(self):
        for state in list(self._modified):
            state.commit_all()

    def _finish(self, unit):
        for state, gone in list(unit.states.items()):
            if gone:
                self._now_deleted(state)
            elif gone is False and state.session is self:
                state.commit_all()
                self._register_altered(state)
                if state.inserting:
                    state.inserting = False
                    notify_session(self, "pending_to_persistent", self, state)
        for state in list(self._modified):
            if state.session is self and state not in self._deleted:
                state.commit_all()

    def _register_altered(self, state):
        """A rollback of the running transaction expires the instance."""
        if self._transaction is not None:
            self._transaction.altered[state] = True

    def _flushed_new(self, state):
        """An instance has its row."""
        obj = self._new.pop(state, None)
        self.identity_map.add(state)
        if obj is not None:
            self._transaction.new.append(state)
            state.inserting = True

    def _key_changed(self, state, before):
        if self.identity_map._states.get(before) is state:
            del self.identity_map._states[before]
        self.identity_map.add(state)

    def _replaced(self, state):
        self.identity_map.discard(state)
        self._now_deleted(state)

    def _now_deleted(self, state):
        obj = self._deleted.pop(state, None) or state.obj()
        self.identity_map.discard(state)
        self._modified.pop(state, None)
        state._deleted = True
        self._transaction.deleted.append((state, obj))
        notify_session(self, "persistent_to_deleted", self, state)

    def merge(self, instance, *, load=True, options=None):
        if not load:
            _orm.unsupported("merge() with load=False")
        from sqlalchemy.orm.merging import merge
        ensure_configured()
        self._autoflush()
        with self.no_autoflush:
            return merge(self, instance, {})

    def merge_all(self, instances, *, load=True, options=None):
        return [self.merge(instance, load=load) for instance in instances]

    # Statements

    def query(self, *entities, **kwargs):
        from sqlalchemy.orm.query import Query
        ensure_configured()
        return Query(entities, self)

    def execute(self, statement, params=None, *, execution_options=None, bind_arguments=None,
                _parent_execute_state=None, _add_event=None):
        ensure_configured()
        if isinstance(statement, str):
            raise exc.ArgumentError(
                "Textual SQL expression %r should be explicitly declared as text(%r)"
                % (statement, statement)
            )
        return StatementExecution(self, statement, params, execution_options or {}).execute()

    def scalar(self, statement, params=None, *, execution_options=None, bind_arguments=None, **kw):
        return self.execute(statement, params, execution_options=execution_options).scalar()

    def scalars(self, statement, params=None, *, execution_options=None, bind_arguments=None, **kw):
        return self.execute(statement, params, execution_options=execution_options).scalars()

    def bulk_insert_mappings(self, mapper, mappings, return_defaults=False, render_nulls=False):
        mapping = entity_mapping(mapper)
        self._bulk(lambda: persistence.bulk_insert(
            self, mapping, mappings, render_nulls, return_defaults
        ))

    def bulk_update_mappings(self, mapper, mappings):
        mapping = entity_mapping(mapper)
        self._bulk(lambda: persistence.bulk_update(self, mapping, list(mappings)))

    def bulk_save_objects(self, objects, return_defaults=False, update_changed_only=True,
                          preserve_order=True):
        self._bulk(lambda: persistence.bulk_save(
            self, list(objects), return_defaults, update_changed_only, preserve_order
        ))

    def _bulk(self, work):
        ensure_configured()
        self._autobegin()
        self._check_active()
        try:
            work()
        except BaseException as error:
            self._failed(error)
            raise

    def prepare(self):
        _orm.unsupported("two-phase transactions")

    def enable_relationship_loading(self, obj):
        _orm.unsupported("enable_relationship_loading()")

    @classmethod
    def object_session(cls, instance):
        return object_session(instance)

    @classmethod
    def identity_key(cls, *args, **kw):
        return identity_key(*args, **kw)

    @classmethod
    def close_all(cls):
        close_all_sessions()


class sessionmaker:
    """A factory of sessions with the same arguments."""

    def __init__(self, bind=None, *, class_=Session, autoflush=True, expire_on_commit=True,
                 info=None, **kw):
        kw["bind"] = bind
        kw["autoflush"] = autoflush
        kw["expire_on_commit"] = expire_on_commit
        if info is not None:
            kw["info"] = info
        self.kw = kw
        self.class_ = type(class_.__name__, (class_,), {})

    def begin(self):
        return self._begin()

    @contextlib.contextmanager
    def _begin(self):
        session = self()
        with session:
            with session.begin():
                yield session

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


def object_session(instance):
    return mapped_state(instance).session


def close_all_sessions():
    for reference in _sessions:
        session = reference()
        if session is not None:
            session.close()


def make_transient(instance):
    state = mapped_state(instance)
    session = state.session
    if session is not None:
        session._expunge_state(state)
    for key in list(state.expired_attributes):
        state.expired_attributes.discard(key)
    state.key = None
    state._deleted = False
    state.committed.clear()
    state.modified = False


def make_transient_to_detached(instance):
    state = mapped_state(instance)
    if state.session is not None or state.key is not None:
        raise exc.InvalidRequestError("Given object must be transient")
    state.key = state.mapping.identity_key(state.mapping.primary_key_of(instance))
    state.commit_all()
    state.expired_attributes.update(
        key for key in state.mapping.columns if key not in instance.__dict__
    )
