"""the brand may be unknown

Revision ID: 9d03cc32e503
Revises: 9d02bb21d4f2
Create Date: 2026-03-02 11:00:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '9d03cc32e503'
down_revision: Union[str, Sequence[str], None] = '9d02bb21d4f2'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.alter_column('bike', 'brand', existing_type=sa.String(length=40), nullable=True)


def downgrade() -> None:
    """Downgrade schema."""
    op.alter_column('bike', 'brand', existing_type=sa.String(length=40), nullable=False)
