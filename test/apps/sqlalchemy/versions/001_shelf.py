import sqlalchemy as sa
from alembic import op

revision = "001"
down_revision = None


def upgrade():
    op.create_table(
        "authors",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("email", sa.String(100), nullable=False, unique=True),
        sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("rating", sa.Float),
        sa.Column("balance", sa.Numeric(12, 2), nullable=False, server_default="0"),
        sa.Column("born", sa.Date),
        sa.Column("joined", sa.DateTime, nullable=False),
        sa.Column("settings", sa.JSON),
        sa.Column("photo", sa.LargeBinary),
        sa.Column("token", sa.String(36)),
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("author_id", sa.ForeignKey("authors.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("status", sa.Enum("draft", "published", name="status"), nullable=False),
        sa.Column("views", sa.Integer, nullable=False, server_default="0"),
        sa.Column("big", sa.BigInteger),
    )
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), nullable=False, unique=True),
    )
    op.create_table(
        "post_tags",
        sa.Column("post_id", sa.ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("tag_id", sa.ForeignKey("tags.id"), primary_key=True),
    )


def downgrade():
    for table in ("post_tags", "tags", "posts", "authors"):
        op.drop_table(table)
