import asyncio

import sqlalchemy as sa
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import AsyncEngine, async_engine_from_config, create_async_engine


def tell(label, action):
    try:
        print(label, repr(action()))
    except Exception as error:
        print(label, type(error).__module__, type(error).__name__, str(error))


def do_work(connection, more=None):
    connection.execute(sa.text("CREATE TABLE t (a INTEGER)"))
    connection.execute(sa.text("INSERT INTO t VALUES (1)"))
    connection.commit()
    print(type(connection).__name__, more)
    return connection.execute(sa.text("SELECT a FROM t")).scalar()


async def main():
    engine = async_engine_from_config({"sqlalchemy.url": "sqlite+aiosqlite://"}, prefix="sqlalchemy.", poolclass=pool.StaticPool)
    print(isinstance(engine, AsyncEngine))
    async with engine.connect() as connection:
        print(await connection.run_sync(do_work, more=3))
        result = await connection.execute(sa.text("SELECT a FROM t"))
        print(result.fetchall(), await connection.scalar(sa.text("SELECT 2")))
    async with engine.begin() as connection:
        await connection.execute(sa.text("INSERT INTO t VALUES (2)"))
    async with engine.connect() as connection:
        print((await connection.execute(sa.text("SELECT count(*) FROM t"))).scalar())
    await engine.dispose()


tell("not async", lambda: create_async_engine("sqlite://"))
asyncio.run(main())
