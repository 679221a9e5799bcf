from sqlalchemy import *
Column("x", Integer, nothing=1)
