"""Random operations without a database behind them, for dialect_statements.py.

Each item is one or a few lines of a revision's `upgrade()`. An item needs no other: with --sql nothing has to exist.
"""

import random

TABLES = ["person", "order", "Mixed Case", "log_entry", "pay%roll", "a.b", "Ünï"]
COLUMNS = ["name", "value", "group", "Camel", "created_at", "x y", "rate%", "user", "n", "_id", "1st", "q\"t"]
SCHEMAS = ["app", "Own", "a.b", "order"]

GENERIC_TYPES = [
    "sa.Integer()", "sa.Integer", "sa.BigInteger()", "sa.SmallInteger", "sa.String(20)", "sa.String(length=7)", "sa.String()", "sa.String",
    "sa.Text()", "sa.Text(50)", "sa.Unicode(9)", "sa.UnicodeText()", "sa.Boolean()", "sa.Boolean", "sa.Float()", "sa.Float(5)", "sa.Float(53)",
    "sa.Double()", "sa.Double(53)", "sa.Numeric()", "sa.Numeric(8, 2)", "sa.Numeric(6)", "sa.Numeric(asdecimal=False)", "sa.DateTime()", "sa.DateTime(timezone=True)",
    "sa.Date()", "sa.Time()", "sa.Time(timezone=True)", "sa.LargeBinary()", "sa.LargeBinary(16)", "sa.JSON()", "sa.JSON", "sa.Uuid()",
    "sa.Uuid(as_uuid=False)", "sa.Uuid(native_uuid=False)", "sa.Interval()", "sa.Interval(second_precision=3)", "sa.Interval(native=False)",
    "sa.Enum('one', \"th'ree\", '5%', name='kind')", "sa.Enum('a', 'b', name='Kind', schema='app')", "sa.Enum('a', 'b')",
    "sa.Enum('a', 'b', name='k2', native_enum=False)", "sa.Enum('a', 'b', name='k3', native_enum=False, create_constraint=True)",
    "sa.Enum('a', 'b', name='k4', create_constraint=True)", "sa.Enum('a', 'bcd', name='k5', native_enum=False, length=12)",
    "sa.Enum('x', name='k6', inherit_schema=True)", "sa.Enum('x', name='k7', metadata=sa.MetaData())", "sa.Boolean(create_constraint=True, name='ck_b')",
    "sa.VARCHAR(20)", "sa.VARCHAR()", "sa.CHAR(3)", "sa.CHAR()", "sa.NCHAR(4)", "sa.NVARCHAR(4)", "sa.TEXT()", "sa.CLOB()", "sa.INTEGER()", "sa.BIGINT()",
    "sa.SMALLINT()", "sa.DECIMAL(8, 3)", "sa.DECIMAL()", "sa.NUMERIC(4)", "sa.FLOAT()", "sa.REAL()", "sa.DOUBLE_PRECISION()", "sa.DOUBLE()", "sa.TIMESTAMP()",
    "sa.TIMESTAMP(timezone=True)", "sa.DATETIME()", "sa.DATE()", "sa.TIME()", "sa.BLOB()", "sa.BINARY(4)", "sa.VARBINARY(5)", "sa.VARBINARY()", "sa.BOOLEAN()",
    "sa.UUID()", "sa.String(9, collation='de_DE')", "sa.Text(collation='C')", "sa.ARRAY(sa.Integer)",
    "sa.String(20).with_variant(sa.Text(), 'postgresql')", "sa.BigInteger().with_variant(sa.Integer, 'sqlite', 'mysql')", "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')",
    "sa.types.NullType()",
]
OWN_TYPES = {
    "postgresql": [
        "postgresql.JSONB()", "postgresql.JSONB(astext_type=sa.Text())", "postgresql.JSON", "postgresql.UUID()", "postgresql.UUID(as_uuid=True)", "postgresql.ARRAY(sa.String(4))",
        "postgresql.ARRAY(sa.Integer, dimensions=2)", "sa.ARRAY(sa.Enum('a', 'b', name='in_array'))", "postgresql.ARRAY(postgresql.ENUM('a', name='in_array2'))",
        "postgresql.ENUM('p', 'q', name='own')", "postgresql.ENUM('p', 'q', name='own2', create_type=False)", "postgresql.ENUM('p', name='own3', schema='app')",
        "postgresql.INET()", "postgresql.CIDR", "postgresql.MACADDR()", "postgresql.BYTEA()", "postgresql.INTERVAL()", "postgresql.INTERVAL(fields='DAY TO SECOND', precision=3)",
        "postgresql.TIMESTAMP(precision=3)", "postgresql.TIMESTAMP(timezone=True, precision=0)", "postgresql.TIME(timezone=True, precision=2)", "postgresql.BIT(5)", "postgresql.BIT(varying=True)",
        "postgresql.TSVECTOR()", "postgresql.HSTORE()", "postgresql.MONEY()", "postgresql.OID()", "postgresql.INT4RANGE()", "postgresql.TSTZRANGE()", "postgresql.NUMMULTIRANGE()",
        "postgresql.CITEXT()", "postgresql.DOUBLE_PRECISION(53)", "postgresql.REGCLASS()", "postgresql.TSQUERY()", "postgresql.DOMAIN('positive', sa.Integer, check='VALUE > 0')", "postgresql.MACADDR8()",
    ],
    "mysql": [
        "mysql.INTEGER(11)", "mysql.INTEGER(unsigned=True)", "mysql.INTEGER(display_width=4, zerofill=True, unsigned=True)", "mysql.TINYINT(1)", "mysql.BIGINT(unsigned=True)", "mysql.MEDIUMINT()",
        "mysql.SMALLINT(6)", "mysql.VARCHAR(20, charset='utf8mb4', collation='utf8mb4_bin')", "mysql.CHAR(5, ascii=True)", "mysql.TEXT(charset='latin1')", "mysql.LONGTEXT()", "mysql.MEDIUMTEXT(collation='utf8_bin')",
        "mysql.TINYTEXT(national=True)", "mysql.NVARCHAR(8)", "mysql.NCHAR(8, collation='utf8_bin')", "mysql.DATETIME(fsp=6)", "mysql.TIMESTAMP(fsp=3)", "mysql.TIME(fsp=2)", "mysql.YEAR(4)", "mysql.YEAR()",
        "mysql.ENUM('a', \"b'c\", '5%')", "mysql.ENUM('a', 'b', charset='utf8mb4')", "mysql.SET('x', 'y')", "mysql.BIT(3)", "mysql.BIT()", "mysql.JSON()", "mysql.LONGBLOB()", "mysql.BLOB(6)",
        "mysql.DECIMAL(10, 2, unsigned=True)", "mysql.DOUBLE(10, 3)", "mysql.DOUBLE(asdecimal=False)", "mysql.FLOAT(8, 2, unsigned=True)", "mysql.NUMERIC(5, 2, zerofill=True)", "mysql.REAL(8, 2)", "mysql.VARCHAR(3, binary=True)", "mysql.VARCHAR(3, unicode=True)",
        "mysql.TINYBLOB()", "mysql.FLOAT(20)",
    ],
    "mssql": [
        "mssql.NVARCHAR(20)", "mssql.NVARCHAR()", "mssql.VARCHAR('max')", "mssql.UNIQUEIDENTIFIER()", "mssql.DATETIME2()", "mssql.DATETIME2(3)", "mssql.DATETIMEOFFSET(2)", "mssql.BIT()", "mssql.MONEY()", "mssql.SMALLMONEY()",
        "mssql.TINYINT()", "mssql.NTEXT()", "mssql.IMAGE()", "mssql.XML()", "mssql.SQL_VARIANT()", "mssql.SMALLDATETIME()", "mssql.TIME(4)", "mssql.ROWVERSION()", "mssql.TIMESTAMP()", "mssql.VARBINARY('max')", "mssql.VARBINARY('max', filestream=True)",
        "mssql.REAL()", "mssql.DOUBLE_PRECISION()", "mssql.DATE()", "mssql.TEXT(collation='Latin1_General_CI_AS')", "mssql.CHAR(4, collation='Latin1_General_CI_AS')", "mssql.JSON()",
    ],
    "oracle": [
        "oracle.VARCHAR2(20)", "oracle.NVARCHAR2(20)", "oracle.NUMBER()", "oracle.NUMBER(10)", "oracle.NUMBER(10, 2)", "oracle.DATE()", "oracle.TIMESTAMP()", "oracle.TIMESTAMP(timezone=True)", "oracle.TIMESTAMP(local_timezone=True)",
        "oracle.CLOB()", "oracle.NCLOB()", "oracle.BLOB()", "oracle.RAW(16)", "oracle.LONG()", "oracle.BINARY_DOUBLE()", "oracle.BINARY_FLOAT()", "oracle.FLOAT(12)", "oracle.FLOAT(binary_precision=20)", "oracle.INTERVAL(day_precision=2, second_precision=4)",
        "oracle.BFILE()", "oracle.ROWID()", "oracle.CHAR(4)", "oracle.VARCHAR(5)", "oracle.DOUBLE_PRECISION(12)", "oracle.REAL()",
    ],
    "sqlite": ["sqlite.DATETIME()", "sqlite.JSON()", "sqlite.DATE(storage_format='%(year)04d')", "sqlite.TIME()"],
}
OWN_TYPES["mariadb"] = OWN_TYPES["mysql"] + ["INET4()", "INET6()"]

