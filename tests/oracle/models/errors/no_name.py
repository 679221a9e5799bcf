from sqlalchemy import Nope
