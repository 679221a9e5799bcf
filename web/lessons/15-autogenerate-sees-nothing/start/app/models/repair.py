from sqlmodel import Field, SQLModel


class Repair(SQLModel):
    id: int | None = Field(default=None, primary_key=True)
    bike_id: int = Field(foreign_key="bike.id")
    done: str = Field(max_length=200)
