import sqlalchemy as sa
from sqlalchemy import types
from sqlalchemy.dialects import mysql, postgresql, sqlite

m = sa.MetaData()
generic = sa.Table(
    "generic", m,
    sa.Column("c01", sa.Integer), sa.Column("c02", sa.BigInteger()), sa.Column("c03", sa.SmallInteger),
    sa.Column("c04", sa.String), sa.Column("c05", sa.String(5)), sa.Column("c06", sa.Unicode(7)),
    sa.Column("c07", sa.UnicodeText), sa.Column("c08", sa.Text(20)), sa.Column("c09", sa.Float),
    sa.Column("c10", sa.Float(5)), sa.Column("c11", sa.Double), sa.Column("c12", sa.Double(53)),
    sa.Column("c13", sa.Numeric), sa.Column("c14", sa.Numeric(5)), sa.Column("c15", sa.Numeric(5, 2)),
    sa.Column("c16", sa.Numeric(precision=8, scale=3, asdecimal=False)), sa.Column("c17", sa.Date), sa.Column("c18", sa.Time),
    sa.Column("c19", sa.DateTime), sa.Column("c20", sa.Interval), sa.Column("c21", sa.LargeBinary(16)),
    sa.Column("c22", sa.PickleType), sa.Column("c23", sa.JSON), sa.Column("c24", sa.JSON(none_as_null=True)),
    sa.Column("c25", sa.Uuid), sa.Column("c26", sa.Uuid(as_uuid=False)), sa.Column("c27", sa.Boolean),
)
standard = sa.Table(
    "standard", m,
    sa.Column("c01", sa.INTEGER), sa.Column("c02", sa.INT), sa.Column("c03", sa.BIGINT), sa.Column("c04", sa.SMALLINT),
    sa.Column("c05", sa.VARCHAR(3)), sa.Column("c06", sa.CHAR(4)), sa.Column("c07", sa.NVARCHAR(9)), sa.Column("c08", sa.NCHAR(2)),
    sa.Column("c09", sa.TEXT), sa.Column("c10", sa.CLOB), sa.Column("c11", sa.BLOB), sa.Column("c12", sa.BINARY(3)),
    sa.Column("c13", sa.VARBINARY(5)), sa.Column("c14", sa.FLOAT), sa.Column("c15", sa.REAL), sa.Column("c16", sa.DOUBLE),
    sa.Column("c17", sa.DOUBLE_PRECISION), sa.Column("c18", sa.NUMERIC(6, 1)), sa.Column("c19", sa.DECIMAL(9, 3)),
    sa.Column("c20", sa.DATE), sa.Column("c21", sa.TIME), sa.Column("c22", sa.DATETIME), sa.Column("c23", sa.TIMESTAMP(timezone=True)),
    sa.Column("c24", sa.BOOLEAN), sa.Column("c25", sa.UUID), sa.Column("c26", types.VARCHAR(length=8)), sa.Column("c27", types.Integer()),
)
dialects = sa.Table(
    "dialects", m,
    sa.Column("c01", sqlite.JSON), sa.Column("c02", sqlite.DATETIME), sa.Column("c03", sqlite.DATE()),
    sa.Column("c04", sa.String(10).with_variant(postgresql.CITEXT(), "postgresql")),
    sa.Column("c05", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")),
    sa.Column("c06", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("c07", sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")),
    sa.Column("c08", postgresql.UUID(as_uuid=True).with_variant(sa.String(36), "sqlite")),
    sa.Column("c09", sa.Integer().with_variant(mysql.INTEGER(unsigned=True), "mysql")),
)
target_metadata = m
