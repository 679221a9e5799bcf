from sqlalchemy import *
Column("x", "y")
