from sqlalchemy import *
bool(Column("x", Integer) > 3)
