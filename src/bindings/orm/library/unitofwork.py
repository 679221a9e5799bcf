"""The unit of work: in which order a flush writes what changed."""

import _sqlalchemy_orm as _orm

from sqlalchemy import exc
from sqlalchemy.orm import exc as orm_exc
from sqlalchemy.orm import persistence
from sqlalchemy.orm.attributes import related_history
from sqlalchemy.orm.dependency import (
    DELETE_ALL, DELETE_STATE, POST_UPDATE, PROCESS_ALL, PROCESS_STATE, SAVE_ALL, SAVE_STATE,
    processor_of,
)
from sqlalchemy.orm.relationships import MANYTOMANY, MANYTOONE, ONETOMANY
from sqlalchemy.orm.state import NO_VALUE, instance_state, instance_str


class UOWTransaction:
    """What one flush has to do."""

    def __init__(self, session):
        self.session = session
        # By state: whether its row goes.
        self.states = {}
        # States do not keep their instances alive.
        self._objects = []
        # By many-to-many relationship and its reverse: (child, parent) of the rows that are written.
        self.associations = {}
        # By one-to-many relationship: the objects that came into a collection.
        self.children_added = {}
        # By base mapping and state: the keys that a second UPDATE writes.
        self.post_updates = {}
        self._histories = {}

    def register(self, state, is_delete=False, cancel_delete=False):
        """Adds an instance to what is saved or deleted; whether that is new."""
        if state.session is not self.session or state._deleted:
            return False
        known = self.states.get(state)
        if known is None:
            self._objects.append(state.obj())
            self.states[state] = is_delete
            return True
        if known is False and is_delete:
            self.states[state] = True
            return True
        if known and cancel_delete:
            self.states[state] = False
            return True
        return False

    def is_deleted(self, state):
        return self.states.get(state) is True

    # What else is concerned

    def collect(self):
        """Follows the relationships of what is saved or deleted until nothing is added."""
        done = set()
        while True:
            todo = [
                (state, gone) for state, gone in list(self.states.items())
                if (state, gone) not in done
            ]
            if not todo:
                return
            for state, gone in todo:
                done.add((state, gone))
                if self.states.get(state) is not gone:
                    continue
                for relationship in list(state.mapping.relationships.values()):
                    if relationship.viewonly:
                        continue
                    if gone:
                        self._collect_of_deleted(state, relationship)
                    else:
                        self._collect_of_saved(state, relationship)

    def _loaded_history(self, state, relationship):
        obj = state.obj()
        if relationship.key not in obj.__dict__ and state.key is not None:
            if relationship.lazy not in ("dynamic", "write_only"):
                if not relationship.passive_deletes:
                    self.session._load_for_flush(state, obj, relationship)
            elif not relationship.passive_deletes:
                from sqlalchemy.orm import dynamic
                added, _, removed = related_history(state, obj, relationship)
                stored = dynamic.stored(self.session, state, obj, relationship)
                found = added, [i for i in stored if not _has(removed, i)], removed
                self._histories[(state, relationship.name)] = found
        return self.history(state, relationship)

    def _collect_of_deleted(self, state, relationship):
        cascades = "delete" in relationship.cascade
        if relationship.direction is ONETOMANY:
            added, unchanged, deleted = self._loaded_history(state, relationship)
            for child in deleted:
                other = instance_state(child)
                if not other.has_parent(relationship, False) or not relationship.delete_orphan:
                    if cascades or relationship.delete_orphan:
                        self._delete_cascading(other)
                    else:
                        self.register(other)
            if relationship.passive_deletes != "all":
                for child in list(unchanged) + list(added):
                    other = instance_state(child)
                    if cascades:
                        self._delete_cascading(other)
                    else:
                        self.register(other)
        elif cascades:
            added, unchanged, deleted = self._loaded_history(state, relationship)
            for child in list(unchanged) + (deleted if relationship.delete_orphan else []):
                if child is not None:
                    self._delete_cascading(instance_state(child))
        elif relationship.direction is MANYTOMANY:
            self._loaded_history(state, relationship)

    def _delete_cascading(self, state):
        if state.key is None:
            return
        self.register(state, True)

    def _collect_of_saved(self, state, relationship):
        obj = state.obj()
        if relationship.keywords.get("passive_updates") is False and state.key is not None:
            if relationship.direction is ONETOMANY and any(
                key in state.committed for key in relationship.local_keys()
            ):
                # The database does not change the foreign keys with the key: the flush does.
                self._loaded_history(state, relationship)
        added, unchanged, deleted = self.history(state, relationship)
        if not added and not deleted:
            return
        if relationship.uselist and any(child is None for child in added):
            raise orm_exc.FlushError(
                "Can't flush None value found in collection %s" % relationship.shown
            )
        if relationship.direction is ONETOMANY:
            for child in added:
                if child is not None:
                    other = instance_state(child)
                    self._check_in_session(other, relationship)
                    self.children_added.setdefault(relationship.name, []).append(child)
                    self.register(other, False, True)
            for child in deleted:
                other = instance_state(child)
                if not relationship.delete_orphan:
                    self.register(other)
                elif not other.has_parent(relationship, False):
                    self._delete_orphan(other)
        else:
            for child in added:
                if child is not None:
                    self._check_in_session(instance_state(child), relationship)
            if relationship.delete_orphan:
                for child in deleted:
                    other = instance_state(child)
                    if not other.has_parent(relationship, False):
                        self._delete_orphan(other)

    def _delete_orphan(self, state):
        if state.key is not None:
            self.register(state, True)

    def _check_in_session(self, state, relationship):
        target = relationship.target
        if not state.mapping.is_a(target) and relationship.keywords.get("enable_typechecks", True):
            raise orm_exc.FlushError(
                'Attempting to flush an item of type %s as a member of collection "%s". Expected an'
                " object of type %s or a polymorphic subclass of this type."
                % (state.class_, relationship.shown, target.class_)
            )
        if relationship.direction is MANYTOMANY:
            return
        if state.session is None or (state.session is self.session and state._deleted):
            self.warn("Object of type <%s> not in session, add operation along '%s' %s proceed" % (
                state.class_.__name__, relationship.shown,
                "won't" if relationship.direction is MANYTOONE else "will not",
            ))

    def warn(self, message):
        if self.session._autoflushing:
            message += (
                " (This warning originated from the Session 'autoflush' process, which was"
                " invoked automatically in response to a user-initiated operation. Consider"
                " using ``no_autoflush`` context manager if this warning happened while"
                " initializing objects.)"
            )
        _orm.warn(message)

    # The order

    def execute(self):
        self.collect()
        actions, edges, cycles = self._actions()
        for ready in _rounds(actions, edges, cycles):
            if not cycles:
                for action in ready:
                    self._run([action])
                continue
            for alike in _alike(ready):
                self._run(alike)

    def history(self, state, relationship):
        """What a relationship gained, kept and lost, as it was when the flush first looked."""
        key = (state, relationship.name)
        found = self._histories.get(key)
        if found is None:
            found = related_history(state, state.obj(), relationship)
            self._histories[key] = found
        return found

    def connection(self):
        return self.session.connection()

    def holds(self, state):
        """Whether an instance is pending or persistent in the session."""
        return state.session is self.session and not state._deleted

    def has_states_of(self, mapping):
        return any(state.mapping is mapping for state in self.states)

    def all_related(self, state, relationship):
        """The states that a relationship leads to or led to; None where it was cleared."""
        added, unchanged, deleted = self.history(state, relationship)
        return [
            None if item is None else instance_state(item)
            for item in list(added) + list(unchanged) + list(deleted)
        ]

    def register_post_update(self, state, keys):
        states = self.post_updates.setdefault(state.mapping.base, {})
        states.setdefault(state, set()).update(keys)

    def _actions(self):
        """What is to be done, what must come before what, and what goes round in circles."""
        edges = []
        bases, processors = [], {}
        for state in list(self.states):
            base = state.mapping.base
            if base not in bases:
                bases.append(base)
                edges.append(((SAVE_ALL, base), (DELETE_ALL, base)))
            for mapping in state.mapping.lineage():
                for relationship in mapping.own_relationships:
                    if not relationship.viewonly and relationship.name not in processors:
                        processors[relationship.name] = processor_of(self, relationship)
        found = [processor for processor in processors.values() if processor.has_changes()]
        for processor in found:
            edges.extend(processor.order())
        actions = _nodes(edges)
        cycles = find_cycles(edges)
        if cycles:
            actions, edges = self._by_instance(found, actions, edges, cycles)
        return sorted(actions, key=_sort_key), edges, cycles

    def _by_instance(self, processors, actions, edges, cycles):
        """The actions and edges, with those on whole classes of a circle broken up."""
        edges = list(edges)
        disabled = set()
        parts = {}
        for action in cycles:
            parts[action] = []
            if action[0] not in (SAVE_ALL, DELETE_ALL):
                continue
            base, gone = action[1], action[0] == DELETE_ALL
            states = self._states_of(base, gone)
            for state in states:
                single = (DELETE_STATE if gone else SAVE_STATE, state)
                parts[action].append(single)
                # Rows are saved first, so that one may take over the key of one that goes.
                edges.append(
                    ((SAVE_ALL, base), single) if gone else (single, (DELETE_ALL, base))
                )
            for processor in processors:
                if processor.parent is base:
                    disabled.add((PROCESS_ALL, processor, gone))
                    mine = [s for s in states if s.mapping.is_a(processor.relationship.origin)]
                    edges.extend(processor.order_of_states(mine, gone, cycles))
        actions = _nodes(edges, actions + [single for group in parts.values() for single in group])
        kept = []
        for before, after in edges:
            if before is None or after is None or before in disabled or after in disabled:
                continue
            if before in cycles and after in cycles:
                continue
            for first in parts.get(before, [before]):
                for second in parts.get(after, [after]):
                    kept.append((first, second))
        return [a for a in actions if a not in cycles and a not in disabled], kept

    def _run(self, actions):
        """Does what one action says, or several that work on single instances alike."""
        kind, subject = actions[0][:2]
        if kind == SAVE_ALL:
            self._save(self._states_of(subject, False))
        elif kind == DELETE_ALL:
            self._delete(self._states_of(subject, True))
        elif kind == PROCESS_ALL:
            gone = actions[0][2]
            self._process(subject, gone, subject.states(gone))
        elif kind == POST_UPDATE:
            self._post_update(subject, actions[0][2])
        elif kind == PROCESS_STATE:
            self._process(subject, actions[0][2], [action[3] for action in actions])
        else:
            states = _in_order([action[1] for action in actions])
            if kind == SAVE_STATE:
                self._save(states)
            else:
                self._delete([state for state in states if self.is_deleted(state)])

    def _process(self, processor, gone, states):
        if gone:
            processor.process_deletes(states)
        else:
            processor.process_saves(states)

    def _states_of(self, base, gone):
        return _in_order([
            state
            for state, is_delete in self.states.items()
            if is_delete is gone and state.mapping.base is base
        ])

    # Saving

    def _save(self, states):
        if not states:
            return
        connection = self.connection()
        for state in states:
            name = "before_update" if state.key is not None else "before_insert"
            state.mapping.events.persist(name, connection, state)
        inserts, switched = [], set()
        for state in states:
            if state.key is None:
                if self._takes_over(state):
                    switched.add(state)
                else:
                    inserts.append(state)
        new = set(inserts)
        for state in states:
            if state in new:
                continue
            before = state.key
            persistence.update_state(self.session, connection, state)
            if state.key != before:
                self.session._key_changed(state, before)
            if state in switched:
                self.session._flushed_new(state)
        index = 0
        while index < len(inserts):
            run = [inserts[index]]
            for following in inserts[index + 1:]:
                if following.mapping is not run[0].mapping:
                    break
                run.append(following)
            persistence.insert_states(self.session, connection, run[0].mapping, run)
            for made in run:
                self.session._flushed_new(made)
            index += len(run)
        for state in states:
            name = "after_insert" if state in new else "after_update"
            state.mapping.events.persist(name, connection, state)

    def _takes_over(self, state):
        """Whether a new instance has the key of a deleted one, whose row it updates."""
        # A listener may have changed what the key is taken from.
        primary_key = state.mapping.primary_key_of(state.obj())
        if any(value is None for value in primary_key):
            return False
        key = state.mapping.identity_key(primary_key)
        existing = self.session._identity_state(key)
        if existing is None or existing is state:
            return False
        if not self.is_deleted(existing):
            _orm.warn(
                "New instance %s with identity key %s conflicts with persistent instance %s"
                % (instance_str(state.obj()), key, instance_str(existing.obj()))
            )
            return False
        self.session._replaced(existing)
        self.states[existing] = None
        state.key = existing.key
        for key in state.mapping.columns:
            state.committed.setdefault(key, NO_VALUE)
            state.obj().__dict__.setdefault(key, None)
        return True

    def _post_update(self, base, gone):
        states = [
            (state, keys) for state, keys in self.post_updates.get(base, {}).items()
            if self.states.get(state) is gone
        ]
        connection = self.connection() if states else None
        for state, keys in states:
            persistence.post_update_state(connection, state, keys)

    # Deleting

    def _delete(self, states):
        if not states:
            return
        connection = self.connection()
        for state in states:
            state.mapping.events.persist("before_delete", connection, state)
        index = 0
        while index < len(states):
            run = [states[index]]
            for following in states[index + 1:]:
                if following.mapping is not run[0].mapping:
                    break
                run.append(following)
            persistence.delete_states(self.session, connection, run[0].mapping, run)
            index += len(run)
        for state in states:
            state.mapping.events.persist("after_delete", connection, state)


