"""INSERT, UPDATE and DELETE of instances, and the bulk methods."""

import _sqlalchemy_orm as _orm

from sqlalchemy import delete, exc, insert, select, update
from sqlalchemy.orm import exc as orm_exc
from sqlalchemy.orm.mapping import mapping_of
from sqlalchemy.orm.state import NO_VALUE, instance_state, instance_str


def _parameter(mapping, key, value):
    """A value as it goes into a statement; an expression stays one."""
    if _orm.is_expression(value):
        return value, True
    return value, False


def _is_none(value):
    return value is None


def _columns_with_default(table):
    return [column for column in table.c if column.default is not None]


class Row:
    """One row to insert into one table."""

    def __init__(self, state, values, expressions, fetched):
        self.state = state
        self.values = values
        self.expressions = expressions
        self.fetched = fetched
        # What Python gave for attributes that have no value; the instance gets it with its row.
        self.made = {}

    def is_inserted(self):
        if self.state is not None:
            self.state.obj().__dict__.update(self.made)


def _row_to_insert(mapping, table, values, state=None, render_nulls=False):
    """The row of an instance or of a mapping of values."""
    parameters, expressions, fetched, given = {}, {}, [], {}
    for key, column in mapping.name_for_table(table):
        value = values.get(key, None)
        if value is None and not (key in values and _orm.evaluates_none(column)):
            if render_nulls and key in values and not column.primary_key:
                parameters[column.key] = None
            elif column.default is not None:
                known, made = _orm.default_value(column.default)
                if known:
                    parameters[column.key] = given[key] = made
                else:
                    fetched.append((key, column))
            elif column.server_default is not None or _orm.is_computed(column):
                fetched.append((key, column))
            elif not column.primary_key:
                parameters[column.key] = None
        elif _orm.is_expression(value):
            expressions[column] = value
            fetched.append((key, column))
        else:
            parameters[column.key] = value
    if mapping.version_key is not None:
        column = mapping.columns[mapping.version_key].column
        if column.table is table and parameters.get(column.key) is None:
            parameters[column.key] = given[mapping.version_key] = 1
    key = mapping.polymorphic_key
    if key is not None and mapping.identity is not None:
        column = mapping.columns[key].columns[-1]
        if column.table is table and parameters.get(column.key) is None:
            parameters[column.key] = given[key] = mapping.identity
    row = Row(state, parameters, expressions, fetched)
    row.made = given
    return row


def insert_states(session, connection, mapping, states):
    """Inserts pending instances of one class, in the order that they were added."""
    for table in mapping.tables:
        rows = []
        inherited = mapping.inherited_keys(table) if table is not mapping.tables[0] else ()
        for state in states:
            obj = state.obj()
            for source, target in inherited:
                obj.__dict__[target] = obj.__dict__.get(source)
            rows.append(_row_to_insert(mapping, table, obj.__dict__, state))
        index = 0
        while index < len(rows):
            run = [rows[index]]
            while index + len(run) < len(rows) and _alike(run[0], rows[index + len(run)]):
                run.append(rows[index + len(run)])
            _insert_rows(connection, mapping, table, run)
            for row in run:
                row.is_inserted()
            index += len(run)
    for state in states:
        _now_stored(state)


def _alike(one, other):
    return (
        not one.expressions
        and not other.expressions
        and set(one.values) == set(other.values)
    )


def _insert_rows(connection, mapping, table, rows):
    keys = [(mapping.key_by_column[column], column) for column in table.primary_key.columns]
    has_key = all(column.key in rows[0].values for _, column in keys)
    statement = insert(table)
    if rows[0].expressions:
        statement = statement.values(rows[0].expressions)
    server = [
        (key, column)
        for key, column in rows[0].fetched
        if column.server_default is not None or _orm.is_computed(column)
        or column in rows[0].expressions
    ]
    if not server and (has_key or len(rows) == 1):
        values = [row.values for row in rows]
        result = connection.execute(statement, values if len(rows) > 1 else values[0])
        if not has_key and keys:
            primary_key = result.inserted_primary_key
            for (key, column), value in zip(keys, primary_key):
                if column.key not in rows[0].values:
                    rows[0].state.obj().__dict__[key] = value
        return
    wanted = list(server)
    if not has_key:
        wanted = [item for item in keys if item[1].key not in rows[0].values] + [
            item for item in server if not any(item[1] is column for _, column in keys)
        ]
    # One INSERT a row: the database gives each its key in their order.
    statement = statement.returning(*[column for _, column in wanted])
    for row, found in zip(rows, returned_rows(connection, statement, [r.values for r in rows])):
        if row.state is None:
            continue
        values = row.state.obj().__dict__
        for (key, _), value in zip(wanted, found):
            values[key] = value
        row.fetched = [item for item in row.fetched if not any(item[1] is c for _, c in wanted)]


def returned_rows(connection, statement, parameters):
    """The rows that an INSERT with RETURNING gives for each set of parameters, in their order."""
    return connection.execute(statement, parameters if len(parameters) > 1 else parameters[0]).all()


