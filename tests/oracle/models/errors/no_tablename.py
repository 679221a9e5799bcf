from typing import *
from sqlalchemy import *
from sqlalchemy.orm import *
class Base(DeclarativeBase):
    pass

class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
