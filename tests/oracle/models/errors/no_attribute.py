import sqlalchemy as sa
sa.Nope