VALUES = {
    "sa.Integer": ["5", "-3", "None", "2**40", "True"],
    "sa.BigInteger": ["2**50"],
    "sa.String": ["'abc'", "\"it's\"", "'100% :ok'", "'back\\\\slash'", "'%(x)s'", "'new\\nline\\ttab'", "''", "None", "'é'"],
    "sa.Text": ["'long'"],
    "sa.Unicode": ["'é'", "\"ü'\""],
    "sa.Boolean": ["True", "False", "None", "1", "0"],
    "sa.Float": ["1.5", "2", "-1e20", "0.1"],
    "sa.Numeric(10, 2)": ["decimal.Decimal('12.50')", "3", "1.25", "decimal.Decimal('0')"],
    "sa.DateTime": ["datetime.datetime(2024, 2, 3, 4, 5, 6)", "datetime.datetime(2024, 2, 3, 4, 5, 6, 789)", "None", "datetime.datetime(2024, 2, 3, tzinfo=datetime.timezone.utc)", "sa.func.now()", "'2024-01-01'"],
    "sa.DateTime(timezone=True)": ["datetime.datetime(2024, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)", "datetime.datetime(2024, 2, 3)"],
    "sa.Date": ["datetime.date(2024, 2, 3)", "None", "datetime.datetime(2024, 2, 3, 4)"],
    "sa.Time": ["datetime.time(1, 2, 3)", "datetime.time(1, 2, 3, 45)"],
    "sa.LargeBinary": ["b'abc'", "b'\\x00\\xff%'", "None"],
    "sa.JSON": ["{'a': [1, 2.5, None, True, \"it's 5%\"]}", "['x']", "None", "'text'", "5", "sa.JSON.NULL", "{}"],
    "sa.Uuid": ["uuid.UUID(int=7)", "None"],
    "sa.Uuid(as_uuid=False)": ["'f0070679-45fd-4c65-a00c-621d08afa3e6'"],
    "sa.Enum('a', 'b', name='e')": ["'a'", "None", "'zz'"],
    "sa.Enum(Kind, name='e2')": ["Kind.ONE", "'ONE'", "None"],
    "sa.Interval": ["datetime.timedelta(days=1, seconds=5)", "datetime.timedelta(microseconds=-1)"],
    "sa.types.NullType": ["5", "'x'", "None", "datetime.date(2024, 1, 1)", "1.5", "decimal.Decimal('1.5')"],
}
OWN_VALUES = {
    "postgresql": {
        "postgresql.JSONB": ["{'y': 1}", "[1]", "'s'"],
        "postgresql.ARRAY(sa.Integer)": ["[1, 2]", "[]", "None"],
        "postgresql.ARRAY(sa.String)": ["['a', \"it's\", '5%']", "['x', None]"],
        "sa.ARRAY(sa.Integer)": ["[1]"],
        "postgresql.UUID(as_uuid=True)": ["uuid.UUID(int=9)"],
        "postgresql.UUID": ["uuid.UUID(int=9)"],
        "postgresql.INET": ["'10.0.0.1'"],
        "postgresql.ENUM('p', name='own')": ["'p'"],
        "postgresql.INTERVAL": ["datetime.timedelta(days=2)"],
        "postgresql.BYTEA": ["b'ab'"],
        "postgresql.HSTORE": ["{'a': 'b'}"],
    },
    "mysql": {"mysql.SET('x', 'y')": ["'x'"], "mysql.ENUM('x', 'y')": ["'x'"], "mysql.BIT(1)": ["1"], "mysql.TINYINT(1)": ["1"], "mysql.DATETIME(fsp=6)": ["datetime.datetime(2024, 2, 3, 4, 5, 6, 789)"]},
    "mssql": {"mssql.NVARCHAR(5)": ["'x'", "\"it's\""], "mssql.BIT": ["True", "1"], "mssql.UNIQUEIDENTIFIER": ["uuid.UUID(int=3)"], "mssql.DATETIME2": ["datetime.datetime(2024, 1, 2)"]},
    "oracle": {"oracle.NUMBER(5)": ["5"], "oracle.VARCHAR2(5)": ["'x'"], "oracle.RAW(4)": ["b'ab'"], "oracle.DATE": ["datetime.datetime(2024, 1, 2, 3)"], "oracle.TIMESTAMP": ["datetime.datetime(2024, 1, 2, 3)"]},
}
OWN_VALUES["mariadb"] = OWN_VALUES["mysql"]


