from sqlalchemy import *
Table("a", MetaData(), Column("x", Integer), nothing=1)
