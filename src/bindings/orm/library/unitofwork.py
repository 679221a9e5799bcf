"""The unit of work: in which order a flush writes what changed."""

import _sqlalchemy_orm as _orm

from sqlalchemy import delete, exc, insert, select
from sqlalchemy.orm import exc as orm_exc
from sqlalchemy.orm import persistence
from sqlalchemy.orm.attributes import related_history
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
        self.associations = set()
        # By one-to-many relationship: the objects that came into a collection.
        self.children_added = {}
        self.post_updates = []
        self.saved = []
        self.circular = False

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
                return added, [i for i in stored if not _has(removed, i)], removed
        return related_history(state, obj, relationship)

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
        added, unchanged, deleted = related_history(state, obj, relationship)
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
        if state.session is None or (state.session is self.session and state._deleted):
            message = "Object of type <%s> not in session, add operation along '%s' %s proceed" % (
                state.class_.__name__, relationship.shown,
                "won't" if relationship.direction is MANYTOONE else "will not",
            )
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
        for state, gone in list(self.states.items()):
            if gone:
                self._release_children(state)
        mappings = []
        for state in self.states:
            base = state.mapping.base
            if base not in mappings:
                mappings.append(base)
        for step in self._steps(mappings):
            step[0](*step[1])
        if self.circular:
            raise exc.CircularDependencyError("Circular dependency detected.")
        self._post_update()

    def _steps(self, mappings):
        """The work on each hierarchy of classes, in an order that the relationships allow."""
        actions, edges = [], []
        for base in mappings:
            actions.append(("SaveUpdateAll", base.sort_key, base))
            actions.append(("DeleteAll", base.sort_key, base))
            edges.append((("SaveUpdateAll", base.sort_key), ("DeleteAll", base.sort_key)))
        cyclic = set()
        for base in mappings:
            for mapping in base.self_and_descendants():
                for relationship in mapping.own_relationships:
                    other = relationship.target.base
                    if relationship.viewonly or relationship.post_update:
                        continue
                    if other not in mappings:
                        continue
                    if relationship.direction is MANYTOMANY:
                        continue
                    if other is base:
                        cyclic.add(base)
                        continue
                    first, second = (base, other) if relationship.direction is ONETOMANY else (
                        other, base
                    )
                    save, remove = "SaveUpdateAll", "DeleteAll"
                    edges.append(((save, first.sort_key), (save, second.sort_key)))
                    edges.append(((remove, second.sort_key), (remove, first.sort_key)))
                    edges.append(((save, second.sort_key), (remove, first.sort_key)))
        actions.sort(key=lambda action: action[:2])
        ordered, left = _subsets([action[:2] for action in actions], edges)
        by_name = {action[:2]: action[2] for action in actions}
        steps = []
        for name in ordered:
            base = by_name[name]
            if name[0] == "SaveUpdateAll":
                states = self._states_of([base], False)
                steps.append((self._save, (states, base in cyclic)))
            else:
                steps.append((self._delete, (self._states_of([base], True), base in cyclic)))
        if left:
            # Classes that refer to each other: instance by instance.
            bases = []
            for name in left:
                if by_name[name] not in bases:
                    bases.append(by_name[name])
            saves = [base for base in bases if ("SaveUpdateAll", base.sort_key) in left]
            deletes = [base for base in bases if ("DeleteAll", base.sort_key) in left]
            steps.append((self._save, (self._states_of(saves, False), True)))
            steps.append((self._delete, (self._states_of(deletes, True), True)))
        # Rows of secondary tables need both ends, and must go before either does.
        first_delete = len(steps)
        for index, step in enumerate(steps):
            if step[0] == self._delete:
                first_delete = index
                break
        last_save = 0
        for index, step in enumerate(steps):
            if step[0] == self._save and step[1][0]:
                last_save = index + 1
        if last_save <= first_delete:
            steps.insert(first_delete, (self._associate, ()))
        else:
            steps.insert(first_delete, (self._associate, (True,)))
            steps.insert(last_save + 1, (self._associate, ()))
        return steps

    def _states_of(self, bases, gone):
        found = [
            state
            for state, is_delete in self.states.items()
            if is_delete is gone and state.mapping.base in bases
        ]
        new = sorted(
            [state for state in found if state.key is None], key=lambda s: s.insert_order
        )
        stored = [state for state in found if state.key is not None]
        try:
            stored = sorted(stored, key=lambda s: s.key[1])
        except TypeError:
            pass
        return new + stored

    # Saving

    def _save(self, states, one_by_one):
        connection = self.session.connection() if states else None
        if one_by_one:
            states = self._sorted_by_rows(states)
            for state in states:
                self._save_together([state], connection)
            return
        self._save_together(states, connection)

    def _save_together(self, states, connection):
        for state in states:
            self._take_keys(state)
            mapping = state.mapping
            name = "before_update" if state.key is not None else "before_insert"
            mapping.events.persist(name, connection, state)
        inserts, switched = set(), set()
        for state in states:
            if state.key is not None:
                continue
            # A listener may have changed what the key is taken from.
            primary_key = state.mapping.primary_key_of(state.obj())
            existing = None
            if all(value is not None for value in primary_key):
                existing = self.session._identity_state(state.mapping.identity_key(primary_key))
            if existing is not None and existing is not state:
                if not self.is_deleted(existing):
                    _orm.warn(
                        "New instance %s with identity key %s conflicts with persistent instance %s"
                        % (instance_str(state.obj()), state.mapping.identity_key(primary_key),
                           instance_str(existing.obj()))
                    )
                    inserts.add(state)
                    continue
                # The row of a deleted instance is taken over.
                self.session._replaced(existing)
                self.states[existing] = None
                state.key = existing.key
                for key in state.mapping.columns:
                    state.committed.setdefault(key, NO_VALUE)
                    state.obj().__dict__.setdefault(key, None)
                switched.add(state)
            else:
                inserts.add(state)
        ordered = list(states)
        index = 0
        while index < len(ordered):
            state = ordered[index]
            if state in inserts:
                run = [state]
                while index + len(run) < len(ordered):
                    following = ordered[index + len(run)]
                    if following in inserts and following.mapping is state.mapping:
                        run.append(following)
                    else:
                        break
                persistence.insert_states(self.session, connection, state.mapping, run)
                for made in run:
                    self.session._flushed_new(made)
                index += len(run)
            else:
                before = state.key
                persistence.update_state(self.session, connection, state)
                if state.key != before:
                    self.session._key_changed(state, before)
                if state in switched:
                    self.session._flushed_new(state)
                index += 1
        for state in states:
            name = "after_insert" if state in inserts else "after_update"
            state.mapping.events.persist(name, connection, state)
            self._give_keys(state)
        self.saved.extend(states)

    def _sorted_by_rows(self, states):
        """Instances of classes that refer to themselves or to each other: referred ones first."""
        def referred(state):
            found = []
            obj = state.obj()
            for relationship in state.mapping.relationships.values():
                if relationship.viewonly or relationship.post_update:
                    continue
                if relationship.direction is MANYTOONE:
                    added, unchanged, _ = related_history(state, obj, relationship)
                    found.extend(
                        instance_state(item) for item in added + unchanged if item is not None
                    )
            for parent in owners.get(state, ()):
                found.append(parent)
            return found

        owners = {}
        for state in states:
            for relationship in state.mapping.relationships.values():
                if relationship.direction is ONETOMANY and not relationship.viewonly:
                    if relationship.post_update:
                        continue
                    added, unchanged, _ = related_history(state, state.obj(), relationship)
                    for child in added + unchanged:
                        if child is not None:
                            owners.setdefault(instance_state(child), []).append(state)

        order, left = [], list(states)
        wanted = set(states)
        waiting = {
            state: [other for other in referred(state) if other in wanted]
            for state in states
        }
        # In rounds, each of those that wait for nothing any more.
        done = set()
        while left:
            ready = [state for state in left if all(other in done for other in waiting[state])]
            if not ready:
                # What does not depend on the circle is written before the flush fails.
                self.circular = True
                return order
            order.extend(ready)
            done.update(ready)
            left = [state for state in left if state not in done]
        return order

    def _take_keys(self, state):
        """Foreign keys from the objects that many-to-one relationships refer to."""
        obj = state.obj()
        for relationship in state.mapping.relationships.values():
            if relationship.viewonly or relationship.direction is not MANYTOONE:
                continue
            added, _, _ = related_history(state, obj, relationship)
            if not added:
                continue
            target = added[0]
            if relationship.post_update:
                self.post_updates.append((state, relationship, target))
                continue
            if target is None:
                self._clear(state, obj, relationship.local_keys(), relationship)
                continue
            other = instance_state(target)
            if other.session is not self.session or (other.key is None and other not in self.states):
                continue
            self._copy(target, relationship.remote_keys(), state, obj, relationship.local_keys())

    def _give_keys(self, state):
        """The key of a saved object, to what its one-to-many relationships hold."""
        obj = state.obj()
        for relationship in state.mapping.relationships.values():
            if relationship.viewonly or relationship.direction is not ONETOMANY:
                continue
            added, unchanged, deleted = related_history(state, obj, relationship)
            for child in added:
                if child is None:
                    continue
                other = instance_state(child)
                if other not in self.states:
                    continue
                if relationship.post_update:
                    self.post_updates.append((other, relationship, obj))
                    continue
                self._copy(obj, relationship.local_keys(), other, child, relationship.remote_keys())
            for child in deleted:
                other = instance_state(child)
                if self.is_deleted(other) or other not in self.states:
                    continue
                if relationship.delete_orphan or other.has_parent(relationship, False):
                    continue
                self._clear(other, child, relationship.remote_keys(), relationship)
            if state.key is not None and any(
                key in state.committed for key in relationship.local_keys()
            ):
                for child in unchanged:
                    other = instance_state(child)
                    self.states.setdefault(other, False)
                    self._copy(
                        obj, relationship.local_keys(), other, child, relationship.remote_keys()
                    )

    def _copy(self, source, source_keys, state, obj, keys):
        for source_key, key in zip(source_keys, keys):
            value = source.__dict__.get(source_key)
            if value is None and instance_state(source).key is not None:
                value = getattr(source, source_key)
            self._assign(state, obj, key, value)

    def _assign(self, state, obj, key, value):
        values = obj.__dict__
        if key not in state.committed:
            state.committed[key] = values.get(key, NO_VALUE)
        values[key] = value
        state.expired_attributes.discard(key)

    def _clear(self, state, obj, keys, relationship):
        for key in keys:
            if key in state.mapping.primary_keys:
                if state.key is None and obj.__dict__.get(key) is None:
                    continue
                source, target = relationship.pairs[0]
                if relationship.direction is MANYTOONE:
                    source, target = target, source
                raise AssertionError(
                    "Dependency rule on column '%s.%s' tried to blank-out primary key column"
                    " '%s.%s' on instance '%s'" % (
                        source.table.name, source.name, target.table.name, target.name,
                        instance_str(obj),
                    )
                )
            self._assign(state, obj, key, None)

    def _post_update(self):
        connection = self.session.connection() if self.post_updates else None
        for state, relationship, other in self.post_updates:
            obj = state.obj()
            if relationship.direction is MANYTOONE:
                keys, sources = relationship.local_keys(), relationship.remote_keys()
            else:
                keys, sources = relationship.remote_keys(), relationship.local_keys()
            for key, source in zip(keys, sources):
                value = None if other is None else other.__dict__.get(source)
                self._assign(state, obj, key, value)
            persistence.post_update_state(connection, state, keys)

    # Deleting

    def _delete(self, states, one_by_one):
        if not states:
            return
        connection = self.session.connection()
        if one_by_one:
            ordered = list(reversed(self._sorted_by_rows(states)))
        else:
            ordered = states
        for state in ordered:
            state.mapping.events.persist("before_delete", connection, state)
        index = 0
        while index < len(ordered):
            run = [ordered[index]]
            while (
                not one_by_one
                and index + len(run) < len(ordered)
                and ordered[index + len(run)].mapping is run[0].mapping
            ):
                run.append(ordered[index + len(run)])
            persistence.delete_states(self.session, connection, run[0].mapping, run)
            index += len(run)
        for state in ordered:
            state.mapping.events.persist("after_delete", connection, state)

    def _release_children(self, state):
        """Children that stay while their parent goes refer to nothing."""
        obj = state.obj()
        for relationship in state.mapping.relationships.values():
            if relationship.viewonly or relationship.direction is not ONETOMANY:
                continue
            if "delete" in relationship.cascade or relationship.passive_deletes == "all":
                continue
            _, unchanged, deleted = related_history(state, obj, relationship)
            taken = self.children_added.get(relationship.name, ())
            children = [child for child in unchanged if not _has(taken, child)] + [
                child for child in deleted
                if not instance_state(child).has_parent(relationship, False)
            ]
            for child in children:
                other = instance_state(child)
                if other.key is None or self.is_deleted(other) or other._deleted:
                    continue
                self._clear(other, child, relationship.remote_keys(), relationship)

    # Secondary tables

    def _associate(self, only_deletes=False):
        for state, gone in list(self.states.items()):
            if gone is None:
                continue
            obj = state.obj()
            for relationship in state.mapping.relationships.values():
                if relationship.viewonly or relationship.direction is not MANYTOMANY:
                    continue
                if gone:
                    added, unchanged, deleted = self._loaded_history(state, relationship)
                    remove, add = list(unchanged) + list(deleted), []
                else:
                    add, _, remove = related_history(state, obj, relationship)
                    remove = list(remove)
                    if only_deletes:
                        add = []
                remove = [item for item in remove if self._is_first(relationship, obj, item, "-")]
                add = [item for item in add if self._is_first(relationship, obj, item, "+")]
                self._remove_associations(relationship, obj, remove)
                self._add_associations(relationship, obj, add)

    def _is_first(self, relationship, obj, item, sign):
        """Whether the other end of the relationship has not written the same row."""
        if item is None:
            return False
        if sign == "+" and instance_state(item).session is not self.session:
            return False
        ends = frozenset((id(obj), id(item))) if relationship.target.base is (
            relationship.parent.base
        ) and not relationship.reverse else (id(obj), id(item))
        names = sorted([relationship.name] + [other.name for other in relationship.reverse])
        if names[0] != relationship.name:
            ends = (id(item), id(obj))
        key = (names[0], ends, sign)
        if key in self.associations:
            return False
        self.associations.add(key)
        return True

    def _association(self, relationship, obj, item):
        values = {}
        for (column, secondary), key in zip(relationship.pairs, relationship.local_keys()):
            values[secondary] = self._stored_value(obj, key)
        for (column, secondary), key in zip(
            relationship.secondary_pairs, relationship.target_keys()
        ):
            values[secondary] = self._stored_value(item, key)
        return values

    def _stored_value(self, obj, key):
        value = obj.__dict__.get(key)
        return getattr(obj, key) if value is None else value

    def _add_associations(self, relationship, obj, items):
        if not items:
            return
        connection = self.session.connection()
        rows = [
            {column.key: value for column, value in self._association(relationship, obj, item).items()}
            for item in items
        ]
        connection.execute(insert(relationship.secondary), rows if len(rows) > 1 else rows[0])

    def _remove_associations(self, relationship, obj, items):
        if not items:
            return
        connection = self.session.connection()
        count = 0
        for item in items:
            statement = delete(relationship.secondary)
            for column, value in self._association(relationship, obj, item).items():
                statement = statement.where(column == value)
            count += connection.execute(statement).rowcount
        if count < len(items):
            raise orm_exc.StaleDataError(
                "DELETE statement on table '%s' expected to delete %d row(s); Only %d were matched."
                % (relationship.secondary.name, len(items), count)
            )


def _has(items, item):
    return any(known is item for known in items)


def _subsets(names, edges):
    """Sorts by what must come first, in rounds; also what refers to itself in a circle."""
    edges = [edge for edge in edges if edge[0] != edge[1]]
    left = list(names)
    ordered = []
    while left:
        ready = [
            name
            for name in left
            if not any(after == name and before in left for before, after in edges)
        ]
        if not ready:
            return ordered, left
        ordered.extend(ready)
        left = [name for name in left if name not in ready]
    return ordered, left
