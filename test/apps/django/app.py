import json
import os
import socketserver
import sys
import threading
import urllib.error
import urllib.request
from datetime import timedelta
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()

from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.db.models import Sum
from django.test import Client
from serve_lines import iso, serve_lines
from shelf.models import Author, Post, Tag

if sys.argv[1] == "schema":
    call_command("makemigrations", "shelf")
    call_command("migrate")
    sys.exit(0)


class Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args):
        pass


server = Server(("127.0.0.1", 0), Quiet)
server.set_app(get_wsgi_application())
threading.Thread(target=server.serve_forever, daemon=True).start()


def post(path, values):
    """Over HTTP, as a client of the REST framework does."""
    url = f"http://127.0.0.1:{server.server_port}/api/{path}/"
    request = urllib.request.Request(url, json.dumps(values).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["id"]
    except urllib.error.HTTPError as error:
        raise RuntimeError(error.read().decode()[-2000:]) from error


def row(values):
    return {
        name: bytes.fromhex(value) if name == "photo" else value
        for name, value in values.items()
    }


def author(id):
    got = Author.objects.get(pk=id)
    assert got.patience == timedelta(days=1, microseconds=5), got.patience
    return {
        "id": got.pk,
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
    found = Author.objects.order_by("pk")
    if "active" in how:
        found = found.filter(active=how["active"])
    if "bornBefore" in how:
        found = found.filter(born__lt=how["bornBefore"])
    if "joinedAfter" in how:
        found = found.filter(joined__gt=how["joinedAfter"])
    offset = how.get("offset", 0)
    return list(found.values_list("pk", flat=True)[offset : offset + how.get("limit", 1000)])


def tag(post_id, name):
    made, _ = Tag.objects.get_or_create(name=name)
    Post.objects.get(pk=post_id).tags.add(made)


def failing_transaction(values):
    try:
        with transaction.atomic():
            Author.objects.create(**row(values))
            raise InterruptedError
    except InterruptedError:
        pass


def add_post(values):
    if not Author.objects.filter(pk=values["authorId"]).exists():
        # The serializer would notice: ask the database.
        with transaction.atomic():
            Post.objects.create(author_id=values.pop("authorId"), **values)
            connection.check_constraints()
    fields = {**values, "author": values["authorId"]}
    del fields["authorId"]
    return post("posts", fields)


def admin_works():
    """Logs in to the admin and looks at its pages: sessions, permissions and content types."""
    user, _ = User.objects.get_or_create(username="admin", defaults={"is_staff": True, "is_superuser": True})
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user)
    answer = client.get("/admin/")
    assert answer.status_code == 200, answer.status_code
    assert Permission.objects.filter(content_type=ContentType.objects.get_for_model(Author)).count() == 4
    return True


serve_lines(
    {
        "addAuthor": lambda values: Author.objects.create(**row(values)).pk,
        "author": author,
        "changeAuthor": lambda id, values: Author.objects.filter(pk=id).update(**row(values)) and None,
        "removeAuthor": lambda id: Author.objects.get(pk=id).delete() and None,
        "authors": authors,
        "addPost": add_post,
        "big": lambda id: str(Post.objects.get(pk=id).big),
        "posts": lambda id: [
            {"title": one.title, "author": one.author.name}
            for one in Post.objects.select_related("author").filter(author=id).order_by("pk")
        ],
        "views": lambda id: Post.objects.filter(author=id).aggregate(sum=Sum("views"))["sum"],
        "tag": tag,
        "tagsOf": lambda id: list(Tag.objects.filter(post=id).order_by("name").values_list("name", flat=True)),
        "failingTransaction": failing_transaction,
        "titles": lambda prefix: list(
            Post.objects.filter(title__startswith=prefix).values_list("title", flat=True)
        ),
        "adminWorks": admin_works,
    }
)
