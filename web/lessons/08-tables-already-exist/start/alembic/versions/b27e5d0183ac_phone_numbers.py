"""phone numbers

Revision ID: b27e5d0183ac
Revises: 8a90de41c6f2
Create Date: 2026-02-20 08:31:10.555801

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'b27e5d0183ac'
down_revision: Union[str, Sequence[str], None] = '8a90de41c6f2'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column('customer', sa.Column('phone', sa.String(length=30), nullable=True))


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_column('customer', 'phone')
