import sqlalchemy as sa
sa.Enum()
sa.Enum('a', 1)
