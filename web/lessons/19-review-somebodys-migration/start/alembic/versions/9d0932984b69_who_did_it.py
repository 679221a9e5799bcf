"""who did it

Revision ID: 9d0932984b69
Revises: 9d0821873a58
Create Date: 2026-03-04 11:00:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '9d0932984b69'
down_revision: Union[str, Sequence[str], None] = '9d0821873a58'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    with op.batch_alter_table('repair') as batch_op:
        batch_op.add_column(sa.Column('shop_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_repair_shop_id_shop', 'shop', ['shop_id'], ['id'])


def downgrade() -> None:
    """Downgrade schema."""
    with op.batch_alter_table('repair') as batch_op:
        batch_op.drop_constraint('fk_repair_shop_id_shop', type_='foreignkey')
        batch_op.drop_column('shop_id')
