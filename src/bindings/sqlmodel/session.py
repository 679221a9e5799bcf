"""`sqlmodel.Session`."""

import _sqlalchemy_orm as _orm

from sqlalchemy.orm.session import Session as _Session


class Session(_Session):
    """SQLAlchemy's session, whose `exec()` gives scalars for a SELECT of one thing."""

    def exec(self, statement, *, params=None, execution_options=None, bind_arguments=None,
             _parent_execute_state=None, _add_event=None):
        result = self.execute(statement, params, execution_options=execution_options)
        if _orm.statement_kind(statement)[0] == "select" and _orm.count_of_parts(statement) == 1:
            return result.scalars()
        return result
