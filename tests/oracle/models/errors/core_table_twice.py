from sqlalchemy import *
m = MetaData()
Table("a", m, Column("x", Integer))
Table("a", m, Column("x", Integer))
