"""repairs

Revision ID: 9d0710762947
Revises: 9d06ff651836
Create Date: 2026-03-04 09:00:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '9d0710762947'
down_revision: Union[str, Sequence[str], None] = '9d06ff651836'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table('repair',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bike_id', sa.Integer(), nullable=False),
    sa.Column('done', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['bike_id'], ['bike.id'], name='fk_repair_bike_id_bike'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_repair_bike_id', 'repair', ['bike_id'])


def downgrade() -> None:
    """Downgrade schema."""
    pass
