"""frame numbers are unique

Revision ID: 9d04dd43f614
Revises: 9d03cc32e503
Create Date: 2026-03-03 09:00:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '9d04dd43f614'
down_revision: Union[str, Sequence[str], None] = '9d03cc32e503'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_index('ix_bike_frame_number', 'bike', ['frame_number'], unique=True)


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_index('ix_bike_frame_number', table_name='bike')