def _now_stored(state):
    """Sets the identity key, and expires what the database made itself."""
    mapping = state.mapping
    values = state.obj().__dict__
    for key in mapping.columns:
        if key not in values or _orm.is_expression(values[key]):
            column = mapping.columns[key].column
            if (
                key in values
                or column.default is not None
                or column.server_default is not None
                or _orm.is_computed(column)
            ):
                values.pop(key, None)
                state.expired_attributes.add(key)
            else:
                state.never_set.add(key)
    primary_key = [values.get(key) for key in mapping.primary_keys]
    if any(value is None for value in primary_key):
        raise orm_exc.FlushError(
            "Instance %s has a NULL identity key.  If this is an auto-generated value, check that"
            " the database table allows generation of new primary key values, and that the mapped"
            " Column object is configured to expect these generated values.  Ensure also that this"
            " flush() is not occurring at an inappropriate time, such as within a load() event."
            % instance_str(state.obj())
        )
    state.key = mapping.identity_key(primary_key)


def changed_keys(state):
    """The column attributes whose values are others than in the database."""
    mapping = state.mapping
    values = state.obj().__dict__
    found = []
    for key in list(state.committed):
        attribute = mapping.columns.get(key)
        if attribute is None:
            continue
        before = state.committed[key]
        if key not in values:
            if before is not None and before is not NO_VALUE:
                found.append(key)
            continue
        now = values[key]
        if before is NO_VALUE or _orm.is_expression(now):
            found.append(key)
        elif before is not now and not _orm.same_value(attribute.column, before, now):
            found.append(key)
    return found


def primary_key_conditions(mapping, table, values):
    """`table.id = value` for each column of the key; the values by attribute name."""
    conditions = []
    for column in table.primary_key.columns:
        conditions.append(column == values[mapping.key_by_column[column]])
    if not len(list(table.primary_key.columns)):
        for key, column in zip(mapping.primary_keys, mapping.primary_key):
            conditions.append(column == values[key])
    return conditions


def _stored_key(state):
    return dict(zip(state.mapping.primary_keys, state.key[1]))


def update_state(session, connection, state):
    """Updates the row of an instance where something changed; whether it did."""
    mapping = state.mapping
    values = state.obj().__dict__
    changed = changed_keys(state)
    version = mapping.version_key
    if not changed:
        return False
    stored = _stored_key(state)
    for key in mapping.primary_keys:
        if key not in values:
            getattr(state.obj(), key)
    if version is not None and version not in state.committed and version not in values:
        getattr(state.obj(), version)
    for table in mapping.tables:
        assignments = {}
        fetched = []
        names = mapping.name_for_table(table)
        for key, column in names:
            if key in changed:
                value = values.get(key)
                assignments[column] = value
                if _orm.is_expression(value):
                    fetched.append(key)
        is_base = table is mapping.tables[0]
        if version is not None and is_base:
            column = mapping.columns[version].column
            before = state.committed.get(version, values.get(version))
            assignments[column] = (before or 0) + 1
        if not assignments:
            continue
        for key, column in names:
            if column.onupdate is not None and column not in assignments:
                known, made = _orm.default_value(column.onupdate)
                if known:
                    assignments[column] = made
                    values[key] = made
                else:
                    fetched.append(key)
        statement = update(table).values(assignments)
        conditions = primary_key_conditions(mapping, table, stored)
        if version is not None and is_base:
            before = state.committed.get(version, values.get(version))
            conditions.append(mapping.columns[version].column == before)
        result = connection.execute(statement.where(*conditions))
        if result.rowcount == 0:
            raise orm_exc.StaleDataError(
                "UPDATE statement on table '%s' expected to update 1 row(s); 0 were matched."
                % table.name
            )
        if version is not None and is_base:
            values[version] = (before or 0) + 1
        for key in fetched:
            values.pop(key, None)
            state.expired_attributes.add(key)
    state.key = mapping.identity_key([values.get(key, stored[key]) for key in mapping.primary_keys])
    return True


def delete_states(session, connection, mapping, states):
    """Deletes the rows of instances of one class."""
    for state in states:
        for key in mapping.primary_keys:
            # An expired instance is loaded, which fails where its row is gone.
            if key in state.expired_attributes and key not in state.obj().__dict__:
                getattr(state.obj(), key)
    for table in reversed(mapping.tables):
        count = 0
        for state in states:
            statement = delete(table).where(
                *primary_key_conditions(mapping, table, _stored_key(state))
            )
            version = mapping.version_key
            if version is not None and table is mapping.tables[0]:
                column = mapping.columns[version].column
                statement = statement.where(column == state.obj().__dict__.get(version))
            count += connection.execute(statement).rowcount
        if count != len(states) and mapping.arguments.get("confirm_deleted_rows", True):
            message = "DELETE statement on table '%s' expected to delete %d row(s); %d were matched." % (
                table.name, len(states), count,
            )
            if mapping.version_key is not None:
                raise orm_exc.StaleDataError(message)
            _orm.warn(
                message + "  Please set confirm_deleted_rows=False within the mapper configuration"
                " to prevent this warning."
            )


