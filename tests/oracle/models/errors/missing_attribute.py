from sqlalchemy import *
m = MetaData()
t = Table("a", m, Column("x", ForeignKey("b.id")))
m.sorted_tables
print(t.c.x.type)
t.c.y
