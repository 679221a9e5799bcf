from sqlalchemy import *
Table("a", MetaData(), Column("x", Integer), UniqueConstraint("y"))