def post_update_state(connection, state, keys):
    """The second UPDATE of a relationship with post_update."""
    mapping = state.mapping
    values = state.obj().__dict__
    for table in mapping.tables:
        assignments = {
            column: values.get(key)
            for key, column in mapping.name_for_table(table)
            if key in keys
        }
        if assignments:
            conditions = primary_key_conditions(mapping, table, _stored_key(state))
            connection.execute(update(table).values(assignments).where(*conditions))


# Bulk


def _unconsumed(names):
    raise exc.CompileError("Unconsumed column names: %s" % ", ".join(names))


def bulk_insert(session, mapping, dictionaries, render_nulls, return_defaults=False):
    """`bulk_insert_mappings()`: rows by attribute name; names that are none are left out."""
    connection = session.connection()
    dictionaries = list(dictionaries)
    for table in mapping.tables:
        rows = [
            _row_to_insert(mapping, table, values, None, render_nulls) for values in dictionaries
        ]
        if len(mapping.tables) > 1 and table is mapping.tables[0]:
            _insert_joined(connection, mapping, table, rows, dictionaries)
            continue
        index = 0
        while index < len(rows):
            run = [rows[index]]
            while index + len(run) < len(rows) and _alike(run[0], rows[index + len(run)]):
                run.append(rows[index + len(run)])
            statement = insert(table)
            if run[0].expressions:
                statement = statement.values(run[0].expressions)
            values = [row.values for row in run]
            if return_defaults:
                for row, given in zip(run, dictionaries[index:]):
                    result = connection.execute(statement, row.values)
                    for column, value in zip(
                        table.primary_key.columns, result.inserted_primary_key
                    ):
                        given[mapping.key_by_column[column]] = value
            else:
                connection.execute(statement, values if len(values) > 1 else values[0])
            index += len(run)


def _insert_joined(connection, mapping, table, rows, dictionaries):
    """The rows of the base table, whose keys the joined tables take."""
    for row, values in zip(rows, dictionaries):
        result = connection.execute(insert(table).values(row.expressions), row.values) if (
            row.expressions
        ) else connection.execute(insert(table), row.values)
        for column, value in zip(table.primary_key.columns, result.inserted_primary_key):
            values.setdefault(mapping.key_by_column[column], value)


def bulk_update(session, mapping, dictionaries):
    """`bulk_update_mappings()`: each dictionary has the primary key and what is to be set."""
    connection = session.connection()
    for values in dictionaries:
        for key in mapping.primary_keys:
            if values.get(key) is None:
                raise exc.InvalidRequestError(
                    "No primary key value supplied for column(s) %s; per-row ORM Bulk UPDATE by"
                    " Primary Key requires that records contain primary key values (Background on"
                    " this error at: https://sqlalche.me/e/21/bupq)"
                    % ", ".join(
                        "%s.%s" % (column.table.name, column.name)
                        for name, column in zip(mapping.primary_keys, mapping.primary_key)
                        if values.get(name) is None
                    )
                )
        for table in mapping.tables:
            assignments = {
                column: values[key]
                for key, column in mapping.name_for_table(table)
                if key in values and key not in mapping.primary_keys
            }
            if not assignments:
                continue
            for key, column in mapping.name_for_table(table):
                if column.onupdate is not None and column not in assignments:
                    known, made = _orm.default_value(column.onupdate)
                    if known:
                        assignments[column] = made
            conditions = primary_key_conditions(mapping, table, values)
            result = connection.execute(update(table).values(assignments).where(*conditions))
            if result.rowcount == 0:
                raise orm_exc.StaleDataError(
                    "UPDATE statement on table '%s' expected to update %d row(s); %d were matched."
                    % (table.name, len(dictionaries), len(dictionaries) - 1)
                )


def bulk_save(session, objects, return_defaults, update_changed_only, preserve_order):
    """`bulk_save_objects()`: inserts and updates without relationships, cascades and states."""
    groups = []
    for obj in objects:
        state = instance_state(obj)
        kind = (state.mapping, state.key is not None)
        if preserve_order:
            if groups and groups[-1][0] == kind:
                groups[-1][1].append(state)
            else:
                groups.append((kind, [state]))
        else:
            for known, states in groups:
                if known == kind:
                    states.append(state)
                    break
            else:
                groups.append((kind, [state]))
    for (mapping, stored), states in groups:
        if stored:
            changes = []
            for state in states:
                keys = changed_keys(state) if update_changed_only else list(mapping.columns)
                values = state.obj().__dict__
                if keys:
                    row = {key: values.get(key) for key in keys if key in values}
                    row.update(zip(mapping.primary_keys, state.key[1]))
                    changes.append(row)
            bulk_update(session, mapping, changes)
        else:
            rows = [
                {key: value for key, value in state.obj().__dict__.items() if key in mapping.columns}
                for state in states
            ]
            bulk_insert(session, mapping, rows, False, return_defaults)
            if return_defaults:
                for state, row in zip(states, rows):
                    for key in mapping.primary_keys:
                        state.obj().__dict__.setdefault(key, row.get(key))
