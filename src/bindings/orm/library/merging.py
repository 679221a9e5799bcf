"""`Session.merge()`."""

import _sqlalchemy_orm as _orm

from sqlalchemy.orm.state import instance_state, mapped_state


def merge(session, instance, done):
    """The session's own instance with what the given one says."""
    state = mapped_state(instance)
    if id(instance) in done:
        return done[id(instance)]
    mapping = state.mapping
    if state.session is session and state.key is not None:
        done[id(instance)] = instance
        return instance
    key = state.key
    if key is None:
        primary_key = mapping.primary_key_of(instance)
        if any(value is None for value in primary_key):
            merged, is_new = _new(session, mapping), True
        else:
            key = mapping.identity_key(primary_key)
    if key is not None:
        is_new = False
        known = session._identity_state(key)
        merged = known.obj() if known is not None else session.get(mapping.class_, key[1])
        if merged is None:
            merged, is_new = _new(session, mapping), True
    done[id(instance)] = merged
    if merged is instance:
        return merged
    values = instance.__dict__
    merged_state = instance_state(merged)
    for name in mapping.columns:
        if name in values:
            current = merged.__dict__.get(name)
            if is_new or name not in merged.__dict__ or current is not values[name]:
                if not is_new and name not in merged.__dict__ and merged_state.key is not None:
                    current = getattr(merged, name)
                if is_new or current != values[name] or name not in merged.__dict__:
                    setattr(merged, name, values[name])
        elif state.key is None and is_new is False:
            # What was never set says nothing.
            continue
    for name, relationship in mapping.relationships.items():
        if "merge" not in relationship.cascade or name not in values:
            continue
        if relationship.lazy in ("dynamic", "write_only"):
            continue
        value = values[name]
        if not relationship.uselist:
            setattr(merged, name, None if value is None else merge(session, value, done))
            continue
        items = [merge(session, item, done) for item in value._sa_iterate()]
        current = getattr(merged, name)
        if isinstance(current, dict):
            setattr(merged, name, {current._key_of(item): item for item in items})
        elif isinstance(current, set):
            setattr(merged, name, set(items))
        else:
            setattr(merged, name, items)
    if is_new:
        session._save_or_update(merged_state, merged)
    return merged


def _new(session, mapping):
    made = _orm.new_instance(mapping.class_)
    state = instance_state(made)
    session._save_or_update(state, made)
    return made
