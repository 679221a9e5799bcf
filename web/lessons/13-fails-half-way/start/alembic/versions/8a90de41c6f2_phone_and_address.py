"""telephone, and an address of one's own

Revision ID: 8a90de41c6f2
Revises: 3c1f0a52b7d4
Create Date: 2026-01-19 16:40:31.774120

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '8a90de41c6f2'
down_revision: Union[str, Sequence[str], None] = '3c1f0a52b7d4'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column('customer', sa.Column('phone', sa.String(length=30), nullable=True))
    op.create_index('ix_customer_email', 'customer', ['email'], unique=True)


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_index('ix_customer_email', table_name='customer')
    op.drop_column('customer', 'phone')
