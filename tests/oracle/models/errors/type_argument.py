import sqlalchemy as sa
sa.Integer(5)
