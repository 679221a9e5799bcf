"""What is in a session: adding, deleting, expunging, expiring instances."""

import _sqlalchemy_orm as _orm

from sqlalchemy import exc
from sqlalchemy.orm import exc as orm_exc
from sqlalchemy.orm import loading, persistence
from sqlalchemy.orm.attributes import related_history
from sqlalchemy.orm.cascades import cascade
from sqlalchemy.orm.events import notify_session
from sqlalchemy.orm.identity import IdentityMap, IdentitySet
from sqlalchemy.orm.mapping import ensure_configured
from sqlalchemy.orm.state import instance_state, instance_str, mapped_state


class SessionMembership:
    """The methods of a session that change which instances it has."""

    def _holds(self, state):
        return state.session is self

    def _identity_state(self, key):
        return self.identity_map.state(key)

    def _deleted_states(self):
        return self._deleted

    def _note_modified(self, state, obj):
        self._modified[state] = obj

    def _forget_modified(self, state):
        self._modified.pop(state, None)

    def _loaded(self, state, obj):
        state.attach(self)
        self.identity_map.add(state)
        notify_session(self, "loaded_as_persistent", self, state)

    @property
    def new(self):
        return IdentitySet(self._new.values())

    @property
    def deleted(self):
        return IdentitySet(self._deleted.values())

    @property
    def dirty(self):
        return IdentitySet([obj for state, obj in self._modified.items() if state not in self._deleted])

    def is_modified(self, instance, include_collections=True):
        state = mapped_state(instance)
        if persistence.changed_keys(state):
            return True
        if include_collections:
            for relationship in state.mapping.relationships.values():
                added, _, deleted = related_history(state, instance, relationship)
                if (added or deleted) and (
                    relationship.key in state.committed or relationship.key in state.pending_changes
                ):
                    return True
        return False

    def _is_dirty(self):
        return bool(self._new or self._deleted or self._modified)

    def __contains__(self, instance):
        state = mapped_state(instance)
        return state in self._new or (
            state.key is not None and self.identity_map.state(state.key) is state
        )

    def __iter__(self):
        return iter(list(self._new.values()) + self.identity_map.values())

    def add(self, instance, *, _warn=True):
        state = mapped_state(instance)
        ensure_configured()
        self._save_or_update(state, instance)

    def add_all(self, instances):
        for instance in instances:
            self.add(instance)

    def _add_cascaded(self, instance):
        self._save_or_update(instance_state(instance), instance)

    def _save_or_update(self, state, obj):
        self._autobegin()
        self._attach(state, obj)
        for other in cascade("save-update", state, self):
            self._attach(other, other.obj())

    def _attach(self, state, obj):
        current = state.session
        if current is not None and current is not self:
            raise exc.InvalidRequestError(
                "Object '%s' is already attached to session '%s' (this is '%s')"
                % (instance_str(obj), id(current), id(self))
            )
        if state.key is None:
            if state in self._new:
                return
            notify_session(self, "before_attach", self, state)
            self._order += 1
            state.insert_order = self._order
            state.attach(self)
            self._new[state] = obj
            notify_session(self, "after_attach", self, state)
            notify_session(self, "transient_to_pending", self, state)
            return
        if state._deleted:
            if state.session is self:
                raise exc.InvalidRequestError(
                    "Instance '%s' has been deleted.  Use the make_transient() function to send"
                    " this object back to the transient state." % instance_str(obj)
                )
            raise exc.InvalidRequestError(
                "Instance '%s' has been deleted.  Use the make_transient() function to send this"
                " object back to the transient state." % instance_str(obj)
            )
        self._deleted.pop(state, None)
        if current is self:
            return
        known = self.identity_map.state(state.key)
        if known is not None and known is not state:
            raise exc.InvalidRequestError(
                "Can't attach instance %s; another instance with key %s is already present in this"
                " session." % (instance_str(obj), state.key)
            )
        notify_session(self, "before_attach", self, state)
        state.attach(self)
        self.identity_map.add(state)
        if state.modified:
            self._modified[state] = obj
        notify_session(self, "after_attach", self, state)
        notify_session(self, "detached_to_persistent", self, state)

    def delete(self, instance):
        state = mapped_state(instance)
        ensure_configured()
        if state.key is None:
            raise exc.InvalidRequestError("Instance '%s' is not persisted" % instance_str(instance))
        self._autobegin()
        self._mark_deleted(state, instance)

    def delete_all(self, instances):
        for instance in instances:
            self.delete(instance)

    def _mark_deleted(self, state, obj):
        if state in self._deleted:
            return
        self._attach(state, obj)
        # Loading what the cascade reaches may flush: the instance itself is not deleted yet.
        reached = cascade("delete", state, self)
        self.identity_map.add(state)
        self._deleted[state] = obj
        for other in reached:
            if other.key is not None and other not in self._deleted:
                self._attach(other, other.obj())
                self._deleted[other] = other.obj()

    def expunge(self, instance):
        state = mapped_state(instance)
        if state.session is not self:
            raise exc.InvalidRequestError(
                "Instance %s is not present in this Session" % instance_str(instance)
            )
        states = [state] + cascade("expunge", state, self)
        for other in states:
            if other.session is self:
                self._expunge_state(other)

    def _expunge_state(self, state):
        if state in self._new:
            self._make_transient(state, "pending_to_transient")
            return
        self.identity_map.discard(state)
        self._deleted.pop(state, None)
        self._modified.pop(state, None)
        self._detach(state, "persistent_to_detached")

    def _detach(self, state, event):
        self._modified.pop(state, None)
        state.attach(None)
        notify_session(self, event, self, state)

    def expunge_all(self):
        states = self.identity_map.all_states()
        for state in list(self._new):
            self._make_transient(state, "pending_to_transient")
        self.identity_map = IdentityMap()
        self._deleted.clear()
        self._modified.clear()
        transaction = self._transaction
        while transaction is not None:
            for state, _ in transaction.deleted:
                state.attach(None)
            transaction = transaction.parent
        for state in states:
            state.attach(None)

    def expire(self, instance, attribute_names=None):
        state = mapped_state(instance)
        self._check_persistent(state, instance)
        if attribute_names is not None:
            state.expire(list(attribute_names))
            return
        states = [state] + cascade("refresh-expire", state, self)
        for other in states:
            if other.key is not None:
                other.expire()
            elif other in self._new:
                self._make_transient(other, "pending_to_transient")

    def _check_persistent(self, state, instance):
        if state.session is not self or state.key is None:
            raise exc.InvalidRequestError(
                "Instance '%s' is not persistent within this Session" % instance_str(instance)
            )

    def expire_all(self):
        for state in self.identity_map.all_states():
            state.expire()

    def _reload(self, state, instance, keys):
        try:
            loading.load_columns(self, state, instance, keys)
        except orm_exc.ObjectDeletedError:
            raise exc.InvalidRequestError(
                "Could not refresh instance '%s'" % instance_str(instance)
            ) from None

    def refresh(self, instance, attribute_names=None, with_for_update=None):
        state = mapped_state(instance)
        self._check_persistent(state, instance)
        self._autoflush()
        mapping = state.mapping
        if attribute_names is None:
            states = [state] + cascade("refresh-expire", state, self)
            for other in states:
                if other.key is not None:
                    other.expire()
            self._reload(state, instance, set(mapping.columns))
            eager = [
                r for r in mapping.relationships.values() if r.lazy in ("joined", "selectin")
            ]
            if eager:
                loading.load_eagerly(self, [instance], (), ())
            return
        state.expire(attribute_names)
        columns = [name for name in attribute_names if name in mapping.columns]
        if columns:
            self._reload(state, instance, set(columns))
        for name in attribute_names:
            if name in mapping.relationships:
                getattr(instance, name)
