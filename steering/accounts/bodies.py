"""How the body of a request to the API is read."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class JSONBody(JSONParser):
    """A body as JSON. Brackets in brackets a thousand deep are refused as what they are."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except RecursionError:
            raise ParseError(
                _("The JSON is nested too deeply to be read. Send lists and objects as described.")
            ) from None
