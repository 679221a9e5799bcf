"""What a relationship asks of a flush: the order of the writes, and the keys that it carries."""

from sqlalchemy import delete, insert
from sqlalchemy.orm import exc as orm_exc
from sqlalchemy.orm.relationships import MANYTOMANY, ONETOMANY
from sqlalchemy.orm.state import NO_VALUE, instance_state, instance_str

# The kinds of actions of a flush: an action is a tuple of its kind and what it works on.
SAVE_ALL = "SaveUpdateAll"
DELETE_ALL = "DeleteAll"
POST_UPDATE = "PostUpdateAll"
PROCESS_ALL = "ProcessAll"
SAVE_STATE = "SaveUpdateState"
DELETE_STATE = "DeleteState"
PROCESS_STATE = "ProcessState"


def processor_of(unit, relationship):
    """The processor of a relationship for its direction."""
    if relationship.direction is ONETOMANY:
        return OneToMany(unit, relationship)
    if relationship.direction is MANYTOMANY:
        return ManyToMany(unit, relationship)
    return ManyToOne(unit, relationship)


class DependencyProcessor:
    """One relationship within one flush."""

    def __init__(self, unit, relationship):
        self.unit = unit
        self.relationship = relationship
        self.parent = relationship.parent.base
        self.target = relationship.target.base
        self.sort_key = "%s_%s" % (relationship.parent.sort_key, relationship.key)

    def __repr__(self):
        return "_%sDP(%s)" % (type(self).__name__, self.relationship.shown)

    def states(self, gone):
        """The saved or deleted states that have the relationship."""
        origin = self.relationship.origin
        return [
            state
            for state, is_delete in self.unit.states.items()
            if is_delete is gone and state.mapping.is_a(origin)
        ]

    def has_changes(self):
        """Whether the order of the flush has to heed the relationship."""
        relationship = self.relationship
        for gone in (True, False):
            states = self.states(gone)
            for state in states:
                added, unchanged, deleted = self.unit.history(state, relationship)
                if added or unchanged or deleted:
                    return True
                if not relationship.uselist and relationship.key in state.obj().__dict__:
                    return True
            if states and self.parent is not self.target and self.unit.has_states_of(
                relationship.target
            ):
                return True
        return False

    # The order

    def order(self):
        """What must come before what, as pairs of actions on whole classes."""
        after_save, before_delete = (PROCESS_ALL, self, False), (PROCESS_ALL, self, True)
        return self.order_of_all(
            after_save, before_delete,
            (SAVE_ALL, self.parent), (DELETE_ALL, self.parent),
            (SAVE_ALL, self.target), (DELETE_ALL, self.target),
        )

    def order_of_states(self, states, gone, cycles):
        """The same for single instances, where classes go round in a circle."""
        target_in_cycle = (SAVE_ALL, self.target) in cycles
        edges = []
        for state in states:
            related = self.unit.all_related(state, self.relationship)
            if not related:
                continue
            process = (PROCESS_STATE, self, gone, state)
            parent = (DELETE_STATE, state) if gone else (SAVE_STATE, state)
            if not target_in_cycle:
                children = [((SAVE_ALL, self.target), False), ((DELETE_ALL, self.target), True)]
            else:
                children = []
                for other in related:
                    known = self.unit.states.get(other)
                    if known is None:
                        children.append((None, None))
                    else:
                        kind = DELETE_STATE if known else SAVE_STATE
                        children.append(((kind, other), known))
            edges.append((process, None))
            for child, is_deleted in children:
                edges.extend(self.order_of_state(process, parent, child, gone, is_deleted))
        return edges

    # Keys

    def copy(self, source, source_keys, state, keys):
        """Puts the key of one instance into the foreign key of another."""
        held = source.__dict__
        for source_key, key in zip(source_keys, keys):
            value = held.get(source_key)
            if value is None and instance_state(source).key is not None:
                value = getattr(source, source_key)
            assign(state, key, value)

    def clear(self, state, keys):
        """Takes away a foreign key."""
        relationship = self.relationship
        for place, key in enumerate(keys):
            if key in state.mapping.primary_keys:
                if state.key is None and state.obj().__dict__.get(key) is None:
                    continue
                source, target = relationship.pairs[place]
                if relationship.direction is not ONETOMANY:
                    source, target = target, source
                raise AssertionError(
                    "Dependency rule on column '%s.%s' tried to blank-out primary key column"
                    " '%s.%s' on instance '%s'" % (
                        source.table.name, source.name, target.table.name, target.name,
                        instance_str(state.obj()),
                    )
                )
            assign(state, key, None)


