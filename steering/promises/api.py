"""REST resources of promises, room by room."""

from .allocation import api as allocation
from .commitments import api as commitments
from .decisions import api as decisions
from .tasks import api as tasks

urlpatterns = [
    *decisions.urlpatterns,
    *allocation.urlpatterns,
    *commitments.urlpatterns,
    *tasks.urlpatterns,
]
