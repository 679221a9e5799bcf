from sqlalchemy import *
Table("a", MetaData(), Column("x", Integer), Column("x", Integer))
