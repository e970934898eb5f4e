"""Addresses of the pages of promises, room by room."""

from .allocation import urls as allocation
from .commitments import urls as commitments
from .decisions import urls as decisions
from .paths import urls as paths
from .signing import urls as signing
from .succession import urls as succession
from .tasks import urls as tasks
from .verification import urls as verification

app_name = "promises"

urlpatterns = [
    *decisions.urlpatterns,
    *paths.urlpatterns,
    *allocation.urlpatterns,
    *commitments.urlpatterns,
    *signing.urlpatterns,
    *verification.urlpatterns,
    *succession.urlpatterns,
    *tasks.urlpatterns,
]
