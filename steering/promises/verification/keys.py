"""The public keys of the chain, for whoever verifies an exported one. Open to anybody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commitments.chain.keys import as_pem, present_key, trusted_keys


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Which public keys signed the chains of this site: the present one first."""
    trusted = trusted_keys()
    present = present_key()
    rows = sorted(trusted, key=lambda name: name != present)
    return render(
        request,
        "promises/keys.html",
        {"rows": [{"name": name, "is_present": name == present} for name in rows]},
    )


@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """Every trusted public key, the present one first, as one PEM file."""
    trusted, present = trusted_keys(), present_key()
    if not trusted:
        raise Http404
    content = b"".join(
        as_pem(trusted[name]) for name in sorted(trusted, key=lambda name: name != present)
    )
    return HttpResponse(
        content,
        content_type="application/x-pem-file",
        headers={"Content-Disposition": 'attachment; filename="public-key.pem"'},
    )
