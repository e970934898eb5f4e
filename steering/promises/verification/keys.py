"""The public keys of the chain, for whoever verifies an exported one. Open to anybody."""

from collections.abc import Iterable

from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commitments.chain.keys import as_pem, present_key, trusted_keys
from commitments.models import Link


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Which public keys signed the chains of this site, and since when: the present one first."""
    trusted, present = trusted_keys(), present_key()
    since = dict(Link.objects.values("key").annotate(first=Min("at")).values_list("key", "first"))
    rows = [
        {"name": name, "is_present": name == present, "since": since.get(name)}
        for name in _present_first(trusted, present)
    ]
    return render(request, "promises/keys.html", {"rows": rows})


@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """Every trusted public key, the present one first, as one PEM file."""
    trusted, present = trusted_keys(), present_key()
    if not trusted:
        raise Http404
    content = b"".join(as_pem(trusted[name]) for name in _present_first(trusted, present))
    return HttpResponse(
        content,
        content_type="application/x-pem-file",
        headers={"Content-Disposition": 'attachment; filename="public-key.pem"'},
    )


def _present_first(names: Iterable[str], present: str) -> list[str]:
    return sorted(names, key=lambda name: (name != present, name))
