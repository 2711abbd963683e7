"""Makes the peer's tables, a queue and a user with a token, and prints the token."""

import sys

import django
from django.core.management import call_command

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - there are no models before the set-up
from helpdesk.models import Queue  # noqa: E402
from rest_framework.authtoken.models import Token  # noqa: E402

call_command("migrate", verbosity=0)
user = User.objects.create_user("bench", is_staff=True)
queue = Queue.objects.create(title="Support", slug="support")
sys.stdout.write(f"{Token.objects.create(user=user).key} {queue.pk}\n")