class Statements:
    """Items for one dialect."""

    def __init__(self, seed, dialect):
        self.r = random.Random(f"{seed}-{dialect}")
        self.dialect = dialect

    def chance(self, p):
        return self.r.random() < p

    def pick(self, *choices):
        return self.r.choice(choices)

    def table(self):
        return self.r.choice(TABLES) if self.chance(0.5) else "person"

    def columns(self, count):
        return self.r.sample(COLUMNS, count)

    def column_name(self):
        return self.r.choice(COLUMNS)

    def schema(self, p=0.2):
        return f", schema={self.r.choice(SCHEMAS)!r}" if self.chance(p) else ""

    def name(self, prefix):
        r = self.r.random()
        if r < 0.1:
            return "None"
        if r < 0.25:
            return f"op.f('{prefix}_x')"
        if r < 0.3:
            return repr(f"{prefix} 5%")
        if r < 0.33:
            return f"sa.sql.quoted_name('{prefix}_q', quote=True)"
        if r < 0.36:
            return repr(f"{prefix}_" + "long" * self.pick(8, 16, 35))
        return repr(f"{prefix}_name")

    def type_(self):
        own = OWN_TYPES[self.dialect]
        if self.chance(0.35):
            return self.r.choice(own)
        return self.r.choice(GENERIC_TYPES)

    def server_default(self):
        return self.pick(
            "'5'", "\"it's 5%\"", "''", "sa.text('5')", "sa.text(\"'x%'\")", "sa.func.now()", "sa.func.current_timestamp()", "sa.text('CURRENT_TIMESTAMP')", "sa.text('now() + 1')",
            "sa.true()", "sa.false()", "sa.null()", "sa.text('CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP')", "sa.text('(uuid())')", "sa.func.lower('AB')", "sa.literal('q')", "sa.literal(5)", "sa.text('gen_random_uuid()')", "sa.text(\"nextval('seq_a')\")",
            "sa.cast('5', sa.Integer)", "sa.literal_column('1 + 1')", "sa.func.next_value(sa.Sequence('sq'))", "sa.Sequence('sq').next_value()", "sa.text(\"'a\\\\:b'\")", "sa.DefaultClause('9')",
        )

    def identity(self):
        args = []
        for text in ("always=True", "always=False", "start=5", "increment=2", "minvalue=1", "maxvalue=99", "nominvalue=True", "nomaxvalue=True", "cycle=True", "cycle=False", "cache=4"):
            if self.chance(0.15):
                args.append(text)
        args = [a for a in args if a != "always=False" or "always=True" not in args]
        args = [a for a in args if a != "cycle=False" or "cycle=True" not in args]
        if self.dialect == "oracle" and self.chance(0.2):
            args += ["oracle_order=True"] if self.chance(0.5) else ["oracle_on_null=True"]
        return f"sa.Identity({', '.join(args)})"

    def computed(self):
        return f"sa.Computed({self.pick('a + 1', 'a % 2', chr(39) + 'x' + chr(39) + ' || n')!r}{self.pick('', ', persisted=True', ', persisted=False')})"

    def column(self, name=None, table=True):
        name = name if name is not None else self.column_name()
        args = [repr(name), self.type_()]
        kw = []
        extra = self.r.random()
        if extra < 0.07:
            args.append(self.identity())
        elif extra < 0.13:
            args.append(self.computed())
        elif extra < 0.17:
            args.append(f"sa.Sequence('seq_{self.pick('a', 'b')}'{self.pick('', ', optional=True', ', start=3', ', schema=' + repr('app'))})")
        elif extra < 0.45:
            kw.append(f"server_default={self.server_default()}")
        if self.chance(0.15):
            args.append(f"sa.ForeignKey({self.pick('other.id', 'app.other.id', 'Mixed Case.x y')!r}{self.fk_options()}{self.pick('', ', name=' + repr('fk_c'))})")
        if self.chance(0.07):
            args.append(f"sa.CheckConstraint({self.pick('n % 2 = 0', 'n > 5')!r}{self.pick('', ', name=' + repr('ck_c'))})")
        if self.chance(0.5):
            kw.append(f"nullable={self.pick('True', 'False')}")
        if self.chance(0.08):
            kw.append(f"primary_key=True{self.pick('', ', autoincrement=False', ', autoincrement=True')}")
        if self.chance(0.05):
            # The constraints of a column are in a set: which comes first is chance.
            if not any("ForeignKey" in arg for arg in args):
                kw.append("unique=True")
        if self.chance(0.06):
            kw.append("index=True")
        if self.chance(0.12):
            kw.append(f"comment={self.comment()}")
        if self.chance(0.03):
            kw.append("quote=True")
        if self.chance(0.03):
            # Of a sequence and a default, the one that is set last counts.
            args = [arg for arg in args if "sa.Sequence(" not in arg]
            kw.append("default=5")
        if self.chance(0.02):
            kw.append("system=True")
        if self.dialect == "mssql" and self.chance(0.04):
            kw.append("mssql_identity_start=4, mssql_identity_increment=2")
        if self.dialect == "sqlite" and self.chance(0.05):
            kw.append(self.pick("sqlite_on_conflict_not_null='FAIL'", "sqlite_on_conflict_unique='IGNORE'", "sqlite_on_conflict_primary_key='REPLACE'"))
        return f"sa.Column({', '.join(args + kw)})"

    def comment(self):
        return self.pick("'about it'", "\"it's 50% :x\"", "'back\\\\slash'", "''", "None")

    def fk_options(self):
        parts = []
        if self.chance(0.3):
            parts.append(f"ondelete={self.pick('CASCADE', 'SET NULL', 'restrict', 'SET NULL (n)')!r}")
        if self.chance(0.2):
            parts.append(f"onupdate={self.pick('CASCADE', 'SET DEFAULT')!r}")
        if self.chance(0.15):
            parts.append(f"deferrable={self.pick('True', 'False')}")
        if self.chance(0.15):
            parts.append(f"initially={self.pick('DEFERRED', 'immediate')!r}")
        if self.chance(0.06):
            parts.append("match='FULL'")
        if self.chance(0.06):
            parts.append("use_alter=True")
        if self.chance(0.08):
            parts.append("postgresql_not_valid=True")
        return "".join(", " + p for p in parts)

    def index_options(self):
        d = self.dialect
        own = {
            "postgresql": [
                "postgresql_using='gin'", "postgresql_using='BTREE'", "postgresql_where=sa.text('n > 5')", "postgresql_where=sa.column('n') == 'x%'", "postgresql_ops={'name': 'text_pattern_ops'}", "postgresql_include=['n', 'Camel']",
                "postgresql_with={'fillfactor': 50}", "postgresql_concurrently=True", "postgresql_tablespace='ts'", "postgresql_nulls_not_distinct=True", "postgresql_nulls_not_distinct=False", "postgresql_concurrently=False", "postgresql_include=('n',)",
            ],
            "mysql": ["mysql_length=10", "mysql_length={'name': 4, 'x y': 3}", "mysql_prefix='FULLTEXT'", "mysql_using='hash'", "mysql_with_parser='ngram'", "mariadb_length=3", "mariadb_using='btree'"],
            "mssql": ["mssql_clustered=True", "mssql_clustered=False", "mssql_include=['n']", "mssql_include=['name', 'extra']", "mssql_where=sa.text('n > 5')", "mssql_where='n IS NOT NULL'", "mssql_columnstore=True"],
            "oracle": ["oracle_bitmap=True", "oracle_compress=True", "oracle_compress=2"],
            "sqlite": ["sqlite_where=sa.text('n > 5')", "sqlite_where=sa.column('n') == 'x%'"],
        }
        own["mariadb"] = own["mysql"]
        parts = []
        for _ in range(self.pick(0, 0, 1, 1, 2)):
            parts.append(self.r.choice(own[d] if self.chance(0.8) else sum(own.values(), [])))
        if self.chance(0.2):
            parts.append(f"unique={self.pick('True', 'False')}")
        if self.chance(0.08):
            parts.append("if_not_exists=True")
        if self.chance(0.05):
            parts.append(f"quote={self.pick('True', 'False')}")
        return "".join(", " + p for p in dict((p.split("=")[0], p) for p in parts).values())

    # -- the items

    def create_table(self):
        names = self.columns(self.r.randint(1, 4))
        items = [self.column(n) for n in names]
        if self.chance(0.5):
            items.insert(0, "sa.Column('id', " + self.pick("sa.Integer()", "sa.BigInteger()", "sa.Integer", "sa.Uuid()", "sa.String(9)", "sa.SmallInteger()") + ", " + self.pick("primary_key=True", "nullable=False", "primary_key=True, autoincrement=False", "sa.Identity(), primary_key=True") + ")")
            if self.chance(0.6) and "nullable=False" in items[0]:
                items.append(f"sa.PrimaryKeyConstraint('id'{self.constraint_options('pk')})")
        if self.chance(0.25):
            items.append(f"sa.UniqueConstraint({', '.join(map(repr, names[:2]))}{self.constraint_options('uq')})")
        if self.chance(0.2):
            items.append(f"sa.CheckConstraint({self.pick('n > 5', 'n % 2 = 1', 'length(name) > 3')!r}{self.constraint_options('ck')})")
        if self.chance(0.2):
            items.append(f"sa.ForeignKeyConstraint([{names[0]!r}], [{self.pick('other.id', 'app.other.x y')!r}]{self.fk_options()}{self.constraint_options('fk')})")
        # The indexes of a table are in a set: which comes first is chance.
        indexed = [item for item in items if ", index=True" in item]
        items = [item.replace(", index=True", "") if item in indexed[1:] else item for item in items]
        if not indexed and self.chance(0.1):
            items.append(f"sa.Index({self.name('ix')}, {names[0]!r}{self.index_options().replace(', if_not_exists=True', '')})")
        if self.dialect == "postgresql" and self.chance(0.08):
            items.append(f"postgresql.ExcludeConstraint(({names[0]!r}, '='), (sa.column('r'), '&&'){self.pick('', ', using=' + repr('gist'))}{self.pick('', ', name=' + repr('ex'))}{self.pick('', ', where=sa.text(' + repr('n > 5') + ')')})")
        kw = ""
        if self.chance(0.15):
            kw += f", comment={self.comment()}"
        if self.chance(0.1):
            kw += ", if_not_exists=True"
        if self.chance(0.06):
            kw += ", prefixes=['TEMPORARY']"
        if self.chance(0.05):
            kw += ", info={'a': 1}"
        options = {
            "postgresql": ["postgresql_partition_by='LIST (n)'", "postgresql_with_oids=True", "postgresql_on_commit='PRESERVE ROWS'", "postgresql_tablespace='ts'", "postgresql_inherits='parent'", "postgresql_using='heap'", "postgresql_with={'fillfactor': 70}"],
            "mysql": ["mysql_engine='InnoDB'", "mysql_charset='utf8mb4'", "mysql_collate='utf8mb4_bin'", "mysql_comment='x'", "mysql_row_format='COMPRESSED'", "mysql_default_charset='utf8'", "mysql_engine='InnoDB', mysql_default_charset='utf8mb4', mysql_collate='utf8mb4_bin'", "mysql_auto_increment='5'", "mysql_partition_by='HASH(id)', mysql_partitions='4'", "mariadb_engine='Aria'", "mariadb_page_checksum='1'", "mysql_data_directory='/x'"],
            "mssql": [],
            "oracle": ["oracle_on_commit='PRESERVE ROWS'", "oracle_compress=True", "oracle_compress=6", "oracle_tablespace='ts'"],
            "sqlite": ["sqlite_autoincrement=True", "sqlite_with_rowid=False", "sqlite_strict=True"],
        }
        options["mariadb"] = options["mysql"]
        if options[self.dialect] and self.chance(0.25):
            kw += ", " + self.r.choice(options[self.dialect])
        elif self.chance(0.05):
            kw += ", " + self.r.choice(sum(options.values(), []))
        return [f"op.create_table({self.table()!r}, {', '.join(items)}{self.schema()}{kw})"]

    def constraint_options(self, prefix):
        text = ""
        if self.chance(0.7):
            text += f", name={self.name(prefix)}"
        if prefix != "fk" and self.chance(0.1):
            text += f", deferrable={self.pick('True', 'False')}"
        if prefix != "fk" and self.chance(0.1):
            text += f", initially={self.pick('DEFERRED', 'immediate')!r}"
        if prefix in ("uq", "pk") and self.dialect == "mssql" and self.chance(0.2):
            text += f", mssql_clustered={self.pick('True', 'False')}"
        if prefix == "uq" and self.dialect == "postgresql" and self.chance(0.25):
            text += self.pick(", postgresql_nulls_not_distinct=True", ", postgresql_include=['n']")
        if prefix == "pk" and self.dialect in ("mysql", "mariadb") and self.chance(0.15):
            text += ", mysql_using='hash'"
        if prefix == "ck" and self.dialect == "postgresql" and self.chance(0.1):
            text += ", postgresql_not_valid=True"
        if prefix in ("uq", "ck", "pk") and self.dialect == "sqlite" and self.chance(0.1):
            text += ", sqlite_on_conflict='FAIL'"
        return text

    def add_column(self):
        extra = ""
        if self.chance(0.1):
            extra += ", if_not_exists=True"
        if self.chance(0.08):
            extra += ", inline_references=True"
        if self.chance(0.06):
            extra += ", inline_primary_key=True"
        # The constraints of a column are in a set: which comes first is chance.
        column = self.column()
        if "ForeignKey(" in column:
            column = column.replace("create_constraint=True, ", "").replace(", create_constraint=True", "").replace("create_constraint=True", "")
        return [f"op.add_column({self.table()!r}, {column}{self.schema()}{extra})"]

    def drop_column(self):
        extra = ""
        if self.chance(0.1):
            extra += ", if_exists=True"
        if self.dialect == "mssql":
            extra += self.pick("", "", ", mssql_drop_default=True", ", mssql_drop_check=True", ", mssql_drop_foreign_key=True", ", mssql_drop_default=True, mssql_drop_check=True, mssql_drop_foreign_key=True")
        return [f"op.drop_column({self.table()!r}, {self.column_name()!r}{self.schema()}{extra})"]

    def alter_column(self):
        kw = []
        default = lambda: self.r.choice([self.server_default(), self.identity(), "None", self.computed()]) if self.chance(0.4) else self.server_default()
        for name, chance, make in [
            ("nullable", 0.4, lambda: self.pick("True", "False")),
            ("type_", 0.4, self.type_),
            ("server_default", 0.35, lambda: self.pick("None", "False") if self.chance(0.25) else default()),
            ("new_column_name", 0.25, lambda: repr(self.column_name())),
            ("comment", 0.15, self.comment),
            ("autoincrement", 0.08, lambda: self.pick("True", "False")),
            ("existing_type", 0.6, self.type_),
            ("existing_nullable", 0.35, lambda: self.pick("True", "False")),
            ("existing_server_default", 0.25, lambda: self.pick("None", "False") if self.chance(0.2) else default()),
            ("existing_comment", 0.12, self.comment),
            ("existing_autoincrement", 0.06, lambda: self.pick("True", "False")),
            ("postgresql_using", 0.12 if self.dialect == "postgresql" else 0.02, lambda: self.pick("'n::integer'", "'x % 2'", "''")),
        ]:
            if self.chance(chance):
                kw.append(f"{name}={make()}")
        return [f"op.alter_column({self.table()!r}, {self.column_name()!r}{''.join(', ' + k for k in kw)}{self.schema()})"]

    def create_index(self):
        columns = []
        for name in self.columns(self.r.randint(1, 3)):
            columns.append(self.pick(repr(name), repr(name), repr(name), f"sa.text({'lower(' + name + ')'!r})", "sa.text('n DESC')", "sa.func.lower(sa.column('name'))", "sa.column('n').desc()", "sa.text(\"a->>'5%'\")", "sa.column('a') + sa.column('b')", "sa.literal_column('n')", "sa.cast(sa.column('n'), sa.Text)"))
        return [f"op.create_index({self.name('ix')}, {self.table()!r}, [{', '.join(columns)}]{self.schema()}{self.index_options()})"]

    def drop_index(self):
        table = self.pick("", f", table_name={self.table()!r}", f", {self.table()!r}")
        extra = self.pick("", "", ", if_exists=True", ", postgresql_concurrently=True", ", postgresql_concurrently=True, if_exists=True")
        return [f"op.drop_index({self.name('ix')}{table}{self.schema()}{extra})"]

    def create_constraint(self):
        kind = self.pick("unique", "check", "foreign", "primary", "exclude" if self.dialect == "postgresql" else "unique")
        table, names = self.table(), self.columns(2)
        if kind == "unique":
            return [f"op.create_unique_constraint({self.name('uq')}, {table!r}, {names!r}{self.schema()}{self.unique_extra()})"]
        if kind == "check":
            return [f"op.create_check_constraint({self.name('ck')}, {table!r}, {self.pick(repr('n % 2 = 0'), repr('n > 5'), 'sa.column(' + repr('n') + ') > 5', 'sa.func.length(sa.column(' + repr('name') + ')) > 5', 'sa.text(' + repr('a > 1') + ')', 'sa.column(' + repr('s') + ').in_([' + repr('a%') + '])')}{self.schema()}{self.pick('', '', ', deferrable=True', ', initially=' + repr('DEFERRED'), ', postgresql_not_valid=True')})"]
        if kind == "primary":
            return [f"op.create_primary_key({self.name('pk')}, {table!r}, {names!r}{self.schema()})"]
        if kind == "exclude":
            elements = self.pick("('n', '=')", "(sa.column('r'), '&&'), ('n', '=')", "(sa.text('lower(x)'), '=')", "(sa.literal_column('tsrange(a, b)'), '&&')")
            return [f"op.create_exclude_constraint({self.name('ex')}, {table!r}, {elements}{self.schema()}{self.pick('', ', using=' + repr('gist'), ', where=' + repr('n > 5'), ', where=sa.text(' + repr('n % 2 = 0') + ')', ', deferrable=True', ', initially=' + repr('DEFERRED'), ', ops={' + repr('n') + ': ' + repr('my_ops') + '}')})"]
        schemas = self.pick("", "", ", source_schema='app'", ", referent_schema='Own'", ", source_schema='app', referent_schema='a.b'")
        return [f"op.create_foreign_key({self.name('fk')}, {table!r}, {self.table()!r}, {names!r}, ['id', 'x y']{self.fk_options()}{schemas})"]

    def unique_extra(self):
        if self.chance(0.25):
            return self.pick(", deferrable=True", ", initially='DEFERRED'", ", postgresql_include=['n']", ", postgresql_nulls_not_distinct=True", ", mssql_clustered=True")
        return ""

    def drop_constraint(self):
        kind = self.pick("", ", type_='unique'", ", type_='check'", ", type_='foreignkey'", ", type_='primary'", ", 'unique'", ", type_='other'")
        return [f"op.drop_constraint({self.name('uq')}, {self.table()!r}{kind}{self.schema()}{self.pick('', '', ', if_exists=True')})"]

    def rename_table(self):
        return [f"op.rename_table({self.table()!r}, {self.table()!r}{self.schema()})"]

    def drop_table(self):
        return [f"op.drop_table({self.table()!r}{self.schema()}{self.pick('', '', ', if_exists=True')})"]

    def comments(self):
        table = self.table()
        return [self.pick(f"op.create_table_comment({table!r}, {self.comment()}{self.schema()})", f"op.create_table_comment({table!r}, 'x', existing_comment='y'{self.schema()})", f"op.drop_table_comment({table!r}{self.schema()})", f"op.drop_table_comment({table!r}, existing_comment='y')")]

    def typed(self):
        own = {**VALUES, **OWN_VALUES.get(self.dialect, {})}
        source = OWN_VALUES.get(self.dialect) if self.chance(0.25) and self.dialect in OWN_VALUES else own
        kind = self.r.choice(list(source))
        return kind, self.r.choice(own[kind])

    def bulk_insert(self):
        columns, rows = [], [[] for _ in range(self.r.randint(1, 2))]
        for name in self.columns(self.r.randint(1, 4)):
            kind, _ = self.typed()
            values = {**VALUES, **OWN_VALUES.get(self.dialect, {})}[kind]
            columns.append(f"sa.column({name!r}, {kind})" if self.chance(0.9) else f"sa.column({name!r})")
            for row in rows:
                if self.chance(0.92):
                    value = self.r.choice(values)
                    if self.chance(0.08):
                        value = f"op.inline_literal({value})"
                    row.append(f"{name!r}: {value}")
        shown = ", ".join("{" + ", ".join(row) + "}" for row in rows)
        schema = self.schema(0.1)
        return [f"op.bulk_insert(sa.table({self.table()!r}, {', '.join(columns)}{schema}), [{shown}]{self.pick('', '', ', multiinsert=False')})"]

    def data(self):
        kind, value = self.typed()
        kind2, value2 = self.typed()
        name, other = self.r.sample([c for c in COLUMNS if c != "n"], 2)
        lines = [f"t = sa.table({self.table()!r}, sa.column({name!r}, {kind}), sa.column({other!r}, {kind2}), sa.column('n', sa.Integer), sa.column('s', sa.String), sa.column('j', {self.pick('sa.JSON', 'sa.JSON', 'postgresql.JSONB' if self.dialect == 'postgresql' else 'sa.JSON')}), sa.column('at', sa.DateTime){self.schema(0.1)})"]
        c, o = f"t.c[{name!r}]", f"t.c[{other!r}]"
        condition = self.condition(c, value, o, value2)
        statement = self.pick(
            f"t.update().where({condition}).values({{{name!r}: {value}}})",
            f"t.update().values({{{c}: {value}, {o}: {value2}}}).where({condition})",
            f"t.update().where({c} == op.inline_literal({value})).values({{{other!r}: op.inline_literal({value2})}})",
            f"t.insert().values({{{name!r}: {value}, {other!r}: {value2}}})",
            f"t.insert().values([{{{name!r}: {value}}}, {{{name!r}: {value}}}])",
            f"t.insert().from_select([{name!r}], sa.select({o}).where({condition}))",
            f"t.delete().where({condition})",
            f"sa.select({self.expression(c, value)}).where({condition})",
            f"sa.select({self.expression(c, value)}).where({condition}).order_by({c}{self.pick('', '.desc()', '.desc().nulls_last()')}){'' if self.dialect in ('mssql', 'oracle') else '.limit(3)' + self.pick('', '.offset(2)')}",
            f"sa.select({self.expression(c, value)}, {self.expression(o, value2)}).group_by({c}).having(sa.func.count() > 1)",
            f"sa.select(t.c.n).union{self.pick('', '_all')}(sa.select(sa.literal(5)))",
            f"sa.select(sa.select(t.c.n).where({condition}).cte('base').c.n)",
            f"t.update().values(n=sa.select(sa.func.max(t.c.n)).scalar_subquery())",
            f"t.update().values(s=sa.case((t.c.n > 3, 'big'), else_='small'), n=t.c.n {self.pick('+', '-', '*', '%', '/', '//')} 1)",
            f"t.insert().values(n=sa.func.coalesce(t.c.n, 5), at=sa.func.now())",
            f"t.insert()",
            f"sa.insert(t).values(n=5).returning(t.c.n)",
        )
        lines.append(f"op.execute({statement})")
        return lines

    def condition(self, c, value, o, value2):
        return self.pick(
            f"{c} == {value}", f"{c} != {value}", f"{c}.is_(None)", f"{c}.in_([{value}, {value}])", "t.c.s.like('a%')", "t.c.s.ilike('%B')", "t.c.s.startswith('x%')", "t.c.s.contains('5%', autoescape=True)", "t.c.s.in_([])", "t.c.n.in_([1, 2])",
            "t.c.n.between(1, 5)", "sa.or_(t.c.n == 1, t.c.s == 'x')", "sa.and_(t.c.n == 1, ~(t.c.s == 'x'))", "sa.not_(t.c.n.in_([5]))", "sa.tuple_(t.c.n, t.c.s).in_([(1, 'a'), (2, 'b')])", "sa.exists().where(t.c.n == 1)", "t.c.j['a'].as_string() == 'x'", "t.c.j[('a', 'b')].as_integer() > 5",
            "t.c.at > datetime.datetime(2024, 1, 1)", "sa.text('n > 5')", "sa.text('n > :low').bindparams(low=5)", "t.c.n.is_distinct_from(5)", "sa.func.lower(t.c.s) == 'x'", "sa.extract('year', t.c.at) == 2024", "sa.cast(t.c.n, sa.String) == '5'", "sa.false()", "sa.true()", "t.c.s.regexp_match('^a')", "sa.func.coalesce(t.c.n, 0) > 1", f"t.c.n.in_(sa.select({o}))", "t.c.s == sa.bindparam('q', 'val')", "t.c.s.collate('C') == 'x'",
        )

    def expression(self, c, value):
        return self.pick(
            c, f"{c}.label('l')", "sa.func.count()", "sa.func.now()", "sa.literal('x')", "sa.literal(5)", "sa.null()", "sa.true()", "t.c.s + 'y'", "t.c.n * 2", "t.c.s.concat(t.c.s)", "sa.cast(t.c.n, sa.String(5))", "sa.cast(t.c.n, sa.Text)", "sa.cast(t.c.s, sa.Numeric(4, 1))", "sa.literal_column('1')", "sa.text('a')", "sa.case((t.c.n == 1, 'one'), else_='many')", "sa.func.row_number().over(order_by=t.c.n)", "sa.func.sum(t.c.n).filter(t.c.n > 1)", "sa.func.count(t.c.n.distinct())", "sa.type_coerce(t.c.n, sa.String)", "t.c.j['a']", "t.c.j['a'].as_string()", "t.c.j[('a', 1)]", f"sa.literal({value})", "sa.func.random()", "sa.func.current_date()", "sa.func.char_length(t.c.s)", "-t.c.n", "t.c.n / 2", "t.c.n // 2", "sa.func.concat('a', t.c.s)", "sa.extract('month', t.c.at)", "sa.func.string_agg(t.c.s, ',')",
        )

    def text(self):
        return [
            self.pick(
                "op.execute('UPDATE t SET a = 1')", "op.execute(\"update t set a = 'x' where a like '%y%'\")", "op.execute(sa.text('update t set a = :p').bindparams(p='9%'))", "op.execute(sa.text('update t set a = :p, b = :q').bindparams(p=5, q=None))",
                "op.execute(sa.text('update t set d = :d').bindparams(sa.bindparam('d', datetime.date(2024, 1, 2), sa.Date)))", "op.execute(sa.text('delete from t where id in :ids').bindparams(sa.bindparam('ids', [1, 2], expanding=True)))", "op.execute(\"select 'a\\\\:b'\")", "op.execute(sa.text('select :x').bindparams(x=\"it's\"))",
                "op.execute(sa.text('select :x'))", "op.execute('select 5 % 2')", "op.execute(sa.text('select 5 % 2'))", "op.execute('  two\\n  lines\\t;  ')", "op.execute(sa.DDL('CREATE VIEW v AS SELECT 1'))", "op.execute(sa.DDL('DROP %(kind)s x', context={'kind': 'VIEW'}))",
                "op.execute('drop table x;')", "op.execute('')", "op.execute(sa.select(1))", "op.execute(sa.func.now())", "op.execute(sa.select(sa.func.my.pkg.fn(5)))", "op.get_context().impl.static_output('-- a note')", "print(op.get_bind())", "print(op.get_context().dialect.name, op.get_context().as_sql)", "op.execute('a', execution_options={'x': 1})",
                "op.invoke(CreateSequence('x'))" if False else "op.run_async(None)" if False else "op.execute(sa.text('x').execution_options(autocommit=True))",
            )
        ]

    def sequences(self):
        sequence = f"sa.Sequence({self.pick('seq_a', 'Seq B', 'order')!r}{''.join(', ' + o for o in ('start=5', 'increment=2', 'minvalue=1', 'maxvalue=99', 'nominvalue=True', 'cache=4', 'cycle=True', 'schema=' + repr('app'), 'data_type=sa.BigInteger', 'order=True', 'nomaxvalue=True') if self.chance(0.15))})"
        return [
            self.pick(
                f"op.execute(sa.schema.CreateSequence({sequence}{self.pick('', ', if_not_exists=True')}))", f"op.execute(sa.schema.DropSequence({sequence}{self.pick('', ', if_exists=True')}))", f"op.execute(sa.select({sequence}.next_value()))",
                f"op.execute(sa.schema.CreateSchema({self.pick('app', 'Own')!r}{self.pick('', ', if_not_exists=True')}))", f"op.execute(sa.schema.DropSchema({self.pick('app', 'Own')!r}{self.pick('', ', cascade=True')}{self.pick('', ', if_exists=True')}))",
                f"op.execute(sa.select(sa.func.next_value({sequence})))",
            )
        ]

    def schema_items(self):
        table = f"sa.Table({self.table()!r}, sa.MetaData(), {', '.join(self.column(n) for n in self.columns(2))}{self.schema()})"
        return [
            f"t = {table}",
            self.pick(
                "op.execute(sa.schema.CreateTable(t))", "op.execute(sa.schema.CreateTable(t, if_not_exists=True))", "op.execute(sa.schema.DropTable(t))", "op.execute(sa.schema.DropTable(t, if_exists=True))",
                f"op.execute(sa.schema.CreateIndex(sa.Index({self.name('ix')}, list(t.c)[0])))", f"op.execute(sa.schema.DropIndex(sa.Index({self.name('ix')}, list(t.c)[0])))", f"op.execute(sa.schema.AddConstraint(sa.UniqueConstraint(list(t.c)[0], name='uq')))" , "op.execute(sa.schema.SetTableComment(t))", "op.execute(sa.schema.SetColumnComment(list(t.c)[0]))", "op.execute(sa.schema.DropTableComment(t))", "op.execute(sa.schema.DropColumnComment(list(t.c)[0]))",
                "op.create_table_comment(t.name, 'x')", "op.execute(t.insert().values({list(t.c)[0]: None}))", "op.bulk_insert(t, [{}])", "t.create(op.get_bind())", "op.execute(sa.schema.DropConstraint(sa.CheckConstraint('n > 5', name='ck', table=t), cascade=True))",
            ),
        ]

    def enums(self):
        kind = self.pick("sa.Enum('a', \"b'5%\", name='Kind')", "sa.Enum('a', name='kind', schema='app')", "postgresql.ENUM('a', 'b', name='own')", "postgresql.ENUM(name='own', create_type=False)", "sa.Enum('a', name='x', metadata=sa.MetaData())", "sa.Enum('a', name='x', metadata=sa.MetaData(schema='meta'))", "sa.Enum(Kind)", "sa.Enum('a', name='n', native_enum=False)")
        return [f"{kind}.{self.pick('create', 'drop')}(op.get_bind(){self.pick('', ', checkfirst=True', ', checkfirst=False')})"]

    def batch(self):
        lines = [f"with op.batch_alter_table({self.table()!r}{self.schema()}{self.pick('', '', ', recreate=' + repr('never'), ', table_kwargs={}')}) as batch_op:"]
        for _ in range(self.r.randint(1, 3)):
            item = self.pick(self.add_column, self.drop_column, self.alter_column, self.create_index, self.drop_constraint, self.create_constraint, self.drop_index)()[0]
            table = item.find("(")
            head, rest = item[:table], item[table + 1 :]
            method = head.split(".")[1]
            batched = self.batched(method)
            if batched:
                lines.append("    batch_op." + batched)
        if len(lines) == 1:
            lines.append("    pass")
        return lines

    def batched(self, method):
        r = self.pick
        if method == "add_column":
            return f"add_column({self.column()})"
        if method == "drop_column":
            return f"drop_column({self.column_name()!r})"
        if method == "alter_column":
            return f"alter_column({self.column_name()!r}, {r('nullable=True', 'nullable=False', 'type_=' + self.type_())}, existing_type={self.type_()})"
        if method == "create_index":
            return f"create_index({self.name('ix')}, {self.columns(1)!r}{self.index_options()})"
        if method == "drop_index":
            return f"drop_index({self.name('ix')})"
        if method == "drop_constraint":
            return f"drop_constraint({self.name('uq')}{r('', ', type_=' + repr('unique'), ', type_=' + repr('foreignkey'))})"
        if method == "create_unique_constraint":
            return f"create_unique_constraint({self.name('uq')}, {self.columns(2)!r})"
        if method == "create_foreign_key":
            return f"create_foreign_key({self.name('fk')}, 'other', {self.columns(1)!r}, ['id']{r('', ', ondelete=' + repr('CASCADE'), ', referent_schema=' + repr('app'))})"
        if method == "create_check_constraint":
            return f"create_check_constraint({self.name('ck')}, 'n > 5')"
        return None

    def item(self):
        make = self.r.choices(
            [self.create_table, self.add_column, self.drop_column, self.alter_column, self.create_index, self.drop_index, self.create_constraint, self.drop_constraint, self.rename_table, self.drop_table, self.comments, self.bulk_insert, self.data, self.text, self.sequences, self.schema_items, self.enums, self.batch],
            [6, 5, 1.5, 6, 4, 1.5, 4, 1.5, 1, 1, 1.5, 4, 6, 2, 1.5, 2, 1, 2],
        )[0]
        return make()
