"""Which instances an operation on one of them reaches."""

from sqlalchemy.orm import attributes
from sqlalchemy.orm.state import NO_VALUE, instance_state


def cascade(kind, state, session):
    """The states that an operation reaches from one, in the order of their relationships."""
    found, seen, queue = [], {state}, [state]
    while queue:
        current = queue.pop(0)
        obj = current.obj()
        if obj is None:
            continue
        for relationship in current.mapping.relationships.values():
            if kind not in relationship.cascade:
                continue
            for item in _reached(kind, current, obj, relationship, session):
                if item is None:
                    continue
                other = instance_state(item)
                if other in seen:
                    continue
                seen.add(other)
                found.append(other)
                queue.append(other)
    return found


def _reached(kind, state, obj, relationship, session):
    key = relationship.key
    if relationship.lazy in ("dynamic", "write_only"):
        added, _, removed = attributes.related_history(state, obj, relationship)
        if kind == "delete" and state.key is not None and not relationship.passive_deletes:
            from sqlalchemy.orm import dynamic
            return dynamic.stored(session, state, obj, relationship)
        return list(added)
    if kind == "delete" and key not in obj.__dict__ and not relationship.passive_deletes:
        if state.key is not None and state.session is not None:
            getattr(obj, key)
    items = []
    value = obj.__dict__.get(key)
    if value is not None:
        items = list(value._sa_iterate()) if relationship.uselist else [value]
    else:
        pending = state.pending_changes.get(key)
        if pending is not None:
            items = list(pending.added)
    if kind == "save-update":
        present = {id(item) for item in items}
        before = state.committed.get(key)
        if before is not None and before is not NO_VALUE:
            for item in before if relationship.uselist else [before]:
                if item is not None and id(item) not in present:
                    other = instance_state(item)
                    if other.key is not None and not other._deleted:
                        items.append(item)
    return items
