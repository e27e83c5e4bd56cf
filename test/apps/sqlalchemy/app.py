import subprocess
import sys
from datetime import date, datetime

import sqlalchemy as sa
from models import Author, Post, Tag, engine
from serve_lines import iso, serve_lines
from sqlalchemy.orm import Session

if sys.argv[1] == "schema":
    subprocess.run(["alembic", "upgrade", "head"], check=True)
    sys.exit(0)

database = engine()


def moment(text):
    return datetime.fromisoformat(text.replace("Z", ""))


READ = {"born": date.fromisoformat, "joined": moment, "photo": bytes.fromhex}


def row(values):
    return {name: READ[name](value) if name in READ else value for name, value in values.items()}


def add(made):
    with Session(database) as session, session.begin():
        session.add(made)
        session.flush()
        return made.id


def author(id):
    with Session(database) as session:
        got = session.get(Author, id)
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
            "photo": None if got.photo is None else got.photo.hex(),
            "token": got.token,
        }


def change(id, values):
    with Session(database) as session, session.begin():
        for name, value in row(values).items():
            setattr(session.get(Author, id), name, value)


def remove(id):
    with Session(database) as session, session.begin():
        session.delete(session.get(Author, id))


def authors(how):
    query = sa.select(Author.id).order_by(Author.id).limit(how.get("limit", 1000)).offset(how.get("offset", 0))
    if "active" in how:
        query = query.where(Author.active == how["active"])
    if "bornBefore" in how:
        query = query.where(Author.born < date.fromisoformat(how["bornBefore"]))
    if "joinedAfter" in how:
        query = query.where(Author.joined > moment(how["joinedAfter"]))
    return scalars(query)


def scalars(query):
    with Session(database) as session:
        return list(session.scalars(query))


def posts(id):
    with Session(database) as session:
        found = session.scalars(sa.select(Post).join(Post.author).where(Author.id == id).order_by(Post.id))
        return [{"title": one.title, "author": one.author.name} for one in found]


def tag(post_id, name):
    with Session(database) as session, session.begin():
        made = session.scalars(sa.select(Tag).where(Tag.name == name)).first() or Tag(name=name)
        session.get(Post, post_id).tags.append(made)


def failing_transaction(values):
    try:
        with Session(database) as session, session.begin():
            session.add(Author(**row(values)))
            session.flush()
            raise InterruptedError
    except InterruptedError:
        pass


def add_post(values):
    return add(Post(author_id=values["authorId"], **{name: values[name] for name in values if name != "authorId"}))


serve_lines(
    {
        "addAuthor": lambda values: add(Author(**row(values))),
        "author": author,
        "changeAuthor": change,
        "removeAuthor": remove,
        "authors": authors,
        "addPost": add_post,
        "big": lambda id: str(scalars(sa.select(Post.big).where(Post.id == id))[0]),
        "posts": posts,
        "views": lambda id: scalars(sa.select(sa.func.sum(Post.views)).where(Post.author_id == id))[0],
        "tag": tag,
        "tagsOf": lambda id: scalars(
            sa.select(Tag.name).select_from(Post).join(Post.tags).where(Post.id == id).order_by(Tag.name)
        ),
        "failingTransaction": failing_transaction,
        "titles": lambda prefix: scalars(sa.select(Post.title).where(Post.title.startswith(prefix))),
    }
)
