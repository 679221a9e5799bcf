"""Executing statements in a session: SELECT of entities, and INSERT, UPDATE, DELETE of them."""

import _sqlalchemy_orm as _orm

from sqlalchemy import and_, exc, select
from sqlalchemy.orm import loading, persistence
from sqlalchemy.orm.evaluator import EXPIRED, UnevaluatableError, condition, evaluator
from sqlalchemy.orm.events import has_session_listeners, notify_session
from sqlalchemy.orm.loading import EntityLoader, SelectContext, joins_collection
from sqlalchemy.orm.state import instance_state
from sqlalchemy.orm.util import AliasedClass, entity_mapping

SYNCHRONIZE = (None, False, True, "auto", "evaluate", "fetch")

# Execution options that would decide where a statement goes.
REFUSED_OPTIONS = ("schema_translate_map", "isolation_level", "identity_token")


class ORMExecuteState:
    """What a `do_orm_execute` listener is given."""

    def __init__(self, session, statement, parameters, options, kind):
        self.session = session
        self.statement = statement
        self.parameters = parameters
        self.execution_options = options
        self.local_execution_options = options
        self._kind = kind
        self.bind_arguments = {}

    @property
    def is_select(self):
        return self._kind == "select"

    @property
    def is_insert(self):
        return self._kind == "insert"

    @property
    def is_update(self):
        return self._kind == "update"

    @property
    def is_delete(self):
        return self._kind == "delete"

    @property
    def is_executemany(self):
        return isinstance(self.parameters, (list, tuple))

    @property
    def is_orm_statement(self):
        return bool(_orm.entities(self.statement))

    @property
    def is_column_load(self):
        return False

    @property
    def is_relationship_load(self):
        return False

    def invoke_statement(self, statement=None, params=None, execution_options=None,
                         bind_arguments=None):
        _orm.unsupported("invoke_statement()")


class _BulkContext:
    """What `after_bulk_update` and `after_bulk_delete` are given."""

    def __init__(self, session, statement, result, mapping, query, values):
        self.session = session
        self.statement = statement
        self.result = result
        self.rowcount = result.rowcount
        self.mapper = mapping.class_.__mapper__
        self.query = query
        self.values = values


class StatementExecution:
    """One call of `Session.execute()`."""

    def __init__(self, session, statement, params, options, query=None):
        self.session = session
        statement = _orm.statement(statement)
        kind, options_of = _orm.statement_kind(statement)
        self.options = dict(session.execution_options)
        self.options.update(options_of)
        self.options.update(options)
        for name in REFUSED_OPTIONS:
            if self.options.get(name) is not None:
                _orm.unsupported("the execution option %s of a session" % name)
        self.query = query
        self.values = values


