"""tidy up the brands

Revision ID: 71d3a6c8f0e5
Revises: e5f4720b9d18
Create Date: 2026-02-21 10:12:09.640172

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '71d3a6c8f0e5'
down_revision: Union[str, Sequence[str], None] = 'e5f4720b9d18'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.execute("UPDATE bike SET brand = trim(brand)")


def downgrade() -> None:
    """Downgrade schema."""
    pass  # spaces around a brand are of no use to anybody
