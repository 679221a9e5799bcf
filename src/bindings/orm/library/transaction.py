"""The transaction of a session, and its savepoints."""

import _sqlalchemy_orm as _orm

from sqlalchemy import exc
from sqlalchemy.orm import exc as orm_exc
from sqlalchemy.orm.events import notify_session


class SessionTransaction:
    """A transaction of a session: the outermost one, or one of `begin_nested()`."""

    def __init__(self, session, parent=None):
        self.session = session
        self.parent = parent
        self.nested = parent is not None
        self.new = []
        self.deleted = []
        # The instances whose rows it changed.
        self.altered = {}
        self.connection_ = None
        self.inner = None
        self.commits = True
        self.taken = False
        self.is_active = True
        self.error = None
        notify_session(session, "after_transaction_create", session, self)

    @property
    def origin(self):
        return "SessionTransactionOrigin"

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        session = self.session
        if session._transaction is None or not self._is_open():
            return False
        if kind is None:
            try:
                self.commit()
            except BaseException:
                if self._is_open():
                    self.rollback()
                raise
        else:
            self.rollback()
        return False

    def _is_open(self):
        transaction = self.session._transaction
        while transaction is not None:
            if transaction is self:
                return True
            transaction = transaction.parent
        return False

    def commit(self):
        self.session._commit_to(self)

    def rollback(self):
        self.session._rollback_to(self)

    def close(self):
        self.session._rollback_to(self)


