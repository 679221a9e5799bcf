from typing import *
from sqlalchemy import *
from sqlalchemy.orm import *
class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    a: Mapped[int]
class Sub(User):
    a: Mapped[int]
class Sub2(User):
    b: Mapped[int]
class Sub3(User):
    b: Mapped[int]