class StatementExecution:
    """One call of `Session.execute()`."""

    def __init__(self, session, statement, params, options, query=None):
        self.session = session
        statement = _orm.statement(statement)
        kind, options_of = _orm.statement_kind(statement)
        self.options = dict(session.execution_options)
        self.options.update(options_of)
        self.options.update(options)
        self.query = query
        self.kind = kind
        self.params = params
        if has_session_listeners(session, "do_orm_execute"):
            state = ORMExecuteState(session, statement, params, self.options, kind)
            notify_session(session, "do_orm_execute", state)
            statement, self.params = state.statement, state.parameters
        self.statement = statement
        self.entities = _orm.entities(statement)

    @property
    def _populate_existing(self):
        return bool(self.options.get("populate_existing"))

    def _autoflush(self):
        if self.options.get("autoflush", True):
            self.session._autoflush()

    def _run(self, statement, params=None):
        connection = self.session.connection()
        if params is None:
            return connection.execute(statement)
        return connection.execute(statement, params)

    def execute(self):
        if self.kind == "select":
            return self._select()
        if self.kind in ("insert", "update", "delete") and self.entities:
            target = entity_mapping(self.entities[0])
            if target is not None:
                self.mapping = target
                return getattr(self, "_" + self.kind)()
        self._autoflush()
        return self._run(self.statement, self.params)

    # SELECT

    def _select(self):
        self._autoflush()
        entities = self.entities
        textual = _orm.from_statement(self.statement)
        if textual is not None:
            return self._from_statement(textual)
        if not any(_orm.is_entity(entity) for entity in entities):
            return self._run(self.statement, self.params)
        context = SelectContext(
            self.session, self.statement, entities, _orm.options(self.statement),
            self._populate_existing,
        )
        rows = context.rows(self._run(context.statement, self.params).all())
        names = [part.name for part in context.parts]
        return _orm.result(names, rows, context.needs_unique)

    def _from_statement(self, statement):
        """Entities out of the rows of another statement, matched by the names of columns."""
        result = self._run(statement, self.params)
        keys = list(result.keys())
        parts, names = [], []
        for entity in self.entities:
            mapping = entity_mapping(entity) if _orm.is_entity(entity) else None
            if mapping is None:
                name = _orm.column_name(_orm.columns_of(entity)[0])
                names.append(name)
                parts.append((None, keys.index(name)))
                continue
            loader = EntityLoader(
                self.session, entity, _orm.options(self.statement), (), self._populate_existing
            )
            places = []
            kept = []
            for key, column in zip(loader.keys, loader.columns):
                place = _place(keys, column)
                if place is None:
                    if key in mapping.primary_keys:
                        raise exc.NoSuchColumnError(
                            "Could not locate column in row for column '%s.%s'"
                            % (column.table.name, column.name)
                        )
                    continue
                kept.append(key)
                places.append(place)
            loader.keys = kept
            loader.primary = [kept.index(key) for key in mapping.primary_keys]
            if loader.discriminator is not None:
                loader.discriminator = (
                    kept.index(mapping.polymorphic_key)
                    if mapping.polymorphic_key in kept else None
                )
            names.append(loader.name)
            parts.append((loader, places))
        rows = []
        for row in result.all():
            made = []
            for loader, places in parts:
                if loader is None:
                    made.append(row[places])
                else:
                    made.append(loader.instance([row[place] for place in places]))
            rows.append(made)
        for loader, _ in parts:
            if loader is not None:
                loader.finish()
        return _orm.result(names, rows, False)

    # INSERT

    def _insert(self):
        self._autoflush()
        mapping = self.mapping
        returning = _orm.returning(self.statement)
        params = self.params
        many = isinstance(params, (list, tuple))
        if len(mapping.tables) > 1:
            if many and not returning:
                persistence.bulk_insert(
                    self.session, mapping, [dict(row) for row in params],
                    bool(self.options.get("render_nulls")),
                )
                return _orm.result([], [], False)
            _orm.unsupported("insert() of %s, which has several tables" % mapping.class_.__name__)
        if params is None:
            return self._returned(self._run(*self._with_columns(returning)), returning)
        rows = [self._column_names(row) for row in (params if many else [params])]
        statement, = self._with_columns(returning)
        if not returning:
            result = None
            for group in _groups(rows):
                result = self._run(statement, group if many else group[0])
            return result
        made = []
        for group in _groups(rows):
            made.extend(persistence.returned_rows(self.session.connection(), statement, group))
        return self._result_of(made, returning)

    def _column_names(self, row):
        """Parameters by the names of columns; those of attributes are translated."""
        made = {}
        for name, value in dict(row).items():
            attribute = self.mapping.columns.get(self.mapping.synonyms.get(name, name))
            made[name if attribute is None else attribute.column.key] = value
        for key, attribute in self.mapping.columns.items():
            if key == self.mapping.polymorphic_key and self.mapping.identity is not None:
                made.setdefault(attribute.column.key, self.mapping.identity)
        return made

    def _with_columns(self, returning):
        if not returning:
            return (self.statement,)
        columns = []
        for entity in returning:
            if _orm.is_entity(entity):
                columns.extend(EntityLoader(self.session, entity).columns)
            else:
                columns.extend(_orm.columns_of(entity))
        return (_orm.with_returning(self.statement, columns),)

    def _entities_of(self, found, returning):
        parts, names, start = [], [], 0
        for entity in returning:
            if _orm.is_entity(entity):
                loader = EntityLoader(
                    self.session, entity, (), (), self._populate_existing or self.kind == "update"
                )
                loader.start = start
                start += len(loader.columns)
                names.append(loader.name)
                parts.append((loader, None))
            else:
                for column in _orm.columns_of(entity):
                    names.append(_orm.column_name(column))
                    parts.append((None, start))
                    start += 1
        rows = []
        for row in found:
            rows.append([
                row[place] if loader is None else loader.instance(row) for loader, place in parts
            ])
        return names, rows

    def _returned(self, result, returning):
        if not returning:
            return result
        return self._result_of(result.all(), returning)

    def _result_of(self, found, returning):
        names, rows = self._entities_of(found, returning)
        mappings = [entity_mapping(entity) for entity in returning if _orm.is_entity(entity)]
        return _orm.result(names, rows, any(joins_collection(mapping, ()) for mapping in mappings))

    # UPDATE and DELETE

    def _synchronize(self):
        value = self.options.get("synchronize_session", "auto")
        if value not in SYNCHRONIZE:
            raise exc.ArgumentError(
                "Valid strategies for session synchronization are %s"
                % "'auto', 'evaluate', 'fetch', False"
            )
        return value

    def _finder(self, synchronize):
        """Finds, once the statement has run, the states of the session whose rows it changed:
        (state, whether that is only supposed). None where the session is not synchronized."""
        if not synchronize:
            return None
        mapping = self.mapping
        conditions = _orm.conditions(self.statement)
        if synchronize != "fetch":
            try:
                holds = condition(mapping, conditions)
            except UnevaluatableError as error:
                if synchronize == "evaluate":
                    raise exc.InvalidRequestError(
                        'Could not evaluate current criteria in Python: "%s". Specify \'fetch\' or'
                        " False for the synchronize_session execution option." % error
                    ) from error
            else:
                return lambda: self._evaluated(holds)
        statement = select(*mapping.primary_key).select_from(_orm.selectable(mapping.class_))
        statement = statement.where(*conditions)
        keys = [tuple(row) for row in self._run(statement, self.params).all()]
        states = [self.session._identity_state(mapping.identity_key(key)) for key in keys]
        return lambda: [(state, False) for state in states if state is not None]

    def _evaluated(self, holds):
        found = []
        for state in self.session.identity_map.all_states():
            if state.expired or not state.mapping.is_a(self.mapping):
                continue
            value = holds(state)
            if value is True or value is EXPIRED:
                found.append((state, value is EXPIRED))
        return found

    def _update(self):
        mapping = self.mapping
        session = self.session
        if isinstance(self.params, (list, tuple)):
            if _orm.conditions(self.statement):
                raise exc.InvalidRequestError(
                    "bulk ORM UPDATE by primary key does not support additional WHERE criteria"
                )
            self._autoflush()
            persistence.bulk_update(session, mapping, [dict(row) for row in self.params])
            for row in self.params:
                key = mapping.identity_key([row[key] for key in mapping.primary_keys])
                state = session._identity_state(key)
                if state is not None:
                    values = {
                        name: (lambda _, value=row[name]: value)
                        for name in row if name in mapping.columns and name not in mapping.primary_keys
                    }
                    self._take_values(state, values, values)
            return _orm.result([], [], False)
        self._criteria()
        self._autoflush()
        find = self._finder(self._synchronize())
        returning = _orm.returning(self.statement)
        statement, = self._with_columns(returning)
        changed, computed = {}, {}
        for column, value in _orm.assignments(self.statement):
            key = mapping.key_by_column.get(column)
            if key is not None:
                changed[key] = value
                try:
                    computed[key] = evaluator(mapping, value)
                except UnevaluatableError:
                    pass
        statement, made, fetched = self._with_onupdate(statement, changed)
        result = self._run(statement, self.params)
        for state, _ in find() if find is not None else ():
            state.dict.update(made)
            state.expire(fetched)
            self._take_values(state, changed, computed)
        if has_session_listeners(session, "after_bulk_update"):
            notify_session(
                session, "after_bulk_update",
                _BulkContext(session, self.statement, result, mapping, self.query, changed),
            )
        return self._returned(result, returning)

    def _with_onupdate(self, statement, changed):
        """The statement with what columns are given at each UPDATE, and what instances take of
        it: values by attribute, and the attributes whose values the database makes."""
        made, fetched = {}, []
        for table in self.mapping.tables:
            for key, column in self.mapping.name_for_table(table):
                if column.onupdate is None or key in changed:
                    continue
                known, value = _orm.default_value(column.onupdate)
                if known:
                    made[key] = value
                    statement = statement.values({column: value})
                else:
                    fetched.append(key)
        return statement, made, fetched

    def _take_values(self, state, changed, computed):
        """Brings an instance up to what an UPDATE has set."""
        values = state.dict
        taken = [key for key in computed if key not in state.committed]
        for key in taken:
            if key in values:
                value = computed[key](state)
                if value is EXPIRED:
                    values.pop(key)
                    state.expired_attributes.add(key)
                else:
                    values[key] = value
        state.expired = False
        state.expire([key for key in changed if key in values and key not in taken])
        self.session._register_altered(state)

    def _delete(self):
        session = self.session
        self._criteria()
        self._autoflush()
        find = self._finder(self._synchronize())
        returning = _orm.returning(self.statement)
        statement, = self._with_columns(returning)
        result = self._run(statement, self.params)
        found = self._returned(result, returning)
        for state, is_supposed in find() if find is not None else ():
            if is_supposed:
                state.expire()
            else:
                session._now_deleted(state)
        if has_session_listeners(session, "after_bulk_delete"):
            notify_session(
                session, "after_bulk_delete",
                _BulkContext(session, self.statement, result, self.mapping, self.query, None),
            )
        return found

    def _criteria(self):
        """A class of a single table changes its own rows only."""
        criterion = _orm.single_criterion(self.mapping.class_)
        if criterion is not None:
            self.statement = self.statement.where(criterion)


def _place(keys, column):
    for name in (column.key, column.name, "%s_%s" % (column.table.name, column.name)):
        if name in keys:
            return keys.index(name)
    return None


def _groups(rows):
    """Runs of rows with the same keys."""
    groups = []
    for row in rows:
        if groups and list(groups[-1][0]) == list(row):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups
