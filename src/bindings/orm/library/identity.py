"""The instances that a session knows: by identity key, and as sets."""


class IdentityMap:
    """The instances with a row in the database, by identity key; held weakly."""

    def __init__(self):
        self._states = {}
        self._sweep_at = 256

    def state(self, key):
        found = self._states.get(key)
        if found is None:
            return None
        if found.obj() is None:
            del self._states[key]
            return None
        return found

    def add(self, state):
        self._states[state.key] = state
        if len(self._states) > self._sweep_at:
            self.all_states()
            self._sweep_at = 2 * len(self._states) + 256

    def discard(self, state):
        if self._states.get(state.key) is state:
            del self._states[state.key]

    def all_states(self):
        for key, state in list(self._states.items()):
            if state.obj() is None:
                del self._states[key]
        return list(self._states.values())

    def values(self):
        return [state.obj() for state in self.all_states()]

    def keys(self):
        return [state.key for state in self.all_states()]

    def items(self):
        return [(state.key, state.obj()) for state in self.all_states()]

    def get(self, key, default=None):
        state = self.state(key)
        return default if state is None else state.obj()

    def __getitem__(self, key):
        state = self.state(key)
        if state is None:
            raise KeyError(key)
        return state.obj()

    def __contains__(self, key):
        return self.state(key) is not None

    def __iter__(self):
        return iter(self.keys())

    def __len__(self):
        return len(self.all_states())


class IdentitySet:
    """`session.new`, `session.dirty`, `session.deleted`: instances, by identity."""

    def __init__(self, items):
        self._items = list(items)
        self._ids = {id(item) for item in self._items}

    def __contains__(self, item):
        return id(item) in self._ids

    def __iter__(self):
        return iter(list(self._items))

    def __len__(self):
        return len(self._items)

    def __bool__(self):
        return bool(self._items)

    def __eq__(self, other):
        return isinstance(other, IdentitySet) and len(self) == len(other) and all(
            item in other for item in self
        )

    def union(self, other):
        return IdentitySet(self._items + [item for item in other if item not in self])

    __or__ = union

    def intersection(self, other):
        return IdentitySet([item for item in self._items if item in IdentitySet(other)])

    __and__ = intersection

    def difference(self, other):
        return IdentitySet([item for item in self._items if item not in IdentitySet(other)])

    __sub__ = difference

    def __repr__(self):
        return "IdentitySet(%r)" % (self._items,)
