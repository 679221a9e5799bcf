from sqlmodel import *
class Hero(SQLModel, table=True):
    id: int = Field(primary_key=True)
    other: int = Field(foreign_key="hero.id", ondelete="SET NULL")
