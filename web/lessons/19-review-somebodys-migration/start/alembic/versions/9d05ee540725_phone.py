"""telephone becomes phone

Revision ID: 9d05ee540725
Revises: 9d04dd43f614
Create Date: 2026-03-03 10:00:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '9d05ee540725'
down_revision: Union[str, Sequence[str], None] = '9d04dd43f614'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column('customer', sa.Column('phone', sa.String(length=30), nullable=True))
    op.drop_column('customer', 'telephone')


def downgrade() -> None:
    """Downgrade schema."""
    op.add_column('customer', sa.Column('telephone', sa.String(length=30), nullable=True))
    op.drop_column('customer', 'phone')