class OneToMany(DependencyProcessor):
    """The children hold the key of their parent."""

    def order_of_all(self, after_save, before_delete, parent_saves, parent_deletes, child_saves,
                     child_deletes):
        if self.relationship.post_update:
            saved, gone = (POST_UPDATE, self.target, False), (POST_UPDATE, self.target, True)
            return [
                (child_saves, after_save), (parent_saves, after_save), (after_save, saved),
                (child_saves, before_delete), (before_delete, saved), (saved, parent_deletes),
                (before_delete, gone), (gone, parent_deletes), (gone, child_deletes),
            ]
        return [
            (parent_saves, after_save), (after_save, child_saves), (after_save, child_deletes),
            (child_saves, parent_deletes), (child_deletes, parent_deletes),
            (before_delete, child_saves), (before_delete, child_deletes),
        ]

    def order_of_state(self, process, parent, child, gone, child_is_deleted):
        if self.relationship.post_update:
            saved, removed = (POST_UPDATE, self.target, False), (POST_UPDATE, self.target, True)
            if gone:
                return [(process, removed), (removed, parent)]
            edges = [(child, process), (process, saved)]
            return edges if child_is_deleted else edges + [(parent, process)]
        if gone:
            return [(process, child), (child, parent)]
        return [(parent, process), (process, child), (parent, child)]

    def _give(self, state, child):
        other = instance_state(child)
        relationship = self.relationship
        if not relationship.post_update and self.unit.is_deleted(other):
            return
        self.copy(state.obj(), relationship.local_keys(), other, relationship.remote_keys())

    def _take_away(self, child):
        other = instance_state(child)
        if not self.relationship.post_update and (self.unit.is_deleted(other) or other._deleted):
            return
        self.clear(other, self.relationship.remote_keys())

    def process_saves(self, states):
        relationship = self.relationship
        for state in states:
            added, unchanged, deleted = self.unit.history(state, relationship)
            for child in added:
                if child is None or instance_state(child) not in self.unit.states:
                    continue
                self._give(state, child)
                if relationship.post_update:
                    self.unit.register_post_update(instance_state(child), relationship.remote_keys())
            if not relationship.delete_orphan and relationship.passive_deletes != "all":
                for child in deleted:
                    if not instance_state(child).has_parent(relationship, False):
                        self._take_away(child)
                        if relationship.post_update:
                            self.unit.register_post_update(
                                instance_state(child), relationship.remote_keys()
                            )
            if state.key is not None and any(
                key in state.committed for key in relationship.local_keys()
            ):
                # SQLite does not carry a changed key over to the rows that refer to it.
                for child in unchanged:
                    self.unit.states.setdefault(instance_state(child), False)
                    self._give(state, child)

    def process_deletes(self, states):
        relationship = self.relationship
        if relationship.passive_deletes == "all" and not relationship.post_update:
            return
        taken = self.unit.children_added.get(relationship.name, ())
        for state in states:
            _, unchanged, deleted = self.unit.history(state, relationship)
            children = [
                child for child in deleted
                if not instance_state(child).has_parent(relationship, False)
            ]
            if relationship.post_update or "delete" not in relationship.cascade:
                children += [
                    child for child in unchanged if not any(child is known for known in taken)
                ]
            for child in children:
                if child is None or instance_state(child).key is None:
                    continue
                self._take_away(child)
                if relationship.post_update:
                    self.unit.register_post_update(instance_state(child), relationship.remote_keys())


class ManyToOne(DependencyProcessor):
    """The instance itself holds the key of what it refers to."""

    def order_of_all(self, after_save, before_delete, parent_saves, parent_deletes, child_saves,
                     child_deletes):
        if self.relationship.post_update:
            saved, gone = (POST_UPDATE, self.parent, False), (POST_UPDATE, self.parent, True)
            return [
                (child_saves, after_save), (parent_saves, after_save), (after_save, saved),
                (after_save, gone), (before_delete, gone), (gone, child_deletes),
                (gone, parent_deletes),
            ]
        return [
            (child_saves, after_save), (after_save, parent_saves), (parent_saves, child_deletes),
            (parent_deletes, child_deletes),
        ]

    def order_of_state(self, process, parent, child, gone, child_is_deleted):
        if self.relationship.post_update:
            saved, removed = (POST_UPDATE, self.parent, False), (POST_UPDATE, self.parent, True)
            if gone:
                return [(process, removed), (removed, parent), (removed, child)]
            if child_is_deleted:
                return [(process, saved), (saved, child)]
            return [(parent, process), (child, process), (process, saved)]
        if gone:
            return [(parent, child)] if child_is_deleted else []
        if child_is_deleted:
            return [(process, parent)]
        return [(child, process), (process, parent)]

    def process_saves(self, states):
        relationship = self.relationship
        for state in states:
            added, unchanged, deleted = self.unit.history(state, relationship)
            if added:
                self._refer(state, added[0])
            elif deleted:
                self._refer(state, None)
            if relationship.post_update and (added or deleted):
                self.unit.register_post_update(state, relationship.local_keys())

    def process_deletes(self, states):
        relationship = self.relationship
        if not relationship.post_update or relationship.delete_orphan:
            return
        for state in states:
            added, unchanged, deleted = self.unit.history(state, relationship)
            self.clear(state, relationship.local_keys())
            if any(item is not None for item in list(added) + list(unchanged) + list(deleted)):
                self.unit.register_post_update(state, relationship.local_keys())

    def _refer(self, state, target):
        relationship = self.relationship
        if not relationship.post_update and self.unit.is_deleted(state):
            return
        if target is None:
            self.clear(state, relationship.local_keys())
            return
        other = instance_state(target)
        if other.session is not self.unit.session or (
            other.key is None and other not in self.unit.states
        ):
            return
        self.copy(target, relationship.remote_keys(), state, relationship.local_keys())


