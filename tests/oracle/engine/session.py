import sqlalchemy as sa
from sqlalchemy import orm, text
from sqlalchemy.orm import Session, declarative_base, sessionmaker

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(30), nullable=False)
    age = sa.Column(sa.Integer)
    active = sa.Column(sa.Boolean, server_default=sa.true())
    kind = sa.Column(sa.String, default="plain")


def tell(label, action):
    try:
        print(label, repr(action()))
    except Exception as error:
        print(label, type(error).__module__, type(error).__name__, str(error))


engine = sa.create_engine("sqlite://")
Base.metadata.create_all(engine)
with engine.connect() as bind:
    session = Session(bind=bind)
    session.add(User(name="a", age=3))
    session.add_all([User(name="b"), User(name="c", age=5, kind="odd")])
    session.flush()
    print([(u.id, u.name, u.age, u.active, u.kind) for u in session.query(User).order_by(User.id)])
    a = session.query(User).filter_by(name="a").first()
    a.age = 9
    print(session.query(User).filter(User.age > 4).count())
    print(session.query(User.name, User.age).order_by(User.name.desc()).all())
    print(session.query(User).get(2).name, session.get(User, 99))
    tell("one", lambda: session.query(User).filter(User.name == "c").one().kind)
    tell("none", lambda: session.query(User).filter(User.name == "zz").one())
    print(session.query(User).filter(User.name == "b").update({"age": 1}))
    print(session.query(User).filter(User.name == "b").first().age)
    print(session.query(User).filter(User.age.is_(None)).all())
    session.delete(a)
    session.commit()
    print(session.execute(text("SELECT id, name, age FROM users ORDER BY id")).fetchall())
    print([u.name for u in session.execute(sa.select(User).order_by(User.id)).scalars()])
    print(session.scalars(sa.select(User.name)).all())
    print(session.query(sa.func.max(User.id)).scalar())
    print(session.query(User).filter(User.id.in_([2, 3])).delete(synchronize_session=False))
    print(session.query(User).all())
    session.rollback()
    session.close()

Maker = sessionmaker(bind=engine)
with Maker() as session:
    session.add(User(name="m"))
    session.commit()
    print(session.query(User).count(), session.query(User).first().name)
with Maker.begin() as session:
    session.execute(sa.insert(User), [{"name": "x"}, {"name": "y"}])
    session.bulk_insert_mappings(User, [{"name": "z", "age": 1}])
with orm.Session(engine) as session:
    print(sorted(u.name for u in session.query(User)))
    tell("unmapped", lambda: session.add(object()))
    tell("not null", lambda: (session.add(User(age=1)), session.flush()))
