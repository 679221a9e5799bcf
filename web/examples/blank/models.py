from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass



# Write the first table above. It may look like this:
#
# class Person(Base):
#     __tablename__ = "person"
#
#     id: Mapped[int] = mapped_column(primary_key=True)
#     name: Mapped[str] = mapped_column(String(80))
#
# Pending shows what the database needs for it,
# Autogenerate writes that down, Upgrade runs it.
