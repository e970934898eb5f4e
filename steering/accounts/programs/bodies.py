"""How bodies of the API are read and written."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder


class JSONBody(JSONParser):
    """A body as JSON. Brackets in brackets a thousand deep are refused as what they are."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except RecursionError:
            raise ParseError(
                _("The JSON is nested too deeply to be read. Send lists and objects as described.")
            ) from None


class _TimesOfTheSite(JSONEncoder):
    def default(self, obj: Any) -> Any:
        if isinstance(obj, datetime) and timezone.is_aware(obj):
            obj = timezone.localtime(obj)
        return super().default(obj)


class JSONAnswer(JSONRenderer):
    """An answer as JSON. Times are of the site's zone and name it: 2025-12-03T20:46:00+07:00.

    A page and the script on it then say the same hour, wherever the reader's device believes to be.
    """

    encoder_class = _TimesOfTheSite
