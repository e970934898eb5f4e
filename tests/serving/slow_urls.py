"""``/slow/`` is made when the file ``held`` is gone; ``/saving/`` answers at once."""

import time
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt


def slow(request: HttpRequest) -> HttpResponse:
    (settings.VAR_DIR / f"begun-{uuid4().hex}").touch()
    while (settings.VAR_DIR / "held").exists():
        time.sleep(0.02)
    return HttpResponse("made")


@csrf_exempt
def saving(request: HttpRequest) -> HttpResponse:
    return HttpResponse("saved")


urlpatterns = [path("slow/", slow), path("saving/", saving)]