def _has(items, item):
    return any(known is item for known in items)


def _in_order(states):
    """New instances as they were added, then stored ones by their keys."""
    new = sorted([state for state in states if state.key is None], key=lambda s: s.insert_order)
    stored = [state for state in states if state.key is not None]
    try:
        stored = sorted(stored, key=lambda s: s.key[1])
    except TypeError:
        pass
    return new + stored


def _sort_key(action):
    kind, subject = action[:2]
    if kind in (SAVE_STATE, DELETE_STATE):
        return (kind, subject.mapping.base.sort_key, False)
    return (kind, subject.sort_key, len(action) > 2 and action[2])


def _nodes(edges, known=()):
    """The actions in edges, each once."""
    found = dict.fromkeys(known)
    for before, after in edges:
        for action in (before, after):
            if action is not None:
                found[action] = None
    return list(found)


def _alike(actions):
    """The actions of a round that are done together."""
    groups = {}
    for action in actions:
        kind, subject = action[:2]
        if kind in (SAVE_STATE, DELETE_STATE):
            key = (kind, subject.mapping.base)
        else:
            key = action[:3]
        groups.setdefault(key, []).append(action)
    return list(groups.values())


def _rounds(actions, edges, cycles):
    """The actions in rounds: in each those that wait for nothing that is left."""
    waits = {}
    for before, after in edges:
        waits.setdefault(after, set()).add(before)
    left = list(actions)
    while left:
        remaining = set(left)
        ready = [action for action in left if not (waits.get(action, set()) & remaining)]
        if not ready:
            going_round = [_shown(action) for action in find_cycles(edges) if action in remaining]
            raise exc.CircularDependencyError(
                "Circular dependency detected. (%s)" % ", ".join(going_round)
            )
        yield ready
        done = set(ready)
        left = [action for action in left if action not in done]


def _shown(action):
    kind, subject = action[:2]
    if kind == PROCESS_STATE:
        return "_%s(%r, %s, delete=%s)" % (kind, subject, instance_str(action[3].obj()), action[2])
    if kind == PROCESS_ALL:
        return "_%s(%r, isdelete=%s)" % (kind, subject, action[2])
    if kind in (SAVE_STATE, DELETE_STATE):
        return "_%s(%s)" % (kind, instance_str(subject.obj()))
    return "_%s(%s)" % (kind, subject.dispatch_name)


def find_cycles(edges):
    """What lies on a circle: what can be reached from itself."""
    following = {}
    for before, after in edges:
        following.setdefault(before, []).append(after)
    found = []
    for start in following:
        waiting, seen = list(following[start]), set()
        while waiting:
            action = waiting.pop()
            if action == start:
                found.append(start)
                break
            if action not in seen:
                seen.add(action)
                waiting.extend(following.get(action, ()))
    return dict.fromkeys(found)
