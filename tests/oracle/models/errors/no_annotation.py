from typing import *
from sqlalchemy import *
from sqlalchemy.orm import *
class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = "users"
    id = mapped_column(primary_key=True)
