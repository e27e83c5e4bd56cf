import os
import sys
from datetime import datetime

import peewee as pw
from playhouse.db_url import connect
from playhouse.postgres_ext import BinaryJSONField
from playhouse.sqlite_ext import JSONField
from serve_lines import is_postgres, iso, serve_lines, sqlite_file

if is_postgres():
    database = connect(os.environ["DATABASE_URL"])
else:
    database = pw.SqliteDatabase(sqlite_file(), pragmas={"foreign_keys": 1}, timeout=5)
Json = BinaryJSONField if is_postgres() else JSONField


class Base(pw.Model):
    class Meta:
        database = database


class Author(Base):
    name = pw.CharField()
    email = pw.CharField(unique=True)
    active = pw.BooleanField(default=True)
    rating = pw.DoubleField(null=True)
    balance = pw.DecimalField(max_digits=12, decimal_places=2, default=0)
    born = pw.DateField(null=True)
    joined = pw.DateTimeField(default=datetime.utcnow)
    settings = Json(null=True)
    photo = pw.BlobField(null=True)
    token = pw.UUIDField(null=True)


class Tag(Base):
    name = pw.CharField(unique=True)


class Post(Base):
    author = pw.ForeignKeyField(Author, on_delete="CASCADE")
    title = pw.CharField()
    status = pw.CharField(constraints=[pw.Check("status in ('draft', 'published')")])
    views = pw.IntegerField(default=0)
    big = pw.BigIntegerField(null=True)


class PostTag(Base):
    post = pw.ForeignKeyField(Post, on_delete="CASCADE")
    tag = pw.ForeignKeyField(Tag)

    class Meta:
        primary_key = pw.CompositeKey("post", "tag")


if sys.argv[1] == "schema":
    database.create_tables([Author, Tag, Post, PostTag])
    sys.exit(0)


def moment(text):
    return datetime.fromisoformat(text.replace("Z", ""))


READ = {"joined": moment, "photo": bytes.fromhex}


def row(values):
    return {name: READ[name](value) if name in READ else value for name, value in values.items()}


def author(id):
    got = Author.get_by_id(id)
    return {
        "id": got.id,
        "name": got.name,
        "email": got.email,
        "active": got.active,
        "rating": got.rating,
        "balance": str(got.balance),
        "born": got.born and got.born.isoformat(),
        "joined": iso(got.joined),
        "settings": got.settings,
        "photo": None if got.photo is None else bytes(got.photo).hex(),
        "token": None if got.token is None else str(got.token),
    }


def authors(how):
    query = Author.select().order_by(Author.id).limit(how.get("limit", 1000)).offset(how.get("offset", 0))
    if "active" in how:
        query = query.where(Author.active == how["active"])
    if "bornBefore" in how:
        query = query.where(Author.born < how["bornBefore"])
    if "joinedAfter" in how:
        query = query.where(Author.joined > moment(how["joinedAfter"]))
    return [one.id for one in query]


def tag(post_id, name):
    made, _ = Tag.get_or_create(name=name)
    PostTag.insert(post=post_id, tag=made).on_conflict_ignore().execute()


def failing_transaction(values):
    try:
        with database.atomic():
            Author.create(**row(values))
            raise InterruptedError
    except InterruptedError:
        pass


def add_post(values):
    author_id = values.pop("authorId")
    return in_transaction(lambda: Post.create(author=author_id, **values).id)


def in_transaction(work):
    with database.atomic():
        return work()


serve_lines(
    {
        "addAuthor": lambda values: in_transaction(lambda: Author.create(**row(values)).id),
        "author": author,
        "changeAuthor": lambda id, values: Author.update(**row(values)).where(Author.id == id).execute() and None,
        "removeAuthor": lambda id: Author.get_by_id(id).delete_instance() and None,
        "authors": authors,
        "addPost": add_post,
        "big": lambda id: str(Post.get_by_id(id).big),
        "posts": lambda id: [
            {"title": one.title, "author": one.author.name}
            for one in Post.select(Post, Author).join(Author).where(Author.id == id).order_by(Post.id)
        ],
        "views": lambda id: Post.select(pw.fn.sum(Post.views)).where(Post.author == id).scalar(),
        "tag": tag,
        "tagsOf": lambda id: [
            one.name for one in Tag.select().join(PostTag).where(PostTag.post == id).order_by(Tag.name)
        ],
        "failingTransaction": failing_transaction,
        "titles": lambda prefix: [one.title for one in Post.select().where(Post.title.startswith(prefix))],
    }
)
