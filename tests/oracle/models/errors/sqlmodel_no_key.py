from sqlmodel import *
class Hero(SQLModel, table=True):
    name: str
