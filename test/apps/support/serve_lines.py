"""The application's side of a conversation: one JSON object a line asks, one a line answers."""

import json
import os
import sys
from datetime import timezone


def serve_lines(operations):
    """Answers each line {"do": name, "with": [...]} by calling that operation, one after the other."""
    # What libraries print must not be taken for answers.
    answers, sys.stdout = sys.stdout, sys.stderr

    def say(answer):
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    say({"ready": True})
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            say({"value": operations[asked["do"]](*asked["with"])})
        except Exception as error:
            say({"error": messages_of(error)})


def messages_of(error):
    messages = []
    while error is not None:
        messages.append(f"{type(error).__name__}: {error}")
        error = error.__cause__ or error.__context__
    return " < ".join(messages)


def iso(value):
    """A timestamp as the harness compares it, to the millisecond; without a zone it is in UTC."""
    aware = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
    return aware.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_postgres():
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def sqlite_file():
    return os.environ["APP_SQLITE"]
