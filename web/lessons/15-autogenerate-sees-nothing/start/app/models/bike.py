from sqlmodel import Field, SQLModel


class Bike(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id")
    brand: str = Field(max_length=40)
