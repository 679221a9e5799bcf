"""a customer for those who walk in

Revision ID: 9d1043a95c7a
Revises: 9d0932984b69
Create Date: 2026-03-04 12:00:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '9d1043a95c7a'
down_revision: Union[str, Sequence[str], None] = '9d0932984b69'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    from models import Customer

    op.execute(sa.insert(Customer).values(name='Walk-in', newsletter=False))


def downgrade() -> None:
    """Downgrade schema."""
    op.execute("DELETE FROM customer WHERE name = 'Walk-in'")
