import sqlalchemy as sa
from sqlalchemy import func, text
from sqlalchemy.sql import expression

metadata = sa.MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s"})

parent = sa.Table(
    "parent",
    metadata,
    sa.Column("a", sa.Integer(), nullable=False),
    sa.Column("b", sa.String(20), nullable=False, server_default=""),
    sa.Column("c", sa.Computed("a + 1"), type_=sa.Integer) if False else sa.Column("c", sa.Integer, sa.Computed("a + 1")),
    sa.Column("d", sa.Integer, sa.Computed("a * 2", persisted=True)),
    sa.Column("e", sa.DateTime, server_default=text("(datetime('now'))")),
    sa.Column("f", sa.Boolean(create_constraint=True, name="f_is_bool")),
    sa.Column("g", sa.Enum("x", "y", "z", name="letters", create_constraint=True)),
    sa.Column("h", sa.Enum("x", "yy", native_enum=False, length=20)),
    sa.PrimaryKeyConstraint("a", "b", name="parent_pk"),
    sa.Index("ix_lower", func.lower(sa.text("b"))),
    sa.Index(None, "c", "d"),
)

child = sa.Table(
    "child",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(start=10, increment=2), primary_key=True),
    sa.Column("pa", sa.Integer, key="parent_a"),
    sa.Column("pb", sa.VARCHAR(20)),
    sa.Column("n", sa.Integer, sa.CheckConstraint("n > 0", name="n_positive"), server_default="5"),
    sa.Column("t", sa.TIMESTAMP(), server_default=func.current_timestamp()),
    sa.Column("f", sa.Boolean, server_default=expression.false()),
    sa.ForeignKeyConstraint(["parent_a", "pb"], ["parent.a", "parent.b"], name="fk_child", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
    sa.UniqueConstraint("parent_a", "n", name="u1", sqlite_on_conflict="REPLACE"),
    comment="children",
)
sa.Index("ix_child_partial", child.c.n, unique=True, sqlite_where=child.c.n > 5)
sa.Index("ix_child_desc", child.c.n.desc(), child.c.pb)
sa.Index("ix_expression", func.lower(child.c.pb), sa.text("n DESC"))
child.append_column(sa.Column("late", sa.Text))
child.append_constraint(sa.CheckConstraint(child.c.n < 100, name="upper"))
sa.CheckConstraint(sa.and_(child.c.n != 7, sa.or_(child.c.f.is_(None), child.c.t.isnot(None))))

other = sa.Table("other", metadata, sa.Column("id", sa.Integer, primary_key=True), schema="aux", sqlite_with_rowid=False)
target_metadata = metadata
