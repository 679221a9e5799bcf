"""short names

Revision ID: 9d06ff651836
Revises: 9d05ee540725
Create Date: 2026-03-03 11:00:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '9d06ff651836'
down_revision: Union[str, Sequence[str], None] = '9d05ee540725'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    with op.batch_alter_table('customer') as batch_op:
        batch_op.alter_column('name', existing_type=sa.String(length=80), type_=sa.String(length=8), existing_nullable=False)


def downgrade() -> None:
    """Downgrade schema."""
    with op.batch_alter_table('customer') as batch_op:
        batch_op.alter_column('name', existing_type=sa.String(length=8), type_=sa.String(length=80), existing_nullable=False)