class SessionTransactions:
    """The methods of a session that begin and end its transaction."""

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        self.close()

    def _autobegin(self):
        if self._transaction is None:
            if self._closed:
                raise exc.InvalidRequestError(
                    "This Session has been permanently closed and is unable to handle any more"
                    " transaction requests."
                )
            if not self.autobegin:
                raise exc.InvalidRequestError(
                    "Autobegin is disabled on this Session; please call session.begin() to start a"
                    " new transaction"
                )
            self._transaction = SessionTransaction(self)
        return self._transaction

    def begin(self, nested=False):
        if self._transaction is None:
            self._transaction = SessionTransaction(self)
            if not nested:
                return self._transaction
        elif not nested:
            raise exc.InvalidRequestError("A transaction is already begun on this Session.")
        self._check_active()
        self.flush()
        # The savepoint begins with the first statement.
        self._transaction = SessionTransaction(self, self._transaction)
        return self._transaction

    def begin_nested(self):
        return self.begin(True)

    def get_transaction(self):
        transaction = self._transaction
        while transaction is not None and transaction.parent is not None:
            transaction = transaction.parent
        return transaction

    def get_nested_transaction(self):
        transaction = self._transaction
        return transaction if transaction is not None and transaction.nested else None

    def in_transaction(self):
        return self._transaction is not None

    def in_nested_transaction(self):
        return self._transaction is not None and self._transaction.nested

    @property
    def is_active(self):
        if self.autobegin:
            return self._transaction is None or self._transaction.is_active
        return self._transaction is not None and self._transaction.is_active

    def _check_active(self):
        transaction = self._transaction
        if transaction is not None and not transaction.is_active:
            raise exc.PendingRollbackError(
                "This Session's transaction has been rolled back due to a previous exception during"
                " flush. To begin a new transaction with this Session, first issue"
                " Session.rollback(). Original exception was: %s (Background on this error at:"
                " https://sqlalche.me/e/21/7s2a)" % transaction.error
            )

    def get_bind(self, mapper=None, *, clause=None, bind=None, _sa_skip_events=None,
                 _sa_skip_for_implicit_returning=False, **kw):
        if bind is not None:
            return bind
        if self.binds:
            wanted = None if mapper is None else _orm.mapped_class(mapper)
            for target, found in self.binds.items():
                if wanted is not None and isinstance(target, type) and issubclass(wanted, target):
                    return found
            if self.bind is None and len(set(map(id, self.binds.values()))) == 1:
                return list(self.binds.values())[0]
            if self.bind is None or wanted is None:
                _orm.unsupported("a session with several binds")
        if self.bind is None:
            raise exc.UnboundExecutionError("Could not locate a bind configured on session.")
        return self.bind

    def connection(self, bind_arguments=None, execution_options=None):
        transaction = self._autobegin()
        self._check_active()
        if transaction.connection_ is not None:
            return transaction.connection_
        if transaction.nested:
            return self._begin_savepoint(transaction)
        bind = self.get_bind()
        connection, taken = _orm.connect(bind)
        if taken is None:
            # `--sql`: what is asked first fails, and then giving back the connection does.
            try:
                connection.in_transaction()
            except BaseException:
                connection.close()
                raise
            _orm.unsupported("a session on such an object")
        if taken:
            inner, commits = connection.begin(), True
        elif connection.in_nested_transaction() and (
            self.join_transaction_mode == "conditional_savepoint"
        ) or (connection.in_transaction() and self.join_transaction_mode == "create_savepoint"):
            inner, commits = connection.begin_nested(), True
        elif connection.in_transaction():
            inner = connection.get_transaction()
            commits = self.join_transaction_mode == "control_fully"
        else:
            inner, commits = connection.begin(), True
        if self.execution_options:
            connection = connection.execution_options(**self.execution_options)
        transaction.connection_ = connection
        transaction.inner = inner
        transaction.commits = commits
        transaction.taken = taken
        notify_session(self, "after_begin", self, transaction, connection)
        return connection

    def _begin_savepoint(self, transaction):
        self._transaction = transaction.parent
        try:
            connection = self.connection()
        finally:
            self._transaction = transaction
        transaction.connection_ = connection
        transaction.inner = connection.begin_nested()
        notify_session(self, "after_begin", self, transaction, connection)
        return connection

    def commit(self):
        transaction = self._autobegin()
        while transaction.parent is not None:
            self._commit_to(transaction)
            transaction = self._transaction
        self._commit_to(transaction)

    def _commit_to(self, target):
        while self._transaction is not target and self._transaction is not None:
            self._commit_one()
        self._commit_one()

    def _commit_one(self):
        transaction = self._transaction
        if transaction is None:
            raise exc.ResourceClosedError("This transaction is closed")
        self._check_active()
        notify_session(self, "before_commit", self)
        for _ in range(100):
            if not self._is_dirty():
                break
            self.flush()
        else:
            raise orm_exc.FlushError(
                "Over 100 subsequent flushes have occurred within session.commit() - is an"
                " after_flush() hook creating new objects?"
            )
        if transaction.inner is not None and transaction.commits:
            transaction.inner.commit()
        if transaction.nested:
            parent = transaction.parent
            parent.new.extend(transaction.new)
            parent.deleted.extend(transaction.deleted)
            parent.altered.update(transaction.altered)
            self._transaction = parent
            notify_session(self, "after_commit", self)
        else:
            if self.expire_on_commit:
                for state in self.identity_map.all_states():
                    state.expire()
            for state, _ in transaction.deleted:
                self._detach(state, "deleted_to_detached")
            self._transaction = None
            notify_session(self, "after_commit", self)
            self._give_back(transaction)
        transaction.is_active = False
        notify_session(self, "after_transaction_end", self, transaction)

    def _give_back(self, transaction):
        if transaction.taken and transaction.connection_ is not None:
            transaction.connection_.close()

    def rollback(self):
        if self._transaction is None:
            return
        transaction = self._transaction
        while transaction.parent is not None:
            transaction = transaction.parent
        self._rollback_to(transaction)

    def _rollback_to(self, target):
        while self._transaction is not None:
            transaction = self._transaction
            self._rollback_one(transaction)
            if transaction is target:
                break

    def _rollback_one(self, transaction):
        was_active = transaction.is_active
        if was_active:
            if transaction.inner is not None:
                if transaction.nested:
                    transaction.inner.rollback()
                elif transaction.inner.is_active or transaction.commits:
                    transaction.inner.rollback()
            self._restore(transaction)
        transaction.is_active = False
        self._transaction = transaction.parent
        if was_active:
            notify_session(self, "after_rollback", self)
        notify_session(self, "after_soft_rollback", self, transaction)
        if not transaction.nested:
            self._give_back(transaction)
        notify_session(self, "after_transaction_end", self, transaction)

    def _restore(self, transaction):
        """Brings instances back to what they were before a transaction."""
        for state in list(self._new):
            self._make_transient(state, "pending_to_transient")
        for state in transaction.new:
            if state.obj() is None:
                self.identity_map.discard(state)
                continue
            self.identity_map.discard(state)
            state.key = None
            state.inserting = False
            state._deleted = False
            self._modified.pop(state, None)
            self._deleted.pop(state, None)
            self._make_transient(state, "persistent_to_transient")
        for state, obj in transaction.deleted:
            if state in transaction.new:
                continue
            state._deleted = False
            state.attach(self)
            self.identity_map.add(state)
            notify_session(self, "deleted_to_persistent", self, state)
        self._deleted.clear()
        for state in self.identity_map.all_states():
            if not transaction.nested or state.modified or state in transaction.altered:
                state.expire()
        self._modified.clear()

    def _make_transient(self, state, event):
        self._new.pop(state, None)
        state.attach(None)
        notify_session(self, event, self, state)

    def _failed(self, error):
        """A flush failed: its transaction is rolled back, until `rollback()` is called."""
        transaction = self._transaction
        if transaction is None or not transaction.is_active:
            return
        if transaction.inner is not None and transaction.inner.is_active:
            transaction.inner.rollback()
        self._restore(transaction)
        transaction.is_active = False
        transaction.error = error
        notify_session(self, "after_rollback", self)
        notify_session(self, "after_soft_rollback", self, transaction)

    def close(self):
        self._close()
        self._closed = self._closes_for_good

    def reset(self):
        self._close()

    def invalidate(self):
        self._close()

    def _close(self):
        self.expunge_all()
        while self._transaction is not None:
            transaction = self._transaction
            if transaction.inner is not None and transaction.is_active and transaction.commits:
                transaction.inner.close()
            transaction.is_active = False
            self._give_back(transaction)
            self._transaction = transaction.parent
            notify_session(self, "after_transaction_end", self, transaction)
