from sqlmodel import *
class Hero(SQLModel, table=True):
    id: int = Field(primary_key=True)
    other: dict
