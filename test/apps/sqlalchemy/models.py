import os
from datetime import datetime

import sqlalchemy as sa
from serve_lines import is_postgres, sqlite_file
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base()

post_tags = sa.Table(
    "post_tags",
    Base.metadata,
    sa.Column("post_id", sa.ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("tags.id"), primary_key=True),
)


class Author(Base):
    __tablename__ = "authors"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(100), nullable=False)
    email = sa.Column(sa.String(100), nullable=False, unique=True)
    active = sa.Column(sa.Boolean, nullable=False, default=True)
    rating = sa.Column(sa.Float)
    balance = sa.Column(sa.Numeric(12, 2), nullable=False, default=0)
    born = sa.Column(sa.Date)
    joined = sa.Column(sa.DateTime, nullable=False, default=datetime.utcnow)
    settings = sa.Column(sa.JSON)
    photo = sa.Column(sa.LargeBinary)
    token = sa.Column(sa.String(36))


class Tag(Base):
    __tablename__ = "tags"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(50), nullable=False, unique=True)


class Post(Base):
    __tablename__ = "posts"
    id = sa.Column(sa.Integer, primary_key=True)
    author_id = sa.Column(sa.ForeignKey("authors.id", ondelete="CASCADE"), nullable=False, index=True)
    title = sa.Column(sa.String(100), nullable=False)
    status = sa.Column(sa.Enum("draft", "published", name="status"), nullable=False)
    views = sa.Column(sa.Integer, nullable=False, default=0)
    big = sa.Column(sa.BigInteger)
    author = relationship(Author)
    tags = relationship(Tag, secondary=post_tags, order_by=Tag.name)


def engine():
    if is_postgres():
        return sa.create_engine(os.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1))
    made = sa.create_engine(f"sqlite:///{sqlite_file()}", connect_args={"timeout": 5})
    sa.event.listen(made, "connect", lambda connection, _record: connection.execute("pragma foreign_keys = on"))
    return made
