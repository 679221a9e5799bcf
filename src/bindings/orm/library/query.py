"""`Query`: what `session.query(...)` returns."""

import _sqlalchemy_orm as _orm

from sqlalchemy import and_, delete, exc, func, literal_column, select, text, update
from sqlalchemy.orm import loading
from sqlalchemy.orm.context import StatementExecution
from sqlalchemy.orm.loading import SelectContext
from sqlalchemy.orm.util import AliasedClass, RelationshipComparator, entity_mapping, with_parent


class Query:
    """A SELECT that knows its session; each method returns another query."""

    def __init__(self, entities, session=None):
        if not isinstance(entities, (list, tuple)):
            entities = (entities,)
        self._entities = tuple(entities)
        self.session = session
        self._statement = select(*self._entities)
        self._criteria = ()
        self._options = {}
        self._legacy_options = ()
        self._adapt = None
        self._is_from_statement = False

    def _copy(self, statement=None, **changes):
        made = Query.__new__(Query)
        for name, value in self.__dict__.items():
            if name in ("_entities", "session", "_statement", "_criteria", "_options",
                        "_legacy_options", "_adapt", "_is_from_statement"):
                made.__dict__[name] = value
        if statement is not None:
            made._statement = statement
        for name, value in changes.items():
            made.__dict__[name] = value
        return made

    @property
    def _sa_select(self):
        return self._flat()

    def __getattr__(self, name):
        raise AttributeError(
            "'%s' object has no attribute '%s'" % (type(self).__name__, name)
        )

    def _clauses(self, clauses):
        """Criteria, over the subquery of a union if there is one."""
        if self._adapt is None:
            return clauses
        return [
            clause if clause is None or isinstance(clause, str)
            else _orm.adapt(_orm.clause(clause), self._adapt)
            for clause in clauses
        ]

    # Building

    def filter(self, *criterion):
        criterion = tuple(self._clauses(criterion))
        self._no_limit("filter")
        return self._copy(
            self._statement.where(*criterion), _criteria=self._criteria + criterion
        )

    where = filter

    def _no_limit(self, method):
        if _orm.has_limit(self._statement):
            raise exc.InvalidRequestError(
                "Query.%s() being called on a Query which already has LIMIT or OFFSET applied.  Call"
                " %s() before limit() or offset() are applied." % (method, method)
            )

    def filter_by(self, **kwargs):
        entity = _orm.filter_entity(self._statement)
        shown = entity
        if entity is None:
            entity = shown = self._entities[0]
        if entity is not None and not _orm.has_joins(self._statement):
            shown = self._entities[0]
        if _orm.is_attribute(entity):
            entity = entity.class_
        conditions = []
        for name, value in kwargs.items():
            try:
                attribute = getattr(entity, name)
            except AttributeError:
                raise exc.InvalidRequestError(
                    'Entity namespace for "%s" has no property "%s"' % (_shown(shown), name)
                ) from None
            conditions.append(attribute == value)
        return self.filter(*conditions)

    def order_by(self, *clauses):
        if len(clauses) == 1 and clauses[0] in (None, False) if _is_plain(clauses) else False:
            return self._copy(self._statement.order_by(None))
        self._no_limit("order_by")
        return self._copy(self._statement.order_by(*self._clauses(clauses)))

    def group_by(self, *clauses):
        return self._copy(self._statement.group_by(*self._clauses(clauses)))

    def having(self, *having):
        return self._copy(self._statement.having(*self._clauses(having)))

    def distinct(self, *expr):
        return self._copy(self._statement.distinct(*expr))

    def limit(self, limit):
        return self._copy(self._statement.limit(limit))

    def offset(self, offset):
        return self._copy(self._statement.offset(offset))

    def slice(self, start, stop):
        statement = self._statement
        if start is not None and stop is not None:
            statement = statement.limit(stop - start)
        elif stop is not None:
            statement = statement.limit(stop)
        if start:
            statement = statement.offset(start)
        return self._copy(statement)

    def join(self, target, *props, isouter=False, full=False, onclause=None):
        if props:
            onclause = props[0]
        if len(props) > 1:
            raise TypeError("join() takes a target and an ON clause")
        if onclause is None:
            statement = self._statement.join(target, isouter=isouter, full=full)
        else:
            statement = self._statement.join(target, onclause, isouter=isouter, full=full)
        return self._copy(statement)

    def outerjoin(self, target, *props, full=False, onclause=None):
        return self.join(target, *props, isouter=True, full=full, onclause=onclause)

    def select_from(self, *from_obj):
        return self._copy(self._statement.select_from(*from_obj))

    def reset_joinpoint(self):
        return self._copy(_orm.reset_joinpoint(self._statement))

    def correlate(self, *fromclauses):
        return self._copy(self._statement.correlate(*fromclauses))

    def prefix_with(self, *prefixes, dialect="*"):
        return self._copy(self._statement.prefix_with(*prefixes, dialect=dialect))

    def with_for_update(self, *, nowait=False, read=False, of=None, skip_locked=False,
                        key_share=False):
        return self._copy(self._statement.with_for_update(
            nowait=nowait, read=read, skip_locked=skip_locked, key_share=key_share
        ))

    def add_columns(self, *column):
        return self._copy(
            self._statement.add_columns(*column), _entities=self._entities + column
        )

    def add_entity(self, entity, alias=None):
        return self.add_columns(entity)

    def add_column(self, column):
        return self.add_columns(column)

    def with_entities(self, *entities, **kw):
        return self._copy(
            self._statement.with_only_columns(*entities, maintain_column_froms=True)
            if _orm.has_joins(self._statement) else self._statement.with_only_columns(*entities),
            _entities=entities,
        )

    def options(self, *args):
        return self._copy(self._statement.options(*args))

    def execution_options(self, **kwargs):
        return self._copy(_options=dict(self._options, **kwargs))

    def get_execution_options(self):
        return dict(self._options)

    def yield_per(self, count):
        return self._copy()

    def populate_existing(self):
        return self.execution_options(populate_existing=True)

    def autoflush(self, setting):
        return self.execution_options(autoflush=setting)

    def enable_eagerloads(self, value):
        return self._copy()

    def enable_assertions(self, value):
        return self._copy()

    def set_label_style(self, style):
        return self._copy()

    def params(self, *args, **kwargs):
        values = dict(args[0]) if args else {}
        values.update(kwargs)
        return self._copy(_legacy_options=self._legacy_options + (values,))

    def with_session(self, session):
        return self._copy(session=session)

    def with_parent(self, instance, property=None, from_entity=None):
        mapping = entity_mapping(self._entities[0])
        if property is None:
            from sqlalchemy.orm.state import instance_state
            parent = instance_state(instance).mapping
            for key, relationship in parent.relationships.items():
                if mapping.is_a(relationship.target):
                    property = RelationshipComparator(parent.class_, key)
                    break
            else:
                raise exc.InvalidRequestError(
                    "Could not locate a property which relates instances of class '%s' to instances"
                    " of class '%s'" % (mapping.class_.__name__, parent.class_.__name__)
                )
        return self.filter(with_parent(instance, property, from_entity))

    def from_statement(self, statement):
        if isinstance(statement, Query):
            statement = statement._flat()
        if isinstance(statement, str):
            raise exc.ArgumentError(
                "Textual SQL expression %r should be explicitly declared as text(%r)"
                % (statement, statement)
            )
        return self._copy(self._statement.from_statement(statement), _is_from_statement=True)

    def union(self, *q):
        return self._combined("union", q)

    def union_all(self, *q):
        return self._combined("union_all", q)

    def intersect(self, *q):
        return self._combined("intersect", q)

    def intersect_all(self, *q):
        return self._combined("intersect_all", q)

    def except_(self, *q):
        return self._combined("except_", q)

    def except_all(self, *q):
        return self._combined("except_all", q)

    def _combined(self, method, others):
        """The query over the rows of a union."""
        import sqlalchemy
        first = self._labelled()
        combined = getattr(sqlalchemy, method)(
            first[0], *[other._labelled()[0] for other in others]
        )
        subquery = combined.subquery()
        columns = list(subquery.c)
        pairs = [
            (column, columns[place]) for place, column in enumerate(first[1])
            if _orm.is_expression(column)
        ]
        statement = select(*columns)
        statement = _orm.with_entities(statement, self._entities)
        made = self._copy(statement, _criteria=())
        made._adapt = pairs
        return made

    def _labelled(self):
        """The SELECT with each column named after its table, and the columns themselves."""
        columns = []
        for entity in self._entities:
            columns.extend(_orm.columns_of(entity))
        labelled = []
        adapt = self._adapt
        for column in columns:
            shown = column if adapt is None else _orm.adapt(_orm.clause(column), adapt)
            labelled.append(_orm.labelled(column, shown))
        return _orm.with_columns(self._statement, labelled), columns

    # As a part of other statements

    @property
    def statement(self):
        return self._flat()

    @property
    def selectable(self):
        return self._flat()

    @property
    def whereclause(self):
        return and_(*self._criteria) if self._criteria else None

    def _flat(self):
        statement = self._statement
        if self._adapt is not None:
            columns = []
            for entity in self._entities:
                columns.extend(
                    _orm.adapt(_orm.clause(column), self._adapt)
                    for column in _orm.columns_of(entity)
                )
            return _orm.with_columns(statement, columns)
        return statement

    def subquery(self, name=None, with_labels=False, reduce_columns=False):
        if with_labels:
            return self._labelled()[0].subquery(name)
        return self._flat().subquery(name)

    def cte(self, name=None, recursive=False, nesting=False):
        return self._flat().cte(name, recursive)

    def label(self, name):
        return self._flat().scalar_subquery().label(name)

    def scalar_subquery(self):
        return self._flat().scalar_subquery()

    as_scalar = scalar_subquery

    def exists(self):
        statement = _orm.with_columns(self._statement, [literal_column("1")])
        return statement.exists()

    @property
    def column_descriptions(self):
        found = []
        for entity in self._entities:
            mapping = entity_mapping(entity) if _orm.is_entity(entity) else None
            if mapping is not None:
                found.append({
                    "name": mapping.class_.__name__, "type": mapping.class_,
                    "aliased": isinstance(entity, AliasedClass), "expr": entity, "entity": entity,
                })
            else:
                column = _orm.columns_of(entity)[0]
                found.append({
                    "name": _orm.column_name(column), "type": column.type, "aliased": False,
                    "expr": entity, "entity": getattr(entity, "class_", None),
                })
        return found

    def __str__(self):
        statement = self._labelled()[0]
        bind = None if self.session is None else self.session.bind
        dialect = getattr(bind, "dialect", None)
        return str(statement if dialect is None else statement.compile(dialect=dialect))

    # Executing

    def _execution(self):
        session = self.session
        if session is None:
            raise exc.InvalidRequestError(
                "Query object is not bound to a Session; cannot execute."
            )
        from sqlalchemy.orm.mapping import ensure_configured
        ensure_configured()
        return session

    def _params(self):
        values = {}
        for given in self._legacy_options:
            values.update(given)
        return values or None

    def _rows(self):
        """The result: scalars for a single entity, else rows; neither has duplicates of entities."""
        session = self._execution()
        if self._adapt is not None:
            if self._options.get("autoflush", True):
                session._autoflush()
            context = SelectContext(
                session, self._statement, self._entities, _orm.options(self._statement),
                bool(self._options.get("populate_existing")), self._adapt,
            )
            rows = context.rows(
                session.connection().execute(context.statement, self._params() or {}).all()
            )
            result = _orm.result([part.name for part in context.parts], rows, False)
        else:
            result = StatementExecution(
                session, self._statement, self._params(), self._options
            ).execute()
        has_entities = any(_orm.is_entity(entity) for entity in self._entities)
        if has_entities:
            result = _orm.unique(result)
            if len(self._entities) == 1:
                return result.scalars()
        return result

    def __iter__(self):
        return iter(self._rows().all())

    def all(self):
        return self._rows().all()

    def first(self):
        if self._is_from_statement:
            return self._rows().first()
        return self.limit(1)._rows().first()

    def one(self):
        return self._rows().one()

    def one_or_none(self):
        return self._rows().one_or_none()

    def scalar(self):
        try:
            found = self.one()
        except exc.NoResultFound:
            return None
        if not _orm.is_row(found):
            return found
        return found[0]

    def scalars(self):
        return self._rows().scalars()

    def tuples(self):
        return self

    def value(self, column):
        for row in self.values(column):
            return row[0]
        return None

    def values(self, *columns):
        return iter(self.with_entities(*columns).all())

    def get(self, ident):
        mapping = entity_mapping(self._entities[0])
        options = _orm.options(self._statement)
        return self._execution().get(
            mapping.class_, ident, options=options,
            populate_existing=bool(self._options.get("populate_existing")),
        )

    def count(self):
        session = self._execution()
        subquery = self._labelled()[0].subquery()
        statement = select(func.count(literal_column("*"))).select_from(subquery)
        if self._options.get("autoflush", True):
            session._autoflush()
        params = self._params()
        connection = session.connection()
        result = connection.execute(statement) if params is None else connection.execute(
            statement, params
        )
        return result.scalar()

    def __getitem__(self, item):
        if isinstance(item, slice):
            start, stop, step = item.start, item.stop, item.step
            if (isinstance(start, int) and start < 0) or (isinstance(stop, int) and stop < 0):
                raise IndexError("negative indexes are not accepted by SQL index / slice operators")
            if start is not None and stop is not None and stop - start <= 0:
                return []
            found = list(self.slice(start, stop))
            return found if step is None else found[::step]
        if item < 0:
            raise IndexError("negative indexes are not accepted by SQL index / slice operators")
        return list(self[item:item + 1])[0]

    # Changing

    def _change(self, statement, options):
        session = self._execution()
        if _orm.has_limit(self._statement):
            raise exc.InvalidRequestError("Can't call Query.update() or Query.delete() when limit() has been called")
        if _orm.has_joins(self._statement):
            raise exc.InvalidRequestError(
                "Can't call Query.update() or Query.delete() when join(), outerjoin(),"
                " select_from(), or from_self() has been called"
            )
        if self._criteria:
            statement = statement.where(*self._criteria)
        execution = StatementExecution(session, statement, self._params(), options, self)
        return execution.execute().rowcount

    def update(self, values, synchronize_session="auto", update_args=None):
        if update_args:
            _orm.unsupported("update_args of Query.update()")
        target = self._target()
        return self._change(
            update(target).values(values), {"synchronize_session": synchronize_session}
        )

    def delete(self, synchronize_session="auto", delete_args=None):
        if delete_args:
            _orm.unsupported("delete_args of Query.delete()")
        return self._change(delete(self._target()), {"synchronize_session": synchronize_session})

    def _target(self):
        entity = self._entities[0]
        if _orm.is_attribute(entity):
            entity = entity.class_
        return entity


def _is_plain(clauses):
    return len(clauses) == 1 and (clauses[0] is None or clauses[0] is False)


def _shown(entity):
    if _orm.is_attribute(entity):
        return str(entity.expression)
    mapping = entity_mapping(entity) if _orm.is_entity(entity) else None
    return repr(entity) if mapping is None else mapping.local_table.name
