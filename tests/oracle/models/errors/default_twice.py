from sqlalchemy import *
Table("a", MetaData(), Column("x", Integer, default=1, insert_default=2))