class ManyToMany(DependencyProcessor):
    """A secondary table holds the keys of both ends."""

    def order_of_all(self, after_save, before_delete, parent_saves, parent_deletes, child_saves,
                     child_deletes):
        return [
            (parent_saves, after_save), (child_saves, after_save), (after_save, child_deletes),
            (before_delete, parent_saves), (before_delete, parent_deletes),
            (before_delete, child_deletes), (before_delete, child_saves),
        ]

    def order_of_state(self, process, parent, child, gone, child_is_deleted):
        if gone:
            return [(process, child), (process, parent)]
        if child_is_deleted:
            return [(parent, process), (process, child)]
        return [(parent, process), (child, process)]

    def _written(self):
        """What the other end of the relationship has written, or None where there is none."""
        relationship = self.relationship
        if not relationship.reverse:
            return None
        names = sorted([relationship.key] + [other.key for other in relationship.reverse])
        return self.unit.associations.setdefault(tuple(names), set())

    def process_saves(self, states):
        self._process(states, False)

    def process_deletes(self, states):
        self._process(states, True)

    def _process(self, states, gone):
        written = self._written()
        noted = set()
        to_insert, to_delete = [], []
        for state in states:
            added, unchanged, deleted = self.unit.history(state, self.relationship)
            removed = list(unchanged) + list(deleted) if gone else list(deleted)
            for child in [] if gone else added:
                self._add_row(to_insert, state, child, written, "add")
            for child in removed:
                self._add_row(to_delete, state, child, written, "delete")
            for child in removed if gone else list(added) + removed:
                if child is not None:
                    noted.add((instance_state(child), state))
        if written is not None:
            written.update(noted)
        if to_delete:
            self._delete_rows(to_delete)
        if to_insert:
            rows = [{column.key: value for column, value in row.items()} for row in to_insert]
            statement = insert(self.relationship.secondary)
            self.unit.connection().execute(statement, rows if len(rows) > 1 else rows[0])

    def _add_row(self, rows, state, child, written, operation):
        if child is None:
            return
        other = instance_state(child)
        if written is not None and (state, other) in written:
            return
        if not self.unit.holds(other):
            if not other._deleted:
                self.unit.warn(
                    "Object of type <%s> not in session, %s operation along '%s' won't proceed"
                    % (other.class_.__name__, operation, self.relationship.shown)
                )
            return
        rows.append(self._row(state.obj(), child))

    def _row(self, obj, child):
        relationship = self.relationship
        values = {}
        for (_, column), key in zip(relationship.pairs, relationship.local_keys()):
            values[column] = _stored_value(obj, key)
        for (_, column), key in zip(relationship.secondary_pairs, relationship.target_keys()):
            values[column] = _stored_value(child, key)
        return values

    def _delete_rows(self, rows):
        secondary = self.relationship.secondary
        count = 0
        for row in rows:
            statement = delete(secondary)
            for column, value in row.items():
                statement = statement.where(column == value)
            count += self.unit.connection().execute(statement).rowcount
        if count != len(rows):
            raise orm_exc.StaleDataError(
                "DELETE statement on table '%s' expected to delete %d row(s); Only %d were matched."
                % (secondary.name, len(rows), count)
            )


def assign(state, key, value):
    """Sets an attribute as a flush does: without events."""
    values = state.obj().__dict__
    if key not in state.committed:
        state.committed[key] = values.get(key, NO_VALUE)
    values[key] = value
    state.expired_attributes.discard(key)


def _stored_value(obj, key):
    value = obj.__dict__.get(key)
    return getattr(obj, key) if value is None else value
